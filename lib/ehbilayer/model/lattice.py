"""Crystal lattices, the cells of states on them and simulation boxes.

All lengths are in units of the Wigner-Seitz radius r_s of the density that the lattice holds, so that one geometry
serves every density: there is one carrier per layer in an area pi. The default is the triangular lattice.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError

__all__ = [
    "CELLS",
    "PRIMITIVE",
    "RECIPROCAL_LENGTH",
    "SQUARE",
    "TRIANGULAR",
    "Box",
    "Cell",
    "Lattice",
    "cell_points",
    "point_group",
    "shortest_reciprocal",
]

#: Primitive vectors (rows) of the triangular lattice with one carrier per cell of area pi.
PRIMITIVE = np.sqrt(2 * np.pi / np.sqrt(3)) * np.array([[1.0, 0.0], [0.5, np.sqrt(3) / 2]])
PRIMITIVE.setflags(write=False)

# Largest number of primitive vectors along a side of a box.
_LONGEST = 10_000

#: Length of the shortest reciprocal vectors of the triangular lattice, the unit of every cutoff.
RECIPROCAL_LENGTH = float(4 * np.pi / (np.sqrt(3) * PRIMITIVE[0, 0]))


@dataclass(frozen=True)
class Lattice:
    """Where the sites of a crystal are: primitive vectors, and the sites in their cell.

    Parameters
    ----------
    vectors : tuple of (float, float)
        Primitive vectors as rows, in r_s. They span an area of pi for each site.
    sites : tuple of (float, float)
        Sites of the cell in fractions of the primitive vectors; the first one is the origin.

    Raises
    ------
    ArgumentError
        If the area does not fit the number of sites, or no site is at the origin.

    Examples
    --------
    >>> len(TRIANGULAR.operations()), len(SQUARE.operations())
    (12, 8)
    >>> len(TRIANGULAR.deformed([[1.0, 0.1], [0.0, 1.0]]).operations())
    2
    >>> side = np.pi**0.5
    >>> Lattice(vectors=((side, 0.0), (0.0, side)), sites=((0.0, 0.0),)) == SQUARE
    True
    """

    vectors: tuple[tuple[float, float], tuple[float, float]]
    sites: tuple[tuple[float, float], ...] = ((0.0, 0.0),)

    def __post_init__(self) -> None:
        sites = np.asarray(validation.reals("sites", self.sites))
        vectors = np.asarray(validation.reals("vectors", self.vectors))
        if vectors.shape != (2, 2):
            raise ArgumentError("vectors", self.vectors, "two vectors of two numbers")
        if sites.ndim != 2 or sites.shape[1] != 2 or tuple(sites[0]) != (0.0, 0.0):
            raise ArgumentError("sites", self.sites, "one or more sites, the first one at the origin")
        spanned = abs(float(np.linalg.det(vectors)))
        if not np.isclose(spanned, self.area, rtol=1e-12):
            raise ArgumentError("vectors", self.vectors, f"an area of pi for each site, {self.area:.15g} r_s^2 in all")

    @classmethod
    def of(cls, vectors: ArrayLike, sites: tuple[tuple[float, float], ...] = ((0.0, 0.0),)) -> "Lattice":
        """Lattice of the given shape: primitive vectors in any unit of length, scaled to the area of their sites."""
        rows = np.array(vectors, dtype=float)
        if rows.shape != (2, 2) or not np.isfinite(rows).all() or np.linalg.det(rows) == 0.0:
            raise ArgumentError("vectors", vectors, "two independent vectors of two numbers")
        rows = rows * np.sqrt(np.pi * len(sites) / abs(np.linalg.det(rows)))
        return cls(_pairs(rows), sites)

    @property
    def area(self) -> float:
        """Area of the primitive cell in r_s^2."""
        return np.pi * len(self.sites)

    @property
    def reciprocal(self) -> NDArray:
        """Reciprocal vectors as rows, shape (2, 2), in 1/r_s."""
        return 2 * np.pi * np.linalg.inv(np.array(self.vectors)).T

    def deformed(self, matrix: ArrayLike) -> "Lattice":
        """The lattice with all positions r (rows) replaced by ``r @ matrix``, which must keep the area.

        Parameters
        ----------
        matrix : array_like, shape (2, 2)
            With determinant 1: ``[[1, 0], [g, 1]]`` is a simple shear along x.

        Raises
        ------
        ArgumentError
            If it has another shape or determinant.
        """
        deformation = np.array(matrix, dtype=float)
        if deformation.shape != (2, 2) or not np.isclose(np.linalg.det(deformation), 1.0, rtol=1e-12):
            raise ArgumentError("matrix", matrix, "two by two numbers with determinant 1")
        return Lattice(_pairs(np.array(self.vectors) @ deformation), self.sites)

    def operations(self) -> NDArray:
        """Rotations and mirrors about the origin that map the primitive vectors' lattice onto itself.

        Returns
        -------
        ndarray of int, shape (n, 2, 2)
            Acting from the right on integer coordinates (rows) in the primitive vectors; the identity comes first.
        """
        vectors = np.array(self.vectors)
        gram = vectors @ vectors.T
        # A lattice vector as long as a primitive one has coordinates up to |a| |b|/2 pi.
        longest = np.sqrt(gram.diagonal().max())
        reach = int(longest * np.linalg.norm(self.reciprocal, axis=1).max() / (2 * np.pi) + 1e-9)
        steps = _steps(reach)
        squares = np.einsum("na,ab,nb->n", steps, gram, steps)
        first, second = (steps[np.isclose(squares, gram[i, i], rtol=1e-9)] for i in (0, 1))
        dots = first @ gram @ second.T
        found = np.array(
            [(first[i], second[j]) for i, j in np.argwhere(np.isclose(dots, gram[0, 1], atol=1e-9 * longest**2))]
        )
        return found[np.argsort(np.abs(found - np.eye(2, dtype=int)).sum(axis=(1, 2)), kind="stable")]


def _pairs(rows: NDArray) -> tuple[tuple[float, float], tuple[float, float]]:
    (a, b), (c, d) = rows.tolist()
    return (a, b), (c, d)


def _steps(reach: int) -> NDArray:
    """All pairs of integers up to `reach`, shape (n, 2)."""
    return np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)


def _checked_rows(rows: tuple[tuple[int, int], tuple[int, int]]) -> None:
    numbers = np.asarray(validation.reals("rows", rows))
    whole = numbers.shape == (2, 2) and (numbers == np.rint(numbers)).all() and np.abs(numbers).max() <= _LONGEST
    if not whole or numbers[0, 0] * numbers[1, 1] == numbers[0, 1] * numbers[1, 0]:
        needed = f"two independent pairs of whole numbers up to {_LONGEST}"
        raise ArgumentError("rows", rows, needed)


#: Triangular lattice with one site a cell, its nearest neighbours at distance 1.
TRIANGULAR = Lattice(_pairs(PRIMITIVE))
#: Square lattice with one site a cell, its nearest neighbours at distance 1.
SQUARE = Lattice.of(np.eye(2))


@dataclass(frozen=True)
class Box:
    """A periodic box made of the primitive cells of a lattice.

    Parameters
    ----------
    rows : tuple of (int, int)
        Box vectors as integer combinations of the primitive vectors.
    lattice : Lattice
        Triangular by default.

    Examples
    --------
    >>> Box.triangular(6, 6).cells
    36
    >>> Box.rectangular(6, 3).cells
    36
    >>> Box(rows=((2, 0), (0, 1)), lattice=SQUARE).cells
    2
    """

    rows: tuple[tuple[int, int], tuple[int, int]]
    lattice: Lattice = TRIANGULAR

    def __post_init__(self) -> None:
        validation.instance("lattice", self.lattice, Lattice)
        _checked_rows(self.rows)

    @classmethod
    def repeated(cls, lattice: Lattice, n1: int, n2: int) -> "Box":
        """Box of ``n1`` by ``n2`` primitive cells of a lattice."""
        n1, n2 = validation.integer("n1", n1, low=1), validation.integer("n2", n2, low=1)
        return _box(((n1, 0), (0, n2)), validation.instance("lattice", lattice, Lattice))

    @classmethod
    def triangular(cls, n1: int, n2: int) -> "Box":
        """Rhombic box of ``n1`` by ``n2`` primitive cells of the triangular lattice."""
        return cls.repeated(TRIANGULAR, n1, n2)

    @classmethod
    def rectangular(cls, n1: int, n2: int) -> "Box":
        """Rectangle of ``n1`` by ``n2`` centred triangular cells of sides 1 and sqrt(3); ``2 n1 n2`` carriers."""
        n1, n2 = validation.integer("n1", n1, low=1), validation.integer("n2", n2, low=1)
        return cls(((n1, 0), (-n2, 2 * n2)))

    @property
    def cells(self) -> int:
        """Number of primitive cells."""
        (a, b), (c, d) = self.rows
        return abs(a * d - b * c)

    @property
    def carriers(self) -> int:
        """Number of sites, that is of carriers per layer."""
        return self.cells * len(self.lattice.sites)

    @property
    def vectors(self) -> NDArray:
        """Box vectors as rows, shape (2, 2), in units of r_s."""
        return np.array(self.rows) @ np.array(self.lattice.vectors)

    @property
    def reciprocal(self) -> NDArray:
        """Reciprocal vectors as rows, shape (2, 2), in units of 1/r_s."""
        return 2 * np.pi * np.linalg.inv(self.vectors).T

    @property
    def area(self) -> float:
        """Area in units of r_s squared."""
        return np.pi * self.carriers

    def coordinates(self) -> NDArray:
        """Sites inside the box in units of the primitive vectors, shape (N, 2), row after row."""
        return _coordinates(self).copy()

    def sites(self) -> NDArray:
        """Sites inside the box, shape (N, 2), in r_s."""
        return self.coordinates() @ np.array(self.lattice.vectors)


@lru_cache(maxsize=64)
def _box(rows: tuple[tuple[int, int], tuple[int, int]], lattice: Lattice) -> Box:
    """A box, kept because sweeps ask for the same ones many times."""
    return Box(rows, lattice)


@lru_cache(maxsize=64)
def _coordinates(box: Box) -> NDArray:
    reach = int(np.abs(np.array(box.rows)).sum())
    steps = _steps(reach)
    fractions = np.round(steps @ np.linalg.inv(np.array(box.rows)), 9)
    steps = steps[((fractions >= 0) & (fractions < 1)).all(axis=1)]
    steps = steps[np.lexsort((steps[:, 0], steps[:, 1]))]
    return (steps[:, None, :] + np.array(box.lattice.sites)).reshape(-1, 2)


@dataclass(frozen=True)
class Cell:
    """Cell whose translations a state has, with the spins of the crystal on it.

    Parameters
    ----------
    rows : tuple of (int, int)
        Cell vectors as integer combinations of the primitive vectors of a lattice.
    spins : tuple of {"up", "down"}
        Spin at each site of the cell, in the order of `Box.coordinates`; empty where all are alike.

    Examples
    --------
    >>> CELLS["2x1"].sites(SQUARE, "down") / SQUARE.vectors[0][0]
    array([[1., 0.]])
    >>> Cell(rows=((2, 0), (0, 1)), spins=("up", "down")) == CELLS["2x1"]
    True
    """

    rows: tuple[tuple[int, int], tuple[int, int]] = ((1, 0), (0, 1))
    spins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _checked_rows(self.rows)
        validation.options("spins", self.spins, ("up", "down"))

    def sites(self, lattice: Lattice = TRIANGULAR, spin: str | None = None) -> NDArray:
        """Sites of the cell, or those with one spin, shape (n, 2), in r_s."""
        sites = _box(self.rows, lattice).sites()
        return sites if spin is None else sites[np.array(self.pattern(lattice)) == spin]

    def pattern(self, lattice: Lattice = TRIANGULAR) -> tuple[str, ...]:
        """Spin at each site.

        Raises
        ------
        ArgumentError
            If `spins` does not have one for each site of the cell.
        """
        count = _box(self.rows, lattice).carriers
        if self.spins and len(self.spins) != count:
            raise ArgumentError("spins", self.spins, f"one of 'up' and 'down' for each of {count} sites")
        return self.spins or ("up",) * count


#: Small cells by name: one site; rows or stripes of alternating spins; three sublattices; the square Néel order.
CELLS = {
    "1x1": Cell(),
    "2x1": Cell(((2, 0), (0, 1)), ("up", "down")),
    "sqrt3xsqrt3": Cell(((1, 1), (-1, 2)), ("up", "down", "down")),
    "sqrt2xsqrt2": Cell(((1, 1), (-1, 1)), ("up", "down")),
}


@checked
def point_group(box: Box, cell: Cell = CELLS["1x1"]) -> NDArray:
    """Operations about the origin that map a box, a cell and the sites of each spin in it onto themselves.

    Parameters
    ----------
    box : Box
    cell : Cell

    Returns
    -------
    ndarray of int, shape (n, 2, 2)
        Matrices acting from the right on integer coordinates (rows) in the box's reciprocal vectors;
        the identity comes first.

    Examples
    --------
    >>> len(point_group(Box.triangular(6, 6))), len(point_group(Box.rectangular(6, 3)))
    (12, 4)
    """
    sites, spins = Box(cell.rows, box.lattice).coordinates(), np.array(cell.pattern(box.lattice))
    rows, to_cell = np.array(cell.rows), np.linalg.inv(np.array(cell.rows))
    alike = spins[:, None] == spins
    operations = []
    for operation in box.lattice.operations():
        on_box = _in_basis(operation, np.array(box.rows))
        if on_box is None or _in_basis(operation, rows) is None:
            continue
        moved = ((sites @ operation)[:, None, :] - sites) @ to_cell
        same = (np.abs(moved - np.rint(moved)) < 1e-9).all(axis=2)
        if (same & alike).any(axis=1).all():
            operations.append(np.linalg.inv(on_box).T)
    return np.rint(np.array(operations)).astype(int)


@checked
def shortest_reciprocal(box: Box) -> NDArray:
    """The shortest reciprocal vectors of the lattice as integer coordinates in those of a box.

    Parameters
    ----------
    box : Box

    Returns
    -------
    ndarray of int, shape (n, 2)
        Six for a triangular lattice; the second half are the negatives of the first.

    Examples
    --------
    >>> shortest_reciprocal(Box.triangular(6, 6))[:3].tolist()
    [[6, 0], [0, 6], [6, 6]]
    """
    # No lattice has shortest reciprocal vectors longer than the triangular one with a site per cell.
    longest = np.linalg.norm(np.array(box.lattice.vectors), axis=1).max()
    steps = _steps(int(RECIPROCAL_LENGTH * longest / (2 * np.pi) + 1e-9))
    steps = steps[(steps[:, 0] > 0) | ((steps[:, 0] == 0) & (steps[:, 1] > 0))]
    lengths = np.linalg.norm(steps @ box.lattice.reciprocal, axis=1)
    half = steps[lengths < lengths.min() * (1 + 1e-9)]
    half = half[np.lexsort((-half[:, 0], np.abs(half).sum(axis=1)))]
    return np.concatenate([half, -half]) @ np.array(box.rows).T


@checked
def cell_points(repeats: int = 2, points: int = 48, lattice: Lattice = TRIANGULAR) -> NDArray:
    """Points that cover ``repeats`` by ``repeats`` primitive cells, for maps of densities.

    Parameters
    ----------
    repeats : int
        Cells per direction, >= 1.
    points : int
        Points per cell and direction, >= 2.
    lattice : Lattice

    Returns
    -------
    ndarray, shape (repeats * points + 1, repeats * points + 1, 2)
        Positions in r_s; the first site lies in the middle of the first cell shown.

    Examples
    --------
    >>> cell_points(repeats=2, points=8).shape
    (17, 17, 2)
    """
    repeats = validation.integer("repeats", repeats, low=1, high=20)
    points = validation.integer("points", points, low=2, high=200)
    fractions = np.linspace(-0.5, repeats - 0.5, repeats * points + 1)
    return np.stack(np.meshgrid(fractions, fractions, indexing="ij"), axis=-1) @ np.array(lattice.vectors)


def _in_basis(operation: NDArray, rows: NDArray) -> NDArray | None:
    """Matrix of a primitive-coordinate operation in the basis `rows`, None if it leaves that lattice."""
    matrix = rows @ operation @ np.linalg.inv(rows)
    rounded = np.rint(matrix)
    return rounded if np.allclose(matrix, rounded, atol=1e-9) else None
