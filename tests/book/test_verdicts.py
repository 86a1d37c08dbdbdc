"""Verdicts of the pages are computed by `judge`, from values that their outputs hold too."""

import ast
import json
import re

import pytest

from ehbook.claims import CLAIMS, VERDICTS, Verdict, VerdictTable, judge
from tools import claims_page, refresh

PAGES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in refresh.find()}
JUDGED = [
    pytest.param(verdict, id=f"{name}: {verdict.key}")
    for name, page in PAGES.items()
    for verdict in claims_page.verdicts_of(page)
]


def code(page):
    return [ast.parse("".join(cell["source"])) for cell in page["cells"] if cell["cell_type"] == "code"]


def texts(node):
    return [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def lines_of_prose(page):
    return "\n".join("".join(cell["source"]) for cell in page["cells"] if cell["cell_type"] == "markdown").splitlines()


def calls(node, name):
    return [part for part in ast.walk(node) if isinstance(part, ast.Call) and getattr(part.func, "id", "") == name]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_verdict_is_typed(name):
    # "erratum" heads a column of a table, too. No prose outside tables needs the other words.
    words = re.compile("|".join(rf"\b{word}\b" for word in VERDICTS if word != "erratum"))
    prose = [line for line in lines_of_prose(PAGES[name]) if not line.startswith("|")]
    said = [text for cell in code(PAGES[name]) for text in texts(cell)]
    typed = [text for text in (*said, *prose) if words.search(text)]
    made = [call for cell in code(PAGES[name]) for call in calls(cell, "Verdict")]
    assert not typed and not made


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_verdict_of_a_page_is_judged(name):
    judged = [ast.literal_eval(call.args[0]) for cell in code(PAGES[name]) for call in calls(cell, "judge")]
    assert judged == [verdict.key for verdict in claims_page.verdicts_of(PAGES[name])]


@pytest.mark.parametrize("verdict", JUDGED)
def test_a_stored_verdict_follows_from_the_stored_value(verdict):
    claim = CLAIMS[verdict.key]
    value = dict(verdict.values) if verdict.values else None
    again = judge(verdict.key, value, verdict.error, verdict.at, condition=verdict.condition)
    assert again.verdict == verdict.verdict
    assert set(verdict.at) == set(claim.at), "the page says at which of the claim's parameters its value holds"
    assert claim.erratum == "typo" or value


def test_every_number_has_an_error_or_several_admissible_values():
    judged = [parameter.values[0] for parameter in JUDGED]
    bare = {
        v.key for v in judged if CLAIMS[v.key].number is not None and not v.error and len(set(v.values.values())) < 2
    }
    exact = {key for key, claim in CLAIMS.items() if claim.exact}
    assert bare == exact, f"without: {sorted(bare - exact)}; exact, but with an error: {sorted(exact - bare)}"


@pytest.mark.parametrize("verdict", JUDGED)
def test_a_verdict_is_lost_off_the_parameters(verdict):
    for name, wanted in verdict.at.items():
        off = judge(verdict.key, dict(verdict.values), verdict.error, {**verdict.at, name: 2 * wanted})
        assert off.verdict not in VERDICTS and off.reason == f"the claim is about {CLAIMS[verdict.key].where}"


def value_of(claim, agrees):
    """A value with which a claim holds, or does not."""
    if claim.number is None:
        return agrees
    off = 10 * (claim.tolerance or abs(claim.number) or 1.0)
    return claim.number + (0.0 if agrees else -off if claim.relation == "at least" else off)


@pytest.mark.parametrize("verdict", [p for p in JUDGED if not CLAIMS[p.values[0].key].erratum])
def test_other_values_flip_a_verdict(verdict):
    claim = CLAIMS[verdict.key]

    def again(*agreeing):
        values = {str(n): value_of(claim, agrees) for n, agrees in enumerate(agreeing)}
        return judge(verdict.key, values, at=verdict.at, condition=verdict.condition).verdict

    reproduced, conditional, sensitive, not_reproduced, _ = VERDICTS
    off = verdict.verdict not in VERDICTS
    assert off or again(True) == (conditional if verdict.condition else reproduced)
    assert off or again(False) == again(False, False) == not_reproduced
    assert off or again(True, False) == sensitive


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_stored_table_is_that_of_the_stored_verdicts(name):
    shown = [
        ("".join(output["data"]["text/markdown"]), output["data"][VerdictTable.MIME_TYPE])
        for cell in PAGES[name]["cells"]
        for output in cell.get("outputs", ())
        if VerdictTable.MIME_TYPE in output.get("data", {})
    ]
    tables = [VerdictTable([Verdict(**fields) for fields in verdicts]).markdown for _, verdicts in shown]
    assert [text for text, _ in shown] == tables
