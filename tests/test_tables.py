"""Markdown tables: layout and refused cells."""

import pytest
from ehbilayer.tables import markdown_table


def test_layout():
    table = markdown_table(["a", "b", "c"], ([str(i), "x", "$y$"] for i in range(2)))
    assert table.splitlines() == ["| a | b | c |", "| :-- | --: | --: |", "| 0 | x | $y$ |", "| 1 | x | $y$ |"]


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"^rows\[1\] is not allowed: need 2 cells, got 1$"):
        markdown_table(["a", "b"], [["1", "2"], ["3"]])


@pytest.mark.parametrize("cell", ["a|b", "a\nb"])
def test_a_cell_that_would_break_the_table_is_refused(cell):
    with pytest.raises(ValueError, match="need text without"):
        markdown_table(["a", "b"], [["1", cell]])


def test_numbers_must_be_formatted_by_the_caller():
    with pytest.raises(TypeError, match="^cell 1.0 is not allowed: need a string, got float$"):
        markdown_table(["a", "b"], [["1", 1.0]])


def test_alignment():
    table = markdown_table(["a", "b"], [["1", "2"]], align="ll")
    assert table.splitlines()[1] == "| :-- | :-- |"
    for align in ("l", "lx"):
        with pytest.raises(ValueError, match="align"):
            markdown_table(["a", "b"], [], align=align)
