import json
import re
from dataclasses import replace

import nbformat
import pytest
import xarray as xr

from ehbilayer.device import PRESETS, Bilayer, answer
from ehbook.device_cards import device_calculator, device_explorer, save_answers
from ehbook.formulas import INPUTS, evaluate
from tools import run

UNIAXIAL = Bilayer(
    m_e=0.8, m_h=60.0, eps_parallel=6.9, eps_perp=3.4, d=2.7, density=5e11, T=4.0, mobility=1e4, tesla_in_plane=30.0
)


def content(html):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html.data, re.DOTALL).group(1))


def test_calculator_begins_at_the_bilayer_and_stays_within_its_ranges():
    found = content(device_calculator(UNIAXIAL))
    start = {name: item["start"] for name, item in found["inputs"].items()}
    assert start["m_h"] == INPUTS["m_h"].high and start["field"] == pytest.approx(30.0)
    assert start["alpha"] == INPUTS["alpha"].start
    # An isotropic dielectric with the same interaction has the same capacitance too.
    gap, across = 2.7, 3.4
    assert evaluate(start)["capacitance"] == pytest.approx(8.854187817e-12 * 1e14 * across / gap, rel=1e-5)
    assert set(found["presets"]) == {preset.name for preset in PRESETS.values()}
    assert found["presets"]["paper A"]["alpha"] == 0.3 and "alpha" not in found["presets"]["paper B"]


def test_explorer_begins_at_the_nearest_point_with_notes_and_units():
    data = xr.Dataset(
        {
            "phase": (("density", "d"), [["liquid", "EL-HC"], ["condensate", ""]]),
            "phase_flags": (("density", "d"), [["", "correlated"], ["thermal", "failed"]]),
            "T_bkt": (("density", "d"), [[1.0, 2.0], [3.0, 4.0]]),
            "T_bkt_flags": (("density", "d"), [[""] * 2] * 2),
        },
        {"density": [1e11, 2e11], "d": [1.0, 2.0]},
    )
    html = device_explorer(
        data, ["phase", "T_bkt"], name="x", title="X", start={"density": 1.9e11, "d": 1.1, "T": 4.0}, map_of="phase"
    )
    assert re.search(r'id="eh-x-density" min="0" max="1" step="1" value="1"', html.data)
    assert re.search(r'id="eh-x-d" min="0" max="1" step="1" value="0"', html.data)
    found = content(html)
    assert [row["unit"] for row in found["rows"]] == ["", "K"]
    assert [len(notes) for notes in found["rows"][0]["notes"]] == [0, 1, 1, 1]
    with pytest.raises(ValueError, match="shown"):
        device_explorer(data, ["T_Bkt"], name="x", title="X", start={})


def test_answers_are_saved_in_both_formats(tmp_path, monkeypatch):
    monkeypatch.setenv("EHBILAYER_FIGURES", str(tmp_path / "new"))
    save_answers(answer(UNIAXIAL, parts=("drag",)), "mine")
    assert json.loads((tmp_path / "new" / "mine.json").read_text(encoding="utf-8"))["parameters"]["d"]["unit"] == "nm"
    assert (tmp_path / "new" / "mine.csv").read_text(encoding="utf-8").startswith("name,value,unit")


def page_cells():
    """Code of the device's page."""
    cells = nbformat.read(run.ROOT / "book" / "40-your-device.ipynb", as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def test_the_page_begins_with_the_preset_of_its_device_and_has_it_among_the_sliders_points():
    page = {}
    for source in page_cells()[:2]:  # parameters and checks
        exec(source, page)
    bilayer, preset = page["bilayer"], PRESETS["paper-b"].bilayer
    # The page computes the pairing temperature and rounds the density.
    assert replace(bilayer, T_c=preset.T_c, density=preset.density) == preset
    assert bilayer.density == pytest.approx(preset.density, rel=1e-3)
    (sliders,) = [source for source in page_cells() if "{*densities" in source]
    exec(sliders.partition("own =")[0], page)
    for axis, own in {"densities": bilayer.carriers, "spacings": bilayer.d, "temperatures": bilayer.T}.items():
        assert own in page[axis] and sorted(page[axis]) == page[axis]
