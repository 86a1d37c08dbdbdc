"""Sphinx extension: `90-claims` goes on with the claims of both papers, as the executed notebooks judge them."""

import base64
import csv
import gzip
import html
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ehbook.claim_data import ERRATA, IMPORTANCE
from ehbook.claims import CLAIMS, NOT_JUDGED, VERDICTS, Verdict, VerdictTable
from ehbook.tables import markdown_table
from ehbook.typesetting import typeset

PAGE = "90-claims"
TEMPLATE = Path(__file__).with_name("claims_table.html")
SECTIONS = Path(__file__).with_name("claims_sections.md")
FIELDS = (
    "key",
    "paper",
    "place",
    "importance",
    "statement",
    "claimed",
    "number",
    "tolerance",
    "unit",
    "relation",
    "criterion",
    "parameters",
    "computed",
    "values",
    "error",
    "verdict",
    "condition",
    "reason",
    "page",
    "evidence",
    "erratum",
    "printed",
    "corrected",
)


class ClaimsError(Exception):
    """The claims of the papers and the values of the notebooks do not match."""


def verdicts_of(notebook):
    """Verdicts that the outputs of a notebook (as a dictionary) contain."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", ()))
    found = (output.get("data", {}).get(VerdictTable.MIME_TYPE, ()) for output in outputs)
    return [Verdict(**fields) for verdicts in found for fields in verdicts]


def collect(folder):
    """For each claim its page and its verdict, from the executed notebooks of a folder.

    Raises
    ------
    ClaimsError
        Naming every claim that has no value or more than one.
    """
    found = {}
    for path in sorted(Path(folder).glob("[!.]*.ipynb")):
        for verdict in verdicts_of(json.loads(path.read_text(encoding="utf-8"))):
            found.setdefault(verdict.key, []).append((path.stem, verdict))
    problems = [f"{key}: no page computes it" for key in CLAIMS if key not in found]
    for key, entries in found.items():
        problems += [
            f"{key}: {page} has parameters that it is not about" for page, v in entries if v.verdict == NOT_JUDGED
        ]
        if len(entries) > 1:
            pages = ", ".join(page for page, _ in entries)
            problems.append(f"{key}: judged more than once ({pages})")
    if problems:
        raise ClaimsError("claims and notebooks do not match: " + "; ".join(problems))
    return {key: found[key][0] for key in CLAIMS}


def records(collected):
    """One dictionary with `FIELDS` for each claim; values are JSON."""
    rows = []
    for key, (page, verdict) in collected.items():
        claim = CLAIMS[key]
        paper, place = claim.place.split(", ", 1)
        exact = claim.number is not None
        fields = {
            "key": key,
            "paper": paper,
            "place": place,
            "importance": claim.importance,
            "statement": claim.statement,
            "claimed": claim.value,
            "number": f"{claim.number:g}" if exact else "",
            "tolerance": f"{claim.tolerance:g}" if exact else "",
            "unit": claim.unit,
            "relation": claim.relation if exact else "",
            "criterion": claim.criterion,
            "parameters": claim.where,
            "computed": verdict.computed,
            "values": json.dumps(verdict.values, ensure_ascii=False, sort_keys=True),
            "error": f"{verdict.error:g}" if exact else "",
            "verdict": verdict.verdict,
            "condition": verdict.condition,
            "reason": verdict.reason,
            "page": page,
            "evidence": verdict.evidence,
            "erratum": claim.erratum,
            "printed": claim.printed,
            "corrected": claim.corrected,
        }
        rows.append({name: fields[name] for name in FIELDS})
    return rows


def write(rows, folder):
    """Write the records as claims.csv and claims.json."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, FIELDS)
        table.writeheader()
        table.writerows(rows)
    (folder / "claims.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _evidence(verdict):
    return f"{{numref}}`{verdict.evidence}`"


def _badge(verdict):
    return f'<span class="verdict verdict-{verdict.replace(" ", "-")}">{verdict}</span>'


def _several(verdict):
    return "errata" if verdict == "erratum" else verdict


def counts_bar(rows, page=""):
    """HTML: one bar with a part for each verdict, as wide as the number of its claims, that leads to their rows."""
    counted = Counter(row["verdict"] for row in rows)
    parts = "".join(
        f'<a class="verdict verdict-{verdict.replace(" ", "-")}" style="flex-grow: {counted[verdict]}"'
        f' href="{page}?verdict={verdict.replace(" ", "+")}#tab-claims"><b>{counted[verdict]}</b>'
        f" {_several(verdict)}</a>"
        for verdict in VERDICTS
        if counted[verdict]
    )
    return f'<nav class="claims-bar" aria-label="Claims by verdict">{parts}</nav>'


def counts_table(rows):
    """How many claims of each paper, and of the headlines, have which verdict, as Markdown."""
    papers = sorted({row["paper"] for row in rows})
    groups = {f"paper {paper}": [row for row in rows if row["paper"] == paper] for paper in papers}
    groups |= {"headline claims of both": [row for row in rows if row["importance"] == "headline"]}
    counted = {name: Counter(row["verdict"] for row in group) for name, group in groups.items()}
    lines = [[_badge(verdict), *(str(counts[verdict]) for counts in counted.values())] for verdict in VERDICTS]
    lines.append(["all", *(str(len(group)) for group in groups.values())])
    return markdown_table(["verdict", *groups], lines)


def _ordered(collected):
    """Claims, pages and verdicts, what the papers rest on first."""
    entries = [(CLAIMS[key], page, verdict) for key, (page, verdict) in collected.items()]
    return sorted(entries, key=lambda entry: IMPORTANCE.index(entry[0].importance))


def anchor(claim):
    """Identifier of the row of a claim."""
    return f"claim-{claim.key}"


def headline_table(collected):
    """The claims that the papers rest on, in few columns, as MyST."""
    rows = [
        (
            f'<a href="#{anchor(claim)}">{claim.place}</a>',
            typeset(claim.statement),
            typeset(claim.value or "qualitative"),
            typeset(verdict.computed),
            _badge(verdict.verdict),
        )
        for claim, _, verdict in _ordered(collected)
        if claim.importance == "headline"
    ]
    return markdown_table(["place", "statement", "claimed", "computed here", "verdict"], rows, align="lllll")


def answers_table(collected, keys):
    """Some claims with what came of them, for the front page, as MyST."""
    rows = []
    for key in keys:
        claim, (page, verdict) = CLAIMS[key], collected[key]
        stated = f"{claim.place}: {claim.statement}{f': {claim.value}' if claim.value else ''}"
        found = ", ".join(filter(None, (verdict.computed, verdict.condition)))
        rows.append((typeset(stated), typeset(found), _badge(verdict.verdict), f"{{doc}}`{page}`"))
    return markdown_table(["the papers say", "computed here", "verdict", "page"], rows, align="llll")


def claims_table(collected):
    """All claims, as MyST; the place of each carries its address."""
    rows = [
        (
            f'<a id="{anchor(claim)}" href="#{anchor(claim)}">{claim.place}</a>',
            typeset(claim.statement),
            typeset(
                claim.value or (f"qualitative; judged by: {claim.criterion}" if claim.criterion else "qualitative")
            ),
            typeset(verdict.computed),
            _badge(verdict.verdict),
            typeset(verdict.because),
            _evidence(verdict),
            claim.importance,
        )
        for claim, _, verdict in _ordered(collected)
    ]
    header = ["place", "statement", "claimed", "computed here", "verdict", "because", "shown in", "weight"]
    return markdown_table(header, rows, align="l" * len(header))


def errata_table(collected):
    """The errata, as MyST."""
    rows = [
        (
            f'<a href="#{anchor(claim)}">{claim.place}</a>',
            claim.erratum,
            typeset(claim.statement),
            _evidence(verdict),
            f"${claim.printed}$<br>${claim.corrected}$",
        )
        for claim, (_, verdict) in ((CLAIMS[key], entry) for key, entry in collected.items())
        if claim.erratum
    ]
    header = ["place", "kind", "concerns", "proved in", "printed, corrected"]
    return markdown_table(header, rows, align="l" * len(header))


def kinds(collected):
    """How many errata there are of each kind, in a sentence."""
    counted = Counter(CLAIMS[key].erratum for key in collected)
    names = ("of notation only (typo)", "of a sign", "of a formula (algebra)", "from a wrong argument")
    return "By kind: " + ", ".join(f"{counted[kind]} {name}" for kind, name in zip(ERRATA, names, strict=True)) + "."


def in_short(rows):
    """What a reader should know after half a minute."""
    counted = Counter(row["verdict"] for row in rows)
    whole, conditional, sensitive, failed, errata = VERDICTS
    return (
        f"Of {len(rows)} statements of the two papers {counted[whole]} are reproduced as they stand and "
        f"{counted[conditional]} under conditions that the papers do not state; {counted[sensitive]} depend on a "
        f"choice that they leave open, {counted[failed]} are not reproduced and {counted[errata]} are errata. "
        f"{of_headlines(rows)}"
    )


def of_headlines(rows):
    """How many of the claims that the papers rest on hold, in a sentence."""
    top = [row for row in rows if row["importance"] == "headline"]
    best = Counter(row["verdict"] for row in top)
    whole, conditional, sensitive, failed, _ = VERDICTS
    return (
        f"Of the {len(top)} headline claims {best[whole] + best[conditional]} hold, {best[conditional]} of them under "
        f"conditions; {best[sensitive]} are sensitive and {best[failed]} fail."
    )


def failures(collected):
    """The claims that are not reproduced, as a list in MyST."""
    return "\n".join(
        f"- {CLAIMS[key].place}: {typeset(CLAIMS[key].statement)}"
        f"{f' ({typeset(CLAIMS[key].value)})' if CLAIMS[key].value else ''}, {_evidence(verdict)}"
        for key, (_, verdict) in collected.items()
        if verdict.verdict == "not reproduced"
    )


def widget():
    """HTML that makes the table of claims sortable and filterable, with DataTables inside it."""
    bundle = files("itables") / "html" / "dt_bundle.js"
    style = bundle.parent / "dt_bundle.css"
    # Without a time, so that two builds write the same.
    encoded = base64.b64encode(gzip.compress(bundle.read_bytes(), mtime=0)).decode("ascii")
    options = "".join(f"<option>{html.escape(verdict)}</option>" for verdict in VERDICTS)
    page = TEMPLATE.read_text(encoding="utf-8")
    weights = "".join(f"<option>{weight}</option>" for weight in IMPORTANCE)
    for name, text in (
        ("OPTIONS", options),
        ("WEIGHTS", weights),
        ("STYLE", style.read_text(encoding="utf-8")),
        ("BUNDLE", encoded),
    ):
        page = page.replace(f"%{name}%", text)
    return page


def _extend(app, name, source):
    if name != PAGE:
        return
    collected = collect(app.srcdir)
    rows = records(collected)
    write(rows, Path(app.srcdir) / "figures")
    counted = Counter(row["verdict"] for row in rows)
    source[0] += "\n" + SECTIONS.read_text(encoding="utf-8").format(
        short=in_short(rows),
        bar=counts_bar(rows),
        headline=headline_table(collected),
        counts=counts_table(rows),
        reproduced=counted["reproduced"],
        conditions=counted["reproduced under stated conditions"],
        sensitive=counted["sensitive"],
        not_reproduced=counted["not reproduced"],
        errata=counted["erratum"],
        list_of_failures=failures(collected),
        number=len(rows),
        widget=widget(),
        claims=claims_table(collected),
        kinds=kinds(collected),
        table_of_errata=errata_table(collected),
    )
    # The pages' own tables refer to the rows.
    targets = app.env.get_domain("std")
    for key in collected:
        targets.note_hyperlink_target(anchor(CLAIMS[key]), PAGE, anchor(CLAIMS[key]), CLAIMS[key].place)


class FrontPage(SphinxDirective):
    """What the front page says about the claims: a sentence with the counts, their bar, and the claims named below.

    Without any it is a sentence on the headline claims.
    """

    has_content = True

    def run(self):
        collected = collect(self.env.srcdir)
        rows = records(collected)
        if not self.content:
            return self.parse_text_to_nodes(of_headlines(rows))
        unknown = [key for key in self.content if key not in CLAIMS]
        if unknown:
            raise self.error(f"no such claims: {', '.join(unknown)}")
        bar = nodes.raw("", counts_bar(rows, f"{PAGE}.html"), format="html")
        table = answers_table(collected, self.content)
        return [*self.parse_text_to_nodes(in_short(rows)), bar, *self.parse_text_to_nodes(table)]


def setup(app):
    app.connect("source-read", _extend)
    app.add_directive("claims", FrontPage)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
