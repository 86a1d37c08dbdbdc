"""Energy in external potentials on the layers (see `ehbilayer.hartree_fock.potentials`)."""

import numpy as np
from numpy.typing import NDArray

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.functional import FourierSet, Functional
from ehbilayer.hartree_fock.potentials import Cosines


class External:
    """Energy ``sum_Q V(Q) rho(Q)`` of every species in the external potentials on its layer.

    Parameters
    ----------
    functional : Functional
    fourier : FourierSet

    Raises
    ------
    ArgumentError
        If a potential acts on no layer that there is, or has a wave vector that is no difference of two plane waves of
        the basis (a k mesh holds reciprocal vectors of its cell only), or lacks a symmetry imposed on the orbitals.
    """

    def __init__(self, functional: Functional, fourier: FourierSet) -> None:
        self.names = [s.name for s in functional.species]
        self.weights = fourier.weights
        self.values: list[NDArray | None] = [None] * len(self.names)
        for potential in functional.external:
            present = self._where(potential, fourier)
            species = [i for i, s in enumerate(functional.species) if s.layer == potential.layer]
            if not species:
                raise ArgumentError("external", potential, f"a layer among {', '.join(sorted(functional.layers))}")
            for index in species:
                before = self.values[index]
                added = np.where(present, potential.amplitude, 0.0)
                self.values[index] = added if before is None else before + added

    def energy(self, densities: list[NDArray]) -> dict[str, float]:
        """Energies in Ha_h of those species that feel a potential, from the Fourier components of the densities."""
        terms = zip(self.names, self.values, densities, strict=True)
        return {name: float((self.weights * v) @ np.real(rho)) for name, v, rho in terms if v is not None}

    def operator(self) -> list[NDArray | None]:
        """V(Q) of each species in Ha_h, None without a potential."""
        return self.values

    @staticmethod
    def _where(potential: Cosines, fourier: FourierSet) -> NDArray:
        waves = np.array(sorted(potential.both_signs()))
        hits = (fourier.integers[:, None, :] == waves).all(axis=2)
        # A half set holds one of Q and -Q; the waves are sorted, so that -Q stands in the mirror place.
        found = hits.any(axis=0)
        if not (found | found[::-1]).all():
            raise ArgumentError("external", potential, "wave vectors that are differences of plane waves of the basis")
        images = {tuple(image) for image in (waves @ fourier.group).reshape(-1, 2).tolist()}
        if not images <= potential.both_signs():
            raise ArgumentError("external", potential, "a potential with the symmetry that the orbitals have")
        return hits.any(axis=1)
