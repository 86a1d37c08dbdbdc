"""Boundaries between two phases followed from point to point, with an error made of size, ansatz and cutoff."""

from collections.abc import Sequence
from functools import cache
from math import exp, inf, log, nan
from typing import Any

import pandas as pd

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate import liquid_energy, solve_condensate
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import electron_crystals, phase_energies
from ehbilayer.phases.monolayer import PUBLISHED
from ehbilayer.phases.square_states import limit_states
from ehbilayer.phases.uncertainty import FINER, LARGER, el_hc_gain, to_limit

__all__ = ["SIDES", "ec_hl_lines", "el_hc_lines", "trace_line"]

#: Phases that a line may separate; the two condensates are those of polarised pairs and of pairs of both spins.
SIDES = ("liquid", "EL-HC", "EC-HL", "coupled crystal", "condensate", "symmetric condensate")

# r_s of the holes at which EC-HL and EL-HC are compared, and what a row of a table repeats of its search.
_MEETING = (2.35,)
_SAME = ("d", "dense", "dilute", "along")

# First factor between the points of the search for a bracket, the power by which it grows at each of them, and how far
# from the expected root they get.
_STEP, _GROWTH, _REACH = 1.12, 1.3, 8.0

# Relative distance of the points from which a slope is taken.
_SLOPE_STEP = 0.01

# Polarised electrons are not tried in EL-HC where their liquid lies this fraction of 1/r_s above the unpolarised one.
_POLARISED_ABOVE = 0.1

# Where a crystal melts in the iteration there is none; it is then taken to lie this fraction of 1/r_s above the liquid.
_ABSENT = 0.02

# By how much incommensurate crystals of one layer come before the square Neel crystal, relative in r_s (published).
_SOONER = 1 - PUBLISHED["unpolarised", "incommensurate"][0] / PUBLISHED["unpolarised", "square"][0]


@checked
def trace_line(
    *,
    dense: str = "liquid",
    dilute: str = "EL-HC",
    d: float = 1.0,
    values: Sequence[float] = (2.0, 4.0, 10.0),
    along: str = "density",
    start: float = 2.5,
    mesh: int = 8,
    larger: int = 12,
    cutoff: float = 2.0,
    tolerance: float = 1e-3,
) -> pd.DataFrame:
    r"""Follow the line at which two phases have the same energy in the limit of large systems.

    Along one axis the root of the energy difference is searched at each value on the other; the bracket opens around
    what the roots found before lead to expect.

    Parameters
    ----------
    dense, dilute : str
        Two of `SIDES`; the second one is the lower one at larger r_s.
    d : float
        Layer distance in a_h, >= 0.
    values : sequence of float
        Mass ratios m_h/m_e at which r_s is searched, or, with ``along="mass ratio"``, r_s in a_h at which the mass
        ratio is. In the order in which the line is followed.
    along : {"density", "mass ratio"}
        The axis of the search.
    start : float
        Expected root at the first value: r_s in a_h, or a mass ratio.
    mesh, larger : int
        Even; the Hartree-Fock states have ``mesh**2`` pairs, and the error from size is the larger one of the
        changes to ``(mesh + 2)**2`` and ``larger**2``, continued to the limit as 1/N; `larger` above `mesh`.
    cutoff : float
        In ``|b|``; the error from the cutoff is the change to half a ``|b|`` more.
    tolerance : float
        Of the root search, relative.

    Returns
    -------
    pandas.DataFrame
        ``mass_ratio``, ``r_s`` (a_h); ``stable``, whether no other phase of
        `ehbilayer.phases.square_states.limit_states` lies lower there; and where none does, the
        errors of the root (in a_h, or of the mass ratio): ``size``, ``cutoff``, their sum with the tolerance,
        ``error``, and the one-sided ``ansatz``, by which the phase of one crystal would gain room.
        Values at which no root lies within a factor 8 of the expected one are missing.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state that has no other in its place did not converge.

    Notes
    -----
    The error of the ansatz is the energy that EL-HC gains from its crystal if neither translations nor spins are
    prescribed (`ehbilayer.phases.uncertainty.el_hc_gain`) over the slope. Between liquid and EC-HL it is the lead of
    incommensurate crystals that is published for one layer, and at the other ends of EC-HL it is not known (NaN): the
    unrestricted solver has no square boxes. Liquid and condensates are taken as what they are by definition, uniform
    states in the thermodynamic limit.

    Examples
    --------
    >>> line = trace_line(d=3.0, values=[10.0], mesh=4, larger=6)
    >>> line.r_s.round(1).tolist(), line.stable.tolist()
    ([1.7], [True])
    """
    dense, dilute = validation.option("dense", dense, SIDES), validation.option("dilute", dilute, SIDES)
    if dense == dilute:
        raise ArgumentError("dilute", dilute, f"another phase than dense = {dense!r}")
    d = validation.real("d", d, low=0.0, high=1e6)
    along = validation.option("along", along, ("density", "mass ratio"))
    if not isinstance(values, list | tuple):
        raise TypeError(f"values = {values!r} is not allowed: need a list or tuple")
    values = [validation.real("values", value, low=1e-3, high=1e6) for value in values]
    start = validation.real("start", start, low=1e-3, high=1e6)
    mesh, larger = (validation.integer(n, m, low=4, high=24) for n, m in (("mesh", mesh), ("larger", larger)))
    if mesh % 2 or larger % 2:
        raise ArgumentError("mesh", (mesh, larger), "even numbers, for two-cell antiferromagnets")
    if larger <= mesh:
        raise ArgumentError("larger", larger, f"a number above mesh = {mesh}")
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=20.0)
    tolerance = validation.real("tolerance", tolerance, low=1e-8, high=1e-1)

    rows: list[dict] = []
    logs: list[tuple[float, float]] = []
    for value in values:

        def place(x, value=value):
            return {"mass_ratio": value, "r_s": x} if along == "density" else {"mass_ratio": x, "r_s": value}

        @cache
        def sides(x, mesh=mesh, cutoff=cutoff, place=place, names=(None, None)):
            phases = zip((dense, dilute), names, strict=True)
            return [_energy(side, d, mesh, cutoff, **place(x), names=name) for side, name in phases]

        def difference(x, sides=sides, **options):
            (first, _), (second, _) = sides(x, **options)
            return first - second

        ends = _bracket(difference, _expected(logs, log(value), start))
        if ends is None:
            continue
        # Between two points so close the lowest state of a phase is that of either.
        near = tuple(tuple({n for n in pair if n}) or None for pair in zip(*map(_found(sides), ends), strict=True))
        x = root_of(lambda x, near=near, f=difference: f(x, names=near), *ends, absolute=tolerance * ends[0])
        logs.append((log(value), log(x)))
        here, lowest = min(e for e, _ in sides(x)), [name for _, name in sides(x)]
        row = place(x) | {"stable": _stable(dense, dilute, d, mesh, **place(x), energy=here)}
        if row["stable"]:
            # The energies in the larger box and with the higher cutoff are those of the states that meet here.
            names = tuple(None if name is None else (name,) for name in lowest)
            slope = abs(difference((1 + _SLOPE_STEP) * x, names=names) - difference(x)) / (_SLOPE_STEP * x)
            moved = {size: difference(x, mesh=size, names=names) for size in {mesh + LARGER[0], larger} - {mesh}}
            row["size"] = max(abs(to_limit(y - difference(x), mesh, size)) for size, y in moved.items()) / slope
            row["cutoff"] = abs(difference(x, cutoff=cutoff + FINER, names=names) - difference(x)) / slope
            if "EL-HC" in (dense, dilute):
                row["ansatz"] = el_hc_gain(d=d, **place(x)) / slope
            else:
                row["ansatz"] = _SOONER * x if (dense, dilute, along) == ("liquid", "EC-HL", "density") else nan
            row["error"] = row["size"] + row["cutoff"] + tolerance * x
        rows.append(row)
    return pd.DataFrame(rows, columns=["mass_ratio", "r_s", "size", "cutoff", "error", "ansatz", "stable"])


def el_hc_lines(
    *,
    spacings: Sequence[float] = (1.0, 3.0),
    mass_ratios: Sequence[float] = (10.0, 4.0),
    radii: Sequence[float] = (),
    mesh: int = 8,
) -> pd.DataFrame:
    """Ends of EL-HC towards the liquid, both condensates and coupled crystals (see `trace_line`), along both axes.

    Parameters
    ----------
    spacings : sequence of float
        d in a_h.
    mass_ratios : sequence of float
        m_h/m_e at which r_s is searched, in the order in which the lines are followed.
    radii : sequence of float
        r_s in a_h at which the mass ratio is searched that EL-HC needs against coupled crystals, ascending.
    mesh : int
        As in `trace_line`.

    Returns
    -------
    pandas.DataFrame
        Of `trace_line`, with the columns ``d``, ``dense``, ``dilute`` and ``along``.

    Raises
    ------
    TypeError, ValueError, NotConverged
        As `trace_line`.

    Examples
    --------
    >>> lines = el_hc_lines(spacings=[3.0], mass_ratios=[4.0], mesh=4)
    >>> lines.dilute[lines.stable].tolist()
    ['EL-HC', 'coupled crystal']
    """
    _positive_lists(spacings=spacings, mass_ratios=mass_ratios)
    jobs = []
    for d in spacings:
        values, first = list(mass_ratios), 1.2 * mass_ratios[0]
        jobs.append(dict(dense="liquid", dilute="EL-HC", d=d, values=values, start=2.3))
        crystal = dict(dense="EL-HC", dilute="coupled crystal", d=d, values=values, start=first)
        jobs.append(crystal)
        if radii:
            jobs.append(crystal | {"along": "mass ratio", "values": list(radii), "start": radii[0] / 1.4})
    known = _traced(jobs, mesh)
    # Condensates that lie above EL-HC both where crystals follow it come later still.
    later = ("EL-HC", "coupled crystal", ("condensate", "symmetric condensate"))
    return _with_rivals(known, *later, spacings, values, mesh)


def ec_hl_lines(
    *,
    spacings: Sequence[float] = (0.5, 1.0, 3.0),
    mass_ratios: Sequence[float] = (1.0, 1.25, 1.5),
    mesh: int = 8,
) -> pd.DataFrame:
    """Ends of EC-HL with square electrons towards liquid, crystals, condensate and EL-HC (see `trace_line`).

    Parameters
    ----------
    spacings : sequence of float
        d in a_h.
    mass_ratios : sequence of float
        m_h/m_e at which r_s is searched, ascending.
    mesh : int
        As in `trace_line`.

    Returns
    -------
    pandas.DataFrame
        Of `trace_line`, with the columns ``d``, ``dense``, ``dilute`` and ``along``; the border with EL-HC is searched
        along the mass ratio, at radii about that at which the holes crystallise by themselves.

    Raises
    ------
    TypeError, ValueError, NotConverged
        As `trace_line`.

    Examples
    --------
    >>> lines = ec_hl_lines(spacings=[3.0], mass_ratios=[1.25], mesh=6)
    >>> lines.dilute[lines.stable].tolist()
    ['EC-HL', 'coupled crystal']
    """
    _positive_lists(spacings=spacings, mass_ratios=mass_ratios)
    masses = list(mass_ratios)
    jobs = []
    for d in spacings:
        jobs.append(dict(dense="liquid", dilute="EC-HL", d=d, values=masses, start=1.4 * masses[0]))
        jobs.append(dict(dense="EC-HL", dilute="condensate", d=d, values=masses, start=2.3))
        sides = dict(dense="EC-HL", dilute="EL-HC", along="mass ratio")
        jobs.append(dict(**sides, d=d, values=list(_MEETING), start=1.6))
    known = _traced(jobs, mesh)
    return _with_rivals(known, "EC-HL", "condensate", ("coupled crystal",), spacings, masses, mesh)


def _with_rivals(known, dense, dilute, rivals, spacings, masses, mesh):
    """A table and the lines to other phases that lie lower where the known one follows, or where none was found."""
    jobs = []
    for d in spacings:
        ends = known[(known["d"] == d) & (known["dilute"] == dilute) & (known["along"] == "density")]
        ends = dict(zip(ends["mass_ratio"], ends["r_s"], strict=True))
        for rival in rivals:
            first = [m for m in masses if m not in ends or _below(rival, dense, d, mesh, m, ends[m])]
            if first:
                start = ends.get(first[0], 1.2 * first[0])
                jobs.append(dict(dense=dense, dilute=rival, d=d, values=first, start=start))
    return pd.concat([known, _traced(jobs, mesh)], ignore_index=True) if jobs else known


def _below(side, other, d, mesh, mass_ratio, r_s):
    return _energy(side, d, mesh, 2.0, mass_ratio, r_s)[0] < _energy(other, d, mesh, 2.0, mass_ratio, r_s)[0]


def _positive_lists(**lists):
    for name, values in lists.items():
        if not isinstance(values, list | tuple):
            raise TypeError(f"{name} = {values!r} is not allowed: need a list or tuple")
        if not values:
            raise ArgumentError(name, values, "one value or more")
        for value in values:
            validation.real(name, value, low=0.0 if name == "spacings" else 1e-3, high=1e6)


def _traced(jobs, mesh):
    frames = [trace_line(**job, mesh=mesh).assign(**{name: job.get(name, "density") for name in _SAME}) for job in jobs]
    return pd.concat(frames, ignore_index=True)


def _found(sides):
    return lambda x: [name for _, name in sides(x)]


def _expected(logs, at, start):
    """Root to be expected: on the straight line through the last two in logarithms."""
    if not logs:
        return start
    if len(logs) == 1:
        return exp(logs[-1][1])
    (x0, y0), (x1, y1) = logs[-2:]
    return exp(y1 + (y1 - y0) / (x1 - x0) * (at - x1))


def _bracket(difference, expected):
    """Neighbouring points around the expected root with a sign change between them; None without one in reach.

    The search goes first to the side to which the difference falls, in steps that grow.
    """
    start, beside = difference(expected), difference(expected * _STEP)
    if start * beside <= 0:
        return expected, expected * _STEP
    up, down = (expected * _STEP, beside, _STEP), (expected, start, 1 / _STEP)
    for last, before, factor in (up, down) if abs(beside) < abs(start) else (down, up):
        while max(last / expected, expected / last) < _REACH:
            next_one = last * factor
            here = difference(next_one)
            if here * before <= 0:
                return min(last, next_one), max(last, next_one)
            last, before, factor = next_one, here, factor**_GROWTH
    return None


def _names(side, mass_ratio, r_s):
    """Ansaetze of a phase of crystals that can be its lowest."""
    if side == "EC-HL":
        return ("square EC-HL",)
    if side == "coupled crystal":
        return (*electron_crystals(r_s / mass_ratio), "square coupled crystal", "separate crystals")
    polarised, unpolarised = (liquid_energy(mass_ratio, r_s, spin) for spin in ("polarised", "unpolarised"))
    return ("EL-HC", "polarised EL-HC")[: 1 if polarised - unpolarised > _POLARISED_ABOVE / r_s else 2]


def _energy(side, d, mesh, cutoff, mass_ratio, r_s, names=None):
    """Energy per pair of a phase, and the ansatz that has it."""
    if side == "liquid":
        return min(liquid_energy(mass_ratio, r_s, spin) for spin in ("unpolarised", "polarised")), None
    if "condensate" in side:
        spin = "symmetric" if side.startswith("symmetric") else "polarised"
        state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin=spin)
        if not state.converged:
            raise NotConverged(f"the {side} at mass_ratio = {mass_ratio:.4g}, d = {d}, r_s = {r_s:.4g}")
        return state.energy_per_pair, None
    point: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff)
    found = limit_states(**point, ansaetze=names or _names(side, mass_ratio, r_s))
    known = {name: state for name, state in found.items() if phase_energies({name: state}).get(side) is not None}
    if known:
        lowest = min(known, key=lambda name: known[name]["energy"])
        return known[lowest]["energy"], lowest
    return liquid_energy(mass_ratio, r_s) + _ABSENT / r_s, None


def _stable(dense, dilute, d, mesh, mass_ratio, r_s, energy):
    """Whether no third phase lies lower. Pairs of both spins compete where one of the sides is their condensate."""
    known = phase_energies(limit_states(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=2.0))
    lowest = min((e for name, e in known.items() if name not in (dense, dilute)), default=inf)
    if not any("condensate" in side for side in (dense, dilute)):
        lowest = min(lowest, _energy("condensate", d, mesh, 2.0, mass_ratio, r_s)[0])
    return bool(energy <= lowest)
