"""What the states of both solvers have in common."""

from dataclasses import dataclass
from typing import Any

from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.kmesh import BlochState
from ehbilayer.hartree_fock.minimisation import OrbitalState

__all__ = ["UNITS", "BilayerState"]

#: Units of the numbers that the solvers take and give.
UNITS = {"d": "a_h", "r_s": "a_h", "cutoff": "|b|", "moire": "Ha_h", "tolerance": "Ha_h"}


@numbers_first("energy_per_pair", "converged", "gradient_norm")
@dataclass(frozen=True, eq=False)
class BilayerState:
    """Hartree-Fock state of electrons and holes with the arguments that it came from.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    state : BlochState or OrbitalState
        Orbitals, levels and densities; ``state.energy`` holds the energy parts of the whole box in Ha_h.
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    state: BlochState | OrbitalState

    @property
    def pairs(self) -> int:
        """Number of electron-hole pairs in the box."""
        return self.state.functional.box.carriers

    @property
    def energy_per_pair(self) -> float:
        """Total energy per electron-hole pair, in Ha_h."""
        return self.state.energy.total / self.pairs

    @property
    def fermi_energy(self) -> float:
        """Fermi energy of the free unpolarised electrons at this density, in Ha_h."""
        return self.parameters["mass_ratio"] / self.parameters["r_s"] ** 2

    @property
    def momentum_variance(self) -> dict[str, float]:
        """sigma_k^2 = sum_k A k^2 <n_k> per carrier of the electrons (``"e"``) and holes (``"h"``), dimensionless."""
        state = self.state
        count = range(len(state.functional.species))
        return state.functional.momentum_variance(
            state.waves.squares, [state.momentum_distribution(index) for index in count]
        )

    @property
    def gradient_norm(self) -> float:
        """Root of the summed squares of occupied-empty Fock elements per carrier, in Ha_h."""
        return self.state.gradient_norm

    @property
    def converged(self) -> bool:
        """Whether the gradient norm reached the tolerance."""
        return self.state.converged
