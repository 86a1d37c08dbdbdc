"""Harmonic modes of the classical hole crystal with interactions screened by the electrons.

Units as in `plasmon`.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfc

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice import PRIMITIVE, RECIPROCAL_LENGTH
from ehbilayer.model.lindhard import zero_temperature
from ehbilayer.numerics.roots import root

__all__ = ["lattice_longitudinal", "lattice_onset", "lattice_velocities_squared"]


def lattice_velocities_squared(
    q: ArrayLike, *, r_s: float, d: float, cutoff: float = 1e-12, split: float = 1.0
) -> tuple[NDArray, NDArray]:
    r"""Harmonic modes of the classical triangular hole crystal with statically screened interactions.

    Point charges at the lattice sites interact through :math:`W = V + V_1^2\chi_e/(1 - V\chi_e)` with the static
    Lindhard function of the electrons; the bare part is summed after Ewald.

    Parameters
    ----------
    q : array_like, shape (n, 2)
        Wave vectors in 1/r_s, none of them zero; the lattice is that of `ehbilayer.model.lattice.PRIMITIVE`.
    r_s, d : float
        In a_e; d >= 0.05, since the sum over the screened part converges like exp(-2 G d).
    cutoff : float
        Relative size of the terms left out, from 1e-14 to 1e-3.
    split : float
        Ewald parameter in 1/r_s, from 0.1 to 10, on which the result does not depend.

    Returns
    -------
    squares : ndarray, shape (n, 2)
        omega^2/(q v_0)^2 of the two modes, ascending; negative where the lattice is unstable.
    longitudinal : ndarray, shape (n,)
        The same quadratic form for a displacement along q.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> print(f"{lattice_velocities_squared([[1e-3, 0.0]], r_s=1.6, d=1.0)[1][0]:.2f}")
    3.83
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    d = validation.real("d", d, low=0.05)
    cutoff = validation.real("cutoff", cutoff, low=1e-14, high=1e-3)
    split = validation.real("split", split, low=0.1, high=10.0)
    q = np.atleast_2d(validation.reals("q", q))
    if q.ndim != 2 or q.shape[1] != 2 or not (np.linalg.norm(q, axis=1) > 0).all():
        raise ValueError(f"q is not allowed: need shape (n, 2) without zero vectors, got {q.shape}")
    # Lengths in r_s, one site per area pi, so that n = 1/pi; energies in e^2/r_s.
    depth = -math.log(cutoff)
    reach = max(depth * r_s / (2 * d), 2 * split * math.sqrt(depth)) + RECIPROCAL_LENGTH
    vectors = _lattice_points(2 * math.pi * np.linalg.inv(PRIMITIVE).T, reach)
    sites = _lattice_points(PRIMITIVE, math.sqrt(depth) / split)
    sites = sites[np.linalg.norm(sites, axis=1) > 0]

    def kernel(k: NDArray) -> NDArray:
        """W without the part of V that is summed over sites, at wave numbers k > 0."""
        # -chi_e V = (k_s/k) chi_e/chi_e(0), k_s = 2 r_s in these units.
        x = 2 * r_s / k * zero_temperature(k, 0.0, fermi_wave_number=math.sqrt(2)).real
        return 2 * math.pi / k * (erfc(k / (2 * split)) - np.exp(-2 * k * d / r_s) * x / (1 + x))

    def tensor(k: NDArray) -> NDArray:
        length = np.linalg.norm(k, axis=-1)
        length = np.where(length > 0, length, 1.0)
        weight = np.where(np.linalg.norm(k, axis=-1) > 0, kernel(length), 0.0)
        return np.einsum("...ga,...gb,...g->...ab", k, k, weight) / math.pi

    distance = np.linalg.norm(sites, axis=1)
    # phi = erfc(split R)/R: its first and second derivative.
    gauss = 2 * split / math.sqrt(math.pi) * np.exp(-((split * distance) ** 2))
    first = -erfc(split * distance) / distance**2 - gauss / distance
    second = 2 * erfc(split * distance) / distance**3 + gauss * (2 / distance**2 + 2 * split**2)
    unit = sites / distance[:, None]
    along = np.einsum("ra,rb->rab", unit, unit)
    curvature = second[:, None, None] * along + (first / distance)[:, None, None] * (np.eye(2) - along)

    constant = tensor(vectors)
    matrices = np.array([tensor(k + vectors) - constant for k in q])
    matrices += np.einsum("nr,rab->nab", 1 - np.cos(q @ sites.T), curvature)
    # M omega^2 = (1/r_s^3) eigenvalue and q^2 M v_0^2 = (q r_s)^2/r_s^4.
    lengths = np.linalg.norm(q, axis=1)
    matrices *= (r_s / lengths**2)[:, None, None]
    along = q / lengths[:, None]
    return np.linalg.eigvalsh(matrices), np.einsum("na,nab,nb->n", along, matrices, along)


def lattice_longitudinal(q: ArrayLike, *, r_s: float, d: float, directions: int = 6) -> NDArray:
    r"""Longitudinal part of `lattice_velocities_squared` over the directions of the wave vector.

    Parameters
    ----------
    q : array_like, shape (n,)
        Lengths of wave vectors in 1/r_s, > 0.
    r_s, d : float
        As in `lattice_velocities_squared`.
    directions : int
        Midpoints of so many equal parts of the 30 degrees from a direction of nearest neighbours to one of a reciprocal
        vector, which all others repeat, >= 1; their mean is the average over all directions.

    Returns
    -------
    ndarray, shape (n, directions)

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> values = lattice_longitudinal([2.0], r_s=1.6, d=1.0)
    >>> print(f"{values.min():.2f} to {values.max():.2f}, mean {values.mean():.2f}")
    0.35 to 0.50, mean 0.42
    """
    q = np.atleast_1d(validation.reals("q", q, low=0.0, low_open=True))
    if not q.size:
        raise ArgumentError("q", q, "at least one number")
    count = validation.integer("directions", directions, low=1, high=1000)
    angles = math.pi / 6 * (np.arange(count) + 0.5) / count
    vectors = q[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return lattice_velocities_squared(vectors.reshape(-1, 2), r_s=r_s, d=d)[1].reshape(len(q), count)


@checked
def lattice_onset(r_s: float, *, low: float = 0.1, high: float = 3.0, points: int = 60) -> float:
    """Smallest distance of the layers at which the classical hole crystal of `lattice_velocities_squared` is stable.

    Parameters
    ----------
    r_s : float
        In a_e.
    low, high : float
        Distances in a_e between which to look, low >= 0.05.
    points : int
        Wave vectors, up to the corner of the zone, in each of seven directions between those of high symmetry, among
        which the softest mode is looked for, >= 3. It softens first in a narrow dip, where the electrons' screening has
        its edge at 2 k_F: the result is right to about 0.01.

    Returns
    -------
    float
        In a_e; 0.0 if the lattice is stable at `low` already, infinite if it is unstable at `high`.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> 0.3 < lattice_onset(1.6) < 1.0
    True
    """
    low = validation.real("low", low, low=0.05)
    high = validation.real("high", high, low=low, low_open=True)
    lengths = np.linspace(0.002, 2.2, validation.integer("points", points, low=3, high=1000))
    angles = np.linspace(0.0, math.pi / 6, 7)
    probes = np.concatenate([np.outer(lengths, (math.cos(angle), math.sin(angle))) for angle in angles])

    def softest(d: float) -> float:
        return float(lattice_velocities_squared(probes, r_s=r_s, d=d)[0].min())

    if softest(low) > 0:
        return 0.0
    return root(softest, low, high, absolute=1e-6, relative=1e-9) if softest(high) > 0 else math.inf


def _lattice_points(rows: NDArray, radius: float) -> NDArray:
    reach = int(math.ceil(radius * np.linalg.norm(np.linalg.inv(rows), axis=0).max())) + 1
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    points = steps @ rows
    return points[np.linalg.norm(points, axis=1) <= radius]
