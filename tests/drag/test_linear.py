import math

import numpy as np
import pytest
from scipy import constants
from scipy.special import zeta

from ehbilayer.drag import ParabolicLayer, drag_coefficients, linear
from ehbilayer.drag.frequency_sums import dynamic_sums
from ehbilayer.drag.screening import SCREENINGS, interlayer_interaction
from ehbilayer.model import lindhard
from ehbilayer.units import COULOMB, HBAR, K_B

LAYER = ParabolicLayer(mass=0.2, E_F=10, T=10)
OTHER = ParabolicLayer(mass=0.35, E_F=4, T=10)


def plain_gamma(first, second, d, eps_r, kind, count=400, species=1):
    """The double integral on one Gauss-Legendre grid, with NumPy, for static screening."""
    x, w = np.polynomial.legendre.leggauss(count)
    x, w = 0.5 * (x + 1), 0.5 * w
    top = min(2 * min(first.reach(), second.reach()), 17 / d)
    q, wq = top * x**2, 2 * top * x * w
    chi = [0.0, 0.0] if kind == "none" else [species * layer.compressibility for layer in (first, second)]
    total = 0.0
    for q_, w_ in zip(q, wq, strict=True):
        high = min(
            34 * first.thermal_energy, *(layer.curvature * q_ * (layer.reach() + q_ / 2) for layer in (first, second))
        )
        omega = high * x
        product = lindhard.spectral(first, q_, omega) * lindhard.spectral(second, q_, omega)
        inner = 2 * high * w @ (product / (4 * np.sinh(omega / (2 * first.thermal_energy)) ** 2))
        total += w_ * q_**3 * abs(interlayer_interaction(q_, d, eps_r, *chi)) ** 2 * inner
    return species * math.pi * total / (4 * math.pi * HBAR * second.density * first.thermal_energy)


@pytest.mark.parametrize("kind", ["none", "thomas-fermi"])
@pytest.mark.parametrize("second", [LAYER, OTHER])
def test_against_a_plain_double_integral(kind, second):
    ours = linear.linear_friction(LAYER, second, d=20, eps_r=5, screening_kind=kind)
    assert ours == pytest.approx(plain_gamma(LAYER, second, 20, 5, kind), rel=1e-5)


@pytest.mark.parametrize("kind", SCREENINGS)
@pytest.mark.parametrize(
    "kw", [{}, {"d": 2}, {"T": 1}, {"T": 60}, {"E_F_e": 1, "m_h": 0.6}, {"T": 0.1, "d": 100}, {"T": 0.1, "d": 3}]
)
def test_default_order_is_converged(kind, kw):
    values = [
        drag_coefficients(lam=0, screening=kind, order=order, estimate_error=False, **kw).tau_D1 for order in (8, 20)
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-5 if kind == "dynamic-rpa" else 5e-6)


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("none", (2.551e-13, 3.543e-13, 5.370e-13)),
        ("thomas-fermi", (7.765e-10, 8.850e-9, 1.0575e-7)),
        ("static-rpa", (7.240e-10, 8.767e-9, 1.0573e-7)),
        ("dynamic-rpa", (7.516e-10, 1.0331e-8, 1.584e-7)),
    ],
)
def test_known_times(kind, times):
    for d, time in zip((5, 10, 20), times, strict=True):
        assert drag_coefficients(lam=0, d=d, screening=kind, estimate_error=False).tau_D1 == pytest.approx(
            time, rel=3e-4
        )


def test_low_temperature_law():
    """rho_D -> (h/e^2)(pi zeta(3)/8)(kT)^2/(E_F1 E_F2)/(k_F1 d k_F2 d q_1 d q_2 d) for strong screening."""
    eps_r, d, T = 0.2, 1000.0, 0.002
    c = drag_coefficients(T=T, lam=0, d=d, eps_r=eps_r)
    k = ParabolicLayer(0.2, 10, T).fermi_wave_number
    screening = 2 * math.pi * COULOMB * ParabolicLayer(0.2, 10, T).density_of_states / eps_r
    law = (
        constants.h
        / constants.e**2
        * math.pi
        * zeta(3)
        / 8
        * (K_B * T / 10) ** 2
        / ((k * d) ** 2 * (screening * d) ** 2)
    )
    assert c.low_temperature_law == pytest.approx(law, rel=1e-12)
    assert c.resistivity == pytest.approx(law, rel=5e-4)


def test_resistivity_in_its_standard_form():
    """hbar^2 beta/(8 pi^2 e^2 n1 n2) int q^3 dq int domega U^2 Im chi Im chi/sinh^2, evaluated in SI units."""
    c = drag_coefficients(lam=0, m_h=0.35, E_F_h=4)
    x, w = np.polynomial.legendre.leggauss(300)
    x, w = 0.5 * (x + 1), 0.5 * w
    meV, nm = 1e-3 * constants.e, 1e-9
    total = 0.0
    for q, wq in zip(0.85 * x**2, 1.7 * x * w, strict=True):
        high = min(
            34 * LAYER.thermal_energy, *(layer.curvature * q * (layer.reach() + q / 2) for layer in (LAYER, OTHER))
        )
        omega = high * x
        imaginary = [np.imag(lindhard.response(layer, q, omega)) / (meV * nm**2) for layer in (LAYER, OTHER)]
        U = interlayer_interaction(q, 20, 5, LAYER.compressibility, OTHER.compressibility) * meV * nm**2
        inner = (high * w * meV / constants.hbar) @ (
            imaginary[0] * imaginary[1] / np.sinh(omega / (2 * LAYER.thermal_energy)) ** 2
        )
        total += wq / nm * (q / nm) ** 3 * U**2 * inner
    density = LAYER.density * OTHER.density / nm**4
    beta = 1 / (constants.k * 10)
    rho = constants.hbar**2 * beta / (8 * math.pi**2 * constants.e**2 * density) * total
    assert c.resistivity == pytest.approx(rho, rel=1e-5)
    assert c.resistivity > 0 and constants.h / constants.e**2 == pytest.approx(25812.807, abs=0.01)


def test_onsager_positivity_and_masses():
    """The two layers exchanged: n2 gamma is the same; 1/tau_i = gamma/m_i."""
    one = drag_coefficients(lam=0, m_e=0.2, E_F_e=10, m_h=0.35, E_F_h=4)
    two = drag_coefficients(lam=0, m_e=0.35, E_F_e=4, m_h=0.2, E_F_h=10)
    assert one.tau_D1 > 0 and one.tau_D2 != pytest.approx(one.tau_D1)
    assert 0.2 / one.tau_D1 == pytest.approx(0.35 / one.tau_D2, rel=1e-12)
    assert one.density_h * 0.2 / one.tau_D1 == pytest.approx(two.density_h * 0.35 / two.tau_D1, rel=1e-9)
    assert one.resistivity == pytest.approx(two.resistivity, rel=1e-9)
    assert -1 < one.drag_ratio(1e-9) < 0


def test_plasmons_against_brute_force():
    """Dynamic RPA by a dense grid in omega at one wave number where a plasmon lies above the continuum."""
    layer, q, d, eps_r = ParabolicLayer(0.2, 10, 40), 0.02, 20, 5
    omega = (np.arange(400_000) + 0.5) * (34 * layer.thermal_energy / 400_000)
    omega = omega[omega < layer.curvature * q * (layer.reach() + q / 2)]
    chi = lindhard.response(layer, q, omega)
    U = interlayer_interaction(q, d, eps_r, chi, chi)
    s = chi.imag / math.pi
    brute = (
        2 * (omega[1] - omega[0]) * np.sum(abs(U) ** 2 * s * s / (4 * np.sinh(omega / (2 * layer.thermal_energy)) ** 2))
    )
    ours = _dynamic_at(layer, q, d, eps_r, 8)
    # The denominator does vanish: there are plasmons in the range.
    inside = 2 * math.pi * COULOMB / (eps_r * q)
    epsilon = (1 + inside * chi) ** 2 - (inside * np.exp(-q * d) * chi) ** 2
    assert (np.diff(np.sign(epsilon.real)) != 0).sum() >= 2
    assert ours == pytest.approx(brute, rel=2e-4)  # what the plain grid reaches
    assert ours == pytest.approx(_dynamic_at(layer, q, d, eps_r, 20), rel=1e-8)


def test_nearly_degenerate_plasmons_are_not_missed():
    """At large spacing both plasmons lie within one step of the search; without both the result is off by a quarter."""
    values = [
        drag_coefficients(T=52, lam=0, d=55, screening="dynamic-rpa", order=order, estimate_error=False).tau_D1
        for order in (8, 12, 20)
    ]
    assert values[0] == pytest.approx(values[2], rel=1e-3) and values[1] == pytest.approx(values[2], rel=2e-5)


def _dynamic_at(layer, q, d, eps_r, order):
    return dynamic_sums(layer, layer, np.array([q]), order, d=d, eps_r=eps_r)[0]


@pytest.mark.parametrize("kind", ["none", "thomas-fermi"])
def test_species_screen_together(kind):
    """Densities, responses and sums of g equal species are g times those of one."""
    bilayer = {"E_F_e": LAYER.E_F, "m_e": LAYER.mass, "E_F_h": OTHER.E_F, "m_h": OTHER.mass, "lam": 0.0}
    c = drag_coefficients(**bilayer, screening=kind, degeneracy=3, estimate_error=False)
    gamma = plain_gamma(LAYER, OTHER, 20, 5, kind, species=3)
    assert 1e-12 / c.tau_D1 == pytest.approx(gamma * LAYER.curvature, rel=1e-5)
    assert c.density_e == pytest.approx(3 * LAYER.density * 1e14, rel=1e-12)


@pytest.mark.parametrize("kind", SCREENINGS)
def test_resistivity_of_species(kind):
    """rho(g, eps_r) = rho(1, eps_r/g)/g^2."""
    one, many = (
        drag_coefficients(lam=0, screening=kind, eps_r=eps_r, degeneracy=g, estimate_error=False).resistivity
        for eps_r, g in ((2.5, 1), (5.0, 2))
    )
    assert many == pytest.approx(one / 4, rel=1e-12)


def test_low_temperature_law_of_species():
    c = drag_coefficients(T=0.002, d=1000, eps_r=0.2, lam=0, degeneracy=2, estimate_error=False)
    assert c.resistivity == pytest.approx(c.low_temperature_law, rel=1e-3)


def test_correlation_parameter():
    """Of polarised carriers at the paper's parameters; four times the density halves it."""
    c = drag_coefficients(lam=0, estimate_error=False)
    bohr = constants.hbar**2 * 4 * math.pi * constants.epsilon_0 * 5 / (0.2 * constants.m_e * constants.e**2)
    assert c.r_s[0] == pytest.approx(1 / (bohr * math.sqrt(math.pi * c.density_e * 1e4)), rel=1e-6)
    assert c.r_s == pytest.approx((6.6, 6.6), abs=0.01)
    assert drag_coefficients(lam=0, degeneracy=4, estimate_error=False).r_s[1] == pytest.approx(0.5 * c.r_s[1])


def test_local_field_shortens_the_drag_time():
    """By 5.3 at 20 nm and 15 at 10 nm with Hubbard's; it is gone where layers are dense."""
    for d, factor in {20: 5.3, 10: 14.9}.items():
        plain, hubbard = (
            drag_coefficients(lam=0, d=d, local_field=name, estimate_error=False) for name in ("none", "hubbard")
        )
        assert plain.tau_D1 / hubbard.tau_D1 == pytest.approx(factor, rel=0.01)
    dense = [
        drag_coefficients(lam=0, d=40, T=1, E_F_e=1e3, E_F_h=1e3, local_field=name, estimate_error=False).tau_D1
        for name in ("none", "hubbard")
    ]
    assert dense[0] / dense[1] == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize(
    ("kw", "message"),
    [
        ({"degeneracy": 0}, "degeneracy = 0"),
        ({"local_field": "qmc"}, "local_field = 'qmc'"),
        ({"local_field": "hubbard", "screening": "dynamic-rpa"}, "'none' without static screening"),
        ({"local_field": "hubbard", "d": 0.5, "eps_r": 1.0, "E_F_e": 1.0, "E_F_h": 1.0}, "layers farther apart"),
    ],
)
def test_bad_local_fields_and_species(kw, message):
    with pytest.raises(ValueError, match=message):
        drag_coefficients(lam=0, **kw)


def test_boltzmann_gases():
    """Bare drag far below the band edges: the omega integral in closed form."""
    T, masses, E_F = 10.0, (0.2, 0.35), (-6.5, -6.0)
    layers = [ParabolicLayer(mass, level, T) for mass, level in zip(masses, E_F, strict=True)]
    c = drag_coefficients(lam=0, T=T, m_e=masses[0], m_h=masses[1], E_F_e=E_F[0], E_F_h=E_F[1], screening="none")
    beta, (c_1, c_2) = 1 / (K_B * T), [layer.curvature for layer in layers]
    x, w = np.polynomial.legendre.leggauss(200)
    q, wq = 0.45 * (x + 1), 0.45 * w
    inner = layers[0].density * layers[1].density * beta / (2 * math.pi * q**2 * math.sqrt(c_1 * c_2))
    inner *= np.exp(-beta * (c_1 + c_2) * q**2 / 8) * np.sqrt(2 * math.pi * q**2 / (beta * (1 / c_1 + 1 / c_2)))
    U = interlayer_interaction(q, 20, 5)
    gamma = math.pi / (HBAR * layers[1].density) * beta * np.sum(wq * q**3 * U**2 * inner) / (4 * math.pi)
    assert 1e-12 / c.tau_D1 == pytest.approx(gamma * c_1, rel=2e-3)
    assert c.density_h == pytest.approx(1e14 * math.exp(beta * E_F[1]) / (2 * math.pi * c_2 * beta), rel=1e-3)
    assert c.low_temperature_law == math.inf


@pytest.mark.parametrize("E_F", [1.0, 0.0, -1.0, -5.0])
@pytest.mark.parametrize("kind", ["thomas-fermi", "static-rpa"])
def test_both_ways_of_summing_agree_below_the_band_edge(E_F, kind):
    options = {"E_F_e": E_F, "E_F_h": E_F, "screening": kind, "estimate_error": False}
    flat = drag_coefficients(lam=0, **options)
    assert drag_coefficients(lam=1e-6, **options).tau_D1 == pytest.approx(flat.tau_D1, rel=3e-5)
    assert drag_coefficients(lam=0, order=20, **options).tau_D1 == pytest.approx(flat.tau_D1, rel=1e-5)


def test_too_thin_layers_are_refused():
    with pytest.raises(ValueError, match="E_F_h = -7.0"):
        drag_coefficients(E_F_h=-7.0)
    with pytest.raises(ValueError, match="density = 1e-08"):
        ParabolicLayer.from_density(0.2, 1e-8, 10)
    assert pytest.approx(-3, rel=1e-9) == ParabolicLayer.from_density(0.2, ParabolicLayer(0.2, -3, 10).density, 10).E_F


def test_plasmons_enhance_the_drag_as_published():
    """Flensberg and Hu (1995): rho/T^2 turns up near 0.2 T_F, and is largest near 0.5 T_F.

    Here for unpolarised layers with r_s = 1.4; screened statically they have no upturn.
    """
    mass, density, per_T_F = 0.067, 1.5e-3, np.array([0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0])
    T_F = math.pi * density * ParabolicLayer(mass, 1, 1).curvature / K_B
    law = {"dynamic-rpa": [], "static-rpa": []}
    for T in T_F * per_T_F:
        level = ParabolicLayer.from_density(mass, density / 2, T).E_F
        bilayer = {"m_e": mass, "m_h": mass, "E_F_e": level, "E_F_h": level, "d": 20, "eps_r": 12.9, "degeneracy": 2}
        for kind, values in law.items():
            c = drag_coefficients(lam=0, T=T, **bilayer, screening=kind, estimate_error=False)
            assert c.density_e == pytest.approx(1e14 * density, rel=1e-9)
            values.append(c.resistivity / T**2)
    dynamic, static = (np.array(law[kind]) for kind in ("dynamic-rpa", "static-rpa"))
    assert dynamic[1] / dynamic[0] < 1.1 and dynamic[3] / dynamic[2] > 1.1
    assert 0.4 <= per_T_F[dynamic.argmax()] <= 0.7 and dynamic.max() > 2 * dynamic[0]
    assert (np.diff(static[2:]) < 0).all()


def test_equal_layers_share_one_response():
    """Layers that differ in the last digits do not; the drag is the same."""
    options = {"T": 25.0, "E_F_e": 10.0, "d": 15.0, "lam": 0.0, "screening": "dynamic-rpa", "estimate_error": False}
    equal, unequal = (drag_coefficients(**options, E_F_h=E_F) for E_F in (10.0, 10.0 * (1 + 1e-12)))
    assert equal.tau_D1 == pytest.approx(unequal.tau_D1, rel=1e-9)
    different = drag_coefficients(**options, E_F_h=9.0)
    assert abs(different.tau_D1 / equal.tau_D1 - 1) > 1e-2
