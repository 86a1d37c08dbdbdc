"""Features of maps of T_c, the range that an error of alpha^2 leaves, laboratory units; where falling values cross."""

import numpy as np
import pytest
import xarray as xr

from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity.density_line import LIMIT, crossing, fit_lines
from ehbilayer.superconductivity.pairing import critical_temperature, pairing_strength, temperature_map
from ehbilayer.superconductivity.temperature_maps import (
    laboratory_temperature,
    map_features,
    strength_map,
    stretched_map,
    temperature_range,
)
from ehbilayer.units import AtomicUnits

R_S, D = np.linspace(0.3, 2.2, 39), np.linspace(0, 3, 31)


def line(r_s):
    return 1.2 - 0.8 * np.asarray(r_s)


def invented(temperature, region=None):
    """A map with given temperatures over r_s = 1, 2, … and d = 0, 1, …"""
    temperature = np.asarray(temperature, dtype=float)
    region = np.where(temperature > 0, 0, 1) if region is None else region
    coords = {"r_s": np.arange(1.0, 1 + len(temperature)), "d": np.arange(float(temperature.shape[1]))}
    return xr.Dataset({"temperature": (("r_s", "d"), temperature), "region": (("r_s", "d"), region)}, coords)


def test_features_of_the_papers_kind_of_map():
    found = map_features(temperature_map(R_S, D, line(R_S)[:, None], 10))
    assert found.inside and found.none_when_dense and found.falls_with_d and found.d == 0
    # It begins where alpha^2 turns positive, and the ridge stands beside.
    assert found.range[1] == pytest.approx(R_S[line(R_S) > 0].max()) and found.r_s <= found.range[1] < 1.5
    assert found.highest == pytest.approx(
        critical_temperature(r_s=found.r_s, alpha=line(found.r_s) ** 0.5, d=0.0, mass_ratio=10)
    )


def test_each_feature_can_fail():
    assert not map_features(invented([[1, 0], [0, 0], [0, 0]])).inside
    assert not map_features(invented([[1, 0], [2, 0], [0, 0]])).none_when_dense
    found = map_features(invented([[0, 0], [1, 2], [0.5, 0.1]]))
    assert not found.falls_with_d and (found.r_s, found.d, found.reach) == (2, 1, 1) and found.range == (2, 3)
    assert np.isnan(map_features(invented(np.zeros((3, 2)))).reach)


def test_features_do_not_depend_on_the_order_of_the_axes():
    result = temperature_map(R_S, D, line(R_S)[:, None], 10)
    assert map_features(result.isel(r_s=slice(None, None, -1), d=slice(None, None, -1))) == map_features(result)
    assert map_features(result.transpose("d", "r_s")) == map_features(result)


def test_range_holds_the_line_and_grows_with_the_error():
    middle = temperature_map(R_S, [1.0], line(R_S)[:, None], 10)["temperature"].values[:, 0]
    same = temperature_range(line, R_S, 1.0, 10, spread=0.0)
    assert np.array_equal(same[0], middle) and np.array_equal(same[1], middle)
    small, large = (temperature_range(line, R_S, 1.0, 10, spread=x) for x in (0.02, 0.04))
    assert (large[0] <= small[0] + 1e-15).all() and (small[0] <= middle).all()
    assert (middle <= small[1]).all() and (small[1] <= large[1] + 1e-15).all() and (small[1] > middle).any()


def test_laboratory_units_leave_the_ratio_to_the_hartree_temperature():
    """Scaling masses and permittivity at fixed ratio; the same numbers as in electron units."""
    for unit in (AtomicUnits(mass=0.1, eps_r=5), AtomicUnits(mass=1.0, eps_r=1)):
        found = laboratory_temperature(unit.density_at(R_S), unit.length_nm, unit=unit, mass_ratio=10, line=line)
        ours = temperature_map(R_S, [1.0], line(R_S)[:, None], 10)["temperature"].values[:, 0]
        assert found / unit.temperature_K == pytest.approx(ours, rel=1e-9)


def test_crossing_of_a_curve_and_of_none():
    x = np.linspace(0, 2, 401)
    assert crossing(x, np.cos(x), 0.3) == pytest.approx(np.arccos(0.3), abs=1e-5)
    assert crossing([0.0, 1.0], [1.0, 0.0]) == 1.0
    # Of several the first; a rise is none.
    assert crossing([0.0, 1.0, 2.0, 3.0], [1.0, -1.0, 1.0, -1.0]) == 0.5
    with pytest.raises(ArgumentError, match="target = 3.0 is not allowed"):
        crossing([0.0, 1.0], [1.0, 0.0], 3.0)
    assert crossing([0.0, 1.0], [1.0, 0.5], beyond="end") == 1.0
    with pytest.raises(ArgumentError, match="values"):
        crossing([1.0, 0.0], [1.0, 0.0])


def test_lines_of_all_boxes():
    r_s = np.array([0.5, 1.0, 1.6])
    boxes = xr.Dataset(
        {
            "dropped": (("r_s", "N"), np.stack([1.2 - 0.7 * r_s, 1.2 - 0.9 * r_s], axis=1)),
            "madelung": (("r_s", "N"), np.stack([1.1 - 1.0 * r_s, 1.1 - 1.05 * r_s], axis=1)),
            "limit": ("r_s", 1.3 - 1.1 * r_s),
        },
        coords={"r_s": r_s, "N": [16, 36]},
    )
    lines = fit_lines(boxes)
    assert list(lines) == ["V(0) = 0, N = 16", "Madelung, N = 16", "V(0) = 0, N = 36", "Madelung, N = 36", LIMIT]
    assert lines["V(0) = 0, N = 36"].slope == pytest.approx(-0.9) and lines[LIMIT].intercept == pytest.approx(1.3)
    assert lines["Madelung, N = 16"].root == pytest.approx(1.1)


def test_the_largest_alpha_is_where_the_pairing_changes_sign():
    result = strength_map(R_S, D, [0.3, 0.5])
    assert ((result.g0V < 0) == (result.alpha < result.largest_alpha)).all()
    edge = result.largest_alpha.sel(r_s=R_S[20], d=D[5]).item()
    assert pairing_strength(R_S[20], edge, D[5] / R_S[20]) == pytest.approx(0, abs=1e-9)


def test_stretching_by_nothing_and_by_two():
    r_s, d = np.array([0.5, 1.0]), [0.0, 0.5]
    same = temperature_map(r_s, d, line(r_s)[:, None], 10)
    xr.testing.assert_identical(stretched_map(line, r_s, d, 10, star=2.0), same)
    twice = stretched_map(line, 2 * r_s, d, 10, star=4.0)
    assert np.array_equal(twice.alpha_squared, same.alpha_squared) and not np.allclose(
        twice.temperature, same.temperature
    )


@pytest.mark.parametrize("line", [object, print, len, lambda r_s: 0.3])
def test_a_line_without_a_number_at_each_density_is_named(line):
    with pytest.raises(ArgumentError, match="^line = "):
        temperature_range(line, [1.0, 1.4], 1.0, 10, spread=0.02)
    with pytest.raises(ArgumentError, match="^line = "):
        stretched_map(line, [10.0, 12.0], [0.0], 10)
