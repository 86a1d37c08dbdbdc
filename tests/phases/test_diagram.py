import math

import pytest
import xarray as xr

from ehbilayer.phases import diagram
from ehbilayer.phases.candidates import candidate_states, identify
from ehbilayer.phases.moire import el_hc_crossing
from ehbilayer.phases.square_states import limit_states


@pytest.fixture
def phase():
    names = [
        [["condensate", "liquid", "liquid"], ["coupled crystal", "coupled crystal", "EC-HL"]],
        [["condensate", "EL-HC", "liquid"], ["EL-HC", "EL-HC", "liquid"]],
    ]
    return xr.DataArray(
        names,
        dims=("mass_ratio", "d", "density_ratio"),
        coords={"mass_ratio": [1.0, 10.0], "d": [1.0, 3.0], "density_ratio": [0.1, 0.5, 1.0]},
    )


def test_orders_and_what_follows(phase):
    orders = diagram.phase_orders(phase)
    assert orders[10.0, 1.0] == ["liquid", "EL-HC", "condensate"] and orders[1.0, 3.0] == ["EC-HL", "coupled crystal"]
    assert orders == diagram.phase_orders(phase.transpose("density_ratio", "d", "mass_ratio")[::-1])
    assert diagram.followers(orders) == {"condensate": [(10.0, 1.0)], "nowhere": [(10.0, 3.0)]}
    assert diagram.followers(orders, "EC-HL") == {"coupled crystal": [(1.0, 3.0)]}


def test_where_phases_are(phase):
    assert diagram.ratios_with(phase) == {1.0: [10.0], 3.0: [10.0]}
    assert diagram.ratios_with(phase, "EC-HL") == {1.0: [], 3.0: [1.0]}
    assert diagram.reaches(phase) == [1.0, 1.0] and diagram.reaches(phase, "EC-HL") == [0.0, 0.0]


def test_what_another_mass_ratio_changes(phase):
    # Bound at equal masses: three points, of which those at d = 3 turn.
    assert diagram.changed(phase, ["condensate", "coupled crystal"], "EL-HC") == (3, 2, ["condensate"])


@pytest.mark.parametrize("options", [{}, {"finite_size": "limit", "balanced": False}])
def test_el_hc_is_lowest_beyond_its_onset_only(options):
    found = diagram.el_hc_onset(d=3.0, tolerance=0.02, **options)
    onset = found.ratio
    assert 1.0 < onset < 2.5 and 0.02 < found.error < 0.4
    assert (found.changes.size == 0.0) == (not options)
    sizes = {name: value for name, value in options.items() if name == "finite_size"}
    won = []
    for factor in (0.95, 1.05):
        start = el_hc_crossing(mass_ratio=factor * onset, d=3.0, **sizes).r_s
        # Just below the density at which liquid and EL-HC cross.
        place = dict(mass_ratio=factor * onset, d=3.0, r_s=1.003 * start, cutoff=2.0)
        states = limit_states(**place) if options else candidate_states(**place, balanced=True)
        won.append(identify(states)[0])
    assert won[0] != "EL-HC" and won[1] == "EL-HC"


def test_an_onset_outside_the_bracket():
    assert diagram.el_hc_onset(d=10.0, bracket=(3.0, 5.0)).ratio == 3.0
    assert math.isinf(diagram.el_hc_onset(d=10.0, bracket=(1.0, 1.2)).ratio)


def test_the_stated_error_of_an_onset_covers_that_of_another_box():
    small, large = (diagram.el_hc_onset(d=10.0, finite_size="limit", balanced=False, mesh=mesh) for mesh in (6, 12))
    assert abs(small.ratio - large.ratio) < small.error + 0.02


@pytest.mark.parametrize(
    "name, value", [("d", -1.0), ("finite_size", "raw"), ("mesh", 2), ("tolerance", 0.0), ("bracket", (0.5, 2.0))]
)
def test_bad_arguments_are_named(name, value):
    with pytest.raises(ValueError, match=f"{name} = "):
        diagram.el_hc_onset(**{name: value})
