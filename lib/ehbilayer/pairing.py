"""BCS pairing of paper A: a door to `ehbilayer.superconductivity`."""

from ehbilayer.superconductivity.coupling import CouplingSpectrum, coupling_spectrum, plasmon_spectral_function
from ehbilayer.superconductivity.fermi_circle import UMKLAPP
from ehbilayer.superconductivity.pairing import (
    REGIONS,
    coulomb_strength,
    coupling_constant,
    critical_temperature,
    debye_temperature,
    pairing_strength,
    temperature_map,
    threshold,
)
from ehbilayer.superconductivity.umklapp import zone_average

__all__ = [
    "REGIONS",
    "UMKLAPP",
    "CouplingSpectrum",
    "coulomb_strength",
    "coupling_constant",
    "coupling_spectrum",
    "critical_temperature",
    "debye_temperature",
    "pairing_strength",
    "plasmon_spectral_function",
    "temperature_map",
    "threshold",
    "zone_average",
]
