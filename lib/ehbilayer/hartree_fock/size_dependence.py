"""One state in boxes of several sizes, with both treatments of the zero mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.crystal import CrystalState, solve_crystal

__all__ = ["SizeSeries", "size_series"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class SizeSeries:
    """States of boxes in ascending size.

    Attributes
    ----------
    dropped, madelung : tuple of CrystalState
        With V(0) = 0, and with the interaction of each carrier with its periodic images.
    """

    dropped: tuple[CrystalState, ...]
    madelung: tuple[CrystalState, ...]

    @property
    def settled(self) -> bool:
        """Whether all states converged with no level below a filled one empty."""
        return all(state.converged and state.aufbau for state in (*self.dropped, *self.madelung))

    def limit(self, quantity: str, least: int = 1) -> tuple[float, float]:
        """Mean over the Madelung-corrected boxes, and half of their spread.

        Parameters
        ----------
        quantity : str
            Numerical attribute of `CrystalState`, such as ``"gap_indirect"``.
        least : int
            Pairs in the smallest box used.

        Returns
        -------
        tuple of float
            What is left of the dependence on size is that of the shells and has no sign, so that the mean is no worse
            than the largest box.
        """
        least = validation.integer("least", least, low=1)
        used: list[Any] = [getattr(state, quantity, None) for state in self.madelung if state.pairs >= least]
        if not used:
            raise ArgumentError("least", least, f"at most {self.madelung[-1].pairs}, the pairs of the largest box")
        if not all(isinstance(value, float) for value in used):
            raise ArgumentError("quantity", quantity, "a number that a state has")
        return float(np.mean(used)), float(np.ptp(used)) / 2


def size_series(meshes: Sequence[int], **arguments: Any) -> SizeSeries:
    """Solve one state in boxes of several sizes.

    Parameters
    ----------
    meshes : sequence of int
        Bloch vectors per direction.
    **arguments
        Of `ehbilayer.hartree_fock.solve_crystal`, without `mesh` and `zero_mode`.

    Returns
    -------
    SizeSeries

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> series = size_series([2, 4], r_s=7.0, cutoff=1.5)
    >>> [state.pairs for state in series.dropped], series.settled
    ([4, 16], True)
    """
    sizes = np.unique(np.atleast_1d(validation.reals("meshes", meshes)))
    if sizes.ndim != 1 or not len(sizes):
        raise ArgumentError("meshes", meshes, "one mesh or more")
    sizes = [validation.integer("meshes", int(size) if size == int(size) else size, low=2, high=100) for size in sizes]
    dropped, madelung = (
        tuple(solve_crystal(**arguments, mesh=size, zero_mode=mode) for size in sizes)
        for mode in ("dropped", "madelung")
    )
    return SizeSeries(dropped, madelung)
