import numpy as np
import pytest

from ehbilayer.condensate import mott_transition
from ehbilayer.phases import phase_point
from ehbilayer.phases.lines import el_hc_lines, trace_line


@pytest.fixture(scope="module")
def upwards():
    return trace_line(dense="EL-HC", dilute="condensate", d=1.0, values=[5.0, 4.0], start=6.5, mesh=4, larger=6)


def test_both_axes_find_the_same_line(upwards):
    sideways = trace_line(
        dense="EL-HC", dilute="condensate", d=1.0, values=[float(upwards.r_s[0])], along="mass ratio", start=4.0, mesh=4
    )
    assert sideways.mass_ratio[0] == pytest.approx(5.0, rel=4e-3)


def test_the_phase_changes_at_the_line(upwards):
    for row in upwards.itertuples():
        assert row.stable and 0 < row.error < 0.1 * row.r_s and row.ansatz >= 0
        for factor, phase in ((0.98, "EL-HC"), (1.02, "condensate")):
            point = phase_point(
                mass_ratio=row.mass_ratio, d=1.0, density_ratio=(factor * row.r_s) ** -2, mesh=4, r_s_star=1
            )
            assert point["phase"] == phase


def test_the_expected_root_does_not_matter(upwards):
    (other,) = trace_line(dense="EL-HC", dilute="condensate", d=1.0, values=[5.0], start=3.0, mesh=4, larger=6).r_s
    assert other == pytest.approx(upwards.r_s[0], rel=3e-3)


def test_liquid_and_condensate_meet_at_the_mott_transition():
    line = trace_line(
        dense="liquid", dilute="condensate", d=1.0, values=[4.0], start=4.0, mesh=4, larger=6, tolerance=1e-5
    )
    assert line.r_s[0] == pytest.approx(mott_transition(mass_ratio=4, d=1.0), rel=1e-4)
    # EL-HC lies lower there.
    assert not line.stable[0] and np.isnan(line.error[0])


def test_pairs_of_both_spins_condense_at_higher_density(upwards):
    (both,) = trace_line(
        dense="EL-HC", dilute="symmetric condensate", d=1.0, values=[4.0], start=5.0, mesh=4, larger=6
    ).r_s
    assert 1.2 < (upwards.r_s[1] / both) ** 2 < 2.0


def test_the_lines_of_a_table_are_those_of_single_traces(upwards):
    lines = el_hc_lines(spacings=[1.0], mass_ratios=[4.0], mesh=4).set_index("dilute")
    assert lines.r_s["condensate"] == pytest.approx(upwards.r_s[1], rel=3e-3)
    for name in ("spacings", "mass_ratios"):
        with pytest.raises(ValueError, match=f"{name} = "):
            el_hc_lines(**{name: []})


@pytest.mark.parametrize(
    "arguments, name",
    [({"dense": "EC-HL"}, "dense"), ({"dilute": "liquid"}, "dilute"), ({"mesh": 5}, "mesh"), ({"along": "d"}, "along")],
)
def test_bad_arguments_are_named(arguments, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        trace_line(**arguments)
