import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import textwrap
import time

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
            "if mesh == 13:\n    raise RuntimeError('not converged\\nin 100 steps')\n"
            "print(d, mesh, full, zero_mode, spacings)"
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
    assert page.index("A page") < page.index("Changed:") < page.index("See ")
    assert "Changed: d = 2.0, in the book 1.0; mesh = 4, in the book 6." in re.sub("<[^>]+>", "", page)
    titles = rerun.titles({"02-hartree-fock", "04-phase-diagrams"})
    # Only pages that it links to are there.
    assert titles["02-hartree-fock"] in page and titles["04-phase-diagrams"] not in page
    assert "page.html" in (folder / "html" / "index.html").read_text(encoding="utf-8")
    assert (folder / "html" / "mathjax" / "startup.js").exists() and "cdn" not in page


def test_a_run_finds_the_data_of_the_book_and_does_not_keep_them(notebook, tmp_path):
    (notebook.parent / "data").mkdir()
    (notebook.parent / "data" / "a.txt").write_text("measured elsewhere")
    content = nbformat.read(notebook, as_version=4)
    content.cells.append(new_code_cell("print(open('data/a.txt').read())"))
    nbformat.write(content, notebook)
    output = rerun.execute(notebook, {}, tmp_path)
    assert nbformat.read(output, as_version=4).cells[-1].outputs[0].text == "measured elsewhere\n"
    assert not (tmp_path / "data").exists() and (notebook.parent / "data" / "a.txt").exists()


def test_references_to_other_pages_lead_to_them():
    others = {"02-b": {"fig-there", "sec-there"}, "01-a": {"fig-here"}}
    text = "See {numref}`fig-here`, {numref}`fig-there`, {ref}`section <sec-there>` and {doc}`02-b`."
    assert rerun.without_numbers(text, {"fig-here"}, others) == (
        "See {numref}`fig-here`, a figure of {doc}`02-b`, section of {doc}`02-b` and {doc}`02-b`."
    )


def test_every_reference_of_the_book_is_to_a_label_of_one_of_its_pages():
    labels = {path.stem: rerun.labels(path) for path in rerun.BOOK.glob("*.ipynb")}
    led = 0
    for path in rerun.BOOK.glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        led += rerun.without_numbers(text, labels[path.stem], labels) != text
        assert rerun.without_numbers(text, set(), labels).count("{numref}") == 0, path.name
    assert led > 5


def test_folder_names_follow_from_the_parameters():
    assert rerun.folder_name({}) == "defaults"
    assert rerun.folder_name({"b": 2, "a": 1.5}) == rerun.folder_name({"a": 1.5, "b": 2}) == "a=1.5,b=2"
    names = {rerun.folder_name({"a": value}) for value in ("../x", ".._x", "x" * 300, "x" * 301)}
    assert len(names) == 4 and not any("/" in name or len(name) > 100 for name in names)


@pytest.mark.parametrize("arguments", [[], ["no-such-page"], ["01-bilayer", "no_such_parameter=1"]])
def test_the_command_answers_with_one_line_and_a_failure(arguments):
    result = subprocess.run(
        [sys.executable, "-m", "tools.rerun", *arguments], cwd=run.ROOT, capture_output=True, text=True, timeout=600
    )
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1


def test_the_page_can_be_left_out(notebook, tmp_path):
    folder = rerun.rerun("page", "", tmp_path / "out", html=False)
    assert [path.name for path in folder.iterdir()] == ["page.ipynb"]
    first = nbformat.read(folder / "page.ipynb", as_version=4).cells[0].source
    assert first.startswith("# A page\n\n:::{admonition}") and "Changed: none" in first and first.endswith("mc^2$.")


def test_a_value_that_is_the_default_is_no_change(notebook, tmp_path):
    folder = rerun.rerun("page", "d=1 mesh=8", tmp_path / "out", html=False)
    first = nbformat.read(folder / "page.ipynb", as_version=4).cells[0].source
    assert "`mesh = 8`, in the book 6." in first and "`d" not in first


def test_parameters_and_notebooks_are_listed(notebook, capsys, monkeypatch):
    monkeypatch.setattr(rerun.run, "prepare", lambda: None)
    rerun.main(["--list"])
    assert capsys.readouterr().out == "page\n"
    rerun.main(["--list", "page"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["d = 1.0  # a_h", "mesh = 6"] and len(lines) == 5
    with pytest.raises(SystemExit, match=r"error: NOTEBOOK = 'no' is not allowed: need one of page$"):
        rerun.main(["--list", "no"])


SLOW = """
    import pathlib
    import sys
    from tools import refresh, rerun
    refresh.BOOK, rerun.OUTPUT = map(pathlib.Path, sys.argv[1:3])
    rerun.main(["--no-html", "page", "d=2"])
"""


@contextlib.contextmanager
def started(notebook, output, begun, **options):
    """A rerun in a process of its own, whose last cell writes its process's number into `begun` and waits."""
    content = nbformat.read(notebook, as_version=4)
    wait = f"import os, pathlib, time\npathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\ntime.sleep(3600)"
    content.cells.append(new_code_cell(wait))
    nbformat.write(content, notebook)
    command = [sys.executable, "-c", textwrap.dedent(SLOW), notebook.parent, output]
    # A background job of a shell starts with SIGINT ignored, and its children would inherit that.
    process = subprocess.Popen(
        command, cwd=run.ROOT, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options
    )
    try:
        while not (begun.exists() and begun.read_text()):
            assert process.poll() is None
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


def gone(pid):
    """Wait for a process to end."""
    while os.path.exists(f"/proc/{pid}"):
        with open(f"/proc/{pid}/stat") as file:
            if file.read().rpartition(")")[2].split()[0] == "Z":
                return
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_costs_one_line_and_leaves_nothing(notebook, tmp_path, number):
    begun = tmp_path / "begun"
    with started(notebook, tmp_path / "out", begun, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.send_signal(number)
        out, error = process.communicate(timeout=600)
    assert (process.returncode, out, error) == (1, "", "error: interrupted; nothing is left behind\n")
    assert not (tmp_path / "out").exists()
    gone(begun.read_text())


def test_what_a_killed_run_leaves_goes_at_the_next_start_and_a_running_one_stays(notebook, tmp_path):
    begun, parent = tmp_path / "begun", tmp_path / "out" / "page"
    with started(notebook, tmp_path / "out", begun) as process:
        (left,) = parent.glob(".running-*")
        content = nbformat.read(notebook, as_version=4)
        content.cells.pop()
        nbformat.write(content, notebook)
        rerun.rerun("page", "d=3", tmp_path / "out", html=False)
        assert left.exists() and sorted(path.name for path in parent.iterdir()) == [left.name, "d=3.0"]
        process.kill()
    assert left.exists()
    gone(begun.read_text())
    rerun.rerun("page", "d=4", tmp_path / "out", html=False)
    assert sorted(path.name for path in parent.iterdir()) == ["d=3.0", "d=4.0"]


def test_a_terminal_sees_each_cell(notebook, tmp_path):
    terminal, its_end = pty.openpty()
    with started(notebook, tmp_path / "out", tmp_path / "begun", stderr=its_end) as process:
        os.close(its_end)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=600)
    said = b""
    try:
        while chunk := os.read(terminal, 4096):
            said += chunk
    except OSError:
        pass  # the other end is closed
    finally:
        os.close(terminal)
    lines = [line.split("  [")[0] for line in said.decode().replace("\x1b[K", "").split("\r") if line.strip()]
    assert lines[0] == "cell 1 of 5: d = 1.0  # a_h" and lines[1] == "cell 2 of 5: # Parameters"
    assert lines[-2].startswith("cell 5 of 5: import os, pathlib") and lines[-1].startswith("error: interrupted")
