"""Sweeps over parameters: grids and phase boundaries, resumable, on any executor."""

from ehbilayer.sweep.boundary import refine_boundary
from ehbilayer.sweep.grid import sweep
from ehbilayer.sweep.sources import SweepError, dependencies, source_key

__all__ = ["SweepError", "dependencies", "refine_boundary", "source_key", "sweep"]
