"""Compressibility of paper A: a door to `ehbilayer.superconductivity.compressibility`."""

from ehbilayer.superconductivity.compressibility import *  # noqa: F403
from ehbilayer.superconductivity.compressibility import __all__ as __all__
