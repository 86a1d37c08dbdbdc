r"""Mean-field theory of the exciton condensate at any temperature, with order parameter Delta exp(i q x).

Units k_B T_c = m = hbar = 1, per area. With xi and delta as in `ehbilayer.diode.ginzburg_landau` and E^2 = xi^2 + Delta^2,

.. math::
    \Omega = \frac{\Delta^2}{g} + \sum_p \Big\{\xi - T\ln\Big[2\cosh\frac{E}{T} + 2\cosh\frac{\delta}{T}\Big]\Big\},
    \qquad \frac{\partial\Omega}{\partial\Delta^2} = \frac1g - \sum_p K(E, \delta),

with the same K as in Ginzburg-Landau theory, which is the expansion of this Omega in Delta^2. The number current of
the pairs, dOmega/dq at the minimum, equals those of the electrons and of the holes computed from their velocities.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from scipy import optimize

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.diode.bands import pressure, window
from ehbilayer.diode.ginzburg_landau import search_range
from ehbilayer.diode.momentum_cells import MomentumCells, layer_occupations, occupations
from ehbilayer.diode.pair_kernels import pair_sums
from ehbilayer.numerics.chebyshev import interpolant, points, real_roots

_LOWEST_T = 0.02
_TOLERANCE = 3e-12
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

    q: tuple
    T: float
    delta: float
    omega: float
    electron_current: tuple
    hole_current: tuple
    residual: float


class MeanField:
    """Mean-field states of given bands, temperature and coupling.

    Parameters
    ----------
    bands : Bands
    T : float
        Temperature in T_c, from 0.02 on.
    inverse : float
        Finite part of 1/g, see `ehbilayer.diode.ginzburg_landau.Coupling`.
    q_x : tuple of float, optional
        Smallest and largest q_x of scans; by default where the Fermi contours cannot touch any more.
    tolerance : float
        Absolute error that one cell of momenta may leave in the sums, at Delta = 1; it scales with Delta^3, as currents
        do near T_c. From 1e-14 to 1e-4.
    scan_points : int
        Order parameters at which the sign of dOmega/dDelta^2 is looked at, from zero to one beyond all minima: so many
        up to Delta = 2.5 and in proportion beyond, at least 4.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    Weak coupling without spin-orbit coupling has Delta(0) = 1.764 T_c:

    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.ginzburg_landau import coupling_at_T_c
    >>> bands = isolated_bands(E_F=200.0, lam=0.0, J=300.0, B=0.0)
    >>> state = MeanField(bands, 0.1, coupling_at_T_c(bands).inverse).solve(0.0)
    >>> round(state.delta, 3)
    1.764
    """

    def __init__(self, bands, T, inverse, q_x=None, *, tolerance=_TOLERANCE, scan_points=13):
        self.bands = bands
        self.T = validation.real("T", T, low=_LOWEST_T)
        self.inverse = validation.real("inverse", inverse)
        self.tolerance = validation.real("tolerance", tolerance, low=1e-14, high=1e-4)
        scan_points = validation.integer("scan_points", scan_points, low=4)
        self.cells = MomentumCells(bands)
        self._normal = -pressure(bands, "e", self.T) - pressure(bands, "h", self.T)
        q_max, self.step = search_range(bands)
        low, high = validation.reals("q_x", (-q_max, q_max) if q_x is None else q_x)
        self.q_x = (min(float(low), float(high)), max(float(low), float(high)))
        top = self._largest_delta()
        count = max(scan_points, math.ceil(scan_points * top / 2.5))
        # Denser towards zero, where a small order parameter is to be found.
        self._squares = (top * np.linspace(0.0, 1.0, count) ** 1.25) ** 2

    def potential(self, delta, q_x, q_y=0.0):
        """Omega relative to the normal state and dOmega/dDelta^2 at any order parameter.

        Parameters
        ----------
        delta, q_x, q_y : float

        Returns
        -------
        omega, slope : float
        """
        x = float(delta) ** 2
        return self._state(self._nodes((float(q_x), float(q_y)), x), x)[:2]

    def solve(self, q_x, q_y=0.0, *, rough=False):
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
        squares, slopes, curvatures, scan = self._scan(q)
        h = np.diff(squares)
        pieces = h * (slopes[1:] + slopes[:-1]) / 2 + h**2 * (curvatures[:-1] - curvatures[1:]) / 12
        integral = np.concatenate([[0.0], np.cumsum(pieces)])
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
                omega, slope, *current = self._state(nodes, x)
                if rough:
                    # The nodes of scans are too few for a small difference of potentials, but not for its derivative.
                    width, (_, end) = x - squares[i], self._slopes(scan, np.array([x]))
                    omega = float(integral[i] + width * slopes[i] / 2 + width**2 * (curvatures[i] - end[0]) / 12)
                if omega < best.omega:
                    best = State(q, self.T, math.sqrt(x), omega, tuple(current[:2]), tuple(current[2:]), abs(slope))
        return best

    def _largest_delta(self):
        """A Delta beyond all minima: K <= 1/2E, so that none lies beyond the root with 1/2E in place of K."""
        roots = []
        for q_x in np.linspace(*self.q_x, 5):
            nodes = self._scan_nodes((float(q_x), 0.0), [0.0, 3.0])
            weight, counter, xi = nodes.table[:, :3].T

            def slope(x, weight=weight, counter=counter, xi=xi, start=nodes.log_start):
                return self.inverse + start - float(weight @ (0.5 / np.sqrt(xi**2 + x) - counter))

            high = 4.0
            while slope(high) < 0:
                high *= 4
            roots.append(optimize.brentq(slope, 1e-6, high, rtol=1e-3) if slope(1e-6) < 0 else 1e-6)
        # The root hardly varies between the momenta; five per cent more allow for that.
        return max(1.05 * math.sqrt(max(roots)), 0.5)

    def _nodes(self, q, x):
        tolerance = self.tolerance * min(max(x, 1e-2), 3.0) ** 1.5
        return self.cells.nodes(q, self.T, [x], tolerance)

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

    def _scan(self, q):
        """Values of Delta^2, first and second derivatives of Omega there to a few digits, and the nodes of the sums.

        A pair of minimum and maximum of Omega between two of the values shows in the second derivative: where that
        changes sign, the extremum of the cubic through both ends is looked at, too.
        """
        squares = self._squares
        nodes = self._scan_nodes(q, [0.0, 0.3 * squares[-1]])
        slopes, curvatures = self._slopes(nodes, squares)
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
        K, G = _scan_sums(nodes.table, self.T, squares)
        return self.inverse + nodes.log_start - K, G

    def _scan_nodes(self, q, squares):
        return self.cells.nodes(q, self.T, squares, _SCAN_TOLERANCE, _SCAN_ORDER)

    def _state(self, nodes, x):
        """Omega, dOmega/dDelta^2, electron current, hole current."""
        sums = _state_sums(nodes.table, self.T, x)
        inverse = self.inverse + nodes.log_start
        # Nodes on the half circle stand for both signs of p_y.
        y = 0.0 if nodes.half else 1.0
        omega = x * inverse - sums[0] - self._normal
        return omega, inverse - sums[1], sums[2], y * sums[3], sums[4], y * sums[5]


@dataclass(frozen=True)
class Extremum:
    """A refined point of a curve over q_x.

    Attributes
    ----------
    q, value : float
    error : float
        Size of the last Chebyshev coefficients of the local interpolant; at a jump the last step.
    jump : bool
        Whether it is the end of a branch rather than a smooth extremum.
    """

    q: float
    value: float
    error: float
    jump: bool


@dataclass(frozen=True)
class MeanFieldDiode:
    """Critical currents of mean-field theory: see `critical_currents`.

    Attributes
    ----------
    ground : State
        Global minimum over Delta and q_x.
    plus, minus : Extremum
        Largest and smallest current.
    edges : tuple of float
        Ends of the scanned condensed region.
    q, delta, omega, current : ndarray
        The scanned points.
    """

    ground: State
    plus: Extremum
    minus: Extremum
    edges: tuple
    q: np.ndarray
    delta: np.ndarray
    omega: np.ndarray
    current: np.ndarray


def critical_currents(field, scan=25, finer=1):
    """Ground state and extrema of the current over q_x in the condensed region around it.

    The state at each q is the global minimum over Delta, so that at a first-order jump the current ends where the
    branch stops being the lowest one.

    Parameters
    ----------
    field : MeanField
    scan : int
        Momenta at which the condensed region is first scanned, at least 9.
    finer : int
        Divides the distance of the momenta among which that region is looked for.

    Returns
    -------
    MeanFieldDiode or None
        None if the normal state is lowest at every q_x.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.ginzburg_landau import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> result = critical_currents(MeanField(bands, 0.9, coupling_at_T_c(bands).inverse))
    >>> round(result.plus.value, 6)
    0.027709
    """
    scan = validation.integer("scan", scan, low=9)
    edges = _condensed_region(field, validation.integer("finer", finer, low=1))
    if edges is None:
        return None
    # Lobatto points: dense towards the ends, where a first-order branch may stop.
    q = edges[0] + (edges[1] - edges[0]) * (1 - np.cos(np.pi * np.arange(scan) / (scan - 1))) / 2
    states = [field.solve(value, rough=True) for value in q]
    current = np.array([s.electron_current[0] for s in states])
    omega = np.array([s.omega for s in states])

    def local(index):
        return q[max(index - 1, 0)], q[min(index + 1, scan - 1)]

    ground = _ground(field, *local(int(np.argmin(omega))))
    plus = _extremum(field, *local(int(np.argmax(current))), sign=1.0)
    minus = _extremum(field, *local(int(np.argmin(current))), sign=-1.0)
    return MeanFieldDiode(ground, plus, minus, edges, q, np.array([s.delta for s in states]), omega, current)


def ground_state(field):
    """Global minimum of Omega over Delta and q_x.

    Parameters
    ----------
    field : MeanField

    Returns
    -------
    State or None
        None if the normal state is lowest at every q_x.
    """
    edges = _condensed_region(field)
    if edges is None:
        return None
    q = np.linspace(*edges, 13)
    best = int(np.argmin([field.solve(value, rough=True).omega for value in q]))
    return _ground(field, q[max(best - 1, 0)], q[min(best + 1, 12)])


@dataclass(frozen=True)
class Stiffness:
    """Superfluid stiffness at the ground state.

    Attributes
    ----------
    xx, yy : float
        Second derivatives of the minimised Omega with respect to the pair momentum, in k_B T_c (the mixed one vanishes
        by the mirror symmetry y -> -y).
    error : float
        Largest change when the interpolants lose nodes.
    """

    xx: float
    yy: float
    error: float

    @property
    def mean(self):
        """Geometric mean, which decides about the Berezinskii-Kosterlitz-Thouless transition."""
        return math.sqrt(max(self.xx, 0.0) * max(self.yy, 0.0))


def stiffness(field, q0):
    """Superfluid stiffness tensor around the ground state.

    Parameters
    ----------
    field : MeanField
    q0 : float
        Pair momentum of the ground state.

    Returns
    -------
    Stiffness
    """
    # A fraction of the scale T_c/v on which the condensate responds.
    width = 0.3 / field.cells.span[1]
    values = []
    for nodes in (7, 5):
        t = chebyshev.chebpts1(nodes)
        J = np.array([field.solve(q0 + width * x).electron_current[0] for x in t])
        xx = float(interpolant(J, (q0 - width, q0 + width)).deriv()(q0))
        y2 = width**2 * (chebyshev.chebpts1(nodes // 2 + 1) + 1) / 2
        ratio = np.array([field.solve(q0, math.sqrt(y)).electron_current[1] / math.sqrt(y) for y in y2])
        yy = float(interpolant(ratio, (0.0, width**2))(0.0))
        values.append((xx, yy))
    return Stiffness(*values[0], max(abs(a - b) for a, b in zip(*values, strict=True)))


def bkt_temperature(bands, inverse, *, tolerance=1e-4, low=0.3):
    r"""Temperature of the Berezinskii-Kosterlitz-Thouless transition, :math:`T = \frac\pi2\sqrt{\rho_{xx}\rho_{yy}}`.

    The stiffness is that of mean-field theory; vortices are in the criterion only.

    Parameters
    ----------
    bands : Bands
    inverse : float
        Finite part of 1/g.
    tolerance : float
        Absolute, in T_c.
    low : float
        Lowest temperature that is tried, in T_c.

    Returns
    -------
    float or None
        In T_c; None if the stiffness is too small even at the lowest temperature.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.ginzburg_landau import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> print(f"{bkt_temperature(bands, coupling_at_T_c(bands).inverse):.2f}")
    0.73
    """

    def excess(T):
        wide = MeanField(bands, T, inverse)
        ground = ground_state(wide)
        if ground is None:
            return -T
        return math.pi / 2 * stiffness(wide, ground.q[0]).mean - T

    if excess(low) <= 0:
        return None
    return float(optimize.brentq(excess, low, 0.999, xtol=tolerance))


@dataclass(frozen=True)
class Quasiparticles:
    """Smallest excitation energy of a condensate.

    Attributes
    ----------
    gap : float
        Minimum over p of E - abs(delta) in k_B T_c; negative if the condensate is gapless.
    momentum : tuple of float
        Where, as momentum -p of the hole's partner state, in 1/l_u.
    """

    gap: float
    momentum: tuple


def quasiparticle_gap(bands, q_x, delta):
    """Smallest quasiparticle energy min_p (E - abs(delta_p)) at a pair momentum along x.

    Parameters
    ----------
    bands : Bands
    q_x : float
        Pair momentum in 1/l_u.
    delta : float
        Order parameter in k_B T_c, zero or greater.

    Returns
    -------
    Quasiparticles

    Examples
    --------
    Without spin-orbit coupling and current the gap is Delta:

    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> round(quasiparticle_gap(bands, 0.0, 1.7).gap, 6)
    1.7
    """
    q_x, delta = validation.real("q_x", q_x), validation.real("delta", delta, low=0.0)
    _, (k_low, k_high) = window(bands)
    p = np.linspace(max(k_low - abs(q_x) - 1, 0.0), k_high + abs(q_x) + 1, 241)
    theta = np.linspace(0, np.pi, 121)

    def energy(v):
        return _quasiparticle(bands, q_x, delta, v[0], v[1])

    table = energy((p[:, None], theta[None, :]))
    i, j = np.unravel_index(np.argmin(table), table.shape)
    found = optimize.minimize(energy, (p[i], theta[j]), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    value = min(float(found.fun), float(table[i, j]))
    return Quasiparticles(value, (float(found.x[0] * np.cos(found.x[1])), float(found.x[0] * np.sin(found.x[1]))))


def quasiparticle_bands(bands, q_x, delta, p_x, p_y=0.0):
    """The two quasiparticle energies E + delta and E - delta at relative momenta p.

    Parameters
    ----------
    bands : Bands
    q_x, delta : float
        Pair momentum and order parameter.
    p_x, p_y : float or array_like
        The hole of the pair has momentum -p, the electron p + q.

    Returns
    -------
    ndarray, shape (2, ...)
    """
    xi_e, xi_h = bands.electron(np.asarray(p_x) + q_x, p_y), bands.hole(-np.asarray(p_x), -np.asarray(p_y))
    half = (xi_e - xi_h) / 2
    E = np.hypot((xi_e + xi_h) / 2, delta)
    return np.array([E + half, E - half])


def _quasiparticle(bands, q_x, delta, p, theta):
    p_x, p_y = p * np.cos(theta), p * np.sin(theta)
    xi_e, xi_h = bands.electron(p_x + q_x, p_y), bands.hole(-p_x, -p_y)
    return np.hypot((xi_e + xi_h) / 2, delta) - np.abs(xi_e - xi_h) / 2


def _condensed_region(field, finer=1):
    """Momenta around the lowest state of a scan up to which the condensate is the lowest state, or None."""
    low, high = field.q_x
    # Close to T_c the region is narrow: look again on a finer scan where the first finds little.
    for fraction in (1.0 / finer, 0.25 / finer):
        q = np.linspace(low, high, 2 + math.ceil((high - low) / (fraction * field.step)))
        states = [field.solve(value, rough=True) for value in q]
        condensed = np.array([s.delta > 0 for s in states])
        if condensed.sum() > 3:
            break
    if not condensed.any():
        return None
    first = last = int(np.argmin([s.omega for s in states]))
    while first > 0 and condensed[first]:
        first -= 1
    while last < len(q) - 1 and condensed[last]:
        last += 1
    return float(q[first]), float(q[last])


def _ground(field, low, high):
    """State where Omega is lowest, from the zero of its derivative, the current."""
    for _ in range(4):
        q = points((low, high), 9)
        states = [field.solve(value) for value in q]
        series = interpolant(np.array([s.electron_current[0] for s in states]), (low, high))
        roots = [r for r in real_roots(series) if series.deriv()(r) > 0]
        best = int(np.argmin([s.omega for s in states]))
        if roots and np.abs(series.coef[-2:]).max() < 1e-9 * np.abs(series.coef).max():
            return min((field.solve(r) for r in roots), key=lambda state: state.omega)
        low, high = q[max(best - 1, 0)], q[min(best + 1, len(q) - 1)]
    return min((field.solve(r) for r in [q[best], *roots]), key=lambda state: state.omega)


def _extremum(field, low, high, sign, tolerance=1e-9):
    """Extremum of the current between two momenta: interpolate, or close in on the best point until that works."""
    for attempt in range(12):
        q = points((low, high), 10)
        states = [field.solve(value) for value in q]
        values = np.array([s.electron_current[0] for s in states])
        series = interpolant(values, (low, high))
        tail, size = float(np.abs(series.coef[-2:]).max()), float(np.abs(values).max())
        roots = np.array(real_roots(series.deriv()))
        if tail < tolerance * size and roots.size:
            best = roots[np.argmax(sign * series(roots))]
            if sign * series(best) >= (sign * values).max() - 10 * tail:
                return Extremum(float(best), float(series(best)), tail, False)
        best = int(np.argmax(sign * values))
        if attempt < 4 and best in (0, len(q) - 1):
            # The scan may have missed by a little where a branch ends.
            low, high = (low - (high - low) / 2, high) if best == 0 else (low, high + (high - low) / 2)
            continue
        neighbours = [states[i] for i in (best - 1, best + 1) if 0 <= i < len(q)]
        across = max(neighbours, key=lambda state: abs(state.delta - states[best].delta))
        if attempt and abs(across.delta - states[best].delta) > 0.1 * states[best].delta:
            end, error, jump = _branch_end(field, states[best], across)
            if jump:
                return Extremum(end.q[0], end.electron_current[0], error, True)
        if high - low < 1e-9:
            break
        low, high = q[best - 1] if best else low, q[best + 1] if best < len(q) - 1 else high
    return Extremum(float(q[best]), float(values[best]), float(np.ptp(values[max(best - 1, 0) : best + 2])), True)


def _branch_end(field, inside, outside, width=1e-10):
    """Last state on a branch, by bisection, the error of its current, and whether the order parameter jumps there."""
    first, start = abs(inside.delta - outside.delta), inside
    while abs(inside.q[0] - outside.q[0]) > width:
        middle = field.solve((inside.q[0] + outside.q[0]) / 2)
        if abs(middle.delta - inside.delta) < abs(middle.delta - outside.delta):
            inside = middle
        else:
            outside = middle
    # The current's slope along the branch times what is left of the interval.
    change, distance = inside.electron_current[0] - start.electron_current[0], inside.q[0] - start.q[0]
    error = abs(change / distance) * width if distance else 0.0
    return inside, error, abs(inside.delta - outside.delta) > 0.3 * first


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


@kernel
def _scan_sums(table, T, squares):
    """Sums of K(E) - counter and of G(E) for several Delta^2."""
    K_sum, G_sum = np.zeros(squares.size), np.zeros(squares.size)
    for row in table:
        for m in range(squares.size):
            K, G = pair_sums(math.sqrt(row[2] * row[2] + squares[m]), row[3], T)
            K_sum[m] += row[0] * (K - row[1])
            G_sum[m] += row[0] * G
    return K_sum, G_sum


@kernel
def _state_sums(table, T, x):
    """At Delta^2 = x: sums of T ln[2 cosh(E/T) + 2 cosh(delta/T)] - xi and of K(E), currents of electrons and holes."""
    energy_sum, K_sum, e_x, e_y, h_x, h_y = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for row in table:
        weight, counter, xi, delta = row[0], row[1], row[2], row[3]
        E, d = math.sqrt(xi * xi + x), abs(delta)
        f_plus, f_minus = occupations(E, delta, T)
        energy = x / (E + xi) if xi > 0.0 else E - xi
        if E - d < 40.0 * T:
            energy += max(d - E, 0.0) + T * math.log((1.0 + math.exp(-(E + d) / T)) * (1.0 + math.exp(-abs(E - d) / T)))
        K = (1.0 - f_plus - f_minus) / (2.0 * E) if E > 0.0 else 0.0
        n_e, n_h = layer_occupations(xi, E, x, f_plus, f_minus)
        energy_sum += weight * (energy - x * counter)
        K_sum += weight * (K - counter)
        e_x += weight * n_e * row[4]
        e_y += weight * n_e * row[5]
        h_x += weight * n_h * row[6]
        h_y += weight * n_h * row[7]
    return energy_sum, K_sum, e_x, e_y, h_x, h_y


__all__ = [
    "Extremum",
    "MeanField",
    "MeanFieldDiode",
    "Quasiparticles",
    "State",
    "Stiffness",
    "bkt_temperature",
    "critical_currents",
    "ground_state",
    "quasiparticle_bands",
    "quasiparticle_gap",
    "stiffness",
]
