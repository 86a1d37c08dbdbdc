"""Tables for the pages of the book."""


def markdown_table(header, rows):
    """Lay out text as a Markdown table.

    Parameters
    ----------
    header : sequence of str
        Column titles.
    rows : iterable of sequence of str
        Cells, formatted and rounded by the caller; Markdown and ``$...$`` mathematics
        are allowed in them, the character ``|`` and line breaks are not. The first column
        is aligned left, the others right.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If a cell is not a string.
    ValueError
        If a row is not as long as the header, or a cell would break the table.

    Examples
    --------
    >>> print(markdown_table(["quantity", "value"], [["$r_s$", "7.0"]]))
    | quantity | value |
    | :-- | --: |
    | $r_s$ | 7.0 |
    """
    lines = [list(header), [":--"] + ["--:"] * (len(header) - 1)]
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
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
