"""README's Python blocks run as scripts."""

import os
import re
import subprocess
import sys

import pytest
import xarray as xr

from tools import run

README = (run.ROOT / "README.md").read_text(encoding="utf-8")
# The others are parts of cells, for pages.
SCRIPTS = [block for block in re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S) if "from ehbilayer" in block]


def script(folder, block):
    """Run a block as a user would, with the first value only of every list of numbers."""
    (folder / "script.py").write_text(re.sub(r"\[([\d.]+)(, [\d.]+)+\]", r"[\1]", block))
    result = subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        env=os.environ | run.environment(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert result.returncode == 0 and not result.stderr, result.stderr
    return result.stdout


def test_there_are_scripts():
    assert len(SCRIPTS) >= 2 and [block for block in SCRIPTS if "sweep(" in block]


@pytest.mark.parametrize("block", SCRIPTS)
def test_a_block_runs_as_a_script(tmp_path, block):
    printed = script(tmp_path, block)
    assert bool(printed) == ("print(" in block)


def test_the_file_of_the_sweep_has_units(tmp_path):
    (block,) = [block for block in SCRIPTS if "sweep(" in block]
    script(tmp_path, block)
    with xr.open_dataset(tmp_path / "phases.nc") as ds:
        assert (ds.d.units, ds.r_s.units, ds.margin.units, ds.hole_gap.units) == ("a_h", "a_h", "Ha_h", "eps_F")
        assert ds.status.item() == "ok"
