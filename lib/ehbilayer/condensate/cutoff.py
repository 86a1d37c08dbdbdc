"""What a cutoff that looks only at the occupation leaves out of the condensate's energy."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.condensate.grid import solve_condensate_grid
from ehbilayer.errors import NotConverged

__all__ = ["CutoffLoss", "cutoff_loss"]

# Cutoffs tried and the one that stands for none, in |b|.
_FIRST, _STEP, _REFERENCE = 1.0, 0.25, 12.0


@dataclass(frozen=True)
class CutoffLoss:
    """The first cutoff at which the occupation has fallen below a bound.

    Attributes
    ----------
    cutoff : float
        In ``|b|`` of the cell of one pair.
    edge_occupation : float
        At the largest wave number.
    energy : float
        By which the energy per pair lies above that of a cutoff of 12 ``|b|``, Ha_h.
    percent : float
        The same in percent of the energy.
    """

    cutoff: float
    edge_occupation: float
    energy: float
    percent: float


def cutoff_loss(
    *, mass_ratio: float = 4, d: float = 1.0, r_s: float = 5.0, mesh: int = 6, occupation: float = 1e-3
) -> CutoffLoss:
    """First cutoff of the series 1, 1.25, 1.5, ... ``|b|`` that meets a bound on the occupation, and what it costs.

    Parameters
    ----------
    mass_ratio, d, r_s, mesh
        As in `solve_condensate_grid`, here with the Madelung correction.
    occupation : float
        Bound on n_k at the cutoff, between 0 and 1; paper A takes 1e-3.

    Returns
    -------
    CutoffLoss

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a condensate did not converge, or no cutoff below 12 ``|b|`` meets the bound.

    Examples
    --------
    >>> loss = cutoff_loss(r_s=10.0, mesh=4)
    >>> loss.edge_occupation < 1e-3 < loss.energy
    True
    """
    occupation = validation.real("occupation", occupation, low=1e-12, high=1.0)
    arguments: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, zero_mode="madelung")

    def solve(cutoff):
        state = solve_condensate_grid(**arguments, cutoff=cutoff)
        if not state.converged:
            raise NotConverged(f"the condensate at r_s = {r_s}, cutoff = {cutoff}")
        return state

    reference = solve(_REFERENCE).energy_per_pair
    for cutoff in np.arange(_FIRST, _REFERENCE, _STEP):
        state = solve(float(cutoff))
        if state.edge_occupation < occupation:
            energy = state.energy_per_pair - reference
            return CutoffLoss(float(cutoff), state.edge_occupation, energy, 100 * energy / abs(reference))
    raise NotConverged(f"n_k < {occupation} is not met below a cutoff of {_REFERENCE} |b| at r_s = {r_s}")
