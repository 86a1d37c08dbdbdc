"""Tables and figures of supercell states."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehbilayer.hartree_fock.structure import summary
from ehbilayer.hartree_fock.supercell import survey_supercell
from ehbook import gallery


@pytest.fixture(scope="module")
def states():
    return survey_supercell(
        starts=["crystal", "liquid"], seeds=[0], cells=(2, 2), r_s=12.0, mass_ratio=4, spin="unrestricted"
    )


@given(ratio=st.floats(1e-3, 1e3), star=st.floats(0.1, 50.0))
def test_density_goes_as_the_inverse_square_of_the_radius(ratio, star):
    assert (star / gallery.radius_at(ratio, star)) ** 2 == pytest.approx(ratio, rel=1e-12)


@pytest.mark.parametrize("arguments", [(0.0, 2.0), (-1.0, 2.0), (1.0, 0.0), (float("nan"), 2.0)])
def test_radius_refuses_what_is_not_positive(arguments):
    with pytest.raises(ValueError, match="density_ratio|r_s_star"):
        gallery.radius_at(*arguments)


def test_table_has_a_row_for_each_state_relative_to_the_lowest(states):
    lines = gallery.minima_table(states, name="tab-x", caption="Text.").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[5:-1]]
    assert lines[1] == ":name: tab-x" and len(rows) == len(states) == 2
    assert {row[0] for row in rows} == {"crystal", "liquid"}
    for row, state in zip(rows, states, strict=True):
        assert float(row[2]) == pytest.approx(state.energy_per_pair, abs=1e-5)
        assert float(row[3]) == pytest.approx(1e5 * (state.energy_per_pair - states[0].energy_per_pair), abs=0.6)
        assert row[5] == "yes" and float(row[6]) == pytest.approx(summary(state)["bragg"], abs=0.006)
    assert rows[0][3] == "0"


def test_table_refuses_states_out_of_order(states):
    apart = [states[0], *[state for state in states if state.energy_per_pair > states[0].energy_per_pair + 1e-9]]
    for wrong in ([], apart[::-1] if len(apart) > 1 else []):
        with pytest.raises(ValueError, match="states = "):
            gallery.minima_table(wrong, name="tab-x", caption="Text.")


def test_figure_shows_the_data_it_returns(states):
    figure, data = gallery.draw_state(states[0])
    titles = {ax.get_title(): ax for ax in figure.axes if ax.get_title()}
    assert list(titles) == [
        "holes",
        "electrons up",
        "electrons down",
        "total charge",
        "holes, momentum",
        "electrons, momentum",
    ]
    for name, key in (("holes", "holes"), ("total charge", "charge")):
        drawn = titles[name].collections[0].get_array()
        np.testing.assert_allclose(np.ravel(drawn), np.ravel(data[key].values))
    low, high = titles["total charge"].collections[0].get_clim()
    assert -low == high == pytest.approx(float(abs(data["charge"]).max()))
    assert float(data["holes momentum"].sum()) == pytest.approx(4.0)
    plt.close(figure)


def test_panel_of_both_signs_needs_a_positive_limit():
    figure, ax = plt.subplots()
    grid = np.mgrid[0:2, 0:2]
    with pytest.raises(ValueError, match="limit"):
        gallery.density_panel(ax, *grid, grid[0], "text", limit=0.0)
    plt.close(figure)
