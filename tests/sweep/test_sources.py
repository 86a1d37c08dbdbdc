"""Source keys: which edits count."""

import importlib

import pytest
from sweeping import PACKAGE, entries, python

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
