"""Translation-symmetric Hartree-Fock: a small cell, a mesh of Bloch vectors, SCF with DIIS.

A box of N cells restricted to states with the translation symmetry of a cell. The solver shares its functional with
`ehbilayer.hartree_fock.minimisation` and agrees with it on symmetric states. The exchange is a matrix product, see
`ehbilayer.hartree_fock.exchange_product`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import get_lapack_funcs

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.bloch import BlochBasis
from ehbilayer.hartree_fock.filling import Filling
from ehbilayer.hartree_fock.functional import EnergyParts, FourierSet, Functional, Species
from ehbilayer.hartree_fock.terms import bound_terms
from ehbilayer.hartree_fock.terms.exchange import BlochExchange
from ehbilayer.model.plane_waves import PlaneWaves
from ehbilayer.numerics.diis import Extrapolation

#: What may look at an iteration, and end it.
Watch = Callable[[Functional, BlochBasis, list[NDArray]], bool]


@dataclass(frozen=True, eq=False)
class BlochState:
    """A self-consistent (or not: see `converged`) translation-symmetric state.

    Attributes
    ----------
    functional : Functional
    basis : BlochBasis
    energy : EnergyParts
        Of the whole box, in Ha_h.
    levels : list of ndarray, shape (n_k, width)
        Fock eigenvalues of each species at the irreducible Bloch vectors, in Ha_h; infinite in padded slots.
    orbitals : list of ndarray, shape (n_k, width, width)
        Plane-wave coefficients; the last axis counts bands.
    occupations : list of ndarray, shape (n_k, width)
        Per spin component, between 0 and 1.
    gradient_norm : float
        Root of the summed squares of occupied-empty Fock matrix elements per carrier, in Ha_h.
    iterations : int
    converged : bool
        Gradient below the tolerance.
    aufbau : bool
        No empty level below an occupied one of the same species.
    heat : float
        Temperatures times entropies of species with a thermal filling, in Ha_h for the whole box.
    """

    functional: Functional
    basis: BlochBasis
    energy: EnergyParts
    levels: list[NDArray]
    orbitals: list[NDArray]
    occupations: list[NDArray]
    gradient_norm: float
    iterations: int
    converged: bool
    aufbau: bool
    heat: float = 0.0

    @property
    def free_energy(self) -> float:
        """Energy minus `heat`, in Ha_h: what a state with thermal fillings makes stationary."""
        return self.energy.total - self.heat

    @property
    def waves(self) -> PlaneWaves:
        """Plane waves of the box."""
        return self.basis.waves

    @property
    def fourier(self) -> FourierSet:
        """Wave vectors of `density_components`."""
        return self.basis.fourier

    def density_matrix(self, index: int) -> NDArray:
        """Blocks D_k of species number `index`, one spin component, shape (n_k, width, width)."""
        return _density(self.orbitals[index], self.occupations[index])

    def fermi_level(self, index: int) -> float:
        """Highest level of species number `index` that is at least partly filled, in Ha_h."""
        return float(self.levels[index][self.occupations[index] > 1e-9].max())

    def momentum_distribution(self, index: int) -> NDArray:
        """Occupation of each plane wave of the box, all spin components, shape (n,)."""
        diagonal = np.real(self.basis.by_difference(self.density_matrix(index))[:, 0])
        return self.functional.species[index].components * diagonal

    def density(self, index: int, points: ArrayLike) -> NDArray:
        """Number density at `points`, shape (..., 2) in r_s, in units of the mean density of one carrier per site."""
        rho = self.density_components(index)
        phase = np.asarray(points) @ (self.basis.differences @ self.functional.box.reciprocal).T
        return np.real(np.exp(1j * phase) @ (self.basis.fourier.weights * rho)) / self.functional.box.carriers

    def density_components(self, index: int) -> NDArray:
        """Fourier components rho(Q) at the basis' half set of differences, all spin components."""
        return density_components(self.functional.species[index], self.basis, self.density_matrix(index))


def density_components(species: Species, basis: BlochBasis, density: NDArray) -> NDArray:
    """Fourier components rho(Q) of a species from its density-matrix blocks, all spin components, shape (n_delta,)."""
    return _spin_sum(species, basis) * basis.by_difference(density).sum(axis=0)


def evaluate(functional: Functional, basis: BlochBasis, densities: list[NDArray]) -> tuple[EnergyParts, list[NDArray]]:
    """Energy of a state and its Fock operators.

    Parameters
    ----------
    functional : Functional
    basis : BlochBasis
    densities : list of ndarray, shape (n_k, width, width)
        Density-matrix blocks of each species at the irreducible Bloch vectors, one spin component.

    Returns
    -------
    energy : EnergyParts
        Of the whole box.
    fock : list of ndarray, shape (n_k, width, width)
        Without the shift of a zero mode.
    """
    terms, exchange = bound_terms(functional, basis), BlochExchange(functional, basis)
    species = functional.species
    tables = [basis.by_difference(d) for d in densities]
    rho = [_spin_sum(s, basis) * t.sum(axis=0) for s, t in zip(species, tables, strict=True)]
    focks, occupations, exchange_energy = [], [], {}
    diagonal = np.arange(basis.members.shape[1])
    operators = exchange.operators(tables)
    for index, potential in enumerate(terms.potentials(rho)):
        density, fock = densities[index], basis.to_blocks(operators[index])
        exchange_energy[species[index].name] = exchange.energy(index, fock, density)
        fock += basis.to_blocks(np.broadcast_to(potential, (len(basis.rows), len(potential))).copy())
        fock[:, diagonal, diagonal] += terms.kinetic.operator[index]
        focks.append(fock)
        weights = species[index].components * basis.weights[:, None]
        occupations.append(weights * np.real(density[:, diagonal, diagonal]))
    return terms.energy(occupations, rho, exchange_energy), focks


def solve(
    functional: Functional,
    basis: BlochBasis,
    start: Sequence[NDArray | None],
    filling: Sequence[str | float | NDArray],
    *,
    tolerance: float = 1e-8,
    max_iterations: int = 200,
    frozen_after: int = 5,
    watch: Watch | None = None,
    near: BlochState | None = None,
) -> BlochState:
    """Iterate Fock operators to self-consistency with DIIS.

    Parameters
    ----------
    functional : Functional
    basis : BlochBasis
    start : list of (ndarray or None)
        For each species, starting orbitals of shape (n_k, width, bands) or None for free plane waves.
    filling : list of {"bands", "shells", "integer"}, float or ndarray, shape (n_k, width)
        ``"bands"`` fills the same number of lowest bands at every k (an insulator); ``"shells"`` fills levels
        in order of energy over all k, a degenerate open shell with equal fractional weights; ``"integer"``
        does the same with whole occupations, which breaks the symmetry of an open shell; a number is a
        temperature k_B T in Ha_h; an array holds the occupations of the levels of each k, ascending, and stays.
        Occupations of shells are kept fixed after `frozen_after` iterations, since an Aufbau that changes inside DIIS
        does not converge; they are checked at the end.
    tolerance : float
        Bound on the gradient norm, in Ha_h per carrier; the energy error is of second order in it.
    max_iterations : int
    frozen_after : int
    watch : callable, optional
        Called with the functional, the basis and the density blocks of each iteration; where it returns True the
        iteration ends as it is.
    near : BlochState, optional
        State of the same basis and species, such as one at another density, to begin with instead of `start`.

    Returns
    -------
    BlochState
    """
    species, valid, carriers = functional.species, basis.valid, sum(s.number for s in functional.species)
    terms = bound_terms(functional, basis)
    occupy = [Filling(s, basis, functional, kind) for s, kind in zip(species, filling, strict=True)]
    dtype = complex if basis.is_complex else float
    orbitals, densities, occupations = [], [], []
    for index, (s, initial, fill, diagonal) in enumerate(
        zip(species, start, occupy, terms.kinetic.operator, strict=True)
    ):
        levels = np.where(valid, diagonal, np.inf)
        occupation = fill(levels)
        if near is not None:
            filled, occupation = near.orbitals[index], near.occupations[index]
        elif initial is None:
            filled = np.zeros((*valid.shape, valid.shape[1]), dtype=dtype)
            ranks = np.argsort(levels, axis=1, kind="stable")
            np.put_along_axis(filled, ranks[:, None, :], 1.0, axis=1)
            occupation = fill(np.take_along_axis(levels, ranks, axis=1))
        else:
            filled, occupation = initial.astype(dtype), np.zeros(valid.shape)
            if fill.frozen is None:
                occupation[:, : initial.shape[2]] = s.per_spin / (basis.k_count * initial.shape[2])
            else:
                occupation = fill.frozen
        orbitals.append(filled)
        densities.append(_density(filled, occupation))
        occupations.append(occupation)

    history = Extrapolation(depth=8)
    scale = np.sqrt(basis.weights)[:, None, None]
    thermal = {index: fill for index, fill in enumerate(occupy) if fill.temperature}
    thaws = 0
    for iteration in range(1, max_iterations + 1):
        energy, focks = evaluate(functional, basis, densities)
        errors = [
            np.sqrt(s.components) * scale * _commutator(f, c, n)
            for s, f, c, n in zip(species, focks, orbitals, occupations, strict=True)
        ]
        gradient = float(np.sqrt(sum(np.sum(np.abs(e) ** 2) for e in errors) / (2 * carriers)))
        if thermal:
            # A thermal state commutes with its Fock operator only if its occupations are those of the levels.
            for index, fill in thermal.items():
                e, c = _diagonalise(focks[index], valid)
                change = _density(c, fill(e)) - densities[index]
                errors.append(fill.temperature * np.sqrt(species[index].components) * scale * change)
                gradient = max(gradient, float(np.linalg.norm(errors[-1])) / np.sqrt(carriers))
        if watch is not None and gradient >= tolerance and watch(functional, basis, densities):
            break
        if gradient < tolerance:
            levels, orbitals = _diagonalise_all(focks, valid)
            if all(fill.agrees(e, n) for fill, e, n in zip(occupy, levels, occupations, strict=True)) or thaws == 3:
                break
            # The frozen shells are no longer the lowest: fill again and go on from there.
            thaws, history = thaws + 1, Extrapolation(depth=8)
            occupations = [fill(e) for fill, e in zip(occupy, levels, strict=True)]
        else:
            for i, fock in enumerate(history.push(focks, errors)):
                fill = occupy[i]
                if fill.temperature or (fill.needs_levels and iteration <= frozen_after):
                    levels, orbitals[i] = _diagonalise(fock, valid)
                    occupations[i] = fill(levels)
                else:
                    orbitals[i] = _occupied(fock, valid, occupations[i])
        densities = [_density(c, n) for c, n in zip(orbitals, occupations, strict=True)]
    if gradient >= tolerance:
        levels, orbitals = _diagonalise_all(focks, valid)
    return BlochState(
        functional=functional,
        basis=basis,
        energy=energy,
        levels=[e + terms.zero_mode.operator(n) for e, n in zip(levels, occupations, strict=True)],
        orbitals=orbitals,
        occupations=occupations,
        gradient_norm=gradient,
        iterations=iteration,
        converged=gradient < tolerance,
        aufbau=all(fill.agrees(e, n) for fill, e, n in zip(occupy, levels, occupations, strict=True)),
        heat=sum(
            s.components * f.temperature * f.entropy(n) for s, f, n in zip(species, occupy, occupations, strict=True)
        ),
    )


@lru_cache(maxsize=64)
def _spin_sum(species: Species, basis: BlochBasis) -> float | NDArray:
    """Factor between Fourier components of one spin component and those of all: of a component and its image."""
    if species.spin != "alternating":
        return float(species.components)
    box = basis.waves.box
    up, down = (basis.cell.sites(box.lattice, spin) for spin in ("up", "down"))
    if (len(up), len(down)) != (1, 1):
        raise ArgumentError("cell", basis.cell, "one site of either spin for a species of alternating spins")
    phases = basis.differences @ box.reciprocal @ (down - up)[0]
    # Reciprocal vectors of a cell of two sites: the phases are multiples of pi.
    return 1.0 + np.rint(np.cos(phases))


def _diagonalise_all(focks, valid):
    """Levels and orbitals of each species."""
    pairs = [_diagonalise(fock, valid) for fock in focks]
    return [levels for levels, _ in pairs], [orbitals for _, orbitals in pairs]


def _diagonalise(fock, valid):
    """Levels and orbitals; padded slots sit above everything and keep to themselves."""
    diagonal = np.arange(valid.shape[1])
    fock = fock.copy()
    fock[:, diagonal, diagonal] += np.where(valid, 0.0, 1e6 * (1.0 + np.abs(fock).max()))
    values, vectors = np.linalg.eigh(fock)
    return np.where(diagonal < valid.sum(axis=1)[:, None], values, np.inf), vectors


def _occupied(fock, valid, occupation):
    """Orbitals with an occupation alone, which take a third of the time of all."""
    (solver,) = get_lapack_funcs(("heevr" if np.iscomplexobj(fock) else "syevr",), dtype=fock.dtype)
    bands = _filled_bands(occupation)
    orbitals = np.zeros((*valid.shape, bands.max()), dtype=fock.dtype)
    for k, (count, filled) in enumerate(zip(valid.sum(axis=1), bands, strict=True)):
        if filled:
            _, vectors, _, _, failed = solver(fock[k, :count, :count], range="I", il=1, iu=filled)
            if failed:
                raise np.linalg.LinAlgError(f"eigenvectors of a Fock operator: LAPACK returns {failed}")
            orbitals[k, :count, :filled] = vectors[:, :filled]
    return orbitals


def _filled_bands(occupation):
    """Number of bands at each Bloch vector up to the last one that is not empty."""
    filled = occupation > 0
    return np.where(filled.any(axis=1), filled.shape[1] - np.argmax(filled[:, ::-1], axis=1), 0)


def _commutator(fock, orbitals, occupation):
    """F D - D F of a density matrix with few orbitals."""
    bands = _filled_bands(occupation).max()
    c = orbitals[:, :, :bands]
    product = (fock @ (c * occupation[:, None, :bands])) @ c.conj().transpose(0, 2, 1)
    return product - product.conj().transpose(0, 2, 1)


def _density(orbitals, occupation):
    bands = _filled_bands(occupation).max()
    c = orbitals[:, :, :bands]
    return (c * occupation[:, None, :bands]) @ c.conj().transpose(0, 2, 1)
