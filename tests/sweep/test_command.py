"""`ehbilayer sweep-store`."""

import json
import os
import time

import pytest
from click.testing import CliRunner

from ehbilayer.__main__ import main
from ehbilayer.sweep import entries, sweep


@pytest.fixture
def full(p, tmp_path):
    sweep(p.total, {"x": [1.0, 2.0]}, store=tmp_path / "s", executor="serial")
    sweep(p.many, {"x": [1], "name": ["a"]}, store=tmp_path / "s", executor="serial")
    return tmp_path / "s"


def call(*arguments):
    result = CliRunner().invoke(main, ["sweep-store", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_store_is_listed(full):
    header, *lines = call("list", full).output.splitlines()
    assert header.split()[:3] == ["function", "sources", "points"]
    assert [line.split()[0] for line in lines] == ["points_of_tests:many", "points_of_tests:total"]
    assert [line.split()[2] for line in lines] == ["1", "2"] and all(line.endswith("current") for line in lines)
    found = json.loads(call("list", "--json", full).output)
    assert [entry["points"] for entry in found] == [1, 2] and found[0]["path"].startswith(str(full))


def test_an_empty_store_prints_nothing(tmp_path):
    assert call("list", tmp_path).output == ""
    assert json.loads(call("list", "--json", tmp_path).output) == []
    assert call("prune", "--stale", tmp_path).output == ""


def test_old_points_are_removed(full):
    assert call("prune", "--stale", full).output == ""
    for file in entries(full)[0].path.iterdir():
        os.utime(file, (time.time() - 3 * 86400,) * 2)
    assert "points_of_tests:many" in call("prune", "--older-than", 2, full).output
    assert [entry.function for entry in entries(full)] == ["points_of_tests:total"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "no"], "store = 'no' is not allowed: need an existing directory"),
        (["prune", "no", "--stale"], "store = 'no' is not allowed: need an existing directory"),
        (["prune", "."], "what to remove is missing: need --stale, --older-than or both"),
        (["prune", ".", "--older-than", "-1"], "older_than = -1.0 is not allowed"),
    ],
)
def test_what_is_refused_costs_one_line(arguments, said):
    result = call(*arguments)
    assert result.exit_code == 2 and said in result.output and result.output.count("\n") == 1
