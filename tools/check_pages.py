"""Open every built page in headless Chromium, network off, and report what a reader would stumble over.

Checked at the width of a desk, light and dark, and of a telephone: serious and critical violations of axe's
accessibility rules, a body wider than the window, errors on the console, files that do not load, more bytes than a
reader should wait for, what moves while the page loads, an answer or a first figure that comes late, a page with code
and without an answer; and once: internal links and anchors that lead nowhere, TeX in the navigation, claims without an
address, phases that look alike in grey, numbers without unit in the tables offered for download, and a search that
finds nothing.
"""

import ast
import csv
import itertools
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools import chromium, run

# Width of the window in pixels, and what the reader's system prefers.
VIEWS = ((1280, "light"), (400, "light"), (1280, "dark"))
SERIOUS = ("serious", "critical")
# Pixels below the title within which, at the width of a desk, the answer begins and the first figure begins.
ANSWER, FIGURE = 400, 1500
# Sum of the layout shifts of a page that a reader does not notice.
SHIFT = 0.1
# Bytes that a page makes a reader load, everything that it asks for included.
WEIGHT = 3_000_000
_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
_PLACES = """() => {
    const article = document.querySelector("article");
    const place = (selector) => article.querySelector(selector)?.getBoundingClientRect();
    const top = (selector) => article && place(selector) ? place(selector).top - place("h1").bottom : null;
    return {answer: top(".in-short"), figure: top("figure"), cells: Boolean(article?.querySelector(".cell"))};
}"""
# Least distance of two phases' luminances, of 255.
GREY = 25
# Tables whose columns name their units in a column of its own.
WITH_UNIT_COLUMN = {"claims.csv"}
# A word of the front page, which the search has to find there.
SEARCHED = "bilayers"


class _Anchors(HTMLParser):
    """Collects the targets of links and the names that links may lead to."""

    def __init__(self):
        super().__init__()
        self.links, self.names = [], set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.names.update(filter(None, (attributes.get("id"), attributes.get("name"))))
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])


def broken_links(paths):
    """Pairs of page and internal link that leads to no file or to no anchor in it."""
    parsed = {}

    def anchors(path):
        if path not in parsed:
            parsed[path] = _Anchors()
            parsed[path].feed(path.read_text(encoding="utf-8"))
        return parsed[path]

    broken = []
    for page in paths:
        for link in anchors(page).links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            fragment = unquote(parts.fragment)
            if not target.is_file() or (
                fragment and target.suffix == ".html" and fragment not in anchors(target).names
            ):
                broken.append((page.name, link))
    return broken


def violations(response):
    """Lines for the serious and critical violations in an answer of axe."""
    for violation in response["violations"]:
        if violation["impact"] in SERIOUS:
            nodes = violation["nodes"]
            first = " ".join(map(str, nodes[0]["target"]))
            what = f"{violation['impact']}: {violation['id']} ({violation['help']})"
            yield f"{what}, {len(nodes)} times, first at {first}"


def raw_tex(page):
    """Formulas in the sidebar or the title of a page's HTML, which nothing typesets there."""
    parts = re.findall(r"<nav\b.*?</nav>|<title>.*?</title>", page, re.DOTALL)
    return [found for part in parts for found in re.findall(r"\\\(.*?\\\)|\$[^$<]+\$", part)]


def late(places):
    """Lines for an answer or a figure that begins too far below the title, or is missing on a page with code.

    `places` has pixels, None for none, and under "cells" whether there is code.
    """
    limits = {"answer": ANSWER, "figure": FIGURE}
    if places["answer"] is None:
        return ["no answer on a page with code"] if places["cells"] else []
    return [
        f"the {name} begins {places[name]:.0f} px below the title, more than {limit}"
        for name, limit in limits.items()
        if places[name] is not None and places[name] > limit
    ]


class _Claims(HTMLParser):
    """Collects, for each row in the body of the table of claims, the anchors in it."""

    def __init__(self):
        super().__init__()
        self.rows, self._inside, self._body = [], False, False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self._inside = "claims" in (attributes.get("class") or "").split()
        elif tag in ("thead", "tbody"):
            self._body = tag == "tbody"
        elif tag == "tr" and self._inside and self._body:
            self.rows.append([])
        if self._inside and self._body and self.rows and (attributes.get("id") or "").startswith("claim-"):
            self.rows[-1].append(attributes["id"])

    def handle_endtag(self, tag):
        if tag == "table":
            self._inside = False


def claims_problems(page):
    """Lines for rows of the claims page's table that have no address of their own."""
    parsed = _Claims()
    parsed.feed(page)
    if not parsed.rows:
        return ["no table of claims"]
    found = [f"row {number} has no address" for number, ids in enumerate(parsed.rows, 1) if len(ids) != 1]
    ids = [name for row in parsed.rows for name in row]
    return found + [f"{name} is the address of two rows" for name in sorted({x for x in ids if ids.count(x) > 1})]


def phase_colours(source):
    """Colours of the phases by name, read from the source of the library, which this environment does not have."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "PHASES":
            return ast.literal_eval(statement.value)
    return {}


def alike(colours):
    """Lines for two phases whose luminances are too close to differ in a grey print."""
    weights = (0.299, 0.587, 0.114)
    grey = {
        name: sum(weight * int(colour[place : place + 2], 16) for weight, place in zip(weights, (1, 3, 5), strict=True))
        for name, colour in colours.items()
    }
    return [
        f"{one} and {other} are {abs(grey[one] - grey[other]):.0f} of 255 apart in grey, less than {GREY}"
        for one, other in itertools.combinations(grey, 2)
        if abs(grey[one] - grey[other]) < GREY
    ]


def _number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def without_unit(path):
    """Columns of numbers in a table offered for download that do not say their unit in parentheses."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    cells = {name: [row[place] for row in rows if row[place]] for place, name in enumerate(header)}
    return [
        name for name, texts in cells.items() if texts and all(map(_number, texts)) and not re.search(r"\(.+\)", name)
    ]


def weight(addresses):
    """Bytes of the files behind some addresses, each counted once."""
    parts = [urlsplit(address) for address in set(addresses)]
    return sum(Path(unquote(part.path)).stat().st_size for part in parts if part.scheme == "file")


def problems_of_files(html):
    """Lines about the claims' addresses, the phases' colours and the units in tables offered for download."""
    claims = html / "90-claims.html"
    found = claims_problems(claims.read_text(encoding="utf-8")) if claims.is_file() else ["is missing"]
    lines = [f"{claims.name}: {line}" for line in found]
    colours = phase_colours((run.LIBRARY / "ehbook" / "phase_map.py").read_text(encoding="utf-8"))
    lines += alike(colours) if colours else ["no colours of phases found in the library"]
    for path in sorted((html / "_downloads").rglob("*.csv")):
        if path.name not in WITH_UNIT_COLUMN:
            lines += [f"{path.name}: column {name!r} has no unit" for name in without_unit(path)]
    return lines


def problems_of(page, path, width, scheme, axe):
    """Lines for one page in one view."""
    found, loaded = [], []
    listeners = {
        "requestfinished": lambda request: loaded.append(request.url.partition("#")[0]),
        "console": lambda message: message.type == "error" and found.append(f"console: {message.text}"),
        "pageerror": lambda error: found.append(f"script: {error}"),
        "requestfailed": lambda request: found.append(f"does not load: {request.url}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(path.as_uri())
    # Colours that are still fading in would be judged by an intermediate value.
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; animation: none !important; }")
    chromium.settle(page)
    # Without "preload" axe does not ask for the style sheets again, which a page opened as a file may not.
    found += violations(axe.run(page, options={"preload": False, "resultTypes": ["violations"]}).response)
    if width >= 1000:
        found += late(page.evaluate(_PLACES))
    shift = page.evaluate("() => window.shifts")
    if shift > SHIFT:
        found.append(f"moves by {shift:.2f} while it loads, more than {SHIFT}")
    if (heavy := weight(loaded)) > WEIGHT:
        found.append(f"loads {heavy / 1e6:.1f} MB, more than {WEIGHT / 1e6:g}")
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"body {wide} px wide in a window of {width} px")
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return found


def search_problems(page, html):
    """Lines about the search, which must work on files without a server."""
    page.goto(f"{(html / 'search.html').as_uri()}?q={SEARCHED}")
    try:
        page.wait_for_selector('#search-results li a[href*="index.html"]', timeout=20_000)
    except Exception:
        return [f"search.html does not find {SEARCHED!r} on the front page"]
    return []


def check(html):
    """All problems of the pages in a folder, as lines."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    paths = chromium.pages(html)
    found = [f"{page}: leads nowhere: {link}" for page, link in broken_links(paths)]
    found += [f"{path.name}: TeX: {tex}" for path in paths for tex in raw_tex(path.read_text(encoding="utf-8"))]
    found += problems_of_files(html)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find())
        page = browser.new_context(offline=True).new_page()
        page.add_init_script(_SHIFTS)
        found += search_problems(page, html)
        for path in paths:
            for width, scheme in VIEWS:
                lines = problems_of(page, path, width, scheme, Axe())
                found += [f"{path.name}, {width} px, {scheme}: {line}" for line in lines]
            print(f"looked at {path.name}", flush=True)
        browser.close()
    return found


def main(arguments):
    html = Path(arguments[0]).resolve() if arguments else run.HTML
    found = check(html)
    for line in dict.fromkeys(found):
        print(line)
    if found:
        sys.exit(f"error: {len(found)} problems on the pages of {html.name}")
    print(
        f"no serious problem on {len(chromium.pages(html))} pages, "
        f"{' and '.join(f'{width} px {scheme}' for width, scheme in VIEWS)}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
