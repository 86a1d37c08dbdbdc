"""Boundaries between phases along a line."""

import numpy as np
import pytest
from sweeping import entries, same

from ehbilayer.sweep import (
    PointsFailed,
    SweepError,
    refine_boundary,
)


def test_boundaries_of_several_phases(p, calls):
    ds = refine_boundary(
        p.phase, "x", [0.0, 2.0], tolerance=1e-3, over={"shift": [0.0, 0.1, 5.0]}, executor="serial", units={"x": "a_h"}
    )
    assert ds.boundary.dims == ("shift", "change") and ds.boundary.shape == (3, 2) and ds.boundary.units == "a_h"
    assert ds.below.values.tolist() == [["liquid", "crystal"]] * 2 + [["", ""]]
    assert ds.above.values.tolist() == [["crystal", "condensate"]] * 2 + [["", ""]]
    assert ds.status.values.tolist() == [["ok", "ok"]] * 2 + [["", ""]]
    wanted = np.array([[1.0, 1.3], [1.1, 1.6]])
    assert np.all(abs(ds.boundary[:2] - wanted) <= ds.uncertainty[:2]) and np.all(2 * ds.uncertainty[:2] <= 1e-3)
    assert np.isnan(ds.boundary[2]).all()
    assert calls() == ds.evaluated.sum() < 60


def test_boundaries_do_not_depend_on_executor_and_resume(p, tmp_path, calls):
    given = dict(tolerance=0.01, over={"shift": [0.0, 0.1]}, sections=3)
    wanted = refine_boundary(p.phase, "x", [0.0, 1.1, 2.0], executor="serial", **given)
    count = calls()
    assert same(refine_boundary(p.phase, "x", [0.0, 1.1, 2.0], store=tmp_path / "s", workers=2, **given), wanted)
    assert calls() == count == len(entries(tmp_path / "s"))
    for file in entries(tmp_path / "s")[::3]:
        file.unlink()
    assert same(
        refine_boundary(p.phase, "x", [0.0, 1.1, 2.0], store=tmp_path / "s", executor="serial", **given), wanted
    )
    assert calls() == len(range(0, count, 3))


def test_the_sign_of_a_number_is_a_phase(p):
    given = {"label": "difference", "executor": "serial", "allow_failed": True}
    ds = refine_boundary(p.energies, "x", [1.0, 1.4, 2.0], tolerance=1e-6, **given)
    assert ds.boundary.dims == ("change",)
    assert ds.status.item() == "ok" or ds.status.item() == "failed"
    ds = refine_boundary(p.energies, "x", [0.0, 1.0], tolerance=1e-6, label="difference", level=-1.5, executor="serial")
    assert abs(ds.boundary.item() - 0.5**0.5) <= ds.uncertainty.item() <= 5e-7
    assert (ds.below.item(), ds.above.item(), ds.status.item()) == ("< -1.5", ">= -1.5", "ok")
    flag = refine_boundary(p.ready, "x", [0.0, 1.0], tolerance=1e-3, executor="serial")
    assert (flag.below.item(), flag.above.item()) == ("False", "True") and abs(flag.boundary - 1 / 12) < 1e-3


def test_a_failed_point_leaves_a_wide_flagged_interval(p):
    # The boundary, sqrt(2), lies where the function fails.
    with pytest.warns(PointsFailed, match=r"1 of \d+ points .* the first, x = 1.4\d*: ArithmeticError: no solution"):
        ds = refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=1e-3, label="difference", executor="serial")
    assert ds.status.item() == "failed" and ds.failed.item() == 1
    assert ds.message.item() == "ArithmeticError: no solution"
    assert 1e-3 < 2 * ds.uncertainty.item() < 0.2 and abs(ds.boundary - 2**0.5) <= ds.uncertainty
    missing = refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=0.1, label="missing", executor="serial")
    assert missing.sizes["change"] == 0 and missing.message.item() == "no phase" and missing.failed.item() == 2


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"axis": 1}, TypeError, "axis = 1 .* got int"),
        ({"bracket": [1.0]}, ValueError, "bracket = .* two or more increasing"),
        ({"bracket": [2.0, 1.0]}, ValueError, "bracket = .* two or more increasing"),
        ({"bracket": 1.0}, ValueError, "bracket = 1.0"),
        ({"bracket": [0.0, float("inf")]}, ValueError, r"bracket\[1\] = inf"),
        ({"tolerance": 0.0}, ValueError, "tolerance = 0.0"),
        ({"tolerance": 1e-17}, ValueError, "tolerance = 1e-17 .* spacing of floats"),
        ({"over": {"x": [1.0]}}, ValueError, r"over\['x'\]"),
        ({"over": {"shift": []}}, ValueError, r"over\['shift'\]"),
        ({"sections": 0}, ValueError, "sections = 0"),
        ({"level": float("nan")}, ValueError, "level = nan"),
        ({"label": 1}, TypeError, "label = 1"),
        ({"label": "q"}, ValueError, "label = 'q' .* need one of phase"),
    ],
)
def test_bad_arguments_of_a_boundary_are_named(p, changed, error, said):
    given = {"axis": "x", "bracket": [0.0, 2.0], "tolerance": 0.1, "executor": "serial"} | changed
    with pytest.raises(error, match=said):
        refine_boundary(p.phase, given.pop("axis"), given.pop("bracket"), **given)


def test_results_that_are_no_phase_are_refused(p):
    with pytest.raises(ValueError, match="label = None .* need one of difference, missing, wave, other"):
        refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=0.1, executor="serial")
    with pytest.raises(SweepError, match="the result wave is not a phase"):
        refine_boundary(p.energies, "x", [1.0, 2.0], tolerance=0.1, label="wave", executor="serial")
