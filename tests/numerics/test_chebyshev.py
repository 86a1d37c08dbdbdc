"""Chebyshev series: exact for polynomials, also over several axes, and their roots against NumPy's polynomials."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Chebyshev, Polynomial, chebyshev

from ehbilayer.numerics.chebyshev import coefficients, interpolant, points, real_roots

DOMAIN = (-0.3, 1.9)


def test_the_series_is_that_of_numpy():
    expected = Chebyshev.interpolate(np.exp, 11, DOMAIN)
    found = interpolant(np.exp(points(DOMAIN, 12)), DOMAIN)
    np.testing.assert_allclose(found.coef, expected.coef, atol=1e-14)
    assert found(0.77) == pytest.approx(np.exp(0.77), rel=1e-11)


def test_polynomials_of_two_variables_are_exact():
    x, y = points((-1.0, 1.0), 4), points((-1.0, 1.0), 5)
    series = coefficients(coefficients(x[:, None] ** 3 * y**2 - y).T).T
    assert series.shape == (4, 5)
    assert chebyshev.chebval2d(0.3, -0.6, series) == pytest.approx(0.3**3 * 0.36 + 0.6, abs=1e-14)


@given(st.lists(st.integers(-9, 29), min_size=1, max_size=5, unique=True))
def test_roots_inside_the_domain_are_found(tenths):
    roots = np.array(sorted(tenths)) / 10 + 0.05
    polynomial = Polynomial.fromroots(roots)
    series = interpolant(polynomial(points(DOMAIN, 9)), DOMAIN)
    inside = roots[(roots > DOMAIN[0]) & (roots < DOMAIN[1])]
    assert real_roots(series) == pytest.approx(list(inside), abs=1e-8)


def test_a_constant_has_no_roots():
    assert real_roots(interpolant(np.ones(5), DOMAIN)) == []
