import pytest

from ehbook.claims import CLAIMS, Verdict, VerdictTable
from tools import claims_page, run


def verdict(key, **changes):
    judged = "erratum" if CLAIMS[key].printed else "reproduced"
    return Verdict(
        **{"key": key, "computed": "0.004 ε_F", "verdict": judged, "reason": "small", "evidence": "fig-one"} | changes
    )


def test_every_claim_fits_into_a_table():
    assert VerdictTable(map(verdict, CLAIMS)).markdown.count("\n") == len(CLAIMS) + 1


def test_stored_notebooks_judge_every_claim_once():
    assert list(claims_page.collect(run.ROOT / "book")) == list(CLAIMS)


def test_table_joins_claim_and_verdict():
    row = VerdictTable([verdict("hole-exchange")]).markdown.splitlines()[-1].strip("| ").split(" | ")
    assert row[0] == f"{{ref}}`{CLAIMS['hole-exchange'].place} <claim-hole-exchange>`"
    assert row[2:] == ["qualitative", r"0.004 $\varepsilon_{\mathrm{F}}$", "reproduced: small", "{numref}`fig-one`"]


def test_data_of_the_table_make_the_same_verdicts():
    verdicts = (verdict("hole-exchange"), verdict("hole-gap", verdict="sensitive"))
    bundle = VerdictTable(verdicts)._repr_mimebundle_()
    assert tuple(Verdict(**fields) for fields in bundle[VerdictTable.MIME_TYPE]) == verdicts


@pytest.mark.parametrize("field", ["computed", "reason", "evidence"])
def test_empty_texts_are_refused(field):
    with pytest.raises(ValueError, match=f"{'because' if field == 'reason' else field} = ''"):
        VerdictTable([verdict("hole-gap", **{field: ""})])


def test_a_claim_stands_once_in_a_table():
    with pytest.raises(ValueError, match="hole-gap"):
        VerdictTable([verdict("hole-gap"), verdict("hole-gap")])
