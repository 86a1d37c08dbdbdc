"""Chebyshev series on an interval: points, interpolation, real roots."""

import numpy as np
from numpy.polynomial import chebyshev

__all__ = ["interpolant", "points", "real_roots"]


def points(domain, count):
    """Chebyshev points of the first kind of an interval.

    Parameters
    ----------
    domain : tuple of float
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
    low, high = domain
    return low + (high - low) * (chebyshev.chebpts1(count) + 1) / 2


def interpolant(values, domain):
    """Chebyshev series through values at the Chebyshev points of the first kind of a domain.

    Parameters
    ----------
    values : ndarray, shape (n,)
        In increasing order of the points, which are those of `numpy.polynomial.chebyshev.chebpts1`, moved to the domain.
    domain : tuple of float

    Returns
    -------
    numpy.polynomial.Chebyshev

    Examples
    --------
    >>> x = points((0.0, 2.0), 5)
    >>> print(f"{interpolant(x**3, (0.0, 2.0))(1.7):.6f}")
    4.913000
    """
    n = len(values)
    coefficients_ = 2.0 / n * np.cos(np.outer(np.arange(n), (np.arange(n) + 0.5) * np.pi / n)) @ values[::-1]
    coefficients_[0] /= 2
    return chebyshev.Chebyshev(coefficients_, domain=domain)


def real_roots(series, domain):
    """Real roots of a Chebyshev series inside its domain, to rounding.

    Parameters
    ----------
    series : numpy.polynomial.Chebyshev
    domain : tuple of float

    Returns
    -------
    list of float
        In increasing order; without roots, and for a constant, empty.

    Examples
    --------
    >>> x = points((0.0, 2.0), 5)
    >>> [round(r, 9) for r in real_roots(interpolant(x**3 - 1, (0.0, 2.0)), (0.0, 2.0))]
    [1.0]
    """
    cut = series.trim(1e-14 * np.abs(series.coef).max())
    if len(cut) < 2:
        return []
    roots = cut.roots()
    width = domain[1] - domain[0]
    roots = roots.real[(np.abs(roots.imag) < 1e-6 * width) & (roots.real > domain[0]) & (roots.real < domain[1])]
    slope = series.deriv()
    for _ in range(2):
        with np.errstate(divide="ignore", invalid="ignore"):
            step = series(roots) / slope(roots)
        roots = np.where(np.abs(step) < 1e-3 * width, roots - step, roots)
    return sorted(float(r) for r in roots)
