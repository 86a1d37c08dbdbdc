"""Energies of the uniform states of the bilayer with every spin."""

from ehbilayer.condensate.liquid import liquid_energy
from ehbilayer.condensate.radial import solve_condensate
from ehbilayer.errors import NotConverged

__all__ = ["uniform_energies"]

_SPINS = ("unpolarised", "polarised")


def uniform_energies(*, mass_ratio: float = 4, d: float = 1.0, r_s: float = 5.0) -> dict[str, float]:
    """Both condensates and the four liquids of polarised or unpolarised layers, the lowest first.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `solve_condensate`.

    Returns
    -------
    dict of str to float
        Energies in Ha_h per pair, in the thermodynamic limit and without the capacitance energy, by the names
        "condensate of polarised pairs", "condensate of pairs of both spins" and, for instance, "liquid of unpolarised
        electrons and polarised holes".

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a condensate did not converge.

    Examples
    --------
    The superconducting point of paper A:

    >>> next(iter(uniform_energies(mass_ratio=10, d=10.0, r_s=16.0)))
    'liquid of unpolarised electrons and polarised holes'
    """
    found = {}
    for spin, name in (("polarised", "polarised pairs"), ("symmetric", "pairs of both spins")):
        state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin=spin)
        if not state.converged:
            raise NotConverged(f"the condensate of {name} at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}")
        found[f"condensate of {name}"] = state.energy_per_pair
    for electrons in _SPINS:
        for holes in _SPINS:
            name = f"liquid of {electrons} electrons and {holes} holes"
            found[name] = liquid_energy(mass_ratio, r_s, electrons, holes)
    return dict(sorted(found.items(), key=lambda item: item[1]))
