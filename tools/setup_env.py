"""Create .venv with everything in requirements.txt, or find that it is there already.

An environment made with another Python is as good, unless --this asks for the one that runs.
Runs under the system's Python, so it uses the standard library only and keeps to syntax
that an old Python can read far enough to print its error.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed")
PIP = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check"]
OLDEST, NEWEST = (3, 11), (3, 13)


def problem():
    """What keeps this Python from making the environment, or None."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return "Python %d.%d to %d.%d is needed, %s is %d.%d; name another one: make PYTHON=/path/to/python" % (
            OLDEST + NEWEST + (sys.executable,) + tuple(sys.version_info[:2])
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "%s has no venv module; on Debian and Ubuntu install the package python3-venv" % sys.executable
    return None


def key():
    """A hash of all that the environment depends on, its place included: its scripts hold absolute paths."""
    digest = hashlib.sha256(ROOT.encode())
    for name in ("requirements.txt", "lib/pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def usable(this):
    """Whether .venv is there, complete and made from the present lock (and, with `this`, by this Python)."""
    try:
        with open(STAMP) as file:
            made_from, made_by = file.read().split("\n", 1)
    except (OSError, ValueError):
        return False
    return os.path.exists(VENV_PYTHON) and made_from == key() and (made_by == sys.version or not this)


def main():
    if usable("--this" in sys.argv):
        return
    trouble = problem()
    if trouble:
        sys.exit("error: " + trouble)
    import fcntl

    # One at a time; the second finds the environment that the first has made.
    with open(__file__) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        if not usable("--this" in sys.argv):
            make()


def make():
    """Make .venv anew, with uv where it can be had and else with pip."""
    print("installing the packages of requirements.txt into .venv")
    sys.stdout.flush()
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        subprocess.check_call([sys.executable, "-m", "venv", VENV])
        if not install_fast():
            subprocess.check_call(PIP + ["install", "--quiet", "--requirement", "requirements.txt"], cwd=ROOT)
        subprocess.check_call(PIP + ["check"], cwd=ROOT)
    except subprocess.CalledProcessError as error:
        sys.exit("error: the environment could not be made: %s" % error)
    with open(STAMP, "w") as file:
        file.write(key() + "\n" + sys.version)


def install_fast():
    """Install the lock with the uv that it names; whether that worked (uv ignores pip's own settings of indexes)."""
    with open(os.path.join(ROOT, "requirements.txt")) as file:
        uv = next(line.strip() for line in file if line.startswith("uv=="))
    install = [os.path.join(VENV, "bin", "uv"), "pip", "install", "--quiet", "--compile-bytecode"]
    return (
        subprocess.call(PIP + ["install", "--quiet", uv]) == 0
        and subprocess.call(install + ["--python", VENV_PYTHON, "--requirement", "requirements.txt"], cwd=ROOT) == 0
    )


if __name__ == "__main__":
    main()
