"""Figures of pages 02 and 03 draw what they are given, with a unit for every column and variable of their data."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from ehbilayer.hartree_fock import bands, solve_crystal
from ehbilayer.hartree_fock.cutoff import cutoff_series
from ehbilayer.hartree_fock.size_dependence import size_series
from ehbilayer.model.lattice import cell_points
from ehbook.figures import el_hc, hartree_fock

mpl.use("Agg")
#: Columns that hold words.
NAMES = {"zero mode", "convention", "carrier", "state"}


@pytest.fixture(scope="module")
def states():
    return size_series([4, 6], r_s=7.0, cutoff=2.0)


@pytest.fixture
def saved(monkeypatch):
    found = {}
    for module in (el_hc, hartree_fock):
        monkeypatch.setattr(module, "save_figure", lambda fig, name, data: found.update({name: data}))
    yield found
    plt.close("all")
    for name, data in found.items():
        if isinstance(data, pd.DataFrame):
            bare = [column for column in data.columns if not re.search(r"\(.+\)", column)]
            assert set(bare) <= NAMES, name
        else:
            assert all(data[variable].attrs["units"] for variable in data.variables), name


def test_page_on_hartree_fock(states, saved):
    hartree_fock.zero_mode(states, [0.08, 0.05])
    hartree_fock.cutoff_errors({7.0: cutoff_series([1.0, 1.5], 2.0, r_s=7.0, mesh=4)})
    assert set(saved) == {"hf-zero-mode", "hf-cutoff"}
    energies = saved["hf-zero-mode"]["energy per pair (Ha_h)"]
    assert energies.tolist() == [state.energy_per_pair for state in (*states.dropped, *states.madelung)]


@pytest.mark.parametrize("claimed", [0.7, None])
def test_page_on_the_phase(states, saved, claimed):
    raw, corrected = states.dropped[1], states.madelung[1]
    points = cell_points(repeats=3, points=8)
    el_hc.densities(points, {n: raw.state.density(i, points) for i, n in ((1, "holes"), (0, "electrons"))})
    el_hc.levels({"symmetric": raw, "corrected": corrected})
    path, grid, line = (
        bands.zone_path(points=7),
        bands.zone_grid(9),
        bands.fermi_line(corrected.state, 0, directions=12),
    )
    lines = {
        name: bands.interpolated_levels(corrected.state, i, path.points)
        for i, name in enumerate(("electrons", "holes"))
    }
    dots = {name: bands.levels_on_path(raw.state, i, path) for i, name in enumerate(("electrons", "holes"))}
    el_hc.band_structure(path, lines, dots, bands.free_levels(path.points, 7.0), corrected.gap_indirect)
    el_hc.band_maps(grid, {"electrons": np.ones((9, 9)).cumsum(axis=0), "holes": np.eye(9)}, line.points)
    el_hc.hole_gap(states, claimed)
    windows = np.array([2.0, 4.0])
    el_hc.electron_mass(windows, {(36, "dropped"): [bands.effective_mass(raw.state, 0, w) for w in windows]}, claimed)
    el_hc.momentum([raw, solve_crystal(r_s=7.0, mesh=4, cutoff=2.0)])
    assert len(saved) == 7
    labels = [text.get_text() for number in plt.get_fignums() for text in _texts(plt.figure(number))]
    assert ("paper A: 0.7" in labels) == (claimed is not None)


def _texts(fig):
    legends = [*fig.legends, *(ax.get_legend() for ax in fig.axes if ax.get_legend())]
    return [text for legend in legends for text in legend.get_texts()]
