"""Build the book, unless the one in _build was made from the same sources."""

import re
import shutil
import signal
import subprocess
import sys

from tools import execute, run

ROOT = run.ROOT
BUILD = ROOT / "_build"
HTML = run.HTML
STAMP = BUILD / "inputs"
SOURCE = BUILD / "source"
FIGURES = SOURCE / "figures"
GENERATED = {"figures", "__pycache__", ".ipynb_checkpoints"}

_REMOTE = re.compile(
    r"""<(?:script|img|iframe|source|link)\b[^>]*?\s(?:src|href|srcset)\s*=\s*["'](?:https?:)?//[^>]*>""", re.IGNORECASE
)


def inputs():
    """Files that the pages depend on."""
    paths = [ROOT / name for name in ("_config.yml", "_toc.yml", "requirements.txt", "CITATION.cff")]
    paths += run.LIBRARY.rglob("*.py")
    for folder in ("book", "benchmarks", "tools"):
        paths += (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return [path for path in paths if path.exists() and not GENERATED.intersection(path.relative_to(ROOT).parts)]


def remote_resources(page):
    """Tags of a page that would load something over a network."""
    return [tag for tag in _REMOTE.findall(page) if not re.search(r"rel\s*=\s*[\"'](?:canonical|license)[\"']", tag)]


def check_offline():
    remote = {
        page.relative_to(HTML): found
        for page in sorted(HTML.rglob("*.html"))
        if (found := remote_resources(page.read_text(encoding="utf-8")))
    }
    if remote:
        page, found = next(iter(remote.items()))
        sys.exit(f"error: {len(remote)} pages load something over a network; first {page}: {found[0]}")


def command(source, config, toc, output, *options):
    """Command line of Jupyter Book, to be run in the root so that Sphinx finds the extension in tools/."""
    paths = ["--config", str(config), "--toc", str(toc), "--path-output", str(output)]
    # Its own command line has no option for Sphinx's processes.
    start = (
        "from functools import partial; import jupyter_book.sphinx as book; "
        f"book.build_sphinx = partial(book.build_sphinx, jobs={run.workers()}); "
        "from jupyter_book.cli.main import main; main()"
    )
    return [
        sys.executable,
        "-c",
        start,
        "build",
        str(source),
        *paths,
        *options,
    ]


def _end(*_):
    raise KeyboardInterrupt


def main():
    run.prepare()
    signal.signal(signal.SIGTERM, _end)
    try:
        with run.alone(__file__, "builds this book"):
            build()
    except KeyboardInterrupt:
        sys.exit("error: interrupted; what was executed is kept")


def build():
    """Build the book into _build, if its inputs have changed; end the process where that fails."""
    # Here, since it loads matplotlib and xarray: reruns and most tests use this module for other things.
    from tools import overview

    wanted = run.hash_files(inputs())
    if STAMP.exists() and STAMP.read_text() == wanted:
        print(f"up to date: {HTML / 'index.html'}")
        return
    shutil.rmtree(BUILD, ignore_errors=True)
    try:
        execute.compose(ROOT / "book", SOURCE)
    except execute.PageError as error:
        sys.exit(f"error: the book was not built\n{error}")
    if overview.NAME in (SOURCE / "index.md").read_text(encoding="utf-8"):
        overview.draw(FIGURES, SOURCE / "_static" / overview.NAME)
    result = subprocess.run(
        command(SOURCE, "_config.yml", ROOT / "_toc.yml", ".", "-W", "-n", "--keep-going"),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    if result.returncode:
        reports = sorted((HTML / "reports").glob("*.log"))
        sys.exit("\n".join(["error: the book was not built", *(f"see {report}" for report in reports)]))
    check_offline()
    # Hosts that run Jekyll would drop every folder whose name begins with an underscore.
    (HTML / ".nojekyll").touch()
    STAMP.write_text(wanted)
    print(f"built: {HTML / 'index.html'}")


if __name__ == "__main__":
    main()
