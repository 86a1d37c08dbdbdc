"""Exciton condensate: homogeneous Hartree-Fock-Bogoliubov theory (paper A, S2 and S3) and the Mott transition."""

from ehbilayer.condensate.exciton import exciton_energy
from ehbilayer.condensate.grid import image_potential, solve_condensate_grid
from ehbilayer.condensate.liquid import MottPoint, liquid_energy, mott_line, mott_transition
from ehbilayer.condensate.radial import solve_condensate
from ehbilayer.condensate.spins import MottWindow, mott_window
from ehbilayer.condensate.state import CondensateState

__all__ = [
    "CondensateState",
    "MottPoint",
    "MottWindow",
    "exciton_energy",
    "image_potential",
    "liquid_energy",
    "mott_line",
    "mott_transition",
    "mott_window",
    "solve_condensate",
    "solve_condensate_grid",
]
