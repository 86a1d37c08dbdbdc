"""Lists of what is in a store, and what is removed from it."""

import os
import time
from pathlib import Path

import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.sweep import entries, prune, sweep


@pytest.fixture
def full(p, package, tmp_path):
    """Store with points of two functions and a folder that is none of its own."""
    package, _ = package
    store = tmp_path / "s"
    sweep(p.total, {"x": [1.0, 2.0]}, store=store, executor="serial")
    sweep(package.f, {"x": [1.0]}, store=store, executor="serial")
    (store / "mine-0123456789abcdef").mkdir()
    (store / "mine-0123456789abcdef" / "thesis.tex").touch()
    (store / "notes").touch()
    return store


def names(found):
    return [entry.function.partition(":")[2] for entry in found]


def age(entry, days):
    for file in entry.path.iterdir():
        os.utime(file, (time.time() - 86400 * days,) * 2)


def test_a_list_of_what_is_there(full, p):
    one, other = entries(full)
    assert {one.function.rpartition(":")[2], other.function} == {"f", "points_of_tests:total"}
    assert (one.points, other.points) == (1, 2) and not one.stale and not other.stale
    for entry in (one, other):
        assert entry.size == sum(file.stat().st_size for file in entry.path.iterdir()) > 0
        assert abs(entry.written.timestamp() - time.time()) < 600


def test_what_belongs_to_other_sources_is_stale_and_goes(full, package):
    _, folder = package
    assert prune(full, stale=True) == []
    (folder / "shared.py").write_text("def scale(x):\n    return 30 * x\n")
    assert [entry.stale for entry in entries(full)] == [True, False]
    assert names(prune(full, stale=True)) == ["f"] and names(entries(full)) == ["total"]
    assert (full / "mine-0123456789abcdef" / "thesis.tex").exists() and (full / "notes").exists()


def test_what_is_old_goes(full):
    age(entries(full)[1], days=3)
    assert prune(full, older_than=4) == [] and prune(full, older_than=2, stale=True) == []
    assert names(prune(full, older_than=2)) == ["total"] and names(entries(full)) == ["f"]


def test_a_function_that_is_not_there_is_unknown_and_stays(full, package, monkeypatch):
    _, folder = package
    (entry,) = [entry for entry in entries(full) if entry.function.endswith(":f")]
    about = entry.path / ".about"
    about.write_text(about.read_text().replace(folder.name, "no_such_module"))
    assert {e.function.partition(":")[2]: e.stale for e in entries(full)} == {"f": None, "total": False}
    assert prune(full, stale=True) == []
    about.unlink()  # as earlier versions wrote them
    assert names(prune(full, stale=True)) == [""]


def test_bad_arguments_are_named(tmp_path):
    with pytest.raises(ArgumentError, match="store = .* need an existing directory"):
        entries(tmp_path / "no")
    with pytest.raises(TypeError, match="store = 3"):
        entries(3)
    with pytest.raises(ArgumentError, match="older_than = None .* or stale=True"):
        prune(tmp_path)
    with pytest.raises(ArgumentError, match="older_than = -1"):
        prune(tmp_path, older_than=-1)
    with pytest.raises(TypeError, match="stale = 1"):
        prune(tmp_path, stale=1)
    assert entries(Path(tmp_path)) == []
