"""Windows of attraction beside the lowest state: when both hold at once, and how it is said."""

import xarray as xr

from ehbilayer.superconductivity.attraction_window import AttractionWindow
from ehbook.own_plasmon import WindowPoint, coexistence, summary
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
