import csv
import json

import pytest

from ehbook.claims import CLAIMS, Verdict, VerdictTable
from tools import claims_page


def verdict_of(claim, **changes):
    judged = "misprint" if claim.printed else "reproduced"
    fields = {"key": claim.key, "computed": "1.2", "verdict": judged, "reason": "as shown", "evidence": "fig-one"}
    return Verdict(**fields | changes)


def store(path, verdicts):
    """A notebook with one executed cell that ends on the verdicts."""
    cells = [
        {"source": "text"},
        {"outputs": [{"text": "no data"}, {"data": VerdictTable(verdicts)._repr_mimebundle_()}]},
    ]
    path.write_text(json.dumps({"cells": cells}))


@pytest.fixture
def executed(tmp_path):
    claims = list(CLAIMS.values())
    store(tmp_path / "01-first.ipynb", [verdict_of(claim) for claim in claims[::2]])
    store(tmp_path / "02-second.ipynb", [verdict_of(claim) for claim in claims[1::2]])
    return tmp_path


def test_all_claims_come_back_in_the_order_of_the_registry(executed):
    collected = claims_page.collect(executed)
    assert list(collected) == list(CLAIMS)
    assert [page for page, _ in collected.values()][:3] == ["01-first", "02-second", "01-first"]


def test_a_claim_without_value_fails(executed):
    (executed / "02-second.ipynb").unlink()
    missing = list(CLAIMS)[1]
    with pytest.raises(claims_page.ClaimsError, match=f"{missing}: no page computes it"):
        claims_page.collect(executed)


def test_a_value_without_claim_fails(executed):
    path = executed / "01-first.ipynb"
    path.write_text(path.read_text().replace(f'"key": "{next(iter(CLAIMS))}"', '"key": "no-such-claim"'))
    with pytest.raises(ValueError, match="key = 'no-such-claim'"):
        claims_page.collect(executed)


def test_a_claim_judged_on_two_pages_fails(executed):
    claim = next(iter(CLAIMS.values()))
    store(executed / "03-third.ipynb", [verdict_of(claim)])
    with pytest.raises(claims_page.ClaimsError, match=rf"{claim.key}: judged more than once \(01-first, 03-third\)"):
        claims_page.collect(executed)


def test_files_hold_every_claim(executed):
    rows = claims_page.records(claims_page.collect(executed))
    claims_page.write(rows, executed / "figures")
    with (executed / "figures" / "claims.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.DictReader(stream)) == rows
    assert json.loads((executed / "figures" / "claims.json").read_text(encoding="utf-8")) == rows
    assert {row["paper"] for row in rows} == {"A", "B"} and len(rows) == len(CLAIMS)


def test_tables_hold_every_claim_and_every_misprint(executed):
    collected = claims_page.collect(executed)
    assert claims_page.claims_table(collected).count("\n") == len(CLAIMS) + 1
    assert claims_page.errata_table(collected).count("\n") == sum(bool(claim.printed) for claim in CLAIMS.values()) + 1
    counts = claims_page.counts_table(claims_page.records(collected)).splitlines()
    total = sum(int(number) for number in counts[-1].replace("|", " ").split()[1:])
    assert total == len(CLAIMS)


def test_the_list_of_failures_names_just_these(executed):
    claims = [claim for claim in CLAIMS.values() if not claim.printed]
    judged = {claims[3].key: "not reproduced", claims[5].key: "sensitive"}
    for path, part in (("01-first", slice(0, None, 2)), ("02-second", slice(1, None, 2))):
        store(
            executed / f"{path}.ipynb",
            [
                verdict_of(claim, **({"verdict": judged[claim.key]} if claim.key in judged else {}))
                for claim in list(CLAIMS.values())[part]
            ],
        )
    failed = claims_page.failures(claims_page.collect(executed)).splitlines()
    assert len(failed) == 1 and failed[0].startswith(f"- {claims[3].place}: {claims[3].statement}")


def test_the_widget_needs_no_network():
    page = claims_page.widget()
    written, bundled = page.split('<script type="text/plain" id="datatables">')
    assert "http" not in written
    assert "http" not in bundled.split("</script>", 1)[1]
