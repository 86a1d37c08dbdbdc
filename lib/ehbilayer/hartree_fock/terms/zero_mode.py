"""Zero mode: the interaction of each carrier with its own periodic images."""

from numpy.typing import NDArray

from ehbilayer.hartree_fock.functional import Functional
from ehbilayer.model.coulomb import ZeroMode, madelung_potential


class ZeroModeShift:
    """Energy -v_M/2 per carrier and -v_M on each occupied level, or nothing (see `ehbilayer.model.coulomb.ZeroMode`).

    It is the same as V(0) -> v_M in the exchange of whole occupations, and commutes with the density matrix, so that
    the iterations need not know of it.

    Parameters
    ----------
    functional : Functional

    Attributes
    ----------
    shift : float
        v_M in Ha_h; 0 for ``ZeroMode.DROPPED``.
    """

    def __init__(self, functional: Functional) -> None:
        corrected = functional.zero_mode is ZeroMode.MADELUNG
        self.shift = madelung_potential(functional.box) / functional.r_s if corrected else 0.0
        self.carriers = sum(s.number for s in functional.species)

    def energy(self) -> float:
        """Energy of all carriers, in Ha_h."""
        return -0.5 * self.shift * self.carriers

    def operator(self, occupation: NDArray | float) -> NDArray | float:
        """What is added to levels of the given occupation between 0 and 1, in Ha_h."""
        return -self.shift * occupation
