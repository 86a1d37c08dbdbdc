"""Errors of a small cutoff: signs that the variational principle demands, and the first cutoff that meets a bound."""

import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal, solve_supercell
from ehbilayer.hartree_fock.cutoff import cutoff_series


@pytest.fixture(scope="module")
def series():
    return cutoff_series([2.0, 1.0, 1.5], 3.0, r_s=7.0, mesh=4)


def test_energy_falls_with_more_plane_waves(series):
    assert series.cutoffs.tolist() == [1.0, 1.5, 2.0] and series.settled
    assert (series.energy_errors > 0).all() and (np.diff(series.energy_errors) < 0).all()
    assert (np.diff(series.occupations) < 0).all()
    state = solve_crystal(r_s=7.0, mesh=4, cutoff=1.5)
    assert series.gap_errors[1] == state.gap_indirect - series.reference.gap_indirect


def test_the_first_that_meets_a_bound(series):
    between = np.sqrt(series.occupations[0] * series.occupations[1])
    assert series.first_occupied_below(between) == 1
    assert series.first_occupied_below(1e-30) is None
    assert series.first_gap_within(10.0) == 0
    within = np.abs(series.gap_errors) < 1e-3
    assert series.first_gap_within(1e-3) == np.flatnonzero(within)[0] > 0


def test_outermost_waves_are_some_of_those_at_the_edge(series):
    for state in series.states:
        for name, occupation in state.outermost_occupation.items():
            assert 0 <= occupation <= state.edge_occupation[name]
    squares = series.states[0].state.waves.squares
    longest = np.flatnonzero(squares > squares.max() * (1 - 1e-9))
    holes = series.states[0].state.momentum_distribution(1)
    assert series.states[0].outermost_occupation["h"] == holes[longest].max()


def test_levels_are_those_of_the_supercell():
    arguments = dict(mass_ratio=4.0, d=1.0, r_s=15.0, cutoff=2.0)
    bloch = solve_crystal(**arguments, mesh=4, electrons="crystal", tolerance=1e-10)
    free = solve_supercell(**arguments, cells=(4, 4), spin="polarised", start="coupled crystal", tolerance=1e-8)
    for index in (0, 1):
        levels = bloch.levels(index)
        assert len(levels) == len(bloch.state.waves)
        np.testing.assert_allclose(levels[:20], free.levels(index)[:20], atol=1e-6)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: cutoff_series([], 2.0, mesh=2), "cutoffs"),
        (lambda: cutoff_series([1.0, 2.0], 2.0, mesh=2), "cutoffs"),
        (lambda: cutoff_series([1.0], 0.5, mesh=2), "reference_cutoff"),
        (lambda: cutoff_series([1.0], 1.5, mesh=1), "mesh"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bad_bounds_are_named(series):
    with pytest.raises(ValueError, match="bound"):
        series.first_occupied_below(0.0)


def test_a_state_that_left_its_branch_with_the_cutoff_says_so():
    point = {"mass_ratio": 1.776, "d": 0.0, "r_s": 4.297, "mesh": 4, "electrons": "polarised liquid"}
    low, high = (solve_crystal(**point, cutoff=cutoff) for cutoff in (1.5, 3.0))
    # The variational principle is what the higher state breaks: both are converged.
    assert low.converged and high.converged and high.energy_per_pair > low.energy_per_pair + 0.03
    assert low.valid and low.message == ""
    assert not high.valid and "lies 3.31e-02 Ha_h per pair lower" in high.message
    assert high.lower_branch == pytest.approx(high.energy_per_pair - low.energy_per_pair)


def test_states_on_one_branch_gain_from_plane_waves_and_are_valid():
    state = solve_crystal(mesh=4, cutoff=2.0)
    assert -1e-3 < state.lower_branch < 0 and state.valid
    assert "not converged" in solve_crystal(mesh=4, cutoff=2.0, max_iterations=1).message
