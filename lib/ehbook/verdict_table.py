"""The table in which a page shows its verdicts and hands them to the page of all claims."""

from collections.abc import Iterable

from ehbilayer.errors import ArgumentError
from ehbook.claim_data import CLAIMS
from ehbook.tables import markdown_table
from ehbook.typesetting import typeset
from ehbook.verdicts import Verdict

__all__ = ["VerdictTable"]


class VerdictTable:
    r"""The claims of one page with what the page computes for them.

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
        If a claim stands twice, has no evidence or no remark, or a text would break the table.

    Examples
    --------
    >>> from ehbook.verdicts import judge
    >>> verdict = judge("electron-mass", [0.79, 0.95], reason="fit window", evidence="fig-mass")
    >>> print(VerdictTable([verdict]).markdown.splitlines()[-1])  # doctest: +ELLIPSIS
    | {ref}`A, Fig. 3 <claim-electron-mass>` | ... | 0.79 to 0.95 $m_{\mathrm{e}}$ | sensitive: fit window | ...
    """

    MIME_TYPE = "application/vnd.ehbilayer.verdicts+json"

    def __init__(self, verdicts: Iterable[Verdict]):
        self.verdicts = tuple(verdicts)
        keys = [verdict.key for verdict in self.verdicts]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ArgumentError("verdicts", sorted(twice), "each claim once")
        for verdict in self.verdicts:
            for name in ("computed", "because", "evidence"):
                if not getattr(verdict, name).strip():
                    raise ArgumentError(name, getattr(verdict, name), f"a text for claim {verdict.key!r}")
        # Here, since an error while IPython shows an object does not stop a notebook.
        self.markdown = self._markdown()

    def _markdown(self):
        rows = []
        for verdict in self.verdicts:
            claim = CLAIMS[verdict.key]
            place = f"{{ref}}`{claim.place} <claim-{claim.key}>`"
            judged = f"{verdict.verdict}: {verdict.because}"
            texts = (claim.statement, claim.value or "qualitative", verdict.computed, judged)
            rows.append((place, *map(typeset, texts), verdict.link))
        return markdown_table(
            ["place", "statement", "claimed", "computed here", "verdict", "shown in"], rows, align="llllll"
        )

    def __repr__(self):
        return f"VerdictTable of {len(self.verdicts)} claims"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "text/markdown": self.markdown,
            self.MIME_TYPE: [verdict.stored() for verdict in self.verdicts],
        }
