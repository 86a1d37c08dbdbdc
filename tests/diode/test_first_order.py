"""First-order transitions between helical phases: converged in the grid of momenta, and told from smooth changes."""

import math
from functools import lru_cache

import numpy as np
import pytest

from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.first_order import exchange, exchanges
from ehbilayer.diode.forms import form_sweep
from ehbilayer.diode.mean_field import MeanField, State
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.plane import ground_state_in_plane
from ehbilayer.errors import ArgumentError

POINT = dict(E_F=11.6, lam=2.0, J=6.0)
#: With half as many electrons again the pairs leave the axis, at once.
T, B, BELOW, ABOVE = 0.5, 8.0, 0.4, 0.6


def at(imbalance, field=B):
    bands = isolated_bands(**POINT, B=field, imbalance=imbalance, convention="balanced")
    return MeanField(bands, T, coupling_at_T_c(bands).inverse)


@lru_cache
def start(imbalance, density=1.0):
    """The ground state that a scan finds with so many times the momenta along each direction."""
    field = at(imbalance)
    field.step /= density
    return imbalance, ground_state_in_plane(field).q


@pytest.fixture(scope="module")
def found():
    return exchange(at, start(BELOW), start(ABOVE), tolerance=1e-4)


def test_both_minima_are_equally_deep_and_far_apart(found):
    assert BELOW < found.place < ABOVE
    assert found.low.omega == pytest.approx(found.high.omega, rel=2e-3)
    assert found.low.q[1] == 0.0 and found.high.q[1] > 1.0
    assert found.low.delta > 1.5 * found.high.delta


@pytest.mark.parametrize("density", [0.7, 2.0])
def test_the_place_does_not_depend_on_the_grid_of_momenta(found, density):
    other = exchange(at, start(BELOW, density), start(ABOVE, density), tolerance=1e-4)
    assert other.place == pytest.approx(found.place, abs=2e-4)


@pytest.mark.slow
def test_scans_on_either_side_close_in_on_it(found):
    """The ground states by scans, whatever their grid, change from one minimum to the other at that place."""
    for density in (1.0, 2.0):
        low, high = BELOW, ABOVE
        for _ in range(5):
            middle = (low + high) / 2
            low, high = (middle, high) if start(middle, density)[1][1] == 0.0 else (low, middle)
        assert low - 1e-4 <= found.place <= high + 1e-4


def test_the_ground_state_and_its_diode_flip_there(found):
    sides = [diode(**POINT, T=T, B=B, imbalance=found.place + step, theory="mean-field") for step in (-0.004, 0.004)]
    for r, state in zip(sides, (found.low, found.high), strict=True):
        assert (r.q0, r.q0_y) == pytest.approx(state.q, abs=0.05)
        assert 0.9 < r.runner_up <= 1.0
    below, above = (abs(r.efficiency) for r in sides)
    assert below < 0.01 < above - below


def test_a_smooth_change_is_none_and_so_is_one_without_two_minima():
    # On the axis the momentum follows the field.
    ends = [(field, ground_state_in_plane(at(0.0, field)).q) for field in (8.0, 12.0)]
    assert math.dist(ends[0][1], ends[1][1]) > 0.1
    assert exchange(lambda field: at(0.0, field), *ends, tolerance=0.2) is None
    with pytest.raises(ArgumentError, match="^high"):
        exchange(at, (0.6, (1.0, 0.0)), (0.4, (1.0, 0.0)))


class Wells:
    """Potential with a minimum at q_x = -1 that leaves the axis at x = 0.2, and one at q_x = 1 that grows with x."""

    q_x, step, width, reach = (-2.0, 2.0), 0.1, 1.0, 2.0

    def __init__(self, x, second=True):
        self.square, self.depth, self.second = x - 0.2, 4.6 + 0.8 * x, second

    def solve(self, q_x, q_y=0.0, *, rough=False):
        if q_x > 0 and self.second:
            omega, current = -self.depth + 4 * (q_x - 1) ** 2 + q_y**2, (8 * (q_x - 1), 2 * q_y)
        else:
            omega = -5.0 + 4 * (q_x + 1) ** 2 - self.square * q_y**2 + q_y**4 / 2
            current = (8 * (q_x + 1), -2 * self.square * q_y + 2 * q_y**3)
        return State((q_x, q_y), T, 1.0, omega, current, current, 0.0)


def test_a_minimum_is_followed_off_the_axis():
    found = exchange(Wells, (0.0, (-1.0, 0.0)), (1.0, (1.0, 0.0)), tolerance=1e-5)
    # Where 5 + (x - 0.2)^2/2 is 4.6 + 0.8 x; the saddle on the axis would be exchanged at 0.5.
    assert found.place == pytest.approx(0.6, abs=1e-4)
    assert found.low.q == pytest.approx((-1.0, math.sqrt(0.4)), abs=1e-3) and found.high.q == pytest.approx((1.0, 0.0))


def test_a_minimum_that_splits_off_the_axis_is_no_exchange():
    ends = (0.0, (-1.0, 0.0)), (1.0, (-1.0, math.sqrt(0.8)))
    assert exchange(lambda x: Wells(x, second=False), *ends, tolerance=1e-3) is None


def test_a_map_has_its_transitions_in_both_directions(found):
    axes = dict(T=[T], B=[4.0, 8.0], imbalance=[0.0, BELOW, ABOVE])
    states = form_sweep({**POINT, "theory": "mean-field"}, ["neither"], **axes, executor="serial").isel(form=0, T=0)
    across, along = exchanges(states, POINT, T)
    assert across.B == B and across.imbalance == pytest.approx(found.place, abs=2e-3)
    assert along.imbalance == ABOVE and 4.0 < along.B < 8.0
    assert exchanges(states.isel(imbalance=[0, 1]), POINT, T) == []
    # Nothing is looked for where nothing condenses.
    assert exchanges(states.assign(q0=states.q0 * np.nan), POINT, T) == []
    with pytest.raises(ArgumentError, match="^states"):
        exchanges(states.isel(B=0), POINT, T)
