r"""Dynamic interaction of the electrons at imaginary frequency, and tables of its averages over the angle.

In RPA it is V S with the S of `ehbilayer.model.rpa.within`. A local field G of `ehbilayer.model.local_field` turns the
responses x = V chi into x/(1 - G x), and an electron feels the others through its own exchange hole too (Kukkonen and
Overhauser 1979; here with a second layer): with the electrons' G and dressed response x,

.. math:: V_{ee} = V\big[S\,(1 + Gx)^2 - G^2x\,(1 \mp 3)\big]

for a singlet pair (upper sign), in which the exchange of spin fluctuations repels, and in the self-energy (lower sign).
The factor of 3 is 0 with the local field of the charge alone; without the second layer that is
:math:`V - V(1 - G)^2x_0/[1 + (1 - G)x_0]` with the bare response x_0.

Energies in the electrons' Fermi energy and momenta in k_F; r_s and d in a_e.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.errors import ArgumentError
from ehbilayer.model.lindhard import imaginary_axis
from ehbilayer.model.local_field import Crossover, crossing_field
from ehbilayer.model.local_field import local_field as layer_field
from ehbilayer.model.rpa import dielectric, within
from ehbilayer.numerics.quadrature import gauss_legendre

HOLES = ("crystal", "liquid", "none")
"""What screens besides the electrons: a crystal of classical charges, a polarised liquid, or nothing."""

LOCAL_FIELDS = ("none", "exchange", "charge", "monte-carlo")
"""None, as in RPA; exchange among the electrons and among liquid holes (classical charges have none); the same without
the electrons' spin fluctuations, which exchange alone exaggerates; exchange and correlation as quantum Monte Carlo has
them, in the charge too."""

SPINS = {"singlet": 3.0, "self-energy": -3.0}
"""Weight of the exchange of spin fluctuations, in a singlet pair and in the self-energy."""

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
    local_field : int
        Index into `LOCAL_FIELDS`.
    field, hole_field : Crossover
        Of the electrons and of liquid holes, in k_F.
    """

    r_s: float
    d: float
    mass_ratio: float
    holes: int
    local_field: int = 0
    field: Crossover = Crossover(0.0, 1.0)
    hole_field: Crossover = Crossover(0.0, 1.0)

    @classmethod
    def checked(cls, r_s: float, d: float, mass_ratio: float, holes: str, local_field: str = "none") -> "Bilayer":
        """The same, or an error that names what is not allowed: with a local field also layers that are not stable."""
        r_s, d = validation.real("r_s", r_s, low=1e-6, high=1e6), validation.real("d", d, low=0.0)
        mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e12)
        kind = LOCAL_FIELDS.index(validation.option("local_field", local_field, LOCAL_FIELDS))
        name = "exchange" if local_field == "charge" else local_field
        limit, wave_number = layer_field(name, r_s, 2)
        # Bohr radii times k_F.
        unit = math.sqrt(2) / r_s
        fields = [Crossover(limit, wave_number / unit), Crossover(0.0, 1.0)]
        if validation.option("holes", holes, HOLES) == "liquid":
            limit, wave_number = layer_field(name, mass_ratio * r_s, 1)
            fields[1] = Crossover(limit, mass_ratio * wave_number / unit)
        bilayer = cls(r_s, d, mass_ratio, HOLES.index(holes), kind, *fields)
        # Long waves are the first to become unstable; 4 k_F is far beyond the last.
        if bilayer.local_field and not all(is_stable(float(q), bilayer) for q in np.geomspace(1e-4, 4.0, 120)):
            raise ArgumentError(
                "local_field", local_field, f"'none' here: with it the layers of {bilayer} are not stable"
            )
        return bilayer


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
    q: ArrayLike,
    nu: ArrayLike,
    *,
    r_s: float,
    d: float,
    mass_ratio: float,
    holes: str = "liquid",
    local_field: str = "none",
    spins: str = "singlet",
) -> float | NDArray:
    r"""Interaction of two electrons at imaginary frequency, :math:`V_{ee}(q, i\nu)/2\pi`.

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
    local_field : {"none", "exchange", "charge", "monte-carlo"}
    spins : {"singlet", "self-energy"}
        Which of the two signs in the module's head; without a local field they are the same.

    Returns
    -------
    ndarray
        In units of 2 eps_F/k_F^2, that is times the density of states of one spin: :math:`2\pi/q` becomes
        :math:`r_s/(\sqrt2 q)`.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or the local field makes the layers unstable.

    Examples
    --------
    >>> print(f"{screened_interaction(1.0, 0.0, r_s=1.6, d=1.0, mass_ratio=10):.4f}")
    0.3281
    """
    q = validation.reals("q", q, low=0.0, low_open=True)
    nu = validation.reals("nu", nu, low=0.0)
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    sign = SPINS[validation.option("spins", spins, SPINS)]
    q, nu = np.broadcast_arrays(np.asarray(q, dtype=float), np.asarray(nu, dtype=float))
    result = np.empty(q.size)
    _interactions(q.ravel(), nu.ravel(), bilayer, sign, result)
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
def interaction_table(bilayer: Bilayer, resolution: Resolution, depth: int, spins: str = "singlet") -> InteractionTable:
    """Averages of `screened_interaction` over the angle between two momenta; the last ones are kept.

    Parameters
    ----------
    bilayer : Bilayer
    resolution : Resolution
    depth : int
        As in `momentum_grid`.
    spins : {"singlet", "self-energy"}
        As in `screened_interaction`.

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
    grid = frequency_grid(resolution)
    nodes, weights = gauss_legendre(resolution.angles)
    values = np.empty((len(momenta), len(momenta), len(grid)))
    # From the width of the narrowest panel to the sum of the largest momenta.
    edges = _transfers(0.1 * widths.min(), 2.1 * momenta[-1])
    _average(momenta, widths, edges, grid, 0.5 * (nodes + 1), 0.5 * weights, bilayer, SPINS[spins], values)
    return InteractionTable(momenta, measure, grid, values)


def frequency_grid(resolution: Resolution) -> NDArray:
    """Frequencies of a table: 0, and equidistant logarithms.

    Examples
    --------
    >>> frequency_grid(Resolution())[:2].tolist()
    [0.0, 1e-06]
    """
    count = round(math.log10(4 * resolution.top / _LOWEST) * resolution.per_decade)
    return np.concatenate([[0.0], _LOWEST * 10.0 ** (np.arange(count + 1) / resolution.per_decade)])


@kernel
def responses(q, nu, bilayer):
    """V/2pi, x of both layers with their local fields, the unit of the second, 1 - e^(-2qd) and the electrons' G."""
    r_s, d, mass_ratio, holes, _, own, others = bilayer
    v = r_s / (math.sqrt(2.0) * q)
    # Twice the density of states of one spin, over 2 pi: V chi = 2 v times the response.
    x_e = 2 * v * imaginary_axis(0.5 * q, 0.5 * nu / q)
    field = q * crossing_field(q, own.limit, own.wave_number)
    x_e = x_e / (1 - field * x_e)
    a = -math.expm1(-2 * math.sqrt(2.0) * q * d / r_s)
    if holes == 2:
        return v, x_e, 0.0, 1.0, a, field
    if holes == 0:
        # 1/chi of n q^2/(M nu^2), n = k_F^2/2 pi, which may be 0.
        return v, x_e, v, mass_ratio * nu * nu / (4 * q * q), a, field
    # One spin of mass M, whose k_F is larger by sqrt 2.
    narrow = q / math.sqrt(2.0)
    x_h = v * mass_ratio * imaginary_axis(0.5 * narrow, 0.25 * nu * mass_ratio / narrow)
    other = q * crossing_field(q, others.limit, others.wave_number)
    return v, x_e, x_h / (1 - other * x_h), 1.0, a, field


@kernel
def is_stable(q: float, bilayer: Bilayer) -> bool:
    """Whether neither the densities nor the electrons' spins give way to a static wave: both stiffnesses positive."""
    _, x_e, x_h, unit, a, _ = responses(q, 0.0, bilayer)
    if bilayer.local_field < 2 and x_e < 0:
        return False
    # 1/x + V is positive definite; a response that is negative by itself is held by the other charges.
    own = 1 + 1 / x_e > 0
    return own and (bilayer.holes == 2 or dielectric(x_e, x_h, a, unit) * x_e * x_h > 0)


@kernel
def _screened(q, nu, bilayer, spins):
    v, x_e, x_h, unit, a, field = responses(q, nu, bilayer)
    direct = v * within(x_e, x_h, a, unit)
    if field == 0.0:
        return direct
    weight = spins if bilayer.local_field == 1 else 0.0
    return direct * (1 + field * x_e) ** 2 - v * field**2 * x_e * (1 - weight)


@kernel
def _interactions(q, nu, bilayer, spins, out):
    for i in range(len(q)):
        out[i] = _screened(q[i], nu[i], bilayer, spins)


@kernel
def angles_between(k, other, width, nodes, weights):
    """Distances between momenta of two lengths, and weights of an average over the angle.

    `width` is the stretch of momenta that equal ones stand for: the average over it of the logarithm at k = k' is its
    value at the width over 2 e.
    """
    gap = abs(k - other) if k != other else width / (2 * math.e)
    product = k * other
    scale = max(gap / math.sqrt(product), 1e-8)
    top = math.asinh(math.pi / scale)
    t = top * nodes
    half = 0.5 * scale * np.sinh(t)
    return np.sqrt(gap * gap + 4 * product * np.sin(half) ** 2), top * weights * scale * np.cosh(t) / math.pi


def _transfers(low: float, high: float) -> NDArray:
    """Edges of panels of momentum transfers, finer towards those at which static responses of liquids have a kink."""
    kinks = 2.0 * np.sqrt([1.0, 2.0])
    near = kinks[:, None] * 2.0 ** -np.arange(1.0, 21.0)
    edges = np.concatenate(
        [low * 2.0 ** np.arange(math.log2(high / low)), kinks, *(kinks[:, None] - near), *(kinks[:, None] + near)]
    )
    inside = np.unique(edges[(edges > low) & (edges < high)])
    return np.concatenate([[low], inside, [high]])


@kernel
def _average(momenta, widths, edges, grid, nodes, weights, bilayer, spins, table):
    # Chebyshev points of each panel in ln q: the interaction is smooth there, and asked for very often.
    count = 8
    angle = (np.arange(count) + 0.5) * math.pi / count
    places, barycentric = 0.5 * (1 - np.cos(angle)), np.sin(angle) * (-1.0) ** np.arange(count)
    starts, lengths = np.log(edges[:-1]), np.diff(np.log(edges))
    curves = np.empty((len(starts), count, len(grid)))
    for panel in range(len(starts)):
        for point in range(count):
            q = math.exp(starts[panel] + lengths[panel] * places[point])
            for n in range(len(grid)):
                curves[panel, point, n] = _screened(q, grid[n], bilayer, spins)
    for i in range(len(momenta)):
        for j in range(i + 1):
            q, weight = angles_between(momenta[i], momenta[j], widths[i], nodes, weights)
            total = np.zeros(len(grid))
            for a in range(len(nodes)):
                panel = min(max(np.searchsorted(edges, q[a]) - 1, 0), len(starts) - 1)
                distance = (math.log(q[a]) - starts[panel]) / lengths[panel] - places
                distance = np.where(np.abs(distance) < 1e-15, 1e-15, distance)
                share = barycentric / distance
                share *= weight[a] / share.sum()
                for point in range(count):
                    for n in range(len(grid)):
                        total[n] += share[point] * curves[panel, point, n]
            table[i, j, :] = total
            table[j, i, :] = total
