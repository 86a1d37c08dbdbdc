import numpy as np
import pytest

from ehbilayer.condensate import mott_transition, solve_condensate
from ehbilayer.phases import monolayer_crystallisation, phase_point
from ehbilayer.phases.lines import ec_hl_lines, el_hc_lines, trace_line
from ehbilayer.phases.square_states import limit_states


@pytest.fixture(scope="module")
def upwards():
    return trace_line(dense="EL-HC", dilute="coupled crystal", d=1.0, values=[5.0, 4.0], start=6.5, mesh=4, larger=6)


def test_both_axes_find_the_same_line(upwards):
    sideways = trace_line(
        dense="EL-HC",
        dilute="coupled crystal",
        d=1.0,
        values=[float(upwards.r_s[0])],
        along="mass ratio",
        start=4.0,
        mesh=4,
    )
    assert sideways.mass_ratio[0] == pytest.approx(5.0, rel=4e-3)


def test_the_phase_changes_at_the_line(upwards):
    for row in upwards.itertuples():
        assert row.stable and 0 < row.error < 0.1 * row.r_s and row.ansatz >= 0
        for factor, phase in ((0.995, "EL-HC"), (1.005, "coupled crystal")):
            point = phase_point(
                mass_ratio=row.mass_ratio, d=1.0, density_ratio=(factor * row.r_s) ** -2, mesh=4, r_s_star=1
            )
            assert point["phase"] == phase


def test_the_expected_root_does_not_matter(upwards):
    other = trace_line(dense="EL-HC", dilute="coupled crystal", d=1.0, values=[5.0], start=3.0, mesh=4, larger=6).r_s[0]
    assert other == pytest.approx(upwards.r_s[0], rel=3e-3)


def test_liquid_and_condensate_meet_at_the_mott_transition():
    line = trace_line(
        dense="liquid", dilute="condensate", d=1.0, values=[4.0], start=4.0, mesh=4, larger=6, tolerance=1e-5
    )
    assert line.r_s[0] == pytest.approx(mott_transition(mass_ratio=4, d=1.0), rel=1e-4)
    # EL-HC lies lower there.
    assert not line.stable[0] and np.isnan(line.error[0])


def test_pairs_of_both_spins_condense_at_higher_density():
    place = dict(dense="EL-HC", d=1.0, values=[4.0], start=5.0, mesh=4, larger=6)
    polarised, both = (trace_line(**place, dilute=name).r_s[0] for name in ("condensate", "symmetric condensate"))
    assert 1.2 < (polarised / both) ** 2 < 2.0


def test_the_lines_of_a_table_are_those_of_single_traces(upwards):
    lines = el_hc_lines(spacings=[1.0], mass_ratios=[4.0], radii=[2.7], mesh=4).set_index(["along", "dilute"])
    assert lines.r_s["density", "coupled crystal"] == pytest.approx(upwards.r_s[1], rel=3e-3)
    # Both axes: the ratio found at a radius lies on the line through the radii found at ratios.
    ratio = lines.mass_ratio["mass ratio", "coupled crystal"]
    (radius,) = trace_line(dense="EL-HC", dilute="coupled crystal", d=1.0, values=[ratio], start=3.0, mesh=4).r_s
    assert radius == pytest.approx(2.7, rel=4e-3)
    for name in ("spacings", "mass_ratios"):
        with pytest.raises(ValueError, match=f"{name} = "):
            el_hc_lines(**{name: []})


def test_polarised_pairs_come_after_the_crystals():
    # At d = a_h and mass ratio 4 the condensate lies above both sides where they meet: its line is not searched.
    lines = el_hc_lines(spacings=[1.0], mass_ratios=[4.0], mesh=6)
    end = lines.set_index("dilute").loc["coupled crystal"]
    assert end.stable and "condensate" not in set(lines.dilute)
    pairs = solve_condensate(mass_ratio=4, d=1.0, r_s=end.r_s).energy_per_pair
    crystal = limit_states(mass_ratio=4.0, d=1.0, r_s=end.r_s, mesh=6)["EL-HC"]["energy"]
    assert crystal < pairs - 1e-4


@pytest.mark.parametrize("sides, d", [(("EL-HC", "coupled crystal"), 3.0), (("liquid", "EC-HL"), 3.0)])
def test_stated_errors_cover_a_larger_box_and_a_higher_cutoff(sides, d):
    ratio, start = (4.0, 5.7) if sides[0] == "EL-HC" else (1.25, 1.76)
    place = dict(dense=sides[0], dilute=sides[1], d=d, values=[ratio], start=start)
    line = trace_line(**place, mesh=8, larger=12).loc[0]
    better = trace_line(**place, mesh=14, larger=16, cutoff=3.0).loc[0]
    assert 1e-4 < abs(line.r_s - better.r_s) < line.error


def test_both_layers_end_ec_hl_where_the_holes_crystallise_by_themselves():
    # Distant layers: liquid to square electrons, then to crystals in both layers, at the radii of single layers.
    lines = ec_hl_lines(spacings=[10.0], mass_ratios=[1.25], mesh=6)
    lines = lines[lines["stable"]].set_index(["dense", "dilute"]).r_s
    options = dict(mesh=6, cutoff=2.0, finite_size="limit")
    neel = monolayer_crystallisation(spin="unpolarised", crystal="square", **options)
    assert lines["liquid", "EC-HL"] == pytest.approx(1.25 * neel, rel=3e-3)
    # The holes' liquid has the shells of the square box there, those of the triangular one here.
    assert lines["EC-HL", "coupled crystal"] == pytest.approx(monolayer_crystallisation(**options), rel=0.1)


@pytest.mark.parametrize(
    "arguments, name",
    [({"dense": "glass"}, "dense"), ({"dilute": "liquid"}, "dilute"), ({"mesh": 5}, "mesh"), ({"along": "d"}, "along")],
)
def test_bad_arguments_are_named(arguments, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        trace_line(**arguments)
