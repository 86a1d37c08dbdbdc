"""Windows of attraction beside the lowest state: when both hold at once, and how it is said."""

import math

import xarray as xr

from ehbilayer.phases.lowest import crystal_onset, lowest_states
from ehbilayer.superconductivity.attraction_window import AttractionWindow
from ehbook.own_plasmon import WindowPoint, coexistence, onset_error, rivals, summary
from ehbook.verdicts import VERDICTS, judge


def point(upper, upper_error, onsets, onset_error=0.0):
    window = AttractionWindow(0.3, upper, 0.05, upper_error, {})
    phases = [["condensate", "EL-HC"], ["coupled crystal", "EL-HC"]]
    states = xr.Dataset(
        {"phase": (("convention", "d"), phases)}, coords={"convention": ["paper", "limit"], "d": [0.3, 0.6]}
    )
    return WindowPoint(None, None, window, window, states, onsets, dict.fromkeys(onsets, onset_error), 0.0)  # pyright: ignore


def test_both_at_once_needs_more_than_the_error():
    onsets = {"paper": 0.39, "limit": 0.6}
    assert point(0.4, 0.005, onsets).coexists == {"paper": True, "limit": False}
    assert point(0.4, 0.02, onsets).coexists == {"paper": False, "limit": False}
    # The error of the onset counts as well.
    assert point(0.4, 0.005, onsets, 0.004).coexists == {"paper": True, "limit": False}
    assert point(0.4, 0.005, onsets, 0.006).coexists == {"paper": False, "limit": False}


def test_lowest_state_is_that_in_the_middle():
    here = point(0.5, 0.01, {"paper": 0.4, "limit": 0.6})
    assert here.middle == 0.4
    assert here.phases == {"paper": "condensate", "limit": "coupled crystal"}


def test_summary_names_where_both_hold():
    found = {
        1.0: point(0.4, 0.005, {"paper": 0.39, "limit": 0.6}),
        1.6: point(0.4, 0.02, {"paper": 0.39, "limit": 0.6}),
    }
    assert [name for name, both in coexistence(found).items() if both] == ["r_s^e = 1, V(0) = 0"]
    assert summary(found, 1.6).endswith("both at once at r_s^e = 1, V(0) = 0")


def test_summary_says_where_it_is_never_lowest():
    found = {1.6: point(0.4, 0.02, {"paper": 0.39, "limit": math.inf})}
    assert "EL-HC lowest from 0.39 ± 0.00 (V(0) = 0), nowhere up to 0.6 (limit);" in summary(found, 1.6)


def test_rivals_are_those_in_windows_without_a_lowest_el_hc():
    assert "a condensate or coupled crystal is" in rivals({1.6: point(0.4, 0.02, {"paper": 0.39, "limit": 0.6})})
    assert "a coupled crystal is" in rivals({1.6: point(0.4, 0.005, {"paper": 0.39, "limit": 0.6})})


def test_error_of_the_onset_covers_a_box_of_144_pairs():
    bilayer, d = {"mass_ratio": 10, "r_s": 1.3}, [0.4, 0.45, 0.5]
    states = lowest_states(**bilayer, d=d)
    onset = crystal_onset(states, "limit")
    large = crystal_onset(lowest_states(**bilayer, d=d, mesh=12), "limit")
    assert 0.002 < abs(large - onset) < onset_error(states, "limit", onset, **bilayer) < 0.1


def test_without_an_onset_there_is_no_error():
    assert onset_error(xr.Dataset(), "limit", math.inf, mass_ratio=10, r_s=1.6) == 0.0


def test_the_verdict_on_a_plasmon_superconductor_follows_windows_and_phases():
    """Attraction in a lowest EL-HC everywhere, nowhere, and at one density only."""
    inside, outside = {"paper": 0.35, "limit": 0.38}, {"paper": 0.6, "limit": 0.7}
    for (first, second), verdict in (
        ((inside, inside), VERDICTS[0]),
        ((outside, outside), VERDICTS[3]),
        ((inside, outside), VERDICTS[2]),
    ):
        found = {1.0: point(0.4, 0.005, first), 1.6: point(0.4, 0.005, second)}
        assert judge("plasmon-superconductor", coexistence(found)).verdict == verdict
    # The same onsets with an error that holds the upper end.
    found = {1.0: point(0.4, 0.06, inside)}
    assert judge("plasmon-superconductor", coexistence(found)).verdict == VERDICTS[3]
