"""Files appear whole or not at all, with the rights of any other file, and nothing else stays."""

import os
import signal
import subprocess
import sys
import time

import pytest

from ehbilayer.files import remove_abandoned, replacing


def write(path, text):
    with replacing(path) as file:
        file.write_text(text)


def test_a_new_file_follows_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "a.csv", "new")
    finally:
        os.umask(before)
    assert (tmp_path / "a.csv").read_text() == "new" and (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_keeps_the_old_file(tmp_path, error):
    write(tmp_path / "a.csv", "old")
    with pytest.raises(error), replacing(tmp_path / "a.csv") as file:
        file.write_text("half")
        assert file.parent == tmp_path and file.suffix == ".csv"
        raise error
    assert (tmp_path / "a.csv").read_text() == "old" and os.listdir(tmp_path) == ["a.csv"]


def test_writers_that_put_a_file_of_their_own_in_its_place(tmp_path):
    with replacing(tmp_path / "a.csv") as file:
        file.unlink()
        file.write_text("other")
    assert (tmp_path / "a.csv").read_text() == "other" and os.listdir(tmp_path) == ["a.csv"]


def test_a_link_to_a_file_elsewhere_stays_a_link(tmp_path):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    (tmp_path / "here" / "a").symlink_to(tmp_path / "there" / "b")
    write(tmp_path / "here" / "a", "new")
    assert (tmp_path / "here" / "a").is_symlink() and (tmp_path / "there" / "b").read_text() == "new"


def test_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("a", "new")
    assert (tmp_path / "a").read_text() == "new"


def test_a_folder_that_is_missing_or_cannot_be_written(tmp_path, read_only):
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "no" / "a", "new")
    folder, close = read_only
    write(folder / "a", "old")
    close(folder)
    with pytest.raises(PermissionError):
        write(folder / "a", "new")
    assert (folder / "a").read_text() == "old" and os.listdir(folder) == ["a"]


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_killed_writer_leaves_the_old_file_and_what_is_removed_later(tmp_path, moment):
    write(tmp_path / "a", "old")
    script = f"""
import os, signal, sys
from ehbilayer.files import replacing
os.{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with replacing(sys.argv[1]) as file:
    file.write_text("new")
"""
    killed = subprocess.run([sys.executable, "-c", script, tmp_path / "a"], timeout=600)
    assert killed.returncode == -signal.SIGKILL and (tmp_path / "a").read_text() == "old"
    (left,) = [file for file in tmp_path.iterdir() if file.name != "a"]
    remove_abandoned(tmp_path)
    assert left.exists(), "it may belong to a writer that is at work"
    os.utime(left, (time.time() - 7200,) * 2)
    remove_abandoned(tmp_path)
    assert os.listdir(tmp_path) == ["a"]
