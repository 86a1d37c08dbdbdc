"""The checkout as a whole: environment, configuration, script, reference page, README."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

import ehbilayer
from tools import build_book, run, setup_env

ROOT = run.ROOT


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(name):
    """Names and versions of a requirements file."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\n]+)", read(name), re.MULTILINE))


def test_every_direct_dependency_is_pinned_locked_and_explained():
    lines = [line for line in read("requirements.in").splitlines() if line and not line.startswith("#")]
    direct = pinned("requirements.in")
    assert len(lines) == len(direct) + 1 and "-e ./lib" in lines
    locked = pinned("requirements.txt")
    assert {name: locked.get(name) for name in direct} == direct
    assert re.search(r"^-e \./lib$", read("requirements.txt"), re.MULTILINE)
    assert "://" not in read("requirements.txt")
    readme = read("README.md")
    assert not [name for name in direct if f"| {name} |" not in readme]


def test_the_library_asks_for_nothing_that_is_not_a_direct_dependency():
    library = tomllib.loads(read("lib/pyproject.toml"))["project"]
    names = {re.match(r"[A-Za-z0-9._-]+", line).group() for line in library["dependencies"]}
    assert names <= set(pinned("requirements.in"))
    oldest, newest = (".".join(map(str, version)) for version in (setup_env.OLDEST, setup_env.NEWEST))
    after = f"{setup_env.NEWEST[0]}.{setup_env.NEWEST[1] + 1}"
    assert library["requires-python"] == f">={oldest},<{after}"
    assert f"Python {oldest} to {newest}" in read("README.md")
    assert library["version"] == ehbilayer.__version__
    assert yaml.safe_load(read("CITATION.cff"))["version"] == ehbilayer.__version__


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_a_python_out_of_range_is_named(monkeypatch, version):
    monkeypatch.setattr(setup_env.sys, "version_info", version)
    assert "Python 3.11 to 3.13 is needed" in setup_env.problem()
    assert f"is {version[0]}.{version[1]};" in setup_env.problem()


def test_a_python_without_venv_is_told_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert "python3-venv" in setup_env.problem()


def test_the_environment_is_remade_when_the_lock_changes_or_another_python_is_asked_for(monkeypatch, tmp_path):
    for name in ("requirements.txt", "lib/pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(read(name))
    stamp = tmp_path / "installed"
    monkeypatch.setattr(setup_env, "ROOT", str(tmp_path))
    monkeypatch.setattr(setup_env, "STAMP", str(stamp))
    assert not setup_env.usable(this=False)
    stamp.write_text(f"{setup_env.key()}\n{sys.version}")
    assert setup_env.usable(this=False) and setup_env.usable(this=True)
    stamp.write_text(f"{setup_env.key()}\n3.12.1 and so on")
    assert setup_env.usable(this=False) and not setup_env.usable(this=True)
    for name in ("requirements.txt", "lib/pyproject.toml"):
        stamp.write_text(f"{setup_env.key()}\n{sys.version}")
        with (tmp_path / name).open("a") as file:
            file.write("# changed\n")
        assert not setup_env.usable(this=False)
    stamp.write_text(f"{setup_env.key()}\n{sys.version}")
    monkeypatch.setattr(setup_env, "VENV_PYTHON", str(tmp_path / "gone"))
    assert not setup_env.usable(this=False)


def test_one_variable_sets_the_workers(monkeypatch):
    monkeypatch.setenv("WORKERS", "3")
    settings = run.environment()
    assert settings["WORKERS"] == settings["PYTEST_XDIST_AUTO_NUM_WORKERS"] == "3"
    assert settings["OMP_NUM_THREADS"] == settings["NUMBA_NUM_THREADS"] == "1"
    monkeypatch.delenv("WORKERS")
    assert 1 <= run.workers() <= 2
    for bad in ("0", "-1", "two", "1.5"):
        monkeypatch.setenv("WORKERS", bad)
        with pytest.raises(SystemExit, match="WORKERS = .* need an integer >= 1"):
            run.workers()


def test_the_build_notices_what_pages_depend_on():
    names = {str(path.relative_to(ROOT)) for path in build_book.inputs()}
    assert {"_config.yml", "_toc.yml", "requirements.txt", "book/index.md", "book/scripts/el_hc.py"} <= names
    assert {"lib/ehbilayer/units.py", "lib/ehbilayer/hartree_fock/__init__.py"} <= names
    assert not [name for name in names if name.startswith("book/figures/") or "__pycache__" in name]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<script src="https://cdn.example.org/a.js">', 1),
        ("<link rel='stylesheet' href='//cdn.example.org/a.css'>", 1),
        ('<img alt="x" src="http://example.org/x.png">', 1),
        ('<script async="async" src="_static/a.js"></script><a href="https://example.org">', 0),
        ('<link rel="canonical" href="https://example.org/page.html">', 0),
    ],
)
def test_remote_resources_are_found_in_pages(page, found):
    assert len(build_book.remote_resources(page)) == found


def test_the_book_brings_its_own_mathjax_and_stops_at_errors():
    config = yaml.safe_load(read("_config.yml"))
    settings = config["sphinx"]["config"]
    mathjax = ROOT / "book" / settings["html_extra_path"][0] / settings["mathjax_path"].removeprefix("../")
    parts = settings["mathjax3_config"]["loader"]["load"]
    loaded = [mathjax, *(mathjax.parent / f"{part}.js" for part in parts)]
    assert sum(path.stat().st_size for path in loaded) > 500_000 and (mathjax.parent / "LICENSE").exists()
    # The folder in which it looks for its fonts, beside itself.
    assert len(list((mathjax.parent / "output" / "chtml" / "fonts" / "woff-v2").glob("*.woff"))) == 23
    assert settings["nitpicky"] and settings["nb_execution_raise_on_error"]
    assert config["execute"]["allow_errors"] is False and config["execute"]["stderr_output"] == "error"
    # The notebooks come executed, see tools/execute.py.
    assert config["execute"]["exclude_patterns"] == ["*.ipynb"]
    assert "{" not in config["copyright"]


def test_the_script_on_the_page_runs():
    page = read("book/10-script.md")
    name = re.search(r"\{literalinclude\} (\S+)", page).group(1)
    assert f"%run {name}" in page
    result = subprocess.run(
        [sys.executable, ROOT / "book" / name], capture_output=True, text=True, env=os.environ | run.environment()
    )
    assert result.returncode == 0 and result.stderr == ""
    assert len(result.stdout.splitlines()) == 4


def test_no_stored_file_knows_where_it_was_made():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, tracked.stdout.split("\0")):
        path = ROOT / name
        if (
            path.suffix in {".ipynb", ".md", ".yml", ".txt", ".in", ".toml", ".csv", ".json", ".bib", ".cff"}
            and path.exists()
        ):
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text, name
            assert not re.search(r"(/home/|/root/|/Users/|[A-Z]:\\\\Users)", text), name


def test_make_lists_its_targets():
    result = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True)
    targets = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE).group(1).split()
    listed = re.findall(r"^make ([a-z-]+) +\S", result.stdout, re.MULTILINE)
    assert set(targets) == set(listed) and result.returncode == 0
