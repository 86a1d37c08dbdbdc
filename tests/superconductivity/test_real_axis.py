"""Continuation to real energies: Matsubara axis, higher lines, Padé, the normal state, convergence, bad input."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import digamma

from ehbilayer.errors import NotConverged
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.coupling import CouplingSpectrum, plasmon_spectral_function
from ehbilayer.superconductivity.eliashberg import plasmon_problem, transition
from ehbilayer.superconductivity.gap_function import gap_function
from ehbilayer.superconductivity.pairing import coupling_constant
from ehbilayer.superconductivity.real_axis import SpectralFunction, continue_gap

MODE = CouplingSpectrum.einstein(1.0)
EINSTEIN = SpectralFunction(1.0, modes=MODE)
BILAYER = SpectralFunction.bilayer(1.6, 0.3, 0.625)


@pytest.fixture(scope="module")
def bilayer_state():
    spectrum, coulomb, fermi, _ = plasmon_problem(1.6, 0.3, 1.0, 10)
    critical = transition(spectrum, coulomb=coulomb, fermi=fermi).temperature
    return gap_function(spectrum, 0.5 * critical, coulomb=coulomb, fermi=fermi)


def test_spectral_function_carries_the_coupling():
    """lambda = 2 int alpha^2F/omega, and the same spectrum as on the Matsubara axis at finite frequencies."""
    nodes, weights = gauss_legendre(40)
    omega = 0.5 * (nodes + 1)
    smooth = (weights / omega * plasmon_spectral_function(omega, 1.6, 0.3, 0.625)).sum()
    assert smooth + BILAYER.modes.coupling == pytest.approx(coupling_constant(1.6, 0.3, 0.625), rel=1e-12)
    spectrum = plasmon_problem(1.6, 0.3, 1.0, 10)[0]
    frequencies, sampled = BILAYER.sampled(1 / 2000)
    for nu in (0.01, 0.3, 3.0):
        exact = (spectrum.weights * spectrum.frequencies**2 / (spectrum.frequencies**2 + nu**2)).sum()
        assert (sampled * frequencies / (frequencies**2 + nu**2)).sum() == pytest.approx(exact, rel=1e-6)


def test_modes_between_grid_points_keep_their_mean():
    frequencies, weights = SpectralFunction(1.0, modes=CouplingSpectrum.einstein(0.7, 0.737)).sampled(0.01)
    positive = frequencies > 0
    assert 2 * weights[positive].sum() == pytest.approx(0.7 * 0.737)
    assert (frequencies * weights)[positive].sum() / weights[positive].sum() == pytest.approx(0.737)
    np.testing.assert_allclose(weights, -weights[::-1])


@pytest.fixture(scope="module")
def bilayer_result(bilayer_state):
    return continue_gap(bilayer_state, BILAYER)


def test_low_energies_agree_with_pade():
    state = gap_function(MODE, 0.02)
    result = continue_gap(state, EINSTEIN)
    energies = np.array([0.0, 0.1, 0.2424, 0.4])
    gap, renormalisation, *_ = state.continued(energies, broadening=result.height)
    np.testing.assert_allclose(result.at(energies)[0], gap, atol=1e-9)
    np.testing.assert_allclose(result.at(energies)[1], renormalisation, atol=1e-9)


def test_pade_of_the_bilayer_agrees_below_the_debye_frequency(bilayer_state, bilayer_result):
    result = bilayer_result
    energies = np.array([0.05, 0.2, 0.4, 0.6])
    gap = bilayer_state.continued(energies, points=32, broadening=result.height).gap
    # Padé amplifies rounding, which differs between versions of the eigenvalue solver.
    np.testing.assert_allclose(result.at(energies)[0], gap, atol=3e-4 * bilayer_state.gap[0])
    # Beyond the Umklapp mode Padé fails, by more than its own estimate.
    above = bilayer_state.continued([1.05], points=32, broadening=result.height)
    assert abs(above[0][0] - result.at([1.05])[0][0]) > bilayer_state.gap[0]


def test_contour_leads_back_to_the_matsubara_axis(bilayer_state):
    """The error is that of cutting the contour: it falls with the window, the function inside does not move."""
    errors, values = [], []
    for window in (4.0, 8.0, 16.0):
        result = continue_gap(bilayer_state, BILAYER, window=window, points=2)
        errors.append(result.matsubara_error)
        values.append(result.at([0.3, 1.0, 2.5])[0])
    assert errors[0] > 3 * errors[1] > 9 * errors[2] and errors[2] < 2e-4
    np.testing.assert_allclose(values[0], values[2], atol=1e-6 * bilayer_state.gap[0])


@pytest.mark.parametrize("coulomb", [0.0, 0.15])
def test_lines_of_different_height_are_one_function(coulomb):
    """Poisson's integral of one line gives the independent calculation on a higher one."""
    state = gap_function(MODE, 0.03, coulomb=coulomb, fermi=10.0)
    low = continue_gap(state, EINSTEIN, height=0.3 * math.pi * 0.03)
    high = continue_gap(state, EINSTEIN, height=0.7 * math.pi * 0.03)
    energies, gap, renormalisation = low.raised(high.height)
    inside = energies < 6
    np.testing.assert_allclose(gap[inside], high.at(energies[inside])[0], atol=2e-4 * state.gap[0])
    np.testing.assert_allclose(renormalisation[inside], high.at(energies[inside])[1], atol=2e-4)


def test_normal_state_self_energy():
    """With a vanishing gap Z is that of an Einstein mode, known in closed form (Allen and Mitrovic 1982)."""
    critical = transition(MODE).temperature
    state = gap_function(MODE, (1 - 1e-6) * critical)
    assert state.gap[0] < 2e-3
    result = continue_gap(state, EINSTEIN)
    temperature = state.temperature
    x = result.energies[::50] + 1j * result.height
    bose = 1 / math.expm1(1 / temperature)
    combination = digamma(0.5 + 1j * (1 - x) / (2 * math.pi * temperature)) - digamma(
        0.5 - 1j * (1 + x) / (2 * math.pi * temperature)
    )
    sigma = 0.5 * (-1j * math.pi * (2 * bose + 1) + combination)
    inside = x.real < 8
    np.testing.assert_allclose((x * result.renormalisation[::50])[inside], (x - sigma)[inside], atol=1e-4)


def test_scattering_is_positive_and_states_are_conserved(bilayer_state, bilayer_result):
    result = bilayer_result
    omega = result.energies + 1j * result.height
    assert ((omega * result.renormalisation).imag > 0).all()
    states = result.density_of_states()
    assert (states > 0).all() and states[-1] == pytest.approx(1, abs=1e-5)
    # B - 1 is analytic above the line and falls faster than 1/omega: what the gap takes away stands above it.
    missing = np.trapezoid(np.where(states < 1, 1 - states, 0), dx=result.energies[1])
    assert missing > 0.3 * bilayer_state.gap[0]
    assert np.trapezoid(states - 1, dx=result.energies[1]) == pytest.approx(0, abs=1e-3 * missing)


def test_defaults_are_converged(bilayer_state, bilayer_result):
    coarse, fine = bilayer_result, continue_gap(bilayer_state, BILAYER, points=5)
    energies = np.array([0.0, 0.0044, 0.3, 0.9, 1.1, 2.0])
    for one, other in zip(coarse.at(energies), fine.at(energies), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4 * abs(one[0]))
    assert coarse.converged and coarse.matsubara_error < 5e-4


def test_too_few_iterations_are_reported():
    result = continue_gap(gap_function(MODE, 0.02), EINSTEIN, max_iterations=2)
    assert not result.converged and result.residual > 1e-8


def test_bad_input():
    state = gap_function(MODE, 0.05)
    for arguments, name in (
        ({"height": 0.0}, "height"),
        ({"height": 0.2}, "height"),
        ({"window": 1.0}, "window"),
        ({"points": 0}, "points"),
        ({"tolerance": 1.0}, "tolerance"),
        ({"max_iterations": 0}, "max_iterations"),
    ):
        with pytest.raises(ValueError, match=f"^{name} = "):
            continue_gap(state, EINSTEIN, **arguments)
    with pytest.raises(TypeError, match="^state"):
        continue_gap(1.0, EINSTEIN)
    with pytest.raises(TypeError, match="^spectral_function"):
        continue_gap(state, MODE)
    with pytest.raises(ValueError, match="^spacing"):
        BILAYER.sampled(0.3)
    with pytest.raises(ValueError, match="^energies"):
        continue_gap(state, EINSTEIN).at([100.0])
    with pytest.raises(ValueError, match="^omega"):
        plasmon_spectral_function(1.5, 1.6, 0.3, 0.6)


def test_mismatch_and_reach(bilayer_state, bilayer_result):
    higher = continue_gap(bilayer_state, BILAYER, height=1.5 * bilayer_result.height)
    assert 0 < bilayer_result.mismatch(higher) < 5e-3
    # A wrong gap function is found by its size.
    wrong = replace(bilayer_result, gap=bilayer_result.gap + 0.1 * bilayer_result.gap[0])
    assert wrong.mismatch(higher) == pytest.approx(0.1, rel=0.1)
    energies = np.linspace(0, 2, 21)
    gap = bilayer_result.at(energies)[0]
    assert bilayer_result.reach(gap, energies, 1e-6) == math.inf
    assert bilayer_result.reach(gap + (energies > 1.25), energies, 0.5) == pytest.approx(1.3)


@pytest.mark.parametrize("points", [24, 32, 48])
def test_spread_of_pade_covers_its_error(bilayer_state, points):
    """Against the exact continuation, up to three Debye frequencies and across the sharp Umklapp mode."""
    continued = continue_gap(bilayer_state, BILAYER)
    energies = np.array([0.02, 0.1, 0.4, 0.6, 0.8, 0.95, 1.0, 1.05, 1.3, 2.0, 2.5, 3.0])
    gap, _, spread, _ = bilayer_state.continued(energies, points=points, broadening=continued.height)
    error = np.abs(gap - continued.at(energies)[0])
    assert (error <= 3 * spread + 2e-5 * bilayer_state.gap[0]).all()
    assert spread[6] > bilayer_state.gap[0]


@pytest.mark.parametrize("points", [24, 48])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3])
def test_pade_is_valid_only_where_it_agrees_with_the_exact_continuation(
    bilayer_state, bilayer_result, points, tolerance
):
    states = {"bilayer": (bilayer_state, bilayer_result)}
    for temperature in (0.02, 0.05):
        state = gap_function(MODE, temperature)
        states[temperature] = state, continue_gap(state, EINSTEIN)
    energies = np.linspace(0, 3, 151)
    for state, exact in states.values():
        found = state.continued(energies, points=points, broadening=exact.height, tolerance=tolerance)
        error = np.abs(found.gap - exact.at(energies)[0]) / state.gap[0]
        assert found.valid[:10].all() and not found.valid[energies > 1.3].any()
        assert error[found.valid].max() < 3 * tolerance and error[~found.valid].max() > 0.5


def test_an_edge_that_pade_cannot_give_is_no_number():
    """Close to T_c the gap is far below pi T, where the frequencies see little of it."""
    spectrum, coulomb, fermi, _ = plasmon_problem(2.0, 0.25, 1.0, 10)
    critical = transition(spectrum, coulomb=coulomb, fermi=fermi).temperature
    state = gap_function(spectrum, 0.95 * critical, coulomb=coulomb, fermi=fermi)
    assert not state.continued([0.0, state.gap[0]]).valid.any()
    with pytest.raises(NotConverged, match="Padé continuation"):
        state.edge()
