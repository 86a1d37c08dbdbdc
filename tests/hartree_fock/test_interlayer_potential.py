"""Potential of the hole density on the electrons."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.interlayer_potential import potential_depth, potential_on_electrons
from ehbilayer.model.lattice import PRIMITIVE, RECIPROCAL_LENGTH, cell_points


@pytest.fixture(scope="module")
def crystal():
    return solve_crystal(mass_ratio=10, d=1.0, r_s=7.0, mesh=4, cutoff=2.5)


def test_its_mean_over_the_electrons_is_the_hartree_energy_between_the_layers(crystal):
    points = cell_points(repeats=1, points=24)[:-1, :-1]
    energy = (potential_on_electrons(crystal, points) * crystal.state.density(0, points)).mean()
    assert energy == pytest.approx(crystal.energy_parts["Hartree e-h"], rel=1e-7) and energy < -1e-4


def test_far_away_only_the_shortest_waves_of_the_crystal_are_left():
    far = solve_crystal(mass_ratio=10, d=20.0, r_s=7.0, mesh=4, cutoff=2.5)
    further = solve_crystal(mass_ratio=10, d=21.0, r_s=7.0, mesh=4, cutoff=2.5)
    assert potential_depth(further) / potential_depth(far) == pytest.approx(
        math.exp(-RECIPROCAL_LENGTH / 7.0), rel=1e-4
    )


@given(i=st.integers(-2, 2), j=st.integers(-2, 2), x=st.floats(-1.0, 1.0), y=st.floats(-1.0, 1.0))
def test_it_has_the_symmetry_of_the_lattice(crystal, i, j, x, y):
    point = np.array([x, y])
    turn = np.array([[0.5, -math.sqrt(0.75)], [math.sqrt(0.75), 0.5]])
    value = potential_on_electrons(crystal, point)
    assert potential_on_electrons(crystal, point + i * PRIMITIVE[0] + j * PRIMITIVE[1]) == pytest.approx(
        value, abs=1e-12
    )
    assert potential_on_electrons(crystal, turn @ point) == pytest.approx(value, abs=1e-9)


def test_the_depth_does_not_depend_on_the_grid(crystal):
    assert potential_depth(crystal) == pytest.approx(potential_depth(crystal, points=60), rel=1e-9)


def test_liquid_holes_leave_no_potential():
    assert potential_depth(solve_crystal(mesh=4, cutoff=2.0, holes="liquid")) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("points", [1.0, [1.0, 2.0, 3.0], [[float("nan"), 0.0]]])
def test_bad_points_are_refused(crystal, points):
    with pytest.raises(ValueError, match="points"):
        potential_on_electrons(crystal, points)


@pytest.mark.parametrize("points", [5, 2.5])
def test_a_grid_too_coarse_is_refused(crystal, points):
    with pytest.raises((TypeError, ValueError), match="points = "):
        potential_depth(crystal, points=points)
