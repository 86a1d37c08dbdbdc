"""Ground state, stiffness and critical currents in either theory, along the axis or in the plane."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ehbilayer.diode import depairing
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.brackets import pocket_bracket, susceptibility_bracket
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.depairing import LineField, MeanFieldDiode
from ehbilayer.diode.expansion_field import NODES, ExpansionField, scan_plane
from ehbilayer.diode.figures_of_merit import efficiency
from ehbilayer.diode.ginzburg_landau import free_energy
from ehbilayer.diode.held_field import HeldField
from ehbilayer.diode.mean_field import TOLERANCE, MeanField, State
from ehbilayer.diode.momentum_grid import FINE, Resolution, momentum_grid
from ehbilayer.diode.pairing_form import PLAIN, PairingForm, with_densities
from ehbilayer.diode.plane import PlaneField, Rotated, Valley, descend, minima_in_plane
from ehbilayer.diode.plane_series import PlaneSeries, plane_sums
from ehbilayer.diode.pocket import Pocket, critical_currents
from ehbilayer.diode.stiffness import stiffness


@dataclass(frozen=True, eq=False)
class Solution:
    """What both theories find: as `ehbilayer.diode.nonreciprocity.DiodeResult` has it."""

    q0: float
    q0_y: float
    J_plus: float
    J_minus: float
    efficiency: float
    q_plus: float
    q_minus: float
    delta: float
    error: float
    current_error: float
    stiffness: NDArray[np.float64]
    stable: bool
    window_edge: bool
    runner_up: float
    ambiguous_delta: bool


@lru_cache(maxsize=256)
def _strength(bands: Bands, resolution: Resolution, plane: bool, overlaps: bool = False) -> float:
    """Finite part of 1/g, kept for the next temperature."""
    form = PairingForm(overlaps=overlaps)
    return coupling_at_T_c(bands, resolution, _bracket(bands, overlaps), plane=plane, form=form).inverse


@lru_cache(maxsize=256)
def _bracket(bands, overlaps):
    return susceptibility_bracket(bands, PairingForm(overlaps=overlaps))


def mean_field_solution(
    bands: Bands, reference: Bands, T: float, *, plane: bool, angle: float = 0.0, form: PairingForm = PLAIN
) -> Solution | None:
    """Solution of mean-field theory.

    Parameters
    ----------
    bands : Bands
    reference : Bands
        The bands whose transition temperature is 1.
    T : float
    plane : bool
        Whether momenta off the axis are looked at.
    angle : float
        Direction of the critical currents; other than 0 in the plane only.
    form : PairingForm
        What is held, and whether overlaps enter.

    Returns
    -------
    Solution or None
        None without a condensate.
    """
    inverse = _strength(reference, FINE, plane, form.overlaps)
    field = _field(bands, T, inverse, form)
    # The same states on fewer cells: to first order J_c does not depend on where its maximum is.
    other = _field(bands, T, inverse, form, 100 * TOLERANCE)
    result = depairing.critical_currents(field)
    axis = None if result is None else result.ground
    minima = minima_in_plane(field, axis) if plane and not bands.isotropic else []
    off = minima[0] if minima and (axis is None or minima[0].omega < axis.omega) else None
    ground = axis if off is None else off
    if ground is None:
        return None
    others = list(minima)
    if axis is not None and plane:
        others += [state for state in (axis, *_rivals_along(field, axis)) if not _turns_off(field, state.q[0])]
    # A narrow valley may be the lowest and still lie between the points of the first scan.
    better = min(others, key=lambda state: state.omega, default=ground)
    moved = better.omega < ground.omega and math.dist(better.q, ground.q) > 0.1 * field.width
    if moved:
        others.append(ground)
        ground = better
    turns = result is not None and plane and any(_turns_off(field, end.q) for end in (result.plus, result.minus))
    if result is None or off is not None or moved or angle or turns:
        found = _along_valley(field, other, ground, angle)
    else:
        found = _solution(field, other, ground, result, [0.0, 0.0])
    if found is None:
        return None
    return replace(
        found,
        runner_up=_runner_up(field, ground, others),
        ambiguous_delta=isinstance(field, MeanField) and ambiguous(field, ground),
    )


def reaches_the_end(field: LineField, result: MeanFieldDiode) -> bool:
    """Whether the condensed region goes on beyond the momenta that a field has, or a current is largest there.

    Parameters
    ----------
    field : LineField
    result : MeanFieldDiode
        What `ehbilayer.diode.depairing.critical_currents` found in it.

    Returns
    -------
    bool
    """
    condensed = result.delta[[0, -1]] > 0
    at_end = np.isclose(result.edges, field.q_x, rtol=0.0, atol=1e-9 * field.step) & condensed
    ends = [end.q for end in (result.plus, result.minus)]
    return bool(at_end.any() or not all(field.q_x[0] < q < field.q_x[1] for q in ends))


def ambiguous(field: MeanField, ground: State) -> bool:
    """Whether another order parameter is as good as that of a state, to a thousandth of Delta^2/4 pi.

    Parameters
    ----------
    field : MeanField
    ground : State

    Returns
    -------
    bool
    """
    others = [omega for delta, omega in field.order_parameters(*ground.q) if abs(delta - ground.delta) > 1e-2]
    return bool(min(others, default=math.inf) - ground.omega < 1e-3 * ground.delta**2 / (4 * math.pi))


def _rivals_along(field, axis):
    """Other minima over q_x on the axis, of a scan with half the step that the search for the ground state needs."""
    q, states = depairing.rough_scan(field)
    q = np.linspace(q[0], q[-1], 2 * len(q) - 1)
    condensed = np.array([state.delta > 0 for state in states])
    omega = np.zeros(len(q))
    omega[::2] = [state.omega for state in states]
    for i in np.flatnonzero(condensed[:-1] | condensed[1:]):
        omega[2 * i + 1] = field.solve(float(q[2 * i + 1]), rough=True).omega
    inner = np.flatnonzero((omega[1:-1] < omega[:-2]) & (omega[1:-1] <= omega[2:])) + 1
    far = [i for i in inner if not q[i - 1] <= axis.q[0] <= q[i + 1] and omega[i] < 0.7 * axis.omega]
    return [descend(field, (float(q[i]), 0.0)) for i in far]


def _runner_up(field, ground, others):
    """Potential of the lowest other minimum over that of the ground state."""
    apart = [state.omega for state in others if math.dist(state.q, ground.q) > 0.1 * field.width]
    return max(0.0, min(apart, default=0.0) / ground.omega) if ground.omega < 0 else 0.0


def expansion_solution(
    bands: Bands,
    reference: Bands,
    T: float,
    resolution: Resolution,
    nodes: int,
    *,
    plane: bool,
    angle: float = 0.0,
    form: PairingForm = PLAIN,
) -> Solution | None:
    """Solution of Ginzburg-Landau theory.

    Parameters
    ----------
    bands : Bands
    reference : Bands
        The bands whose transition temperature is 1.
    T : float
    resolution : Resolution
    nodes : int
        Chebyshev nodes along the axis to begin with.
    plane : bool
        Whether momenta off the axis are looked at.
    angle : float
        Direction of the critical currents; other than 0 in the plane only.
    form : PairingForm
        What is held, and whether overlaps enter.

    Returns
    -------
    Solution or None
        None without a condensate.

    Raises
    ------
    BetaNotPositive
        If the expansion has no minimum in the pocket.
    """
    inverse, rough = _strength(reference, resolution, plane, form.overlaps), resolution.coarser()
    if form.hold == "density":
        bands = with_densities(bands, T)
    bracket = pocket_bracket(bands, T, inverse, form)
    pocket = None
    if bracket is not None:
        for _ in range(4):
            pocket = critical_currents(bands, T, inverse, bracket, resolution, nodes, form)
            if pocket is None or pocket.tail < 1e-12:
                break
            nodes *= 2
    across = {} if pocket is None else {q: _across(bands, T, inverse, q, resolution, form) for q in _momenta(pocket)}
    rivals = [] if pocket is None else list(pocket.rivals)
    if plane and not bands.isotropic:
        found, off_axis = _expansion_off_axis(bands, reference, T, resolution, pocket, across, angle, form)
        if found is not None:
            return found
        rivals += off_axis
    if pocket is None or bracket is None:
        return None
    other_inverse = _strength(reference, rough, plane, form.overlaps)
    other = critical_currents(bands, T, other_inverse, bracket, rough, max(12, 3 * nodes // 4), form)
    eta = efficiency(pocket.J_plus, pocket.J_minus)
    if other is None:
        error, current_error = math.inf, math.inf
    else:
        error = abs(eta - efficiency(max(other.J_plus, 0.0), min(other.J_minus, 0.0)))
        current_error = max(abs(pocket.J_plus / other.J_plus - 1), abs(pocket.J_minus / other.J_minus - 1))
    grid = momentum_grid(bands, T, pocket.q0, 0.0, resolution)
    susceptibility, beta = form.sums(bands, grid, pocket.q0, 0.0, T, inverse)
    rho = np.diag([float(pocket.current.deriv()(pocket.q0)), across[pocket.q0]])
    return Solution(
        q0=pocket.q0,
        q0_y=0.0,
        J_plus=pocket.J_plus,
        J_minus=pocket.J_minus,
        efficiency=eta,
        q_plus=pocket.q_plus,
        q_minus=pocket.q_minus,
        delta=math.sqrt(max(float(susceptibility) - inverse, 0.0) / float(beta)),
        error=error,
        current_error=current_error,
        stiffness=rho,
        stable=bool(np.diag(rho).min() >= -1e-9 * np.abs(rho).max()),
        window_edge=not pocket.whole,
        runner_up=max(0.0, min(rivals, default=0.0) / pocket.free_energy),
        ambiguous_delta=False,
    )


def _field(bands, T, inverse, form, tolerance=TOLERANCE):
    if form.plain:
        return MeanField(bands, T, inverse, tolerance=tolerance)
    return HeldField(bands, T, inverse, form, tolerance=tolerance)


def _momenta(pocket: Pocket):
    return pocket.q0, pocket.q_plus, pocket.q_minus


def _across(bands, T, inverse, q_x, resolution, form):
    """Stiffness along y on the axis, J_y/q_y at q_y -> 0."""
    width = 0.45 * bands.pair_mass / max(math.sqrt(2 * abs(bands.mu_h + bands.zeeman)), 1.0)
    sides = (q_x - width, q_x + width), (0.0, width)
    susceptibility, beta = plane_sums(bands, T, *sides, resolution, (1, 7), form, inverse)
    values = free_energy(inverse - susceptibility, beta)
    # A single node along x is the middle.
    series = PlaneSeries(np.repeat(values, 2, axis=0), sides[0], (0.0, width**2))
    small = 1e-6 * width
    return series(q_x, small)[2] / small


def _expansion_off_axis(bands, reference, T, resolution, pocket, across, angle, form):
    """Solution where the axis does not have the ground state, or the currents leave it, else None; F of minima."""
    inverse = _strength(reference, resolution, True, form.overlaps)
    scan = _scan(bands, T, inverse, form)
    axis = math.inf if pocket is None else pocket.free_energy
    # A minimum between the points of the scan is lower than these.
    starts = [q for q in scan.minima()[:2] if pocket is None or _depth(scan, q) < 0.5 * axis]
    field, best, found = None, None, []
    if pocket is not None and across[pocket.q0] < 0:
        starts.append((pocket.q0, 0.0))
    # Valleys in one pocket share the series over it.
    boxes = {box: _box_field(bands, T, inverse, box, resolution, form) for box in {scan.box(q) for q in starts}}
    for start in starts:
        near = boxes[scan.box(start)]
        state = descend(near, (start[0], start[1] or 0.3 * near.width))
        lowest = axis if best is None else best.omega
        if state.q[1] > 1e-3 * near.width:
            found.append(state)
        if state.q[1] > 1e-3 * near.width and state.omega < (min(lowest, 0.0) if pocket is None else lowest):
            field, best = near, state
    if best is None and pocket is not None and (angle or min(across.values()) < 0):
        (low, high), (_, top) = scan.box((pocket.q0, 0.0))
        box = (min(low, pocket.edges[0]), max(high, pocket.edges[1])), (0.0, top)
        field = _box_field(bands, T, inverse, box, resolution, form)
        best = field.solve(pocket.q0)
    if field is None or best is None:
        return None, [state.omega for state in found]
    rough = resolution.coarser()
    strength = _strength(reference, rough, True, form.overlaps)
    other = _box_field(bands, T, strength, field.box, rough, form, (26, 15))
    solution = _along_valley(field, other, best, angle)
    if pocket is not None and min(across.values()) >= 0:
        found.append(field.solve(pocket.q0))
    return solution and replace(solution, runner_up=_runner_up(field, best, found)), []


# Currents along several directions share what follows.
_scan = lru_cache(maxsize=8)(scan_plane)


@lru_cache(maxsize=16)
def _box_field(bands, T, inverse, box, resolution, form, nodes=NODES):
    return ExpansionField(bands, T, inverse, box, resolution, nodes, form)


def _depth(scan, q):
    i, j = (int(np.argmin(np.abs(axis - x))) for axis, x in zip((scan.q_x, scan.q_y), q, strict=True))
    return scan.omega[i, j]


def _turns_off(field, q_x):
    """Whether a state on the axis gains by a momentum along y."""
    return field.solve(q_x, 0.1 * field.width).electron_current[1] < 0


def _along_valley(field: PlaneField, other: PlaneField, ground: State, angle: float) -> Solution | None:
    seen, rough = ground, other
    if angle:
        rotated, rough = Rotated(field, angle), Rotated(other, angle)
        seen = rotated.seen(ground)
        valley = Valley(rotated, seen, even=False)
    else:
        valley = Valley(field, ground)
    result = depairing.critical_currents(valley, ground=seen)
    if result is None:
        return None
    across = [valley.solve(end.q).q[1] for end in (result.plus, result.minus)]
    return _solution(field, rough, ground, result, across)


def _solution(field, other, ground, result, q_y):
    plus, minus = result.plus, result.minus
    eta = efficiency(max(plus.value, 0.0), min(minus.value, 0.0))
    changes = [
        (abs(_at_the_end(other, result.ground, end, y) - end.value) + end.error) / max(abs(end.value), 1e-300)
        for end, y in zip((plus, minus), q_y, strict=True)
    ]
    rho = stiffness(field, *ground.q)
    return Solution(
        q0=ground.q[0],
        q0_y=ground.q[1],
        J_plus=plus.value,
        J_minus=minus.value,
        efficiency=eta,
        q_plus=plus.q,
        q_minus=minus.q,
        delta=ground.delta,
        error=sum(changes) / 2,
        current_error=max(changes),
        stiffness=rho.matrix,
        stable=rho.stable,
        window_edge=reaches_the_end(field, result),
        runner_up=0.0,
        ambiguous_delta=False,
    )


def _at_the_end(other, ground, end, q_y):
    """Current in another field where a branch ends, or a little inside if at a jump its own branch ends before."""
    current = other.solve(end.q, q_y).electron_current[0]
    for part in 10.0 ** np.arange(-9, -2) if end.jump else ():
        if abs(current - end.value) < 0.1 * abs(end.value):
            break
        current = other.solve(end.q + part * (ground.q[0] - end.q), q_y).electron_current[0]
    return current
