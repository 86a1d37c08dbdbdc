import numpy as np
import pandas as pd
import pytest

from ehbilayer.phases import monolayer_crystallisation, phase_point, surveys
from ehbilayer.phases.order import crystal_threshold


def test_isolated_layers_are_those_of_single_searches():
    found = surveys.isolated_layers(meshes=(6,))
    single = monolayer_crystallisation(mesh=6, spin="unpolarised", crystal="square", finite_size="limit", cutoff=2.0)
    assert float(found.sel(layer="Néel", finite_size="limit", mesh=6)) == pytest.approx(single)
    order = found.sel(finite_size="limit", mesh=6).sortby(found.sel(finite_size="limit", mesh=6)).layer.values.tolist()
    assert order == ["Néel", "rows", "ferromagnet", "polarised"]


def test_edges_lie_between_points_of_both_phases():
    edges = surveys.boundary_edges(settings=[("limit", 6)], spacings=[3.0], mass_ratios=[10.0], tolerance=0.1)
    (edge,) = edges.to_dict("records")
    assert edge["N"] == 36 and edge["convention"] == "limit" and edge["uncertainty"] <= 0.05
    for sign, phase in ((-1, edge["below"]), (1, edge["above"])):
        point = phase_point(
            mass_ratio=10, d=3.0, density_ratio=edge["boundary"] + sign * edge["uncertainty"], mesh=6, r_s_star=2.27
        )
        assert point["phase"] == phase


def test_a_shift_compares_smallest_and_largest_box():
    rows = [
        ("limit", n, 4.0, above, value)
        for n, above, value in (
            (36, "liquid", 1.0),
            (64, "liquid", 5.0),
            (100, "liquid", 1.2),
            (36, "EL-HC", 0.3),
            (100, "EL-HC", 0.3),
        )
    ]
    rows += [("limit", 36, 2.0, "liquid", 9.0), ("paper", 36, 4.0, "liquid", 7.0)]
    edges = pd.DataFrame(rows, columns=["convention", "N", "mass_ratio", "above", "boundary"]).assign(d=1.0)
    shift = surveys.size_shift(edges)
    assert shift["liquid", 1.0] == pytest.approx(0.2) and shift["EL-HC", 1.0] == 0.0


def test_cuts_hold_what_they_compare():
    table = surveys.variance_cuts(cuts=[(10.0, 3.0)], radii=[1.5, 7.0], mesh=4)
    assert table["phase by energy"].tolist() == ["liquid", "EL-HC"]
    least = crystal_threshold(mesh=4)[1]
    np.testing.assert_array_equal(table["crystal h by variance"], table["variance h over liquid (1)"] > least)
    assert table["crystal h by variance"].tolist()[1] and not table["crystal e by variance"].any()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: surveys.isolated_layers(meshes=(5,)), "meshes"),
        (lambda: surveys.isolated_layers(meshes=()), "meshes"),
        (lambda: surveys.isolated_layers(cutoff=0.1), "cutoff"),
        (lambda: surveys.size_shift(pd.DataFrame(), "raw"), "convention"),
        (lambda: surveys.size_shift(pd.DataFrame({"d": [1.0]})), "edges"),
        (lambda: surveys.variance_cuts(radii=[-1.0]), "radii"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=f"{message} = "):
        call()
