"""What the two papers state and where; the executed notebooks supply the computed values and the verdicts."""

import json
from dataclasses import asdict, dataclass
from importlib.resources import files

from ehbilayer import validation
from ehbook.tables import markdown_table

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Verdict", "VerdictTable"]

#: Verdicts on a claim of a paper, from best to worst.
VERDICTS = ("reproduced", "reproduced under stated conditions", "sensitive", "not reproduced", "misprint")


@dataclass(frozen=True)
class Claim:
    """One statement of a paper.

    Attributes
    ----------
    key : str
        Short name by which notebooks refer to it.
    place : str
        Paper and where in it.
    statement : str
        What is claimed, in our words.
    value : str
        The claimed value with its unit; empty for a qualitative statement.
    printed, corrected : str
        For a misprint: the printed form and the one that we find right, as LaTeX without dollar signs; otherwise empty.
    """

    key: str
    place: str
    statement: str
    value: str = ""
    printed: str = ""
    corrected: str = ""

    def __post_init__(self):
        if bool(self.printed) != bool(self.corrected):
            raise ValueError(
                f"corrected = {self.corrected!r} is not allowed: a misprint has a printed and a corrected form"
            )


#: Every claim by its key, from claims.json.
CLAIMS = {
    claim["key"]: Claim(**claim)
    for claim in json.loads(files("ehbook").joinpath("claims.json").read_text(encoding="utf-8"))
}


@dataclass(frozen=True)
class Verdict:
    """What this book computes for a claim, and what follows.

    Parameters
    ----------
    key : str
        Of a claim in `CLAIMS`.
    computed : str
        Our value with its error.
    verdict : {"reproduced", "reproduced under stated conditions", "sensitive", "not reproduced", "misprint"}
        ``"misprint"`` just for those claims that have a printed and a corrected form.
    reason : str
        On what the verdict rests, in a few words.
    evidence : str
        Label of the figure, table or section of the same page that shows it.

    Raises
    ------
    ValueError
        If there is no such claim or verdict, a text is empty, or a misprint has no corrected form or the reverse.

    Examples
    --------
    >>> verdict = Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "depends on the fit", "fig-mass")
    >>> verdict.verdict
    'sensitive'
    """

    key: str
    computed: str
    verdict: str
    reason: str
    evidence: str

    def __post_init__(self):
        validation.option("key", self.key, CLAIMS)
        validation.option("verdict", self.verdict, VERDICTS)
        for name in ("computed", "reason", "evidence"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} = {getattr(self, name)!r} is not allowed: need a text for claim {self.key!r}")
        if (self.verdict == "misprint") != bool(CLAIMS[self.key].printed):
            raise ValueError(
                f"verdict = {self.verdict!r} is not allowed: claim {self.key!r} has "
                + ("a printed and a corrected form" if CLAIMS[self.key].printed else "no corrected form")
            )

    @property
    def link(self):
        """MyST role that leads to the evidence."""
        if self.evidence.startswith(("fig-", "tab-")):
            return f"{{numref}}`{self.evidence}`"
        return f"{{ref}}`section <{self.evidence}>`"


class VerdictTable:
    """The claims of one page with what the page computes for them.

    As the last expression of a cell it shows the table and hands the values to the page of all claims
    (as output of type ``MIME_TYPE``).

    Parameters
    ----------
    verdicts : sequence of Verdict
        Each claim once.

    Attributes
    ----------
    markdown : str
        The table in MyST.

    Raises
    ------
    ValueError
        If a claim stands twice, or a text would break the table.

    Examples
    --------
    >>> verdict = Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "fit window", "fig-mass")
    >>> print(VerdictTable([verdict]).markdown.splitlines()[-1])  # doctest: +ELLIPSIS
    | A, Fig. 3 | Electron band ... | 0.93 m_e | 0.79 to 0.95 m_e | sensitive: fit window | {numref}`fig-mass` |
    """

    MIME_TYPE = "application/vnd.ehbilayer.verdicts+json"

    def __init__(self, verdicts):
        self.verdicts = tuple(verdicts)
        keys = [verdict.key for verdict in self.verdicts]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"verdicts = {sorted(twice)} is not allowed: need each claim once")
        # Here, since an error while IPython shows an object does not stop a notebook.
        self.markdown = self._markdown()

    def _markdown(self):
        rows = []
        for verdict in self.verdicts:
            claim = CLAIMS[verdict.key]
            judged = f"{verdict.verdict}: {verdict.reason}"
            rows.append(
                (claim.place, claim.statement, claim.value or "qualitative", verdict.computed, judged, verdict.link)
            )
        return markdown_table(
            ["place", "statement", "claimed", "computed here", "verdict", "shown in"], rows, align="llllll"
        )

    def __repr__(self):
        return f"VerdictTable of {len(self.verdicts)} claims"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "text/markdown": self.markdown,
            self.MIME_TYPE: [asdict(verdict) for verdict in self.verdicts],
        }
