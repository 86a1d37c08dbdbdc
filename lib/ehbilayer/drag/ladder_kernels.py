r"""Pairs of one total momentum on their contours of constant energy: the sums of ladder drag, and the pair propagator.

An electron k and a hole Q - k have the energy E = xi_e(k) + xi_h(Q - k). Where E is convex, rays from its minimum meet
every contour once, and a sum over k with delta(Omega - E) is one over directions with the weight r dr/dE/(2 pi)^2.
"""

import math
from typing import NamedTuple

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.drag.occupations import occupations
from ehbilayer.model import rashba
from ehbilayer.numerics.exponential import exponentials

#: Columns of `contour_sums`.
COLUMNS = ("density", "less", "less_x", "more", "more_x", "even", "even_x", "even_xx")


class PairLayers(NamedTuple):
    """Both layers, as the kernels take them; energies in meV, wave numbers in 1/nm.

    Attributes
    ----------
    curvature, lam, B, J, level : float
        Of the electrons: see `ehbilayer.drag.rashba_layer.Band`.
    curvature_h, level_h : float
        hbar^2/m and the chemical potential of the holes.
    T : float
        k_B T.
    tilt_e, shift_e, tilt_h, shift_h : float
        The layers hold f_0(xi - tilt k_x - shift).
    """

    curvature: float
    lam: float
    B: float
    J: float
    level: float
    curvature_h: float
    level_h: float
    T: float
    tilt_e: float
    shift_e: float
    tilt_h: float
    shift_h: float


@kernel(error_model="numpy")
def pair_minimum(layers, Qx, Qy):
    """Where the energy of a pair of one total momentum is lowest.

    Parameters
    ----------
    layers : PairLayers
    Qx, Qy : float

    Returns
    -------
    kx, ky, energy : float
        Of the electron, and of the pair counted from both chemical potentials.
    """
    total = layers.curvature + layers.curvature_h
    kx, ky = layers.curvature_h * Qx / total, layers.curvature_h * Qy / total
    lam = layers.lam
    if lam != 0.0 or layers.B != 0.0:
        for _ in range(500):
            root = rashba.splitting(kx, ky, lam, layers.B, layers.J)
            if root == 0.0:
                break
            x = (layers.curvature_h * Qx + lam * (lam * kx + layers.B) / root) / total
            y = (layers.curvature_h * Qy + lam * lam * ky / root) / total
            moved = abs(x - kx) + abs(y - ky)
            kx, ky = x, y
            if moved < 1e-14 * (1.0 + abs(kx) + abs(ky)):
                break
    return kx, ky, _energy(layers, Qx, Qy, kx, ky)


@kernel(error_model="numpy")
def contour_sums(layers, Qx, Qy, omega, angles):
    """Sums over the pairs of one total momentum at increasing energies above the lowest.

    Parameters
    ----------
    layers : PairLayers
    Qx, Qy : float
    omega : ndarray, shape (n,)
    angles : int
        Directions, around the whole circle.

    Returns
    -------
    ndarray, shape (8, n)
        `COLUMNS`: sums with 1 - f_e - f_h; with f_e f_h times 1 and k_x; with (1 - f_e)(1 - f_h) times the same; with
        the root of both products times 1, k_x and k_x^2.
    """
    out = np.zeros((8, omega.size))
    k0x, k0y, lowest = pair_minimum(layers, Qx, Qy)
    total, T = layers.curvature + layers.curvature_h, layers.T
    # With Q along x the contours are even in k_y.
    m = angles // 2 if Qy == 0.0 and angles % 2 == 0 else angles
    weight = 1.0 / (2.0 * math.pi * m)
    c, s = np.empty(m), np.empty(m)
    for j in range(m):
        phi = 2.0 * math.pi * (j + 0.5) / angles
        c[j], s[j] = math.cos(phi), math.sin(phi)
    r, slope, x, y, e = np.empty(m), np.ones(m), np.empty(m), np.empty(m), np.empty(2 * m)
    for i in range(omega.size):
        if i == 0:
            r[:] = math.sqrt(2.0 * max(omega[0] - lowest, 1e-300) / total)
        else:
            for j in range(m):
                r[j] += (omega[i] - omega[i - 1]) / slope[j]
        # Newton along all rays at once: as many digits again.
        for _ in range(60):
            moving = 0
            for j in range(m):
                kx, ky = k0x + r[j] * c[j], k0y + r[j] * s[j]
                gx, gy = rashba.gradient(kx, ky, layers.curvature, layers.lam, layers.B, layers.J)
                slope[j] = c[j] * gx + s[j] * gy - layers.curvature_h * (c[j] * (Qx - kx) + s[j] * (Qy - ky))
                step = (_energy(layers, Qx, Qy, kx, ky) - omega[i]) / slope[j]
                moving += abs(step) >= 1e-7 * r[j]
                r[j] = max(r[j] - step, 1e-3 * r[j])
            if moving == 0:
                break
        for j in range(m):
            kx, ky = k0x + r[j] * c[j], k0y + r[j] * s[j]
            x[j] = _electron(layers, kx, ky) - layers.tilt_e * kx - layers.shift_e
            y[j] = _hole(layers, Qx - kx, Qy - ky) - layers.tilt_h * (Qx - kx) - layers.shift_h
            e[j], e[m + j] = -0.5 * abs(x[j]) / T, -0.5 * abs(y[j]) / T
        exponentials(e)
        for j in range(m):
            kx, w = k0x + r[j] * c[j], weight * r[j] / slope[j]
            f_e, f_h, even = occupations(x[j], y[j], e[j], e[m + j])
            g_e, g_h, _ = occupations(-x[j], -y[j], e[j], e[m + j])
            less, more = w * f_e * f_h, w * g_e * g_h
            # Accurate where both are nearly one or nearly zero.
            out[0, i] += w * (g_e - f_h)
            out[1, i] += less
            out[2, i] += less * kx
            out[3, i] += more
            out[4, i] += more * kx
            out[5, i] += w * even
            out[6, i] += w * even * kx
            out[7, i] += w * even * kx * kx
    return out


@kernel(error_model="numpy")
def principal_part(density, slope, omega, weights, ends, tail, tail_density, tail_weights, level, count):
    r"""Finite part of the principal value of the integral of density/(omega' - omega).

    Up to the last end the difference to the density at omega is integrated, beyond it the difference to `level`, and
    the logarithms are added; level ln(omega') is left out at infinity.

    Parameters
    ----------
    density, slope, omega, weights : ndarray, shape (n,)
        Spectral density of pairs and its derivative on the nodes of a quadrature.
    ends : tuple of float
        The lowest energy and the highest node's panel.
    tail, tail_density, tail_weights : ndarray
        A quadrature from there to infinity, and the density on it.
    level : float
        Its limit.
    count : ndarray of int
        Nodes at which the integral is wanted.

    Returns
    -------
    ndarray
    """
    out = np.empty(count.size)
    for m in range(count.size):
        i = count[m]
        here, at, total = omega[i], density[i], weights[i] * slope[i]
        for j in range(omega.size):
            if j != i:
                total += weights[j] * (density[j] - at) / (omega[j] - here)
        for j in range(tail.size):
            total += tail_weights[j] * (tail_density[j] - level) / (tail[j] - here)
        total += at * math.log((ends[1] - here) / (here - ends[0])) - level * math.log(ends[1] - here)
        out[m] = total
    return out


@kernel(error_model="numpy", inline="always")
def _electron(layers, kx, ky):
    return rashba.energy(kx, ky, layers.curvature, layers.lam, layers.B, layers.J) - layers.level


@kernel(error_model="numpy", inline="always")
def _hole(layers, px, py):
    return 0.5 * layers.curvature_h * (px * px + py * py) - layers.level_h


@kernel(error_model="numpy", inline="always")
def _energy(layers, Qx, Qy, kx, ky):
    return _electron(layers, kx, ky) + _hole(layers, Qx - kx, Qy - ky)
