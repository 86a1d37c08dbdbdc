"""The claims of the papers, their verdicts, and the table in which a page shows them."""

from ehbook.claim_data import CLAIMS, Claim
from ehbook.verdict_table import VerdictTable
from ehbook.verdicts import NOT_JUDGED, VERDICTS, Verdict, judge

__all__ = ["CLAIMS", "NOT_JUDGED", "VERDICTS", "Claim", "Verdict", "VerdictTable", "judge"]
