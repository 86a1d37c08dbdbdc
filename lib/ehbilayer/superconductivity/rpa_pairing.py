r"""Pairing of the electrons by the dynamic RPA interaction of the bilayer, without a model of plasmons.

The linearised gap equation keeps momentum and frequency (the plasmon mechanism of Takada 1978, here for two layers):

.. math:: \Phi(k, i\omega_n) = -T\sum_m\int\frac{d^2k'}{(2\pi)^2}\,
    \frac{V_{ee}(|\mathbf k - \mathbf k'|, i\omega_n - i\omega_m)\,\Phi(k', i\omega_m)}
    {Z^2(k', i\omega_m)\,\omega_m^2 + \xi'^2}

with Z from the same interaction and free electrons. All of it enters, the bare repulsion at high frequency and its
screening by both layers at low: no pseudopotential and no cutoff. T_c is where the largest eigenvalue is 1. With a
local field Z has the interaction of the self-energy.

On the Fermi surface alone the average of V_ee at a finite frequency diverges, since 2 pi/q is unscreened for
q -> 0; the integral over k' with its energy denominator removes this. Left out: the shift of the dispersion by
the even part of the self-energy, and vertex corrections.

Energies in the electrons' Fermi energy and momenta in k_F inside this module; arguments in a_e.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import eigsh

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.compilation import kernel
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.numerics.roots import root
from ehbilayer.superconductivity.rpa_interaction import Bilayer, InteractionTable, Resolution, interaction_table

__all__ = ["RpaTransition", "eigenvalue", "renormalisation", "transition"]

_DEFAULT = Resolution()


@dataclass(frozen=True)
class RpaTransition:
    """Result of `transition`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    temperature : float
        k_B T_c in eps_F; 0 if the eigenvalue is below 1 down to `floor`.
    error : float
        Of the temperature, from grids of the next fineness: not that of the approximation. 0 without an instability,
        not a number where it was not asked for.
    floor : float
        Lowest temperature looked at, in eps_F.
    eigenvalue_at_floor : float
        Below 1 where there is no instability.
    """

    parameters: dict
    units: dict
    temperature: float
    error: float
    floor: float
    eigenvalue_at_floor: float


@checked
def eigenvalue(
    temperature: float,
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "liquid",
    local_field: str = "none",
    fineness: int = 1,
    resolution: Resolution = _DEFAULT,
) -> float:
    """Largest eigenvalue of the linearised gap equation, 1 at T_c.

    Parameters
    ----------
    temperature : float
        k_B T in eps_F, from 1e-5 to 0.5.
    r_s, d : float
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    mass_ratio : float
        m_h/m_e >= 1.
    holes : {"crystal", "liquid", "none"}
        ``"none"``: the electron layer alone, whatever `d`.
    local_field : {"none", "exchange", "charge", "monte-carlo"}
        Exchange in responses and vertices, with or without spin fluctuations; see
        `ehbilayer.superconductivity.rpa_interaction`.
    fineness : int
        Multiplies the number of nodes in each panel over momentum and frequency; 1 to 3.
    resolution : Resolution
        The other sizes of the grids.

    Returns
    -------
    float
        Negative where every gap function is suppressed.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range, or the local field makes the layers unstable.

    Examples
    --------
    >>> warm, cold = (eigenvalue(t, r_s=6.0, d=1.0, holes="none") for t in (0.1, 0.01))
    >>> warm < cold
    True
    """
    temperature = validation.real("temperature", temperature, low=1e-5, high=0.5)
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    tables, resolution = _tables(temperature, bilayer, fineness, resolution)
    return largest(gap_matrix(temperature, *tables, resolution)[0])


@checked
def renormalisation(
    temperature: float,
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "liquid",
    local_field: str = "none",
    fineness: int = 1,
) -> float:
    """Z at k_F and the lowest Matsubara frequency; its inverse tends to the quasiparticle weight of G_0 W_0.

    Parameters
    ----------
    temperature, r_s, d, mass_ratio, holes, local_field, fineness
        As in `eigenvalue`.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{1 / renormalisation(1e-3, r_s=1.0, d=1.0, holes='none'):.2f}")
    0.66
    """
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    tables, resolution = _tables(temperature, bilayer, fineness, _DEFAULT)
    return gap_matrix(temperature, *tables, resolution)[1]


@checked
def transition(
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "liquid",
    local_field: str = "none",
    floor: float = 1e-3,
    fineness: int = 1,
    estimate: bool = True,
) -> RpaTransition:
    """Critical temperature of the linearised gap equation.

    Parameters
    ----------
    r_s, d, mass_ratio, holes, local_field, fineness
        As in `eigenvalue`.
    floor : float
        Lowest temperature to look at, in eps_F, from 1e-5 to 0.05.
    estimate : bool
        Estimate the error, which takes as long again.

    Returns
    -------
    RpaTransition

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range, or the local field makes the layers unstable.

    Examples
    --------
    >>> transition(r_s=1.0, d=1.0, floor=0.05).temperature
    0.0
    """
    floor = validation.real("floor", floor, low=1e-5, high=0.05)
    fineness = validation.integer("fineness", fineness, low=1, high=3)
    estimate = validation.boolean("estimate", estimate)
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    names = {"holes": holes, "local_field": local_field}
    parameters = bilayer._asdict() | names | {"floor": floor, "fineness": fineness}

    def value(temperature: float, finer: int = 0) -> float:
        tables, resolution = _tables(temperature, bilayer, fineness + finer, _DEFAULT)
        return largest(gap_matrix(temperature, *tables, resolution)[0])

    found = onset(value, floor=floor, estimate=estimate)
    return RpaTransition(parameters, {"r_s": "a_e", "d": "a_e", "floor": "eps_F"}, *found)


def onset(
    value: Callable[..., float], *, floor: float, top: float = 0.49, estimate: bool = True
) -> tuple[float, float, float, float]:
    """Temperature at which an eigenvalue that is nearly linear in ln T is 1.

    Parameters
    ----------
    value : callable
        Of the temperature, and of how much finer the grids shall be than usual.
    floor, top : float
        Where to look, in the unit of the temperature; at `top` the eigenvalue is below 1.
    estimate : bool
        Whether to compute the error, with grids finer by 1.

    Returns
    -------
    temperature, error, floor, eigenvalue_at_floor : float
        As in `RpaTransition`.

    Examples
    --------
    >>> temperature, error, _, _ = onset(lambda t, finer=0: 0.5 - 0.1 * np.log(t) + 1e-4 * finer, floor=1e-4)
    >>> print(f"{temperature:.6f} {error:.1e}")
    0.006738 6.7e-06
    """
    lowest = value(floor)
    if lowest < 1:
        return 0.0, 0.0, floor, lowest
    low, high = math.log(floor), math.log(top)
    logarithm = root(lambda x: value(min(max(math.exp(x), floor), top)) - 1, low, high, absolute=5e-4, relative=1e-12)
    temperature = math.exp(logarithm)
    if not estimate:
        return temperature, math.nan, floor, lowest
    slope = (lowest - 1) / (logarithm - low) if logarithm > low + 0.1 else value(0.9 * temperature) / 0.1 - 10
    return temperature, temperature * abs((value(temperature, 1) - value(temperature)) / slope), floor, lowest


def largest(matrix: NDArray) -> float:
    """Largest eigenvalue of a symmetric matrix.

    Examples
    --------
    >>> print(f"{largest(np.diag(np.arange(5.0))):.6f}")
    4.000000
    """
    found = eigsh(matrix, k=1, which="LA", v0=np.ones(len(matrix)), return_eigenvectors=False)
    return float(np.asarray(found)[0])


def gap_matrix(
    temperature: float,
    table: InteractionTable,
    self_energy: InteractionTable | None = None,
    resolution: Resolution = _DEFAULT,
) -> tuple[NDArray, float]:
    """Symmetrised matrix of the gap equation.

    Parameters
    ----------
    temperature : float
        k_B T in eps_F.
    table : InteractionTable
        Any interaction; that of `interaction_table` for the bilayer.
    self_energy : InteractionTable, optional
        The interaction in Z, where it is another, on the same momenta and frequencies.
    resolution : Resolution
        For the grid over frequency.

    Returns
    -------
    matrix : ndarray, shape (n, n)
        Over positive frequencies and the momenta of the table.
    z : float
        Z at the Fermi surface and the lowest frequency.

    Examples
    --------
    >>> table = interaction_table(Bilayer.checked(1.6, 1.0, 10.0, "liquid"), _DEFAULT, 6)
    >>> matrix, z = gap_matrix(0.1, table)
    >>> bool((matrix == matrix.T).all()), z > 1
    (True, True)
    """
    indices, sums = _frequencies(temperature, resolution)
    omega = 2 * math.pi * temperature * (indices + 0.5)
    energies = table.momenta**2 - 1
    # Z first: differences of the interaction at omega_n - omega_m and omega_n + omega_m.
    free = temperature * table.measure[None, :] * sums[:, None] / (omega[:, None] ** 2 + energies**2)
    z = np.empty((len(omega), len(energies)))
    spread = 2 * math.pi * temperature * sums / 4
    normal = table if self_energy is None else self_energy
    _renormalise(omega, spread, free * omega[:, None], normal.frequencies, normal.values, z)
    z = 1 + z / omega[:, None]
    dressed = temperature * table.measure[None, :] * sums[:, None] / ((z * omega[:, None]) ** 2 + energies**2)
    size = len(omega) * len(energies)
    matrix = np.empty((size, size))
    _assemble(omega, spread, np.sqrt(dressed), table.frequencies, table.values, matrix)
    nearest = int(np.argmin(np.abs(energies)))
    return matrix, float(z[0, nearest])


def grids(temperature: float, fineness: int, resolution: Resolution = _DEFAULT) -> tuple[Resolution, int]:
    """Resolution and depth of the grid of momenta for a temperature in eps_F.

    Examples
    --------
    >>> grids(1e-4, 1)[1]
    8
    """
    # Panels of momenta down to an eighth of the temperature, in a few steps that share their tables.
    return resolution._replace(fineness=fineness), 6 if temperature >= 1e-3 else 8 if temperature >= 1e-4 else 10


def _tables(temperature, bilayer, fineness, resolution):
    temperature = validation.real("temperature", temperature, low=1e-5, high=0.5)
    resolution, depth = grids(temperature, validation.integer("fineness", fineness, low=1, high=4), resolution)
    pair = interaction_table(bilayer, resolution, depth)
    if bilayer.local_field != 1:
        return (pair, None), resolution
    return (pair, interaction_table(bilayer, resolution, depth, "self-energy")), resolution


def _frequencies(temperature: float, resolution: Resolution) -> tuple[NDArray, NDArray]:
    """Indices n >= 0 (real numbers beyond the first ones) and weights of a sum over them."""
    octaves = max(2, math.ceil(math.log2(resolution.top / (2 * math.pi * temperature * resolution.explicit))))
    nodes, weights = gauss_legendre(1 + resolution.fineness)
    edges = np.log(resolution.explicit * 2.0 ** np.arange(octaves + 1))
    half = 0.5 * np.diff(edges)
    # The midpoint rule read backwards: a sum over n from N on is an integral over n + 1/2 from N on.
    shifted = np.exp((edges[:-1, None] + half[:, None] * (1 + nodes)).ravel())
    indices = np.concatenate([np.arange(resolution.explicit), shifted - 0.5])
    return indices, np.concatenate([np.ones(resolution.explicit), (half[:, None] * weights).ravel() * shifted])


@kernel
def _locate(nu, grid):
    """Index and coefficients of a cubic through four neighbours in ln nu; linear below the lowest frequency."""
    coefficients = np.zeros(4)
    if nu <= grid[1]:
        coefficients[0], coefficients[1] = 1 - nu / grid[1], nu / grid[1]
        return 0, coefficients
    place = math.log(nu / grid[1]) / math.log(grid[2] / grid[1])
    first = min(max(int(place) - 1, 0), len(grid) - 5)
    x = place - first
    coefficients[0] = -(x - 1) * (x - 2) * (x - 3) / 6
    coefficients[1] = x * (x - 2) * (x - 3) / 2
    coefficients[2] = -x * (x - 1) * (x - 3) / 2
    coefficients[3] = x * (x - 1) * (x - 2) / 6
    return first + 1, coefficients


@kernel
def _own(spread, m):
    """Frequency difference within the stretch that a node stands for: 0 for a single one, else the mean distance."""
    return 0.0 if spread[m] == spread[0] else spread[m]


@kernel
def _renormalise(omega, spread, free, grid, table, out):
    size = table.shape[0]
    out[:] = 0.0
    for n in range(len(omega)):
        for m in range(len(omega)):
            difference = abs(omega[n] - omega[m]) if n != m else _own(spread, m)
            near, c = _locate(difference, grid)
            far, e = _locate(omega[n] + omega[m], grid)
            for i in range(size):
                total = 0.0
                for j in range(size):
                    value = 0.0
                    for s in range(4):
                        value += e[s] * table[i, j, far + s] - c[s] * table[i, j, near + s]
                    total += value * free[m, j]
                out[n, i] += total


@kernel
def _assemble(omega, spread, factor, grid, table, out):
    size = table.shape[0]
    for n in range(len(omega)):
        for m in range(n + 1):
            difference = omega[n] - omega[m] if n != m else _own(spread, m)
            near, c = _locate(difference, grid)
            far, e = _locate(omega[n] + omega[m], grid)
            for i in range(size):
                for j in range(size):
                    value = 0.0
                    for s in range(4):
                        value += e[s] * table[i, j, far + s] + c[s] * table[i, j, near + s]
                    value *= -factor[n, i] * factor[m, j]
                    out[n * size + i, m * size + j] = value
                    out[m * size + j, n * size + i] = value
