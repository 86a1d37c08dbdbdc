"""What a computed phase diagram says: orders of phases, where one ends or begins, what another mass ratio changes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import xarray as xr

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import FINITE_SIZE, candidate_states, phase_energies
from ehbilayer.phases.moire import el_hc_crossing
from ehbilayer.phases.square_states import limit_states
from ehbilayer.phases.uncertainty import Changes, boundary_changes, el_hc_gain

__all__ = ["Onset", "changed", "el_hc_onset", "followers", "phase_orders", "ratios_with", "reaches"]


# Plane-wave cutoff in |b|, and the mass ratio next to an onset from which the slope there is taken.
_CUTOFF, _BESIDE = 2.0, 1.05


@dataclass(frozen=True)
class Onset:
    """Mass ratio from which a phase is there.

    Attributes
    ----------
    ratio : float
        m_h/m_e.
    error : float
        Tolerance of the search and what size, cutoff and ansatz change.
    changes : Changes
        Those three by themselves.
    """

    ratio: float
    error: float
    changes: Changes


@checked
def phase_orders(phase: xr.DataArray) -> dict[tuple[float, float], list[str]]:
    """Phases met with falling density, each once in a row.

    Parameters
    ----------
    phase : xarray.DataArray
        Names over mass_ratio, d and density_ratio (increasing).

    Returns
    -------
    dict
        By mass ratio and d.

    Examples
    --------
    >>> names = xr.DataArray([[["condensate", "EL-HC", "EL-HC", "liquid"]]], dims=("mass_ratio", "d", "density_ratio"),
    ...                      coords={"mass_ratio": [10.0], "d": [1.0], "density_ratio": [0.1, 0.2, 0.5, 1.0]})
    >>> phase_orders(names)
    {(10.0, 1.0): ['liquid', 'EL-HC', 'condensate']}
    """
    phase = _plane(phase).transpose("mass_ratio", "d", "density_ratio").sortby("density_ratio", ascending=False)
    return {
        (float(ratio), float(d)): [str(name) for name, _ in groupby(phase.sel(mass_ratio=ratio, d=d).values.tolist())]
        for ratio in phase.mass_ratio.values
        for d in phase.d.values
    }


@checked
def followers(
    orders: dict[tuple[float, float], list[str]], name: str = "EL-HC"
) -> dict[str, list[tuple[float, float]]]:
    """What follows a phase with falling density: the places (mass ratio, d) by the next phase, "nowhere" without one.

    Examples
    --------
    >>> followers({(10.0, 1.0): ["liquid", "EL-HC"], (4.0, 1.0): ["EL-HC", "condensate"], (1.0, 1.0): ["liquid"]})
    {'nowhere': [(10.0, 1.0)], 'condensate': [(4.0, 1.0)]}
    """
    validation.instance("orders", orders, dict)
    validation.instance("name", name, str)
    for names in orders.values():
        if not isinstance(names, list):
            raise TypeError(f"orders = {orders!r} is not allowed: need a list of phases for each place")
    found: dict[str, list[tuple[float, float]]] = {}
    for place, names in orders.items():
        if name in names:
            rest = names[names.index(name) + 1 :]
            found.setdefault(rest[0] if rest else "nowhere", []).append(place)
    return found


@checked
def ratios_with(phase: xr.DataArray, name: str = "EL-HC") -> dict[float, list[float]]:
    """Mass ratios at which a phase is lowest at some density, by d.

    Examples
    --------
    >>> names = xr.DataArray([[["liquid"]], [["EL-HC"]]], dims=("mass_ratio", "d", "density_ratio"),
    ...                      coords={"mass_ratio": [1.0, 2.0], "d": [3.0], "density_ratio": [0.5]})
    >>> ratios_with(names)
    {3.0: [2.0]}
    """
    validation.instance("name", name, str)
    somewhere = (_plane(phase) == name).any("density_ratio")
    return {
        float(d): [float(m) for m in phase.mass_ratio.values if bool(somewhere.sel(d=d, mass_ratio=m))]
        for d in phase.d.values
    }


@checked
def changed(phase: xr.DataArray, before: Sequence[str], after: str) -> tuple[int, int, list[str]]:
    """Points (d, density) in some phases at the first mass ratio, and how many of them are another one at the last.

    Returns
    -------
    points, turned : int
    others : list of str
        What the points that did not turn are at the last mass ratio.

    Examples
    --------
    >>> names = xr.DataArray([[["condensate", "liquid"]], [["EL-HC", "liquid"]]],
    ...     dims=("mass_ratio", "d", "density_ratio"),
    ...     coords={"mass_ratio": [1.0, 10.0], "d": [1.0], "density_ratio": [0.1, 1.0]})
    >>> changed(names, ["coupled crystal", "condensate"], "EL-HC")
    (1, 1, [])
    """
    validation.instance("after", after, str)
    if not isinstance(before, list | tuple) or not all(isinstance(name, str) for name in before):
        raise TypeError(f"before = {before!r} is not allowed: need a list of names")
    first, last = _plane(phase).isel(mass_ratio=0), phase.isel(mass_ratio=-1)
    bound = first.isin(list(before))
    turned = bound & (last == after)
    rest = last.values[(bound & ~turned).values]
    return int(bound.sum()), int(turned.sum()), sorted({str(name) for name in rest})


@checked
def reaches(phase: xr.DataArray, name: str = "condensate") -> list[float]:
    """Largest d at which a phase is lowest at the lowest density, for each mass ratio; 0 where it is nowhere.

    Examples
    --------
    >>> names = xr.DataArray([[["condensate"], ["liquid"]]], dims=("mass_ratio", "d", "density_ratio"),
    ...                      coords={"mass_ratio": [1.0], "d": [1.0, 3.0], "density_ratio": [0.1]})
    >>> reaches(names)
    [1.0]
    """
    validation.instance("name", name, str)
    dilute = _plane(phase).sel(density_ratio=phase.density_ratio.min()) == name
    return [
        max((float(d) for d in phase.d.values if bool(dilute.sel(mass_ratio=m, d=d))), default=0.0)
        for m in phase.mass_ratio.values
    ]


@checked
def el_hc_onset(
    *,
    d: float = 3.0,
    finite_size: str = "dropped",
    balanced: bool = True,
    mesh: int = 6,
    bracket: tuple[float, float] = (1.0, 4.0),
    tolerance: float = 0.02,
) -> Onset:
    """Mass ratio from which EL-HC is the lowest Hartree-Fock state at some density.

    Where liquid and EL-HC have the same energy, no crystal of the electrons may lie lower: root, over the mass ratio,
    of the lowest energy of EC-HL and coupled crystal minus theirs. The condensate takes no part.

    Parameters
    ----------
    d : float
        Layer distance in a_h, >= 0.
    finite_size, balanced, mesh
        As in `ehbilayer.phases.candidates.candidate_states`.
    bracket : (float, float)
        Mass ratios between which to search, >= 1.
    tolerance : float
        Of the root search, > 0.

    Returns
    -------
    Onset
        The lower end of the bracket where EL-HC is lowest there already; infinite where it is not at the upper end;
        both without changes. With ``finite_size="limit"`` square crystals of the electrons take part.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed, or liquid and EL-HC do not cross.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> round(el_hc_onset(d=10.0, tolerance=0.2).ratio, 0)
    2.0
    """
    d = validation.real("d", d, low=0.0, high=1e6)
    finite_size = validation.option("finite_size", finite_size, FINITE_SIZE)
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    tolerance = validation.positive("tolerance", tolerance)
    low, high = validation.pair("bracket", bracket, low=1.0, high=100.0)

    def margin(mass_ratio: float, mesh: int = mesh, cutoff: float = _CUTOFF, lowered: float = 0.0) -> float:
        place: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, mesh=mesh, cutoff=cutoff)
        r_s = el_hc_crossing(**place, finite_size=finite_size, lowered=lowered, changes=False).r_s
        if finite_size == "limit":
            states = limit_states(**place, r_s=r_s, balanced=balanced)
        else:
            states = candidate_states(**place, r_s=r_s, finite_size=finite_size, balanced=balanced, dismiss=True)
        energies = phase_energies(states)
        if "liquid" not in energies:
            raise NotConverged(f"the liquid at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s:.4g}")
        known = [energies[name] for name in ("EC-HL", "coupled crystal") if name in energies]
        # What cannot compete is not computed, and lies above.
        return min(known) - energies["liquid"] if known else 1.0

    none = Changes(0.0, 0.0, 0.0)
    if margin(low) > 0:
        return Onset(low, 0.0, none)
    if margin(high) < 0:
        return Onset(math.inf, 0.0, none)
    ratio = float(root_of(margin, low, high, absolute=tolerance))
    here = margin(ratio)
    slope = (margin(_BESIDE * ratio) - here) / ((_BESIDE - 1) * ratio)
    r_s = el_hc_crossing(mass_ratio=ratio, d=d, mesh=mesh, finite_size=finite_size, changes=False).r_s
    lowered = margin(ratio, lowered=el_hc_gain(mass_ratio=ratio, d=d, r_s=r_s))
    changes = boundary_changes(
        lambda mesh, cutoff: margin(ratio, mesh, cutoff),
        slope=slope,
        mesh=mesh,
        cutoff=_CUTOFF,
        sized=finite_size == "limit",
        gain=here - lowered,
    )
    return Onset(ratio, tolerance + changes.total, changes)


def _plane(phase: xr.DataArray) -> xr.DataArray:
    if set(phase.dims) != {"mass_ratio", "d", "density_ratio"} or not phase.size:
        raise ArgumentError("phase", phase.dims, "names over mass_ratio, d and density_ratio, one point at least")
    return phase
