from ehbilayer.drag.printed import NAMES
from ehbook.drag_algebra import second_order
from ehbook.drag_tables import algebra_rows, coefficient_rows, misprint_rows


def test_every_step_of_the_algebra_leaves_nothing_once_corrected():
    rows = algebra_rows()
    assert {row["corrected"] for row in rows} == {"$0$"}
    printed = {row["Eq."]: row["printed"] for row in rows if row["printed"]}
    assert set(printed) == {"34", "47", "50"} and "$0$" not in printed.values()
    assert str(len(second_order()["12"].printed.free_symbols)) == "8" and "g_{1'}" in printed["47"]


def test_rows_keep_names_and_values_together():
    values = {name: (number + 1) * 1e-6 for number, name in enumerate(NAMES)}
    rows = misprint_rows(values, {name: -value for name, value in values.items()})
    assert [row["as printed"][0] for row in rows] == list("12345")
    assert all(row["corrected"] == "−" + row["as printed"] for row in rows)
    (raw, expanded) = coefficient_rows({"a": values}, {"a": values}, {"a": "form"})
    assert raw["distribution"] == "form, raw" and list(raw.values())[1:] == list(expanded.values())[1:]
    assert [text[0] for text in list(raw.values())[1:]] == list("12345")
