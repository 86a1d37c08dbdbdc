"""Create .venv-check with everything in requirements-check.txt, or find that it is there already."""

import hashlib
import subprocess
import sys
import venv

from tools import chromium, run

VENV = run.ROOT / ".venv-check"
REQUIREMENTS = run.ROOT / "requirements-check.txt"
STAMP = VENV / "installed"


def key():
    """What the environment was made from: the requirements, the Python and its place."""
    return hashlib.sha256(f"{VENV} {sys.version} {REQUIREMENTS.read_text(encoding='utf-8')}".encode()).hexdigest()


def main():
    # Nothing is installed where there is no browser to use it.
    chromium.find()
    if STAMP.exists() and STAMP.read_text() == key():
        return
    print("installing the packages of requirements-check.txt into .venv-check", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True)
        pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--requirement", REQUIREMENTS], check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: the environment could not be made: {error}")
    STAMP.write_text(key())


if __name__ == "__main__":
    main()
