"""The scan of imports finds what Python imports."""

import ast
import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path

import pytest
from edited_copy import EditedCopy

import ehbilayer
from ehbilayer import source_files
from ehbilayer.errors import ArgumentError
from ehbilayer.source_files import PACKAGE, module_sources, own_source, sources_hash, unchanged

FILES = sorted(PACKAGE.rglob("*.py"))


def named(path):
    """Module of a file."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path):
    """Modules of the library that a file imports itself, by Python's own parser and finder."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == PACKAGE.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import, which the scan does not see"
            if node.module.split(".")[0] == PACKAGE.name:
                for alias in node.names:
                    name = f"{node.module}.{alias.name}"
                    is_package = hasattr(importlib.import_module(node.module), "__path__")
                    yield name if is_package and importlib.util.find_spec(name) else node.module


def test_every_import_of_every_module_is_followed():
    direct = {
        path: {
            Path(sys.modules[name].__file__) if name in sys.modules else Path(importlib.import_module(name).__file__)
            for name in imported(path)
        }
        for path in FILES
    }
    for path in FILES:
        wanted, waiting = set(), {path}
        while waiting:
            file = waiting.pop()
            if file not in wanted:
                wanted.add(file)
                waiting |= direct[file]
        wanted |= {parent / "__init__.py" for file in wanted for parent in file.parents if parent >= PACKAGE}
        found = {PACKAGE.parent / name for name in module_sources(path)}
        assert wanted <= found, path


def test_a_scan_stays_below_what_it_needs():
    assert set(module_sources(PACKAGE / "units.py")) < {path.relative_to(PACKAGE.parent).as_posix() for path in FILES}
    name = "ehbilayer/source_files.py"
    assert own_source(source_files.__file__) == {
        name: hashlib.sha256(Path(source_files.__file__).read_bytes()).digest()
    }
    assert module_sources(source_files.__file__)[name] == own_source(source_files.__file__)[name]


def test_what_is_written_as_python_allows_is_found(tmp_path):
    copy = EditedCopy(tmp_path)
    (copy.library / "probe" / "odd.py").write_text(
        "def late():\n    import ehbilayer.probe.low as l, os\n"
        "from ehbilayer.probe import (  # why\n    constants as c,\n    high,\n)\n"
        "from ehbilayer import errors\nfrom ehbilayer.probe.unrelated import *\nfrom ehbilayer_other import units\n"
    )
    found = copy.run(
        "from ehbilayer.source_files import PACKAGE, module_sources\n"
        "print(*sorted(module_sources(PACKAGE / 'probe' / 'odd.py')))"
    )
    names = {name.removeprefix("ehbilayer/") for name in found.split()}
    probe = {f"probe/{name}.py" for name in ("__init__", "odd", "low", "constants", "high", "unrelated")}
    assert probe | {"errors.py", "__init__.py", "compilation.py"} <= names and "units.py" not in names


def test_the_hash_follows_every_source_and_no_other_file(tmp_path):
    copy = EditedCopy(tmp_path)

    def hashes():
        return copy.run(
            "from ehbilayer.source_files import PACKAGE, sources_hash\n"
            "names = ('constants', 'low', 'high', 'unrelated')\n"
            "print(*[sources_hash(PACKAGE / 'probe' / f'{name}.py') for name in names])"
        ).split()

    before = hashes()
    assert len(set(before)) == 4 and len(before[0]) == 16
    copy.edit("low.py", "FACTOR * x", "FACTOR * x  # twice")
    assert [one == other for one, other in zip(before, hashes(), strict=True)] == [True, False, False, True]


def test_contents_count_and_not_times(tmp_path):
    copy = EditedCopy(tmp_path)
    script = """
        import os
        from ehbilayer.source_files import PACKAGE, module_sources, unchanged
        file = PACKAGE / "probe" / "low.py"
        sources = module_sources(PACKAGE / "probe" / "high.py")
        os.utime(file, (4e9, 4e9))
        print(unchanged(sources), end=" ")
        text = file.read_bytes()
        file.write_bytes(text + b" ")
        os.utime(file, (0, 0))
        print(unchanged(sources), end=" ")
        file.write_bytes(text)
        print(unchanged(sources), end=" ")
        file.unlink()
        print(unchanged(sources))
    """
    assert copy.run(script) == "True False True False"


def test_a_file_of_somebody_else_is_refused(tmp_path):
    for function in (module_sources, own_source, sources_hash):
        with pytest.raises(ArgumentError, match="path = .* need a file below"):
            function(tmp_path / "a.py")
    assert unchanged(module_sources(ehbilayer.__file__))
