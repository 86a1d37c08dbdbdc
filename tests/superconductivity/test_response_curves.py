"""Curves of alpha^2(q): single responses, errors against larger boxes and finer plane waves, bad input."""

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity.response_curves import response_curves
from ehbilayer.superconductivity.static_response import line_waves, response_lines


def test_lines_in_the_zone_end_at_its_corners():
    waves, q, along_k = line_waves(12, zone=True)
    assert waves[5] == (6, 0) and waves[-1] == (4, -4) and along_k.sum() == 4
    everywhere = line_waves(12)
    assert all(wave in everywhere[0] for wave in waves)
    assert np.isclose(q[5], 1.9046, atol=1e-4) and np.isclose(q[-1], 2.1993, atol=1e-4)


def test_finer_plane_waves_of_the_small_box_itself():
    options = dict(mass_ratio=100, d=0.5, mesh=6, zone=True)
    added = response_lines(**options, fine_cutoff=3.0).alpha_squared
    assert np.allclose(added, response_lines(**options, cutoff=3.0).alpha_squared, rtol=1e-12)
    # Narrow clouds do need them.
    assert np.abs(added - response_lines(**options).alpha_squared).max() > 0.05


@pytest.mark.parametrize("mesh", [8, pytest.param(9, marks=pytest.mark.slow)])
def test_finer_plane_waves_change_all_boxes_by_the_same(mesh):
    """Within a fifth, which is what the error of the curves counts."""
    options = dict(mass_ratio=100, d=0.5, mesh=mesh, zone=True)
    coarse, added, fine = (
        response_lines(**options, **more).alpha_squared for more in ({}, {"fine_cutoff": 3.0}, {"cutoff": 3.0})
    )
    assert (np.abs(added - fine) <= 0.2 * np.abs(fine - coarse)).all()
    assert np.abs(added - fine).max() > 1e-3


@pytest.mark.slow
def test_errors_hold_the_change_to_a_larger_box():
    """Against 256 pairs, at the waves that both boxes have."""
    curves = response_curves(mass_ratio=[10.0, 100.0], r_s=[1.6], d=[0.5, 2.0], mesh=8).squeeze("r_s")
    for ratio in (10.0, 100.0):
        for d in (0.5, 2.0):
            here = curves.sel(mass_ratio=ratio, d=d)
            many = response_lines(mass_ratio=ratio, d=d, mesh=16, zone=True, fine_cutoff=3.0)
            place = [int(np.argmin(abs(many.q_r_s - q) + 9 * (many.along_k != k))) for q, k in _waves(here)]
            shared = [i for i, (q, _) in zip(place, _waves(here), strict=True) if np.isclose(many.q_r_s[i], q)]
            assert len(shared) == len(_waves(here))
            change = np.abs(many.alpha_squared[place] - here.alpha_squared.values)
            assert (change <= here.error.values).mean() >= 0.6 and (change <= 3 * here.error.values).all()


def _waves(curves):
    return list(zip(curves.q_r_s.values, curves.along_k.values, strict=True))


def test_a_box_no_larger_than_the_small_one_is_refused():
    with pytest.raises(ArgumentError, match="^mesh = 6"):
        response_curves(mass_ratio=[10.0], r_s=[1.6], d=[1.0], mesh=6)
