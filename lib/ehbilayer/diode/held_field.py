r"""Mean-field states at held densities, or with the overlaps of the electrons' spinors, or both.

The free energy per area at held densities is the Legendre transform

.. math:: F(\mathbf q) = \min_{D}\max_{\mu_e,\mu_h}\Big[\Omega(D, \mathbf q, \mu_e, \mu_h) + \mu_e n_e + \mu_h n_h\Big],

with a spinor D of the order parameter (`ehbilayer.diode.spinor_moments`). Its derivative along q at held densities is
that of Omega at the chemical potentials found, which is the current.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.diode.bands import Bands, density
from ehbilayer.diode.cell_refinement import Spinor
from ehbilayer.diode.held_newton import HeldPoint, across, definite, settle, trial_at, turned
from ehbilayer.diode.held_sums import HeldSums, held_sums
from ehbilayer.diode.mean_field import TOLERANCE, MeanField, RememberedStates, State, scanned_potential
from ehbilayer.diode.momentum_cells import MomentumNodes
from ehbilayer.diode.pairing_form import PairingForm, with_densities

__all__ = ["HeldField", "HeldState"]

_SCAN_TOLERANCE, _SCAN_ORDER = 1e-5, 6


class HeldState(NamedTuple):
    """Order parameter and chemical potentials of a state.

    Attributes
    ----------
    X : float
        Square of the order parameter.
    mean, half : float
        Half the sum and half the difference of the deviations of mu_e and mu_h from those of the normal state.
    d : ndarray, shape (3,)
        Direction of the spinor.
    """

    X: float
    mean: float
    half: float
    d: NDArray[np.float64]


class HeldField(RememberedStates):
    """Mean-field states in a form other than the plain one; for the rest like `ehbilayer.diode.mean_field.MeanField`.

    Parameters
    ----------
    bands : Bands
        With the chemical potentials at T_c.
    T : float
        Temperature in T_c.
    inverse : float
        Finite part of 1/g in this form.
    form : PairingForm
    tolerance : float
        As in `MeanField`.
    scan_points : int
        Order parameters at which the sign of the derivative is looked at, from zero to one beyond all minima.

    Attributes
    ----------
    bands : Bands
        With held densities, those with the normal state's chemical potentials at T.
    q_x : tuple of float
    step, width, reach, tolerance : float
        As in `MeanField`.
    """

    def __init__(
        self,
        bands: Bands,
        T: float,
        inverse: float,
        form: PairingForm,
        *,
        tolerance: float = TOLERANCE,
        scan_points: int = 11,
    ) -> None:
        self.form = validation.instance("form", form, PairingForm)
        self._held = form.hold == "density"
        self.bands = with_densities(bands, T) if self._held else bands
        self._same = 0.5 if form.overlaps else 1.0
        # Ranges of momenta and of the order parameter do not depend on the form, up to the share of it that pairs feel.
        self._plain = MeanField(self.bands, T, inverse if not form.overlaps else 0.0, tolerance=tolerance)
        self.T, self.inverse, self.tolerance = self._plain.T, float(inverse), self._plain.tolerance
        self.q_x, self.step, self.width, self.reach = (
            getattr(self._plain, name) for name in ("q_x", "step", "width", "reach")
        )
        self._density = tuple(density(self.bands, layer, self.T) for layer in ("e", "h"))
        self._squares = self._scan_squares(validation.integer("scan_points", scan_points, low=4))
        self._known: dict[int, HeldState] = {}
        # The start of Newton's method depends on what was solved before, and with it the last digit: once is enough.
        super().__init__()

    def found(self, q_x: float, q_y: float = 0.0, *, rough: bool = False) -> tuple[State, HeldState]:
        """As `solve`, with the chemical potentials and the spinor; the potential is F relative to the normal state.

        Parameters
        ----------
        q_x, q_y : float
        rough : bool

        Returns
        -------
        state : State
        held : HeldState
        """
        q = (validation.real("q_x", q_x), validation.real("q_y", q_y))
        scan = self._nodes(q, [0.0, 0.3 * self._squares[-1]], _SCAN_TOLERANCE, _SCAN_ORDER)
        states: list[HeldState] = []
        slopes, curvatures, squares = [], [], list(self._squares)
        for index, X in enumerate(squares):
            start = self._known.get(index, states[-1]) if index else self._normal(scan)
            if scan.half and start.d[1]:
                # On the axis the spinor lies in the mirror plane: the sums over half the circle know no other.
                mirrored = start.d * [1.0, 0.0, 1.0]
                length = float(np.linalg.norm(mirrored))
                start = start._replace(d=mirrored / length) if length > 1e-3 else self._normal(scan)
            state, slope, curvature = self._inner(scan, start, float(X))
            self._known[index] = state
            states.append(state)
            slopes.append(slope)
            curvatures.append(curvature)
            if index == len(squares) - 1 and slopes[-1] < 0:
                # The minimum lies farther out than where the last value was looked for.
                squares.append(1.3 * squares[-1])
        squares, slopes, curvatures = np.array(squares), np.array(slopes), np.array(curvatures)
        best = State(q, self.T, 0.0, 0.0, (0.0, 0.0), (0.0, 0.0), 0.0), states[0]
        for i in np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0)):
            held, nodes = self._root(scan, states[i], squares[i], squares[i + 1], slopes[i], slopes[i + 1]), scan
            if held.X <= 0:
                continue
            if rough:
                sums = self._sums(nodes, held, whole=True)
                omega = scanned_potential(squares, slopes, curvatures, int(i), held.X, self._curvature(nodes, sums))
            else:
                nodes = self._fine(q, held)
                polished = self._polish(nodes, held)
                if polished is None:
                    # At the end of a branch, where few nodes and many may disagree about its last states.
                    bracket = 0.9 * squares[i], 1.1 * squares[i + 1]
                    polished = self._root(nodes, held, *bracket, slopes[i], slopes[i + 1], 1e-12)
                held = polished
                if held.X < 1e-9:
                    continue
                sums = self._sums(nodes, held, whole=True)
                omega = self._free_energy(nodes, held, sums)
            if omega < best[0].omega:
                residual = float(np.abs(self._residual(nodes, sums)[self._active(nodes)]).max())
                best = self._state(q, nodes, held, sums, omega, residual), held
        return best

    def _lowest(self, q, rough):
        return self.found(*q, rough=rough)[0]

    def _scan_squares(self, count):
        """Values of X from zero to one beyond all minima, where the derivative is positive at several momenta."""
        top = 0.0
        for q in np.linspace(self.q_x[0], self.q_x[1], 5):
            nodes = self._nodes((float(q), 0.0), [0.0, 3.0], _SCAN_TOLERANCE, _SCAN_ORDER)
            state = self._normal(nodes)
            low, high = 0.25, 0.25
            while True:
                state, slope, _ = self._inner(nodes, state, high)
                if slope > 0:
                    break
                low, high = high, 2.0 * high
            while high > 1.2 * low and high > top:
                state, slope, _ = self._inner(nodes, state, middle := (low + high) / 2)
                low, high = (low, middle) if slope > 0 else (middle, high)
            top = max(top, high)
        return (math.sqrt(1.5 * top) * np.linspace(0.0, 1.0, count) ** 1.25) ** 2

    def _normal(self, nodes):
        """The normal state, with the spinor that would grow first: the mean spin of the pairs, each counted by K."""
        state = HeldState(0.0, 0.0, 0.0, np.array([0.0, 0.0, 1.0]))
        if not self.form.overlaps:
            return state
        sums = self._sums(nodes, state)
        first, second = across(state.d)
        off = 0.0 if nodes.half else sums.gradient[2]
        vector = sums.jacobian[1, 1] * state.d - sums.gradient[1] * first - off * second
        return state._replace(d=vector / np.linalg.norm(vector))

    def _sums(self, nodes: MomentumNodes, state: HeldState, whole: bool = False) -> HeldSums:
        return held_sums(nodes.table, self.T, trial_at(*state, self._same), whole)

    def _residual(self, nodes: MomentumNodes, sums: HeldSums) -> NDArray[np.float64]:
        """What vanishes in a state: derivatives with respect to X, the spinor's angles, mean and half."""
        electrons, holes = self._density
        constant = [self.inverse + self._same * nodes.log_start, 0.0, 0.0, electrons + holes, electrons - holes]
        return sums.gradient + constant

    def _active(self, nodes: MomentumNodes) -> list[int]:
        """Unknowns; on the axis the spinor stays in the mirror plane."""
        angles = ([1] if nodes.half else [1, 2]) if self.form.overlaps else []
        return [0, *angles, *([3, 4] if self._held else [])]

    def _curvature(self, nodes, sums):
        """Second derivative with respect to X with the other unknowns following."""
        rest = self._active(nodes)[1:]
        A = sums.jacobian
        if not rest:
            return A[0, 0]
        return float(A[0, 0] - A[0, rest] @ np.linalg.solve(definite(A, np.array(rest), self._held), A[rest, 0]))

    def _free_energy(self, nodes, state, sums):
        electrons, holes = self._density
        omega = state.X * (self.inverse + self._same * nodes.log_start) - sums.energy - self._plain.normal
        return omega + state.mean * (electrons + holes) + state.half * (electrons - holes)

    def _inner(self, nodes, state, X, tolerance=1e-2):
        """Best spinor and chemical potentials at one X, and both derivatives along X there."""
        inverse = self.inverse + self._same * nodes.log_start
        electrons, holes = self._density
        point = HeldPoint(self.T, self._same, inverse, electrons, holes, self._held, nodes.half, whole=False)
        found = settle(nodes.table, point, X, state.mean, state.half, state.d, tolerance)
        return HeldState(X, found.mean, found.half, found.d), found.slope, found.curvature

    def _moved(self, state, unknowns, step):
        X, first, second, mean, half = (dict(zip(unknowns, step.tolist(), strict=True)).get(i, 0.0) for i in range(5))
        d = turned(state.d, first, second)
        return HeldState(state.X + X, state.mean + mean, state.half + half, d)

    def _root(self, nodes, state, low, high, slope_low, slope_high, tolerance=1e-5):
        """State between two values of X where F is lowest."""
        X = low + (high - low) * slope_low / (slope_low - slope_high)
        for _ in range(40):
            state, slope, curvature = self._inner(nodes, state, float(X), 0.1 * math.sqrt(tolerance))
            low, high = (X, high) if slope < 0 else (low, X)
            new = X - slope / curvature if curvature > 0 else -1.0
            if abs(new - X) <= tolerance * (1 + X):
                return state._replace(X=max(float(new), 0.0))
            X = new if low < new < high else (low + high) / 2
            if high - low < 1e-12 * (1 + X):
                break
        return state

    def _polish(self, nodes, state):
        """Newton in all unknowns on nodes that hardly move the solution; None if it does not converge."""
        active = self._active(nodes)
        last = math.inf
        for _ in range(30):
            sums = self._sums(nodes, state)
            residual = self._residual(nodes, sums)[active]
            step = -np.linalg.solve(sums.jacobian[np.ix_(active, active)], residual)
            size = float(np.abs(step).max())
            scale = min(1.0, 0.3 * max(state.X, 1e-6) / max(abs(float(step[0])), 1e-300), 0.3 / max(size, 1e-300))
            step *= scale
            state = self._moved(state, active, step)
            if state.X <= 0:
                return None
            if size < 1e-12 * (1 + state.X) or (size < 1e-9 and size >= last):
                return state
            last = size
        return None

    def _nodes(self, q, squares, tolerance, order=10, spinor=None):
        # A direction of the spinor that favours no spin will do for scans.
        spinor = Spinor(self._same, 0.0, 0.0, 0.0) if spinor is None else spinor
        return self._plain.cells.unchecked(q, self.T, np.array(squares), tolerance, order, spinor)

    def _fine(self, q, held):
        """Nodes for a state, at its own chemical potentials."""
        tolerance = self.tolerance * min(max(held.X, 1e-2), 3.0) ** 1.5
        spinor = Spinor(self._same, *((1.0 - self._same) * held.d))
        cells = self._plain.shifted(held.mean, held.half)
        nodes = cells.unchecked(q, self.T, np.array([held.X]), tolerance, spinor=spinor)
        nodes.table[2] += held.mean
        nodes.table[3] += held.half
        return nodes

    def _state(self, q, nodes, held, sums, omega, residual):
        # Nodes on the half circle stand for both signs of p_y.
        y = 0.0 if nodes.half else 1.0
        electron, hole = (sums.electron_x, y * sums.electron_y), (sums.hole_x, y * sums.hole_y)
        return State(q, self.T, math.sqrt(held.X), omega, electron, hole, residual)
