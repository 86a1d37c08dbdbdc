"""Which sources a function's result depends on, read from the files without running them."""

import ast
import hashlib
import importlib
import inspect
import json
import site
import sys
import sysconfig
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import metadata, util
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from ehbilayer import source_files
from ehbilayer.errors import ArgumentError
from ehbilayer.sweep.errors import SweepError

__all__ = ["dependencies", "source_key"]

LIBRARY = __name__.partition(".")[0]
#: Modules that present, store or distribute results and cannot change them.
PRESENTATION = (f"{LIBRARY}.sweep", "ehbook")

_first_seen: dict[tuple[str, ...], str] = {}


def dependencies(function: Callable[..., Any]) -> dict[str, str]:
    """Sources that the results of a function depend on, as far as import statements tell.

    Followed are the function's module and all modules that it imports, directly or not, at any depth of
    its code. Modules of this library, of the function's own package and others outside the installed packages
    count by their code, without comments and docstrings; installed packages and Python count by their version.
    A name that a package merely re-exports leads to the module that defines it. `ehbook`
    and `ehbilayer.sweep` never count. Not seen are data files and modules imported
    by a name put together while running. What else this process has imported makes no difference.

    Parameters
    ----------
    function : callable
        Function, class or the like that can be imported by its name.

    Returns
    -------
    dict
        Hash of the code or version, by module or package.

    Raises
    ------
    TypeError, ArgumentError
        If `function` cannot be imported by its name.

    Examples
    --------
    >>> from ehbilayer.formatting import significant
    >>> [name for name in dependencies(significant) if name.startswith("ehbilayer")]
    ['ehbilayer', 'ehbilayer.errors', 'ehbilayer.formatting', 'ehbilayer.validation']
    """
    module = reference(function).partition(":")[0]
    graph = _Graph(module.partition(".")[0])
    graph.whole(module)
    versions = {name: version(name) for name in graph.external}
    versions["python"] = ".".join(map(str, sys.version_info[:2]))
    return dict(sorted({**versions, **graph.initial, **graph.found}.items()))


def source_key(*functions: Callable[..., Any]) -> str:
    """Hash of the `dependencies` of one or more functions.

    Parameters
    ----------
    *functions : callable

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    TypeError, ArgumentError
        If a function cannot be imported by its name.

    Examples
    --------
    >>> from ehbilayer.model.lattice import Box
    >>> len(source_key(Box.triangular))
    64
    """
    return hashlib.sha256(json.dumps([dependencies(function) for function in functions]).encode()).hexdigest()


def reference(function: Any, name: str = "function") -> str:
    """Importable name of a function, ``"module:qualified.name"``; `name` is the argument in the error message."""
    if not callable(function):
        raise TypeError(f"{name} = {function!r} is not allowed: need a callable, got {type(function).__name__}")
    module, qualified = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if not module or not qualified:
        raise ArgumentError(name, function, "a function with a name; set arguments through fixed instead")
    if module in ("__main__", "__mp_main__"):
        module = _main_name()
        if module is None:
            allowed = (
                "a function of a module, which worker processes can import: it is defined in a notebook or at a prompt"
            )
            raise ArgumentError(name, qualified, allowed)
    found = f"{module}:{qualified}"
    try:
        target = resolve(found)
        # A class method is a new object at each access.
        same = target is function or (inspect.ismethod(function) and target == function)
    except (ImportError, AttributeError):
        same = False
    if not same:
        allowed = f"a function that can be imported, and {module} has none of this name at its top level"
        raise ArgumentError(name, qualified, allowed)
    return found


def resolve(found: str) -> Any:
    """Function with the importable name that `reference` gave."""
    module, _, qualified = found.partition(":")
    target: Any = sys.modules["__main__"] if module == _main_name() else importlib.import_module(module)
    for part in qualified.split("."):
        target = getattr(target, part)
    return target


def check(key: str, references: tuple[str, ...]) -> None:
    """Raise `SweepError` unless this process runs exactly the sources that the key stands for.

    A worker process imports its code anew, the calling process may have imported it before an edit.
    """
    if references not in _first_seen:
        functions = list(map(resolve, references))
        for name in {name for function in functions for name in dependencies(function)}:
            if name.partition(".")[0] == LIBRARY and name in sys.modules and _edited(sys.modules[name]):
                raise SweepError(f"{name} was edited after this process had imported it: start Python again")
        _first_seen[references] = source_key(*functions)
    if _first_seen[references] != key:
        raise SweepError(
            f"a process that computes {references[0]} runs other sources than the process that started the sweep: "
            "the code was edited meanwhile (start Python again) or the workers have another installation"
        )


def _edited(module: ModuleType) -> bool:
    """Whether a file of this library is no longer as this process saw it first; times of files are not asked."""
    file = module.__file__
    return file is None or not source_files.unchanged(source_files.own_source(file))


def _main_name() -> str | None:
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return spec.name
    file = getattr(main, "__file__", None)
    return Path(file).stem if file and Path(file).suffix == ".py" else None


class _Graph:
    """Modules reached from a first one: `found` with all their code, `initial` packages only passed through."""

    def __init__(self, own: str) -> None:
        self.own = own
        self.found: dict[str, str] = {}
        self.initial: dict[str, str] = {}
        self.external: set[str] = set()
        self._parts: set[tuple[str, str]] = set()

    def whole(self, name: str) -> None:
        """Add a module and all that it imports."""
        if name in self.found or not self._enter(name):
            return
        path = _locate(name)
        if path is None:
            self.found[name] = "not found"
        elif path.suffix != ".py":
            self.found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            self.found[name], _, imports = _parse(path)
            for line in imports:
                self._follow(name, path, *line)

    def _part(self, package: str, attribute: str) -> None:
        """Add what ``from package import attribute`` binds."""
        if (package, attribute) in self._parts:
            return
        self._parts.add((package, attribute))
        name = f"{package}.{attribute}"
        if not self._enter(package):
            return
        path = _locate(package)
        if path is None or path.name != "__init__.py":
            if path is None and _locate(name) is not None:
                self.whole(name)
            else:
                self.whole(package)
            return
        submodule = _locate(name) is not None
        if submodule:
            self.whole(name)
        _, code, imports = _parse(path)
        bound = [line for line in imports if line[3] == attribute and line[2] not in (None, "*")]
        if bound:
            self.initial[package] = code
            for line in bound:
                self._follow(package, path, *line)
        elif not submodule:
            self.whole(package)

    def _follow(self, importer: str, path: Path, level: int, module: str, attribute: str | None, _: str) -> None:
        if level:
            base = importer.split(".")
            base = base[: len(base) - level + (path.name == "__init__.py")]
            module = ".".join([*base, *filter(None, [module])])
        if attribute is None:
            parts = module.split(".")
            for end in range(len(parts)):
                self.whole(".".join(parts[: end + 1]))
        elif attribute == "*":
            self.whole(module)
        else:
            self._part(module, attribute)

    def _enter(self, name: str) -> bool:
        """Whether to read a module's source; notes its package's version or its parents' own code."""
        top = name.partition(".")[0]
        if any(name == module or name.startswith(f"{module}.") for module in PRESENTATION):
            return False
        if top in sys.stdlib_module_names:
            return False
        if top not in (LIBRARY, self.own) and _installed(top):
            self.external.add(top)
            return False
        parts = name.split(".")
        for end in range(1, len(parts)):
            parent = ".".join(parts[:end])
            path = _locate(parent)
            if path is not None and path.suffix == ".py":
                self.initial[parent] = _parse(path)[1]
        return True


def _locate(name: str) -> Path | None:
    """File of a module, without importing it; None for a namespace package or if there is none."""
    main = getattr(sys.modules["__main__"], "__file__", None)
    if main is not None and name == _main_name():
        return Path(main).resolve()
    top, *parts = name.split(".")
    try:
        spec = util.find_spec(top)
    except (ImportError, ValueError):
        spec = None
    for end in range(len(parts)):
        if spec is None or spec.submodule_search_locations is None:
            return None
        spec = PathFinder.find_spec(".".join([top, *parts[: end + 1]]), list(spec.submodule_search_locations))
    return Path(spec.origin).resolve() if spec is not None and spec.origin and spec.has_location else None


@lru_cache
def _installed(top: str) -> bool:
    """Whether a top-level module is missing, built in or among the installed packages."""
    try:
        spec = util.find_spec(top)
    except (ImportError, ValueError):
        return True
    if spec is None:
        return True
    places = [spec.origin] if spec.origin and spec.has_location else list(spec.submodule_search_locations or [])
    return not places or any(Path(place).resolve().is_relative_to(root) for place in places for root in _roots())


@lru_cache
def _roots() -> tuple[Path, ...]:
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    paths += [*site.getsitepackages(), site.getusersitepackages()]
    return tuple({Path(path).resolve() for path in paths})


@lru_cache
def version(top: str) -> str:
    """Version of what is installed under the name of a top-level module, which its distribution need not bear."""
    names = sorted(set(distributions().get(top, ())))
    versions = [metadata.version(name) if name == top else f"{name} {metadata.version(name)}" for name in names]
    return ", ".join(versions) or "unknown"


@lru_cache
def distributions() -> Mapping[str, list[str]]:
    """Names of the distributions that bring a top-level module."""
    return metadata.packages_distributions()


def _parse(path: Path) -> tuple[str, str, tuple]:
    return _read(path.read_bytes())


@lru_cache(maxsize=1024)
def _read(content: bytes) -> tuple[str, str, tuple]:
    """Hash of a file's code, the same without its imports, and its imports as (level, module, name, bound name)."""
    tree = ast.parse(content)
    imports = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(0, alias.name, None, alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports += [(node.level, node.module or "", alias.name, alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:]
    code = _hash(tree)
    tree.body = [
        node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom)) and not _exports(node)
    ]
    return code, _hash(tree), tuple(imports)


def _exports(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [getattr(target, "id", None) for target in node.targets] == ["__all__"]


def _hash(tree: ast.AST) -> str:
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()
