"""The figure of the front page and the README."""

import subprocess
import sys

import numpy as np
import pandas as pd
import xarray as xr

from tools import run

FIGURE = run.ROOT / "book" / "_static" / "overview.svg"
SCRIPT = run.ROOT / "book" / "scripts" / "draw_overview.py"


def test_it_is_stored_small_and_shown_in_both_places():
    assert FIGURE.stat().st_size < 200_000
    assert "book/_static/overview.svg" in (run.ROOT / "README.md").read_text(encoding="utf-8")
    assert "_static/overview.svg" in (run.ROOT / "book" / "index.md").read_text(encoding="utf-8")


def test_it_is_drawn_from_the_data_of_the_pages(tmp_path):
    phases = xr.Dataset(
        {"phase": (("mass_ratio", "d", "density_ratio"), [[["liquid", "EL-HC"], ["liquid", "condensate"]]])},
        coords={"mass_ratio": [4.0], "d": [1.0, 3.0], "density_ratio": [1.0, 0.1]},
    )
    phases.to_netcdf(tmp_path / "phases-spacing.nc", engine="h5netcdf")
    x, y = np.mgrid[0:2:5j, 0:2:5j]
    density = xr.Dataset({"holes": (("u", "v"), x * y)}, coords={"x": (("u", "v"), x), "y": (("u", "v"), y)})
    density.to_netcdf(tmp_path / "elhc-density.nc", engine="h5netcdf")
    pd.DataFrame({"T (K)": [2, 2], "I (uA)": [-1.0, 1.0], "zeta (1)": [0.0, -1.0]}).to_csv(
        tmp_path / "device-curve.csv", index=False
    )
    output = tmp_path / "overview.svg"
    command = [sys.executable, SCRIPT, "--figures", tmp_path, "--output", output]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0 and result.stderr == "" and result.stdout.startswith("overview.svg: ")
    text = output.read_text(encoding="utf-8")
    assert "EL-HC" in text and "condensate" in text and "coupled crystal" not in text
