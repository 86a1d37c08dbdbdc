"""Sums over the transverse momentum of the parabolic carriers, tabulated over their momentum along q."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.occupations import occupations
from ehbilayer.model.layers import ParabolicLayer

CUT = 22.0
"""The product of both layers' occupations is dropped below exp(-CUT)."""

# Eight-point interpolation on a table that resolves the strip of analyticity tenfold is good to 1e-6 of the largest.
_POINTS = 8
_PER_STRIP = 10.0


class HolesTable(NamedTuple):
    """Functions of the mean momentum p along q of a carrier before and after a collision, from -p_max to p_max.

    Attributes
    ----------
    values : ndarray, shape (q, points, functions)
    step, p_max : float
        In nm^-1; p = omega/(c q).
    """

    values: NDArray
    step: float
    p_max: float


def momenta(
    holes: ParabolicLayer, *, cut: float, per_strip: float, beyond: float = 0.0
) -> tuple[NDArray, float, NDArray]:
    """Grids of a table that resolve the temperature.

    Parameters
    ----------
    holes : ParabolicLayer
    cut : float
        Occupations are followed to exp(-cut).
    per_strip : float
        Points in a width of the strip of analyticity.
    beyond : float
        How much farther than the occupied momenta p reaches, in nm^-1.

    Returns
    -------
    p : ndarray
        Momenta along q in nm^-1, equidistant and symmetric.
    step : float
        Their distance.
    k : ndarray
        Transverse momenta from zero on.

    Examples
    --------
    >>> p, step, k = momenta(ParabolicLayer(0.2, 10, 10), cut=CUT, per_strip=10.0)
    >>> len(p), len(k)
    (255, 30)
    """
    strip = holes.strip
    reach = holes.reach(cut)
    p_max = reach + beyond
    count = int(math.ceil(2 * p_max * per_strip / strip)) + 1
    k = np.arange(int(math.ceil(reach / (0.45 * strip))) + 1) * 0.45 * strip
    p, step = np.linspace(-p_max, p_max, count, retstep=True)
    return p, float(step), k


def occupation_table(q: NDArray, holes: ParabolicLayer) -> HolesTable:
    """G_2 times 1, f_2, f_2', k^2 f_2, k^2 f_2', summed over the transverse momentum k (see `nonlinear`).

    Parameters
    ----------
    q : ndarray
        Wave numbers in nm^-1.
    holes : ParabolicLayer

    Returns
    -------
    HolesTable

    Examples
    --------
    >>> occupation_table(np.array([0.1, 0.2]), ParabolicLayer(0.2, 10, 10)).values.shape
    (2, 255, 5)
    """
    p, step, k = momenta(holes, cut=CUT, per_strip=_PER_STRIP)
    values = _fill(q, p, k, holes.curvature, holes.thermal_energy, holes.E_F)
    return HolesTable(values, step, holes.reach(CUT))


@kernel(error_model="numpy")
def interpolate(table, position, out):
    """Lagrange interpolation on eight neighbours of a uniform table, a kernel.

    Parameters
    ----------
    table : ndarray, shape (points, functions)
    position : float
        In steps from the first point.
    out : ndarray, shape (functions,)
        Takes the values.
    """
    first = min(max(int(math.floor(position)) - 3, 0), table.shape[0] - 8)
    t = position - first
    # Products of what is to the left and to the right of each point: no division, so that points are no exception.
    a0, a1, a2, a3, a4, a5, a6, a7 = t, t - 1.0, t - 2.0, t - 3.0, t - 4.0, t - 5.0, t - 6.0, t - 7.0
    l2 = a0 * a1
    l3 = l2 * a2
    l4 = l3 * a3
    l5 = l4 * a4
    l6 = l5 * a5
    r5 = a7 * a6
    r4 = r5 * a5
    r3 = r4 * a4
    r2 = r3 * a3
    r1 = r2 * a2
    w0, w1, w2, w3 = -r1 * a1 / 5040.0, a0 * r1 / 720.0, -l2 * r2 / 240.0, l3 * r3 / 144.0
    w4, w5, w6, w7 = -l4 * r4 / 144.0, l5 * r5 / 240.0, -l6 * a7 / 720.0, l6 * a6 / 5040.0
    for s in range(out.size):
        low = w0 * table[first, s] + w1 * table[first + 1, s] + w2 * table[first + 2, s] + w3 * table[first + 3, s]
        high = w4 * table[first + 4, s] + w5 * table[first + 5, s] + w6 * table[first + 6, s]
        out[s] = low + high + w7 * table[first + 7, s]


@kernel(error_model="numpy")
def lagrange(t, out):
    """Weights of Lagrange interpolation on eight points 0 to 7, a kernel.

    Parameters
    ----------
    t : float
        Position.
    out : ndarray, shape (8,)
        Takes the weights.

    Examples
    --------
    >>> weights = np.empty(8)
    >>> lagrange(3.25, weights)
    >>> print(f"{weights.sum():.6f} {weights @ np.arange(8) ** 3:.6f} {3.25**3:.6f}")
    1.000000 34.328125 34.328125
    """
    for i in range(8):
        out[i] = 1.0
        for j in range(8):
            if j != i:
                out[i] *= (t - j) / (i - j)


@kernel(error_model="numpy")
def _fill(q, p, k, c, T, E_F):
    out = np.zeros((q.size, p.size, 5))
    h = k[1]
    for i in range(q.size):
        # (m/hbar^2 q) dk/(4 pi^2), twice for +-k.
        factor = 2.0 * h / (4.0 * math.pi**2 * c * q[i])
        for j in range(p.size):
            low, high = p[j] - 0.5 * q[i], p[j] + 0.5 * q[i]
            for n in range(k.size):
                a = (0.5 * c * (low * low + k[n] * k[n]) - E_F) / T
                b = (0.5 * c * (high * high + k[n] * k[n]) - E_F) / T
                if abs(a) + abs(b) > 2.0 * CUT + 8.0:
                    continue
                before, after, g = occupations(a, b, math.exp(-0.5 * abs(a)), math.exp(-0.5 * abs(b)))
                g *= factor * (0.5 if n == 0 else 1.0)
                out[i, j, 0] += g
                out[i, j, 1] += g * before
                out[i, j, 2] += g * after
                out[i, j, 3] += g * before * k[n] * k[n]
                out[i, j, 4] += g * after * k[n] * k[n]
    return out


_BARYCENTRIC = np.array(
    [(-1.0) ** (_POINTS - 1 - i) / (math.factorial(i) * math.factorial(_POINTS - 1 - i)) for i in range(_POINTS)]
)
