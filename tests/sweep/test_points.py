"""Results of points as texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ehbilayer.sweep import (
    points,
)


@settings(max_examples=60)
@given(
    st.one_of(
        arrays.arrays(
            st.one_of(
                arrays.floating_dtypes(sizes=(32, 64)),
                arrays.integer_dtypes(),
                arrays.complex_number_dtypes(),
                arrays.boolean_dtypes(),
                arrays.unicode_string_dtypes(),
            ),
            arrays.array_shapes(min_dims=0, min_side=0),
        ),
        st.none(),
        st.text(),
        st.booleans(),
        st.floats(),
        st.integers(-(2**63), 2**63 - 1),
    )
)
def test_results_are_written_and_read_exactly(value):
    text = points.outcome("ok", "", {"a": points.encoded_value("f", "a", value)}, {})
    read = points.decode(text).values["a"]
    if value is None:
        assert read is None
    else:
        wanted = np.asarray(value)
        assert read.shape == wanted.shape and read.dtype.kind == wanted.dtype.kind
        assert np.array_equal(read, wanted, equal_nan=wanted.dtype.kind in "fc")


def test_a_unit_is_a_text():
    with pytest.raises(TypeError, match="^energy = 1 is not allowed: need a str, got int"):
        points.quantities(r_s="a_h", energy=1)
