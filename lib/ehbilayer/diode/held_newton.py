"""Compiled Newton's method for the spinor and the chemical potentials of `ehbilayer.diode.held_field`, at one X."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.held_sums import Trial, held_sums


class HeldPoint(NamedTuple):
    """What a state has to fulfil, and which of its unknowns are free besides X.

    Attributes
    ----------
    T : float
        Temperature in T_c.
    same : float
        1 without overlaps, 1/2 with them, when the spinor may turn.
    inverse : float
        Of the coupling, with what the nodes leave out.
    electrons, holes : float
        Densities.
    held : bool
        Whether the densities are held, by both chemical potentials.
    mirrored : bool
        Whether the spinor stays in the mirror plane.
    whole : bool
        Whether the sums contain what Newton's method does not need: False, as a number that the compiler does not know,
        for with the constant it would compile the sums a second time.
    """

    T: float
    same: float
    inverse: float
    electrons: float
    holes: float
    held: bool
    mirrored: bool
    whole: bool


class Settled(NamedTuple):
    """Best spinor and chemical potentials at one X, and both derivatives along X with these following."""

    mean: float
    half: float
    d: NDArray[np.float64]
    slope: float
    curvature: float


@kernel(error_model="numpy")
def across(d: NDArray) -> NDArray[np.float64]:
    """Two directions across a unit vector, the first in the mirror plane if it is.

    Parameters
    ----------
    d : ndarray, shape (3,)

    Returns
    -------
    ndarray, shape (2, 3)

    Examples
    --------
    >>> np.abs(across(np.array([0.0, 0.0, 1.0]))).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    out = np.zeros((2, 3))
    first, second = out[0], out[1]
    norm = math.hypot(d[0], d[2])
    first[0], first[2] = (d[2] / norm, -d[0] / norm) if norm > 1e-8 else (1.0, 0.0)
    along = first[0] * d[0] + first[2] * d[2]
    for i in range(3):
        first[i] -= d[i] * along
    first /= math.sqrt(first[0] ** 2 + first[1] ** 2 + first[2] ** 2)
    second[0] = d[1] * first[2] - d[2] * first[1]
    second[1] = d[2] * first[0] - d[0] * first[2]
    second[2] = d[0] * first[1] - d[1] * first[0]
    return out


@kernel(error_model="numpy")
def trial_at(X: float, mean: float, half: float, d: NDArray, same: float) -> Trial:
    """Arguments of the sums at a state.

    Parameters
    ----------
    X, mean, half : float
    d : ndarray, shape (3,)
        Direction of the spinor.
    same : float

    Returns
    -------
    Trial
    """
    factor = 1.0 - same
    none = (0.0, 0.0, 0.0)
    if factor == 0.0:
        return Trial(X, mean, half, same, none, none, none)
    both = factor * across(d)
    first, second = both[0], both[1]
    return Trial(
        X,
        mean,
        half,
        same,
        (factor * d[0], factor * d[1], factor * d[2]),
        (first[0], first[1], first[2]),
        (second[0], second[1], second[2]),
    )


@kernel(error_model="numpy")
def turned(d: NDArray, first: float, second: float) -> NDArray[np.float64]:
    """A unit vector moved by so much along both directions across it.

    Parameters
    ----------
    d : ndarray, shape (3,)
    first, second : float

    Returns
    -------
    ndarray, shape (3,)
    """
    if first == 0.0 and second == 0.0:
        return d
    both = across(d)
    new = d + first * both[0] + second * both[1]
    return new / math.sqrt(new[0] ** 2 + new[1] ** 2 + new[2] ** 2)


@kernel(error_model="numpy")
def definite(jacobian: NDArray, rest: NDArray, held: bool) -> NDArray[np.float64]:
    """Derivatives of what vanishes in the unknowns other than X, of definite sign in each.

    Parameters
    ----------
    jacobian : ndarray, shape (5, 5)
        As `ehbilayer.diode.held_sums.HeldSums` has it.
    rest : ndarray of int, shape (n,)
        Those unknowns: angles, then chemical potentials.
    held : bool
        Whether the latter are among them.

    Returns
    -------
    ndarray, shape (n, n)
    """
    n = rest.size
    block = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            block[i, j] = jacobian[rest[i], rest[j]]
        if held and i >= n - 2:
            # A gap may leave nothing of them.
            block[i, i] -= 1e-9
        else:
            block[i, i] = max(block[i, i], 1e-6)
    return block


@kernel(error_model="numpy")
def settle(
    table: NDArray, point: HeldPoint, X: float, mean: float, half: float, d: NDArray, tolerance: float
) -> Settled:
    """Best spinor and chemical potentials at one X, by Newton's method, and both derivatives along X there.

    No sums are taken after the last step, shorter than the tolerance: the first derivative follows it linearly, so that
    its error is of second order.

    Parameters
    ----------
    table : ndarray, shape (12, n)
        As `ehbilayer.diode.momentum_cells.MomentumNodes.table`.
    point : HeldPoint
    X, mean, half : float
        Of where to start.
    d : ndarray, shape (3,)
    tolerance : float
        Of the last step, in T or 1.

    Returns
    -------
    Settled
    """
    spins = point.same < 1.0
    rest = np.empty(4, dtype=np.int64)
    n = 0
    for k in range(1, 5):
        if (spins and (k == 1 or (k == 2 and not point.mirrored))) or (point.held and k > 2):
            rest[n] = k
            n += 1
    rest = rest[:n].copy()
    sums = held_sums(table, point.T, trial_at(X, mean, half, d, point.same), point.whole)
    if n == 0:
        return Settled(mean, half, d, sums.gradient[0] + point.inverse, sums.jacobian[0, 0])
    longest = 0.5 * max(math.sqrt(X), 2.0 * point.T)
    step, sides, move = np.zeros(5), np.empty((n, 2)), np.empty((n, 2))
    for _ in range(60):
        for i in range(n):
            sides[i, 0], sides[i, 1] = _residual(sums.gradient, point, rest[i]), sums.jacobian[rest[i], 0]
        move = np.linalg.solve(definite(sums.jacobian, rest, point.held), sides)
        change = np.abs(move[:, 0]).max()
        scale = min(1.0, longest / max(change, 1e-300))
        for i in range(n):
            step[rest[i]] = -scale * move[i, 0]
        if change < tolerance * min(point.T, 1.0):
            break
        rise = _rise(sums.gradient, point, step)
        new_mean, new_half, new_d = mean, half, d
        for _ in range(12):
            new_mean, new_half, new_d = mean + step[3], half + step[4], turned(d, step[1], step[2])
            sums = held_sums(table, point.T, trial_at(X, new_mean, new_half, new_d, point.same), point.whole)
            # F is concave in the chemical potentials: a step too far shows in its slope along the step.
            if _rise(sums.gradient, point, step) >= -0.5 * abs(rise) - 1e-12:
                break
            step /= 2.0
        mean, half, d = new_mean, new_half, new_d
    slope, curvature = sums.gradient[0] + point.inverse, sums.jacobian[0, 0]
    for i in range(n):
        slope += sums.jacobian[0, rest[i]] * step[rest[i]]
        curvature -= sums.jacobian[0, rest[i]] * move[i, 1]
    return Settled(mean + step[3], half + step[4], turned(d, step[1], step[2]), slope, curvature)


@kernel
def _residual(gradient, point, k):
    """What vanishes in the best state, of one of the unknowns other than X."""
    if k < 3:
        return gradient[k]
    return gradient[k] + point.electrons + (point.holes if k == 3 else -point.holes)


@kernel
def _rise(gradient, point, step):
    """Slope along a step in the chemical potentials."""
    if not point.held:
        return 0.0
    return _residual(gradient, point, 3) * step[3] + _residual(gradient, point, 4) * step[4]
