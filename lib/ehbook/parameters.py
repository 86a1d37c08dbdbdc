"""Checks of arguments that are lists of values, each checked by a function of `ehbilayer.validation`."""

from collections.abc import Callable, Sequence
from typing import Any

from ehbilayer.errors import ArgumentError

__all__ = ["sequence"]


def sequence(
    name: str, values: Sequence[Any], check: Callable[..., Any], *, least: int = 1, **limits: Any
) -> list[Any]:
    """Return the checked values of a list.

    Parameters
    ----------
    name : str
        Name of the argument, used in the error message.
    values : list or tuple
        Values to check.
    check : callable
        `ehbilayer.validation.real`, `positive`, `integer` or `option`.
    least : int
        Smallest allowed number of values.
    **limits
        Further arguments of `check`.

    Returns
    -------
    list

    Raises
    ------
    TypeError
        If `values` is not a list or tuple, or a value is of the wrong type.
    ValueError
        If there are too few values, or one is not allowed; the message names it.

    Examples
    --------
    >>> from ehbilayer.validation import integer
    >>> sequence("meshes", [4, 6], integer, low=2)
    [4, 6]
    >>> sequence("meshes", [4], integer, least=2, low=2)
    Traceback (most recent call last):
        ...
    ehbilayer.errors.ArgumentError: meshes = [4] is not allowed: need 2 or more values
    """
    if not isinstance(values, list | tuple):
        raise TypeError(f"{name} = {values!r} is not allowed: need a list of values, got {type(values).__name__}")
    checked = [check(name, value, **limits) for value in values]
    if len(checked) < least:
        raise ArgumentError(name, values, f"{least} or more value{'s' if least > 1 else ''}")
    return checked
