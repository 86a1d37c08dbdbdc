import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ehbilayer.drag import ParabolicLayer, RashbaLayer
from ehbilayer.drag.screening import interlayer_interaction
from ehbilayer.model import lindhard
from ehbilayer.units import COULOMB

LAYER = ParabolicLayer(mass=0.2, E_F=10, T=10)
COLD = ParabolicLayer(mass=0.2, E_F=10, T=0.02)


def stern(layer, q, omega):
    """chi at T = 0 in closed form (Stern), with an infinitesimal imaginary part of omega."""
    k, c = layer.fermi_wave_number, layer.curvature
    z = np.array([omega / (c * q) + q / 2, omega / (c * q) - q / 2]) / k
    real = q / k - sum(s * np.sign(x) * np.sqrt(max(x * x - 1, 0)) for s, x in zip((1, -1), z, strict=True))
    imaginary = sum(s * np.sqrt(max(1 - x * x, 0)) for s, x in zip((-1, 1), z, strict=True))
    return layer.density_of_states * k / q * (real + 1j * imaginary)


@pytest.mark.parametrize("eta", [-50.0, -36.0, -3.3, 0.0, 0.5, 7.0, 63.99, 64.0, 64.01, 300.0])
def test_fermi_integral(eta):
    edge = np.sqrt(max(eta, 0.0))
    points = sorted({0.0, max(edge - 4, 0), edge, edge + 1, edge + 8})
    exact = 2 * sum(
        quad(lambda x: 1 / (1 + np.exp(x * x - eta)), a, b, epsabs=0, epsrel=1e-13)[0]
        for a, b in itertools.pairwise(points)
    )
    assert lindhard.fermi_integral(eta) == pytest.approx(exact, rel=2e-12)


@pytest.mark.parametrize(
    ("q", "omega"), [(0.05, 0.0), (0.05, 2.0), (0.05, 8.0), (0.3, 5.0), (0.6, 1.0), (0.6, 60.0), (0.6, -60.0)]
)
def test_zero_temperature(q, omega):
    value, exact = lindhard.response(COLD, q, omega), stern(COLD, q, omega)
    assert value == pytest.approx(exact, rel=2e-5)
    assert abs(exact.real) > 1e-6


@pytest.mark.parametrize(("q", "omega"), [(0.05, 0.0), (0.05, 2.0), (0.2, 4.35), (0.45, 1.0), (0.6, 30.0)])
def test_maldague_average_of_zero_temperature(q, omega):
    """chi(T) is the average of chi(T = 0) over Fermi energies with weight -df/dE."""
    T = LAYER.thermal_energy

    def weighted(E, part):
        E_F = max(E, 1e-300)
        return getattr(stern(ParabolicLayer(0.2, E_F, 1e-3), q, omega), part) / (
            4 * T * np.cosh((E - LAYER.E_F) / (2 * T)) ** 2
        )

    edges = sorted(
        {
            1e-9,
            48.0,
            *(0.5 * LAYER.curvature * (omega / (LAYER.curvature * q) + s * q / 2) ** 2 for s in (-1, 1)),
            5,
            10,
            15,
            20,
        }
    )
    exact = [
        sum(
            quad(weighted, a, b, args=(part,), limit=200, epsabs=1e-13)[0]
            for a, b in itertools.pairwise(edges)
            if b <= 48
        )
        for part in ("real", "imag")
    ]
    assert lindhard.response(LAYER, q, omega) == pytest.approx(exact[0] + 1j * exact[1], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("q", [0.02, 0.2, 0.5])
def test_sum_rules(q):
    top = LAYER.curvature * q * (LAYER.reach() + q / 2)
    omega, weight = np.polynomial.legendre.leggauss(600)
    omega, weight = 0.5 * top * (omega + 1), 0.5 * top * weight
    s = lindhard.spectral(LAYER, q, omega)
    assert 2 * weight @ (omega * s) == pytest.approx(LAYER.density * LAYER.curvature * q**2, rel=1e-10)
    assert 2 * weight @ (s / omega) == pytest.approx(lindhard.response(LAYER, q).real, rel=1e-10)


@pytest.mark.parametrize(("q", "omega"), [(0.05, 2.0), (0.2, 3.0), (0.05, 9.0)])
def test_kramers_kronig(q, omega):
    top = LAYER.curvature * q * (LAYER.reach() + q / 2)
    principal = quad(
        lambda x: lindhard.spectral(LAYER, q, x), -top, top, weight="cauchy", wvar=omega, limit=400, epsabs=1e-12
    )[0]
    assert principal == pytest.approx(lindhard.response(LAYER, q, omega).real, rel=1e-6)


def test_symmetry_detailed_balance_and_long_waves():
    omega = np.linspace(0.1, 12, 40)
    np.testing.assert_allclose(lindhard.spectral(LAYER, 0.1, -omega), -lindhard.spectral(LAYER, 0.1, omega), rtol=1e-12)
    # The structure factor S(omega) n(omega) obeys S(-omega) = exp(-beta omega) S(omega).
    beta = 1 / LAYER.thermal_energy
    structure = [lindhard.spectral(LAYER, 0.1, sign * omega) / -np.expm1(-sign * beta * omega) for sign in (1, -1)]
    np.testing.assert_allclose(structure[1], np.exp(-beta * omega) * structure[0], rtol=1e-12)
    assert (lindhard.spectral(LAYER, 0.1, omega) > 0).all()
    assert lindhard.response(LAYER, 1e-5).real == pytest.approx(LAYER.compressibility, rel=1e-9)
    # Far above the continuum: -n q^2/(m omega^2).
    assert lindhard.response(LAYER, 0.01, 50.0).real == pytest.approx(
        -LAYER.density * LAYER.curvature * 1e-4 / 2500, rel=1e-3
    )


@given(q=st.floats(1e-4, 2), omega=st.floats(-100, 100), T=st.floats(0.1, 500), E_F=st.floats(0.01, 200))
def test_finite_on_valid_input(q, omega, T, E_F):
    assert np.isfinite(lindhard.response(ParabolicLayer(0.2, E_F, T), q, omega))


def test_densities():
    hot = ParabolicLayer(mass=0.2, E_F=10, T=100)
    step = 1e-4
    slope = (ParabolicLayer(0.2, 10 + step, 100).density - ParabolicLayer(0.2, 10 - step, 100).density) / (2 * step)
    assert hot.compressibility == pytest.approx(slope, rel=1e-8)
    rashba = RashbaLayer(0.2, 10, 100, 50, 10, 2.585)
    slope = (
        RashbaLayer(0.2, 10 + step, 100, 50, 10, 2.585).density
        - RashbaLayer(0.2, 10 - step, 100, 50, 10, 2.585).density
    ) / (2 * step)
    assert rashba.compressibility == pytest.approx(slope, rel=1e-6)
    plain = RashbaLayer(0.2, 10, 100, 0.0, 10, 2.585)
    for name in ("density", "compressibility", "average_mass"):
        assert getattr(plain, name) == pytest.approx(getattr(hot, name), rel=1e-9)


@pytest.mark.parametrize(("J", "B"), [(10, 2.585), (0.0, 0.0), (1.0, 0.3), (10, -4.0), (0.0, 3.0)])
def test_minimum_and_derivatives_of_the_band(J, B):
    layer = RashbaLayer(0.2, 10, 10, 50, J, B)
    axis = np.linspace(-0.5, 0.5, 401)
    kx, ky = np.meshgrid(axis, axis, indexing="ij")
    lowest = layer.energy(kx, ky).min() + layer.E_F
    assert 0 <= lowest < 0.02
    assert layer.energy(layer.minimum[0], 0.0) == pytest.approx(-10, abs=1e-10)
    k, step = np.array([0.13, -0.21, 0.4]), 1e-5
    numerical = (layer.energy(k + step, 0.05) - layer.energy(k - step, 0.05)) / (2 * step)
    np.testing.assert_allclose(layer.velocity(k, 0.05), numerical, rtol=1e-7)
    bend = lindhard_bend(layer, k)
    np.testing.assert_allclose(
        bend, (layer.velocity(k + step, 0.05) - layer.velocity(k - step, 0.05)) / (2 * step), rtol=1e-6
    )


def lindhard_bend(layer, k):
    from ehbilayer.drag.layers import evaluate

    return np.array([evaluate(layer.band, x, 0.05)[2] for x in k])


def test_overlap_of_spinors():
    """Against eigenvectors of the two-by-two Hamiltonian whose lower band is -|(lam k_x + B, lam k_y, J)|."""
    from ehbilayer.drag.layers import overlap

    layer = RashbaLayer(0.2, 10, 10, 50, 10, 2.585)

    def spinor(kx, ky):
        x, y, z = 50 * kx + 2.585, 50 * ky, 10
        return np.linalg.eigh(-np.array([[z, x - 1j * y], [x + 1j * y, -z]]))[1][:, 0]

    for a, b in (((0.1, 0.2), (-0.3, 0.05)), ((0.0, 0.0), (0.4, 0.0))):
        assert overlap(layer.band, *a, *b) == pytest.approx(abs(np.vdot(spinor(*a), spinor(*b))) ** 2, rel=1e-12)


def test_interaction():
    q = np.array([0.01, 0.1, 1.0])
    bare = 2 * np.pi * COULOMB / (5 * q)
    np.testing.assert_allclose(interlayer_interaction(q, 20, 5), bare * np.exp(-20 * q), rtol=1e-14)
    # The matrix form: U is the off-diagonal element of (1 + V chi)^-1 V.
    chi = np.array([3e-4, 5e-4 + 1e-4j])
    for x, v in zip(q, bare, strict=True):
        V = v * np.array([[1, np.exp(-20 * x)], [np.exp(-20 * x), 1]])
        assert interlayer_interaction(x, 20, 5, *chi) == pytest.approx(
            np.linalg.solve(np.eye(2) + V @ np.diag(chi), V)[0, 1], rel=1e-12
        )
    with pytest.raises(ValueError, match=r"d = -1 is not allowed"):
        interlayer_interaction(0.1, -1, 5)
    with pytest.raises(ValueError, match=r"q = 0.0 is not allowed"):
        interlayer_interaction(0.0, 1, 5)
