"""Directory of finished points: one file each, moved into place whole and checked when read.

A rename is the one operation that every file system, a cluster's network drive included, does at once or not
at all. So there is no lock to be left behind and no index to be damaged: a killed writer leaves at most
a temporary file, two writers of one point replace equal by equal, and damage stays within one entry. SQLite and the
caches built on it (diskcache) promise this on local disks only; joblib.Memory does not check what it reads.
"""

import hashlib
import os
import tempfile
import warnings
from pathlib import Path

from ehbilayer.files import remove_abandoned, replacing

#: Name of the file that says what the entries beside it belong to.
ABOUT = ".about"


class Store:
    """Entries of one function and one state of its sources.

    Parameters
    ----------
    path : path_like
        Directory given by the user.
    folder : str
        Name of the part of it that holds these entries.
    """

    def __init__(self, path: str | os.PathLike, folder: str) -> None:
        self.path = Path(path).expanduser()
        self.folder = self.path / folder
        self._damaged: set[str] = set()

    def read(self, key: str) -> str | None:
        """Text stored under a key, or None; a damaged entry gives a warning and None."""
        file = self.folder / key
        try:
            content = file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise OSError(error.errno, f"the sweep store cannot be read ({error.strerror}): {file}") from error
        digest, _, body = content.partition(b"\n")
        if digest == _digest(key, body):
            return body.decode()
        if key not in self._damaged:
            self._damaged.add(key)
            warnings.warn(
                f"an entry of the sweep store is damaged (its checksum differs) and is computed again: {file}",
                RuntimeWarning,
                stacklevel=2,
            )
        return None

    def open(self, about: str) -> None:
        """Make the directory, check that it can be written and remove what killed writers left behind.

        Parameters
        ----------
        about : str
            What the entries belong to, kept beside them.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.folder).close()
            remove_abandoned(self.folder)
            if not (self.folder / ABOUT).exists():
                with replacing(self.folder / ABOUT) as file:
                    file.write_text(about, encoding="utf-8")
        except OSError as error:
            raise self._failure(error) from error

    def write(self, key: str, body: str) -> None:
        """Store a text under a key, whole or not at all."""
        data = body.encode()
        try:
            with replacing(self.folder / key) as file:
                file.write_bytes(_digest(key, data) + b"\n" + data)
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> OSError:
        return OSError(
            error.errno,
            f"the sweep store cannot be written ({error.strerror}); the points already in it are intact: {self.path}",
        )


def _digest(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + body).hexdigest().encode()
