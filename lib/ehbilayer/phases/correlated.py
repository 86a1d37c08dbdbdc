"""The lowest phase of a bilayer whose layers are correlated, from published Monte Carlo energies of one layer."""

from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.model.quantum_liquid import lowest_liquid
from ehbilayer.model.wigner_crystal import wigner_crystal_energy
from ehbilayer.phases.correlated_coupling import aligned_attraction, crystal_coupling, mode_coupling, screening_share
from ehbilayer.phases.correlated_pairs import DILUTE, MELTING, condensate_bound, dilute_pairs
from ehbilayer.sweep import quantities

__all__ = ["COUPLINGS", "SMALLEST_CRYSTAL", "correlated_point"]

#: How the liquid layers' coupling is computed: with the local field of the Monte Carlo energies, without one, or in
#: second order above a vibrating hole crystal.
COUPLINGS = ("local field", "random phase", "adiabatic")

#: Radius in the layer's Bohr radii below which the harmonic crystal is no candidate: its phonons move it by 0.4 of the
#: lattice constant there.
SMALLEST_CRYSTAL = 10.0

# Strength of the coupled oscillators above which the liquids are unstable against a common density wave.
_UNSTABLE = 1.01


# The latest crossing of one layer's liquid and crystal that simulations find (arXiv:2405.19397: 37(1)).
_LATEST = 38.0

_NO_ERRORS: dict[str, Any] = dict.fromkeys(("liquid_error", "el_hc_error", "crystal_error", "margin_error"))


@checked
@quantities(
    d="a_h",
    r_s="a_h",
    crossing="1",
    liquid="Ha_h",
    el_hc="Ha_h",
    condensate="Ha_h",
    margin="Ha_h",
    liquid_error="Ha_h",
    el_hc_error="Ha_h",
    crystal_error="Ha_h",
    margin_error="Ha_h",
    coupling_energy="Ha_h",
)
def correlated_point(
    *,
    mass_ratio: float = 10,
    d: float = 10.0,
    r_s: float = 31.0,
    crossing: float | None = None,
    coupling: str = "local field",
    dilute: float = DILUTE,
    errors: bool = True,
) -> dict[str, Any]:
    """Energies of the phases with correlated layers at one density, and the lowest one.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 1 to 1000.
    d : float
        Layer distance in a_h, from 0 to 100 r_s and to 100 (1 + mass_ratio).
    r_s : float
        Wigner-Seitz radius of the holes in a_h, from 0.01 mass_ratio to 1e5.
    crossing : float, optional
        r_s at which liquid and crystal of one layer cross, which stands for the crystal's energy beyond harmonic
        phonons (`ehbilayer.model.wigner_crystal.wigner_crystal_energy`); 30.6 by default, from harmonic phonons alone.
    coupling : {"local field", "random phase", "adiabatic"}
        `ehbilayer.phases.correlated_coupling.mode_coupling` with or without local field, or `crystal_coupling`.
    dilute : float
        Ratio of r_s to the decay length of the exciton's wave function, >= 1, from which the product state of pairs
        (`dilute_pairs`) is a candidate. It knows no exchange between pairs, and is no bound where they overlap.
    errors : bool
        Whether to compute the errors, which takes the other two couplings.

    Returns
    -------
    dict
        Energies per pair in Ha_h without the capacitance energy. ``"liquid"``: both layers liquid, with their coupling.
        ``"EL-HC"``: the same plus the difference of hole crystal and hole liquid, whose repulsion the electrons
        screen; None where it is no candidate. ``"coupled crystal"``: the lower of two aligned crystals and of
        a crystal of dilute pairs; None where neither is a candidate. ``"condensate"``: an upper bound, the lower of
        `condensate_bound` and dilute pairs that would not stay on a lattice. ``"phase"``, the lowest, and
        ``"margin"`` to the next; ``"coupling_energy"``, ``"strength"`` (`mode_coupling`), ``"screening"``
        (`screening_share`), ``"electron_polarisation"`` and ``"hole_polarisation"`` of the liquids; ``"spin"`` of the
        condensate; ``"localisation"`` and ``"dilution"`` of pairs (`dilute_pairs`); ``"valid"``, False where the two
        liquids are unstable, and ``"message"``; ``"liquid_error"``, ``"el_hc_error"`` and ``"crystal_error"`` of those
        energies and ``"margin_error"`` of the margin (Ha_h per pair; None if not computed or without the phase); the
        arguments.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Notes
    -----
    Only the condensate's energy is a bound; its error has one side and no number. The coupling is an estimate, whose
    farthest other choice is its error. The error of a crystal layer is the change of its energy if liquid and crystal
    cross where simulations say they do at the latest, at 37(1). The margin's error is
    the sum of those that its two phases do not share. All layer energies scale with the Hartree of the carrier's mass,
    all radii with its Bohr radius.

    Examples
    --------
    The superconducting point of paper A (r_s = 1.6 and d = 1 in the electrons' units) and one of low density:

    >>> [correlated_point(mass_ratio=10, d=10.0, r_s=r_s)["phase"] for r_s in (16.0, 100.0)]
    ['liquid', 'condensate']
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e3)
    r_s = validation.real("r_s", r_s, low=0.01 * mass_ratio, high=1e5)
    d = validation.real("d", d, low=0.0, high=min(100 * r_s, 100 * (1 + mass_ratio)))
    coupling = validation.option("coupling", coupling, COUPLINGS)
    dilute = validation.real("dilute", dilute, low=1.0, high=1e6)
    if crossing is not None:
        crossing = validation.real("crossing", crossing, low=20.0, high=60.0)
    bilayer: dict[str, Any] = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s}
    electrons, holes = lowest_liquid(r_s / mass_ratio), lowest_liquid(r_s)
    field = coupling != "random phase"
    shared, strength = mode_coupling(
        **bilayer, polarisations=(electrons.polarisation, holes.polarisation), local_field=field
    )
    if coupling == "adiabatic":
        shared = crystal_coupling(**bilayer, polarisation=electrons.polarisation)
    share = screening_share(**bilayer, polarisation=electrons.polarisation, local_field=field)
    liquid = electrons.energy / mass_ratio + holes.energy + shared
    energies: dict[str, float | None] = {"liquid": liquid, "EL-HC": None, "coupled crystal": None}
    left = 1 - share
    if left * r_s >= SMALLEST_CRYSTAL:
        ordering = wigner_crystal_energy(left * r_s, crossing) - lowest_liquid(left * r_s).energy
        energies["EL-HC"] = liquid + left**2 * ordering
    crystals = []
    if r_s / mass_ratio >= SMALLEST_CRYSTAL:
        layers = wigner_crystal_energy(r_s, crossing) + wigner_crystal_energy(r_s / mass_ratio, crossing) / mass_ratio
        crystals.append(layers + aligned_attraction(**bilayer))
    pairs = dilute_pairs(**bilayer)
    bound, spin = condensate_bound(**bilayer)
    if pairs.dilution >= dilute:
        if pairs.localisation < MELTING:
            crystals.append(pairs.energy)
        elif pairs.energy < bound:
            bound, spin = pairs.energy, "dilute"
    energies["coupled crystal"] = min(crystals, default=None)
    energies["condensate"] = bound
    ranked = sorted((energy, phase) for phase, energy in energies.items() if energy is not None)
    valid = strength < _UNSTABLE
    found: dict[str, Any] = _errors(bilayer, electrons, holes, shared, left, energies, ranked) if errors else _NO_ERRORS
    return {
        **energies,
        **found,
        "phase": ranked[0][1],
        "margin": ranked[1][0] - ranked[0][0],
        "coupling_energy": shared,
        "strength": strength,
        "screening": share,
        "electron_polarisation": electrons.polarisation,
        "hole_polarisation": holes.polarisation,
        "spin": spin,
        "localisation": pairs.localisation,
        "dilution": pairs.dilution,
        "valid": valid,
        "message": "" if valid else "the two liquids are unstable against a common density wave",
        **bilayer,
        "crossing": crossing,
        "coupling": coupling,
        "dilute": dilute,
    }


def _errors(bilayer, electrons, holes, shared, left, energies, ranked):
    """Errors of the phases' energies and of the margin, in Ha_h per pair."""
    spins = electrons.polarisation, holes.polarisation
    others = [mode_coupling(**bilayer, polarisations=spins, local_field=field)[0] for field in (True, False)]
    others.append(crystal_coupling(**bilayer, polarisation=electrons.polarisation))
    coupling = max(abs(other - shared) for other in others)

    def crystal(r_s):
        return abs(wigner_crystal_energy(r_s, _LATEST) - wigner_crystal_energy(r_s))

    ratio, r_s = bilayer["mass_ratio"], bilayer["r_s"]
    ordered = left**2 * crystal(left * r_s) if energies["EL-HC"] is not None else 0.0
    two = crystal(r_s) + crystal(r_s / ratio) / ratio if r_s / ratio >= SMALLEST_CRYSTAL else 0.0
    own = {"liquid": 0.0, "EL-HC": ordered, "coupled crystal": two, "condensate": 0.0}
    pair = [phase for _, phase in ranked[:2]]
    # Liquid and EL-HC have the same coupling, which their difference does not feel.
    margin = sum(own[phase] for phase in pair) + (coupling if len({"liquid", "EL-HC"} & set(pair)) == 1 else 0.0)
    return {
        "liquid_error": coupling,
        "el_hc_error": None if energies["EL-HC"] is None else coupling + ordered,
        "crystal_error": None if energies["coupled crystal"] is None else two,
        "margin_error": margin,
    }
