"""Windows of attraction beside the lowest state: when both hold at once, and how it is said."""

import xarray as xr

from ehbilayer.superconductivity.attraction_window import AttractionWindow
from ehbook.own_plasmon import WindowPoint, coexistence, summary


def point(upper, upper_error, onsets):
    window = AttractionWindow(0.3, upper, 0.05, upper_error, {})
    phases = [["condensate", "EL-HC"], ["coupled crystal", "EL-HC"]]
    states = xr.Dataset(
        {"phase": (("convention", "d"), phases)}, coords={"convention": ["paper", "limit"], "d": [0.3, 0.6]}
    )
    return WindowPoint(None, window, window, states, onsets, 0.0)  # pyright: ignore


def test_both_at_once_needs_more_than_the_error():
    onsets = {"paper": 0.39, "limit": 0.6}
    assert point(0.4, 0.005, onsets).coexists == {"paper": True, "limit": False}
    assert point(0.4, 0.02, onsets).coexists == {"paper": False, "limit": False}


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
