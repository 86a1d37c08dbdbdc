"""States of Ginzburg-Landau theory at any pair momentum, from series of alpha and beta over a rectangle."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ehbilayer.diode.bands import Bands
from ehbilayer.diode.brackets import search_range
from ehbilayer.diode.ginzburg_landau import free_energy
from ehbilayer.diode.mean_field import State
from ehbilayer.diode.momentum_grid import FINE, SCAN, Resolution, momentum_grid
from ehbilayer.diode.pairing_form import PLAIN, PairingForm
from ehbilayer.diode.plane_series import COARSE_STEP, PlaneSeries, lattice, local_minima, plane_sums
from ehbilayer.diode.pocket import BetaNotPositive

#: Chebyshev nodes in q_x and q_y^2 of an `ExpansionField` to begin with.
NODES = (34, 20)


@dataclass(frozen=True, eq=False)
class PlaneScan:
    """Ginzburg-Landau theory on a coarse lattice over the plane.

    Attributes
    ----------
    q_x, q_y : ndarray, shape (n,) and (m,)
    omega : ndarray, shape (n, m)
        F, 0 in the normal state and where the expansion has no minimum.
    pockets : ndarray of int, shape (n, m)
        Numbers of the connected regions of alpha < 0, 0 outside.
    unbounded : bool
        Whether beta <= 0 < -alpha somewhere: there the expansion has no minimum.
    """

    q_x: NDArray[np.float64]
    q_y: NDArray[np.float64]
    omega: NDArray[np.float64]
    pockets: NDArray[np.int_]
    unbounded: bool

    @property
    def step(self) -> float:
        """Distance of the momenta."""
        return float(self.q_y[1])

    def minima(self) -> list[tuple[float, float]]:
        """Momenta of local minima off the axis, lowest first."""
        return [(float(self.q_x[i]), float(self.q_y[j])) for i, j in local_minima(self.omega)]

    def box(self, q: tuple[float, float]) -> tuple[tuple[float, float], tuple[float, float]]:
        """Sides of a rectangle around the pocket at a momentum, with a margin.

        Parameters
        ----------
        q : tuple of float

        Returns
        -------
        q_x, q_y : tuple of float
            With q_y >= 0.
        """
        i, j = (int(np.argmin(np.abs(axis - x))) for axis, x in zip((self.q_x, self.q_y), q, strict=True))
        number = self.pockets[i, j]
        cells = np.argwhere(self.pockets == number) if number else np.array([[i, j]])
        (first, bottom), (last, top) = cells.min(axis=0), cells.max(axis=0)
        x = float(self.q_x[first]) - self.step, float(self.q_x[last]) + self.step
        return x, (max(float(self.q_y[bottom]) - self.step, 0.0), float(self.q_y[top]) + self.step)


def scan_plane(bands: Bands, T: float, inverse: float, form: PairingForm = PLAIN) -> PlaneScan:
    """Scan the plane, as finely as it takes to see every valley.

    Parameters
    ----------
    bands : Bands
    T : float
    inverse : float
        Finite part of 1/g.
    form : PairingForm
        What is held, and whether overlaps enter.

    Returns
    -------
    PlaneScan
    """
    q_max, step = search_range(bands, T)
    x, y = lattice(q_max, COARSE_STEP * step)
    susceptibility, beta = form.sums(bands, momentum_grid(bands, T, x, y, SCAN), x[:, None], y, T, inverse)
    alpha = inverse - susceptibility
    omega = np.nan_to_num(free_energy(alpha, beta))
    pockets = np.zeros(alpha.shape, dtype=np.int_)
    ndimage.label(alpha < 0, structure=np.ones((3, 3)), output=pockets)
    return PlaneScan(x, y, omega, pockets, bool(((alpha < 0) & (beta <= 0)).any()))


class ExpansionField:
    """Ginzburg-Landau states over a rectangle of pair momenta.

    Parameters
    ----------
    bands : Bands
    T : float
    inverse : float
        Finite part of 1/g.
    box : tuple
        Sides of the rectangle in q_x and q_y >= 0; beyond it the normal state is returned.
    resolution : Resolution
    nodes : tuple of int
        Chebyshev nodes in q_x and q_y^2 to begin with, half as many more until the series have decayed.
    form : PairingForm
        What is held, and whether overlaps enter.

    Attributes
    ----------
    box : tuple
    q_x : tuple of float
    step, width, reach : float
        As in `ehbilayer.diode.plane.PlaneField`.
    tail : float
        Of the series.
    """

    def __init__(
        self,
        bands: Bands,
        T: float,
        inverse: float,
        box: tuple[tuple[float, float], tuple[float, float]],
        resolution: Resolution,
        nodes: tuple[int, int] = NODES,
        form: PairingForm = PLAIN,
    ) -> None:
        self.T, self.inverse = T, inverse
        self.box = box
        self.q_x, self._q_y = box
        self.reach = math.hypot(max(map(abs, self.q_x)), self._q_y[1])
        _, self.step = search_range(bands, T)
        self.width = 0.375 * self.step / max(T, 0.3)
        squares = (self._q_y[0] ** 2, self._q_y[1] ** 2)
        for _ in range(3):
            tables = plane_sums(bands, T, self.q_x, self._q_y, resolution, nodes, form, inverse)
            self._susceptibility, self._beta = (PlaneSeries(table, self.q_x, squares) for table in tables)
            self.tail = max(self._susceptibility.tail, self._beta.tail)
            # Coarser sums are not worth a longer series.
            if self.tail < (1e-9 if resolution.order >= FINE.order else 1e-7):
                break
            nodes = (3 * nodes[0] // 2, 3 * nodes[1] // 2)

    def solve(self, q_x: float, q_y: float = 0.0, *, rough: bool = False) -> State:
        """State at one pair momentum.

        Parameters
        ----------
        q_x, q_y : float
            In 1/l_u.
        rough : bool
            Has no effect.

        Returns
        -------
        ehbilayer.diode.mean_field.State
            With equal currents in both layers.

        Raises
        ------
        BetaNotPositive
            If the expansion has no minimum there.
        """
        normal = State((q_x, q_y), self.T, 0.0, 0.0, (0.0, 0.0), (0.0, 0.0), 0.0)
        if not (self.q_x[0] <= q_x <= self.q_x[1] and self._q_y[0] <= abs(q_y) <= self._q_y[1]):
            return normal
        susceptibility, *rises = self._susceptibility(q_x, q_y)
        alpha = self.inverse - susceptibility
        if alpha >= 0:
            return normal
        beta, *slopes = self._beta(q_x, q_y)
        if beta <= 0:
            raise BetaNotPositive(f"beta falls to {beta:.3g} at q = ({q_x:.3g}, {q_y:.3g}): no minimum to fourth order")
        x, y = (
            alpha * rise / beta + alpha**2 * slope / (2 * beta**2) for rise, slope in zip(rises, slopes, strict=True)
        )
        delta = math.sqrt(-alpha / beta)
        return State((q_x, q_y), self.T, delta, -(alpha**2) / (2 * beta), (x, y), (x, y), 0.0)
