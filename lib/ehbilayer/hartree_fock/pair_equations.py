r"""Pairs of orbitals between Bloch vectors k and k - q, and the Hessian of a translation-symmetric Hartree-Fock state.

A potential v exp(iqr) changes the density matrix by :math:`X_{ij} = \Lambda_{ij} F_{ij}` in the orbitals of the state,
with :math:`\Lambda_{ij} = (f_i - f_j)/(\epsilon_i - \epsilon_j)` and the operator :math:`F = v + K X`, K being the
Hartree and exchange operator. With :math:`S = \sqrt{-\Lambda}` and y = S F this is the symmetric system
:math:`(1 + S K S) y = S v`, whose matrix is the Hessian of the energy (or free energy).

A static potential that depends on qr alone keeps the operations of the point group that leave q as it is and, since
the density matrix is Hermitian, those that reverse it: of each orbit of elements K needs to be known for one.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.bloch import BlochBasis
from ehbilayer.hartree_fock.exchange_product import ExchangeProduct, between, exchange_product, potential_table
from ehbilayer.hartree_fock.kmesh import BlochState


class PairEquations:
    """Tables of the linear system: blocks between k and k - q, ordered by orbitals or by differences q + G.

    Parameters
    ----------
    state : BlochState
        Self-consistent, with an inversion centre at the origin.
    wave : tuple of (int, int)
        q in the box's reciprocal vectors, no reciprocal vector of the cell.
    temperatures : tuple of float
        k_B T of the filling of each species, in Ha_h; 0 where whole bands are filled.
    symmetric : bool
        For vectors that follow from `driven` by `apply` alone, with less work.

    Attributes
    ----------
    gaps : list of ndarray, shape (n_k, width, width)
        Level of each pair at k minus that at k - q, by species, in Ha_h; 0 where a slot is padded.
    strength : list of ndarray, shape (n_k, width, width)
        S of each pair.
    mirrored : list of (ndarray of int, ndarray)
        By species, flattened like `strength`: the pair that the inversion makes of each one, whose gap is the
        opposite, and the sign that comes with it.
    bands : list of int
        By species, the bands without which no pair has a strength: the filled ones, and those that heat fills.
    size : int
        Length of the vectors of all species.

    Raises
    ------
    ArgumentError
        If q is a reciprocal vector of the cell, or the orbitals are not real.
    """

    def __init__(
        self, state: BlochState, wave: tuple[int, int], temperatures: tuple[float, ...], *, symmetric: bool = False
    ) -> None:
        if state.basis.is_complex:
            raise ArgumentError("state", "one with complex orbitals", "one with an inversion centre")
        basis, self.species, box = state.basis, state.functional.species, state.functional.box
        vectors, transfer = _bloch_vectors(basis), _transfer(basis, wave, symmetric)
        width, partner = vectors.members.shape[1], transfer.partner
        self.left, self.right, self.strength, self.gaps, self.mirrored, self.bands = [], [], [], [], [], []
        k, i, j = np.indices((basis.k_count, width, width)).reshape(3, -1)
        # The pair (i at k, j at k - q) becomes (j at q - k, i at -k).
        swapped = (vectors.opposite[partner[k]] * width + j) * width + i
        for index, temperature in enumerate(temperatures):
            e, f = state.levels[index][basis.star][:, :width], state.occupations[index][basis.star][:, :width]
            orbitals = state.orbitals[index][vectors.block[:, None], vectors.slots, :width]
            orbitals *= (vectors.members >= 0)[:, :, None]
            parity = _make_inversion_symmetric(orbitals, e, vectors)
            self.left.append(orbitals)
            self.right.append(orbitals[partner])
            self.strength.append(np.sqrt(_weights(e, f, e[partner], f[partner], temperature)))
            self.bands.append(_coupled_bands(self.strength[-1]))
            with np.errstate(invalid="ignore"):
                gap = e[:, :, None] - e[partner][:, None, :]
            self.gaps.append(np.where(np.isfinite(gap), gap, 0.0))
            self.mirrored.append((swapped, parity[k, i] * parity[partner[k], j]))
        self.source, self.present, self.place = transfer.source, transfer.present, transfer.place
        self.midpoints = transfer.midpoints
        self.here, self.mirror = transfer.here, transfer.mirror
        self.shape = (basis.k_count, width, width)
        self.size = len(self.species) * basis.k_count * width * width
        lengths = np.linalg.norm(transfer.integers @ box.reciprocal, axis=1)
        self.coulomb = [[state.functional.coulomb(a, b, lengths) for b in self.species] for a in self.species]
        self.exchange, self.r_s = transfer.exchange, state.functional.r_s
        self.waves, self.members = basis.waves, vectors.members

    def _split(self, vector: NDArray) -> list[NDArray]:
        return list(vector.reshape(len(self.species), *self.shape))

    def _to_table(self, blocks: NDArray) -> NDArray:
        return blocks.reshape(-1).take(self.source) * self.present

    def _from_table(self, table: NDArray) -> NDArray:
        return table.reshape(-1).take(self.place).reshape(self.shape)

    def _weighted(self, index: int, operator: NDArray) -> NDArray:
        """S F in orbitals, with the root of the number of spin components; of several operators at once."""
        left, right, few = self.left[index].transpose(0, 2, 1), self.right[index], self.bands[index]
        first = left[:, :few] @ operator @ right
        inner = np.zeros((*first.shape[:-2], *self.shape[1:]))
        inner[..., :few, :] = first
        inner[..., few:, :few] = left[:, few:] @ (operator @ right[:, :, :few])
        return np.sqrt(self.species[index].components) * self.strength[index] * inner

    def _changes(self, vector: NDArray) -> list[NDArray]:
        """Density matrices -S y of one spin component, by difference."""
        tables = []
        for index, (s, y) in enumerate(zip(self.species, self._split(vector), strict=True)):
            inner = -self.strength[index] * y / np.sqrt(s.components)
            left, right, few = self.left[index], self.right[index].transpose(0, 2, 1), self.bands[index]
            blocks = left[:, :, :few] @ (inner[:, :few] @ right)
            blocks += left[:, :, few:] @ inner[:, few:, :few] @ right[:, :few]
            tables.append(self._to_table(blocks))
        return tables

    def densities(self, vector: NDArray) -> list[NDArray]:
        """Fourier components of the density changes, all spin components."""
        return [s.components * t.sum(axis=0) for s, t in zip(self.species, self._changes(vector), strict=True)]

    def driven(self, source: int) -> NDArray:
        """S v for a potential of strength 1 on one species."""
        return self._at_q(source, 1.0)

    def moving(self, source: int, direction: NDArray) -> NDArray:
        """S j for the momentum density of one species at q along a unit vector, in 1/r_s."""
        return self._at_q(source, self.midpoints @ direction)

    def _at_q(self, source: int, values: float | NDArray) -> NDArray:
        out = np.zeros((len(self.species), *self.shape))
        table = np.zeros(self.present.shape)
        table[:, self.here] = values
        out[source] = self._weighted(source, self._from_table(table))
        return out.reshape(-1)

    def apply(self, vector: NDArray) -> NDArray:
        """(1 + S K S) y."""
        tables = self._changes(vector)
        rho = [s.components * t.sum(axis=0) for s, t in zip(self.species, tables, strict=True)]
        out = vector.reshape(len(self.species), *self.shape).copy()
        for index, exchange in enumerate(self.exchange(tables)):
            local = sum(v * r for v, r in zip(self.coulomb[index], rho, strict=True))
            out[index] -= self._weighted(index, self._from_table(exchange / self.r_s + local))
        return out.reshape(-1)

    def columns(self, pairs: NDArray) -> NDArray:
        """Columns of 1 + S K S, shape (len(pairs), size), for pairs of one species and one Bloch vector.

        Their density matrices have elements at that Bloch vector only, which a product with its part of the interaction
        makes use of.
        """
        width = self.shape[1]
        index, k = divmod(int(pairs[0]) // width**2, self.shape[0])
        first, second = np.divmod(pairs % width**2, width)
        here = self.members[k][self.members[k] >= 0]
        amplitude = -self.strength[index][k, first, second] / np.sqrt(self.species[index].components)
        blocks = np.einsum("pn,qn->npq", amplitude * self.left[index][k][:, first], self.right[index][k][:, second])
        # Places where there is no pair may belong to other blocks.
        present = self.present[here] > 0
        places = np.where(present, self.source[here] - k * width**2, 0)
        tables = blocks.reshape(len(pairs), -1)[:, places] * present
        rho = self.species[index].components * tables.sum(axis=1)
        everywhere = np.arange(len(self.waves))
        exchange = between(self.waves, potential_table(self.waves), everywhere, here) @ tables / self.r_s
        out = np.zeros((len(pairs), len(self.species), *self.shape))
        for other in range(len(self.species)):
            local = (self.coulomb[other][index] * rho)[:, None, :]
            table = exchange + local if other == index else np.broadcast_to(local, exchange.shape)
            fock = table.reshape(len(pairs), -1)[:, self.place.reshape(-1)].reshape(-1, *self.shape)
            out[:, other] = -self._weighted(other, fock)
        out = out.reshape(len(pairs), -1)
        out[np.arange(len(pairs)), pairs] += 1.0
        return out


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


def _coupled_bands(strength: NDArray) -> int:
    """Number of lowest bands of which each pair holds one, but for strengths that rounding would hide."""
    large = (strength > 1e-9 * strength.max(initial=0.0)).any(axis=0)
    return next((b for b in range(len(large)) if not large[b:, b:].any()), len(large))


def _make_inversion_symmetric(orbitals: NDArray, levels: NDArray, vectors: "_BlochVectors") -> NDArray:
    """Make orbitals at -k the images of those at k, and those of a k that is its own opposite even or odd, in place.

    Returns the sign that an orbital takes in this, shape (n_k, width).
    """
    parity = np.ones(levels.shape)
    for k, other in enumerate(vectors.opposite):
        count = vectors.counts[k]
        slots, block = vectors.image[k, :count], orbitals[k, :count, :count]
        if other > k:
            orbitals[other] = 0.0
            orbitals[other, slots] = orbitals[k, :count]
        elif other == k:
            # Degenerate orbitals may mix both parities.
            edges = np.flatnonzero(np.diff(levels[k, :count]) > 1e-7 * np.abs(levels[k, :count]).max()) + 1
            for group in np.split(np.arange(count), edges):
                overlap = block[:, group].T @ block[slots][:, group]
                parity[k, group], turn = np.linalg.eigh(0.5 * (overlap + overlap.T))
                block[:, group] = block[:, group] @ turn
    return np.rint(parity)


class _BlochVectors(NamedTuple):
    """All Bloch vectors of a basis; a state of more symmetry knows the irreducible ones only.

    `members` holds the plane waves of each, padded with -1, `counts` their number, `opposite` the number of -k, `image`
    the slot there of each -p, and `block` and `slots` where the coefficient of p stands among the irreducible ones.
    """

    members: NDArray
    counts: NDArray
    opposite: NDArray
    image: NDArray
    block: NDArray
    slots: NDArray


class _Transfer(NamedTuple):
    """Differences p - p' = q + G of all pairs, `integers`, where each pair of a table stands in the blocks, `source`.

    `present` is 1 where there is such a pair and 0 elsewhere, and `place` where each entry of the blocks, or one that a
    symmetry makes of it, stands in the table (anywhere for padded slots, which carry no weight). `partner` is the Bloch
    vector k - q of each k, `here` and `mirror` the places of q and -q among the differences, and `midpoints` holds
    p - q/2.
    """

    partner: NDArray
    integers: NDArray
    source: NDArray
    present: NDArray
    place: NDArray
    here: int
    mirror: int | None
    midpoints: NDArray
    exchange: ExchangeProduct


@lru_cache(maxsize=4)
def _bloch_vectors(basis: BlochBasis) -> _BlochVectors:
    waves = basis.waves
    groups = [np.flatnonzero(basis.k_of == k) for k in range(basis.k_count)]
    counts = np.array([len(g) for g in groups])
    members = np.full((basis.k_count, counts.max()), -1)
    for row, group in zip(members, groups, strict=True):
        row[: len(group)] = group
    slot = np.zeros(len(waves), dtype=int)
    slot[members[members >= 0]] = np.nonzero(members >= 0)[1]
    minus = waves.index(-waves.integers)
    block_of, slot_of = np.full(len(waves), -1), np.zeros(len(waves), dtype=int)
    rows, columns = np.nonzero(basis.valid)
    block_of[basis.members[rows, columns]], slot_of[basis.members[rows, columns]] = rows, columns
    block, slots = np.zeros(len(members), dtype=int), np.zeros_like(members)
    for k, group in enumerate(groups):
        images = (waves.index(waves.integers[group] @ g) for g in basis.fourier.group)
        image = next(i for i in images if block_of[i[0]] >= 0)
        block[k], slots[k, : len(group)] = block_of[image[0]], slot_of[image]
    return _BlochVectors(members, counts, basis.k_of[minus[members[:, 0]]], slot[minus[members]], block, slots)


@lru_cache(maxsize=32)
def _transfer(basis: BlochBasis, wave: tuple[int, int], symmetric: bool) -> _Transfer:
    waves, members = basis.waves, _bloch_vectors(basis).members
    width = members.shape[1]
    partner = np.full(len(members), -1)
    for k, row in enumerate(members):
        found = waves.index(waves.integers[row[row >= 0]] - np.array(wave))
        partner[k] = basis.k_of[found[found >= 0][0]]
    if (partner == np.arange(len(members))).any():
        raise ArgumentError("wave", wave, "a wave vector of the box that is no reciprocal vector of the cell")
    first, i, j = np.nonzero((members >= 0)[:, :, None] & (members >= 0)[partner][:, None, :])
    p, other = members[first, i], members[partner[first], j]
    # One integer for each difference, which sorts faster than two.
    span = 4 * np.abs(waves.integers).max() + 1
    code, where = np.unique((waves.integers[p] - waves.integers[other]) @ [span, 1], return_inverse=True)
    low = (code + span // 2) % span - span // 2
    integers = np.stack([(code - low) // span, low], axis=1)
    row, column, where = p, where.reshape(-1), where.reshape(-1)
    if symmetric:
        row, column = _representatives(basis, wave, integers, np.stack([p, other]), where)
        kept = np.unique(column)
        integers, column = integers[kept], np.searchsorted(kept, column)
        where = np.where(np.isin(where, kept), np.searchsorted(kept, where), -1)
    shape = len(waves), len(integers)
    source, present, needed = np.zeros(shape, dtype=int), np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    there, entry = where >= 0, (first * width + i) * width + j
    source[p[there], where[there]], present[p[there], where[there]], needed[row, column] = entry[there], True, True
    place = np.zeros((len(members), width, width), dtype=int)
    place[first, i, j] = row * len(integers) + column
    here, mirror = (np.flatnonzero((integers == s * np.array(wave)).all(axis=1)) for s in (1, -1))
    midpoints = waves.vectors - 0.5 * np.array(wave) @ waves.box.reciprocal
    exchange = exchange_product(waves, np.arange(len(waves)), integers, present, needed)
    return _Transfer(
        partner,
        integers,
        source,
        present.astype(float),
        place,
        int(here[0]),
        int(mirror[0]) if len(mirror) else None,
        midpoints,
        exchange,
    )


def _representatives(
    basis: BlochBasis, wave: tuple[int, int], integers: NDArray, pairs: NDArray, where: NDArray
) -> tuple[NDArray, NDArray]:
    """Plane wave p and difference of one pair p, p - delta of the orbit of each pair under the symmetries of q.

    Differences are numbered as in `integers`, `where` is that of each pair.
    """
    waves, q = basis.waves, np.array(wave)
    # Of pairs with one difference those that lie together are taken.
    places = np.argsort(np.argsort(np.round(waves.vectors[:, 0], 9), kind="stable"))
    best = where * len(waves) + places[pairs[0]]
    for operation in basis.fourier.group:
        image = waves.index(waves.integers @ operation)
        # An operation that reverses q takes a pair to one whose Hermitian conjugate belongs to q.
        for sign, left in ((1, pairs[0]), (-1, pairs[1])):
            if (q @ operation == sign * q).all():
                same = (sign * integers @ operation)[:, None, :] == integers
                best = np.minimum(best, same.all(axis=-1).argmax(axis=1)[where] * len(waves) + places[image[left]])
    column, place = np.divmod(best, len(waves))
    return np.argsort(places)[place], column
