"""Compiled part of `ehbilayer.diode.momentum_cells`: cells are halved until the summands are resolved on each."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.pair_kernels import REORDERED, PairBands, fill_occupations, half_energies, layer_occupations
from ehbilayer.model.rashba import gradient, spin, splitting

MOST_CELLS = 5000


class CellRule(NamedTuple):
    """Rule along a side of a cell.

    Attributes
    ----------
    nodes, weights : ndarray, shape (n,)
        Gauss-Legendre on [-1, 1].
    tail : ndarray, shape (2, n)
        Rows that take values on the nodes to their last two coefficients in normalised Legendre polynomials.
    """

    nodes: NDArray[np.float64]
    weights: NDArray[np.float64]
    tail: NDArray[np.float64]


class PairPoint(NamedTuple):
    """Pair momentum in 1/l_u, and temperature in T_c."""

    q_x: float
    q_y: float
    T: float


class Spinor(NamedTuple):
    """How much of the order parameter a pair feels: the square times ``same + n.(x, y, z)`` with its spin n.

    Without overlaps (1, 0, 0, 0), with them 1/2 and half a unit vector.
    """

    same: float
    x: float
    y: float
    z: float


@kernel
def refine(
    cells: NDArray,
    rule: CellRule,
    point: PairPoint,
    squares: NDArray,
    tolerance: float,
    bands: PairBands,
    spinor: Spinor,
) -> tuple[NDArray[np.float64], int, int, bool]:
    """Halve cells until the tails of K and of the electrons' current have decayed.

    Parameters
    ----------
    cells : ndarray, shape (m, 5)
        To begin with: ends in p, ends in theta, and whether the radius stands for 1/p.
    rule : CellRule
    point : PairPoint
    squares : ndarray
        Squares of the order parameter at which the summands are looked at.
    tolerance : float
        Absolute error that a cell may leave.
    bands : PairBands
    spinor : Spinor

    Returns
    -------
    table : ndarray, shape (12, n)
        As `ehbilayer.diode.momentum_cells.MomentumNodes.table`.
    used, halvings : int
        How many cells there are, and how often one was halved.
    resolved : bool
        False if that would have been more often than `MOST_CELLS`.
    """
    n = rule.nodes.size
    size = n * n
    stack = np.empty((cells.shape[0] + 200, 5))
    stack[: cells.shape[0]] = cells
    top = cells.shape[0]
    # Row by row, so that loops over nodes run along memory, here and in the sums.
    table = np.empty((12, 4 * cells.shape[0] * size))
    rows, work, values = np.empty((12, size)), np.empty((8, size)), np.empty((2 * squares.size, size))
    used, halvings, resolved = 0, 0, True
    # Angles from 0 to pi stand for both signs of p_y.
    unit = (2.0 if point.q_y == 0.0 else 1.0) / (4.0 * math.pi * math.pi)
    while top > 0:
        top -= 1
        low, high, begin, end, outer = stack[top]
        _evaluate(stack[top], rule, point, squares, bands, spinor, rows, values, work, unit)
        radial, angular = _tails(values, rule, unit * (high - low) * (end - begin))
        if radial + angular <= tolerance:
            if used + size > table.shape[1]:
                larger = np.empty((12, 2 * table.shape[1]))
                larger[:, :used] = table[:, :used]
                table = larger
            table[:, used : used + size] = rows
            used += size
            continue
        if halvings >= MOST_CELLS:
            resolved = False
            break
        halvings += 1
        if top + 4 > stack.shape[0]:
            deeper = np.empty((2 * stack.shape[0], 5))
            deeper[:top] = stack[:top]
            stack = deeper
        if radial >= angular:
            middle = 0.5 * (low + high)
            stack[top] = np.array([low, middle, begin, end, outer])
            stack[top + 1] = np.array([middle, high, begin, end, outer])
        else:
            middle = 0.5 * (begin + end)
            stack[top] = np.array([low, high, begin, middle, outer])
            stack[top + 1] = np.array([low, high, middle, end, outer])
        top += 2
    return table[:, :used].copy(), used // size, halvings, resolved


@kernel(error_model="numpy")
def _evaluate(cell, rule, point, squares, bands, spinor, rows, values, work, unit):
    """Fill the rows of the table that belong to a cell, and the summands whose tails decide about it."""
    low, high, begin, end, outer = cell
    n = rule.nodes.size
    size = n * n
    p_x, p_y, jacobian, share = work[0], work[1], work[2], work[3]
    weight, counter, xi, delta = rows[0], rows[1], rows[2], rows[3]
    for j in range(n):
        theta = 0.5 * (begin + end) + 0.5 * (end - begin) * rule.nodes[j]
        cosine, sine = math.cos(theta), math.sin(theta)
        share_of_row = unit * 0.25 * (high - low) * (end - begin) * rule.weights[j]
        for i in range(n):
            r = 0.5 * (low + high) + 0.5 * (high - low) * rule.nodes[i]
            p = 1.0 / r if outer else r
            k = j * n + i
            p_x[k], p_y[k] = p * cosine, p * sine
            jacobian[k] = 1.0 / (r * r * r) if outer else r
            weight[k] = share_of_row * rule.weights[i] * jacobian[k]
            counter[k] = r * r if outer else 0.0
    for k in range(size):
        xi[k], delta[k] = half_energies(p_x[k], p_y[k], point.q_x, point.q_y, bands)
    e_x, e_y, h_x, h_y = rows[4], rows[5], rows[6], rows[7]
    for k in range(size):
        k_x, k_y = p_x[k] + point.q_x, p_y[k] + point.q_y
        e_x[k], e_y[k] = gradient(k_x, k_y, bands.curvature_e, bands.lam_e, bands.B, bands.J)
    for k in range(size):
        h_x[k], h_y[k] = gradient(-p_x[k], -p_y[k], bands.curvature_h, bands.lam_h, bands.B, bands.J)
    share[:], rows[8:] = spinor.same, 0.0
    if spinor.same < 1.0:
        for k in range(size):
            k_x, k_y = p_x[k] + point.q_x, p_y[k] + point.q_y
            n_x, n_y, n_z = spin(k_x, k_y, bands.lam_e, bands.B, bands.J)
            share[k] += n_x * spinor.x + n_y * spinor.y + n_z * spinor.z
            rows[8, k], rows[9, k], rows[10, k] = n_x, n_y, n_z
            rows[11, k] = bands.lam_e / splitting(k_x, k_y, bands.lam_e, bands.B, bands.J)
    E, far, near, along = work[4], work[5], work[6], work[7]
    across = 0.0 if point.q_y == 0.0 else 1.0
    for k in range(size):
        along[k] = jacobian[k] * (e_x[k] + across * e_y[k])
    for m in range(squares.size):
        for k in range(size):
            E[k] = math.sqrt(xi[k] * xi[k] + share[k] * squares[m])
        fill_occupations(E, delta, point.T, far, near)
        K_part, current = values[2 * m], values[2 * m + 1]
        # Few arrays in each loop: the compiler gives up telling more of them apart, and then takes node by node.
        for k in range(size):
            K_part[k] = (1.0 - far[k] - near[k]) / (2.0 * E[k]) if E[k] > 0.0 else 0.25 / point.T
        for k in range(size):
            K_part[k] = jacobian[k] * (K_part[k] - counter[k]) * share[k]
        for k in range(size):
            f_plus, f_minus = (far[k], near[k]) if delta[k] > 0.0 else (near[k], far[k])
            current[k], _ = layer_occupations(xi[k], E[k], share[k] * squares[m], f_plus, f_minus)
        for k in range(size):
            current[k] *= along[k]


@kernel(error_model="numpy", fastmath=REORDERED)
def _tails(values, rule, area):
    """Largest errors that coarse nodes along p and along theta leave in the sums over a cell."""
    n = rule.nodes.size
    before, last = rule.tail[0], rule.tail[1]
    radial, angular = 0.0, 0.0
    for f in values:
        size = 1e-300
        for k in range(n * n):
            size = max(size, abs(f[k]))
        along_r, along_t = 0.0, 0.0
        for j in range(n):
            # Four sums at once, none of which waits for another.
            a, b, c, d = 0.0, 0.0, 0.0, 0.0
            for i in range(n):
                a += last[i] * f[j * n + i]
                b += last[i] * f[i * n + j]
                c += before[i] * f[j * n + i]
                d += before[i] * f[i * n + j]
            along_r += 0.5 * rule.weights[j] * (a * a + c * c)
            along_t += 0.5 * rule.weights[j] * (b * b + d * d)
        # Coefficients that decay geometrically: the rule's error is that of twice the degree.
        radial, angular = max(radial, area * along_r / size), max(angular, area * along_t / size)
    return radial, angular
