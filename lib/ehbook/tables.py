"""Tables for the pages of the book."""

import re
from collections.abc import Iterable, Sequence

from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import power_of_ten, scientific, significant

__all__ = ["markdown_table", "power_of_ten", "scientific", "significant"]


def markdown_table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    align: str | None = None,
    *,
    name: str | None = None,
    caption: str | None = None,
) -> str:
    """Lay out text as a Markdown table.

    Parameters
    ----------
    header : sequence of str
        Column titles.
    rows : iterable of sequence of str
        Cells, formatted and rounded by the caller; Markdown and ``$...$`` mathematics
        are allowed in them, the character ``|`` and line breaks are not.
    align : str, optional
        One letter ``l`` or ``r`` for each column; by default the first is aligned left, the others right.
    name, caption : str, optional
        Both or none. With them the table has a number, and text refers to it by ``{numref}`tab-...` ``; the name
        begins with ``tab-``. The cell that shows it needs ``"mystnb": {"markdown_format": "myst"}``.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If a cell is not a string.
    ValueError
        If a row or `align` is not as long as the header, a cell would break the table, or the name or the caption
        is missing or would break the reference.

    Examples
    --------
    >>> print(markdown_table(["quantity", "value"], [["$r_s$", "7.0"]]))
    | quantity | value |
    | :-- | --: |
    | $r_s$ | 7.0 |
    >>> print(markdown_table(["quantity"], [["$r_s$"]], name="tab-radii", caption="Radii.").splitlines()[:2])
    [':::{table} Radii.', ':name: tab-radii']
    """
    align = "l" + "r" * (len(header) - 1) if align is None else align
    if len(align) != len(header) or set(align) - set("lr"):
        raise ArgumentError("align", align, f"{len(header)} letters 'l' or 'r'")
    lines = [list(header), [{"l": ":--", "r": "--:"}[letter] for letter in align]]
    for number, row in enumerate(rows):
        row = list(row)
        if len(row) != len(header):
            raise ValueError(f"rows[{number}] is not allowed: need {len(header)} cells, got {len(row)}")
        lines.append(row)
    for cell in (cell for line in lines for cell in line):
        if not isinstance(cell, str):
            raise TypeError(f"cell {cell!r} is not allowed: need a string, got {type(cell).__name__}")
        if "|" in cell or "\n" in cell:
            raise ValueError(f"cell {cell!r} is not allowed: need text without '|' and line breaks")
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    if name is None and caption is None:
        return table
    if not isinstance(name, str) or not re.fullmatch(r"tab-[a-z0-9-]+", name):
        raise ArgumentError("name", name, "'tab-' and then letters, digits and '-', for a table with a caption")
    if not isinstance(caption, str) or not caption.strip() or "\n" in caption:
        raise ArgumentError("caption", caption, "one line of text for a table with a name")
    return f":::{{table}} {caption}\n:name: {name}\n\n{table}\n:::"
