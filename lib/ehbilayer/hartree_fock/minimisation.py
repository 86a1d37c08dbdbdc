"""Hartree-Fock without assumed symmetry: direct minimisation over real orbitals in a periodic box."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.functional import EnergyParts, FourierSet, Functional
from ehbilayer.hartree_fock.orbitals import OrbitalGrid, orbital_grid
from ehbilayer.hartree_fock.terms import bound_terms
from ehbilayer.hartree_fock.terms.exchange import GridExchange
from ehbilayer.model.plane_waves import PlaneWaves
from ehbilayer.numerics import fourier
from ehbilayer.numerics.minimise import minimise


@dataclass(frozen=True, eq=False)
class OrbitalState:
    """Orbitals of every species in a box, with their energy.

    Attributes
    ----------
    functional : Functional
    grid : OrbitalGrid
    orbitals : list of ndarray, shape (n, m_s)
        Coefficients x(p); orthonormal columns, canonical (they diagonalise the occupied Fock block).
    levels : list of ndarray, shape (m_s,)
        Occupied Fock eigenvalues in Ha_h.
    energy : EnergyParts
        Of the whole box, in Ha_h.
    gradient_norm : float
        Root of the summed squares of occupied-empty Fock elements per carrier, in Ha_h.
    iterations, evaluations : int
    converged : bool
    """

    functional: Functional
    grid: OrbitalGrid
    orbitals: list[NDArray]
    levels: list[NDArray]
    energy: EnergyParts
    gradient_norm: float
    iterations: int
    evaluations: int
    converged: bool

    @property
    def waves(self) -> PlaneWaves:
        """Plane waves of the box."""
        return self.grid.waves

    @property
    def fourier(self) -> FourierSet:
        """Wave vectors of `density_components`."""
        return self.grid.fourier

    def momentum_distribution(self, index: int) -> NDArray:
        """Occupation of each plane wave, all spin components, shape (n,); symmetric under p -> -p."""
        occupation = np.sum(self.orbitals[index] ** 2, axis=1)
        return 0.5 * self.functional.species[index].components * (occupation + occupation[self.grid.mirror])

    def density_components(self, index: int) -> NDArray:
        """Fourier components rho(Q) at ``grid.fourier``, all spin components."""
        return self.functional.box.carriers * fourier.forward(self.density(index), norm="forward").reshape(-1)

    def density(self, index: int) -> NDArray:
        """Number density on the grid in units of the mean density of one carrier per site, (n1, n2)."""
        species = self.functional.species[index]
        fields = self.grid.to_grid(self.orbitals[index])
        return species.components * np.sum(fields**2, axis=0) / self.functional.box.carriers


def evaluate(
    functional: Functional, grid: OrbitalGrid, points: Sequence[NDArray], threads: int = 1
) -> tuple[EnergyParts, list[NDArray]]:
    """Energy parts and Fock operators applied to the occupied orbitals.

    Parameters
    ----------
    functional : Functional
    grid : OrbitalGrid
    points : list of ndarray, shape (n, m_s)
        Orthonormal coefficients, one matrix per species.
    threads : int

    Returns
    -------
    energy : EnergyParts
    fock : list of ndarray, shape (n, m_s)
        F x for every species; the energy's gradient is ``2 spin F x``.
    """
    terms, exchange = bound_terms(functional, grid), GridExchange(functional, grid, threads)
    fields, rho = [grid.to_grid(x) for x in points], []
    for s, f in zip(functional.species, fields, strict=True):
        density = s.components * np.einsum("mrs,mrs->rs", f, f, optimize=False)
        rho.append(fourier.forward(density, norm="forward").reshape(-1))
    occupations, exchange_energy, fock = [], {}, []
    for index, (s, x, f, potential) in enumerate(
        zip(functional.species, points, fields, terms.potentials(rho), strict=True)
    ):
        applied = exchange.operator(index, f)
        exchange_energy[s.name] = exchange.energy(index, applied, f)
        applied += fourier.backward(potential.reshape(grid.shape), norm="forward").real * f
        occupations.append(s.components * np.einsum("pm,pm->p", x, x))
        fock.append(terms.kinetic.operator[index][:, None] * x + grid.from_grid(applied))
    return terms.energy(occupations, rho, exchange_energy), fock


def fock_matrix(state: OrbitalState, index: int) -> NDArray:
    """Fock operator of one species in the basis of the plane waves' real functions, shape (n, n), in Ha_h.

    Its eigenvalues are all levels, empty ones included; with V(0) = 0 or, if the state's zero mode is
    Madelung's, with the occupied ones lowered by v_M.
    """
    functional, grid = state.functional, state.grid
    terms, exchange = bound_terms(functional, grid), GridExchange(functional, grid)
    rho = [state.density_components(n) for n in range(len(functional.species))]
    mean_field = fourier.backward(terms.potentials(rho)[index].reshape(grid.shape), norm="forward").real
    fields, identity = grid.to_grid(state.orbitals[index]), np.eye(len(grid.waves))
    matrix = np.diag(terms.kinetic.operator[index])
    for a in range(0, len(identity), 64):
        columns = grid.to_grid(identity[:, a : a + 64])
        matrix[:, a : a + 64] += grid.from_grid(exchange.operator(index, fields, columns) + mean_field * columns)
    x = state.orbitals[index]
    return 0.5 * (matrix + matrix.T) + terms.zero_mode.operator(1.0) * x @ x.T


def minimise_orbitals(
    functional: Functional,
    waves: PlaneWaves,
    start: Sequence[NDArray],
    *,
    tolerance: float = 1e-6,
    max_iterations: int = 500,
    threads: int = 1,
) -> OrbitalState:
    """Minimise the functional over the orbitals of every species.

    Parameters
    ----------
    functional : Functional
    waves : PlaneWaves
    start : list of ndarray, shape (n, m_s)
        Starting coefficients, of full column rank.
    tolerance : float
        Bound on the gradient norm, in Ha_h per carrier.
    max_iterations : int
    threads : int

    Returns
    -------
    OrbitalState
    """
    grid = orbital_grid(waves)
    species = functional.species
    for s, x in zip(species, start, strict=True):
        if s.per_spin != int(s.per_spin):
            raise ArgumentError("number", s.number, f"an even number of carriers {s.name!r} in two spin components")
        if x.shape != (len(waves), int(s.per_spin)):
            shape = (len(waves), int(s.per_spin))
            raise ArgumentError("start", f"array of shape {x.shape}", f"shape {shape} for species {s.name!r}")
    kinetic = [functional.kinetic(s, waves.squares)[:, None] for s in species]
    carriers = sum(s.number for s in species)

    def function(points):
        energy, fock = evaluate(functional, grid, points, threads)
        return energy.total, [2 * s.components * f for s, f in zip(species, fock, strict=True)], (energy, fock)

    def precondition(vectors, points):
        # Kinetic energy dominates at large p; below the mean occupied kinetic energy curvatures are alike.
        return [
            v / (2 * s.components * (t + 1.5 * np.sum(t * x**2) / x.shape[1]))
            for v, s, t, x in zip(vectors, species, kinetic, points, strict=True)
        ]

    def norm(gradients):
        return np.sqrt(
            sum(np.sum(g**2) / (4 * s.components) for g, s in zip(gradients, species, strict=True)) / carriers
        )

    result = minimise(function, start, precondition, norm, tolerance=tolerance, max_iterations=max_iterations)
    energy, fock = result.payload
    orbitals, levels, shift = [], [], bound_terms(functional, grid).zero_mode.operator(1.0)
    for x, f in zip(result.points, fock, strict=True):
        block = x.T @ f
        values, vectors = np.linalg.eigh(0.5 * (block + block.T))
        orbitals.append(x @ vectors)
        levels.append(values + shift)
    return OrbitalState(
        functional,
        grid,
        orbitals,
        levels,
        energy,
        float(result.gradient_norm),
        result.iterations,
        result.evaluations,
        result.converged,
    )
