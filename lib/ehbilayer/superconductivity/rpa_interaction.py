"""Dynamic RPA interaction of the electrons at imaginary frequency, and tables of its averages over the angle.

Energies in the electrons' Fermi energy and momenta in k_F; r_s and d in a_e.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.model.lindhard import imaginary_axis
from ehbilayer.model.rpa import within
from ehbilayer.numerics.quadrature import gauss_legendre

HOLES = ("crystal", "liquid", "none")
"""What screens besides the electrons: a crystal of classical charges, a polarised liquid, or nothing."""

# Lowest frequency of a table but 0.
_LOWEST = 1e-6


class Bilayer(NamedTuple):
    """What the interaction depends on, for kernels.

    Attributes
    ----------
    r_s, d : float
        In a_e.
    mass_ratio : float
        m_h/m_e.
    holes : int
        Index into `HOLES`.
    """

    r_s: float
    d: float
    mass_ratio: float
    holes: int

    @classmethod
    def checked(cls, r_s: float, d: float, mass_ratio: float, holes: str) -> "Bilayer":
        """The same, or an error that names what is not allowed."""
        return cls(
            validation.real("r_s", r_s, low=1e-6, high=1e6),
            validation.real("d", d, low=0.0),
            validation.real("mass_ratio", mass_ratio, low=1.0, high=1e12),
            HOLES.index(validation.option("holes", holes, HOLES)),
        )


class Resolution(NamedTuple):
    """Sizes of the grids over frequency, momentum and angle.

    Attributes
    ----------
    fineness : int
        Multiplies the number of nodes in each panel over momentum and frequency.
    explicit : int
        Matsubara frequencies taken one by one.
    top, band : float
        Energies up to which the other frequencies and the momenta reach.
    angles : int
        Nodes over the angle between k and k'.
    per_decade : int
        Nodes of a table over frequency per factor of ten.
    """

    fineness: int = 1
    explicit: int = 16
    top: float = 3e3
    band: float = 400.0
    angles: int = 20
    per_decade: int = 8


class InteractionTable(NamedTuple):
    """Interaction averaged over the angle, for pairs of momenta.

    Attributes
    ----------
    momenta, measure : ndarray, shape (n,)
        From `momentum_grid`.
    frequencies : ndarray, shape (m,)
        0, and equidistant logarithms.
    values : ndarray, shape (n, n, m)
    """

    momenta: NDArray
    measure: NDArray
    frequencies: NDArray
    values: NDArray


def screened_interaction(
    q: ArrayLike, nu: ArrayLike, *, r_s: float, d: float, mass_ratio: float, holes: str = "liquid"
) -> float | NDArray:
    r"""RPA interaction of two electrons at imaginary frequency, :math:`V_{ee}(q, i\nu)/2\pi`.

    Parameters
    ----------
    q : float or array_like
        In k_F, > 0.
    nu : float or array_like
        In eps_F, >= 0.
    r_s, d : float
        In a_e.
    mass_ratio : float
        m_h/m_e >= 1.
    holes : {"crystal", "liquid", "none"}

    Returns
    -------
    ndarray
        In units of eps_F/k_F^2, so that :math:`2\pi/q` becomes :math:`r_s/(\sqrt2 q)`.

    Examples
    --------
    >>> print(f"{screened_interaction(1.0, 0.0, r_s=1.6, d=1.0, mass_ratio=10):.4f}")
    0.3281
    """
    q = validation.reals("q", q, low=0.0, low_open=True)
    nu = validation.reals("nu", nu, low=0.0)
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes)
    q, nu = np.broadcast_arrays(np.asarray(q, dtype=float), np.asarray(nu, dtype=float))
    result = np.empty(q.size)
    _interactions(q.ravel(), nu.ravel(), bilayer, result)
    return result.reshape(q.shape) if q.ndim else float(result[0])


@lru_cache(maxsize=8)
def momentum_grid(resolution: Resolution, depth: int) -> tuple[NDArray, NDArray, NDArray]:
    """Momenta for functions that vary on the scale of the temperature at the Fermi energy.

    Parameters
    ----------
    resolution : Resolution
    depth : int
        Panels of the energy shrink by so many factors of 4 towards the Fermi energy.

    Returns
    -------
    momenta : ndarray
        In k_F.
    measure : ndarray
        Weights of an integral over the energy.
    widths : ndarray
        Distances in k that the weights stand for.

    Examples
    --------
    >>> momenta, measure, _ = momentum_grid(Resolution(), 6)
    >>> print(f"{measure.sum():.0f}")
    401
    """
    nodes, weights = gauss_legendre(2 + resolution.fineness)

    def panels(edges: NDArray) -> tuple[NDArray, NDArray]:
        half = 0.5 * np.diff(edges)
        return (edges[:-1, None] + half[:, None] * (1 + nodes)).ravel(), (half[:, None] * weights).ravel()

    # Panels shrink towards the Fermi energy by a factor of 4 from both sides.
    outer = np.array([0.5, 1.0, 2.0, 5.0, 20.0, 80.0, resolution.band])
    inner = 0.5 * 4.0 ** -np.arange(1, depth + 1)
    above = np.concatenate([[0.0], inner[::-1], outer])
    below = np.concatenate([[0.0], inner[::-1], [0.5, 1.0]])
    up, up_weights = panels(above)
    down, down_weights = panels(below)
    energies = np.concatenate([-down[::-1], up])
    measure = np.concatenate([down_weights[::-1], up_weights])
    momenta = np.sqrt(1 + energies)
    return momenta, measure, measure / (2 * momenta)


@lru_cache(maxsize=16)
def interaction_table(bilayer: Bilayer, resolution: Resolution, depth: int) -> InteractionTable:
    """Averages of `screened_interaction` over the angle between two momenta; the last ones are kept.

    Parameters
    ----------
    bilayer : Bilayer
    resolution : Resolution
    depth : int
        As in `momentum_grid`.

    Returns
    -------
    InteractionTable

    Examples
    --------
    >>> table = interaction_table(Bilayer.checked(1.6, 1.0, 10.0, "liquid"), Resolution(), 6)
    >>> bool((table.values > 0).all())
    True
    """
    momenta, measure, widths = momentum_grid(resolution, depth)
    count = round(math.log10(4 * resolution.top / _LOWEST) * resolution.per_decade)
    grid = np.concatenate([[0.0], _LOWEST * 10.0 ** (np.arange(count + 1) / resolution.per_decade)])
    nodes, weights = gauss_legendre(resolution.angles)
    values = np.empty((len(momenta), len(momenta), len(grid)))
    _average(momenta, widths, grid, 0.5 * (nodes + 1), 0.5 * weights, bilayer, values)
    return InteractionTable(momenta, measure, grid, values)


@kernel
def _screened(q, nu, bilayer):
    r_s, d, mass_ratio, holes = bilayer
    v = r_s / (math.sqrt(2.0) * q)
    # Twice the density of states of one spin, over 2 pi: V chi = 2 v times the response.
    electrons = 2 * v * imaginary_axis(0.5 * q, 0.5 * nu / q)
    a = -math.expm1(-2 * math.sqrt(2.0) * q * d / r_s)
    if holes == 2:
        return v * within(electrons, 0.0, a)
    if holes == 0:
        # 1/chi of n q^2/(M nu^2), n = k_F^2/2 pi, which may be 0.
        return v * within(electrons, v, a, mass_ratio * nu * nu / (4 * q * q))
    # One spin of mass M, whose k_F is larger by sqrt 2.
    narrow = q / math.sqrt(2.0)
    return v * within(electrons, v * mass_ratio * imaginary_axis(0.5 * narrow, 0.25 * nu * mass_ratio / narrow), a)


@kernel
def _interactions(q, nu, bilayer, out):
    for i in range(len(q)):
        out[i] = _screened(q[i], nu[i], bilayer)


@kernel
def _average(momenta, widths, grid, nodes, weights, bilayer, table):
    for i in range(len(momenta)):
        for j in range(i + 1):
            # The average over one's own cell of the logarithm at k = k' is its value at the width over 2 e.
            gap = abs(momenta[i] - momenta[j]) if i != j else widths[i] / (2 * math.e)
            product = momenta[i] * momenta[j]
            scale = max(gap / math.sqrt(product), 1e-8)
            top = math.asinh(math.pi / scale)
            table[i, j, :] = 0.0
            for a in range(len(nodes)):
                t = top * nodes[a]
                angle = scale * math.sinh(t)
                weight = top * weights[a] * scale * math.cosh(t) / math.pi
                q = math.sqrt(gap * gap + 4 * product * math.sin(0.5 * angle) ** 2)
                for n in range(len(grid)):
                    table[i, j, n] += weight * _screened(q, grid[n], bilayer)
            table[j, i, :] = table[i, j, :]
