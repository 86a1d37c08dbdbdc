"""Phase boundaries, refined where phases change."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.sweep.engine import Engine
from ehbilayer.sweep.errors import SweepError
from ehbilayer.sweep.grid import check_axes
from ehbilayer.sweep.points import Point

__all__ = ["refine_boundary"]


def refine_boundary(
    function: Callable[..., Any],
    axis: str,
    bracket: ArrayLike | range,
    *,
    tolerance: float,
    over: Mapping[str, Iterable[Any]] | None = None,
    label: str | None = None,
    level: float = 0.0,
    sections: int = 1,
    store: str | os.PathLike | None = None,
    executor: Any = None,
    progress: bool | None = None,
    fixed: Mapping[str, Any] | None = None,
    extract: Sequence[str] | Callable[[Any], Any] | None = None,
    units: Mapping[str, str] | None = None,
    retry_failed: bool = False,
    allow_failed: bool = False,
    workers: int | None = None,
) -> xr.Dataset:
    """Find where a phase changes along one axis, for each point of a grid of other axes.

    The function is evaluated at the points of `bracket`; wherever the phase differs between neighbours, the interval
    is divided until it is not wider than the tolerance. All intervals of all lines are divided in one batch, and a
    batch is complete before the next is chosen: the points, and with them the result, do not depend on workers or
    order. A phase that shows up inside an interval gets boundaries of its own; one that is narrower than the bracket's
    spacing can be missed.

    Parameters
    ----------
    function : callable
        As in `ehbilayer.sweep.sweep`. It returns the phase as a string, integer or boolean; or a float, such as
        an energy difference, that is below `level` in one phase and not in the other.
    axis : str
        Argument along which the phase changes.
    bracket : sequence of float
        Two or more increasing values where the search begins.
    tolerance : float
        Largest width of the final intervals, > 0.
    over : dict, optional
        Other axes and their values, as in `ehbilayer.sweep.sweep`.
    label : str, optional
        Which result is the phase; may be left out if there is only one.
    level : float
        Value at which a float changes the phase.
    sections : int
        New points per interval and batch, 1 to 1000. One takes the fewest points; with more than twice as many
        workers as lines, a larger number takes less time.
    store, executor, progress, fixed, extract, units, retry_failed, allow_failed, workers
        As in `ehbilayer.sweep.sweep`, whose points it shares.

    Returns
    -------
    xarray.Dataset
        Over the axes of `over` and the number of the ``change`` along the line: ``boundary`` (the middle of the final
        interval), ``uncertainty`` (half its width), the phases ``below`` and ``above`` it, and ``status``: "ok";
        "failed" if a point in between failed or did not converge, so that the interval stayed wide; empty
        where a line has fewer changes than another. Over the axes of `over` alone: ``evaluated`` and ``failed``, the
        numbers of points, and ``message``, the first exception. Attributes as in `ehbilayer.sweep.sweep`.

    Raises
    ------
    TypeError, ArgumentError, SweepError, OSError
        As `ehbilayer.sweep.sweep`.

    Warns
    -----
    RuntimeWarning, PointsFailed
        As `ehbilayer.sweep.sweep`.

    Notes
    -----
    The package adaptive is not used: its learners choose the next points from the results that happen to have
    arrived, so a parallel run is not repeatable, and they resolve curvature or level lines of a number where a
    phase diagram has labels. For labels along a line, bisection is optimal.

    Examples
    --------
    The r_s at which the gap of the holes reaches a tenth of the electrons' Fermi energy:

    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> ds = refine_boundary(
    ...     solve_crystal, "r_s", [2.0, 7.0], tolerance=0.1, level=0.1, over={"d": [1.0, 2.0]},
    ...     fixed={"mesh": 4, "cutoff": 2.0}, extract=["gap_indirect"], executor="serial",
    ... )
    >>> ds.boundary.dims, ds.boundary.values.round(1).ravel().tolist(), ds.below.values.ravel().tolist()
    (('d', 'change'), [4.5, 4.5], ['< 0.1', '< 0.1'])
    """
    axis = _name(axis)
    ends = _bracket(bracket)
    tolerance = validation.positive("tolerance", tolerance)
    smallest = 4 * np.spacing(max(map(abs, ends)))
    if tolerance < smallest:
        raise ArgumentError("tolerance", tolerance, f"tolerance >= {smallest:.1e}, the spacing of floats")
    level = validation.real("level", level)
    sections = validation.integer("sections", sections, low=1, high=1000)
    if label is not None and not isinstance(label, str):
        raise TypeError(f"label = {label!r} is not allowed: need None or the name of a result")
    others = {} if over is None or (isinstance(over, Mapping) and not over) else check_axes("over", over)
    if axis in others:
        raise ArgumentError(f"over[{axis!r}]", others[axis], f"other axes: {axis} is the one along which to search")
    with Engine(
        function,
        [axis, *others],
        store=store,
        executor=executor,
        progress=progress,
        fixed=fixed,
        extract=extract,
        units=units,
        retry_failed=retry_failed,
        allow_failed=allow_failed,
        workers=workers,
    ) as engine:
        lines = [_Line(dict(zip(others, values, strict=True))) for values in product(*others.values())]
        wanted = [(line, value) for line in lines for value in ends]
        while wanted:
            found = engine.evaluate([{axis: value, **line.place} for line, value in wanted])
            for (line, value), point in zip(wanted, found, strict=True):
                line.add(value, point, label, level)
            wanted = [(line, value) for line in lines for value in line.wanted(tolerance, sections)]
        engine.report()
        return _dataset(engine, axis, others, lines)


class _Line:
    """Phases found so far along one line."""

    def __init__(self, place: dict[str, Any]) -> None:
        self.place = place
        self.phases: dict[float, str] = {}
        self.failed: set[float] = set()
        self.message = ""

    def add(self, value: float, point: Point, label: str | None, level: float) -> None:
        message = point.message or "not converged"
        if point.status == "ok":
            phase = _phase(point, label, level)
            if phase is not None:
                self.phases[value] = phase
                return
            message = "no phase"
        self.failed.add(value)
        self.message = self.message or message

    def changes(self) -> list[tuple[float, float]]:
        """Intervals between neighbouring good points of different phase."""
        return [(low, high) for low, high in pairwise(sorted(self.phases)) if self.phases[low] != self.phases[high]]

    def blocked(self, low: float, high: float) -> bool:
        """Whether a point inside the interval failed."""
        return any(low < value < high for value in self.failed)

    def wanted(self, tolerance: float, sections: int) -> Iterator[float]:
        """Points that divide the intervals which are still too wide."""
        for low, high in self.changes():
            if high - low > tolerance and not self.blocked(low, high):
                for step in range(1, sections + 1):
                    value = low + (high - low) * (step / (sections + 1))
                    if low < value < high:
                        yield value


def _dataset(engine: Engine, axis: str, over: dict[str, list], lines: list[_Line]) -> xr.Dataset:
    shape = tuple(map(len, over.values()))
    changes = [line.changes() for line in lines]
    count = max(map(len, changes))
    numbers = np.full((2, len(lines), count), np.nan)
    texts = {name: [[""] * count for _ in lines] for name in ("below", "above", "status")}
    for index, (line, intervals) in enumerate(zip(lines, changes, strict=True)):
        for change, (low, high) in enumerate(intervals):
            numbers[:, index, change] = low + (high - low) / 2, (high - low) / 2
            texts["below"][index][change] = line.phases[low]
            texts["above"][index][change] = line.phases[high]
            texts["status"][index][change] = "failed" if line.blocked(low, high) else "ok"
    inner, outer = (*over, "change"), tuple(over)
    unit = engine.describe(axis)
    variables = {
        "boundary": (inner, numbers[0].reshape((*shape, count)), unit),
        "uncertainty": (inner, numbers[1].reshape((*shape, count)), unit),
        **{name: (inner, np.array(text, dtype=str).reshape((*shape, count)), {}) for name, text in texts.items()},
        "evaluated": (outer, np.array([len(line.phases) + len(line.failed) for line in lines]).reshape(shape), {}),
        "failed": (outer, np.array([len(line.failed) for line in lines]).reshape(shape), {}),
        "message": (outer, np.array([line.message for line in lines]).reshape(shape), {}),
    }
    coordinates = {name: (name, np.array(values), engine.describe(name)) for name, values in over.items()}
    return xr.Dataset(variables, coordinates, {**engine.attributes(), "axis": axis})


def _phase(point: Point, label: str | None, level: float) -> str | None:
    """Phase as text, None where the result is missing."""
    name = label if label is not None or len(point.values) != 1 else next(iter(point.values))
    if name is None or name not in point.values:
        raise ArgumentError("label", label, f"one of {', '.join(point.values)}")
    value = point.values[name]
    if value is None:
        return None
    if value.ndim or value.dtype.kind == "c":
        raise SweepError(f"the result {name} is not a phase: need text, an integer, a boolean or a float")
    if value.dtype.kind != "f":
        return str(value)
    if np.isnan(value):
        return None
    return f">= {level:g}" if value >= level else f"< {level:g}"


def _name(axis: Any) -> str:
    if not isinstance(axis, str):
        raise TypeError(f"axis = {axis!r} is not allowed: need the name of an argument, got {type(axis).__name__}")
    return axis


def _bracket(bracket: Any) -> list[float]:
    values = np.asarray(validation.reals("bracket", list(bracket) if isinstance(bracket, range) else bracket))
    if values.ndim != 1 or len(values) < 2 or not np.all(np.diff(values) > 0):
        raise ArgumentError("bracket", bracket, "two or more increasing numbers")
    return values.tolist()
