"""Where a square Neel crystal of the electrons above a hole liquid is the lowest state with N_up = N_down."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate import liquid_energy, solve_condensate
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import phase_energies
from ehbilayer.phases.moire import el_hc_crossing
from ehbilayer.phases.square_states import limit_states, square_state
from ehbilayer.phases.uncertainty import FINER, LARGER, el_hc_gain, to_limit

__all__ = ["SquareWindow", "last_ratio", "square_window"]

# States that may follow: both crystals in one triangular or square lattice, or each in its own.
_CRYSTALS = ("antiferromagnetic coupled crystal", "square coupled crystal", "separate crystals")

# Where the Neel crystal is expected to begin, as r_s of the electrons; step and farthest end of the search beyond it.
_START, _STEP, _REACH = 1.3, 1.12, 4.0

# Mass ratios between which electrons and holes crystallise together.
_RATIOS = 1.0, 2.5

# Where the holes crystallise, in a_h.
_HOLES = (1.5, 4.5)


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
        What is lowest above `upper`: "EL-HC", "antiferromagnetic coupled crystal", "square coupled crystal", "separate
        crystals" (see `ehbilayer.phases.square_states`) or "condensate"; empty where there is no window.
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
def square_window(
    *, mass_ratio: float = 1.0, d: float = 1.0, mesh: int = 6, cutoff: float = 2.0, tolerance: float = 2e-3
) -> SquareWindow:
    """Densities at which the Neel crystal of electrons above a hole liquid is the lowest state with N_up = N_down.

    With falling density it first falls below the liquid and then gives way to EL-HC, crystals in both layers or the
    condensate of polarised pairs.

    Parameters
    ----------
    mass_ratio, d
        As in `square_state`.
    mesh : int
        Even; boxes of ``mesh**2`` pairs, and of ``(mesh + 2)**2`` and ``(mesh + 4)**2`` for the error from size.
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
        ``ratio``, at which liquid, EL-HC and EC-HL with the Neel crystal have one energy, and its ``error`` from size,
        cutoff and what EL-HC gains without symmetry; 1 and 0 where the holes come first at equal masses already.

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

    def gain(ratio, lowered=0.0, **change):
        here: dict[str, Any] = point | {"mass_ratio": ratio} | change
        crossing = el_hc_crossing(**here, finite_size="limit", bracket=_HOLES, lowered=lowered, changes=False)
        return _below_liquid(r_s=crossing.r_s, **here)

    if gain(_RATIOS[0]) <= 0:
        return {"ratio": _RATIOS[0], "error": 0.0}
    ratio = root_of(gain, *_RATIOS, absolute=tolerance)
    here, step = gain(ratio), 0.03 * ratio
    slope = abs(gain(ratio + step) - here) / step
    change = max(abs(to_limit(gain(ratio, mesh=mesh + m) - here, mesh, mesh + m)) for m in LARGER) + abs(
        gain(ratio, cutoff=cutoff + FINER) - here
    )
    place: dict[str, Any] = point | {"mass_ratio": ratio}
    r_s = el_hc_crossing(**place, finite_size="limit", bracket=_HOLES, changes=False).r_s
    change += abs(gain(ratio, lowered=el_hc_gain(mass_ratio=ratio, d=point["d"], r_s=r_s)) - here)
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
    mesh = point["mesh"]
    sizes = [abs(to_limit(difference(**point | {"mesh": mesh + m}) - here, mesh, mesh + m)) for m in LARGER]
    return max(sizes) + abs(difference(**point | {"cutoff": point["cutoff"] + FINER}) - here)


def _energy(name, mass_ratio, d, r_s, mesh, cutoff):
    if name == "condensate":
        state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s)
        if not state.converged:
            raise NotConverged(f"the condensate at mass_ratio = {mass_ratio:.4g}, d = {d:.4g}, r_s = {r_s:.4g}")
        return state.energy_per_pair
    states = limit_states(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff, ansaetze=[name])
    return phase_energies(states).get("EL-HC" if name == "EL-HC" else "coupled crystal", inf)


def _others(**point):
    """Energies of what may follow, in Ha_h per pair; those that are not there are left out."""
    names = ("EL-HC", *_CRYSTALS, "condensate")
    found = {name: _energy(name, **point) for name in names}
    return {name: energy for name, energy in found.items() if isfinite(energy)}
