import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

from ehbilayer.device import PRESETS
from ehbook.figures.marks import mark_points, mark_presets


@pytest.fixture
def ax():
    fig, ax = plt.subplots(layout="constrained")
    ax.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0))
    yield ax
    plt.close(fig)


def boxes(ax):
    ax.figure.draw_without_rendering()
    return {text.get_text(): Text.get_window_extent(text) for text in ax.texts}


def names(handles):
    return [handle.get_label() for handle in handles]


def test_only_points_inside_are_drawn(ax):
    points = {"in": (0.5, 0.5), "right": (1.1, 0.5), "below": (0.5, -0.1), "nowhere": (np.nan, 0.5), "edge": (1.0, 0.2)}
    assert names(mark_points(ax, points)) == ["in", "edge"]
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 1.0), (0.0, 1.0))
    assert len(ax.lines) == 2


@pytest.mark.parametrize("place", [(0.5, 0.5), (0.99, 0.99), (0.01, 0.01), (0.99, 0.02)])
def test_names_cover_neither_each_other_nor_the_frame(ax, place):
    # Near enough that names on the same side of every mark would lie on each other.
    points = {f"bilayer {k}": (place[0] - np.sign(place[0] - 0.4) * 0.02 * k, place[1]) for k in range(4)}
    assert len(mark_points(ax, points)) == 4
    found = boxes(ax)
    assert len(found) == 4
    for one, other in itertools.combinations(found.values(), 2):
        assert not one.overlaps(other)
    frame = ax.get_window_extent()
    assert all(frame.contains(*corner) for box in found.values() for corner in box.corners())


def test_names_keep_clear_of_what_is_written(ax):
    written = ax.text(0.53, 0.5, "liquid", va="center")
    mark_points(ax, {"bilayer": (0.5, 0.5)})
    found = boxes(ax)
    assert not found["bilayer"].overlaps(written.get_window_extent())


def test_a_name_without_room_stays_in_the_legend(ax):
    handles = mark_points(ax, {"a name that is longer than the map is wide " * 3: (0.5, 0.5)})
    assert len(handles) == 1 and not ax.texts


def test_without_names(ax):
    assert names(mark_points(ax, {"in": (0.5, 0.5)}, names=False)) == ["in"] and not ax.texts


def test_presets_of_other_parameters_are_left_out(ax):
    ax.set(xlim=(0.01, 300), ylim=(0.001, 1000), xscale="log", yscale="log")

    def place(**options):
        return names(mark_presets(ax, lambda b: b.r_s_light, lambda b: b.d_light, **options))

    assert place() == [preset.name for preset in PRESETS.values()]
    assert place(where=lambda b: b.mass_ratio > 1000) == ["paper A, hydrogen"]


def test_each_preset_has_its_own_sign(ax):
    ax.set(xlim=(0.01, 300), ylim=(0.001, 1000), xscale="log", yscale="log")
    handles = mark_presets(ax, lambda b: b.r_s_light, lambda b: b.d_light, names=False)
    assert len({handle.get_marker() for handle in handles}) == len(PRESETS)
