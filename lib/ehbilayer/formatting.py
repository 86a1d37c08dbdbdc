"""Numbers as text."""

import math

from ehbilayer import validation

__all__ = ["power_of_ten", "scientific", "significant"]

# More than any float has.
_MOST_DIGITS = 30

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scientific(value: float, digits: int = 1, bound: float | None = None) -> str:
    """Write a small or large number as one reads it.

    Parameters
    ----------
    value : float
        Finite.
    digits : int
        Decimals of the mantissa, at most 30.
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
    digits = validation.integer("digits", digits, low=0, high=_MOST_DIGITS)
    if bound is not None and abs(value) < validation.positive("bound", bound):
        return f"below {scientific(bound, 0).removeprefix('1 × ')}"
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    power = "" if int(exponent) == 0 else f" × 10{str(int(exponent)).translate(_RAISED)}"
    return mantissa.replace("-", "−") + power


def power_of_ten(value: float, bound: float = 1e-12) -> str:
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


def significant(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, without a power of ten; nothing for a missing value.

    Parameters
    ----------
    value : float
        Not a number where there is none.
    digits : int
        From 1 to 30; all digits of an integer part of more digits are shown.

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
    digits = validation.integer("digits", digits, low=1, high=_MOST_DIGITS)
    if isinstance(value, float) and math.isnan(value):
        return ""
    value = validation.real("value", value)
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:.0f}"
    return f"{value:#.{digits}g}".rstrip(".")
