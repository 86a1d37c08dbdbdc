"""Angular averages of the Coulomb interaction and its radial integral operators.

For isotropic functions in two dimensions, with q = |k - k'|,

    sum_k' V(q) f(k') = int_0^inf k' dk' v(k, k') f(k'),   v(k, k') = (1/pi) int_0^pi dphi exp(-q d)/q.

Let a = |k - k'| and b = k + k'. Jacobi's elliptic functions straighten the angle: q = b dn(u) with
complementary modulus a/b, and dphi/q = (2/b) du, so that v = (2/(pi b)) int_0^K du exp(-d b dn u). The
integrand is periodic and analytic, and the trapezoidal rule converges exponentially for every k != k'.

v has a logarithmic singularity at k' = k, v = A ln|k - k'| + B with A and B analytic in k' > 0. A is
the integral over the vanishing cycle 0 < q < a of the odd part cosh(q d)/q,
A = -(4/(pi^2 b)) int_0^K du cosh(d a sn u) with modulus a/b. Product integration takes care of it.

Lengths and wave numbers here are in one common unit.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.numerics.quadrature import Panels, gauss_legendre, log_weights

# Points of the periodic trapezoidal rule: its error is exp(-2 pi N K'/K) with K' >= pi/2, that is
# exp(-pi^2 N/K) at worst. 3.3 K leaves 1e-14; the constant covers exponents d b of some tens.
_POINTS_PER_PERIOD = 3.3
_POINTS = 8

# exp(-a d) below 1e-17 is nothing.
_NEGLIGIBLE = 39.0


@dataclass(frozen=True, eq=False)
class RadialGrid:
    """Panels in k, and what product integration needs on them.

    Attributes
    ----------
    panels : Panels
    k : ndarray, shape (n,)
        Nodes.
    measure : ndarray, shape (n,)
        Weights of int k dk.
    near_row, near_column : ndarray of int, shape (m,)
        Pairs of nodes where the column's panel lies close to the row's node, the diagonal left out.
    near_weight : ndarray, shape (m,)
        k' times the difference between the logarithmic weight and w' ln|k - k'|, which multiplies A.
    diagonal_log, diagonal_plain : ndarray, shape (n,)
        k times the weights that multiply A and B on the diagonal.
    """

    panels: Panels
    k: np.ndarray
    measure: np.ndarray
    near_row: np.ndarray
    near_column: np.ndarray
    near_weight: np.ndarray
    diagonal_log: np.ndarray
    diagonal_plain: np.ndarray


@lru_cache(maxsize=128)
def radial_grid(edges, order):
    """Grid of the given panels; kept, because sweeps use the same one many times."""
    panels = Panels(edges, order)
    k, w = panels.nodes, panels.weights
    # From twice the half width on, Gauss-Legendre quadrature integrates the logarithm to rho^(-2 order), rho = 3.7.
    local = (k[:, None] - panels.centres) / panels.halves
    near, panel = np.nonzero(np.abs(local) < 2.0)
    half = panels.halves[panel, None]
    weight = half * (log_weights(order, local[near, panel]) + np.log(half) * gauss_legendre(order)[1])
    row, column = np.broadcast_arrays(near[:, None], panel[:, None] * order + np.arange(order))
    row, column, weight = row.reshape(-1), column.reshape(-1), weight.reshape(-1)
    on = row == column
    diagonal = np.zeros(len(k))
    diagonal[row[on]] = weight[on]
    row, column, weight = row[~on], column[~on], weight[~on]
    correction = k[column] * (weight - w[column] * np.log(np.abs(k[row] - k[column])))
    return RadialGrid(panels, k, w * k, row, column, correction, k * diagonal, k * w)


@lru_cache(maxsize=16)
def intralayer(edges, order):
    """Matrix of f -> int k' dk' v(k, k') f(k') within a layer, d = 0."""
    grid = radial_grid(edges, order)
    matrix = _average_bare(grid.k) * grid.measure
    matrix[grid.near_row, grid.near_column] += (
        grid.near_weight * _log_part(grid.k, grid.near_row, grid.near_column, 0.0)[:, 0]
    )
    bare_log = -1 / (np.pi * grid.k)
    np.fill_diagonal(matrix, grid.diagonal_log * bare_log - grid.diagonal_plain * bare_log * np.log(8 * grid.k))
    matrix.setflags(write=False)
    return matrix


@lru_cache(maxsize=32)
def interlayer(edges, order, separation):
    """Matrices of exp(-q d)/q, as in `intralayer`, and of exp(-q d), minus its derivative with respect to d.

    Kept, because bilayers of other masses at the same distance and density ask for the same ones.
    """
    grid = radial_grid(edges, order)
    k = grid.k
    values, slopes = angular_averages(k, separation)
    values *= grid.measure
    slopes *= grid.measure
    log_part = _log_part(k, grid.near_row, grid.near_column, separation)
    values[grid.near_row, grid.near_column] += grid.near_weight * log_part[:, 0]
    slopes[grid.near_row, grid.near_column] += grid.near_weight * log_part[:, 1]
    bare_log = -1 / (np.pi * k)
    drop, slope = _diagonal(k, separation)
    np.fill_diagonal(values, grid.diagonal_log * bare_log - grid.diagonal_plain * (bare_log * np.log(8 * k) + drop))
    np.fill_diagonal(slopes, grid.diagonal_plain * slope)
    for matrix in (values, slopes):
        matrix.setflags(write=False)
    return values, slopes


def _diagonal(k, separation):
    """Averages of (1 - exp(-q d))/q and exp(-q d) at k' = k, where q = 2 k sin(phi/2)."""
    x, w = gauss_legendre(24)
    z = 2 * k * separation
    # Panels halve towards phi = 0 until one of them holds the layer of width 1/z.
    levels = int(np.ceil(np.log2(max(z.max(), 1.0)))) + 1
    ends = np.pi / 2 * np.concatenate([[0.0], 0.5 ** np.arange(levels, -1, -1)])
    sine = np.sin((ends[1:, None] + ends[:-1, None] + np.diff(ends)[:, None] * x) / 2).reshape(-1)
    weight = (np.diff(ends)[:, None] * w / np.pi).reshape(-1)
    exponent = -z[:, None] * sine
    return (-np.expm1(exponent) / (2 * k[:, None] * sine)) @ weight, np.exp(exponent) @ weight


@kernel
def _quarter_period(complement):
    """Complete elliptic integral K from the complementary modulus, by the arithmetic-geometric mean."""
    x, y = 1.0, complement
    while abs(x - y) > 4e-16 * x:
        x, y = 0.5 * (x + y), np.sqrt(x * y)
    return 0.5 * np.pi / (0.5 * (x + y))


@kernel
def _jacobi(u, modulus, complement):
    """sn, cn and dn by descending Landen transformations."""
    ratio = np.empty(16)
    x, y, c = 1.0, complement, modulus
    n = 0
    while abs(c) > 1e-16 * x and n < 15:
        x, y, c = 0.5 * (x + y), np.sqrt(x * y), 0.5 * (x - y)
        n += 1
        ratio[n] = c / x
    phi = 2.0**n * x * u
    for level in range(n, 0, -1):
        phi = 0.5 * (phi + np.arcsin(ratio[level] * np.sin(phi)))
    sn, cn = np.sin(phi), np.cos(phi)
    return sn, cn, np.sqrt(cn * cn + complement * complement * sn * sn)


@kernel
def _average_bare(k):
    n = len(k)
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            b = k[i] + k[j]
            out[i, j] = 2 / (np.pi * b) * _quarter_period(abs(k[i] - k[j]) / b)
            out[j, i] = out[i, j]
    return out


@kernel
def angular_averages(k, separation):
    """Averages of exp(-q d)/q and exp(-q d) over the angle, off the diagonal.

    Parameters
    ----------
    k : ndarray, shape (n,)
        Wave numbers.
    separation : float
        d in the same length.

    Returns
    -------
    values, slopes : ndarray, shape (n, n)
        With zeros on the diagonal.
    """
    n = len(k)
    values, slopes = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            a, b = abs(k[i] - k[j]), k[i] + k[j]
            if a * separation > _NEGLIGIBLE:
                continue
            period = _quarter_period(a / b)
            half = int(0.5 * (_POINTS + _POINTS_PER_PERIOD * period)) + 1
            step = period / (2 * half)
            modulus = 2 * np.sqrt(k[i] * k[j]) / b
            s1, c1, d1 = _jacobi(step, modulus, a / b)
            square = modulus * modulus
            s, c, d = 0.0, 1.0, 1.0
            # dn(K - u) = (a/b)/dn(u): the outer half of the period comes for free.
            far, near = np.exp(-b * separation), np.exp(-a * separation)
            value, slope = 0.5 * (far + near), 0.5 * (b * far + a * near)
            for m in range(1, half + 1):
                scale = 1.0 / (1.0 - square * (s * s1) ** 2)
                s, c, d = (
                    (s * c1 * d1 + s1 * c * d) * scale,
                    (c * c1 - s * s1 * d * d1) * scale,
                    (d * d1 - square * s * s1 * c * c1) * scale,
                )
                q = b * d
                term = np.exp(-q * separation)
                value += term
                slope += q * term
                if m < half:
                    q = a / d
                    term = np.exp(-q * separation)
                    value += term
                    slope += q * term
            factor = 2 * step / (np.pi * b)
            values[i, j] = values[j, i] = factor * value
            slopes[i, j] = slopes[j, i] = factor * slope
    return values, slopes


@kernel
def _log_part(k, row, column, separation):
    """Coefficients A of ln|k - k'| in the averages of exp(-q d)/q and exp(-q d), shape (m, 2)."""
    out = np.empty((len(row), 2))
    for m in range(len(row)):
        x, y = k[row[m]], k[column[m]]
        a, b = abs(x - y), x + y
        complement = 2 * np.sqrt(x * y) / b
        period = _quarter_period(complement)
        if separation == 0.0:
            out[m, 0], out[m, 1] = -4 / (np.pi**2 * b) * period, 0.0
            continue
        points = int(_POINTS + _POINTS_PER_PERIOD * period + 0.5 * a * separation)
        step = period / points
        s1, c1, d1 = _jacobi(step, a / b, complement)
        square = (a / b) ** 2
        s, c, d = 0.0, 1.0, 1.0
        value, slope = 0.5, 0.0
        for p in range(1, points + 1):
            scale = 1.0 / (1.0 - square * (s * s1) ** 2)
            s, c, d = (
                (s * c1 * d1 + s1 * c * d) * scale,
                (c * c1 - s * s1 * d * d1) * scale,
                (d * d1 - square * s * s1 * c * c1) * scale,
            )
            q = a * s
            grow = np.exp(q * separation)
            end = 0.5 if p == points else 1.0
            value += end * 0.5 * (grow + 1 / grow)
            slope += end * q * 0.5 * (grow - 1 / grow)
        factor = 4 * step / (np.pi**2 * b)
        out[m, 0], out[m, 1] = -factor * value, factor * slope
    return out
