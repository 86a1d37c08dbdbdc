"""Acoustic plasmon of the bilayer and the superconductivity it may cause (paper A, Eqs. 1 to 6)."""
