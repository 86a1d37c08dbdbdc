"""Timing of cases: medians of repeated calls after one warm-up, in one thread."""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Case:
    """Something to time.

    Attributes
    ----------
    name : str
    run : callable
        Our code; its result is compared with the twin's.
    twin : callable, optional
        The same result in plain NumPy/SciPy.
    size : int, optional
        N, for cases that belong to a family of growing size.
    goal_ms : float, optional
        The time that the project set itself.
    rtol : float
        Agreement that the twin's result must have.
    once : bool
        So long that only the first call is timed; its kernels take no time to compile beside it.
    """

    name: str
    run: Callable
    twin: Callable | None = None
    size: int | None = None
    goal_ms: float | None = None
    rtol: float = 1e-9
    once: bool = False


def measure(case, repeats=7, twin_repeats=3, seconds=math.inf):
    """Time a case and its twin in turn; the twin's result must agree.

    A call is repeated `repeats` times, or fewer once the repeats have taken `seconds` together.
    """
    first, ours_result = _timed(case.run)
    row = {"case": case.name, "N": case.size, "goal (ms)": case.goal_ms}
    ours = [first] if case.once else _repeated(case.run, repeats, seconds, [])
    row["ours (ms)"] = 1e3 * statistics.median(ours)
    if case.twin is not None:
        first, twin_result = _timed(case.twin)
        np.testing.assert_allclose(twin_result, ours_result, rtol=case.rtol)
        row["difference"] = float(np.max(np.abs(np.asarray(twin_result) / np.asarray(ours_result) - 1)))
        # Nothing is compiled in a twin, so that its first call counts where more would take too long.
        twin = _repeated(case.twin, twin_repeats, seconds, [first] if first > seconds else [])
        row["twin (ms)"] = 1e3 * statistics.median(twin)
        row["twin / ours"] = row["twin (ms)"] / row["ours (ms)"]
    return row


def growth_exponent(sizes, times):
    """Exponent x of time ~ N^x, least squares on logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def _repeated(function, repeats, seconds, times):
    while not times or (len(times) < repeats and sum(times) < seconds):
        times.append(_timed(function)[0])
    return times


def _timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result
