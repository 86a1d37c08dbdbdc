"""Exciton diode of a spin-orbit-coupled bilayer (paper B, Eqs. 1 to 9 and S-I, S-II)."""

from ehbilayer.diode.figures_of_merit import current_curve, landau_bounds
from ehbilayer.diode.nonreciprocity import DiodeResult, diode

__all__ = ["DiodeResult", "current_curve", "diode", "landau_bounds"]
