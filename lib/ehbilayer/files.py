"""Files that appear complete or not at all."""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

_PREFIX = ".writing-"


@contextlib.contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Path]:
    """A file to write instead of `path`, which it replaces in one step when the block ends.

    The file lies beside `path` (beside what a link points to), has its suffix and the rights of any new file. If the
    block raises, it is removed and `path` stays as it was; a process that is killed leaves it behind, see
    `remove_abandoned`.

    Parameters
    ----------
    path : path
        File to make or replace, in a folder that exists.

    Yields
    ------
    pathlib.Path
        Empty file.

    Raises
    ------
    OSError
        If the folder or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder, "a.txt")) as file:
    ...         _ = file.write_text("whole")
    ...     Path(folder, "a.txt").read_text(), os.listdir(folder)
    ('whole', ['a.txt'])
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f"{_PREFIX}{secrets.token_hex(8)}{target.suffix}")
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            # The name must not reach the disk before the content.
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove_abandoned(folder: str | os.PathLike, older_than: float = 3600.0) -> None:
    """Remove what killed writers left in a folder.

    Parameters
    ----------
    folder : path
        Folder of the files that `replacing` was to write.
    older_than : float
        Age in seconds from which on a file is taken for abandoned.

    Raises
    ------
    OSError
        If the folder cannot be read, or a file not be removed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     remove_abandoned(folder)
    """
    for file in Path(folder).glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):  # another process has removed the same file
            if time.time() - file.stat().st_mtime > older_than:
                file.unlink()
