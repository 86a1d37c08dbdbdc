"""Lowest state along the layer distance at one density, in the paper's convention and in the limit of large systems."""

import math
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from scipy.interpolate import PchipInterpolator

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.roots import root
from ehbilayer.phases.point import CONVENTIONS, phase_point
from ehbilayer.sweep import quantities, sweep

__all__ = ["crystal_onset", "lowest_state", "lowest_states"]


@quantities(d="a_h", r_s="a_h", margin="Ha_h")
def lowest_state(
    *, mass_ratio: float = 10, d: float = 10.0, r_s: float = 16.0, convention: str = "limit", mesh: int = 6
) -> dict[str, Any]:
    """Lowest state at one density, with the spin-symmetric condensate among the candidates of the limit.

    Parameters
    ----------
    mass_ratio, d, convention, mesh
        As in `ehbilayer.phases.phase_point`. In the paper's convention the condensate is the paper's, of polarised
        carriers.
    r_s : float
        In a_h, > 0.

    Returns
    -------
    dict
        ``phase``: one of `ehbilayer.phases.candidates.PHASES`, "condensate" (of polarised carriers) or "symmetric
        condensate"; ``margin``, by how much the EL-HC state lies below every other one, negative where another is
        lowest (Ha_h per pair), None where there is no EL-HC state; ``converged``.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> lowest_state(mass_ratio=10, d=10.0, r_s=10.0, mesh=4)["phase"]
    'EL-HC'
    """
    r_s = validation.real("r_s", r_s, low=0.1, high=1e4)
    point = phase_point(mass_ratio=mass_ratio, d=d, density_ratio=1.0, convention=convention, mesh=mesh, r_s_star=r_s)
    found = [point[f"energy_{spins}el_hc"] for spins in ("", "polarised_")]
    crystals = [energy for energy in found if energy is not None]
    crystal = point["hf_phase"] == "EL-HC"
    energies = {
        "EL-HC": point["energy_hf"] if crystal else min(crystals, default=math.inf),
        "another": point["energy_hf"] + (point["hf_margin"] if crystal else 0.0),
    }
    if point["condensed"]:
        energies["condensate"] = point["energy_condensate"]
    converged = point["converged"]
    if convention == "limit":
        symmetric = point["energy_symmetric_condensate"]
        converged = converged and symmetric is not None
        energies["symmetric condensate"] = math.inf if symmetric is None else symmetric
    phase = min(energies, key=lambda name: energies[name])
    own = energies.pop("EL-HC")
    return {
        "phase": point["hf_phase"] if phase == "another" else phase,
        "margin": min(energies.values()) - own if math.isfinite(own) else None,
        "converged": converged,
    }


def lowest_states(
    *,
    mass_ratio: float,
    r_s: float,
    d: Sequence[float],
    mesh: int = 6,
    store: str | os.PathLike | None = None,
) -> xr.Dataset:
    """`lowest_state` over the layer distance in both conventions, in units of the electrons.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    r_s : float
        In a_e, > 0.
    d : sequence of float
        Layer distances in a_e, ascending.
    mesh : int
        As in `lowest_state`.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.Dataset
        ``phase`` and ``margin`` (Ha_h per pair) over convention and d (a_e).

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> lowest_states(mass_ratio=10, r_s=1.6, d=[0.2, 1.0], mesh=4).phase.sel(convention="limit").values.tolist()
    ['symmetric condensate', 'coupled crystal']
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0)
    r_s = validation.real("r_s", r_s, low=0.1 / mass_ratio, high=1e4 / mass_ratio)
    distances = np.atleast_1d(validation.reals("d", d, low=0.0))
    if distances.ndim != 1 or not distances.size or (np.diff(distances) <= 0).any():
        raise ArgumentError("d", d, "one or more ascending numbers")
    found = sweep(
        lowest_state,
        # Rounded, so that the same distance in the holes' a_h has the same key in the store.
        {"convention": list(CONVENTIONS), "d": [round(mass_ratio * float(x), 6) for x in distances]},
        fixed={"mass_ratio": mass_ratio, "r_s": mass_ratio * r_s, "mesh": mesh},
        store=store,
        unconverged="keep",
    )
    return found[["phase", "margin", "converged"]].assign_coords(d=("d", distances, {"units": "a_e"}))


@checked
def crystal_onset(states: xr.Dataset, convention: str) -> float:
    """Layer distance beyond which EL-HC is the lowest state.

    Parameters
    ----------
    states : xarray.Dataset
        From `lowest_states`.
    convention : {"paper", "limit"}

    Returns
    -------
    float
        In a_e, where the interpolated margin changes sign for the last time; the smallest distance computed if EL-HC is
        lowest at all of them, infinite if it is not at the largest.

    Raises
    ------
    ArgumentError
        If the convention is not one of the two.

    Examples
    --------
    >>> states = lowest_states(mass_ratio=10, r_s=1.6, d=[0.3, 0.35, 0.4, 0.45], mesh=4)
    >>> 0.3 < crystal_onset(states, "paper") < 0.45
    True
    """
    margin = states.margin.sel(convention=validation.option("convention", convention, CONVENTIONS))
    margin = margin.dropna("d")
    d, values = margin.d.values, margin.values
    if not values.size or values[-1] < 0:
        return math.inf
    others = np.flatnonzero(values < 0)
    if not others.size:
        return float(d[0])
    last = others[-1]
    return root(lambda x: float(PchipInterpolator(d, values)(x)), float(d[last]), float(d[last + 1]), absolute=1e-9)
