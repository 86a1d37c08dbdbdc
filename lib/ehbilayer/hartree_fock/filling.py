"""How levels are filled: whole bands, shells in order of energy, at a temperature, or as they are told."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, xlogy

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.bloch import BlochBasis
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.numerics.roots import root

# Two levels belong to one shell when they differ by less than this fraction of the kinetic energy at |b|.
_SHELL = 1e-7


class Filling:
    """Occupations of one species from its levels.

    Parameters
    ----------
    species : Species
    basis : BlochBasis
    functional : Functional
    kind : {"bands", "shells", "integer"}, float or ndarray, shape (n_k, width)
        See `ehbilayer.hartree_fock.kmesh.solve`.

    Raises
    ------
    ValueError
        If the carriers do not fill whole bands, a shell cannot be broken, or the basis is too small.
    """

    def __init__(
        self, species: Species, basis: BlochBasis, functional: Functional, kind: str | float | NDArray
    ) -> None:
        self.frozen = kind if isinstance(kind, np.ndarray) else None
        self.temperature = kind if isinstance(kind, float) else 0.0
        self.weights, self.kind, self.number = basis.weights, kind, species.per_spin
        self.tolerance = _SHELL / (species.mass * functional.r_s**2)
        if self.frozen is not None:
            return
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
        if self.frozen is not None:
            return self.frozen
        if self.temperature:
            return self._thermal(levels)
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

    @property
    def needs_levels(self) -> bool:
        """Whether the occupations depend on the levels: not where whole bands are filled, or occupations given."""
        return self.frozen is None and self.kind != "bands"

    def agrees(self, levels: NDArray, occupation: NDArray) -> bool:
        """Whether `occupation` is an Aufbau filling of `levels`, up to splittings of 1e4 times the shell tolerance.

        Occupations that were given, or are thermal, agree with all levels.
        """
        if self.frozen is not None or self.temperature:
            return True
        full = levels[(occupation > 1e-9)]
        open_or_empty = levels[occupation < 1 - 1e-9]
        return bool(full.max() <= open_or_empty.min() + 1e4 * self.tolerance)

    def entropy(self, occupation: NDArray) -> float:
        """Entropy of one spin component in units of k_B."""
        return -float(
            self.weights @ (xlogy(occupation, occupation) + xlogy(1 - occupation, 1 - occupation)).sum(axis=1)
        )

    def _thermal(self, levels: NDArray) -> NDArray:
        """Fermi function with the chemical potential of the given number."""

        def occupation(mu: float) -> NDArray:
            return expit((mu - levels) / self.temperature)

        finite, reach = levels[np.isfinite(levels)], 40 * self.temperature
        low, high = float(finite.min()) - reach, float(finite.max()) + reach
        mu = root(lambda mu: float(self.weights @ occupation(mu).sum(axis=1)) - self.number, low, high, absolute=1e-14)
        return occupation(mu)
