"""Acoustic plasmon of the bilayer and the superconductivity it may cause (paper A, Eqs. 1 to 6)."""

from ehbilayer.superconductivity.shear import elastic_moduli, shear_modulus
from ehbilayer.superconductivity.static_response import static_response

__all__ = ["elastic_moduli", "shear_modulus", "static_response"]
