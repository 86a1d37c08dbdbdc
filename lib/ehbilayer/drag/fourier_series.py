r"""Sums over the Rashba electrons, sorted by the energy that a collision transfers, as Fourier series.

.. math:: E_m(\omega) = \sum_k X_m(k)\,\delta(\omega - \xi_k + \xi_{k-q})

on an interval of length L has coefficients that are trapezoidal sums of X exp(-2 pi i n omega_k/L), which converge
exponentially at T > 0. The same series of X = f_{k-q} - f_k gives Im chi, and with i sign(n) in each term Re chi; the
periodic images that enter there are taken off with the moments of X.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.holes_table import CUT
from ehbilayer.drag.occupations import occupations
from ehbilayer.drag.rashba_layer import RashbaLayer, evaluate, overlap

COUNT = 9
"""Quantities X_m: 1, w - w', w w'(f - f'), w, w', w f, w' f', the second-order shift, each times G_1; and f' - f."""
LOSS = 8
"""Index of the last of them, whose sum is Im chi/pi."""

_MOMENTS = 8
# 2 zeta(2k): expansion of pi cot(pi z) about its pole.
_IMAGES = (math.pi**2 / 3, math.pi**4 / 45, 2 * math.pi**6 / 945, math.pi**8 / 4725)


class Series(NamedTuple):
    """Fourier series of the sums at one vector q.

    Attributes
    ----------
    coefficients : ndarray of complex, shape (harmonics, COUNT)
    moments : ndarray, shape (8,)
        Of f' - f, in powers of omega/length.
    length, widest : float
        Of the interval, and the largest ``|omega|`` of a transition, in meV.
    """

    coefficients: NDArray
    moments: NDArray
    length: float
    widest: float


def response(
    electrons: RashbaLayer, q: float, phi: float, omega: ArrayLike, *, spacing: float | None = None
) -> NDArray[np.complex128]:
    """chi(q, omega + i0) of a Rashba layer.

    Parameters
    ----------
    electrons : RashbaLayer
    q, phi : float
        Length in nm^-1 and direction of the wave vector.
    omega : array_like
        Energies in meV, within the range of the transitions.
    spacing : float, optional
        Of the grid in nm^-1; by default half of what just resolves T.

    Returns
    -------
    ndarray of complex
        In 1/(meV nm^2).

    Examples
    --------
    >>> from ehbilayer.model import layers, lindhard
    >>> flat = RashbaLayer(0.2, 10, 20, lam=0.0, J=1.0, B=0.0)
    >>> ours = response(flat, 0.1, 0.3, np.array([3.0]))[0]
    >>> exact = lindhard.response(layers.ParabolicLayer(0.2, 10, 20), 0.1, 3.0)
    >>> bool(abs(ours - exact) < 1e-5 * abs(exact))
    True
    """
    spacing = 0.5 * electrons.spacing() if spacing is None else spacing
    omega = np.atleast_1d(np.asarray(omega, dtype=float))
    series = make_series(
        electrons.band, electrons.thermal_energy, q, phi, spacing, electrons.reach(CUT), False, (0.0, 0.0)
    )
    out = np.empty(omega.size, dtype=complex)
    values = np.empty(COUNT)
    for i, w in enumerate(omega):
        real = series_value(series, w, values)
        out[i] = complex(real, math.pi * values[LOSS])
    return out


@kernel(error_model="numpy")
def make_series(band, T, q, phi, h, reach, overlaps, tilt):
    """The series at one vector q, a kernel.

    Parameters
    ----------
    band : Band
    T : float
        k_B T in meV.
    q, phi : float
        Length in nm^-1 and direction.
    h, reach : float
        Spacing and half width of the electrons' grid in nm^-1.
    overlaps : bool
        Whether to include the squared overlap of the spinors.
    tilt : tuple of float
        As in `nonlinear.sums`.

    Returns
    -------
    Series
    """
    cos, sin = math.cos(phi), math.sin(phi)
    x, y = 0.5 * q * cos, 0.5 * q * sin
    n, beta = int(math.ceil((reach + 0.5 * q) / h)), 1.0 / T
    widest = 0.0
    area = (h / (2.0 * math.pi)) ** 2
    X = np.empty((COUNT, (2 * n + 1) ** 2))
    D = np.empty((2 * n + 1) ** 2)
    count = 0
    for m in range(-n, n + 1):
        for l in range(-n, n + 1):
            kx, ky = m * h, l * h
            xi, w, bend = evaluate(band, kx + x, ky + y)
            xi_after, w_after, bend_after = evaluate(band, kx - x, ky - y)
            e, e_after = math.exp(-0.5 * beta * abs(xi)), math.exp(-0.5 * beta * abs(xi_after))
            if e < 1e-6 and e_after < 1e-6 and (xi > 0.0) == (xi_after > 0.0):
                continue
            if tilt[0] > 0.0:
                w, w_after = tilt[0] * (kx + x - tilt[1]), tilt[0] * (kx - x - tilt[1])
                bend, bend_after = tilt[0], tilt[0]
            before, after, g = occupations(xi, xi_after, e, e_after)
            factor = area
            if overlaps:
                factor *= overlap(band, kx + x, ky + y, kx - x, ky - y)
            g *= factor
            D[count] = xi - xi_after
            widest = max(widest, abs(D[count]))
            X[0, count] = g
            X[1, count] = g * (w - w_after)
            X[2, count] = g * w * w_after * (before - after)
            X[3, count] = g * w
            X[4, count] = g * w_after
            X[5, count] = g * w * before
            X[6, count] = g * w_after * after
            squares = w * w * (1.0 - 2.0 * before) - w_after * w_after * (1.0 - 2.0 * after)
            X[7, count] = g * (beta**2 * squares - beta * (bend - bend_after))
            X[8, count] = factor * (after - before)
            count += 1
    length = 4.0 * widest
    # Beyond pi radians from one grid point to the next the sums would be aliased.
    harmonics = int(length / (2.0 * band.curvature * q * h)) + 1
    series = np.zeros((harmonics, COUNT), dtype=np.complex128)
    moments = np.zeros(_MOMENTS)
    for i in range(count):
        turn = complex(math.cos(2.0 * math.pi * D[i] / length), -math.sin(2.0 * math.pi * D[i] / length))
        phase = 1.0 + 0.0j
        for k in range(harmonics):
            for m in range(COUNT):
                series[k, m] += X[m, i] * phase
            phase *= turn
        power = X[8, i]
        for k in range(_MOMENTS):
            moments[k] += power
            power *= D[i] / length
    return Series(series, moments, length, widest)


@kernel(error_model="numpy")
def series_value(series, omega, values):
    """The nine sums at one omega, a kernel.

    Parameters
    ----------
    series : Series
    omega : float
        In meV.
    values : ndarray, shape (COUNT,)
        Takes the sums.

    Returns
    -------
    float
        Re chi in 1/(meV nm^2).
    """
    coefficients, length = series.coefficients, series.length
    turn = complex(math.cos(2.0 * math.pi * omega / length), math.sin(2.0 * math.pi * omega / length))
    phase = turn
    real = 0.0
    for m in range(values.size):
        values[m] = coefficients[0, m].real
    for k in range(1, coefficients.shape[0]):
        for m in range(values.size):
            values[m] += 2.0 * (coefficients[k, m].real * phase.real - coefficients[k, m].imag * phase.imag)
        # Re(i pi c exp(i kappa omega))
        real -= 2.0 * math.pi * (coefficients[k, LOSS].real * phase.imag + coefficients[k, LOSS].imag * phase.real)
        phase *= turn
    for m in range(values.size):
        values[m] /= length
    real /= length
    # Images: sum over electrons of X times 2 zeta(2k) z^(2k-1)/L, z = (omega_k - omega)/L.
    z = omega / length
    for k in range(4):
        order = 2 * k + 1
        total, binomial = 0.0, 1.0
        for j in range(order + 1):
            total += binomial * series.moments[order - j] * (-z) ** j
            binomial *= (order - j) / (j + 1.0)
        real += _IMAGES[k] * total / length
    return real
