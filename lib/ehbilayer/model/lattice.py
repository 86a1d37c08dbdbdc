"""Triangular cells, simulation boxes and the plane waves that belong to them.

All lengths are in units of the Wigner-Seitz radius r_s of the density that the cell holds, so that
one geometry serves every density: the primitive cell has area pi and holds one carrier per layer.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft

from ehbilayer import validation

__all__ = [
    "CELLS",
    "PRIMITIVE",
    "RECIPROCAL_LENGTH",
    "Box",
    "PlaneWaves",
    "cell_points",
    "point_group",
    "shortest_reciprocal",
]

#: Primitive vectors (rows) of the triangular lattice with one carrier per cell of area pi.
PRIMITIVE = np.sqrt(2 * np.pi / np.sqrt(3)) * np.array([[1.0, 0.0], [0.5, np.sqrt(3) / 2]])
PRIMITIVE.setflags(write=False)

#: Length of the shortest reciprocal vectors of the primitive cell, the unit of every cutoff.
RECIPROCAL_LENGTH = 4 * np.pi / (np.sqrt(3) * PRIMITIVE[0, 0])

#: Small cells by name, as integer combinations (rows) of the primitive vectors.
CELLS = {"1x1": ((1, 0), (0, 1)), "2x1": ((2, 0), (0, 1)), "sqrt3xsqrt3": ((1, 1), (-1, 2))}

# Point group of the triangular lattice in primitive coordinates: rotations by 60 degrees and a mirror.
_ROTATION = np.array([[0, 1], [-1, 1]])
_MIRROR = np.array([[0, 1], [1, 0]])


@dataclass(frozen=True)
class Box:
    """A periodic box made of triangular primitive cells.

    Parameters
    ----------
    rows : tuple of tuple of int
        Box vectors as integer combinations of the primitive vectors.

    Examples
    --------
    >>> Box.triangular(6, 6).cells
    36
    >>> Box.rectangular(6, 3).cells
    36
    """

    rows: tuple

    @classmethod
    def triangular(cls, n1, n2):
        """Rhombic box of ``n1`` by ``n2`` primitive cells."""
        n1, n2 = validation.integer("n1", n1, low=1), validation.integer("n2", n2, low=1)
        return cls(((n1, 0), (0, n2)))

    @classmethod
    def rectangular(cls, n1, n2):
        """Rectangle of ``n1`` by ``n2`` centred cells with sides 1 and sqrt(3); it holds ``2 n1 n2`` carriers."""
        n1, n2 = validation.integer("n1", n1, low=1), validation.integer("n2", n2, low=1)
        return cls(((n1, 0), (-n2, 2 * n2)))

    @property
    def cells(self):
        """Number of primitive cells, that is of carriers per layer."""
        (a, b), (c, d) = self.rows
        return abs(a * d - b * c)

    @property
    def vectors(self):
        """Box vectors as rows, shape (2, 2), in units of r_s."""
        return np.array(self.rows) @ PRIMITIVE

    @property
    def reciprocal(self):
        """Reciprocal vectors as rows, shape (2, 2), in units of 1/r_s."""
        return 2 * np.pi * np.linalg.inv(self.vectors).T

    @property
    def area(self):
        """Area in units of r_s squared."""
        return np.pi * self.cells


@dataclass(frozen=True, eq=False)
class PlaneWaves:
    """Plane waves of a box, sorted by length.

    Attributes
    ----------
    box : Box
    integers : ndarray of int, shape (n, 2)
        Coordinates in the box's reciprocal vectors.
    vectors : ndarray, shape (n, 2)
        Wave vectors in units of 1/r_s.
    squares : ndarray, shape (n,)
        Their squared lengths.
    edge : ndarray of bool, shape (n,)
        Plane waves with a neighbour outside the set, where the occupation must have died out.
    """

    box: Box
    integers: np.ndarray
    vectors: np.ndarray
    squares: np.ndarray
    edge: np.ndarray

    @classmethod
    def disc(cls, box, cutoff):
        """All plane waves with ``|p| <= cutoff |b|``, b being a shortest reciprocal vector of the primitive cell."""
        cutoff = validation.positive("cutoff", cutoff)
        return _disc(box, cutoff)

    @classmethod
    def grid(cls, box, n1, n2):
        """Every plane wave with integer coordinates up to ``(n1 - 1)/2`` and ``(n2 - 1)/2``; both counts odd."""
        for name, value in (("n1", n1), ("n2", n2)):
            validation.integer(name, value, low=1)
            if value % 2 == 0:
                raise ValueError(
                    f"{name} = {value!r} is not allowed: need an odd integer, so that the set is inversion symmetric"
                )
        return _grid(box, n1, n2)

    def __len__(self):
        return len(self.integers)

    def index(self, integers):
        """Positions of the given integer coordinates in the set, -1 where they are not in it."""
        integers = np.asarray(integers)
        reach = np.abs(self.integers).max(axis=0)
        lookup = np.full(2 * reach + 1, -1)
        lookup[tuple((self.integers + reach).T)] = np.arange(len(self))
        inside = (np.abs(integers) <= reach).all(axis=-1)
        shifted = np.where(inside[..., None], integers + reach, 0)
        return np.where(inside, lookup[shifted[..., 0], shifted[..., 1]], -1)

    def differences(self):
        """All differences of two members: integer coordinates, shape (m, 2), and lengths in 1/r_s, shape (m,)."""
        integers = _all_differences(self.integers, np.abs(self.integers).max(axis=0))
        return integers, np.linalg.norm(integers @ self.box.reciprocal, axis=1)

    def product_grid(self):
        """Smallest fast FFT grid on which products of two orbitals and their exchange potentials do not alias.

        Differences of two plane waves of the set must all be distinct on the grid, and a difference plus
        one more plane wave must not fold back onto the set.
        """
        reach = np.abs(self.integers).max(axis=0)
        differences, _ = self.differences()
        sizes = [_fast_sizes(int(4 * r + 1)) for r in reach]
        candidates = sorted(((m1, m2) for m1 in sizes[0] for m2 in sizes[1]), key=lambda m: (m[0] * m[1], m))
        return next(m for m in candidates if _separates(differences, m))


def point_group(box, cell=((1, 0), (0, 1))):
    """Operations about a lattice site that map both a box and a cell onto themselves.

    Parameters
    ----------
    box : Box
    cell : tuple of tuple of int
        Cell vectors in primitive coordinates.

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
    operations = []
    real = [np.linalg.matrix_power(_ROTATION, n) @ m for m in (np.eye(2, dtype=int), _MIRROR) for n in range(6)]
    for operation in real:
        on_box = _in_basis(operation, np.array(box.rows))
        if on_box is not None and _in_basis(operation, np.array(cell)) is not None:
            operations.append(np.linalg.inv(on_box).T)
    return np.rint(np.array(operations)).astype(int)


def shortest_reciprocal(box):
    """The six shortest reciprocal vectors of the primitive cell as integer coordinates in those of a box.

    Parameters
    ----------
    box : Box

    Returns
    -------
    ndarray of int, shape (6, 2)

    Examples
    --------
    >>> shortest_reciprocal(Box.triangular(6, 6))[:3].tolist()
    [[6, 0], [0, 6], [6, 6]]
    """
    half = np.array([[1, 0], [0, 1], [1, 1]])
    return np.concatenate([half, -half]) @ np.array(box.rows).T


def cell_points(repeats=2, points=48):
    """Points that cover ``repeats`` by ``repeats`` primitive cells, for maps of densities.

    Parameters
    ----------
    repeats : int
        Cells per direction, >= 1.
    points : int
        Points per cell and direction, >= 2.

    Returns
    -------
    ndarray, shape (repeats * points + 1, repeats * points + 1, 2)
        Positions in r_s; the first site lies in the middle of the first cell shown.

    Examples
    --------
    >>> cell_points(repeats=2, points=8).shape
    (17, 17, 2)
    """
    repeats = validation.integer("repeats", repeats, low=1)
    points = validation.integer("points", points, low=2)
    fractions = np.linspace(-0.5, repeats - 0.5, repeats * points + 1)
    return np.stack(np.meshgrid(fractions, fractions, indexing="ij"), axis=-1) @ PRIMITIVE


def _in_basis(operation, rows):
    """Matrix of a primitive-coordinate operation in the basis `rows`, None if it leaves that lattice."""
    matrix = rows @ operation @ np.linalg.inv(rows)
    rounded = np.rint(matrix)
    return rounded if np.allclose(matrix, rounded, atol=1e-9) else None


@lru_cache(maxsize=64)
def _disc(box, cutoff):
    radius = cutoff * RECIPROCAL_LENGTH
    # |p| <= radius bounds each integer coordinate by radius |a_i| / 2 pi.
    reach = np.floor(radius * np.linalg.norm(box.vectors, axis=1) / (2 * np.pi)).astype(int) + 1
    integers = _rectangle(reach)
    squares = np.sum((integers @ box.reciprocal) ** 2, axis=1)
    return _sorted_set(box, integers[squares <= radius**2 * (1 + 1e-12)])


@lru_cache(maxsize=8)
def _grid(box, n1, n2):
    return _sorted_set(box, _rectangle(np.array([n1 // 2, n2 // 2])))


def _rectangle(reach):
    return np.stack(np.meshgrid(*(np.arange(-r, r + 1) for r in reach), indexing="ij"), axis=-1).reshape(-1, 2)


def _sorted_set(box, integers):
    vectors = integers @ box.reciprocal
    squares = np.sum(vectors**2, axis=1)
    # Rounding makes members of one shell compare equal; the integers then fix their order on every machine.
    order = np.lexsort((integers[:, 1], integers[:, 0], np.round(squares, 9)))
    integers, vectors, squares = integers[order], vectors[order], squares[order]
    reach = np.abs(integers).max(axis=0) + 1
    present = np.zeros(2 * reach + 1, dtype=bool)
    present[tuple((integers + reach).T)] = True
    steps = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    neighbours = integers[:, None, :] + steps + reach
    edge = ~present[neighbours[..., 0], neighbours[..., 1]].all(axis=1)
    for array in (integers, vectors, squares, edge):
        array.setflags(write=False)
    return PlaneWaves(box, integers, vectors, squares, edge)


def _all_differences(integers, reach):
    present = np.zeros(2 * reach + 1)
    present[tuple((integers + reach).T)] = 1.0
    counts = scipy.fft.irfft2(np.abs(scipy.fft.rfft2(present, s=tuple(4 * reach + 1))) ** 2, s=tuple(4 * reach + 1))
    occupied = np.argwhere(counts > 0.5)
    return np.where(occupied > 2 * reach, occupied - (4 * reach + 1), occupied)


def _fast_sizes(full):
    return sorted({scipy.fft.next_fast_len(n, real=True) for n in range(max(1, full // 2), full + 1)})


def _separates(differences, sizes):
    folded = (differences % sizes) @ np.array([sizes[1], 1])
    return len(np.unique(folded)) == len(folded)
