"""Checks of public arguments, with errors that name the argument, its value and what is allowed."""

import math
import numbers
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ehbilayer.errors import ArgumentError, shown

__all__ = ["boolean", "instance", "integer", "option", "options", "pair", "positive", "real", "reals"]

Kind = TypeVar("Kind")

#: Magnitude that no quantity has in any unit, while its higher powers would leave the range of floating point.
HUGE = 1e60
#: Most of anything that can be counted, unless a function says otherwise.
MOST = 10**6


def real(
    name: str,
    value: Any,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    low_open: bool = False,
    high_open: bool = False,
) -> float:
    """Return `value` as a finite float inside an interval.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    value : float
        Value to check.
    low, high : float
        Ends of the allowed interval.
    low_open, high_open : bool
        Whether the ends themselves are excluded.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `value` is not a real number (a bool is not).
    ArgumentError
        If `value` is not finite, lies outside the interval or has a magnitude above 1e60.

    Examples
    --------
    >>> real("d", 1, low=0.0)
    1.0
    >>> real("d", -1.0, low=0.0)
    Traceback (most recent call last):
        ...
    ehbilayer.errors.ArgumentError: d = -1.0 is not allowed: need a finite number with d >= 0
    """
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, numbers.Real):
        raise _wrong_type(name, value, "a real number")
    try:
        number = float(value)
    except OverflowError:  # of an integer or a fraction beyond the largest float
        number = math.inf
    if not _inside(number, low, high, low_open, high_open):
        raise ArgumentError(name, value, f"a finite number{_interval(name, low, high, low_open, high_open)}")
    if abs(number) > HUGE:
        raise ArgumentError(name, value, f"a magnitude up to {HUGE:g}")
    return number


def positive(name: str, value: Any, *, high: float = math.inf) -> float:
    """Return `value` as a finite float greater than zero (see `real`).

    Examples
    --------
    >>> positive("r_s", 7)
    7.0
    """
    return real(name, value, low=0.0, low_open=True, high=high)


def reals(name: str, values: Any, **interval: Any) -> float | NDArray[np.float64]:
    """Return one number or an array of numbers, each finite and inside an interval.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    values : float or array_like
        Values to check, of any shape.
    **interval
        `low`, `high`, `low_open` and `high_open` as in `real`.

    Returns
    -------
    float or numpy.ndarray
        A float for a single number, otherwise a new float array of the same shape.

    Raises
    ------
    TypeError
        If `values` holds anything but real numbers.
    ArgumentError
        If a value is not finite or lies outside the interval, in which case the first such
        value is named; if nested sequences differ in length; or if entries are masked.

    Examples
    --------
    >>> reals("d", [0, 1], low=0.0)
    array([0., 1.])
    >>> reals("d", [0.0, -1.0], low=0.0)
    Traceback (most recent call last):
        ...
    ehbilayer.errors.ArgumentError: d[1] = -1.0 is not allowed: need a finite number with d[1] >= 0
    """
    if _masked(values):
        raise ArgumentError(name, values, "values without masked entries")
    try:
        given = np.asarray(values)
    except ValueError as error:
        raise ArgumentError(name, values, "a rectangular array of real numbers") from error
    if given.ndim == 0 and not isinstance(values, np.ndarray):
        return real(name, values, **interval)
    if given.dtype.kind not in "iuf":
        raise TypeError(f"{name} is not allowed: need real numbers, got an array of {given.dtype}")
    array = given.astype(float)
    for index in np.argwhere(~(_inside(array, **interval) & (np.abs(array) <= HUGE)))[:1]:
        real(f"{name}[{', '.join(map(str, index))}]", float(array[tuple(index)]), **interval)
    return array


def integer(name: str, value: Any, *, low: int, high: int | None = MOST) -> int:
    """Return `value` as an int with ``low <= value <= high``.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    value : int
        Value to check; a NumPy integer is accepted, a bool or a float is not.
    low : int
        Smallest allowed value.
    high : int, optional
        Largest allowed value; None for any.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If `value` is not an integer.
    ArgumentError
        If `value` is outside the range.

    Examples
    --------
    >>> integer("mesh", 6, low=1)
    6
    """
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, numbers.Integral):
        raise _wrong_type(name, value, "an integer")
    number = int(value)
    if number < low or (high is not None and number > high):
        top = "" if high is None else f" and {name} <= {high}"
        raise ArgumentError(name, value, f"an integer with {name} >= {low}{top}")
    return number


def pair(name: str, values: Any, **interval: Any) -> tuple[float, float]:
    """Return two numbers, the first below the second, each finite and inside an interval.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    values : (float, float)
        Values to check.
    **interval
        `low`, `high`, `low_open` and `high_open` as in `real`.

    Returns
    -------
    float, float

    Raises
    ------
    TypeError
        If `values` holds anything but real numbers.
    ArgumentError
        If there are not two of them, in ascending order, finite and inside the interval.

    Examples
    --------
    >>> pair("bracket", (1, 2), low=0.0)
    (1.0, 2.0)
    """
    two = isinstance(values, tuple | list) or (isinstance(values, np.ndarray) and values.ndim == 1)
    if not two or len(values) != 2:
        raise ArgumentError(name, values, "two numbers in ascending order")
    low, high = (real(name, value, **interval) for value in values)
    if low >= high:
        raise ArgumentError(name, values, "two numbers in ascending order")
    return low, high


def option(name: str, value: Any, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the `allowed` strings.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    value : str
        Value to check.
    allowed : iterable of str
        The choices.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If `value` is not a string.
    ArgumentError
        If `value` is not among the choices.

    Examples
    --------
    >>> option("zero_mode", "dropped", ("dropped", "madelung"))
    'dropped'
    """
    choices = tuple(allowed)
    listed = " | ".join(repr(choice) for choice in choices)
    if not isinstance(value, str):
        raise _wrong_type(name, value, f"one of {listed}")
    if value not in choices:
        raise ArgumentError(name, value, f"one of {listed}")
    return value


def options(name: str, values: Any, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return `values` as a tuple if each of them is one of the allowed strings.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    values : sequence of str
        Values to check; one string alone is none.
    allowed : iterable of str
        Choices.

    Returns
    -------
    tuple of str

    Raises
    ------
    TypeError
        If `values` is no sequence, or holds anything but strings.
    ArgumentError
        If a value is not one of the choices.

    Examples
    --------
    >>> options("parts", ["drag"], ("phase", "drag"))
    ('drag',)
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise _wrong_type(name, values, "a sequence of names")
    allowed = tuple(allowed)
    return tuple(option(name, value, allowed) for value in values)


def boolean(name: str, value: Any) -> bool:
    """Return `value` if it is True or False, of Python or NumPy.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    value : bool
        Value to check; nothing is taken by its truth.

    Returns
    -------
    bool

    Raises
    ------
    TypeError
        If `value` is anything else.

    Examples
    --------
    >>> boolean("polarised", True)
    True
    >>> boolean("polarised", "no")
    Traceback (most recent call last):
        ...
    TypeError: polarised = 'no' is not allowed: need True or False, got str
    """
    if not isinstance(value, bool | np.bool_):
        raise _wrong_type(name, value, "True or False")
    return bool(value)


def instance(name: str, value: Any, kind: type[Kind]) -> Kind:
    """Return `value` if it is an object of the class that is needed.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    value : object
        Value to check.
    kind : type
        The class; its subclasses pass.

    Returns
    -------
    object
        `value` itself.

    Raises
    ------
    TypeError
        If `value` is not of that class.

    Examples
    --------
    >>> instance("bands", 1.5, dict)
    Traceback (most recent call last):
        ...
    TypeError: bands = 1.5 is not allowed: need a dict, got float
    """
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOaeiou" else "a"
        raise _wrong_type(name, value, f"{article} {kind.__name__}")
    return value


def _wrong_type(name, value, needed):
    return TypeError(f"{name} = {shown(value)} is not allowed: need {needed}, got {type(value).__name__}")


def _masked(values, depth=0):
    """Whether NumPy would drop a mask, as it does without a word; it reads at most 64 levels of lists."""
    if isinstance(values, np.ma.MaskedArray):
        return bool(np.ma.is_masked(values))
    return isinstance(values, list | tuple) and depth < 64 and any(_masked(value, depth + 1) for value in values)


def _inside(number, low=-math.inf, high=math.inf, low_open=False, high_open=False):
    above = number > low if low_open else number >= low
    below = number < high if high_open else number <= high
    return np.isfinite(number) & above & below


def _interval(name, low, high, low_open, high_open):
    parts = []
    if low != -math.inf:
        parts.append(f"{name} {'>' if low_open else '>='} {low:g}")
    if high != math.inf:
        parts.append(f"{name} {'<' if high_open else '<='} {high:g}")
    return f" with {' and '.join(parts)}" if parts else ""
