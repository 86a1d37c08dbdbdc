"""Execute the book's notebooks, several at a time, and keep what they gave until something they are made from changes.

    python -m tools.execute page.ipynb folder    # one notebook: folder/page.ipynb and folder/figures

An executed notebook is used again while its code, the parts of the library that it imports, the book's data, Python and
the locked packages are the same; its prose and its captions may change.
"""

import ast
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbclient
import nbformat

from tools import refresh, run

#: Executed notebooks with their figures, one folder each.
PAGES = run.CACHE / "pages"
#: What takes longest begins first, so that no core waits at the end.
LONGEST = (
    "40-your-device",
    "04-phase-diagrams",
    "22-diode",
    "23-beyond-ginzburg-landau",
    "09-beyond-bcs",
    "32-one-device",
    "07-compressibility",
    "33-one-interaction",
    "06-gallery",
    "05-condensate",
)
#: These measure time, and run when nothing else does.
ALONE = ("80-performance",)


#: Processes that execute a notebook now.
_running: set[subprocess.Popen] = set()


class PageError(Exception):
    """Some notebooks did not run to their end, or wrote to stderr."""


def _roots():
    packages = {path.parent.name: path.parent for path in run.LIBRARY.glob("*/__init__.py")}
    benchmarks = run.ROOT / "benchmarks"
    return packages | ({"benchmarks": benchmarks} if benchmarks.is_dir() else {})


def _files(name, roots):
    """Files of a module by its full name, with those of the packages that hold it; none if it is not ours."""
    head, *rest = name.split(".")
    if head not in roots:
        return
    folder = roots[head]
    yield folder / "__init__.py"
    for part in rest:
        if (folder / f"{part}.py").is_file():
            yield folder / f"{part}.py"
            return
        folder = folder / part
        if not (folder / "__init__.py").is_file():
            return  # a name in the module
        yield folder / "__init__.py"


def _imports(tree) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def made_from(notebook) -> set[Path]:
    """Files of this project that the code of a notebook is made from: what it imports, and what that imports."""
    roots, found = _roots(), set()
    waiting = [ast.parse(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    while waiting:
        for name in _imports(waiting.pop()):
            for path in _files(name, roots):
                if path not in found:
                    found.add(path)
                    waiting.append(ast.parse(path.read_text(encoding="utf-8")))
    # Data that lies beside the modules.
    beside = {data for path in found for data in path.parent.iterdir() if data.is_file() and data.suffix != ".py"}
    return found | beside


def state(path: Path) -> str:
    """Hash of all that the outputs of a notebook follow from."""
    notebook = nbformat.read(path, as_version=4)
    files = made_from(notebook)
    files |= {file for file in (path.parent / "data").rglob("*") if file.is_file()}
    files |= {file for name in ("requirements.txt", "tools/execute.py") if (file := run.ROOT / name).exists()}
    digest = run.hash_files(file for file in files if file.suffix != ".py")
    modules = {str(file.relative_to(run.ROOT)): _meaning(file) for file in files if file.suffix == ".py"}
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return run.hash_text(repr((platform.python_version(), platform.machine(), digest, sorted(modules.items()), code)))


def _meaning(file: Path) -> str:
    """A module without its comments and docstrings, which change no result."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def execute(path: Path, folder: Path) -> None:
    """Run one notebook and write it and the files of its figures into a folder; raise where it stops or complains."""
    notebook = nbformat.read(path, as_version=4)
    os.environ["EHBILAYER_FIGURES"] = str(folder / "figures")
    client = nbclient.NotebookClient(
        notebook, timeout=1800, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        client.execute()
    except (nbclient.exceptions.CellExecutionError, nbclient.exceptions.DeadKernelError) as error:
        raise PageError(f"{path.name}: {error}") from None
    for cell in notebook.cells:
        said = [output.text for output in cell.get("outputs", ()) if output.get("name") == "stderr"]
        if said:
            raise PageError(f"{path.name}: the cell that begins {cell.source[:60]!r} wrote to stderr: {''.join(said)}")
    nbformat.write(notebook, folder / path.name)


def place(path: Path) -> Path:
    """Folder for the executed copy of a notebook as it is now."""
    return PAGES / path.stem / state(path)[:16]


def _kept(path: Path) -> Path:
    """Folder with the executed notebook, run now unless it is there."""
    wanted = place(path)
    if wanted.is_dir():
        print(f"{path.stem}: as before", flush=True)
        return wanted
    wanted.parent.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    print(f"{path.stem}: runs", flush=True)
    with tempfile.TemporaryDirectory(dir=PAGES, prefix=".running-") as temporary:
        # A process of its own: the outcome does not depend on the pages that ran before.
        command = [sys.executable, "-m", "tools.execute", str(path), temporary]
        pipes = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with subprocess.Popen(command, cwd=run.ROOT, text=True, **pipes) as process:
            _running.add(process)
            said, complaint = process.communicate()
        _running.discard(process)
        if process.returncode:
            raise PageError((complaint or said).strip())
        for older in wanted.parent.iterdir():
            shutil.rmtree(older)
        Path(temporary, "figures").mkdir(exist_ok=True)
        shutil.copytree(temporary, wanted)
    print(f"{path.stem}: done in {time.monotonic() - begun:.0f} s", flush=True)
    return wanted


def _order(path: Path):
    return LONGEST.index(path.stem) if path.stem in LONGEST else len(LONGEST), path.stem


def execute_all(paths: list[Path]) -> dict[Path, Path]:
    """Folder of each notebook's outputs; those that time something run last and alone.

    Raises
    ------
    PageError
        Naming every notebook that failed, after all have been tried.
    """
    PAGES.mkdir(parents=True, exist_ok=True)
    for left in PAGES.glob(".running-*"):
        shutil.rmtree(left, ignore_errors=True)
    found, problems = {}, []
    together = sorted((path for path in paths if path.stem not in ALONE), key=_order)
    for group, workers in ((together, run.workers()), ([path for path in paths if path.stem in ALONE], 1)):
        with ThreadPoolExecutor(workers) as pool:
            waiting = [(path, pool.submit(_kept, path)) for path in group]
            try:
                for path, future in waiting:
                    try:
                        found[path] = future.result()
                    except PageError as error:
                        problems.append(str(error))
            except BaseException:
                # An interrupt: nothing goes on without us.
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(_running):
                    process.terminate()
                raise
    if problems:
        raise PageError("\n".join(problems))
    return found


def with_outputs(path: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook as it is now, prose and captions included, with the outputs of its executed copy."""
    notebook, executed = (nbformat.read(file, as_version=4) for file in (path, folder / path.name))
    outputs = [cell for cell in executed.cells if cell.cell_type == "code"]
    for cell, done in zip((cell for cell in notebook.cells if cell.cell_type == "code"), outputs, strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    return notebook


def compose(source: Path, target: Path) -> None:
    """Copy the book's folder, with every notebook executed and the files of all figures."""
    names = refresh.find()
    folders = execute_all(names)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("figures", "__pycache__", ".*", "*.ipynb"))
    figures = target / "figures"
    figures.mkdir()
    for path, folder in folders.items():
        nbformat.write(with_outputs(path, folder), target / path.name)
        shutil.copytree(folder / "figures", figures, dirs_exist_ok=True)


def main(arguments):
    run.prepare()
    try:
        execute(Path(arguments[0]).resolve(), Path(arguments[1]).resolve())
    except PageError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
