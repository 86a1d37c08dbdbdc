"""Gauss-Legendre panels, interpolation, and the product weights of a logarithm."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import lpmv

from ehbilayer.numerics.quadrature import Panels, cardinal, gauss_legendre, log_weights


def logarithmic_integral(f, x):
    """int_{-1}^{1} ln|x - t| f(t) dt by adaptive quadrature that is split at x."""
    ends = [-1.0, x, 1.0] if -1 < x < 1 else [-1.0, 1.0]
    return sum(
        quad(lambda t: f(t) * np.log(abs(x - t)), low, high, epsabs=1e-13, epsrel=1e-12, limit=500)[0]
        for low, high in itertools.pairwise(ends)
    )


@pytest.mark.parametrize("order", [1, 2, 7, 16])
def test_exact_up_to_twice_the_order(order):
    nodes, weights = gauss_legendre(order)
    for degree in range(2 * order):
        assert weights @ nodes**degree == pytest.approx((1 + (-1) ** degree) / (degree + 1), abs=1e-14)
    assert abs(weights @ nodes ** (2 * order) - 2 / (2 * order + 1)) > 1e-10


def test_nodes_are_shared_and_read_only():
    nodes, _ = gauss_legendre(8)
    assert nodes is gauss_legendre(8)[0]
    with pytest.raises(ValueError, match="read-only"):
        nodes[0] = 0.0


@given(st.integers(2, 20), st.floats(-1, 1))
def test_interpolation_is_exact_for_polynomials_below_the_order(order, point):
    nodes, _ = gauss_legendre(order)
    value = cardinal(order, [point]) @ lpmv(0, order - 1, nodes)
    assert value[0] == pytest.approx(lpmv(0, order - 1, point), abs=1e-12)


@pytest.mark.parametrize("x", [-2.9, -1.3, -1.051, -1.049, -0.6, 0.0, 0.31, 0.9999, 1.0001, 1.06, 1.7, 3.0])
def test_log_weights_against_adaptive_quadrature(x):
    nodes, _ = gauss_legendre(12)
    weights = log_weights(12, [x])[0]
    for f in (lambda t: np.ones_like(t), lambda t: 3 * t**11 - t**4 + 0.2, lambda t: t**10 - 2 * t):
        assert weights @ f(nodes) == pytest.approx(logarithmic_integral(f, x), abs=2e-12)


@pytest.mark.parametrize("end", [-1.0, 1.0])
def test_log_weights_are_continuous_at_the_ends(end):
    at, beside = log_weights(10, [end, end * (1 - 1e-10)])
    np.testing.assert_allclose(at, beside, atol=1e-7)


def test_log_weights_turn_into_plain_quadrature_far_away():
    nodes, weights = gauss_legendre(16)
    np.testing.assert_allclose(log_weights(16, [2.9])[0], weights * np.log(2.9 - nodes), atol=1e-14)


@given(st.integers(2, 16), st.lists(st.floats(-3, 3), min_size=1, max_size=5))
def test_log_weights_are_mirror_symmetric(order, targets):
    weights = log_weights(order, targets)
    np.testing.assert_allclose(log_weights(order, [-t for t in targets]), weights[:, ::-1], atol=1e-12)


def test_panels_integrate_and_interpolate():
    panels = Panels((0.0, 0.5, 2.0, 3.0), order=14)
    assert len(panels) == 3 and len(panels.nodes) == 42 and (np.diff(panels.nodes) > 0).all()
    assert panels.weights @ np.exp(panels.nodes) == pytest.approx(np.exp(3) - 1, rel=1e-14)
    points = np.array([0.0, 0.2, 0.5, 1.9, 2.0, 3.0])
    values = panels.interpolate(np.stack([np.exp(panels.nodes), panels.nodes]), points)
    np.testing.assert_allclose(values, [np.exp(points), points], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("edges", [(0.0,), (0.0, 0.0), (1.0, 0.0), (0.0, np.nan), (0.0, np.inf)])
def test_panels_refuse_edges_that_do_not_increase(edges):
    with pytest.raises(ValueError, match="edges"):
        Panels(edges, order=4)


@pytest.mark.parametrize(
    ("call", "error", "name"),
    [
        (lambda: gauss_legendre(0), ValueError, "order"),
        (lambda: gauss_legendre(2.0), TypeError, "order"),
        (lambda: Panels((0.0, 1.0), order=True), TypeError, "order"),
        (lambda: cardinal(3, [np.nan]), ValueError, "points"),
        (lambda: log_weights(4, [3.1]), ValueError, "targets"),
        (lambda: log_weights(33, [0.0]), ValueError, "order"),
        (lambda: Panels((0.0, 1.0), 4).interpolate(np.ones(4), [1.5]), ValueError, "points"),
    ],
)
def test_bad_input_names_the_argument(call, error, name):
    with pytest.raises(error, match=f"^{name}"):
        call()
