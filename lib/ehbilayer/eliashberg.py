"""Eliashberg theory: a door to `ehbilayer.superconductivity`."""

from ehbilayer.superconductivity.analytic_tc import allen_dynes, mcmillan
from ehbilayer.superconductivity.coupling import CouplingSpectrum
from ehbilayer.superconductivity.eliashberg import (
    Transition,
    critical_temperature,
    eigenvalue,
    plasmon_problem,
    pseudopotential,
    transition,
)
from ehbilayer.superconductivity.gap_function import GapFunction, gap_function

__all__ = [
    "CouplingSpectrum",
    "GapFunction",
    "Transition",
    "allen_dynes",
    "critical_temperature",
    "eigenvalue",
    "gap_function",
    "mcmillan",
    "plasmon_problem",
    "pseudopotential",
    "transition",
]
