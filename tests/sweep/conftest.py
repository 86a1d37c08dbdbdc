"""Functions to sweep, packages to edit and a count of calls."""

import importlib
import os
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from sweeping import PACKAGE  # noqa: E402


@pytest.fixture(scope="session")
def folder():
    """Folder with the module of the functions that the tests sweep, on the path of this process and its workers."""
    return FOLDER


@pytest.fixture(scope="session")
def p():
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


@pytest.fixture
def unset(monkeypatch):
    for name in ("EHBILAYER_PROGRESS", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
