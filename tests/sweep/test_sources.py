"""Source keys: which edits count."""

import importlib
import os
import time
from importlib import metadata

import pytest
from edited_copy import EditedCopy
from sweeping import PACKAGE, entries, python

from ehbilayer import source_files
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.sweep import (
    SweepError,
    dependencies,
    source_key,
    sources,
    sweep,
)


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
    monkeypatch.setattr(source_files, "unchanged", lambda sources: "ehbilayer/errors.py" not in sources)
    with pytest.raises(SweepError, match=r"ehbilayer.errors was edited after this process had imported it"):
        sources.check(key, (name,))


def test_keys_of_the_library_leave_out_what_only_presents():
    found = dependencies(solve_crystal)
    assert {
        "ehbilayer.model.coulomb",
        "ehbilayer.model.lattice",
        "ehbilayer.hartree_fock.kmesh",
        "numba",
        "numpy",
    } <= set(found)
    assert not {"ehbook.plotting", "ehbilayer.hartree_fock.supercell", "matplotlib"} & set(found)


def test_keys_leave_out_pages_and_the_engine(package):
    pytest.importorskip("matplotlib")
    _, folder = package
    (folder / "figure.py").write_text(
        "import ehbook.plotting\nfrom ehbilayer import units\nfrom ehbook import schematics\n"
        "from ehbilayer.sweep import sweep\n\n"
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


def test_versions_are_those_of_distributions_whatever_their_name_and_whatever_is_imported(package, monkeypatch):
    package, folder = package
    site = folder.parent / "site"
    for name, top, number in (
        ("Other-Name", "module_of_other", "1.5"),
        ("two", "module_of_other", "7"),
        ("b", "b", "2"),
    ):
        info = site / f"{name.replace('-', '_').lower()}-{number}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n")
        (info / "top_level.txt").write_text(f"{top}\n")
    monkeypatch.syspath_prepend(site)
    caches = (sources.version, sources.distributions)
    try:
        for cache in caches:
            cache.cache_clear()
        assert sources.version("module_of_other") == "Other-Name 1.5, two 7" and sources.version("b") == "2"
        assert sources.version("no_such_module") == "unknown"
    finally:
        for cache in caches:
            cache.cache_clear()
    (folder / "lazy.py").write_text("import yaml\n\ndef late(x):\n    return x\n")
    (folder.parent / "points_of_tests.py").touch()
    key = f"print(source_key(__import__({folder.name!r}).f), dependencies(__import__({folder.name!r}).f)['yaml'])"
    body = "from ehbilayer.sweep import dependencies, source_key\n"
    alone, beside = (python(folder.parent, first + body + key).stdout for first in ("", "import yaml\n"))
    assert alone == beside and metadata.version("PyYAML") in alone


@pytest.mark.parametrize("shift", [-10 * 86400, 10 * 86400])
def test_the_clock_of_the_files_does_not_matter_but_an_edit_does(tmp_path, shift):
    copy = EditedCopy(tmp_path)
    for file in copy.library.rglob("*.py"):
        os.utime(file, (time.time() + shift,) * 2)
    script = """
        import os
        import sys
        from ehbilayer.probe import constants, high
        from ehbilayer.sweep import SweepError, sweep
        print(sweep(high.point, {"x": [1.0]}, store="s", executor="serial").point.item(), end=" ")
        if len(sys.argv) > 1:
            time = os.stat(constants.__file__).st_mtime
            with open(constants.__file__, "a") as file:
                file.write("FACTOR = 5.0")
            os.utime(constants.__file__, (time, time))
            try:
                sweep(high.point, {"x": [2.0]}, store="s", executor="serial")
            except SweepError as error:
                print(error)
    """
    assert copy.run(script) == "3.0"
    said = "3.0 ehbilayer.probe.constants was edited after this process had imported it: start Python again"
    assert copy.run(script, "edit") == said
    assert copy.run(script) == "6.0"


def test_a_library_edited_before_the_first_sweep_of_a_process(tmp_path):
    copy = EditedCopy(tmp_path)
    script = """
        from ehbilayer.probe import constants, high
        from ehbilayer.sweep import sweep
        with open(constants.__file__, "a") as file:
            file.write("FACTOR = 5.0")
        sweep(high.point, {"x": [1.0]}, store="s", executor="serial")
    """
    with copy.start(script) as process:
        assert "SweepError: ehbilayer.probe.constants was edited" in process.communicate(timeout=600)[1]
    assert not entries(tmp_path / "s")
