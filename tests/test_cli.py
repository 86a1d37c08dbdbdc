"""The command line: its options are the library's parameters, its answers the library's answers."""

import csv
import io
import json
import re
import shlex
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ehbilayer.__main__ import main
from ehbilayer.device import PRESETS, Bilayer, answer

PLAIN = {"m_e": 0.3, "m_h": 0.2, "eps_r": 6.0, "d": 12.0, "density": 6e11, "J": 15.0, "T": 4.0, "tau": 500.0}
ARGUMENTS = [text for name, value in PLAIN.items() for text in (f"--{name.replace('_', '-')}", str(value))]


def run(*arguments):
    return CliRunner().invoke(main, ["device", *map(str, arguments)])


def test_every_parameter_of_a_bilayer_is_an_option():
    options = {option.name for option in main.commands["device"].params}
    rest = {"preset", "parts", "mesh", "as_json", "as_csv", "output"}
    assert options - rest == {field.name for field in fields(Bilayer)} and rest <= options


def test_json_holds_the_answers_with_parameters_units_and_flags():
    result = run(*ARGUMENTS, "--part", "drag", "--json", "--lam", "-20", "--B", "2")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    bilayer = Bilayer(**PLAIN, lam=-20.0, B=2.0)
    expected = answer(bilayer, parts=["drag"])
    assert [row["name"] for row in found["answers"]] == list(expected.quantities)
    for row in found["answers"]:
        value = expected.quantities[row["name"]]
        assert (row["value"], row["unit"], row["flags"]) == (value.value, value.unit, list(value.flags))
        assert (row["validity"], row["message"]) == (value.validity, value.statement)
    assert found["parameters"]["lam"] == {"value": -20.0, "unit": "meV nm"}
    again = {name: entry["value"] for name, entry in found["parameters"].items()}
    assert Bilayer(**again) == bilayer


def test_the_readmes_commands_are_read():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ehbilayer (.+)$", readme, re.MULTILINE)
    lines += re.findall(r"`ehbilayer ([^`]+)`", readme)
    assert len(lines) >= 4
    for line in lines:
        name, *given = shlex.split(line)
        command = main.commands[name]
        if isinstance(command, click.Group):
            command = command.commands[given.pop(0)]
        if "--help" not in given:
            command.make_context(name, given)


def test_csv_and_files_hold_the_same(tmp_path):
    path = tmp_path / "answers.csv"
    result = run(*ARGUMENTS, "--part", "superconductor", "--csv", "--output", path, "--outside", "dirac")
    assert result.exit_code == 0 and path.read_text() == result.stdout and list(tmp_path.iterdir()) == [path]
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert float(rows["density"]["value"]) == 6e11 and rows["density"]["unit"] == "cm^-2"
    assert rows["outside"]["value"] == "dirac" and rows["m_e"]["validity"] == "given"
    assert rows["alpha"]["value"] == "" and rows["alpha"]["flags"].split() == ["unstable"]
    assert rows["alpha_squared"]["flags"].split()[-1] == "dirac" and rows["T_c_bcs"]["unit"] == "K"


def test_the_text_reads_as_the_page_does():
    result = run(*ARGUMENTS, "--part", "drag")
    expected = answer(Bilayer(**PLAIN), parts=["drag"])
    lines = result.stdout.splitlines()
    assert len(lines) == 2 and lines[0].split() == ["drag", "time", *expected.tau_D.text.split(), "valid"]


@pytest.mark.parametrize(
    ("options", "kept", "gone"),
    [
        ({"density": 1e12}, ("eps_parallel", "mobility"), ()),
        ({"eps_r": 5.0}, ("density",), ("eps_parallel", "eps_perp")),
        ({"gate_voltage": 1.0, "gate_capacitance": 50.0}, ("mobility",), ("density",)),
        ({"tau": 3.0}, ("density",), ("mobility",)),
    ],
)
def test_an_option_replaces_its_kind_in_a_preset(options, kept, gone):
    arguments = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    result = run("--preset", "mose2-wse2", *arguments, "--part", "drag", "--json")
    assert result.exit_code == 0, result.output
    parameters = {name: entry["value"] for name, entry in json.loads(result.stdout)["parameters"].items()}
    assert parameters == parameters | options and not set(gone) & set(parameters)
    assert all(parameters[name] == getattr(PRESETS["mose2-wse2"].bilayer, name) for name in kept)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "a.csv").symlink_to("/dev/nowhere/a.csv")
    result = run(*ARGUMENTS, "--part", "drag", "--output", tmp_path / "a.csv")
    assert result.exit_code == 2 and "a.csv cannot be written" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*ARGUMENTS, "--m-e", "-1"], "m_e = -1.0 is not allowed"),
        ([*ARGUMENTS, "--T", "nan"], "T = nan is not allowed"),
        ([*ARGUMENTS, "--mesh", "7"], "mesh = 7 is not allowed"),
        ([*ARGUMENTS, "--part", "drug"], "parts = 'drug' is not allowed"),
        ([*ARGUMENTS, "--outside", "spin"], "outside = 'spin' is not allowed"),
        ([*ARGUMENTS, "--gate-eps-r", "4"], "gate_eps_r = 4.0 is not allowed"),
        ([*ARGUMENTS, "--json", "--csv"], "--json and --csv are not allowed together"),
        ([*ARGUMENTS, "--output", "a.txt"], "--output = 'a.txt' is not allowed"),
        ([*ARGUMENTS, "--output", "/nowhere/a.csv"], "--output = '/nowhere/a.csv' is not allowed: need a folder"),
        (["--m-e", "1"], "--m-h, --d, --T missing"),
        (["--preset", "silicon"], "preset = 'silicon' is not allowed"),
    ],
)
def test_a_wrong_request_costs_one_line(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert message in result.stderr and len(result.stderr.splitlines()) == 1


def test_notebooks_are_listed_with_values_and_ranges(tmp_path):
    def cell(source, *tags):
        return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source.splitlines(keepends=True)}

    checks = 'mesh = integer("mesh", mesh, low=2, high=8)\nr = sequence("r", r, positive)\n'
    checks += 'kind = option("kind", kind, ("a", "b"))'
    cells = [cell('mesh = 6  # per side\nr = [1.0, 2.0]\nkind = "a"', "parameters"), cell(checks)]
    (tmp_path / "01-page.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "02-none.ipynb").write_text(json.dumps({"cells": []}))
    found = json.loads(CliRunner().invoke(main, ["notebooks", str(tmp_path), "--json"]).stdout)
    assert found == {
        "01-page": {
            "mesh": {"value": 6, "range": "from 2 to 8", "comment": "per side"},
            "r": {"value": [1.0, 2.0], "range": "above 0", "comment": ""},
            "kind": {"value": "a", "range": "one of ('a', 'b')", "comment": ""},
        }
    }
    text = CliRunner().invoke(main, ["notebooks", str(tmp_path)]).stdout
    assert text.splitlines()[1] == "  mesh = 6  (from 2 to 8; per side)"
    (tmp_path / "03-broken.ipynb").write_text("{")
    result = CliRunner().invoke(main, ["notebooks", str(tmp_path)])
    assert result.exit_code == 2 and "03-broken.ipynb is not a notebook" in result.output


def test_the_books_own_notebooks_are_listed():
    found = json.loads(CliRunner().invoke(main, ["notebooks", "book", "--json"]).stdout)
    assert found["03-el-hc"]["mesh"]["range"] == "from 6 to 8"
    assert len(found) > 15 and all(found.values())
