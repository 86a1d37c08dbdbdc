"""What the tests of sweeps share; `conftest.py` puts this folder on the path."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import ehbilayer

SCRIPT = """
import hashlib, json, os, sys, signal
import numpy as np
sys.path.insert(0, sys.argv[1])
import points_of_tests as p
from ehbilayer import files
from ehbilayer.sweep import sweep, store as store_module

def digest(ds):
    parts = [
        (name, v.dims, str(v.dtype), hashlib.sha256(v.values.tobytes()).hexdigest(), v.attrs)
        for name, v in ds.variables.items()
    ]
    return hashlib.sha256(json.dumps([parts, ds.attrs]).encode()).hexdigest()
"""


RESUMED = """
    if __name__ == "__main__":
        store, executor = (argument or None for argument in sys.argv[2:])
        ds = sweep(p.slow, {"x": np.linspace(0, 1, 24)}, store=store, workers=2, executor=executor)
        print(digest(ds))
"""


PACKAGE = {
    "__init__.py": "from {name}.point import f\nfrom {name}.unrelated import g\n__all__ = ['f', 'g']\n",
    "point.py": "from . import shared\nfrom .inner import deep\n\ndef f(x):\n    from {name}.lazy import late\n"
    "    return late(shared.scale(x)) + deep.h(x)\n",
    "shared.py": "import json\n\ndef scale(x):\n    return 2 * x\n",
    "lazy.py": "def late(x):\n    return x\n",
    "inner/__init__.py": "from {name}.inner.other import k\n",
    "inner/deep.py": "from {name}.outer import f8\n\ndef h(x):\n    return f8(1)\n",
    "outer/__init__.py": "from numpy import float64 as f8\n",
    "inner/other.py": "def k(x):\n    return 1\n",
    "unrelated.py": "def g(x):\n    return 1\n",
}


def entries(store):
    return sorted(Path(store).glob("*/[!.]*"))


def same(one, other):
    """Whether two datasets agree in every bit, name, dimension, type and attribute."""
    return (
        list(one.variables) == list(other.variables)
        and one.attrs == other.attrs
        and all(
            a.dims == b.dims and a.dtype == b.dtype and a.values.tobytes() == b.values.tobytes() and a.attrs == b.attrs
            for a, b in zip(one.variables.values(), other.variables.values(), strict=True)
        )
    )


def python(folder, body, *arguments, check=True, **environment):
    """Run a script that imports the functions of the tests; what it prints."""
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT + textwrap.dedent(body), str(folder), *map(str, arguments)],
        env=os.environ
        | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(Path(ehbilayer.__file__).parent.parent)}
        | environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if check:
        assert result.returncode == 0, result.stderr
    return result
