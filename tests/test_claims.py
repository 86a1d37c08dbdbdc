import pytest

from ehbilayer.claims import CLAIMS, VERDICTS, Verdict, verdict_rows


def test_claims_are_keyed_by_their_own_names_and_say_where_they_stand():
    assert all(key == claim.key for key, claim in CLAIMS.items())
    assert all(claim.place[:2] in ("A,", "B,") and claim.statement for claim in CLAIMS.values())


def test_rows_join_claim_and_verdict():
    row = verdict_rows([Verdict("hole-exchange", "0.004 ε_F", "reproduced", "small")])[0]
    assert row[0].startswith("A") and row[2] == "qualitative" and row[4] == "reproduced: small"


@pytest.mark.parametrize("key, verdict, name", [("no-such-claim", VERDICTS[0], "key"), ("hole-gap", "true", "verdict")])
def test_unknown_claims_and_verdicts_are_refused(key, verdict, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        Verdict(key, "1", verdict, "because")
