"""One point of a sweep: calling the function, and its result as a text that is the same on every run."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from ehbilayer.sweep import sources
from ehbilayer.sweep.sources import SweepError

#: Names that a sweep adds to the results.
RESERVED = ("converged", "status", "message")
#: What `evaluate` writes; part of every key, so that another layout is never read as this one.
FORMAT = 1


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
    """

    status: str
    message: str
    values: dict


def evaluate(function, extract, key, parameters):
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
        called = list(map(sources.resolve, references))
    except (ImportError, AttributeError) as error:
        raise SweepError(
            f"a process that computes {function} cannot import it ({error}); "
            "workers need the same packages, and a function of a script must move into a module"
        ) from error
    sources.check(key, references)
    try:
        result = called[0](**parameters)
        converged = getattr(result, "converged", True)
        if isinstance(extract, tuple):
            result = {name: attrgetter(name)(result) for name in extract}
        elif extract is not None:
            result = called[1](result)
    except (Exception, SystemExit) as error:
        return failure(f"{type(error).__name__}: {error}")
    if not isinstance(result, Mapping):
        result = {function.rpartition(":")[2].rpartition(".")[2]: result}
    values = dict(_flat(result))
    converged = values.pop("converged", converged)
    encoded = {name: _encode(function, name, value) for name, value in values.items()}
    return _text("ok" if np.all(converged) else "unconverged", "", encoded)


def failure(message):
    """Text of a point that failed."""
    # Addresses of objects would differ from run to run.
    return _text("failed", re.sub(r" at 0x[0-9a-f]+", "", message), {})


def decode(text):
    """Outcome that `evaluate` wrote."""
    content = json.loads(text)
    values = {
        name: None if value is None else np.ndarray(value[1], value[0], base64.b64decode(value[2]))
        for name, value in content["values"].items()
    }
    return Point(content["status"], content["message"], values)


def plain(name, value):
    """Parameter as plain Python objects that JSON keeps apart: numbers, strings, lists and dictionaries of them."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not np.isfinite(value):
            raise ValueError(f"{name} = {value!r} is not allowed: need a finite number")
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


def canonical(value):
    """The one JSON text of a plain value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _flat(result, prefix=""):
    for name, value in result.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}_")
        else:
            yield f"{prefix}{name}", value


def _encode(function, name, value):
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


def _text(status, message, values):
    return json.dumps({"status": status, "message": message, "values": values})
