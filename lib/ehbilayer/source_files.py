"""Which files of this library a module is made from, as they were when this process began to use the library."""

import functools
import hashlib
import os
import re
from pathlib import Path

from ehbilayer.errors import ArgumentError

#: Folder of the library.
PACKAGE = Path(__file__).resolve().parent
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(%(name)s[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#]*)|import[ \t]+(%(name)s[\w.]*))"
    % {b"name": PACKAGE.name.encode()},
    re.MULTILINE,
)


def module_sources(path: str | os.PathLike) -> dict[str, bytes]:
    """Files of a package that a module is made from: its own, and all that it imports from the same package.

    Parameters
    ----------
    path : path
        File of a module of this library.

    Returns
    -------
    dict
        SHA-256 of the content, by path relative to the folder that holds the package.

    Raises
    ------
    ArgumentError
        If `path` is no file of this library.

    Examples
    --------
    >>> from ehbilayer.model import uniform_gas
    >>> sorted(module_sources(uniform_gas.__file__))[-2:]
    ['ehbilayer/model/uniform_gas.py', 'ehbilayer/validation.py']
    """
    found, waiting, runs = {}, {_inside(path)}, set()
    while waiting:
        file = waiting.pop()
        name = _name(file)
        if name not in found:
            found[name], imported = _read(file)
            waiting |= imported
            # A package runs before the modules in it; what it takes from its other modules is nothing to them.
            runs |= _packages(file)
    return found | {_name(init): _read(init)[0] for init in runs}


def own_source(path: str | os.PathLike) -> dict[str, bytes]:
    """The part of `module_sources` that is the module's own file.

    Parameters
    ----------
    path : path
        File of a module of this library.

    Returns
    -------
    dict
        As `module_sources`, with one entry.

    Raises
    ------
    ArgumentError
        If `path` is no file of this library.

    Examples
    --------
    >>> list(own_source(__file__))
    ['ehbilayer/source_files.py']
    """
    file = _inside(path)
    return {_name(file): _read(file)[0]}


def sources_hash(path: str | os.PathLike) -> str:
    """Hash of all that `module_sources` finds, 16 hexadecimal digits.

    Parameters
    ----------
    path : path
        File of a module of this library.

    Returns
    -------
    str

    Raises
    ------
    ArgumentError
        If `path` is no file of this library.

    Examples
    --------
    >>> len(sources_hash(__file__))
    16
    """
    digest = hashlib.sha256()
    for name, content in sorted(module_sources(path).items()):
        digest.update(name.encode() + b"\n" + content)
    return digest.hexdigest()[:16]


def unchanged(sources: dict[str, bytes]) -> bool:
    """Whether files still are as this process saw them first.

    Parameters
    ----------
    sources : dict
        As `module_sources` gives them.

    Returns
    -------
    bool

    Examples
    --------
    >>> unchanged(module_sources(__file__))
    True
    """
    try:
        return all(
            hashlib.sha256((PACKAGE.parent / name).read_bytes()).digest() == content
            for name, content in sources.items()
        )
    except FileNotFoundError:
        return False


def _inside(path: str | os.PathLike) -> Path:
    file = Path(path).resolve()
    if not file.is_relative_to(PACKAGE):
        raise ArgumentError("path", str(file), f"a file below {PACKAGE}")
    return file


@functools.cache
def _name(file: Path) -> str:
    return file.relative_to(PACKAGE.parent).as_posix()


@functools.cache
def _packages(file: Path) -> frozenset[Path]:
    """The files by which the packages begin that a file lies in."""
    inits = [folder / "__init__.py" for folder in file.parents if folder.is_relative_to(PACKAGE)]
    return frozenset(init for init in inits if init.is_file())


@functools.cache
def _read(file: Path) -> tuple[bytes, frozenset[Path]]:
    """Hash of a file when it was first seen, and the files of the package that it imports."""
    content = file.read_bytes()
    imported = set()
    for package, names, module in _IMPORT.findall(content):
        base = PACKAGE.parent.joinpath(*(package or module).decode().split("."))
        modules = [_file_of(base / name.decode()) for name in re.findall(rb"(\w+)(?: as \w+)?", names)]
        imported |= {file for file in modules if file}
        if not modules or not all(modules):
            imported.add(_file_of(base))
    return hashlib.sha256(content).digest(), frozenset(file for file in imported if file)


@functools.cache
def _file_of(module: Path) -> Path | None:
    return next((file for file in (module.with_suffix(".py"), module / "__init__.py") if file.is_file()), None)


for _path in PACKAGE.rglob("*.py"):
    _read(_path)
