"""What a sweep costs beyond the function it calls: a function of microseconds at 1000 points, against the plain loop.

Milliseconds in the table are therefore microseconds per point.
"""

import math
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.timing import Case
from ehbilayer.device import answer_point
from ehbilayer.sweep import source_key, sweep

X = np.linspace(0.0, 1.0, 40).tolist()
Y = np.linspace(1.0, 2.0, 25).tolist()


def point(x, y):
    """A cheap function of two arguments."""
    return math.exp(-x * y)


def loop():
    """The same grid without a sweep."""
    return np.array([[point(x=x, y=y) for y in Y] for x in X])


def on_grid(**keywords):
    """The grid through a sweep."""
    return sweep(point, {"x": X, "y": Y}, **keywords).point.values


def into_new_store(**keywords):
    """The grid through a sweep that keeps every point on disk."""
    with tempfile.TemporaryDirectory() as folder:
        return on_grid(store=folder, **keywords)


def cases():
    """All timed cases, one after the other: folders and workers are there while they are needed."""
    with tempfile.TemporaryDirectory() as full, ThreadPoolExecutor(2) as threads:
        on_grid(store=Path(full), executor="serial")
        yield Case("sweep of 1000 points, serial, nothing kept", lambda: on_grid(executor="serial"), loop)
        yield Case(
            "sweep of 1000 points, serial, new store", lambda: into_new_store(executor="serial"), loop, once=True
        )
        yield Case("sweep of 1000 points, all in the store", lambda: on_grid(store=Path(full)), loop)
        yield Case("sweep of 1000 points, 2 threads, nothing kept", lambda: on_grid(executor=threads), loop)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        yield Case("sweep of 1000 points, 2 started processes, nothing kept", lambda: on_grid(executor=processes), loop)
    yield Case(
        "sweep of 1000 points, 2 processes, new store",
        lambda: into_new_store(workers=2),
        loop,
        once=True,
    )
    yield Case("source key of a function", lambda: bool(source_key(point)))


def seconds_by_workers(counts=(1, 2, 4)):
    """Seconds that a sweep over drag times of a device takes with so many workers, which were started before.

    Returns
    -------
    dict
        Seconds by number of workers.
    """
    fixed = {"m_e": 0.2, "m_h": 0.2, "eps_r": 5.0, "lam": 36.0, "J": 5.0, "B": 10.0, "tau": 1000.0, "parts": ["drag"]}
    axes = {"density": [2e11, 4e11, 6e11, 8e11], "T": [5.0, 7.0, 9.0]}
    out = {}
    for count in counts:
        # Two quick points for each worker: none begins with importing.
        first = {"density": [4e11], "T": np.linspace(20.0, 30.0, 2 * count).tolist()}
        sweep(answer_point, first, fixed={**fixed, "d": 30.0}, workers=count)
        start = time.perf_counter()
        sweep(answer_point, axes, fixed={**fixed, "d": 20.0}, workers=count)
        out[count] = time.perf_counter() - start
    return out
