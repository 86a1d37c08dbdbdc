import numpy as np
import pytest

from ehbilayer.drag import drag_coefficients
from ehbilayer.drag.gallium_arsenide import DoubleLayer
from ehbilayer.drag.printed import NAMES
from ehbilayer.formatting import scientific
from ehbook.drag_algebra import second_order
from ehbook.drag_tables import algebra_rows, coefficient_rows, errata_rows, layer_rows, published_rows, time_rows


def test_every_step_of_the_algebra_leaves_nothing_once_corrected():
    rows = algebra_rows()
    assert {row["corrected"] for row in rows} == {"$0$"}
    printed = {row["Eq."]: row["printed"] for row in rows if row["printed"]}
    assert set(printed) == {"34", "47", "50"} and "$0$" not in printed.values()
    assert str(len(second_order()["12"].printed.free_symbols)) == "8" and "g_{1'}" in printed["47"]


def test_rows_keep_names_and_values_together():
    values = {name: (number + 1) * 1e-6 for number, name in enumerate(NAMES)}
    rows = errata_rows(values, {name: -value for name, value in values.items()})
    assert [row["as printed"][0] for row in rows] == list("12345")
    assert all(row["corrected"] == "−" + row["as printed"] for row in rows)
    (raw, expanded) = coefficient_rows({"a": values}, {"a": values}, {"a": "form"})
    assert list(raw.values())[:2] == ["form", "integral"] and list(expanded.values())[:2] == ["", "expansion"]
    assert list(raw.values())[2:] == list(expanded.values())[2:]
    assert [text[2] for text in list(raw.values())[2:]] == list("12345")


def test_rows_of_layers_show_what_they_hold():
    c = drag_coefficients(T=40, order=4, angles=4, estimate_error=False)
    (row,) = layer_rows({"one": c}, 1e-9)
    wanted = [1e9 * c.tau_D1, 1e9 * c.tau_D2, 1e5 * c.K11, 1e5 * c.K12, 1e5 * c.K22, 100 * c.drag_ratio(1e-9)]
    wanted.append(100 * c.nonreciprocity(1e-9))
    found = [float(text.replace("−", "-")) for text in list(row.values())[1:]]
    assert found == pytest.approx(wanted, rel=1e-3, abs=6e-2) and row["variant"] == "one"
    far = drag_coefficients(T=40, d=30, order=4, angles=4, estimate_error=False)
    (row,) = time_rows({("a", 30.0): far, ("a", 20.0): c}, {"a": "label"}, 1e-9)
    assert list(row)[:3] == ["interaction", "20 nm (s)", "30 nm (s)"] and "30 nm" in list(row)[3]
    assert row["20 nm (s)"] == scientific(c.tau_D1, 3) and row["interaction"] == "label"
    assert float(list(row.values())[3].removesuffix(" %")) == pytest.approx(100 * abs(far.drag_ratio(1e-9)), abs=6e-3)


def test_rows_of_published_work_cite_each_source():
    found = DoubleLayer(
        places=np.array([0.1, 0.2, 0.5]),
        over_T2={"dynamic-rpa": np.array([1.0, 1.2, 3.0])},
        ratios=np.array([0.5, 1.0, 2.0]),
        warmth=np.array([0.5]),
        unequal=np.array([[0.9, 1.0, 0.7]]),
        exponent=0.77,
        gains=[2.0, 3.0],
    )
    rows = published_rows(found, 0.118)
    assert [row["here"].split(" $")[0] for row in rows[:5]] == ["0.118", "lowest at 0.1", "0.5", "1", "0.77"]
    assert "2.0" in rows[5]["here"] and "3.0" in rows[5]["here"]
    assert all("{cite}" in row["published"] for row in rows)
