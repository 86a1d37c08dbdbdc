import itertools
import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ehbilayer.model import lindhard
from ehbilayer.model.layers import ParabolicLayer

LAYER = ParabolicLayer(mass=0.2, E_F=10, T=10)
COLD = ParabolicLayer(mass=0.2, E_F=10, T=0.02)


def stern(layer, q, omega):
    """chi at T = 0 in closed form (Stern), with an infinitesimal imaginary part of omega."""
    k, c = layer.fermi_wave_number, layer.curvature
    z = np.array([omega / (c * q) + q / 2, omega / (c * q) - q / 2]) / k
    real = q / k - sum(s * np.sign(x) * np.sqrt(max(x * x - 1, 0)) for s, x in zip((1, -1), z, strict=True))
    imaginary = sum(s * np.sqrt(max(1 - x * x, 0)) for s, x in zip((-1, 1), z, strict=True))
    return layer.density_of_states * k / q * (real + 1j * imaginary)


@pytest.mark.parametrize(
    ("q", "omega"), [(0.05, 0.0), (0.05, 2.0), (0.05, 8.0), (0.3, 5.0), (0.6, 1.0), (0.6, 60.0), (0.6, -60.0)]
)
def test_zero_temperature(q, omega):
    value, exact = lindhard.response(COLD, q, omega), stern(COLD, q, omega)
    assert value == pytest.approx(exact, rel=2e-5)
    assert abs(exact.real) > 1e-6
    assert at_zero(COLD, q, omega) == pytest.approx(exact, rel=1e-12)


def at_zero(layer, q, omega):
    """`zero_temperature` with the units of `response`."""
    return layer.density_of_states * lindhard.zero_temperature(
        q, omega, fermi_wave_number=layer.fermi_wave_number, curvature=layer.curvature
    )


@pytest.mark.parametrize("q", [1e-3, 0.05, 0.3, 2.0])
@pytest.mark.parametrize("velocity", [30.0, 1e4, -1e6, 1e8])
def test_every_face_keeps_digits_and_sign_at_high_frequency(q, velocity):
    """-n c q^2/omega^2 (1 + (3/4 (q v_F)^2 + (c q^2/2)^2)/omega^2 + ...), from the first and third moment."""
    omega = velocity * COLD.curvature * q * COLD.fermi_wave_number
    for layer in (COLD, LAYER):
        T, eta = layer.thermal_energy, layer.eta
        # <k^2> of the layer: its density is int dE f, its energy int dE E f, by Sommerfeld with a remainder exp(-eta).
        square = (eta**2 + math.pi**2 / 3) * T / eta / layer.curvature
        correction = (3 * layer.curvature**2 * q**2 * square / 2 + (layer.curvature * q**2 / 2) ** 2) / omega**2
        expected = -layer.density * layer.curvature * q**2 / omega**2 * (1 + correction)
        value = lindhard.response(layer, q, omega)
        limit = max(1e-12, 40 * correction**2, 3 * math.exp(-eta) * correction)
        assert value.real == pytest.approx(expected, rel=limit, abs=0)
        assert value.imag * velocity >= 0
    ideal = COLD.density_of_states * COLD.E_F
    small = -ideal * COLD.curvature * q**2 / omega**2
    assert at_zero(COLD, q, omega).real == pytest.approx(small, rel=max(1e-13, 3 * correction), abs=0)
    assert at_zero(COLD, q, omega).imag == 0
    up = at_zero(COLD, q, 1j * abs(omega))
    assert up.real == pytest.approx(-small, rel=max(1e-13, 3 * correction), abs=0)


@pytest.mark.parametrize("half", [1e-6, 0.1, 0.999, 1.0, 1.7, 1e6])
@pytest.mark.parametrize("scaled", [0.0, 1e-9, 0.3, 1.0, 40.0, 1e5, 1e8])
def test_imaginary_axis_in_many_digits(half, scaled):
    """Stern's formula as printed, with 80 digits."""
    with mpmath.workdps(80):
        h, z = mpmath.mpf(half), mpmath.mpc(0, scaled)
        g = [mpmath.sqrt(x - 1) * mpmath.sqrt(x + 1) for x in (z + h, z - h)]
        exact = float((1 - (g[0] - g[1]) / (2 * h)).real)
    # At the corner h = 1, omega = 0 the slope is infinite.
    assert lindhard.imaginary_axis(half, scaled) == pytest.approx(exact, rel=1e-14, abs=0)
    face = lindhard.zero_temperature(2 * half, 2j * half * scaled, fermi_wave_number=1.0)
    assert face == pytest.approx(exact, rel=1e-12, abs=0)


@pytest.mark.parametrize("half", [1e-5, 0.2, 1.0, 3.0])
@pytest.mark.parametrize("z", [0.5, 1.4, 30, 1e4, 1e8, -1e8, 0.3 + 0.2j, 1e6 + 1e6j, 0.5 - 0.3j, 0.1 - 8j])
def test_complex_frequency_in_many_digits(half, z):
    with mpmath.workdps(80):
        h = mpmath.mpf(half)

        def root(nu):
            if nu.imag < 0 and abs(nu.real) < 1:
                return mpmath.mpc(0, 1) * mpmath.sqrt(1 - nu) * mpmath.sqrt(1 + nu)
            return mpmath.sqrt(nu - 1) * mpmath.sqrt(nu + 1)

        nu = mpmath.mpmathify(complex(z))
        exact = complex(1 - (root(nu + h) - root(nu - h)) / (2 * h))
    value = complex(lindhard.zero_temperature(2 * half, 2 * half * z, fermi_wave_number=1.0))
    assert value == pytest.approx(exact, rel=2e-12, abs=0)


def test_long_waves_at_fixed_velocity():
    for velocity in (0.3, 1.2, 0.4 - 0.1j):
        ratio = lindhard.zero_temperature(1e-6, 1e-6 * velocity, fermi_wave_number=1.0)
        assert lindhard.inverse_at_long_waves(velocity) == pytest.approx(1 / complex(ratio), rel=1e-9)


@given(q=st.floats(0.05, 2), omega=st.floats(-60, 60))
def test_finite_temperature_tends_to_zero_temperature(q, omega):
    cold = ParabolicLayer(mass=0.2, E_F=10, T=1e-5)
    edges = [abs(abs(omega) / (cold.curvature * q) + s * q / 2) / cold.fermi_wave_number - 1 for s in (-1, 1)]
    if min(map(abs, edges)) > 1e-2:
        assert lindhard.response(cold, q, omega) == pytest.approx(at_zero(cold, q, omega), rel=1e-7, abs=1e-13)


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
