r"""Static density response of translation-symmetric Hartree-Fock states at any wave vector of the box.

Coupled-perturbed Hartree-Fock: the linear system of `ehbilayer.hartree_fock.pair_equations`, solved by iteration.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, minres

from ehbilayer.errors import NotConverged
from ehbilayer.hartree_fock.kmesh import BlochState
from ehbilayer.hartree_fock.pair_equations import PairEquations


@dataclass(frozen=True, eq=False)
class DensityResponse:
    """Result of `density_response`.

    Attributes
    ----------
    wave : tuple of (int, int)
        q in the box's reciprocal vectors.
    matrix : ndarray, shape (s, s)
        Change of the Fourier component rho_a(q) of species a, all spin components, for a potential v exp(iqr) on
        species b, over v; in 1/Ha_h for the whole box.
    mirrored : ndarray, shape (s, s)
        The same for rho_a(-q); zero but where 2 q is a reciprocal vector of the crystal.
    iterations : int
        Of all columns together.
    """

    wave: tuple[int, int]
    matrix: NDArray
    mirrored: NDArray
    iterations: int


def density_response(
    state: BlochState,
    wave: tuple[int, int],
    temperatures: tuple[float, ...],
    *,
    sources: Sequence[int] | None = None,
    tolerance: float = 1e-7,
) -> DensityResponse:
    """Linear response of a state's densities to potentials on each of its species.

    Parameters
    ----------
    state : BlochState
        Self-consistent, with an inversion centre at the origin.
    wave : tuple of (int, int)
        q in the box's reciprocal vectors, no reciprocal vector of the cell.
    temperatures : tuple of float
        k_B T of the filling of each species, in Ha_h; 0 where whole bands are filled.
    sources : sequence of int, optional
        Species on which potentials act; by default all of them. The columns of others stay zero.
    tolerance : float
        Relative residual of the linear systems.

    Returns
    -------
    DensityResponse

    Raises
    ------
    ArgumentError
        If q is a reciprocal vector of the cell, or the orbitals are not real.
    NotConverged
        If a linear system is not solved, as where the state is unstable or nearly so.
    """
    problem = PairEquations(state, wave, temperatures, symmetric=True)
    count = len(state.functional.species)
    matrix, mirrored, steps = np.zeros((count, count)), np.zeros((count, count)), [0]

    def tick(_: NDArray) -> None:
        steps[0] += 1

    operator = LinearOperator((problem.size, problem.size), matvec=problem.apply, dtype=float)  # pyright: ignore
    for source in range(count) if sources is None else sources:
        right = problem.driven(source)
        solution, info = minres(operator, right, rtol=tolerance, maxiter=500, callback=tick)
        if info:
            raise NotConverged(f"the response at wave = {wave} did not converge in {info} iterations")
        densities = problem.densities(solution)
        matrix[:, source] = [rho[problem.here] for rho in densities]
        if problem.mirror is not None:
            mirrored[:, source] = [rho[problem.mirror] for rho in densities]
    return DensityResponse(wave, matrix, mirrored, steps[0])
