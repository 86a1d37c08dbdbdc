"""Sketches: the topology they state, and that they draw what they return."""

import itertools

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ehbook.plotting import use_style
from ehbook.schematics import draw_bilayer, draw_phase_regions, phase_regions


def phases_with_growing_density(tops, row):
    thickness = tops.iloc[row].diff().fillna(tops.iloc[row, 0])
    return [phase for phase in tops.columns if thickness[phase] > 0]


@pytest.mark.parametrize("mass_asymmetric", [False, True])
def test_regions_tile_the_diagram(mass_asymmetric):
    tops = phase_regions(mass_asymmetric=mass_asymmetric)
    assert (tops.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (tops.iloc[:, 0] > 0).all()
    assert (tops.iloc[:, -1] == 1).all()
    assert (tops.index[0], tops.index[-1]) == (0.0, 1.0)


def test_a_mott_transition_at_small_and_crystals_at_large_spacing():
    equal, asymmetric = phase_regions(mass_asymmetric=False), phase_regions(mass_asymmetric=True)
    for tops in (equal, asymmetric):
        assert phases_with_growing_density(tops, 0) == ["exciton condensate", "Fermi liquid"]
    assert phases_with_growing_density(equal, -1) == ["exciton condensate", "coupled crystal", "Fermi liquid"]
    assert phases_with_growing_density(asymmetric, -1) == [
        "exciton condensate",
        "coupled crystal",
        "EL-HC",
        "Fermi liquid",
    ]


def test_the_hole_crystal_becomes_accessible_at_a_smaller_spacing_than_the_coupled_crystal():
    tops = phase_regions(mass_asymmetric=True, points=1001)
    first = {
        phase: tops.index[(tops.diff(axis=1)[phase] > 0)][0] for phase in ("EL-HC", "coupled crystal", "Fermi liquid")
    }
    assert first["Fermi liquid"] == 0 < first["EL-HC"] < first["coupled crystal"] < 1


@pytest.mark.parametrize("mass_asymmetric", [False, True])
def test_every_phase_is_labelled_inside_its_region(mass_asymmetric):
    axes = Figure().subplots()
    draw_phase_regions(axes, mass_asymmetric=mass_asymmetric)
    tops = phase_regions(mass_asymmetric=mass_asymmetric)
    assert len(axes.texts) == tops.shape[1]
    for text, phase in zip(axes.texts, tops.columns, strict=True):
        d, density = text.get_position()
        ends = [np.interp(d, tops.index, top) for top in tops.to_numpy().T]
        bottom = ([0.0, *ends])[tops.columns.get_loc(phase)]
        assert bottom < density < ends[tops.columns.get_loc(phase)]
        assert text.get_text().split()[0] == phase.split()[0]
    assert "arbitrary units" in axes.get_xlabel()
    assert "arbitrary units" in axes.get_ylabel()


def test_the_bilayer_is_neutral_and_its_holes_form_a_triangular_crystal():
    axes = Figure().subplots()
    drawn = draw_bilayer(axes)
    assert drawn["carrier"].value_counts().nunique() == 1
    holes = drawn[drawn["carrier"] == "hole"].filter(like="lattice constants").to_numpy()
    distance = np.linalg.norm(holes[:, None] - holes[None], axis=-1)
    np.fill_diagonal(distance, np.inf)
    assert np.allclose(distance.min(axis=1), 1.0)
    assert np.isclose(distance, 1.0).sum(axis=1).max() == 6
    heights = drawn.groupby("carrier")["z (lattice constants)"].agg(["min", "max"])
    assert heights.loc["hole", "max"] < heights.loc["electron", "min"]


@pytest.mark.parametrize("draw", [draw_bilayer, lambda axes: draw_phase_regions(axes, mass_asymmetric=True)])
def test_text_stays_on_a_page_wide_canvas_and_does_not_overlap(draw):
    with matplotlib.rc_context():
        use_style()
        figure = Figure(figsize=(6.0, 2.9))
        axes = figure.subplots()
        draw(axes)
        FigureCanvasAgg(figure).draw()
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
    assert len(boxes) == 4
    for box in boxes:
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


@pytest.mark.parametrize("bad", [1, None, "yes"])
def test_mass_asymmetric_is_a_bool(bad):
    with pytest.raises(TypeError, match="^mass_asymmetric = .* need True or False"):
        phase_regions(mass_asymmetric=bad)


def test_points_is_checked():
    with pytest.raises(ValueError, match="^points = 1 is not allowed"):
        phase_regions(mass_asymmetric=True, points=1)
