from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from ehbook.phase_map import PHASES, SHADES, draw_areas, luminance, shade_phases


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_phases_differ_in_grey():
    values = {name: luminance(color) for name, color in PHASES.items()}
    for first, second in combinations(values, 2):
        assert abs(values[first] - values[second]) >= 25, (first, second)
    assert list(SHADES.colors) == list(PHASES.values())


def test_cells_show_their_phase(ax):
    names = np.array([["liquid", "EL-HC", "nan"], ["condensate", "EC-HL", "coupled crystal"]])
    shown = shade_phases(ax, [1.0, 2.0, 3.0], [0.0, 1.0], names).get_array()
    order = list(PHASES)
    expected = [[order.index(n) if n in PHASES else np.nan for n in row] for row in names]
    np.testing.assert_array_equal(np.ma.filled(shown.astype(float), np.nan).reshape(2, 3), expected)


def lines(ax):
    return [path.vertices for c in ax.collections if hasattr(c, "levels") for path in c.get_paths() if len(path)]


def test_a_line_runs_where_the_energies_cross(ax):
    x, y = np.linspace(0, 3, 4), np.linspace(0, 1, 3)
    slope = np.broadcast_to(x - 1.3, (3, 4))
    found = draw_areas(ax, x, y, {"liquid": [0 * slope], "EL-HC": [-slope]}, np.full((3, 4), 0.1))
    assert found == ["liquid", "EL-HC"]
    assert [t.get_text() for t in ax.texts] == ["liquid", "EL-HC"]
    for vertices in lines(ax):
        np.testing.assert_allclose(vertices[:, 0], 1.3, atol=0.02)
    left, right = (t.get_position()[0] for t in ax.texts)
    assert left < 1.3 < right


def test_a_phase_that_was_not_computed_wins_nowhere(ax):
    x, y = np.linspace(0, 1, 3), np.linspace(0, 1, 3)
    zero, missing = np.zeros((3, 3)), np.full((3, 3), np.nan)
    assert draw_areas(ax, x, y, {"liquid": [zero], "EC-HL": [missing]}, zero + 0.1) == ["liquid"]
    # Known and lowest at one point, it has the part nearer to that point.
    corner = missing.copy()
    corner[0, 0] = -1.0
    assert draw_areas(ax, x, y, {"liquid": [zero], "EC-HL": [corner]}, zero + 0.1) == ["liquid", "EC-HL"]
    for vertices in lines(ax):
        assert vertices.max() <= 0.51


def test_the_lower_of_two_branches_counts(ax):
    x, y = np.linspace(0, 1, 3), np.linspace(0, 1, 3)
    up = np.broadcast_to(x, (3, 3))
    found = draw_areas(ax, x, y, {"liquid": [0 * up + 0.3], "EL-HC": [up, 1 - up]}, up)
    assert found == ["liquid", "EL-HC"]
    places = np.concatenate([vertices[:, 0] for vertices in lines(ax)])
    # EL-HC lies below 0.3 at both sides.
    assert np.minimum(abs(places - 0.3), abs(places - 0.7)).max() < 0.01
    assert places.min() < 0.4 and places.max() > 0.6


@pytest.mark.parametrize(
    "energies, message",
    [({"solid": [[[0.0]]]}, "energies = 'solid'"), ({"liquid": [[[np.nan]]]}, "energies = 'liquid'")],
)
def test_bad_input_is_refused(ax, energies, message):
    with pytest.raises(ValueError, match=message):
        draw_areas(ax, [0.0], [0.0], energies, [[0.1]])
