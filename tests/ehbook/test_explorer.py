import json
import math
import re

import numpy as np
import pytest
import xarray as xr

from ehbook.explorer import explorer_html


def dataset():
    return xr.Dataset(
        {
            "phase": (("n", "d"), [["liquid", "EL-HC", ""], ["liquid", "condensate", "condensate"]]),
            "T_c": (("n", "d"), [[1.23456, math.nan, 0.0], [2.0, 3.0, 4.0]]),
            "T_c_flags": (("n", "d"), [["", "cold", ""], ["mott cold", "", ""]]),
            "zeta": (("d", "n", "T"), np.arange(12.0).reshape(3, 2, 2)),
        },
        {"n": [1e11, 2e11], "d": [1.0, 2.0, 3.0], "T": [4.0, 8.0]},
    )


AXES = {"n": ("density", "cm⁻²"), "d": ("spacing", "nm"), "T": ("temperature", "K")}
ROWS = {"phase": ("phase", ""), "T_c": ("transition", "K"), "zeta": ("drag ratio", "")}


def html(**options):
    options = {"name": "demo", "title": "Demo", "axes": AXES, "rows": ROWS, **options}
    return explorer_html(dataset(), **options)


def content(text):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL).group(1))


def test_every_value_is_there_and_missing_ones_are_null():
    found = content(html(notes={"cold": "cold note", "mott": "mott note"}))
    phase, T_c, zeta = found["rows"]
    assert phase["values"] == ["liquid", "EL-HC", None, "liquid", "condensate", "condensate"]
    assert T_c["values"] == [1.235, None, 0.0, 2.0, 3.0, 4.0] and T_c["dims"] == ["n", "d"]
    assert T_c["notes"] == [[], [0], [], [1, 0], [], []] and found["notes"] == ["cold note", "mott note"]
    assert zeta["dims"] == ["d", "n", "T"] and zeta["values"] == list(range(12))
    assert found["axes"][0] == {"name": "n", "unit": "cm⁻²", "values": [1e11, 2e11]}


def test_sliders_are_labelled_and_nothing_comes_from_elsewhere():
    text = html(map_of="phase", start={"n": 1})
    for axis in AXES:
        assert f'<label for="eh-demo-{axis}">' in text and f'id="eh-demo-{axis}"' in text
    assert re.search(r'id="eh-demo-n" min="0" max="1" step="1" value="1"', text)
    assert not re.search(r"https?://|src=|@import|url\(", text)
    assert 'aria-live="polite"' in text and '<th scope="row">' in text and "@media print" in text
    assert text.count("<rect") == 6 + 1 and 'role="img" aria-label=' in text
    assert 'fill="#123456"' in html(map_of="phase", colors={"liquid": "#123456"})
    geometry = content(text)["map"]
    assert geometry["dims"] == ["n", "d"] and geometry["w"] == 210


def test_text_cannot_leave_its_place():
    data = dataset().assign(phase=(("n", "d"), [["</script><b>", "x", "y"]] * 2))
    text = explorer_html(data, name="demo", title="<i>", axes=AXES, rows={"phase": ("a & b", "")}, map_of="phase")
    assert (
        text.count("</script>") == 2 and "<b>" not in text.replace("<b ", "") and "<i>" not in text.split("eh-key")[0]
    )
    assert "a &amp; b" in text and content(text)["rows"][0]["values"][0] == "</script><b>"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a b"}, "name = 'a b' is not allowed"),
        ({"axes": {"B": ("field", "T")}}, "axes = 'B' is not allowed"),
        ({"rows": {"T_BKT": ("x", "K")}}, "rows = 'T_BKT' is not allowed"),
        ({"axes": {"n": ("density", "cm⁻²")}}, "dimension of phase = 'd' is not allowed"),
        ({"map_of": "nothing"}, "map_of = 'nothing' is not allowed"),
        ({"start": {"n": 2}}, "is not allowed: need an integer"),
        ({"map_of": "phase", "colors": {"liquid": '"><b>'}}, "colors = '\"><b>' is not allowed"),
    ],
)
def test_wrong_names_cost_one_line(options, message):
    with pytest.raises(ValueError, match=message):
        html(**options)


def test_data_must_be_a_dataset():
    with pytest.raises(TypeError, match="need an xarray Dataset"):
        explorer_html({}, name="demo", title="", axes=AXES, rows=ROWS)
