import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from ehbook.phase_map import PHASES, draw_phase_maps, phase_ends


@pytest.fixture
def phase():
    names = np.array([[["liquid", "EL-HC", "EL-HC"], ["condensate", "nan", "EC-HL"]]])
    return xr.DataArray(
        names,
        dims=("d", "mass_ratio", "density_ratio"),
        coords={"d": [1.0], "mass_ratio": [2.0, 4.0], "density_ratio": [0.1, 0.5, 2.0]},
    )


def test_cells_show_their_phase_and_the_line_the_electrons_density(phase):
    fig, ax = plt.subplots()
    draw_phase_maps([ax], phase, "limit", 2.2, 2.0)
    shown = np.ma.filled(ax.collections[0].get_array().astype(float), np.nan).reshape(3, 2)
    expected = [
        [PHASES.index(str(name)) if str(name) in PHASES else np.nan for name in line]
        for line in phase.sel(d=1.0).values.T
    ]
    np.testing.assert_array_equal(shown, expected)
    ratio, density = ax.lines[0].get_data()
    assert density[0] == pytest.approx(0.55**2) and density[-1] == pytest.approx(0.275**2) and ratio[-1] == 4.0
    plt.close(fig)


def test_bad_input_is_refused(phase):
    with pytest.raises(ValueError, match="star_e = 0.0"):
        draw_phase_maps([None], phase, "limit", 2.2, 0.0)


@pytest.mark.parametrize(
    ("name", "value"), [("convention", "x"), ("above", "solid"), ("pairs", 0), ("d", -1.0), ("d", np.nan)]
)
def test_a_boundary_that_cannot_be_is_refused(name, value):
    edges = pd.DataFrame(
        {"convention": ["limit"], "N": [36], "d": [1.0], "above": ["liquid"], "mass_ratio": [4.0], "boundary": [0.9]}
    )
    given = {"convention": "limit", "pairs": 36, "d": 1.0, "above": "liquid"}
    assert phase_ends(edges, **given).to_dict() == {4.0: 0.9} and phase_ends(edges, **given | {"above": "EL-HC"}).empty
    with pytest.raises(ValueError, match=f"^{name} = "):
        phase_ends(edges, **given | {name: value})
