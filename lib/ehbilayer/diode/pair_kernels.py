r"""Closed Matsubara sums of one pair of momenta, and the energies that enter them (paper B, Eq. 9).

With half sum and half difference of the energies, xi = (xi_e + xi_h)/2 and delta = (xi_e - xi_h)/2,

.. math:: K = \frac{1 - f(\xi_e) - f(\xi_h)}{2\xi}, \qquad G = -\frac{1}{2\xi}\frac{\partial K}{\partial\xi} .

They are even in xi and delta. With the quasiparticle energy E = sqrt(xi^2 + Delta^2) in place of xi they are the same
sums in the condensate. `pair_sums` and `half_energies` are compiled, for use inside other kernels.
"""

import math

import numpy as np

from ehbilayer import validation
from ehbilayer.compilation import kernel


def pair_kernels(xi, delta, T=1.0):
    """Closed-form Matsubara sums of one momentum, stable for all arguments.

    Parameters
    ----------
    xi, delta : float or array_like
        Half sum and half difference of electron and hole energies; they broadcast.
    T : float
        Temperature, greater than zero.

    Returns
    -------
    K, G : ndarray
        Summands of the pair susceptibility and of beta (paper B, Eq. 9).

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    At xi = delta = 0 they are 1/4T and 1/48 T^3:

    >>> [round(float(x), 6) for x in pair_kernels(0.0, 0.0)]
    [0.25, 0.020833]
    """
    xi, delta = np.broadcast_arrays(validation.reals("xi", xi), validation.reals("delta", delta))
    T = validation.positive("T", T)
    K, G = np.empty(xi.size), np.empty(xi.size)
    _fill(xi.astype(float).ravel(), delta.astype(float).ravel(), T, K, G)
    return K.reshape(xi.shape), G.reshape(xi.shape)


@kernel(inline="always")
def pair_sums(xi, delta, T):
    """K and G of one momentum."""
    s = abs(xi) / T
    d = abs(delta) / T
    if s - d > 40.0:
        return 0.5 / (s * T), 0.25 / (s * s * s * T * T * T)
    if s < 0.15:  # the closed forms cancel here; their series in xi are as good as those at this s, to 1e-13
        e = math.exp(-d)
        w = e / ((1.0 + e) * (1.0 + e))
        h3 = w * (1.0 - 6.0 * w)
        h5 = w * (1.0 - w * (30.0 - 120.0 * w))
        h7 = w * (1.0 - w * (126.0 - w * (1680.0 - 5040.0 * w)))
        h9 = w * (1.0 - w * (510.0 - w * (17640.0 - w * (151200.0 - 362880.0 * w))))
        h11 = w * (1.0 - w * (2046.0 - w * (168960.0 - w * (3160080.0 - w * (19958400.0 - 39916800.0 * w)))))
        z = s * s
        K = w + z * (h3 / 6.0 + z * (h5 / 120.0 + z * (h7 / 5040.0 + z * h9 / 362880.0)))
        G = -(h3 / 6.0 + z * (h5 / 60.0 + z * (h7 / 1680.0 + z * (h9 / 90720.0 + z * h11 / 7983360.0))))
        return K / T, G / (T * T * T)
    plus = math.exp(-(s + d))
    minus = math.exp(-abs(s - d))
    f_plus, f_minus = 1.0 / (1.0 + plus), 1.0 / (1.0 + minus)
    # R = 1 - f(xi_e) - f(xi_h) without cancellation on either side of s = d.
    difference = 1.0 - math.exp(-2.0 * s) if s >= d else minus - plus
    R = difference * f_plus * f_minus
    slope = plus * f_plus * f_plus + minus * f_minus * f_minus
    return 0.5 * R / (s * T), 0.25 * (R - s * slope) / (s * s * s * T * T * T)


@kernel(inline="always")
def half_energies(p, cosine, sine, q_x, q_y, lam_e, lam_h, B, J, mu_e, mu_h):
    """xi and delta of an electron at p + q and a hole at -p, and the square roots of their dispersions."""
    p_x, p_y = p * cosine, p * sine
    k_x, k_y = p_x + q_x, p_y + q_y
    k2, p2, zeeman = k_x * k_x + k_y * k_y, p * p, B * B + J * J
    root_e = math.sqrt(max(lam_e * (lam_e * k2 + 2.0 * B * k_x) + zeeman, 0.0))
    root_h = math.sqrt(max(lam_h * (lam_h * p2 - 2.0 * B * p_x) + zeeman, 0.0))
    xi_e, xi_h = 0.5 * k2 - mu_e - root_e, 0.5 * p2 - mu_h - root_h
    return 0.5 * (xi_e + xi_h), 0.5 * (xi_e - xi_h), root_e, root_h


@kernel
def _fill(xi, delta, T, K, G):
    for i in range(xi.size):
        K[i], G[i] = pair_sums(xi[i], delta[i], T)


__all__ = ["pair_kernels"]
