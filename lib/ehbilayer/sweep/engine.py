"""Evaluating a list of points through the store and an executor: what grids and boundaries have in common."""

import hashlib
import inspect
import os
import platform
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import ehbilayer
from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.sweep import executors, points, sources
from ehbilayer.sweep.errors import PointsFailed, SweepError
from ehbilayer.sweep.store import Store

PROGRESS = "EHBILAYER_PROGRESS"


class Engine:
    """A function with its fixed parameters, its store and its executor; a context, whose end ends local workers.

    Parameters are those of `ehbilayer.sweep.sweep`; `axes` are the names that vary from point to point.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or not allowed.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        axes: Iterable[str],
        *,
        store: str | os.PathLike | None,
        executor: Any,
        progress: bool | None,
        fixed: Mapping[str, Any] | None,
        extract: Sequence[str] | Callable[[Any], Any] | None,
        units: Mapping[str, str] | None,
        retry_failed: bool,
        allow_failed: bool,
        workers: int | None,
    ) -> None:
        self.function = sources.reference(function)
        self.fixed = _mapping("fixed", fixed)
        self.plain = {name: points.plain(f"fixed[{name!r}]", value) for name, value in self.fixed.items()}
        self.units: dict[str, str] = _mapping("units", units)
        for name, unit in self.units.items():
            if not isinstance(unit, str):
                raise TypeError(f"units[{name!r}] = {unit!r} is not allowed: need a string, got {type(unit).__name__}")
        self.extract, called = _extract(extract)
        self.axes = tuple(axes)
        for name in self.axes:
            if name in self.fixed:
                raise ArgumentError(f"fixed[{name!r}]", self.fixed[name], f"another name: {name} is an axis already")
            if name in points.RESERVED:
                raise ArgumentError("axis", name, f"no result that a sweep adds: {', '.join(points.RESERVED)}")
        _check_call(function, [*self.axes, *self.fixed])
        if progress is not None and not isinstance(progress, bool):
            raise TypeError(f"progress = {progress!r} is not allowed: need None, True or False")
        for name, flag in (("retry_failed", retry_failed), ("allow_failed", allow_failed)):
            if not isinstance(flag, bool):
                raise TypeError(f"{name} = {flag!r} is not allowed: need True or False")
        self.progress, self.retry_failed, self.allow_failed = progress, retry_failed, allow_failed
        self.runner = executors.Runner(executor, workers)
        self.key = sources.source_key(function, *called)
        self.store: Store | None = None
        if store is not None:
            if not isinstance(store, (str, os.PathLike)) or not os.fspath(store):
                raise TypeError(
                    f"store = {store!r} is not allowed: need the path of a directory, or None to keep nothing"
                )
            self.store = Store(store, f"{self.function.replace(':', '.')}-{self.key[:16]}")
        references = [self.function, *([self.extract] if isinstance(self.extract, str) else [])]
        self._about = points.canonical({"references": references, "source_key": self.key})
        self._shapes: dict[str, tuple[int, ...] | None] | None = None
        self._known: dict[str, str] = {}
        # Of all points so far: how many, and those that failed, with their messages.
        self._points, self._failed = 0, []

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.runner.close()

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the results by name, in the function's order; empty before the first that did not fail."""
        return {name: shape or () for name, shape in (self._shapes or {}).items()}

    def evaluate(self, places: Sequence[Mapping[str, Any]]) -> list[points.Point]:
        """Outcomes at the places (dictionaries of the axes), from the store or computed, in the same order."""
        keys = [self._key(place) for place in places]
        found: dict[str, points.Point] = {}
        for key, place in zip(keys, places, strict=True):
            text = self._stored(key, place)
            if text is not None:
                found[key] = self._decode(text)
        missing = {key: place for key, place in zip(keys, places, strict=True) if key not in found}
        if missing:
            if self.store is not None:
                self.store.open(self._about)
            self._compute(missing, found, total=len(set(keys)))
        self._points += len(places)
        for key, place in zip(keys, places, strict=True):
            if found[key].status == "failed":
                self._failed.append(f"{', '.join(f'{k} = {v!r}' for k, v in place.items())}: {found[key].message}")
        return [found[key] for key in keys]

    def report(self) -> None:
        """Raise `SweepError` if all points so far failed, warn if some did, unless failures are allowed."""
        if self.allow_failed or not self._failed:
            return
        failed = len(self._failed)
        said = f"{failed} of {self._points} points of {self.function} failed; the first, {self._failed[0]}"
        if failed == self._points:
            raise SweepError(said)
        # To the caller of the sweep.
        warnings.warn(said, PointsFailed, stacklevel=3)

    def attributes(self) -> dict[str, Any]:
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

    def describe(self, name: str) -> dict[str, str]:
        """Attributes of a coordinate or result: its unit, as given or else as the function knows it."""
        units = self._known | self.units
        return {"units": units[name]} if name in units else {}

    def _with_unit(self, name: str, value: Any) -> Any:
        return [value, *self.describe(name).values()] if self.describe(name) else value

    def _key(self, place: Mapping[str, Any]) -> str:
        content = [points.FORMAT, self.function, self.extract, self.key, points.whole({**self.plain, **place})]
        return hashlib.sha256(points.canonical(content).encode()).hexdigest()

    def _label(self, place: Mapping[str, Any]) -> str:
        return points.canonical({**self.plain, **place})

    def _stored(self, key: str, place: Mapping[str, Any]) -> str | None:
        entry = None if self.store is None else self.store.read(key)
        if entry is None:
            return None
        label, _, text = entry.partition("\n")
        # Under one key lie 1 and 1.0; a function that takes only one of them may have been asked for the other.
        again = self.retry_failed or label != self._label(place)
        return None if again and points.decode(text).status != "ok" else text

    def _compute(self, missing: Mapping[str, Mapping[str, Any]], found: dict[str, points.Point], total: int) -> None:
        def tasks() -> Iterator[tuple[str, tuple]]:
            for key, place in missing.items():
                # A sweep that runs at the same time may have got there first.
                text = self._stored(key, place)
                if text is None:
                    yield key, (self.function, self.extract, self.key, {**self.fixed, **place})
                else:
                    found[key] = self._decode(text)
                    bar.update()

        name, hidden = self.function.rpartition(":")[2], not progress_shown(self.progress)
        with tqdm(total=total, initial=len(found), unit="point", desc=name, disable=hidden) as bar:
            results = self.runner.run(tasks())
            try:
                for key, text in results:
                    point = self._decode(text)
                    if self.store is not None:
                        self.store.write(key, f"{self._label(missing[key])}\n{text}")
                    found[key] = point
                    bar.update()
            finally:
                results.close()

    def _decode(self, text: str) -> points.Point:
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
                known = ", ".join([*self.axes, *self.fixed, *shapes])
                raise ArgumentError(f"units[{unknown[0]!r}]", self.units[unknown[0]], f"a unit of one of {known}")
            self._shapes, self._known = shapes, point.units
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


def gather(values: Sequence[NDArray | None], shape: tuple[int, ...], name: str) -> NDArray:
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


def _mapping(name: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{name} = {value!r} is not allowed: need a dictionary with strings as keys")
    return dict(value)


def _extract(extract: Any) -> tuple[str | tuple[str, ...] | None, tuple[Callable[..., Any], ...]]:
    """What identifies `extract`, and the functions whose sources count through it."""
    if extract is None:
        return None, ()
    if isinstance(extract, (list, tuple)) and extract and all(isinstance(name, str) for name in extract):
        return tuple(extract), ()
    if not callable(extract):
        raise TypeError(
            f"extract = {extract!r} is not allowed: need None, a list of names of the result's attributes, "
            "or a function"
        )
    return sources.reference(extract, "extract"), (extract,)


def _check_call(function: Callable[..., Any], names: Sequence[str]) -> None:
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


def progress_shown(progress: bool | None) -> bool:
    """Whether to draw a progress bar: a built book and a log file get none, a terminal and a live notebook do."""
    if progress is not None:
        return progress
    given = os.environ.get(PROGRESS, "").strip()
    if given:
        return bool(validation.integer(PROGRESS, int(given) if given.isdecimal() else -1, low=0, high=1))
    # A Jupyter server names the session of a notebook that somebody has open; nbclient runs one without.
    live = "ipykernel" in sys.modules and "JPY_SESSION_NAME" in os.environ
    return live or bool(sys.stderr is not None and sys.stderr.isatty())
