"""Translation-symmetric states in boxes of another shape: the same plane waves and area."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import expm

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import kmesh
from ehbilayer.hartree_fock.bloch import BlochBasis
from ehbilayer.hartree_fock.functional import Functional

#: Strain of the difference quotient of fourth order in `stress`; its error is below 1e-9 of the energy.
_STRAIN = 0.01


def strained(
    state: kmesh.BlochState,
    matrix: ArrayLike,
    filling: Sequence[str | float | NDArray] | None = None,
    *,
    tolerance: float = 1e-9,
) -> kmesh.BlochState:
    """Self-consistent state on a deformed lattice.

    Parameters
    ----------
    state : BlochState
        With a basis of symmetry "inversion" or "none", which no deformation breaks.
    matrix : array_like, shape (2, 2)
        Deformation of determinant 1, see `ehbilayer.model.lattice.Lattice.deformed`.
    filling : list, optional
        As in `ehbilayer.hartree_fock.kmesh.solve`. By default the levels of each Bloch vector, ascending, keep the
        occupations that they had in `state`, also those of a shell that was degenerate and splits; the energy is then
        a smooth function of the deformation.
    tolerance : float
        Bound on the gradient norm, in Ha_h per carrier.

    Returns
    -------
    BlochState

    Raises
    ------
    ArgumentError
        If the matrix has another determinant, or the basis of the state more symmetry.
    """
    functional, basis = _deformed(state, matrix)
    filling = state.occupations if filling is None else filling
    return kmesh.solve(functional, basis, [None] * len(filling), filling, tolerance=tolerance, near=state)


def compressed(state: kmesh.BlochState, r_s: float, *, tolerance: float = 1e-9) -> kmesh.BlochState:
    """Self-consistent state at another density, with the same layer distances in a_h.

    The levels of each Bloch vector, ascending, keep the occupations that they had: levels that cross lead to no other
    branch.

    Parameters
    ----------
    state : BlochState
        From which the iteration begins.
    r_s : float
        Of the new state, in a_h.
    tolerance : float
        Bound on the gradient norm, in Ha_h per carrier.

    Returns
    -------
    BlochState
    """
    filling = state.occupations
    functional = replace(state.functional, r_s=r_s)
    return kmesh.solve(functional, state.basis, [None] * len(filling), filling, tolerance=tolerance, near=state)


def stress(state: kmesh.BlochState, generator: ArrayLike) -> float:
    """Derivative of the (free) energy of the box under the deformation ``expm(strain * generator)``, in Ha_h.

    By the theorem of Hellmann and Feynman the density matrix of a self-consistent state, kept fixed in the deformed
    plane waves, gives the derivative exactly.

    Parameters
    ----------
    state : BlochState
    generator : array_like, shape (2, 2)
        Traceless, so that the area stays.
    """
    densities = [state.density_matrix(index) for index in range(len(state.functional.species))]

    def energy(strain: float) -> float:
        return kmesh.evaluate(*_deformed(state, expm(strain * np.asarray(generator))), densities)[0].total

    near, far = (energy(h) - energy(-h) for h in (_STRAIN, 2 * _STRAIN))
    return (8 * near - far) / (12 * _STRAIN)


def _deformed(state: kmesh.BlochState, matrix: ArrayLike) -> tuple[Functional, BlochBasis]:
    box = state.functional.box
    box = replace(box, lattice=box.lattice.deformed(matrix))
    if len(state.fourier.group) > 2:
        raise ArgumentError("state", f"one with {len(state.fourier.group)} operations", "symmetry inversion or none")
    return replace(state.functional, box=box), state.basis.on(box)
