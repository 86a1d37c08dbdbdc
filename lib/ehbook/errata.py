"""Printed and corrected forms of a paper's formulas side by side, where a page derives them."""

import re

from IPython.display import Markdown

from ehbilayer.errors import ArgumentError
from ehbook.claim_data import CLAIMS
from ehbook.tables import markdown_table

__all__ = ["printed_and_corrected"]


def printed_and_corrected(*keys: str) -> Markdown:
    """Table of errata with the printed and the corrected form; forms after one another stand below each other.

    Parameters
    ----------
    *keys : str
        Of errata in `ehbook.claims.CLAIMS`.

    Returns
    -------
    IPython.display.Markdown
        Shown where it is the last expression of a cell.

    Raises
    ------
    ArgumentError
        If no key is given, or one is not that of an erratum.

    Examples
    --------
    >>> print(printed_and_corrected("drag-kappa22").data.splitlines()[0])
    | place | printed | corrected |
    """
    if not keys:
        raise ArgumentError("keys", keys, "one erratum or more")
    for key in keys:
        if key not in CLAIMS or not CLAIMS[key].erratum:
            raise ArgumentError("keys", key, "keys of errata")
    claims = [CLAIMS[key] for key in keys]
    rows = [
        [re.sub(r"^[AB], SI,? ", "", claim.place), *(_below(form) for form in (claim.printed, claim.corrected))]
        for claim in claims
    ]
    return Markdown(markdown_table(["place", "printed", "corrected"], rows, "lll"))


def _below(form):
    return "<br>".join(f"${part}$" for part in re.split(r",\\quad ?", form))
