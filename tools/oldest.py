"""Run the unit tests of the library with the oldest versions of its own dependencies that it allows.

The environment, .venv-oldest, is resolved anew: for numpy, scipy, numba and xarray the lower bound, for the tests' own
packages the versions of the lock.
"""

import os
import re
import subprocess
import sys
import tomllib

from tools import run

FOLDER = run.ROOT / ".venv-oldest"
#: The packages whose lower bounds are tried; their bounds are in the library's metadata.
TRIED = ("numpy", "scipy", "numba")
TESTS = (
    "pytest",
    "pytest-xdist",
    "nbval",
    "hypothesis",
    "mpmath",
    "pillow",
    "pyyaml",
    "sympy",
    "h5py",
    "h5netcdf",
    "nbclient",
    "ipykernel",
)


def requirements():
    """Requirements of that environment: lower bounds of the library, and the lock's versions of what the tests use."""
    library = tomllib.loads((run.ROOT / "lib" / "pyproject.toml").read_text())["project"]["dependencies"]
    bounds = dict(re.findall(r"^([a-z-]+)>=([\d.]+)", "\n".join(library), re.MULTILINE))
    locked = dict(re.findall(r"^([\w.-]+)==([^ ;\n]+)", (run.ROOT / "requirements.txt").read_text(), re.MULTILINE))
    return [f"{name}=={bounds[name]}.*" for name in TRIED] + [f"{name}=={locked[name]}" for name in TESTS]


def main():
    uv = [os.path.join(os.path.dirname(sys.executable), "uv"), "--quiet"]
    python = FOLDER / "bin" / "python"
    subprocess.run([*uv, "venv", "--clear", "--python", sys.executable, FOLDER], check=True)
    subprocess.run(
        [*uv, "pip", "install", "--python", python, *requirements(), "--editable", run.ROOT / "lib"], check=True
    )
    run.prepare()
    tests = ["tests", "lib/ehbilayer", "--ignore=tests/book", "--ignore=tests/tools", "--ignore=tests/ehbook"]
    sys.exit(subprocess.call([python, "-m", "pytest", "-n", "auto", "-m", "not slow", *tests], cwd=run.ROOT))


if __name__ == "__main__":
    main()
