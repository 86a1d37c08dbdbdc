import numpy as np
import xarray as xr

from ehbilayer.device import NormalStability
from ehbilayer.drag import LadderDrag
from ehbook.tables_of import one_interaction as tables


def drag(ratio, tau_D2):
    numbers = dict(broadening=0.5, margin=0.2, pair_momentum=0.0, u1=0.0, u2=0.0, current=0.0, tau_2=1e-9)
    return LadderDrag(ratio=ratio, tau_D1=tau_D2, tau_D2=tau_D2, **numbers)


def test_widths_stand_before_and_after_the_arrow():
    before, after = {(12.0, 1e-12): drag(-0.6, 0.5e-12)}, {(12.0, 1e-12): drag(-0.4, 1.25e-12)}
    text = tables.widths({12.0: (1.1, 0.9)}, before, after, 10.0).data
    assert (
        "1.10, 0.90" in text
        and "0.50\u00a0→\u00a01.25" in text
        and "−0.6000\u00a0→\u00a0−0.4000" in text
        and "1.20" in text
    )


def test_what_does_not_exist_is_called_none():
    full = NormalStability((-1.5, 1.25), (-8.0, 7.5), 0.7, np.array([15.0]), np.array([2e-13]), None)
    empty = NormalStability(None, (None, None), 0.2, np.empty(0), np.empty(0), None)
    text = tables.stability({8.0: full, 1.0: empty}).data
    assert "−1.500, 1.250" in text and "−8.00, 7.50" in text and "0.200 at 15 µA" in text
    assert "none, none" in text
    assert full.gap == 6.0 and empty.gap is None


def test_the_words_on_hysteresis_follow_the_edges_and_the_relaxation_time():
    window = NormalStability((-5.0, 5.0), (-3.0, 3.0), 1.0, np.empty(0), np.empty(0), 1e-13)
    apart, unknown = window._replace(least=(-9.0, 9.0), at_the_end=None), window._replace(condensate=None)
    both = {5.0: window, 8.0: apart, 9.0: unknown}
    assert tables.between(both, 1e-14) == {"window": "at 5 K", "hole": "at 8 K"}
    assert tables.between(both, 1e-12) == {"window": "at none of these temperatures", "hole": "at 5 K and 8 K"}
    assert tables.between(both | {7.0: apart}, 1e-12)["hole"] == "at 5 K, 8 K and 7 K"
    assert tables.between({5.0: window}, 1e-14)["hole"] == "at none of these temperatures"
    nothing = "nowhere, as no two edges were found"
    assert tables.between({9.0: unknown}, 1e-14) == {"window": nothing, "hole": nothing}


def test_ranges_are_those_of_the_finite_values_at_each_place():
    values = xr.DataArray([[1.0, np.nan, 2.5], [np.inf, -3.0, 4.0]], dims=("T", "density"))
    assert tables.ranges(values, "T") == "1 to 2.5 and −3 to 4"
    assert tables.ranges(values.isel(T=[0]), "T") == "1 to 2.5"
