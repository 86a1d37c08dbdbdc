"""Band structure of a Bloch state between its mesh points, and effective masses.

Between mesh points the exchange needs an interpolation. With V(0) = 0 the self-energy at an occupied mesh
point lacks the term of its own cell, v_M D[p, delta]; with that term restored it is a smooth function of the
plane wave p in the extended zone, which a bicubic spline through the mesh values interpolates.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import RectBivariateSpline

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.kmesh import BlochState
from ehbilayer.hartree_fock.terms import bound_terms
from ehbilayer.model.coulomb import interaction, madelung_potential
from ehbilayer.model.lattice import RECIPROCAL_LENGTH, TRIANGULAR
from ehbilayer.numerics.roots import root

__all__ = [
    "CORNERS",
    "FermiLine",
    "MassFit",
    "ZonePath",
    "effective_mass",
    "fermi_line",
    "free_levels",
    "interpolated_levels",
    "levels_on_path",
    "zone_boundary",
    "zone_grid",
    "zone_path",
]

#: Corners of the path through the primitive cell's zone, in its reciprocal vectors.
CORNERS = {"Γ": (0.0, 0.0), "M": (0.5, 0.0), "K": (2 / 3, 1 / 3)}


@numbers_first()
@dataclass(frozen=True, eq=False)
class ZonePath:
    """Points along a path through the zone.

    Attributes
    ----------
    points : ndarray, shape (n, 2)
        Wave vectors in 1/r_s.
    distance : ndarray, shape (n,)
        Length along the path in ``|b|``.
    ticks : ndarray
        Lengths of the corners.
    labels : tuple of str
    """

    points: np.ndarray
    distance: np.ndarray
    ticks: np.ndarray
    labels: tuple


@checked
def zone_path(labels: str = "ΓMKΓ", points: int = 40) -> ZonePath:
    """Path through corners of the triangular lattice's Brillouin zone.

    Parameters
    ----------
    labels : str
        Corners among Γ, M and K, at least two.
    points : int
        Points per leg.

    Returns
    -------
    ZonePath

    Examples
    --------
    >>> zone_path("ΓM", points=5).distance
    array([0.   , 0.125, 0.25 , 0.375, 0.5  ])
    """
    points = validation.integer("points", points, low=2)
    for label in labels:
        validation.option("labels", label, CORNERS)
    if len(labels) < 2:
        raise ValueError(f"labels = {labels!r} is not allowed: need two or more corners")
    reciprocal = TRIANGULAR.reciprocal
    corners = np.array([CORNERS[label] for label in labels]) @ reciprocal
    legs = [a + (b - a) * np.linspace(0, 1, points)[:, None] for a, b in itertools.pairwise(corners)]
    k = np.concatenate([legs[0], *[leg[1:] for leg in legs[1:]]])
    distance = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(k, axis=0), axis=1))]) / RECIPROCAL_LENGTH
    return ZonePath(k, distance, distance[:: points - 1], tuple(labels))


@checked
def zone_grid(points: int = 41) -> NDArray:
    """Square grid that covers the Brillouin zone, for maps of a band.

    Parameters
    ----------
    points : int
        Per direction, >= 2.

    Returns
    -------
    ndarray, shape (points, points, 2)
        Wave vectors in 1/r_s, up to 0.62 ``|b|`` in both directions.

    Examples
    --------
    >>> zone_grid(5).shape
    (5, 5, 2)
    """
    axis = np.linspace(-0.62, 0.62, validation.integer("points", points, low=2, high=2000)) * RECIPROCAL_LENGTH
    return np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1)


def zone_boundary() -> NDArray:
    """Corners of the Brillouin zone in order, closed, shape (7, 2), in 1/r_s.

    Examples
    --------
    >>> corners = zone_boundary()
    >>> bool(np.allclose(np.linalg.norm(corners, axis=1) / RECIPROCAL_LENGTH, 1 / np.sqrt(3)))
    True
    """
    corner = np.array(CORNERS["K"]) @ TRIANGULAR.reciprocal
    angles = np.arctan2(corner[1], corner[0]) + np.arange(7) * np.pi / 3
    return np.linalg.norm(corner) * np.stack([np.cos(angles), np.sin(angles)], axis=-1)


@checked
def levels_on_path(state: BlochState, index: int, path: ZonePath, bands: int = 4) -> tuple[NDArray, NDArray]:
    """Levels at those mesh points that lie on a path, in the state's own zero mode.

    Parameters
    ----------
    state : BlochState
        With the primitive cell 1x1.
    index : int
        Which species.
    path : ZonePath
        Its points must include the mesh points wanted.
    bands : int
        Number of levels returned.

    Returns
    -------
    distance : ndarray, shape (m,)
        Positions along the path in ``|b|``.
    levels : ndarray, shape (m, bands)
        In Ha_h.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> state = solve_crystal(mass_ratio=4, d=1.0, r_s=15.0, mesh=3, cutoff=2.0, electrons="crystal")
    >>> distance, levels = levels_on_path(state.state, 0, zone_path("ΓM", points=4), bands=2)
    >>> bool((levels[:, 0] < levels[:, 1]).all())
    True
    """
    basis = state.basis
    bands = validation.integer("bands", bands, low=1, high=int(basis.valid.sum(axis=1).min()))
    index = validation.integer("index", index, low=0, high=len(state.functional.species) - 1)
    coordinates = path.points @ np.linalg.inv(state.functional.box.reciprocal)
    wave = basis.waves.index(np.rint(coordinates).astype(int))
    on_mesh = np.abs(coordinates - np.rint(coordinates)).max(axis=1) < 1e-9
    on_mesh &= wave >= 0
    levels = state.levels[index][basis.star[basis.k_of[wave[on_mesh]]], :bands]
    return path.distance[on_mesh], np.sort(levels, axis=1)


@checked
def free_levels(k_points: ArrayLike, r_s: float, mass: float = 1.0, bands: int = 4) -> NDArray:
    """Levels of free particles at Bloch vectors of the triangular lattice: their parabola folded into the zone.

    Parameters
    ----------
    k_points : array_like, shape (n, 2)
        Wave vectors in 1/r_s, up to 10 ``|b|``.
    r_s : float
        Wigner-Seitz radius in a_h, 1e-3 to 1e6.
    mass : float
        In m_h, 1e-6 to 1e6.
    bands : int
        Number of levels returned, at most 20.

    Returns
    -------
    ndarray, shape (n, bands)
        In Ha_h, ascending, from 0 at Γ.

    Examples
    --------
    >>> free_levels([[0.0, 0.0]], 7.0, bands=2).round(3)
    array([[0.   , 0.148]])
    """
    r_s, mass = validation.real("r_s", r_s, low=1e-3, high=1e6), validation.real("mass", mass, low=1e-6, high=1e6)
    bands = validation.integer("bands", bands, low=1, high=20)
    k = _wave_vectors(k_points)
    longest = np.linalg.norm(k, axis=1).max() / RECIPROCAL_LENGTH
    if longest > 10:
        raise ArgumentError("k_points", k_points, "wave vectors up to 10 |b|")
    reach = int(np.ceil(1.2 * longest)) + 4
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    squares = np.sum((k[:, None, :] + steps @ TRIANGULAR.reciprocal) ** 2, axis=-1)
    return np.sort(squares, axis=1)[:, :bands] / (2 * mass * r_s**2)


@checked
def interpolated_levels(state: BlochState, index: int, k_points: ArrayLike, bands: int = 4) -> NDArray:
    """Fock levels at arbitrary Bloch vectors, Madelung-corrected whatever the state's zero mode.

    They are averages over the images of each vector under the symmetry that the state was given: the interpolation in
    oblique coordinates alone would break it.

    Parameters
    ----------
    state : BlochState
        With the primitive cell 1x1.
    index : int
        Which species.
    k_points : array_like, shape (n, 2)
        Wave vectors in 1/r_s.
    bands : int
        Number of levels returned.

    Returns
    -------
    ndarray, shape (n, bands)
        In Ha_h. Subtract nothing for the Madelung convention; with V(0) = 0 every filled level lies higher
        by v_M (``madelung_potential(box)/r_s``).

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> state = solve_crystal(mass_ratio=4, d=1.0, r_s=15.0, mesh=3, cutoff=2.0, electrons="crystal")
    >>> levels = interpolated_levels(state.state, 0, [[0.0, 0.0]], bands=2)
    >>> bool(levels[0, 0] < levels[0, 1])
    True
    """
    basis, functional = state.basis, state.functional
    if basis.is_complex:
        raise ValueError("state has complex orbitals: bands need a state with symmetry 'full' or 'inversion'")
    if basis.k_count != functional.box.cells:
        raise ValueError(f"state has a cell {basis.cell} of several carriers: bands need the primitive cell")
    bands = validation.integer("bands", bands, low=1, high=int(basis.valid.sum(axis=1).min()) - 3)
    index = validation.integer("index", index, low=0, high=len(functional.species) - 1)
    k = _wave_vectors(k_points)
    operations, reciprocal = basis.operations, functional.box.reciprocal
    # One of all images stands for them; orbitals are real, so that opposite vectors have the same levels.
    every = np.round(k @ np.linalg.inv(reciprocal) @ np.concatenate([operations, -operations]), 9) + 0.0
    chosen = np.argmax(every[..., 0] * 1e6 + every[..., 1], axis=0)
    stars, inverse = np.unique(every[chosen, np.arange(len(k))], axis=0, return_inverse=True)
    images = stars @ operations @ reciprocal
    levels = _levels_at(state, index, images.reshape(-1, 2), bands).reshape(len(operations), len(stars), bands)
    return levels.mean(axis=0)[inverse.reshape(-1)]


@numbers_first()
@dataclass(frozen=True, eq=False)
class FermiLine:
    """Line around Γ that encloses as many states of the lowest band as there are carriers of one spin.

    Attributes
    ----------
    level : float
        Of the band on the line, Madelung-corrected, in Ha_h.
    angles : ndarray, shape (n,)
        Directions from Γ in radians.
    radii : ndarray, shape (n,)
        In 1/r_s.
    """

    level: float
    angles: NDArray
    radii: NDArray

    @property
    def points(self) -> NDArray:
        """The line, closed, shape (n + 1, 2), in 1/r_s."""
        line = self.radii[:, None] * np.stack([np.cos(self.angles), np.sin(self.angles)], axis=-1)
        return np.concatenate([line, line[:1]])


@checked
def fermi_line(state: BlochState, index: int, *, directions: int = 72, points: int = 41) -> FermiLine:
    """Fermi line of a metallic species between the mesh points.

    Parameters
    ----------
    state : BlochState
        With the primitive cell 1x1.
    index : int
        Which species.
    directions : int
        Number of rays from Γ.
    points : int
        Along each ray, from Γ to half the length of ``b``; the line is cut off there.

    Returns
    -------
    FermiLine

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> state = solve_crystal(mass_ratio=10, r_s=7.0, mesh=6, cutoff=2.0).state
    >>> radii = fermi_line(state, 0, directions=24).radii
    >>> bool(abs(radii.min() / np.sqrt(2) - 1) < 0.01 and radii.max() - radii.min() > 1e-4)
    True
    """
    directions = validation.integer("directions", directions, low=3, high=10000)
    points = validation.integer("points", points, low=5, high=10000)
    index = validation.integer("index", index, low=0, high=len(state.functional.species) - 1)
    angles = 2 * np.pi * np.arange(directions) / directions
    radii = np.linspace(0, 0.5, points) * RECIPROCAL_LENGTH
    k = radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)[:, None, :]
    band = interpolated_levels(state, index, k.reshape(-1, 2), bands=1).reshape(directions, points)
    # The square of the wave number is nearly linear in the level.
    rising = np.maximum.accumulate(band, axis=1)
    wanted = 4 * state.functional.species[index].per_spin / state.functional.box.carriers
    if wanted >= radii[-1] ** 2:
        raise ArgumentError("index", index, "a species whose carriers of one spin fill less than 0.9 of the zone")

    def squares(level):
        return np.array([np.interp(level, row, radii**2) for row in rising])

    level = root(lambda level: squares(level).mean() - wanted, band.min() - 1e-6, rising.max() + 1e-6)
    return FermiLine(level, angles, np.sqrt(squares(level)))


def _wave_vectors(k_points):
    k = np.atleast_2d(validation.reals("k_points", k_points))
    if k.ndim != 2 or k.shape[1] != 2 or not len(k) or not np.isfinite(k).all():
        raise ArgumentError("k_points", k_points, "finite numbers of shape (n, 2)")
    return k


def _levels_at(state, index, k_points, bands):
    """Levels of the Fock matrix with the self-energy interpolated at the plane waves of each Bloch vector."""
    basis, functional = state.basis, state.functional
    species = functional.species[index]
    terms = bound_terms(functional, basis)
    potential = terms.potentials([state.density_components(n) for n in range(len(functional.species))])[index]
    # The lookup holds one of each pair of opposite differences; the other is its transpose.
    self_energy, lookup = _self_energy_splines(state, index)
    lattice = functional.box.lattice
    cell_reciprocal = lattice.reciprocal
    radius = np.sqrt(basis.waves.squares.max()) * (1 + 1e-9)
    # Reciprocal vectors G with |k + G| inside the cutoff for at least one k.
    longest = np.linalg.norm(np.array(lattice.vectors), axis=1).max()
    reach = int(np.ceil((radius + np.linalg.norm(k_points, axis=1).max()) * longest / (2 * np.pi))) + 1
    g = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    p = k_points[:, None, :] + g @ cell_reciprocal
    inside = np.linalg.norm(p, axis=-1) <= radius
    p, g, inside = p[:, inside.any(axis=0)], g[inside.any(axis=0)], inside[:, inside.any(axis=0)]
    to_box = np.linalg.inv(functional.box.reciprocal)
    coordinates = p @ to_box
    mesh_g = np.rint(g @ cell_reciprocal @ to_box).astype(int)
    kinetic = functional.kinetic(species, np.sum(p**2, axis=-1))
    fock = np.zeros((len(k_points), len(g), len(g)))
    diagonal = np.arange(len(g))
    fock[:, diagonal, diagonal] = np.where(inside, kinetic, 1e6 * (1 + kinetic.max()))
    for i in range(len(g)):
        for j in range(len(g)):
            n = lookup.get(tuple(mesh_g[i] - mesh_g[j]))
            both = np.flatnonzero(inside[:, i] & inside[:, j])
            if n is None or not len(both):
                continue
            value = potential[n] + self_energy[n].ev(*coordinates[both, i].T)
            fock[both, i, j] += value
            if i != j:
                fock[both, j, i] += value
    return np.linalg.eigvalsh(fock)[:, :bands]


@dataclass(frozen=True)
class MassFit:
    """Effective mass from a fit of the levels.

    Attributes
    ----------
    mass : float
        m*/m of the species.
    error : float
        Standard error of the fit; it says how well the parabola is determined, not whether one is adequate.
    spread : float
        Root mean square deviation of the levels from the parabola, in the free Fermi energy of the species.
    levels : int
        Number of levels in the window.
    """

    mass: float
    error: float
    spread: float
    levels: int


@checked
def effective_mass(state: BlochState, index: int, window: float) -> MassFit:
    """Mass of the parabola that fits the unfolded levels best (least squares over the mesh).

    The levels at each Bloch vector are paired, in order of energy, with its free levels; states whose free
    energy lies within the window are fitted by ``e0 + p^2/(2 m*)``.

    Parameters
    ----------
    state : BlochState
    index : int
        Which species.
    window : float
        Largest free kinetic energy used, in the Fermi energy of the free carriers of this species.

    Returns
    -------
    MassFit

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> state = solve_crystal(mass_ratio=4, d=1.0, r_s=15.0, mesh=4, cutoff=2.0, electrons="liquid")
    >>> effective_mass(state.state, 0, 3.0).mass > 0
    True
    """
    window = validation.positive("window", window)
    index = validation.integer("index", index, low=0, high=len(state.functional.species) - 1)
    species, basis = state.functional.species[index], state.basis
    fermi = species.per_spin / basis.waves.box.carriers * 2 / (species.mass * state.functional.r_s**2)
    free = np.sort(np.where(basis.valid, state.functional.kinetic(species, basis.waves.squares[basis.members]), np.inf))
    used = free <= window * fermi * (1 + 1e-9)
    weights = np.broadcast_to(basis.weights[:, None], used.shape)[used]
    x, y = free[used], state.levels[index][used]
    if len(np.unique(np.round(x, 9))) < 3:
        raise ValueError(f"window = {window!r} is not allowed: it holds fewer than three distinct levels of this mesh")
    (slope, offset), covariance = np.polyfit(x, y, 1, w=np.sqrt(weights), cov=True)
    spread = np.sqrt(np.average((y - slope * x - offset) ** 2, weights=weights)) / fermi
    return MassFit(float(1 / slope), float(np.sqrt(covariance[0, 0]) / slope**2), float(spread), round(weights.sum()))


def _self_energy_splines(state, index):
    """Splines of the Madelung-corrected exchange over the extended zone, one per difference."""
    basis, functional = state.basis, state.functional
    table = basis.by_difference(state.density_matrix(index))
    reach = np.abs(basis.waves.integers).max(axis=0) + 3
    axes = tuple(np.arange(-r, r + 1) for r in reach)
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    points = grid.reshape(-1, 2) @ functional.box.reciprocal
    separation = np.sqrt(
        np.maximum(np.sum(points**2, axis=1)[:, None] + basis.waves.squares - 2 * points @ basis.waves.vectors.T, 0.0)
    )
    separation[separation < 1e-6] = 0.0
    sigma = -(interaction(separation) / functional.box.area) @ table
    own = basis.waves.index(grid.reshape(-1, 2))
    sigma[own >= 0] -= madelung_potential(functional.box) * table[own[own >= 0]]
    sigma = sigma.reshape(*grid.shape[:2], -1) / functional.r_s
    splines = [RectBivariateSpline(axes[0], axes[1], sigma[:, :, n]) for n in range(sigma.shape[2])]
    return splines, {tuple(delta): n for n, delta in enumerate(basis.differences)}
