"""Energies of the phases that compete with the superconductor's parent, the electron-liquid hole-crystal state."""

from ehbilayer import validation
from ehbilayer.condensate import solve_condensate
from ehbilayer.hartree_fock import solve_crystal


def competing_energies(*, mass_ratio=10, d=1.0, r_s=1.6, mesh=6, cutoff=3.0):
    """Energies of exciton condensate and electron crystal relative to the EL-HC state.

    Both crystals are translation-symmetric Hartree-Fock states of ``mesh**2`` pairs with the Madelung correction,
    the condensate is homogeneous, with polarised electrons, in the thermodynamic limit; none of the energies contains
    the capacitance term. What is left of the crystals' finite size is the electrons' shell filling, some
    hundredths of the Fermi energy at 36 pairs.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d, r_s : float
        Layer distance >= 0 and Wigner-Seitz radius > 0 in a_e.
    mesh : int
        See `ehbilayer.hartree_fock.solve_crystal`.
    cutoff : float
        Of the crystals, in ``|b|``.

    Returns
    -------
    dict of str to float
        ``"condensate"`` and ``"crystal"``: energy per pair minus that of the EL-HC state, in the electrons' Fermi
        energy. Negative where that phase lies lower.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    RuntimeError
        If one of the states did not converge.

    Examples
    --------
    >>> energies = competing_energies(mass_ratio=10, d=0.1, r_s=1.6)
    >>> energies["condensate"] < energies["crystal"] < 0
    True
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0)
    d = validation.real("d", d, low=0.0)
    r_s = validation.positive("r_s", r_s)
    arguments = dict(mass_ratio=mass_ratio, d=mass_ratio * d, r_s=mass_ratio * r_s)
    crystal = dict(mesh=mesh, cutoff=cutoff, zero_mode="madelung")
    states = {
        "EL-HC": solve_crystal(**arguments, **crystal),
        "crystal": solve_crystal(**arguments, **crystal, electrons="crystal"),
        "condensate": solve_condensate(**arguments),
    }
    for name, state in states.items():
        if not state.converged:
            raise RuntimeError(f"the {name} state at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s} did not converge")
    parent = states["EL-HC"]
    return {
        name: (states[name].energy_per_pair - parent.energy_per_pair) / parent.fermi_energy for name in ("condensate", "crystal")
    }
