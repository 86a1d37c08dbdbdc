"""The figure of the front page and the README."""

import pandas as pd
import xarray as xr

from ehbook.phase_map import PHASES
from tools import overview, run

FIGURE = run.ROOT / "book" / "_static" / "overview.svg"


def test_it_is_stored_small_and_shown_in_both_places():
    assert FIGURE.stat().st_size < 200_000
    assert "book/_static/overview.svg" in (run.ROOT / "README.md").read_text(encoding="utf-8")
    assert "_static/overview.svg" in (run.ROOT / "book" / "index.md").read_text(encoding="utf-8")


def test_it_is_drawn_from_the_data_of_the_pages(tmp_path):
    phases = xr.Dataset(
        {
            "phase": (("mass_ratio", "d", "density_ratio"), [[["EL-HC", "condensate"], ["EL-HC", "condensate"]]]),
            "margin": (("mass_ratio", "d", "density_ratio"), [[[1.0, 1.0], [1.0, 1.0]]]),
        },
        coords={"mass_ratio": [4.0], "d": [1.0, 3.0], "density_ratio": [0.1, 1.0]},
    )
    phases.to_netcdf(tmp_path / "phases-spacing.nc", engine="h5netcdf")
    cuts = {"cut_alpha": [0.3, 0.2], "cut_bcs": [10.0, 1.0], "cut_eliashberg": [0.2, 0.1]}
    cut = xr.Dataset({name: ("point", values) for name, values in cuts.items()})
    cut.to_netcdf(tmp_path / "beyond-summit.nc", engine="h5netcdf")
    pd.DataFrame(
        {"B (k_B T_c)": [0.0, 3.0], "eta (%), candidate": [0.5, 1.9], "eta (%), converged": [0.0, 0.03]}
    ).to_csv(tmp_path / "diode-candidate.csv", index=False)
    pd.DataFrame({"T (K)": [2, 2], "I (uA)": [-1.0, 1.0], "zeta": [0.0, -1.0]}).to_csv(
        tmp_path / "device-curve.csv", index=False
    )
    output = tmp_path / "overview.svg"
    overview.draw(tmp_path, output)
    text = output.read_text(encoding="utf-8")
    assert "candidate reading" in text and "converged" in text
    # Names with a rim are drawn as outlines, the rim in the phase's colour.
    drawn = {name for name, color in PHASES.items() if color.lower() in text}
    assert drawn == {"EL-HC", "condensate"}
