"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(path: str | os.PathLike[str], write: Callable[[str], object]) -> None:
    """Let a function fill a temporary file beside `path`, then put it in place in one step.

    Parameters
    ----------
    path : str or path-like
        Its folder must exist; an older file is replaced.
    write : callable
        Called with the name of the temporary file, which has the same ending.

    Raises
    ------
    OSError
        If the file cannot be written; an older one is then as it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(f"{folder}/a.txt", lambda name: Path(name).write_text("all of it"))
    ...     Path(folder, "a.txt").read_text(), len(list(Path(folder).iterdir()))
    ('all of it', 1)
    """
    path, temporary = Path(path), None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(descriptor)
        write(temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            kept = "; the older file is kept" if path.is_file() else ""
            message = f"{path} cannot be written ({error.strerror or error}){kept}"
            # Writers of formats raise some errors of their own, without the system's number.
            raise OSError(message) if error.errno is None else OSError(error.errno, message) from error
        raise
