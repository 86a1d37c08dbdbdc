"""The store under kills, damage, full disks and several writers."""

import concurrent.futures
import importlib
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from sweeping import RESUMED, SCRIPT, entries, python, same

from ehbilayer import files
from ehbilayer.sweep import (
    sweep,
)

KILLED = """
    if __name__ == "__main__":
        moment, last = sys.argv[3], int(sys.argv[4])
        count = {name: 0 for name in ("write", "fsync", "replace")}

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
        sweep(p.slow, {"x": np.linspace(0, 1, 7)}, store=sys.argv[2], executor="serial")
"""


# The first file that is written says what the store holds.
@pytest.mark.parametrize(("moment", "last"), [("write", 3), ("fsync", 4), ("replace", 4), ("after replace", 4)])
def test_killed_while_writing(p, folder, tmp_path, calls, monkeypatch, moment, last):
    monkeypatch.setenv("PAUSE", "0")
    given = dict(axes={"x": np.linspace(0, 1, 7)}, executor="serial")
    wanted = sweep(p.slow, **given)
    assert calls() == 7
    killed = python(folder, KILLED, tmp_path / "s", moment, last, check=False)
    assert killed.returncode == -9 and calls() == 3
    assert same(sweep(p.slow, store=tmp_path / "s", **given), wanted)
    assert calls() == (4 if moment == "after replace" else 5)


def test_killed_at_several_moments_with_workers(p, folder, tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + textwrap.dedent(RESUMED))
    log, store = tmp_path / "calls", tmp_path / "s"
    monkeypatch.setenv("CALLS", str(log))
    command = [sys.executable, script, folder, store, ""]
    monkeypatch.setenv("PAUSE", "0.3")
    for enough in (0, 9):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + 600
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
    monkeypatch.setenv("PAUSE", "0")
    axes = {"x": np.linspace(0, 1, 24)}
    resumed = sweep(p.slow, axes, store=store, workers=2)
    done = len(log.read_text().split())
    assert same(resumed, sweep(p.slow, axes, executor="serial"))
    # Two kills, at each at most one running point and one finished but unwritten for each of two workers.
    assert 24 <= done <= 24 + 2 * 4


def test_two_sweeps_on_one_store_at_once(p, folder, tmp_path, calls, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + textwrap.dedent(RESUMED))
    command = [sys.executable, script, folder, tmp_path / "s"]
    running = [
        subprocess.Popen([*command, executor], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for executor in ("", "serial")
    ]
    outputs = [process.communicate(timeout=600) for process in running]
    assert [process.returncode for process in running] == [0, 0] and not outputs[0][1] and not outputs[1][1]
    assert len(entries(tmp_path / "s")) == 24 and not list(tmp_path.glob("s/*/.writing-*"))
    # They share their points as far as one does not compute what the other has finished.
    assert 24 <= calls() < 48
    axes = {"x": np.linspace(0, 1, 24)}
    again = sweep(p.slow, axes, store=tmp_path / "s", executor="serial")
    assert calls() == 0 and len(outputs[0][0]) == 65 and outputs[0][0] == outputs[1][0]
    monkeypatch.setenv("PAUSE", "0")
    assert same(again, sweep(p.slow, axes, executor="serial"))


def test_two_writers_of_one_point_at_the_same_moment(p, tmp_path, monkeypatch):
    # Both have written their file and not yet moved it into place.
    both = threading.Barrier(2, timeout=600)
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
        one, other = (future.result(timeout=600) for future in running)
    assert same(one, other) and len(entries(tmp_path / "s")) == 1


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


def test_a_read_only_store(p, read_only, monkeypatch):
    folder, close = read_only
    # Another user may have to read the function's source.
    shutil.copy(p.__file__, folder / "readable_points.py")
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
    result = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert "the sweep store cannot be written (File too large); the points already in it are intact" in result.stdout
    assert len(entries(tmp_path / "s")) == 1 and not list(tmp_path.glob("s/*/.writing-*"))
    assert sweep(p.total, {"x": [1.0, 2.0]}, store=tmp_path / "s", executor="serial").converged.all()
