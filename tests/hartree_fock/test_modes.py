"""Time-dependent Hartree-Fock modes: sum rule, static limit, and a dense solution for the uniform gas."""

import math

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.bloch import bloch_basis
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.linear_response import density_response
from ehbilayer.hartree_fock.modes import density_modes
from ehbilayer.hartree_fock.pair_equations import PairEquations
from ehbilayer.model.coulomb import interaction
from ehbilayer.model.lattice import Box

HEAT = 0.01


def el_hc(mesh, symmetry="full"):
    cold = solve_crystal(mass_ratio=10, d=5.0, r_s=16.0, mesh=mesh, cutoff=2.0, symmetry=symmetry).state
    start = [None, cold.orbitals[1][:, :, :1]]
    return kmesh.solve(cold.functional, cold.basis, start, [HEAT, "bands"], tolerance=1e-10)


def gas(r_s, heat):
    box = Box.triangular(4, 4)
    functional = Functional(box, (Species("e", -1, 1.0, box.carriers, "both"),), r_s)
    return kmesh.solve(functional, bloch_basis(box, 1.5), [None], [heat], tolerance=1e-11)


def density_matrix_of(modes, state, frequency=0.0):
    """Density response of the box, as `density_response` gives it."""
    masses = np.array([s.mass for s in state.functional.species])
    number = state.functional.species[0].number
    q = np.linalg.norm(np.array(modes.wave) @ state.functional.box.reciprocal)
    weights = modes.longitudinal[:, None] * modes.longitudinal[None] / (modes.squares - frequency**2)
    return -number * q**2 / state.functional.r_s**2 * weights.sum(axis=-1) / np.sqrt(np.outer(masses, masses))


@pytest.mark.parametrize("wave", [(1, 0), (2, 0)])
def test_strengths_obey_the_f_sum_rule(wave):
    modes = density_modes(el_hc(4), wave, (HEAT, 0.0))
    # Plane waves are cut off, which the holes feel.
    sums = modes.longitudinal @ modes.longitudinal.T
    assert abs(sums[0, 1]) < 1e-10
    assert math.isclose(sums[0, 0], 1.0, rel_tol=1e-5)
    assert math.isclose(sums[1, 1], 1.0, rel_tol=3e-3)
    assert (np.sum(modes.transverse**2, axis=1) < 1).all()
    assert np.sum(modes.transverse[1] ** 2) > 0.7
    assert modes.squares[0] > 0


def test_static_limit_is_the_linear_response():
    # Both layers gapped: no levels coincide, and nothing answers at frequency 0 only.
    state = solve_crystal(mass_ratio=2, d=5.0, r_s=16.0, mesh=4, cutoff=2.0, electrons="crystal", tolerance=1e-10).state
    modes = density_modes(state, (1, 0), (0.0, 0.0))
    expected = density_response(state, (1, 0), (0.0, 0.0), tolerance=1e-10).matrix
    assert np.allclose(density_matrix_of(modes, state), expected, rtol=1e-6)
    assert abs(expected[0, 1]) > 0.05 * abs(expected[0, 0])


def test_uniform_gas_against_a_dense_solution_at_a_frequency():
    heat, wave, frequency, r_s = 0.1, np.array([1, 0]), 0.7j, 1.5
    state = gas(r_s, heat)
    box, waves, species = state.functional.box, state.waves, state.functional.species[0]
    occupation = state.momentum_distribution(0) / 2
    distance = np.linalg.norm(waves.vectors[:, None] - waves.vectors, axis=-1)
    np.fill_diagonal(distance, 0.0)
    exchange = -interaction(distance) / (box.area * r_s)
    level = waves.squares / (2 * r_s**2) + exchange @ occupation
    other = waves.index(waves.integers - wave)
    pairs = np.flatnonzero(other >= 0)
    gap, step = level[pairs] - level[other[pairs]], occupation[pairs] - occupation[other[pairs]]
    direct = state.functional.coulomb(species, species, np.linalg.norm(wave @ box.reciprocal))
    weight = step / (gap - frequency)
    hessian = np.eye(len(pairs)) - weight[:, None] * (2 * direct + exchange[np.ix_(pairs, pairs)])
    expected = 2 * np.linalg.solve(hessian, weight).sum()
    modes = density_modes(state, (1, 0), (heat,))
    found, static = (density_matrix_of(modes, state, z)[0, 0] for z in (frequency, 0.0))
    assert np.isclose(found, expected, rtol=1e-6)
    assert abs(found) < 0.9 * abs(static)


def test_modes_without_interaction_are_pairs():
    r_s, heat = 1e-4, 5e7
    state = gas(r_s, heat)
    modes = density_modes(state, (1, 0), (heat,))
    # Pairs of plane waves whose difference is q plus a reciprocal vector of the cell; the rest is of order r_s.
    integers, kinetic = state.waves.integers, state.waves.squares / 2
    paired = ((integers[:, None] - integers - [1, 0]) % 4 == 0).all(axis=-1)
    gaps = np.unique(np.round(np.abs(kinetic[:, None] - kinetic)[paired], 6))
    found = r_s**2 * np.sqrt(modes.squares)
    assert max(np.abs(gaps - omega).min() for omega in found) < 1e-3
    assert len(found) > 50 and np.diff(gaps).min() > 0.1


def test_equivalent_waves_and_less_symmetry_give_the_same():
    full, less = el_hc(3), el_hc(3, symmetry="inversion")
    z = 0.01 + 0.005j
    one = density_modes(full, (1, 0), (HEAT, 0.0))
    for state, wave in ((full, (0, -1)), (full, (1, 1)), (less, (1, 0))):
        other = density_modes(state, wave, (HEAT, 0.0))
        assert np.allclose(other.squares, one.squares, rtol=1e-5, atol=1e-9)
        for across in (False, True):
            found, expected = (m.displacement(z, 1, across=across) for m in (other, one))
            assert np.isclose(found, expected, rtol=1e-5)


def test_distant_layers_have_modes_of_their_own():
    cold = solve_crystal(mass_ratio=10, d=500.0, r_s=16.0, mesh=3, cutoff=2.0).state
    state = kmesh.solve(cold.functional, cold.basis, [None, cold.orbitals[1][:, :, :1]], [HEAT, "bands"])
    modes = density_modes(state, (1, 0), (HEAT, 0.0))
    assert np.abs(modes.longitudinal[0] * modes.longitudinal[1]).max() < 1e-6
    assert math.isclose(np.sum(modes.longitudinal[0] ** 2), 1.0, rel_tol=1e-4)


def test_reciprocal_vectors_and_complex_orbitals_are_refused():
    with pytest.raises(ArgumentError, match="wave"):
        density_modes(el_hc(3), (3, 0), (HEAT, 0.0))
    with pytest.raises(ArgumentError, match="inversion centre"):
        density_modes(el_hc(3, symmetry="none"), (1, 0), (HEAT, 0.0))


@pytest.mark.parametrize("wave", [(1, 0), (2, 1)])
def test_columns_of_pairs_are_those_of_the_hessian(wave):
    equations = PairEquations(el_hc(4), wave, (HEAT, 0.0))
    width = equations.shape[1]
    for start in (0, 3 * width**2, (equations.shape[0] + 2) * width**2):
        pairs = start + np.arange(2 * width + 3)
        for pair, column in zip(pairs, equations.columns(pairs), strict=True):
            unit = np.zeros(equations.size)
            unit[pair] = 1.0
            np.testing.assert_allclose(column, equations.apply(unit), rtol=0, atol=1e-13)
        assert np.abs(equations.columns(pairs)).max() > 1.001
