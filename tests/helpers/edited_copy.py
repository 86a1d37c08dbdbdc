"""A copy of the library with three small modules of kernels, to edit and to run in other processes."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import ehbilayer

MODULES = {
    "__init__.py": '"""Kernels that call each other."""\n',
    "low.py": "from ehbilayer.compilation import kernel\nfrom ehbilayer.probe.constants import FACTOR\n\n\n"
    "@kernel\ndef scale(x):\n    return FACTOR * x\n",
    "constants.py": "FACTOR = 2.0\n",
    "high.py": "from ehbilayer.compilation import kernel\nfrom ehbilayer.probe.low import scale\n\n\n"
    "@kernel\ndef shifted(x):\n    return scale(x) + 1.0\n\n\ndef point(x):\n    return shifted(x)\n",
    "unrelated.py": "from ehbilayer.compilation import kernel\n\n\n@kernel\ndef other(x):\n    return x\n",
}


class EditedCopy:
    """Copy of the library as `folder`/ehbilayer, whose module `probe.high` calls a kernel of `probe.low`.

    ``shifted(x)`` is ``FACTOR x + 1`` with the constant of a third module; at first, ``shifted(1.0)`` is 3.0.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.library = self.folder / "ehbilayer"
        self.folder.mkdir(exist_ok=True)
        shutil.copytree(Path(ehbilayer.__file__).parent, self.library, ignore=shutil.ignore_patterns("__pycache__"))
        (self.library / "probe").mkdir()
        for name, text in MODULES.items():
            (self.library / "probe" / name).write_text(text)

    def edit(self, name, before, after):
        file = self.library / "probe" / name
        text = file.read_text()
        assert before in text
        file.write_text(text.replace(before, after))

    def environment(self, **changed):
        """Environment of a process that imports the copy, keeps no bytecode and its kernels beside the library."""
        kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
        # Python itself takes an edit of equal length within one second for none if it finds a compiled file.
        return kept | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"} | changed

    def start(self, script, *arguments, **environment):
        """Process that runs a script of the copy's user."""
        file = self.folder / "script.py"
        file.write_text(textwrap.dedent(script))
        return subprocess.Popen(
            [sys.executable, file, *map(str, arguments)],
            env=self.environment(**environment),
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, script, *arguments, **environment):
        """What a script prints."""
        with self.start(script, *arguments, **environment) as process:
            out, error = process.communicate(timeout=600)
        assert process.returncode == 0 and not error, error
        return out.strip()

    def kernels(self, place=None):
        """Files of machine code."""
        return sorted((place or self.library / "__pycache__").rglob("*.nbc"))
