"""Hartree-Fock for several kinds of carriers in parallel layers: one functional, two solvers."""

from ehbilayer.hartree_fock.crystal import CrystalState, solve_crystal
from ehbilayer.hartree_fock.supercell import SupercellState, solve_supercell, survey_supercell

__all__ = ["CrystalState", "SupercellState", "solve_crystal", "solve_supercell", "survey_supercell"]
