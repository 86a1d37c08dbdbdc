import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients
from ehbilayer.drag.collision import CollisionIntegral
from ehbilayer.drag.drift_kernels import Rows, force, history, relaxed_rows
from ehbilayer.drag.drift_tables import excess_at, transfers_at
from ehbilayer.drag.finite_drift import DriftingLayers
from ehbilayer.units import HBAR

T = 60.0
ELECTRONS, HOLES = RashbaLayer(0.2, 10, T, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, T)
DRIFT = DriftingLayers(ELECTRONS, HOLES, 20, 5)


@pytest.mark.parametrize("shifts", [(0.02, 0.0), (-0.02, 0.0), (0.1, 0.02), (-0.1, 0.05), (0.0, 0.03)])
def test_against_the_raw_collision_integral(shifts):
    raw = CollisionIntegral(ELECTRONS, HOLES, 20, 5)
    assert DRIFT.force(*shifts) == pytest.approx(raw.force(*shifts, "shifted"), rel=6e-4)


def test_galilean_invariance():
    flat = DriftingLayers(RashbaLayer(0.2, 10, T, lam=0, J=0, B=0), HOLES, 20, 5)
    assert abs(flat.force(0.05, 0.05)) < 1e-7 * flat.force(0.05)
    assert flat.force(0.1, 0.05) == pytest.approx(flat.force(0.05), rel=1e-6)
    assert flat.force(-0.05) == pytest.approx(-flat.force(0.05), rel=1e-9)
    assert flat.force(0.0) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(
    ("kind", "distribution"),
    [("none", "shifted"), ("thomas-fermi", "drifting"), ("static-rpa", "shifted"), ("static-rpa", "relaxation-time")],
)
def test_expansion_in_the_drift(kind, distribution):
    c = drag_coefficients(T=T, screening=kind, ansatz=distribution, estimate_error=False)
    drift = DriftingLayers(ELECTRONS, HOLES, 20, 5, screening=kind, distribution=distribution)
    plus, minus = drift.force(1e-3), drift.force(-1e-3)
    assert (plus - minus) / 2e-3 == pytest.approx(1e-12 / c.tau_D1, rel=1e-4)
    assert (plus + minus) / 2e-6 == pytest.approx(c.K11, rel=1e-3)
    both = drift.force(1e-3, 1e-3) + drift.force(-1e-3, -1e-3) - plus - minus
    plus, minus = drift.force(0.0, 1e-3), drift.force(0.0, -1e-3)
    assert (minus - plus) / 2e-3 == pytest.approx(1e-12 / c.tau_D2, rel=1e-4)
    assert (plus + minus) / 2e-6 == pytest.approx(c.K22, abs=2e-3 * abs(c.K11))
    assert (both - plus - minus) / 2e-6 == pytest.approx(c.K12, abs=2e-3 * abs(c.K11))
    for tau in (1e-12, 1e-7):
        forward, backward = (drift.drag_ratio(tau, j) for j in (1.0, -1.0))
        assert (forward + backward) / 2 == pytest.approx(c.drag_ratio(tau), rel=3e-4)
        assert (forward - backward) / (forward + backward) == pytest.approx(c.nonreciprocity(tau, 1.0), rel=5e-3)


def test_species_and_local_field_are_those_of_the_expansion():
    options = {"local_field": "hubbard", "degeneracy": 2}
    c = drag_coefficients(T=T, **options, estimate_error=False)
    drift = DriftingLayers(ELECTRONS, HOLES, 20, 5, **options)
    assert (drift.force(1e-3) - drift.force(-1e-3)) / 2e-3 == pytest.approx(1e-12 / c.tau_D1, rel=1e-4)
    assert drift.shift(0.01) == pytest.approx(c.drift(0.01), rel=1e-3)


def test_equilibrium_in_a_moving_frame_feels_no_force():
    """At any drift and for any band, with the density kept."""
    drift = DriftingLayers(ELECTRONS, HOLES, 20, 5, distribution="drifting")
    for u1 in (0.05, -0.2):
        velocity = drift.velocity(u1)
        u2 = velocity * HBAR / HOLES.curvature
        assert abs(drift.force(u1, u2)) < 1e-6 * abs(drift.force(u1))
        kx, ky = np.meshgrid(np.linspace(-2, 2, 801), np.linspace(-2, 2, 801), indexing="ij")
        xi = ELECTRONS.energy(kx, ky) - HBAR * velocity * kx - drift.level(u1)
        f = 0.5 * (1 - np.tanh(xi / (2 * ELECTRONS.thermal_energy)))
        assert f.sum() * (0.005 / (2 * np.pi)) ** 2 == pytest.approx(ELECTRONS.density, rel=1e-6)
        assert np.average(ELECTRONS.velocity(kx, ky), weights=f) == pytest.approx(HBAR * velocity, rel=1e-6)


@pytest.mark.parametrize("u", [0.02, -0.3])
def test_relaxation_time_solves_the_boltzmann_equation(u):
    """f + u df/dk_x = f_0 on the table, far outside of any expansion, with 0 < f < 1."""
    h, count = 0.01, 200
    rows = Rows(h, count if u > 0 else 4 * count, 4 * count if u > 0 else count, 5, 1)
    times = history(h / abs(u)), history(math.inf, h / abs(u))
    excess = relaxed_rows(ELECTRONS.band, ELECTRONS.thermal_energy, rows, u, *times)
    kx = h * np.arange(-rows.left, rows.right + 1)[:, None]
    x = ELECTRONS.energy(kx, h * np.arange(-5, 6)) / ELECTRONS.thermal_energy
    f, rest = expit(-excess - x), expit(-x)
    assert f.min() > 0 and f.max() < 1
    slope = np.zeros_like(f)
    for weight, n in zip((4 / 5, -1 / 5, 4 / 105, -1 / 280), range(1, 5), strict=True):
        slope += weight * (np.roll(f, -n, 0) - np.roll(f, n, 0)) / h
    np.testing.assert_allclose((f + u * slope)[4:-4], rest[4:-4], atol=3e-6 * abs(u) / h)
    assert f[:, 5].sum() == pytest.approx(rest[:, 5].sum(), rel=1e-5)


def test_slow_drifts_need_few_nodes():
    """A Fermi function with its poles twenty relaxation times away, by twelve nodes and by panels."""
    few, many = history(math.inf, 10.0), history(math.inf, 9.99)
    assert few[0].size == 12 < many[0].size
    sums = [weights @ expit(np.pi * (5.0 - s) / 20.0) for s, weights in (few, many)]
    assert sums[0] == pytest.approx(sums[1], rel=1e-11)


def test_constant_relaxation_time_heats():
    """A parabola gains c u^2/2 when shifted, and twice that when its carriers are scattered at random times."""
    flat = RashbaLayer(0.2, 10, T, lam=0, J=0, B=0)
    for name, factor in {"shifted": 1, "drifting": 1, "relaxation-time": 2}.items():
        drift = DriftingLayers(flat, HOLES, 20, 5, distribution=name)
        for u in (0.03, -0.4):
            assert drift.heat(u) == pytest.approx(factor * 0.5 * flat.curvature * u * u, rel=1e-6)
            assert drift.velocity(u) == pytest.approx(flat.curvature * u / HBAR, rel=1e-6)


def test_against_the_collision_integral_of_the_exact_solution():
    """At a large drift: both layers by quadrature over all momenta, with the occupations as integrals over times."""
    u1, u2 = 0.1, 0.04
    s, weights = history(math.inf, 0.5)

    def f(layer, kx, ky, u):
        x = (
            layer.energy(kx - s[:, None, None] * u, ky)
            if layer is ELECTRONS
            else 0.5 * HOLES.curvature * ((kx - s[:, None, None] * u) ** 2 + ky**2) - HOLES.E_F
        )
        return np.einsum("s,sij->ij", weights, expit(-x / HOLES.thermal_energy))

    h, phi, q = 0.08, 0.5 * np.pi / 2, 0.11
    axis = h * np.arange(-16, 38)
    kx, ky = np.meshgrid(axis, h * np.arange(-16, 17), indexing="ij")
    x, y = q * np.cos(phi), q * np.sin(phi)
    a, after = f(ELECTRONS, kx, ky, u1), f(ELECTRONS, kx - x, ky - y, u1)
    p = (ELECTRONS.energy(kx, ky) - ELECTRONS.energy(kx - x, ky - y)) / (HOLES.curvature * q)
    total = 0.0
    for t in 0.06 * np.arange(-20, 21):
        lx, ly = p * np.cos(phi) - t * np.sin(phi), p * np.sin(phi) + t * np.cos(phi)
        b, b_after = f(HOLES, lx - x / 2, ly - y / 2, u2), f(HOLES, lx + x / 2, ly + y / 2, u2)
        total += np.sum(a * (1 - after) * b * (1 - b_after) - after * (1 - a) * b_after * (1 - b))
    total *= h * h * 0.06 / ((2 * np.pi) ** 4 * HOLES.curvature * q)
    rates = transfers_at(HOLES, np.array([q]), np.array([phi]), u2)
    table = excess_at(ELECTRONS, 0.04, "relaxation-time", u1, 0.0)
    T, c = HOLES.thermal_energy, HOLES.curvature
    value = force(ELECTRONS.band, T, c, np.array([q]), np.array([phi]), table, rates, 0.0)[0, 0]
    assert value == pytest.approx(total, rel=1e-3)


def test_current_and_balance():
    u1 = DRIFT.shift(-7.0)
    assert DRIFT.velocity(u1) * ELECTRONS.density * 0.1602176634 * 1e3 == pytest.approx(7.0, rel=1e-7)
    tau, ratio = 1e-8, DRIFT.drag_ratio(1e-8, -7.0)
    u2 = -ratio * ELECTRONS.density * DRIFT.velocity(u1) / HOLES.density * HBAR / HOLES.curvature
    assert DRIFT.force(u1, u2) == pytest.approx(u2 * 1e-12 / tau, rel=1e-6)


def test_strength_of_a_parabola():
    flat = DriftingLayers(RashbaLayer(0.2, 10, T, lam=0, J=0, B=0), HOLES, 20, 5)
    # u v_F/k_B T with u = m j/(e n hbar), up to the width of the shell in which the slope is taken
    u = 3e-3 / (0.1602176634 * HOLES.density) * HBAR / HOLES.curvature
    assert flat.strength(-3.0) == pytest.approx(
        u * HOLES.curvature * HOLES.fermi_wave_number / HOLES.thermal_energy, rel=0.4
    )
    assert flat.strength(-6.0) == pytest.approx(2 * flat.strength(3.0), rel=1e-6)


def test_reversed_field_mirrors_the_drag():
    """But for the interpolation of the excess after a collision, not before it: a finer table leaves less of that."""
    layers = [RashbaLayer(0.2, 10, T, lam=50, J=10, B=B) for B in (2.585, -2.585)]
    gaps = []
    for spacing in (None, 0.35 * ELECTRONS.spacing()):
        here, mirrored = (DriftingLayers(layer, HOLES, 20, 5, spacing=spacing) for layer in layers)
        gaps.append(abs(mirrored.drag_ratio(1e-9, 4.0) / here.drag_ratio(1e-9, -4.0) - 1))
    assert gaps[0] < 5e-7 and gaps[1] < 5e-9
    assert abs(DRIFT.drag_ratio(1e-9, 4.0) / DRIFT.drag_ratio(1e-9, -4.0) - 1) > 1e-4


def test_default_grid_is_converged():
    layers = RashbaLayer(0.2, 10, 15, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, 15)
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
