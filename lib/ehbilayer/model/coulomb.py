"""Coulomb interaction of a periodic bilayer and the treatment of its q = 0 term.

Lengths in units of one length, energies in e^2/(eps_r length): V0(q) = 2 pi/(q A) within a layer and
V0(q) exp(-q d) between layers a distance d apart (Hamiltonian S1 of paper A).
"""

from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfc

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.model.lattice import Box

__all__ = ["ZeroMode", "interaction", "madelung_potential"]


class ZeroMode(StrEnum):
    """What stands in for the divergent q = 0 term of a charged layer.

    The Hartree parts cancel between the layers and the background; the exchange (self-interaction) part does not.

    ``DROPPED`` sets V(0) = 0, as paper A does: every carrier then lacks the energy of its own periodic images.
    ``MADELUNG`` adds that energy, -v_M/2 per carrier with v_M from `madelung_potential`, and lowers each
    level by v_M times its occupation. For integer occupation this is the same as V(0) -> v_M in the exchange.
    """

    DROPPED = "dropped"
    MADELUNG = "madelung"

    @classmethod
    def parse(cls, value: "str | ZeroMode") -> "ZeroMode":
        """Return the member named by `value`, with a ValueError that lists the choices."""
        if isinstance(value, cls):
            return value
        return cls(validation.option("zero_mode", value, [member.value for member in cls]))


@checked
def interaction(q: ArrayLike, separation: float = 0.0) -> NDArray:
    """Two-dimensional Coulomb interaction 2 pi exp(-q d)/q, with 0 at q = 0.

    Parameters
    ----------
    q : array_like
        Wave numbers, in 1/length.
    separation : float
        Distance of the two layers, in the same length; 0 within a layer.

    Returns
    -------
    ndarray
        Interaction times area, in e^2 length/eps_r.

    Examples
    --------
    >>> interaction([0.0, 2.0])
    array([0.        , 3.14159265])
    """
    separation = validation.real("separation", separation, low=0.0)
    q = np.asarray(validation.reals("q", q, low=0.0))
    safe = np.where(q > 0, q, 1.0)
    return np.where(q > 0, 2 * np.pi / safe * np.exp(-safe * separation), 0.0)


@checked
def madelung_potential(box: Box) -> float:
    """Potential v_M that a unit charge loses when its periodic images and their background are left out.

    Ewald sum of 1/r over the box's lattice in a neutralising background. It is positive; the Madelung energy
    of one charge per box is ``-v_M/2``.

    Parameters
    ----------
    box : Box
        Periodic box (lengths in units of r_s).

    Returns
    -------
    float
        v_M in e^2/(eps_r r_s).

    Examples
    --------
    The triangular Wigner crystal has the energy -1.1061025867/r_s per electron:

    >>> from ehbilayer.model.lattice import Box
    >>> round(madelung_potential(Box.triangular(1, 1)) / 2, 10)
    1.1061025867
    """
    return _madelung(box)


@lru_cache(maxsize=256)
def _madelung(box):
    # The splitting that makes both sums converge alike; all vectors up to 4 sqrt(area) leave a remainder below 1e-16.
    split = np.sqrt(np.pi / box.area)
    skew = int(np.ceil(np.linalg.norm(box.vectors, axis=1).max() / np.sqrt(box.area)))
    reach = max(8 + 2 * skew, 4 * skew)
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    steps = steps[(steps != 0).any(axis=1)]
    distance = np.linalg.norm(steps @ box.vectors, axis=1)
    wave = np.linalg.norm(steps @ box.reciprocal, axis=1)
    near = np.sum(erfc(split * distance) / distance)
    far = 2 * np.pi / box.area * np.sum(erfc(wave / (2 * split)) / wave)
    return float(-(near + far - 2 * split / np.sqrt(np.pi) - 2 * np.sqrt(np.pi) / (box.area * split)))
