"""Arguments checked by what the signature says they are."""

import collections.abc
import functools
import inspect
import numbers
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import ArgumentError, shown

Function = TypeVar("Function", bound=Callable)

#: A whole number beyond this is no size or count that a computer could follow.
LARGEST = 2**62


def checked(function: Function) -> Function:
    """Refuse, by name, every argument that is not of the kind that the function's annotation says.

    Numbers must be finite; arrays hold numbers, finite ones if the annotation says ``ArrayLike``; classes are looked up
    with ``isinstance``, functions must be callable. Nothing is converted: the function gets what it was given, and
    checks ranges itself. Annotations of other kinds are not looked at.

    Parameters
    ----------
    function : callable
        With annotated arguments.

    Returns
    -------
    callable

    Examples
    --------
    >>> @checked
    ... def area(radius: float) -> float:
    ...     return 3.14159 * radius**2
    >>> area("2")
    Traceback (most recent call last):
        ...
    TypeError: radius = '2' is not allowed: need a real number, got str
    """
    signature = inspect.signature(function)

    @functools.cache
    def checks() -> list[tuple[str, Callable[[str, Any], Any]]]:
        # At the first call, when the classes that annotations name are all defined.
        hints = typing.get_type_hints(function)
        return [
            (name, _check(hints[name], parameter.default))
            for name, parameter in signature.parameters.items()
            if name in hints and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        ]

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        for name, check in checks():
            if name in given:
                check(name, given[name])
        return function(*args, **kwargs)

    return typing.cast(Function, wrapper)


def _check(annotation: Any, default: Any) -> Callable[[str, Any], Any]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        kinds = typing.get_args(annotation)
        if type(None) in kinds:
            rest = tuple(kind for kind in kinds if kind is not type(None))
            inner = _check(typing.Union[rest], default)  # noqa: UP007
            return lambda name, value: None if value is None else inner(name, value)
        if "ArrayLike" in str(annotation) or any("_SupportsArray" in str(kind) for kind in kinds):
            return _array_like
        if float in kinds and all(kind is float or typing.get_origin(kind) is np.ndarray for kind in kinds):
            return _array_like
        if all(isinstance(kind, type) for kind in kinds):
            return functools.partial(_instance, kind=kinds)
        return _nothing
    return _SIMPLE.get(origin or annotation, _nothing) if origin or annotation in _SIMPLE else _class(annotation)


def _class(annotation: Any) -> Callable[[str, Any], Any]:
    plain = isinstance(annotation, type) and annotation is not object and not typing.is_typeddict(annotation)
    if plain and getattr(annotation, "_is_protocol", False):
        return functools.partial(_like, kind=annotation)
    if plain:
        return functools.partial(_instance, kind=(annotation,))
    return _nothing


def _instance(name: str, value: Any, kind: tuple[type, ...]) -> None:
    if not isinstance(value, kind):
        validation.instance(name, value, kind[0])


def _like(name: str, value: Any, kind: type) -> None:
    parts = {*kind.__annotations__, *(part for part in vars(kind) if not part.startswith("_"))}
    if not all(hasattr(value, part) for part in parts):
        raise TypeError(f"{name} = {shown(value)} is not allowed: need an object with {', '.join(sorted(parts))}")


def _nothing(name: str, value: Any) -> None:
    """Any value will do."""


def _integer(name: str, value: Any) -> None:
    validation.integer(name, value, low=-LARGEST, high=LARGEST)


def _complex(name: str, value: Any) -> None:
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        validation.reals(name, [value.real, value.imag])
    else:
        validation.real(name, value)


def _numbers(name: str, value: Any) -> None:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iufcb":
        raise ArgumentError(name, value, "an array of numbers")


def _array_like(name: str, value: Any) -> None:
    try:
        array = np.asarray(value)
    except ValueError:
        array = None
    if array is None or array.dtype.kind != "c":
        validation.reals(name, value)
    elif not np.isfinite(array).all():
        raise ArgumentError(name, value, "finite numbers")


def _callable(name: str, value: Any) -> None:
    if not callable(value):
        raise ArgumentError(name, value, "a function")


_SIMPLE: dict[Any, Callable[[str, Any], Any]] = {
    float: validation.real,
    int: _integer,
    bool: validation.boolean,
    np.ndarray: _numbers,
    collections.abc.Callable: _callable,
    Any: _nothing,
    complex: _complex,
}
