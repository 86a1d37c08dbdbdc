"""Plane waves of a periodic box."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice import RECIPROCAL_LENGTH, Box
from ehbilayer.numerics import fourier


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
    integers: NDArray
    vectors: NDArray
    squares: NDArray
    edge: NDArray

    @classmethod
    def disc(cls, box: Box, cutoff: float) -> "PlaneWaves":
        """All plane waves with ``|p| <= cutoff |b|``, b a shortest reciprocal vector of the triangular lattice."""
        cutoff = validation.positive("cutoff", cutoff)
        return _disc(box, cutoff)

    @classmethod
    def grid(cls, box: Box, n1: int, n2: int) -> "PlaneWaves":
        """Every plane wave with integer coordinates up to ``(n1 - 1)/2`` and ``(n2 - 1)/2``; both counts odd."""
        for name, value in (("n1", n1), ("n2", n2)):
            validation.integer(name, value, low=1)
            if value % 2 == 0:
                raise ArgumentError(name, value, "an odd integer, so that the set is inversion symmetric")
        return _grid(box, n1, n2)

    def on(self, box: Box) -> "PlaneWaves":
        """The same coordinates in the same order in another box, such as this one after a shear."""
        vectors = self.integers @ box.reciprocal
        return replace(self, box=box, vectors=vectors, squares=np.sum(vectors**2, axis=1))

    def __len__(self) -> int:
        return len(self.integers)

    def index(self, integers: ArrayLike) -> NDArray:
        """Positions of the given integer coordinates in the set, -1 where they are not in it."""
        coordinates = np.asarray(integers)
        reach = np.abs(self.integers).max(axis=0)
        lookup = np.full(2 * reach + 1, -1)
        lookup[tuple((self.integers + reach).T)] = np.arange(len(self))
        inside = (np.abs(coordinates) <= reach).all(axis=-1)
        shifted = np.where(inside[..., None], coordinates + reach, 0)
        return np.where(inside, lookup[shifted[..., 0], shifted[..., 1]], -1)

    def differences(self) -> tuple[NDArray, NDArray]:
        """All differences of two members: integer coordinates, shape (m, 2), and lengths in 1/r_s, shape (m,)."""
        integers = _all_differences(self.integers, np.abs(self.integers).max(axis=0))
        return integers, np.linalg.norm(integers @ self.box.reciprocal, axis=1)

    def product_grid(self) -> tuple[int, int]:
        """Smallest fast FFT grid on which products of two orbitals and their exchange potentials do not alias.

        Differences of two plane waves of the set must all be distinct on the grid, and a difference plus
        one more plane wave must not fold back onto the set.
        """
        reach = np.abs(self.integers).max(axis=0)
        differences, _ = self.differences()
        sizes = [_fast_sizes(int(4 * r + 1)) for r in reach]
        candidates = sorted(((m1, m2) for m1 in sizes[0] for m2 in sizes[1]), key=lambda m: (m[0] * m[1], m))
        return next(m for m in candidates if _separates(differences, m))


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
    steps = _reduced(box.reciprocal)
    steps = np.concatenate([steps, -steps])
    reach = np.abs(integers).max(axis=0) + np.abs(steps).max(axis=0)
    present = np.zeros(2 * reach + 1, dtype=bool)
    present[tuple((integers + reach).T)] = True
    neighbours = integers[:, None, :] + steps + reach
    edge = np.asarray(~present[neighbours[..., 0], neighbours[..., 1]].all(axis=1))
    for array in (integers, vectors, squares, edge):
        array.setflags(write=False)
    return PlaneWaves(box, integers, vectors, squares, edge)


def _reduced(vectors):
    """Integer combinations (rows) of two vectors that are as short as possible: Gauss reduction."""
    steps = np.eye(2, dtype=int)
    while True:
        one, two = steps @ vectors
        if two @ two < (1 - 1e-9) * (one @ one):
            steps = steps[::-1]
            continue
        ratio = one @ two / (one @ one)
        if abs(ratio) <= 0.5 + 1e-9:
            return steps
        steps = np.array([steps[0], steps[1] - round(ratio) * steps[0]])


def _all_differences(integers, reach):
    present = np.zeros(2 * reach + 1)
    present[tuple((integers + reach).T)] = 1.0
    counts = fourier.autocorrelation(present, tuple(4 * reach + 1))
    occupied = np.argwhere(counts > 0.5)
    return np.where(occupied > 2 * reach, occupied - (4 * reach + 1), occupied)


def _fast_sizes(full):
    return sorted({fourier.fast_length(n) for n in range(max(1, full // 2), full + 1)})


def _separates(differences, sizes):
    folded = (differences % sizes) @ np.array([sizes[1], 1])
    return len(np.unique(folded)) == len(folded)
