"""Kernels of the raw collision integral: occupations of drifting layers, their bracket, the sums over momenta."""

import math
from typing import NamedTuple

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.drag.occupations import fermi
from ehbilayer.drag.rashba_layer import evaluate

CUT = 20.0
"""Occupations are followed to exp(-CUT)."""


class Drift(NamedTuple):
    """Distribution of a drifting layer.

    Attributes
    ----------
    thermal_energy : float
        k_B T in meV.
    u : float
        m v/hbar in nm^-1.
    kind : int
        Index into `ehbilayer.drag.collision.DISTRIBUTIONS`.
    scale : float
        hbar^2/m of a drifting equilibrium in meV nm^2.
    centre : float
        k_x in nm^-1 at which its energies stay as they are.
    """

    thermal_energy: float
    u: float
    kind: int
    scale: float
    centre: float


@kernel(error_model="numpy")
def _occupation(band, drift, sign, kx, ky):
    """Occupation of a state in a layer with the drift times `sign`."""
    T, kind, u = drift.thermal_energy, drift.kind, sign * drift.u
    if kind == 1:
        return fermi(evaluate(band, kx - u, ky)[0] / T)
    xi, w, bend = evaluate(band, kx, ky)
    if kind == 3:
        return fermi((xi - u * drift.scale * (kx - drift.centre)) / T)
    f = fermi(xi / T)
    g = u * w / T
    if kind == 2:
        g += u * u * (w * w * (1.0 - 2.0 * f) / T - bend) / T
    return f + f * (1.0 - f) * g


@kernel(error_model="numpy")
def bracket(a, a_after, b, b_after):
    """Occupation factors of a collision minus those of the reversed one (Eq. 25), a kernel.

    Parameters
    ----------
    a, a_after, b, b_after : float
        Occupations of the states of both layers before and after the collision.

    Returns
    -------
    float
    """
    return a * (1.0 - a_after) * b * (1.0 - b_after) - a_after * (1.0 - a) * b_after * (1.0 - b)


@kernel(error_model="numpy")
def force(band_1, band_2, drift_1, drift_2, q, weights, angles, spacing, reach):
    """The collision integral by quadrature in five dimensions, a kernel; the delta function fixes the sixth.

    Parameters
    ----------
    band_1, band_2 : Band
    drift_1, drift_2 : Drift
    q, weights : ndarray
        Wave numbers, and the weights of an integral over them times the squared interaction.
    angles : int
        Directions of q in a half turn.
    spacing, reach : ndarray, shape (2,)
        Of the layers' grids in nm^-1.

    Returns
    -------
    float
        Force over hbar times the density of layer 2 and hbar/pi.
    """
    total, T = 0.0, drift_1.thermal_energy
    c = band_2.curvature
    n, m = int(math.ceil(reach[0] / spacing[0])), int(math.ceil(reach[1] / spacing[1]))
    for i in range(q.size):
        for j in range(angles):
            phi = (j + 0.5) * math.pi / angles
            cos, sin = math.cos(phi), math.sin(phi)
            x, y = 0.5 * q[i] * cos, 0.5 * q[i] * sin
            part = 0.0
            for ix in range(-n, n + 1):
                for iy in range(-n, n + 1):
                    kx, ky = ix * spacing[0], iy * spacing[0]
                    xi = evaluate(band_1, kx + x, ky + y)[0]
                    xi_after = evaluate(band_1, kx - x, ky - y)[0]
                    if abs(xi) + abs(xi_after) > 2.0 * CUT * T:
                        continue
                    p = (xi - xi_after) / (c * q[i])
                    if abs(p) > reach[1]:
                        continue
                    a = _occupation(band_1, drift_1, 1, kx + x, ky + y)
                    a_after = _occupation(band_1, drift_1, 1, kx - x, ky - y)
                    for l in range(-m, m + 1):
                        t = l * spacing[1]
                        lx, ly = p * cos - t * sin, p * sin + t * cos
                        b = _occupation(band_2, drift_2, 1, lx - x, ly - y)
                        b_after = _occupation(band_2, drift_2, 1, lx + x, ly + y)
                        part += bracket(a, a_after, b, b_after)
            # delta over p gives 1/(c q); both halves of the turn are equal.
            measure = 2.0 * (math.pi / angles) * weights[i] * q[i] / (4.0 * math.pi**2)
            volume = spacing[0] ** 2 * spacing[1] / ((2.0 * math.pi) ** 4 * c * q[i])
            total += measure * q[i] * cos * part * volume
    return total


@kernel(error_model="numpy")
def sample(band_1, band_2, drift_1, drift_2, q, draws, reach, width):
    """Means of the integrand at random momenta, with a Gaussian in place of the delta function; a kernel.

    Parameters
    ----------
    band_1, band_2 : Band
    drift_1, drift_2 : Drift
    q : ndarray, shape (n,)
        Wave numbers, drawn with the density ``q^2 |U|^2``.
    draws : ndarray, shape (n, 6)
        Uniform random numbers.
    reach : ndarray, shape (2,)
        Radii of the discs of momenta in nm^-1.
    width : float
        Of the Gaussian in meV.

    Returns
    -------
    ndarray, shape (2,)
        Odd and even part under reversal of both drifts; the value at rest is subtracted.
    """
    odd, even = 0.0, 0.0
    for n in range(q.size):
        phi = 2.0 * math.pi * draws[n, 1]
        x, y = q[n] * math.cos(phi), q[n] * math.sin(phi)
        k, angle = reach[0] * math.sqrt(draws[n, 2]), 2.0 * math.pi * draws[n, 3]
        kx, ky = k * math.cos(angle), k * math.sin(angle)
        l, angle = reach[1] * math.sqrt(draws[n, 4]), 2.0 * math.pi * draws[n, 5]
        lx, ly = l * math.cos(angle), l * math.sin(angle)
        gap = evaluate(band_1, kx, ky)[0] + evaluate(band_2, lx, ly)[0]
        gap -= evaluate(band_1, kx - x, ky - y)[0] + evaluate(band_2, lx + x, ly + y)[0]
        if abs(gap) > 7.0 * width:
            continue
        delta = math.exp(-0.5 * (gap / width) ** 2) / (width * math.sqrt(2.0 * math.pi)) * math.cos(phi)
        plus, minus, rest = 0.0, 0.0, 0.0
        for sign in range(-1, 2):
            a = _occupation(band_1, drift_1, sign, kx, ky)
            a_after = _occupation(band_1, drift_1, sign, kx - x, ky - y)
            b = _occupation(band_2, drift_2, sign, lx, ly)
            b_after = _occupation(band_2, drift_2, sign, lx + x, ly + y)
            value = bracket(a, a_after, b, b_after)
            if sign == 1:
                plus = value
            elif sign == -1:
                minus = value
            else:
                rest = value
        odd += 0.5 * delta * (plus - minus)
        even += delta * (0.5 * (plus + minus) - rest)
    return np.array([odd / q.size, even / q.size])
