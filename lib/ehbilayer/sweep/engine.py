"""Evaluating a list of points through the store and an executor: what grids and boundaries have in common."""

import hashlib
import inspect
import os
import platform
import sys
from collections.abc import Mapping

import numpy as np
from tqdm import tqdm

import ehbilayer
from ehbilayer import validation
from ehbilayer.sweep import executors, points, sources
from ehbilayer.sweep.sources import SweepError
from ehbilayer.sweep.store import Store

PROGRESS = "EHBILAYER_PROGRESS"


class Engine:
    """A function with its fixed parameters, its store and its executor; a context, whose end ends local workers.

    Parameters are those of `ehbilayer.sweep.sweep`; `axes` are the names that vary from point to point.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or not allowed.
    """

    def __init__(self, function, axes, *, store, executor, progress, fixed, extract, units, retry_failed, workers):
        self.function = sources.reference(function)
        self.fixed = _mapping("fixed", fixed)
        self.plain = {name: points.plain(f"fixed[{name!r}]", value) for name, value in self.fixed.items()}
        self.units = _mapping("units", units)
        for name, unit in self.units.items():
            if not isinstance(unit, str):
                raise TypeError(f"units[{name!r}] = {unit!r} is not allowed: need a string, got {type(unit).__name__}")
        self.extract, called = _extract(extract)
        self.axes = tuple(axes)
        for name in self.axes:
            if name in self.fixed:
                raise ValueError(f"fixed[{name!r}] is not allowed: {name} is an axis already")
            if name in points.RESERVED:
                raise ValueError(
                    f"axis {name!r} is not allowed: a sweep adds results called {', '.join(points.RESERVED)}"
                )
        _check_call(function, [*self.axes, *self.fixed])
        if progress is not None and not isinstance(progress, bool):
            raise TypeError(f"progress = {progress!r} is not allowed: need None, True or False")
        if not isinstance(retry_failed, bool):
            raise TypeError(f"retry_failed = {retry_failed!r} is not allowed: need True or False")
        self.progress, self.retry_failed = progress, retry_failed
        self.runner = executors.Runner(executor, workers)
        self.key = sources.source_key(function, *called)
        self.store = None
        if store is not None:
            if not isinstance(store, (str, os.PathLike)) or not os.fspath(store):
                raise TypeError(
                    f"store = {store!r} is not allowed: need the path of a directory, or None to keep nothing"
                )
            self.store = Store(store, f"{self.function.replace(':', '.')}-{self.key[:16]}")
        self._shapes = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.runner.__exit__(*exception)

    @property
    def shapes(self):
        """Shapes of the results by name, in the function's order; empty before the first that did not fail."""
        return {name: shape or () for name, shape in (self._shapes or {}).items()}

    def evaluate(self, places):
        """Outcomes at the places (dictionaries of the axes), from the store or computed, in the same order."""
        keys = [self._key(place) for place in places]
        found = {}
        for key in keys:
            text = self._stored(key)
            if text is not None:
                found[key] = self._decode(text)
        missing = {key: place for key, place in zip(keys, places, strict=True) if key not in found}
        if missing:
            if self.store is not None:
                self.store.open()
            self._compute(missing, found, total=len(set(keys)))
        return [found[key] for key in keys]

    def attributes(self):
        """What the results depend on, without anything that differs between two equal runs."""
        versions = {name: sources.version(name) for name in ("numpy", "scipy", "numba")}
        return {
            "function": self.function,
            "fixed": points.canonical({name: self._with_unit(name, value) for name, value in self.plain.items()}),
            "extract": self.extract if isinstance(self.extract, str) else " ".join(self.extract or ()),
            "library": f"{sources.LIBRARY} {ehbilayer.__version__}",
            "software": ", ".join([f"Python {platform.python_version()}", *(f"{k} {v}" for k, v in versions.items())]),
            "source_key": self.key,
        }

    def describe(self, name):
        """Attributes of a coordinate or result."""
        return {"units": self.units[name]} if name in self.units else {}

    def _with_unit(self, name, value):
        return [value, self.units[name]] if name in self.units else value

    def _key(self, place):
        parameters = {**self.plain, **place}
        content = [points.FORMAT, self.function, self.extract, self.key, parameters]
        return hashlib.sha256(points.canonical(content).encode()).hexdigest()

    def _stored(self, key):
        text = None if self.store is None else self.store.read(key)
        if text is not None and self.retry_failed and points.decode(text).status != "ok":
            return None
        return text

    def _compute(self, missing, found, total):
        def tasks():
            for key, place in missing.items():
                # A sweep that runs at the same time may have got there first.
                text = self._stored(key)
                if text is None:
                    yield key, (self.function, self.extract, self.key, {**self.fixed, **place})
                else:
                    found[key] = self._decode(text)
                    bar.update()

        name = self.function.rpartition(":")[2]
        with tqdm(total=total, initial=len(found), unit="point", desc=name, disable=not _shown(self.progress)) as bar:
            results = self.runner.run(tasks())
            try:
                for key, text in results:
                    point = self._decode(text)
                    if self.store is not None:
                        self.store.write(key, text)
                    found[key] = point
                    bar.update()
            finally:
                results.close()

    def _decode(self, text):
        """Outcome with names and shapes that agree with the first one's, so that a mistake shows at once."""
        point = points.decode(text)
        if point.status == "failed":
            return point
        shapes = {name: None if value is None else value.shape for name, value in point.values.items()}
        if self._shapes is None:
            for name in shapes:
                if name in self.axes or name in points.RESERVED:
                    raise SweepError(f"{self.function} returned a result called {name!r}, which is an axis or reserved")
            unknown = sorted(set(self.units) - {*self.axes, *self.fixed, *shapes})
            if unknown:
                raise ValueError(
                    f"units[{unknown[0]!r}] is not allowed: need one of {', '.join([*self.axes, *self.fixed, *shapes])}"
                )
            self._shapes = shapes
        if shapes.keys() != self._shapes.keys():
            odd = sorted(shapes.keys() ^ self._shapes.keys())
            raise SweepError(
                f"{self.function} returned {', '.join(odd)} at some points only; "
                "return None where a quantity does not exist"
            )
        for name, shape in shapes.items():
            if self._shapes[name] is None:
                self._shapes[name] = shape
            elif shape not in (None, self._shapes[name]):
                raise SweepError(
                    f"{self.function} returned {name} with the shapes {self._shapes[name]} and {shape}; "
                    "need the same everywhere"
                )
        return point


def gather(values, shape, name):
    """Arrays of one shape as one array; where there is None instead, NaN (and numbers for booleans) or ``""``."""
    given = [value for value in values if value is not None]
    types = {value.dtype for value in given}
    if len({dtype.kind == "U" for dtype in types}) > 1:
        raise SweepError(f"the result {name} is text at some points and a number at others")
    text = any(dtype.kind == "U" for dtype in types)
    if len(given) < len(values) and not text:
        types.add(np.dtype(float))
    array = np.full((len(values), *shape), "" if text else 0, np.result_type(*sorted(types, key=str)))
    for index, value in enumerate(values):
        if value is not None:
            array[index] = value
        elif not text:
            array[index] = np.nan
    return array


def _mapping(name, value):
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{name} = {value!r} is not allowed: need a dictionary with strings as keys")
    return dict(value)


def _extract(extract):
    """What identifies `extract`, and the functions whose sources count through it."""
    if extract is None:
        return None, ()
    if isinstance(extract, (list, tuple)) and extract and all(isinstance(name, str) for name in extract):
        return tuple(extract), ()
    if not callable(extract):
        raise TypeError(
            f"extract = {extract!r} is not allowed: need None, a list of names of the result's attributes, or a function"
        )
    return sources.reference(extract, "extract"), (extract,)


def _check_call(function, names):
    try:
        signature = inspect.signature(function)
    except ValueError:
        return  # some compiled functions have none
    try:
        signature.bind(**dict.fromkeys(names))
    except TypeError as error:
        raise TypeError(
            f"function = {function.__qualname__} is not allowed with the arguments {', '.join(names)}: {error}"
        ) from error


def _shown(progress):
    """Whether to draw a progress bar: a built book and a log file get none, a terminal and a live notebook do."""
    if progress is not None:
        return progress
    given = os.environ.get(PROGRESS, "").strip()
    if given:
        return bool(validation.integer(PROGRESS, int(given) if given.isdecimal() else -1, low=0, high=1))
    # A Jupyter server names the session of a notebook that somebody has open; nbclient runs one without.
    live = "ipykernel" in sys.modules and "JPY_SESSION_NAME" in os.environ
    return live or bool(sys.stderr is not None and sys.stderr.isatty())
