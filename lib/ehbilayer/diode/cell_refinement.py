"""Compiled part of `ehbilayer.diode.momentum_cells`: cells are halved until the summands are resolved on each."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.pair_kernels import PairBands, fill_occupations, half_energies, layer_occupations
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
    table : ndarray, shape (n, 12)
        As `ehbilayer.diode.momentum_cells.MomentumNodes.table`.
    used, halvings : int
        How many cells there are, and how often one was halved.
    resolved : bool
        False if that would have been more often than `MOST_CELLS`.
    """
    n = rule.nodes.size
    stack = np.empty((cells.shape[0] + 200, 5))
    stack[: cells.shape[0]] = cells
    top = cells.shape[0]
    table = np.empty((4 * cells.shape[0] * n * n, 12))
    values, work = np.empty((2 * squares.size, n, n)), np.empty((6, n * n))
    used, halvings, resolved = 0, 0, True
    # Angles from 0 to pi stand for both signs of p_y.
    unit = (2.0 if point.q_y == 0.0 else 1.0) / (4.0 * math.pi * math.pi)
    while top > 0:
        top -= 1
        low, high, begin, end, outer = stack[top]
        if used + n * n > table.shape[0]:
            larger = np.empty((2 * table.shape[0], 12))
            larger[:used] = table[:used]
            table = larger
        _evaluate(stack[top], rule, point, squares, bands, spinor, table[used : used + n * n], values, work, unit)
        radial, angular = _tails(values, rule, unit * (high - low) * (end - begin))
        if radial + angular <= tolerance:
            used += n * n
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
    return table[:used].copy(), used // (n * n), halvings, resolved


@kernel(error_model="numpy")
def _evaluate(cell, rule, point, squares, bands, spinor, rows, values, work, unit):
    """Fill the rows of the table that belong to a cell, and the summands whose tails decide about it."""
    low, high, begin, end, outer = cell
    n = rule.nodes.size
    share, jacobian, E, delta, far, near = work[0], work[1], work[2], work[3], work[4], work[5]
    row = 0
    for j in range(n):
        theta = 0.5 * (begin + end) + 0.5 * (end - begin) * rule.nodes[j]
        cosine, sine = math.cos(theta), math.sin(theta)
        for i in range(n):
            r = 0.5 * (low + high) + 0.5 * (high - low) * rule.nodes[i]
            p = 1.0 / r if outer else r
            jacobian[row] = 1.0 / (r * r * r) if outer else r
            p_x, p_y = p * cosine, p * sine
            k_x, k_y = p_x + point.q_x, p_y + point.q_y
            rows[row, 0] = (
                unit * 0.25 * (high - low) * (end - begin) * rule.weights[i] * rule.weights[j] * jacobian[row]
            )
            rows[row, 1] = r * r if outer else 0.0
            rows[row, 2], delta[row] = half_energies(p_x, p_y, point.q_x, point.q_y, bands)
            rows[row, 3] = delta[row]
            rows[row, 4], rows[row, 5] = gradient(k_x, k_y, bands.curvature_e, bands.lam_e, bands.B, bands.J)
            rows[row, 6], rows[row, 7] = gradient(-p_x, -p_y, bands.curvature_h, bands.lam_h, bands.B, bands.J)
            share[row], rows[row, 8:] = spinor.same, 0.0
            if spinor.same < 1.0:
                n_x, n_y, n_z = spin(k_x, k_y, bands.lam_e, bands.B, bands.J)
                share[row] += n_x * spinor.x + n_y * spinor.y + n_z * spinor.z
                rows[row, 8], rows[row, 9], rows[row, 10] = n_x, n_y, n_z
                rows[row, 11] = bands.lam_e / splitting(k_x, k_y, bands.lam_e, bands.B, bands.J)
            row += 1
    across = 0.0 if point.q_y == 0.0 else 1.0
    for m in range(squares.size):
        for row in range(n * n):
            E[row] = math.sqrt(rows[row, 2] * rows[row, 2] + share[row] * squares[m])
        fill_occupations(E, delta, point.T, far, near)
        for row in range(n * n):
            j, i = row // n, row % n
            f_plus, f_minus = (far[row], near[row]) if delta[row] > 0.0 else (near[row], far[row])
            K = (1.0 - f_plus - f_minus) / (2.0 * E[row]) if E[row] > 0.0 else 0.25 / point.T
            n_e, _ = layer_occupations(rows[row, 2], E[row], share[row] * squares[m], f_plus, f_minus)
            values[2 * m, i, j] = jacobian[row] * (K - rows[row, 1]) * share[row]
            values[2 * m + 1, i, j] = jacobian[row] * n_e * (rows[row, 4] + across * rows[row, 5])


@kernel
def _tails(values, rule, area):
    """Largest errors that coarse nodes along p and along theta leave in the sums over a cell."""
    n = rule.nodes.size
    radial, angular = 0.0, 0.0
    for f in values:
        size = 1e-300
        for i in range(n):
            for j in range(n):
                size = max(size, abs(f[i, j]))
        along_r, along_t = 0.0, 0.0
        for m in range(2):
            for j in range(n):
                a, b = 0.0, 0.0
                for i in range(n):
                    a += rule.tail[m, i] * f[i, j]
                    b += rule.tail[m, i] * f[j, i]
                along_r += 0.5 * rule.weights[j] * a * a
                along_t += 0.5 * rule.weights[j] * b * b
        # Coefficients that decay geometrically: the rule's error is that of twice the degree.
        radial, angular = max(radial, area * along_r / size), max(angular, area * along_t / size)
    return radial, angular
