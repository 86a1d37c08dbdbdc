"""Exciton diode of a spin-orbit-coupled bilayer (paper B, Eqs. 1 to 9 and S-I, S-II)."""

from ehbilayer.diode.nonreciprocity import DiodeResult, current_curve, diode, landau_bounds

__all__ = ["DiodeResult", "current_curve", "diode", "landau_bounds"]
