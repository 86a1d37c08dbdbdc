"""Execute notebooks and store their text outputs, without images, HTML and what nbval is told to ignore.

Review the difference before committing it: a changed number is a changed result.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbclient
import nbformat

from ehbilayer.errors import ArgumentError
from ehbilayer.files import replacing
from tools import run

BOOK = run.ROOT / "book"
# Kept out of the repository: images are large and differ between machines, HTML carries random ids.
DROPPED = ("image/", "text/html", "application/papermill.record/image/", "application/papermill.record/text/html")


def find(name=None):
    """Path of the notebook called `name` (with or without folder and suffix), or of all notebooks."""
    notebooks = sorted(path for path in BOOK.glob("*.ipynb") if not path.name.startswith("."))
    if name is None:
        return notebooks
    found = [path for path in notebooks if path.stem == Path(name).name.removesuffix(".ipynb")]
    if not found:
        raise ArgumentError("NOTEBOOK", name, f"one of {' | '.join(path.stem for path in notebooks)}")
    return found


def strip(notebook):
    """Remove what must not be stored from an executed notebook, in place."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            # Timings, say: they belong to the machine that ran the cell.
            cell.outputs = []
        for output in cell.get("outputs", []):
            for mime in [mime for mime in output.get("data", {}) if mime.startswith(DROPPED)]:
                del output.data[mime]
                output.get("metadata", {}).pop(mime, None)


def refresh(path):
    """Execute one notebook in its folder and rewrite it with its text outputs."""
    notebook = nbformat.read(path, as_version=4)
    # Entered first: a folder that cannot be written is found before the notebook is executed.
    with replacing(path) as temporary:
        nbclient.NotebookClient(
            notebook, timeout=None, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
        ).execute()
        strip(notebook)
        # What the kernel reports about its Python changes between versions and says nothing about results.
        notebook.metadata["language_info"] = {"name": "python"}
        notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
        nbformat.validate(notebook)
        nbformat.write(notebook, temporary)


def main(arguments):
    run.prepare()
    try:
        notebooks = find(arguments[0] if arguments else None)
    except ArgumentError as error:
        sys.exit(f"error: {error}")
    failures = 0
    with ThreadPoolExecutor(run.workers()) as pool:
        for path, future in [(path, pool.submit(refresh, path)) for path in notebooks]:
            try:
                future.result()
                print(f"refreshed {os.path.relpath(path, run.ROOT)}", flush=True)
            except (nbclient.exceptions.CellExecutionError, nbclient.exceptions.DeadKernelError, OSError) as error:
                failures += 1
                print(f"error: {os.path.relpath(path, run.ROOT)} is left as it was: {error}", file=sys.stderr)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main(sys.argv[1:])
