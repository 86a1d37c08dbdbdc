"""Equations 1 to 5: quadrature, limits, text numbers, Umklapp by brute force, maps, bad input."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ehbilayer.model.lattice import RECIPROCAL_LENGTH
from ehbilayer.superconductivity import fermi_circle, umklapp
from ehbilayer.superconductivity.coupling import CouplingSpectrum, coupling_spectrum
from ehbilayer.superconductivity.fermi_circle import UMKLAPP
from ehbilayer.superconductivity.pairing import (
    REGIONS,
    coulomb_strength,
    coupling_constant,
    critical_temperature,
    debye_temperature,
    pairing_strength,
    temperature_map,
    threshold,
)
from ehbilayer.superconductivity.umklapp import zone_average
from ehbilayer.units import AtomicUnits

positive = st.floats(1e-3, 1e3)


def by_quad(f, a, c):
    """Integral over theta from 0 to pi/2 with breakpoints at every scale and kink."""
    face = RECIPROCAL_LENGTH / 2 / (2 * math.sqrt(2))
    marks = [math.pi / 4, math.asin(face), math.asin(face * 2 / math.sqrt(3))]
    marks += [scale * 10.0**k for scale in (a, 1 / (c + 1e-9)) for k in range(5)]
    points = sorted({0.0, math.pi / 2, *(m for m in marks if 0 < m < math.pi / 2)})
    return sum(quad(f, x, y, epsabs=0, epsrel=1e-11, limit=200)[0] for x, y in itertools.pairwise(points))


@pytest.mark.parametrize("r_s", [1e-6, 1e-3, 0.3, 1.0, math.sqrt(2), math.sqrt(2) * (1 + 1e-5), 1.6, 30.0, 1e4])
def test_coulomb_strength_is_its_integral(r_s):
    a = r_s / math.sqrt(2)
    assert coulomb_strength(r_s) == pytest.approx(by_quad(lambda t: a / (math.sin(t) + a), a, 0) / math.pi, rel=1e-10)


@pytest.mark.parametrize("umklapp", UMKLAPP)
@pytest.mark.parametrize("r_s", [1e-3, 0.1, 1.6, 30.0, 1e3])
@pytest.mark.parametrize("beta", [0.0, 1e-3, 0.625, 17.0, 200.0])
def test_coupling_is_its_integral(umklapp, r_s, beta):
    a, c = r_s / math.sqrt(2), 4 * math.sqrt(2) * beta

    def integrand(theta):
        s = math.sin(theta)
        return zone_average(min(s, 1.0), umklapp) * math.exp(-c * s) / (s + a) ** 2

    exact = a**2 / math.pi * by_quad(integrand, a, c) / 0.49
    assert coupling_constant(r_s, 0.7, beta, umklapp) == pytest.approx(exact, rel=1e-8)


def test_equation_four_as_printed():
    r_s, alpha, beta = 1.3, 0.4, 0.8
    a = r_s / math.sqrt(2)
    screened = quad(lambda t: a / (math.sin(t) + a), 0, math.pi / 2)[0]
    normal = quad(lambda t: math.exp(-4 * math.sqrt(2) * beta * math.sin(t)) / (math.sin(t) + a) ** 2, 0, math.pi / 4)[
        0
    ]
    umklapp = quad(
        lambda t: 2 * math.exp(-4 * math.sqrt(2) * beta * math.sin(t)) / (1 + a / math.sin(t)) ** 2,
        math.pi / 4,
        math.pi / 2,
    )[0]
    assert pairing_strength(r_s, alpha, beta) == pytest.approx(
        (screened - a**2 / alpha**2 * (normal + umklapp)) / math.pi, rel=1e-12
    )


def test_equation_three_over_the_fermi_surface():
    """The printed average over both momenta on the Fermi circle, with q folded into the zone numerically."""
    r_s, alpha, d = 1.6, 0.3, 1.0
    k_s, k_f, g_0 = 2.0, math.sqrt(2) / r_s, 1 / math.pi
    shifts = (
        RECIPROCAL_LENGTH
        / r_s
        * np.array([[i + j / 2, j * math.sqrt(3) / 2] for i in range(-2, 3) for j in range(-2, 3)])
    )
    angle = 2 * np.pi * (np.arange(600) + 0.5) / 600
    k = k_f * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    transfer = k[:, None] - k[None, ::7] + 1e-9
    length = np.linalg.norm(transfer, axis=-1)
    q2 = ((transfer[..., None, :] - shifts) ** 2).sum(-1).min(-1)
    average = np.mean(
        1 / (length + k_s) - k_s * length**2 / (alpha**2 * q2) * np.exp(-2 * d * length) / (length + k_s) ** 2
    )
    assert g_0 * np.pi * average == pytest.approx(pairing_strength(r_s, alpha, d / r_s, "folded"), abs=2e-3)


@pytest.mark.parametrize("s", [0.3, 0.66, 0.7, 0.76, 0.8, 0.95, 1.0])
def test_zone_average_by_brute_force(s):
    shifts = RECIPROCAL_LENGTH * np.array(
        [[i + j / 2, j * math.sqrt(3) / 2] for i in range(-3, 4) for j in range(-3, 4)]
    )
    angle = 2 * np.pi * (np.arange(60000) + 0.5) / 60000
    transfer = 2 * math.sqrt(2) * s * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    all_q = transfer[:, None] - shifts
    q = all_q[np.arange(len(angle)), (all_q**2).sum(-1).argmin(1)]
    q2 = (q**2).sum(-1)
    assert zone_average(s, "folded") == pytest.approx((8 * s**2 / q2).mean(), rel=1e-6)
    assert zone_average(s, "projected") == pytest.approx((((transfer * q).sum(-1) / q2) ** 2).mean(), rel=2e-4)
    assert zone_average(s, "folded") >= zone_average(s, "projected") >= 1 - 1e-12


def test_numbers_of_the_text():
    """Paper A, m_h/m_e = 10, m_h = m_0, eps_r = 5, alpha = 0.3 at r_s = 1.6, d = a_e; and the hydrogen analogue."""
    unit = AtomicUnits(mass=0.1, eps_r=5)
    assert unit.density_at(1.6) == pytest.approx(1.78e12, rel=3e-3)
    assert unit.temperature_K == pytest.approx(1263, abs=1)
    assert debye_temperature(1.6, 0.3, 10) * unit.temperature_K == pytest.approx(93.6, abs=0.1)
    assert pairing_strength(1.6, 0.3, 0.625) == pytest.approx(-0.42494, abs=5e-6)
    assert critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10) * unit.temperature_K == pytest.approx(
        10.055, abs=2e-3
    )
    hydrogen = AtomicUnits(mass=1.0, eps_r=1)
    assert critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=2000) * hydrogen.temperature_K == pytest.approx(
        177.8, abs=0.1
    )


def test_debye_temperature_is_the_debye_frequency():
    # v_0^2 = eps_F/m_h, k_D = 2/r_s, in units with m_e = 1.
    r_s, alpha, ratio = 1.1, 0.6, 7.0
    assert debye_temperature(r_s, alpha, ratio) == pytest.approx(
        alpha * math.sqrt(1 / r_s**2 / ratio) * 2 / r_s, rel=1e-14
    )


def test_singular_limits():
    # alpha -> 0: the exponential saturates and T_c vanishes with the Debye temperature.
    small = critical_temperature(r_s=1.6, alpha=1e-6, d=1.0, mass_ratio=10)
    assert small == pytest.approx(1.13 * debye_temperature(1.6, 1e-6, 10), rel=1e-6)
    # d -> infinity: repulsion alone. d = 0 attracts most.
    assert pairing_strength(1.6, 0.3, 1e8) == pytest.approx(coulomb_strength(1.6), abs=1e-7)
    assert critical_temperature(r_s=1.6, alpha=0.3, d=1e4, mass_ratio=10) == 0.0
    # r_s -> infinity: a screened delta repulsion, mu = 1/2, and lambda = <exp>/alpha^2.
    assert coulomb_strength(1e9) == pytest.approx(0.5, abs=1e-8)
    assert coupling_constant(1e9, 1.0, 0.0, "none") == pytest.approx(0.5, abs=1e-8)
    # r_s -> 0: mu = (a/pi) ln(2/a), lambda = a/(pi alpha^2).
    a = 1e-8 / math.sqrt(2)
    assert coulomb_strength(1e-8) == pytest.approx(a / math.pi * math.log(2 / a), rel=1e-7)
    assert coupling_constant(1e-8, 2.0, 0.0) == pytest.approx(a / math.pi / 4, rel=1e-6)


def test_threshold_separates_attraction_from_repulsion():
    limit = threshold(1.6, 0.625)
    assert limit == pytest.approx(0.2055, abs=5e-5)
    assert (
        pairing_strength(1.6, math.sqrt(limit * 0.999), 0.625)
        < 0
        < pairing_strength(1.6, math.sqrt(limit * 1.001), 0.625)
    )


@pytest.mark.parametrize("umklapp", UMKLAPP)
def test_spectrum_sums_to_the_coupling(umklapp):
    spectrum = coupling_spectrum(1.6, 0.3, 0.625, umklapp)
    assert spectrum.coupling == pytest.approx(coupling_constant(1.6, 0.3, 0.625, umklapp), rel=1e-12)
    assert spectrum.coupling - coulomb_strength(1.6) == pytest.approx(
        -pairing_strength(1.6, 0.3, 0.625, umklapp), abs=1e-14
    )
    assert (spectrum.weights > 0).all() and (np.diff(spectrum.frequencies) >= 0).all()
    # Plasmons live in the first zone, whose corner lies 10 % beyond the Debye circle.
    assert spectrum.frequencies[0] > 0
    limit = {"frozen": 1.0, "none": math.sqrt(2)}.get(umklapp, RECIPROCAL_LENGTH / math.sqrt(3) / 2)
    assert spectrum.frequencies[-1] <= limit + 1e-9


def test_moments_of_the_spectrum():
    a, c = 1.6 / math.sqrt(2), 4 * math.sqrt(2) * 0.625

    def moment(f):
        inner = quad(
            lambda t: f(math.sqrt(2) * math.sin(t)) * math.exp(-c * math.sin(t)) / (math.sin(t) + a) ** 2,
            0,
            math.pi / 4,
            epsrel=1e-12,
        )[0]
        outer = quad(
            lambda t: 2 * math.sin(t) ** 2 * math.exp(-c * math.sin(t)) / (math.sin(t) + a) ** 2,
            math.pi / 4,
            math.pi / 2,
        )[0]
        return inner + f(1.0) * outer

    spectrum = coupling_spectrum(1.6, 0.3, 0.625)
    assert spectrum.logarithmic_mean == pytest.approx(math.exp(moment(math.log) / moment(lambda x: 1.0)), rel=1e-7)
    assert spectrum.root_mean_square == pytest.approx(
        math.sqrt(moment(lambda x: x * x) / moment(lambda x: 1.0)), rel=1e-10
    )
    assert spectrum.weights[-1] == pytest.approx(0.0586, abs=5e-5)


def test_binned_spectrum_keeps_the_kernel():
    """lambda(i nu) of the binned folded spectrum against every direction by itself."""
    spectrum = coupling_spectrum(1.6, 0.3, 0.1, "folded")
    s, weight, q = umklapp.zone_resolved("folded")
    a, c = 1.6 / math.sqrt(2), 4 * math.sqrt(2) * 0.1
    weight = weight * a**2 / math.pi * np.exp(-c * s) / (s + a) ** 2 / 0.09
    inner = fermi_circle.normal_rule(a, c, umklapp.zone_rule("folded")[2], fermi_circle.NODES, fermi_circle.WEIGHTS)
    for nu in (0.0, 0.1, 0.5, 2.0):
        exact = np.sum(weight * q**2 / (q**2 + nu**2)) + np.sum(
            inner[1] / 0.09 * 2 * inner[0] ** 2 / (2 * inner[0] ** 2 + nu**2)
        )
        ours = np.sum(spectrum.weights * spectrum.frequencies**2 / (spectrum.frequencies**2 + nu**2))
        assert ours == pytest.approx(exact, rel=2e-5)


def test_proper_folding_raises_the_coupling():
    for r_s in (0.5, 1.6):
        for beta in (0.0, 0.3, 1.0):
            frozen, folded, none = (coupling_constant(r_s, 0.5, beta, kind) for kind in ("frozen", "folded", "none"))
            assert none < frozen < folded


def test_map_regions():
    r_s, d = np.linspace(0.3, 2.2, 20), np.linspace(0, 5, 15)
    line = (1.2 - 0.8 * r_s)[:, None]
    result = temperature_map(r_s, d, line, 10)
    region, temperature = result["region"].values, result["temperature"].values
    assert np.isfinite(temperature).all() and (temperature >= 0).all()
    assert (region == 2).sum() == (np.broadcast_to(line, region.shape) <= 0).sum()
    assert set(np.unique(region)) == {0, 1, 2} and len(REGIONS) == 3
    assert (temperature[region != 0] == 0).all()
    i, j = np.argwhere(temperature > 0)[0]
    assert temperature[i, j] == pytest.approx(
        critical_temperature(r_s=r_s[i], alpha=math.sqrt(line[i, 0]), d=d[j], mass_ratio=10)
    )
    assert region[i, j] == 0


def test_scalars_and_arrays_agree():
    r_s, alpha, d = np.array([0.5, 1.6]), 0.3, np.array([[0.0], [1.0]])
    table = critical_temperature(r_s=r_s, alpha=alpha, d=d, mass_ratio=10)
    assert table.shape == (2, 2) and isinstance(critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10), float)
    assert table[1, 1] == critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10)
    assert isinstance(coulomb_strength(1.0), float) and isinstance(threshold(1.0, 0.1), float)


@given(positive, st.floats(0.01, 10), st.floats(0, 100), st.floats(1, 1e4), st.sampled_from(UMKLAPP))
def test_valid_input_gives_numbers(r_s, alpha, d, ratio, umklapp):
    temperature = critical_temperature(r_s=r_s, alpha=alpha, d=d, mass_ratio=ratio, umklapp=umklapp)
    assert 0 <= temperature <= 1.13 * debye_temperature(r_s, alpha, ratio) * (1 + 1e-12)
    assert 0 < coulomb_strength(r_s) < 0.5


@given(st.floats(0.1, 3), st.floats(0.2, 2), st.floats(0, 3), st.floats(0.01, 1))
def test_closer_layers_and_softer_plasmons_attract_more(r_s, alpha, beta, step):
    here = pairing_strength(r_s, alpha, beta)
    assert pairing_strength(r_s, alpha, beta + step) > here
    assert pairing_strength(r_s, alpha + step, beta) > here


@pytest.mark.parametrize("bad", [math.nan, math.inf, -0.3, 0.0])
def test_bad_values_are_named(bad):
    for call, name in (
        (lambda: pairing_strength(1.6, bad, 0.6), "alpha"),
        (lambda: pairing_strength(bad, 0.3, 0.6), "r_s"),
        (lambda: debye_temperature(1.6, bad, 10), "alpha"),
        (lambda: critical_temperature(r_s=1.6, alpha=bad, d=1.0, mass_ratio=10), "alpha"),
        (lambda: critical_temperature(r_s=bad, alpha=0.3, d=1.0, mass_ratio=10), "r_s"),
        (lambda: coupling_spectrum(1.6, bad, 0.6), "alpha"),
        (lambda: critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=bad), "mass_ratio"),
    ):
        with pytest.raises(ValueError, match=f"^{name} = "):
            call()


def test_other_bad_arguments():
    with pytest.raises(ValueError, match="^mass_ratio = 0.5"):
        critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=0.5)
    with pytest.raises(ValueError, match="^d = -1"):
        critical_temperature(r_s=1.6, alpha=0.3, d=-1.0, mass_ratio=10)
    with pytest.raises(ValueError, match="^beta"):
        pairing_strength(1.6, 0.3, -1.0)
    with pytest.raises(ValueError, match="^umklapp"):
        pairing_strength(1.6, 0.3, 1.0, "some")
    with pytest.raises(ValueError, match="^alpha_squared"):
        temperature_map([1.0, 2.0], [0.0], [[0.1, 0.2, 0.3]], 10)
    with pytest.raises(ValueError, match="^coupling"):
        CouplingSpectrum.einstein(0.0)
    with pytest.raises(TypeError, match="^r_s"):
        coupling_spectrum([1.6], 0.3, 0.6)
