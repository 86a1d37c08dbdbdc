"""Attraction between the layers: averages of the stated interaction, transition temperature, bad input."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from ehbilayer.diode.exciton_coupling import circle_average, critical_temperature, disk_average, printed_strength


@pytest.mark.parametrize("d, k_F", [(0.3, 1.0), (2.0, 0.4), (10.0, 3.0)])
def test_disk_average_is_the_average_of_the_interaction(d, k_F):
    value = integrate.quad(lambda p: 2 * np.pi * math.exp(-p * d) / p * p, 0, 2 * k_F)[0] * 2 * np.pi
    assert disk_average(d, k_F) == pytest.approx(value / (np.pi * (2 * k_F) ** 2), rel=1e-12)
    assert disk_average(d, k_F) == pytest.approx(np.pi * (1 - math.exp(-2 * k_F * d)) / (k_F**2 * d), rel=1e-12)
    assert printed_strength(d, k_F) == pytest.approx(np.pi * (1 - math.exp(-2 * k_F * d)) / (k_F**2 * d**2), rel=1e-12)


def test_printed_formula_has_the_wrong_dimension():
    # Energy times area is e^2 times a length: scaling all lengths by 2 must double it.
    assert disk_average(2.0, 0.5) == pytest.approx(2 * disk_average(1.0, 1.0), rel=1e-14)
    assert printed_strength(2.0, 0.5) == pytest.approx(printed_strength(1.0, 1.0), rel=1e-14)


@given(k_F=st.floats(1e-2, 1e2), d=st.floats(0, 1e3))
def test_the_average_is_finite_positive_and_falls_with_distance(k_F, d):
    value = disk_average(d, k_F)
    assert 0 < value <= 2 * np.pi / k_F * (1 + 1e-14)
    assert disk_average(2 * d + 0.1, k_F) < value
    assert disk_average(np.array([d, 1.0]), k_F)[0] == value


def test_circle_average_diverges_logarithmically():
    assert circle_average(1.0, 1.0) == math.inf
    for smallest in (1e-3, 1e-6):
        step = circle_average(1.0, 2.0, smallest=smallest / 10) - circle_average(1.0, 2.0, smallest=smallest)
        assert step == pytest.approx(2 * math.log(10) / 2.0, rel=2e-3)


@pytest.mark.parametrize("g, cutoff", [(3.0, 2.0), (3.0, 1.3), (8.0, 2.0), (1.0, 30.0)])
def test_critical_temperature_solves_its_equation(g, cutoff):
    t = critical_temperature(g, 1.0, cutoff=cutoff)
    points = np.unique(np.concatenate([-np.geomspace(1, 1e-6, 30), np.geomspace(1e-6, cutoff**2 - 1, 30)]))
    value = sum(
        integrate.quad(lambda x: math.tanh(x / 2 / t) / x if x else 0.5 / t, a, b)[0]
        for a, b in itertools.pairwise(points)
    )
    assert value / (4 * np.pi) == pytest.approx(1 / g, rel=1e-8)
    # Only g matters once energies are in units of E_F: g N_0 is dimensionless.
    assert critical_temperature(g, 3.0, cutoff=cutoff) == t


def test_weak_coupling_limit_and_no_transition():
    expected = 2 * math.exp(0.5772156649015329) / np.pi * math.sqrt(3) * math.exp(-2 * np.pi / 0.8)
    assert critical_temperature(0.8, 1.0) == pytest.approx(expected, rel=1e-9)
    assert critical_temperature(0.01, 1.0) == 0.0


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: disk_average(-1.0, 1.0), "^d = -1.0"),
        (lambda: disk_average(1.0, 0.0), "^k_F = 0.0"),
        (lambda: printed_strength(0.0, 1.0), "^d = 0.0"),
        (lambda: critical_temperature(0.0, 1.0), "^g = 0.0"),
        (lambda: critical_temperature(1.0, 1.0, cutoff=1.0), "^cutoff = 1.0"),
        (lambda: circle_average(1.0, 1.0, smallest=4.0), "^smallest = 4.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
