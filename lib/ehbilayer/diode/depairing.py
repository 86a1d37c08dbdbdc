"""Ground state and critical currents of mean-field theory, from scans over the pair momentum that are then refined."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.mean_field import State
from ehbilayer.formatting import numbers_first
from ehbilayer.numerics.chebyshev import interpolant, points, real_roots

__all__ = ["Extremum", "LineField", "MeanFieldDiode", "critical_currents", "ground_state"]


class LineField(Protocol):
    """States along a line of pair momenta: those of a `MeanField` with q_y = 0, or of a `Valley` of the plane.

    Attributes
    ----------
    q_x : tuple of float
        Smallest and largest q_x.
    step : float
        Distance of momenta on which the condensate varies.
    """

    q_x: tuple[float, float]
    step: float

    def solve(self, q_x: float, *, rough: bool = False) -> State:
        """Lowest state at one momentum."""
        ...


@dataclass(frozen=True)
class Extremum:
    """A refined point of a curve over q_x.

    Attributes
    ----------
    q, value : float
        Pair momentum in 1/l_u and the current there in J_u.
    error : float
        Size of the last Chebyshev coefficients of the local interpolant; at a jump the last step.
    jump : bool
        Whether it is the end of a branch rather than a smooth extremum.
    """

    q: float
    value: float
    error: float
    jump: bool


@numbers_first()
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
        The scanned points, q in 1/l_u and the current in J_u.
    """

    ground: State
    plus: Extremum
    minus: Extremum
    edges: tuple[float, float]
    q: NDArray[np.float64]
    delta: NDArray[np.float64]
    omega: NDArray[np.float64]
    current: NDArray[np.float64]


@checked
def critical_currents(
    field: LineField, scan: int = 25, finer: int = 1, ground: State | None = None
) -> MeanFieldDiode | None:
    """Ground state and extrema of the current over q_x in the condensed region around it.

    The state at each q is the global minimum over Delta, so that at a first-order jump the current ends where the
    branch stops being the lowest one.

    Parameters
    ----------
    field : LineField
    scan : int
        Momenta at which the condensed region is first scanned, at least 9.
    finer : int
        Divides the distance of the momenta among which that region is looked for.
    ground : State, optional
        The ground state, where it is known.

    Returns
    -------
    MeanFieldDiode or None
        None if the normal state is lowest at every q_x.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> from ehbilayer.diode.mean_field import MeanField
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

    ground = _ground(field, *local(int(np.argmin(omega)))) if ground is None else ground
    plus = _extremum(field, *local(int(np.argmax(current))), sign=1.0)
    minus = _extremum(field, *local(int(np.argmin(current))), sign=-1.0)
    return MeanFieldDiode(ground, plus, minus, edges, q, np.array([s.delta for s in states]), omega, current)


@checked
def ground_state(field: LineField) -> State | None:
    """Global minimum of Omega over Delta and q_x.

    Parameters
    ----------
    field : LineField

    Returns
    -------
    State or None
        None if the normal state is lowest at every q_x.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> from ehbilayer.diode.mean_field import MeanField
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> print(f"{ground_state(field).q[0]:.4f}")
    0.2000
    """
    edges = _condensed_region(field)
    if edges is None:
        return None
    q = np.linspace(*edges, 13)
    best = int(np.argmin([field.solve(value, rough=True).omega for value in q]))
    return _ground(field, q[max(best - 1, 0)], q[min(best + 1, 12)])


def rough_scan(field: LineField, fraction: float = 1.0) -> tuple[NDArray[np.float64], list[State]]:
    """Rough states over all momenta that a field has.

    Parameters
    ----------
    field : LineField
    fraction : float
        Largest distance of the momenta in its step.

    Returns
    -------
    q : ndarray
    states : list of State
    """
    low, high = field.q_x
    q = np.linspace(low, high, 2 + math.ceil((high - low) / (fraction * field.step)))
    return q, [field.solve(float(value), rough=True) for value in q]


def _condensed_region(field, finer=1):
    """Momenta around the lowest state of a scan up to which the condensate is the lowest state, or None."""
    # Close to T_c the region is narrow: look again on a finer scan where the first finds little.
    for fraction in (1.0 / finer, 0.25 / finer):
        q, states = rough_scan(field, fraction)
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
