"""The terms of the Hartree-Fock functional: one file a term, each with its energy and its operator.

Kinetic, Hartree, external and zero-mode term see a state through the occupations of its plane waves and the Fourier
components of its densities only, and serve both solvers; the exchange has one class for each way to store orbitals.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from numpy.typing import NDArray

from ehbilayer.hartree_fock.functional import EnergyParts, FourierSet, Functional
from ehbilayer.hartree_fock.terms.external import External
from ehbilayer.hartree_fock.terms.hartree import Hartree
from ehbilayer.hartree_fock.terms.kinetic import Kinetic
from ehbilayer.hartree_fock.terms.zero_mode import ZeroModeShift


class Space(Protocol):
    """What the terms need to know of a solver's basis: squared lengths of its plane waves, and its Fourier set."""

    @property
    def squares(self) -> NDArray: ...
    @property
    def fourier(self) -> FourierSet: ...


@dataclass(frozen=True, eq=False)
class Terms:
    """All terms but the exchange, bound to the plane waves of a basis."""

    kinetic: Kinetic
    hartree: Hartree
    external: External
    zero_mode: ZeroModeShift

    def potentials(self, densities: list[NDArray]) -> list[NDArray]:
        """Local part V(Q) of each species' Fock operator, from the Fourier components of all densities."""
        both = zip(self.hartree.operator(densities), self.external.operator(), strict=True)
        return [v if u is None else v + u for v, u in both]

    def energy(self, occupations: list[NDArray], densities: list[NDArray], exchange: dict[str, float]) -> EnergyParts:
        """All energies of a state: of these terms, and that of the exchange as given."""
        return EnergyParts(
            kinetic=self.kinetic.energy(occupations),
            hartree=self.hartree.energy(densities),
            exchange=exchange,
            zero_mode=self.zero_mode.energy(),
            separation_derivative=self.hartree.separation_derivative(densities),
            external=self.external.energy(densities),
        )


@lru_cache(maxsize=16)
def bound_terms(functional: Functional, space: Space) -> Terms:
    """The terms of a functional on a basis; kept, because every iteration asks for them.

    Raises
    ------
    ArgumentError
        If an external potential does not fit the basis (see `ehbilayer.hartree_fock.terms.external.External`).
    """
    return Terms(
        Kinetic(functional, space.squares),
        Hartree(functional, space.fourier),
        External(functional, space.fourier),
        ZeroModeShift(functional),
    )
