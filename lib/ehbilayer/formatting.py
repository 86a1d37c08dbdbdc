"""Numbers as text."""

import dataclasses
import math
import numbers
from collections.abc import Callable
from typing import Any, TypeVar

from ehbilayer import validation

__all__ = ["numbers_first", "power_of_ten", "scientific", "significant"]

# More than any float has.
_MOST_DIGITS = 30

# Entries of a dictionary or tuple that a result shows.
_MOST_ENTRIES = 24

_Class = TypeVar("_Class", bound=type)

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


def numbers_first(*properties: str) -> Callable[[_Class], _Class]:
    """Let a dataclass show its numbers first, then its arguments, and neither arrays nor what else fills the screen.

    Parameters
    ----------
    *properties : str
        Names of properties that are shown before the fields.

    Returns
    -------
    callable
        Decorator of the dataclass.

    Examples
    --------
    >>> @numbers_first("area")
    ... @dataclasses.dataclass
    ... class Disc:
    ...     parameters: dict
    ...     radius: float
    ...     rim: list
    ...     area = property(lambda self: 3.0 * self.radius**2)
    >>> Disc({"eps": 1.0}, 2.0, list(range(1000)))
    Disc(area=12, radius=2, parameters={'eps': 1}, ...)
    """

    def shown(result: Any) -> str:
        fields = [field.name for field in dataclasses.fields(result) if field.repr]
        texts = {name: _text(getattr(result, name)) for name in (*properties, *fields)}
        known = {name: text for name, text in texts.items() if text and name != "units"}
        ordered = sorted(known, key=lambda name: known[name].startswith(("{", "(")))
        parts = [f"{name}={known[name]}" for name in ordered] + ["..."] * (len(known) < len(texts))
        return f"{type(result).__name__}({', '.join(parts)})"

    def decorate(kind: _Class) -> _Class:
        type.__setattr__(kind, "__repr__", shown)
        return kind

    return decorate


def _text(value: Any) -> str:
    """Text of a number, a name or a few of them; empty for anything else."""
    if value is None or isinstance(value, bool | str | int):
        return repr(value)
    if isinstance(value, numbers.Real):
        return f"{float(value):.8g}"
    if isinstance(value, dict):
        parts = [f"{key!r}: {_text(entry)}" for key, entry in value.items() if _text(entry)]
        return f"{{{', '.join(parts)}}}" if len(parts) == len(value) <= _MOST_ENTRIES else ""
    if isinstance(value, tuple) and len(value) <= _MOST_ENTRIES:
        parts = [_text(entry) for entry in value]
        return f"({', '.join(parts)})" if all(parts) else ""
    return ""
