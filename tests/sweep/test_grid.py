"""Grids: what a sweep returns, and what it refuses."""

import itertools
import json

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from sweeping import entries, python

import ehbilayer
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.sweep import (
    SweepError,
    source_key,
    sweep,
)


def test_a_grid_has_coordinates_values_and_provenance(p):
    ds = sweep(
        p.total,
        {"x": [1.0, 2.0, 4.0]},
        fixed={"y": 0.5},
        executor="serial",
        units={"x": "nm", "y": "meV", "total": "meV"},
    )
    assert ds.total.dims == ("x",) and ds.x.values.tolist() == [1.0, 2.0, 4.0]
    assert ds.total.values.tolist() == [x / 3 + 0.5 for x in (1.0, 2.0, 4.0)]
    assert (ds.x.units, ds.total.units) == ("nm", "meV")
    assert ds.status.values.tolist() == ["ok"] * 3 and ds.converged.all() and not any(ds.message.values)
    assert ds.attrs["function"] == "points_of_tests:total" and json.loads(ds.attrs["fixed"]) == {"y": [0.5, "meV"]}
    assert ds.attrs["library"] == f"ehbilayer {ehbilayer.__version__}" and ds.attrs["source_key"] == source_key(p.total)
    assert (ds.attrs["points"], ds.attrs["points_failed"], ds.attrs["points_unconverged"]) == (3, 0, 0)


def test_axes_keep_their_order_and_types(p):
    ds = sweep(p.many, {"name": ["b", "a"], "x": range(1, 4)}, executor="serial", dims={"wave": ["k"]})
    assert ds.sizes == {"name": 2, "x": 3, "k": 2}
    assert ds.text.sel(name="b", x=3).item() == "bbb"
    assert ds.number.dtype.kind == "i" and ds.flag.dtype == bool and ds.wave.dims == ("name", "x", "k")
    assert ds.size.dtype == np.float32 and ds.wave.dtype == complex
    assert (ds.parts_e.dtype.kind, ds.parts_h.dtype.kind) == ("i", "f")
    assert np.array_equal(ds.odd[0], [1, np.nan, 3], equal_nan=True)
    assert np.array_equal(ds.even[0], [np.nan, 1, 0], equal_nan=True)


def test_datasets_survive_netcdf(p, tmp_path):
    ds = sweep(p.troubled, {"x": range(5)}, executor="serial", units={"value": "meV"}, allow_failed=True)
    ds.to_netcdf(tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc") as read:
        read.load()
    assert read.identical(ds.assign_attrs(read.attrs)) and read.attrs == ds.attrs


def test_attributes_or_a_function_extract_from_a_result(p):
    ds = sweep(p.solve, {"x": [1.0, 3.0]}, extract=["energy", "moments"], executor="serial")
    assert ds.status.values.tolist() == ["ok", "unconverged"] and ds.energy[0] == 1 and np.isnan(ds.energy[1])
    assert ds.moments_h[0] == 2
    kept = sweep(p.solve, {"x": [1.0, 3.0]}, extract=["energy"], executor="serial", unconverged="keep")
    assert kept.energy.values.tolist() == [1, 9] and kept.converged.values.tolist() == [True, False]
    called = sweep(p.solve, {"x": [1.0, 3.0]}, extract=p.keep, executor="serial")
    assert called.twice[0] == 2 and np.isnan(called.twice[1]) and called.attrs["extract"] == "points_of_tests:keep"
    assert sweep(p.Result.at, {"x": [1.0]}, extract=["energy"], executor="serial").energy.item() == 1


def test_only_unconverged_points_still_have_names_and_shapes(p):
    ds = sweep(p.solve, {"x": [3.0, 4.0]}, extract=["energy"], executor="serial")
    assert np.isnan(ds.energy).all() and ds.attrs["points_unconverged"] == 2


def test_a_result_of_the_library(tmp_path):
    given = {"mesh": 2, "cutoff": 1.0, "mass_ratio": np.float64(8)}
    ds = sweep(
        solve_crystal,
        {"r_s": [5.0, 6.0]},
        fixed=given,
        extract=["energy_per_pair", "momentum_variance"],
        store=tmp_path,
        executor="serial",
    )
    assert ds.energy_per_pair[1].item() == solve_crystal(r_s=6.0, **given).energy_per_pair
    assert ds.momentum_variance_h.dims == ("r_s",)


def test_a_state_with_an_empty_level_below_a_filled_one_is_no_value_of_a_sweep():
    given = {"mesh": 3, "cutoff": 1.5, "d": 0.3, "mass_ratio": 1.0}
    excited, ground = (solve_crystal(r_s=r_s, **given) for r_s in (10.0, 4.0))
    assert excited.converged and not excited.settled and excited.message == "a level below a filled one is empty"
    assert ground.settled and ground.message == ""
    ds = sweep(solve_crystal, {"r_s": [10.0, 4.0]}, fixed=given, extract=["energy_per_pair"], executor="serial")
    assert ds.status.values.tolist() == ["unconverged", "ok"]
    assert np.isnan(ds.energy_per_pair[0]) and ds.energy_per_pair[1].item() == ground.energy_per_pair


def test_all_points_failed(p):
    given = {"axes": {"x": [1, 2]}, "executor": "serial", "units": {"value": "meV"}}
    with pytest.raises(
        SweepError, match="^2 of 2 points of points_of_tests:troubled failed; the first, x = 1: ZeroDiv"
    ):
        sweep(p.troubled, **given)
    ds = sweep(p.troubled, **given, allow_failed=True)
    assert set(ds.data_vars) == {"status", "converged", "message"} and ds.attrs["points_failed"] == 2


def test_functions_that_workers_could_not_import_are_refused(p):
    def local(x):
        return x

    for bad in (local, lambda x: x, p.Result(1.0, {}, True).at):
        if bad == p.Result.at:
            continue
        with pytest.raises(ValueError, match=r"^function = .* need a function that can be imported"):
            sweep(bad, {"x": [1.0]})
    import functools

    with pytest.raises(ValueError, match="^function = .* set arguments through fixed"):
        sweep(functools.partial(p.total, y=1.0), {"x": [1.0]})
    with pytest.raises(TypeError, match="^function = 1 is not allowed: need a callable, got int"):
        sweep(1, {"x": [1.0]})


def test_a_function_of_a_notebook_is_refused(folder):
    result = python(
        folder,
        """
        def f(x):
            return x
        sweep(f, {"x": [1.0]})
    """,
        check=False,
    )
    assert result.returncode and "defined in a notebook or at a prompt" in result.stderr


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"axes": {}}, ValueError, "axes = {} is not allowed: need at least one axis"),
        ({"axes": [1.0]}, TypeError, "axes = .* need a dictionary"),
        ({"axes": {"x y": [1.0]}}, TypeError, "axes = .* need a dictionary from names of arguments"),
        ({"axes": {"x": []}}, ValueError, r"axes\['x'\] = \[\] is not allowed: need at least one value"),
        ({"axes": {"x": 1.0}}, TypeError, r"axes\['x'\] = 1.0 .* need a sequence"),
        ({"axes": {"x": "ab"}}, TypeError, r"axes\['x'\] = 'ab' .* need a sequence"),
        ({"axes": {"x": [1.0, float("nan")]}}, ValueError, r"axes\['x'\]\[1\] = nan .* need a finite number"),
        ({"axes": {"x": [1.0, 1]}}, ValueError, r"axes\['x'\] .* holds 1 twice"),
        ({"axes": {"x": [1.0, "a"]}}, TypeError, "need values of one type"),
        ({"axes": {"x": [1.0, True]}}, TypeError, "need values of one type"),
        ({"axes": {"x": [[1.0]]}}, TypeError, "need a number or a string"),
        ({"axes": {"x": np.ones((2, 2))}}, TypeError, "need a number or a string"),
        ({"axes": {"x": [1j]}}, TypeError, "got complex"),
        ({"axes": {"z": [1.0]}}, TypeError, "function = total is not allowed with the arguments z"),
        ({"axes": {"y": [1.0]}}, TypeError, "missing a required argument: 'x'"),
        ({"axes": {"status": [1.0]}}, ValueError, "axis = 'status' .* no result that a sweep adds"),
        ({"fixed": {"x": 1.0}}, ValueError, r"fixed\['x'\] = 1.0 is not allowed: .* x is an axis"),
        ({"fixed": {"y": object()}}, TypeError, r"fixed\['y'\] = .* got object"),
        ({"fixed": {"y": float("inf")}}, ValueError, r"fixed\['y'\] = inf .* need a finite number"),
        ({"fixed": [1]}, TypeError, "fixed = .* need a dictionary"),
        ({"extract": "energy"}, TypeError, "extract = 'energy' .* need None, a list"),
        ({"extract": []}, TypeError, "extract = "),
        ({"extract": lambda r: r}, ValueError, "extract = .* can be imported"),
        ({"units": {"x": 1}}, TypeError, r"units\['x'\] = 1 .* need a string"),
        ({"units": {"q": "nm"}}, ValueError, r"units\['q'\] = 'nm' is not allowed: need a unit of one of x, total"),
        ({"dims": {"total": "k"}}, TypeError, "dims = "),
        ({"dims": {"total": ["k"]}}, ValueError, r"dims\['total'\] = .* as total has dimensions: 0"),
        ({"dims": {"q": ["k"]}}, ValueError, r"dims\['q'\] = .* is not allowed: need one of total"),
        ({"store": 3}, TypeError, "store = 3 .* need the path"),
        ({"store": ""}, TypeError, "store = '' .* need the path"),
        ({"executor": "threads"}, ValueError, "executor = 'threads' .* 'serial'"),
        ({"executor": 2}, TypeError, "executor = 2 .* got int"),
        ({"progress": "yes"}, TypeError, "progress = 'yes'"),
        ({"retry_failed": 1}, TypeError, "retry_failed = 1"),
        ({"unconverged": "drop"}, ValueError, "unconverged = 'drop' .* 'mask' | 'keep'"),
        ({"workers": 0}, ValueError, "workers = 0"),
    ],
)
def test_bad_arguments_are_named(p, changed, error, said):
    given = {"axes": {"x": [1.0]}, "executor": "serial"} | changed
    with pytest.raises(error, match=said):
        sweep(p.total, given.pop("axes"), **given)


def test_results_that_fit_no_dataset_stop_the_sweep(p, tmp_path):
    for function, axes, said in (
        (p.solve, {"x": [1.0]}, "returned solve of type Result: .* through extract"),
        (p.ragged, {"x": [1, 2]}, r"returned ragged with the shapes \(1,\) and \(2,\)"),
        (p.fickle, {"x": [0, 1]}, "returned a, b at some points only"),
        (p.mixed, {"x": [0, 1]}, "the result a is text at some points and a number at others"),
    ):
        with pytest.raises(SweepError, match=said):
            sweep(function, axes, executor="serial")
    with pytest.raises(SweepError, match="of type Result"):
        sweep(p.solve, {"x": [1.0, 2.0]}, workers=1, store=tmp_path)
    assert not entries(tmp_path)


number = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False, width=64))


@settings(max_examples=40)
@given(st.lists(number, min_size=1, max_size=4, unique=True), st.lists(number, min_size=1, max_size=3, unique=True))
def test_any_grid_equals_the_plain_loop(p, x, y):
    with np.errstate(over="ignore"):
        ds = sweep(p.total, {"x": x, "y": y}, executor="serial")
    for (i, a), (j, b) in itertools.product(enumerate(x), enumerate(y)):
        assert ds.total[i, j].item() == a / 3 + b or not np.isfinite(a / 3 + b)


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.floats(), st.booleans(), st.text(max_size=2), st.none(), st.complex_numbers()), max_size=3)
)
def test_any_bad_axis_is_named(p, values):
    good = len(values) == len(set(values)) > 0 and (
        all(isinstance(value, float) and np.isfinite(value) for value in values)
        or all(isinstance(value, bool) for value in values)
    )
    try:
        sweep(p.total, {"x": values}, executor="serial", allow_failed=True)
        assert good or all(isinstance(value, str) for value in values)
    except (TypeError, ValueError) as error:
        assert not good and "axes['x']" in str(error)


def test_units_come_from_the_function_or_its_result_unless_given(p):
    ds = sweep(p.measured, {"x": [1.0, 2.0]}, fixed={"y": 3}, executor="serial", units={"parts_e": "meV"})
    assert (ds.x.units, ds.length.units, ds.parts_e.units) == ("nm", "nm", "meV") and "units" not in ds.plain.attrs
    assert json.loads(ds.attrs["fixed"]) == {"y": [3, "K"]}
    kept = sweep(p.Measured, {"x": [1.0]}, extract=["twice"], executor="serial")
    assert (kept.x.units, kept.twice.units) == ("cm", "cm")
    crystal = sweep(solve_crystal, {"r_s": [5.0]}, fixed={"mesh": 2}, extract=["energy_per_pair"], executor="serial")
    assert crystal.r_s.units == "a_h"


def test_one_axis_has_numbers_of_one_type(p):
    ds = sweep(p.kinds, {"x": [1, 2.5], "y": [1, 2]}, executor="serial")
    assert ds.x_type.values.tolist() == [["float"] * 2] * 2 and ds.y_type.values.tolist() == [["int"] * 2] * 2
    with pytest.raises(ArgumentError, match="holds 1.0 twice"):
        sweep(p.kinds, {"x": [1, 1.0], "y": [1]}, executor="serial")


def test_two_results_of_one_name_are_refused(p):
    with pytest.raises(SweepError, match="returned two results called a_b"):
        sweep(p.overlapping, {"x": [1]}, executor="serial")
