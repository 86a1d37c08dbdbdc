"""Exponentials against arbitrary precision, and where they end."""

import mpmath
import numpy as np
import pytest

from ehbilayer.numerics.exponential import SMALLEST, exponentials, exponentials_less_one


@pytest.mark.parametrize(("low", "high"), [(-1e-9, 1e-9), (-1.0, 1.0), (-40.0, 0.0), (SMALLEST, 709.0)])
@pytest.mark.parametrize(("fill", "exact"), [(exponentials, mpmath.exp), (exponentials_less_one, mpmath.expm1)])
def test_relative_error(fill, exact, low, high):
    x = np.random.default_rng(1).uniform(low, high, 1000)
    found = x.copy()
    fill(found)
    with mpmath.workdps(40):
        errors = [
            abs(mpmath.mpf(y) / exact(mpmath.mpf(z)) - 1) for y, z in zip(found.tolist(), x.tolist(), strict=True)
        ]
    assert 1e-17 < max(errors) < 1e-15


def test_where_the_argument_changes_its_power_of_two():
    edges = (np.arange(-60, 60) + 0.5) * np.log(2)
    for x in (edges, np.nextafter(edges, 0), np.nextafter(edges, np.inf)):
        found = x.copy()
        exponentials(found)
        assert np.abs(found / np.exp(x) - 1).max() < 1e-15


def test_ends():
    values = np.array([0.0, -0.0, SMALLEST, -1e4, -np.inf])
    exponentials(values)
    assert values[:2].tolist() == [1.0, 1.0]
    assert (values[2:] == values[2]).all() and 0 < values[2] < 1e-307
