"""Timing of cases: medians of repeated calls after one warm-up, in one thread."""

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
    """

    name: str
    run: Callable
    twin: Callable | None = None
    size: int | None = None
    goal_ms: float | None = None


def measure(case, repeats=7, twin_repeats=3):
    """Time a case and its twin in turn; the twin's result must agree to 1e-9."""
    ours_result = case.run()
    row = {"case": case.name, "N": case.size, "goal (ms)": case.goal_ms}
    ours = [_elapsed(case.run) for _ in range(repeats)]
    row["ours (ms)"] = 1e3 * statistics.median(ours)
    if case.twin is not None:
        np.testing.assert_allclose(case.twin(), ours_result, rtol=1e-9)
        twin = [_elapsed(case.twin) for _ in range(twin_repeats)]
        row["twin (ms)"] = 1e3 * statistics.median(twin)
        row["twin / ours"] = row["twin (ms)"] / row["ours (ms)"]
    return row


def growth_exponent(sizes, times):
    """Exponent x of time ~ N^x, least squares on logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def _elapsed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
