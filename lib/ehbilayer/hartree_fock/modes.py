r"""Time-dependent Hartree-Fock: all excitations of a translation-symmetric state with wave vector q.

In the pairs of `ehbilayer.hartree_fock.pair_equations` a change of frequency :math:`\omega` obeys
:math:`(H - \omega D^{-1}) y = S v` with the Hessian H = 1 + SKS and the gaps D of the pairs. The inversion maps each
pair to one with the opposite gap: H has an even and an odd block, D leads from one to the other, and the squared
frequencies are the eigenvalues of the symmetric matrix :math:`M^T H_+ M` with :math:`M M^T = D H_- D`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import LinAlgError, cholesky, eigh, solve_triangular

from ehbilayer.errors import NotConverged
from ehbilayer.hartree_fock.kmesh import BlochState
from ehbilayer.hartree_fock.pair_equations import PairEquations

# Pairs with a smaller S, relative to the largest, are left out. They count with its square.
_SMALLEST = 1e-5


@dataclass(frozen=True, eq=False)
class DensityModes:
    """Result of `density_modes`.

    Attributes
    ----------
    wave : tuple of (int, int)
        q in the box's reciprocal vectors.
    squares : ndarray, shape (n,)
        Squared frequencies in Ha_h^2, ascending; negative ones belong to instabilities.
    longitudinal, transverse : ndarray, shape (s, n)
        Displacement of each species in each mode, along q and across it. A force on each carrier of species b displaces
        those of species a by the sum over modes of the product of both over sqrt(m_a m_b) (squares - omega^2).
        Squares of longitudinal ones sum to 1 by the f-sum rule, transverse ones to less where carriers circulate.
    """

    wave: tuple[int, int]
    squares: NDArray
    longitudinal: NDArray
    transverse: NDArray

    def displacement(self, frequency: ArrayLike, species: int, *, across: bool = False) -> NDArray:
        """Displacement of a species per force and inverse mass, at complex frequencies in Ha_h; in 1/Ha_h^2."""
        weights = (self.transverse if across else self.longitudinal)[species] ** 2
        return (weights / (self.squares - np.asarray(frequency)[..., None] ** 2)).sum(axis=-1)


def density_modes(state: BlochState, wave: tuple[int, int], temperatures: tuple[float, ...]) -> DensityModes:
    """Excitations with wave vector q, and how they displace each species.

    Parameters
    ----------
    state : BlochState
        Self-consistent, with an inversion centre at the origin.
    wave : tuple of (int, int)
        q in the box's reciprocal vectors, no reciprocal vector of the cell.
    temperatures : tuple of float
        k_B T of the filling of each species, in Ha_h; 0 where whole bands are filled. Pairs of levels that coincide do
        not answer at any frequency but 0 and are left out.

    Returns
    -------
    DensityModes

    Raises
    ------
    ArgumentError
        If q is a reciprocal vector of the cell, or the orbitals are not real.
    NotConverged
        If currents lower the energy of the state.
    """
    equations = PairEquations(state, wave, temperatures)
    one, other, sign, gaps = _half_of_the_pairs(equations)
    even, odd = _blocks(equations, one, other, sign)
    try:
        root = cholesky(odd, lower=True)
    except LinAlgError:
        raise NotConverged(f"the state at wave = {wave} is unstable against currents") from None
    factor = gaps[:, None] * root
    squares, vectors = eigh(factor.T @ even @ factor)
    q = np.array(wave) @ state.functional.box.reciprocal
    length = float(np.linalg.norm(q))
    across = np.array([-q[1], q[0]]) / length
    found = []
    for index, species in enumerate(equations.species):
        density, momentum = equations.driven(index), equations.moving(index, across)
        along = factor.T @ (density[one] + sign * density[other])
        turning = solve_triangular(root, momentum[one] - sign * momentum[other], lower=True)
        # The density changes by -iqn times the displacement, and the momentum is m times its derivative.
        norm = state.functional.r_s * np.sqrt(species.mass / (2 * species.number))
        found.append(
            (vectors.T @ along * norm / length, vectors.T @ turning * norm / (species.mass * state.functional.r_s**2))
        )
    longitudinal, transverse = (np.array(rows) for rows in zip(*found, strict=True))
    return DensityModes(wave, squares, longitudinal, transverse)


def _half_of_the_pairs(equations: PairEquations) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Pairs with a positive gap, their images under inversion with the sign, and the gaps."""
    found, start = [], 0
    for gaps, strength, (swapped, sign) in zip(equations.gaps, equations.strength, equations.mirrored, strict=True):
        flat, weight = gaps.reshape(-1), strength.reshape(-1)
        kept = np.flatnonzero((weight > _SMALLEST * weight.max()) & (flat > 1e-7 * flat.max()))
        found.append((start + kept, start + swapped[kept], sign[kept], flat[kept]))
        start += flat.size
    one, other, sign, gaps = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return one, other, sign, gaps


def _blocks(equations: PairEquations, one: NDArray, other: NDArray, sign: NDArray) -> tuple[NDArray, NDArray]:
    """Hessian among sums and differences of pairs and their images."""
    same, crossed = np.empty((2, len(one), len(one)))
    block = one // np.prod(equations.shape[1:])
    for columns in np.split(np.arange(len(one)), np.flatnonzero(np.diff(block)) + 1):
        images = equations.columns(one[columns])
        same[:, columns], crossed[:, columns] = images[:, one].T, (images[:, other] * sign).T
    return same + crossed, same - crossed
