"""Sweeps that resume, failures that are kept, and the progress bar."""

import io
import sys

import numpy as np
import pytest
from sweeping import same

from ehbilayer.sweep import (
    PointsFailed,
    SweepError,
    entries,
    sweep,
)
from ehbilayer.sweep.engine import progress_shown


def test_the_store_computes_only_what_is_new(p, tmp_path, calls):
    first = sweep(p.total, {"x": [1.0, 2.0]}, fixed={"y": 0.5}, store=tmp_path / "s", executor="serial")
    assert calls() == 2
    assert same(sweep(p.total, {"x": [1.0, 2.0]}, fixed={"y": 0.5}, store=tmp_path / "s"), first)
    assert calls() == 0
    wider = sweep(p.total, {"y": [0.5], "x": [3.0, 2.0, 1.0]}, store=tmp_path / "s", executor="serial")
    assert calls() == 1 and wider.total.values.tolist() == [[1.5, *first.total.values.tolist()[::-1]]]
    sweep(p.total, {"x": [1.0]}, fixed={"y": 0.25}, store=tmp_path / "s", executor="serial")
    assert calls() == 1
    sweep(p.total, {"x": [1.0]}, fixed={"y": 0.5}, executor="serial")
    assert calls() == 1


def test_failed_and_unconverged_points_do_not_sink_the_sweep(p, tmp_path, calls):
    given = {"axes": {"x": range(5)}, "store": tmp_path / "s", "executor": "serial"}
    said = "2 of 5 points of points_of_tests:troubled failed; the first, x = 1: ZeroDivisionError: at <object object>"
    with pytest.warns(PointsFailed, match=f"^{said}$") as caught:
        ds = sweep(p.troubled, **given)
    assert len(caught) == 1 and caught[0].filename == __file__
    given["allow_failed"] = True
    assert ds.status.values.tolist() == ["ok", "failed", "failed", "unconverged", "ok"]
    assert np.array_equal(ds.value, [0, np.nan, np.nan, np.nan, 4], equal_nan=True)
    assert ds.message.values.tolist() == ["", "ZeroDivisionError: at <object object>", "SystemExit: no", "", ""]
    assert ds.converged.values.tolist() == [True, False, False, False, True] and ds.attrs["points_failed"] == 2
    assert calls() == 5
    assert same(sweep(p.troubled, **given), ds)
    assert calls() == 0
    assert same(sweep(p.troubled, **given, retry_failed=True), ds)
    assert calls() == 3
    kept = sweep(p.troubled, **given, unconverged="keep")
    assert kept.value[3] == 3 and calls() == 0


def test_a_retried_point_that_succeeds_replaces_its_failure(p, tmp_path, calls, monkeypatch):
    monkeypatch.setenv("REPAIRED", str(tmp_path / "repaired"))
    given = dict(axes={"x": range(3)}, store=tmp_path / "s", executor="serial", allow_failed=True)
    assert sweep(p.repaired, **given).attrs["points_failed"] == 1
    (tmp_path / "repaired").touch()
    assert sweep(p.repaired, **given).message[1] == "RuntimeError: broken"
    assert sweep(p.repaired, **given, retry_failed=True).attrs["points_failed"] == 0
    assert calls() == 4
    assert sweep(p.repaired, **given).repaired.values.tolist() == [0, 1, 2] and calls() == 0


def test_an_interrupt_keeps_what_is_done(p, tmp_path, calls, monkeypatch):
    monkeypatch.setenv("REPAIRED", str(tmp_path / "repaired"))
    with pytest.raises(KeyboardInterrupt):
        sweep(p.interrupted, {"x": range(4)}, store=tmp_path / "s", executor="serial")
    assert calls() == 3
    (tmp_path / "repaired").touch()
    assert sweep(p.interrupted, {"x": range(4)}, store=tmp_path / "s", executor="serial").converged.all()
    assert calls() == 2


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_no_progress_without_a_terminal(p, capfd, unset):
    sweep(p.total, {"x": [1.0]}, executor="serial")
    sweep(p.total, {"x": [1.0]}, workers=1)
    assert capfd.readouterr() == ("", "")
    sweep(p.total, {"x": [1.0]}, executor="serial", progress=True)
    assert "total: 100%" in capfd.readouterr().err


def test_progress_on_a_terminal_unless_switched_off(p, monkeypatch, unset, tmp_path):
    def shown(**keywords):
        monkeypatch.setattr(sys, "stderr", Terminal())
        sweep(p.slow, {"x": [1.0, 2.0, 3.0]}, executor="serial", **keywords)
        return sys.stderr.getvalue()

    assert "3/3 [00:00<00:00" in shown()
    assert not shown(progress=False)
    monkeypatch.setenv("EHBILAYER_PROGRESS", "0")
    assert not shown()
    monkeypatch.setenv("EHBILAYER_PROGRESS", "yes")
    with pytest.raises(ValueError, match="EHBILAYER_PROGRESS"):
        shown()


def test_progress_in_a_live_notebook_only(monkeypatch, unset):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    assert not progress_shown(None)
    monkeypatch.setenv("JPY_SESSION_NAME", "a.ipynb")
    assert progress_shown(None)
    monkeypatch.setenv("EHBILAYER_PROGRESS", "0")
    assert not progress_shown(None)
    monkeypatch.delitem(sys.modules, "ipykernel")
    monkeypatch.delenv("EHBILAYER_PROGRESS")
    assert not progress_shown(None)


def test_equal_numbers_are_one_point(p, tmp_path, calls):
    given = {"store": tmp_path / "s", "executor": "serial"}
    sweep(p.total, {"x": [1, 2]}, fixed={"y": 3}, **given)
    assert calls() == 2
    assert sweep(p.total, {"x": [2.0, 1.0]}, fixed={"y": 3.0}, **given).total[1] == 1 / 3 + 3 and calls() == 0
    assert sweep(p.total, {"x": [True]}, fixed={"y": 3}, **given).total.item() == 1 / 3 + 3 and calls() == 1
    assert np.signbit(sweep(p.total, {"x": [-0.0]}, fixed={"y": -0.0}, **given).total) and calls() == 1
    assert not np.signbit(sweep(p.total, {"x": [0]}, fixed={"y": 0}, **given).total) and calls() == 1


def test_a_failure_of_the_type_does_not_count_for_the_equal_number(p, tmp_path, calls):
    given = {"store": tmp_path / "s", "executor": "serial"}
    for _ in range(2):
        with pytest.raises(SweepError, match="x = 2.0: TypeError"):
            sweep(p.whole, {"x": [2.0]}, **given)
    assert calls() == 1
    assert sweep(p.whole, {"x": [2]}, **given).whole.item() == 2 and calls() == 1
    assert sweep(p.whole, {"x": [2.0]}, **given).whole.item() == 2 and calls() == 0


def test_the_home_is_expanded(p, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    sweep(p.total, {"x": [1.0]}, store="~/x", executor="serial")
    assert [path.name for path in tmp_path.iterdir()] == ["x"] and entries("~/x")[0].points == 1
