"""Sweeps over what the paper leaves open: rows against single calls, and counts of a table made by hand."""

import math

import pandas as pd
import pytest

from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.paper_search import closest_sets, expansion_search, one_band_diode, summarise

ROW = {"convention": "literal", "q0": 0.2, "q0_y": 0.0, "J_plus": 0.1, "J_minus": -0.08, "efficiency": 0.02}
ROW |= {"one_band": True, "stable": True, "valid": True, "converged": True, "lam": 2.0}


def test_rows_are_those_of_single_calls():
    table = expansion_search([11.6], [1.0, 2.0], [14.808])
    assert len(table) == 8
    for _, row in table.iterrows():
        given = {name: row[name] for name in ("convention", "coupling", "E_F", "lam", "J")}
        expected = diode(**given, B=3.0, T=0.9)
        assert row["efficiency"] == pytest.approx(expected.efficiency, abs=1e-8)
        assert row["q0"] == pytest.approx(expected.q0, abs=1e-8) and row["stable"]
    assert (table["eta (%)"] == 100 * table["efficiency"]).all()


def test_a_second_band_is_not_computed():
    assert one_band_diode(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9)["efficiency"] is not None
    found = one_band_diode(E_F=20.0, lam=3.0, J=4.0, B=3.0, T=0.9, convention="literal", coupling="zero-field")
    assert not found["one_band"] and found["efficiency"] is None and found["converged"]


def test_the_ground_state_of_a_set_may_be_off_the_axis():
    given = dict(E_F=12.0, lam=2.0, J=8.0, B=3.0, T=0.9, convention="literal")
    found = one_band_diode(**given)
    assert found["stable"] and found["q0_y"] > 0.5 and found["efficiency"] < -0.3
    assert not diode(**given, plane=False).stable


def test_sets_are_counted_by_what_holds_for_them():
    rows = [
        ROW,
        ROW | {"q0": 0.21, "q0_y": 0.7, "efficiency": -0.3, "lam": 1.5, "J_minus": -0.2},
        ROW | {"efficiency": math.nan, "one_band": False, "J_plus": math.nan},
        ROW | {"efficiency": math.nan, "q0": math.nan, "J_plus": math.nan, "J_minus": math.nan},
        ROW | {"efficiency": 0.5, "J_plus": 0.7, "valid": False, "stable": False},
        ROW | {"convention": "balanced", "efficiency": 0.001, "q0": 0.26, "converged": False},
    ]
    found = summarise(pd.DataFrame(rows))
    counts = (found.count, found.second, found.failed, found.invalid, found.rough, found.unstable)
    assert counts == (6, 1, 1, 1, 1, 1)
    assert (found.largest, found.current) == (0.3, 0.7)
    literal, balanced = found.by_convention["literal"], found.by_convention["balanced"]
    assert (literal.count, literal.near, literal.near_current) == (2, 0.02, 0.1)
    assert (literal.large, literal.off_axis, literal.lam, literal.axis) == (2, 1, 1.5, 0.02)
    assert (balanced.count, balanced.large, balanced.axis) == (1, 0, 0.001)
    assert math.isnan(balanced.near) and math.isnan(balanced.lam)


def test_bad_input_is_named():
    with pytest.raises(TypeError, match="^table"):
        summarise([ROW])
    with pytest.raises((TypeError, ValueError), match="lam"):
        closest_sets(2.0)
