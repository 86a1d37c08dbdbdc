"""One point of a sweep: calling the function, and its result as a text that is the same on every run."""

import base64
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ehbilayer.errors import ArgumentError
from ehbilayer.sweep import sources
from ehbilayer.sweep.errors import SweepError
from ehbilayer.validation import instance

__all__ = ["quantities"]

#: Names that a sweep adds to the results.
RESERVED = ("converged", "status", "message")
#: What `evaluate` writes; part of every key, so that another layout is never read as this one.
FORMAT = 2

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Point:
    """Outcome at one point.

    Attributes
    ----------
    status : {"ok", "unconverged", "failed"}
    message : str
        The exception of a failed point, otherwise empty.
    values : dict
        Arrays by name; None stands for a quantity that does not exist at this point.
    units : dict
        Units of parameters and values, as far as the function knows them.
    """

    status: str
    message: str
    values: dict[str, NDArray | None]
    units: dict[str, str]


def quantities(**units: str) -> Callable[[_Function], _Function]:
    """Decorator that tells a sweep the units of a function's arguments and results.

    A sweep writes them into its dataset. A result that has an attribute ``units``, a dictionary of the same kind, needs
    no decorator; what is given to the sweep itself comes before both.

    Parameters
    ----------
    **units : str
        Unit by name of the argument or result; in results, names of nested dictionaries are joined by ``_``.

    Returns
    -------
    callable
        Decorator that gives the function the attribute ``units``.

    Raises
    ------
    TypeError
        If a unit is no text.

    Examples
    --------
    >>> @quantities(r_s="a_h", energy="Ha_h")
    ... def point(r_s):
    ...     return {"energy": -1 / r_s}
    >>> point.units
    {'r_s': 'a_h', 'energy': 'Ha_h'}
    """

    for name, unit in units.items():
        instance(name, unit, str)

    def decorate(function: _Function) -> _Function:
        setattr(function, "units", units)  # noqa: B010
        return function

    return decorate


def evaluate(function: str, extract: str | tuple[str, ...] | None, key: str, parameters: Mapping[str, Any]) -> str:
    """Call a function at one point and return the outcome as text; runs in the worker process.

    Parameters
    ----------
    function : str
        Importable name (see `sources.reference`).
    extract : str or tuple of str, optional
        Importable name of a function, or attributes of the result.
    key : str
        Source key that this process's code must have.
    parameters : dict
        Keywords of the call.

    Returns
    -------
    str

    Raises
    ------
    SweepError
        If the function cannot be imported, has other sources, or returns what a sweep cannot hold.
    """
    references = (function, extract) if isinstance(extract, str) else (function,)
    try:
        called: list[Callable[..., Any]] = [sources.resolve(name) for name in references]
    except (ImportError, AttributeError) as error:
        raise SweepError(
            f"a process that computes {function} cannot import it ({error}); "
            "workers need the same packages, and a function of a script must move into a module"
        ) from error
    sources.check(key, references)
    try:
        result = called[0](**parameters)
        converged = getattr(result, "settled", getattr(result, "converged", True))
        known = _units(called[0]) | _units(result)
    except (Exception, SystemExit) as error:
        return failure(f"{type(error).__name__}: {error}")
    try:
        if isinstance(extract, tuple):
            result = {name: attrgetter(name)(result) for name in extract}
        elif extract is not None:
            result = called[1](result)
    except (Exception, SystemExit) as error:
        return failure(f"extract: {type(error).__name__}: {error}")
    if not isinstance(result, Mapping):
        result = {function.rpartition(":")[2].rpartition(".")[2]: result}
    values = {}
    for name, value in _flat(result):
        if name in values:
            raise SweepError(f"{function} returned two results called {name}")
        values[name] = value
    converged = values.pop("converged", converged)
    encoded = {name: encoded_value(function, name, value) for name, value in values.items()}
    units = {name: unit for name, unit in known.items() if name in {*parameters, *values}}
    return outcome("ok" if np.all(converged) else "unconverged", "", encoded, units)


def failure(message: str) -> str:
    """Text of a point that failed."""
    # Addresses of objects would differ from run to run.
    return outcome("failed", re.sub(r" at 0x[0-9a-f]+", "", message), {}, {})


def outcome(status: str, message: str, values: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """Text of a point, with values from `encoded_value`."""
    return json.dumps({"status": status, "message": message, "values": values, "units": units})


def decode(text: str) -> Point:
    """Point from the text of its `outcome`."""
    content = json.loads(text)
    values = {
        name: None if value is None else np.ndarray(value[1], value[0], base64.b64decode(value[2]))
        for name, value in content["values"].items()
    }
    return Point(content["status"], content["message"], values, content["units"])


def plain(name: str, value: Any) -> Any:
    """Parameter as plain Python objects that JSON keeps apart: numbers, strings, lists and dictionaries of them."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not np.isfinite(value):
            raise ArgumentError(name, value, "a finite number")
        return value
    if isinstance(value, np.ndarray):
        return plain(name, value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(f"{name}[{index}]", item) for index, item in enumerate(value)]
    if isinstance(value, Mapping) and all(isinstance(item, str) for item in value):
        return {item: plain(f"{name}[{item!r}]", content) for item, content in value.items()}
    raise TypeError(
        f"{name} = {value!r} is not allowed: need numbers, strings, None, or lists, arrays and dictionaries of them, "
        f"got {type(value).__name__}"
    )


def canonical(value: Any) -> str:
    """The one JSON text of a plain value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def whole(value: Any) -> Any:
    """Plain value with whole floats as integers: 1.0 and 1 are one point, -0.0 and 0 may be two."""
    if isinstance(value, float) and value.is_integer() and (value or math.copysign(1.0, value) > 0):
        return int(value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    return value


def _units(item: Any) -> dict[str, str]:
    units = getattr(item, "units", None)
    if not isinstance(units, Mapping):
        return {}
    return {name: unit for name, unit in units.items() if isinstance(name, str) and isinstance(unit, str)}


def _flat(result: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in result.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}_")
        else:
            yield f"{prefix}{name}", value


def encoded_value(function: str, name: str, value: Any) -> list | None:
    """Result as what JSON holds: type, shape and bytes of an array, or None."""
    if value is None:
        return None
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise SweepError(f"{function} returned an array {name} whose rows differ in length") from error
    if array.dtype.kind not in "biufcU":
        raise SweepError(
            f"{function} returned {name} of type {type(value).__name__}: a sweep holds numbers, strings, None, "
            "arrays and dictionaries of them; name what to keep of another result through extract"
        )
    # A type for strings of length zero could not be read back.
    dtype = np.dtype("<U1") if array.dtype == "U0" else array.dtype.newbyteorder("<")
    array = array.astype(dtype, order="C")
    return [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode()]
