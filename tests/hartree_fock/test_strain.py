"""Deformed boxes: rotations cost nothing, stresses are derivatives, thermal fillings make a free energy stationary."""

import math

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.special import expit

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.strain import compressed, strained, stress

SHEARS = {"diagonal": np.diag([0.5, -0.5]), "along x": np.array([[0.0, 0.5], [0.5, 0.0]])}


@pytest.fixture(scope="module")
def crystal():
    return solve_crystal(mass_ratio=10, d=5.0, r_s=16.0, mesh=4, cutoff=2.0, symmetry="inversion", tolerance=1e-10)


def rotation(angle):
    return expm(angle * np.array([[0.0, 1.0], [-1.0, 0.0]]))


def test_rotations_cost_nothing(crystal):
    turned = strained(crystal.state, rotation(0.3))
    assert math.isclose(turned.energy.total, crystal.state.energy.total, rel_tol=1e-12)
    sheared = expm(0.05 * SHEARS["along x"])
    once, both = (strained(crystal.state, m).energy.total for m in (sheared, sheared @ rotation(-1.1)))
    assert math.isclose(once, both, rel_tol=1e-11)


def test_curvature_has_no_direction(crystal):
    def curvature(generator, h=0.01):
        up, down = (strained(crystal.state, expm(x * generator)).energy.total for x in (h, -h))
        return (up + down - 2 * crystal.state.energy.total) / h**2

    one, other = (curvature(g) for g in SHEARS.values())
    assert one > 0
    assert math.isclose(one, other, rel_tol=1e-4)


@pytest.mark.parametrize("generator", SHEARS.values(), ids=SHEARS)
@pytest.mark.parametrize("temperature", [None, 0.005])
def test_stress_is_the_slope_of_the_free_energy(crystal, generator, temperature):
    filling = None if temperature is None else [temperature, "bands"]

    def at(strain):
        return strained(crystal.state, expm(strain * generator), filling, tolerance=1e-10)

    middle, h = 0.05, 0.004
    near, far = (at(middle + x).free_energy - at(middle - x).free_energy for x in (h, 2 * h))
    assert math.isclose(stress(at(middle), generator), (8 * near - far) / (12 * h), rel_tol=1e-6)


def test_symmetric_state_has_no_stress(crystal):
    for generator in SHEARS.values():
        assert abs(stress(crystal.state, generator)) < 1e-8 * abs(crystal.state.energy.total)


def test_thermal_filling_is_the_fermi_function_and_heat_its_entropy(crystal):
    def at(temperature):
        return strained(crystal.state, np.eye(2), [temperature, "bands"], tolerance=1e-10)

    warm, step = at(0.01), 1e-4
    assert warm.converged
    occupations, levels, weights = warm.occupations[0], warm.levels[0], warm.basis.weights
    assert math.isclose(weights @ occupations.sum(axis=1), 8.0, rel_tol=1e-10)
    partly = (occupations > 1e-6) & (occupations < 1 - 1e-6)
    mu = np.unique(np.round(levels[partly] + 0.01 * np.log(occupations[partly] / (1 - occupations[partly])), 7))
    assert len(mu) == 1
    assert np.allclose(occupations, expit((mu[0] - levels) / 0.01), atol=1e-5)
    slope = (at(0.01 + step).free_energy - at(0.01 - step).free_energy) / (2 * step)
    assert math.isclose(slope, -warm.heat / 0.01, rel_tol=1e-4)


def test_cold_filling_tends_to_shells():
    state = solve_crystal(mass_ratio=10, d=5.0, r_s=16.0, mesh=4, cutoff=2.0, symmetry="inversion").state
    cold = kmesh.solve(state.functional, state.basis, [None, state.orbitals[1][:, :, :1]], [1e-5, "bands"])
    assert math.isclose(cold.energy.total, state.energy.total, rel_tol=1e-7)


def test_states_of_more_symmetry_are_refused():
    full = solve_crystal(mass_ratio=10, d=5.0, r_s=16.0, mesh=4, cutoff=2.0)
    with pytest.raises(ArgumentError, match="inversion"):
        strained(full.state, np.eye(2))


@pytest.mark.parametrize("electrons", ["liquid", "crystal"])
def test_compressed_states_are_those_from_the_start_in_fewer_iterations(electrons):
    options = dict(mass_ratio=10, d=5.0, mesh=4, cutoff=2.0, electrons=electrons, tolerance=1e-9)
    here, there = (solve_crystal(**options, r_s=r_s).state for r_s in (16.0, 16.1))
    found = compressed(here, 16.1)
    assert found.converged and found.iterations < there.iterations
    assert math.isclose(found.energy.total, there.energy.total, rel_tol=1e-12)
    assert not math.isclose(found.energy.total, here.energy.total, rel_tol=1e-4)
    assert all(np.allclose(a, b, atol=1e-8) for a, b in zip(found.occupations, there.occupations, strict=True))


def test_compressed_states_stay_on_the_branch_of_the_first():
    # Open shells that are not the lowest: filled anew, the denser state would fall to another branch.
    options = dict(mass_ratio=10, d=0.0, mesh=4, cutoff=3.0, tolerance=1e-9)
    here, there = (solve_crystal(**options, r_s=22.0 * math.sqrt(x)).state for x in (1.0, 1.01))
    found = compressed(here, 22.0 * math.sqrt(1.01))
    assert math.isclose(found.energy.total, there.energy.total, rel_tol=1e-12)
    assert not here.aufbau and found.iterations < 0.5 * there.iterations
