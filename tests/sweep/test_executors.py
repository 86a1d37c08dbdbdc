"""Executors: the same dataset from each, deaths of workers, scripts that start them."""

import concurrent.futures
import functools
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from sweeping import RESUMED, SCRIPT, entries, same

from ehbilayer.sweep import (
    executors,
    sweep,
)
from tools import run


class Backwards(concurrent.futures.Executor):
    """Runs nothing before the last task has come, and then the last one first."""

    def __init__(self, count):
        self.count, self.tasks = count, []

    def submit(self, function, /, *arguments, **keywords):
        future = concurrent.futures.Future()
        self.tasks.append((future, function, arguments, keywords))
        if len(self.tasks) == self.count:
            for waiting, function, arguments, keywords in reversed(self.tasks):
                waiting.set_result(function(*arguments, **keywords))
        return future


def test_results_do_not_depend_on_executor_workers_or_order(p, calls):
    axes = {"x": [0.1 * n for n in range(6)]}
    wanted = sweep(p.slow, axes, executor="serial")
    assert calls() == 6
    assert wanted.wave.shape == (6, 3)
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        assert same(sweep(p.slow, axes, executor=threads), wanted)
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as processes:
        assert same(sweep(p.slow, axes, executor=processes), wanted)
    assert same(sweep(p.slow, axes, executor=Backwards(6)), wanted)
    assert same(sweep(p.slow, axes), wanted)
    assert same(sweep(p.slow, axes, executor="processes", workers=1), wanted)
    assert calls() == 30


def test_dask_client_address_and_executor(p, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    wanted = sweep(p.slow, {"x": [1.0, 2.0, 3.0]}, executor="serial")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert same(sweep(p.slow, {"x": [1.0, 2.0, 3.0]}, executor=client, store=tmp_path), wanted)
        assert len(entries(tmp_path)) == 3
        assert same(sweep(p.slow, {"x": [1.0, 2.0, 3.0]}, executor=client.get_executor()), wanted)
        assert same(sweep(p.slow, {"x": [1.0, 2.0, 3.0]}, executor=cluster.scheduler_address), wanted)
        failed = sweep(p.troubled, {"x": [0, 1]}, executor=client, allow_failed=True)
        assert failed.status.values.tolist() == ["ok", "failed"]


def test_missing_dask_is_named(p, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ImportError, match=r"pip install 'ehbilayer\[cluster\]'"):
        sweep(p.total, {"x": [1.0]}, executor="tcp://127.0.0.1:8786")


def test_a_worker_has_one_thread_and_this_process_keeps_its_environment(p, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    ds = sweep(p.threads, {"x": [1]}, workers=1)
    assert (ds.OMP_NUM_THREADS.item(), ds.NUMBA_NUM_THREADS.item()) == (1, 1)
    assert os.environ["OMP_NUM_THREADS"] == "7" and "NUMBA_NUM_THREADS" not in os.environ


def test_one_variable_sets_the_number_of_workers(monkeypatch):
    monkeypatch.setenv("WORKERS", "3")
    assert run.environment()[executors.WORKERS] == "3"
    monkeypatch.setenv(executors.WORKERS, "3")
    assert executors.worker_count() == 3 and executors.worker_count(1) == 1
    monkeypatch.delenv(executors.WORKERS)
    assert 1 <= executors.worker_count() <= 2
    for bad in ("0", "-1", "two", "1.5"):
        monkeypatch.setenv(executors.WORKERS, bad)
        with pytest.raises(ValueError, match="EHBILAYER_WORKERS = .* need an integer >= 1"):
            executors.worker_count()


def test_a_script_without_a_main_guard_is_told_so(folder, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        + textwrap.dedent("""
        import points_of_tests as p
        from ehbilayer.sweep import sweep
        sweep(p.total, {"x": [1.0]}, workers=1)
    """)
    )
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=600)
    assert result.returncode and "SweepError: worker processes do not start" in result.stderr


def test_a_function_may_live_in_the_script_itself(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
        from ehbilayer.sweep import sweep
        def f(x):
            return x / 2
        if __name__ == "__main__":
            print(sweep(f, {"x": [1, 2]}, workers=1, store="s").f.values.tolist())
    """)
    )
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=600, cwd=tmp_path)
    assert result.stdout == "[0.5, 1.0]\n" and not result.stderr
    assert entries(tmp_path / "s")[0].parent.name.startswith("script.f-")


def test_the_death_of_a_worker_costs_one_point(p, tmp_path):
    ds = sweep(p.deadly, {"x": range(4)}, workers=1, store=tmp_path, allow_failed=True)
    assert ds.status.values.tolist() == ["ok", "failed", "ok", "ok"]
    assert ds.message[1] == "the worker process died (exit code -9)"
    assert np.array_equal(ds.deadly, [0, np.nan, 2, 3], equal_nan=True) and len(entries(tmp_path)) == 4


def test_a_broken_foreign_pool_stops_the_sweep_and_keeps_what_is_done(p, tmp_path):
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as pool:
        with pytest.raises(concurrent.futures.BrokenExecutor):
            sweep(p.deadly, {"x": [0, 1, 2]}, executor=pool, store=tmp_path)
    assert len(entries(tmp_path)) == 1


def test_an_interrupt_does_not_wait_for_busy_workers(folder, tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + textwrap.dedent(RESUMED))
    log = tmp_path / "calls"
    monkeypatch.setenv("CALLS", str(log))
    monkeypatch.setenv("PAUSE", "3600")
    command = [sys.executable, script, folder, tmp_path / "s", ""]
    # A background job of a shell starts with SIGINT ignored, and its children would inherit that.
    restored = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=restored) as process:
        deadline = time.monotonic() + 600
        while not log.exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=600)
    assert error.endswith("KeyboardInterrupt\n") and process.returncode


def test_a_worker_killed_before_its_lone_retry_has_begun_is_not_taken_for_a_script(p, monkeypatch):
    # Whatever kills processes here (too little memory, say) also kills the one that tries the point alone.
    monkeypatch.setattr(executors, "ready", p.killing)
    ds = sweep(p.deadly, {"x": [0, 1]}, workers=1, allow_failed=True)
    assert ds.status.values[1] == "failed" and ds.message.values[1] == "the worker process died (exit code -9)"


def test_workers_wait_for_the_next_sweep_like_theirs(p, monkeypatch):
    def process(**options):
        return set(sweep(p.process, {"x": [0.0]}, executor="processes", **options).process.values.tolist())

    first = process(workers=1)
    assert process(workers=1) == first and os.getpid() not in first
    monkeypatch.setenv("OTHER", "surroundings")
    second = process(workers=1)
    assert second != first and process(workers=1) == second
    assert process(workers=2) != second
    # None waits for longer than that.
    monkeypatch.setattr(executors, "_PATIENCE", 0.05)
    before = process(workers=1)
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in before):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_workers_that_waited_do_not_answer_with_code_from_before_an_edit(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    source = tmp_path / "edited_between.py"
    values = []
    for factor in ("2", "3.0"):  # of different lengths, for the files that Python compiles
        source.write_text(f"def f(x):\n    return {factor} * x\n")
        sys.modules.pop("edited_between", None)
        importlib.invalidate_caches()
        module = importlib.import_module("edited_between")
        values.append(sweep(module.f, {"x": [1.0, 2.0, 5.0]}, executor="processes", workers=2).f.values.tolist())
    assert values == [[2.0, 4.0, 10.0], [3.0, 6.0, 15.0]]
