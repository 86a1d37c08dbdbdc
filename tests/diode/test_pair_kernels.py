"""Closed Matsubara sums against the sums themselves and against arithmetic with as many digits as it takes."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from ehbilayer.diode.pair_kernels import fill_occupations, fill_pair_sums, pair_kernels, pair_slope

EPSILON = np.finfo(float).eps


@pytest.mark.parametrize("xi", [1e-6, 0.003, 0.0051, 0.2, 3.0, 60.0])
@pytest.mark.parametrize("delta", [-2.0, -0.1, 0.0, 0.4, 7.0])
def test_slope_of_K_along_delta(xi, delta):
    T, h = 0.7, 1e-3
    ends = [pair_kernels(xi, delta + n * h, T)[0] for n in (-2, -1, 1, 2)]
    slope = (8 * (ends[2] - ends[1]) - (ends[3] - ends[0])) / (12 * h)
    assert pair_slope(xi, delta, T) == pytest.approx(slope, abs=1e-10)
    assert pair_slope(xi, -delta, T) == -pair_slope(xi, delta, T)


def test_sums_taken_together_are_those_taken_alone():
    rng = np.random.default_rng(3)
    for T in (0.02, 0.3, 1.0):
        xi = T * np.concatenate([rng.uniform(-60, 60, 400), rng.uniform(-0.3, 0.3, 100), [0.0, 0.15, -0.15, 4e4]])
        delta = T * rng.uniform(-60, 60, xi.size)
        K, G, work = np.empty(xi.size), np.empty(xi.size), np.empty((2, xi.size + 7))
        fill_pair_sums(xi, delta, T, work, K, G)
        # Numbers with few digits left take processors many times as long: no product of two exponentials is one.
        assert (work[0, : xi.size] * work[1, : xi.size]).min() >= np.finfo(float).tiny
        expected = pair_kernels(xi, delta, T)
        np.testing.assert_allclose(K, expected[0], rtol=1e-13)
        np.testing.assert_allclose(G, expected[1], rtol=1e-11, atol=1e-13 / T**3)
        far, near = np.empty(xi.size), np.empty(xi.size)
        E = np.abs(xi)
        fill_occupations(E, delta, T, far, near)
        for found, sign in ((far, 1), (near, -1)):
            exact = 0.5 * (1 - np.tanh((E + sign * np.abs(delta)) / (2 * T)))
            np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-15)


def exact_kernels(xi, delta, T):
    """K and G in multiple precision: digits are doubled until two evaluations agree to 30 of them."""

    def evaluate(digits):
        with mpmath.workdps(digits):
            s, d, t = (mpmath.mpf(float(v)) for v in (xi, delta, T))
            s, d = abs(s) / t, abs(d) / t
            if s == 0:
                # The series at xi = 0: K = f(1 - f), G = -[f(1 - f)]''/6 in units of T.
                w = 1 / (2 * mpmath.cosh(d / 2)) ** 2
                return w / t, -w * (1 - 6 * w) / 6 / t**3

            # Divided by e^(s + d), so that nothing overflows.
            def half(x):
                return mpmath.exp(x - s - d) / 2

            total = half(s) + half(-s) + half(d) + half(-d)
            sinh, cosh = half(s) - half(-s), half(s) + half(-s)
            R = sinh / total
            slope = (half(0) * 2 * mpmath.exp(-s - d) + cosh * (half(d) + half(-d))) / total**2
            return R / (2 * s * t), (R - s * slope) / (4 * s**3 * t**3)

    # G is what is left of terms of order 1/s^3.
    digits = 60 + 4 * math.ceil(max(0.0, -math.log10(abs(xi) / T)) if xi else 0)
    while True:
        coarse, fine = evaluate(digits), evaluate(2 * digits)
        scale = [max(abs(v), mpmath.mpf(10) ** -300) for v in fine]
        if all(abs(a - b) < mpmath.mpf(10) ** -30 * c for a, b, c in zip(coarse, fine, scale, strict=True)):
            return fine
        digits *= 2


def matsubara(xi_e, xi_h, T, power, terms=4000):
    """T sum_n 1/[(xi_e - i w)(-xi_h - i w)]^power with its tail from Euler and Maclaurin, for power 1 to 3."""
    w = (2 * np.arange(terms) + 1) * np.pi * T

    def term(x):
        return 2 * (1 / ((xi_e - 1j * x) * (-xi_h - 1j * x)) ** power).real

    total = T * math.fsum(term(w))
    end = 2 * terms * np.pi * T
    tail, _ = integrate.quad(lambda y: term(1 / y) / y**2, 0, 1 / end)
    # Midpoint rule: the sum is the integral minus h^2/24 times the difference of slopes.
    h = 2 * np.pi * T
    slope = (term(end * 1.0001) - term(end * 0.9999)) / (end * 0.0002)
    return total + T * (tail / h + h * slope / 24)


@pytest.mark.parametrize("xi_e, xi_h", [(0.7, -0.2), (3.0, 2.5), (-4.0, -1.0), (6.0, -5.5), (0.01, 0.02), (0.3, -0.3)])
@pytest.mark.parametrize("T", [0.3, 1.0])
def test_closed_forms_are_the_matsubara_sums_of_eq_9(xi_e, xi_h, T):
    K, G = pair_kernels((xi_e + xi_h) / 2, (xi_e - xi_h) / 2, T)
    assert -matsubara(xi_e, xi_h, T, 1) == pytest.approx(float(K), rel=1e-9, abs=1e-11)
    assert matsubara(xi_e, xi_h, T, 2) == pytest.approx(float(G), rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("T", [0.05, 1.0])
@pytest.mark.parametrize("s", [0.0, 1e-9, 1e-4, 0.05, 0.1499, 0.1501, 0.5, 2.0, 12.0, 39.0, 41.0, 300.0, 1e5])
@pytest.mark.parametrize("d", [0.0, 0.3, 1.7, 11.0, 45.0, 290.0, 310.0])
def test_kernels_to_thirteen_digits_everywhere(s, d, T):
    K, G = (float(x) for x in pair_kernels(s * T, d * T, T))
    exact_K, exact_G = (float(x) for x in exact_kernels(s * T, d * T, T))
    assert pytest.approx(exact_K, rel=2e-13, abs=1e-25) == K
    # G changes sign in between: measured by its own scale there.
    assert (
        pytest.approx(
            exact_G, rel=2e-12, abs=2e-14 * min(1.0, 1 / max(s, 0.15) ** 3) / T**3 * (1 if s >= d - 60 else 0) + 1e-25
        )
        == G
    )


def test_kernels_are_even():
    K, G = pair_kernels(0.7, 1.1)
    for signs in ((-1, 1), (1, -1), (-1, -1)):
        assert pair_kernels(signs[0] * 0.7, signs[1] * 1.1) == (K, G)


@settings(max_examples=100, deadline=None)
@given(xi=st.floats(-1e8, 1e8), delta=st.floats(-1e8, 1e8), T=st.floats(1e-6, 1e3))
def test_kernels_never_fail(xi, delta, T):
    K, G = pair_kernels(xi, delta, T)
    assert math.isfinite(K) and K >= 0
    if T > 1e-3:
        assert math.isfinite(G)


# Exact arguments of all sizes: subnormal, where exp underflows, where it stays 1, on and off the line xi = delta.
SIZES = st.one_of(
    st.just(0.0),
    st.floats(1e-320, 1e-300),
    st.floats(1e-12, 1e-3),
    st.floats(1e-3, 0.3),
    st.floats(0.1, 60.0),
    st.floats(60.0, 1e4),
)


@settings(max_examples=300, deadline=None)
@given(s=SIZES, d=SIZES, near=st.booleans(), shift=st.floats(-2, 2), T=st.floats(1e-3, 1e2))
def test_kernels_against_multiple_precision_for_any_argument(s, d, near, shift, T):
    xi, delta = s * T, max(s + shift, 0.0) * T if near else d * T
    K, G = (float(x) for x in pair_kernels(xi, delta, T))
    exact_K, exact_G = exact_kernels(xi, delta, T)
    # Where series in xi take over they are cut off at 1e-13 (K) and 1e-12 (G); beyond, rounding of the arguments of the
    # exponentials by one part in 2^52 counts, times a few.
    s, d = xi / T, delta / T
    condition = 1 + s + d
    assert abs(K - exact_K) <= (1e-13 + 60 * EPSILON * condition) * exact_K + 1e-25 / T
    largest = min(1.0, 1 / max(s, 0.15) ** 3) / T**3 * math.exp(-max(d - s - 5.0, 0.0))
    assert abs(G - exact_G) <= (1e-12 + 600 * EPSILON * condition) * largest + 1e-25 / T**3


@pytest.mark.parametrize("xi, delta", [(3.0, 2.0), (2.0, 2.0), (2.0, 3.0), (0.0, 2.0), (1e-3, 0.0)])
def test_zero_temperature_limit(xi, delta):
    # K -> theta(xi - delta)/2 xi and G -> theta(xi - delta)/4 xi^3 where nothing is on the edge.
    T = 1e-4
    K, G = (float(x) for x in pair_kernels(xi, delta, T))
    exact = exact_kernels(xi, delta, T)
    assert pytest.approx(float(exact[0]), rel=1e-12, abs=1e-300) == K
    if abs(xi - delta) > 40 * T and xi > 1e-2:
        assert (
            (pytest.approx(0.5 / xi, rel=1e-15), pytest.approx(0.25 / xi**3, rel=1e-15))
            if xi > delta
            else (pytest.approx(0, abs=1e-130),) * 2
        ) == (K, G)


def test_multiple_precision_agrees_with_the_matsubara_sums():
    # The reference itself, by another route: mpmath's summation over all frequencies.
    with mpmath.workdps(30):
        T, xi_e, xi_h = mpmath.mpf("0.4"), mpmath.mpf("0.7"), mpmath.mpf("-0.2")

        def term(n, power):
            w = (2 * n + 1) * mpmath.pi * T
            return 2 * T * mpmath.re(1 / ((xi_e - 1j * w) * (-xi_h - 1j * w)) ** power)

        sums = [mpmath.nsum(lambda n, power=power: term(n, power), [0, mpmath.inf]) for power in (1, 2)]
    K, G = exact_kernels(0.25, 0.45, 0.4)
    assert float(-sums[0] / K) == pytest.approx(1, rel=1e-12) and float(sums[1] / G) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("power", [1, 2, 3])
def test_orders_of_the_logarithm_have_one_over_l(power):
    # SI Eq. 17 prints 1/l!; the two differ from the third order on.
    T, xi_e, xi_h = 1.0, 0.9, -0.4
    with mpmath.workdps(50):
        xi, delta = mpmath.mpf(xi_e + xi_h) / 2, mpmath.mpf(xi_e - xi_h) / 2

        def potential(x):
            return -T * mpmath.log(2 * mpmath.cosh(mpmath.sqrt(xi**2 + x) / T) + 2 * mpmath.cosh(delta / T))

        coefficient = float(mpmath.taylor(potential, 0, power)[power])
    total = matsubara(xi_e, xi_h, T, power)
    assert coefficient == pytest.approx(total / power, rel=1e-8)
    if power == 3:
        assert abs(coefficient - total / math.factorial(power)) > 0.4 * abs(coefficient)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: pair_kernels(0.0, 0.0, 0.0), ValueError, "^T = 0.0"),
        (lambda: pair_kernels(math.nan, 0.0), ValueError, "^xi = nan"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
