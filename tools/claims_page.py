"""Sphinx extension: the page `90-claims` goes on with the claims of both papers, as the executed notebooks judge them.

Sphinx reads pages in alphabetical order, so every notebook has been executed when that page is read.
"""

import base64
import csv
import html
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

from ehbook.claims import CLAIMS, VERDICTS, Verdict, VerdictTable
from ehbook.tables import markdown_table

PAGE = "90-claims"
TEMPLATE = Path(__file__).with_name("claims_table.html")
FIELDS = (
    "key",
    "paper",
    "place",
    "statement",
    "claimed",
    "computed",
    "verdict",
    "reason",
    "page",
    "evidence",
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
        if len(entries) > 1:
            pages = ", ".join(page for page, _ in entries)
            problems.append(f"{key}: judged more than once ({pages})")
    if problems:
        raise ClaimsError("claims and notebooks do not match: " + "; ".join(problems))
    return {key: found[key][0] for key in CLAIMS}


def records(collected):
    """One dictionary with `FIELDS` for each claim."""
    rows = []
    for key, (page, verdict) in collected.items():
        claim = CLAIMS[key]
        paper, place = claim.place.split(", ", 1)
        judged = (
            verdict.computed,
            verdict.verdict,
            verdict.reason,
            page,
            verdict.evidence,
            claim.printed,
            claim.corrected,
        )
        rows.append(dict(zip(FIELDS, (key, paper, place, claim.statement, claim.value, *judged), strict=True)))
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


def counts_table(rows):
    """How many claims of each paper have which verdict, as Markdown."""
    papers = sorted({row["paper"] for row in rows})
    counted = Counter((row["verdict"], row["paper"]) for row in rows)
    lines = [[verdict, *(str(counted[verdict, paper]) for paper in papers)] for verdict in VERDICTS]
    lines.append(["all", *(str(sum(counted[verdict, paper] for verdict in VERDICTS)) for paper in papers)])
    return markdown_table(["verdict", *(f"paper {paper}" for paper in papers)], lines)


def claims_table(collected):
    """All claims, as MyST."""
    rows = [
        (
            claim.place,
            claim.statement,
            claim.value or "qualitative",
            verdict.computed,
            verdict.verdict,
            verdict.reason,
            _evidence(verdict),
        )
        for claim, (_, verdict) in ((CLAIMS[key], entry) for key, entry in collected.items())
    ]
    header = ["place", "statement", "claimed", "computed here", "verdict", "because", "shown in"]
    return markdown_table(header, rows, align="l" * len(header))


def errata_table(collected):
    """The misprints, as MyST."""
    rows = [
        (claim.place, claim.statement, _evidence(verdict), f"${claim.printed}$", f"${claim.corrected}$")
        for claim, (_, verdict) in ((CLAIMS[key], entry) for key, entry in collected.items())
        if claim.printed
    ]
    header = ["place", "concerns", "proved in", "printed", "corrected"]
    return markdown_table(header, rows, align="l" * len(header))


def failures(collected):
    """The claims that are not reproduced, as a list in MyST."""
    return "\n".join(
        f"- {CLAIMS[key].place}: {CLAIMS[key].statement}"
        f"{f' ({CLAIMS[key].value})' if CLAIMS[key].value else ''}, {_evidence(verdict)}"
        for key, (_, verdict) in collected.items()
        if verdict.verdict == "not reproduced"
    )


def widget():
    """HTML that makes the table of claims sortable and filterable, with DataTables inside it."""
    bundle = files("itables") / "html" / "dt_bundle.js"
    style = bundle.parent / "dt_bundle.css"
    encoded = base64.b64encode(bundle.read_bytes()).decode("ascii")
    options = "".join(f"<option>{html.escape(verdict)}</option>" for verdict in VERDICTS)
    page = TEMPLATE.read_text(encoding="utf-8")
    for name, text in (("OPTIONS", options), ("STYLE", style.read_text(encoding="utf-8")), ("BUNDLE", encoded)):
        page = page.replace(f"%{name}%", text)
    return page


_SECTIONS = """
## All claims

{counts}

The table holds {number} claims. The whole table: {{download}}`CSV <figures/claims.csv>`, {{download}}`JSON
<figures/claims.json>`.

```{{raw}} html
{widget}
```

:::{{table}} Every claim with the value that this book computes, the verdict and the place of the evidence.
:name: tab-claims
:class: claims

{claims}
:::

(sec-errata)=
## Errata of both papers

:::{{table}} Misprints: the printed and the corrected form, and where the two are compared by evaluation; the values
stand in {{numref}}`tab-claims`.
:name: tab-errata
:class: claims-errata

{errata}
:::

## What we conclude

Of {number} claims, {reproduced} are reproduced as they stand and {conditions} under conditions that the papers do not
state;
{sensitive} depend on choices that the papers leave open, {not_reproduced} are not reproduced, and {misprints} are
misprints, which mostly
leave the conclusions around them unchanged. The phases of paper A exist in Hartree–Fock theory, with boundaries that
depend on the size of the box; its
transition temperatures follow from its formulas with its value of $\\alpha$ put in, but not from the converged
compressibility, from
Eliashberg theory or with the plasmon of the random-phase approximation. The mechanism of paper B holds: a condensate
with momentum, critical currents
that differ in the two directions, perfect drag between them. The oscillation of the efficiency does not survive a
converged grid.
Not reproduced are, in the order of the papers:

{list_of_failures}

:::{{admonition}} How sure are we?
:class: note

The completeness of this table is checked by the build; that of the registry is not: we may have overlooked or misread a
statement. A verdict
judges the statement within the theory that the paper uses, unless the row says otherwise; what that theory leaves out
is said in the
box of the same name on the page that the row links to.
:::
"""


def _extend(app, name, source):
    if name != PAGE:
        return
    collected = collect(Path(app.outdir).parent / "jupyter_execute")
    rows = records(collected)
    write(rows, Path(app.srcdir) / "figures")
    counted = Counter(row["verdict"] for row in rows)
    source[0] += _SECTIONS.format(
        counts=counts_table(rows),
        reproduced=counted["reproduced"],
        conditions=counted["reproduced under stated conditions"],
        sensitive=counted["sensitive"],
        not_reproduced=counted["not reproduced"],
        misprints=counted["misprint"],
        list_of_failures=failures(collected),
        number=len(rows),
        widget=widget(),
        claims=claims_table(collected),
        errata=errata_table(collected),
    )


def setup(app):
    app.connect("source-read", _extend)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
