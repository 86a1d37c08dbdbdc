"""Checks of public arguments: what passes, what is refused, and what the message says."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ehbilayer.errors import ArgumentError
from ehbilayer.validation import boolean, instance, integer, option, options, pair, positive, real, reals

NOT_FINITE = [math.nan, math.inf, -math.inf]
NOT_REAL = [True, None, "1", 1j, [1.0], np.bool_(True)]
finite = st.floats(-1e60, 1e60)


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.float64(2), np.int64(2)])
def test_real_returns_a_python_float(value):
    result = real("x", value)
    assert type(result) is float
    assert result == 2.0


@pytest.mark.parametrize("value", NOT_FINITE)
@pytest.mark.parametrize("check", [real, positive, reals])
def test_non_finite_numbers_are_refused(check, value):
    with pytest.raises(ValueError, match=r"^x = -?(nan|inf) is not allowed: need a finite number"):
        check("x", value)


@pytest.mark.parametrize("value", NOT_REAL)
@pytest.mark.parametrize("check", [real, positive])
def test_other_types_are_refused(check, value):
    with pytest.raises(TypeError, match="^x = .* need a real number, got "):
        check("x", value)


@given(value=st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=True))
def test_magnitudes_whose_powers_leave_the_range_are_refused(value):
    if abs(value) <= 1e60:
        assert real("x", value) == reals("x", [value])[0] == value
    else:
        with pytest.raises(ArgumentError, match="need a magnitude up to 1e[+]60"):
            real("x", value)
        with pytest.raises(ArgumentError, match=r"^x\[1\] = "):
            reals("x", [1.0, value])


@given(value=finite, low=finite, high=finite)
def test_real_accepts_exactly_the_closed_interval(value, low, high):
    assume(low <= high)
    if low <= value <= high:
        assert real("x", value, low=low, high=high) == value
    else:
        with pytest.raises(ValueError):
            real("x", value, low=low, high=high)


@given(end=finite)
def test_open_ends_are_excluded(end):
    assert real("x", end, low=end, high=end) == end
    with pytest.raises(ValueError):
        real("x", end, low=end, low_open=True)
    with pytest.raises(ValueError):
        real("x", end, high=end, high_open=True)


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ({}, "need a finite number"),
        ({"low": 0.0}, "need a finite number with x >= 0"),
        ({"low": 0.0, "low_open": True}, "need a finite number with x > 0"),
        ({"high": -8.0}, "need a finite number with x <= -8"),
        ({"low": -1.0, "high": 1.0, "high_open": True}, "need a finite number with x >= -1 and x < 1"),
    ],
)
def test_the_message_states_value_and_allowed_interval(interval, said):
    value = math.nan if not interval else -7.5
    with pytest.raises(ValueError) as caught:
        real("x", value, **interval)
    assert str(caught.value) == f"x = {value!r} is not allowed: {said}"


@given(st.floats(0, 1e60, exclude_min=True))
def test_positive_accepts_positive_numbers(value):
    assert positive("x", value) == value


@given(st.floats(max_value=0, allow_infinity=False))
def test_positive_refuses_zero_and_below(value):
    with pytest.raises(ValueError, match="with x > 0"):
        positive("x", value)


def test_positive_has_an_upper_end():
    assert positive("x", 3, high=3.0) == 3.0
    with pytest.raises(ValueError, match="with x > 0 and x <= 3"):
        positive("x", 3.1, high=3.0)


@given(value=st.lists(st.floats(0, 1e9), min_size=1), data=st.data())
def test_reals_names_the_first_value_that_is_refused(value, data):
    accepted = reals("x", value, low=0.0)
    assert accepted.dtype == float
    assert accepted.tolist() == value
    index = data.draw(st.integers(0, len(value) - 1))
    value[index] = -1.0
    with pytest.raises(ValueError, match=rf"^x\[{index}\] = -1.0 is not allowed"):
        reals("x", value, low=0.0)


def test_reals_keeps_the_shape_and_copies():
    given_values = np.arange(6.0).reshape(2, 3)
    accepted = reals("x", given_values)
    accepted[0, 0] = 9.0
    assert given_values[0, 0] == 0.0
    assert accepted.shape == (2, 3)
    with pytest.raises(ValueError, match=r"^x\[1, 2\] = 5.0 is not allowed: .* < 5$"):
        reals("x", given_values, high=5.0, high_open=True)


def test_reals_gives_a_float_for_a_single_number():
    assert type(reals("x", 3)) is float
    assert reals("x", np.array(3)).shape == ()
    with pytest.raises(ValueError, match=r"nan is not allowed"):
        reals("x", np.array(math.nan))


@pytest.mark.parametrize("value", [[True, False], ["1"], [1j], [None], np.array(["a"])])
def test_reals_refuses_other_types(value):
    with pytest.raises(TypeError, match="^x is not allowed: need real numbers"):
        reals("x", value)


def test_reals_refuses_ragged_input():
    with pytest.raises(ArgumentError, match=r"^x = .* is not allowed: need a rectangular array") as caught:
        reals("x", [[1.0], [1.0, 2.0]])
    assert caught.value.name == "x" and caught.value.value == [[1.0], [1.0, 2.0]]


@pytest.mark.parametrize("value", [10**400, -(10**400), Fraction(10**400, 3)])
@pytest.mark.parametrize("check", [real, positive, reals])
def test_numbers_beyond_the_largest_float_are_refused_by_name(check, value):
    with pytest.raises(ArgumentError, match="^x = .* is not allowed: need a finite number") as caught:
        check("x", value)
    assert len(str(caught.value)) < 600


def test_an_integer_that_python_does_not_print_still_gives_a_named_error():
    with pytest.raises(ArgumentError, match="^x = <int> is not allowed: need a finite number"):
        real("x", 10**5000)
    with pytest.raises(ArgumentError, match="^n = <int> is not allowed"):
        integer("n", 10**5000, low=0, high=9)


@pytest.mark.parametrize("value", [np.timedelta64(3, "s"), np.timedelta64("NaT"), np.datetime64("2020")])
def test_spans_of_time_are_no_numbers(value):
    for check in (real, positive, reals, lambda name, value: integer(name, value, low=0)):
        with pytest.raises(TypeError, match="^x = .* is not allowed"):
            check("x", value)
    with pytest.raises(TypeError, match="^x is not allowed: need real numbers"):
        reals("x", np.array([value]))


def test_masked_entries_are_refused_and_an_empty_mask_is_not():
    values = np.ma.MaskedArray([1.0, 2.0], mask=[False, True])
    for bad in (values, [values, values], ([1.0, np.ma.masked],)):
        with pytest.raises(ArgumentError, match="need values without masked entries"):
            reals("x", bad)
    whole = reals("x", np.ma.MaskedArray([1.0, 2.0], mask=[False, False]))
    assert type(whole) is np.ndarray and whole.tolist() == [1.0, 2.0]


def test_booleans_are_not_taken_by_their_truth():
    assert boolean("x", True) is True and boolean("x", np.bool_(False)) is False
    for bad in (1, 0, None, "none", [], np.array([True])):
        with pytest.raises(TypeError, match="^x = .* need True or False, got "):
            boolean("x", bad)


def test_objects_of_another_class_are_named():
    class Apple(dict):
        pass

    value = Apple()
    assert instance("x", value, Apple) is value and instance("x", value, dict) is value
    with pytest.raises(TypeError, match="^x = 1.5 is not allowed: need an Apple, got float$"):
        instance("x", 1.5, Apple)


def test_messages_are_one_short_line():
    for call in (lambda: integer("x", np.zeros((50, 50)), low=0), lambda: reals("x", [list(range(5000)), [1]])):
        with pytest.raises((TypeError, ValueError)) as caught:
            call()
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 600


@given(st.integers(-5, 5))
def test_integer_accepts_exactly_its_range(value):
    if -2 <= value <= 3:
        result = integer("n", np.int32(value), low=-2, high=3)
        assert type(result) is int
        assert result == value
    else:
        with pytest.raises(ValueError, match=f"^n = {value} is not allowed: need an integer with n >= -2 and n <= 3$"):
            integer("n", value, low=-2, high=3)


def test_integer_without_upper_end():
    assert integer("n", 10**12, low=1, high=None) == 10**12
    with pytest.raises(ValueError, match="^n = 0 is not allowed: need an integer with n >= 1$"):
        integer("n", 0, low=1, high=None)


def test_counts_end_at_a_million():
    assert integer("n", 10**6, low=1) == 10**6
    with pytest.raises(ValueError, match="need an integer with n >= 1 and n <= 1000000$"):
        integer("n", 10**6 + 1, low=1)


@pytest.mark.parametrize("value", [1.0, True, "1", None, math.nan])
def test_integer_refuses_other_types(value):
    with pytest.raises(TypeError, match="^n = .* need an integer, got "):
        integer("n", value, low=0)


def test_option_accepts_only_the_choices():
    allowed = ("dropped", "madelung")
    assert option("zero_mode", "madelung", allowed) == "madelung"
    with pytest.raises(ValueError) as caught:
        option("zero_mode", "Dropped", allowed)
    assert str(caught.value) == "zero_mode = 'Dropped' is not allowed: need one of 'dropped' | 'madelung'"
    with pytest.raises(TypeError, match="need one of 'dropped' | 'madelung', got int"):
        option("zero_mode", 1, allowed)


def test_option_takes_any_iterable_of_choices():
    assert option("x", "b", (c for c in "abc")) == "b"


@pytest.mark.parametrize("value", [(1.0, 1.0), (2.0, 1.0), (1.0,), (1.0, 2.0, 3.0), 1.0, [[1.0, 2.0]]])
def test_pair_refuses_all_but_two_ascending_numbers(value):
    with pytest.raises(ArgumentError, match="^x = .* need two numbers in ascending order"):
        pair("x", value)


def test_pair_keeps_both_ends_inside():
    assert pair("x", (1, 2.0), low=1.0, high=2.0) == (1.0, 2.0)
    with pytest.raises(ArgumentError, match="^x = 2.0 is not allowed: need a finite number with x <= 1.5"):
        pair("x", (1, 2.0), high=1.5)


def test_options_refuses_other_names_and_single_strings():
    assert options("x", ("a", "b"), "ab") == ("a", "b")
    with pytest.raises(ArgumentError, match="^x = 'c' is not allowed"):
        options("x", ["a", "c"], "ab")
    for value in ("a", 1.0, None):
        with pytest.raises(TypeError, match="^x = .* need a sequence of names"):
            options("x", value, "ab")
