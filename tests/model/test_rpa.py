"""The dielectric function of two layers: close layers in many digits, the matrix it is the determinant of, limits."""

import mpmath
import numpy as np
import pytest

from ehbilayer.compilation import kernel
from ehbilayer.model.rpa import apart, dielectric, eigenvalue, within


@kernel
def in_a_kernel(x_1, x_2, a):
    return dielectric(x_1, x_2, a), within(x_1, x_2, a)


@pytest.mark.parametrize("d", [0.0, 1e-18, 1e-12, 1e-6, 0.1, 3.0])
@pytest.mark.parametrize("x", [(0.3, 7.0), (1e7, 4e8), (-2e6, 2e6 + 1.5), (1e6 + 3e5j, 2e7 - 1e3j)])
def test_close_layers_in_many_digits(d, x):
    """(1 + x_1)(1 + x_2) - exp(-2 q d) x_1 x_2 in 60 digits, where the two products agree in all 16 of a double."""
    q = 0.3
    with mpmath.workdps(60):
        one, two = (mpmath.mpmathify(value) for value in x)
        decay = mpmath.exp(-2 * mpmath.mpf(q) * mpmath.mpf(d))
        exact = complex((1 + one) * (1 + two) - decay * one * two)
        inner = complex((1 + two * (1 - decay)) / ((1 + one) * (1 + two) - decay * one * two))
    a = float(apart(q, d))
    assert complex(dielectric(*x, a)) == pytest.approx(exact, rel=2e-15, abs=0)
    assert complex(within(*x, a)) == pytest.approx(inner, rel=4e-15, abs=0)
    assert in_a_kernel(*x, a) == (dielectric(*x, a), within(*x, a))


def test_plain_form_does_lose_them():
    q, d, x_1, x_2 = 0.3, 1e-9, 1e7, 4e8
    plain = (1 + x_1) * (1 + x_2) - np.exp(-2 * q * d) * x_1 * x_2
    assert abs(plain / dielectric(x_1, x_2, apart(q, d)) - 1) > 1e-10


def test_eigenvalues_of_the_dielectric_matrix():
    q, d, x = 0.4, 0.8, (3.0, 1.7)
    decay = np.exp(-q * d)
    expected = np.sort(np.linalg.eigvals(np.eye(2) + np.array([[1, decay], [decay, 1]]) * x).real)
    np.testing.assert_allclose([eigenvalue(*x, decay, sign) for sign in (-1.0, 1.0)], expected, rtol=1e-13)
    assert expected.prod() == pytest.approx(float(dielectric(*x, apart(q, d))), rel=1e-13)
    assert expected[0] != pytest.approx(expected[1])


def test_a_layer_that_gives_way_without_limit():
    a = float(apart(0.7, 0.5))
    soft = within(2.0, 1.0, a, 0.0)
    assert soft == pytest.approx(within(2.0, 1e12, a), rel=1e-11)
    assert soft == pytest.approx(a / (1 + a * 2.0), rel=1e-15)
    assert within(2.0, 3.0, a, 1.0) == pytest.approx(within(2.0, 6.0, a, 2.0), rel=1e-15)
    # A far layer does not screen.
    assert within(2.0, 5.0, 1.0) == pytest.approx(1 / 3.0, rel=1e-15)
