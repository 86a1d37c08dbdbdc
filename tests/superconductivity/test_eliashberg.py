"""T_c and gap function: dense Matsubara sums, published values, both limits, convergence, bad input."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import constants
from scipy.optimize import brentq

from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity import eliashberg
from ehbilayer.superconductivity.analytic_tc import allen_dynes, mcmillan
from ehbilayer.superconductivity.coupling import CouplingSpectrum
from ehbilayer.superconductivity.direct_sums import direct_eigenvalue, gap_matrix
from ehbilayer.superconductivity.eliashberg import (
    critical_temperature,
    eigenvalue,
    plasmon_problem,
    pseudopotential,
    transition,
)
from ehbilayer.superconductivity.fermi_circle import UMKLAPP
from ehbilayer.superconductivity.gap_function import gap_function
from ehbilayer.superconductivity.pairing import debye_temperature

einstein = CouplingSpectrum.einstein
MIXED = CouplingSpectrum(np.array([0.05, 0.3, 1.0]), np.array([0.4, 0.5, 0.3]))


@pytest.mark.parametrize("spectrum", [einstein(1.0), einstein(0.3), MIXED])
@pytest.mark.parametrize("temperature", [0.003, 0.03, 0.3])
def test_compressed_sums_equal_dense_ones(spectrum, temperature):
    limit, error = direct_eigenvalue(spectrum, temperature)
    assert eigenvalue(spectrum, temperature) == pytest.approx(limit, abs=1e-7 + error)


def test_pseudopotential_makes_the_cutoff_disappear():
    """With mu*_N at N = 200 to 1600 the transition of the dense equations tends to that of the exact limit."""
    coulomb, fermi = 0.15, 8.0

    def excess(temperature, size):
        mu_star = 1 / (1 / coulomb + math.log(fermi / (2 * math.pi * temperature * size)))
        return np.linalg.eigvalsh(gap_matrix(MIXED, temperature, size, mu_star))[-1] - 1

    ours = transition(MIXED, coulomb=coulomb, fermi=fermi)
    errors = [
        abs(
            brentq(excess, 0.8 * ours.temperature, 1.2 * ours.temperature, args=(size,), xtol=1e-12) / ours.temperature
            - 1
        )
        for size in (100, 400, 1600)
    ]
    assert errors[2] < 2e-6 and errors[1] < 5e-5 and errors[0] > errors[1] > errors[2]


@pytest.mark.parametrize(("coupling", "value"), [(1.0, 0.11461951), (2.0, 0.21174124)])
def test_einstein_mode_values(coupling, value):
    result = transition(einstein(coupling))
    assert result.temperature == pytest.approx(value, rel=1e-7)
    assert result.error < 1e-6 * value


def test_strong_coupling_asymptote():
    """T_c -> 0.18273 Omega sqrt(lambda) (Allen and Dynes 1975)."""
    ratios = [transition(einstein(c)).temperature / math.sqrt(c) for c in (1e2, 1e4, 1e6)]
    assert ratios[2] == pytest.approx(0.182726, abs=2e-6)
    assert ratios[0] < ratios[1] < ratios[2] and ratios[1] == pytest.approx(ratios[2], rel=1e-4)


def test_weak_coupling_limit():
    """T_c = (2 e^gamma/pi) Omega exp(-1/2 - (1 + lambda)/lambda) for an Einstein mode, lambda -> 0 (Karakozov 1976)."""
    couplings, ratios = (0.2, 0.1, 0.06), []
    for coupling in couplings:
        asymptote = 2 * math.exp(np.euler_gamma) / math.pi * math.exp(-1.5 - 1 / coupling)
        ratios.append(transition(einstein(coupling), floor=1e-12).temperature / asymptote)
    # The next order is linear in lambda.
    limit = ratios[2] + (ratios[2] - ratios[1]) * couplings[2] / (couplings[1] - couplings[2])
    assert limit == pytest.approx(1.0, rel=0.01)


def test_headline_point():
    spectrum, coulomb, fermi, debye = plasmon_problem(1.6, 0.3, 1.0, 10)
    assert critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10) == pytest.approx(1.8663e-4, rel=1e-4)
    assert coulomb == pytest.approx(0.331232, abs=5e-7) and spectrum.coupling == pytest.approx(0.756175, abs=5e-7)
    assert pseudopotential(coulomb, fermi) == pytest.approx(0.21362, abs=5e-6)
    kelvin = debye * 1263.1
    assert transition(spectrum).temperature * kelvin == pytest.approx(1.595, abs=2e-3)
    assert mcmillan(spectrum, pseudopotential(coulomb, fermi)) * kelvin == pytest.approx(0.225, abs=1e-3)
    assert allen_dynes(spectrum, pseudopotential(coulomb, fermi)) * kelvin == pytest.approx(0.232, abs=1e-3)


@pytest.mark.parametrize("problem", [{"spectrum": einstein(0.5)}, {"spectrum": MIXED, "coulomb": 0.3, "fermi": 6.0}])
def test_default_order_is_converged(problem):
    coarse, fine = transition(**problem), transition(**problem, order=10)
    assert coarse.temperature == pytest.approx(fine.temperature, rel=2e-6)
    assert abs(coarse.temperature - fine.temperature) <= 2 * coarse.error + 1e-9 * fine.temperature


def test_reach_of_the_grid_is_converged(monkeypatch):
    spectrum, coulomb, fermi, _ = plasmon_problem(1.6, 0.3, 1.0, 10)
    here = transition(spectrum, coulomb=coulomb, fermi=fermi).temperature
    monkeypatch.setattr(eliashberg, "REACH", 4096)
    assert transition(spectrum, coulomb=coulomb, fermi=fermi).temperature == pytest.approx(here, rel=2e-6)


def test_low_temperatures_are_reached():
    """Twelve decades: ln T_c is nearly linear in 1/lambda."""
    couplings = np.array([0.08, 0.07, 0.06, 0.05])
    temperatures = np.array([transition(einstein(c), floor=1e-12).temperature for c in couplings])
    assert (temperatures > 0).all() and temperatures[-1] < 1e-8
    slopes = np.diff(np.log(temperatures)) / np.diff(1 / couplings)
    np.testing.assert_allclose(slopes, -1, atol=0.02)


def test_no_instability_gives_zero():
    assert critical_temperature(r_s=1.6, alpha=1.5, d=1.0, mass_ratio=10) == 0.0
    result = transition(einstein(0.1), coulomb=0.5, fermi=5.0)
    assert result.temperature == 0.0 and 0 < result.eigenvalue_at_floor < 1


def test_eigenvalue_falls_with_temperature_and_repulsion():
    values = [eigenvalue(MIXED, t, coulomb=0.2, fermi=5.0) for t in (0.001, 0.01, 0.1)]
    assert values[0] > values[1] > values[2]
    assert eigenvalue(MIXED, 0.01) > eigenvalue(MIXED, 0.01, coulomb=0.1, fermi=5.0) > values[1]


def test_frequencies_set_the_scale():
    a = transition(einstein(0.8, 1.0), coulomb=0.2, fermi=6.0).temperature
    b = transition(einstein(0.8, 3.0), coulomb=0.2, fermi=18.0).temperature
    assert b == pytest.approx(3 * a, rel=1e-6)


def test_mcmillan_and_allen_dynes_in_their_range():
    """Their fits to solutions with mu* = 0.1: within some per cent for lambda from 0.6 to 2."""
    for coupling in (0.6, 1.0, 1.5, 2.0):
        spectrum = einstein(coupling)
        # mu*(omega) = 0.1 with a high Fermi energy.
        fermi = 1e3
        coulomb = 0.1 / (1 - 0.1 * math.log(fermi))
        exact = transition(spectrum, coulomb=coulomb, fermi=fermi).temperature
        assert allen_dynes(spectrum, 0.1) == pytest.approx(exact, rel=0.08)
        # McMillan's fit was made for lambda below 1.5 and falls short beyond.
        assert coupling < 1.5 or mcmillan(spectrum, 0.1) < 0.97 * exact
    assert mcmillan(einstein(0.1), 0.2) == 0.0


def test_gap_function_solves_the_dense_equations():
    spectrum, temperature, size = einstein(1.0), 0.06, 400
    state = gap_function(spectrum, temperature)
    assert state.converged and state.residual < 1e-10
    n = np.arange(-size, size)
    omega = (2 * n + 1) * np.pi * temperature
    order = np.where(n >= 0, n, -n - 1)
    delta = np.interp(order, state.indices, state.gap)
    exact = state.indices < 64
    root = np.hypot(omega, delta)
    kernel = 1 / (1 + (2 * np.pi * temperature * (n[:, None] - n)) ** 2)
    z = 1 + np.pi * temperature * (kernel @ (omega / root)) / omega
    gap = np.pi * temperature * (kernel @ (delta / root)) / z
    middle = slice(size, size + 40)
    np.testing.assert_allclose(gap[middle], state.gap[exact][:40], rtol=1e-4)
    np.testing.assert_allclose(z[middle], state.renormalisation[exact][:40], rtol=5e-3)


def test_gap_closes_at_the_transition():
    critical = transition(einstein(1.0)).temperature
    gaps = np.array([gap_function(einstein(1.0), critical * (1 - e)).gap[0] for e in (1e-2, 1e-3, 1e-4)])
    # Mean field: the gap grows like the square root of the distance.
    np.testing.assert_allclose(gaps[:-1] / gaps[1:], math.sqrt(10), rtol=0.02)
    with pytest.raises(ValueError, match="^temperature"):
        gap_function(einstein(1.0), 1.01 * critical)


def test_gap_ratio_in_weak_coupling():
    """2 Delta_0/T_c -> 3.53 (BCS), and more at strong coupling."""
    ratios = []
    for coupling in (0.25, 1.0, 3.0):
        critical = transition(einstein(coupling)).temperature
        ratios.append(2 * gap_function(einstein(coupling), 0.15 * critical).edge() / critical)
    assert ratios[0] == pytest.approx(3.53, abs=0.03)
    assert ratios[0] < ratios[1] < ratios[2]


def test_gap_with_repulsion_changes_sign():
    state = gap_function(MIXED, 0.005, coulomb=0.3, fermi=6.0)
    assert state.converged and state.gap[0] > 0 > state.gap[-1]


def test_continuation_near_the_edge():
    """Below the edge the gap is real; the edge does not depend on the frequencies used."""
    state = gap_function(einstein(1.0), 0.02)
    gap, renormalisation, spread, valid = state.continued([0.0, 0.1, 0.2, state.edge()])
    assert spread.max() < 1e-4 and valid.all()
    assert gap[3].real == pytest.approx(state.edge(), rel=1e-6)
    assert np.abs(gap.imag[:3]).max() < 1e-4 and (renormalisation.real > 1.5).all()
    assert state.edge(points=20) == pytest.approx(state.edge(points=28), rel=1e-4)


def test_continuation_of_the_bilayer_holds_at_low_energies():
    """Other frequencies give the same; at the Umklapp mode the spread says that they do not."""
    spectrum, coulomb, fermi, _ = plasmon_problem(1.6, 0.3, 1.0, 10)
    state = gap_function(spectrum, 1.25e-3, coulomb=coulomb, fermi=fermi)
    one, other = (state.continued([0.02, 0.1, 0.4], points=n, broadening=2e-3)[0] for n in (24, 32))
    np.testing.assert_allclose(one, other, rtol=5e-5)
    assert state.continued([0.02, 0.1, 0.4], broadening=2e-3)[2].max() < 5e-3 * state.gap[0]
    assert state.continued([1.0, 1.05], broadening=2e-3)[2].max() > 0.05 * state.gap[0]


@pytest.mark.parametrize("umklapp", UMKLAPP)
def test_umklapp_options(umklapp):
    assert 1e-5 < critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10, umklapp=umklapp) < 1e-3


def test_a_repulsion_above_every_plasmon_leaves_no_transition():
    # mu* at omega_D is infinite there: the plasmons are faster than the electrons.
    spectrum, coulomb, fermi, _ = plasmon_problem(30, 4, 0, 1)
    result = transition(spectrum, coulomb=float(coulomb), fermi=fermi)
    assert result.temperature == 0.0 and 0 < result.eigenvalue_at_floor < 1
    assert critical_temperature(r_s=30, alpha=4, d=0, mass_ratio=1) == 0.0


def test_tables_in_any_order_give_one_transition():
    energies = np.linspace(0.0, 30.0, 61)
    values = 0.6 * np.exp(-(((energies - 18.0) / 4.0) ** 2)) * (energies > 0)
    table = CouplingSpectrum.tabulated(energies, values)
    back = CouplingSpectrum.tabulated(list(energies[::-1]), list(values[::-1]))
    ratio = values[1:] / energies[1:]
    assert table.coupling == pytest.approx(2 * 0.5 * (ratio.sum() - 0.5 * ratio[-1]), rel=1e-12)
    assert transition(table).temperature == transition(back).temperature
    # In other units of energy the same.
    scaled = CouplingSpectrum.tabulated(2 * energies, values)
    assert transition(scaled).temperature == pytest.approx(2 * transition(table).temperature, rel=1e-8)
    # Narrow lines are single modes.
    sharp = CouplingSpectrum.tabulated([0.0, 0.999, 1.0, 1.001], [0.0, 0.0, 500.0, 0.0])
    assert transition(sharp).temperature == pytest.approx(transition(einstein(1.0)).temperature, rel=1e-6)


def niobium():
    """Table of alpha^2F (energies in meV) for niobium, the published coupling in two peaks."""
    energies = np.arange(0.0, 29.0, 1.0)
    peaks = ((16.0, 2.5), (23.0, 1.5))
    values = sum(np.exp(-(((energies - center) / width) ** 2)) for center, width in peaks) * (energies > 0)
    return energies, values * 1.057 / CouplingSpectrum.tabulated(energies, values).coupling


@pytest.mark.parametrize("order", ["forwards", "reversed", "shuffled"])
def test_niobium_by_its_table_in_any_order(order):
    """T_c of niobium from a table with a row at zero.

    Published (Zarea, Ueki and Sauls, Front. Phys. 11, 1269872 (2023)): lambda = 1.057, mu* = 0.218, the longitudinal
    peak at 23 meV, and T_c = 9.33 K by the anisotropic equations. Model: Gaussian peaks of equal height, the transverse
    one at 16 meV, and mu* cut at the end of the table, 28 meV. Their cutoff is not that, hence the width allowed: twice
    the cutoff gives the other side of 9.33 K.
    """
    energies, values = niobium()
    rows = {
        "forwards": slice(None),
        "reversed": slice(None, None, -1),
        "shuffled": np.random.default_rng(3).permutation,
    }
    pick = rows[order](energies.size) if order == "shuffled" else rows[order]
    table = CouplingSpectrum.tabulated(energies[pick], values[pick])
    assert table.coupling == pytest.approx(1.057, rel=1e-12)
    kelvin = 1e-3 * constants.e / constants.k
    found, other = (kelvin * transition(table, coulomb=0.218, fermi=end).temperature for end in (28.0, 56.0))
    forwards = transition(CouplingSpectrum.tabulated(energies, values), coulomb=0.218, fermi=28.0)
    assert found == kelvin * forwards.temperature
    assert found < 9.33 < other
    assert found == pytest.approx(9.33, rel=0.15)
    assert other == pytest.approx(9.33, rel=0.15)


@pytest.mark.parametrize(
    ("energies", "values", "name"),
    [
        ([1.0, 2.0], [0.1, -0.1], "values"),
        ([-1.0, 2.0], [0.1, 0.1], "energies"),
        ([1.0, 2.0], [0.1], "values"),
        ([0.0, 2.0], [0.1, 0.1], "values"),
        ([1.0, 2.0], [0.0, 0.0], "weights"),
    ],
)
def test_bad_tables_are_named(energies, values, name):
    with pytest.raises(ArgumentError, match=rf"^{name}(\[\d\])? = "):
        CouplingSpectrum.tabulated(energies, values)


@pytest.mark.parametrize("prefactor", ["logarithmic", "debye"])
def test_mcmillan_is_in_the_unit_of_the_spectrum(prefactor):
    scaled = CouplingSpectrum(25.0 * MIXED.frequencies, MIXED.weights)
    assert mcmillan(scaled, 0.1, prefactor) == pytest.approx(25 * mcmillan(MIXED, 0.1, prefactor))
    assert mcmillan(scaled, 0.1, "debye", debye=10.0) == pytest.approx(10 * mcmillan(MIXED, 0.1, "debye"))


@pytest.mark.parametrize("temperature", [0.03, 0.05, 0.08])
def test_error_of_pade_is_not_zero_on_short_grids(temperature):
    # Above 0.02 omega_D the grid holds fewer frequencies than asked for.
    spread = gap_function(einstein(1.0), temperature).continued([0.1, 0.5, 0.9])[2]
    assert (spread > 0).all() and (np.diff(spread) > 0).all()


@settings(max_examples=15)
@given(st.floats(0.3, 3), st.floats(0.15, 1.5), st.floats(0, 3), st.floats(2, 1e3))
def test_valid_input_gives_numbers(r_s, alpha, d, ratio):
    value = critical_temperature(r_s=r_s, alpha=alpha, d=d, mass_ratio=ratio)
    assert math.isfinite(value) and 0 <= value < debye_temperature(r_s, alpha, ratio)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: critical_temperature(r_s=1.6, alpha=math.nan, d=1.0, mass_ratio=10), "alpha"),
        (lambda: critical_temperature(r_s=1.6, alpha=0.0, d=1.0, mass_ratio=10), "alpha"),
        (lambda: critical_temperature(r_s=-1.0, alpha=0.3, d=1.0, mass_ratio=10), "r_s"),
        (lambda: critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=0.9), "mass_ratio"),
        (lambda: critical_temperature(r_s=1.6, alpha=0.3, d=-0.1, mass_ratio=10), "d"),
        (lambda: critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10, umklapp="all"), "umklapp"),
        (lambda: transition(einstein(1.0), coulomb=-0.1, fermi=1.0), "coulomb"),
        (lambda: transition(einstein(1.0), coulomb=0.1), "fermi"),
        (lambda: transition(einstein(1.0), order=3), "order"),
        (lambda: transition(einstein(1.0), floor=0.0), "floor"),
        (lambda: eigenvalue(einstein(1.0), 0.0), "temperature"),
        (lambda: mcmillan(einstein(1.0), -1.0), "mu_star"),
        (lambda: mcmillan(einstein(1.0), 0.1, "other"), "prefactor"),
        (lambda: pseudopotential(0.1, 0.0), "fermi"),
    ],
)
def test_bad_values_are_named(call, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        call()


def test_bad_spectrum():
    with pytest.raises(TypeError, match="^spectrum"):
        transition(1.0)
