"""Time other people's programs on the book's problems, in an environment of their own, .venv-peers.

It has the lock, and what requirements-bench.txt adds.
"""

import os
import subprocess
import sys

from tools import run

FOLDER = run.ROOT / ".venv-peers"


def main():
    uv = [os.path.join(os.path.dirname(sys.executable), "uv"), "--quiet"]
    python = FOLDER / "bin" / "python"
    subprocess.run([*uv, "venv", "--clear", "--python", sys.executable, FOLDER], check=True)
    lists = [
        argument for name in ("requirements.txt", "requirements-bench.txt") for argument in ("--requirement", name)
    ]
    subprocess.run([*uv, "pip", "install", "--python", python, *lists], check=True, cwd=run.ROOT)
    run.prepare()
    sys.exit(subprocess.call([python, "-m", "benchmarks", "peers", "cpp_hf"], cwd=run.ROOT))


if __name__ == "__main__":
    main()
