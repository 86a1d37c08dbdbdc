"""Ginzburg-Landau coefficients against Matsubara sums, high precision, exact limits and symmetries."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from ehbilayer.diode.bands import Bands, isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.ginzburg_landau import coefficient_map, coefficients, free_energy
from ehbilayer.diode.momentum_grid import COARSE, FINE, Resolution, momentum_grid
from ehbilayer.diode.momentum_sums import momentum_sums
from ehbilayer.diode.pair_kernels import pair_kernels
from ehbilayer.diode.pocket import BetaNotPositive, critical_currents

P2 = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
STRONG = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=12.0)


def test_minimum_of_the_free_energy():
    alpha, beta = -0.3, 1.7
    x = np.linspace(0, 1, 200001)
    F = alpha * x + beta * x**2 / 2
    # Not -alpha^2/beta, and it is Delta^2 that equals abs(alpha)/beta.
    assert F.min() == pytest.approx(float(free_energy(alpha, beta)), rel=1e-9)
    assert x[F.argmin()] == pytest.approx(abs(alpha) / beta, abs=1e-5)
    assert free_energy(0.2, 1.0) == 0 and np.isnan(free_energy(-0.2, -1.0))


@pytest.mark.parametrize("T", [0.5, 1.0])
def test_beta_in_weak_coupling(T):
    bands = isolated_bands(E_F=400.0, lam=0.0, J=600.0, B=0.0)
    expected = 7 * 1.2020569031595942 / (16 * np.pi**3 * T**2)
    assert float(coefficients(bands, 0.0, T=T).beta) == pytest.approx(expected, rel=1e-4)


def test_isotropic_susceptibility_in_one_dimension():
    bands = isolated_bands(E_F=5.0, lam=0.0, J=9.0, B=0.0)

    def K(u):
        return math.tanh((u - 5.0) / 1.6) / (2 * (u - 5.0))

    top = 1e7
    points = np.concatenate([np.linspace(0, 50, 101), np.geomspace(51, top, 60)])
    value = sum(integrate.quad(K, a, b, epsabs=1e-13)[0] for a, b in itertools.pairwise(points)) / (2 * np.pi)
    value -= math.log(math.sqrt(2 * top)) / (2 * np.pi)
    assert float(coefficients(bands, 0.0, T=0.8).susceptibility) == pytest.approx(value, abs=2e-7)


@pytest.mark.parametrize("bands, q", [(P2, (0.3, 0.0)), (P2, (0.3, -0.4)), (STRONG, (1.7, 0.2))])
def test_sums_against_another_quadrature(bands, q):
    """Centred pairs (p + q/2, -p + q/2) in Cartesian coordinates on a trapezoidal rule; the common tail cancels."""
    T, step, edge = 0.9, 0.08, 70.0
    x = np.arange(-edge, edge + step / 2, step)
    k_x, k_y = np.meshgrid(x, x, indexing="ij")

    def total(q):
        xi_e = bands.electron(k_x + q[0] / 2, k_y + q[1] / 2)
        xi_h = bands.hole(-k_x + q[0] / 2, -k_y + q[1] / 2)
        K, G = pair_kernels((xi_e + xi_h) / 2, (xi_e - xi_h) / 2, T)
        inside = k_x**2 + k_y**2 < edge**2
        return np.array([(K * inside).sum(), G.sum()]) * (step / 2 / np.pi) ** 2

    found, zero = coefficients(bands, q[0], q[1], T=T), coefficients(bands, 0.0, T=T)
    reference, at_zero = total(q), total((0.0, 0.0))
    assert float(found.beta) == pytest.approx(reference[1] + 1 / (4 * np.pi * edge**4), abs=1e-9)
    # Beyond the edge G = 2/p^6. The susceptibility beyond it differs like q^2/edge^2.
    assert float(found.susceptibility - zero.susceptibility) == pytest.approx(reference[0] - at_zero[0], abs=2e-5)


@pytest.mark.parametrize("bands", [P2, STRONG])
@pytest.mark.parametrize("T", [0.2, 0.9])
def test_default_grid_has_converged(bands, T):
    q = np.array([-0.3, 0.2, 1.7])
    fine = coefficients(bands, q, T=T, resolution=Resolution(panel=2.0, order=24, angle_factor=2.0))
    for resolution, bound in ((FINE, 1e-11), (COARSE, 1e-8)):
        found = coefficients(bands, q, T=T, resolution=resolution)
        np.testing.assert_allclose(found.susceptibility, fine.susceptibility, rtol=0, atol=bound)
        np.testing.assert_allclose(found.beta, fine.beta, rtol=0, atol=bound * np.abs(fine.beta).max())
    poor = coefficients(bands, q, T=T, resolution=Resolution(panel=12.0, order=4, angles=6), estimate_error=True)
    assert np.abs(poor.susceptibility - fine.susceptibility).max() > 1e-7 and poor.error > 1e-6


def test_susceptibility_does_not_depend_on_where_the_tail_begins():
    values = []
    for q_max in (0.3, 1.0, 4.0):
        grid = momentum_grid(P2, 0.9, (-q_max, q_max))
        values.append(momentum_sums(P2, grid, 0.2, 0.0, 0.9)[0])
    assert np.ptp([momentum_grid(P2, 0.9, (-q, q)).log_start for q in (0.3, 4.0)]) > 0.01
    assert np.ptp(values) < 1e-12


def mirrored(bands, **signs):
    values = {name: signs.get(name, 1) * getattr(bands, name) for name in ("lam_e", "lam_h", "B", "J")}
    return Bands(**values, mu_e=bands.mu_e, mu_h=bands.mu_h)


@settings(max_examples=10, deadline=None)
@given(q_x=st.floats(-2, 2), q_y=st.floats(-2, 2), T=st.floats(0.3, 1.5))
def test_symmetries(q_x, q_y, T):
    base = coefficients(STRONG, q_x, q_y, T=T)
    images = [
        coefficients(mirrored(STRONG, B=-1), -q_x, q_y, T=T),
        coefficients(mirrored(STRONG, lam_e=-1), -q_x, q_y, T=T),
        coefficients(mirrored(STRONG, J=-1), q_x, q_y, T=T),
        coefficients(STRONG, q_x, -q_y, T=T),
    ]
    for image in images:
        assert float(image.susceptibility) == pytest.approx(float(base.susceptibility), rel=1e-11, abs=1e-12)
        assert float(image.beta) == pytest.approx(float(base.beta), rel=1e-10, abs=1e-13)


def test_even_without_field_and_for_opposite_rashba_coupling_but_not_otherwise():
    q = np.array([0.1, 0.4, 1.3])

    def odd(bands):
        return np.abs(
            coefficients(bands, q, T=0.9).susceptibility - coefficients(bands, -q, T=0.9).susceptibility
        ).max()

    assert odd(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=0.0)) < 1e-13
    assert odd(isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=3.0)) < 1e-13
    literal = dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    assert odd(isolated_bands(**literal, lam_h=-1.0)) < 1e-13
    assert odd(isolated_bands(**literal, lam_h=1.0)) > 1e-3
    assert odd(isolated_bands(**literal)) > 1e-3


def test_map_agrees_with_direct_sums():
    coupling = coupling_at_T_c(P2)
    q_x, q_y = np.linspace(-0.35, 0.75, 7), np.linspace(-0.5, 0.5, 5)
    maps = coefficient_map(P2, q_x, q_y, T=0.9, coupling=coupling)
    direct = coefficients(P2, q_x[:, None], q_y[None, :], T=0.9)
    np.testing.assert_allclose(maps.alpha, coupling.inverse - direct.susceptibility, atol=2e-12)
    np.testing.assert_allclose(maps.beta, direct.beta, atol=2e-12)
    assert maps.interpolation_error < 1e-11
    np.testing.assert_allclose(maps.free_energy, free_energy(maps.alpha, maps.beta), atol=0)


def test_coupling_is_the_largest_susceptibility_at_T_c():
    for bands in (P2, STRONG, isolated_bands(E_F=3.0, lam=1.0, J=2.0, B=1.0)):
        coupling = coupling_at_T_c(bands)
        q = coupling.q + np.linspace(-3, 3, 241)
        values = coefficients(bands, q, T=1.0).susceptibility
        assert values.max() <= coupling.inverse + 1e-13
        assert float(coefficients(bands, coupling.q, T=1.0).susceptibility) == pytest.approx(
            coupling.inverse, abs=1e-13
        )
    assert coupling_at_T_c(P2).q == pytest.approx(0.19994, abs=1e-5)


def test_spectral_current_is_the_derivative_of_the_free_energy():
    coupling = coupling_at_T_c(P2)
    pocket = critical_currents(P2, 0.9, coupling.inverse, (-0.4, 0.8))

    def F(q):
        value = coefficients(P2, q, T=0.9)
        return free_energy(coupling.inverse - value.susceptibility, value.beta)

    h, q = 1e-3, np.array([-0.1, 0.1, 0.35, 0.5])
    stencil = (8 * (F(q + h) - F(q - h)) - (F(q + 2 * h) - F(q - 2 * h))) / (12 * h)
    np.testing.assert_allclose(pocket.current(q), stencil, rtol=1e-8)
    assert np.abs(stencil).min() > 1e-3
    assert pocket.J_plus == pytest.approx(pocket.current(np.linspace(*pocket.edges, 20001)).max(), rel=1e-7)
    assert pocket.current(pocket.q0) == pytest.approx(0, abs=1e-14)
    assert pocket.edges == pytest.approx((-0.190754, 0.590576), abs=1e-6)
    assert pocket.beta_min > 0 and pocket.tail < 1e-13


def test_an_expansion_without_minimum_is_refused():
    coupling = coupling_at_T_c(STRONG)
    with pytest.raises(BetaNotPositive, match="beta falls to"):
        critical_currents(STRONG, 0.1, coupling.inverse, (0.6, 2.8), nodes=80)


def test_no_pocket_gives_none():
    assert critical_currents(P2, 1.1, coupling_at_T_c(P2).inverse, (-0.4, 0.8)) is None


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: pair_kernels(0.0, 0.0, 0.0), ValueError, "^T = 0.0"),
        (lambda: pair_kernels(math.nan, 0.0), ValueError, "^xi = nan"),
        (lambda: coefficients(P2, 0.0, T=0.001), ValueError, "^T = 0.001 .* T >= 0.01"),
        (lambda: coefficients(P2, [0.0, math.inf], T=1.0), ValueError, r"^q_x\[1\] = inf"),
        (lambda: Resolution(panel=20.0), ValueError, "^panel = 20.0"),
        (lambda: Resolution(order=2), ValueError, "^order = 2"),
        (lambda: Resolution(angles=2.5), TypeError, "^angles = 2.5"),
        (
            lambda: coefficient_map(P2, [0.0, 1.0], [0.0], T=0.9, coupling=coupling_at_T_c(P2), nodes=(2, 9)),
            ValueError,
            "^nodes = 2",
        ),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
