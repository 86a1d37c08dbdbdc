import json
import re
from importlib.resources import files

import pytest

from ehbook.claim_data import CLAIMS, Claim

GOOD = dict(key="a", place="A, Fig. 1", statement="a statement", importance="detail", criterion="it is true")


def test_every_key_stands_once_in_the_file():
    keys = [claim["key"] for claim in json.loads(files("ehbook").joinpath("claims.json").read_text(encoding="utf-8"))]
    assert len(keys) == len(set(keys)) and keys == list(CLAIMS)


def test_every_claim_says_where_it_stands():
    assert all(re.match(r"[AB], \S", claim.place) for claim in CLAIMS.values())


def test_a_number_is_the_one_that_the_shown_value_has():
    for claim in CLAIMS.values():
        if claim.number is None or claim.criterion or not claim.value:
            continue
        shown = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", claim.value.replace("−", "-"))]
        formula = claim.key in ("alpha-uniform", "drag-galilean", "drag-times-equal")
        scale = 1000 if claim.value == "1 mA" else 1
        assert formula or any(claim.number == pytest.approx(scale * x) for x in shown), claim.key


def test_the_headlines_are_few_and_in_both_papers():
    places = [claim.place[0] for claim in CLAIMS.values() if claim.importance == "headline"]
    assert 10 <= len(places) <= 20 and set(places) == {"A", "B"}


@pytest.mark.parametrize(
    ("changes", "error", "name"),
    [
        ({"importance": "great"}, ValueError, "importance"),
        ({"importance": ""}, ValueError, "importance"),
        ({"place": ""}, ValueError, "place"),
        ({"statement": 3}, TypeError, "statement"),
        ({"value": "1 K", "number": "1"}, TypeError, "number"),
        ({"value": "1 K", "number": float("nan")}, ValueError, "number"),
        ({"value": "1 K", "number": 1.0, "tolerance": -0.1}, ValueError, "tolerance"),
        ({"value": "1 K", "number": 1.0, "relation": "about"}, ValueError, "relation"),
        ({"number": 1.0, "criterion": ""}, ValueError, "number"),
        ({"criterion": ""}, ValueError, "criterion"),
        ({"tolerance": 0.1}, ValueError, "number"),
        ({"unit": "K"}, ValueError, "number"),
        ({"exact": "by definition"}, ValueError, "exact"),
        ({"value": "1 K", "number": 1.0, "exact": True}, TypeError, "exact"),
        ({"at": [1.0]}, TypeError, "at"),
        ({"at": {"d": None}}, TypeError, "d"),
        ({"printed": "x"}, ValueError, "corrected"),
        ({"printed": "x", "corrected": "y"}, ValueError, "corrected"),
        ({"erratum": "sign"}, ValueError, "corrected"),
        ({"printed": "x", "corrected": "y", "erratum": "error"}, ValueError, "erratum"),
        ({"printed": "x", "corrected": "y", "erratum": "sign", "value": "1", "number": 1.0}, ValueError, "number"),
    ],
)
def test_what_the_file_must_not_hold_is_refused(changes, error, name):
    Claim(**GOOD)
    with pytest.raises(error, match=name):
        Claim(**GOOD | changes)


def test_no_other_field_is_allowed():
    with pytest.raises(TypeError, match="verdict"):
        Claim(**GOOD, verdict="reproduced")


def test_parameters_decide_what_a_claim_is_about():
    claim = Claim(**GOOD, at={"d": 1, "convention": "literal"})
    assert claim.holds_at({}) and claim.holds_at({"d": 1.0, "other": 3}) and claim.holds_at({"convention": "literal"})
    assert not claim.holds_at({"d": 1.01}) and not claim.holds_at({"d": 1.0, "convention": "balanced"})
    assert not claim.holds_at({"d": "1"})
    assert claim.where == "d = 1, convention = literal"
