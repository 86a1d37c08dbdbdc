"""How far a state with few plane waves is from the same state with many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.crystal import CrystalState, solve_crystal

__all__ = ["CutoffSeries", "cutoff_series"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class CutoffSeries:
    """One state with several plane-wave cutoffs.

    Attributes
    ----------
    cutoffs : ndarray, shape (n,)
        In ``|b|`` of the Wigner cell, ascending.
    states : tuple of CrystalState
        One for each cutoff.
    reference : CrystalState
        With a larger cutoff, taken as converged.
    """

    cutoffs: NDArray
    states: tuple[CrystalState, ...]
    reference: CrystalState

    @property
    def energy_errors(self) -> NDArray:
        """Energy per pair above the reference's, in Ha_h."""
        return np.array([state.energy_per_pair for state in self.states]) - self.reference.energy_per_pair

    @property
    def gap_errors(self) -> NDArray:
        """Indirect hole gap minus the reference's, in the electrons' Fermi energy."""
        return np.array([state.gap_indirect for state in self.states]) - self.reference.gap_indirect

    @property
    def occupations(self) -> NDArray:
        """Largest occupation of a plane wave with a neighbour beyond the cutoff, over the species."""
        return np.array([max(state.edge_occupation.values()) for state in self.states])

    @property
    def settled(self) -> bool:
        """Whether all states converged with no level below a filled one empty."""
        return all(state.converged and state.aufbau for state in (*self.states, self.reference))

    def first_occupied_below(self, bound: float) -> int | None:
        """Number of the first cutoff with all `occupations` below a bound, None if there is none."""
        return _first(self.occupations < validation.positive("bound", bound))

    def first_gap_within(self, bound: float) -> int | None:
        """Number of the first cutoff whose gap error is smaller than a bound, None if there is none."""
        return _first(np.abs(self.gap_errors) < validation.positive("bound", bound))


def cutoff_series(cutoffs: Sequence[float], reference_cutoff: float, **arguments: Any) -> CutoffSeries:
    """Solve one state with several plane-wave cutoffs.

    Parameters
    ----------
    cutoffs : sequence of float
        In ``|b|`` of the Wigner cell, each at least 1 and below `reference_cutoff`.
    reference_cutoff : float
        Taken as converged.
    **arguments
        Of `ehbilayer.hartree_fock.solve_crystal`.

    Returns
    -------
    CutoffSeries

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> series = cutoff_series([1.0, 1.5], 2.0, r_s=7.0, mesh=2)
    >>> series.settled, bool((series.energy_errors > 0).all())
    (True, True)
    """
    high = validation.real("reference_cutoff", reference_cutoff, low=1.0, high=20.0)
    values = np.sort(np.atleast_1d(validation.reals("cutoffs", cutoffs, low=1.0, high=high, high_open=True)))
    if values.ndim != 1 or not len(values):
        raise ArgumentError("cutoffs", cutoffs, "one cutoff or more")
    states = tuple(solve_crystal(cutoff=float(value), **arguments) for value in values)
    return CutoffSeries(values, states, solve_crystal(cutoff=high, **arguments))


def _first(holds: NDArray) -> int | None:
    return int(np.argmax(holds)) if holds.any() else None
