"""Markdown tables: layout and refused cells; numbers as text."""

import pytest

from ehbook.tables import markdown_table, power_of_ten, scientific, significant


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


def test_a_table_with_name_and_caption_is_a_numbered_one():
    plain = markdown_table(["a"], [["1"]])
    assert markdown_table(["a"], [["1"]], name="tab-a", caption="What $a$ is.") == (
        f":::{{table}} What $a$ is.\n:name: tab-a\n\n{plain}\n:::"
    )


@pytest.mark.parametrize(
    ("name", "caption", "wrong"),
    [
        ("tab-a", None, "caption"),
        ("tab-a", " ", "caption"),
        ("tab-a", "x\ny", "caption"),
        (None, "text", "name"),
        ("fig-a", "text", "name"),
        ("tab-A b", "text", "name"),
    ],
)
def test_name_and_caption_go_together(name, caption, wrong):
    with pytest.raises(ValueError, match=f"^{wrong} = "):
        markdown_table(["a"], [["1"]], name=name, caption=caption)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (7.04e-4, 1, "7.0 × 10⁻⁴"),
        (-0.09, 2, "−9.00 × 10⁻²"),
        (5.5, 1, "5.5"),
        (123456.0, 0, "1 × 10⁵"),
        (0.0, 1, "0.0"),
        (9.99e-5, 1, "1.0 × 10⁻⁴"),
    ],
)
def test_numbers_with_powers_of_ten(value, digits, text):
    assert scientific(value, digits) == text


def test_a_number_below_its_bound_gives_the_bound_alone():
    assert scientific(-3e-12, bound=1e-9) == "below 10⁻⁹"
    assert scientific(2e-9, bound=1e-9) == "2.0 × 10⁻⁹"


@pytest.mark.parametrize(
    ("arguments", "name"), [((float("nan"),), "value"), ((1.0, -1), "digits"), ((1.0, 1, 0.0), "bound")]
)
def test_bad_numbers_are_named(arguments, name):
    with pytest.raises(ValueError, match=name):
        scientific(*arguments)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "$10^{0}$"),
        (9.9e-8, "$10^{-8}$"),
        (2e-12, "$10^{-12}$"),
        (9e-13, r"$\le 10^{-12}$"),
        (0.0, r"$\le 10^{-12}$"),
    ],
)
def test_orders_of_magnitude(value, text):
    assert power_of_ten(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (99.96, 3, "100"),
        (99.94, 3, "99.9"),
        (5.0, 2, "5.0"),
        (12.34, 2, "12"),
        (1e4, 2, "10000"),
        (0.0651, 2, "0.065"),
        (float("nan"), 3, ""),
    ],
)
def test_significant_digits(value, digits, text):
    assert significant(value, digits) == text


@pytest.mark.parametrize(
    "call",
    [
        lambda: power_of_ten(-1.0),
        lambda: power_of_ten(float("nan")),
        lambda: significant(float("inf")),
        lambda: significant(1.0, 0),
    ],
)
def test_values_that_cannot_be_written_are_refused(call):
    with pytest.raises(ValueError, match="is not allowed"):
        call()
