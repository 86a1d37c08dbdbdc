"""Run a command with the environment that every part of the project runs in.

    python -m tools.run pytest -q

One variable, WORKERS, sets the number of worker processes everywhere; each has one thread.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
LIBRARY = ROOT / "lib"
#: The built book.
HTML = ROOT / "_build" / "html"


def hash_files(paths):
    """SHA-256 over the names and contents of files below the root."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def hash_text(text):
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def workers():
    """Number of worker processes: WORKERS, or two on a machine that has two cores free for us."""
    given = os.environ.get("WORKERS", "").strip()
    if not given:
        return min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    if not given.isdecimal() or int(given) < 1:
        sys.exit(f"error: WORKERS = {given!r} is not allowed: need an integer >= 1")
    return int(given)


def environment():
    """Variables of the environment, to be laid over os.environ."""
    threads = dict.fromkeys(
        (
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "NUMBA_NUM_THREADS",
        ),
        "1",
    )
    return threads | {
        "WORKERS": str(workers()),
        "EHBILAYER_WORKERS": str(workers()),
        # Expensive sweeps are computed once and shared by the book, the tests of its notebooks and reruns.
        "EHBILAYER_STORE": str(CACHE / "sweeps"),
        "PYTEST_XDIST_AUTO_NUM_WORKERS": str(workers()),
        # Figures lie beside the notebook that draws them.
        "EHBILAYER_FIGURES": "",
        "NUMBA_CACHE_DIR": str(CACHE / "numba"),
        # A user's own kernels, startup files and matplotlibrc stay out of the book.
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_DATA_DIR": str(CACHE / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(CACHE / "jupyter"),
        "IPYTHONDIR": str(CACHE / "ipython"),
        "MPLCONFIGDIR": str(CACHE / "matplotlib"),
        "PYTHONNOUSERSITE": "1",
        # ipykernel's debugger otherwise warns about frozen modules on every start.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


@contextlib.contextmanager
def alone(file, task):
    """Context that one process of this machine can enter at a time, by a lock on `file`; the others wait."""
    import fcntl

    with open(file, "rb") as stream:
        with contextlib.suppress(OSError):  # of a file system without locks
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"waiting for another process that {task}", flush=True)
                fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def prepare():
    """Set this process's environment and make the caches whose first use prints to stderr."""
    os.environ.update(environment())
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    for name in ("NUMBA_CACHE_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        Path(os.environ[name]).mkdir(parents=True, exist_ok=True)
    if find_spec("matplotlib") and not list(Path(os.environ["MPLCONFIGDIR"]).glob("fontlist*.json")):
        warm = "import matplotlib.font_manager"
        subprocess.run([sys.executable, "-c", warm], check=True, stderr=subprocess.DEVNULL)


def main(arguments):
    prepare()
    os.execvp(arguments[0], arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
