"""Run one notebook with other parameters and render it like a page of the book.

    python -m tools.rerun 03-el-hc "mass_ratio=8 r_s=6.5"

Names and types are checked against the notebook's cell tagged `parameters`; values by the
cell after it, which raises for what is not physical. Whatever is refused costs one line on
stderr and exit status 1, and leaves nothing behind.
"""

import ast
import contextlib
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import papermill
import yaml
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from tools import build_book, run
from tools.refresh import BOOK, find

OUTPUT = run.ROOT / "reruns"


class Refused(Exception):
    """A request that cannot be run, with the line to print."""


def defaults(notebook):
    """Values in the notebook's `parameters` cell, by name."""
    found = {}
    for name, parameter in papermill.inspect_notebook(str(notebook)).items():
        try:
            found[name] = ast.literal_eval(parameter["default"])
        except ValueError:
            raise Refused(f"{notebook.name}: the default of {name}, {parameter['default']}, is not a literal") from None
    return found


def split(text):
    """Split ``"a=1 b='x y'"`` into names and the texts of their values."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise Refused(f"PARAMS = {text!r} cannot be read: {error}") from None
    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            raise Refused(f"{word!r} is not of the form name=value")
        if name in pairs:
            raise Refused(f"{name} is given twice")
        pairs[name] = value
    return pairs


def convert(name, text, default):
    """Read `text` as a value of the type of `default`."""
    readers = {
        bool: (_boolean, "true or false"),
        int: (int, "an integer"),
        float: (float, "a number"),
        str: (str, "text"),
        list: (lambda text: list(_sequence(name, text, default)), "a list of such values"),
        tuple: (lambda text: tuple(_sequence(name, text, default)), "a tuple of such values"),
        type(None): (ast.literal_eval, "a Python literal"),
    }
    if type(default) not in readers:
        raise Refused(f"{name} = {default!r} is of type {type(default).__name__}, which cannot be set from here")
    reader, description = readers[type(default)]
    try:
        return reader(text)
    except (ValueError, SyntaxError):
        raise Refused(f"{name} = {text!r} is not allowed: need {description}, as the default {default!r}") from None


def _boolean(text):
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _sequence(name, text, default):
    values = ast.literal_eval(text)
    if not isinstance(values, list | tuple):
        raise ValueError(text)
    return [convert(name, str(value), default[0]) if default else value for value in values]


def parameters(notebook, text):
    """Checked values for papermill from the text of PARAMS."""
    known = defaults(notebook)
    given = split(text)
    for name in given:
        if name not in known:
            raise Refused(f"{notebook.stem} has no parameter {name!r}; it has {', '.join(known) or 'none'}")
    return {name: convert(name, value, known[name]) for name, value in given.items()}


def folder_name(values):
    """A name for the output that follows from the parameters alone."""
    name = ",".join(f"{key}={value}" for key, value in sorted(values.items())) or "defaults"
    safe = re.sub(r"[^A-Za-z0-9=,.+_-]", "_", name)
    if safe == name and len(name) <= 100:
        return name
    return f"{safe[:80]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@contextlib.contextmanager
def _quiet():
    """Nothing reaches stderr meanwhile: papermill, tornado and a kernel that ends may log there what is no answer of ours."""
    saved, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nothing)


def execute(notebook, values, folder):
    """Run the notebook in `folder`; raise Refused with one line where it stops."""
    output = folder / notebook.name
    data = folder / "data"
    if (notebook.parent / "data").is_dir():
        # Pages read it relative to the folder in which they run.
        data.symlink_to((notebook.parent / "data").resolve())
    try:
        with _quiet():
            papermill.execute_notebook(
                str(notebook), str(output), values, cwd=str(folder), kernel_name="python3", progress_bar=False
            )
    except PapermillExecutionError as error:
        message = error.evalue.strip().splitlines() or ["no message"]
        prefix = "" if error.ename in ("ValueError", "TypeError") else f"{error.ename} in cell {error.exec_count}: "
        raise Refused(prefix + message[0]) from None
    except DeadKernelError:
        # Python itself ended: killed for its memory, say.
        cells = nbformat.read(output, as_version=4).cells
        begun = [cell for cell in cells if cell.cell_type == "code" and cell.metadata.papermill.get("start_time")]
        first = begun[-1].source.strip().partition("\n")[0]
        raise Refused(
            f"the kernel of {notebook.stem} died in the cell that begins {first!r}; was there enough memory?"
        ) from None
    data.unlink(missing_ok=True)
    return output


def titles():
    """First heading of each page of the book, by the page's name."""
    found = {}
    for path in sorted([*BOOK.glob("*.md"), *BOOK.glob("*.ipynb")]):
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        else:
            text = path.read_text(encoding="utf-8")
        heading = re.search(r"^# (.+)$", text, re.MULTILINE)
        found[path.stem] = heading.group(1) if heading else path.stem
    return found


def render(notebook, folder):
    """Render an executed notebook with the book's own configuration into folder/html."""
    source = folder / "source"
    source.mkdir()
    for name in ("_static", "_extra"):
        shutil.copytree(BOOK / name, source / name)
    for name in ("references.bib", "bibliography.md"):
        shutil.copy(BOOK / name, source)
    shutil.copy(notebook, source)
    if (folder / "figures").is_dir():
        shutil.copytree(folder / "figures", source / "figures")
    config = yaml.safe_load((run.ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["execute"] = {"execute_notebooks": "off"}
    del config["launch_buttons"]
    # One page alone does not have the values of all claims.
    extensions = config["sphinx"]["config"]["extensions"]
    config["sphinx"]["config"]["extensions"] = [name for name in extensions if name != "tools.claims_page"]
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    # Without a page `index`, Jupyter Book makes index.html lead to the notebook.
    others = {name: title for name, title in titles().items() if name not in (notebook.stem, "bibliography", "index")}
    for name, title in others.items():
        (source / f"{name}.md").write_text(f"# {title}\n\nThis page of the book was not run again.\n", encoding="utf-8")
    toc = {
        "format": "jb-book",
        "root": notebook.stem,
        "chapters": [{"file": name} for name in ["bibliography", *others]],
    }
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    # References into the book's other pages stay unresolved here, so that warnings are not errors.
    command = build_book.command(source, folder / "_config.yml", folder / "_toc.yml", folder)
    result = subprocess.run(command, cwd=run.ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode:
        lines = [line.strip() for line in result.stderr.splitlines() if re.search(r"\w", line)]
        told = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
        raise Refused(f"the notebook ran, but its page could not be rendered: {['no message', *lines, *told][-1]}")
    (folder / "_build" / "html").rename(folder / "html")
    shutil.rmtree(folder / "_build")
    shutil.rmtree(source)
    (folder / "_config.yml").unlink()
    (folder / "_toc.yml").unlink()
    return folder / "html" / f"{notebook.stem}.html"


def rerun(name, text, output=OUTPUT):
    """Run and render notebook `name` with the parameters in `text`; return the finished folder."""
    if not name:
        raise Refused('name a notebook: make rerun NOTEBOOK=03-el-hc PARAMS="mass_ratio=8"')
    try:
        (notebook,) = find(name)
    except ValueError as error:
        raise Refused(str(error)) from None
    values = parameters(notebook, text)
    final = Path(output) / notebook.stem / folder_name(values)
    made = [folder for folder in (final.parent, final.parent.parent) if not folder.exists()]
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Finished output appears in one step; until then it lives beside its place under another name.
        with tempfile.TemporaryDirectory(dir=final.parent, prefix=".running-") as temporary:
            folder = Path(temporary) / "run"
            folder.mkdir()
            render(execute(notebook, values, folder), folder)
            if final.exists():
                os.rename(final, Path(temporary) / "previous")
            os.rename(folder, final)
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()  # only if nothing came into it
    return final


def main(arguments):
    run.prepare()
    name, text = (*arguments, "", "")[:2]
    try:
        folder = rerun(name, text)
    except Refused as error:
        sys.exit(f"error: {error}")
    except OSError as error:
        sys.exit(f"error: the output could not be written: {error}")
    stem = folder.parent.name
    print(folder / f"{stem}.ipynb")
    print(folder / "html" / f"{stem}.html")


if __name__ == "__main__":
    main(sys.argv[1:])
