r"""Adaptive quadrature over the relative momentum of a pair in the condensate, without a cutoff.

At low temperature the summands have two scales: they vary over energies of the order of Delta, but where quasiparticle
levels E - abs(delta) cross zero they step within a few T. Cells in (p, theta), p the hole's momentum, are halved along
the direction that needs it until the Legendre coefficients of the summands have decayed on each, so that small cells
lie along those lines only. Beyond a radius P the variable is y = 1/p, in which the summands are analytic; what is
subtracted there makes the pair susceptibility finite, see `ehbilayer.diode.momentum_grid`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.cell_refinement import MOST_CELLS, CellRule, PairPoint, Spinor, refine
from ehbilayer.diode.fermi_contour import fermi_window
from ehbilayer.errors import NotConverged
from ehbilayer.numerics.quadrature import gauss_legendre

# Ten nodes along a side cost least at the default tolerance: fewer need more cells, more are wasted on smooth ones.
_ORDER = 10
_LOWEST_T = 0.01
_FARTHEST = 1e5
NO_OVERLAPS = Spinor(1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class MomentumNodes:
    """Nodes and weights for sums over p at one pair momentum, per area, with what the sums need there.

    Attributes
    ----------
    table : ndarray, shape (12, n)
        Weight with the factor 1/(2 pi)^2, counterterm of the pair susceptibility, xi, delta, velocities of electron
        (x, y) and hole (x, y); with overlaps the direction of the electron's spin (x, y, z) and lam/splitting, along
        which it turns, else 0.
    log_start : float
        ln(P)/2 pi.
    half : bool
        Whether the nodes are those with p_y > 0, standing for both signs.
    cells, halvings : int
        How many cells there are, and how often one was halved.
    """

    table: NDArray[np.float64]
    log_start: float
    half: bool
    cells: int
    halvings: int


class MomentumCells:
    """Builds the nodes for given bands.

    Parameters
    ----------
    bands : Bands

    Attributes
    ----------
    window : FermiWindow
        The Fermi contours of the bands.
    """

    def __init__(self, bands: Bands) -> None:
        self.bands = bands
        self.window = fermi_window(bands)

    def nodes(
        self,
        q: Sequence[float],
        T: float,
        squares: ArrayLike,
        tolerance: float,
        order: int = _ORDER,
        spinor: Spinor = NO_OVERLAPS,
    ) -> MomentumNodes:
        """Nodes on which the sums of `ehbilayer.diode.mean_field_sums` have about the given absolute error.

        Parameters
        ----------
        q : sequence of float, length 2
            Pair momentum in 1/l_u.
        T : float
            Temperature in T_c, at least 0.01.
        squares : array_like, shape (n,)
            Squares of the order parameters at which the cells are made; the sums may be taken at others nearby.
        tolerance : float
            Absolute error that a cell may leave in the sum over K or in the current.
        order : int
            Gauss-Legendre nodes along each side of a cell, from 4 to 32.
        spinor : Spinor
            What share of the order parameter a pair feels.

        Returns
        -------
        MomentumNodes

        Raises
        ------
        TypeError, ArgumentError
            If an argument is of the wrong type or outside its range.
        NotConverged
            If the tolerance needs too many cells.

        Examples
        --------
        >>> from ehbilayer.diode.bands import isolated_bands
        >>> cells = MomentumCells(isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0))
        >>> loose, tight = (cells.nodes((0.3, 0.0), 0.1, [3.0], tolerance) for tolerance in (1e-4, 1e-10))
        >>> loose.cells < tight.cells < 3 * loose.cells
        True
        """
        T, tolerance = validation.real("T", T, low=_LOWEST_T, high=1e3), validation.positive("tolerance", tolerance)
        squares = np.atleast_1d(validation.reals("squares", squares, low=0.0)).astype(float)
        validation.integer("order", order, low=4, high=32)
        q_x, q_y = q
        return self.unchecked((float(q_x), float(q_y)), T, squares, tolerance, order, spinor)

    def unchecked(
        self,
        q: tuple[float, float],
        T: float,
        squares: NDArray[np.float64],
        tolerance: float,
        order: int = _ORDER,
        spinor: Spinor = NO_OVERLAPS,
    ) -> MomentumNodes:
        """As `nodes`, for those who call it by the thousand and know their arguments to be right.

        Parameters
        ----------
        q, T, squares, tolerance, order, spinor
            As in `nodes`, but `squares` as an array of floats.

        Returns
        -------
        MomentumNodes
        """
        q_x, q_y = q
        rule = _rule(order)
        cells, P = self._start(q_x, q_y, T, float(squares.max()))
        table, used, halvings, resolved = refine(
            cells, rule, PairPoint(q_x, q_y, T), squares, tolerance, self.bands.pair, spinor
        )
        if not resolved:
            raise NotConverged(f"{MOST_CELLS} cells do not resolve T = {T:g} at q = {q}: need a larger tolerance")
        return MomentumNodes(table, math.log(P) / (2 * np.pi), q_y == 0, used, halvings)

    def _start(self, q_x, q_y, T, x):
        """Cells to begin with, fine enough for their nodes to meet the smallest pocket of quasiparticles."""
        k_high = self.window.high
        low, high = self.window.momenta((q_x, q_y))
        # Near the point where it opens a pocket has E - abs(delta) = xi^2/2 Delta - Delta theta^2/2 ~ T.
        energy = math.sqrt(2 * T * max(math.sqrt(x), T))
        margin = 2 * energy / k_high
        low, high = max(low - margin, 0.0), high + margin
        strength = abs(self.bands.lam_e) + abs(self.bands.lam_h)
        P = 2 * (high + math.hypot(q_x, q_y) + 2 * strength + 1)
        steepest = k_high * max(self.bands.curvature_e, self.bands.curvature_h)
        turn = self._turn_of_spins(q_x, q_y)
        if turn is not None:
            P = max(P, 2 * (turn[0] + turn[1]))
        fine = max(2, math.ceil((high - low) * steepest / (5 * energy)))
        edges = np.concatenate([[0.0] if low > 0 else [], np.linspace(low, high, fine + 1), [P]])
        angles = np.linspace(0.0, np.pi, max(3, math.ceil(2 / math.sqrt(T))) + 1)
        if q_y:
            angles = np.concatenate([angles, angles[1:] + np.pi])
        if turn is not None:
            p, width, angle = turn
            edges = _with(edges, [p - width, p, p + width], P)
            angles = _with(angles, [angle - width / p, angle, angle + width / p], angles[-1])
        cells = np.empty((len(edges), len(angles) - 1, 5))
        cells[:-1, :, 0], cells[:-1, :, 1], cells[:-1, :, 4] = edges[:-1, None], edges[1:, None], 0.0
        # The last ring is all that is left, in 1/p.
        cells[-1, :, 0], cells[-1, :, 1], cells[-1, :, 4] = 0.0, 1 / P, 1.0
        cells[:, :, 2], cells[:, :, 3] = angles[:-1], angles[1:]
        return cells.reshape(-1, 5), P

    def _turn_of_spins(self, q_x, q_y):
        """Radius, width and angle of where spins turn round and the band bends, lambda k = -B; None if not sharply."""
        bands = self.bands
        if not bands.lam_e or not bands.B:
            return None
        x, y = -bands.B / bands.lam_e - q_x, -q_y
        p, width = math.hypot(x, y), max(abs(bands.J / bands.lam_e), 0.05)
        if width > p / 2 or p > _FARTHEST:
            return None
        angle = math.atan2(y, x)
        return p, width, abs(angle) if q_y == 0 else angle % (2 * math.pi)


def _with(edges, more, end):
    """Edges with some more of them inside."""
    first = float(edges[0])
    return np.array(sorted({*edges.tolist(), *(x for x in more if first < x < end)}))


@lru_cache(maxsize=8)
def _rule(order):
    """Gauss-Legendre rule, and rows that take values on its nodes to the last two normalised Legendre coefficients."""
    nodes, weights = gauss_legendre(order)
    rows = []
    for degree in (order - 2, order - 1):
        values = np.polynomial.legendre.legval(nodes, [0.0] * degree + [1.0])
        rows.append(math.sqrt(2 * degree + 1) / 2 * weights * values)
    return CellRule(nodes, weights, np.array(rows))
