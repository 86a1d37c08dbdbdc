"""Plane waves of a box sorted by the Bloch vectors of a cell, reduced by the point group.

Orbitals are Bloch sums of the box's plane waves p = k + G. Point-group symmetry about the origin restricts k to its
irreducible part; real orbitals are inversion (or time-reversal) symmetric.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer.compilation import kernel
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.functional import FourierSet
from ehbilayer.hartree_fock.lenses import Lens, lenses
from ehbilayer.model.coulomb import interaction
from ehbilayer.model.lattice import CELLS, Box, Cell, point_group
from ehbilayer.model.plane_waves import PlaneWaves


class ExchangePart(NamedTuple):
    """What the exchange of a group of differences needs: where its pairs stand, and the interaction between them.

    Attributes
    ----------
    lens : Lens
    kernel : ndarray, shape (rows, n)
        Minus V(p - p')/A of irreducible plane waves with others, in e^2/(eps_r r_s).
    source : ndarray of int, shape (n, m)
        Place of D[p', delta] among the blocks, -1 where there is no pair.
    target_pair : ndarray of int
        Places of the pairs in the product, shape (rows, m).
    target_entry : ndarray of int, shape (..., 2)
        Their places among the blocks, and those of their mirror images.
    """

    lens: Lens
    kernel: NDArray
    source: NDArray
    target_pair: NDArray
    target_entry: NDArray


@dataclass(frozen=True, eq=False)
class BlochBasis:
    """Plane waves of a box sorted by Bloch vector, and the index maps of the exchange.

    Attributes
    ----------
    waves : PlaneWaves
    cell : Cell
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
    exchange_parts : tuple of ExchangePart
        Groups of `fourier` of which each has its own matrix product.
    """

    waves: PlaneWaves
    cell: Cell
    k_of: NDArray
    members: NDArray
    weights: NDArray
    star: NDArray
    is_complex: bool
    fourier: FourierSet
    squares: NDArray
    rows: NDArray
    exchange_parts: tuple[ExchangePart, ...]
    source: NDArray
    target_pair: NDArray
    target_entry: NDArray

    @property
    def k_count(self) -> int:
        """Number of Bloch vectors, that is of cells in the box."""
        return len(self.star)

    @property
    def differences(self) -> NDArray:
        """Wave vectors of `fourier` in the box's reciprocal vectors, shape (n_delta, 2)."""
        return self.fourier.integers

    @property
    def lengths(self) -> NDArray:
        """Their lengths in 1/r_s, shape (n_delta,)."""
        return self.fourier.lengths

    @property
    def valid(self) -> NDArray:
        """Which slots of `members` hold a plane wave."""
        return self.members >= 0

    @property
    def operations(self) -> NDArray:
        """Operations of the point group that keep each star of Bloch vectors, one of each pair of opposite ones.

        Shape (n, 2, 2), acting from the right on integer coordinates (rows) in the box's reciprocal vectors.
        """
        star = self.star[self.k_of]
        kept: list[NDArray] = []
        for operation in point_group(self.waves.box, self.cell):
            image = self.waves.index(self.waves.integers @ operation)
            known = any((operation == -other).all() for other in kept)
            if not known and (image >= 0).all() and (star[image] == star).all():
                kept.append(operation)
        return np.array(kept)

    def on(self, box: Box) -> "BlochBasis":
        """The same plane waves, blocks and differences in another box, such as this one after a shear.

        The box must have the symmetry that the basis has; inversion always is one.
        """
        waves, fourier = self.waves.on(box), self.fourier
        matrix = _exchange_kernel(waves, self.rows)
        return replace(
            self,
            waves=waves,
            fourier=replace(fourier, lengths=np.linalg.norm(fourier.integers @ box.reciprocal, axis=1)),
            squares=np.where(self.valid, waves.squares[self.members], 0.0),
            exchange_parts=tuple(part._replace(kernel=part.lens.of(matrix)) for part in self.exchange_parts),
        )

    def by_difference(self, density: NDArray) -> NDArray:
        """Density matrices of the irreducible vectors reordered to D[p, delta], shape (n, n_delta)."""
        return _gather(density.reshape(-1), self.source)

    def to_blocks(self, table: NDArray) -> NDArray:
        """Hermitian blocks, shape (n_k, width, width), from a table T[row, delta] over the irreducible plane waves."""
        n, width = self.members.shape
        blocks = np.zeros((n, width, width), dtype=table.dtype)
        _scatter(table, self.target_pair, self.target_entry, blocks.reshape(-1))
        return blocks

    def exchange(self, densities: Sequence[NDArray]) -> list[NDArray]:
        """Blocks of ``-sum_p' V(p - p')/A D[p', delta]`` for density matrices D, all at once, in e^2/(eps_r r_s)."""
        # The numbers of all matrices, real and imaginary parts, side by side.
        stack = np.stack(densities, axis=-1)
        numbers = stack.reshape(-1, len(densities)).view(float)
        out = np.zeros_like(numbers)
        signs = np.resize([1.0, -1.0] if np.iscomplexobj(stack) else [1.0], numbers.shape[1])
        for part in self.exchange_parts:
            product = part.kernel @ _gather_all(numbers, part.source)
            _scatter_all(product, part.target_pair, part.target_entry, signs, out)
        blocks = out.view(stack.dtype).reshape(stack.shape)
        return [np.ascontiguousarray(blocks[..., n]) for n in range(len(densities))]


@lru_cache(maxsize=16)
def bloch_basis(
    box: Box,
    cutoff: float,
    cell: str | Cell = "1x1",
    symmetry: str = "full",
    twist: tuple[float, float] = (0.0, 0.0),
) -> BlochBasis:
    """Plane waves up to `cutoff` ``|b|`` sorted by the Bloch vectors of a cell.

    Parameters
    ----------
    box : Box
        Must be a whole multiple of the cell.
    cutoff : float
        In ``|b|`` of the triangular lattice.
    cell : Cell, or its name in `ehbilayer.model.lattice.CELLS`
        Cell whose translations the state has.
    symmetry : {"full", "inversion", "none"}
        Point group about the origin that the state has: that of box, cell and spins; inversion alone; or nothing.
        Orbitals are real where it holds the inversion.
    twist : (float, float)
        Added to all wave vectors, in the box's reciprocal vectors; one other than 0 leaves no symmetry.

    Returns
    -------
    BlochBasis

    Raises
    ------
    ArgumentError
        If the box is not made of whole cells, or a twist meets a symmetry.
    """
    if any(twist) and symmetry != "none":
        raise ArgumentError("symmetry", symmetry, "none, for a twist")
    waves = PlaneWaves.disc(box, cutoff)
    cell = CELLS[cell] if isinstance(cell, str) else cell
    ratio = np.array(box.rows) @ np.linalg.inv(np.array(cell.rows))
    if not np.allclose(ratio, np.rint(ratio), atol=1e-9):
        raise ArgumentError("cell", cell, f"one of which the box {box.rows} holds a whole number")
    group = {
        "full": point_group(box, cell),
        "inversion": np.array([np.eye(2, dtype=int), -np.eye(2, dtype=int)]),
        "none": np.eye(2, dtype=int)[None],
    }[symmetry]
    inversion = bool((group == -np.eye(2, dtype=int)).all(axis=(1, 2)).any())
    # Interactions know differences of wave vectors only, which a twist does not change.
    squares = np.sum(((waves.integers + np.array(twist)) @ box.reciprocal) ** 2, axis=1)
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
    half = _in_half(delta)
    k_index, i, j, delta = k_index[half], i[half], j[half], delta[half]
    images = (delta[:, None, None, :] @ group).reshape(-1, 2)
    images = np.concatenate([images, -images])
    differences = np.unique(images[_in_half(images)], axis=0)
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
    target_entry, matrix = np.stack([entry, mirror], axis=1), _exchange_kernel(waves, rows)
    wanted = np.zeros((len(rows), len(differences)), dtype=bool)
    wanted.reshape(-1)[target_pair] = True
    groups = lenses(differences @ box.reciprocal, wanted, source >= 0)
    return BlochBasis(
        waves=waves,
        cell=cell,
        k_of=k_of,
        members=members,
        weights=weights,
        star=star,
        # The half set holds 0 once and every other Q once, for both signs.
        fourier=FourierSet(differences, lengths, np.where(lengths > 0, 2.0, 1.0), group),
        squares=np.where(members >= 0, squares[members], 0.0),
        is_complex=not inversion,
        rows=rows,
        exchange_parts=tuple(_exchange_part(lens, matrix, source, target_pair, target_entry) for lens in groups),
        source=source,
        target_pair=target_pair,
        target_entry=target_entry,
    )


def gaussian_orbitals(basis: BlochBasis, sites: ArrayLike, width: float) -> NDArray:
    """Bloch sums of Gaussians exp(-r^2/2 w^2) at sites of the cell, orthonormal, shape (n_k, slots, len(sites)).

    Parameters
    ----------
    basis : BlochBasis
    sites : array_like, shape (n, 2)
        Positions in units of r_s.
    width : float
        w in units of r_s.
    """
    centres = np.asarray(sites, dtype=float)
    p = basis.waves.vectors[basis.members]
    envelope = np.where(basis.valid, np.exp(-0.5 * width**2 * np.sum(p**2, axis=-1)), 0.0)
    orbitals = envelope[:, :, None] * np.exp(-1j * p @ centres.T)
    if not basis.is_complex:
        # Real blocks need a site set that inversion maps onto itself; its even and odd combinations are real.
        orbitals = np.concatenate([np.real(orbitals), np.imag(orbitals)], axis=2)
    vectors, _values, _ = np.linalg.svd(orbitals, full_matrices=False)
    return np.ascontiguousarray(vectors[:, :, : len(centres)])


def _exchange_kernel(waves: PlaneWaves, rows: NDArray) -> NDArray:
    """Minus V(p - p')/A of the plane waves `rows` with all others, in e^2/(eps_r r_s)."""
    separation = np.linalg.norm(waves.vectors[rows][:, None, :] - waves.vectors[None, :, :], axis=-1)
    separation[np.arange(len(rows)), rows] = 0.0
    return -interaction(separation) / waves.box.area


def _exchange_part(lens, matrix, source, target_pair, target_entry):
    column = np.full(source.shape[1], -1)
    column[lens.differences] = np.arange(len(lens.differences))
    row = np.full(len(matrix), -1)
    row[lens.rows] = np.arange(len(lens.rows))
    rows, columns = np.divmod(target_pair, source.shape[1])
    own = column[columns] >= 0
    return ExchangePart(
        lens,
        lens.of(matrix),
        source[np.ix_(lens.waves, lens.differences)],
        row[rows[own]] * len(lens.differences) + column[columns[own]],
        target_entry[own],
    )


def _in_half(differences: NDArray) -> NDArray:
    """Which differences belong to the half that stands for all, one of each Q and -Q."""
    return (differences[:, 0] > 0) | ((differences[:, 0] == 0) & (differences[:, 1] >= 0))


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


@kernel
def _gather_all(numbers, source):
    count = numbers.shape[1]
    out = np.zeros((source.shape[0], source.shape[1] * count))
    for p in range(source.shape[0]):
        for d in range(source.shape[1]):
            if source[p, d] >= 0:
                for n in range(count):
                    out[p, d * count + n] = numbers[source[p, d], n]
    return out


@kernel
def _scatter_all(product, pair, entry, signs, out):
    count = len(signs)
    values = product.reshape(-1)
    for m in range(len(pair)):
        for n in range(count):
            value = values[pair[m] * count + n]
            out[entry[m, 0], n] = value
            out[entry[m, 1], n] = signs[n] * value
