"""Exchange energy, for orbitals on a k mesh and for orbitals on the grid of a box."""

import numpy as np
from numpy.typing import NDArray

from ehbilayer.hartree_fock.bloch import BlochBasis
from ehbilayer.hartree_fock.functional import Functional
from ehbilayer.hartree_fock.orbitals import OrbitalGrid
from ehbilayer.hartree_fock.pair_exchange import apply_exchange


class BlochExchange:
    """Exchange of translation-symmetric states, ``Sigma[p, delta] = -sum_p' v(p - p')/A D[p', delta]``.

    Parameters
    ----------
    functional : Functional
    basis : BlochBasis
    """

    def __init__(self, functional: Functional, basis: BlochBasis) -> None:
        self.functional, self.basis = functional, basis

    def operators(self, tables: list[NDArray]) -> list[NDArray]:
        """Tables of the operators, by difference at the irreducible plane waves, from those of the densities, in Ha_h.

        They hold the entries that `BlochBasis.to_blocks` takes.
        """
        return [product / self.functional.r_s for product in self.basis.exchange(tables)]

    def energy(self, index: int, operator: NDArray, density: NDArray) -> float:
        """Energy of species number `index` in Ha_h, from the operator and the density blocks that it belongs to."""
        weights = self.functional.species[index].components * self.basis.weights
        return float(0.5 * weights @ np.einsum("kij,kij->k", operator, density.conj()).real)


class GridExchange:
    """Exchange of real orbitals on the grid of a box, by Fourier transforms of their pairs.

    Parameters
    ----------
    functional : Functional
    grid : OrbitalGrid
    threads : int
        Worker threads; the result does not depend on it.
    """

    def __init__(self, functional: Functional, grid: OrbitalGrid, threads: int = 1) -> None:
        self.functional, self.grid, self.threads = functional, grid, threads

    def operator(self, index: int, fields: NDArray, targets: NDArray | None = None) -> NDArray:
        """The operator of species number `index` applied to its orbitals or to other functions, in Ha_h."""
        species = self.functional.species[index]
        kernel = self.functional.coulomb(species, species, self.grid.lengths)
        return apply_exchange(fields, kernel, self.threads, targets)

    def energy(self, index: int, applied: NDArray, fields: NDArray) -> float:
        """Energy in Ha_h, from the orbitals and the operator applied to them."""
        components = self.functional.species[index].components
        return float(0.5 * components * np.vdot(fields, applied) / self.grid.lengths.size)
