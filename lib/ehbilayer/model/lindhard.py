r"""Density response of a two-dimensional layer with the band hbar^2 k^2/2m: at T = 0 and T > 0, any frequency.

The sign convention is that of a positive static response, chi(q -> 0, 0) = dn/dmu:

.. math:: \chi(q, \omega) = \sum_k \frac{f_k - f_{k+q}}{\xi_{k+q} - \xi_k - \omega - i0},
   \qquad \mathrm{Im}\,\chi = \pi S(q, \omega), \quad
   S = \sum_k (f_k - f_{k+q})\,\delta(\omega + \xi_k - \xi_{k+q})

with energies omega. At T = 0 (Stern 1967), with :math:`h = q/2k_F`, :math:`z = \omega/\hbar q v_F` and
:math:`g(\nu) = \sqrt{\nu - 1}\sqrt{\nu + 1}`,

.. math:: \chi/N_0 = 1 - [g(z + h) - g(z - h)]/2h = -\frac{u(z + h) + u(z - h)}{g(z + h) + g(z - h)},
   \qquad u = \nu - g(\nu) = \frac{1}{\nu + g(\nu)},

the second form without cancellation where chi tends to :math:`-nq^2/m\omega^2`. At T > 0 both parts follow from one
function of one variable each (Maldague's form): with p = omega/(c q) -+ q/2 and c = hbar^2/m, S is a difference of
the Fermi integral of order -1/2 and Re chi a sum of ``p int_0^1 f(p^2 (1 - y^2)) dy``.
"""

import cmath
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.compilation import kernel
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.numerics.fermi_integral import fermi_table, fermi_value
from ehbilayer.numerics.quadrature import gauss_legendre

__all__ = [
    "Parabola",
    "Tables",
    "inverse_at_long_waves",
    "response",
    "spectral",
    "tables",
    "zero_temperature",
]

# Edges, in k_B T, of the panels of the real part: the Fermi step and its tails.
_STEP = np.array([-34.0, -8.0, 0.0, 8.0, 34.0])
_STEP_ORDER = 16
# Occupations differ from 0 or 1 by less than rounding beyond so many k_B T from the chemical potential.
_STEP_WIDTH = 36.0


class Parabola(NamedTuple):
    """Numbers of a parabolic layer that kernels take.

    Attributes
    ----------
    curvature : float
        hbar^2/m in meV nm^2.
    eta : float
        Chemical potential over k_B T.
    thermal_energy : float
        k_B T in meV.
    """

    curvature: float
    eta: float
    thermal_energy: float

    @classmethod
    def of(cls, layer: ParabolicLayer) -> "Parabola":
        """Those of a layer."""
        return cls(layer.curvature, layer.eta, layer.thermal_energy)


class Tables(NamedTuple):
    """Tables that the kernels of the response take along.

    Attributes
    ----------
    fermi : ndarray
        Of the Fermi integral.
    nodes, weights : ndarray
        Gauss-Legendre rule of a panel of the real part.
    """

    fermi: NDArray
    nodes: NDArray
    weights: NDArray


def tables() -> Tables:
    """Tables for `spectral_value` and `real_value`.

    Returns
    -------
    Tables

    Examples
    --------
    >>> tables().nodes.size
    16
    """
    return Tables(fermi_table(), *gauss_legendre(_STEP_ORDER))


@checked
def zero_temperature(
    q: ArrayLike, omega: ArrayLike, *, fermi_wave_number: float, curvature: float = 1.0
) -> NDArray[np.complex128]:
    """chi over the density of states at T = 0 and complex frequency, in any system of units.

    Parameters
    ----------
    q : array_like
        Wave numbers, greater than zero.
    omega : array_like of complex
        Energies, broadcast with `q`. Real ones are approached from above; in the lower half plane the function is
        continued through the particle-hole continuum.
    fermi_wave_number : float
        Of each of the equally filled species, greater than zero.
    curvature : float
        hbar^2/m, greater than zero.

    Returns
    -------
    ndarray of complex
        1 in the static limit of long waves; it keeps its digits at any frequency.

    Raises
    ------
    TypeError
        If an argument is not a number.
    ArgumentError
        If a value is not finite or not in its range.

    Examples
    --------
    >>> print(f"{zero_temperature(0.5, 0.0, fermi_wave_number=1.0):.3f}")
    1.000+0.000j
    >>> print(f"{zero_temperature(0.5, 5e7, fermi_wave_number=1.0).real:.9e}")
    -5.000000000e-17
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    k = validation.positive("fermi_wave_number", fermi_wave_number)
    c = validation.positive("curvature", curvature)
    omega = np.asarray(omega, dtype=complex)
    if not np.isfinite(omega).all():
        raise ArgumentError("omega", omega, "finite numbers")
    # The sum turns an imaginary part of -0 into one of 0: the upper side of the cut.
    half, scaled = np.broadcast_arrays(q / (2 * k), omega / (c * k * q) + 0j)
    return _stern_array(half.ravel(), scaled.ravel()).reshape(half.shape)


@checked
def inverse_at_long_waves(velocity: complex) -> complex:
    """Density of states over chi at T = 0 for q -> 0 and a given omega/q.

    Parameters
    ----------
    velocity : complex
        omega/(hbar q v_F), continued as in `zero_temperature`.

    Returns
    -------
    complex
        Zero at the edge of the continuum, where chi diverges.

    Examples
    --------
    >>> [abs(inverse_at_long_waves(velocity)) for velocity in (0.0, 1.0)]
    [1.0, 0.0]
    """
    root = _root(complex(velocity) + 0j)
    return -root * (root + velocity)


@checked
def spectral(layer: ParabolicLayer, q: ArrayLike, omega: ArrayLike) -> NDArray:
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
    TypeError
        If a value is not a real number.
    ArgumentError
        If a value is not finite or a wave number not greater than zero.

    Examples
    --------
    >>> layer = ParabolicLayer(mass=0.2, E_F=10, T=10)
    >>> print(f"{spectral(layer, 0.05, 1.0):.4e}")
    3.1877e-05
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    omega = np.asarray(validation.reals("omega", omega))
    q, omega = np.broadcast_arrays(q, omega)
    return _spectral_array(Parabola.of(layer), q.ravel(), omega.ravel(), tables()).reshape(q.shape)[()]


@checked
def response(layer: ParabolicLayer, q: ArrayLike, omega: ArrayLike = 0.0) -> NDArray[np.complex128]:
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
        In 1/(meV nm^2); the real part keeps its digits at any frequency.

    Raises
    ------
    TypeError
        If a value is not a real number.
    ArgumentError
        If a value is not finite or a wave number not greater than zero.

    Examples
    --------
    >>> layer = ParabolicLayer(mass=0.2, E_F=10, T=10)
    >>> bool(abs(response(layer, 1e-4) / layer.compressibility - 1) < 1e-6)
    True
    """
    imaginary = math.pi * spectral(layer, q, omega)
    q, omega = np.broadcast_arrays(np.asarray(q, dtype=float), np.asarray(omega, dtype=float))
    real = _real_array(Parabola.of(layer), q.ravel(), omega.ravel(), tables()).reshape(q.shape)
    return real + 1j * imaginary


@kernel(error_model="numpy")
def imaginary_axis(half, scaled):
    """`zero_temperature` at imaginary frequency, where it is real and positive; a kernel.

    Parameters
    ----------
    half : float
        q/2k_F.
    scaled : float
        ``|omega|``/(hbar q v_F).

    Returns
    -------
    float
    """
    # With g(h + i b) = x + i y: (1 + x/h)/|h + i b + g|^2, and x/h = b/y. Every term is positive.
    h, b = half, scaled
    difference, total = h * h - b * b - 1.0, h * h + b * b - 1.0
    modulus = math.sqrt(total * total + 4.0 * b * b)
    if difference > 0.0:
        x = math.sqrt(0.5 * (modulus + difference))
        y, ratio = h * b / x, x / h
    else:
        y = math.sqrt(0.5 * (modulus - difference))
        x, ratio = (h * b / y, b / y) if y > 0.0 else (0.0, 0.0)
    return (1.0 + ratio) / ((x + h) * (x + h) + (y + b) * (y + b))


@kernel(error_model="numpy")
def spectral_value(layer, q, omega, tables):
    """`spectral` at one point, a kernel.

    Parameters
    ----------
    layer : Parabola
    q, omega : float
    tables : Tables

    Returns
    -------
    float
    """
    c, T = layer.curvature, layer.thermal_energy
    low, high = omega / (c * q) - 0.5 * q, omega / (c * q) + 0.5 * q
    scale = c / (2.0 * T)
    below = fermi_value(layer.eta - scale * low * low, tables.fermi)
    above = fermi_value(layer.eta - scale * high * high, tables.fermi)
    return (below - above) / (math.sqrt(scale) * 4.0 * math.pi * math.pi * c * q)


@kernel(error_model="numpy")
def real_value(layer, q, omega, tables):
    """Real part of `response` at one point, a kernel.

    Parameters
    ----------
    layer : Parabola
    q, omega : float
    tables : Tables

    Returns
    -------
    float
    """
    c, eta = layer.curvature, layer.eta
    scale = math.sqrt(c / (2.0 * layer.thermal_energy))
    centre = abs(omega) / (c * q)
    low, high = scale * (0.5 * q - centre), scale * (0.5 * q + centre)
    if low < 0.0 and low * low > 2.0 * (eta + _STEP_WIDTH):
        # Far above the continuum the two terms nearly cancel: their difference is taken inside the integral.
        total = -scale * scale * q * centre * _far(low * low, high * high, eta, tables)
    else:
        total = _chord(low, eta, tables) + _chord(high, eta, tables)
    return total / (2.0 * math.pi * c * scale * q)


@kernel(error_model="numpy")
def _root(nu):
    # The branch that is analytic in the upper half plane, continued downwards through -1 < nu < 1.
    if nu.imag < 0.0 and abs(nu.real) < 1.0:
        return 1j * cmath.sqrt(1.0 - nu) * cmath.sqrt(1.0 + nu)
    return cmath.sqrt(nu - 1.0) * cmath.sqrt(nu + 1.0)


@kernel(error_model="numpy")
def _remainder(nu, root):
    """nu - root of root^2 = nu^2 - 1."""
    total = nu + root
    return 1.0 / total if abs(total) >= 1.0 else nu - root


@kernel(error_model="numpy")
def _stern(half, scaled):
    high, low = scaled + half, scaled - half
    above, below = _root(high), _root(low)
    u, v = _remainder(high, above), _remainder(low, below)
    # (above^2 - below^2)/(4 half) = scaled: the quotient of the larger numbers does not cancel.
    if abs(above + below) > abs(above - below):
        return -(u + v) / (above + below)
    return (u - v) / (2.0 * half)


@kernel(error_model="numpy")
def _chord(z, eta, tables):
    """z int_0^1 dy/(1 + exp(z^2 (1 - y^2) - eta)), with panels at the Fermi step."""
    square = z * z
    # f = 1 to rounding on the whole range.
    if square - eta < -_STEP_WIDTH:
        return z
    total, low = 0.0, 0.0
    for edge in range(_STEP.size):
        # y grows as the energy z^2 (1 - y^2) falls: go from the upper edge downwards.
        inside = 1.0 - (eta + _STEP[_STEP.size - 1 - edge]) / square
        high = math.sqrt(min(max(inside, 0.0), 1.0))
        total += _chord_panel(square, eta, low, high, tables)
        low = max(low, high)
    return z * (total + _chord_panel(square, eta, low, 1.0, tables))


@kernel(error_model="numpy")
def _chord_panel(square, eta, low, high, tables):
    if high <= low:
        return 0.0
    middle, half, total = 0.5 * (high + low), 0.5 * (high - low), 0.0
    for i in range(tables.nodes.size):
        y = middle + half * tables.nodes[i]
        total += tables.weights[i] / (1.0 + math.exp(min(square * (1.0 - y * y) - eta, 700.0)))
    return half * total


@kernel(error_model="numpy")
def _far(low, high, eta, tables):
    """int_0^inf dt f(t) [(low - t)^(-1/2) - (high - t)^(-1/2)]/(high - low) for low and high beyond all occupations."""
    total, start = 0.0, 0.0
    for edge in range(_STEP.size):
        end = max(eta + _STEP[edge], 0.0)
        middle, half = 0.5 * (end + start), 0.5 * (end - start)
        for i in range(tables.nodes.size):
            t = middle + half * tables.nodes[i]
            a, b = math.sqrt(low - t), math.sqrt(high - t)
            total += half * tables.weights[i] / ((1.0 + math.exp(t - eta)) * a * b * (a + b))
        start = end
    return total


@kernel
def _stern_array(half, scaled):
    out = np.empty_like(scaled)
    for i in range(half.size):
        out[i] = _stern(half[i], scaled[i])
    return out


@kernel
def _spectral_array(layer, q, omega, tables):
    out = np.empty(q.size)
    for i in range(q.size):
        out[i] = spectral_value(layer, q[i], omega[i], tables)
    return out


@kernel
def _real_array(layer, q, omega, tables):
    out = np.empty(q.size)
    for i in range(q.size):
        out[i] = real_value(layer, q[i], omega[i], tables)
    return out
