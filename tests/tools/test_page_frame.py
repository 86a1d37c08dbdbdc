import base64
import io
import json
import re
from types import SimpleNamespace

import nbformat
import pytest
import xarray as xr
from docutils import nodes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from sphinx.application import Sphinx

from tools.page_frame import _offer_buttons, columns, columns_of, description

OPENING = """# A page

:::{in-short}
:figure: fig-late
:needs: arithmetic

Which number is $n$? The answer is 42.
:::

Then the rest, to -3 or 1e-07, but `1e-07`.
"""


def image():
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def figure(name):
    shown = {"figure": {"name": f"fig-{name}", "caption": f"Caption of {name}."}, "image": {"alt": name}}
    output = new_output("display_data", {"image/png": image(), "text/plain": "<Figure>"})
    return new_code_cell("draw()", outputs=[output], metadata={"mystnb": shown, "tags": ["hide-input"]})


@pytest.fixture
def build(tmp_path):
    """HTML and warnings of a page with two figures, whose first cell is given."""

    def built(opening, late="x"):
        cells = [
            new_markdown_cell(opening),
            new_code_cell("d = 1.0", metadata={"tags": ["parameters"]}),
            new_code_cell(
                'from ehbilayer.validation import real\nd = real("d", d, low=0.5, high=2.0)',
                metadata={"tags": ["hide-input"]},
            ),
            new_code_cell("from ehbook.plotting import use_style\nuse_style()", metadata={"tags": ["hide-input"]}),
            new_code_cell("a = 1", metadata={"tags": ["hide-input"]}),
            new_code_cell("b = 2", metadata={"tags": ["hide-input"]}),
            figure("early"),
            new_code_cell("print(2)", outputs=[new_output("stream", text="2")], metadata={"tags": ["hide-input"]}),
            new_code_cell("c = 3", metadata={"tags": ["hide-input"]}),
            new_markdown_cell("## Late"),
            figure("late"),
        ]
        source = tmp_path / "source"
        (source / "figures").mkdir(parents=True)
        for suffix in ("svg", "csv"):
            (source / "figures" / f"late.{suffix}").write_text(late)
        nbformat.write(
            new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), source / "index.ipynb"
        )
        warning = io.StringIO()
        settings = {
            "extensions": ["myst_nb", "tools.page_frame"],
            "nb_execution_mode": "off",
            "myst_enable_extensions": ["attrs_inline", "colon_fence"],
            "numfig": True,
        }
        app = Sphinx(
            source, None, tmp_path / "html", tmp_path / "trees", "html", settings, status=None, warning=warning
        )
        app.build()
        return (tmp_path / "html" / "index.html").read_text(encoding="utf-8"), warning.getvalue()

    return built


def test_the_headline_figure_follows_the_answer_and_is_shown_once(build):
    html, warnings = build(OPENING)
    assert warnings == ""
    marks = ["In short", "The answer is 42", "1 minute to read", "arithmetic", "Caption of late", "Then the rest"]
    body = html[html.index("<body") :]
    places = [body.index(mark) for mark in (*marks, "Caption of early", ">Late<")]
    assert places == sorted(places)
    assert html.count("Caption of late") == html.count('alt="late"') == 1
    # It counts as the first figure, as a reader does.
    assert re.search(r"Fig. 1.{0,60}Caption of late", re.sub(r"<[^>]+>", "", html))


def test_a_parameter_has_its_range_beside_it(build, tmp_path):
    html, _ = build(OPENING)
    assert "d = 1.0  # 0.5 to 2" in re.sub(r"<[^>]+>", "", html)


def test_a_figure_offers_the_files_that_exist(build):
    html, _ = build(OPENING)
    lines = [line for line in re.findall(r'<p class="downloads">(.*?)</p>', html, re.DOTALL) if "Download" in line]
    assert len(lines) == 1
    assert re.findall(r">(SVG|PDF|[a-z]+ \(\w+\))<", lines[0]) == ["SVG", "data (CSV)", "description (JSON)"]


def test_the_files_of_a_figure_have_one_that_says_what_they_are(build, tmp_path):
    build(OPENING, late="r_s (a_h),phase\n1,liquid\n")
    (path,) = (tmp_path / "html" / "_downloads").rglob("late.json")
    assert path.read_bytes() == (tmp_path / "source" / "figures" / "late.json").read_bytes()
    about = json.loads(path.read_text(encoding="utf-8"))
    assert about["caption"] == "Caption of late." and about["title"] == "Caption of late"
    assert (about["label"], about["page"], about["page_title"]) == ("fig-late", "index", "A page")
    assert about["parameters"] == {"d": 1.0}
    assert about["columns"] == {"late.csv": [{"name": "r_s", "unit": "a_h"}, {"name": "phase", "unit": ""}]}
    assert about["source"].startswith("ehbilayer ") and about["license"] == "BSD-3-Clause"


def test_the_variables_of_a_data_set_are_described_with_their_units(tmp_path):
    data = xr.Dataset({"gap": ("d", [1.0], {"units": "eps_F"})}, {"d": ("d", [2.0], {"units": "a_h"})})
    data.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    found = {column["name"]: column["unit"] for column in columns_of(tmp_path / "a.nc")}
    assert found == {"gap": "eps_F", "d": "a_h"}


def test_folds_say_what_they_hold(build):
    html, _ = build(OPENING)
    folded = re.findall(r'<p class="collapsed admonition-title">([^<]*)</p>', html)
    assert folded == [
        "Parameters of this page",
        "Checks and imports",
        "Code of this figure",
        "Calculation",
        "Calculation",
        "Code of the first figure",
    ]
    # Cells in a row that show nothing are one fold, in their order, with the figure that follows them.
    code = re.sub(r"<[^>]+>", "", html)
    assert code.index("a = 1") < code.index("b = 2") < code.index("draw()")


def test_a_headline_figure_that_is_missing_is_a_warning(build):
    html, warnings = build(OPENING.replace("fig-late", "fig-none"))
    assert "index has no figure 'fig-none'" in warnings and html.index(">Late<") < html.index("Caption of late")


def drawing(panels):
    stream = io.StringIO()
    panels.savefig(stream, format="svg")
    return stream.getvalue()


def test_panels_side_by_side_are_counted_without_their_colour_bars():
    for rows, across in ((1, 1), (2, 1), (1, 2), (2, 2), (1, 3)):
        panels = Figure(layout="constrained")
        axes = panels.subplots(rows, across, squeeze=False)
        panels.colorbar(axes[0, 0].imshow([[0.0, 1.0]]), ax=axes[:, -1])
        assert columns(drawing(panels)) == across
    round_ones = Figure()
    round_ones.subplots(1, 2, subplot_kw={"projection": "polar"})
    inset = Figure()
    inset.subplots().inset_axes((0.5, 0.5, 0.4, 0.4))
    sketches = Figure()
    for ax in sketches.subplots(1, 2):
        ax.add_patch(Rectangle((0, 0), 1, 1, facecolor="tab:blue"))
        ax.set_axis_off()
    assert [columns(drawing(x)) for x in (round_ones, inset, sketches)] == [2, 1, 1] and columns("<svg/>") == 1


def test_a_figure_with_two_panels_may_scroll_and_one_with_one_does_not(build, tmp_path):
    panels = Figure()
    panels.subplots(1, 2)
    html, _ = build(OPENING, late=drawing(panels))
    scrolls = re.findall(r'<div class="panels"[^>]*--columns: (\d)[^>]*>\s*<img[^>]*alt="(\w+)"', html)
    assert scrolls == [("2", "late")] and html.count("panels") == 1


def test_numbers_stand_as_in_print_but_in_code_as_written(build):
    html, _ = build(OPENING + "\n| a |\n|--|\n| -2.5e-3 |\n\n[42]{.n}{math}`/l`\n\n*x*-1, −{math}`y`), but\n")
    text = re.sub(r"<[^>]+>", "", html)
    assert "to −3 or 1\xa0×\xa010⁻⁷, but 1e-07." in text and "−2.5\xa0×\xa010⁻³" in text and "x-1" in text
    assert re.search(r'<span class="kept"><span class="n">42</span><span[^>]*>\\\(/l', html)
    assert re.search(r'<span class="kept">−<span[^>]*>\\\(y\\\)</span>\),</span> but', html)


def test_every_full_stop_stays_where_it_was(build):
    html, _ = build(OPENING + "\n\nIt is *so*.\nThen {math}`r = 31`.\n")
    text = re.sub(r"<[^>]+>", "", html)
    assert "It is so.\nThen \\(r = 31\\)." in text and "\\).." not in text


def test_a_page_says_with_which_command_its_parameters_change_and_is_described_by_its_answer(build):
    html, _ = build(OPENING)
    text = re.sub(r"<[^>]+>", "", html)
    assert "make rerun NOTEBOOK=index PARAMS=&quot;d=…&quot;" in text or 'NOTEBOOK=index PARAMS="d=…"' in text
    # A sentence with a formula is no description.
    assert re.findall(r'<meta name="description" content="([^"]*)"', html) == ["The answer is 42."]


def test_buttons_need_the_address_of_the_repository():
    for address in ("", "https://example.org/book"):
        config = SimpleNamespace(
            html_theme_options={"repository_url": address, "launch_buttons": {"binderhub_url": "x"}}
        )
        _offer_buttons(None, config)
        options = config.html_theme_options
        assert ("launch_buttons" in options) is options.get("use_issues_button", False) is bool(address)


def test_abbreviations_end_no_sentence_and_citations_are_left_out():
    box = nodes.admonition(classes=["in-short"])
    box += nodes.paragraph("", "Paper A's Fig. 3 [1] shows heavy holes. More.")
    document = nodes.section("", box)
    assert description(document) == "Paper A's Fig. 3 shows heavy holes."
