r"""The exchange of density matrices ordered by differences, a matrix product, where there are pairs of plane waves.

With D ordered by the difference of its plane waves, D[p, delta] = D(p, p - delta), the exchange

.. math:: \Sigma[p, \delta] = -\sum_{p'} \frac{V(p - p')}{A} D[p', \delta]

is one matrix product for all differences. But p and p - delta both lie in the basis on average for a quarter of all p
only, so that most of it multiplies by zero or is not asked for. Differences that lie together share their pairs: the
product is taken for a few of them at a time, with the rows and columns of the interaction that they need.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.model.coulomb import interaction
from ehbilayer.model.plane_waves import PlaneWaves

# Differences at a time. Small parts leave out most; they repeat rows of the interaction, which beyond the size of a
# core's cache costs more than is saved.
_FEW, _MANY, _CACHE = 3, 8, 2 * 2**20


class _Part(NamedTuple):
    """Some differences: plane waves of the result and of the sum, and their places in both tables, flattened."""

    rows: NDArray
    members: NDArray
    target: NDArray
    source: NDArray
    interaction: NDArray


@dataclass(frozen=True, eq=False)
class ExchangeProduct:
    """Made by `exchange_product`.

    Attributes
    ----------
    rows : int
        Of the result.
    parts : tuple
    """

    rows: int
    parts: tuple[_Part, ...]

    @property
    def operations(self) -> int:
        """Multiplications and additions for one table."""
        return sum(2 * part.interaction.size * (part.source.size // len(part.members)) for part in self.parts)

    def on(self, waves: PlaneWaves) -> "ExchangeProduct":
        """The same of the same plane waves in another box."""
        potential = potential_table(waves)
        parts = (x._replace(interaction=between(waves, potential, x.rows, x.members)) for x in self.parts)
        return ExchangeProduct(self.rows, tuple(parts))

    def __call__(self, tables: list[NDArray]) -> list[NDArray]:
        """Exchange of each table, in e^2/(eps_r r_s).

        Parameters
        ----------
        tables : list of ndarray, shape (n, n_delta)
            Real or complex, all alike; 0 where there is no pair.

        Returns
        -------
        list of ndarray, shape (rows, n_delta)
            0 where the result was not asked for, and anything where only its neighbours were.
        """
        differences = tables[0].shape[1]
        entries = np.stack(tables, axis=-1).reshape(-1, len(tables))
        # Complex numbers as pairs of real ones, which the interaction does not mix.
        numbers = entries.view(float)
        out = np.zeros((self.rows * differences, numbers.shape[1]))
        for part in self.parts:
            right = numbers.take(part.source, axis=0).reshape(len(part.members), -1)
            out[part.target] = (part.interaction @ right).reshape(-1, out.shape[1])
        results = out.view(entries.dtype).reshape(self.rows, differences, -1)
        return list(np.ascontiguousarray(np.moveaxis(results, -1, 0)))


def exchange_product(
    waves: PlaneWaves, rows: NDArray, differences: NDArray, present: NDArray, needed: NDArray
) -> ExchangeProduct:
    """Prepare the product.

    Parameters
    ----------
    waves : PlaneWaves
    rows : ndarray of int, shape (m,)
        Plane waves p of the result.
    differences : ndarray of int, shape (n_delta, 2)
        In the box's reciprocal vectors.
    present : ndarray of bool, shape (n, n_delta)
        Where the tables are not zero.
    needed : ndarray of bool, shape (m, n_delta)
        Where the result is asked for.

    Returns
    -------
    ExchangeProduct
    """
    potential, vectors = potential_table(waves), differences @ waves.box.reciprocal
    most = _FEW if len(rows) * len(waves) * 8 <= _CACHE else _MANY
    parts = []
    for near in _neighbours(vectors, np.flatnonzero(needed.any(axis=0)), most):
        above, members = (np.flatnonzero(mask[:, near].any(axis=1)) for mask in (needed, present))
        target, source = ((index[:, None] * len(differences) + near).reshape(-1) for index in (above, members))
        parts.append(_Part(rows[above], members, target, source, between(waves, potential, rows[above], members)))
    return ExchangeProduct(len(rows), tuple(parts))


@lru_cache(maxsize=8)
def potential_table(waves: PlaneWaves) -> NDArray:
    """Minus V(q)/A at all differences of plane waves, by their integers plus twice the largest ones."""
    first, second = 2 * np.abs(waves.integers).max(axis=0)
    steps = np.stack(np.meshgrid(np.arange(-first, first + 1), np.arange(-second, second + 1), indexing="ij"), axis=-1)
    return -interaction(np.linalg.norm(steps @ waves.box.reciprocal, axis=-1)) / waves.box.area


def between(waves: PlaneWaves, potential: NDArray, rows: NDArray, members: NDArray) -> NDArray:
    """Minus V(p - p')/A of some plane waves p with others, shape (rows, members), from `potential_table`."""
    # Places in the flattened table are linear in the integers, so that they subtract; its middle is q = 0.
    place = waves.integers @ [potential.shape[1], 1]
    return potential.reshape(-1).take((place[rows] + potential.size // 2)[:, None] - place[members])


def _neighbours(vectors: NDArray, indices: NDArray, most: int) -> list[NDArray]:
    """Groups of at most so many vectors that lie together: halves across the longer side, again and again."""
    if len(indices) <= most:
        return [indices]
    spread = vectors[indices]
    axis = int(np.argmax(np.ptp(spread, axis=0)))
    # Rounded, so that the groups are the same on every machine.
    ordered = indices[np.argsort(np.round(spread[:, axis], 9), kind="stable")]
    middle = len(ordered) // 2
    return [*_neighbours(vectors, ordered[:middle], most), *_neighbours(vectors, ordered[middle:], most)]
