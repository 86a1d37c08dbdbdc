"""Unequal masses: bands and sums against brute force, currents, exchange of the layers, Galilean limits."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ehbilayer.diode.bands import Bands, density, isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.fermi_contour import fermi_contour
from ehbilayer.diode.figures_of_merit import landau_bounds
from ehbilayer.diode.ginzburg_landau import coefficients
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.quasiparticles import quasiparticle_gap
from ehbilayer.diode.single_band import single_band_check
from ehbilayer.diode.stiffness import stiffness

BOTH = Bands(lam_e=0.8, lam_h=-0.4, B=1.5, J=3.0, mu_e=1.2, mu_h=0.7, mass_ratio=3.0)


def exchanged(bands):
    """The same bilayer with the names of the layers exchanged."""
    return replace(
        bands,
        lam_e=bands.lam_h,
        lam_h=bands.lam_e,
        mu_e=bands.mu_h,
        mu_h=bands.mu_e,
        mass_ratio=1 / bands.mass_ratio,
    )


def matched(ratio, lam_h):
    """Bands of both layers with coupling, nearly equal contours."""
    edge = 11.0 * 2 / (1 + ratio)
    zeeman = math.hypot(3.0, 14.0)
    return Bands(
        lam_e=1.0, lam_h=lam_h, B=3.0, J=14.0, mu_e=ratio * edge - zeeman, mu_h=edge - zeeman, mass_ratio=ratio
    )


def cartesian(edge=14.0, step=0.1):
    axis = np.arange(-edge, edge + step / 2, step)
    x, y = np.meshgrid(axis, axis, indexing="ij")
    return x, y, (step / (2 * np.pi)) ** 2


def printed(k_x, k_y, mass, lam, mu):
    return (k_x**2 + k_y**2) / (2 * mass) - mu - np.sqrt((lam * k_x + 1.5) ** 2 + (lam * k_y) ** 2 + 9.0)


# 1/m_e + 1/m_h = 2 with m_h = 3 m_e.
M_E, M_H = 2 / 3, 2.0


def test_bands_and_densities_of_each_mass():
    x, y, weight = cartesian()
    for layer, found, band in (("e", BOTH.electron, (M_E, 0.8, 1.2)), ("h", BOTH.hole, (M_H, -0.4, 0.7))):
        xi = printed(x, y, *band)
        np.testing.assert_allclose(found(x, y), xi, atol=1e-12)
        assert density(BOTH, layer) == pytest.approx(weight * (1 / (1 + np.exp(xi))).sum(), rel=1e-10)
        contour = fermi_contour(BOTH, layer)
        k = contour.radius * np.array([np.cos(contour.angles), np.sin(contour.angles)])
        np.testing.assert_allclose(printed(*k, *band), 0.0, atol=1e-9)
    balanced = isolated_bands(E_F=5.0, lam=1.0, J=8.0, B=2.0, mass_ratio=0.2)
    assert density(balanced, "e") == pytest.approx(density(balanced, "h"), rel=1e-12)
    assert balanced.pair_mass == pytest.approx(0.6 + 3.0)


@pytest.mark.parametrize("q", [(0.0, 0.0), (0.9, 0.0), (-0.5, 0.7)])
def test_susceptibility_is_the_brute_force_matsubara_sum(q):
    """Its change with temperature, free of cutoffs: T sum_n 1/[(xi_e - i w)(xi_h + i w)] on a Cartesian lattice."""
    x, y, weight = cartesian(edge=14.0, step=0.2)
    xi_e, xi_h = printed(x + q[0], y + q[1], M_E, 0.8, 1.2), printed(-x, -y, M_H, -0.4, 0.7)

    def brute(T, terms=600):
        total = np.zeros_like(x)
        for n in range(terms):
            w = (2 * n + 1) * math.pi * T
            total += 2 * T * (1 / ((xi_e - 1j * w) * (xi_h + 1j * w))).real
        # Euler and Maclaurin: the terms fall like 2 T [1/w^2 - (xi_e^2 + xi_h^2 - xi_e xi_h)/w^4].
        W = 2 * math.pi * T * terms
        return total + (1 / W - (xi_e**2 + xi_h**2 - xi_e * xi_h) / (3 * W**3)) / math.pi

    expected = weight * (brute(0.7) - brute(1.0)).sum()
    cold, warm = (float(coefficients(BOTH, *q, T=T).susceptibility) for T in (0.7, 1.0))
    assert abs(expected) > 5e-4 and cold - warm == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("ratio", [8.0, 0.125])
def test_exchange_of_the_layers(ratio):
    bands = matched(ratio, 0.3)
    other = exchanged(bands)
    q_x, q_y = np.array([-0.4, 0.1, 0.8]), np.array([0.0, 0.0, 0.5])
    first, second = (coefficients(b, q_x, q_y, T=0.8, estimate_error=True) for b in (bands, other))
    np.testing.assert_allclose(first.susceptibility, second.susceptibility, atol=1e-11)
    np.testing.assert_allclose(first.beta, second.beta, rtol=1e-10)
    assert first.error < 1e-6
    inverse = coupling_at_T_c(bands).inverse
    states = [MeanField(b, 0.3, inverse).solve(0.2, 0.3) for b in (bands, other)]
    assert states[0].delta == pytest.approx(states[1].delta, rel=1e-9) and states[0].delta > 0.3
    assert states[0].omega == pytest.approx(states[1].omega, rel=1e-7)
    assert states[0].electron_current == pytest.approx(states[1].hole_current, rel=1e-8)


@pytest.mark.parametrize("ratio", [5.0, 0.2])
@pytest.mark.parametrize("q", [(0.5, 0.0), (0.2, 0.4)])
def test_currents_of_both_layers_are_the_derivative_of_omega(ratio, q):
    bands = matched(ratio, 0.6)
    field = MeanField(bands, 0.4, coupling_at_T_c(bands).inverse, tolerance=1e-14)
    state, h = field.solve(*q), 2e-3
    assert state.delta > 0.3
    for axis in (0, 1) if q[1] else (0,):
        values = [field.solve(*(np.array(q) + n * h * np.eye(2)[axis])).omega for n in (-2, -1, 1, 2)]
        slope = (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * h)
        assert abs(slope) > 1e-3
        assert state.electron_current[axis] == pytest.approx(slope, rel=1e-7)
        assert state.hole_current[axis] == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_stiffness_is_that_of_the_mass_of_pairs(ratio):
    # Equal contours: E_F of each layer is proportional to its curvature.
    E_F = 200.0 * 2 / (1 + ratio)
    bands = isolated_bands(E_F=E_F, lam=0.0, J=900.0, B=0.0, mass_ratio=ratio)
    rho = stiffness(MeanField(bands, 0.1, coupling_at_T_c(bands).inverse), 0.0)
    n = 200.0 / (2 * math.pi)
    assert density(bands, "e") == pytest.approx(n, rel=1e-6)
    assert rho.xx == pytest.approx(n / bands.pair_mass, rel=1e-3) and rho.yy == pytest.approx(rho.xx, rel=1e-6)


def test_critical_current_is_that_of_the_velocity_at_which_pairs_break():
    """At fixed reduced mass and density the Doppler term k v of pairs with velocity v does not know the masses."""
    found = []
    for ratio in (1.0, 8.0, 0.125):
        # The chemical potential of the same density at T_c.
        E_F = math.log(math.expm1(20.0 * 2 / (1 + ratio)))
        found.append(diode(E_F=E_F, lam=0.0, J=200.0, B=0.0, T=0.2, mass_ratio=ratio, theory="mean-field"))
    equal, heavy, light = found
    assert heavy.bands.pair_mass > 2.5 * equal.bands.pair_mass
    assert heavy.J_plus == pytest.approx(light.J_plus, rel=1e-8)
    # Not exactly: with unequal masses thermal quasiparticles of energy E +- (m_h - m_e)/(m_h + m_e) xi.
    assert heavy.J_plus == pytest.approx(equal.J_plus, rel=2e-3)
    assert heavy.J_plus != pytest.approx(equal.J_plus, rel=1e-5)
    assert heavy.q_plus / equal.q_plus == pytest.approx(heavy.bands.pair_mass / 2, rel=0.08)
    for r in found:
        assert landau_bounds(r.bands, 1.0)[0] == pytest.approx(landau_bounds(equal.bands, 1.0)[0], rel=2e-3)
        # Critical velocities are those at which the gap closes, up to what the remaining branch adds.
        assert quasiparticle_gap(r.bands, r.q_plus, r.delta).gap < 0.3 * r.delta


@pytest.mark.parametrize("ratio", [4.0, 0.25])
def test_theories_meet_at_T_c_with_the_coupling_on_the_lighter_or_the_heavier_layer(ratio):
    point = dict(E_F=11.6, lam=1.5, J=30.0, B=12.0, mass_ratio=ratio)
    differences = []
    for T in (0.9, 0.97):
        gl, mf = (diode(**point, T=T, theory=theory) for theory in ("ginzburg-landau", "mean-field"))
        assert gl.converged and mf.converged and gl.message == mf.message == ""
        differences.append(mf.J_plus / gl.J_plus - 1)
    assert abs(differences[1]) < 0.4 * abs(differences[0]) < 0.06
    assert gl.q0 == pytest.approx(mf.q0, rel=1e-2)


def test_it_matters_which_layer_has_the_coupling():
    light, heavy = (
        diode(E_F=11.6 * 2 / (1 + ratio), lam=1.5, J=30.0, B=12.0, T=0.9, mass_ratio=ratio) for ratio in (4.0, 0.25)
    )
    # The shift of the electrons' contour is m_e lam B over the splitting.
    assert heavy.q0 / light.q0 == pytest.approx(4.0, rel=0.15)
    assert abs(heavy.efficiency) > 1e-5 and heavy.efficiency != pytest.approx(light.efficiency, rel=0.1)


def test_one_band_check_uses_the_mass_of_each_layer():
    # k^2/2m + sqrt(...) has its minimum at k = 0 unless lam^2 m exceeds the splitting: only with heavy electrons here.
    light, heavy = (
        single_band_check(Bands(lam_e=2.0, lam_h=0.0, B=0.0, J=4.0, mu_e=3.9, mu_h=3.9, mass_ratio=ratio))
        for ratio in (3.0, 1 / 3)
    )
    assert light.electron_margin == pytest.approx(0.1) and light.ok
    # At lam^2 m k^2 = (lam^2 m)^2 - J^2 with m = 2: no lower than at k = 0, since the upper band only adds.
    assert heavy.electron_margin == pytest.approx(0.1)
    assert heavy.electron_fraction != pytest.approx(light.electron_fraction, rel=1e-2)


def test_bad_masses_are_named():
    with pytest.raises(ValueError, match="^mass_ratio = 0"):
        diode(E_F=11.6, lam=1.0, J=14.0, B=3.0, T=0.9, mass_ratio=0.0)
    with pytest.raises(TypeError, match="^mass_ratio = '1'"):
        isolated_bands(E_F=11.6, lam=1.0, J=14.0, B=3.0, mass_ratio="1")
