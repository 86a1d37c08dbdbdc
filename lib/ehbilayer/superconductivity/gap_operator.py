r"""The linearised gap equation over momenta and Matsubara frequencies, as an operator that is never stored.

The interaction at a frequency is interpolated between those of its table, :math:`V_{ij}(\nu) = \sum_s c_s(\nu)
V_{ijs}`. A sum over frequencies m and momenta j is then one over m for each momentum and node, and one over momenta and
nodes: two matrix products with tables that fit into the cache. The matrix itself, of the square of the number of
momenta times frequencies, would take several times as long to fill, and as long as both to be read once.

Energies in the electrons' Fermi energy and momenta in k_F.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, eigsh, minres

from ehbilayer.compilation import kernel
from ehbilayer.errors import NotConverged
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.rpa_interaction import InteractionTable, Resolution


@dataclass(frozen=True, eq=False)
class GapOperator:
    """Symmetrised operator of the gap equation; made by `gap_operator`.

    Attributes
    ----------
    interaction : Interpolated
        Summed over m and -m - 1.
    factor : ndarray, shape (n_frequencies, n_momenta)
        Root of the measure over :math:`Z^2\\omega^2 + \\xi^2`.
    z : float
        Z at the Fermi surface and the lowest frequency.
    """

    interaction: "Interpolated"
    factor: NDArray
    z: float

    def __matmul__(self, vector: NDArray) -> NDArray:
        return -(self.factor * self.interaction.sum(self.factor * vector.reshape(self.factor.shape))).reshape(-1)

    def largest(self) -> float:
        """Largest eigenvalue."""
        size = self.factor.size
        operator = LinearOperator((size, size), matvec=self.__matmul__, dtype=float)  # pyright: ignore
        found = eigsh(operator, k=1, which="LA", v0=np.ones(size), return_eigenvectors=False)
        return float(np.asarray(found)[0])

    def response(self) -> NDArray:
        """Function R that answers a constant pair field of 1, shape (n_frequencies, n_momenta).

        :math:`R = 1 - T\\sum V R/(Z^2\\omega^2 + \\xi^2)`, which diverges at T_c.

        Raises
        ------
        NotConverged
            If the linear system is not solved, as very close to T_c.
        """
        size = self.factor.size
        operator = LinearOperator((size, size), matvec=lambda x: x - self @ x, dtype=float)  # pyright: ignore
        found, info = minres(operator, self.factor.reshape(-1), rtol=1e-10, maxiter=2000)
        if info:
            raise NotConverged(f"the response to a pair field did not converge in {info} iterations")
        return 1.0 - self.interaction.sum(self.factor * found.reshape(self.factor.shape))


@dataclass(frozen=True, eq=False)
class Interpolated:
    """Interaction at sums and differences of Matsubara frequencies.

    Attributes
    ----------
    values : ndarray, shape (n_momenta, n_momenta * n_nodes)
        At the nodes that are needed.
    weights : ndarray, shape (n_frequencies, n_nodes * n_frequencies)
        Of the nodes, by frequency summed over and result.
    """

    values: NDArray
    weights: NDArray

    def sum(self, function: NDArray) -> NDArray:
        """Over frequencies and momenta of a function, shapes (n_frequencies, n_momenta)."""
        inner = (function.T @ self.weights).reshape(self.values.shape[1], -1)
        return (self.values @ inner).T


def gap_operator(
    temperature: float,
    table: InteractionTable,
    self_energy: InteractionTable | None = None,
    resolution: Resolution | None = None,
    *,
    dressed: bool = True,
) -> GapOperator:
    """Operator of the gap equation.

    Parameters
    ----------
    temperature : float
        k_B T in eps_F.
    table : InteractionTable
        Any interaction; that of `ehbilayer.superconductivity.rpa_interaction.interaction_table` for the bilayer.
    self_energy : InteractionTable, optional
        The interaction in Z, where it is another, on the same momenta and frequencies.
    resolution : Resolution, optional
        For the grid over frequency.
    dressed : bool
        Whether Z is that of the interaction, or 1.

    Returns
    -------
    GapOperator
        Over positive frequencies and the momenta of the table.

    Examples
    --------
    >>> from ehbilayer.superconductivity.rpa_interaction import Bilayer, interaction_table
    >>> table = interaction_table(Bilayer.checked(1.6, 1.0, 10.0, "liquid"), Resolution(), 6)
    >>> gap = gap_operator(0.1, table)
    >>> gap.largest() < 1 < gap.z
    True
    """
    indices, sums = _frequencies(temperature, Resolution() if resolution is None else resolution)
    omega = 2 * math.pi * temperature * (indices + 0.5)
    energies = table.momenta**2 - 1
    spread = 2 * math.pi * temperature * sums / 4
    free = temperature * table.measure[None, :] * sums[:, None] / (omega[:, None] ** 2 + energies**2)
    if not dressed:
        return GapOperator(_interpolated(omega, spread, table, 1.0), np.sqrt(free), 1.0)
    # Z first: differences of the interaction at omega_n - omega_m and omega_n + omega_m.
    normal = _interpolated(omega, spread, table if self_energy is None else self_energy, -1.0)
    z = 1 + normal.sum(free * omega[:, None]) / omega[:, None]
    full = temperature * table.measure[None, :] * sums[:, None] / ((z * omega[:, None]) ** 2 + energies**2)
    nearest = int(np.argmin(np.abs(energies)))
    return GapOperator(_interpolated(omega, spread, table, 1.0), np.sqrt(full), float(z[0, nearest]))


def _interpolated(omega: NDArray, spread: NDArray, table: InteractionTable, sign: float) -> Interpolated:
    """The interaction at sums of frequencies plus, times a sign, that at differences."""
    weights = np.zeros((len(omega), len(table.frequencies), len(omega)))
    _weigh(omega, spread, table.frequencies, sign, weights)
    used = np.flatnonzero(weights.any(axis=(0, 2)))
    values = table.values[:, :, used]
    return Interpolated(values.reshape(len(values), -1), weights[:, used].reshape(len(omega), -1))


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
def _weigh(omega, spread, grid, sign, out):
    for n in range(len(omega)):
        for m in range(len(omega)):
            # Within the stretch that a node stands for: 0 for a single one, else the mean distance.
            own = 0.0 if spread[m] == spread[0] else spread[m]
            near, c = _locate(abs(omega[n] - omega[m]) if n != m else own, grid)
            far, e = _locate(omega[n] + omega[m], grid)
            for s in range(4):
                out[m, near + s, n] += sign * c[s]
                out[m, far + s, n] += e[s]
