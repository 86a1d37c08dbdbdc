import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from ehbilayer.condensate import exciton_energy, solve_condensate
from ehbilayer.condensate import pair_temperature as module
from ehbilayer.condensate.pair_temperature import pair_temperature


def test_weak_coupling_has_the_ratio_of_bcs_theory():
    # gap / k_B T_c tends to pi exp(-gamma) = 1.764 as r_s falls; exchange makes the approach slow.
    found = []
    for r_s in (2.0, 1.0, 0.5):
        gap = solve_condensate(mass_ratio=1, d=1.0, r_s=r_s).gap
        found.append(
            pair_temperature(mass_ratio=1, d=1.0, r_s=r_s).temperature / gap * math.pi * math.exp(-np.euler_gamma)
        )
    assert found == sorted(found) and 0.96 < found[-1] < 1.0


def test_dilute_limit_is_the_ionisation_equilibrium_of_single_pairs():
    # mu_e + mu_h = -E_b with classical gases of density n: 2 T ln-sums of the thermal wavelengths.
    for mass_ratio, d in ((1.0, 1.0), (3.0, 2.0)):
        r_s = 3000.0
        binding = -exciton_energy(d / (1 + mass_ratio)) / (1 + mass_ratio)
        density = 1 / (math.pi * r_s**2)

        def surplus(T, ratio=mass_ratio, density=density, binding=binding):
            return T * (math.log(density * 2 * math.pi * ratio / T) + math.log(density * 2 * math.pi / T)) + binding

        result = pair_temperature(mass_ratio=mass_ratio, d=d, r_s=r_s)
        assert result.temperature == pytest.approx(brentq(surplus, 1e-6, 1.0), rel=2e-3)
        assert result.chemical_potential == pytest.approx(-binding, rel=2e-3)


def test_gap_closes_there():
    # Independent: iterate the full gap equation at fixed T with thermal occupations, just below and just above T_c.
    arguments = {"mass_ratio": 1.0, "d": 1.0, "r_s": 1.5}
    T_c = pair_temperature(**arguments).temperature
    problem = module.PairingProblem(1.0, 1.0, 1.5, "bare", module.panel_edges(1.0, 1.0, 1.5, 7), 10)

    def gap(T, start):
        xi, _ = problem.normal_state(T)
        total, delta = xi.sum(axis=0), np.full(xi.shape[1], start)
        for _ in range(400):
            E = np.hypot(total, delta)
            delta = problem.attraction @ (delta * np.tanh(E / (4 * T)) / E)
        return delta.max()

    assert gap(0.97 * T_c, 1e-3) > 1e-2 * T_c
    assert gap(1.1 * T_c, 1e-3) < 1e-6 * T_c


def test_screened_matrix_matches_direct_angular_integration():
    k = np.array([0.5, 1.9, 2.0, 3.0])
    mass_ratio, d, r_s = 2.0, 1.5, 4.0
    found = module.screened_attraction(k, np.ones(4), mass_ratio, d, r_s)
    phi = np.pi * (np.arange(200000) + 0.5) / 200000
    for i in range(4):
        for j in range(4):
            q = np.sqrt(k[i] ** 2 + k[j] ** 2 - 2 * k[i] * k[j] * np.cos(phi)) / r_s
            V = q * np.exp(-q * d) / ((q + 1 / mass_ratio) * (q + 1) - np.exp(-2 * q * d) / mass_ratio)
            # sum_k' 2 pi V = int k' dk' <V>, k' in 1/a_h; a weight of 1 per pair stands for 2 dk'k' r_s^2.
            assert found[i, j] == pytest.approx(2 * V.mean() / r_s**2, rel=1e-6)


def test_species_exchange_with_their_own_and_screen_together():
    arguments = {"mass_ratio": 2.0, "d": 0.5}
    alone, four = (pair_temperature(**arguments, r_s=4.0 / g**0.5, degeneracy=g) for g in (1, 4))
    assert four.temperature == pytest.approx(alone.temperature, rel=1e-12) and alone.temperature > 1e-3
    # Four species screen like one with four times the wave number: lengths scale, with the potential's unit.
    k, weights = np.array([0.5, 1.9, 3.0]), np.ones(3)
    several = module.screened_attraction(k, weights, 2.0, 1.5, 4.0, 4)
    assert several == pytest.approx(4 * module.screened_attraction(k, weights, 2.0, 6.0, 16.0), rel=1e-12)
    screened = [
        pair_temperature(**arguments, r_s=4.0 / g**0.5, interaction="screened", degeneracy=g).temperature
        for g in (1, 2)
    ]
    assert 0 <= screened[1] < screened[0]


def test_screening_lowers_the_temperature_and_vanishes_with_the_carriers_response():
    bare, screened = (pair_temperature(mass_ratio=1, d=0.5, r_s=4.0, interaction=kind) for kind in module.INTERACTIONS)
    assert 0 < screened.temperature < 0.2 * bare.temperature


@pytest.mark.parametrize("interaction", module.INTERACTIONS)
def test_grid_and_order_do_not_matter(interaction, monkeypatch):
    arguments = {"mass_ratio": 1.0, "d": 0.5, "r_s": 4.0, "interaction": interaction}
    standard = pair_temperature(**arguments)
    fine = pair_temperature(**arguments, order=14)
    assert standard.temperature == pytest.approx(fine.temperature, rel=2e-6)
    assert abs(standard.temperature - fine.temperature) < 20 * standard.error + 1e-9 * fine.temperature
    monkeypatch.setattr(module, "_ANGLES", 96)
    monkeypatch.setattr(module, "_FAR", 1e5)
    assert pair_temperature(**arguments).temperature == pytest.approx(standard.temperature, rel=1e-6)


def test_layers_may_be_exchanged():
    # Hole units of the exchanged layers: lengths times 1/ratio, energies times ratio.
    heavy = pair_temperature(mass_ratio=4.0, d=2.0, r_s=6.0).temperature
    light = pair_temperature(mass_ratio=0.25, d=0.5, r_s=1.5).temperature
    assert heavy == pytest.approx(light / 4, rel=1e-8)


@settings(max_examples=25)
@given(st.floats(0.2, 10.0), st.floats(0.0, 10.0), st.floats(0.5, 20.0))
def test_any_bilayer_has_a_finite_temperature_or_a_stated_reason(mass_ratio, d, r_s):
    try:
        result = pair_temperature(mass_ratio=mass_ratio, d=d, r_s=r_s, order=8)
    except RuntimeError as error:
        assert "jump" in str(error)
        return
    assert np.isfinite([result.temperature, result.error, result.temperature_ratio, result.chemical_potential]).all()
    assert result.temperature >= 0


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"d": -1.0}, "d = -1.0 is not allowed"),
        ({"d": 1e4, "r_s": 1.0}, "need d <= 100 r_s"),
        ({"r_s": math.nan}, "r_s = nan is not allowed"),
        ({"mass_ratio": 0.0}, "mass_ratio = 0.0 is not allowed"),
        ({"interaction": "dynamic"}, "interaction = 'dynamic' is not allowed"),
        ({"order": 7}, "order = 7 is not allowed"),
    ],
)
def test_bad_input_costs_one_line(bad, message):
    with pytest.raises(ValueError, match=message) as caught:
        pair_temperature(**bad)
    assert "\n" not in str(caught.value)
