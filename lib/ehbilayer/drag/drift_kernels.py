r"""Layers that drift at any speed: their distributions on tables, and the collision integral from them.

A distribution is kept as its excess delta = ln[(1 - f)/f] - xi/k_B T over the equilibrium, which is smooth, and zero at
rest: collisions then balance in detail on any grid. The exact solution of the Boltzmann equation with a relaxation time
(`relaxed`) is, for a drift u = eE tau/hbar along x,

.. math:: f(\mathbf k) = \int_0^\infty ds\, e^{-s} f_0(\mathbf k - s\mathbf u), \qquad
   f + u\,\partial f/\partial k_x = f_0 ,

along a row of a table the sum of what is left of the neighbour's value and of the integral over one step.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.holes_table import interpolate, lagrange
from ehbilayer.drag.occupations import fermi_pair
from ehbilayer.drag.rashba_layer import evaluate
from ehbilayer.numerics.exponential import exponentials
from ehbilayer.numerics.quadrature import gauss_legendre

EMPTY = 26.0
"""Occupations are followed to exp(-EMPTY)."""

_NODES = 7
_PANELS = (0.0, 0.5, 1.5, 3.0, 6.0, 12.0, 20.0, 36.0)


class Rows(NamedTuple):
    """Equidistant points of a table over k_x and k_y.

    Attributes
    ----------
    step : float
        In nm^-1.
    left, right, up : int
        Points on either side of k_x = 0, and on each side of k_y = 0.
    every : int
        The sum over the carriers takes one in so many, in each direction, counted from k = 0.
    """

    step: float
    left: int
    right: int
    up: int
    every: int


class ExcessTable(NamedTuple):
    """Excess of a distribution of the electrons.

    Attributes
    ----------
    values : ndarray, shape (k_x, k_y)
    rows : Rows
    """

    values: NDArray
    rows: Rows


def history(longest: float, finest: float = math.inf) -> tuple[NDArray, NDArray]:
    """Nodes s and weights, with exp(-s), of an integral over the time since a carrier's last collision.

    Parameters
    ----------
    longest : float
        Upper limit, in relaxation times; the tail beyond 36 is dropped.
    finest : float
        Longest panel.

    Returns
    -------
    nodes, weights : ndarray

    Examples
    --------
    >>> s, weights = history(40.0)
    >>> print(f"{weights.sum():.9f} {weights @ s**2:.9f}")
    1.000000000 2.000000000
    """
    x, w = gauss_legendre(_NODES)
    edges = [0.0]
    for low, high in pairwise(_PANELS):
        end = min(high, longest)
        if end > low:
            edges.extend(np.linspace(low, end, max(1, math.ceil((end - low) / finest)) + 1)[1:])
    middle, half = 0.5 * (np.array(edges[1:]) + edges[:-1]), 0.5 * np.diff(edges)
    nodes = (middle[:, None] + half[:, None] * x).ravel()
    return nodes, (half[:, None] * w).ravel() * np.exp(-nodes)


@kernel(error_model="numpy")
def occupied_before(energies, weights):
    """Occupation of a state, and its emptiness, from where its carriers were in their histories; a kernel.

    Parameters
    ----------
    energies : ndarray
        Over k_B T, of the equilibrium that each part comes from; overwritten.
    weights : ndarray

    Returns
    -------
    full, empty : float
        Sums of the weights times f_0 and times 1 - f_0.
    """
    full, empty = 0.0, 0.0
    signs = np.empty(energies.size)
    for m in range(energies.size):
        signs[m] = energies[m]
        energies[m] = -abs(energies[m])
    exponentials(energies)
    for m in range(energies.size):
        more = weights[m] / (1.0 + energies[m])
        less = more * energies[m]
        if signs[m] < 0.0:
            more, less = less, more
        full += less
        empty += more
    return full, empty


@kernel(error_model="numpy")
def moved_rows(band, T, rows, u, tilt, level):
    """Excess of a shifted distribution f_0(k - u), or of a drifting equilibrium; a kernel.

    Parameters
    ----------
    band : Band
    T : float
        k_B T in meV.
    rows : Rows
    u : float
        Shift along x in nm^-1.
    tilt, level : float
        For f_0(xi - tilt k_x - level) in place of the shift, in meV nm and meV; unused if `u` is not zero.

    Returns
    -------
    ndarray, shape (k_x, k_y)
    """
    out = np.empty((rows.left + rows.right + 1, 2 * rows.up + 1))
    for i in range(out.shape[0]):
        kx = (i - rows.left) * rows.step
        for j in range(out.shape[1]):
            ky = (j - rows.up) * rows.step
            if u != 0.0:
                out[i, j] = (evaluate(band, kx - u, ky)[0] - evaluate(band, kx, ky)[0]) / T
            else:
                out[i, j] = -(tilt * kx + level) / T
    return out


@kernel(error_model="numpy")
def relaxed_rows(band, T, rows, u, step, start):
    """Excess of the exact solution with a relaxation time, a kernel.

    Parameters
    ----------
    band : Band
    T : float
        k_B T in meV.
    rows : Rows
    u : float
        Drift in nm^-1, not zero.
    step, start : tuple of ndarray
        Nodes and weights from `history`: of one step of the table, and of all times.

    Returns
    -------
    ndarray, shape (k_x, k_y)
    """
    out = np.empty((rows.left + rows.right + 1, 2 * rows.up + 1))
    decay = math.exp(-rows.step / abs(u))
    count = out.shape[0]
    energies = np.empty(max(start[0].size, step[0].size))
    for j in range(out.shape[1]):
        ky = (j - rows.up) * rows.step
        full, empty = 0.0, 0.0
        for n in range(count):
            # The carriers come from upstream.
            i = n if u > 0.0 else count - 1 - n
            kx = (i - rows.left) * rows.step
            nodes, weights = start if n == 0 else step
            full *= decay
            empty *= decay
            for m in range(nodes.size):
                energies[m] = evaluate(band, kx - nodes[m] * u, ky)[0] / T
            more = occupied_before(energies[: nodes.size], weights)
            full += more[0]
            empty += more[1]
            out[i, j] = math.log(empty / full) - evaluate(band, kx, ky)[0] / T
    return out


@kernel(error_model="numpy")
def transfer_table(layer, T, q, phi, p, k, u, times):
    """Rates f(1 - f') of a collision and of its reverse in the parabolic layer, over its momentum along q; a kernel.

    Parameters
    ----------
    layer : tuple of float
        hbar^2/m in meV nm^2 and the chemical potential in meV.
    T : float
        k_B T in meV.
    q, phi : ndarray
        Lengths in nm^-1 and directions of the transferred momentum.
    p, k : ndarray
        Equidistant mean momenta along q before and after the collision, and transverse ones of either sign.
    u : float
        Drift along x in nm^-1.
    times : tuple of ndarray
        From `history`, for the relaxation time; empty for a shifted distribution.

    Returns
    -------
    ndarray, shape (phi, q, p, 2)
        In nm^-1/meV, summed over the transverse momenta.
    """
    c, level = layer
    nodes, weights = times
    step, along = p[1] - p[0], np.empty(8)
    out = np.zeros((phi.size, q.size, p.size, 2))
    excess, energies = np.empty((p.size, k.size)), np.empty(nodes.size)
    for j in range(phi.size):
        ux, uy = u * math.cos(phi[j]), -u * math.sin(phi[j])
        for a in range(p.size):
            for b in range(k.size):
                x = 0.5 * c * (p[a] * p[a] + k[b] * k[b]) - level
                excess[a, b] = (0.5 * c * u * u - c * (ux * p[a] + uy * k[b])) / T
                if nodes.size == 0:
                    continue
                for m in range(nodes.size):
                    px, py = p[a] - nodes[m] * ux, k[b] - nodes[m] * uy
                    energies[m] = (0.5 * c * (px * px + py * py) - level) / T
                full, empty = occupied_before(energies, weights)
                excess[a, b] = math.log(empty / full) - x / T
        for i in range(q.size):
            # (m/hbar^2 q) dk/(4 pi^2)
            factor = (k[1] - k[0]) / (4.0 * math.pi**2 * c * q[i])
            offset = 0.5 * q[i] / step
            whole = int(math.floor(offset))
            lagrange(3.0 + offset - whole, along)
            for a in range(p.size):
                # Carriers outside of the table are too few to count.
                before, after = a - whole - 4, a + whole - 3
                inside, inside_after = before >= 0 and before + 8 <= p.size, after >= 0 and after + 8 <= p.size
                low, high = p[a] - 0.5 * q[i], p[a] + 0.5 * q[i]
                for b in range(k.size):
                    y, z = 700.0, 700.0
                    if inside:
                        y = (0.5 * c * (low * low + k[b] * k[b]) - level) / T
                        for m in range(8):
                            y += along[7 - m] * excess[before + m, b]
                    if inside_after:
                        z = (0.5 * c * (high * high + k[b] * k[b]) - level) / T
                        for m in range(8):
                            z += along[m] * excess[after + m, b]
                    if min(y, z) > EMPTY or max(y, z) < -EMPTY:
                        continue
                    f, g = fermi_pair(y)
                    f_after, g_after = fermi_pair(z)
                    out[j, i, a, 0] += factor * f * g_after
                    out[j, i, a, 1] += factor * f_after * g
    return out


@kernel(error_model="numpy")
def force(band, T, c, q, phi, table, transfers, shift):
    """Collision integral at each vector q, without the interaction; a kernel.

    Parameters
    ----------
    band : Band
    T, c : float
        k_B T in meV and hbar^2/m of the parabolic layer in meV nm^2.
    q, phi : ndarray
        Lengths in nm^-1 and directions of the transferred momentum, in the first quarter turn.
    table : ExcessTable
    transfers : HolesTable
        From `transfer_table`, for each direction or for all of them.
    shift : float
        Of all momenta of the parabolic layer along x, in nm^-1, besides the drift that `transfers` are for.

    Returns
    -------
    ndarray, shape (q, phi)
    """
    values, rows = table.values, table.rows
    every, h = rows.every, rows.every * rows.step
    out, rates = np.zeros((q.size, phi.size)), np.empty(2)
    along, across, row = np.empty(8), np.empty(8), np.empty(values.shape[1])
    left, right, up = rows.left // every, rows.right // every, rows.up // every
    p_step, p_max = transfers.step, transfers.p_max
    for i in range(q.size):
        for j in range(phi.size):
            holes = transfers.values[min(j, transfers.values.shape[0] - 1), i]
            moved = shift * math.cos(phi[j])
            x, y = q[i] * math.cos(phi[j]), q[i] * math.sin(phi[j])
            # The electron goes from k to k - q, where its excess is interpolated.
            first, second = int(math.floor(-x / rows.step)), int(math.floor(-y / rows.step))
            lagrange(3.0 - x / rows.step - first, along)
            lagrange(3.0 - y / rows.step - second, across)
            total = 0.0
            for m in range(-left, right + int(x / h) + 2):
                a = rows.left + every * m + first - 3
                inside = a >= 0 and a + 8 <= values.shape[0]
                if inside:
                    for b in range(row.size):
                        row[b] = 0.0
                    for n in range(8):
                        for b in range(row.size):
                            row[b] += along[n] * values[a + n, b]
                for l in range(-up, up + int(y / h) + 2):
                    kx, ky = m * h, l * h
                    xi, xi_after = evaluate(band, kx, ky)[0], evaluate(band, kx - x, ky - y)[0]
                    before, after = 700.0, 700.0
                    if m <= right and l <= up:
                        before = xi / T + values[rows.left + every * m, rows.up + every * l]
                    b = rows.up + every * l + second - 3
                    if inside and b >= 0 and b + 8 <= row.size:
                        after = xi_after / T
                        for n in range(8):
                            after += across[n] * row[b + n]
                    if min(before, after) > EMPTY or max(before, after) < -EMPTY:
                        continue
                    p = (xi - xi_after) / (c * q[i]) - moved
                    if abs(p) > p_max:
                        continue
                    interpolate(holes, (p + p_max) / p_step, rates)
                    f, g = fermi_pair(before)
                    f_after, g_after = fermi_pair(after)
                    total += f * g_after * rates[0] - f_after * g * rates[1]
            out[i, j] = total * (h / (2.0 * math.pi)) ** 2
    return out
