"""Kinetic energy: diagonal in plane waves."""

import numpy as np
from numpy.typing import NDArray

from ehbilayer.hartree_fock.functional import Functional


class Kinetic:
    """Kinetic energy ``sum_p t(p) n(p)`` of every species.

    Parameters
    ----------
    functional : Functional
    squares : ndarray, any shape
        Squared lengths of the plane waves in 1/r_s^2.

    Attributes
    ----------
    operator : list of ndarray, shaped as `squares`
        t(p) of each species in Ha_h.
    """

    def __init__(self, functional: Functional, squares: NDArray) -> None:
        self.names = [s.name for s in functional.species]
        self.operator = [functional.kinetic(s, squares) for s in functional.species]

    def energy(self, occupations: list[NDArray]) -> dict[str, float]:
        """Energies by species, in Ha_h, from the occupations n(p) of the plane waves, all spin components."""
        terms = zip(self.names, self.operator, occupations, strict=True)
        return {name: float(np.vdot(t, n)) for name, t, n in terms}
