import csv
import json
import re
import string
from collections import Counter

import pytest

from ehbook.claim_data import IMPORTANCE
from ehbook.claims import CLAIMS, NOT_JUDGED, Verdict, VerdictTable
from ehbook.typesetting import typeset
from tools import claims_page


def verdict_of(claim, **changes):
    judged = "erratum" if claim.printed else "reproduced"
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


def test_a_page_run_at_other_parameters_fails(executed):
    key = next(iter(CLAIMS))
    store(executed / "01-first.ipynb", [verdict_of(claim) for claim in list(CLAIMS.values())[2::2]])
    store(executed / "03-third.ipynb", [verdict_of(CLAIMS[key], verdict=NOT_JUDGED)])
    with pytest.raises(claims_page.ClaimsError, match=f"{key}: 03-third has parameters that it is not about"):
        claims_page.collect(executed)


def test_each_row_has_an_address_of_its_own_and_headlines_stand_first(executed):
    collected = claims_page.collect(executed)
    rows = claims_page.claims_table(collected).splitlines()[2:]
    keys = [re.search('id="claim-([^"]+)"', row)[1] for row in rows]
    assert sorted(keys) == sorted(CLAIMS) and [row.rsplit("|", 2)[1].strip() for row in rows] == sorted(
        (claim.importance for claim in CLAIMS.values()), key=IMPORTANCE.index
    )
    headlines = claims_page.headline_table(collected).splitlines()[2:]
    assert [re.search('href="#claim-([^"]+)"', row)[1] for row in headlines] == keys[: len(headlines)]
    assert all('<span class="verdict verdict-' in row for row in rows + headlines)


def test_the_bar_leads_to_the_filtered_rows(executed):
    rows = claims_page.records(claims_page.collect(executed))
    bar = claims_page.counts_bar(rows)
    parts = re.findall(r'href="\?verdict=([\w+]+)#tab-claims"><b>(\d+)</b> ([\w ]+)</a>', bar)
    counted = {query.replace("+", " "): int(number) for query, number, _ in parts}
    assert counted == Counter(row["verdict"] for row in rows)
    assert [name for _, _, name in parts] == [{"erratum": "errata"}.get(name, name) for name in counted]


def test_the_first_paragraph_counts_what_the_table_holds(executed):
    rows = claims_page.records(claims_page.collect(executed))
    errata = sum(bool(claim.erratum) for claim in CLAIMS.values())
    headlines = sum(claim.importance == "headline" for claim in CLAIMS.values())
    text = claims_page.in_short(rows)
    assert text.startswith(f"Of {len(CLAIMS)} statements") and f"{errata} are errata" in text
    assert f"Of the {headlines} headline claims {headlines} hold" in text


def test_the_sections_take_all_their_parts():
    wanted = {
        name for _, name, _, _ in string.Formatter().parse(claims_page.SECTIONS.read_text(encoding="utf-8")) if name
    }
    assert {"short", "bar", "headline", "counts", "claims", "kinds", "errata", "list_of_failures"} <= wanted


def test_tables_hold_every_claim_and_every_erratum(executed):
    collected = claims_page.collect(executed)
    assert claims_page.claims_table(collected).count("\n") == len(CLAIMS) + 1
    assert claims_page.errata_table(collected).count("\n") == sum(bool(claim.printed) for claim in CLAIMS.values()) + 1
    counts = claims_page.counts_table(claims_page.records(collected)).splitlines()
    *papers, headlines = (int(number) for number in counts[-1].replace("|", " ").split()[1:])
    assert sum(papers) == len(CLAIMS)
    assert headlines == sum(claim.importance == "headline" for claim in CLAIMS.values())


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
    assert len(failed) == 1 and failed[0].startswith(f"- {claims[3].place}: {typeset(claims[3].statement)}")


def test_the_widget_needs_no_network():
    page = claims_page.widget()
    written, bundled = page.split('<script type="text/plain" id="datatables">')
    assert "http" not in written
    assert "http" not in bundled.split("</script>", 1)[1]
