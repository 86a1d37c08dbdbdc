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
from numpy.polynomial.laguerre import laggauss
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.holes_table import interpolate, lagrange
from ehbilayer.drag.rashba_layer import evaluate
from ehbilayer.model.rashba import energy
from ehbilayer.numerics.exponential import exponentials
from ehbilayer.numerics.quadrature import gauss_legendre

EMPTY = 26.0
"""Occupations are followed to exp(-EMPTY)."""

# A collision counts if its rate is more than this share of the largest; both ways they cancel but for the drag.
_RARE = 1e-12
_NODES = 7
# Gauss-Laguerre nodes instead, from this length of a panel on: (12!)^2/20^24 is 1e-14.
_LAGUERRE, _SLOW = 12, 10.0
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
        Longest panel: half of the distance from the real axis, in relaxation times, of what a Fermi function does not
        let pass, or less.

    Returns
    -------
    nodes, weights : ndarray

    Examples
    --------
    >>> s, weights = history(40.0)
    >>> print(f"{weights.sum():.9f} {weights @ s**2:.9f}")
    1.000000000 2.000000000
    """
    if longest == math.inf and finest >= _SLOW:
        # A slow drift: nearly a polynomial in s.
        return laggauss(_LAGUERRE)
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
    y, z, e = np.empty(k.size), np.empty(k.size), np.empty((2, k.size))
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
                if not (inside or inside_after):
                    continue
                low, high = p[a] - 0.5 * q[i], p[a] + 0.5 * q[i]
                for b in range(k.size):
                    y[b], z[b] = 700.0, 700.0
                if inside:
                    for b in range(k.size):
                        y[b] = (0.5 * c * (low * low + k[b] * k[b]) - level) / T
                    for m in range(8):
                        for b in range(k.size):
                            y[b] += along[7 - m] * excess[before + m, b]
                if inside_after:
                    for b in range(k.size):
                        z[b] = (0.5 * c * (high * high + k[b] * k[b]) - level) / T
                    for m in range(8):
                        for b in range(k.size):
                            z[b] += along[m] * excess[after + m, b]
                found = 0
                for b in range(k.size):
                    if min(y[b], z[b]) <= EMPTY and max(y[b], z[b]) >= -EMPTY:
                        y[found], z[found] = y[b], z[b]
                        e[0, found], e[1, found] = -abs(y[b]), -abs(z[b])
                        found += 1
                exponentials(e[0, :found])
                exponentials(e[1, :found])
                for b in range(found):
                    # Of the Fermi functions and what is left to one all but the common denominator.
                    full, empty = (1.0, e[0, b]) if y[b] < 0.0 else (e[0, b], 1.0)
                    full_after, empty_after = (1.0, e[1, b]) if z[b] < 0.0 else (e[1, b], 1.0)
                    share = factor / ((1.0 + e[0, b]) * (1.0 + e[1, b]))
                    out[j, i, a, 0] += share * full * empty_after
                    out[j, i, a, 1] += share * full_after * empty
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
            least = _RARE * holes.max()
            moved = shift * math.cos(phi[j])
            x, y = q[i] * math.cos(phi[j]), q[i] * math.sin(phi[j])
            # The electron goes from k to k - q, where its excess is interpolated.
            first, second = int(math.floor(-x / rows.step)), int(math.floor(-y / rows.step))
            lagrange(3.0 - x / rows.step - first, along)
            lagrange(3.0 - y / rows.step - second, across)
            total = 0.0
            top = up + int(y / h) + 1
            work = np.empty((6, top + up + 1))
            for m in range(-left, right + int(x / h) + 2):
                a = rows.left + every * m + first - 3
                inside = a >= 0 and a + 8 <= values.shape[0]
                if inside:
                    for b in range(row.size):
                        row[b] = 0.0
                    for n in range(8):
                        for b in range(row.size):
                            row[b] += along[n] * values[a + n, b]
                kx, count = m * h, top + up + 1
                # A row at once, which the compiler turns into vector instructions; then only what counts.
                for l in range(count):
                    ky = (l - up) * h
                    work[0, l] = energy(kx, ky, band.curvature, band.lam, band.B, band.J) - band.level
                    work[1, l] = energy(kx - x, ky - y, band.curvature, band.lam, band.B, band.J) - band.level
                    work[2, l], work[3, l] = 700.0, 700.0
                if m <= right:
                    for l in range(2 * up + 1):
                        work[2, l] = work[0, l] / T + values[rows.left + every * m, rows.up + every * (l - up)]
                if inside:
                    start = rows.up - every * up + second - 3
                    lowest = max(0, -(start // every))
                    highest = min(count, (row.size - 8 - start) // every + 1)
                    for l in range(lowest, highest):
                        b = start + every * l
                        excess = 0.0
                        for n in range(8):
                            excess += across[n] * row[b + n]
                        work[3, l] = work[1, l] / T + excess
                found = 0
                for l in range(count):
                    before, after = work[2, l], work[3, l]
                    p = (work[0, l] - work[1, l]) / (c * q[i]) - moved
                    if min(before, after) <= EMPTY and max(before, after) >= -EMPTY and abs(p) <= p_max:
                        work[0, found], work[1, found], work[2, found] = p, before, after
                        work[4, found], work[5, found] = -abs(before), -abs(after)
                        found += 1
                exponentials(work[4, :found])
                exponentials(work[5, :found])
                for l in range(found):
                    place = (work[0, l] + p_max) / p_step
                    e, e_after = work[4, l], work[5, l]
                    # Fermi functions and what is left to one, but for the common denominator.
                    full, empty = (1.0, e) if work[1, l] < 0.0 else (e, 1.0)
                    full_after, empty_after = (1.0, e_after) if work[2, l] < 0.0 else (e_after, 1.0)
                    nearest = int(place + 0.5)
                    if full * empty_after * holes[nearest, 0] + full_after * empty * holes[nearest, 1] < least:
                        continue
                    interpolate(holes, place, rates)
                    transfer = full * empty_after * rates[0] - full_after * empty * rates[1]
                    total += transfer / ((1.0 + e) * (1.0 + e_after))
            out[i, j] = total * (h / (2.0 * math.pi)) ** 2
    return out
