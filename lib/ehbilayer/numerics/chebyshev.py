"""Chebyshev series on an interval, on NumPy's: points, coefficients through values there, real roots."""

from functools import lru_cache

import numpy as np
from numpy.polynomial import Chebyshev, chebyshev
from numpy.typing import ArrayLike, NDArray


def points(domain: ArrayLike, count: int) -> NDArray[np.float64]:
    """Chebyshev points of the first kind of an interval.

    Parameters
    ----------
    domain : array_like, shape (2,)
        Ends of the interval.
    count : int

    Returns
    -------
    ndarray, shape (count,)
        In increasing order.

    Examples
    --------
    >>> [round(float(x), 6) for x in points((0.0, 1.0), 3)]
    [0.066987, 0.5, 0.933013]
    """
    low, high = np.asarray(domain, dtype=float)
    return low + (high - low) * (chebyshev.chebpts1(count) + 1) / 2


def coefficients(values: ArrayLike) -> NDArray:
    """Coefficients of the Chebyshev series through values at the points of `points`.

    Parameters
    ----------
    values : array_like, shape (n, ...)
        In increasing order of the points along the first axis.

    Returns
    -------
    ndarray, shape (n, ...)

    Examples
    --------
    >>> bool(np.allclose(coefficients(points((-1.0, 1.0), 3) ** 2), [0.5, 0.0, 0.5]))
    True
    """
    values = np.asarray(values, dtype=float)
    return np.tensordot(_projection(len(values)), values, axes=(1, 0))


@lru_cache(maxsize=64)
def _projection(n):
    """Matrix that takes values at n points to coefficients: the polynomials are orthogonal over the points."""
    matrix = chebyshev.chebvander(chebyshev.chebpts1(n), n - 1).T * (2 / n)
    matrix[0] /= 2
    return matrix


def interpolant(values: ArrayLike, domain: ArrayLike) -> Chebyshev:
    """Chebyshev series through values at the points of a domain.

    Parameters
    ----------
    values : array_like, shape (n,)
        In increasing order of ``points(domain, n)``.
    domain : array_like, shape (2,)
        Ends of the interval.

    Returns
    -------
    numpy.polynomial.Chebyshev

    Examples
    --------
    >>> x = points((0.0, 2.0), 5)
    >>> print(f"{interpolant(x**3, (0.0, 2.0))(1.7):.6f}")
    4.913000
    """
    return Chebyshev(coefficients(values), domain=np.asarray(domain, dtype=float))


def real_roots(series: Chebyshev) -> list[float]:
    """Real roots of a Chebyshev series inside its domain, to rounding.

    Parameters
    ----------
    series : numpy.polynomial.Chebyshev

    Returns
    -------
    list of float
        In increasing order; without roots, and for a constant, empty.

    Examples
    --------
    >>> x = points((0.0, 2.0), 5)
    >>> [round(r, 9) for r in real_roots(interpolant(x**3 - 1, (0.0, 2.0)))]
    [1.0]
    """
    cut = series.trim(1e-14 * np.abs(series.coef).max())
    if len(cut) < 2:
        return []
    roots = cut.roots()
    low, high = series.domain
    width = high - low
    roots = roots.real[(np.abs(roots.imag) < 1e-6 * width) & (roots.real > low) & (roots.real < high)]
    slope = series.deriv()
    for _ in range(2):
        with np.errstate(divide="ignore", invalid="ignore"):
            step = series(roots) / slope(roots)
        roots = np.where(np.abs(step) < 1e-3 * width, roots - step, roots)
    return sorted(float(r) for r in roots)
