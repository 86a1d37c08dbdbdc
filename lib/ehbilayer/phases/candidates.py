"""Competing Hartree-Fock states of the bilayer at one density, on one footing of zero mode and system size."""

import math
from collections.abc import Sequence
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.hartree_fock.supercell import survey_supercell
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.phases.liquid import free_variance, shell_correction
from ehbilayer.phases.order import LiquidWatch, layer_order

__all__ = [
    "ANSAETZE",
    "FINITE_SIZE",
    "PHASES",
    "candidate_states",
    "electron_crystals",
    "identify",
    "phase_energies",
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

#: Phase by whether electrons and holes are crystalline.
PHASES = {
    (False, False): "liquid",
    (False, True): "EL-HC",
    (True, False): "EC-HL",
    (True, True): "coupled crystal",
}

# Ansaetze whose electrons all have one spin.
_POLARISED = tuple(name for name, (electrons, _) in ANSAETZE.items() if electrons in ("polarised liquid", "crystal"))

# EC-HL is tried where its estimated energy lies within this fraction of 1/r_s above the lowest one. On a grid of mass
# ratios 1 to 10 and d = 1 to 10 a_h its energy is nowhere lower than estimated by more than a tenth of that.
_EC_HL_WINDOW = 0.02

# Electron crystals are not tried below this r_s of the electrons: there they lie half of the lowest energy or more
# above it, for mass ratios up to 40 and d from 0.3 a_h on. Below the second one they lie 0.05/r_s or more above it
# where d is at least a tenth of r_s.
_DENSE, _DENSE_APART, _APART = 0.6, 1.05, 0.1

# Rows of alternating spins lie below the ferromagnet by (0.3/r_s - 0.13)/r_s of the electrons or less, and not at all
# beyond the second radius; below the first one the ferromagnet lies above the rows.
_ROWS_ONLY, _FERROMAGNET_ONLY = 1.5, 4.0

# Bound on the gradient norm in Ha_h per carrier: the energy's error is of second order in it, 1e-9 or less.
_TOLERANCE = 2e-6

# EL-HC of equal masses at low density, where it lies far above the lowest state, needs up to 106.
_ITERATIONS = 150

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
    balanced: bool = False,
    dismiss: bool = False,
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
        leaves the crystals as they are. Which layer is a liquid is told by its order, not by its start.
    ansaetze : sequence of str, optional
        Names in `ANSAETZE` to compute instead of all that can compete.
    balanced : bool
        Whether to leave out those with polarised electrons, so that N_up = N_down as in paper A.
    dismiss : bool
        Whether to leave out what cannot win besides EC-HL: electron crystals where the electrons are dense, rows of
        alternating spins and polarised EL-HC where estimates from the other states lie 0.02/r_s or more above the
        lowest one, and polarised electrons that crystallise although they started as a liquid, which is another ansatz
        then.

    Returns
    -------
    dict
        For each ansatz a dictionary: ``energy`` per pair (Ha_h), ``converged``, ``hole_gap`` (eps_F), ``crystal_e``,
        ``crystal_h`` (whether the layer is a crystal by `ehbilayer.phases.order.layer_order`), ``sigma_e``,
        ``sigma_h`` (momentum variance per carrier), ``bragg_e``, ``bragg_h`` (Bragg weights), ``polarised`` (whether
        the electrons are). The two EC-HL ones are there only where they can compete: where their estimated energy is
        not too high, and the holes do not crystallise in the iteration.

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
    if not isinstance(balanced, bool):
        raise TypeError(f"balanced = {balanced!r} is not allowed: need True or False")
    if not isinstance(dismiss, bool):
        raise TypeError(f"dismiss = {dismiss!r} is not allowed: need True or False")
    zero_mode = ZeroMode.DROPPED if finite_size == "dropped" else ZeroMode.MADELUNG
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6)
    if cutoff is None:
        cutoff = 2.0 if r_s <= 8 else 2.5

    def solve(name, watch=None, alternating=True):
        electrons, holes = ANSAETZE[name]
        result = solve_crystal(
            mass_ratio=mass_ratio,
            d=d,
            r_s=r_s,
            mesh=mesh,
            cutoff=cutoff,
            zero_mode=zero_mode.value,
            electrons=electrons,
            holes=holes,
            tolerance=_TOLERANCE,
            max_iterations=_ITERATIONS,
            alternating=alternating,
            watch=watch,
        )
        ended = watch is not None and watch.crystallised
        if alternating and electrons == "antiferromagnet" and not (result.converged or ended):
            # Both spins on their own sometimes find a state where one and its image do not.
            return solve(name, watch, alternating=False)
        return result

    def summary(name, result):
        energy, variance = result.energy_per_pair, result.momentum_variance
        orders = {layer: layer_order(result, layer) for layer in "eh"}
        polarised = name in _POLARISED
        if finite_size == "limit":
            # Layers that are crystals have no shells to correct.
            if not orders["e"].crystal:
                energy += shell_correction(r_s, mesh, 1.0 / mass_ratio, polarised)
            if not orders["h"].crystal:
                energy += shell_correction(r_s, mesh, 1.0, True)
        return {
            "energy": energy,
            "converged": result.converged,
            "hole_gap": result.gap_indirect,
            **{f"crystal_{layer}": order.crystal for layer, order in orders.items()},
            **{f"sigma_{layer}": variance[layer] for layer in orders},
            **{f"bragg_{layer}": order.bragg for layer, order in orders.items()},
            "polarised": polarised,
        }

    if ansaetze is not None:
        return {name: summary(name, solve(name)) for name in validation.options("ansaetze", ansaetze, ANSAETZE)}
    found = {}

    def attempt(name):
        # The layer that may crystallise by itself: holes below an electron crystal, electrons above a hole crystal.
        layer = "h" if name in crystals else "e" if dismiss and name == "polarised EL-HC" else None
        watch = None if layer is None else LiquidWatch(layer)
        state = summary(name, solve(name, watch))
        if watch is None or not (watch.crystallised or state[f"crystal_{layer}"]):
            found[name] = state

    wanted = [name for name in ANSAETZE if not (balanced and name in _POLARISED)]
    crystals = {"EC-HL": "coupled crystal", "antiferromagnetic EC-HL": "antiferromagnetic coupled crystal"}
    dense = _DENSE_APART if d >= _APART * r_s else _DENSE
    skipped = {*crystals, *crystals.values()} if dismiss and r_s < dense * mass_ratio else set()
    for name in wanted:
        if name in crystals or name in skipped or (dismiss and _hopeless(name, found, r_s, mass_ratio)):
            continue
        attempt(name)
    # If the layers were independent, melting the holes under an electron crystal would change the energy as it does
    # under the liquid. Where that leaves EC-HL far above the lowest state it is not computed.
    lowest = min(state["energy"] for state in found.values())
    melting = found["liquid"]["energy"] - found["EL-HC"]["energy"]
    for name, crystal in crystals.items():
        if crystal in found and found[crystal]["energy"] + melting < lowest + _EC_HL_WINDOW / r_s:
            attempt(name)
    return found


def electron_crystals(r_s_electrons: float) -> tuple[str, ...]:
    """Coupled crystals of which one is the lowest: rows of alternating spins when dense, the ferromagnet when dilute.

    Examples
    --------
    >>> electron_crystals(1.2), electron_crystals(6.0)
    (('antiferromagnetic coupled crystal',), ('coupled crystal',))
    """
    radius = validation.positive("r_s_electrons", r_s_electrons)
    ferromagnet, rows = "coupled crystal", "antiferromagnetic coupled crystal"
    return (rows,) if radius < _ROWS_ONLY else (ferromagnet,) if radius > _FERROMAGNET_ONLY else (ferromagnet, rows)


def _hopeless(name, found, r_s, mass_ratio):
    """Whether estimates from the states found so far put an ansatz, and what it may melt to, far above the lowest."""
    lowest = min((state["energy"] for state in found.values()), default=math.inf) + _EC_HL_WINDOW / r_s
    if name == "polarised EL-HC":
        gain = found["liquid"]["energy"] - found["EL-HC"]["energy"]
        return found["polarised liquid"]["energy"] - max(gain, 0.0) > lowest
    if name == "antiferromagnetic coupled crystal" and "coupled crystal" in found:
        if name not in electron_crystals(r_s / mass_ratio):
            return True
        melting = found["liquid"]["energy"] - found["EL-HC"]["energy"]
        gain = max(0.3 * mass_ratio / r_s - 0.13, 0.0) / r_s
        return found["coupled crystal"]["energy"] - gain + min(melting, 0.0) > lowest
    return False


def _checked_states(states: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    needed = {"energy", "converged", "crystal_e", "crystal_h", "polarised"}
    if not isinstance(states, dict) or not all(
        isinstance(state, dict) and needed <= set(state) for state in states.values()
    ):
        raise ArgumentError("states", states, "what candidate_states returns")
    return states


def phase_energies(states: dict[str, dict[str, Any]], polarised: bool | None = None) -> dict[str, float]:
    """Lowest energy of each phase among candidate states, by what the states are, whatever they started from.

    Parameters
    ----------
    states : dict
        Of `candidate_states`. Those that did not converge take no part.
    polarised : bool, optional
        Only states whose electrons are polarised, or are not.

    Returns
    -------
    dict
        Energies in Ha_h per pair by phase; phases without a state are missing.

    Examples
    --------
    >>> energies = phase_energies(candidate_states(r_s=7.0, mesh=4, cutoff=2.0))
    >>> min(energies, key=energies.get)
    'EL-HC'
    """
    energies: dict[str, float] = {}
    if polarised is not None:
        validation.boolean("polarised", polarised)
    for state in _checked_states(states).values():
        if state["converged"] and polarised in (None, state["polarised"]):
            phase = PHASES[state["crystal_e"], state["crystal_h"]]
            energies[phase] = min(state["energy"], energies.get(phase, math.inf))
    return energies


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

    Examples
    --------
    >>> phase, ansatz, margin = identify(candidate_states(r_s=7.0, mesh=4, cutoff=2.0))
    >>> phase, margin > 0
    ('EL-HC', True)
    """
    states = {name: state for name, state in _checked_states(states).items() if state["converged"]}
    if not states:
        raise ArgumentError("states", states, "at least one converged state")
    ansatz = min(states, key=lambda name: states[name]["energy"])
    phase = PHASES[states[ansatz]["crystal_e"], states[ansatz]["crystal_h"]]
    others = [energy for name, energy in phase_energies(states).items() if name != phase]
    return phase, ansatz, float(min(others, default=math.inf) - states[ansatz]["energy"])


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
        seeds=(validation.integer("seed", seed, low=0),),
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
