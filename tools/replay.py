"""Let nbval compare with what the build has executed, instead of executing a notebook a second time.

An executed copy stands for its notebook as long as nothing that it is made from changes (`tools.execute`); a notebook
without one is executed by nbval itself.
"""

from collections import deque
from pathlib import Path

import nbformat

from tools import execute


def executed(path: Path) -> nbformat.NotebookNode | None:
    """The executed copy of a notebook as it is now, or None."""
    copy = execute.place(path) / path.name
    return nbformat.read(copy, as_version=4) if copy.is_file() else None


class Replay:
    """What nbval needs of a kernel; a cell's answer is what its executed copy gave.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed copy, with the same code cells.
    """

    def __init__(self, notebook: nbformat.NotebookNode) -> None:
        self._cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        self._position = 0
        self._messages = deque()

    def execute_cell_input(self, source: str, allow_stdin: bool | None = None) -> str:
        """Find the next cell with this source; return the name under which its messages come."""
        while (cell := self._cells[self._position]).source != source:
            self._position += 1
        self._position += 1
        name = str(self._position)
        answers = [(output.output_type, output) for output in cell.outputs]
        for kind, content in [*answers, ("status", {"execution_state": "idle"})]:
            self._messages.append({"msg_type": kind, "content": content, "parent_header": {"msg_id": name}})
        return name

    def get_message(self, stream: str, timeout: float | None = None) -> dict:
        """The next message."""
        return self._messages.popleft()

    def await_reply(self, name: str, timeout: float | None = None) -> None:
        """Return at once: everything has been executed."""

    def is_alive(self) -> bool:
        """Always."""
        return True

    def stop(self) -> None:
        """Nothing is left running."""
