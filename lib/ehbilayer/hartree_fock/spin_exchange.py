"""Exchange coupling between the spins of neighbouring localised holes."""

from typing import Any

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.crystal import solve_crystal

__all__ = ["spin_exchange"]


def spin_exchange(**arguments: Any) -> float:
    """Heisenberg coupling of the hole crystal's spins, from turning those of every second row around.

    With ``+J S_i S_j`` for each bond between neighbours of the triangular lattice, all spins parallel have the energy
    3 J/4 per hole, and rows of alternating spins -J/4.

    Parameters
    ----------
    **arguments
        Of `ehbilayer.hartree_fock.solve_crystal`, without `holes`; `mesh` must be even.

    Returns
    -------
    float
        J in Ha_h, negative for a ferromagnetic coupling.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> abs(spin_exchange(r_s=20.0, mesh=4, cutoff=2.0)) < abs(spin_exchange(r_s=10.0, mesh=4, cutoff=2.0))
    True
    """
    if "holes" in arguments:
        raise ArgumentError("holes", arguments["holes"], "none, since both arrangements of the spins are computed")
    parallel = solve_crystal(**arguments)
    return parallel.energy_per_pair - solve_crystal(**arguments, holes="antiferromagnet").energy_per_pair
