"""How levels are filled: whole bands, or shells in order of energy."""

import numpy as np
from numpy.typing import NDArray

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.bloch import BlochBasis
from ehbilayer.hartree_fock.functional import Functional, Species

# Two levels belong to one shell when they differ by less than this fraction of the kinetic energy at |b|.
_SHELL = 1e-7


class Filling:
    """Occupations of one species from its levels.

    Parameters
    ----------
    species : Species
    basis : BlochBasis
    functional : Functional
    kind : {"bands", "shells", "integer"}
        See `ehbilayer.hartree_fock.kmesh.solve`.

    Raises
    ------
    ValueError
        If the carriers do not fill whole bands, a shell cannot be broken, or the basis is too small.
    """

    def __init__(self, species: Species, basis: BlochBasis, functional: Functional, kind: str) -> None:
        self.weights, self.kind, self.number = basis.weights, kind, species.per_spin
        self.tolerance = _SHELL / (species.mass * functional.r_s**2)
        if kind == "bands":
            self.bands = species.per_spin / basis.k_count
            if self.bands != int(self.bands):
                multiple = basis.k_count * species.components
                raise ArgumentError("number", species.number, f"a multiple of {multiple} carriers to fill bands")
        if kind == "integer" and (basis.weights != 1).any():
            raise ArgumentError("filling", kind, "a basis without symmetry: whole occupations of a shell break it")
        if np.min(basis.valid.sum(axis=1)) < species.per_spin / basis.k_count + 1:
            needed = "a larger cutoff: fewer plane waves per Bloch vector than bands to fill"
            raise ArgumentError("basis", f"{len(basis.waves)} plane waves", needed)

    def __call__(self, levels: NDArray) -> NDArray:
        occupation = np.zeros_like(levels)
        if self.kind == "bands":
            occupation[:, : int(self.bands)] = 1.0
            return occupation
        order = np.argsort(levels, axis=None, kind="stable")
        energies = levels.reshape(-1)[order]
        weights = np.broadcast_to(self.weights[:, None], levels.shape).reshape(-1)[order]
        filled = np.cumsum(weights)
        top = energies[np.searchsorted(filled, self.number * (1 - 1e-12))]
        if self.kind == "integer":
            # Members of a shell in the order of k, so that the choice does not depend on rounding.
            order = np.lexsort((np.arange(len(order)), np.round(levels.reshape(-1) / self.tolerance)))
            occupation.reshape(-1)[order[: int(self.number)]] = 1.0
            return occupation
        below = energies < top - self.tolerance
        shell = np.abs(energies - top) <= self.tolerance
        share = (self.number - weights[below].sum()) / weights[shell].sum()
        occupation.reshape(-1)[order] = np.where(below, 1.0, np.where(shell, share, 0.0))
        return occupation

    def agrees(self, levels: NDArray, occupation: NDArray) -> bool:
        """Whether `occupation` is an Aufbau filling of `levels`, up to splittings of 1e4 times the shell tolerance."""
        full = levels[(occupation > 1e-9)]
        open_or_empty = levels[occupation < 1 - 1e-9]
        return bool(full.max() <= open_or_empty.min() + 1e4 * self.tolerance)
