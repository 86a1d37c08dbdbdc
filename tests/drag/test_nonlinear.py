import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.drag import ANSATZE, ParabolicLayer, RashbaLayer, drag_coefficients, dynamic, nonlinear
from ehbilayer.drag.collision import CollisionIntegral
from ehbilayer.model import lindhard

R1 = {"T": 10, "E_F_e": 10, "E_F_h": 10, "m_e": 0.2, "m_h": 0.2, "d": 20, "eps_r": 5, "lam": 50, "J": 10, "B": 2.585}
NAMES = ("K11", "K12", "K22")


@pytest.fixture(scope="module")
def reference():
    return drag_coefficients(**R1)


def test_known_point(reference):
    c = reference
    assert c.density_e == pytest.approx(7.30819e11, rel=1e-5)
    assert c.density_h == pytest.approx(4.177e11, rel=1e-3)
    assert c.mass_e == pytest.approx(0.306761, rel=2e-6)
    assert c.tau_D1 == pytest.approx(1.9304e-7, rel=3e-5)
    assert c.tau_D2 == pytest.approx(1.3559e-7, rel=5e-5)
    assert pytest.approx((-3.03406e-5, 1.96892e-6, 4.96765e-6), rel=1e-4) == (c.K11, c.K12, c.K22)
    assert c.drag_ratio(1e-9) == pytest.approx(-0.0045084, rel=5e-5)
    assert c.nonreciprocity(1e-9) == pytest.approx(1.325e-2, rel=1e-3)


def test_default_grid_is_converged(reference):
    fine = drag_coefficients(**R1, order=12, angles=14, spacing=0.008, estimate_error=False)
    assert reference.tau_D1 == pytest.approx(fine.tau_D1, rel=2e-7)
    largest = abs(fine.K11)
    for name in NAMES:
        change = abs(getattr(reference, name) - getattr(fine, name)) / largest
        assert change < reference.errors["K"] < 1e-4


def test_without_spin_orbit_coupling_it_is_the_parabolic_result():
    """The Rashba kernel at negligible lam against the parabolic one; the second-order terms vanish."""
    for kind in ("none", "thomas-fermi", "static-rpa"):
        plain = drag_coefficients(**R1 | {"lam": 0.0}, screening=kind)
        small = drag_coefficients(**R1 | {"lam": 1e-6}, screening=kind, ansatz="relaxation-time")
        assert small.tau_D1 == pytest.approx(plain.tau_D1, rel=1e-6)
        assert small.tau_D2 == pytest.approx(plain.tau_D2, rel=1e-6)
        assert all(abs(getattr(small, name)) < 1e-6 / (1e12 * plain.tau_D1) for name in NAMES)


@pytest.mark.parametrize("ansatz", ANSATZE)
def test_symmetries(reference, ansatz):
    first = drag_coefficients(**R1, ansatz=ansatz, estimate_error=False)
    for flipped in ({"B": -2.585}, {"lam": -50}):
        second = drag_coefficients(**R1 | flipped, ansatz=ansatz, estimate_error=False)
        assert second.tau_D1 == pytest.approx(first.tau_D1, rel=1e-10)
        for name in NAMES:
            assert getattr(second, name) == pytest.approx(-getattr(first, name), rel=1e-8, abs=1e-15)
    same = drag_coefficients(**R1 | {"J": -10}, ansatz=ansatz, estimate_error=False)
    assert pytest.approx(first.K11, rel=1e-12) == same.K11
    still = drag_coefficients(**R1 | {"B": 0.0}, ansatz=ansatz, estimate_error=False)
    assert all(abs(getattr(still, name)) < 1e-17 for name in NAMES)
    assert max(abs(getattr(first, name)) for name in NAMES) > 1e-6


@pytest.mark.parametrize("ansatz", ANSATZE)
def test_against_the_raw_collision_integral(ansatz):
    """Every coefficient against differences of the five-dimensional integral at +-u, extrapolated."""
    c = drag_coefficients(**R1 | {"T": 60.0}, ansatz=ansatz)
    layers = RashbaLayer(0.2, 10, 60, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, 60)
    raw = CollisionIntegral(*layers, d=20, eps_r=5, order=5, angles=12, fineness=0.8).coefficients(0.01, ansatz)
    assert raw["rate_1"] == pytest.approx(1e-12 / c.tau_D1, rel=2e-3)
    assert raw["rate_2"] == pytest.approx(1e-12 / c.tau_D2, rel=2e-3)
    largest = max(abs(getattr(c, name)) for name in NAMES)
    for name in NAMES:
        assert raw[name] == pytest.approx(getattr(c, name), abs=3e-3 * largest)


def test_ansatz_and_overlap_act_as_stated(reference):
    shifted, relaxed = (
        drag_coefficients(**R1, ansatz=name, estimate_error=False) for name in ("shifted", "relaxation-time")
    )
    assert shifted.K12 == reference.K12 == relaxed.K12
    assert pytest.approx(shifted.K11 - reference.K11, rel=1e-10) == relaxed.K11 - shifted.K11
    # The sign of the nonreciprocity depends on the ansatz.
    assert reference.K11 < 0 < relaxed.K11
    overlap = drag_coefficients(**R1, overlap=True, estimate_error=False)
    # An overlap below one weakens every collision.
    assert 0.9 * overlap.tau_D1 < reference.tau_D1 < overlap.tau_D1


def test_nonreciprocity_of_each_ansatz():
    """Known values at j = 1 A/m and tau_2 = 1 ns.

    At fixed current, of which a shifted distribution has a part of second order.
    """
    for ansatz, value in {"linearised": 1.325e-2, "shifted": 1.26e-3, "relaxation-time": -1.07e-2}.items():
        c = drag_coefficients(**R1, ansatz=ansatz, estimate_error=False)
        assert c.nonreciprocity(1e-9) == pytest.approx(value, abs=6e-5)
        difference = c.drag_ratio_at(1e-9, 1e-3) / c.drag_ratio_at(1e-9, -1e-3) - 1
        assert difference == pytest.approx(2 * c.nonreciprocity(1e-9, 1e-3), rel=1e-4)


def test_current_of_a_shifted_distribution():
    layer = RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585)
    axis = 0.005 * np.arange(-160, 161)
    kx, ky = np.meshgrid(axis, axis, indexing="ij")
    u, weight = 1e-3, (0.005 / (2 * np.pi)) ** 2 / layer.density

    def velocity(shift):
        f = 0.5 * (1 - np.tanh(layer.energy(kx - shift, ky) / (2 * layer.thermal_energy)))
        return weight * np.sum(f * layer.velocity(kx, ky))

    c = drag_coefficients(**R1, ansatz="shifted", estimate_error=False)
    linear = (velocity(u) - velocity(-u)) / 2
    square = (velocity(u) + velocity(-u)) / 2
    assert square / linear == pytest.approx(c.current_shift * u, rel=1e-4)


def test_dynamic_screening():
    """lam -> 0 against the parabolic code; the response against Maldague's form and its static limit."""
    plain = drag_coefficients(**R1 | {"lam": 0.0}, screening="dynamic-rpa", estimate_error=False)
    small = drag_coefficients(**R1 | {"lam": 1e-6}, screening="dynamic-rpa", estimate_error=False, order=5, angles=4)
    assert small.tau_D1 == pytest.approx(plain.tau_D1, rel=2e-5)
    flat, layer = RashbaLayer(0.2, 10, 10, lam=0.0, J=1.0, B=0.0), ParabolicLayer(0.2, 10, 10)
    for q in (0.02, 0.1, 0.3, 0.6):
        omega = np.array([-0.7, 0.3, 1, 1.7, 2.1, 3]) * layer.curvature * q * layer.fermi_wave_number
        exact = lindhard.response(layer, q, omega)
        np.testing.assert_allclose(dynamic.response(flat, q, 0.3, omega), exact, atol=2e-4 * abs(exact).max())
    electrons = RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585)
    # chi(q, omega) = conj chi(-q, -omega)
    forward, backward = (
        dynamic.response(electrons, 0.1, phi, np.array([w]))[0] for phi, w in ((0.4, 1.5), (0.4 + np.pi, -1.5))
    )
    assert forward == pytest.approx(np.conj(backward), rel=1e-6)


@pytest.mark.slow
def test_dynamic_screening_with_thermal_plasmons_is_converged():
    """At 20 K a grid that just resolves T gets K11 wrong, since the weak damping of the plasmons needs more."""
    options = {**R1, "T": 20, "screening": "dynamic-rpa", "angles": 4, "estimate_error": False}
    default, fine = (drag_coefficients(**options, **grid) for grid in ({"order": 6}, {"order": 10, "spacing": 0.009}))
    coarse = drag_coefficients(**options, order=6, spacing=0.028)
    assert default.tau_D1 == pytest.approx(fine.tau_D1, rel=1e-4)
    assert pytest.approx(fine.K11, rel=1e-3) == default.K11 and coarse.K11 / fine.K11 > 1.5


@pytest.mark.slow
def test_dynamic_screening_is_converged():
    values = [
        drag_coefficients(**R1, screening="dynamic-rpa", estimate_error=False, **grid)
        for grid in ({}, {"order": 11, "angles": 12, "spacing": 0.0078})
    ]
    assert values[0].tau_D1 == pytest.approx(values[1].tau_D1, rel=1e-5)
    for name in NAMES:
        assert getattr(values[0], name) == pytest.approx(getattr(values[1], name), abs=1e-4 * abs(values[1].K11))


@pytest.mark.parametrize(("T", "lam"), [(2.0, 36.0), (10.0, -50.0)])
def test_skipped_electrons_do_not_count(T, lam):
    """The linear sums at one q from all points of the grid, with the holes where energy conservation puts them."""
    electrons, holes = RashbaLayer(0.2, 8, T, lam=lam, J=5, B=10), ParabolicLayer(0.2, 8, T)
    whole = nonlinear.make_grid(electrons, holes, d=20, order=4, angles=3, spacing=electrons.spacing())
    i, j = 9, 1
    q, phi, h = whole.panels.nodes[i], whole.directions[j], whole.spacing
    n = int(np.ceil((whole.reach + 0.5 * q) / h))
    kx, ky = np.meshgrid(h * np.arange(-n, n + 1), h * np.arange(-n, n + 1), indexing="ij")
    x, y, kT, c = 0.5 * q * np.cos(phi), 0.5 * q * np.sin(phi), electrons.thermal_energy, holes.curvature

    def both(before, after):
        return 0.25 / (np.cosh(0.5 * before / kT) * np.cosh(0.5 * after / kT))

    xi, after = electrons.energy(kx + x, ky + y), electrons.energy(kx - x, ky - y)
    w, w_after = electrons.velocity(kx + x, ky + y), electrons.velocity(kx - x, ky - y)
    electron = both(np.clip(xi, -99 * kT, 99 * kT), np.clip(after, -99 * kT, 99 * kT))
    counts = electron > 1e-16
    p, electron, change = (xi - after)[counts] / (c * q), electron[counts], (w - w_after)[counts]
    k = 0.4 * holes.strip * np.arange(-90, 91)
    hole = np.zeros(p.size)
    for transverse in k:
        low, high = (0.5 * c * ((p + s * q / 2) ** 2 + transverse**2) - holes.E_F for s in (-1, 1))
        hole += both(np.clip(low, -99 * kT, 99 * kT), np.clip(high, -99 * kT, 99 * kT))
    hole *= (k[1] - k[0]) / (4 * np.pi**2 * c * q)
    factor = (h / (2 * np.pi)) ** 2 / kT
    expected = factor * np.sum(electron * hole * change), factor * c * q * np.cos(phi) * np.sum(electron * hole)
    found = nonlinear.sums(electrons, holes, whole, False)[i, j, :2]
    assert found == pytest.approx(expected, rel=1e-5)


def test_static_response_of_the_rashba_layer():
    electrons, holes = RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, 10)
    grid = nonlinear.make_grid(electrons, holes, d=200, order=4, angles=3, spacing=electrons.spacing())
    static = nonlinear.static_response(electrons, grid, False)
    np.testing.assert_allclose(static[0], electrons.compressibility, rtol=1e-4)


def test_ratio_at_finite_current(reference):
    tau = 1e-9
    small = reference.drag_ratio_at(tau, 1e-4) / reference.drag_ratio(tau) - 1
    assert small == pytest.approx(reference.nonreciprocity(tau, 1e-4), rel=1e-5)
    assert reference.drag_ratio_at(tau, 0.0) == reference.drag_ratio(tau)
    # The root solves the balance of forces, also where drag dominates and all K's matter.
    strong = drag_coefficients(**R1 | {"d": 5.0}, screening="static-rpa")
    current, tau = 3.0, 5e-8
    u1 = strong.drift(current)
    ratio = strong.drag_ratio_at(tau, current)
    u2 = -ratio * strong.density_e * strong.mass_h / (strong.density_h * strong.mass_e) * u1
    rate = [1e-12 / time for time in (strong.tau_D1, strong.tau_D2, tau)]
    terms = [u1 * rate[0], -u2 * (rate[1] + rate[2]), strong.K11 * u1**2, strong.K12 * u1 * u2, strong.K22 * u2**2]
    assert abs(sum(terms)) < 1e-12 * max(map(abs, terms))


def test_kept_sums_are_reused_and_results_echo_parameters(reference):
    before = _hits()
    again = drag_coefficients(**R1 | {"eps_r": 7.0})
    assert _hits() > before and again.tau_D1 != reference.tau_D1
    assert again.parameters["eps_r"] == 7.0 and again.parameters["screening"] == "thomas-fermi"
    with pytest.raises(dataclasses.FrozenInstanceError):
        again.K11 = 0.0


def _hits():
    from ehbilayer.drag.rates import kept_sums

    return kept_sums.cache_info().hits


@pytest.mark.parametrize(
    ("kw", "error", "message"),
    [
        ({"T": 0}, ValueError, "T = 0 "),
        ({"T": np.nan}, ValueError, "T = nan"),
        ({"m_e": -0.2}, ValueError, "m_e = -0.2"),
        ({"d": -1}, ValueError, "d = -1"),
        ({"eps_r": 0}, ValueError, "eps_r = 0"),
        ({"E_F_h": -30}, ValueError, "E_F_h = -30"),
        ({"screening": "rpa"}, ValueError, "screening = 'rpa'"),
        ({"ansatz": "drift"}, ValueError, "ansatz = 'drift'"),
        ({"lam": "50"}, TypeError, "lam = '50'"),
        ({"overlap": 1}, TypeError, "overlap = 1"),
        ({"order": 2}, ValueError, "order = 2"),
        ({"angles": 8.0}, TypeError, "angles = 8.0"),
        ({"spacing": 0.05}, ValueError, r"too coarse for T = 10 K, need spacing <= 0.0155 nm\^-1"),
        ({"T": 0.01}, ValueError, "T = 0.01 is not allowed: the electrons' grid"),
        ({"B": np.inf}, ValueError, "B = inf"),
    ],
)
def test_bad_input(kw, error, message):
    with pytest.raises(error, match=message):
        drag_coefficients(**R1 | kw)


@settings(max_examples=15, deadline=None)
@given(
    T=st.floats(15, 100),
    E_F_e=st.floats(1, 20),
    E_F_h=st.floats(1, 20),
    d=st.floats(1, 50),
    lam=st.floats(-80, 80),
    J=st.floats(-20, 20),
    B=st.floats(-5, 5),
    kind=st.sampled_from(["none", "thomas-fermi", "static-rpa"]),
)
def test_valid_input_gives_finite_positive_times(T, E_F_e, E_F_h, d, lam, J, B, kind):
    c = drag_coefficients(
        T=T, E_F_e=E_F_e, E_F_h=E_F_h, d=d, lam=lam, J=J, B=B, screening=kind, order=4, angles=4, estimate_error=False
    )
    assert 0 < c.tau_D1 < np.inf and 0 < c.tau_D2 < np.inf
    assert np.isfinite([c.K11, c.K12, c.K22, c.nonreciprocity(1e-9)]).all()


def test_a_layer_too_cold_for_its_sums_is_refused():
    with pytest.raises(ValueError, match="T = 0.002 is not allowed: the sums over the band would need"):
        _ = RashbaLayer(mass=0.2, E_F=10, T=0.002, lam=50, J=10, B=2.585).density


def test_drifting_equilibrium_has_its_exact_drag_ratio():
    """F = (m_h/tau_D2)(v_1 - v_2) for any band: zeta = -(n_h/n_e)/(1 + tau_D2/tau_2), without average mass."""
    for kind in ("thomas-fermi", "static-rpa"):
        c = drag_coefficients(**R1, screening=kind, ansatz="drifting", estimate_error=False)
        assert c.mass_e / c.tau_D1 == pytest.approx(c.mass_h / c.tau_D2, rel=1e-12)
        for tau in (1e-9, 1e-7):
            assert c.drag_ratio(tau) == pytest.approx(-c.density_h / c.density_e / (1 + c.tau_D2 / tau), rel=1e-12)
        plain = drag_coefficients(**R1, screening=kind, estimate_error=False)
        assert c.tau_D2 == pytest.approx(plain.tau_D2, rel=1e-12)
        assert abs(c.tau_D1 / plain.tau_D1 - 1) > 1e-2


def test_layers_at_equal_drift_velocities_feel_no_force():
    """Detailed balance to second order: A + B + C = 0 in A v1^2 + B v1 v2 + C v2^2."""
    for kind in ("thomas-fermi", "dynamic-rpa"):
        options = {"screening": kind, "ansatz": "drifting", "order": 5, "angles": 4, "estimate_error": False}
        c = drag_coefficients(**R1 | {"T": 20.0}, **options)
        r = c.mass_h / c.mass_e
        terms = c.K11, c.K12 * r, c.K22 * r * r
        assert abs(sum(terms)) < 1e-5 * max(map(abs, terms))


def test_controlled_limits_have_opposite_nonreciprocity():
    """Impurities faster (relaxation time), or collisions faster (drifting equilibrium), at the paper's parameters."""
    relaxed, drifting = (
        drag_coefficients(**R1, ansatz=name, estimate_error=False).nonreciprocity(1e-9)
        for name in ("relaxation-time", "drifting")
    )
    assert relaxed < -1e-3 and drifting > 1e-3
