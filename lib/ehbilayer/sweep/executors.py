"""Running the points: in this process, in worker processes here, or through an executor that somebody else made."""

import os
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.sweep.errors import SweepError
from ehbilayer.sweep.points import evaluate, failure

WORKERS = "EHBILAYER_WORKERS"
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)
# Raised by dask for a task that took its worker down several times: the point is at fault, not the set-up.
_KILLERS = ("KilledWorker",)
_environment = threading.Lock()
#: Seconds for which worker processes wait for the next sweep.
_PATIENCE = 60.0

_Task = tuple[str, tuple]


def check(executor: Any) -> None:
    """Raise unless `executor` is one of the kinds that a `Runner` takes."""
    if executor is None or hasattr(executor, "submit"):
        return
    if not isinstance(executor, str):
        raise TypeError(
            f"executor = {executor!r} is not allowed: need None, 'serial', 'processes', the address of a dask "
            f"scheduler, or an object with the concurrent.futures interface, got {type(executor).__name__}"
        )
    if executor not in ("serial", "processes") and "://" not in executor:
        raise ArgumentError(
            "executor",
            executor,
            "None | 'serial' | 'processes' | the address of a dask scheduler such as 'tcp://host:8786'",
        )


def worker_count(workers: int | None = None) -> int:
    """Number of local worker processes: the argument, else EHBILAYER_WORKERS, else two if there are two cores."""
    if workers is not None:
        return validation.integer("workers", workers, low=1)
    given = os.environ.get(WORKERS, "").strip()
    if not given:
        return min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    if not given.isdecimal() or int(given) < 1:
        raise ArgumentError(WORKERS, given, "an integer >= 1")
    return int(given)


class Runner:
    """Evaluates batches of tasks on one executor; after `close` its worker processes wait for the next for a while.

    Parameters
    ----------
    executor : object
        See `check`.
    workers : int, optional
        See `worker_count`.
    """

    def __init__(self, executor: Any, workers: int | None) -> None:
        check(executor)
        self._executor, self._workers = executor, worker_count(workers)
        self._pool: _Pool | None = None

    def close(self) -> None:
        """Leave the worker processes to the next sweep of this process."""
        if self._pool is not None:
            _idle.put(self._pool)

    def run(self, tasks: Iterable[_Task]) -> Generator[tuple[str, str], None, None]:
        """Evaluate tasks and give their results in the order in which they finish.

        Parameters
        ----------
        tasks : iterable of (label, arguments)
            Arguments of `points.evaluate`. Taken one by one as workers become free, except by a foreign executor.

        Yields
        ------
        tuple
            Label and text of the outcome.

        Raises
        ------
        SweepError
            If a task cannot be evaluated for a reason other than the function's own failure.
        """
        if self._executor == "serial":
            return ((label, evaluate(*arguments)) for label, arguments in tasks)
        if self._executor is None or self._executor == "processes":
            return self._local(iter(tasks))
        if isinstance(self._executor, str):
            return _at_address(tasks, self._executor)
        # A dask client submits futures of its own kind, its executor those of concurrent.futures.
        dask = hasattr(self._executor, "get_executor")
        return _foreign(tasks, self._executor.get_executor() if dask else self._executor)

    def _local(self, tasks: Iterator[_Task]) -> Generator[tuple[str, str], None, None]:
        running, suspects, waited = {}, deque(), False
        try:
            while True:
                if self._pool is None:
                    self._pool = _idle.take(self._workers)
                    waited = self._pool is not None
                if self._pool is None:
                    self._pool = _Pool(self._workers)
                # Two tasks for each worker, so that none waits for the next.
                for item in islice(tasks, max(0, 2 * self._workers - len(running))):
                    try:
                        running[self._pool.submit(evaluate, *item[1])] = item
                    except BrokenProcessPool:
                        suspects.append(item)
                        break
                if not running and not suspects:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    item = running.pop(future)
                    try:
                        yield item[0], future.result()
                    except BrokenProcessPool:
                        suspects.append(item)
                    except SweepError:
                        if not waited:
                            raise
                        # What has waited may hold modules from before an edit.
                        tasks, waited = chain([item, *running.values()], tasks), False
                        running.clear()
                        self._kill()
                        self._pool = _Pool(self._workers)
                        break
                if suspects:
                    suspects.extend(running.values())
                    running.clear()
                    self._kill()
                    while suspects:
                        label, arguments = suspects.popleft()
                        yield label, _alone(arguments)
        except BaseException:
            self._kill()
            raise

    def _kill(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.kill()


def _alone(arguments: tuple) -> str:
    """Evaluate one task that was running when a worker died, in a process of its own."""
    pool = _Pool(1)
    try:
        try:
            pool.submit(ready).result()
        except BrokenProcessPool as error:
            if pool.killed():
                return failure(f"the worker process died ({pool.death()})")
            raise SweepError(
                "worker processes do not start; a script that runs a sweep needs its calls "
                "under `if __name__ == '__main__':`, because workers import it"
            ) from error
        try:
            return pool.submit(evaluate, *arguments).result()
        except BrokenProcessPool:
            return failure(f"the worker process died ({pool.death()})")
    finally:
        pool.kill()


def ready() -> None:
    """What a worker process can do that has started."""


def _foreign(tasks: Iterable[_Task], executor: Any) -> Generator[tuple[str, str], None, None]:
    done, labels = queue.SimpleQueue(), {}
    try:
        for label, arguments in tasks:
            future = executor.submit(evaluate, *arguments)
            labels[future] = label
            future.add_done_callback(done.put)
        while labels:
            future = done.get()
            label = labels.pop(future)
            try:
                text = future.result()
            except Exception as error:
                if type(error).__name__ not in _KILLERS:
                    raise
                text = failure(f"the worker process died ({type(error).__name__})")
            yield label, text
    finally:
        for future in labels:
            future.cancel()


def _at_address(tasks: Iterable[_Task], address: str) -> Generator[tuple[str, str], None, None]:
    try:
        from distributed import Client
    except ImportError as error:
        raise ImportError(f"executor = {address!r} needs dask.distributed: pip install 'ehbilayer[cluster]'") from error
    with Client(address, set_as_default=False) as client:
        yield from _foreign(tasks, client.get_executor())


class _Process(SpawnProcess):
    """Process that starts with one thread for every numerical library."""

    def start(self) -> None:
        with _single_thread():
            super().start()


class _Context(SpawnContext):
    """Spawns processes and keeps them, to be able to end them at once."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Process] = []

    def Process(self, *arguments: Any, **keywords: Any) -> _Process:
        process = _Process(*arguments, **keywords)
        self.started.append(process)
        return process


class _Pool(ProcessPoolExecutor):
    def __init__(self, workers: int) -> None:
        self.surroundings = _surroundings(workers)
        self._context = _Context()
        super().__init__(workers, mp_context=self._context, initializer=_begin_worker)

    def alive(self) -> bool:
        """Whether every worker that was started is there."""
        return all(process.is_alive() for process in self._context.started)

    def killed(self) -> bool:
        """Whether a signal ended a worker, rather than its own start."""
        for process in self._context.started:
            process.join()
        return any((process.exitcode or 0) < 0 for process in self._context.started)

    def death(self) -> str:
        """Exit code of the worker that died."""
        for process in self._context.started:
            process.join()
        return ", ".join(f"exit code {process.exitcode}" for process in self._context.started)

    def kill(self) -> None:
        """End the workers that are still there, busy or not."""
        for process in self._context.started:
            if process.is_alive():
                process.kill()
        self.shutdown(wait=True, cancel_futures=True)


def _surroundings(workers: int) -> tuple:
    """All that processes inherit when they start: where it differs, they would not be those that a sweep starts now."""
    try:
        folder = os.getcwd()
    except OSError:
        folder = None
    return workers, folder, tuple(sys.path), dict(os.environ), id(sys.modules.get("__main__"))


class _Idle:
    """Worker processes between two sweeps, since importing the library takes them seconds.

    That they run the code which the sweep asks for is checked at every point (`points.evaluate`).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: _Pool | None = None
        self._timer: threading.Timer | None = None

    def put(self, pool: _Pool) -> None:
        """Keep worker processes, in place of those before, until they have waited for too long."""
        timer = threading.Timer(_PATIENCE, self.end)
        timer.daemon = True
        with self._lock:
            before, self._pool = self._pool, pool
            self._stop_timer()
            self._timer = timer
        timer.start()
        if before is not None:
            before.shutdown()

    def take(self, workers: int) -> _Pool | None:
        """Worker processes like those that would be started now, if there are any."""
        with self._lock:
            pool, self._pool = self._pool, None
            self._stop_timer()
        if pool is None or (pool.surroundings == _surroundings(workers) and pool.alive()):
            return pool
        pool.shutdown()
        return None

    def end(self) -> None:
        """End the processes that wait."""
        with self._lock:
            pool, self._pool = self._pool, None
            self._stop_timer()
        if pool is not None:
            pool.shutdown()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


_idle = _Idle()


def _begin_worker() -> None:
    # An interrupt at the terminal reaches the whole process group; the parent decides what happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A worker holds both ends of its own queue, so it would wait forever after the parent was killed.
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _single_thread() -> Iterator[None]:
    with _environment:
        before = {name: os.environ.get(name) for name in _THREADS}
        os.environ.update(dict.fromkeys(_THREADS, "1"))
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
