import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients
from ehbilayer.drag.collision import CollisionIntegral
from ehbilayer.drag.finite_drift import DriftingLayers
from ehbilayer.units import HBAR

T = 60.0
ELECTRONS, HOLES = RashbaLayer(0.2, 10, T, 50, 10, 2.585), ParabolicLayer(0.2, 10, T)
DRIFT = DriftingLayers(ELECTRONS, HOLES, 20, 5)


@pytest.mark.parametrize("shifts", [(0.02, 0.0), (-0.02, 0.0), (0.1, 0.02), (-0.1, 0.05), (0.0, 0.03)])
def test_against_the_raw_collision_integral(shifts):
    raw = CollisionIntegral(ELECTRONS, HOLES, 20, 5)
    assert DRIFT.force(*shifts) == pytest.approx(raw.force(*shifts, "shifted"), rel=6e-4)


def test_galilean_invariance():
    flat = DriftingLayers(RashbaLayer(0.2, 10, T, 0, 0, 0), HOLES, 20, 5)
    assert abs(flat.force(0.05, 0.05)) < 1e-7 * flat.force(0.05)
    assert flat.force(0.1, 0.05) == pytest.approx(flat.force(0.05), rel=1e-6)
    assert flat.force(-0.05) == pytest.approx(-flat.force(0.05), rel=1e-9)
    assert flat.force(0.0) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("kind", ["none", "thomas-fermi", "static-rpa"])
def test_expansion_of_the_shifted_ansatz(kind):
    c = drag_coefficients(T=T, screening=kind, ansatz="shifted", estimate_error=False)
    drift = DriftingLayers(ELECTRONS, HOLES, 20, 5, screening=kind)
    plus, minus = drift.force(1e-3), drift.force(-1e-3)
    assert (plus - minus) / 2e-3 == pytest.approx(1e-12 / c.tau_D1, rel=1e-4)
    assert (plus + minus) / 2e-6 == pytest.approx(c.K11, rel=1e-3)
    plus, minus = drift.force(0.0, 1e-3), drift.force(0.0, -1e-3)
    assert (minus - plus) / 2e-3 == pytest.approx(1e-12 / c.tau_D2, rel=1e-4)
    assert (plus + minus) / 2e-6 == pytest.approx(c.K22, abs=2e-3 * abs(c.K11))
    for tau in (1e-12, 1e-7):
        forward, backward = (drift.drag_ratio(tau, j) for j in (1.0, -1.0))
        assert (forward + backward) / 2 == pytest.approx(c.drag_ratio(tau), rel=3e-4)
        assert (forward - backward) / (forward + backward) == pytest.approx(c.nonreciprocity(tau, 1.0), rel=5e-3)


def test_current_and_balance():
    u1 = DRIFT.shift(-7.0)
    assert DRIFT.velocity(u1) * ELECTRONS.density * 0.1602176634 * 1e3 == pytest.approx(7.0, rel=1e-7)
    tau, ratio = 1e-8, DRIFT.drag_ratio(1e-8, -7.0)
    u2 = -ratio * ELECTRONS.density * DRIFT.velocity(u1) / HOLES.density * HBAR / HOLES.curvature
    assert DRIFT.force(u1, u2) == pytest.approx(u2 * 1e-12 / tau, rel=1e-6)


def test_strength_of_a_parabola():
    flat = DriftingLayers(RashbaLayer(0.2, 10, T, 0, 0, 0), HOLES, 20, 5)
    # u v_F/k_B T with u = m j/(e n hbar), up to the width of the shell in which the slope is taken
    u = 3e-3 / (0.1602176634 * HOLES.density) * HBAR / HOLES.curvature
    assert flat.strength(-3.0) == pytest.approx(
        u * HOLES.curvature * HOLES.fermi_wave_number / HOLES.thermal_energy, rel=0.4
    )
    assert flat.strength(-6.0) == pytest.approx(2 * flat.strength(3.0), rel=1e-6)


def test_reversed_field_mirrors_the_drag():
    mirrored = DriftingLayers(RashbaLayer(0.2, 10, T, 50, 10, -2.585), HOLES, 20, 5)
    assert mirrored.drag_ratio(1e-9, 4.0) == pytest.approx(DRIFT.drag_ratio(1e-9, -4.0), rel=1e-7)
    assert abs(DRIFT.drag_ratio(1e-9, 4.0) / DRIFT.drag_ratio(1e-9, -4.0) - 1) > 1e-4


def test_default_grid_is_converged():
    layers = RashbaLayer(0.2, 10, 15, 50, 10, 2.585), ParabolicLayer(0.2, 10, 15)
    fine = DriftingLayers(*layers, 20, 5, order=9, angles=9, spacing=0.5 * layers[0].spacing())
    for u in (0.005, -0.03):
        assert DriftingLayers(*layers, 20, 5).force(u) == pytest.approx(fine.force(u), rel=3e-5)


@pytest.mark.parametrize(
    ("kw", "error", "message"),
    [
        ({"electrons": HOLES}, TypeError, "need a RashbaLayer"),
        ({"holes": ParabolicLayer(0.2, 10, 5)}, ValueError, "holes.T = 5"),
        ({"d": -1}, ValueError, "d = -1"),
        ({"eps_r": 0}, ValueError, "eps_r = 0"),
        ({"screening": "dynamic-rpa"}, ValueError, "screening = 'dynamic-rpa'"),
        ({"order": 2}, ValueError, "order = 2"),
        ({"angles": 2}, ValueError, "angles = 2"),
        ({"spacing": 1.0}, ValueError, "too coarse for T = 60 K"),
    ],
)
def test_bad_input(kw, error, message):
    with pytest.raises(error, match=message):
        DriftingLayers(**{"electrons": ELECTRONS, "holes": HOLES, "d": 20, "eps_r": 5} | kw)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: DRIFT.force(np.nan), "u1 = nan"),
        (lambda: DRIFT.drag_ratio(0.0, 1.0), "tau_2 = 0"),
        (lambda: DRIFT.drag_ratio(1e-9, 0.0), "current = 0"),
        (lambda: DRIFT.shift(np.inf), "current = inf"),
    ],
)
def test_bad_values(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@settings(max_examples=10, deadline=None)
@given(current=st.floats(0.1, 30), tau=st.floats(1e-12, 1e-8), sign=st.sampled_from([-1, 1]))
def test_ratio_is_negative_and_small_where_impurities_dominate(current, tau, sign):
    drift = DriftingLayers(ELECTRONS, HOLES, 20, 5, order=4, angles=3)
    assert -1 < drift.drag_ratio(tau, sign * current) < 0
