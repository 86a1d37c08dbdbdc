"""The condensate's momentum in the plane: minima off the axis, and the states that carry no current along y."""

import math
from dataclasses import replace
from typing import Protocol

import numpy as np
from scipy import optimize

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.depairing import ground_state
from ehbilayer.diode.mean_field import MeanField, State
from ehbilayer.diode.plane_series import COARSE_STEP, lattice, local_minima
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.roots import root

__all__ = ["PlaneField", "Rotated", "Valley", "descend", "ground_state_in_plane", "lowest_off_axis", "minima_in_plane"]

# How many valleys of a scan are followed to their minima.
_VALLEYS = 3


class PlaneField(Protocol):
    """States at any pair momentum, as `ehbilayer.diode.mean_field.MeanField` has them.

    Attributes
    ----------
    q_x : tuple of float
        Smallest and largest q_x.
    step, width : float
        Distances on which the condensate varies, and on which it is nearly parabolic.
    reach : float
        Largest length of a momentum.
    """

    q_x: tuple[float, float]
    step: float
    width: float
    reach: float

    def solve(self, q_x: float, q_y: float = 0.0, *, rough: bool = False) -> State:
        """Lowest state at one pair momentum."""
        ...


@checked
def descend(field: PlaneField, start: tuple[float, float]) -> State:
    """Local minimum of the potential over both components of the pair momentum.

    Parameters
    ----------
    field : PlaneField
    start : tuple of float
        Where there is a condensate.

    Returns
    -------
    State
        With q_y >= 0.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> state = descend(field, (0.1, 0.05))
    >>> abs(state.electron_current[0]) < 1e-6 and abs(state.q[1]) < 1e-4
    True
    """
    if not isinstance(start, tuple | list) or len(start) != 2:
        raise ArgumentError("start", start, "a momentum, two numbers")
    first = field.solve(*(validation.real("start", x, low=-1e3, high=1e3) for x in start))
    scale = field.width / max(abs(first.omega), 1e-300)

    def potential(u):
        state = field.solve(*(u * field.width))
        return state.omega * scale / field.width, np.array(state.electron_current) * scale

    found = optimize.minimize(potential, np.array(start) / field.width, jac=True, method="BFGS", options={"gtol": 1e-5})
    polished = optimize.root(lambda u: potential(u)[1], found.x, tol=1e-12)
    u = polished.x if np.abs(polished.x - found.x).max() < 0.1 else found.x
    return field.solve(float(u[0]) * field.width, abs(float(u[1])) * field.width)


@checked
def minima_in_plane(field: PlaneField, axis: State | None) -> list[State]:
    """Local minima besides the lowest state on the axis, of the valleys that a scan sees and below a saddle there.

    Parameters
    ----------
    field : PlaneField
    axis : State or None
        Lowest state on the axis; None if the normal state is lowest everywhere there.

    Returns
    -------
    list of State
        With q_y >= 0, lowest first.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> minima_in_plane(field, ground_state(field))
    []
    >>> [round(state.q[0], 2) for state in minima_in_plane(field, None)]
    [0.2]
    """
    x, y = lattice(field.reach, COARSE_STEP * field.step)
    inside = np.hypot(x[:, None], y) <= field.reach + COARSE_STEP * field.step
    omega = np.zeros(inside.shape)
    for i, j in np.argwhere(inside):
        omega[i, j] = field.solve(float(x[i]), float(y[j]), rough=True).omega
    starts = [(float(x[i]), float(y[j])) for i, j in local_minima(omega)[:_VALLEYS]]
    along = [(float(x[i]), 0.0) for i, j in local_minima(omega, axis=True) if j == 0][:_VALLEYS]
    starts += [q for q in along if axis is None or abs(q[0] - axis.q[0]) > 2 * COARSE_STEP * field.step]
    if axis is not None:
        nudge = 0.1 * field.width
        if field.solve(axis.q[0], nudge).electron_current[1] < 0:
            starts.append((axis.q[0], nudge))
    found = [descend(field, start) for start in starts]
    # What ended on the axis where it began off it, or where the axis has its lowest state, is known already.
    near = 1e-3 * field.width
    new = [state for state, q in zip(found, starts, strict=True) if state.q[1] > near or q[1] == 0]
    return sorted((s for s in new if axis is None or math.dist(s.q, axis.q) > near), key=lambda s: s.omega)


@checked
def lowest_off_axis(field: PlaneField, axis: State | None) -> State | None:
    """Lowest minimum off the axis, if it is lower than the state of lowest potential on it.

    Parameters
    ----------
    field : PlaneField
    axis : State or None
        None if the normal state is lowest everywhere on the axis.

    Returns
    -------
    State or None
        With q_y > 0.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> print(lowest_off_axis(field, ground_state(field)))
    None
    """
    found = [state for state in minima_in_plane(field, axis) if state.q[1] > 1e-3 * field.width]
    return found[0] if found and (axis is None or found[0].omega < axis.omega) else None


@checked
def ground_state_in_plane(field: MeanField) -> State | None:
    """Global minimum of Omega over Delta and the pair momentum.

    Parameters
    ----------
    field : MeanField

    Returns
    -------
    State or None
        None if the normal state is lowest.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> ground_state_in_plane(field).q[1]
    0.0
    """
    axis = ground_state(field)
    return axis if field.bands.isotropic else lowest_off_axis(field, axis) or axis


class Rotated:
    """A field seen from axes turned by an angle, which its states' momenta and currents refer to.

    Parameters
    ----------
    field : PlaneField
    angle : float
        From the old first axis to the new one, in radians.
    """

    def __init__(self, field: PlaneField, angle: float) -> None:
        self.field, self.angle = field, angle
        self.step, self.width = field.step, field.width
        self.q_x = (-field.reach, field.reach)
        self.reach = field.reach

    def solve(self, q_x: float, q_y: float = 0.0, *, rough: bool = False) -> State:
        """State at a momentum given along the turned axes.

        Parameters
        ----------
        q_x, q_y : float
        rough : bool

        Returns
        -------
        State
        """
        return self.seen(self.field.solve(*_turn((q_x, q_y), self.angle), rough=rough))

    def seen(self, state: State) -> State:
        """A state of the field, along the turned axes.

        Parameters
        ----------
        state : State

        Returns
        -------
        State
        """
        q, electron, hole = (_turn(v, -self.angle) for v in (state.q, state.electron_current, state.hole_current))
        return replace(state, q=q, electron_current=electron, hole_current=hole)


def _turn(vector, angle):
    x, y = vector
    c, s = math.cos(angle), math.sin(angle)
    return c * x - s * y, s * x + c * y


class Valley:
    """States with no current along y, one for each q_x, continued from the ground state: minima over q_y.

    What the critical currents along x belong to: `ehbilayer.diode.depairing` takes it in place of a field, and the
    current along x is then the derivative of the potential at its minimum over q_y. For another direction it takes a
    `Rotated` field and the state seen from there.

    Parameters
    ----------
    field : PlaneField or Rotated
    ground : State
        The state to start from.
    even : bool
        Whether the potential is even in q_y, as it is along the axes of the bands.
    """

    def __init__(self, field: PlaneField, ground: State, *, even: bool = True) -> None:
        self.field, self._even = field, even
        self.q_x, self.step = field.q_x, field.step
        self._known = {ground.q[0]: ground.q[1]}
        # Without what rough states leave, and how the current across grew with q_y at the last of them.
        self._exact = dict(self._known)
        self._bend = 0.0

    def solve(self, q_x: float, *, rough: bool = False) -> State:
        """State of the valley at one q_x.

        Parameters
        ----------
        q_x : float
        rough : bool
            Whether four digits will do.

        Returns
        -------
        State
            The normal state beyond the valley's ends.
        """
        nearest = min(self._known, key=lambda x: abs(x - q_x))
        for x in np.linspace(nearest, q_x, 1 + math.ceil(abs(q_x - nearest) / self.step))[1:-1]:
            self._known[float(x)] = self._settle(float(x), True).q[1]
        state = self._settle(float(q_x), rough)
        self._known[float(q_x)] = state.q[1]
        if not rough and state.delta:
            self._exact[float(q_x)] = state.q[1]
        return state

    def _guess(self, q_x):
        """q_y by a parabola through three states nearby, else of the nearest."""
        known = self._known if len(self._exact) < 3 else self._exact
        nearest = self._known[min(self._known, key=lambda x: abs(x - q_x))]
        x: list[float] = []
        for u in sorted(known, key=lambda u: abs(u - q_x)):
            # Rounding between neighbours would be extrapolated.
            if len(x) < 3 and all(abs(u - v) > 0.01 * self.step for v in x):
                x.append(u)
        if len(x) < 3 or abs(x[2] - q_x) > 2 * self.step:
            return nearest
        a, b, c = x
        guess = (
            known[a] * (q_x - b) * (q_x - c) / ((a - b) * (a - c))
            + known[b] * (q_x - a) * (q_x - c) / ((b - a) * (b - c))
            + known[c] * (q_x - a) * (q_x - b) / ((c - a) * (c - b))
        )
        return guess if abs(guess - nearest) < 0.4 * self.field.width else nearest

    def _settle(self, q_x, rough):
        """Nearest minimum over q_y."""
        near, reach = 1e-3 * self.field.width, 0.4 * self.field.width
        bottom = near if self._even else -math.inf
        states = {}

        def across(q_y):
            states[q_y] = self.field.solve(q_x, q_y, rough=rough)
            return states[q_y].electron_current[1]

        here = max(self._guess(q_x), bottom)
        slope = across(here)
        if states[here].delta == 0:
            return replace(states[here], q=(q_x, here))
        # Twice as far as the last state's stiffness says, then farther and farther.
        length = min(max(2 * abs(slope / self._bend), 1e-3 * near), reach) if self._bend else reach
        while True:
            if slope > 0 and here == bottom:
                return self.field.solve(q_x, 0.0, rough=rough)
            last, before = here, slope
            here = max(here - length, bottom) if slope > 0 else here + length
            slope, length = across(here), min(4 * length, reach)
            if states[here].delta == 0:
                return replace(states[here], q=(q_x, last))
            if (slope > 0) != (before > 0):
                break
        self._bend = (slope - before) / (here - last)
        found = root(across, min(here, last), max(here, last), absolute=near if rough else 1e-12)
        return self.field.solve(q_x, float(found), rough=rough)
