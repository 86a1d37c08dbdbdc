"""Tables and figures of supercell states."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from ehbilayer.hartree_fock.structure import summary
from ehbilayer.hartree_fock.supercell import survey_supercell
from ehbilayer.model.lattice import PRIMITIVE, RECIPROCAL_LENGTH
from ehbook import gallery
from ehbook.figures import gallery as figures


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
    rows = gallery.minima_rows("here", states)
    assert len(rows) == len(states) == 2 and {row["start, seed"] for row in rows} == {"crystal, 0", "liquid, 0"}
    for row, state in zip(rows, states, strict=True):
        energy = next(text for name, text in row.items() if name.startswith("energy"))
        assert float(energy) == pytest.approx(state.energy_per_pair, abs=1e-5)
        above = 1e5 * (state.energy_per_pair - states[0].energy_per_pair)
        assert float(row["above (10⁻⁵)"]) == pytest.approx(above, abs=0.6)
        assert row["converged"] == "yes" and float(row["Bragg"]) == pytest.approx(summary(state)["bragg"], abs=0.006)
        assert row["point"] == "here"


def test_table_refuses_states_out_of_order(states):
    apart = [states[0], *[state for state in states if state.energy_per_pair > states[0].energy_per_pair + 1e-9]]
    for wrong in ([], apart[::-1] if len(apart) > 1 else []):
        with pytest.raises(ValueError, match="states = "):
            gallery.minima_rows("here", wrong)


def test_zone_is_the_hexagon_halfway_to_the_shortest_reciprocal_vectors():
    corners = figures.zone_corners()
    assert corners.shape == (7, 2) and np.allclose(corners[0], corners[-1])
    np.testing.assert_allclose(np.linalg.norm(corners, axis=1), 3**-0.5)
    # The edges' middles are b/2, at angles of the reciprocal lattice.
    middles = (corners[1:] + corners[:-1]) / 2
    reciprocal = 2 * np.pi * np.linalg.inv(PRIMITIVE).T / RECIPROCAL_LENGTH
    for b in (*reciprocal, *-reciprocal):
        assert np.linalg.norm(middles - b / 2, axis=1).min() < 1e-12


def test_figure_of_two_states_shows_densities_and_occupations(states, tmp_path, monkeypatch):
    monkeypatch.setenv("EHBILAYER_FIGURES", str(tmp_path))
    figures.two_densities({1.3: states[0], 0.8: states[1]})
    data = xr.load_dataset(tmp_path / "gallery-el-hc.nc", engine="h5netcdf")
    assert all("units" in data[name].attrs for name in data.variables)
    drawn = plt.gcf().axes[0].collections[0].get_array()
    np.testing.assert_allclose(np.ravel(drawn), np.ravel(data["holes, 1.3 n*"].values))
    plt.close("all")
