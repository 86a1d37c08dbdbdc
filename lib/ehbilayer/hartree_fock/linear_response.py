r"""Static density response of translation-symmetric Hartree-Fock states at any wave vector of the box.

Coupled-perturbed Hartree-Fock: a potential :math:`v\,e^{iqr}` changes the density matrix between Bloch vectors k and
k - q by :math:`X_{ij} = \Lambda_{ij} F_{ij}` in the orbitals of the state, with
:math:`\Lambda_{ij} = (f_i - f_j)/(\epsilon_i - \epsilon_j)` and the operator :math:`F = v + K X`, K being the Hartree
and exchange operator. With :math:`S = \sqrt{-\Lambda}` and y = S F this is the symmetric system
:math:`(1 + S K S) y = S v`, whose matrix is the Hessian of the energy (or free energy).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, minres

from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock.kmesh import BlochState
from ehbilayer.model.coulomb import interaction


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
    if state.basis.is_complex:
        raise ArgumentError("state", "one with complex orbitals", "one with an inversion centre")
    problem = _Problem(state, (int(wave[0]), int(wave[1])), temperatures)
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
    return DensityResponse(problem.wave, matrix, mirrored, steps[0])


class _Problem:
    """Tables of the linear system: blocks between k and k - q, ordered by orbitals or by differences q + G."""

    def __init__(self, state: BlochState, wave: tuple[int, int], temperatures: tuple[float, ...]) -> None:
        basis, waves = state.basis, state.waves
        self.wave, self.species, box = wave, state.functional.species, state.functional.box
        # All Bloch vectors with their plane waves; a state of more symmetry knows the irreducible ones only.
        groups = [np.flatnonzero(basis.k_of == k) for k in range(basis.k_count)]
        width = max(len(g) for g in groups)
        members = np.full((basis.k_count, width), -1)
        for row, group in zip(members, groups, strict=True):
            row[: len(group)] = group
        slot = np.empty(len(waves), dtype=int)
        slot[members[members >= 0]] = np.nonzero(members >= 0)[1]
        orbitals, self.strength = self._unfolded(state, members), []
        partner = self._partners(basis, waves, groups)
        self.left = orbitals
        self.right = [c[partner] for c in orbitals]
        for index, temperature in enumerate(temperatures):
            e, f = state.levels[index][basis.star][:, :width], state.occupations[index][basis.star][:, :width]
            self.strength.append(np.sqrt(_weights(e, f, e[partner], f[partner], temperature)))

        # Differences p - p' = q + G of all pairs, and where each pair stands in the blocks.
        first, i, j = np.nonzero((members >= 0)[:, :, None] & (members >= 0)[partner][:, None, :])
        p, other = members[first, i], members[partner[first], j]
        delta, where = np.unique(waves.integers[p] - waves.integers[other], axis=0, return_inverse=True)
        self.source = np.full((len(waves), len(delta)), -1)
        self.source[p, where.reshape(-1)] = (first * width + i) * width + j
        self.present = self.source >= 0
        self.shape = (basis.k_count, width, width)
        self.size = len(self.species) * basis.k_count * width * width
        self.here = int(np.flatnonzero((delta == self.wave).all(axis=1))[0])
        mirror = np.flatnonzero((delta == -np.array(self.wave)).all(axis=1))
        self.mirror = int(mirror[0]) if len(mirror) else None
        lengths = np.linalg.norm(delta @ box.reciprocal, axis=1)
        self.coulomb = [[state.functional.coulomb(a, b, lengths) for b in self.species] for a in self.species]
        separation = np.linalg.norm(waves.vectors[:, None, :] - waves.vectors, axis=-1)
        np.fill_diagonal(separation, 0.0)
        self.kernel = -interaction(separation) / (box.area * state.functional.r_s)

    @staticmethod
    def _unfolded(state: BlochState, members: NDArray) -> list[NDArray]:
        basis, waves = state.basis, state.waves
        block, slot = np.full(len(waves), -1), np.zeros(len(waves), dtype=int)
        rows, columns = np.nonzero(basis.valid)
        block[basis.members[rows, columns]], slot[basis.members[rows, columns]] = rows, columns
        valid = members >= 0
        width = members.shape[1]
        full = [np.zeros((len(members), width, width)) for _ in state.orbitals]
        for k, plane_waves in enumerate(members):
            inside = plane_waves[valid[k]]
            images = (waves.index(waves.integers[inside] @ g) for g in basis.fourier.group)
            image = next(i for i in images if block[i[0]] >= 0)
            for c, orbitals in zip(full, state.orbitals, strict=True):
                c[k, : len(inside)] = orbitals[block[image[0]]][slot[image], :width]
        return full

    def _partners(self, basis, waves, groups) -> NDArray:
        """Bloch vector k - q for each k."""
        partner = np.full(len(groups), -1)
        for k, group in enumerate(groups):
            found = waves.index(waves.integers[group] - np.array(self.wave))
            partner[k] = basis.k_of[found[found >= 0][0]]
        if (partner == np.arange(len(groups))).any():
            raise ArgumentError("wave", self.wave, "a wave vector of the box that is no reciprocal vector of the cell")
        return partner

    def _split(self, vector: NDArray) -> list[NDArray]:
        return list(vector.reshape(len(self.species), *self.shape))

    def _to_table(self, blocks: NDArray) -> NDArray:
        return np.where(self.present, blocks.reshape(-1)[self.source], 0.0)

    def _from_table(self, table: NDArray) -> NDArray:
        blocks = np.zeros(self.shape)
        blocks.reshape(-1)[self.source[self.present]] = table[self.present]
        return blocks

    def _weighted(self, index: int, operator: NDArray) -> NDArray:
        """S F in orbitals, with the root of the number of spin components."""
        inner = self.left[index].transpose(0, 2, 1) @ operator @ self.right[index]
        return np.sqrt(self.species[index].components) * self.strength[index] * inner

    def _changes(self, vector: NDArray) -> list[NDArray]:
        """Density matrices -S y of one spin component, by difference."""
        tables = []
        for index, (s, y) in enumerate(zip(self.species, self._split(vector), strict=True)):
            inner = -self.strength[index] * y / np.sqrt(s.components)
            tables.append(self._to_table(self.left[index] @ inner @ self.right[index].transpose(0, 2, 1)))
        return tables

    def densities(self, vector: NDArray) -> list[NDArray]:
        """Fourier components of the density changes, all spin components."""
        return [s.components * t.sum(axis=0) for s, t in zip(self.species, self._changes(vector), strict=True)]

    def driven(self, source: int) -> NDArray:
        """S v for a potential of strength 1 on one species."""
        out = np.zeros((len(self.species), *self.shape))
        table = np.zeros(self.present.shape)
        table[:, self.here] = 1.0
        out[source] = self._weighted(source, self._from_table(table))
        return out.reshape(-1)

    def apply(self, vector: NDArray) -> NDArray:
        """(1 + S K S) y."""
        tables = self._changes(vector)
        rho = [s.components * t.sum(axis=0) for s, t in zip(self.species, tables, strict=True)]
        out = vector.reshape(len(self.species), *self.shape).copy()
        for index, table in enumerate(tables):
            local = sum(v * r for v, r in zip(self.coulomb[index], rho, strict=True))
            out[index] -= self._weighted(index, self._from_table(self.kernel @ table + local))
        return out.reshape(-1)


def _weights(e: NDArray, f: NDArray, e_other: NDArray, f_other: NDArray, temperature: float) -> NDArray:
    """-(f_i - f_j)/(e_i - e_j) for all pairs of levels, minus the slope of the Fermi function where they coincide."""
    with np.errstate(invalid="ignore"):
        gap = e[:, :, None] - e_other[:, None, :]
    step = f_other[:, None, :] - f[:, :, None]
    # Levels in padded slots are infinite and empty.
    gap = np.where(np.isfinite(gap), gap, np.inf)
    close = np.abs(gap) < 1e-5 * temperature
    slope = f[:, :, None] * (1 - f[:, :, None]) / temperature if temperature else np.zeros_like(gap)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = step / gap
    return np.maximum(np.where(close | (step == 0), np.where(close, slope, 0.0), ratio), 0.0)
