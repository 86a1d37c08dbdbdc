"""Tables and numbers for the pages of the book."""

import math
import re

from ehbilayer import validation


def markdown_table(header, rows, align=None, *, name=None, caption=None):
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
        raise ValueError(f"align = {align!r} is not allowed: need {len(header)} letters 'l' or 'r'")
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
        raise ValueError(
            f"name = {name!r} is not allowed: need 'tab-' and then letters, digits and '-', for a table with a caption"
        )
    if not isinstance(caption, str) or not caption.strip() or "\n" in caption:
        raise ValueError(f"caption = {caption!r} is not allowed: need one line of text for a table with a name")
    return f":::{{table}} {caption}\n:name: {name}\n\n{table}\n:::"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scientific(value, digits=1, bound=None):
    """Write a small or large number as one reads it.

    Parameters
    ----------
    value : float
        Finite.
    digits : int
        Decimals of the mantissa.
    bound : float, optional
        Where the absolute value is smaller, the text says only that: rounding then decides the value.

    Returns
    -------
    str

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> scientific(-1.31e-3), scientific(2e-13, bound=1e-9)
    ('−1.3 × 10⁻³', 'below 10⁻⁹')
    """
    value = validation.real("value", value)
    digits = validation.integer("digits", digits, low=0)
    if bound is not None and abs(value) < validation.positive("bound", bound):
        return f"below {scientific(bound, 0).removeprefix('1 × ')}"
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    power = "" if int(exponent) == 0 else f" × 10{str(int(exponent)).translate(_RAISED)}"
    return mantissa.replace("-", "−") + power


def power_of_ten(value, bound=1e-12):
    r"""Write the order of magnitude alone: the digits of rounding errors differ between machines.

    Parameters
    ----------
    value : float
        Finite, not negative.
    bound : float
        Where the value is smaller, the text says only that.

    Returns
    -------
    str
        Mathematics for a table, rounded down to a power of ten.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> power_of_ten(3.1e-8), power_of_ten(0.0)
    ('$10^{-8}$', '$\\le 10^{-12}$')
    """
    value, bound = validation.real("value", value, low=0.0), validation.positive("bound", bound)
    exponent = math.floor(math.log10(max(value, bound)))
    below = r"\le " if value < bound else ""
    return f"${below}10^{{{exponent}}}$"


def significant(value, digits=3):
    """Write a number with so many significant digits, without a power of ten; nothing for a missing value.

    Parameters
    ----------
    value : float
        Not a number where there is none.
    digits : int
        At least 1; all digits of an integer part of more digits are shown.

    Returns
    -------
    str

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> significant(1234.5), significant(0.50123), significant(math.nan)
    ('1234', '0.501', '')
    """
    digits = validation.integer("digits", digits, low=1)
    if isinstance(value, float) and math.isnan(value):
        return ""
    value = validation.real("value", value)
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:.0f}"
    return f"{value:#.{digits}g}".rstrip(".")
