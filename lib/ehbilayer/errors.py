"""Errors that carry what they are about, so that callers read attributes and not messages."""

from typing import Any

__all__ = ["ArgumentError", "GridTooCoarse", "NotConverged", "shown"]

_LONGEST = 400


def shown(value: Any) -> str:
    """What an error message prints of a value: its repr on one line, cut where it is long.

    Examples
    --------
    >>> shown(-1.0), len(shown("x" * 10**6)), shown(10**5000)
    ('-1.0', 400, '<int>')
    """
    try:
        text = " ".join(repr(value).splitlines())
    except Exception:  # the repr of any object, or of an integer with too many digits, may raise anything
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."


class ArgumentError(ValueError):
    """An argument has a value that is not allowed.

    Parameters
    ----------
    name : str
        Name of the argument.
    value : object
        What was given.
    allowed : str
        What is needed instead, with name and range.
    reason : str
        Why, where that is not plain.

    Attributes
    ----------
    name, value, allowed, reason
        As given.

    Examples
    --------
    >>> raise ArgumentError("d", -1.0, "a finite number with d >= 0")
    Traceback (most recent call last):
        ...
    ehbilayer.errors.ArgumentError: d = -1.0 is not allowed: need a finite number with d >= 0
    """

    def __init__(self, name: str, value: Any, allowed: str, reason: str = "") -> None:
        # The arguments themselves are stored too: an exception travels between processes as its class and `args`.
        super().__init__(name, value, allowed, reason)
        self.name, self.value, self.allowed, self.reason = name, value, allowed, reason

    def __str__(self) -> str:
        reason = f"{self.reason}, " if self.reason else ""
        return f"{self.name} = {shown(self.value)} is not allowed: {reason}need {self.allowed}"


class GridTooCoarse(ArgumentError):
    """A grid or cutoff that was asked for cannot resolve the physics, or would need more points than allowed.

    Examples
    --------
    >>> isinstance(GridTooCoarse("spacing", 1.0, "spacing <= 0.5"), ArgumentError)
    True
    """


class NotConverged(RuntimeError):
    """An iteration ended before its result was as accurate as asked.

    Examples
    --------
    >>> isinstance(NotConverged("no self-consistent field after 200 iterations"), RuntimeError)
    True
    """
