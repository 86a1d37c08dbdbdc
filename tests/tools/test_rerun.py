import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import refresh, rerun, run


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A small notebook that `find` knows, with a parameter of each type."""
    cells = [
        new_markdown_cell("# A page\n\nSee {doc}`02-hartree-fock` and $E = mc^2$."),
        new_code_cell(
            "d = 1.0  # a_h\nmesh = 6\nfull = True\nzero_mode = 'dropped'\nspacings = [0.5, 1.0]",
            metadata={"tags": ["parameters"]},
        ),
        new_code_cell(
            "from ehbilayer.validation import integer, option, real\n"
            "d = real('d', d, low=0.0)\nmesh = integer('mesh', mesh, low=2)\n"
            "zero_mode = option('zero_mode', zero_mode, ('dropped', 'madelung'))"
        ),
        new_code_cell(
            "if mesh == 13:\n    raise RuntimeError('not converged\\nin 100 steps')\nprint(d, mesh, full, zero_mode, spacings)"
        ),
    ]
    book = tmp_path / "book"
    book.mkdir()
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = book / "page.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)
    monkeypatch.setattr(refresh, "BOOK", book)
    return path


def test_values_take_the_type_of_the_default(notebook):
    values = rerun.parameters(notebook, "d=1e-3 mesh=4 full=false zero_mode=madelung spacings='[1, 2e-1]'")
    assert values == {"d": 1e-3, "mesh": 4, "full": False, "zero_mode": "madelung", "spacings": [1.0, 0.2]}
    assert [type(value) for value in values.values()] == [float, int, bool, str, list]
    assert all(type(value) is float for value in values["spacings"])
    assert rerun.parameters(notebook, "d=2") == {"d": 2.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("r_s=1", "page has no parameter 'r_s'; it has d, mesh, full, zero_mode, spacings"),
        ("d=one", "d = 'one' is not allowed: need a number"),
        ("d=true", "d = 'true' is not allowed: need a number"),
        ("mesh=4.0", "mesh = '4.0' is not allowed: need an integer"),
        ("mesh=true", "mesh = 'true' is not allowed: need an integer"),
        ("full=1", "full = '1' is not allowed: need true or false"),
        ("spacings=1.0", "spacings = '1.0' is not allowed: need a list"),
        ("spacings='[True]'", "spacings = 'True' is not allowed: need a number"),
        ("spacings='[1'", "spacings = '[1' is not allowed: need a list"),
        ("d", "'d' is not of the form name=value"),
        ("d=1 d=2", "d is given twice"),
        ("d='1", "cannot be read"),
    ],
)
def test_a_bad_request_is_refused_before_anything_runs(notebook, text, message):
    with pytest.raises(rerun.Refused) as refusal:
        rerun.parameters(notebook, text)
    assert message in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("d=-1", "d = -1.0 is not allowed: need a finite number with d >= 0"),
        ("d=nan", "d = nan is not allowed"),
        ("zero_mode=none", "zero_mode = 'none' is not allowed: need one of 'dropped' | 'madelung'"),
        ("mesh=13", "RuntimeError in cell 4: not converged"),
    ],
)
def test_what_the_notebook_refuses_is_one_line_and_leaves_nothing(notebook, tmp_path, text, message):
    with pytest.raises(rerun.Refused) as refusal:
        rerun.rerun("page", text, output=tmp_path / "out")
    assert message in str(refusal.value) and "\n" not in str(refusal.value)
    assert not (tmp_path / "out").exists()


def test_a_run_leaves_the_notebook_and_its_page(notebook, tmp_path):
    for _ in range(2):  # the second run replaces the first
        folder = rerun.rerun("page.ipynb", "d=2 mesh=4", output=tmp_path / "out")
    assert folder == tmp_path / "out" / "page" / "d=2.0,mesh=4"
    assert sorted(path.name for path in folder.iterdir()) == ["html", "page.ipynb"]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    outputs = nbformat.read(folder / "page.ipynb", as_version=4).cells[-1].outputs
    assert outputs[0].text == "2.0 4 True dropped [0.5, 1.0]\n"
    page = (folder / "html" / "page.html").read_text(encoding="utf-8")
    assert "2.0 4 True dropped" in page
    assert rerun.titles()["02-hartree-fock"] in page
    assert "page.html" in (folder / "html" / "index.html").read_text(encoding="utf-8")
    assert (folder / "html" / "mathjax" / "tex-svg.js").exists() and "cdn" not in page


def test_a_run_finds_the_data_of_the_book_and_does_not_keep_them(notebook, tmp_path):
    (notebook.parent / "data").mkdir()
    (notebook.parent / "data" / "a.txt").write_text("measured elsewhere")
    content = nbformat.read(notebook, as_version=4)
    content.cells.append(new_code_cell("print(open('data/a.txt').read())"))
    nbformat.write(content, notebook)
    output = rerun.execute(notebook, {}, tmp_path)
    assert nbformat.read(output, as_version=4).cells[-1].outputs[0].text == "measured elsewhere\n"
    assert not (tmp_path / "data").exists() and (notebook.parent / "data" / "a.txt").exists()


def test_folder_names_follow_from_the_parameters():
    assert rerun.folder_name({}) == "defaults"
    assert rerun.folder_name({"b": 2, "a": 1.5}) == rerun.folder_name({"a": 1.5, "b": 2}) == "a=1.5,b=2"
    names = {rerun.folder_name({"a": value}) for value in ("../x", ".._x", "x" * 300, "x" * 301)}
    assert len(names) == 4 and not any("/" in name or len(name) > 100 for name in names)


@pytest.mark.parametrize("arguments", [[], ["no-such-page"], ["01-bilayer", "no_such_parameter=1"]])
def test_the_command_answers_with_one_line_and_a_failure(arguments):
    result = subprocess.run(
        [sys.executable, "-m", "tools.rerun", *arguments], cwd=run.ROOT, capture_output=True, text=True
    )
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1
