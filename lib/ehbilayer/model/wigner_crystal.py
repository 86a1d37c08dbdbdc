r"""The triangular Wigner crystal of one layer with its phonons: energy and mean square displacement.

Bonsall and Maradudin, Phys. Rev. B 15, 1959 (1977):
:math:`\epsilon = -1.1061/r_s + 0.8137/r_s^{3/2} + c/r_s^2`. The first two terms are the electrostatic energy and the
zero-point energy of the harmonic phonons, both computed here. The third stands for what is beyond: it is not computed,
but set by the density at which crystal and liquid of one layer are found to cross.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.model.coulomb import madelung_potential
from ehbilayer.model.lattice import PRIMITIVE, Box
from ehbilayer.model.quantum_liquid import lowest_liquid

__all__ = ["CrystalLayer", "crystal_frequencies", "crystal_layer", "crystal_matrices", "wigner_crystal_energy"]

# exp(-depth^2) bounds the terms that the Ewald sums leave out.
_DEPTH = 6.0

# Wave vectors along each side of the zone, for the extrapolation of its averages.
_MESH = 24


class CrystalLayer(NamedTuple):
    """Coefficients of the harmonic crystal.

    Attributes
    ----------
    electrostatic : float
        Energy per carrier times r_s, in Ha.
    zero_point : float
        Energy per carrier times r_s^(3/2), in Ha.
    displacement : float
        Mean square displacement in the plane over r_s^(3/2), in square Bohr radii.
    """

    electrostatic: float
    zero_point: float
    displacement: float


def crystal_frequencies(q: NDArray) -> NDArray:
    r"""Phonons of point charges on the triangular lattice in a neutralising background.

    Parameters
    ----------
    q : ndarray, shape (n, 2)
        Wave vectors in 1/r_s, none of them a reciprocal vector.

    Returns
    -------
    ndarray, shape (n, 2)
        Frequencies times r_s^(3/2), in Ha for mass 1, ascending.

    Raises
    ------
    TypeError, ArgumentError
        If `q` does not hold finite numbers.

    Notes
    -----
    The sum over sites is split after Ewald with the parameter 1/r_s.

    Examples
    --------
    >>> import numpy as np
    >>> slow, plasmon = crystal_frequencies(np.array([[0.01, 0.0]]))[0]
    >>> print(f"{plasmon / np.sqrt(2 * 0.01):.3f}")
    0.998
    """
    return np.sqrt(np.maximum(np.linalg.eigvalsh(crystal_matrices(q)), 0.0))


def crystal_matrices(q: NDArray) -> NDArray:
    """Dynamical matrices of `crystal_frequencies`, whose eigenvalues are the squares of the frequencies.

    Parameters
    ----------
    q : ndarray, shape (n, 2)
        Wave vectors in 1/r_s, none of them a reciprocal vector.

    Returns
    -------
    ndarray, shape (n, 2, 2)
        Times r_s^3, for mass 1.

    Raises
    ------
    TypeError, ArgumentError
        If `q` does not hold finite numbers.

    Examples
    --------
    Their trace tends to the plasmon's 2 q for long waves:

    >>> import numpy as np
    >>> print(f"{np.trace(crystal_matrices(np.array([[1e-3, 0.0]]))[0]) / 2e-3:.3f}")
    1.000
    """
    q = np.atleast_2d(np.asarray(validation.reals("q", q)))
    if q.shape[1:] != (2,):
        raise ArgumentError("q", q, "an array of the shape (n, 2)")
    reciprocal = 2 * math.pi * np.linalg.inv(PRIMITIVE).T
    steps = np.stack(np.meshgrid(*[np.arange(-9, 10)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    vectors = steps @ reciprocal
    vectors = vectors[np.linalg.norm(vectors, axis=1) < 2 * _DEPTH + 4]
    sites = steps[(steps != 0).any(axis=1)] @ PRIMITIVE
    sites = sites[np.linalg.norm(sites, axis=1) < _DEPTH]

    def long_range(waves: NDArray) -> NDArray:
        length = np.linalg.norm(waves, axis=-1)
        safe = np.where(length > 0, length, 1.0)
        weight = np.where(length > 0, 2 / safe * erfc(safe / 2), 0.0)  # 2 pi n/q
        return np.einsum("...ga,...gb,...g->...ab", waves, waves, weight)

    distance = np.linalg.norm(sites, axis=1)
    gauss = 2 / math.sqrt(math.pi) * np.exp(-(distance**2))
    first = -erfc(distance) / distance**2 - gauss / distance
    second = 2 * erfc(distance) / distance**3 + gauss * (2 / distance**2 + 2)
    along = np.einsum("ra,rb,r->rab", sites, sites, 1 / distance**2)
    springs = second[:, None, None] * along + (first / distance)[:, None, None] * (np.eye(2) - along)
    matrices = long_range(q[:, None] + vectors) - long_range(vectors)
    return matrices + np.einsum("nr,rab->nab", 1 - np.cos(q @ sites.T), springs)


@checked
def crystal_layer(mesh: int = _MESH) -> CrystalLayer:
    """Coefficients of energy and displacement of the harmonic crystal.

    Parameters
    ----------
    mesh : int
        Even, from 8 to 200; averages over mesh^2 and mesh^2/4 wave vectors are extrapolated.

    Returns
    -------
    CrystalLayer

    Raises
    ------
    TypeError, ArgumentError
        If `mesh` is of the wrong type or outside its range.

    Examples
    --------
    >>> found = crystal_layer()
    >>> f"{found.electrostatic:.5f}", f"{found.zero_point:.4f}", f"{found.displacement:.2f}"
    ('-1.10610', '0.8137', '1.83')
    """
    return _crystal_layer(2 * (validation.integer("mesh", mesh, low=8, high=200) // 2))


@lru_cache(maxsize=4)
def _crystal_layer(mesh: int) -> CrystalLayer:
    reciprocal = 2 * math.pi * np.linalg.inv(PRIMITIVE).T
    averages = []
    for points in (mesh // 2, mesh):
        fractions = (np.arange(points) + 0.5) / points
        grid = np.stack(np.meshgrid(fractions, fractions, indexing="ij"), axis=-1).reshape(-1, 2)
        frequencies = crystal_frequencies(grid @ reciprocal)
        averages.append((frequencies.sum(axis=1).mean() / 2, (1 / frequencies).sum(axis=1).mean() / 2))
    # The mode proportional to sqrt(q) leaves errors of N^(-5/2), the inverse of that proportional to q those of 1/N.
    (coarse_energy, coarse_square), (energy, square) = averages
    energy += (energy - coarse_energy) / (2**2.5 - 1)
    return CrystalLayer(-madelung_potential(Box.triangular(1, 1)) / 2, float(energy), float(2 * square - coarse_square))


@checked
def wigner_crystal_energy(r_s: float, crossing: float | None = None) -> float:
    r"""Energy per carrier of the triangular crystal.

    Parameters
    ----------
    r_s : float
        In Bohr radii of the layer, from 1e-3 to 1e6; harmonic phonons need r_s >> 1.
    crossing : float, optional
        r_s, from 20 to 60, at which this crystal has the energy of the liquid (`lowest_liquid`): fixes the term
        :math:`c/r_s^2`. Without it c = 0 and they cross at 30.6.

    Returns
    -------
    float
        In Ha of the layer.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{wigner_crystal_energy(30.0):.5f}")
    -0.03192
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    layer = crystal_layer()
    energy = layer.electrostatic / r_s + layer.zero_point / r_s**1.5
    if crossing is None:
        return energy
    crossing = validation.real("crossing", crossing, low=20.0, high=60.0)
    beyond = lowest_liquid(crossing).energy - wigner_crystal_energy(crossing)
    return energy + beyond * (crossing / r_s) ** 2
