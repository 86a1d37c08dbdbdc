"""Lowest state along the layer distance: against its parts, and where EL-HC sets in."""

import math

import numpy as np
import pytest
import xarray as xr

from ehbilayer.condensate import solve_condensate
from ehbilayer.errors import ArgumentError
from ehbilayer.phases import phase_point
from ehbilayer.phases.lowest import crystal_onset, lowest_state, lowest_states

BILAYER = {"mass_ratio": 10, "r_s": 16.0, "mesh": 4}


def test_without_the_symmetric_condensate_it_is_the_phase_diagram():
    for d in (2.0, 8.0):
        point = phase_point(mass_ratio=10, d=d, density_ratio=1.0, convention="paper", mesh=4, r_s_star=16.0)
        found = lowest_state(**BILAYER, d=d, convention="paper")
        assert found["phase"] == point["phase"]
        assert (found["margin"] > 0) == (found["phase"] == "EL-HC")
    assert math.isclose(found["margin"], point["margin"], rel_tol=1e-9)


def test_symmetric_condensate_wins_at_small_distance():
    found = lowest_state(**BILAYER, d=2.0, convention="limit")
    energy = solve_condensate(mass_ratio=10, d=2.0, r_s=16.0, spin="symmetric").energy_per_pair
    point = phase_point(mass_ratio=10, d=2.0, density_ratio=1.0, convention="limit", mesh=4, r_s_star=16.0)
    assert found["phase"] == "symmetric condensate"
    assert energy < point["energy_condensate"] < point["energy_hf"]
    # A phase point computes condensates to 1e-7/r_s.
    assert math.isclose(found["margin"], energy - point["energy_el_hc"], abs_tol=1e-7 / 16)


def test_onset_is_where_the_margin_vanishes():
    states = lowest_states(mass_ratio=10, r_s=1.6, d=[0.36, 0.38, 0.4, 0.42], mesh=4)
    onset = crystal_onset(states, "paper")
    assert abs(lowest_state(**BILAYER, d=10 * onset, convention="paper")["margin"]) < 1e-4


@pytest.mark.parametrize(
    ("margin", "onset"),
    [([-1, -1], math.inf), ([1, 1], 0.2), ([math.nan, 1], 0.4), ([-1, 1], 0.3), ([math.nan, math.nan], math.inf)],
)
def test_onset_at_the_ends(margin, onset):
    states = xr.Dataset(
        {"margin": (("convention", "d"), np.array([margin], float))}, {"convention": ["limit"], "d": [0.2, 0.4]}
    )
    assert math.isclose(crystal_onset(states, "limit"), onset)


def test_bad_values_are_named():
    with pytest.raises(ArgumentError, match="^d = "):
        lowest_states(mass_ratio=10, r_s=1.6, d=[0.5, 0.3])
    with pytest.raises(ArgumentError, match="^r_s = "):
        lowest_state(mass_ratio=10, d=3.0, r_s=-1.0)
