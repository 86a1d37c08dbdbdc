"""Sweeps over parameters: grids and phase boundaries, resumable, on any executor."""

from ehbilayer.sweep.boundary import refine_boundary
from ehbilayer.sweep.errors import PointsFailed, SweepError
from ehbilayer.sweep.grid import sweep
from ehbilayer.sweep.housekeeping import StoredSweep, entries, prune
from ehbilayer.sweep.points import quantities
from ehbilayer.sweep.sources import dependencies, source_key

__all__ = [
    "PointsFailed",
    "StoredSweep",
    "SweepError",
    "dependencies",
    "entries",
    "prune",
    "quantities",
    "refine_boundary",
    "source_key",
    "sweep",
]
