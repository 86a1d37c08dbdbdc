import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import digamma, zeta

from ehbilayer.drag import Ladder, ParabolicLayer, RashbaLayer, linear
from ehbilayer.drag.ladder_stability import (
    growth_time,
    least_current,
    longest_time,
    parabolic_margin,
    parabolic_transition,
)
from ehbilayer.errors import ArgumentError
from ehbilayer.units import HBAR, K_B

T_C = 10.0
#: Of the gap over k_B T_c.
GAP = math.pi * math.exp(-np.euler_gamma)


def ladder(T, **options):
    """Two equal parabolas with the coupling of the diode's pages at 10 K."""
    options = {"inverse": 4.19717e-4, "scale": K_B * T_C, "angles": 2} | options
    return Ladder(RashbaLayer(0.2, 10, T, lam=0, J=0, B=0), ParabolicLayer(0.2, 10, T), **options)


def apart(layers, u1):
    """hbar w k_F of electrons that drift over k_B T_c."""
    return layers.electrons.curvature * u1 * layers.holes.fermi_wave_number / (K_B * T_C)


@pytest.mark.parametrize("t", [0.05, 0.7, 1.0, 3.0])
def test_parabolas_at_rest_have_the_logarithm(t):
    assert parabolic_margin(t, 0.0) == pytest.approx(math.log(t), abs=1e-12)


def test_margin_of_a_slow_and_of_a_fast_relative_drift():
    slow = 7 * zeta(3) / 2 * (0.1 / (4 * math.pi)) ** 2
    assert parabolic_margin(1.0, 0.1) == pytest.approx(slow, rel=1e-3)
    # One layer at rest for the pair: half of the pair breaking, which never suffices at T = 0.
    assert parabolic_transition(0.0) == pytest.approx(1.0)
    assert parabolic_transition(200.0) == pytest.approx(GAP / 200.0, rel=1e-3)
    assert parabolic_margin(0.7, 50.0) > 1.0


@pytest.mark.parametrize(("T", "u1"), [(4.0, 0.004), (4.0, 0.03), (8.0, 0.012), (11.0, 0.03)])
def test_ladder_of_parabolas_follows_the_closed_form(T, u1):
    layers = ladder(T)
    # The closed form knows no bottom of the band.
    expected = parabolic_margin(T / T_C, apart(layers, u1))
    assert layers.instability(u1)[0] == pytest.approx(expected, abs=1e-3 + 0.02 * (apart(layers, u1) / 11.6) ** 2)


def test_only_the_relative_drift_counts():
    layers = ladder(6.0)
    margin, momentum = layers.instability(0.01)
    moving, moved = layers.instability(0.03, 0.02)
    assert (moving, moved) == pytest.approx((margin, momentum + 0.04), abs=1e-6)
    assert layers.instability(0.02, 0.02)[0] == pytest.approx(layers.instability()[0], abs=1e-6)


@pytest.mark.parametrize("u1", [0.01, 0.05])
def test_pairs_along_the_drift_are_the_most_favourable(u1):
    layers = ladder(5.0)
    margin, momentum = layers.instability(u1)
    number = 1 / (math.pi * (layers.electrons.curvature + layers.holes.curvature))
    for Q in (np.array([momentum, 0.003]), np.array([u1, 0.01]), np.array([0.3 * u1, 0.02])):
        balance = layers.spectrum(*Q, u1=u1).balance()
        assert (layers.inverse - balance) / number > margin


def test_least_current_is_where_holes_at_rest_leave_the_normal_state_stable():
    layers = ladder(8.0)
    least = least_current(layers)
    assert least_current(layers, backward=True) == pytest.approx(-least, rel=1e-6)
    assert layers.instability(layers.drifts(least)[0])[0] == pytest.approx(0.0, abs=2e-3)
    assert layers.drag(1e-16, 0.98 * least).ratio is None
    assert layers.drag(1e-16, 1.02 * least).ratio is not None
    expected = parabolic_transition(apart(layers, abs(layers.drifts(least)[0])))
    assert expected == pytest.approx(0.8, abs=0.005)
    assert least_current(ladder(11.0)) == 0.0


def test_longest_time_parts_stable_from_unstable():
    layers = ladder(8.0)
    current = 1.4 * least_current(layers)
    time = longest_time(layers, current)
    assert layers.drag(0.9 * time, current).stable and not layers.drag(1.1 * time, current).stable
    assert longest_time(layers, 0.9 * least_current(layers)) is None
    assert longest_time(layers, 2 * current) > time
    with pytest.raises(ArgumentError, match="ladder"):
        longest_time(ladder(12.0), 1.0)


@pytest.mark.parametrize("T", [9.0, 9.7, 10.3])
def test_pairs_grow_as_in_the_time_dependent_ginzburg_landau_theory(T):
    expected = math.pi * HBAR / (8 * K_B * T * math.log(T_C / T))
    assert growth_time(ladder(T)) == pytest.approx(expected, rel=0.01)
    # In a moving frame as well.
    assert growth_time(ladder(T), 0.02, 0.02) == pytest.approx(growth_time(ladder(T)), rel=1e-3)


def test_width_of_a_weak_attraction_is_that_of_density_fluctuations():
    weak, T = 1e6, 12.0
    light, heavy = ParabolicLayer(0.2, 10.0, T), ParabolicLayer(0.5, 4.0, T)
    pairs = Ladder(RashbaLayer(0.2, 10, T, lam=0, J=0, B=0), heavy, inverse=weak, scale=1.0, angles=2, order=8)
    table = linear.overlaps(light, heavy)
    # Collisions per area and time over the states within k_B T.
    collisions = float(table.weights @ (table.q * table.values)) / HBAR
    for width, layer in zip(pairs.widths(), (light, heavy), strict=True):
        states = layer.thermal_energy * layer.compressibility
        assert width * weak**2 == pytest.approx(HBAR * collisions / states / layer.thermal_energy, rel=1e-3)
    # Nothing is left of it in the next step.
    assert pairs.broadened().inverse == pytest.approx(weak, rel=1e-12)


def test_width_of_the_carriers_takes_from_the_propagator():
    layers = ladder(15.0)
    further, number = layers.broadened(), 1 / (math.pi * (layers.electrons.curvature + layers.holes.curvature))
    breaking = digamma(0.5 + sum(layers.widths()) / (8 * math.pi)) - digamma(0.5)
    assert further.instability()[0] - layers.instability()[0] == pytest.approx(breaking, abs=1e-9)
    assert (further.inverse - layers.inverse) / number == pytest.approx(breaking)
    assert further.friction() < layers.friction()
    assert replace(further, inverse=layers.inverse).friction() == pytest.approx(layers.friction())
