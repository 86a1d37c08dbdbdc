"""What a store holds, and removing what is no longer wanted."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.sweep import sources
from ehbilayer.sweep.store import ABOUT

__all__ = ["StoredSweep", "entries", "prune"]

_POINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredSweep:
    """Points in a store of one function and one state of its sources.

    Attributes
    ----------
    function : str
        Module and name, as in the attributes of the dataset.
    source_key : str
        First 16 digits of the key of its sources.
    points : int
        Number of points, failed ones included.
    size : int
        Bytes.
    written : datetime
        When the last point was written, by the clock of the file system; UTC.
    stale : bool or None
        Whether the sources are others today, so that no sweep reads these points; None if the function cannot be
        imported from here.
    path : pathlib.Path
        The folder.
    """

    function: str
    source_key: str
    points: int
    size: int
    written: datetime
    stale: bool | None
    path: Path


def entries(store: str | os.PathLike) -> list[StoredSweep]:
    """What a store holds.

    Parameters
    ----------
    store : path
        As in `ehbilayer.sweep.sweep`. The modules of the functions in it are imported.

    Returns
    -------
    list of StoredSweep
        One for each function and state of its sources, by name and time.

    Raises
    ------
    TypeError
        If `store` is no path.
    ArgumentError
        If there is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> from ehbilayer.sweep import sweep
    >>> from ehbilayer.units import AtomicUnits
    >>> with tempfile.TemporaryDirectory() as store:
    ...     ds = sweep(
    ...         AtomicUnits, {"mass": [0.5, 1.0]}, fixed={"eps_r": 5.0}, extract=["length_nm"], store=store,
    ...         executor="serial",
    ...     )
    ...     (entry,) = entries(store)
    >>> entry.function, entry.points, entry.stale
    ('ehbilayer.units:AtomicUnits', 2, False)
    """
    if not isinstance(store, (str, os.PathLike)):
        raise TypeError(f"store = {store!r} is not allowed: need a path, got {type(store).__name__}")
    folder = Path(store).expanduser()
    if not folder.is_dir():
        raise ArgumentError("store", os.fspath(store), "an existing directory")
    found = [_entry(path) for path in folder.iterdir() if re.fullmatch(r".+-[0-9a-f]{16}", path.name)]
    return sorted((entry for entry in found if entry), key=lambda entry: (entry.function, entry.written))


def prune(store: str | os.PathLike, *, older_than: float | None = None, stale: bool = False) -> list[StoredSweep]:
    """Remove points from a store.

    Parameters
    ----------
    store : path
        As in `ehbilayer.sweep.sweep`.
    older_than : float, optional
        Remove what nothing was written to for so many days.
    stale : bool
        Remove what belongs to other sources than today's. With `older_than`, both must hold.

    Returns
    -------
    list of StoredSweep
        What was removed.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or not allowed, or nothing is asked for.
    OSError
        If something cannot be removed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as store:
    ...     prune(store, stale=True)
    []
    """
    if not isinstance(stale, bool):
        raise TypeError(f"stale = {stale!r} is not allowed: need True or False")
    if older_than is None and not stale:
        raise ArgumentError("older_than", None, "a number of days, or stale=True")
    limit = None
    if older_than is not None:
        limit = datetime.now(UTC) - timedelta(days=validation.real("older_than", older_than, low=0.0, high=1e5))
    removed = [
        entry for entry in entries(store) if (entry.stale or not stale) and (limit is None or entry.written < limit)
    ]
    for entry in removed:
        shutil.rmtree(entry.path)
    return removed


def _entry(path: Path) -> StoredSweep | None:
    """What is in a folder of a store, None if that is something else."""
    files = list(path.iterdir()) if path.is_dir() else []
    points = [file for file in files if _POINT.fullmatch(file.name)]
    if any(not file.name.startswith(".") for file in set(files) - set(points)) or not files:
        return None
    name, _, key = path.name.rpartition("-")
    stale: bool | None = None
    try:
        about = json.loads((path / ABOUT).read_text(encoding="utf-8"))
        name = about["references"][0]
        stale = sources.source_key(*map(sources.resolve, about["references"])) != about["source_key"]
    except FileNotFoundError:
        stale = True  # written by an earlier version of this library
    except (ImportError, AttributeError, TypeError, KeyError, ArgumentError, json.JSONDecodeError):
        pass
    stats = [file.stat() for file in files]
    written = datetime.fromtimestamp(max(stat.st_mtime for stat in stats), UTC)
    return StoredSweep(name, key, len(points), sum(stat.st_size for stat in stats), written, stale, path)
