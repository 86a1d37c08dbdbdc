"""Bilayers whose electrons form the square Neel crystal, in boxes that suit it, beside those in triangular boxes."""

from collections.abc import Sequence
from functools import lru_cache
from math import inf
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock import kmesh
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.crystal import CrystalState
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.result import UNITS
from ehbilayer.hartree_fock.start import oscillator_length, pair_lengths
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import CELLS, SQUARE, Box
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.phases.candidates import ANSAETZE, candidate_states
from ehbilayer.phases.liquid import free_liquid
from ehbilayer.phases.monolayer import CRYSTALS, crystal_state
from ehbilayer.phases.order import bloch_order

__all__ = ["HOLES", "SQUARE_ANSAETZE", "limit_states", "square_state", "square_states"]

#: States of the holes below the Neel crystal on the same lattice, by the phase of both layers.
HOLES = {"EC-HL": "liquid", "coupled crystal": "crystal"}

#: States with square electrons: those two, and electrons and triangular holes each on a lattice of their own.
SQUARE_ANSAETZE = ("square EC-HL", "square coupled crystal", "separate crystals")

# r_s of the electrons outside of which square electrons are not tried: below, a layer's liquid lies 0.01 Ha_e or more
# under its Neel crystal, above, the triangular crystals lie 0.003 Ha_e or more under it.
_SPAN = (1.1, 3.2)

# EC-HL is tried where liquid holes and Neel electrons without coupling lie within this fraction of 1/r_s of the lowest.
_WINDOW = 0.02

_NEEL = CELLS["sqrt2xsqrt2"]

# Bound on the gradient norm in Ha_h per carrier.
_TOLERANCE = 2e-6


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
    >>> from ehbilayer.condensate import liquid_energy
    >>> square_state(mass_ratio=1.0, d=10.0, r_s=1.8) < liquid_energy(1.0, 1.8)
    True
    """
    point = _place(mass_ratio, d, r_s, mesh, cutoff)
    found = _same_lattice(validation.option("phase", phase, HOLES), **point)
    if not found["converged"]:
        raise NotConverged(f"the square {phase} at mass_ratio = {mass_ratio:.4g}, d = {d:.4g}, r_s = {r_s:.4g}")
    return found["energy"]


@checked
def square_states(
    *,
    mass_ratio: float = 1.0,
    d: float = 1.0,
    r_s: float = 1.8,
    mesh: int = 6,
    cutoff: float = 2.0,
    ansaetze: Sequence[str] = SQUARE_ANSAETZE,
) -> dict[str, dict[str, Any]]:
    """States of square electrons in the limit of large systems, in the form of `candidate_states`.

    Parameters
    ----------
    mass_ratio, d, r_s, mesh, cutoff
        As in `square_state`.
    ansaetze : sequence of str
        Names in `SQUARE_ANSAETZE`.

    Returns
    -------
    dict
        For each ansatz a dictionary as of `candidate_states`. In the separate crystals the layers have no wave vector
        in common and share no Hartree energy: their energy is the sum of those of two isolated layers whatever d is, an
        upper bound, since each layer could still give way to the other.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> states = square_states(mass_ratio=10, d=10.0, r_s=16.0)
    >>> all(state["crystal_e"] for state in states.values()), states["square coupled crystal"]["crystal_h"]
    (True, True)
    """
    point = _place(mass_ratio, d, r_s, mesh, cutoff)
    names = validation.options("ansaetze", ansaetze, SQUARE_ANSAETZE)
    return {
        name: _same_lattice(name.removeprefix("square "), **point) if name.startswith("square") else _separate(**point)
        for name in names
    }


@checked
def limit_states(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 7.0,
    mesh: int = 6,
    cutoff: float | None = None,
    ansaetze: Sequence[str] | None = None,
    balanced: bool = False,
) -> dict[str, dict[str, Any]]:
    """Every Hartree-Fock state that can be lowest in the limit of large systems, each in a box that suits it.

    Parameters
    ----------
    mass_ratio, d, r_s, mesh, cutoff, balanced
        As in `candidate_states`, with ``finite_size="limit"`` and ``dismiss=True``.
    ansaetze : sequence of str, optional
        Names in `ANSAETZE` or `SQUARE_ANSAETZE` to compute instead of all that can compete.

    Returns
    -------
    dict
        As of `candidate_states`, and of `square_states` where r_s of the electrons is between 1.1 and 3.2. Square EC-HL
        is there only where its energy, estimated without coupling, is near the lowest and its holes stay liquid.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> states = limit_states(mass_ratio=1.0, d=1.0, r_s=1.8)
    >>> min(states, key=lambda name: states[name]["energy"])
    'square EC-HL'
    """
    point: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh)
    known: dict[str, Any] = dict(**point, cutoff=cutoff, finite_size="limit", balanced=balanced)
    if ansaetze is not None:
        names = validation.options("ansaetze", ansaetze, (*ANSAETZE, *SQUARE_ANSAETZE))
        square = [name for name in names if name in SQUARE_ANSAETZE]
        others = [name for name in names if name not in SQUARE_ANSAETZE]
        found = candidate_states(**known, ansaetze=others) if others else {}
        return found | (square_states(**point, cutoff=cutoff or 2.0, ansaetze=square) if square else {})
    found = candidate_states(**known, dismiss=True)
    if not _SPAN[0] <= r_s / mass_ratio <= _SPAN[1]:
        return found
    place = _place(**point, cutoff=cutoff or 2.0)
    found["separate crystals"] = separate = _separate(**place)
    found["square coupled crystal"] = _same_lattice("coupled crystal", **place)
    lowest = min((state["energy"] for state in found.values() if state["converged"]), default=inf)
    holes = _layer("polarised", "triangular", r_s, mesh, place["cutoff"])[0]
    melted = separate["energy"] - holes + sum(uniform_gas_energy(r_s))
    if melted < lowest + _WINDOW / r_s:
        state = _same_lattice("EC-HL", **place)
        if not state["crystal_h"]:
            found["square EC-HL"] = state
    return found


def _place(mass_ratio, d, r_s, mesh, cutoff) -> dict[str, Any]:
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    if mesh % 2:
        raise ArgumentError("mesh", mesh, "an even number, for two sublattices")
    return {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6),
        "d": validation.real("d", d, low=0.0, high=1e6),
        "r_s": validation.real("r_s", r_s, low=1e-3, high=1e6),
        "mesh": mesh,
        "cutoff": validation.real("cutoff", cutoff, low=1.0, high=20.0),
    }


def _same_lattice(phase, mass_ratio, d, r_s, mesh, cutoff):
    """Neel electrons above holes that are a liquid or a crystal on the same lattice."""
    box, mass = Box.repeated(SQUARE, mesh, mesh), 1.0 / mass_ratio
    basis = bloch_basis(box, cutoff, _NEEL)
    species = (
        Species("e", -1, mass, box.carriers, "alternating"),
        Species("h", 1, 1.0, box.carriers, height=d),
    )
    both = HOLES[phase] == "crystal"
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
    parameters = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s, "mesh": mesh, "cutoff": cutoff}
    result = CrystalState(parameters, UNITS, state)
    energy, orders = result.energy_per_pair, {layer: bloch_order(state, layer) for layer in "eh"}
    if not both:
        # Of holes that stay a liquid. Those that crystallise have another start, which gets there sooner.
        kinetic, exchange = uniform_gas_energy(1.0)
        finite = free_liquid(box)
        energy += (kinetic - finite.kinetic) / r_s**2 + (exchange - finite.exchange) / r_s
    return {
        "energy": float(energy),
        "converged": result.converged,
        "hole_gap": result.gap_indirect,
        **{f"crystal_{layer}": order.crystal for layer, order in orders.items()},
        **{f"sigma_{layer}": value for layer, value in result.momentum_variance.items()},
        **{f"bragg_{layer}": order.bragg for layer, order in orders.items()},
        "polarised": False,
    }


def _separate(mass_ratio, d, r_s, mesh, cutoff):
    """Both layers crystals on lattices of their own; `d` plays no part."""
    del d
    electrons = _layer("unpolarised", "square", r_s / mass_ratio, mesh, cutoff)
    holes = _layer("polarised", "triangular", r_s, mesh, cutoff)
    state = {"energy": electrons[0] / mass_ratio + holes[0], "converged": electrons[1] and holes[1]}
    # The holes' gap, in the electrons' Fermi energy.
    state |= {"hole_gap": holes[5] * r_s**2 / mass_ratio, "polarised": False}
    for layer, (_, _, crystal, variance, bragg, _) in (("e", electrons), ("h", holes)):
        state |= {f"crystal_{layer}": crystal, f"sigma_{layer}": variance, f"bragg_{layer}": bragg}
    return state


@lru_cache(maxsize=512)
def _layer(spin, crystal, r_s, mesh, cutoff):
    """Energy per carrier, whether converged, label, variance, Bragg weight and gap of one layer, in its own units."""
    state = crystal_state(r_s=r_s, mesh=mesh, crystal=CRYSTALS[spin][crystal], cutoff=cutoff)
    count, order = state.functional.box.carriers, bloch_order(state)
    squares = state.waves.squares
    distributions = [state.momentum_distribution(index) for index in range(len(state.functional.species))]
    variance = state.functional.momentum_variance(squares, distributions)["h"]
    empty = state.levels[0][state.occupations[0] <= 1e-9].min()
    gap = float(empty - state.fermi_level(0))
    return float(state.energy.total / count), state.converged, order.crystal, variance, order.bragg, gap
