"""Eliashberg theory: a door to `ehbilayer.superconductivity.eliashberg`."""

from ehbilayer.superconductivity.eliashberg import *  # noqa: F403
from ehbilayer.superconductivity.eliashberg import __all__ as __all__
