import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehbook import verdicts
from ehbook.claim_data import Claim
from ehbook.verdicts import NOT_JUDGED, VERDICTS, Verdict, judge

REPRODUCED, CONDITIONAL, SENSITIVE, NOT_REPRODUCED, ERRATUM = VERDICTS
KINDS = {
    "number": dict(value="10 K", number=10.0, tolerance=0.5, unit="K", at={"d": 1.0}),
    "least": dict(value="above 2", number=2.0, relation="at least"),
    "most": dict(criterion="below a tenth", number=0.1, relation="at most"),
    "statement": dict(criterion="it is true"),
    "sign": dict(erratum="sign", printed="-x", corrected="x"),
    "letter": dict(erratum="typo", printed="h", corrected="B"),
}


@pytest.fixture(autouse=True)
def claims(monkeypatch):
    made = {key: Claim(key, "A, Fig. 1", "a statement", "detail", **kind) for key, kind in KINDS.items()}
    monkeypatch.setattr(verdicts, "CLAIMS", made)


@pytest.mark.parametrize(
    ("key", "value", "error", "verdict"),
    [
        ("number", 10.0, 0.0, REPRODUCED),
        ("number", 10.5, 0.0, REPRODUCED),
        ("number", 9.5, 0.0, REPRODUCED),
        ("number", 10.51, 0.0, NOT_REPRODUCED),
        ("number", 10.51, 0.02, REPRODUCED),
        ("number", -10.0, 0.0, NOT_REPRODUCED),
        ("number", [9.9, 10.2], 0.0, REPRODUCED),
        ("number", [9.9, 11.0], 0.0, SENSITIVE),
        ("number", [8.0, 12.0], 0.0, SENSITIVE),
        ("number", [11.0, 12.0], 0.0, NOT_REPRODUCED),
        ("number", {"narrow": 8.0, "wide": 9.0}, 0.0, NOT_REPRODUCED),
        ("number", {"narrow": 8.0, "wide": 9.0}, 0.5, SENSITIVE),
        ("number", np.array([8.0, 12.0]), 0.0, SENSITIVE),
        ("least", 2.0, 0.0, REPRODUCED),
        ("least", 1.9, 0.0, NOT_REPRODUCED),
        ("least", 1.9, 0.1, REPRODUCED),
        ("least", 100, 0.0, REPRODUCED),
        ("least", [1.0, 3.0], 0.0, SENSITIVE),
        ("most", 0.1, 0.0, REPRODUCED),
        ("most", -7.0, 0.0, REPRODUCED),
        ("most", 0.11, 0.0, NOT_REPRODUCED),
        ("most", {"mean": 0.01, "largest": 0.2}, 0.0, SENSITIVE),
        ("statement", True, 0.0, REPRODUCED),
        ("statement", np.True_, 0.0, REPRODUCED),
        ("statement", False, 0.0, NOT_REPRODUCED),
        ("statement", {"one reading": True, "another": False}, 0.0, SENSITIVE),
        ("statement", [False, False], 0.0, NOT_REPRODUCED),
        ("sign", {"printed": False, "corrected": True}, 0.0, ERRATUM),
        ("sign", {"printed": True, "corrected": False}, 0.0, REPRODUCED),
        ("sign", {"printed": True, "corrected": True}, 0.0, REPRODUCED),
        ("sign", {"printed": False, "corrected": False}, 0.0, NOT_REPRODUCED),
        ("letter", None, 0.0, ERRATUM),
        ("letter", {"printed": True, "corrected": False}, 0.0, REPRODUCED),
    ],
)
def test_the_value_decides(key, value, error, verdict):
    assert judge(key, value, error).verdict == str(judge(key, value, error)) == verdict


def test_a_condition_counts_only_for_what_agrees():
    met = judge("number", 10.2, condition="with α as an input", reason="as printed")
    assert (met.verdict, met.because) == (CONDITIONAL, "with α as an input; as printed")
    missed = judge("number", 12.0, condition="with α as an input", reason="as printed")
    assert (missed.verdict, missed.because, missed.condition) == (NOT_REPRODUCED, "as printed", "")
    assert judge("statement", [True, False], condition="at small d").verdict == SENSITIVE
    assert judge("sign", {"printed": False, "corrected": True}, condition="at small d").verdict == ERRATUM


@given(st.floats(-1e6, 1e6), st.floats(0.01, 100).filter(lambda d: abs(d - 1) > 1e-6))
def test_off_the_parameters_nothing_is_judged(value, d):
    off = judge("number", value, at={"d": d}, condition="c", reason="the value is too low")
    assert off.verdict == NOT_JUDGED and off.because == "the claim is about d = 1"
    assert judge("number", value, at={"d": 1, "more": 3.0}).verdict != NOT_JUDGED


def test_an_error_in_the_call_is_found_off_the_parameters_too():
    with pytest.raises(TypeError, match="number"):
        judge("number", True, at={"d": 3.0})


values = st.floats(-1e3, 1e3)
errors = st.floats(0, 10)


@given(values, errors)
def test_a_number_agrees_just_within_error_and_tolerance(value, error):
    expected = abs(value - 10) <= 0.5 + error
    if abs(abs(value - 10) - 0.5 - error) > 1e-9:
        assert (judge("number", value, error).verdict == REPRODUCED) is expected


@given(values, errors)
def test_deviations_of_either_sign_count_alike(off, error):
    assert judge("number", 10 + off, error).verdict == judge("number", 10 - off, error).verdict


@given(st.lists(values, min_size=1, max_size=6), errors)
def test_order_and_repetition_of_choices_do_not_matter(choices, error):
    verdict = judge("number", choices, error).verdict
    assert verdict == judge("number", choices[::-1] + choices, error).verdict
    assert len(choices) > 1 or verdict == judge("number", choices[0], error).verdict


@given(st.lists(values, min_size=1, max_size=6), values, errors)
def test_a_further_choice_never_settles_a_sensitive_claim(choices, more, error):
    if judge("number", choices, error).verdict == SENSITIVE:
        assert judge("number", [*choices, more], error).verdict == SENSITIVE


@given(st.lists(values, min_size=1, max_size=6), errors, errors)
def test_a_larger_error_never_refutes(choices, error, more):
    ranks = [NOT_REPRODUCED, SENSITIVE, REPRODUCED]
    small, large = (judge("number", choices, size).verdict for size in (error, error + more))
    assert ranks.index(large) >= ranks.index(small)


@given(values)
def test_bounds_are_opposite(value):
    verdict = {judge(key, value).verdict for key in ("least", "most")}
    assert (verdict == {NOT_REPRODUCED}) is (0.1 < value < 2.0) or min(abs(value - 0.1), abs(value - 2)) < 1e-9


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_booleans_turned_round_turn_the_verdict(holds):
    turn = {REPRODUCED: NOT_REPRODUCED, NOT_REPRODUCED: REPRODUCED, SENSITIVE: SENSITIVE}
    assert judge("statement", [not x for x in holds]).verdict == turn[judge("statement", holds).verdict]


@pytest.mark.parametrize(
    ("key", "value", "error", "kind", "name"),
    [
        ("unknown", 1.0, 0.0, ValueError, "claim"),
        ("number", None, 0.0, ValueError, "value"),
        ("number", [], 0.0, ValueError, "value"),
        ("number", float("nan"), 0.0, ValueError, "value"),
        ("number", [1.0, float("inf")], 0.0, ValueError, "value"),
        ("number", True, 0.0, TypeError, "need a number"),
        ("number", 1.0, -1.0, ValueError, "error"),
        ("number", 1.0, float("nan"), ValueError, "error"),
        ("statement", 1.0, 0.0, TypeError, "need a boolean"),
        ("statement", None, 0.0, ValueError, "value"),
        ("sign", True, 0.0, ValueError, "'printed' and the 'corrected'"),
        ("sign", None, 0.0, ValueError, "value"),
        ("sign", {"printed": False}, 0.0, ValueError, "'printed' and the 'corrected'"),
    ],
)
def test_what_decides_nothing_is_refused(key, value, error, kind, name):
    with pytest.raises(kind, match=name):
        judge(key, value, error)


def test_the_text_is_made_from_value_and_error():
    assert judge("number", 10.06, 0.04).computed == "10.06 ± 0.04 K"
    assert judge("number", [8.0, 12.0]).computed == "8 to 12 K"
    assert judge("statement", {"a": True, "b": False}).computed == "a: true, b: false"
    assert judge("statement", True).computed == "true"
    assert judge("letter").computed == "by reading"
    assert judge("number", 10.06, computed="10 K").computed == "10 K"


def test_a_verdict_keeps_what_it_rests_on():
    made = judge("number", {"a": np.float64(9.8)}, 0.1, {"d": np.float64(1.0), "more": 2})
    assert (made.values, made.error, made.at) == ({"a": 9.8}, 0.1, {"d": 1.0})
    assert Verdict(**dataclasses.asdict(made)) == made


def test_only_errata_have_a_corrected_form():
    with pytest.raises(ValueError, match="verdict = 'erratum'"):
        Verdict("number", "1", ERRATUM)
    with pytest.raises(ValueError, match="verdict = 'true'"):
        Verdict("number", "1", "true")


def test_what_is_stored_promises_no_digit_that_another_machine_would_change():
    noise = judge("most", {"a": -3.1e-16, "b": 0.0123456789}, 2.7e-17)
    assert noise.stored()["values"] == {"a": 0.0, "b": 0.012}
    assert str(noise.stored()["values"]["a"]) == "0.0"
    stored = judge("number", 10.06123, 0.0123).stored()
    assert stored["values"] == {"": 10.06} and stored["error"] == 0.01
    assert judge("statement", {"a": True}).stored()["values"] == {"a": True}


@pytest.mark.parametrize("key", ["number", "most"])
def test_an_error_is_stored_as_zero_only_where_there_is_none(key):
    assert judge(key, 1.0).stored()["error"] == 0.0
    least = judge(key, 1.0, 2.7e-17).stored()["error"]
    assert 0.0 < least <= 1e-4 * abs(verdicts.CLAIMS[key].number)
    assert judge(key, 1.0, 3e-10).stored()["error"] == least
