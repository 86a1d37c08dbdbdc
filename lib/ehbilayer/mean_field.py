r"""Mean-field theory of the exciton condensate at any temperature, with order parameter Delta exp(i q x).

Units k_B T_c = m = hbar = 1, per area. With xi and delta as in `ehbilayer.ginzburg_landau` and E^2 = xi^2 + Delta^2,

.. math::
    \Omega = \frac{\Delta^2}{g} + \sum_p \Big\{\xi - T\ln\Big[2\cosh\frac{E}{T} + 2\cosh\frac{\delta}{T}\Big]\Big\},
    \qquad \frac{\partial\Omega}{\partial\Delta^2} = \frac1g - \sum_p K(E, \delta),

with the same K as in Ginzburg-Landau theory, which is the expansion of this Omega in Delta^2. The number current of
the pairs, dOmega/dq at the minimum, equals those of the electrons and of the holes computed from their velocities.
"""

import math
from dataclasses import dataclass

import numba
import numpy as np
from numpy.polynomial import chebyshev
from scipy import optimize

from ehbilayer import validation
from ehbilayer.bands import window
from ehbilayer.chebyshev_series import interpolant, real_roots
from ehbilayer.ginzburg_landau import search_range
from ehbilayer.momentum_grid import Resolution, momentum_grid
from ehbilayer.pair_kernels import half_energies, pair_sums

# Where the sign of dOmega/dDelta^2 is looked at, as fractions of a Delta beyond all minima.
_FRACTIONS = np.array([0.0, 0.03, 0.08, 0.15, 0.23, 0.31, 0.4, 0.49, 0.58, 0.68, 0.78, 0.89, 1.0])
_LOWEST_T = 0.02
_WARM = 0.25
# A condensate pushes the poles of the summands away from the real axis: less is needed than in the normal state.
STANDARD = Resolution(panel=6.0, order=12, angle_factor=0.5)
_ROUGH = Resolution(panel=10.0, order=8, angle_factor=0.2)


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
    """Mean-field states of given bands, temperature and coupling, on one momentum grid.

    Parameters
    ----------
    bands : Bands
    T : float
        Temperature in T_c, from 0.02 on.
    inverse : float
        Finite part of 1/g, see `ehbilayer.ginzburg_landau.Coupling`.
    q_x : tuple of float, optional
        Smallest and largest q_x that will be asked for; by default where the Fermi contours cannot touch any more.
    q_y : float
        Largest abs(q_y) that will be asked for.
    resolution : Resolution

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    Weak coupling without spin-orbit coupling has Delta(0) = 1.764 T_c:

    >>> from ehbilayer.bands import isolated_bands
    >>> from ehbilayer.ginzburg_landau import coupling_at_T_c
    >>> bands = isolated_bands(E_F=200.0, lam=0.0, J=300.0, B=0.0)
    >>> state = MeanField(bands, 0.1, coupling_at_T_c(bands).inverse).solve(0.0)
    >>> round(state.delta, 3)
    1.764
    """

    def __init__(self, bands, T, inverse, q_x=None, q_y=0.0, *, resolution=STANDARD):
        self.bands = bands
        self.T = validation.real("T", T, low=_LOWEST_T)
        self.inverse = validation.real("inverse", inverse)
        q_max = search_range(bands)[0]
        low, high = validation.reals("q_x", (-q_max, q_max) if q_x is None else q_x)
        self.q_x = (min(float(low), float(high)), max(float(low), float(high)))
        self.q_y = validation.real("q_y", q_y, low=0.0)
        self.resolution = resolution
        self._fine = momentum_grid(bands, self.T, self.q_x, (-self.q_y, self.q_y), resolution)
        self._rough = momentum_grid(bands, self.T, self.q_x, (-self.q_y, self.q_y), _ROUGH)
        self._top = 2.5
        while self._slopes((sum(self.q_x) / 2, 0.0), np.array([self._top**2]))[0] < 0:
            self._top *= 1.5

    def potential(self, delta, q_x, q_y=0.0):
        """Omega relative to the normal state and dOmega/dDelta^2 at any order parameter.

        Parameters
        ----------
        delta, q_x, q_y : float

        Returns
        -------
        omega, slope : float
        """
        values = self._state(self._fine, float(delta) ** 2, (float(q_x), float(q_y)))
        return values[0], values[1]

    def solve(self, q_x, q_y=0.0, *, rough=False):
        """Global minimum of Omega over Delta at one pair momentum.

        Parameters
        ----------
        q_x, q_y : float
            Inside the ranges given at the beginning.
        rough : bool
            Whether a coarse grid will do, for scans.

        Returns
        -------
        State
        """
        q = (validation.real("q_x", q_x), validation.real("q_y", q_y))
        validation.real("q_x", q_x, low=self.q_x[0] - 1e-9, high=self.q_x[1] + 1e-9)
        validation.real("q_y", q_y, low=-self.q_y - 1e-9, high=self.q_y + 1e-9)
        squares = (self._top * _FRACTIONS) ** 2
        slopes = self._slopes(q, squares)
        best = State(q, self.T, 0.0, 0.0, (0.0, 0.0), (0.0, 0.0), 0.0)
        grid = self._rough if rough else self._fine
        # Minima of Omega are where its slope turns positive.
        for i in np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0)):
            start = squares[i] + (squares[i + 1] - squares[i]) * slopes[i] / (slopes[i] - slopes[i + 1])
            x = self._root(self._rough, q, start, squares[i], squares[i + 1])
            if not rough:
                # The grids' roots differ by little, but possibly across the end of the bracket.
                x = self._root(grid, q, x, 0.9 * squares[i], 1.1 * squares[i + 1])
            if x > 0:
                omega, slope, *current = self._state(grid, x, q)
                if omega < best.omega:
                    best = State(q, self.T, math.sqrt(x), float(omega), tuple(current[:2]), tuple(current[2:]), float(abs(slope)))
        return best

    def _root(self, grid, q, x, low, high):
        """Root of dOmega/dDelta^2 as a function of x = Delta^2: Newton, kept inside the bracket."""
        circle = grid.full_circle() if q[1] else grid.half_circle()
        for _ in range(60):
            K, G = _slope_sums(grid.p, grid.weights, grid.counter, *circle, *q, self.T, x, *self._numbers())
            slope = self.inverse + grid.log_start - K
            low, high = (x, high) if slope < 0 else (low, x)
            new = x - slope / G if G > 0 else -1.0
            if abs(new - x) <= 1e-12 * (1 + x):
                return max(new, 0.0)
            x = new if low < new < high else (low + high) / 2
            if high - low < 1e-14 * (1 + x):
                return x
        return x

    def _slopes(self, q, squares):
        grid = self._rough
        circle = grid.full_circle() if q[1] else grid.half_circle()
        return self.inverse + grid.log_start - _scan_sums(
            grid.p, grid.weights, grid.counter, *circle, *q, self.T, squares, *self._numbers()
        )

    def _state(self, grid, x, q):
        """Omega, dOmega/dDelta^2, electron current, hole current."""
        circle = grid.full_circle() if q[1] else grid.half_circle()
        sums = _state_sums(grid.p, grid.weights, grid.counter, *circle, *q, self.T, x, *self._numbers())
        inverse = self.inverse + grid.log_start
        # On the half circle the y components are meant to cancel.
        return (x * inverse - sums[0], inverse - sums[1], sums[2], sums[3] if q[1] else 0.0, sums[4], sums[5] if q[1] else 0.0)

    def _numbers(self):
        b = self.bands
        return b.lam_e, b.lam_h, b.B, b.J, b.mu_e, b.mu_h


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


def critical_currents(field, points=25):
    """Ground state and extrema of the current over q_x in the condensed region around it.

    The state at each q is the global minimum over Delta, so that at a first-order jump the current ends where the
    branch stops being the lowest one.

    Parameters
    ----------
    field : MeanField
    points : int
        Momenta at which the region is first scanned.

    Returns
    -------
    MeanFieldDiode or None
        None if the normal state is lowest at every q_x.

    Examples
    --------
    >>> from ehbilayer.bands import isolated_bands
    >>> from ehbilayer.ginzburg_landau import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> result = critical_currents(MeanField(bands, 0.9, coupling_at_T_c(bands).inverse))
    >>> round(result.plus.value, 6)
    0.027709
    """
    edges = _condensed_region(field)
    if edges is None:
        return None
    narrow = MeanField(field.bands, field.T, field.inverse, edges, resolution=field.resolution)
    # Lobatto points: dense towards the ends, where a first-order branch may stop.
    q = edges[0] + (edges[1] - edges[0]) * (1 - np.cos(np.pi * np.arange(points) / (points - 1))) / 2
    states = [narrow.solve(value, rough=True) for value in q]
    current = np.array([s.electron_current[0] for s in states])
    omega = np.array([s.omega for s in states])

    def local(index):
        return q[max(index - 1, 0)], q[min(index + 1, points - 1)]

    ground = _ground(narrow, *local(int(np.argmin(omega))))
    plus = _extremum(narrow, *local(int(np.argmax(current))), sign=1.0)
    minus = _extremum(narrow, *local(int(np.argmin(current))), sign=-1.0)
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
    narrow = MeanField(field.bands, field.T, field.inverse, edges, resolution=field.resolution)
    best = int(np.argmin([narrow.solve(value, rough=True).omega for value in q]))
    return _ground(narrow, q[max(best - 1, 0)], q[min(best + 1, 12)])


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
    width = 0.3 / window(field.bands)[1][1]
    field = MeanField(field.bands, field.T, field.inverse, (q0 - width, q0 + width), width, resolution=field.resolution)
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
    >>> from ehbilayer.bands import isolated_bands
    >>> from ehbilayer.ginzburg_landau import coupling_at_T_c
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

    >>> from ehbilayer.bands import isolated_bands
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


def _condensed_region(field):
    """Momenta around the lowest state of a scan up to which the condensate is the lowest state, or None."""
    if field.T < _WARM:
        # The region hardly moves below this temperature, while the wide grid gets expensive.
        region = _condensed_region(MeanField(field.bands, _WARM, field.inverse, field.q_x))
        if region is not None:
            pad = 0.2 * (region[1] - region[0])
            region = max(region[0] - pad, field.q_x[0]), min(region[1] + pad, field.q_x[1])
            narrow = MeanField(field.bands, field.T, field.inverse, region)
            if not any(narrow.solve(q, rough=True).delta for q in region):
                return region
    low, high = field.q_x
    # Close to T_c the region is narrow: look again on a finer scan where the first finds little.
    for fraction in (1.0, 0.25):
        q = np.linspace(low, high, 2 + math.ceil((high - low) / (fraction * search_range(field.bands)[1])))
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
        q = low + (high - low) * (chebyshev.chebpts1(9) + 1) / 2
        states = [field.solve(value) for value in q]
        series = interpolant(np.array([s.electron_current[0] for s in states]), (low, high))
        roots = [r for r in real_roots(series, (low, high)) if series.deriv()(r) > 0]
        best = int(np.argmin([s.omega for s in states]))
        if roots and np.abs(series.coef[-2:]).max() < 1e-9 * np.abs(series.coef).max():
            return min((field.solve(r) for r in roots), key=lambda state: state.omega)
        low, high = q[max(best - 1, 0)], q[min(best + 1, len(q) - 1)]
    return min((field.solve(r) for r in [q[best], *roots]), key=lambda state: state.omega)


def _extremum(field, low, high, sign, tolerance=1e-9):
    """Extremum of the current between two momenta: interpolate, or close in on the best point until that works."""
    nodes = chebyshev.chebpts1(10)
    for _ in range(12):
        q = low + (high - low) * (nodes + 1) / 2
        values = np.array([field.solve(value).electron_current[0] for value in q])
        series = interpolant(values, (low, high))
        tail, size = float(np.abs(series.coef[-2:]).max()), float(np.abs(values).max())
        roots = np.array(real_roots(series.deriv(), (low, high)))
        if tail < tolerance * size and roots.size:
            best = roots[np.argmax(sign * series(roots))]
            if sign * series(best) >= (sign * values).max() - 10 * tail:
                return Extremum(float(best), float(series(best)), tail, False)
        best = int(np.argmax(sign * values))
        if high - low < 1e-9:
            break
        low, high = q[best - 1] if best else low, q[best + 1] if best < len(q) - 1 else high
    return Extremum(float(q[best]), float(values[best]), float(np.ptp(values[max(best - 1, 0) : best + 2])), True)


@numba.njit(cache=True)
def _scan_sums(p, weight, counter, cosine, sine, q_x, q_y, T, squares, lam_e, lam_h, B, J, mu_e, mu_h):
    """Sum of K(E) - counter for several Delta^2 at one q."""
    n, n_angle = squares.size, cosine.size
    total, row = np.zeros(n), np.empty(n)
    for i in range(p.size):
        row[:] = 0.0
        for j in range(n_angle):
            xi, delta, _, _ = half_energies(p[i], cosine[j], sine[j], q_x, q_y, lam_e, lam_h, B, J, mu_e, mu_h)
            for m in range(n):
                K, _ = pair_sums(math.sqrt(xi * xi + squares[m]), delta, T)
                row[m] += K - counter[i]
        for m in range(n):
            total[m] += weight[i] * row[m]
    return total / n_angle


@numba.njit(cache=True)
def _slope_sums(p, weight, counter, cosine, sine, q_x, q_y, T, x, lam_e, lam_h, B, J, mu_e, mu_h):
    """Sums of K(E) - counter and G(E) at one q and Delta^2 = x."""
    n_angle = cosine.size
    K_sum, G_sum = 0.0, 0.0
    for i in range(p.size):
        row_K, row_G = 0.0, 0.0
        for j in range(n_angle):
            xi, delta, _, _ = half_energies(p[i], cosine[j], sine[j], q_x, q_y, lam_e, lam_h, B, J, mu_e, mu_h)
            K, G = pair_sums(math.sqrt(xi * xi + x), delta, T)
            row_K += K - counter[i]
            row_G += G
        K_sum += weight[i] * row_K
        G_sum += weight[i] * row_G
    return K_sum / n_angle, G_sum / n_angle


@numba.njit(cache=True)
def _state_sums(p, weight, counter, cosine, sine, q_x, q_y, T, x, lam_e, lam_h, B, J, mu_e, mu_h):
    """At one q and Delta^2 = x: sums of the gain in energy and of K(E), currents of electrons and holes."""
    n_angle = cosine.size
    total, row = np.zeros(6), np.zeros(6)
    for i in range(p.size):
        row[:] = 0.0
        for j in range(n_angle):
            xi, delta, root_e, root_h = half_energies(
                p[i], cosine[j], sine[j], q_x, q_y, lam_e, lam_h, B, J, mu_e, mu_h
            )
            E, size, d = math.sqrt(xi * xi + x), abs(xi), abs(delta)
            gain = x / (E + size) if x > 0.0 else 0.0
            f_plus, f_minus = 0.0, 0.0  # of E + delta and E - delta
            if size - d < 40.0 * T:
                far, near = math.exp(-(E + d) / T), math.exp(-abs(E - d) / T)
                product = (1.0 + far) * (1.0 + near)
                product /= (1.0 + math.exp(-(size + d) / T)) * (1.0 + math.exp(-abs(size - d) / T))
                gain += max(d - E, 0.0) - max(d - size, 0.0) + T * math.log(product)
                f_far, f_near = far / (1.0 + far), (near if E > d else 1.0) / (1.0 + near)
                f_plus, f_minus = (f_far, f_near) if delta > 0.0 else (f_near, f_far)
            K = (1.0 - f_plus - f_minus) / (2.0 * E) if E > 0.0 else 0.0
            ratio = xi / E if E > 0.0 else 0.0
            # 1 - xi/E without cancellation far above the Fermi level.
            coherence = (x / (E * (E + xi)) if xi > 0.0 else 1.0 - ratio) if E > 0.0 else 1.0
            common = coherence + ratio * (f_plus + f_minus)
            n_e = 0.5 * (common - f_minus + f_plus)
            n_h = 0.5 * (common + f_minus - f_plus)
            k_x, k_y = p[i] * cosine[j] + q_x, p[i] * sine[j] + q_y
            h_x, h_y = -p[i] * cosine[j], -p[i] * sine[j]
            over_e = lam_e / root_e if root_e > 0.0 else 0.0
            over_h = lam_h / root_h if root_h > 0.0 else 0.0
            row[0] += gain - x * counter[i]
            row[1] += K - counter[i]
            row[2] += n_e * (k_x - over_e * (lam_e * k_x + B))
            row[3] += n_e * (k_y - over_e * lam_e * k_y)
            row[4] += n_h * (h_x - over_h * (lam_h * h_x + B))
            row[5] += n_h * (h_y - over_h * lam_h * h_y)
        total += weight[i] * row
    total /= n_angle
    return total[0], total[1], total[2], total[3], total[4], total[5]


__all__ = [
    "Extremum", "MeanField", "MeanFieldDiode", "Quasiparticles", "State", "Stiffness", "bkt_temperature",
    "critical_currents", "ground_state", "quasiparticle_bands", "quasiparticle_gap", "stiffness",
]
