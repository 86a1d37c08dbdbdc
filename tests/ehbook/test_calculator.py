import json
import re
import shutil
import subprocess

import pytest

from ehbilayer.device import PRESETS
from ehbook.calculator import calculator_html
from ehbook.formulas import FORMULAS, INPUTS, evaluate

LISTED = {
    preset.name: {"m_e": preset.bilayer.m_e, "m_h": preset.bilayer.m_h, "d": preset.bilayer.d}
    for preset in PRESETS.values()
}


def html(**options):
    return calculator_html(**{"name": "calculator", "title": "Closed forms", "presets": LISTED, **options})


def content(text):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL).group(1))


def test_every_input_has_a_slider_and_a_number_with_labels():
    text = html()
    for name in INPUTS:
        assert f'<label for="eh-calculator-{name}">' in text
        assert re.search(rf'<input type="range" id="eh-calculator-{name}" ', text)
        assert re.search(rf'<input type="number" id="eh-calculator-{name}-number" aria-label="[^"]+"', text)
    for name, formula in FORMULAS.items():
        assert (f'id="eh-calculator-row-{name}"' in text) == bool(formula.label)


def test_nothing_comes_from_elsewhere_and_no_name_is_left():
    text = html()
    assert not re.search(r"src=|@import|url\(|https:|fetch\(|XMLHttp", text)
    assert not re.findall(r"@[A-Z]+@", text)
    # The namespace of SVG is a name, not an address.
    assert re.findall(r"http://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert "@media print" in text and "display:none" in text


def test_presets_and_start_are_those_given():
    found = content(html(start={"d": 5, "density": 1e11}))
    assert found["inputs"]["d"]["start"] == 5.0 and found["inputs"]["m_e"]["start"] == INPUTS["m_e"].start
    assert found["presets"]["GaAs/AlGaAs"] == {"m_e": 0.063, "m_h": 0.51, "d": 25.0}
    assert content(html(presets=None))["presets"] == {}


def test_presets_have_their_number_in_the_list():
    assert re.findall(r'<option value="([^"]+)">(\d) \1</option>', html()) == [
        (name, str(number)) for number, name in enumerate(LISTED, 1)
    ]


def test_text_cannot_leave_its_place():
    text = html(title="<i>", presets={"</script><b>": {"d": 1.0}})
    assert text.count("</script>") == 2 and "<i>" not in text.split("eh-key")[0] and "</script><b>" not in text


@pytest.fixture
def opened(tmp_path):
    """What a browser makes of an element at the end of an address."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("no Chromium")
    page = tmp_path / "page.html"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    options += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=3000", "--dump-dom"]

    def shown(text, end):
        page.write_text(f"<!doctype html><meta charset=utf-8>{text}", encoding="utf-8")
        command = [browser, *options, f"{page.as_uri()}#{end}"]
        return subprocess.run(command, capture_output=True, text=True, timeout=600).stdout

    return shown


def test_a_browser_shows_the_state_in_the_address(opened):
    page = opened(html(), "calculator.d=1.5&calculator.alpha=9&calculator.nothing=1&other.d=7")
    # What lies outside a range moves to its end; what is not an input, or another element's, is left alone.
    start = {name: item.start for name, item in INPUTS.items()} | {"d": 1.5, "alpha": INPUTS["alpha"].high}
    found = evaluate(start)
    shown = {
        name: re.search(rf'id="eh-calculator-row-{name}"><b>([^< ]*)', page).group(1)
        for name in ("beta", "repulsion", "attraction", "T_D", "capacitance")
    }
    assert {name: float(text) for name, text in shown.items()} == pytest.approx(
        {name: found[name] for name in shown}, rel=6e-3
    )


def test_a_browser_marks_presets_on_the_map_and_tells_those_of_other_parameters(opened):
    here = {"m_e": 0.1, "m_h": 1.0, "eps_r": 5.0, "density": 1.776e12, "d": 2.65}
    listed = {"same": here, "heavier": here | {"m_h": 2.0, "d": 20.0}, "outside": here | {"density": 4e15}}
    page = opened(html(presets=listed), "")
    marks = re.findall(r'<circle r="7.5"[^>]*stroke-dasharray="([^"]*)"[^>]*><title>([^<]*)</title>', page)
    assert marks == [("none", "same"), ("3 2", "heavier")]
    assert re.findall(r'<text x="[\d.]+" y="[\d.]+"[^>]*pointer-events="none">(\d)</text>', page) == ["1", "2"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a b"}, "name = 'a b' is not allowed"),
        ({"start": {"mass": 1.0}}, "input = 'mass' is not allowed"),
        ({"start": {"d": 1e4}}, "d = 10000.0 is not allowed"),
        ({"presets": {"x": {"tau_D": 1.0}}}, "input = 'tau_D' is not allowed"),
    ],
)
def test_wrong_arguments_cost_one_line(options, message):
    with pytest.raises(ValueError, match=message):
        html(**options)
