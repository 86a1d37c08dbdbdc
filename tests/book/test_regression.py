"""What `make test` checks of the notebooks, what runs from scratch share and keep apart, the size of the repository."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools import refresh, run

PATHS = refresh.find()
ROOT = run.ROOT


def checkout(folder):
    """Checkout without pages, in which the project's pytest and its tools run."""
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pytest.ini", "conftest.py", "tests/nbval_sanitize.cfg"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "lib").symlink_to(ROOT / "lib")
    (folder / "book").mkdir()
    return folder


def command(folder, *arguments):
    """Run a module in such a checkout, with its own caches."""
    # The variables of this process name the caches of the real checkout.
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in run.environment() and not name.startswith("PYTEST_")
    }
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=1800
    )


def nbval(folder, *options):
    """Outcome of each code cell of the page in a checkout."""
    result = command(folder, "tools.run", "pytest", "-n", "0", "-p", "no:cacheprovider", "-rA", *options, "book")
    found = re.findall(r"^(PASSED|FAILED|ERROR) \S*::Cell (\d+)", result.stdout, re.MULTILINE)
    return {number: outcome for outcome, number in found}, result


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(kind="display_data", **data):
    return new_output(kind, {mime.replace("_", "/", 1): text for mime, text in data.items()})


FIGURE = (
    "import matplotlib.pyplot as plt\nfrom IPython.display import display\nfig = "
    "plt.figure()\ndisplay(fig)\nplt.close(fig)"
)
RICH = """
class Rich:
    def _repr_mimebundle_(self, include=None, exclude=None):
        import time
        return {"text/plain": "rich", "text/html": f"<p id='{time.time()}'>", "application/x-claims+json": [1.25]}


from IPython.display import display
display(Rich())
"""
CLAIMS = "application/x-claims+json"

#: Source, stored outputs, and whether nbval must pass.
CASES = {
    "the same number": ("print(1.25)", [stream("1.25\n")], True),
    "another number": ("print(1.26)", [stream("1.25\n")], False),
    "another address": ("print(object())", [stream("<object object at 0x7f0000000010>\n")], True),
    "another size of the figure, no image stored": (
        FIGURE,
        [shown(text_plain="<Figure size 641x479 with 0 Axes>")],
        True,
    ),
    "another figure": (FIGURE, [shown(text_plain="<Figure size 640x480 with 1 Axes>")], False),
    "other HTML": (RICH, [new_output("display_data", {"text/plain": "rich", CLAIMS: [1.25]})], True),
    "another claimed value": (RICH, [new_output("display_data", {"text/plain": "rich", CLAIMS: [1.26]})], False),
    "nothing stored": ("print(1.25)", [], False),
    "nothing printed": ("x = 1.25", [stream("1.25\n")], False),
    "an error": ("1 / 0", [], False),
    "something on stderr": ("import sys\nprint('careful', file=sys.stderr)", [], False),
    "a timing": ("import time\nprint(time.time())", [], True),
}


def test_nbval_fails_where_a_result_changes_and_only_there(tmp_path):
    folder = checkout(tmp_path)
    cells = [new_code_cell(source, outputs=outputs, execution_count=1) for source, outputs, _ in CASES.values()]
    cells[-1].metadata["tags"] = ["nbval-ignore-output"]
    nbformat.write(new_notebook(cells=cells), folder / "book" / "page.ipynb")
    outcomes, result = nbval(folder)
    assert len(outcomes) == len(CASES), result.stdout + result.stderr
    passed = {name: outcomes[str(i)] == "PASSED" for i, name in enumerate(CASES)}
    assert passed == {name: expected for name, (_, _, expected) in CASES.items()}


def test_nbval_compares_with_what_the_build_executed_as_long_as_the_code_stays(tmp_path):
    folder = checkout(tmp_path)
    page = folder / "book" / "page.ipynb"
    codes = ["1 + 1", "print('a')", "print('b')"]
    stored = [shown("execute_result", text_plain="2"), stream("a\n"), stream("b\n")]
    built = [shown("execute_result", text_plain="2"), stream("other\n"), stream("b\n")]
    for output in (stored[0], built[0]):
        output.execution_count = 1

    def page_of(codes, outputs):
        cells = [new_code_cell(code, outputs=[output]) for code, output in zip(codes, outputs, strict=True)]
        for count, cell in enumerate(cells, 1):
            cell.execution_count = count
        return new_notebook(cells=cells)

    nbformat.write(page_of(codes, stored), page)
    # The build of this checkout gave something else, which no kernel would.
    place = "execute.place(Path('book/page.ipynb').resolve())"
    said = subprocess.run(
        [sys.executable, "-c", f"from pathlib import Path; from tools import execute; print({place})"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = Path(said.stdout.strip(), "page.ipynb")
    copy.parent.mkdir(parents=True)
    nbformat.write(page_of(codes, built), copy)
    assert nbval(folder)[0] == {"0": "PASSED", "1": "FAILED", "2": "PASSED"}
    assert set(nbval(folder, "--execute-pages")[0].values()) == {"PASSED"}
    # One changed cell, and the copy is none of this page any more.
    nbformat.write(page_of([*codes[:2], "print('b' )"], stored), page)
    assert set(nbval(folder)[0].values()) == {"PASSED"}


def test_nbval_runs_every_code_cell_of_every_notebook():
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "book"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    found = re.findall(r"^book/(\S+)\.ipynb::Cell \d+$", result.stdout, re.MULTILINE)
    for path in PATHS:
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert found.count(path.stem) == len(cells), path.stem
        # Neither nbval nor MyST-NB may be told to leave a cell out, or to take an error for a result.
        tags = {tag for cell in cells for tag in cell.metadata.get("tags", [])}
        assert tags <= {"parameters", "hide-input", "hide-output", "nbval-ignore-output"}, path.stem
        assert not [cell.source for cell in cells if re.search(r"#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source)], path.stem
    settings = (ROOT / "pytest.ini").read_text(encoding="utf-8")
    assert re.search(r"^    --nbval$", settings, re.MULTILINE) and re.search(
        r"^testpaths = .*\bbook\b", settings, re.MULTILINE
    )


def test_the_repository_is_below_20_megabytes():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    sizes = {
        name: (ROOT / name).stat().st_size
        for name in filter(None, tracked.stdout.split("\0"))
        if (ROOT / name).is_file()
    }
    assert 1e6 < sum(sizes.values()) < 20e6
    assert not [name for name in sizes if name.endswith((".png", ".jpg", ".pdf", ".nc")) and sizes[name] > 500_000]


# one checkout, several processes

SWEEP = """
import os
import sys

sys.path.insert(0, os.path.abspath("."))
from counted import point
from ehbilayer.sweep import sweep

print(sweep(point, {"x": [1.0, 2.0, 3.0]}, store=os.environ["EHBILAYER_STORE"]).point.values)
"""
COUNTED = """
from pathlib import Path


def point(x):
    with (Path(__file__).parents[1] / "calls").open("a") as log:
        log.write("call\\n")
    return 2 * x
"""


def checkout_with_a_book(folder):
    """The same with a book of one page that makes a sweep."""
    checkout(folder)
    book = folder / "book"
    (book / "index.md").write_text("# A book\n")
    (book / "counted.py").write_text(COUNTED)
    (book / "references.bib").write_text("")
    for name in ("_static", "_extra"):
        shutil.copytree(ROOT / "book" / name, book / name)
    for name in ("_config.yml", "requirements.txt", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: page\n")
    cells = [
        nbformat.v4.new_markdown_cell("# A page"),
        new_code_cell(SWEEP, outputs=[stream("[2. 4. 6.]\n")], execution_count=1),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), book / "page.ipynb")
    return folder


@pytest.mark.slow
def test_a_sweep_of_the_book_is_not_computed_again_by_nbval(tmp_path):
    folder = checkout_with_a_book(tmp_path)
    calls = folder / "calls"
    assert not (folder / ".cache").exists()
    built = command(folder, "tools.build_book")
    assert built.returncode == 0, built.stderr
    assert calls.read_text().count("call") == 3
    outcomes, result = nbval(folder, "--execute-pages")
    assert outcomes == {"0": "PASSED"}, result.stdout
    assert calls.read_text().count("call") == 3 and (folder / ".cache" / "sweeps").is_dir()
    # Without the store it is: the count can grow.
    shutil.rmtree(folder / ".cache" / "sweeps")
    assert nbval(folder)[0] == {"0": "PASSED"} and calls.read_text().count("call") == 3
    assert nbval(folder, "--execute-pages")[0] == {"0": "PASSED"} and calls.read_text().count("call") == 6


@pytest.mark.slow
def test_two_builds_at_once_in_one_checkout(tmp_path):
    folder = checkout_with_a_book(tmp_path)
    builds = [
        subprocess.Popen(
            [sys.executable, "-m", "tools.build_book"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=1800)[0] for process in builds]
    assert [process.returncode for process in builds] == [0, 0], said
    # The second one waits and then finds the book of the first.
    assert sorted(text.splitlines()[-1].partition(":")[0] for text in said) == ["built", "up to date"]
    assert sum("waiting for another process" in text for text in said) == 1


def test_a_terminated_build_leaves_nothing_that_goes_on(tmp_path):
    folder = checkout_with_a_book(tmp_path)
    pid = folder / "pid"
    slow = f"import os, pathlib, time\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\ntime.sleep(3600)"
    notebook = nbformat.read(folder / "book" / "page.ipynb", as_version=4)
    notebook.cells = [new_code_cell(slow)]
    nbformat.write(notebook, folder / "book" / "page.ipynb")
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.build_book"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 1800
    while not pid.exists() and time.monotonic() < limit:
        time.sleep(0.1)
    process.terminate()
    assert process.communicate(timeout=1800)[1] == "error: interrupted; what was executed is kept\n"
    assert process.returncode == 1 and not list((folder / ".cache" / "pages").glob(".running-*"))
    # The kernel sees that its parent has gone.
    while os.path.exists(f"/proc/{pid.read_text()}") and time.monotonic() < limit:
        time.sleep(0.1)
    assert not os.path.exists(f"/proc/{pid.read_text()}")


def test_a_run_from_scratch_empties_the_store_first():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    steps = [line.split()[1] for line in lines if line.startswith("make ")]
    assert steps == ["distclean", "lint", "book", "test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^distclean: clean", makefile, re.MULTILINE)
    removed = re.search(r"^clean:.*\n\t@rm -rf (.*)$", makefile, re.MULTILINE).group(1).split()
    assert run.environment()["EHBILAYER_STORE"] == os.environ["EHBILAYER_STORE"] == str(ROOT / ".cache" / "sweeps")
    assert {".cache", "_build", "book/figures"} <= set(removed)


def test_a_second_run_from_scratch_in_one_checkout_is_refused(tmp_path):
    if shutil.which("flock") is None:
        pytest.skip("no flock on this machine")
    # A copy with a Makefile that does nothing but wait: the real one would delete the checkout's environment.
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "Makefile").write_text(
        "distclean:\n\t@touch begun; while [ ! -e go ]; do sleep 0.05; done\nlint book test:\n\t@echo $@\n"
    )
    # As a user's shell would call it: a make inside a make announces the folders it enters.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKELEVEL", "MAKEFLAGS", "MFLAGS")
    }
    with subprocess.Popen(["bash", script], stdout=subprocess.PIPE, text=True, env=environment) as first:
        try:
            deadline = time.monotonic() + 600
            while not (tmp_path / "begun").exists():
                assert time.monotonic() < deadline
                time.sleep(0.01)
            second = subprocess.run(["bash", script], capture_output=True, text=True, timeout=600, env=environment)
            assert second.returncode == 1 and second.stdout == ""
            assert second.stderr == "error: .ci/run is running already in this checkout\n"
        finally:
            (tmp_path / "go").touch()
        assert first.communicate(timeout=600)[0] == "lint\nbook\ntest\n" and first.returncode == 0
