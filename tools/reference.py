"""Sphinx extension: each page below `api` goes on with the modules of one package, as their docstrings describe them.

A package's page begins with the package itself and its main calls; then comes every module that lists its public
names in ``__all__``, those of packages inside it included.
"""

import ast
import importlib
import pkgutil
import sys
from pathlib import Path

from sphinx.pycode import ModuleAnalyzer

FOLDER = "api"
LIBRARY = "ehbilayer"
# Modules that lie directly in the library have a page of their own, and so has the second package.
FOUNDATIONS, BOOK = "foundations", "ehbook"


def pages():
    """Names of the pages, without the folder, and the package that each of them describes."""
    inner = pkgutil.iter_modules(importlib.import_module(LIBRARY).__path__)
    packages = {module.name: f"{LIBRARY}.{module.name}" for module in inner if module.ispkg}
    return {FOUNDATIONS: LIBRARY} | packages | {BOOK: BOOK}


def is_door(module):
    """Whether a module only hands on what others define."""
    body = ast.parse(Path(module.__file__).read_text(encoding="utf-8")).body
    listing = [node for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
    return all(isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) or node in listing for node in body)


def modules(page):
    """The public modules below the package of a page, by name."""
    name = pages()[page]
    package = importlib.import_module(name)
    walk = pkgutil.iter_modules if page == FOUNDATIONS else pkgutil.walk_packages
    names = [module.name for module in walk(package.__path__, f"{name}.")]
    if page == FOUNDATIONS:
        names = [name for name in names if name.removeprefix(f"{LIBRARY}.") not in pages()]
    names = [name for name in names if not name.rpartition(".")[2].startswith("_")]
    found = {name: importlib.import_module(name) for name in sorted(names)}
    return {name: module for name, module in found.items() if hasattr(module, "__all__") and not is_door(module)}


def described(module):
    """Names in the ``__all__`` of a module that the reference shows: those with a docstring or a comment ``#:``."""
    comments = ModuleAnalyzer.for_module(module.__name__).find_attr_docs()
    found = {name: getattr(module, name) for name in module.__all__}
    return [
        name for name, what in found.items() if ("", name) in comments or (hasattr(what, "__name__") and what.__doc__)
    ]


def documented():
    """Full names of all that the reference shows, modules included."""
    found = set(pages().values())
    for page in pages():
        for name, module in modules(page).items():
            found |= {name} | {f"{name}.{item}" for item in described(module)}
    return found


def _start(package):
    """One line with a package's main calls, each where it is defined."""
    found = {name: getattr(package, name) for name in getattr(package, "__all__", ())}
    calls = [f"{{py:obj}}`~{what.__module__}.{name}`" for name, what in found.items() if hasattr(what, "__name__")]
    return f"\nStart here: {', '.join(calls)}.\n" if calls else ""


def sections(page):
    """What a page goes on with, as MyST text."""
    name = pages()[page]
    package = importlib.import_module(name)
    text = f"\n```{{eval-rst}}\n.. automodule:: {name}\n```\n" + _start(package)
    for module in modules(page):
        text += f"\n## `{module}`\n\n```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n```\n"
    return text


def _extend(app, name, source):
    folder, _, page = name.rpartition("/")
    if folder == FOLDER:
        source[0] += sections(page)


def own_source(app, module, attribute):
    """Where the source of a name lies: not in the other libraries that made what it stands for."""
    found = sys.modules.get(module)
    for name in attribute.split("."):
        found = getattr(found, name, None)
    ours = (getattr(found, "__module__", None) or module).partition(".")[0] in (LIBRARY, BOOK)
    return None if ours else module


def setup(app):
    app.connect("viewcode-follow-imported", own_source)
    app.connect("source-read", _extend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
