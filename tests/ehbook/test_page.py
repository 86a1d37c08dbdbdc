"""What pages hand to their sentences."""

import pytest

from ehbilayer.errors import ArgumentError
from ehbook.page import facts


def test_a_sentence_takes_no_formula_that_it_would_show_as_source():
    with pytest.raises(ArgumentError) as refused:
        facts("page", width="1.3 $a_e$")
    assert refused.value.name == "width"
    with pytest.raises(TypeError, match="width"):
        facts("page", width=1.3)  # pyright: ignore[reportArgumentType]
