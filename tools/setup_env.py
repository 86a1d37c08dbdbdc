"""Create .venv with everything in requirements.txt, or find that it is there already.

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
STAMP = os.path.join(VENV, "installed")
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
    """A hash of all that the environment depends on; its scripts hold absolute paths."""
    digest = hashlib.sha256(("%s %s" % (sys.version, ROOT)).encode())
    for name in ("requirements.txt", "lib/pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed(wanted):
    try:
        with open(STAMP) as file:
            return file.read() == wanted
    except OSError:
        return False


def main():
    trouble = problem()
    if trouble:
        sys.exit("error: " + trouble)
    wanted = key()
    if installed(wanted):
        return
    print("installing the packages of requirements.txt into .venv")
    sys.stdout.flush()
    shutil.rmtree(VENV, ignore_errors=True)
    python = os.path.join(VENV, "bin", "python")
    try:
        subprocess.check_call([sys.executable, "-m", "venv", VENV])
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.check_call(pip + ["install", "--quiet", "--requirement", "requirements.txt"], cwd=ROOT)
        subprocess.check_call(pip + ["check"], cwd=ROOT)
    except subprocess.CalledProcessError as error:
        sys.exit("error: the environment could not be made: %s" % error)
    with open(STAMP, "w") as file:
        file.write(wanted)


if __name__ == "__main__":
    main()
