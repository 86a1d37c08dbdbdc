"""Hartree energy: the classical Coulomb interaction of the densities, within a layer and between layers."""

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from ehbilayer.hartree_fock.functional import FourierSet, Functional


class Hartree:
    """Hartree energy ``1/2 sum_ab sum_Q z_a z_b V_ab(Q)/A Re rho_a(Q) rho_b(Q)*``, without Q = 0.

    Parameters
    ----------
    functional : Functional
    fourier : FourierSet
        Wave vectors of the densities.
    """

    def __init__(self, functional: Functional, fourier: FourierSet) -> None:
        self.names = [s.name for s in functional.species]
        self.weights = fourier.weights
        self.pairs, self.slopes = {}, {}
        for a, b in combinations_with_replacement(range(len(self.names)), 2):
            first, second = functional.species[a], functional.species[b]
            self.pairs[a, b] = functional.coulomb(first, second, fourier.lengths)
            self.slopes[a, b] = -abs(first.height - second.height) / functional.r_s * fourier.lengths

    def energy(self, densities: list[NDArray]) -> dict[tuple[str, str], float]:
        """Energies by pair of species, each pair once, in Ha_h.

        Parameters
        ----------
        densities : list of ndarray, shape (n,)
            Fourier components rho(Q) = sum_p D(p, p - Q) of each species, all spin components.
        """
        return {(self.names[a], self.names[b]): float(self._terms(a, b, densities).sum()) for a, b in self.pairs}

    def operator(self, densities: list[NDArray]) -> list[NDArray]:
        """Potential V(Q) of each species as it enters its Fock operator, in Ha_h."""
        potentials = [np.zeros_like(rho) for rho in densities]
        for (a, b), matrix in self.pairs.items():
            potentials[a] += matrix * densities[b]
            if a != b:
                potentials[b] += matrix * densities[a]
        return potentials

    def separation_derivative(self, densities: list[NDArray]) -> float:
        """Sum over pairs of layers of d dE/dd, in Ha_h."""
        return sum(
            float(self.slopes[a, b] @ self._terms(a, b, densities)) for a, b in self.pairs if self._apart((a, b))
        )

    def _apart(self, pair: tuple[int, int]) -> bool:
        return bool(self.slopes[pair].any())

    def _terms(self, a: int, b: int, densities: list[NDArray]) -> NDArray:
        share = 0.5 if a == b else 1.0
        return share * self.weights * self.pairs[a, b] * np.real(densities[a] * densities[b].conj())
