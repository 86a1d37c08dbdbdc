"""Phases of the density-balanced bilayer: Hartree-Fock states against the exciton condensate (paper A, Fig. 2)."""

from functools import lru_cache
from math import inf
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate import liquid_energy, solve_condensate, solve_condensate_grid
from ehbilayer.phases.candidates import PHASES, candidate_states, identify, phase_energies
from ehbilayer.phases.monolayer import monolayer_crystallisation
from ehbilayer.phases.order import is_condensed
from ehbilayer.phases.square_states import limit_states
from ehbilayer.sweep import quantities

__all__ = ["CONVENTIONS", "critical_radius", "phase_point"]

#: As in paper A (N_up = N_down for the electrons, V(0) = 0 on the finite mesh for every state), or estimating the limit
#: of large systems with polarised electrons among the candidates.
CONVENTIONS = ("paper", "limit")


@checked
@quantities(
    d="a_h",
    r_s="a_h",
    r_s_star="a_h",
    margin="Ha_h",
    hf_margin="Ha_h",
    energy_hf="Ha_h",
    energy_condensate="Ha_h",
    energy_symmetric_condensate="Ha_h",
    margin_any_spin="Ha_h",
    hole_gap="eps_F",
    energy_liquid="Ha_h",
    energy_el_hc="Ha_h",
    energy_ec_hl="Ha_h",
    energy_coupled_crystal="Ha_h",
    energy_polarised_liquid="Ha_h",
    energy_polarised_el_hc="Ha_h",
    energy_polarised_ec_hl="Ha_h",
    energy_polarised_coupled_crystal="Ha_h",
)
def phase_point(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    density_ratio: float = 1.0,
    convention: str = "limit",
    mesh: int = 6,
    r_s_star: float | None = None,
) -> dict[str, Any]:
    """Lowest state of the bilayer at one point of the phase diagram.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e > 0.
    d : float
        Layer distance in a_h, >= 0.
    density_ratio : float
        n/n*, density in units of that at which the isolated hole layer crystallises, > 0.
    convention : {"paper", "limit"}
        ``"paper"``: N_up = N_down for the electrons of the Hartree-Fock states, V(0) = 0 and ``mesh**2`` pairs for
        every state, the condensate (of polarised electrons and holes, as the paper's) on the same plane waves.
        ``"limit"``: polarised electrons compete too, and electrons in the square Neel crystal, which the paper's
        triangular box does not hold; crystals Madelung-corrected, liquid layers corrected to their thermodynamic limit
        (see `ehbilayer.phases.square_states.limit_states`), the condensate in the thermodynamic limit; in addition, the
        phase if the holes need not be polarised in uniform states.
    mesh : int
        Even; the box of the Hartree-Fock states holds ``mesh**2`` pairs.
    r_s_star : float, optional
        Critical r_s of the isolated hole layer in a_h; by default that of Hartree-Fock in the same convention and
        box, `monolayer_crystallisation`.

    Returns
    -------
    dict
        ``r_s`` (a_h); ``phase``, ``margin`` (Ha_h per pair to the next phase) with the condensate among
        the candidates and ``hf_phase``, ``hf_ansatz``, ``hf_margin`` without; ``energy_hf``, ``energy_condensate``
        (Ha_h per pair); ``energy_liquid``, ``energy_el_hc``, ``energy_ec_hl``, ``energy_coupled_crystal``, those of
        the lowest state of each phase with balanced spins, and ``energy_polarised_liquid`` and so on, with polarised
        electrons, None where none was computed; ``condensate_fraction`` of the condensate
        wherever it exists as a solution, and ``condensed``, whether that is more than an open shell
        (`ehbilayer.phases.order.is_condensed`); in the limit convention ``energy_symmetric_condensate``, that of pairs
        of both spins, and ``phase_any_spin``, ``margin_any_spin``, as ``phase`` and ``margin`` with it and the liquid
        of two unpolarised layers among the candidates (None in the paper's convention);
        ``hole_gap`` (eps_F), ``sigma_e``, ``sigma_h``, ``crystal_e``, ``crystal_h``, ``polarised`` (whether the
        electrons are) of the lowest Hartree-Fock state, which is chosen among the
        converged ones; ``unconverged_states``, the number of others; ``converged``, of the condensate.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> point = phase_point(mass_ratio=10, d=3.0, density_ratio=0.5)
    >>> point["hf_phase"], point["converged"]
    ('EL-HC', True)
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6)
    d = validation.real("d", d, low=0.0, high=1e6)
    density_ratio = validation.real("density_ratio", density_ratio, low=1e-4, high=1e4)
    convention = validation.option("convention", convention, CONVENTIONS)
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    paper = convention == "paper"
    finite_size = "dropped" if paper else "limit"
    place: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, mesh=mesh)
    r_s_star = (
        critical_radius(mesh, finite_size)
        if r_s_star is None
        else validation.real("r_s_star", r_s_star, low=0.1, high=1e4)
    )
    r_s = r_s_star / density_ratio**0.5
    if paper:
        states = candidate_states(**place, r_s=r_s, finite_size=finite_size, balanced=True, dismiss=True)
    else:
        states = limit_states(**place, r_s=r_s)
    hf_phase, ansatz, hf_margin = identify(states)
    best = states[ansatz]
    if paper:
        condensate = solve_condensate_grid(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh)
    else:
        condensate = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, order=_ORDER)
    gain = best["energy"] - condensate.energy_per_pair
    ordered = condensate.converged and is_condensed(condensate)
    condensed = ordered and gain > 0
    energies = {
        f"energy_{'polarised_' if polarised else ''}{name.lower().replace('-', '_').replace(' ', '_')}": phase_energies(
            states, polarised
        ).get(name)
        for polarised in (False, True)
        for name in PHASES.values()
    }
    margin = gain if condensed else min(hf_margin, -gain) if ordered else hf_margin
    phase = "condensate" if condensed else hf_phase
    return {
        "r_s": r_s,
        "phase": phase,
        "margin": margin,
        "hf_phase": hf_phase,
        "hf_ansatz": ansatz,
        "hf_margin": hf_margin,
        "energy_hf": best["energy"],
        "energy_condensate": condensate.energy_per_pair,
        **(_NO_SPINS if paper else _any_spin(mass_ratio, d, r_s, states, condensate)),
        **energies,
        "condensate_fraction": condensate.condensate_fraction,
        "condensed": ordered,
        "hole_gap": best["hole_gap"],
        "sigma_e": best["sigma_e"],
        "sigma_h": best["sigma_h"],
        "crystal_e": best["crystal_e"],
        "crystal_h": best["crystal_h"],
        "polarised": best["polarised"],
        "unconverged_states": sum(not state["converged"] for state in states.values()),
        "converged": condensate.converged,
    }


# Nodes per panel of the condensate: its energy's error is then 1e-7/r_s or less.
_ORDER = 6

_NO_SPINS = {"energy_symmetric_condensate": None, "phase_any_spin": None, "margin_any_spin": None}


def _any_spin(mass_ratio, d, r_s, states, polarised):
    """Phase with unpolarised holes in liquid and condensate, too."""
    symmetric = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin="symmetric", order=_ORDER)
    energies = phase_energies(states)
    # Crystallised holes stay polarised: between them the exchange is small.
    unpolarised = liquid_energy(mass_ratio, r_s, "unpolarised", "unpolarised")
    energies["liquid"] = min(energies.get("liquid", unpolarised), unpolarised)
    for state in (polarised, symmetric):
        if state.converged and is_condensed(state):
            energies["condensate"] = min(energies.get("condensate", state.energy_per_pair), state.energy_per_pair)
    (phase, lowest), *others = sorted(energies.items(), key=lambda item: item[1])
    return {
        "energy_symmetric_condensate": symmetric.energy_per_pair if symmetric.converged else None,
        "phase_any_spin": phase,
        "margin_any_spin": min((energy for _, energy in others), default=inf) - lowest,
    }


def critical_radius(mesh: int, finite_size: str) -> float:
    """r_s* of the isolated polarised layer in the same convention (see `monolayer_crystallisation`), cached.

    Examples
    --------
    >>> critical_radius(6, "limit") < critical_radius(6, "dropped")
    True
    """
    return _critical_radius(
        validation.integer("mesh", mesh, low=2, high=100),
        validation.option("finite_size", finite_size, ("dropped", "madelung", "limit")),
    )


@lru_cache(maxsize=32)
def _critical_radius(mesh: int, finite_size: str) -> float:
    return monolayer_crystallisation(mesh=mesh, finite_size=finite_size)
