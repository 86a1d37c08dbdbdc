"""Translation-symmetric Hartree-Fock: a small cell, a mesh of Bloch vectors, SCF with DIIS.

A box of N cells restricted to states with the translation symmetry of a cell. Orbitals are Bloch sums of
the box's plane waves p = k + G, so that the solver shares its functional with `supercell` and agrees with
it on symmetric states. The exchange is a matrix product: with D ordered by the difference D[delta, p] =
D(p, p - delta), Sigma[delta, p] = -sum_p' v(p - p')/A D[delta, p'] holds for every delta alike. Point-group
symmetry about a site restricts k to its irreducible part; real orbitals are inversion (or time-reversal) symmetric.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.hartree_fock.functional import EnergyParts, FourierSet, Functional
from ehbilayer.hartree_fock.terms import bound_terms
from ehbilayer.hartree_fock.terms.exchange import BlochExchange
from ehbilayer.model.coulomb import interaction
from ehbilayer.model.lattice import CELLS, PlaneWaves, point_group
from ehbilayer.numerics.diis import Extrapolation

# Two levels belong to one shell when they differ by less than this fraction of the kinetic energy at |b|.
_SHELL = 1e-7


@dataclass(frozen=True, eq=False)
class BlochBasis:
    """Plane waves of a box sorted by Bloch vector, and the index maps of the exchange.

    Attributes
    ----------
    waves : PlaneWaves
    cell : tuple of tuple of int
        Cell vectors in primitive coordinates.
    k_of : ndarray of int, shape (n,)
        Bloch vector of each plane wave.
    members : ndarray of int, shape (n_k, width)
        Plane waves of each irreducible Bloch vector, shortest first, padded with -1.
    weights : ndarray, shape (n_k,)
        Size of each star of Bloch vectors.
    star : ndarray of int, shape (number of Bloch vectors,)
        Irreducible vector that each Bloch vector is an image of.
    fourier : FourierSet
        Half of all differences of plane waves with the same Bloch vector; zero comes first.
    squares : ndarray, shape (n_k, width)
        Squared lengths of `members` in 1/r_s^2, 0 in padded slots.
    is_complex : bool
    """

    waves: PlaneWaves
    cell: tuple
    k_of: np.ndarray
    members: np.ndarray
    weights: np.ndarray
    star: np.ndarray
    is_complex: bool
    fourier: FourierSet
    squares: np.ndarray
    rows: np.ndarray
    kernel: np.ndarray
    source: np.ndarray
    target_pair: np.ndarray
    target_entry: np.ndarray

    @property
    def k_count(self):
        """Number of Bloch vectors, that is of cells in the box."""
        return len(self.star)

    @property
    def differences(self):
        """Wave vectors of `fourier` in the box's reciprocal vectors, shape (n_delta, 2)."""
        return self.fourier.integers

    @property
    def lengths(self):
        """Their lengths in 1/r_s, shape (n_delta,)."""
        return self.fourier.lengths

    @property
    def valid(self):
        """Which slots of `members` hold a plane wave."""
        return self.members >= 0

    def by_difference(self, density):
        """Density matrices of the irreducible vectors reordered to D[p, delta], shape (n, n_delta)."""
        return _gather(density.reshape(-1), self.source)

    def to_blocks(self, table):
        """Hermitian blocks, shape (n_k, width, width), from a table T[row, delta] over the irreducible plane waves."""
        n, width = self.members.shape
        blocks = np.zeros((n, width, width), dtype=table.dtype)
        _scatter(table, self.target_pair, self.target_entry, blocks.reshape(-1))
        return blocks


@lru_cache(maxsize=16)
def bloch_basis(box, cutoff, cell_name="1x1", symmetry="full"):
    """Plane waves up to `cutoff` |b| sorted by the Bloch vectors of a cell.

    Parameters
    ----------
    box : Box
        Must be a whole multiple of the cell.
    cutoff : float
        In |b| of the primitive cell.
    cell_name : {"1x1", "2x1", "sqrt3xsqrt3"}
        Cell whose translations the state has.
    symmetry : {"full", "inversion", "none"}
        Point group about a site of each cell that the state has: that of box and cell, inversion alone (both
        with real orbitals), or nothing (complex orbitals).

    Returns
    -------
    BlochBasis
    """
    waves = PlaneWaves.disc(box, cutoff)
    cell = CELLS[cell_name]
    ratio = np.array(box.rows) @ np.linalg.inv(np.array(cell))
    if not np.allclose(ratio, np.rint(ratio), atol=1e-9):
        raise ValueError(f"cell = {cell_name!r} is not allowed: the box {box.rows} is not a whole multiple of it")
    group = {
        "full": point_group(box, cell),
        "inversion": np.array([np.eye(2, dtype=int), -np.eye(2, dtype=int)]),
        "none": np.eye(2, dtype=int)[None],
    }[symmetry]
    # p = k + G: coordinates in the cell's reciprocal lattice, whose fractional part labels k.
    to_cell = np.linalg.inv(np.rint(ratio)).T
    k_labels = np.rint((waves.integers @ to_cell % 1.0) * 10**6).astype(int) % 10**6
    _, first, k_of = np.unique(k_labels, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    k_of, first = order[k_of.reshape(-1)], np.sort(first)

    # An operation that takes each Bloch vector to the representative of its star.
    star, operation = np.full(len(first), -1), np.zeros(len(first), dtype=int)
    irreducible = []
    for k, start in enumerate(first):
        images = k_of[waves.index(waves.integers[start] @ group)]
        known = [
            (star[image], g) for g, image in enumerate(images) if star[image] >= 0 and image == irreducible[star[image]]
        ]
        if known:
            star[k], operation[k] = known[0]
        else:
            star[k] = len(irreducible)
            irreducible.append(k)
    weights = np.bincount(star).astype(float)

    groups = [np.flatnonzero(k_of == k) for k in irreducible]
    width = max(len(g) for g in groups)
    members = np.full((len(groups), width), -1)
    for row, group_members in zip(members, groups, strict=True):
        row[: len(group_members)] = group_members
    slot = np.full(len(waves), -1)
    slot[members[members >= 0]] = np.nonzero(members >= 0)[1]

    # Half of the differences p - p' with equal k; the other half follows from Hermiticity.
    k_index, i, j = np.nonzero((members >= 0)[:, :, None] & (members >= 0)[:, None, :])
    delta = waves.integers[members[k_index, i]] - waves.integers[members[k_index, j]]
    half = (delta[:, 0] > 0) | ((delta[:, 0] == 0) & (delta[:, 1] >= 0))
    k_index, i, j, delta = k_index[half], i[half], j[half], delta[half]
    images = (delta[:, None, None, :] @ group).reshape(-1, 2)
    images = images[(images[:, 0] > 0) | ((images[:, 0] == 0) & (images[:, 1] >= 0))]
    differences = np.unique(images, axis=0)
    lengths = np.linalg.norm(differences @ box.reciprocal, axis=1)
    by_length = np.argsort(np.round(lengths, 9), kind="stable")
    differences, lengths = differences[by_length], lengths[by_length]

    # Where D[p, delta] stands among the blocks of the irreducible vectors; the last entry means zero.
    partner = waves.index(waves.integers[:, None, :] - differences)
    rotations = group[operation[k_of]]
    left = waves.index(np.einsum("pa,pab->pb", waves.integers, rotations))
    right = waves.index(np.einsum("pda,pab->pdb", waves.integers[:, None, :] - differences, rotations))
    block = star[k_of]
    source = (block[:, None] * width + slot[left][:, None]) * width + slot[right]
    source = np.where(partner >= 0, source, -1)

    rows = members[members >= 0]
    row_of = np.full(len(waves), -1)
    row_of[rows] = np.arange(len(rows))
    delta_code = {tuple(d): n for n, d in enumerate(differences)}
    delta_index = np.array([delta_code[tuple(d)] for d in delta])
    target_pair = row_of[members[k_index, i]] * len(differences) + delta_index
    entry = (k_index * width + i) * width + j
    mirror = (k_index * width + j) * width + i
    separation = np.linalg.norm(waves.vectors[rows][:, None, :] - waves.vectors[None, :, :], axis=-1)
    separation[np.arange(len(rows)), rows] = 0.0
    return BlochBasis(
        waves=waves,
        cell=cell,
        k_of=k_of,
        members=members,
        weights=weights,
        star=star,
        # The half set holds 0 once and every other Q once, for both signs.
        fourier=FourierSet(differences, lengths, np.where(lengths > 0, 2.0, 1.0), group),
        squares=np.where(members >= 0, waves.squares[members], 0.0),
        is_complex=symmetry == "none",
        rows=rows,
        kernel=-interaction(separation) / box.area,
        source=source,
        target_pair=target_pair,
        target_entry=np.stack([entry, mirror], axis=1),
    )


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
    """

    functional: Functional
    basis: BlochBasis
    energy: EnergyParts
    levels: list
    orbitals: list
    occupations: list
    gradient_norm: float
    iterations: int
    converged: bool
    aufbau: bool

    def density_matrix(self, index):
        """Blocks D_k of species number `index`, one spin component, shape (n_k, width, width)."""
        return _density(self.orbitals[index], self.occupations[index])

    def fermi_level(self, index):
        """Highest level of species number `index` that is at least partly filled, in Ha_h."""
        return float(self.levels[index][self.occupations[index] > 1e-9].max())

    def momentum_distribution(self, index):
        """Occupation of each plane wave of the box, all spin components, shape (n,)."""
        diagonal = self.basis.by_difference(self.density_matrix(index))[:, 0].real
        return self.functional.species[index].components * diagonal

    def density(self, index, points):
        """Number density at `points`, shape (..., 2) in r_s, in units of one carrier per primitive cell."""
        rho = self.density_components(index)
        phase = np.asarray(points) @ (self.basis.differences @ self.functional.box.reciprocal).T
        return (np.exp(1j * phase) @ (self.basis.fourier.weights * rho)).real / self.functional.box.cells

    def density_components(self, index):
        """Fourier components rho(Q) at the basis' half set of differences, all spin components."""
        return self.functional.species[index].components * self.basis.by_difference(self.density_matrix(index)).sum(
            axis=0
        )


def evaluate(functional, basis, densities):
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
    rho = [s.components * t.sum(axis=0) for s, t in zip(species, tables, strict=True)]
    focks, occupations, exchange_energy = [], [], {}
    diagonal = np.arange(basis.members.shape[1])
    for index, potential in enumerate(terms.potentials(rho)):
        density = densities[index]
        fock = exchange.operator(tables[index])
        exchange_energy[species[index].name] = exchange.energy(index, fock, density)
        fock += basis.to_blocks(np.broadcast_to(potential, (len(basis.rows), len(potential))).copy())
        fock[:, diagonal, diagonal] += terms.kinetic.operator[index]
        focks.append(fock)
        weights = species[index].components * basis.weights[:, None]
        occupations.append(weights * density[:, diagonal, diagonal].real)
    return terms.energy(occupations, rho, exchange_energy), focks


def solve(functional, basis, start, filling, *, tolerance=1e-8, max_iterations=200, frozen_after=5):
    """Iterate Fock operators to self-consistency with DIIS.

    Parameters
    ----------
    functional : Functional
    basis : BlochBasis
    start : list of (ndarray or None)
        For each species, starting orbitals of shape (n_k, width, bands) or None for free plane waves.
    filling : list of {"bands", "shells", "integer"}
        ``"bands"`` fills the same number of lowest bands at every k (an insulator); ``"shells"`` fills levels
        in order of energy over all k, a degenerate open shell with equal fractional weights; ``"integer"``
        does the same with whole occupations, which breaks the symmetry of an open shell. Occupations are kept
        fixed after `frozen_after` iterations, since an Aufbau that changes inside DIIS does not converge; they
        are checked at the end.
    tolerance : float
        Bound on the gradient norm, in Ha_h per carrier; the energy error is of second order in it.
    max_iterations : int
    frozen_after : int

    Returns
    -------
    BlochState
    """
    species, valid = functional.species, basis.valid
    terms = bound_terms(functional, basis)
    occupy = [_Filling(s, basis, functional, kind) for s, kind in zip(species, filling, strict=True)]
    dtype = complex if basis.is_complex else float
    densities, occupations = [], []
    for s, initial, fill, diagonal in zip(species, start, occupy, terms.kinetic.operator, strict=True):
        levels = np.where(valid, diagonal, np.inf)
        occupation = fill(levels)
        if initial is None:
            orbitals = np.zeros((*valid.shape, valid.shape[1]), dtype=dtype)
            ranks = np.argsort(levels, axis=1, kind="stable")
            np.put_along_axis(orbitals, ranks[:, None, :], 1.0, axis=1)
            occupation = fill(np.take_along_axis(levels, ranks, axis=1))
        else:
            orbitals, occupation = initial.astype(dtype), np.zeros(valid.shape)
            occupation[:, : initial.shape[2]] = s.per_spin / (basis.k_count * initial.shape[2])
        densities.append(_density(orbitals, occupation))
        occupations.append(occupation)

    history = Extrapolation(depth=8)
    scale = np.sqrt(basis.weights)[:, None, None]
    carriers = sum(s.number for s in species)
    thaws = 0
    for iteration in range(1, max_iterations + 1):
        energy, focks = evaluate(functional, basis, densities)
        errors = [
            np.sqrt(s.components) * scale * (f @ d - d @ f) for s, f, d in zip(species, focks, densities, strict=True)
        ]
        gradient = float(np.sqrt(sum(np.sum(np.abs(e) ** 2) for e in errors) / (2 * carriers)))
        if gradient < tolerance:
            levels, orbitals = _diagonalise(focks, valid)
            if all(fill.agrees(e, n) for fill, e, n in zip(occupy, levels, occupations, strict=True)) or thaws == 3:
                break
            # The frozen shells are no longer the lowest: fill again and go on from there.
            thaws, history = thaws + 1, Extrapolation(depth=8)
            occupations = [fill(e) for fill, e in zip(occupy, levels, strict=True)]
        else:
            levels, orbitals = _diagonalise(history.push(focks, errors), valid)
            if iteration <= frozen_after:
                occupations = [fill(e) for fill, e in zip(occupy, levels, strict=True)]
        densities = [_density(c, n) for c, n in zip(orbitals, occupations, strict=True)]
    levels, orbitals = _diagonalise(focks, valid)
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
    )


def gaussian_orbitals(basis, sites, width):
    """Bloch sums of Gaussians exp(-r^2/2 w^2) at sites of the cell, orthonormal, shape (n_k, slots, len(sites)).

    Parameters
    ----------
    basis : BlochBasis
    sites : array_like, shape (n, 2)
        Positions in units of r_s.
    width : float
        w in units of r_s.
    """
    sites = np.asarray(sites, dtype=float)
    p = basis.waves.vectors[basis.members]
    envelope = np.where(basis.valid, np.exp(-0.5 * width**2 * np.sum(p**2, axis=-1)), 0.0)
    orbitals = envelope[:, :, None] * np.exp(-1j * p @ sites.T)
    if not basis.is_complex:
        # Real blocks need a site set that inversion maps onto itself; its even and odd combinations are real.
        orbitals = np.concatenate([orbitals.real, orbitals.imag], axis=2)
    vectors, _values, _ = np.linalg.svd(orbitals, full_matrices=False)
    return np.ascontiguousarray(vectors[:, :, : len(sites)])


class _Filling:
    """Occupations of one species from its levels."""

    def __init__(self, species, basis, functional, kind):
        self.weights, self.kind, self.number = basis.weights, kind, species.per_spin
        self.tolerance = _SHELL / (species.mass * functional.r_s**2)
        if kind == "bands":
            self.bands = species.per_spin / basis.k_count
            if self.bands != int(self.bands):
                raise ValueError(
                    f"number = {species.number!r} is not allowed for species {species.name!r}: filled bands need a "
                    f"multiple of {basis.k_count * species.components} carriers"
                )
        if kind == "integer" and (basis.weights != 1).any():
            raise ValueError("filling = 'integer' is not allowed with symmetry: whole occupations of a shell break it")
        if np.min(basis.valid.sum(axis=1)) < species.per_spin / basis.k_count + 1:
            raise ValueError("cutoff is too small: fewer plane waves per Bloch vector than bands to fill")

    def __call__(self, levels):
        occupation = np.zeros_like(levels)
        if self.kind == "bands":
            occupation[:, : int(self.bands)] = 1.0
            return occupation
        order = np.argsort(levels, axis=None, kind="stable")
        energies = levels.reshape(-1)[order]
        weights = np.broadcast_to(self.weights[:, None], levels.shape).reshape(-1)[order]
        filled = np.cumsum(weights)
        top = energies[np.searchsorted(filled, self.number * (1 - 1e-12))]
        if self.kind == "integer":
            # Members of a shell in the order of k, so that the choice does not depend on rounding.
            order = np.lexsort((np.arange(len(order)), np.round(levels.reshape(-1) / self.tolerance)))
            occupation.reshape(-1)[order[: int(self.number)]] = 1.0
            return occupation
        below = energies < top - self.tolerance
        shell = np.abs(energies - top) <= self.tolerance
        share = (self.number - weights[below].sum()) / weights[shell].sum()
        occupation.reshape(-1)[order] = np.where(below, 1.0, np.where(shell, share, 0.0))
        return occupation

    def agrees(self, levels, occupation):
        """Whether `occupation` is an Aufbau filling of `levels`, up to splittings of 1e4 times the shell tolerance."""
        full = levels[(occupation > 1e-9)]
        open_or_empty = levels[occupation < 1 - 1e-9]
        return bool(full.max() <= open_or_empty.min() + 1e4 * self.tolerance)


def _diagonalise(focks, valid):
    """Levels and orbitals; padded slots sit above everything and keep to themselves."""
    levels, orbitals = [], []
    diagonal = np.arange(valid.shape[1])
    for fock in focks:
        fock = fock.copy()
        fock[:, diagonal, diagonal] += np.where(valid, 0.0, 1e6 * (1.0 + np.abs(fock).max()))
        values, vectors = np.linalg.eigh(fock)
        counts = valid.sum(axis=1)
        levels.append(np.where(diagonal < counts[:, None], values, np.inf))
        orbitals.append(vectors)
    return levels, orbitals


def _density(orbitals, occupation):
    bands = np.flatnonzero(occupation.max(axis=0) > 0)[-1] + 1
    c = orbitals[:, :, :bands]
    return (c * occupation[:, None, :bands]) @ c.conj().transpose(0, 2, 1)


@kernel
def _gather(flat, source):
    out = np.zeros(source.shape, dtype=flat.dtype)
    for p in range(source.shape[0]):
        for d in range(source.shape[1]):
            if source[p, d] >= 0:
                out[p, d] = flat[source[p, d]]
    return out


@kernel
def _scatter(table, pair, entry, flat):
    values = table.reshape(-1)
    for n in range(len(pair)):
        value = values[pair[n]]
        flat[entry[n, 0]] = value
        flat[entry[n, 1]] = np.conj(value)
