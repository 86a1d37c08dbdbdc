"""Checks of public arguments, with errors that name the argument, its value and what is allowed."""

import math
import numbers
from collections.abc import Iterable

import numpy as np

from ehbilayer.errors import ArgumentError

__all__ = ["integer", "option", "positive", "real", "reals"]


def real(name, value, *, low=-math.inf, high=math.inf, low_open=False, high_open=False):
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
        If `value` is not finite or lies outside the interval.

    Examples
    --------
    >>> real("d", 1, low=0.0)
    1.0
    >>> real("d", -1.0, low=0.0)
    Traceback (most recent call last):
        ...
    ehbilayer.errors.ArgumentError: d = -1.0 is not allowed: need a finite number with d >= 0
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} = {value!r} is not allowed: need a real number, got {type(value).__name__}")
    number = float(value)
    if not _inside(number, low, high, low_open, high_open):
        raise ArgumentError(name, value, f"a finite number{_interval(name, low, high, low_open, high_open)}")
    return number


def positive(name, value, *, high=math.inf):
    """Return `value` as a finite float greater than zero (see `real`).

    Examples
    --------
    >>> positive("r_s", 7)
    7.0
    """
    return real(name, value, low=0.0, low_open=True, high=high)


def reals(name, values, **interval):
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
        value is named; or if nested sequences differ in length.

    Examples
    --------
    >>> reals("d", [0, 1], low=0.0)
    array([0., 1.])
    >>> reals("d", [0.0, -1.0], low=0.0)
    Traceback (most recent call last):
        ...
    ehbilayer.errors.ArgumentError: d[1] = -1.0 is not allowed: need a finite number with d[1] >= 0
    """
    try:
        given = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} is not allowed: need a rectangular array of real numbers") from error
    if given.ndim == 0 and not isinstance(values, np.ndarray):
        return real(name, values, **interval)
    if given.dtype.kind not in "iuf":
        raise TypeError(f"{name} is not allowed: need real numbers, got an array of {given.dtype}")
    array = given.astype(float)
    for index in np.argwhere(~_inside(array, **interval))[:1]:
        real(f"{name}[{', '.join(map(str, index))}]", float(array[tuple(index)]), **interval)
    return array


def integer(name, value, *, low, high=None):
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
        Largest allowed value.

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
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} = {value!r} is not allowed: need an integer, got {type(value).__name__}")
    number = int(value)
    if number < low or (high is not None and number > high):
        top = "" if high is None else f" and {name} <= {high}"
        raise ArgumentError(name, value, f"an integer with {name} >= {low}{top}")
    return number


def option(name, value, allowed: Iterable[str]):
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
        raise TypeError(f"{name} = {value!r} is not allowed: need one of {listed}, got {type(value).__name__}")
    if value not in choices:
        raise ArgumentError(name, value, f"one of {listed}")
    return value


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
