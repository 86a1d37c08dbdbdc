r"""Closed Matsubara sums of one pair of momenta, and the energies that enter them (paper B, Eq. 9).

With half sum and half difference of the energies, xi = (xi_e + xi_h)/2 and delta = (xi_e - xi_h)/2,

.. math:: K = \frac{1 - f(\xi_e) - f(\xi_h)}{2\xi}, \qquad G = -\frac{1}{2\xi}\frac{\partial K}{\partial\xi} .

They are even in xi and delta. With the quasiparticle energy E = sqrt(xi^2 + Delta^2) in place of xi they are the same
sums in the condensate. `pair_sums`, `pair_slope` and `half_energies` are compiled, for use inside other kernels.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.model.rashba import energy
from ehbilayer.numerics.exponential import exponentials

#: Momenta whose exponentials are taken together: few enough to stay next to the processor.
CHUNK = 256
#: Option of kernels whose sums may be taken in any order, so that several terms are added at once.
REORDERED = {"reassoc", "nsz"}

# Exponents below it count as it: products of two such exponentials still have all their digits, and processors take ten
# times as long where they have not.
_LOWEST = -340.0
# Below this |xi|/T the closed forms are replaced by their series.
_SERIES = 0.15


class PairBands(NamedTuple):
    """Both bands of a pair, as kernels take them: see `ehbilayer.diode.bands.Bands`."""

    lam_e: float
    lam_h: float
    B: float
    J: float
    mu_e: float
    mu_h: float
    curvature_e: float
    curvature_h: float


def pair_kernels(xi: ArrayLike, delta: ArrayLike, T: float = 1.0) -> tuple[NDArray, NDArray]:
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
    TypeError, ArgumentError
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
    fill_pair_sums(xi.astype(float).ravel(), delta.astype(float).ravel(), T, np.empty((2, xi.size)), K, G)
    return K.reshape(xi.shape), G.reshape(xi.shape)


@kernel(inline="always")
def pair_sums(xi: float, delta: float, T: float) -> tuple[float, float]:
    """K and G of one momentum, inside other kernels: see `pair_kernels`."""
    s = abs(xi) / T
    d = abs(delta) / T
    if s - d > 40.0:
        return 0.5 / (s * T), 0.25 / (s * s * s * T * T * T)
    if s < _SERIES:  # the closed forms cancel here; their series in xi are as good as those at this s, to 1e-13
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


@kernel(error_model="numpy")
def fill_pair_sums(xi: NDArray, delta: NDArray, T: float, work: NDArray, K: NDArray, G: NDArray) -> None:
    """K and G of several momenta, inside other kernels: `pair_sums` with exponentials that are taken together.

    Parameters
    ----------
    xi, delta : ndarray, shape (n,)
    T : float
    work : ndarray, shape (2, m)
        Scratch, with m >= n; holds the exponentials of -(s + d) and of -abs(s - d) afterwards, for the sizes s and d of
        xi/T and delta/T.
    K, G : ndarray, shape (n,)
        Filled.
    """
    n, inverse = xi.size, 1.0 / T
    plus, minus = work[0, :n], work[1, :n]
    for i in range(n):
        s, d = abs(xi[i]) * inverse, abs(delta[i]) * inverse
        plus[i], minus[i] = max(-(s + d), _LOWEST), max(-abs(s - d), _LOWEST)
    exponentials(plus)
    exponentials(minus)
    for i in range(n):
        s, d = abs(xi[i]) * inverse, abs(delta[i]) * inverse
        a, b = 1.0 + plus[i], 1.0 + minus[i]
        # One division, which takes as long as the exponentials do, for 1/s and both Fermi functions.
        one = 1.0 / (a * b * s)
        both = one * s
        R = (1.0 - plus[i] * minus[i] if s >= d else minus[i] - plus[i]) * both
        slope = (plus[i] * b * b + minus[i] * a * a) * both * both
        half = 0.5 * inverse * a * b * one
        K[i] = R * half
        G[i] = 2.0 * (R - s * slope) * half * half * half
    for i in range(n):
        if abs(xi[i]) * inverse < _SERIES:
            K[i], G[i] = pair_sums(xi[i], delta[i], T)


@kernel(inline="always")
def pair_slope(xi: float, delta: float, T: float) -> float:
    """Derivative of K with respect to delta, inside other kernels."""
    s, d = abs(xi) / T, delta / T
    far, near = math.exp(-abs(s + d)), math.exp(-abs(s - d))
    # Minus the derivatives of the Fermi functions of both layers.
    g_far, g_near = far / (1.0 + far) ** 2, near / (1.0 + near) ** 2
    if s < 0.005:
        e = math.exp(-abs(d))
        g = e / (1.0 + e) ** 2
        return -math.tanh(0.5 * d) * g * (1.0 + s * s * (1.0 - 12.0 * g) / 6.0) / (T * T)
    return 0.5 * (g_far - g_near) / (s * T * T)


@kernel(inline="always")
def half_energies(p_x: float, p_y: float, q_x: float, q_y: float, bands: PairBands) -> tuple[float, float]:
    """xi and delta of an electron at p + q and a hole at -p."""
    xi_e = energy(p_x + q_x, p_y + q_y, bands.curvature_e, bands.lam_e, bands.B, bands.J) - bands.mu_e
    xi_h = energy(-p_x, -p_y, bands.curvature_h, bands.lam_h, bands.B, bands.J) - bands.mu_h
    return 0.5 * (xi_e + xi_h), 0.5 * (xi_e - xi_h)


@kernel(error_model="numpy")
def fill_half_energies(
    p_x: NDArray, p_y: NDArray, q_x: float, q_y: float, bands: PairBands, xi: NDArray, delta: NDArray
) -> None:
    """`half_energies` of several momenta.

    Parameters
    ----------
    p_x, p_y : ndarray, shape (n,)
    q_x, q_y : float
    bands : PairBands
    xi, delta : ndarray, shape (n,)
        Filled.
    """
    for i in range(p_x.size):
        xi[i], delta[i] = half_energies(p_x[i], p_y[i], q_x, q_y, bands)


@kernel(error_model="numpy")
def fill_occupations(E: NDArray, delta: NDArray, T: float, far: NDArray, near: NDArray) -> None:
    """Fermi functions of E + abs(delta) and E - abs(delta) of several momenta, inside other kernels.

    Parameters
    ----------
    E, delta : ndarray, shape (n,)
    T : float
    far, near : ndarray, shape (n,)
        Filled.
    """
    inverse = 1.0 / T
    for i in range(E.size):
        d = abs(delta[i])
        far[i], near[i] = max(-(E[i] + d) * inverse, _LOWEST), max(-abs(E[i] - d) * inverse, _LOWEST)
    exponentials(far)
    exponentials(near)
    for i in range(E.size):
        a, b = 1.0 + far[i], 1.0 + near[i]
        one = 1.0 / (a * b)
        far[i] *= b * one
        near[i] = (near[i] if abs(delta[i]) < E[i] else 1.0) * (a * one)


@kernel(inline="always")
def pair_energy(xi: float, E: float, x: float, delta: float, T: float, far: float, near: float) -> float:
    """T ln[2 cosh(E/T) + 2 cosh(delta/T)] - xi at Delta^2 = x, from what `fill_occupations` gives."""
    d = abs(delta)
    energy = x / (E + xi) if xi > 0.0 else E - xi
    if E - d < 40.0 * T:
        # A factor 1 - f is the inverse of 1 + exp(-E/T).
        lower = 1.0 - near if d < E else near
        energy += max(d - E, 0.0) - T * math.log((1.0 - far) * lower)
    return energy


@kernel(inline="always")
def layer_occupations(xi: float, E: float, x: float, f_plus: float, f_minus: float) -> tuple[float, float]:
    """Occupations of the electron and hole states from those of the quasiparticles, at Delta^2 = x."""
    ratio = xi / E if E > 0.0 else 0.0
    # 1 - xi/E without cancellation far above the Fermi level.
    coherence = x / (E * (E + xi)) if xi > 0.0 else 1.0 - ratio
    common = coherence + ratio * (f_plus + f_minus)
    return 0.5 * (common - f_minus + f_plus), 0.5 * (common + f_minus - f_plus)
