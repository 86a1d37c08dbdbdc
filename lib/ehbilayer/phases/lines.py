"""Boundaries between two phases followed from point to point, with an error made of size, ansatz and cutoff."""

from collections.abc import Sequence
from functools import cache
from math import exp, inf, log
from typing import Any

import pandas as pd

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate import liquid_energy, solve_condensate
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.hartree_fock.supercell import solve_supercell
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import candidate_states, electron_crystals, phase_energies
from ehbilayer.phases.square import HOLES, square_state

__all__ = ["SIDES", "el_hc_lines", "trace_line"]

#: Phases that a line may separate; the two condensates are those of polarised pairs and of pairs of both spins.
SIDES = ("liquid", "EL-HC", "coupled crystal", "condensate", "symmetric condensate")

# Neighbours of EL-HC and where its line with them is expected: r_s, or r_s over the mass ratio.
_ENDS = (
    ("liquid", "EL-HC", 2.3, False),
    ("EL-HC", "condensate", 1.2, True),
    ("EL-HC", "symmetric condensate", 1.0, True),
    ("EL-HC", "coupled crystal", 1.2, True),
)

# First factor between the points of the search for a bracket, the power by which it grows at each of them, and how far
# from the expected root they get.
_STEP, _GROWTH, _REACH = 1.12, 1.3, 8.0

# Relative distance of the points from which a slope is taken, and the gain in cutoff that the error compares with.
_SLOPE_STEP, _FINER = 0.01, 0.5

# Polarised electrons are not tried in EL-HC where their liquid lies this fraction of 1/r_s above the unpolarised one.
_POLARISED_ABOVE = 0.1

# Where a crystal melts in the iteration there is none; it is then taken to lie this fraction of 1/r_s above the liquid.
_ABSENT = 0.02

# Square Neel crystals of the electrons compete below this mass ratio; `last_ratio` is 1.66 at most from d = a_h / 2 on.
_SQUARE_BELOW = 1.8

# Box and cutoff, in |b|, of the unrestricted states, and the bound on their gradient in Ha_h per carrier.
_SMALL, _SMALL_CUTOFF, _SMALL_TOLERANCE = 4, 2.0, 1e-5


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
        Even; the Hartree-Fock states have ``mesh**2`` pairs, and the error from size is the change to ``larger**2``.
    cutoff : float
        In ``|b|``; the error from the cutoff is the change to half a ``|b|`` more.
    tolerance : float
        Of the root search, relative.

    Returns
    -------
    pandas.DataFrame
        ``mass_ratio``, ``r_s`` (a_h); ``stable``, whether no other phase lies lower there, below mass ratio 1.8
        electrons in the square Neel crystal among them; and where none does, the
        errors of the root (in a_h, or of the mass ratio): ``size``, ``cutoff``, their sum with the tolerance,
        ``error``, and the one-sided ``ansatz``, by which EL-HC would gain room. Values at which no root lies within a
        factor 8 of the expected one are missing.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state that has no other in its place did not converge.

    Notes
    -----
    The error of the ansatz is the energy that EL-HC gains on 16 pairs with V(0) = 0 if neither its translations nor its
    spins are prescribed, over the slope. Most of it is the open shell of that box, which liquid electrons have, too: it
    is an upper bound. Liquid and condensates are taken as what they are by definition, uniform states in the
    thermodynamic limit.

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
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=20.0)
    tolerance = validation.real("tolerance", tolerance, low=1e-8, high=1e-1)

    rows: list[dict] = []
    logs: list[tuple[float, float]] = []
    for value in values:

        def place(x, value=value):
            return {"mass_ratio": value, "r_s": x} if along == "density" else {"mass_ratio": x, "r_s": value}

        @cache
        def difference(x, mesh=mesh, cutoff=cutoff, place=place):
            return _energy(dense, d, mesh, cutoff, **place(x)) - _energy(dilute, d, mesh, cutoff, **place(x))

        ends = _bracket(difference, _expected(logs, log(value), start))
        if ends is None:
            continue
        x = root_of(difference, *ends, absolute=tolerance * ends[0])
        logs.append((log(value), log(x)))
        row = place(x) | {"stable": _stable(dense, dilute, d, mesh, **place(x))}
        if row["stable"]:
            here = difference(x)
            slope = abs(difference((1 + _SLOPE_STEP) * x) - here) / (_SLOPE_STEP * x)
            row["size"] = abs(difference(x, mesh=larger) - here) / slope
            row["cutoff"] = abs(difference(x, cutoff=cutoff + _FINER) - here) / slope
            row["ansatz"] = _unrestricted_gain(d, **place(x)) / slope if "EL-HC" in (dense, dilute) else 0.0
            row["error"] = row["size"] + row["cutoff"] + tolerance * x
        rows.append(row)
    return pd.DataFrame(rows, columns=["mass_ratio", "r_s", "size", "cutoff", "error", "ansatz", "stable"])


def el_hc_lines(
    *, spacings: Sequence[float] = (1.0, 3.0), mass_ratios: Sequence[float] = (10.0, 4.0), mesh: int = 8
) -> pd.DataFrame:
    """Ends of EL-HC towards the liquid, both condensates and the coupled crystal (see `trace_line`).

    Parameters
    ----------
    spacings : sequence of float
        d in a_h.
    mass_ratios : sequence of float
        m_h/m_e, in the order in which the lines are followed.
    mesh : int
        As in `trace_line`.

    Returns
    -------
    pandas.DataFrame
        Of `trace_line`, with the columns ``d``, ``dense`` and ``dilute``.

    Raises
    ------
    TypeError, ValueError, NotConverged
        As `trace_line`.

    Examples
    --------
    >>> lines = el_hc_lines(spacings=[1.0], mass_ratios=[4.0], mesh=4)
    >>> lines.dilute[lines.stable].tolist()
    ['EL-HC', 'condensate', 'symmetric condensate']
    """
    for name, values in (("spacings", spacings), ("mass_ratios", mass_ratios)):
        if not isinstance(values, list | tuple):
            raise TypeError(f"{name} = {values!r} is not allowed: need a list or tuple")
        if not values:
            raise ArgumentError(name, values, "one value or more")
        for value in values:
            validation.real(name, value, low=0.0 if name == "spacings" else 1e-3, high=1e6)
    masses = list(mass_ratios)
    return pd.concat(
        [
            trace_line(
                dense=dense, dilute=dilute, d=d, values=masses, start=guess * (masses[0] if scaled else 1.0), mesh=mesh
            ).assign(d=d, dense=dense, dilute=dilute)
            for d in spacings
            for dense, dilute, guess, scaled in _ENDS
        ],
        ignore_index=True,
    )


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


def _energy(side, d, mesh, cutoff, mass_ratio, r_s):
    if side == "liquid":
        return min(liquid_energy(mass_ratio, r_s, spin) for spin in ("unpolarised", "polarised"))
    if "condensate" in side:
        spin = "symmetric" if side.startswith("symmetric") else "polarised"
        state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin=spin)
        if not state.converged:
            raise NotConverged(f"the {side} at mass_ratio = {mass_ratio:.4g}, d = {d}, r_s = {r_s:.4g}")
        return state.energy_per_pair
    if side == "coupled crystal":
        names = electron_crystals(r_s / mass_ratio)
    else:
        polarised, unpolarised = (liquid_energy(mass_ratio, r_s, spin) for spin in ("polarised", "unpolarised"))
        names = ("EL-HC", "polarised EL-HC")[: 1 if polarised - unpolarised > _POLARISED_ABOVE / r_s else 2]
    point: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff, finite_size="limit")
    energies = phase_energies(candidate_states(**point, ansaetze=names))
    if side in energies:
        return energies[side]
    return _energy("liquid", d, mesh, cutoff, mass_ratio, r_s) + _ABSENT / r_s


def _unrestricted_gain(d, mass_ratio, r_s):
    """Energy that unpolarised EL-HC gains in a small box when it may break every symmetry, in Ha_h per pair."""
    point: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, cutoff=_SMALL_CUTOFF)
    free = solve_supercell(**point, cells=(_SMALL, _SMALL), spin="unrestricted", tolerance=_SMALL_TOLERANCE)
    symmetric = solve_crystal(**point, mesh=_SMALL)
    if not (free.converged and symmetric.converged):
        raise NotConverged(f"EL-HC of {_SMALL**2} pairs at mass_ratio = {mass_ratio:.4g}, d = {d}, r_s = {r_s:.4g}")
    return max(symmetric.energy_per_pair - free.energy_per_pair, 0.0)


def _stable(dense, dilute, d, mesh, mass_ratio, r_s):
    """Whether no third phase lies lower. Pairs of both spins compete where one of the sides is their condensate."""
    point = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh)
    known = phase_energies(candidate_states(**point, cutoff=2.0, finite_size="limit", dismiss=True))
    lowest = min((e for name, e in known.items() if name not in (dense, dilute)), default=inf)
    if not any("condensate" in side for side in (dense, dilute)):
        lowest = min(lowest, _energy("condensate", d, mesh, 2.0, mass_ratio, r_s))
    if mass_ratio < _SQUARE_BELOW:
        lowest = min(lowest, *(square_state(**point, phase=phase) for phase in HOLES))
    sides = min(_energy(side, d, mesh, 2.0, mass_ratio, r_s) for side in (dense, dilute))
    return bool(sides <= lowest)
