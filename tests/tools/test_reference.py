"""The reference: a page for each package, and on them everything that pages and readers call."""

import ast
import importlib
import json
import posixpath
import re

import pytest
import yaml
from sphinx.util.inventory import InventoryFile

from tools import build_book, reference, refresh, run


def imported():
    """Pairs of module and name that the notebooks import from this project."""
    found = set()
    for path in refresh.find():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for node in ast.walk(ast.parse("".join(cell["source"]))):
                    if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in ("ehbilayer", "ehbook"):
                        found |= {(node.module, alias.name) for alias in node.names}
    return found


def listed():
    """Full names in the reference: of the built book where these sources made it, otherwise as it would be built."""
    inventory = build_book.HTML / "objects.inv"
    built = build_book.STAMP.exists() and build_book.STAMP.read_text() == run.hash_files(build_book.inputs())
    if not built or not inventory.exists():
        return reference.documented()
    with inventory.open("rb") as stream:
        entries = InventoryFile.load(stream, "", posixpath.join)
    return {name for kind, names in entries.items() if kind.startswith("py:") for name in names}


def test_every_package_has_a_page_in_the_contents():
    folder = refresh.BOOK / reference.FOLDER
    assert {path.stem for path in folder.glob("*.md")} == set(reference.pages())
    parts = yaml.safe_load((run.ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    (api,) = [chapter for part in parts for chapter in part["chapters"] if chapter["file"] == "api"]
    assert {section["file"] for section in api["sections"]} == {f"api/{page}" for page in reference.pages()}
    assert all(path.read_text(encoding="utf-8").startswith("# ") for path in folder.glob("*.md"))


def test_what_notebooks_import_is_in_the_reference():
    names = listed()
    homes = {module.__name__ for page in reference.pages() for module in reference.modules(page).values()}
    missing = []
    for module, name in sorted(imported()):
        found = getattr(importlib.import_module(module), name)
        # A module itself, what is defined where it is imported from, or what a package takes from a module of its own.
        same = {f"{home}.{name}" for home in homes if getattr(importlib.import_module(home), name, None) is found}
        if not ({f"{module}.{name}"} | same) & names:
            missing.append(f"{module}.{name}")
    assert len(names) > 200 and not missing


def test_every_public_name_is_shown():
    modules = {name: module for page in reference.pages() for name, module in reference.modules(page).items()}
    assert {"ehbilayer.units", "ehbilayer.diode.nonreciprocity", "ehbook.plotting"} <= set(modules)
    silent = {name: set(module.__all__) - set(reference.described(module)) for name, module in modules.items()}
    assert not {name: names for name, names in silent.items() if names}
    assert not [name for name, module in modules.items() if not (module.__doc__ or "").strip()]


def test_no_door_is_described_twice():
    assert reference.is_door(importlib.import_module("ehbilayer.pairing"))
    assert "ehbilayer.pairing" not in reference.modules(reference.FOUNDATIONS)


@pytest.mark.parametrize("path", sorted((refresh.BOOK).glob("api*")), ids=lambda path: path.name)
def test_calls_that_the_pages_name_exist(path):
    names = reference.documented()
    for page in path.glob("*.md") if path.is_dir() else [path]:
        text = page.read_text(encoding="utf-8")
        if page.parent.name == reference.FOLDER:
            text += reference.sections(page.stem)
        assert set(re.findall(r"\{py:\w+\}`~?([\w.]+)`", text)) <= names, page.name


def test_source_links_lead_into_this_project_alone():
    own = reference.own_source
    # A property that functools made, and a function handed on by another package of ours.
    assert own(None, "ehbilayer.device.bilayer", "Bilayer.carriers") == "ehbilayer.device.bilayer"
    assert own(None, "ehbook.tables", "scientific") is None
    assert own(None, "ehbilayer.device.bilayer", "Bilayer") is None
