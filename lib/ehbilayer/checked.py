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
    with ``isinstance``, functions must be callable. Of sequences (tuples, lists, arrays, never a text), of mappings and
    of other collections the kind is checked, the length of a tuple that has one, and every element by the same rules.
    Nothing is converted: the function gets what it was given, and checks ranges itself. Annotations of other kinds
    are not looked at.

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
            (name, _check(hints[name]))
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


def _check(annotation: Any) -> Callable[[str, Any], Any]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        kinds = typing.get_args(annotation)
        if type(None) in kinds:
            rest = tuple(kind for kind in kinds if kind is not type(None))
            inner = _check(typing.Union[rest])  # noqa: UP007
            return lambda name, value: None if value is None else inner(name, value)
        if "ArrayLike" in str(annotation) or any("_SupportsArray" in str(kind) for kind in kinds):
            return _array_like
        if float in kinds and all(kind is float or typing.get_origin(kind) is np.ndarray for kind in kinds):
            return _array_like
        if all(isinstance(kind, type) and kind not in _CONTAINERS for kind in kinds):
            return functools.partial(_instance, kind=kinds)
        return functools.partial(_either, checks=tuple(map(_check, kinds)))
    container = _CONTAINERS.get(origin or annotation)
    if container is not None:
        return container(typing.get_args(annotation))
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


def _either(name: str, value: Any, checks: tuple[Callable[[str, Any], Any], ...]) -> None:
    """One of several kinds; where it is none, what the first of them says."""
    said: Exception | None = None
    for check in checks:
        try:
            check(name, value)
        except (TypeError, ValueError) as error:
            said = said or error
        else:
            return
    if said is not None:
        raise said


def _sequence(arguments: tuple) -> Callable[[str, Any], Any]:
    element = _check(arguments[0]) if arguments else _nothing

    def check(name: str, value: Any) -> None:
        for place, item in enumerate(_listed(name, value)):
            element(f"{name}[{place}]", item)

    return check


def _tuple(arguments: tuple) -> Callable[[str, Any], Any]:
    if len(arguments) == 2 and arguments[1] is ...:
        return _sequence(arguments[:1])
    elements = tuple(map(_check, arguments))

    def check(name: str, value: Any) -> None:
        given = _listed(name, value)
        if elements and len(given) != len(elements):
            raise ArgumentError(name, value, f"{len(elements)} values")
        for place, (element, item) in enumerate(zip(elements, given, strict=False)):
            element(f"{name}[{place}]", item)

    return check


def _mapping(arguments: tuple) -> Callable[[str, Any], Any]:
    key, element = map(_check, arguments or (Any, Any))

    def check(name: str, value: Any) -> None:
        if not isinstance(value, collections.abc.Mapping):
            validation.instance(name, value, dict)
        for word, item in value.items():
            key(f"{name} (a key)", word)
            element(f"{name}[{word!r}]", item)

    return check


def _iterable(arguments: tuple) -> Callable[[str, Any], Any]:
    element = _check(arguments[0]) if arguments else _nothing

    def check(name: str, value: Any) -> None:
        if isinstance(value, str | bytes) or not isinstance(value, collections.abc.Iterable):
            raise _no_sequence(name, value)
        # An iterator would be used up.
        for place, item in enumerate(value if isinstance(value, collections.abc.Collection) else ()):
            element(f"{name}[{place}]", item)

    return check


def _listed(name: str, value: Any) -> Any:
    """What has a length and an order."""
    unordered = str | bytes | bytearray | collections.abc.Mapping | collections.abc.Set
    if isinstance(value, unordered) or not all(hasattr(value, part) for part in ("__len__", "__getitem__")):
        raise _no_sequence(name, value)
    if isinstance(value, type) or (isinstance(value, np.ndarray) and value.ndim == 0):
        raise _no_sequence(name, value)
    return value


def _no_sequence(name: str, value: Any) -> TypeError:
    return TypeError(f"{name} = {shown(value)} is not allowed: need a sequence, got {type(value).__name__}")


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

_CONTAINERS: dict[Any, Callable[[tuple], Callable[[str, Any], Any]]] = {
    tuple: _tuple,
    list: _sequence,
    collections.abc.Sequence: _sequence,
    dict: _mapping,
    collections.abc.Mapping: _mapping,
    collections.abc.Iterable: _iterable,
    collections.abc.Collection: _iterable,
}
