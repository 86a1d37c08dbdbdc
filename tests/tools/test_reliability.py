"""What goes wrong outside the calculations: dead kernels, full disks, read-only folders, absent packages."""

import os
import shutil
import subprocess
import sys
import textwrap

import nbformat
import pandas as pd
import pytest
import yaml
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ehbook.plotting import save_figure
from tools import refresh, rerun, run

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
HEALTHY = "print('alive')"
DYING = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
LARGE = "print('0123456789' * 60_000)"


def write_notebook(folder, *sources):
    """Notebook `page` of a title, a parameter with its check and the given cells."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = [
        new_markdown_cell("# A page"),
        new_code_cell("d = 1.0", metadata={"tags": ["parameters"]}),
        new_code_cell("from ehbilayer.validation import real\n\nd = real('d', d, low=0.0)"),
        *map(new_code_cell, sources),
    ]
    path = folder / "page.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), path)
    return path


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def apart(call, *arguments, size="resource.RLIM_INFINITY"):
    """Run `call` of this module in a process whose files cannot grow beyond `size` bytes, as on a full disk."""
    script = f"""
        import importlib.util, pathlib, resource, sys
        from tools import run
        run.prepare()
        spec = importlib.util.spec_from_file_location("reliability", sys.argv[1])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, resource.RLIM_INFINITY))
        module.{call}(*map(pathlib.Path, sys.argv[2:]))
    """
    command = [sys.executable, "-c", textwrap.dedent(script), __file__, *map(str, arguments)]
    return subprocess.run(command, cwd=run.ROOT, capture_output=True, text=True, timeout=600)


# a kernel that dies


def _rerun(book, output):
    refresh.BOOK = book
    rerun.OUTPUT = output
    rerun.main(["page", "d=2"])


def _refresh(book):
    refresh.BOOK = book
    refresh.main(["page"])


def test_a_rerun_whose_kernel_dies(tmp_path):
    path = write_notebook(tmp_path / "book", HEALTHY, DYING)
    before = path.read_bytes()
    result = apart("_rerun", tmp_path / "book", tmp_path / "out")
    assert result.returncode == 1 and result.stdout == "" and result.stderr.count("\n") == 1
    assert result.stderr.startswith("error: the kernel of page died in the cell that begins 'import os, signal'")
    assert files(tmp_path) == [path] and path.read_bytes() == before


def test_what_a_kernel_itself_writes_to_stderr_is_not_the_answer(tmp_path):
    noisy = "import os\nos.write(2, b'ERROR: noise of the kernel\\n')\nraise ValueError('d = 2.0 is not allowed')"
    path = write_notebook(tmp_path / "book", noisy)
    result = apart("_rerun", tmp_path / "book", tmp_path / "out")
    assert (result.returncode, result.stdout, result.stderr) == (1, "", "error: d = 2.0 is not allowed\n")
    assert files(tmp_path) == [path]


def test_a_refresh_whose_kernel_dies(tmp_path):
    path = write_notebook(tmp_path / "book", HEALTHY, DYING)
    before = path.read_bytes()
    result = apart("_refresh", tmp_path / "book")
    assert result.returncode == 1 and result.stdout == ""
    assert "page.ipynb is left as it was: Kernel died" in result.stderr and "Traceback" not in result.stderr
    assert files(tmp_path) == [path] and path.read_bytes() == before


def checkout(folder, *sources):
    """Small checkout with one notebook, in which `tools.build_book` builds a book."""
    write_notebook(folder / "book", *sources)
    (folder / "book" / "index.md").write_text("# A book\n")
    for name in ("_static", "_extra"):
        shutil.copytree(run.ROOT / "book" / name, folder / "book" / name)
    (folder / "book" / "references.bib").write_text("")
    shutil.copytree(run.ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "requirements.txt", "CITATION.cff"):
        shutil.copy(run.ROOT / name, folder)
    (folder / "lib").symlink_to(run.ROOT / "lib")
    toc = {"format": "jb-book", "root": "index", "chapters": [{"file": "page"}]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc))
    return folder


def build(folder, **options):
    command = [sys.executable, "-m", "tools.build_book"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, **options)


@pytest.mark.slow
def test_a_build_whose_kernel_dies_and_the_next_one(tmp_path):
    folder = checkout(tmp_path, HEALTHY, DYING)
    before = (folder / "book" / "page.ipynb").read_bytes()
    dead = build(folder)
    assert dead.returncode == 1 and dead.stderr.rstrip().splitlines()[-1].startswith("error: the book was not built")
    assert "Kernel died" in dead.stdout + dead.stderr and "page.ipynb" in dead.stdout + dead.stderr
    assert (folder / "book" / "page.ipynb").read_bytes() == before
    again = build(folder)
    assert again.returncode == 1, "a broken build passed for a finished one"
    write_notebook(folder / "book", HEALTHY)
    mended = build(folder)
    assert mended.returncode == 0 and "alive" in (folder / "_build" / "html" / "page.html").read_text()
    assert build(folder).stdout.startswith("up to date")


# a full disk


def _save(folder):
    fig = Figure()
    fig.subplots().plot([0, 1], [0, 1])
    save_figure(fig, "line", pd.DataFrame({"x (1)": [0.0] * 3000}), folder)


def test_a_figure_on_a_full_disk(tmp_path):
    assert apart("_save", tmp_path).returncode == 0
    before = {path.name: path.read_bytes() for path in files(tmp_path)}
    assert len(before) == 3
    full = apart("_save", tmp_path, size=5000)
    assert full.returncode == 1
    said = f"{tmp_path / 'line.svg'} cannot be written (File too large); the older file is kept"
    assert full.stderr.rstrip().endswith(said)
    assert {path.name: path.read_bytes() for path in files(tmp_path)} == before


def test_a_refresh_on_a_full_disk(tmp_path):
    before = write_notebook(tmp_path / "book", LARGE).read_bytes()
    result = apart("_refresh", tmp_path / "book", size=500_000)
    assert result.returncode == 1 and "page.ipynb is left as it was: [Errno 27] File too large" in result.stderr
    assert files(tmp_path) == [tmp_path / "book" / "page.ipynb"]
    assert (tmp_path / "book" / "page.ipynb").read_bytes() == before


def test_a_rerun_on_a_full_disk(tmp_path):
    write_notebook(tmp_path / "book", LARGE)
    result = apart("_rerun", tmp_path / "book", tmp_path / "out", size=500_000)
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.count("\n") == 1 and result.stderr.startswith("error: the output could not be written: ")
    assert "File too large" in result.stderr
    assert files(tmp_path) == [tmp_path / "book" / "page.ipynb"]


@pytest.mark.slow
def test_a_build_on_a_full_disk_and_the_next_one(tmp_path):
    import resource

    folder = checkout(tmp_path, HEALTHY)
    limit = (1_000_000, resource.RLIM_INFINITY)
    full = build(folder, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert full.returncode == 1 and "File too large" in full.stdout + full.stderr
    assert full.stderr.rstrip().splitlines()[-1].startswith("error: ")
    assert build(folder).stdout.rstrip().endswith("index.html")


# a folder that cannot be written


def test_a_figure_into_a_read_only_folder(read_only):
    folder, close = read_only
    _save(folder)
    before = {path.name: path.read_bytes() for path in files(folder)}
    close(folder)
    with pytest.raises(
        PermissionError, match=r"line.svg cannot be written \(Permission denied\); the older file is kept"
    ):
        _save(folder)
    with pytest.raises(PermissionError, match=r"figures cannot be written \(Permission denied\)$"):
        _save(folder / "figures")
    assert {path.name: path.read_bytes() for path in files(folder)} == before


def test_reruns_into_a_read_only_folder(read_only, monkeypatch, capsys):
    folder, close = read_only
    write_notebook(folder / "book", HEALTHY)
    monkeypatch.setattr(refresh, "BOOK", folder / "book")
    monkeypatch.setattr(rerun.run, "prepare", lambda: None)
    monkeypatch.setattr(rerun, "OUTPUT", folder / "out")
    close(folder)
    with pytest.raises(SystemExit) as exit:
        rerun.main(["page", "d=2"])
    assert str(exit.value).startswith("error: the output could not be written: [Errno 13] Permission denied")
    assert "\n" not in str(exit.value) and files(folder) == [folder / "book" / "page.ipynb"]


def test_a_refresh_in_a_read_only_folder(read_only, monkeypatch, capsys):
    folder, close = read_only
    path = write_notebook(folder / "book", HEALTHY)
    before = path.read_bytes()
    monkeypatch.setattr(refresh, "BOOK", folder / "book")
    monkeypatch.setattr(refresh.run, "prepare", lambda: None)
    close(folder / "book")
    with pytest.raises(SystemExit) as exit:
        refresh.main([])
    assert exit.value.code == 1
    assert "page.ipynb is left as it was: [Errno 13] Permission denied" in capsys.readouterr().err
    assert path.read_bytes() == before and files(folder) == [path]


# packages that are not there


def test_the_library_needs_only_its_own_dependencies(tmp_path):
    # Everything that the lock brings for the book and the tests, by the name under which it is imported.
    script = """
        import importlib, pkgutil, sys
        absent = {
            "IPython", "dask", "distributed", "hypothesis", "ipykernel", "itables", "jupyter_book", "jupyter_client",
            "mpmath", "myst_nb", "nbclient", "nbformat", "nbval", "numpydoc", "papermill", "pytest", "sphinx", "sympy",
            "yaml",
        }
        class Rest:
            def __init__(self, finder):
                self.finder = finder
            def __getattr__(self, name):
                return getattr(self.finder, name)
            def find_spec(self, name, path=None, target=None):
                return None if name.partition(".")[0] in absent else self.finder.find_spec(name, path, target)
        sys.meta_path[:] = map(Rest, sys.meta_path)
        import ehbilayer
        names = [m.name for m in pkgutil.walk_packages(ehbilayer.__path__, "ehbilayer.")]
        for name in names:
            importlib.import_module(name)
        from ehbilayer.sweep import sweep
        from ehbilayer.units import AtomicUnits
        grid = dict(function=AtomicUnits, axes={"mass": [0.5, 1.0]}, fixed={"eps_r": 5.0}, extract=["length_nm"])
        print(len(names), int(sweep(**grid, executor="serial").converged.sum()))
        sweep(**grid, executor="tcp://127.0.0.1:1")
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=tmp_path,
        env=os.environ | run.environment(),
        capture_output=True,
        text=True,
    )
    count, points = map(int, result.stdout.split() or (0, 0))
    assert count > 30 and points == 2, result.stderr
    assert result.returncode == 1 and "pip install 'ehbilayer[cluster]'" in result.stderr.splitlines()[-1]
