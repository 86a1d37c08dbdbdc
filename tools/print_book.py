"""Print the built book with headless Chromium into one PDF with an outline, network off.

The print part of book/_static/custom.css leaves out navigation and folded code.
"""

import io
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

from tools import chromium, run

OUTPUT = run.HTML.parent / "electron-hole-bilayers.pdf"
FOOTER = """<div style="font: 8px sans-serif; width: 100%; text-align: center">
<span class="title"></span> · <span class="pageNumber"></span></div>"""
# On paper a link to another page of the book leads nowhere, and would show where the book was built.
UNLINK = """() => document.querySelectorAll("a[href]").forEach(link => {
  const to = new URL(link.href, location);
  if (to.protocol === "file:" && to.pathname !== location.pathname) link.removeAttribute("href");
})"""


class _Contents(HTMLParser):
    """Collects the pages that the sidebar of the front page lists, in its order."""

    def __init__(self):
        super().__init__()
        self.names = ["index.html"]

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and "reference internal" in (attributes.get("class") or ""):
            if re.fullmatch(r"(?:api/)?[\w-]+\.html", name := attributes.get("href") or ""):
                self.names.append(name)


def in_order(html):
    """Built pages in the order of the book, without the search and the indices."""
    parser = _Contents()
    front = html / "index.html"
    parser.feed(front.read_text(encoding="utf-8") if front.exists() else "")
    wanted = list(dict.fromkeys(parser.names))
    found = {path.relative_to(html).as_posix(): path for path in chromium.pages(html)}
    return [found[name] for name in wanted if name in found]


def print_page(page, path):
    """PDF of one page, as bytes, and its title."""
    page.goto(path.as_uri())
    chromium.settle(page)
    page.evaluate(UNLINK)
    title = page.title().removesuffix(" — Electron–hole bilayers")
    margins = {"top": "16mm", "bottom": "18mm", "left": "15mm", "right": "15mm"}
    return page.pdf(
        format="A4", margin=margins, display_header_footer=True, header_template="<span></span>", footer_template=FOOTER
    ), title


def print_book(html, output):
    """Print the pages in a folder into one file, which appears complete or not at all; return the number of sheets."""
    from playwright.sync_api import sync_playwright
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find())
        page = browser.new_context(offline=True).new_page()
        for path in in_order(html):
            content, title = print_page(page, path)
            writer.append(PdfReader(io.BytesIO(content)), outline_item=title)
            print(f"printed {path.name}", flush=True)
        browser.close()
    writer.compress_identical_objects()
    temporary = output.with_suffix(".tmp")
    writer.write(temporary)
    os.replace(temporary, output)
    return len(writer.pages)


def main(arguments):
    html = Path(arguments[0]).resolve() if arguments else run.HTML
    output = Path(arguments[1]).resolve() if arguments[1:] else OUTPUT
    sheets = print_book(html, output)
    print(f"{output}: {sheets} pages")


if __name__ == "__main__":
    main(sys.argv[1:])
