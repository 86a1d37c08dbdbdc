"""Competing Hartree-Fock states of the bilayer at one density, on one footing of zero mode and system size."""

import math
from collections.abc import Sequence
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.hartree_fock.supercell import survey_supercell
from ehbilayer.model.coulomb import ZeroMode, madelung_potential
from ehbilayer.model.lattice import Box
from ehbilayer.phases.liquid import free_variance, shell_correction

__all__ = [
    "ANSAETZE",
    "FINITE_SIZE",
    "candidate_states",
    "identify",
    "variance_point",
]

#: Ansaetze by name: states of electrons and of holes, as in `solve_crystal`.
ANSAETZE = {
    "liquid": ("liquid", "liquid"),
    "polarised liquid": ("polarised liquid", "liquid"),
    "EL-HC": ("liquid", "polarised"),
    "polarised EL-HC": ("polarised liquid", "polarised"),
    "coupled crystal": ("crystal", "polarised"),
    "antiferromagnetic coupled crystal": ("antiferromagnet", "polarised"),
    "EC-HL": ("crystal", "liquid"),
    "antiferromagnetic EC-HL": ("antiferromagnet", "liquid"),
}

# Phase by whether electrons and holes are crystalline.
_PHASES = {
    (False, False): "liquid",
    (False, True): "EL-HC",
    (True, False): "EC-HL",
    (True, True): "coupled crystal",
}

# EC-HL is tried where its estimated energy lies within this fraction of the lowest one.
_EC_HL_WINDOW = 0.1

#: Treatments of the finite box.
FINITE_SIZE = ("dropped", "madelung", "limit")


@checked
def candidate_states(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 7.0,
    mesh: int = 6,
    cutoff: float | None = None,
    finite_size: str = "dropped",
    ansaetze: Sequence[str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Energies of all Hartree-Fock ansaetze at one point.

    Parameters
    ----------
    mass_ratio, d, r_s, mesh
        As in `solve_crystal`; `mesh` even.
    cutoff : float, optional
        In ``|b|``; by default 2 for r_s up to 8 and 2.5 beyond. Tightly bound pairs (mass ratio and d near 1 and r_s
        above 10) would need 4; their energy is then an upper bound.
    finite_size : {"dropped", "madelung", "limit"}
        V(0) = 0; Madelung-corrected; or, in addition, every liquid layer's energy error of the same box (open
        shells and the sum over k) replaced by its thermodynamic limit, which is exact for uniform layers and
        leaves the crystals as they are.
    ansaetze : sequence of str, optional
        Names in `ANSAETZE` to compute instead of all that can compete.

    Returns
    -------
    dict
        For each ansatz (the two EC-HL ones only where they can compete) a dictionary: ``energy`` per pair (Ha_h),
        ``converged``, ``hole_gap`` (eps_F), ``crystal_e``, ``crystal_h`` (whether the layer is an insulator with one
        carrier per cell), ``sigma_e``,
        ``sigma_h`` (momentum variance per carrier). An ansatz whose iteration ran into another
        one, for instance holes that crystallise on top of an electron crystal although started as a liquid,
        keeps its name here; `identify` sorts that out.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> states = candidate_states(r_s=7.0, mesh=4, cutoff=2.0)
    >>> min(states, key=lambda name: states[name]["energy"])
    'EL-HC'
    """
    finite_size = validation.option("finite_size", finite_size, FINITE_SIZE)
    mesh = validation.integer("mesh", mesh, low=2, high=100)
    if mesh % 2:
        raise ArgumentError("mesh", mesh, "an even number, for two-cell antiferromagnets")
    zero_mode = ZeroMode.DROPPED if finite_size == "dropped" else ZeroMode.MADELUNG
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    if cutoff is None:
        cutoff = 2.0 if r_s <= 8 else 2.5

    def summary(electrons, holes):
        result = solve_crystal(
            mass_ratio=mass_ratio,
            d=d,
            r_s=r_s,
            mesh=mesh,
            cutoff=cutoff,
            zero_mode=zero_mode.value,
            electrons=electrons,
            holes=holes,
            max_iterations=100,
        )
        energy, variance = result.energy_per_pair, result.momentum_variance
        if finite_size == "limit":
            if electrons in ("liquid", "polarised liquid"):
                energy += shell_correction(r_s, mesh, 1.0 / mass_ratio, electrons == "polarised liquid")
            # Holes that crystallised on the electrons' lattice have no shells left to correct.
            if holes == "liquid" and result.gap_indirect <= 0:
                energy += shell_correction(r_s, mesh, 1.0, True)
        # With V(0) = 0 the gap of a small box can be negative where that of a large one is not.
        lift = madelung_potential(Box.triangular(mesh, mesh)) / r_s / result.fermi_energy
        lift = lift if zero_mode is ZeroMode.DROPPED else 0.0
        gaps = {"e": result.electron_gap_indirect, "h": result.gap_indirect}
        return {
            "energy": energy,
            "converged": result.converged,
            "hole_gap": gaps["h"],
            # A partly filled shell has the gap 0, whatever the zero mode.
            **{f"crystal_{layer}": abs(gap) > 1e-9 and gap + lift > 0 for layer, gap in gaps.items()},
            "sigma_e": variance["e"],
            "sigma_h": variance["h"],
        }

    if ansaetze is not None:
        return {name: summary(*ANSAETZE[name]) for name in validation.options("ansaetze", ansaetze, ANSAETZE)}
    found = {name: summary(*layers) for name, layers in ANSAETZE.items() if "EC-HL" not in name}
    # If the layers were independent, melting the holes under an electron crystal would change the energy as it does
    # under the liquid. Where that leaves EC-HL far above the lowest state it is not computed.
    lowest = min(state["energy"] for state in found.values())
    melting = found["liquid"]["energy"] - found["EL-HC"]["energy"]
    for name, crystal in (
        ("EC-HL", "coupled crystal"),
        ("antiferromagnetic EC-HL", "antiferromagnetic coupled crystal"),
    ):
        if found[crystal]["energy"] + melting < lowest + _EC_HL_WINDOW * abs(lowest):
            found[name] = summary(*ANSAETZE[name])
    return found


def identify(states: dict[str, dict[str, Any]]) -> tuple[str, str, float]:
    """Phase of lowest energy among candidate states.

    Parameters
    ----------
    states : dict
        Of `candidate_states`.

    Returns
    -------
    phase : {"liquid", "EL-HC", "EC-HL", "coupled crystal"}
        By which layers are crystalline in the state itself, whatever it started from.
    ansatz : str
        The state itself.
    margin : float
        Energy by which the best state of any other phase lies higher, in Ha_h per pair; infinite if
        all are in one phase. States that did not converge take no part.
    """
    labels = {}
    states = {name: state for name, state in states.items() if state["converged"]}
    if not states:
        raise ValueError("states is not allowed: need at least one converged state")
    for name, state in states.items():
        labels[name] = _PHASES[state["crystal_e"], state["crystal_h"]]
    ansatz = min(states, key=lambda name: states[name]["energy"])
    others = [state["energy"] for name, state in states.items() if labels[name] != labels[ansatz]]
    return labels[ansatz], ansatz, float(min(others, default=math.inf) - states[ansatz]["energy"])


def variance_point(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 7.0,
    mesh: int = 6,
    cutoff: float = 1.5,
    seed: int = 0,
    tolerance: float = 1e-5,
) -> dict[str, Any]:
    """Momentum variances of the lowest unrestricted supercell state, by which paper A tells the phases apart.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `solve_supercell`.
    mesh : int
        Even; the triangular box holds ``mesh**2`` pairs.
    cutoff : float
        In ``|b|``.
    seed : int
        Of the noise in the starts.
    tolerance : float
        Bound on the gradient norm in Ha_h per carrier.

    Returns
    -------
    dict
        ``energy`` per pair (Ha_h, V(0) = 0), ``start`` (the one of ``"crystal"``, ``"coupled crystal"`` and
        ``"liquid"`` that led to it), ``ratio_e``, ``ratio_h`` (sigma_k^2 per carrier over that of the unpolarised
        electron and
        polarised hole liquids on the same mesh), ``converged`` (of all starts).

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> point = variance_point(mass_ratio=4, d=1.0, r_s=12.0, mesh=2, cutoff=2.0)
    >>> point["ratio_h"] > 1.1
    True
    """
    mesh = validation.integer("mesh", mesh, low=2, high=100)
    states = survey_supercell(
        starts=("crystal", "coupled crystal", "liquid"),
        seeds=(seed,),
        mass_ratio=mass_ratio,
        d=d,
        r_s=r_s,
        cells=(mesh, mesh),
        cutoff=cutoff,
        spin="unrestricted",
        tolerance=tolerance,
    )
    lowest = states[0]
    squares = lowest.state.grid.waves.squares * lowest.state.functional.box.area
    up, down, holes = (float(squares @ lowest.state.momentum_distribution(index)) for index in range(3))
    return {
        "energy": lowest.energy_per_pair,
        "start": lowest.parameters["start"],
        "ratio_e": (up + down) / lowest.pairs / free_variance(mesh, 2),
        "ratio_h": holes / lowest.pairs / free_variance(mesh),
        "converged": all(state.converged for state in states),
    }
