"""Sphinx extension: the page `api` goes on with a section for each public module of the library."""

import importlib
import pkgutil

PACKAGE = "ehbilayer"
PAGE = "api"

_SECTION = """
## `{module}`

```{{eval-rst}}
.. automodule:: {module}
   :members:
```
"""


def public_modules():
    """Names of the modules and packages directly in the library, without those that begin with an underscore."""
    package = importlib.import_module(PACKAGE)
    found = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [f"{PACKAGE}.{name}" for name in found if not name.startswith("_")]


def sections():
    """The page's sections, as MyST text."""
    return "".join(_SECTION.format(module=module) for module in public_modules())


def _extend(app, name, source):
    if name == PAGE:
        source[0] += sections()


def setup(app):
    app.connect("source-read", _extend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
