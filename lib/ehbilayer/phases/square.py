"""Bilayers whose electrons form the square Neel crystal, and where they are the lowest state with N_up = N_down."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate import liquid_energy, solve_condensate
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock import kmesh
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.start import oscillator_length, pair_lengths
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import CELLS, SQUARE, Box
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import candidate_states, phase_energies
from ehbilayer.phases.liquid import free_liquid
from ehbilayer.phases.moire import el_hc_crossing

__all__ = ["SquareWindow", "last_ratio", "square_state", "square_window"]

#: States of the holes below the Neel crystal, by the phase of both layers.
HOLES = {"EC-HL": "liquid", "coupled crystal": "crystal"}

_NEEL = CELLS["sqrt2xsqrt2"]

# Bound on the gradient norm in Ha_h per carrier.
_TOLERANCE = 2e-6

# Where the Neel crystal is expected to begin, as r_s of the electrons; step and farthest end of the search beyond it.
_START, _STEP, _REACH = 1.3, 1.12, 4.0

# Mass ratios between which electrons and holes crystallise together.
_RATIOS = 1.0, 2.5

# The box of the error from size is larger by this, and the cutoff of the error from the cutoff.
_LARGER, _FINER = 4, 0.5


@dataclass(frozen=True)
class SquareWindow:
    """Where the Neel crystal of electrons above a hole liquid is lowest, between two Wigner-Seitz radii.

    Attributes
    ----------
    lower, upper : float
        r_s of the holes in a_h; NaN where there is no window.
    lower_error, upper_error : float
        Changes with size and cutoff, and the tolerance of the root search, in a_h.
    follower : str
        What is lowest above `upper`, one of "EL-HC", "coupled crystal", "square coupled crystal" and "condensate";
        empty where there is no window.
    gain : float
        Largest energy in Ha_h per pair by which it lies below the others, at the radii of the search.
    """

    lower: float
    upper: float
    lower_error: float
    upper_error: float
    follower: str
    gain: float


@checked
def square_state(
    *,
    mass_ratio: float = 1.0,
    d: float = 1.0,
    r_s: float = 1.8,
    phase: str = "EC-HL",
    mesh: int = 6,
    cutoff: float = 2.0,
) -> float:
    """Energy per pair of electrons in the square Neel crystal above polarised holes, in the limit of large systems.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `ehbilayer.hartree_fock.solve_crystal`.
    phase : {"EC-HL", "coupled crystal"}
        The holes are a liquid, corrected to its limit, or form a square crystal with the electrons above them.
    mesh : int
        Even; the square box holds ``mesh**2`` pairs.
    cutoff : float
        In ``|b|`` of the triangular lattice.

    Returns
    -------
    float
        In Ha_h.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the state did not converge.

    Examples
    --------
    >>> square_state(mass_ratio=1.0, d=10.0, r_s=1.8) < liquid_energy(1.0, 1.8)
    True
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6)
    d = validation.real("d", d, low=0.0, high=1e6)
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    holes = HOLES[validation.option("phase", phase, HOLES)]
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    if mesh % 2:
        raise ArgumentError("mesh", mesh, "an even number, for two sublattices")
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=20.0)
    box, mass = Box.repeated(SQUARE, mesh, mesh), 1.0 / mass_ratio
    basis = bloch_basis(box, cutoff, _NEEL)
    species = (
        Species("e", -1, mass, box.carriers, "alternating"),
        Species("h", 1, 1.0, box.carriers, height=d),
    )
    both = holes == "crystal"
    widths = pair_lengths(mass, d, r_s) if both else (oscillator_length(mass, r_s), oscillator_length(1.0, r_s))
    start = [
        gaussian_orbitals(basis, _NEEL.sites(SQUARE, "up"), widths[0]),
        gaussian_orbitals(basis, _NEEL.sites(SQUARE), widths[1]) if both else None,
    ]
    state = kmesh.solve(
        Functional(box, species, r_s, ZeroMode.MADELUNG),
        basis,
        start,
        ["bands", "bands" if both else "shells"],
        tolerance=_TOLERANCE,
        max_iterations=100,
    )
    if not state.converged:
        raise NotConverged(f"the square {phase} at mass_ratio = {mass_ratio:.4g}, d = {d:.4g}, r_s = {r_s:.4g}")
    energy = state.energy.total / box.carriers
    if not both:
        kinetic, exchange = uniform_gas_energy(1.0)
        finite = free_liquid(box)
        energy += (kinetic - finite.kinetic) / r_s**2 + (exchange - finite.exchange) / r_s
    return float(energy)


@checked
def square_window(
    *, mass_ratio: float = 1.0, d: float = 1.0, mesh: int = 6, cutoff: float = 2.0, tolerance: float = 2e-3
) -> SquareWindow:
    """Densities at which the Neel crystal of electrons above a hole liquid is the lowest state with N_up = N_down.

    With falling density it first falls below the liquid and then gives way to EL-HC, a coupled crystal (triangular or
    square) or the condensate of polarised pairs, the states of paper A.

    Parameters
    ----------
    mass_ratio, d
        As in `square_state`.
    mesh : int
        Even; boxes of ``mesh**2`` pairs, and of ``(mesh + 4)**2`` for the error from size.
    cutoff : float
        In ``|b|``; the error from the cutoff is the change to half a ``|b|`` more.
    tolerance : float
        Of the root search, relative.

    Returns
    -------
    SquareWindow

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state did not converge, or the search found no end.

    Examples
    --------
    >>> window = square_window(d=10.0, mesh=4, tolerance=0.02)
    >>> 1.2 < window.lower < 1.6 < window.upper
    True
    """
    point, tolerance = _place(mass_ratio, d, mesh, cutoff), validation.real("tolerance", tolerance, low=1e-6, high=0.1)
    known: dict[float, dict[str, float]] = {}

    def above(r_s):
        known.setdefault(r_s, _others(r_s=r_s, **point))
        return min(known[r_s].values()) - square_state(r_s=r_s, **point)

    lower, lower_error = _crossing(_below_liquid, point, _START * point["mass_ratio"], tolerance)
    r_s, gain = lower * (1 + 2 * tolerance), 0.0
    here = above(r_s)
    if here <= 0:
        return SquareWindow(float("nan"), float("nan"), float("nan"), float("nan"), "", 0.0)
    while here > 0:
        gain, last, r_s = max(gain, here), r_s, r_s * _STEP
        if r_s > _REACH * lower:
            raise NotConverged(f"an end of the square EC-HL at mass_ratio = {mass_ratio}, d = {d}")
        here = above(r_s)
    upper = root_of(above, last, r_s, absolute=tolerance * last)
    end = min(known, key=lambda radius: abs(radius - upper))
    follower = min(known[end], key=lambda name: known[end][name])
    slope = (above(r_s) - above(last)) / (r_s - last)
    error = _change(lambda **p: _energy(follower, **p) - square_state(**p), point | {"r_s": upper}) / abs(slope)
    return SquareWindow(lower, upper, lower_error, error + tolerance * upper, follower, gain)


@checked
def last_ratio(*, d: float = 1.0, mesh: int = 8, cutoff: float = 2.0, tolerance: float = 5e-3) -> dict[str, float]:
    """Mass ratio from which the holes crystallise at higher density than the electrons, so that EL-HC is met first.

    Parameters
    ----------
    d, mesh, cutoff
        As in `square_window`.
    tolerance : float
        Of the root search, relative.

    Returns
    -------
    dict
        ``ratio``, at which liquid, EL-HC and EC-HL with the Neel crystal have one energy, and its ``error`` from size
        and cutoff; 1 and 0 where the holes come first at equal masses already.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> 1.4 < last_ratio(d=10.0, mesh=8, tolerance=0.05)["ratio"] < 1.8
    True
    """
    tolerance = validation.real("tolerance", tolerance, low=1e-6, high=0.1)
    point = _place(1.0, d, mesh, cutoff)

    def gain(ratio, **change):
        here = point | {"mass_ratio": ratio} | change
        r_s = el_hc_crossing(**here, finite_size="limit", bracket=(1.5, 4.5)).r_s
        return _below_liquid(r_s=r_s, **here)

    if gain(_RATIOS[0]) <= 0:
        return {"ratio": _RATIOS[0], "error": 0.0}
    ratio = root_of(gain, *_RATIOS, absolute=tolerance)
    here, step = gain(ratio), 0.03 * ratio
    slope = abs(gain(ratio + step) - here) / step
    change = abs(gain(ratio, mesh=mesh + _LARGER) - here) + abs(gain(ratio, cutoff=cutoff + _FINER) - here)
    return {"ratio": float(ratio), "error": change / slope + tolerance * ratio}


def _place(mass_ratio, d, mesh, cutoff) -> dict[str, Any]:
    mesh = validation.integer("mesh", mesh, low=4, high=16)
    if mesh % 2:
        raise ArgumentError("mesh", mesh, "an even number, for two sublattices")
    return {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=0.5, high=10.0),
        "d": validation.real("d", d, low=0.0, high=1e3),
        "mesh": mesh,
        "cutoff": validation.real("cutoff", cutoff, low=1.5, high=6.0),
    }


def _below_liquid(**point):
    return liquid_energy(point["mass_ratio"], point["r_s"]) - square_state(**point)


def _crossing(difference, point, start, tolerance):
    """Root over r_s of a difference that rises through zero, and its error."""
    low = high = start
    at_low = at_high = difference(r_s=start, **point)
    while at_low > 0 or at_high <= 0:
        if at_low > 0:
            low, high, at_high = low / _STEP, low, at_low
            at_low = difference(r_s=low, **point)
        else:
            low, high, at_low = high, high * _STEP, at_high
            at_high = difference(r_s=high, **point)
        if not start / _REACH < low <= high < start * _REACH:
            raise NotConverged(f"no crossing of liquid and square crystal near r_s = {start:.3g}")
    found = root_of(lambda r_s: difference(r_s=r_s, **point), low, high, absolute=tolerance * low)
    error = _change(difference, point | {"r_s": found}) * (high - low) / (at_high - at_low)
    return float(found), float(error + tolerance * found)


def _change(difference, point):
    """Change of an energy difference with the box and with the cutoff, in Ha_h."""
    here = difference(**point)
    larger, finer = point | {"mesh": point["mesh"] + _LARGER}, point | {"cutoff": point["cutoff"] + _FINER}
    return abs(difference(**larger) - here) + abs(difference(**finer) - here)


def _energy(name, mass_ratio, d, r_s, mesh, cutoff):
    if name == "condensate":
        state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s)
        if not state.converged:
            raise NotConverged(f"the condensate at mass_ratio = {mass_ratio:.4g}, d = {d:.4g}, r_s = {r_s:.4g}")
        return state.energy_per_pair
    if name == "square coupled crystal":
        return square_state(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff, phase="coupled crystal")
    ansatz = "EL-HC" if name == "EL-HC" else "antiferromagnetic coupled crystal"
    states = candidate_states(
        mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff, finite_size="limit", ansaetze=[ansatz]
    )
    return phase_energies(states).get(name, inf)


def _others(**point):
    """Energies of what may follow, in Ha_h per pair; those that are not there are left out."""
    names = ("EL-HC", "coupled crystal", "square coupled crystal", "condensate")
    found = {name: _energy(name, **point) for name in names}
    return {name: energy for name, energy in found.items() if isfinite(energy)}
