import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import execute, refresh, run

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def page(path, *sources, prose="# A page"):
    nbformat.write(new_notebook(cells=[new_markdown_cell(prose), *map(new_code_cell, sources)], metadata=KERNEL), path)
    return path


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of four modules, of which `base` is imported by `middle` and `middle` by `top`."""
    folder = tmp_path / "lib" / "ours"
    (folder / "room").mkdir(parents=True)
    for name, text in {
        "__init__": "",
        "base": "x = 1\n",
        "middle": "from ours.base import x\n",
        "other": "y = 2\n",
        "room/__init__": "from ours.room.top import z\n",
        "room/top": "import ours.middle\nz = 3\n",
    }.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "LIBRARY", tmp_path / "lib")
    return folder


def test_a_page_is_made_from_what_it_imports_and_what_that_imports(library, tmp_path):
    path = page(tmp_path / "page.ipynb", "from ours.room import z", "import numpy as np")
    files = execute.made_from(nbformat.read(path, as_version=4))
    assert {file.relative_to(library).as_posix() for file in files} == {
        "__init__.py",
        "base.py",
        "middle.py",
        "room/__init__.py",
        "room/top.py",
    }


def test_outputs_are_kept_until_something_they_follow_from_changes(library, tmp_path):
    path = page(tmp_path / "page.ipynb", "from ours.room import z")
    first = execute.state(path)
    page(path, "from ours.room import z", prose="# Another title")
    (library / "other.py").write_text("y = 5\n")
    (library / "base.py").write_text('"""One number."""\n\nx = 1  # the first\n')
    assert execute.state(path) == first
    seen = {first}
    (library / "base.py").write_text("x = 7\n")
    seen.add(execute.state(path))
    (library / "claims.json").write_text("[]")
    seen.add(execute.state(path))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "points.csv").write_text("1\n")
    seen.add(execute.state(path))
    page(path, "from ours.room import z\nprint(z)")
    seen.add(execute.state(path))
    (tmp_path / "requirements.txt").write_text("numpy==1\n")
    seen.add(execute.state(path))
    assert len(seen) == 6


def test_a_page_runs_once_and_its_prose_may_change(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "PAGES", tmp_path / "pages")
    source = (
        "import os\nfrom pathlib import Path\nfolder = Path(os.environ['EHBILAYER_FIGURES'])\nfolder.mkdir()\n"
        f"(folder / 'a.csv').write_text('1')\nPath({str(tmp_path / 'calls')!r}).open('a').write('call ')\nprint(6 * 7)"
    )
    path = page(tmp_path / "page.ipynb", source)
    for prose in ("# One", "# Two"):
        page(path, source, prose=prose)
        folder = execute.execute_all([path])[path]
        shown = execute.with_outputs(path, folder)
        assert shown.cells[0].source == prose and shown.cells[1].outputs[-1]["text"] == "42\n"
    assert (tmp_path / "calls").read_text() == "call " and (folder / "figures" / "a.csv").read_text() == "1"


def test_every_page_that_fails_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "PAGES", tmp_path / "pages")
    bad = page(tmp_path / "bad.ipynb", "1 / 0")
    loud = page(tmp_path / "loud.ipynb", "import sys\nprint('beware', file=sys.stderr)")
    good = page(tmp_path / "good.ipynb", "print(1)")
    with pytest.raises(execute.PageError) as caught:
        execute.execute_all([bad, loud, good])
    text = str(caught.value)
    assert "bad.ipynb" in text and "ZeroDivisionError" in text and "good.ipynb" not in text
    assert "loud.ipynb: the cell that begins" in text and "beware" in text
    assert not list((tmp_path / "pages").glob(".running-*"))
    assert [folder.name for folder in (tmp_path / "pages").iterdir() if list(folder.iterdir())] == ["good"]


def test_the_order_names_pages_of_the_book():
    assert {*execute.LONGEST, *execute.ALONE} <= {path.stem for path in refresh.find()}
