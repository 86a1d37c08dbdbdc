"""Sweeps over what the paper leaves open: rows against single calls, and counts of a table made by hand."""

import math

import pandas as pd
import pytest

from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.paper_search import PRINTED, closest_sets, expansion_search, summarise

ROW = {"convention": "literal", "q0": 0.2, "J_plus": 0.1, "efficiency": 0.02, "one_band": True, "stable": True}
ROW |= {"converged": True, "lam": 2.0}


def test_rows_are_those_of_single_calls():
    table = expansion_search([11.6], [1.0, 2.0], [14.808])
    assert len(table) == 8
    for _, row in table.iterrows():
        given = {name: row[name] for name in ("convention", "coupling", "E_F", "lam", "J")}
        assert row["efficiency"] == diode(**given, B=3.0, T=0.9, plane=False).efficiency
    assert (table["eta (%)"] == 100 * table["efficiency"]).all()


def test_closest_sets_are_searched_for_in_every_reading():
    table = closest_sets([1.0], evaluations=4)
    assert len(table) == 4 and set(table["convention"]) == {"literal", "balanced"}
    assert (table["q0"] / PRINTED["q0"] - 1).abs().max() < 0.2


def test_sets_are_counted_by_what_holds_for_them():
    rows = [
        ROW,
        ROW | {"q0": -0.5, "efficiency": -0.03, "stable": False, "lam": 1.5},
        ROW | {"efficiency": 0.3, "one_band": False, "J_plus": 0.7},
        ROW | {"efficiency": math.nan, "q0": math.nan, "J_plus": math.nan},
        ROW | {"convention": "balanced", "efficiency": 0.001, "q0": 0.26, "converged": False},
    ]
    found = summarise(pd.DataFrame(rows))
    assert (found.count, found.failed, found.rough) == (5, 1, 1)
    assert (found.largest, found.current) == (0.03, 0.7)
    literal, balanced = found.by_convention["literal"], found.by_convention["balanced"]
    assert (literal.count, literal.near, literal.large, literal.stable) == (2, 0.02, 2, 1)
    assert (literal.lam, literal.q0) == (1.5, 0.2)
    assert (balanced.count, balanced.large) == (1, 0) and math.isnan(balanced.near) and math.isnan(balanced.lam)


def test_bad_input_is_named():
    with pytest.raises(TypeError, match="^table"):
        summarise([ROW])
    with pytest.raises((TypeError, ValueError), match="lam"):
        closest_sets(2.0)
