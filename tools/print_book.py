"""Print the built book with headless Chromium into one PDF: cover, contents, page numbers, outline, links; network off.

The print part of book/_static/custom.css leaves out navigation, downloads and folded code; the library's reference,
longer than the book, stays on the screen. Chromium numbers the sheets of one page only and writes links to other pages
as addresses of files, so both are done here.
"""

import html
import io
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools import chromium, run

OUTPUT = run.HTML.parent / "electron-hole-bilayers.pdf"
#: A4, with room for the number below.
PAPER = {"format": "A4", "margin": {"top": "16mm", "bottom": "18mm", "left": "15mm", "right": "15mm"}}
# Chromium keeps the place of an anchor if a link of the same page leads there.
KEEP = """(names) => names.forEach((name) => {
  const link = document.createElement("a");
  link.href = "#" + name;
  document.body.append(link);
})"""
#: Width of the text in pixels, and what makes formulas fit that are wider; on the screen they scroll.
WIDTH = 680
FIT = """() => {
  for (const formula of document.querySelectorAll("mjx-container")) {
    const needed = formula.querySelector("mjx-math")?.getBoundingClientRect().width ?? 0;
    const given = formula.closest("p, li, dd, td, div").clientWidth;
    if (given && needed > given)
      formula.style.fontSize = `${((parseFloat(formula.style.fontSize) || 100) * 0.98 * given) / needed}%`;
  }
}"""
STYLE = """<style>
body { font: 11pt sans-serif; } h1 { font-size: 26pt; margin: 70mm 0 6mm; } h2 { break-before: page; font-size: 16pt; }
h3 { font-size: 11pt; margin: 4mm 0 1mm; } a { color: inherit; text-decoration: none; display: flex; }
a span { flex: 1; border-bottom: 1px dotted #888; margin: 0 2mm; }
</style>"""


class _Contents(HTMLParser):
    """Collects the pages that the sidebar of the front page lists, in its order, with the captions before them."""

    def __init__(self):
        super().__init__()
        self.names, self.captions = ["index.html"], {}
        self.caption = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "p" and attributes.get("class") == "caption" and attributes.get("role") == "heading":
            self.caption = ""
        if tag == "a" and "reference internal" in (attributes.get("class") or ""):
            if re.fullmatch(r"(?:api/)?[\w-]+\.html", name := attributes.get("href") or ""):
                self.names.append(name)
                if self.caption:
                    self.captions[name], self.caption = self.caption, None

    def handle_data(self, data):
        if self.caption == "":  # between its tags there may be white space
            self.caption = data.strip()


def _sidebar(folder):
    parser = _Contents()
    front = folder / "index.html"
    parser.feed(front.read_text(encoding="utf-8") if front.exists() else "")
    return parser


def in_order(folder):
    """Built pages in the order of the book, without the search, the indices and the reference of the library."""
    wanted = [name for name in dict.fromkeys(_sidebar(folder).names) if not name.startswith("api")]
    found = {path.relative_to(folder).as_posix(): path for path in chromium.pages(folder)}
    return [found[name] for name in wanted if name in found]


def target(address, folder):
    """Path of the page and name in it that an address leads to, None where it leads out of the book."""
    parts = urlsplit(address)
    path = Path(unquote(parts.path))
    return (path, unquote(parts.fragment)) if parts.scheme == "file" and path.is_relative_to(folder) else None


def anchors(paths, folder):
    """For each page the names in it to which links of the book lead."""
    wanted = {path.resolve(): set() for path in paths}
    for path in paths:
        for address in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', path.read_text(encoding="utf-8")):
            parts = urlsplit(html.unescape(address))
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not parts.scheme and parts.fragment and to in wanted:
                wanted[to].add(unquote(parts.fragment))
    return wanted


def print_page(page, path, names):
    """PDF of one page, in which the places of some names are kept, and its title."""
    page.set_viewport_size({"width": WIDTH, "height": 1000})
    page.emulate_media(media="print")
    page.goto(path.as_uri())
    chromium.settle(page)
    page.evaluate(FIT)
    page.evaluate(KEEP, sorted(names))
    return page.pdf(**PAPER), page.title().removesuffix(" — Electron–hole bilayers")


def version():
    """Version of the book, from CITATION.cff."""
    return re.search(r"^version: (.+)$", (run.ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)[1]


def contents(entries, captions, front):
    """HTML of cover and contents, from title, address and first sheet of each page; `front` sheets come before them."""
    lines = []
    for path, title, first in entries:
        if caption := captions.get(path):
            lines.append(f"<h3>{html.escape(caption)}</h3>")
        lines.append(f'<a href="{path.as_uri()}">{html.escape(title)}<span></span>{first + front + 1}</a>')
    return (
        f"<!doctype html><title>Contents</title>{STYLE}<h1>Electron–hole bilayers, recomputed</h1>"
        "<p>Two theory papers computed again from their equations: phases and superconductivity of electron–hole "
        "bilayers, the exciton diode, frictional drag.</p>"
        f"<p>Version {version()}, printed from the executed pages, without the reference of the library.</p>"
        f"<h2>Contents</h2>{''.join(lines)}"
    )


def numbers(titles):
    """HTML of the lines at the foot of the sheets, one for each title; an empty one leaves its sheet without."""
    lines = (f"{html.escape(title)} · {number}" if title else "" for number, title in enumerate(titles, 1))
    sheets = "".join(f"<div>{line}</div>" for line in lines)
    style = "@page { size: A4; margin: 0 } body { margin: 0; background: none } div { box-sizing: border-box;"
    style += " height: 296.5mm; padding-top: 284mm; break-after: page; text-align: center; font: 8pt sans-serif }"
    return f"<!doctype html><style>{style}</style>{sheets}"


def _place(reader, name, first):
    """Sheet and height of a name in a printed page."""
    found = reader.named_destinations.get(f"/{name}") or reader.named_destinations.get(name)
    if found is None:
        return first, None
    return first + reader.get_destination_page_number(found), float(found.top) if found.top is not None else None


def _relink(writer, printed, folder):
    """Let links lead to sheets of the whole: from those of each part, given as its path, reader and first sheet."""
    from pypdf.annotations import Link
    from pypdf.generic import Fit, NameObject

    parts = {path: (reader, first) for path, reader, first in printed}
    for path, reader, first in printed:
        for number, sheet in enumerate(reader.pages):
            kept, links = [], []
            for annotation in (item.get_object() for item in sheet.get("/Annots", ())):
                action = annotation.get("/A", {})
                if "/URI" in action:
                    to = target(str(action["/URI"]), folder)
                    if to is None:
                        kept.append(annotation)
                        continue
                else:
                    name = annotation.get("/Dest", action.get("/D", ""))
                    to = path, str(name).removeprefix("/")
                if to[0] in parts:
                    links.append((annotation["/Rect"], _place(parts[to[0]][0], to[1], parts[to[0]][1])))
            whole = writer.pages[first + number]
            whole.pop(NameObject("/Annots"), None)
            for annotation in kept:
                writer.add_annotation(first + number, annotation.clone(writer, ignore_fields=("/P", "/StructParent")))
            for box, (sheet_number, top) in links:
                fit = Fit.fit() if top is None else Fit.xyz(left=0, top=top)
                writer.add_annotation(
                    first + number, Link(rect=tuple(map(float, box)), target_page_index=sheet_number, fit=fit)
                )


def print_book(folder, output):
    """Print the pages in a folder into one file, which appears complete or not at all; return the number of sheets."""
    from playwright.sync_api import sync_playwright
    from pypdf import PdfReader, PdfWriter

    paths = in_order(folder)
    captions = {folder / name: caption for name, caption in _sidebar(folder).captions.items()}
    wanted = anchors(paths, folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find())
        page = browser.new_context(offline=True).new_page()
        sheets, entries, readers = 0, [], []
        for path in paths:
            content, title = print_page(page, path, wanted[path])
            readers.append(PdfReader(io.BytesIO(content)))
            entries.append((path, title, sheets))
            sheets += len(readers[-1].pages)
            print(f"printed {path.name}", flush=True)

        def printed(text):
            page.goto("about:blank")
            page.set_content(text)
            return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=False, **PAPER)))

        front = printed(contents(entries, captions, len(printed(contents(entries, captions, 99)).pages)))
        begins = len(front.pages)
        running = ["", *["Contents"] * (begins - 1)]
        for (_, title, _), reader in zip(entries, readers, strict=True):
            running += [title] * len(reader.pages)
        feet = printed(numbers(running))
        browser.close()

    writer = PdfWriter()
    writer.append(front, outline_item="Contents", import_outline=False)
    for (_, title, _), reader in zip(entries, readers, strict=True):
        writer.append(reader, outline_item=title, import_outline=False)
    parts = [(folder / "contents", front, 0)]
    parts += [(path, reader, begins + first) for (path, _, first), reader in zip(entries, readers, strict=True)]
    _relink(writer, parts, folder)
    for sheet, foot in zip(writer.pages, feet.pages, strict=False):
        sheet.merge_page(foot)
        sheet.compress_content_streams()
    writer.compress_identical_objects()
    temporary = output.with_suffix(".tmp")
    writer.write(temporary)
    os.replace(temporary, output)
    return len(writer.pages)


def main(arguments):
    folder = Path(arguments[0]).resolve() if arguments else run.HTML
    output = Path(arguments[1]).resolve() if arguments[1:] else OUTPUT
    sheets = print_book(folder, output)
    print(f"{output}: {sheets} pages")


if __name__ == "__main__":
    main(sys.argv[1:])
