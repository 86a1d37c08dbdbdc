"""Sphinx extension: the frame of a page, that is the box under its title, its headline figure, and the download lines.

A page begins with

    :::{in-short}
    :figure: fig-name
    :needs: what a reader should know

    The question and the answer, with glued values.
    :::

and the figure that a later cell draws is shown here, below the box. Every figure is followed by links to the files that
`ehbook.plotting.save_figure` wrote for it, and to one written here that says what they are; a figure with panels side
by side scrolls on a narrow screen. Every folded cell says what it holds. Beside each parameter stands what it may be,
and below them the command that changes them. The first sentence of the answer describes the page to search engines.
Numbers that a calculation wrote into prose or a table stand as in print, whatever page they are from. Buttons lead to
the repository where `_config.yml` has its address.
"""

import csv
import html
import itertools
import json
import math
import re
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import ehbilayer
from ehbook.typesetting import numbers_in_print
from tools import allowed

logger = logging.getLogger(__name__)

#: Words that a physicist reads in a minute, and minutes for a figure or a table.
WORDS, PICTURE = 180, 0.3
#: Suffixes of a figure's files and how their links are called.
FILES = {"svg": "SVG", "pdf": "PDF", "csv": "data (CSV)", "nc": "data (netCDF)", "json": "description (JSON)"}
#: Of the files, as of the code that makes them.
LICENSE = "BSD-3-Clause"
#: The background of a panel in an SVG file of matplotlib, and the share of the width above which it is no colour bar.
PANEL = re.compile(r'<g id="axes_\d+">\s*<g id="patch_\d+">\s*<path d="([^"]+)"[^>]*fill: #(\w\w)\2\2')
WIDE = 0.15
#: The sign before a power of ten or an error, with its spaces, and the space before a per cent sign.
SIGN = re.compile(r"(?<=\d) (?:(?:± |× )(?=\d)|(?=%))")
#: What has no space between itself and a formula, before it and after it.
ENDS, BEGINS = re.compile(r"(?<!\S)\S{1,2}$|\($"), re.compile(r"\S{1,4}(?!\S)|[,.;:)%]")
#: The space between two sentences, which "Fig." does not end.
SENTENCE_END = re.compile(r"(?<!Fig\.)(?<!Figs\.)(?<!Eq\.)(?<!Eqs\.)(?<=[.?!])\s+")
#: Marks of the cells with which a page begins.
CALCULATION = "Calculation"
SETUP = {"ehbilayer.validation": "Checks of the parameters", "use_style()": "Imports and style"}


class _Headline(nodes.General, nodes.Element):
    """The place of a page's headline figure."""


class _ReadingTime(nodes.General, nodes.Element):
    """The place of the minutes that the page takes."""


class _Panels(nodes.General, nodes.Element):
    """A picture of several panels side by side, which style sheet and script let scroll where the window is narrow."""


class InShort(SphinxDirective):
    """The answer of a page, before anything else."""

    has_content = True
    option_spec: ClassVar = {"figure": directives.unchanged_required, "needs": directives.unchanged_required}

    def run(self):
        self.assert_has_content()
        box = nodes.admonition(classes=["in-short", "tip"])
        box += nodes.title("", "In short")
        box += self.parse_content_to_nodes()
        about = nodes.paragraph(classes=["reading-time"])
        about += _ReadingTime()
        if "needs" in self.options:
            about += nodes.Text(" For readers who know ")
            about += self.parse_inline(self.options["needs"])[0]
            about += nodes.Text(".")
        box += about
        found = [box]
        if "figure" in self.options:
            headline = _Headline(figure=self.options["figure"])
            self.set_source_info(headline)
            found.append(headline)
        return found


def reading_time(document):
    """Minutes for the prose, figures and tables of a page; code, cells of tables and folded text do not count."""
    words = sum(len(text.astext().split()) for text in document.findall(nodes.paragraph) if not _aside(text))
    pictures = sum(1 for _ in document.findall(lambda node: isinstance(node, nodes.figure | nodes.table)))
    return max(1, math.ceil(words / WORDS + PICTURE * pictures))


def _aside(node):
    if "downloads" in node["classes"]:
        return True
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.table) or "dropdown" in node.get("classes", ()):
            return True
    return False


def _frame(app, document):
    docname = app.env.docname
    # While every figure is still where it was drawn.
    cells = [cell for cell in document.findall(nodes.container) if cell.get("nb_element") == "cell_code"]
    for cell, after in itertools.pairwise(cells):
        _say_ranges(cell, after)
    moved = {place["figure"] for place in document.findall(_Headline)}
    for cell in cells:
        _name_fold(cell, moved)
        _say_command(cell, docname)
    for first, second in itertools.pairwise(cells):
        _join(first, second)
    _move_headlines(document, docname)
    minutes = reading_time(document)
    for place in list(document.findall(_ReadingTime)):
        place.parent.replace(place, nodes.Text(f"{minutes} minute{'s' if minutes > 1 else ''} to read."))
    about = {"page": docname, "page_title": _title(document), "parameters": _parameters(cells)}
    for figure in list(document.findall(nodes.figure)):
        _describe_files(figure, Path(app.srcdir), docname, about)
        _offer_files(figure, Path(app.srcdir), docname)
        _let_scroll(figure, Path(app.srcdir), docname)


def _move_headlines(document, docname):
    for place in list(document.findall(_Headline)):
        name = place["figure"]
        figure = next((node for node in document.findall(nodes.figure) if name in node["names"]), None)
        if figure is None:
            logger.warning("in-short: %s has no figure %r", docname, name, location=place)
            place.parent.remove(place)
            continue
        output = figure
        # All formats of an output lie in one bundle.
        while output.parent.get("nb_element") == "mime_bundle":
            output = output.parent
        output.parent.remove(output)
        place.parent.replace(place, output)


def _file(figure, source, docname):
    """Path without suffix of the files that may have been written for a figure."""
    name = next((name for name in figure["names"] if name.startswith("fig-")), "none")
    return source / Path(docname).parent / "figures" / name.removeprefix("fig-")


def columns(drawing):
    """Number of panels that stand side by side in an SVG file of matplotlib, at least one."""
    page = re.search(r'viewBox="0 0 (\S+) ', drawing)
    spans = []
    for path, _ in PANEL.findall(drawing):
        across = [float(x) for x in re.findall(r"[\d.]+", path)[::2]]
        spans.append((min(across), max(across)))
    found, end = 0, -math.inf
    for low, high in sorted(spans, key=lambda span: span[1]):
        if low >= end and page and high - low > WIDE * float(page[1]):
            found, end = found + 1, high
    return max(found, 1)


def _let_scroll(figure, source, docname):
    image = next(iter(figure.findall(nodes.image)), None)
    if image is None:
        return
    own = source / Path(docname).parent / image["uri"]
    drawing = own if own.suffix == ".svg" else _file(figure, source, docname).with_suffix(".svg")
    side_by_side = columns(drawing.read_text(encoding="utf-8")) if drawing.is_file() else 1
    if side_by_side > 1:
        panels = _Panels(columns=side_by_side)
        image.replace_self(panels)
        panels += image


def _open_panels(self, node):
    style = f"--columns: {node['columns']}"
    self.body.append(self.starttag(node, "div", "", CLASS="panels", style=style, role="group"))


def _close_panels(self, node):
    self.body.append("</div>\n")


def _title(document):
    title = next(iter(document.findall(nodes.title)), None)
    return title.astext() if title else ""


def _parameters(cells):
    """Values that the page was executed with, by name."""
    found = {}
    for cell in cells:
        if {"tag_parameters", "tag_injected-parameters"} & set(cell["classes"]):
            found |= allowed.values(_source(cell).astext())
    return found


def _source(cell):
    return next(iter(cell.findall(nodes.literal_block)), None)


def _say_ranges(cell, after):
    """What each parameter may be, beside it; a run with other values has their cell between the two."""
    source, checks = _source(cell), _source(after)
    if "tag_parameters" in cell["classes"] and "tag_injected-parameters" not in after["classes"] and source and checks:
        text = allowed.beside(source.astext(), checks.astext())
        source.children, source.rawsource = [], text
        source += nodes.Text(text)


def columns_of(data):
    """Names and units of a table's columns or a data set's variables, from the file of a figure."""
    if data.suffix == ".csv":
        with data.open(encoding="utf-8", newline="") as file:
            parts = [re.fullmatch(r"(.*?)(?: \((.+)\))?", name) for name in next(csv.reader(file), [])]
        return [{"name": name[1], "unit": name[2] or ""} for name in parts]
    # Here, since a page with tables only does not need it.
    import xarray as xr

    with xr.open_dataset(data, engine="h5netcdf") as read:
        return [{"name": str(name), "unit": array.attrs.get("units", "")} for name, array in read.variables.items()]


def _describe_files(figure, source, docname, about):
    """Write, beside a figure's files, one that says what they show, for which parameters, and whose they are."""
    base = _file(figure, source, docname)
    data = [base.with_suffix(suffix) for suffix in (".csv", ".nc") if base.with_suffix(suffix).is_file()]
    if not data and not base.with_suffix(".svg").is_file():
        return
    caption = next(iter(figure.findall(nodes.caption)), None)
    parts = caption.children if caption else []
    said = "".join(f"${part.astext()}$" if isinstance(part, nodes.math) else part.astext() for part in parts)
    text = {
        "title": SENTENCE_END.split(said, maxsplit=1)[0].rstrip(".") or base.name,
        "caption": said,
        "label": f"fig-{base.name}",
        **about,
        "columns": {path.name: columns_of(path) for path in data},
        "source": f"ehbilayer {ehbilayer.__version__}",
        "license": LICENSE,
    }
    base.with_suffix(".json").write_text(json.dumps(text, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _offer_files(figure, source, docname):
    base = _file(figure, source, docname)
    found = [suffix for suffix in FILES if base.with_suffix(f".{suffix}").is_file()]
    if not found:
        return
    line = nodes.paragraph(classes=["downloads"])
    line += nodes.Text("Download: ")
    for number, suffix in enumerate(found):
        link = addnodes.download_reference(
            "", "", refdoc=docname, reftarget=f"figures/{base.name}.{suffix}", refexplicit=True, refwarn=True
        )
        link += nodes.Text(FILES[suffix])
        line += [nodes.Text(", "), link] if number else [link]
    output = figure
    while output.parent.get("nb_element") == "mime_bundle":
        output = output.parent
    output.parent.insert(output.parent.index(output) + 1, line)


def _name_fold(cell, moved):
    if "tag_parameters" in cell["classes"]:
        cell["hide_mode"] = "input"
        cell["prompt_hide"] = cell["prompt_show"] = "Parameters of this page"
        return
    if "hide_mode" not in cell or not cell["prompt_show"].startswith("Show code cell"):
        return
    source = _source(cell).astext()
    shows = next((what for mark, what in SETUP.items() if mark in source), CALCULATION)
    for kind, what in ((nodes.table, "table"), (nodes.figure, "figure")):
        shown = next(iter(cell.findall(kind)), None)
        if shown is not None:
            # The headline figure stands above, far from its code.
            shows = "Code of the first figure" if moved.intersection(shown["names"]) else f"Code of this {what}"
    cell["prompt_hide"] = cell["prompt_show"] = shows


def _say_command(cell, docname):
    source = _source(cell)
    if "tag_parameters" not in cell["classes"] or source is None:
        return
    line = nodes.paragraph(classes=["downloads"])
    line += nodes.Text("Other values, in a checkout of the repository: ")
    command = f'make rerun NOTEBOOK={Path(docname).name} PARAMS="{source.astext().split("=")[0].strip()}=…"'
    line += nodes.literal(command, command)
    cell.parent.insert(cell.parent.index(cell) + 1, line)


def _join(first, second):
    """One fold for two cells in a row, of which the first shows nothing."""
    folded = all(
        cell.get("hide_mode") == "input" and "tag_parameters" not in cell["classes"] for cell in (first, second)
    )
    if not folded or second.parent is not first.parent or first.next_node(descend=False, siblings=True) is not second:
        return
    outputs = [child for child in first.children if child.get("nb_element") != "cell_code_source"]
    if any(isinstance(node, nodes.Text | nodes.image | nodes.raw) for output in outputs for node in output.findall()):
        return
    names = [first["prompt_show"], second["prompt_show"]]
    if set(names) <= set(SETUP.values()):
        second["prompt_hide"] = second["prompt_show"] = "Checks and imports"
    elif names[0] != CALCULATION:
        return
    sources = [
        next(child for child in cell.children if child.get("nb_element") == "cell_code_source")
        for cell in (first, second)
    ]
    sources[1].insert(0, sources[0].children)
    first.parent.remove(first)


class _InPrint(SphinxPostTransform):
    """Numbers as in print, in prose and tables but not in code, and no line that breaks inside or beside one."""

    # After the glued texts have come and the references have been resolved.
    default_priority = 20

    def run(self, **kwargs):
        if self.env.docname.partition("/")[0] == "api":
            return
        for text in list(self.document.findall(nodes.Text)):
            if text.strip() and not _verbatim(text):
                place = text.parent.index(text)
                # What follows a formula or a link without a space belongs to it.
                before = ")" if place else ""
                printed = numbers_in_print(before + text)[len(before) :]
                printed = SIGN.sub(lambda found: found.group().replace(" ", "\N{NO-BREAK SPACE}"), printed)
                # Per cent of a number that a calculation wrote just before.
                if place and printed.startswith(" %"):
                    printed = f"\N{NO-BREAK SPACE}{printed[1:]}"
                if printed != text:
                    text.parent.replace(text, nodes.Text(printed))
        for formula in list(self.document.findall(nodes.math)):
            _keep_together(formula)


def _keep_together(formula):
    """A formula with its sign, number, parenthesis and comma, between which a browser may else break the line."""
    line = formula.parent
    place = line.index(formula)
    before = line[place - 1] if place else None
    after = line[place + 1] if place + 1 < len(line) else None
    head = ENDS.search(before) if isinstance(before, nodes.Text) else None
    tail = BEGINS.match(after) if isinstance(after, nodes.Text) else None
    number = before if isinstance(before, nodes.inline) and formula.astext().startswith(("/", "\\,")) else None
    if not (head or tail or number):
        return
    kept = nodes.inline(classes=["kept"])
    line[place] = kept
    # By place: texts count as equal where they read alike, as two full stops do.
    if tail:
        line[place + 1] = nodes.Text(after[tail.end() :])
    if head:
        line[place - 1] = nodes.Text(before[: head.start()])
        kept += nodes.Text(head.group())
    if number:
        del line[place - 1]
        kept += number
    kept += formula
    if tail:
        kept += nodes.Text(tail.group())


def _verbatim(node):
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.literal | nodes.literal_block | nodes.math | nodes.math_block | nodes.raw):
            return True
    return False


def description(doctree):
    """First sentence of a page's answer, formulas left out with their sentence; none for a page without."""
    box = next((node for node in doctree.findall(nodes.admonition) if "in-short" in node["classes"]), None)
    text = next(iter(box.findall(nodes.paragraph)), None) if box else None
    if text is None:
        return ""
    said = "".join("$" if isinstance(part, nodes.math) else part.astext() for part in text.children)
    sentences = SENTENCE_END.split(re.sub(r"\s\[\d+\]", "", said))
    return " ".join(next((sentence for sentence in sentences if "$" not in sentence), "").split())


def _describe(app, pagename, templatename, context, doctree):
    text = description(doctree) if doctree else ""
    if text:
        context["metatags"] += f'\n<meta name="description" content="{html.escape(text)}" />'


def _offer_buttons(app, config):
    options = config.html_theme_options
    if options.get("repository_url"):
        options |= {"use_repository_button": True, "use_issues_button": True}
    else:
        options.pop("launch_buttons", None)


def setup(app):
    app.add_directive("in-short", InShort)
    app.add_post_transform(_InPrint)
    app.add_node(_Panels, html=(_open_panels, _close_panels))
    # Before the collectors of images and downloads see the page.
    app.connect("doctree-read", _frame, priority=100)
    app.connect("config-inited", _offer_buttons)
    app.connect("html-page-context", _describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
