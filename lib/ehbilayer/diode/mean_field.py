r"""Mean-field theory of the exciton condensate at any temperature, with order parameter Delta exp(i q x).

Units k_B T_c = m = hbar = 1, per area. With xi and delta as in `ehbilayer.diode.ginzburg_landau` and
E^2 = xi^2 + Delta^2,

.. math::
    \Omega = \frac{\Delta^2}{g} + \sum_p \Big\{\xi - T\ln\Big[2\cosh\frac{E}{T} + 2\cosh\frac{\delta}{T}\Big]\Big\},
    \qquad \frac{\partial\Omega}{\partial\Delta^2} = \frac1g - \sum_p K(E, \delta),

with the same K as in Ginzburg-Landau theory, which is the expansion of this Omega in Delta^2. The number current of
the pairs, dOmega/dq at the minimum, equals those of the electrons and of the holes computed from their velocities.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.diode.bands import Bands, pressure
from ehbilayer.diode.brackets import search_range
from ehbilayer.diode.mean_field_sums import scan_sums, state_sums
from ehbilayer.diode.momentum_cells import MomentumCells
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.roots import root

__all__ = ["LOWEST_T", "TOLERANCE", "MeanField", "State"]

#: Error that one cell of momenta leaves by default, see `MeanField`.
TOLERANCE = 3e-12
#: Lowest temperature in T_c.
LOWEST_T = 0.02
_SCAN_TOLERANCE, _SCAN_ORDER = 1e-5, 6


@dataclass(frozen=True)
class State:
    """Lowest mean-field state at one pair momentum.

    Attributes
    ----------
    q : tuple of float
        Pair momentum in 1/l_u.
    T : float
        Temperature in T_c.
    delta : float
        Order parameter in k_B T_c; 0 in the normal state.
    omega : float
        Grand potential relative to the normal state, E_u/l_u^2.
    electron_current, hole_current : tuple of float
        Number currents of electrons and holes in J_u, each from its own velocities and occupations.
    residual : float
        What is left of dOmega/dDelta^2; 0 in the normal state.
    """

    q: tuple[float, float]
    T: float
    delta: float
    omega: float
    electron_current: tuple[float, float]
    hole_current: tuple[float, float]
    residual: float


class RememberedStates:
    """States by momentum, each found once: scans from coarse to fine and several searches come back to the same ones.

    A subclass has ``_lowest(q, rough)``, which finds one.
    """

    def __init__(self) -> None:
        self._solved: dict[tuple[float, float, bool], State] = {}

    def solve(self, q_x: float, q_y: float = 0.0, *, rough: bool = False) -> State:
        """Global minimum of Omega over Delta at one pair momentum.

        Parameters
        ----------
        q_x, q_y : float
            In 1/l_u.
        rough : bool
            Whether four digits will do, for scans.

        Returns
        -------
        State
        """
        q = (validation.real("q_x", q_x), validation.real("q_y", q_y))
        if (*q, rough) not in self._solved:
            self._solved[*q, rough] = self._lowest(q, rough)
        return self._solved[*q, rough]

    def _lowest(self, q: tuple[float, float], rough: bool) -> State:
        raise NotImplementedError


def scanned_potential(
    squares: NDArray, slopes: NDArray, curvatures: NDArray, index: int, x: float, curvature: float
) -> float:
    """Potential at a minimum over the square of the order parameter, from its derivatives along a scan.

    Parameters
    ----------
    squares, slopes, curvatures : ndarray, shape (n,)
        Squares, from 0 on, and first and second derivatives there.
    index : int
        Of the last square before the minimum.
    x, curvature : float
        Square at the minimum, and the second derivative there.

    Returns
    -------
    float

    Examples
    --------
    Of (x - 2)^2:

    >>> x = np.array([0.0, 1.0, 3.0])
    >>> scanned_potential(x, 2 * (x - 2), np.full(3, 2.0), 1, 2.0, 2.0)
    -4.0
    """
    h = np.diff(squares[: index + 1])
    first, second = slopes[: index + 1], curvatures[: index + 1]
    pieces = h * (first[1:] + first[:-1]) / 2 + h**2 * (second[:-1] - second[1:]) / 12
    width = x - squares[index]
    return float(pieces.sum() + width * slopes[index] / 2 + width**2 * (curvatures[index] - curvature) / 12)


class MeanField(RememberedStates):
    """Mean-field states of given bands, temperature and coupling.

    Parameters
    ----------
    bands : Bands
    T : float
        Temperature in T_c, from 0.02 on.
    inverse : float
        Finite part of 1/g, see `ehbilayer.diode.coupling.Coupling`.
    q_x : tuple of float, optional
        Smallest and largest q_x of scans; by default where the Fermi contours cannot touch any more.
    tolerance : float
        Absolute error that one cell of momenta may leave in the sums, at Delta = 1; it scales with Delta^3, as currents
        do near T_c. From 1e-14 to 1e-4.
    scan_points : int
        Order parameters at which the sign of dOmega/dDelta^2 is looked at, from zero to one beyond all minima: so many
        up to Delta = 2.5 and in proportion beyond, at least 4.

    Attributes
    ----------
    cells : MomentumCells
        What builds the nodes of the sums.
    q_x : tuple of float
        Smallest and largest q_x of scans.
    step, width : float
        Distances of momenta on which the condensate varies, and on which it is nearly parabolic.
    reach : float
        Largest length of a momentum of scans.
    normal : float
        Grand potential of the normal state, E_u/l_u^2.
    squares : ndarray
        The values of Delta^2 at which the sign of dOmega/dDelta^2 is looked at.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    Weak coupling without spin-orbit coupling has Delta(0) = 1.764 T_c:

    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=200.0, lam=0.0, J=300.0, B=0.0)
    >>> state = MeanField(bands, 0.1, coupling_at_T_c(bands).inverse).solve(0.0)
    >>> round(state.delta, 3)
    1.764
    """

    def __init__(
        self,
        bands: Bands,
        T: float,
        inverse: float,
        q_x: tuple[float, float] | None = None,
        *,
        tolerance: float = TOLERANCE,
        scan_points: int = 13,
    ) -> None:
        self.bands = validation.instance("bands", bands, Bands)
        self.T = validation.real("T", T, low=LOWEST_T, high=1e3)
        self.inverse = validation.real("inverse", inverse)
        self.tolerance = validation.real("tolerance", tolerance, low=1e-14, high=1e-4)
        scan_points = validation.integer("scan_points", scan_points, low=4)
        self.cells = MomentumCells(bands)
        self.normal = -pressure(bands, "e", self.T) - pressure(bands, "h", self.T)
        q_max, self.step = search_range(bands)
        self.width = 0.15 * bands.pair_mass / self.cells.window.high
        ends = np.ravel(validation.reals("q_x", (-q_max, q_max) if q_x is None else q_x, low=-1e3, high=1e3))
        if len(ends) != 2:
            raise ArgumentError("q_x", q_x, "two numbers")
        self.q_x = (float(ends.min()), float(ends.max()))
        self.reach = max(map(abs, self.q_x))
        top = self._largest_delta()
        count = max(scan_points, math.ceil(scan_points * top / 2.5))
        # Denser towards zero, where a small order parameter is to be found.
        self.squares = (top * np.linspace(0.0, 1.0, count) ** 1.25) ** 2
        super().__init__()

    def potential(self, delta: float, q_x: float, q_y: float = 0.0) -> tuple[float, float]:
        """Omega relative to the normal state and dOmega/dDelta^2 at any order parameter.

        Parameters
        ----------
        delta, q_x, q_y : float

        Returns
        -------
        omega, slope : float
        """
        x = float(delta) ** 2
        nodes = self._nodes((float(q_x), float(q_y)), x)
        sums = state_sums(nodes.table, self.T, x)
        return self._omega(nodes, x, sums), self.inverse + nodes.log_start - sums.K

    def _lowest(self, q, rough):
        squares, slopes, curvatures, scan = self._scan(q, rough)
        best = State(q, self.T, 0.0, 0.0, (0.0, 0.0), (0.0, 0.0), 0.0)
        # Minima of Omega are where its slope turns positive.
        for i in np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0)):
            start = squares[i] + (squares[i + 1] - squares[i]) * slopes[i] / (slopes[i] - slopes[i + 1])
            x, nodes = self._root(scan, start, squares[i], squares[i + 1], 1e-4), scan
            if not rough and x > 0:
                # Both sets of nodes have nearly the same root, but possibly across the end of the bracket.
                nodes = self._nodes(q, x)
                x = self._root(nodes, x, 0.9 * squares[i], 1.1 * squares[i + 1])
            if x > 0:
                sums = state_sums(nodes.table, self.T, x)
                omega = self._omega(nodes, x, sums)
                if rough:
                    # The nodes of scans are too few for a small difference of potentials, but not for its derivative.
                    omega = self._rough_omega(squares, slopes, curvatures, scan, i, x)
                if omega < best.omega:
                    # Nodes on the half circle stand for both signs of p_y.
                    y = 0.0 if nodes.half else 1.0
                    electron, hole = (sums.electron_x, y * sums.electron_y), (sums.hole_x, y * sums.hole_y)
                    residual = abs(self.inverse + nodes.log_start - sums.K)
                    best = State(q, self.T, math.sqrt(x), omega, electron, hole, residual)
        return best

    def order_parameters(self, q_x: float, q_y: float = 0.0) -> list[tuple[float, float]]:
        """Local minima of Omega over Delta at one pair momentum, with the normal state if it is one; four digits.

        Parameters
        ----------
        q_x, q_y : float
            In 1/l_u.

        Returns
        -------
        list of tuple of float
            Delta and Omega relative to the normal state, lowest first.
        """
        squares, slopes, curvatures, scan = self._scan((validation.real("q_x", q_x), validation.real("q_y", q_y)), True)
        found = [(0.0, 0.0)] if slopes[0] >= 0 else []
        for i in np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0)):
            start = squares[i] + (squares[i + 1] - squares[i]) * slopes[i] / (slopes[i] - slopes[i + 1])
            x = self._root(scan, start, squares[i], squares[i + 1], 1e-4)
            found.append((math.sqrt(x), self._rough_omega(squares, slopes, curvatures, scan, i, x)))
        return sorted(found, key=lambda minimum: minimum[1])

    def _rough_omega(self, squares, slopes, curvatures, scan, i, x):
        """Omega at a minimum beyond the i-th value of a scan."""
        return scanned_potential(squares, slopes, curvatures, i, x, float(self._slopes(scan, np.array([x]))[1][0]))

    def shifted(self, mean: float, half: float) -> MomentumCells:
        """What builds nodes where the chemical potentials deviate by mean + half and mean - half.

        Parameters
        ----------
        mean, half : float

        Returns
        -------
        MomentumCells
        """
        if not mean and not half:
            return self.cells
        bands = self.bands
        return MomentumCells(replace(bands, mu_e=bands.mu_e + mean + half, mu_h=bands.mu_h + mean - half))

    def _largest_delta(self):
        """A Delta beyond all minima: K <= 1/2E, so that none lies beyond the root with 1/2E in place of K."""
        roots = []
        for q_x in np.linspace(*self.q_x, 5):
            nodes = self._scan_nodes((float(q_x), 0.0), [0.0, 3.0])
            weight, counter, xi = nodes.table[:3]

            def slope(x, weight=weight, counter=counter, xi=xi, start=nodes.log_start):
                return self.inverse + start - float(weight @ (0.5 / np.sqrt(xi**2 + x) - counter))

            high = 4.0
            while slope(high) < 0:
                high *= 4
            roots.append(root(slope, 1e-6, high, relative=1e-3) if slope(1e-6) < 0 else 1e-6)
        # The root hardly varies between the momenta; five per cent more allow for that.
        return max(1.05 * math.sqrt(max(roots)), 0.5)

    def _nodes(self, q, x):
        tolerance = self.tolerance * min(max(x, 1e-2), 3.0) ** 1.5
        return self.cells.unchecked(q, self.T, np.array([x]), tolerance)

    def _root(self, nodes, x, low, high, tolerance=1e-12):
        """Root of dOmega/dDelta^2 as a function of x = Delta^2: Newton, kept inside the bracket."""
        for _ in range(60):
            slope, G = (float(v[0]) for v in self._slopes(nodes, np.array([x])))
            low, high = (x, high) if slope < 0 else (low, x)
            new = x - slope / G if G > 0 else -1.0
            if abs(new - x) <= tolerance * (1 + x):
                return max(new, 0.0)
            x = new if low < new < high else (low + high) / 2
            if high - low < 1e-14 * (1 + x):
                return x
        return x

    def _scan(self, q, whole):
        """Values of Delta^2, first and second derivatives of Omega there to a few digits, and the nodes of the sums.

        A pair of minimum and maximum of Omega between two of the values shows in the second derivative: where that
        changes sign, the extremum of the cubic through both ends is looked at, too. Every third value is enough where
        they and the cubics between them say that there is no minimum, or (unless the whole potential is asked for) one.
        """
        squares = self.squares
        nodes = self._scan_nodes(q, [0.0, 0.3 * squares[-1]])
        few = np.arange(squares.size) % 3 == 0
        few[-1] = True
        slopes, curvatures = self._slopes(nodes, squares[few])
        if _simple(squares[few], slopes, curvatures, minima=not whole):
            return squares[few], slopes, curvatures, nodes
        found = np.empty((2, squares.size))
        found[:, few], found[:, ~few] = (slopes, curvatures), self._slopes(nodes, squares[~few])
        slopes, curvatures = found
        for _ in range(2):
            extra = _hidden_extrema(squares, slopes, curvatures)
            if not extra.size:
                break
            squares = np.concatenate([squares, extra])
            more = self._slopes(nodes, extra)
            order = np.argsort(squares)
            squares = squares[order]
            slopes, curvatures = (np.concatenate(pair)[order] for pair in zip((slopes, curvatures), more, strict=True))
        return squares, slopes, curvatures, nodes

    def _slopes(self, nodes, squares):
        K, G = scan_sums(nodes.table, self.T, squares)
        return self.inverse + nodes.log_start - K, G

    def _scan_nodes(self, q, squares):
        return self.cells.unchecked(q, self.T, np.array(squares), _SCAN_TOLERANCE, _SCAN_ORDER)

    def _omega(self, nodes, x, sums):
        return x * (self.inverse + nodes.log_start) - sums.energy - self.normal


def _simple(x, slopes, curvatures, *, minima):
    """Whether there is no minimum of Omega, or if these are allowed one, in an interval where its slope only grows."""
    turns = np.flatnonzero((slopes[:-1] < 0) != (slopes[1:] < 0))
    if turns.size > (1 if minima else 0) or _hidden_extrema(x, slopes, curvatures).size:
        return False
    return not turns.size or bool(slopes[turns[0]] < 0 and (curvatures[[turns[0], turns[0] + 1]] > 0).all())


def _hidden_extrema(x, slopes, curvatures):
    """Where cubics through slopes and curvatures turn back towards zero between neighbours of equal sign."""
    h, rise = np.diff(x), np.diff(slopes)
    left, right = curvatures[:-1] * h, curvatures[1:] * h
    turns = (slopes[:-1] * slopes[1:] > 0) & (np.sign(slopes[:-1]) * left < 0) & (np.sign(slopes[1:]) * right > 0)
    h, rise, left, right, start = (v[turns] for v in (h, rise, left, right, x[:-1]))
    # Zero of the derivative of the Hermite cubic, t from 0 to 1: left + 2 b t + 3 c t^2.
    b, c = 3 * rise - 2 * left - right, left + right - 2 * rise
    root = np.sqrt(np.maximum(b**2 - 3 * left * c, 0.0))
    t = -left / (b + np.where(b > 0, root, -root))
    other = -(b + np.where(b > 0, root, -root)) / (3 * np.where(c == 0, 1.0, c))
    t = np.where((t > 0) & (t < 1), t, other)
    return (start + np.clip(t, 0.05, 0.95) * h)[np.isfinite(t)]
