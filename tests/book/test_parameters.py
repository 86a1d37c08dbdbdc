"""Every parameter of every notebook: a bad value is refused in one line, by the notebook and by a rerun."""

import math
import re
import subprocess
import sys

import nbformat
import pytest

from tools import refresh, rerun, run

PATHS = refresh.find()

#: Parameters with a physical meaning at either sign, and those with one at zero.
SIGNED = {
    "lam",
    "strong_lam",
    "J",
    "B",
    "strong_B",
    "gate_voltage",
    "gate_offset",
    "g_factor",
    "imbalances",
    "layer_fields",
    "layer_imbalances",
    "form_fields",
    "tesla_perpendicular",
    "tesla_in_plane",
}
ZERO_ALLOWED = SIGNED | {"candidate_offset", "d", "d_over_a_e", "fields", "seed", "spacings"}
#: Lists to which the page adds a value of its own, or that may name nothing.
EMPTY_ALLOWED = {"cutoff_r_s", "outside"}
#: Numbers without which another must be given; the message then names both.
ONE_OF_TWO = {"density", "mobility", "tau", "eps_parallel", "eps_perp"}
#: Integers that cost nothing.
UNBOUNDED = {"seed"}
#: Text that is not one of a few options.
FREE_TEXT = {"store"}


def first_cells(path):
    """Sources of the cells with the parameters and with their checks."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code" and cell.source.strip()][:2]


def check(path, **changed):
    """Run the two cells with some parameters changed."""
    parameters, checks = first_cells(path)
    namespace = {}
    exec(parameters, namespace)
    assert changed.keys() <= namespace.keys()
    namespace.update(changed)
    exec(checks, namespace)


def bad_numbers(name, number):
    """Values that a number may not have; `number` is int or float."""
    bad = [math.nan, math.inf, -math.inf, None, True, "text", [1.0], 1j]
    if number is int:
        bad += [1.5, "2"] + ([] if name in UNBOUNDED else [10**9])
    if name not in SIGNED:
        bad.append(number(-1))
    if name not in ZERO_ALLOWED:
        bad.append(number(0))
    return bad


def bad_values(name, default):
    """Bad values for a parameter, as far as its default tells what it is."""
    if isinstance(default, bool):
        return [None, 1, "text"]
    if isinstance(default, int | float):
        return [bad for bad in bad_numbers(name, type(default)) if bad is not None or name not in ONE_OF_TWO]
    if default is None:  # a number that may be left out
        return [bad for bad in bad_numbers(name, float) if bad is not None]
    if isinstance(default, str):
        return [None, 1, ["text"]] + ([] if name in FREE_TEXT else ["", "unknown"])
    if isinstance(default, list):
        empty = [] if name in EMPTY_ALLOWED else [[]]
        return (
            [None, 1.0, "text"]
            + empty
            + [[*default, bad] for bad in bad_numbers(name, type(default[0]) if default else str)]
        )
    raise AssertionError(f"no bad values are known for {name} = {default!r}")


PARAMETERS = [(path, name, default) for path in PATHS for name, default in rerun.defaults(path).items()]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_stored_values_are_allowed(path):
    check(path)


@pytest.mark.parametrize(
    ("path", "name", "default"), PARAMETERS, ids=lambda value: getattr(value, "stem", None) or str(value)[:20]
)
def test_a_bad_value_is_named_in_one_line(path, name, default):
    accepted, unclear = [], []
    for value in bad_values(name, default):
        shown = {repr(value), repr(value[-1]) if isinstance(value, list) and value else repr(value)}
        try:
            check(path, **{name: value})
        except (ValueError, TypeError) as error:
            said = re.fullmatch(rf"{name}(?:\[\d+\])? = (.*) is not allowed: need .+", str(error))
            if said is None or said.group(1) not in shown:
                unclear.append((value, str(error)))
        else:
            accepted.append(value)
    assert not accepted, f"{path.stem} takes {name} = {accepted}"
    assert not unclear


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_rerun_with_a_bad_value_is_one_line_and_leaves_nothing(path):
    name, default = next((n, d) for n, d in rerun.defaults(path).items() if n not in SIGNED)
    value = "unknown" if isinstance(default, str) else "[-1]" if isinstance(default, list) else "-1"
    made = rerun.OUTPUT / path.stem / rerun.folder_name(rerun.parameters(path, f"{name}={value}"))
    assert not made.exists()
    result = subprocess.run(
        [sys.executable, "-m", "tools.rerun", path.stem, f"{name}={value}"],
        cwd=run.ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1 and result.stdout == ""
    assert re.fullmatch(rf"error: {name} = .* is not allowed: need .+\n", result.stderr)
    assert not made.exists()


@pytest.mark.parametrize("name", ["mesh_paper", "mesh_limit"])
def test_boxes_too_small_for_a_layer_to_crystallise_are_refused_before_anything_runs(name):
    with pytest.raises(ValueError, match=f"^{name} = 4 is not allowed"):
        check(refresh.BOOK / "04-phase-diagrams.ipynb", **{name: 4})
