"""What every stored notebook must have, beyond outputs that nbval finds unchanged."""

import ast
import re
import warnings

import nbformat
import pytest
import yaml

from tools import refresh, run

PATHS = refresh.find()


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def test_there_are_notebooks_and_the_book_holds_each():
    toc = yaml.safe_load((run.ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = {chapter["file"] for part in toc["parts"] for chapter in part["chapters"]}
    assert PATHS and {path.stem for path in PATHS} <= listed


def test_parameters_come_first_as_literals_and_are_checked_next(notebook):
    cells = code_cells(notebook)
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == cells[:1], "the first code cell, and no other, has the tag `parameters`"
    names = []
    for statement in ast.parse(cells[0].source).body:
        assert isinstance(statement, ast.Assign) and len(statement.targets) == 1, "one assignment for each parameter"
        ast.literal_eval(statement.value)
        names.append(statement.targets[0].id)
    used = {node.id for node in ast.walk(ast.parse(cells[1].source)) if isinstance(node, ast.Name)}
    assert set(names) <= used, f"not checked in the cell after the parameters: {sorted(set(names) - used)}"


def test_every_cell_was_executed_in_order_and_without_error(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


def test_no_cell_warns_when_compiled(notebook):
    # From Python 3.12 on an escape such as "\," in a plain string prints a warning into the page.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for cell in code_cells(notebook):
            compile(cell.source, "cell", "exec")


def test_stored_outputs_are_text(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            dropped = [mime for mime in output.get("data", {}) if mime.startswith(refresh.DROPPED)]
            assert not dropped, f"run `make refresh`: cell {cell.execution_count} stores {dropped}"


def test_figures_have_caption_name_and_alternative_text(notebook):
    for cell in code_cells(notebook):
        if any("<Figure" in output.get("data", {}).get("text/plain", "") for output in cell.outputs):
            shown = cell.metadata.get("mystnb", {})
            figure = shown.get("figure", {})
            assert figure.get("caption") and figure.get("name", "").startswith("fig-"), cell.source
            assert shown.get("image", {}).get("alt"), cell.source


def test_mathjax_holds_every_command_on_the_pages():
    # It would load the others from files that are not there, and then typeset nothing on the whole page.
    bundle = (run.ROOT / "book" / "_extra" / "mathjax" / "input" / "tex.js").read_text(encoding="utf-8")
    names = re.findall(r'"(\w+)"', re.search(r"autoload:\(0,\w+\.expandable\)\(\{(.*?)\}\)", bundle).group(1))
    assert "boldsymbol" in names
    pages = {path.name: path.read_text(encoding="utf-8") for path in refresh.BOOK.glob("*.md")}
    for path in PATHS:
        cells = nbformat.read(path, as_version=4).cells
        pages[path.name] = "\n".join(
            f"{cell.source}\n{cell.metadata.get('mystnb', {}).get('figure', {}).get('caption')}" for cell in cells
        )
    command = re.compile(r"\\(" + "|".join(names) + r")(?![A-Za-z])")
    assert not {name: found for name, text in pages.items() if (found := command.findall(text))}


def test_refresh_strips_what_differs_between_runs():
    output = nbformat.v4.new_output(
        "display_data",
        {"text/plain": "x", "text/html": "<p>", "image/png": "iVBOR"},
        metadata={"image/png": {"width": 1}},
    )
    timed = nbformat.v4.new_code_cell("x", outputs=[output.copy()], metadata={"tags": ["nbval-ignore-output"]})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output]), timed])
    refresh.strip(notebook)
    assert notebook.cells[0].outputs[0].data == {"text/plain": "x"}
    assert notebook.cells[0].outputs[0].metadata == {}
    assert notebook.cells[1].outputs == []


def test_refresh_knows_the_notebooks():
    assert refresh.find(f"book/{PATHS[0].name}") == PATHS[:1]
    with pytest.raises(ValueError, match="NOTEBOOK = 'none' is not allowed: need one of"):
        refresh.find("none")


def test_names_of_figures_and_their_files_are_unique():
    # Two pages with one label stop the build; two with one file name would overwrite each other's downloads.
    drawing = [
        (cell.metadata.mystnb.figure.name.removeprefix("fig-"), cell.source)
        for path in PATHS
        for cell in code_cells(nbformat.read(path, as_version=4))
        if cell.metadata.get("mystnb", {}).get("figure")
    ]
    labels = [label for label, _ in drawing]
    assert len(labels) > 50 and sorted(set(labels)) == sorted(labels)
    library = "".join(path.read_text(encoding="utf-8") for path in (run.LIBRARY / "ehbook").rglob("*.py"))
    files = re.findall(r'save_figure\(\s*\w+,\s*"([^"]+)"', library)
    # One function draws several figures and is given their names.
    files += [label for label, source in drawing if label not in files and f'"{label}"' in source + library]
    assert sorted(set(files)) == sorted(files)
    # A page offers the files that have the name of its figure.
    assert set(labels) == set(files) - {"line"}  # "line" is the example of save_figure
