"""Sphinx extension: small repairs of what the theme writes, so that pages opened as files read without errors."""

import re
from pathlib import Path

# A browser refuses them to a page that is a file, and loads the same fonts without them.
_FONT_PRELOAD = re.compile(r'<link rel="preload" as="font"[^>]*>\s*')
# A megabyte and a half that draws the icons a second time: the style sheet and its fonts do so already.
_ICON_SCRIPT = re.compile(
    r'<(?:script src|link rel="preload" as="script" href)="[^"]*fontawesome[^"]*"[^>]*>(?:</script>)?\s*'
)
# On a narrow screen a wide table scrolls, with the keyboard too if the region can have the focus.
_TABLE_REGION = re.compile(r'<div class="pst-scrollable-table-container">')
# Its children are not list items, which a screen reader would count.
_CITATION_LIST = re.compile(r'<div role="list" class="citation-list">')
# The arrow that opens a part of the contents has no text that a screen reader could say.
_CONTENTS_ARROW = re.compile(r'<summary>(?=<span class="toctree-toggle")')


def repaired(page):
    """A page's HTML as it should be."""
    page = _ICON_SCRIPT.sub("", _FONT_PRELOAD.sub("", page))
    page = _TABLE_REGION.sub('<div class="pst-scrollable-table-container" tabindex="0">', page)
    page = _CONTENTS_ARROW.sub('<summary aria-label="Show the pages of this part">', page)
    return _CITATION_LIST.sub('<div class="citation-list">', page)


def _repair(app, error):
    if error is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            before = path.read_text(encoding="utf-8")
            if (after := repaired(before)) != before:
                path.write_text(after, encoding="utf-8")


def _allow_processes(app):
    # They do not say whether pages may be read by several processes. They may: one numbers what has been read, the
    # other adds nodes and transforms, and neither keeps anything of a page.
    for name in ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"):
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True


def setup(app):
    app.connect("builder-inited", _allow_processes)
    app.connect("build-finished", _repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
