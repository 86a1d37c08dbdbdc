"""The contact theory of paper B for a bilayer, with the mass of each layer."""

from dataclasses import dataclass
from typing import Any

from ehbilayer.device.bilayer import Bilayer
from ehbilayer.device.friction import chemical_potential
from ehbilayer.diode.bands import Bands, isolated_bands
from ehbilayer.diode.nonreciprocity import DiodeResult, diode
from ehbilayer.errors import NotConverged
from ehbilayer.units import ThermalUnits


@dataclass(frozen=True)
class Contact:
    """Mean-field theory of paper B for one species of a bilayer whose transition temperature in K is given."""

    bilayer: Bilayer
    T_c: float

    @property
    def units(self) -> ThermalUnits:
        """Units with k_B T_c = m = hbar = 1, m twice the reduced mass."""
        return ThermalUnits(mass=self.bilayer.pair_mass, T_c=self.T_c)

    @property
    def reduced(self) -> dict[str, Any]:
        """What `ehbilayer.diode.bands.isolated_bands` needs, in those units; both layers hold its density at T_c."""
        J, B = self.bilayer.zeeman
        E_F = chemical_potential(self.bilayer.m_h, self.bilayer.of_one_species, self.T_c)
        values = self.units.reduce(lam=self.bilayer.lam, E_F=E_F, J=J, B=B)
        return values | {"mass_ratio": self.bilayer.m_h / self.bilayer.m_e}

    @property
    def bands(self) -> Bands:
        """The bands of both layers."""
        return isolated_bands(**self.reduced)

    def condensate(self, T: float) -> DiodeResult:
        """The condensate at a temperature in K; `NotConverged` if it did not converge or is no ground state."""
        result = diode(**self.reduced, T=T / self.T_c, theory="mean-field")
        if not (result.converged and result.valid):
            raise NotConverged(f"the condensate at T = {T!r} K did not converge: {result.message}")
        return result
