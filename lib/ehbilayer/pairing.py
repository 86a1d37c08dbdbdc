"""BCS pairing of paper A: a door to `ehbilayer.superconductivity.pairing`."""

from ehbilayer.superconductivity.pairing import *  # noqa: F403
from ehbilayer.superconductivity.pairing import __all__ as __all__
