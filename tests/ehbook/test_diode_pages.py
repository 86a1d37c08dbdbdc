"""What figures and tables of the diode pages share: tesla beside k_B T_c, legends off the data, bounds of errors."""

import math

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from ehbilayer.diode.coarse import CoarseResult
from ehbilayer.diode.first_order import Exchange, MapExchange
from ehbilayer.diode.forms import form_sweep
from ehbilayer.diode.mean_field import State
from ehbilayer.diode.paper_search import summarise
from ehbilayer.units import ThermalUnits
from ehbook.figures.fields import legend_below, star, tesla_axis
from ehbook.plotting import use_style
from ehbook.tables_of.diode import (
    candidate,
    error_bound,
    laboratory,
    largest_step,
    minus,
    over_imbalance,
    search,
    survivors,
    transitions,
)


@pytest.fixture
def axis():
    with plt.rc_context():
        use_style()
        fig, ax = plt.subplots()
        ax.plot([0, 12], [0, 1], label="curve")
        yield ax
        plt.close(fig)


def test_the_upper_scale_is_the_field_of_the_lower_one(axis):
    tesla_axis(axis, T_c=10.0, g_factor=4.0)
    axis.figure.canvas.draw()
    (above,) = axis.child_axes
    unit = ThermalUnits(mass=0.2, T_c=10.0)
    expected = [unit.zeeman_tesla(B, g_factor=4.0) for B in axis.get_xlim()]
    assert above.get_xlim() == pytest.approx(expected, rel=1e-12)
    assert "tesla" in above.get_xlabel()


def test_the_legend_covers_no_data(axis):
    star(axis, 3.0, 0.5)
    legend_below(axis.figure, axis)
    axis.figure.canvas.draw()
    (legend,) = axis.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["curve", "paper B"]
    assert not legend.get_window_extent().overlaps(axis.get_window_extent())


def test_a_bound_lies_above_the_errors_and_stays_when_they_wobble():
    assert error_bound([2e-9, None, math.nan, 1e-12]) == "1e-8"
    assert error_bound([2.2e-9]) == error_bound([1.8e-9]) == "1e-8"
    assert float(error_bound([0.0])) < 1e-14


def test_numbers_have_a_true_minus_sign():
    assert minus(-0.279, ".2f") == "−0.28" and minus(0.3, "+.1f") == "+0.3"


def test_facts_and_tables_are_text():
    row = {"convention": "literal", "q0": 0.21, "q0_y": 0.0, "J_plus": 0.1, "J_minus": -0.09, "efficiency": 0.02}
    row |= {"one_band": True, "stable": True, "valid": True, "converged": True, "lam": 2.0}
    tilted = row | {"q0_y": 0.5, "efficiency": -0.3}
    facts = search(summarise(pd.DataFrame([row, tilted, row | {"convention": "balanced", "efficiency": 3e-5}])))
    assert facts["over_literal"] == "2 of 2" and facts["over_literal_off"] == "1"
    assert facts["near_balanced"] == "0.0030" and facts["search_all"] == "30" and facts["search_unstable"] == "none"
    reading = CoarseResult(98.41, -94.82, 0.0186, 0.175, 100)
    facts = candidate(reading, [17, 7], -2e-4, 1e-12)
    assert facts["minus"] == "−94.8" and facts["limit"] == "−0.02" and facts["lattice"] == "1e−12"
    assert "660.6 nm" in laboratory(ThermalUnits(mass=0.2, T_c=10.0), 0.27, 1e-4).data


def test_unequal_layers_from_sweeps():
    point = dict(E_F=11.6, lam=2.0, J=6.0)
    found = form_sweep(point, ["neither", "both"], T=[0.9], B=[6.0, 12.0], imbalance=[0.0, 0.1], executor="serial")
    rows = over_imbalance([found], 0.9, 12.0)
    assert list(rows["form"].unique()) == ["neither", "both"] and len(rows) == 4
    both = found.q0.sel(form="both", B=12.0).values.ravel()
    assert largest_step(rows) == pytest.approx(abs(both[1] - both[0])) and both[0] > 1
    neither = found.sel(form=["neither"])
    few = neither.assign(efficiency=neither.efficiency * 0 + [[[[0.02, 0.005], [0.02, 0.02]]]])
    left = few.assign(efficiency=neither.efficiency * 0 + [[[[0.0, 0.02], [-0.02, -0.03]]]])
    facts = survivors(few, left, 0.01)
    assert facts["layers_survive"] == "2 of 3" and facts["layers_new"] == "1 of 1"
    assert facts["layers_turned"] == "2 of 2" and facts["layers_left"] == "2 to 3"
    assert facts["layers_word"] == "most"
    assert survivors(left, left, 0.01)["layers_word"] == "all"
    nothing = few.assign(efficiency=few.efficiency * 0)
    assert survivors(few, nothing, 0.01)["layers_word"] == "none"
    assert survivors(nothing, left, 0.01)["layers_word"] == "there are none to begin with"
    less = few.assign(efficiency=few.efficiency.where(few.B < 9.0, 0.0))
    assert survivors(few, less, 0.01)["layers_word"] == "the smaller part"


def test_transitions_are_counted_by_temperature():
    low, high = (State((0.0, y), 0.5, 1.0, -1.0, (0.0, 0.0), (0.0, 0.0), 0.0) for y in (0.0, 1.25))
    one = MapExchange(8.0, 0.45, Exchange(0.45, low, high))
    assert transitions({0.3: [one, one], 0.5: []}) == {
        "layers_first": "2 at 0.3 and 0 at 0.5",
        "layers_jump": "by 1.2 to 1.2",
    }
    assert transitions({0.5: []})["layers_jump"] == "nowhere"
