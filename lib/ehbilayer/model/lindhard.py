r"""Density response of a two-dimensional layer at finite temperature, in meV and nm.

The sign convention is that of a positive static response, chi(q -> 0, 0) = dn/dmu:

.. math:: \chi(q, \omega) = \sum_k \frac{f_k - f_{k+q}}{\xi_{k+q} - \xi_k - \omega - i0},
   \qquad \mathrm{Im}\,\chi = \pi S(q, \omega), \quad
   S = \sum_k (f_k - f_{k+q})\,\delta(\omega + \xi_k - \xi_{k+q})

with energies omega in meV. For a parabolic band both parts follow from one function of one variable each
(Maldague's form): with p = omega/(c q) -+ q/2 and c = hbar^2/m, S is a difference of the Fermi integral
of order -1/2 and Re chi a sum of ``p int_0^1 f(p^2 (1 - y^2)) dy``.
"""

import math
from functools import lru_cache

import numpy as np

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.numerics.quadrature import gauss_legendre

# Chebyshev panels of width one for the Fermi integral; outside, exp(eta) and Sommerfeld's series are exact to rounding.
_LOW, _HIGH, _DEGREE = -36, 64, 13
_SOMMERFELD = (math.pi**2 / 6, 7 * math.pi**4 / 360, 31 * math.pi**6 / 15120, 127 * math.pi**8 / 604800)
# Edges, in k_B T, of the panels of the real part: the Fermi step and its tails.
_STEP = np.array([-34.0, -8.0, 0.0, 8.0, 34.0])
_STEP_ORDER = 16


def fermi_integral(eta):
    r"""Complete Fermi integral of order -1/2 as :math:`\int_{-\infty}^{\infty} dx/(1 + e^{x^2 - \eta})`.

    Parameters
    ----------
    eta : float or array_like
        Finite numbers.

    Returns
    -------
    float or ndarray
        Accurate to about 1e-14.

    Raises
    ------
    TypeError, ValueError
        If a value is not a finite real number.

    Examples
    --------
    >>> print(f"{fermi_integral(0.0):.12f}")
    1.072154929940
    """
    eta = validation.reals("eta", eta)
    values = _fermi_array(np.atleast_1d(np.asarray(eta, dtype=float)).reshape(-1), fermi_table())
    return float(values[0]) if np.ndim(eta) == 0 else values.reshape(np.shape(eta))


def spectral(layer, q, omega):
    """S(q, omega) of a parabolic layer; Im chi is pi times it.

    Parameters
    ----------
    layer : ParabolicLayer
    q : array_like
        Wave numbers in nm^-1, greater than zero.
    omega : array_like
        Energies in meV, of either sign; broadcast with `q`.

    Returns
    -------
    ndarray
        In 1/(meV nm^2).

    Raises
    ------
    TypeError, ValueError
        If a value is not finite or a wave number not greater than zero.

    Examples
    --------
    >>> from ehbilayer.drag.layers import ParabolicLayer
    >>> layer = ParabolicLayer(mass=0.2, E_F=10, T=10)
    >>> print(f"{spectral(layer, 0.05, 1.0):.4e}")
    3.1877e-05
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    omega = np.asarray(validation.reals("omega", omega))
    q, omega = np.broadcast_arrays(q, omega)
    c, T = layer.curvature, layer.thermal_energy
    centre = omega / (c * q)
    low, high = (fermi_integral(layer.eta - c * (centre + sign * q / 2) ** 2 / (2 * T)) for sign in (-1, 1))
    return (low - high) * math.sqrt(2 * T / c) / (4 * math.pi**2 * c * q)


def response(layer, q, omega=0.0):
    """Complex chi(q, omega + i0) of a parabolic layer.

    Parameters
    ----------
    layer : ParabolicLayer
    q : array_like
        Wave numbers in nm^-1, greater than zero.
    omega : array_like
        Energies in meV, of either sign; broadcast with `q`.

    Returns
    -------
    ndarray of complex
        In 1/(meV nm^2).

    Raises
    ------
    TypeError, ValueError
        If a value is not finite or a wave number not greater than zero.

    Examples
    --------
    >>> from ehbilayer.drag.layers import ParabolicLayer
    >>> layer = ParabolicLayer(mass=0.2, E_F=10, T=10)
    >>> bool(abs(response(layer, 1e-4) / layer.compressibility - 1) < 1e-6)
    True
    """
    imaginary = math.pi * spectral(layer, q, omega)
    q, omega = np.broadcast_arrays(np.asarray(q, dtype=float), np.asarray(omega, dtype=float))
    c, T = layer.curvature, layer.thermal_energy
    scale = math.sqrt(c / (2 * T))
    nodes, weights = gauss_legendre(_STEP_ORDER)
    centre = omega / (c * q)
    real = sum(
        _chord_array(
            np.ascontiguousarray(scale * (q / 2 + sign * centre)).reshape(-1), layer.eta, nodes, weights
        ).reshape(q.shape)
        for sign in (-1, 1)
    )
    return layer.density_of_states / (scale * q) * real + 1j * imaginary


@lru_cache(maxsize=1)
def fermi_table():
    """Chebyshev coefficients of the Fermi integral on unit panels, shape (panels, degree + 1)."""
    nodes = np.cos(np.pi * (np.arange(_DEGREE + 1) + 0.5) / (_DEGREE + 1))
    eta = np.arange(_LOW, _HIGH)[:, None] + 0.5 + 0.5 * nodes
    # The trapezoidal rule converges as exp(-2 pi Im x/h), Im x = Im sqrt(eta + i pi) > 0.19 here.
    h = 0.035
    x = h * np.arange(0, int(10.5 / h))
    weights = np.where(x == 0, h, 2 * h)
    values = np.array([[weights @ np.exp(-np.logaddexp(0.0, x**2 - e)) for e in row] for row in eta])
    degree = np.arange(_DEGREE + 1)
    projection = np.cos(np.arccos(nodes)[:, None] * degree) * np.where(degree == 0, 1.0, 2.0) / (_DEGREE + 1)
    table = values @ projection
    table.setflags(write=False)
    return table


@kernel(error_model="numpy")
def fermi_value(eta, table):
    """Fermi integral at one point from `fermi_table`."""
    if eta < _LOW:
        return math.sqrt(math.pi) * math.exp(eta)
    if eta >= _HIGH:
        total, term, power = 1.0, 1.0, 0.5
        for n in range(4):
            term *= power * (power - 1.0) / (eta * eta)
            power -= 2.0
            total += _SOMMERFELD[n] * term
        return 2.0 * math.sqrt(eta) * total
    panel = int(math.floor(eta)) - _LOW
    t = 2.0 * (eta - _LOW - panel) - 1.0
    above, here = 0.0, 0.0
    for n in range(table.shape[1] - 1, 0, -1):
        above, here = here, 2.0 * t * here - above + table[panel, n]
    return t * here - above + table[panel, 0]


@kernel(error_model="numpy")
def chord(z, eta, nodes, weights):
    """z int_0^1 dy/(1 + exp(z^2 (1 - y^2) - eta)), with panels at the Fermi step."""
    square = z * z
    # f = 1 to rounding on the whole range.
    if square - eta < -36.0:
        return z
    total, low = 0.0, 0.0
    for edge in range(_STEP.size):
        # y grows as the energy z^2 (1 - y^2) falls: go from the upper edge downwards.
        inside = 1.0 - (eta + _STEP[_STEP.size - 1 - edge]) / square
        high = math.sqrt(min(max(inside, 0.0), 1.0))
        total += _chord_panel(square, eta, low, high, nodes, weights)
        low = max(low, high)
    return z * (total + _chord_panel(square, eta, low, 1.0, nodes, weights))


@kernel(error_model="numpy")
def _chord_panel(square, eta, low, high, nodes, weights):
    if high <= low:
        return 0.0
    middle, half, total = 0.5 * (high + low), 0.5 * (high - low), 0.0
    for i in range(nodes.size):
        y = middle + half * nodes[i]
        total += weights[i] / (1.0 + math.exp(min(square * (1.0 - y * y) - eta, 700.0)))
    return half * total


@kernel
def _fermi_array(eta, table):
    out = np.empty_like(eta)
    for i in range(eta.size):
        out[i] = fermi_value(eta[i], table)
    return out


@kernel
def _chord_array(z, eta, nodes, weights):
    out = np.empty_like(z)
    for i in range(z.size):
        out[i] = chord(z[i], eta, nodes, weights)
    return out
