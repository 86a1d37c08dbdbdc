"""Products of the exchange in groups of differences that share their plane waves.

A difference Q of plane waves belongs to the pairs p, p - Q with both inside the cutoff: p lies in a lens, a quarter of
the disc on average. In one matrix product for all Q most of the work is on zeros, or for entries that no pair has. In
groups of Q of similar length and direction, each with the union of its lenses, it is a third of that.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# What a row of a matrix costs to be fetched, in columns that it is multiplied with.
_FETCH = 6

# Groups are not split below this number of differences, and only where that saves this share.
_LEAST, _GAIN = 4, 0.05


class Lens(NamedTuple):
    """A group of differences and the plane waves of its pairs.

    Attributes
    ----------
    differences : ndarray of int
        Columns of the table of pairs.
    rows : ndarray of int
        Rows of the product that a pair has.
    waves : ndarray of int
        Rows of the table that a pair has.
    """

    differences: NDArray
    rows: NDArray
    waves: NDArray

    def of(self, kernel: NDArray) -> NDArray:
        """The part of a matrix (rows of the product by rows of the table) that the group needs."""
        return kernel[np.ix_(self.rows, self.waves)]


def lenses(vectors: NDArray, wanted: NDArray, present: NDArray) -> list[Lens]:
    """Groups of differences between which the product takes least time, by halving along length, angle, x or y.

    Parameters
    ----------
    vectors : ndarray, shape (m, 2)
        The differences.
    wanted : ndarray of bool, shape (rows, m)
        Which entries of the product belong to a pair.
    present : ndarray of bool, shape (n, m)
        Which entries of the table do.

    Examples
    --------
    >>> pairs = np.array([[True, False], [True, False], [False, True]])
    >>> [lens.waves.tolist() for lens in lenses(np.eye(2), pairs, pairs)]
    [[0, 1, 2]]
    """

    def cost(group):
        sides = np.count_nonzero(wanted[:, group].any(axis=1)) * np.count_nonzero(present[:, group].any(axis=1))
        return sides * (len(group) + _FETCH)

    def split(group):
        if len(group) < 2 * _LEAST:
            return [group]
        x, y = vectors[group].T
        orders = (np.argsort(key, kind="stable") for key in (np.hypot(x, y), np.arctan2(y, x), x, y))
        cuts = sorted({max(_LEAST, len(group) * share // 6) for share in (2, 3, 4)})
        halves = [(group[order[:cut]], group[order[cut:]]) for order in orders for cut in cuts]
        left, right = min(halves, key=lambda pair: cost(pair[0]) + cost(pair[1]))
        if cost(left) + cost(right) > (1 - _GAIN) * cost(group):
            return [group]
        return split(left) + split(right)

    return [
        Lens(group, np.flatnonzero(wanted[:, group].any(axis=1)), np.flatnonzero(present[:, group].any(axis=1)))
        for group in split(np.arange(len(vectors)))
    ]
