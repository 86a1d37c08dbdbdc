r"""Adaptive quadrature over the relative momentum of a pair in the condensate, without a cutoff.

At low temperature the summands have two scales: they vary over energies of the order of Delta, but where quasiparticle
levels E - abs(delta) cross zero they step within a few T. Cells in (p, theta), p the hole's momentum, are halved along
the direction that needs it until the Legendre coefficients of the summands have decayed on each, so that small cells
lie along those lines only. Beyond a radius P the variable is y = 1/p, in which the summands are analytic; what is
subtracted there makes the pair susceptibility finite, see `ehbilayer.diode.momentum_grid`.
"""

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.diode.bands import window
from ehbilayer.diode.pair_kernels import half_energies
from ehbilayer.numerics.quadrature import gauss_legendre

# Ten nodes along a side cost least at the default tolerance: fewer need more cells, more are wasted on smooth ones.
_ORDER = 10
_MOST_CELLS = 5000
_LOWEST_T = 0.01


@dataclass(frozen=True, eq=False)
class MomentumNodes:
    """Nodes and weights for sums over p at one pair momentum, per area, with what the sums need there.

    Attributes
    ----------
    table : ndarray, shape (n, 8)
        Weight with the factor 1/(2 pi)^2, counterterm of the pair susceptibility, xi, delta, velocities of electron
        (x, y) and hole (x, y).
    log_start : float
        ln(P)/2 pi.
    half : bool
        Whether the nodes are those with p_y > 0, standing for both signs.
    cells, halvings : int
        How many cells there are, and how often one was halved.
    """

    table: np.ndarray
    log_start: float
    half: bool
    cells: int
    halvings: int


class MomentumCells:
    """Builds the nodes for given bands.

    Parameters
    ----------
    bands : Bands
    """

    def __init__(self, bands):
        self.bands = bands
        self.contours, self.span = window(bands)

    def nodes(self, q, T, squares, tolerance, order=_ORDER):
        """Nodes on which the sums of `ehbilayer.diode.mean_field` have about the given absolute error.

        Parameters
        ----------
        q : tuple of float
            Pair momentum in 1/l_u.
        T : float
            Temperature in T_c, at least 0.01.
        squares : sequence of float
            Squares of the order parameters at which the cells are made; the sums may be taken at others nearby.
        tolerance : float
            Absolute error that a cell may leave in the sum over K or in the current.
        order : int
            Gauss-Legendre nodes along each side of a cell, from 4 to 32.

        Returns
        -------
        MomentumNodes

        Raises
        ------
        TypeError, ValueError
            If an argument is of the wrong type or outside its range.
        RuntimeError
            If the tolerance needs too many cells.

        Examples
        --------
        >>> from ehbilayer.diode.bands import isolated_bands
        >>> cells = MomentumCells(isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0))
        >>> loose, tight = (cells.nodes((0.3, 0.0), 0.1, [3.0], tolerance) for tolerance in (1e-4, 1e-10))
        >>> loose.cells < tight.cells < 3 * loose.cells
        True
        """
        T, tolerance = validation.real("T", T, low=_LOWEST_T), validation.positive("tolerance", tolerance)
        squares = np.atleast_1d(validation.reals("squares", squares, low=0.0)).astype(float)
        cells, P = self._start(q, T, squares.max())
        rule = gauss_legendre(validation.integer("order", order, low=4, high=32))
        b = self.bands
        table, used, halvings, resolved = _refine(
            cells, *rule, _tail_rows(order), *q, T, squares, tolerance, b.lam_e, b.lam_h, b.B, b.J, b.mu_e, b.mu_h
        )
        if not resolved:
            raise RuntimeError(f"{_MOST_CELLS} cells do not resolve T = {T:g} at q = {q}: need a larger tolerance")
        return MomentumNodes(table, math.log(P) / (2 * np.pi), q[1] == 0, used, halvings)

    def _start(self, q, T, x):
        """Cells to begin with, fine enough for their nodes to meet the smallest pocket of quasiparticles."""
        k_low, k_high = self.span
        size = math.hypot(*q)
        electron, hole = self.contours
        if electron is None or hole is None or not (electron.simple and hole.simple):
            low, high = max(k_low - size, 0.0), k_high + size
        else:
            radii = np.hypot(
                electron.radius * np.cos(electron.angles) - q[0], electron.radius * np.sin(electron.angles) - q[1]
            )
            low = min(float(radii.min()), float(hole.radius.min()))
            high = max(float(radii.max()), float(hole.radius.max()))
        # Near the point where it opens a pocket has E - abs(delta) = xi^2/2 Delta - Delta theta^2/2 ~ T.
        energy = math.sqrt(2 * T * max(math.sqrt(x), T))
        margin = 2 * energy / k_high
        low, high = max(low - margin, 0.0), high + margin
        strength = abs(self.bands.lam_e) + abs(self.bands.lam_h)
        P = 2 * (high + size + 2 * strength + 1)
        fine = max(2, math.ceil((high - low) * k_high / (5 * energy)))
        edges = np.concatenate([[0.0] if low > 0 else [], np.linspace(low, high, fine + 1), [P]])
        angles = np.linspace(0.0, np.pi, max(3, math.ceil(2 / math.sqrt(T))) + 1)
        if q[1]:
            angles = np.concatenate([angles, angles[1:] + np.pi])
        rings = [(a, b, 0.0) for a, b in itertools.pairwise(edges)] + [(0.0, 1 / P, 1.0)]
        sectors = list(itertools.pairwise(angles))
        cells = np.array([(a, b, c, d, tail) for a, b, tail in rings for c, d in sectors])
        return cells, P


@lru_cache(maxsize=8)
def _tail_rows(order):
    """Rows that take values on Gauss-Legendre nodes to their last two coefficients in normalised Legendre polynomials."""
    nodes, weights = gauss_legendre(order)
    rows = []
    for degree in (order - 2, order - 1):
        values = np.polynomial.legendre.legval(nodes, [0.0] * degree + [1.0])
        rows.append(math.sqrt(2 * degree + 1) / 2 * weights * values)
    return np.array(rows)


@kernel
def _refine(cells, nodes, weights, tail, q_x, q_y, T, squares, tolerance, lam_e, lam_h, B, J, mu_e, mu_h):
    """Halve cells until the tails of K and of the electrons' current have decayed; their nodes as a table."""
    n = nodes.size
    half = q_y == 0.0  # angles from 0 to pi stand for both signs of p_y
    stack = np.empty((cells.shape[0] + 200, 5))
    stack[: cells.shape[0]] = cells
    top = cells.shape[0]
    table = np.empty((4 * cells.shape[0] * n * n, 8))
    used, halvings, resolved = 0, 0, True
    values = np.empty((2 * squares.size, n, n))
    unit = (2.0 if half else 1.0) / (4.0 * math.pi * math.pi)
    while top > 0:
        top -= 1
        low, high, begin, end, outer = stack[top]
        if used + n * n > table.shape[0]:
            larger = np.empty((2 * table.shape[0], 8))
            larger[:used] = table[:used]
            table = larger
        row = used
        for j in range(n):
            theta = 0.5 * (begin + end) + 0.5 * (end - begin) * nodes[j]
            cosine, sine = math.cos(theta), math.sin(theta)
            for i in range(n):
                r = 0.5 * (low + high) + 0.5 * (high - low) * nodes[i]
                p = 1.0 / r if outer else r
                counter = r * r if outer else 0.0
                jacobian = 1.0 / (r * r * r) if outer else r
                xi, delta, root_e, root_h = half_energies(p, cosine, sine, q_x, q_y, lam_e, lam_h, B, J, mu_e, mu_h)
                over_e = lam_e / root_e if root_e > 0.0 else 0.0
                over_h = lam_h / root_h if root_h > 0.0 else 0.0
                k_x, k_y, h_x, h_y = p * cosine + q_x, p * sine + q_y, -p * cosine, -p * sine
                v_x, v_y = k_x - over_e * (lam_e * k_x + B), k_y - over_e * lam_e * k_y
                for m in range(squares.size):
                    E = math.sqrt(xi * xi + squares[m])
                    f_plus, f_minus = occupations(E, delta, T)
                    K = (1.0 - f_plus - f_minus) / (2.0 * E) if E > 0.0 else 0.25 / T
                    n_e, _ = layer_occupations(xi, E, squares[m], f_plus, f_minus)
                    values[2 * m, i, j] = jacobian * (K - counter)
                    values[2 * m + 1, i, j] = jacobian * n_e * (v_x if half else v_x + v_y)
                table[row, 0] = unit * 0.25 * (high - low) * (end - begin) * weights[i] * weights[j] * jacobian
                table[row, 1] = counter
                table[row, 2], table[row, 3] = xi, delta
                table[row, 4], table[row, 5] = v_x, v_y
                table[row, 6], table[row, 7] = h_x - over_h * (lam_h * h_x + B), h_y - over_h * lam_h * h_y
                row += 1
        area = unit * (high - low) * (end - begin)
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
                        a += tail[m, i] * f[i, j]
                        b += tail[m, i] * f[j, i]
                    along_r += 0.5 * weights[j] * a * a
                    along_t += 0.5 * weights[j] * b * b
            # Coefficients that decay geometrically: the rule's error is that of twice the degree.
            radial, angular = max(radial, area * along_r / size), max(angular, area * along_t / size)
        if radial + angular <= tolerance:
            used = row
            continue
        if halvings >= _MOST_CELLS:
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


@kernel(inline="always")
def occupations(E, delta, T):
    """Fermi functions of the quasiparticle energies E + delta and E - delta."""
    d = abs(delta)
    if E - d > 40.0 * T:
        return 0.0, 0.0
    far, near = math.exp(-(E + d) / T), math.exp(-abs(E - d) / T)
    f_far, f_near = far / (1.0 + far), (near if d < E else 1.0) / (1.0 + near)
    return (f_far, f_near) if delta > 0.0 else (f_near, f_far)


@kernel(inline="always")
def layer_occupations(xi, E, x, f_plus, f_minus):
    """Occupations of the electron and hole states from those of the quasiparticles, at Delta^2 = x."""
    ratio = xi / E if E > 0.0 else 0.0
    # 1 - xi/E without cancellation far above the Fermi level.
    coherence = x / (E * (E + xi)) if xi > 0.0 else 1.0 - ratio
    common = coherence + ratio * (f_plus + f_minus)
    return 0.5 * (common - f_minus + f_plus), 0.5 * (common + f_minus - f_plus)


__all__ = ["MomentumCells", "MomentumNodes"]
