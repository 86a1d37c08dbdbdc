"""Run one notebook with other parameters and render it like a page of the book.

    python -m tools.rerun 03-el-hc "mass_ratio=8 r_s=6.5"
    python -m tools.rerun --no-html 03-el-hc "mass_ratio=8"    # the notebook alone, without its page
    python -m tools.rerun --list 03-el-hc                      # its parameters; without a name, the notebooks

Names and types are checked against the notebook's cell tagged `parameters`; values by the
cell after it, which raises for what is not physical. Whatever is refused, and an interrupt, costs one line on
stderr and an exit status other than 0, and leaves nothing behind; what a killed run left is removed by the next one.
"""

import argparse
import ast
import contextlib
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import papermill
import yaml
from nbclient.exceptions import DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from ehbilayer.errors import ArgumentError
from tools import build_book, run
from tools.refresh import BOOK, find

OUTPUT = run.ROOT / "reruns"
_RUNNING = ".running-"
# A reference to a labelled section, figure, table or equation, and the labels themselves.
_REFERENCE = re.compile(r"\{(?:numref|ref|eq)\}`(?:([^`<]+?)\s*<)?([\w-]+)>?`")
# A link to a page.
_PAGE = re.compile(r"\{doc\}`(?:[^`<]*<)?([\w-]+)>?`")
_LABEL = re.compile(r"\b(?:sec|fig|tab|eq)-[a-z][\w-]*")
_KINDS = {"sec": "a section", "fig": "a figure", "tab": "a table", "eq": "an equation"}
# Extensions for the page of all claims and for the reference, which are not here.
_WHOLE_BOOK = ("tools.claims_page", "tools.reference", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "numpydoc")
# What the checks of arguments raise: their messages say all.
_REFUSALS = ("ArgumentError", "GridTooCoarse", "TypeError", "ValueError")


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


class Progress:
    """One line on stderr, where that is a terminal, that says what is running."""

    def __init__(self):
        self.start = time.monotonic()
        # Its own way there: `_quiet` closes the usual one.
        self.stream = os.fdopen(os.dup(2), "w") if sys.stderr is not None and sys.stderr.isatty() else None

    def say(self, text=""):
        if self.stream is not None:
            shown = f"{text[:70]}  [{time.monotonic() - self.start:.0f} s]" if text else ""
            self.stream.write(f"\r\x1b[K{shown}")
            self.stream.flush()


class _Engine(NBClientEngine):
    """Papermill's own, which tells about each cell before it runs."""

    progress = Progress()

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **keywords):
        code = [index for index, cell in enumerate(nb_man.nb.cells) if cell.cell_type == "code"]
        start = nb_man.cell_start

        def cell_start(cell, cell_index=None, **others):
            if cell_index in code:
                first = next(iter(cell.source.strip().splitlines()), "")
                cls.progress.say(f"cell {code.index(cell_index) + 1} of {len(code)}: {first}")
            return start(cell, cell_index, **others)

        nb_man.cell_start = cell_start
        return super().execute_managed_notebook(nb_man, kernel_name, **keywords)


papermill_engines.register("progress", _Engine)


@contextlib.contextmanager
def _quiet():
    """Nothing reaches stderr meanwhile: what papermill, tornado and a kernel that ends log is no answer of ours."""
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
                str(notebook),
                str(output),
                values,
                engine_name="progress",
                cwd=str(folder),
                kernel_name="python3",
                progress_bar=False,
            )
    except PapermillExecutionError as error:
        message = error.evalue.strip().splitlines() or ["no message"]
        prefix = "" if error.ename in _REFUSALS else f"{error.ename} in cell {error.exec_count}: "
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


def label(notebook, values, known):
    """Say below the notebook's title which parameters it was run with."""
    content = nbformat.read(notebook, as_version=4)
    changed = [f"`{name} = {value!r}`, in the book {known[name]!r}" for name, value in values.items()]
    changed = [text for text, name in zip(changed, values, strict=True) if values[name] != known[name]]
    said = "; ".join(changed) or "none, these are the values of the book"
    banner = (
        "\n\n:::{admonition} Run again with other parameters\n:class: warning\n"
        f"Changed: {said}. The text was written for the values of the book.\n:::\n"
    )
    for cell in content.cells:
        if cell.cell_type == "markdown" and re.search(r"^# .+$", cell.source, re.MULTILINE):
            cell.source = re.sub(r"^# .+$", lambda title: title.group() + banner, cell.source, count=1, flags=re.M)
            break
    own, others = labels(notebook), {path.stem: labels(path) for path in BOOK.glob("*.ipynb")}
    for cell in content.cells:
        if cell.cell_type == "markdown":
            cell.source = without_numbers(cell.source, own, others)
        elif "caption" in (figure := cell.metadata.get("mystnb", {}).get("figure", {})):
            figure["caption"] = without_numbers(figure["caption"], own, others)
    nbformat.write(content, notebook)
    return notebook


def labels(path):
    """Labels that a notebook gives to its sections, figures, tables and equations."""
    return set(_LABEL.findall(_REFERENCE.sub("", path.read_text(encoding="utf-8"))))


def without_numbers(text, own, others):
    """References to what is on another page of the book, which has no number here, lead to that page."""

    def lead(found):
        title, name = found.groups()
        page = next((page for page, labels in sorted(others.items()) if name in labels), None)
        if name in own or page is None:
            return found.group()
        return f"{title or _KINDS[name.partition('-')[0]]} of {{doc}}`{page}`"

    return _REFERENCE.sub(lead, text)


def titles(names):
    """First heading of some pages of the book, by the page's name."""
    found = {}
    for path in sorted([*BOOK.glob("*.md"), *BOOK.glob("*.ipynb")]):
        if path.stem not in names:
            continue
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
    shutil.copy(BOOK / "references.bib", source)
    # What is cited, where the book lists all.
    (source / "bibliography.md").write_text("# Bibliography\n\n```{bibliography}\n```\n", encoding="utf-8")
    shutil.copy(notebook, source)
    if (folder / "figures").is_dir():
        shutil.copytree(folder / "figures", source / "figures")
    config = yaml.safe_load((run.ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["execute"] = {"execute_notebooks": "off"}
    del config["launch_buttons"]
    extensions = config["sphinx"]["config"]["extensions"]
    config["sphinx"]["config"]["extensions"] = [name for name in extensions if name not in _WHOLE_BOOK]
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    # Only what this page links to has a page here, which is half of the time. Without a page `index`, Jupyter Book
    # makes index.html lead to the notebook.
    named = set(_PAGE.findall(notebook.read_text(encoding="utf-8"))) - {notebook.stem, "bibliography", "index"}
    others = titles(named)
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


@contextlib.contextmanager
def _running(parent):
    """New folder in `parent` for a run, removed at its end; what killed runs left there is removed first."""
    for folder in parent.glob(f"{_RUNNING}*"):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            # A run that is at work holds the lock on its folder; the system takes it from one that was killed.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass
        finally:
            os.close(descriptor)
    with tempfile.TemporaryDirectory(dir=parent, prefix=_RUNNING) as temporary:
        descriptor = os.open(temporary, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # of a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Path(temporary)
        finally:
            os.close(descriptor)


def rerun(name, text, output, html=True):
    """Run notebook `name` with the parameters in `text`, and render its page; return the finished folder."""
    if not name:
        raise Refused('name a notebook: make rerun NOTEBOOK=03-el-hc PARAMS="mass_ratio=8"')
    try:
        (notebook,) = find(name)
    except ArgumentError as error:
        raise Refused(str(error)) from None
    values, known = parameters(notebook, text), defaults(notebook)
    final = Path(output) / notebook.stem / folder_name(values)
    made = [folder for folder in (final.parent, final.parent.parent) if not folder.exists()]
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Finished output appears in one step; until then it lives beside its place under another name.
        with _running(final.parent) as temporary:
            folder = temporary / "run"
            folder.mkdir()
            executed = label(execute(notebook, values, folder), values, known)
            if html:
                _Engine.progress.say("rendering the page")
                render(executed, folder)
            if final.exists():
                os.rename(final, temporary / "previous")
            os.rename(folder, final)
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()  # only if nothing came into it
    return final


def listed(name):
    """Lines that name the notebooks, or the parameters of one with their defaults and comments."""
    if not name:
        return [path.stem for path in find()]
    (notebook,) = find(name)
    found = papermill.inspect_notebook(str(notebook)).values()
    return [f"{one['name']} = {one['default']}" + (f"  # {one['help']}" if one["help"] else "") for one in found]


def _interrupt(*_):
    raise KeyboardInterrupt


def main(arguments):
    parser = argparse.ArgumentParser("tools.rerun", description="Run a notebook with other parameters.")
    parser.add_argument("--list", action="store_true", help="list the notebook's parameters, or the notebooks")
    parser.add_argument("--no-html", action="store_true", help="leave out the page")
    parser.add_argument("notebook", nargs="?", default="", help="its name, as 03-el-hc")
    parser.add_argument("parameters", nargs="?", default="", help="as 'a=1 b=2'")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        run.prepare()
        if given.list:
            print("\n".join(listed(given.notebook)))
            return
        folder = rerun(given.notebook, given.parameters, OUTPUT, not given.no_html)
    except KeyboardInterrupt:
        _Engine.progress.say()
        print("error: interrupted; nothing is left behind", file=sys.stderr, flush=True)
        # What an interrupted event loop has to say when Python ends is no answer of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.exit(1)
    except (Refused, ArgumentError) as error:
        _Engine.progress.say()
        sys.exit(f"error: {error}")
    except OSError as error:
        _Engine.progress.say()
        sys.exit(f"error: the output could not be written: {error}")
    _Engine.progress.say()
    stem = folder.parent.name
    print(folder / f"{stem}.ipynb")
    if not given.no_html:
        print(folder / "html" / f"{stem}.html")


if __name__ == "__main__":
    main(sys.argv[1:])
