"""Compressibility of paper A: a door to `ehbilayer.superconductivity`."""

from ehbilayer.superconductivity.box_shifts import madelung_shift, shell_shift
from ehbilayer.superconductivity.box_sizes import SizeDependence, size_dependence
from ehbilayer.superconductivity.compressibility import BulkModulus, alpha_squared, bulk_modulus
from ehbilayer.superconductivity.density_line import Line, fit_line
from ehbilayer.superconductivity.layer_limits import decoupled_layers, uniform_gas

__all__ = [
    "BulkModulus",
    "Line",
    "SizeDependence",
    "alpha_squared",
    "bulk_modulus",
    "decoupled_layers",
    "fit_line",
    "madelung_shift",
    "shell_shift",
    "size_dependence",
    "uniform_gas",
]
