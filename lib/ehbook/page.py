"""What every page does with its results: tables, and facts for its sentences."""

from collections.abc import Mapping, Sequence

from IPython.display import Markdown
from myst_nb import glue

from ehbilayer.errors import ArgumentError
from ehbook.tables import markdown_table

__all__ = ["facts", "table"]


def facts(page: str, **texts: str) -> None:
    """Hand texts to the sentences of the page, which show each by the role ``glue:text``.

    Parameters
    ----------
    page : str
        Prefix of the names, which are joined by a hyphen.
    **texts : str
        Rounded numbers by name; an underscore in a name becomes a hyphen.

    Raises
    ------
    TypeError
        If a value is not a string: rounding is the page's decision.
    ArgumentError
        If a text holds a formula, which the role does not typeset.

    Examples
    --------
    >>> facts("bands", fermi_wave_vector="1.25")  # glues "bands-fermi-wave-vector"
    """
    for name, text in texts.items():
        if not isinstance(text, str):
            raise TypeError(f"{name} = {text!r} is not allowed: need a text")
        if "$" in text:
            raise ArgumentError(name, text, "a text without formulas, which a sentence would show as source")
        glue(f"{page}-{name.replace('_', '-')}", text, display=False)


def table(
    rows: Sequence[Mapping[str, str]],
    *,
    name: str | None = None,
    caption: str | None = None,
    align: str | None = None,
) -> Markdown:
    """Table of a page from one mapping of column titles to cells for each row.

    Parameters
    ----------
    rows : sequence of mapping of str to str
        All with the same keys in the same order, which are the column titles.
    name, caption, align : str, optional
        As for `ehbook.tables.markdown_table`.

    Returns
    -------
    IPython.display.Markdown
        Shown where it is the last expression of a cell.

    Raises
    ------
    TypeError
        If a cell is not a string.
    ValueError
        If there is no row, two rows have different columns, or a cell would break the table.

    Examples
    --------
    >>> print(table([{"phase": "liquid", "energy (Ha)": "-0.04"}]).data)
    | phase | energy (Ha) |
    | :-- | --: |
    | liquid | -0.04 |
    """
    if not rows:
        raise ValueError("rows = [] is not allowed: need one row or more")
    header = list(rows[0])
    for number, row in enumerate(rows):
        if list(row) != header:
            raise ValueError(f"rows[{number}] is not allowed: need the columns {header}, got {list(row)}")
    return Markdown(markdown_table(header, [list(row.values()) for row in rows], align, name=name, caption=caption))
