"""Sweeps: what they return, on every executor, after kills, damage, full disks and edits of the sources."""

import concurrent.futures
import functools
import importlib
import io
import itertools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import ehbilayer
from ehbilayer import files
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.sweep import (
    SweepError,
    dependencies,
    executors,
    points,
    refine_boundary,
    source_key,
    sources,
    sweep,
)
from tools import run

POINTS = '''
import os
import signal
import sys
import time
from dataclasses import dataclass

import numpy as np


def note():
    """Leave a line for every call."""
    if "CALLS" in os.environ:
        with open(os.environ["CALLS"], "a") as file:
            file.write(f"{os.getpid()}\\n")


def total(x, y=0.0):
    note()
    return x / 3 + y


def slow(x):
    note()
    time.sleep(float(os.environ.get("PAUSE", "0.05")))
    return {"root": np.sqrt(x), "wave": np.sin(x * np.arange(3))}


def many(x, name):
    return {
        "number": x, "text": name * x, "flag": x > 1, "wave": np.arange(2) * 1j, "odd": x if x % 2 else None,
        "even": x % 2 == 0 if x > 1 else None, "parts": {"e": 1, "h": 2.5}, "size": np.float32(x),
    }


def troubled(x):
    note()
    if x == 1:
        raise ZeroDivisionError(f"at {object()}")
    if x == 2:
        sys.exit("no")
    return {"value": float(x), "converged": x != 3}


def deadly(x):
    if x == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return float(x)


def repaired(x):
    note()
    if x == 1 and not os.path.exists(os.environ["REPAIRED"]):
        raise RuntimeError("broken")
    return float(x)


@dataclass(frozen=True)
class Result:
    energy: float
    moments: dict
    converged: bool

    @classmethod
    def at(cls, x):
        return cls(x**2, {"e": x, "h": 2 * x}, x < 2)


def solve(x):
    return Result.at(x)


def keep(result):
    return {"twice": 2 * result.energy}


def threads(x):
    return {name: int(os.environ.get(name, 0)) for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")}


def ragged(x):
    return np.zeros(x)


def fickle(x):
    return {"a": 1.0} if x else {"b": 1.0}


def mixed(x):
    return {"a": "text" if x else 1.0}


def interrupted(x):
    note()
    if x == 2 and not os.path.exists(os.environ["REPAIRED"]):
        raise KeyboardInterrupt
    return float(x)


def phase(x, shift=0.0):
    note()
    return "liquid" if x < 1 + shift else "crystal" if x < 1.3 + 3 * shift else "condensate"


def energies(x):
    if 1.4 < x < 1.45:
        raise ArithmeticError("no solution")
    return {"difference": x**2 - 2, "missing": None, "wave": [1, 2], "other": 1.0}


def ready(x):
    return x + 0.25 >= 1 / 3
'''

SCRIPT = """
import hashlib, json, os, sys, signal
import numpy as np
sys.path.insert(0, sys.argv[1])
import points_of_tests as p
from ehbilayer import files
from ehbilayer.sweep import sweep, store as store_module

def digest(ds):
    parts = [
        (n, v.dims, str(v.dtype), hashlib.sha256(v.values.tobytes()).hexdigest(), v.attrs) for n, v in ds.variables.items()
    ]
    return hashlib.sha256(json.dumps([parts, ds.attrs]).encode()).hexdigest()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folder with the module of the functions that the tests sweep, on the path of this process and its workers."""
    folder = tmp_path_factory.mktemp("points")
    (folder / "points_of_tests.py").write_text(POINTS)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def p(folder):
    return importlib.import_module("points_of_tests")


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """Function that tells how many calls there were since the last time."""
    log = tmp_path / "calls"
    monkeypatch.setenv("CALLS", str(log))
    return lambda: _since(log)


def _since(log):
    count = len(log.read_text().splitlines()) if log.exists() else 0
    log.unlink(missing_ok=True)
    return count


def entries(store):
    return sorted(Path(store).glob("*/[!.]*"))


def same(one, other):
    """Whether two datasets agree in every bit, name, dimension, type and attribute."""
    return (
        list(one.variables) == list(other.variables)
        and one.attrs == other.attrs
        and all(
            a.dims == b.dims and a.dtype == b.dtype and a.values.tobytes() == b.values.tobytes() and a.attrs == b.attrs
            for a, b in zip(one.variables.values(), other.variables.values(), strict=True)
        )
    )


def python(folder, body, *arguments, check=True, **environment):
    """Run a script that imports the functions of the tests; what it prints."""
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT + textwrap.dedent(body), str(folder), *map(str, arguments)],
        env=os.environ
        | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(Path(ehbilayer.__file__).parent.parent)}
        | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if check:
        assert result.returncode == 0, result.stderr
    return result


# what a sweep returns


def test_a_grid_has_coordinates_values_and_provenance(p):
    ds = sweep(
        p.total,
        {"x": [1.0, 2.0, 4.0]},
        fixed={"y": 0.5},
        executor="serial",
        units={"x": "nm", "y": "meV", "total": "meV"},
    )
    assert ds.total.dims == ("x",) and ds.x.values.tolist() == [1.0, 2.0, 4.0]
    assert ds.total.values.tolist() == [x / 3 + 0.5 for x in (1.0, 2.0, 4.0)]
    assert (ds.x.units, ds.total.units) == ("nm", "meV")
    assert ds.status.values.tolist() == ["ok"] * 3 and ds.converged.all() and not any(ds.message.values)
    assert ds.attrs["function"] == "points_of_tests:total" and json.loads(ds.attrs["fixed"]) == {"y": [0.5, "meV"]}
    assert ds.attrs["library"] == f"ehbilayer {ehbilayer.__version__}" and ds.attrs["source_key"] == source_key(p.total)
    assert (ds.attrs["points"], ds.attrs["points_failed"], ds.attrs["points_unconverged"]) == (3, 0, 0)


def test_axes_keep_their_order_and_types(p):
    ds = sweep(p.many, {"name": ["b", "a"], "x": range(1, 4)}, executor="serial", dims={"wave": ["k"]})
    assert ds.sizes == {"name": 2, "x": 3, "k": 2}
    assert ds.text.sel(name="b", x=3).item() == "bbb"
    assert ds.number.dtype.kind == "i" and ds.flag.dtype == bool and ds.wave.dims == ("name", "x", "k")
    assert ds.size.dtype == np.float32 and ds.wave.dtype == complex
    assert (ds.parts_e.dtype.kind, ds.parts_h.dtype.kind) == ("i", "f")
    assert np.array_equal(ds.odd[0], [1, np.nan, 3], equal_nan=True)
    assert np.array_equal(ds.even[0], [np.nan, 1, 0], equal_nan=True)


def test_datasets_survive_netcdf(p, tmp_path):
    ds = sweep(p.troubled, {"x": range(5)}, executor="serial", units={"value": "meV"})
    ds.to_netcdf(tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc") as read:
        read.load()
    assert read.identical(ds.assign_attrs(read.attrs)) and read.attrs == ds.attrs


def test_attributes_or_a_function_extract_from_a_result(p):
    ds = sweep(p.solve, {"x": [1.0, 3.0]}, extract=["energy", "moments"], executor="serial")
    assert ds.status.values.tolist() == ["ok", "unconverged"] and ds.energy[0] == 1 and np.isnan(ds.energy[1])
    assert ds.moments_h[0] == 2
    kept = sweep(p.solve, {"x": [1.0, 3.0]}, extract=["energy"], executor="serial", unconverged="keep")
    assert kept.energy.values.tolist() == [1, 9] and kept.converged.values.tolist() == [True, False]
    called = sweep(p.solve, {"x": [1.0, 3.0]}, extract=p.keep, executor="serial")
    assert called.twice[0] == 2 and np.isnan(called.twice[1]) and called.attrs["extract"] == "points_of_tests:keep"
    assert sweep(p.Result.at, {"x": [1.0]}, extract=["energy"], executor="serial").energy.item() == 1


def test_only_unconverged_points_still_have_names_and_shapes(p):
    ds = sweep(p.solve, {"x": [3.0, 4.0]}, extract=["energy"], executor="serial")
    assert np.isnan(ds.energy).all() and ds.attrs["points_unconverged"] == 2


def test_a_result_of_the_library(tmp_path):
    given = {"mesh": 2, "cutoff": 1.0, "mass_ratio": np.float64(8)}
    ds = sweep(
        solve_crystal,
        {"r_s": [5.0, 6.0]},
        fixed=given,
        extract=["energy_per_pair", "momentum_variance"],
        store=tmp_path,
        executor="serial",
    )
    assert ds.energy_per_pair[1].item() == solve_crystal(r_s=6.0, **given).energy_per_pair
    assert ds.momentum_variance_h.dims == ("r_s",)


@settings(max_examples=60)
@given(
    st.one_of(
        arrays.arrays(
            st.one_of(
                arrays.floating_dtypes(sizes=(32, 64)),
                arrays.integer_dtypes(),
                arrays.complex_number_dtypes(),
                arrays.boolean_dtypes(),
                arrays.unicode_string_dtypes(),
            ),
            arrays.array_shapes(min_dims=0, min_side=0),
        ),
        st.none(),
        st.text(),
        st.booleans(),
        st.floats(),
        st.integers(-(2**63), 2**63 - 1),
    )
)
def test_results_are_written_and_read_exactly(value):
    text = points._text("ok", "", {"a": points._encode("f", "a", value)})
    read = points.decode(text).values["a"]
    if value is None:
        assert read is None
    else:
        wanted = np.asarray(value)
        assert read.shape == wanted.shape and read.dtype.kind == wanted.dtype.kind
        assert np.array_equal(read, wanted, equal_nan=wanted.dtype.kind in "fc")


# executors


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
    assert same(sweep(p.slow, axes, executor="processes", workers=3), wanted)
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
        failed = sweep(p.troubled, {"x": [0, 1]}, executor=client)
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
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=100)
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
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=100, cwd=tmp_path)
    assert result.stdout == "[0.5, 1.0]\n" and not result.stderr
    assert entries(tmp_path / "s")[0].parent.name.startswith("script.f-")


# the store


def test_the_store_computes_only_what_is_new(p, tmp_path, calls):
    first = sweep(p.total, {"x": [1.0, 2.0]}, fixed={"y": 0.5}, store=tmp_path / "s", executor="serial")
    assert calls() == 2
    assert same(sweep(p.total, {"x": [1.0, 2.0]}, fixed={"y": 0.5}, store=tmp_path / "s"), first)
    assert calls() == 0
    wider = sweep(p.total, {"y": [0.5], "x": [3.0, 2.0, 1.0]}, store=tmp_path / "s", executor="serial")
    assert calls() == 1 and wider.total.values.tolist() == [[1.5, *first.total.values.tolist()[::-1]]]
    sweep(p.total, {"x": [1.0]}, fixed={"y": 0.25}, store=tmp_path / "s", executor="serial")
    assert calls() == 1
    sweep(p.total, {"x": [1.0]}, fixed={"y": 0.5}, executor="serial")
    assert calls() == 1


def test_failed_and_unconverged_points_do_not_sink_the_sweep(p, tmp_path, calls):
    ds = sweep(p.troubled, {"x": range(5)}, store=tmp_path / "s", executor="serial")
    assert ds.status.values.tolist() == ["ok", "failed", "failed", "unconverged", "ok"]
    assert np.array_equal(ds.value, [0, np.nan, np.nan, np.nan, 4], equal_nan=True)
    assert ds.message.values.tolist() == ["", "ZeroDivisionError: at <object object>", "SystemExit: no", "", ""]
    assert ds.converged.values.tolist() == [True, False, False, False, True] and ds.attrs["points_failed"] == 2
    assert calls() == 5
    assert same(sweep(p.troubled, {"x": range(5)}, store=tmp_path / "s", executor="serial"), ds)
    assert calls() == 0
    assert same(sweep(p.troubled, {"x": range(5)}, store=tmp_path / "s", executor="serial", retry_failed=True), ds)
    assert calls() == 3
    kept = sweep(p.troubled, {"x": range(5)}, store=tmp_path / "s", executor="serial", unconverged="keep")
    assert kept.value[3] == 3 and calls() == 0


def test_a_retried_point_that_succeeds_replaces_its_failure(p, tmp_path, calls, monkeypatch):
    monkeypatch.setenv("REPAIRED", str(tmp_path / "repaired"))
    given = dict(axes={"x": range(3)}, store=tmp_path / "s", executor="serial")
    assert sweep(p.repaired, **given).attrs["points_failed"] == 1
    (tmp_path / "repaired").touch()
    assert sweep(p.repaired, **given).message[1] == "RuntimeError: broken"
    assert sweep(p.repaired, **given, retry_failed=True).attrs["points_failed"] == 0
    assert calls() == 4
    assert sweep(p.repaired, **given).repaired.values.tolist() == [0, 1, 2] and calls() == 0


def test_all_points_failed(p):
    ds = sweep(p.troubled, {"x": [1, 2]}, executor="serial", units={"value": "meV"})
    assert set(ds.data_vars) == {"status", "converged", "message"} and ds.attrs["points_failed"] == 2


def test_the_death_of_a_worker_costs_one_point(p, tmp_path):
    ds = sweep(p.deadly, {"x": range(4)}, workers=1, store=tmp_path)
    assert ds.status.values.tolist() == ["ok", "failed", "ok", "ok"]
    assert ds.message[1] == "the worker process died (exit code -9)"
    assert np.array_equal(ds.deadly, [0, np.nan, 2, 3], equal_nan=True) and len(entries(tmp_path)) == 4


def test_a_broken_foreign_pool_stops_the_sweep_and_keeps_what_is_done(p, tmp_path):
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as pool:
        with pytest.raises(concurrent.futures.BrokenExecutor):
            sweep(p.deadly, {"x": [0, 1, 2]}, executor=pool, store=tmp_path)
    assert len(entries(tmp_path)) == 1


def test_an_interrupt_keeps_what_is_done(p, tmp_path, calls, monkeypatch):
    monkeypatch.setenv("REPAIRED", str(tmp_path / "repaired"))
    with pytest.raises(KeyboardInterrupt):
        sweep(p.interrupted, {"x": range(4)}, store=tmp_path / "s", executor="serial")
    assert calls() == 3
    (tmp_path / "repaired").touch()
    assert sweep(p.interrupted, {"x": range(4)}, store=tmp_path / "s", executor="serial").converged.all()
    assert calls() == 2


KILLED = """
    if __name__ == "__main__":
        count = {name: 0 for name in ("write", "fsync", "replace")}
        moment, last = sys.argv[3], int(sys.argv[4])

        def deadly(name, function, after=False):
            def call(*arguments, **keywords):
                count[name] += 1
                if name == moment.removeprefix("after ") and count[name] == last and not moment.startswith("after"):
                    os.kill(os.getpid(), signal.SIGKILL)
                result = function(*arguments, **keywords)
                if moment == f"after {name}" and count[name] == last:
                    os.kill(os.getpid(), signal.SIGKILL)
                return result
            return call

        class Killing:
            def __getattr__(self, name):
                function = getattr(os, name)
                return deadly(name, function) if name in count else function

        files.os = Killing()
        store_module.Store.write = deadly("write", store_module.Store.write)
        print(digest(sweep(p.slow, {"x": np.linspace(0, 1, 7)}, store=sys.argv[2], executor="serial")))
"""


@pytest.mark.parametrize("moment", ["write", "fsync", "replace", "after replace"])
def test_killed_while_writing(folder, tmp_path, calls, moment):
    wanted = python(folder, KILLED, tmp_path / "whole", "never", 0, PAUSE="0").stdout
    assert len(wanted) == 65 and calls() == 7
    killed = python(folder, KILLED, tmp_path / "s", moment, 3, PAUSE="0", check=False)
    assert killed.returncode == -9 and calls() == 3
    resumed = python(folder, KILLED, tmp_path / "s", "never", 0, PAUSE="0")
    assert resumed.stdout == wanted and not resumed.stderr
    assert calls() == (4 if moment == "after replace" else 5)


RESUMED = """
    if __name__ == "__main__":
        ds = sweep(p.slow, {"x": np.linspace(0, 1, 24)}, store=sys.argv[2] or None, workers=2, executor=sys.argv[3] or None)
        print(digest(ds))
"""


def test_killed_at_several_moments_with_workers(folder, tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + textwrap.dedent(RESUMED))
    log, store = tmp_path / "calls", tmp_path / "s"
    monkeypatch.setenv("CALLS", str(log))
    command = [sys.executable, script, folder, store, ""]
    monkeypatch.setenv("PAUSE", "0.1")
    for enough in (0, 4, 11):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + 30
            while len(entries(store)) < enough or not store.exists():
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.002)
            process.kill()
            process.wait()
        before = len(entries(store))
        assert before < 24, "the sweep was over before it could be killed"
        # The workers notice it and end, too.
        workers = {int(line) for line in log.read_text().split()} if log.exists() else set()
        while any(Path(f"/proc/{pid}").exists() for pid in workers):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert len(entries(store)) == before
    resumed = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert resumed.returncode == 0 and not resumed.stderr
    done = len(log.read_text().split())
    log.unlink()
    wanted = subprocess.run([*command[:3], "", "serial"], capture_output=True, text=True, timeout=60).stdout
    assert len(wanted) == 65 and resumed.stdout == wanted
    # Three kills, at each at most one running point and one finished but unwritten for each of two workers.
    assert 24 <= done <= 24 + 3 * 4


def test_an_interrupt_does_not_wait_for_busy_workers(folder, tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + textwrap.dedent(RESUMED))
    log = tmp_path / "calls"
    monkeypatch.setenv("CALLS", str(log))
    monkeypatch.setenv("PAUSE", "60")
    command = [sys.executable, script, folder, tmp_path / "s", ""]
    # A background job of a shell starts with SIGINT ignored, and its children would inherit that.
    restored = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=restored) as process:
        deadline = time.monotonic() + 60
        while not log.exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
    assert error.endswith("KeyboardInterrupt\n") and process.returncode


def test_two_sweeps_on_one_store_at_once(folder, tmp_path, calls):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + textwrap.dedent(RESUMED))
    command = [sys.executable, script, folder, tmp_path / "s"]
    running = [
        subprocess.Popen([*command, executor], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for executor in ("", "serial")
    ]
    outputs = [process.communicate(timeout=100) for process in running]
    assert [process.returncode for process in running] == [0, 0] and not outputs[0][1] and not outputs[1][1]
    assert len(entries(tmp_path / "s")) == 24 and not list(tmp_path.glob("s/*/.*"))
    # They share their points as far as one does not compute what the other has finished.
    assert 24 <= calls() < 48
    again = subprocess.run([*command, "serial"], capture_output=True, text=True, timeout=100)
    assert calls() == 0
    assert outputs[0][0] == outputs[1][0] == again.stdout and len(again.stdout) == 65


def test_two_writers_of_one_point_at_the_same_moment(p, tmp_path, monkeypatch):
    # Both have written their file and not yet moved it into place.
    both = threading.Barrier(2, timeout=30)
    flush = os.fsync

    class Meeting:
        def __getattr__(self, name):
            return getattr(os, name)

        def fsync(self, descriptor):
            flush(descriptor)
            both.wait()

    monkeypatch.setattr(files, "os", Meeting())
    with concurrent.futures.ThreadPoolExecutor(2) as writers:
        running = [
            writers.submit(sweep, p.total, {"x": [1.0]}, store=tmp_path / "s", executor="serial") for _ in range(2)
        ]
        one, other = (future.result(timeout=60) for future in running)
    assert same(one, other) and len(list((tmp_path / "s").glob("*/*"))) == 1


@pytest.mark.parametrize("damage", ["flipped", "short", "empty", "swapped", "foreign"])
def test_a_damaged_entry_is_reported_and_computed_again(p, tmp_path, calls, damage):
    given = dict(axes={"x": [1.0, 2.0, 3.0]}, store=tmp_path / "s", executor="serial")
    wanted = sweep(p.total, **given)
    assert calls() == 3
    first, second, _ = entries(tmp_path / "s")
    content = first.read_bytes()
    first.write_bytes(
        {
            "flipped": content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
            "short": content[:-5],
            "empty": b"",
            "swapped": second.read_bytes(),
            "foreign": b"\x89PNG\r\n\x1a\n\xff\xfe",
        }[damage]
    )
    with pytest.warns(RuntimeWarning, match=f"damaged .* computed again: .*{first.name}") as caught:
        assert same(sweep(p.total, **given), wanted)
    assert len(caught) == 1 and calls() == 1 and first.read_bytes() == content
    assert same(sweep(p.total, **given), wanted) and calls() == 0


def test_what_a_killed_writer_left_is_removed_later(p, tmp_path):
    sweep(p.total, {"x": [1.0]}, store=tmp_path, executor="serial")
    old, new = (entries(tmp_path)[0].parent / name for name in (".writing-old", ".writing-new"))
    for file in (old, new):
        file.write_text("half")
    os.utime(old, (time.time() - 7200,) * 2)
    sweep(p.total, {"x": [2.0]}, store=tmp_path, executor="serial")
    assert new.exists() and not old.exists()


def test_a_file_in_place_of_the_store(p, tmp_path, calls):
    (tmp_path / "s").write_text("something else")
    with pytest.raises(OSError, match="the sweep store cannot be written .*/s"):
        sweep(p.total, {"x": [1.0]}, store=tmp_path / "s", executor="serial")
    assert (tmp_path / "s").read_text() == "something else" and calls() == 0


def test_a_read_only_store(read_only, monkeypatch):
    folder, close = read_only
    # Another user may have to read the function's source.
    (folder / "readable_points.py").write_text(POINTS)
    monkeypatch.syspath_prepend(folder)
    p = importlib.import_module("readable_points")
    wanted = sweep(p.total, {"x": [1.0]}, store=folder / "s", executor="serial")
    (entry,) = entries(folder / "s")
    before = entry.read_bytes()
    close(entry.parent)
    assert same(sweep(p.total, {"x": [1.0]}, store=folder / "s", executor="serial"), wanted)
    with pytest.raises(
        PermissionError, match="the sweep store cannot be written .*; the points already in it are intact"
    ):
        sweep(p.total, {"x": [1.0, 2.0]}, store=folder / "s", executor="serial")
    assert entries(folder / "s") == [entry] and entry.read_bytes() == before


FULL = """
    import resource
    if __name__ == "__main__":
        sweep(p.total, {"x": [1.0]}, store=sys.argv[2], executor="serial")
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        try:
            sweep(p.total, {"x": [1.0, 2.0, 3.0]}, store=sys.argv[2], executor=sys.argv[3], workers=1)
        except OSError as error:
            print(error)
"""


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_a_full_disk(p, folder, tmp_path, executor):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + textwrap.dedent(FULL))
    command = [sys.executable, script, folder, tmp_path / "s", executor]
    result = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert "the sweep store cannot be written (File too large); the points already in it are intact" in result.stdout
    assert len(list((tmp_path / "s").glob("*/*"))) == 1
    assert sweep(p.total, {"x": [1.0, 2.0]}, store=tmp_path / "s", executor="serial").converged.all()


# progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def unset(monkeypatch):
    for name in ("EHBILAYER_PROGRESS", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)


def test_no_progress_without_a_terminal(p, capfd, unset):
    sweep(p.total, {"x": [1.0]}, executor="serial")
    sweep(p.total, {"x": [1.0]}, workers=1)
    assert capfd.readouterr() == ("", "")
    sweep(p.total, {"x": [1.0]}, executor="serial", progress=True)
    assert "total: 100%" in capfd.readouterr().err


def test_progress_on_a_terminal_unless_switched_off(p, monkeypatch, unset, tmp_path):
    def shown(**keywords):
        monkeypatch.setattr(sys, "stderr", Terminal())
        sweep(p.slow, {"x": [1.0, 2.0, 3.0]}, executor="serial", **keywords)
        return sys.stderr.getvalue()

    assert "3/3 [00:00<00:00" in shown()
    assert not shown(progress=False)
    monkeypatch.setenv("EHBILAYER_PROGRESS", "0")
    assert not shown()
    monkeypatch.setenv("EHBILAYER_PROGRESS", "yes")
    with pytest.raises(ValueError, match="EHBILAYER_PROGRESS"):
        shown()


def test_progress_in_a_live_notebook_only(monkeypatch, unset):
    from ehbilayer.sweep.engine import _shown

    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    assert not _shown(None)
    monkeypatch.setenv("JPY_SESSION_NAME", "a.ipynb")
    assert _shown(None)
    monkeypatch.setenv("EHBILAYER_PROGRESS", "0")
    assert not _shown(None)
    monkeypatch.delitem(sys.modules, "ipykernel")
    monkeypatch.delenv("EHBILAYER_PROGRESS")
    assert not _shown(None)


# source keys

PACKAGE = {
    "__init__.py": "from {name}.point import f\nfrom {name}.unrelated import g\n__all__ = ['f', 'g']\n",
    "point.py": "from . import shared\nfrom .inner import deep\n\ndef f(x):\n    from {name}.lazy import late\n"
    "    return late(shared.scale(x)) + deep.h(x)\n",
    "shared.py": "import json\n\ndef scale(x):\n    return 2 * x\n",
    "lazy.py": "def late(x):\n    return x\n",
    "inner/__init__.py": "from {name}.inner.other import k\n",
    "inner/deep.py": "from {name}.outer import f8\n\ndef h(x):\n    return f8(1)\n",
    "outer/__init__.py": "from numpy import float64 as f8\n",
    "inner/other.py": "def k(x):\n    return 1\n",
    "unrelated.py": "def g(x):\n    return 1\n",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Imported package of small modules under a name of its own, and the folder that holds it."""
    # Python itself takes an edit of equal length within one second for none if it finds a compiled file.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    name = f"package_{tmp_path.name.replace('-', '_')}_{os.getpid()}"
    for file, text in PACKAGE.items():
        path = tmp_path / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(name=name))
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(name), tmp_path / name
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]


def test_dependencies_are_followed_by_name(package):
    package, folder = package
    found = {name.removeprefix(f"{folder.name}.") for name in dependencies(package.f)}
    assert found == {folder.name, "inner", "inner.deep", "lazy", "numpy", "outer", "point", "python", "shared"}
    # A module that imports the name from the package depends on what defines it, not on the package's other exports.
    (folder.parent / f"user_{folder.name}.py").write_text(
        f"from {folder.name} import f\nimport {folder.name}.shared as s\n\ndef g(x):\n    return f(x)\n"
    )
    user = importlib.import_module(f"user_{folder.name}")
    assert f"{folder.name}.inner.deep" in dependencies(user.g)
    (folder.parent / f"other_{folder.name}.py").write_text(
        f"from {folder.name} import f\n\ndef g(x):\n    return f(x)\n"
    )
    other = importlib.import_module(f"other_{folder.name}")
    assert f"{folder.name}.point" in dependencies(other.g) and f"{folder.name}.unrelated" not in dependencies(other.g)


@pytest.mark.parametrize(
    ("file", "change", "matters"),
    [
        ("point.py", "\ny = 1\n", True),
        ("shared.py", "\ny = 1\n", True),
        ("lazy.py", "\ny = 1\n", True),
        ("inner/deep.py", "\ny = 1\n", True),
        ("inner/__init__.py", "\ny = 1\n", True),
        ("outer/__init__.py", "\ny = 1\n", True),
        ("__init__.py", "\ny = 1\n", True),
        ("unrelated.py", "\ny = 1\n", False),
        ("inner/other.py", "\ny = 1\n", False),
        ("inner/__init__.py", "\nfrom os import path\n", False),
        ("__init__.py", "\n__all__ = ['f']\n", False),
        ("shared.py", "\n# a comment\n", False),
        ("new.py", "y = 1\n", False),
    ],
)
def test_a_change_counts_where_results_depend_on_it(package, file, change, matters):
    package, folder = package
    before = source_key(package.f)
    assert source_key(package.f) == before
    with (folder / file).open("a") as written:
        written.write(change)
    assert (source_key(package.f) != before) is matters


def test_a_docstring_does_not_count_but_its_function_does(package):
    package, folder = package
    before = source_key(package.f)
    text = (folder / "shared.py").read_text()
    (folder / "shared.py").write_text(text.replace("    return", '    """Twice."""\n    return'))
    assert source_key(package.f) == before
    (folder / "shared.py").write_text(text.replace("2 * x", "3 * x"))
    assert source_key(package.f) != before


def test_results_of_older_code_are_not_reused(package, calls):
    package, folder = package
    log = "import os\nwith open(os.environ['CALLS'], 'a') as file:\n        file.write('x\\n')\n    "
    (folder / "point.py").write_text(
        (folder / "point.py").read_text().replace("    from", "    " + log.replace("\nwith", "\n    with") + "from")
    )
    body = f"""
        import {folder.name} as package
        print(sweep(package.f, {{"x": [1.0, 2.0]}}, store=sys.argv[2], executor="serial").f.values.tolist())
    """

    def run():
        return python(folder.parent, body.replace("import points_of_tests", ""), folder.parent / "s").stdout

    (folder.parent / "points_of_tests.py").write_text("")
    assert run() == "[3.0, 5.0]\n" and calls() == 2
    (folder / "unrelated.py").write_text("def g(x):\n    return 2\n")
    assert run() == "[3.0, 5.0]\n" and calls() == 0
    (folder / "shared.py").write_text("def scale(x):\n    return 3 * x\n")
    assert run() == "[4.0, 7.0]\n" and calls() == 2
    (folder / "shared.py").write_text(PACKAGE["shared.py"])
    assert run() == "[3.0, 5.0]\n" and calls() == 0


def test_code_edited_after_its_import_is_not_taken_for_the_new_one(package, tmp_path):
    package, folder = package
    assert sweep(package.f, {"x": [1.0]}, executor="serial").f.item() == 3
    (folder / "shared.py").write_text("def scale(x):\n    return 30 * x\n")
    with pytest.raises(SweepError, match=r"runs other sources .* \(start Python again\)"):
        sweep(package.f, {"x": [1.0]}, executor="serial", store=tmp_path / "s")
    assert not entries(tmp_path / "s")
    # Worker processes import the new code.
    assert sweep(package.f, {"x": [1.0]}, workers=1).f.item() == 31


def test_the_library_edited_after_its_import_is_noticed(monkeypatch):
    name = "ehbilayer.model.lattice:point_group"
    monkeypatch.setattr(sources, "_first_seen", {})
    key = source_key(sources.resolve(name))
    sources.check(key, (name,))
    with pytest.raises(SweepError, match="runs other sources"):
        sources.check("0" * 64, (name,))
    monkeypatch.setattr(sources, "_first_seen", {})
    monkeypatch.setattr(sources, "_IMPORTED", 0.0)
    with pytest.raises(SweepError, match=r"ehbilayer\S* was edited after this process had imported it"):
        sources.check(key, (name,))


def test_keys_of_the_library_leave_out_what_only_presents(package):
    _, folder = package
    found = dependencies(solve_crystal)
    assert {
        "ehbilayer.model.coulomb",
        "ehbilayer.model.lattice",
        "ehbilayer.hartree_fock.kmesh",
        "numba",
        "numpy",
    } <= set(found)
    assert not {"ehbook.plotting", "ehbilayer.hartree_fock.supercell", "matplotlib"} & set(found)
    (folder / "figure.py").write_text(
        "import ehbook.plotting\nfrom ehbilayer import units\nfrom ehbook import schematics\nfrom ehbilayer.sweep import sweep\n\n"
        "def f(x):\n    return x\n"
    )
    found = dependencies(importlib.import_module(f"{folder.name}.figure").f)
    assert "ehbilayer.units" in found
    assert not [name for name in found if name.startswith(("ehbook", "ehbilayer.sweep"))]


def test_extract_counts_too(package, p):
    package, folder = package
    before = source_key(p.solve, package.f)
    (folder / "point.py").write_text((folder / "point.py").read_text() + "\ny = 1\n")
    assert source_key(p.solve, package.f) != before


# boundaries


def test_boundaries_of_several_phases(p, calls):
    ds = refine_boundary(
        p.phase, "x", [0.0, 2.0], tolerance=1e-3, over={"shift": [0.0, 0.1, 5.0]}, executor="serial", units={"x": "a_h"}
    )
    assert ds.boundary.dims == ("shift", "change") and ds.boundary.shape == (3, 2) and ds.boundary.units == "a_h"
    assert ds.below.values.tolist() == [["liquid", "crystal"]] * 2 + [["", ""]]
    assert ds.above.values.tolist() == [["crystal", "condensate"]] * 2 + [["", ""]]
    assert ds.status.values.tolist() == [["ok", "ok"]] * 2 + [["", ""]]
    wanted = np.array([[1.0, 1.3], [1.1, 1.6]])
    assert np.all(abs(ds.boundary[:2] - wanted) <= ds.uncertainty[:2]) and np.all(2 * ds.uncertainty[:2] <= 1e-3)
    assert np.isnan(ds.boundary[2]).all()
    assert calls() == ds.evaluated.sum() < 60


def test_boundaries_do_not_depend_on_executor_and_resume(p, tmp_path, calls):
    given = dict(tolerance=0.01, over={"shift": [0.0, 0.1]}, sections=3)
    wanted = refine_boundary(p.phase, "x", [0.0, 1.1, 2.0], executor="serial", **given)
    count = calls()
    assert same(refine_boundary(p.phase, "x", [0.0, 1.1, 2.0], store=tmp_path / "s", workers=2, **given), wanted)
    assert calls() == count == len(entries(tmp_path / "s"))
    for file in entries(tmp_path / "s")[::3]:
        file.unlink()
    assert same(
        refine_boundary(p.phase, "x", [0.0, 1.1, 2.0], store=tmp_path / "s", executor="serial", **given), wanted
    )
    assert calls() == len(range(0, count, 3))


def test_the_sign_of_a_number_is_a_phase(p):
    ds = refine_boundary(p.energies, "x", [1.0, 1.4, 2.0], tolerance=1e-6, label="difference", executor="serial")
    assert ds.boundary.dims == ("change",)
    assert ds.status.item() == "ok" or ds.status.item() == "failed"
    ds = refine_boundary(p.energies, "x", [0.0, 1.0], tolerance=1e-6, label="difference", level=-1.5, executor="serial")
    assert abs(ds.boundary.item() - 0.5**0.5) <= ds.uncertainty.item() <= 5e-7
    assert (ds.below.item(), ds.above.item(), ds.status.item()) == ("< -1.5", ">= -1.5", "ok")
    flag = refine_boundary(p.ready, "x", [0.0, 1.0], tolerance=1e-3, executor="serial")
    assert (flag.below.item(), flag.above.item()) == ("False", "True") and abs(flag.boundary - 1 / 12) < 1e-3


def test_a_failed_point_leaves_a_wide_flagged_interval(p):
    # The boundary, sqrt(2), lies where the function fails.
    ds = refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=1e-3, label="difference", executor="serial")
    assert ds.status.item() == "failed" and ds.failed.item() == 1
    assert ds.message.item() == "ArithmeticError: no solution"
    assert 1e-3 < 2 * ds.uncertainty.item() < 0.2 and abs(ds.boundary - 2**0.5) <= ds.uncertainty
    missing = refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=0.1, label="missing", executor="serial")
    assert missing.sizes["change"] == 0 and missing.message.item() == "no phase" and missing.failed.item() == 2


# what is refused


def test_functions_that_workers_could_not_import_are_refused(p):
    def local(x):
        return x

    for bad in (local, lambda x: x, p.Result(1.0, {}, True).at):
        if bad == p.Result.at:
            continue
        with pytest.raises(ValueError, match=r"^function = .* need a function that can be imported"):
            sweep(bad, {"x": [1.0]})
    import functools

    with pytest.raises(ValueError, match="^function = .* set arguments through fixed"):
        sweep(functools.partial(p.total, y=1.0), {"x": [1.0]})
    with pytest.raises(TypeError, match="^function = 1 is not allowed: need a callable, got int"):
        sweep(1, {"x": [1.0]})


def test_a_function_of_a_notebook_is_refused(folder):
    result = python(
        folder,
        """
        def f(x):
            return x
        sweep(f, {"x": [1.0]})
    """,
        check=False,
    )
    assert result.returncode and "defined in a notebook or at a prompt" in result.stderr


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"axes": {}}, ValueError, "axes = {} is not allowed: need at least one axis"),
        ({"axes": [1.0]}, TypeError, "axes = .* need a dictionary"),
        ({"axes": {"x y": [1.0]}}, TypeError, "axes = .* need a dictionary from names of arguments"),
        ({"axes": {"x": []}}, ValueError, r"axes\['x'\] is not allowed: need at least one value"),
        ({"axes": {"x": 1.0}}, TypeError, r"axes\['x'\] = 1.0 .* need a sequence"),
        ({"axes": {"x": "ab"}}, TypeError, r"axes\['x'\] = 'ab' .* need a sequence"),
        ({"axes": {"x": [1.0, float("nan")]}}, ValueError, r"axes\['x'\]\[1\] = nan .* need a finite number"),
        ({"axes": {"x": [1.0, 1]}}, ValueError, r"axes\['x'\] .* holds 1 twice"),
        ({"axes": {"x": [1.0, "a"]}}, TypeError, "need values of one type"),
        ({"axes": {"x": [1.0, True]}}, TypeError, "need values of one type"),
        ({"axes": {"x": [[1.0]]}}, TypeError, "need a number or a string"),
        ({"axes": {"x": np.ones((2, 2))}}, TypeError, "need a number or a string"),
        ({"axes": {"x": [1j]}}, TypeError, "got complex"),
        ({"axes": {"z": [1.0]}}, TypeError, "function = total is not allowed with the arguments z"),
        ({"axes": {"y": [1.0]}}, TypeError, "missing a required argument: 'x'"),
        ({"axes": {"status": [1.0]}}, ValueError, "axis 'status'"),
        ({"fixed": {"x": 1.0}}, ValueError, r"fixed\['x'\] is not allowed: x is an axis"),
        ({"fixed": {"y": object()}}, TypeError, r"fixed\['y'\] = .* got object"),
        ({"fixed": {"y": float("inf")}}, ValueError, r"fixed\['y'\] = inf .* need a finite number"),
        ({"fixed": [1]}, TypeError, "fixed = .* need a dictionary"),
        ({"extract": "energy"}, TypeError, "extract = 'energy' .* need None, a list"),
        ({"extract": []}, TypeError, "extract = "),
        ({"extract": lambda r: r}, ValueError, "extract = .* can be imported"),
        ({"units": {"x": 1}}, TypeError, r"units\['x'\] = 1 .* need a string"),
        ({"units": {"q": "nm"}}, ValueError, r"units\['q'\] is not allowed: need one of x, total"),
        ({"dims": {"total": "k"}}, TypeError, "dims = "),
        ({"dims": {"total": ["k"]}}, ValueError, r"dims\['total'\] .* has 0 dimensions"),
        ({"dims": {"q": ["k"]}}, ValueError, r"dims\['q'\] is not allowed: need one of total"),
        ({"store": 3}, TypeError, "store = 3 .* need the path"),
        ({"store": ""}, TypeError, "store = '' .* need the path"),
        ({"executor": "threads"}, ValueError, "executor = 'threads' .* 'serial'"),
        ({"executor": 2}, TypeError, "executor = 2 .* got int"),
        ({"progress": "yes"}, TypeError, "progress = 'yes'"),
        ({"retry_failed": 1}, TypeError, "retry_failed = 1"),
        ({"unconverged": "drop"}, ValueError, "unconverged = 'drop' .* 'mask' | 'keep'"),
        ({"workers": 0}, ValueError, "workers = 0"),
    ],
)
def test_bad_arguments_are_named(p, changed, error, said):
    given = {"axes": {"x": [1.0]}, "executor": "serial"} | changed
    with pytest.raises(error, match=said):
        sweep(p.total, given.pop("axes"), **given)


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"axis": 1}, TypeError, "axis = 1 .* got int"),
        ({"bracket": [1.0]}, ValueError, "bracket = .* two or more increasing"),
        ({"bracket": [2.0, 1.0]}, ValueError, "bracket = .* two or more increasing"),
        ({"bracket": 1.0}, ValueError, "bracket = 1.0"),
        ({"bracket": [0.0, float("inf")]}, ValueError, r"bracket\[1\] = inf"),
        ({"tolerance": 0.0}, ValueError, "tolerance = 0.0"),
        ({"tolerance": 1e-17}, ValueError, "tolerance = 1e-17 .* spacing of floats"),
        ({"over": {"x": [1.0]}}, ValueError, r"over\['x'\]"),
        ({"over": {"shift": []}}, ValueError, r"over\['shift'\]"),
        ({"sections": 0}, ValueError, "sections = 0"),
        ({"level": float("nan")}, ValueError, "level = nan"),
        ({"label": 1}, TypeError, "label = 1"),
        ({"label": "q"}, ValueError, "label = 'q' .* need one of phase"),
    ],
)
def test_bad_arguments_of_a_boundary_are_named(p, changed, error, said):
    given = {"axis": "x", "bracket": [0.0, 2.0], "tolerance": 0.1, "executor": "serial"} | changed
    with pytest.raises(error, match=said):
        refine_boundary(p.phase, given.pop("axis"), given.pop("bracket"), **given)


def test_results_that_are_no_phase_are_refused(p):
    with pytest.raises(ValueError, match="label = None .* need one of difference, missing, wave, other"):
        refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=0.1, executor="serial")
    with pytest.raises(SweepError, match="the result wave is not a phase"):
        refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=0.1, label="wave", executor="serial")


def test_results_that_fit_no_dataset_stop_the_sweep(p, tmp_path):
    for function, axes, said in (
        (p.solve, {"x": [1.0]}, "returned solve of type Result: .* through extract"),
        (p.ragged, {"x": [1, 2]}, r"returned ragged with the shapes \(1,\) and \(2,\)"),
        (p.fickle, {"x": [0, 1]}, "returned a, b at some points only"),
        (p.mixed, {"x": [0, 1]}, "the result a is text at some points and a number at others"),
    ):
        with pytest.raises(SweepError, match=said):
            sweep(function, axes, executor="serial")
    with pytest.raises(SweepError, match="of type Result"):
        sweep(p.solve, {"x": [1.0, 2.0]}, workers=1, store=tmp_path)
    assert not entries(tmp_path)


number = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False, width=64))


@settings(max_examples=40)
@given(st.lists(number, min_size=1, max_size=4, unique=True), st.lists(number, min_size=1, max_size=3, unique=True))
def test_any_grid_equals_the_plain_loop(p, x, y):
    with np.errstate(over="ignore"):
        ds = sweep(p.total, {"x": x, "y": y}, executor="serial")
    for (i, a), (j, b) in itertools.product(enumerate(x), enumerate(y)):
        assert ds.total[i, j].item() == a / 3 + b or not np.isfinite(a / 3 + b)


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.floats(), st.booleans(), st.text(max_size=2), st.none(), st.complex_numbers()), max_size=3)
)
def test_any_bad_axis_is_named(p, values):
    good = len(values) == len(set(values)) > 0 and (
        all(isinstance(value, float) and np.isfinite(value) for value in values)
        or all(isinstance(value, bool) for value in values)
    )
    try:
        sweep(p.total, {"x": values}, executor="serial")
        assert good or all(isinstance(value, str) for value in values)
    except (TypeError, ValueError) as error:
        assert not good and "axes['x']" in str(error)
