"""The checks and the print of built pages, as far as they need no browser, and the repairs of what the theme writes."""

import ast
import os
import re
import subprocess
import sys

import nbformat
import pytest

from ehbook import phase_map
from tools import check_pages, chromium, print_book, refresh, repairs, rerun, run


@pytest.fixture
def html(tmp_path):
    """A front page, a second page and a file beside them."""
    side = '<nav><a class="reference internal" href="b.html">B</a><a class="reference internal" href="https://x.org/c.html">C</a></nav>'
    (tmp_path / "index.html").write_text(f'{side}<p id="here"></p><a href="b.html#there">1</a> <a href="#here">2</a>')
    (tmp_path / "b.html").write_text('<h1 id="there">B</h1><a href="index.html#h%65re">3</a> <a href="data.csv">4</a>')
    (tmp_path / "search.html").write_text("")
    (tmp_path / "data.csv").write_text("1")
    return tmp_path


def test_links_that_lead_somewhere_are_no_problem(html):
    assert check_pages.broken_links(chromium.pages(html)) == []


@pytest.mark.parametrize("link", ["c.html", "b.html#nowhere", "#nowhere", "figures/none.svg"])
def test_links_that_lead_nowhere_are_found(html, link):
    with (html / "b.html").open("a") as file:
        file.write(f'<a href="{link}">x</a>')
    assert check_pages.broken_links(chromium.pages(html)) == [("b.html", link)]


@pytest.mark.parametrize("link", ["https://example.org/none", "mailto:nobody@example.org", "//example.org/x.html#y"])
def test_links_to_elsewhere_are_not_followed(html, link):
    with (html / "b.html").open("a") as file:
        file.write(f'<a href="{link}">x</a>')
    assert check_pages.broken_links(chromium.pages(html)) == []


def test_only_serious_and_critical_violations_count():
    nodes = [{"target": ["main", "p"]}, {"target": ["h1"]}]
    found = [
        {"id": i, "impact": i, "help": "text", "nodes": nodes} for i in ("minor", "moderate", "serious", "critical")
    ]
    lines = list(check_pages.violations({"violations": found}))
    assert [line.split(":")[0] for line in lines] == ["serious", "critical"]
    assert "2 times, first at main p" in lines[0]


def test_formulas_in_navigation_and_title_are_found():
    good = r"<title>Pairing</title><nav><a>T</a></nav><p>\(T_c\) costs 3 $ and 4 $</p>"
    assert check_pages.raw_tex(good) == []
    bad = r"<title>Pairing and \(T_c\)</title><nav><a>$T_c$</a></nav>"
    assert check_pages.raw_tex(bad) == [r"\(T_c\)", "$T_c$"]


@pytest.mark.parametrize(
    ("answer", "figure", "cells", "late"),
    [
        (20, 500, True, 0),
        (401, 500, True, 1),
        (20, 1501, True, 1),
        (None, 9000, False, 0),
        (None, 500, True, 1),
        (20, None, True, 0),
    ],
)
def test_answers_and_figures_that_are_missing_or_late_are_found(answer, figure, cells, late):
    assert len(check_pages.late({"answer": answer, "figure": figure, "cells": cells})) == late


def test_rows_of_claims_without_an_address_of_their_own_are_found():
    row = '<tr><td><a id="claim-{}">A</a></td></tr>'
    table = '<table class="claims table"><thead><tr><th>place</th></tr></thead><tbody>{}</tbody></table>'
    other = table.replace("claims", "docutils").format("<tr><td>no claim</td></tr>")
    assert check_pages.claims_problems(table.format(row.format("a") + row.format("b")) + other) == []
    assert check_pages.claims_problems(table.format(row.format("a") + "<tr><td>B</td></tr>")) == [
        "row 2 has no address"
    ]
    assert check_pages.claims_problems(table.format(2 * row.format("a"))) == ["claim-a is the address of two rows"]
    assert check_pages.claims_problems(other) == ["no table of claims"]


def test_phases_that_look_alike_in_grey_are_found():
    assert check_pages.alike({"one": "#000000", "two": "#191919"}) == []
    (line,) = check_pages.alike({"one": "#000000", "two": "#ffffff", "three": "#00001f"})
    assert line.startswith("one and three are 4 of 255 apart")


def test_the_colours_of_the_phases_are_read_from_the_library():
    source = (run.LIBRARY / "ehbook" / "phase_map.py").read_text(encoding="utf-8")
    assert check_pages.phase_colours(source) == phase_map.PHASES
    assert check_pages.phase_colours("PHASE = 1") == {}


def test_columns_of_numbers_without_unit_are_found(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("phase,r_s (a_h),energy,note\nliquid,1,-2e-3,\ncrystal,2,nan,\n")
    assert check_pages.without_unit(path) == ["energy"]
    path.write_text("phase,r_s (a_h)\nliquid,1\n")
    assert check_pages.without_unit(path) == []


def test_the_weight_of_a_page_counts_each_file_once(tmp_path):
    page, picture = tmp_path / "a page.html", tmp_path / "a.png"
    page.write_bytes(b"x" * 10)
    picture.write_bytes(b"x" * 5)
    addresses = [page.as_uri(), picture.as_uri(), picture.as_uri(), "data:image/png;base64,AAAA"]
    assert check_pages.weight(addresses) == 15


def test_pages_are_printed_in_the_order_of_the_sidebar(html):
    assert [path.name for path in print_book.in_order(html)] == ["index.html", "b.html"]


def test_the_printed_contents_have_the_captions_of_the_sidebar_and_of_no_figure(html):
    front = html / "index.html"
    part = '<p aria-level="2" class="caption" role="heading"><span class="caption-text">Part</span></p>'
    figure = '<figcaption><p><span class="caption-text">Figure</span></p></figcaption>'
    front.write_text(f"{part}{front.read_text()}{figure}")
    assert print_book._sidebar(html).captions == {"b.html": "Part"}


def test_printed_links_lead_to_the_pages_and_names_that_they_name(html):
    a, b = html / "index.html", html / "b.html"
    assert print_book.anchors([a, b], html) == {a: {"here"}, b: {"there"}}
    assert print_book.target(f"{b.as_uri()}#th%65re", html) == (b, "there")
    assert print_book.target("https://example.org/b.html", html) is None
    assert print_book.target("file:///elsewhere/b.html", html) is None


def test_the_printed_contents_count_the_sheets_before_them_and_every_sheet_but_the_cover_has_a_number(html):
    a, b = html / "index.html", html / "b.html"
    text = print_book.contents([(a, "Front <1>", 0), (b, "Second", 4)], {b: "Part"}, 2)
    assert re.findall(r"<span></span>(\d+)</a>", text) == ["3", "7"]
    assert text.index("Front &lt;1&gt;") < text.index("<h3>Part</h3>") < text.index("Second")
    assert re.findall(r"<div>(.*?)</div>", print_book.numbers(["", "Contents", "Front"])) == [
        "",
        "Contents · 2",
        "Front · 3",
    ]


def test_repairs_touch_what_is_wrong_and_nothing_else():
    preload = '<link rel="preload" as="font" type="font/woff2" crossorigin href="a.woff2" />\n'
    script = '<link rel="preload" as="script" href="a.js" />'
    page = (
        f'{preload}{script}<div role="list" class="citation-list"><div class="pst-scrollable-table-container"><table>'
    )
    assert repairs.repaired(page) == (
        f'{script}<div class="citation-list"><div class="pst-scrollable-table-container" tabindex="0"><table>'
    )
    icons = '<link href="v/fontawesome/all.min.css" rel="stylesheet" />'
    twice = (
        '<script src="v/fontawesome/all.min.js?x"></script><link rel="preload" as="script" href="v/fontawesome/a.js" />'
    )
    assert repairs.repaired(twice + icons) == icons
    arrow = '<summary><span class="toctree-toggle" role="presentation"></span></summary>'
    assert repairs.repaired(arrow).startswith('<summary aria-label="Show the pages of this part"><span')
    assert repairs.repaired(repairs.repaired(page)) == repairs.repaired(page)


def test_the_packages_of_the_checks_are_pinned_and_explained():
    lines = (run.ROOT / "requirements-check.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[a-z-]+==[0-9.]+", line) for line in lines if line and not line.startswith("#"))
    readme = (run.ROOT / "README.md").read_text(encoding="utf-8")
    direct = lines[: lines.index("# required by playwright")]
    assert not [line for line in direct if "==" in line and f"| {line.split('==')[0]} |" not in readme]


def test_without_pages_one_line_says_what_to_do(tmp_path):
    with pytest.raises(SystemExit, match="run `make book` first"):
        chromium.pages(tmp_path)


@pytest.mark.parametrize(
    ("variable", "told"),
    [("", "no Chromium found"), ("no-such-browser", "CHROMIUM = 'no-such-browser' is not a program")],
)
def test_without_a_browser_one_line_says_what_is_missing(variable, told, tmp_path):
    environment = os.environ | {"CHROMIUM": variable, "PATH": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-m", "tools.setup_check"], cwd=run.ROOT, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1 and result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert told in result.stderr and "Debian package chromium" in result.stderr


NOTEBOOKS = refresh.find()


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    return nbformat.read(request.param, as_version=4).cells


def test_a_page_opens_with_its_title_and_its_answer_and_says_how_sure_it_is(cells):
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    opening = re.match(
        r"# (.+)\n\n:::\{in-short\}\n:figure: (\S+)\n(?::needs: .+\n)?\n([^:]+(?:\n|.)*?)\n:::\n", cells[0].source
    )
    assert cells[0].cell_type == "markdown" and opening
    title, headline, answer = opening.groups()
    assert "$" not in title and "{glue:text}" in answer
    figures = [cell.metadata.get("mystnb", {}).get("figure", {}).get("name") for cell in cells]
    assert headline in figures
    assert "What we conclude" not in text and text.count(":::{admonition} How sure are we?") == 1


def test_a_page_has_two_exercises_or_more_each_with_its_folded_solution(cells):
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    exercises = re.findall(r":::\{admonition\} Exercise.*\n(.*)", text)
    solutions = re.findall(r"(?::::|```)\{admonition\} Solution.*\n(.*)", text)
    assert len(exercises) == len(solutions) >= 2
    assert {*exercises, *solutions} == {":class: dropdown"}


def test_code_steps_aside(cells):
    lengths = [
        len([line for line in cell.source.splitlines() if line.strip()]) for cell in cells if cell.cell_type == "code"
    ]
    assert sum(lengths) <= 200 and max(lengths) <= 30


def test_code_that_draws_is_folded(cells):
    drawing = [cell for cell in cells if cell.metadata.get("mystnb", {}).get("figure")]
    assert drawing and all("hide-input" in cell.metadata.get("tags", []) for cell in drawing)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_parameter_can_be_set_from_outside(path):
    # papermill does not see one whose comment holds an equals sign or an unbalanced quote.
    cells = nbformat.read(path, as_version=4).cells
    source = next(cell.source for cell in cells if "parameters" in cell.metadata.get("tags", []))
    assert set(rerun.defaults(path)) == {node.targets[0].id for node in ast.parse(source).body}
