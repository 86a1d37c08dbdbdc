"""Eliashberg kernels on Matsubara frequencies that are explicit where they lie dense and interpolated beyond."""

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ehbilayer.compilation import kernel

# Frequencies kept one by one at the origin, and half width of the explicit range about n = m.
EXPLICIT = 64


_NEAR = 16


# The grid reaches this many times the largest plasmon frequency; the gap function's tail falls like 1/n^2.
REACH = 128


@dataclass(frozen=True, eq=False)
class Sums:
    """Compressed sums over Matsubara indices; see `sums_at`."""

    points: np.ndarray
    rows: np.ndarray
    nodes: np.ndarray
    weights: np.ndarray
    columns: np.ndarray
    interpolation: np.ndarray
    total: np.ndarray


@lru_cache(maxsize=8)
def sums_at(octaves, order):
    """Grid of ``EXPLICIT 2^octaves`` Matsubara indices and rules for sums over m seen from every grid point n.

    A node m of weight w contributes ``w f(m) = w sum_j interpolation[j] f(points[columns + j])``; ``columns`` is -1
    beyond the grid, where f is its asymptotic value.
    """
    end = EXPLICIT * 2**octaves
    edges = EXPLICIT * 2 ** np.arange(octaves + 1)
    local = 0.5 * (1 - np.cos(np.pi * np.arange(order) / (order - 1)))
    points = [np.arange(EXPLICIT)]
    points += [low + np.rint(local * (low - 1)).astype(int) for low in edges[:-1]]
    points = np.concatenate(points)

    outer = end * 2 ** np.arange(8)
    # Every explicit index is a node: the panels below EXPLICIT are no longer than _NEAR.
    base = np.concatenate([np.arange(0, EXPLICIT, _NEAR), edges, outer[1:]])
    steps = _NEAR * 2 ** np.arange(octaves + 10)
    rows, nodes, weights = [], [], []
    for row, n in enumerate(points):
        cuts = np.unique(np.concatenate([base, [n, n + 1], n - steps + 1, n + steps]))
        cuts = cuts[(cuts >= 0) & (cuts <= base[-1])]
        for low, high in itertools.pairwise(cuts):
            x, w = _discrete_gauss(int(high - low), order)
            nodes.append(low + x)
            weights.append(w)
            rows.append(np.full(len(x), row))
    rows, nodes, weights = map(np.concatenate, (rows, nodes, weights))
    columns, interpolation = _interpolation(nodes, points, edges, order, end)

    # Plain sum over m of f(m)/(m + 1/2) with f falling like 1/m^2 beyond the grid.
    pieces = [(low, *_discrete_gauss(int(high - low), order)) for low, high in itertools.pairwise(base) if high <= end]
    x = np.concatenate([low + nodes_ for low, nodes_, _ in pieces])
    w = np.concatenate([weights_ for _, _, weights_ in pieces])
    total = np.zeros(len(points))
    start, coefficients = _interpolation(x, points, edges, order, end)
    np.add.at(total, start[:, None] + np.arange(order), (w / (x + 0.5))[:, None] * coefficients)
    total[-1] += 0.5
    return Sums(points, rows, nodes, weights, columns, interpolation, total)


@lru_cache(maxsize=65536)
def _discrete_gauss(length, order):
    """Gauss rule for the sum over 0, 1, ..., length - 1: exact for polynomials of degree below 2 order."""
    if length <= max(_NEAR, order):
        return np.arange(length, dtype=float), np.ones(length)
    k = np.arange(1, order)
    beta = k**2 * (float(length) ** 2 - k**2) / (4 * (4 * k**2 - 1))
    # Golub-Welsch for the discrete Chebyshev (Gram) polynomials, scaled to a length of order one.
    values, vectors = np.linalg.eigh(np.diag(np.sqrt(beta) / length, 1) + np.diag(np.sqrt(beta) / length, -1))
    return (length - 1) / 2 + length * values, length * vectors[0] ** 2


def _interpolation(nodes, points, edges, order, end):
    """First column and Lagrange coefficients of each node; explicit indices stand for themselves."""
    panel = np.searchsorted(edges, nodes, side="right") - 1
    inside = np.clip(panel, 0, len(edges) - 2)
    columns = EXPLICIT + order * inside
    grids = points[EXPLICIT:].reshape(-1, order).astype(float)
    difference = (grids[:, :, None] - grids[:, None, :]) / (grids[:, -1] - grids[:, 0])[:, None, None]
    difference[:, np.arange(order), np.arange(order)] = 1.0
    barycentric = 1 / np.prod(difference, axis=2)
    # Nodes beyond the grid are marked below; any finite coefficients will do for them.
    distance = np.minimum(nodes, end - 1)[:, None] - grids[inside]
    hit = distance == 0
    on_node = hit.any(axis=1)[:, None]
    terms = np.where(on_node, hit, barycentric[inside] / np.where(hit, 1.0, distance))
    coefficients = terms / terms.sum(axis=1)[:, None]
    explicit = panel < 0
    first = np.minimum(np.rint(nodes).astype(int), EXPLICIT - order)
    columns = np.where(explicit, first, columns)
    exact = np.arange(order) == (np.rint(np.minimum(nodes, end)).astype(int) - first)[:, None]
    coefficients = np.where(explicit[:, None], exact, coefficients)
    return np.where(nodes >= end, -1, columns), coefficients.astype(float)


@kernel(error_model="numpy")
def kernel_matrices(points, rows, nodes, weights, columns, interpolation, ratios, couplings):
    """Matrices of sum_m [l(n-m) + l(n+m+1)] f(m)/(2m+1), last column f(inf), and sum_m [l(n-m) - l(n+m+1)] g(m)."""
    size, order = len(points), interpolation.shape[1]
    plus, minus = np.zeros((size, size + 1)), np.zeros((size, size))
    difference = (nodes - points[rows]) ** 2
    together = (nodes + points[rows] + 1) ** 2
    near, far = np.zeros(len(nodes)), np.zeros(len(nodes))
    # Nodes innermost: they do not wait for each other, so that several are divided at once.
    for k in range(len(ratios)):
        square = ratios[k] ** 2
        strength = couplings[k] * square
        for i in range(len(nodes)):
            near[i] += strength / (square + difference[i])
            far[i] += strength / (square + together[i])
    for i in range(len(nodes)):
        even = weights[i] * (near[i] + far[i]) / (2 * nodes[i] + 1)
        odd = weights[i] * (near[i] - far[i])
        if columns[i] < 0:
            plus[rows[i], size] += even
        else:
            for j in range(order):
                plus[rows[i], columns[i] + j] += even * interpolation[i, j]
                minus[rows[i], columns[i] + j] += odd * interpolation[i, j]
    return plus, minus
