"""Hartree-Fock without assumed symmetry: real orbitals in a periodic box, direct minimisation (paper A).

Orbitals are real combinations of the box's plane waves, phi = sum_p x(p) [cos(p r) + sin(p r)]/sqrt(A), so
that all algebra is real; at V(q) real and no magnetic field nothing is lost.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft

from ehbilayer import validation
from ehbilayer.hartree_fock.crystal import UNITS, oscillator_length
from ehbilayer.hartree_fock.functional import EnergyParts, FourierSet, Functional, Species
from ehbilayer.hartree_fock.potentials import moire as moire_potential
from ehbilayer.hartree_fock.terms import bound_terms
from ehbilayer.hartree_fock.terms.exchange import GridExchange
from ehbilayer.hartree_fock.terms.zero_mode import ZeroModeShift
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import PRIMITIVE, Box, PlaneWaves
from ehbilayer.numerics.minimise import minimise

SPINS = ("restricted", "unrestricted", "polarised")
STARTS = ("crystal", "coupled crystal", "liquid", "random")


@dataclass(frozen=True, eq=False)
class OrbitalGrid:
    """Plane waves of a box and the grid on which products of their orbitals are exact.

    Attributes
    ----------
    waves : PlaneWaves
    shape : tuple of int
        Grid points per direction.
    slots : ndarray of int
        Flat grid index of each plane wave.
    mirror : ndarray of int
        Position of -p for each p.
    lengths : ndarray, shape (n1, n2)
        |q| in 1/r_s of the difference that each grid frequency stands for.
    fourier : FourierSet
        Those differences, n1 n2 of them.
    """

    waves: PlaneWaves
    shape: tuple
    slots: np.ndarray
    mirror: np.ndarray
    lengths: np.ndarray
    fourier: FourierSet

    @property
    def squares(self):
        """Squared lengths of the plane waves in 1/r_s^2."""
        return self.waves.squares

    def to_grid(self, x):
        """Real orbitals ``sum_p x(p) (cos + sin)(p r)`` on the grid; x of shape (n, m), result (m, n1, n2)."""
        c = 0.5 * ((1 - 1j) * x + (1 + 1j) * x[self.mirror])
        m = x.shape[1]
        spectrum = np.zeros(((m + 1) // 2, self.shape[0] * self.shape[1]), dtype=complex)
        spectrum[:, self.slots] = c[:, 0::2].T
        spectrum[: m // 2, self.slots] += 1j * c[:, 1::2].T
        values = scipy.fft.ifft2(spectrum.reshape(-1, *self.shape), norm="forward", overwrite_x=True)
        fields = np.empty((m, *self.shape))
        fields[0::2] = values.real
        fields[1::2] = values.imag[: m // 2]
        return fields

    def from_grid(self, fields):
        """Coefficients x of real fields on the grid, projected on the plane waves; inverse of `to_grid`."""
        m = len(fields)
        packed = np.zeros(((m + 1) // 2, *self.shape), dtype=complex)
        packed.real = fields[0::2]
        packed[: m // 2].imag = fields[1::2]
        spectrum = scipy.fft.fft2(packed, norm="forward", overwrite_x=True).reshape(len(packed), -1)[:, self.slots]
        # Even and odd parts separate the two real fields of one transform.
        mirrored = spectrum[:, self.mirror].conj()
        one, two = 0.5 * (spectrum + mirrored), -0.5j * (spectrum - mirrored)
        x = np.empty((len(self.slots), m))
        x[:, 0::2] = (one.real - one.imag).T
        x[:, 1::2] = (two.real - two.imag).T[:, : m // 2]
        return x


@lru_cache(maxsize=16)
def orbital_grid(waves):
    """Grid and index maps of a set of plane waves (see `OrbitalGrid`)."""
    shape = waves.product_grid()
    slots = (waves.integers % shape) @ np.array([shape[1], 1])
    # A frequency that no difference occupies never carries weight; its shortest image is as good as any.
    axes = [np.fft.fftfreq(n, 1 / n).astype(int) for n in shape]
    base = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    shifts = np.array([[i * shape[0], j * shape[1]] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    candidates = base[:, :, None, :] + shifts
    nearest = np.linalg.norm(candidates @ waves.box.reciprocal, axis=-1).argmin(axis=-1)
    integers = np.take_along_axis(candidates, nearest[:, :, None, None], axis=2)[:, :, 0]
    differences, _ = waves.differences()
    integers[tuple((differences % shape).T)] = differences
    lengths = np.linalg.norm(integers @ waves.box.reciprocal, axis=-1)
    identity = np.eye(2, dtype=int)[None]
    fourier = FourierSet(integers.reshape(-1, 2), lengths.reshape(-1), np.ones(lengths.size), identity)
    return OrbitalGrid(waves, shape, slots, waves.index(-waves.integers), lengths, fourier)


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
    orbitals: list
    levels: list
    energy: EnergyParts
    gradient_norm: float
    iterations: int
    evaluations: int
    converged: bool

    def momentum_distribution(self, index):
        """Occupation of each plane wave, all spin components, shape (n,); symmetric under p -> -p."""
        occupation = np.sum(self.orbitals[index] ** 2, axis=1)
        return 0.5 * self.functional.species[index].components * (occupation + occupation[self.grid.mirror])

    def density_components(self, index):
        """Fourier components rho(Q) at ``grid.fourier``, all spin components."""
        cells = self.functional.box.cells
        return cells * scipy.fft.fft2(self.density(index), norm="forward").reshape(-1)

    def density(self, index):
        """Number density on the grid in units of the mean density of one carrier per primitive cell, (n1, n2)."""
        species = self.functional.species[index]
        fields = self.grid.to_grid(self.orbitals[index])
        return species.components * np.sum(fields**2, axis=0) / self.functional.box.cells


def evaluate(functional, grid, points, threads=1):
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
        rho.append(scipy.fft.fft2(density, norm="forward").reshape(-1))
    occupations, exchange_energy, fock = [], {}, []
    for index, (s, x, f, potential) in enumerate(
        zip(functional.species, points, fields, terms.potentials(rho), strict=True)
    ):
        applied = exchange.operator(index, f)
        exchange_energy[s.name] = exchange.energy(index, applied, f)
        applied += scipy.fft.ifft2(potential.reshape(grid.shape), norm="forward").real * f
        occupations.append(s.components * np.einsum("pm,pm->p", x, x))
        fock.append(terms.kinetic.operator[index][:, None] * x + grid.from_grid(applied))
    return terms.energy(occupations, rho, exchange_energy), fock


def fock_matrix(state, index):
    """Fock operator of one species in the basis of the plane waves' real functions, shape (n, n), in Ha_h.

    Its eigenvalues are all levels, empty ones included; with V(0) = 0 or, if the state's zero mode is
    Madelung's, with the occupied ones lowered by v_M.
    """
    functional, grid = state.functional, state.grid
    terms, exchange = bound_terms(functional, grid), GridExchange(functional, grid)
    rho = [state.density_components(n) for n in range(len(functional.species))]
    mean_field = scipy.fft.ifft2(terms.potentials(rho)[index].reshape(grid.shape), norm="forward").real
    fields, identity = grid.to_grid(state.orbitals[index]), np.eye(len(grid.waves))
    matrix = np.diag(terms.kinetic.operator[index])
    for a in range(0, len(identity), 64):
        columns = grid.to_grid(identity[:, a : a + 64])
        matrix[:, a : a + 64] += grid.from_grid(exchange.operator(index, fields, columns) + mean_field * columns)
    x = state.orbitals[index]
    return 0.5 * (matrix + matrix.T) + terms.zero_mode.operator(1.0) * x @ x.T


def minimise_orbitals(functional, waves, start, *, tolerance=1e-6, max_iterations=500, threads=1):
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
            raise ValueError(
                f"number = {s.number!r} is not allowed for species {s.name!r}: {s.components} spin components need an even number"
            )
        if x.shape != (len(waves), int(s.per_spin)):
            raise ValueError(
                f"start is not allowed: species {s.name!r} needs shape {(len(waves), int(s.per_spin))}, got {x.shape}"
            )
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
    orbitals, levels = [], []
    for x, f in zip(result.points, fock, strict=True):
        block = x.T @ f
        values, vectors = np.linalg.eigh(0.5 * (block + block.T))
        orbitals.append(x @ vectors)
        levels.append(values + ZeroModeShift(functional).operator(1.0))
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


def gaussian_start(waves, sites, width, count):
    """Gaussians exp(-r^2/2 w^2) at lattice sites as real coefficients, shape (n, count).

    Parameters
    ----------
    waves : PlaneWaves
    sites : ndarray, shape (m, 2)
        Positions in r_s; the first `count` are used.
    width : float
        w in r_s.
    count : int
    """
    envelope = np.exp(-0.5 * width**2 * waves.squares)[:, None]
    phase = waves.vectors @ sites[:count].T
    # The coefficient of cas(p r) in a real function is Re c(p) - Im c(p), with c = envelope exp(-i p R).
    return envelope * (np.cos(phase) + np.sin(phase))


def lattice_sites(box):
    """Sites of the triangular lattice inside a box, shape (N, 2), in r_s, row after row."""
    reach = int(np.abs(np.array(box.rows)).sum())
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    fractions = np.round(steps @ np.linalg.inv(np.array(box.rows)), 9)
    inside = ((fractions >= 0) & (fractions < 1)).all(axis=1)
    steps = steps[inside]
    return steps[np.lexsort((steps[:, 0], steps[:, 1]))] @ PRIMITIVE


@dataclass(frozen=True, eq=False)
class SupercellState:
    """Result of `solve_supercell`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    state : OrbitalState
        Orbitals and occupied levels; ``state.energy`` holds the energy parts of the whole box in Ha_h.
    """

    parameters: dict
    units: dict
    state: OrbitalState

    @property
    def pairs(self):
        """Number of electron-hole pairs in the box."""
        return self.state.functional.box.cells

    @property
    def energy_per_pair(self):
        """Total energy per electron-hole pair, in Ha_h."""
        return self.state.energy.total / self.pairs

    @property
    def fermi_energy(self):
        """Fermi energy of the free unpolarised electrons at this density, in Ha_h."""
        return self.parameters["mass_ratio"] / self.parameters["r_s"] ** 2

    @property
    def momentum_variance(self):
        """sigma_k^2 = sum_k A k^2 <n_k> per carrier of the electrons (``"e"``) and holes (``"h"``), dimensionless."""
        state = self.state
        return state.functional.momentum_variance(
            state.grid.waves.squares,
            [state.momentum_distribution(index) for index in range(len(state.functional.species))],
        )

    def levels(self, index):
        """All Fock levels of species number `index`, empty ones included, ascending, in Ha_h."""
        return np.linalg.eigvalsh(fock_matrix(self.state, index))

    def gap(self, index):
        """Lowest empty minus highest filled level of species number `index`, in the electrons' Fermi energy."""
        levels, filled = self.levels(index), len(self.state.levels[index])
        return float(levels[filled] - levels[filled - 1]) / self.fermi_energy

    @property
    def gradient_norm(self):
        """Root of the summed squares of occupied-empty Fock elements per carrier, in Ha_h."""
        return self.state.gradient_norm

    @property
    def converged(self):
        """Whether the gradient norm reached the tolerance."""
        return self.state.converged


def solve_supercell(
    *,
    mass_ratio=10,
    d=1.0,
    r_s=7.0,
    cells=(6, 6),
    cutoff=2.0,
    spin="restricted",
    start="crystal",
    seed=0,
    shape="triangular",
    zero_mode="dropped",
    moire=0.0,
    tolerance=1e-6,
    max_iterations=1000,
    threads=1,
):
    """Hartree-Fock state of electrons and spin-polarised holes in a box, with no symmetry assumed.

    Direct minimisation of the functional of paper A's supplement over real orbitals. The result is a local
    minimum (or saddle, if the start has a symmetry that the gradient keeps): compare several starts and seeds.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e > 0.
    d : float
        Layer distance in a_h, >= 0.
    r_s : float
        Wigner-Seitz radius of the holes in a_h, > 0.
    cells : (int, int)
        Primitive cells along the two directions of a triangular box; centred cells of sides a and sqrt(3) a,
        two carriers each, along those of a rectangular one.
    cutoff : float
        Plane-wave cutoff in ``|b|`` of the Wigner cell, >= 1.
    spin : {"restricted", "unrestricted", "polarised"}
        Electron spins share their orbitals, have their own, or all point the same way.
    start : {"crystal", "coupled crystal", "liquid", "random"}
        Holes as Gaussians on the lattice over an electron liquid; both layers as Gaussians on the same sites
        (electron spins alternating from row to row); plane waves; random orbitals.
    seed : int
        Of the random part that is added to every start.
    shape : {"triangular", "rectangular"}
        Shape of the box.
    zero_mode : {"dropped", "madelung"}
        See `ehbilayer.model.coulomb.ZeroMode`.
    moire : float
        Amplitude of a potential on the holes in Ha_h, >= 0, as in `solve_crystal`.
    tolerance : float
        Bound on the gradient norm in Ha_h per carrier.
    max_iterations : int
    threads : int
        Worker threads of the exchange; the result does not depend on it.

    Returns
    -------
    SupercellState
        Look at ``converged``: a run that stopped at `max_iterations` is returned with ``converged == False``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> state = solve_supercell(mass_ratio=4, d=1.0, r_s=12.0, cells=(2, 2), spin="polarised", start="coupled crystal")
    >>> state.converged
    True
    """
    if not isinstance(cells, (tuple, list)) or len(cells) != 2:
        raise TypeError(f"cells = {cells!r} is not allowed: need two integers")
    cells = tuple(validation.integer("cells", n, low=1) for n in cells)
    parameters = {
        "mass_ratio": validation.positive("mass_ratio", mass_ratio),
        "d": validation.real("d", d, low=0.0),
        "r_s": validation.positive("r_s", r_s),
        "cells": cells,
        "cutoff": validation.real("cutoff", cutoff, low=1.0),
        "spin": validation.option("spin", spin, SPINS),
        "start": validation.option("start", start, STARTS),
        "seed": validation.integer("seed", seed, low=0),
        "shape": validation.option("shape", shape, ("triangular", "rectangular")),
        "zero_mode": ZeroMode.parse(zero_mode).value,
        "moire": validation.real("moire", moire, low=0.0),
        "tolerance": validation.positive("tolerance", tolerance),
    }
    max_iterations = validation.integer("max_iterations", max_iterations, low=1)
    threads = validation.integer("threads", threads, low=1)

    box = Box.triangular(*cells) if shape == "triangular" else Box.rectangular(*cells)
    holes, mass = box.cells, 1.0 / mass_ratio
    if spin != "polarised" and holes % 2:
        raise ValueError(
            f"cells = {cells!r} is not allowed: {holes} electrons cannot fill two spins equally; need an even number"
        )
    if spin == "restricted":
        light = [Species("e", -1, mass, holes, "both")]
    elif spin == "unrestricted":
        light = [Species("e", -1, mass, holes // 2, direction) for direction in ("up", "down")]
    else:
        light = [Species("e", -1, mass, holes)]
    heavy = Species("h", 1, 1.0, holes, height=d)
    external = (moire_potential(box, "h", parameters["moire"]),) if moire else ()
    functional = Functional(box, (*light, heavy), float(r_s), ZeroMode.parse(zero_mode), external)
    waves = PlaneWaves.disc(box, cutoff)
    if len(waves) <= holes:
        raise ValueError(
            f"cutoff = {cutoff!r} is not allowed: {len(waves)} plane waves cannot hold {holes} carriers; need a larger cutoff"
        )
    state = minimise_orbitals(
        functional,
        waves,
        _start(functional, waves, start, seed),
        tolerance=tolerance,
        max_iterations=max_iterations,
        threads=threads,
    )
    return SupercellState(parameters, UNITS, state)


def survey_supercell(*, starts, seeds, **arguments):
    """Run `solve_supercell` from several starts and seeds.

    Parameters
    ----------
    starts : sequence of str
    seeds : sequence of int
    **arguments
        Of `solve_supercell`.

    Returns
    -------
    list of SupercellState
        Lowest energy first; the differences show how rugged the landscape is.
    """
    states = [solve_supercell(start=start, seed=seed, **arguments) for start in starts for seed in seeds]
    return sorted(states, key=lambda state: state.energy_per_pair)


def _start(functional, waves, kind, seed):
    """Starting coefficients of every species; a weak random part breaks symmetries that a minimum may not have."""
    rng = np.random.default_rng(seed)
    sites = lattice_sites(functional.box)
    orbitals = []
    for species in functional.species:
        count = int(species.per_spin)
        noise = rng.standard_normal((len(waves), count))
        # Random parts carry less of the short waves, so that they cost little kinetic energy.
        noise /= 1.0 + waves.squares[:, None]
        noise /= np.linalg.norm(noise, axis=0)
        crystal = kind == "coupled crystal" or (kind == "crystal" and species.layer == "h")
        if kind == "random":
            orbitals.append(noise)
            continue
        if crystal:
            offset = 1 if species.spin == "down" else 0
            own = (
                sites if species.per_spin == len(sites) else np.concatenate([sites[offset::2], sites[1 - offset :: 2]])
            )
            x = gaussian_start(waves, own, oscillator_length(species.mass, functional.r_s), count)
            x /= np.linalg.norm(x, axis=0)
        else:
            x = np.eye(len(waves), count)
        orbitals.append(x + 0.03 * noise)
    return orbitals
