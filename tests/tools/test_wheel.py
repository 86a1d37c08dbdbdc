"""The wheel: both packages whole, nothing of earlier builds."""

import importlib.util
import shutil
import subprocess
import sys
import zipfile

import pytest

from tools import run

IGNORED = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def lib(tmp_path):
    if not all(map(importlib.util.find_spec, ("pip", "setuptools"))):
        pytest.skip("needs pip and setuptools")
    return shutil.copytree(run.LIBRARY, tmp_path / "lib", ignore=IGNORED)


def wheel(lib):
    """Names in the wheel that pip makes without a network."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    command += ["--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(lib.parent / "out"), str(lib)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    (made,) = (lib.parent / "out").glob("*.whl")
    with zipfile.ZipFile(made) as content:
        return {name for name in content.namelist() if ".dist-info/" not in name}


def test_a_wheel_has_what_the_packages_have_and_nothing_older(lib):
    before = files(lib)
    for stale in ("build/lib/ehbilayer/stale.py", "build/lib/ehbook/stale.py"):
        (lib / stale).parent.mkdir(parents=True)
        (lib / stale).touch()
    found = wheel(lib)
    wanted = {name for name in before if name.startswith(("ehbilayer/", "ehbook/"))}
    assert {"ehbilayer/py.typed", "ehbook/py.typed", "ehbilayer/sweep/grid.py", "ehbook/plotting.py"} <= found
    assert found == wanted
    shutil.rmtree(lib / "build")
    wheel(lib)
    assert {name for name in files(lib) - before if ".egg-info/" not in name} == set()
