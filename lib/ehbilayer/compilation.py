"""Compiled kernels whose place on disk follows all sources that they are made from.

Numba's cache notices a change in the file of a kernel, but not one in the files whose functions it calls and whose
constants it holds; a script, a notebook or a worker would then go on with the old machine code. Here the folder of a
compiled kernel is named after its module and a hash over the module's file and all files of this library that it
imports, directly or not. An edit therefore moves the kernels of the modules that depend on it, and no others.
"""

import functools
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import caching, config
from numba.misc.appdirs import AppDirs

from ehbilayer.source_files import PACKAGE, module_sources, sources_hash, unchanged

#: Folders of kernels that no process has used for so many seconds are removed.
_FORGET = 60 * 86400.0


def kernel(function: Callable | None = None, **options: Any) -> Any:
    """Compile a function with numba, and keep the machine code on disk for as long as its sources stay the same.

    Parameters
    ----------
    function : callable
        Function to compile; without it a decorator with the `options` is returned. One that is defined outside
        this library is compiled anew by each process.
    **options
        As for `numba.njit`. Without ``fastmath`` the order of operations is that of the source.

    Returns
    -------
    callable

    Examples
    --------
    >>> @kernel
    ... def twice(x):
    ...     return 2 * x
    >>> twice(1.5)
    3.0
    """
    if function is None:
        return functools.partial(kernel, **options)
    kept = _inside(function.__code__.co_filename) and _place() is not None
    # Said outright: numba hands a caller's option on to what it compiles on the way, and would keep it so on disk.
    options.setdefault("fastmath", False)
    return numba.njit(function, cache=kept, **options)


@functools.cache
def _inside(file: str) -> bool:
    return Path(file).resolve().is_relative_to(PACKAGE)


@functools.cache
def _place() -> Path | None:
    """Folder for all kernels: where the user wants it, else beside the library, else where this user may write."""
    given = vars(config)["CACHE_DIR"]
    user = AppDirs(appname="numba", appauthor=False).user_cache_dir
    for folder in [given] if given else [PACKAGE / "__pycache__", user]:
        place = Path(folder, f"{PACKAGE.name}-kernels")
        try:
            place.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
        except OSError:
            continue
        return place
    return None


def _module(file: str) -> tuple[str, str]:
    """Name of a module, and the hash that stands for its kernels in this process."""
    # A process that mixes modules from before and after an edit keeps its kernels to itself.
    own = "" if unchanged(module_sources(file)) else f"-{os.getpid()}-{time.time_ns()}"
    module = Path(file).resolve().relative_to(PACKAGE).with_suffix("")
    return ".".join(module.parts), sources_hash(file) + own


class _SourcesLocator(caching._CacheLocator):
    """Place of a kernel of this library on disk."""

    def __init__(self, function: Callable, file: str, base: Path) -> None:
        name, self._hash = _module(file)
        self._folder = base / name
        self._line = function.__code__.co_firstlineno

    def get_cache_path(self) -> str:
        return str(self._folder / self._hash)

    def get_source_stamp(self) -> str:
        return self._hash

    def get_disambiguator(self) -> str:
        return str(self._line)

    def ensure_cache_path(self) -> None:
        path = Path(self.get_cache_path())
        if not path.is_dir():
            super().ensure_cache_path()
            for old in self._folder.iterdir():
                if time.time() - old.stat().st_mtime > _FORGET:
                    shutil.rmtree(old, ignore_errors=True)

    @classmethod
    def from_function(cls, py_func: Callable, py_file: str) -> "_SourcesLocator | None":
        place = _place()
        if place is None or not _inside(py_file):
            return None
        locator = cls(py_func, py_file, place)
        locator.ensure_cache_path()
        return locator


caching.CacheImpl._locator_classes.insert(0, _SourcesLocator)
