"""Coupled-perturbed Hartree-Fock against finite amplitudes and against a dense solution for the uniform gas."""

import math

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.linear_response import density_response
from ehbilayer.hartree_fock.potentials import Cosines
from ehbilayer.model.coulomb import interaction
from ehbilayer.model.lattice import Box, Cell

HEAT = 0.01


def el_hc(mesh, symmetry="full", cutoff=2.0):
    cold = solve_crystal(mass_ratio=10, d=5.0, r_s=16.0, mesh=mesh, cutoff=cutoff, symmetry=symmetry).state
    start = [None, cold.orbitals[1][:, :, :1]]
    return kmesh.solve(cold.functional, cold.basis, start, [HEAT, "bands"], tolerance=1e-10)


@pytest.mark.parametrize(
    ("mesh", "wave", "cell"),
    [(3, (1, 0), ((3, 0), (0, 1))), (4, (2, 0), ((2, 0), (0, 1)))],
    ids=["inside the zone", "zone edge"],
)
def test_small_amplitudes_give_the_linear_response(mesh, wave, cell):
    state = el_hc(mesh)
    response = density_response(state, wave, (HEAT, 0.0))
    box, cell = state.functional.box, Cell(cell)
    basis = bloch_basis(box, 2.0, cell, "inversion")
    start = [None, gaussian_orbitals(basis, cell.sites(), 0.4)]
    here = int(np.flatnonzero((np.abs(basis.differences) == np.abs(wave)).all(axis=1))[0])

    def densities(layer, amplitude):
        functional = Functional(
            box, state.functional.species, state.functional.r_s, external=(Cosines(layer, (wave,), amplitude),)
        )
        perturbed = kmesh.solve(functional, basis, start, [HEAT, "bands"], tolerance=1e-10)
        assert perturbed.converged
        return np.array([perturbed.density_components(index)[here] for index in range(2)])

    step = 2e-5
    expected = response.matrix + response.mirrored
    for source, layer in enumerate("eh"):
        slope = (densities(layer, step) - densities(layer, -step)) / (2 * step)
        assert np.allclose(slope, expected[:, source], rtol=2e-4)
    # At the zone edge v exp(iqr) drives exp(-iqr) as well.
    assert np.any(response.mirrored) == (wave == (2, 0))


def test_response_is_symmetric_and_negative():
    response = density_response(el_hc(4), (1, 0), (HEAT, 0.0), tolerance=1e-10)
    assert math.isclose(response.matrix[0, 1], response.matrix[1, 0], rel_tol=1e-7)
    assert (np.linalg.eigvalsh(response.matrix) < 0).all()


def test_equivalent_waves_and_less_symmetry_give_the_same():
    full, less = el_hc(4), el_hc(4, symmetry="inversion")
    one = density_response(full, (1, 0), (HEAT, 0.0)).matrix
    for state, wave in ((full, (0, -1)), (full, (1, 1)), (less, (1, 0)), (less, (0, 1))):
        assert np.allclose(density_response(state, wave, (HEAT, 0.0)).matrix, one, rtol=1e-5)


@pytest.mark.parametrize("spin", ["both", "polarised"])
def test_uniform_gas_against_a_dense_solution(spin):
    box, r_s, wave = Box.triangular(6, 6), 1.5, np.array([1, 0])
    functional = Functional(box, (Species("e", -1, 1.0, box.carriers, spin),), r_s)
    heat, components = 0.1, functional.species[0].components
    state = kmesh.solve(functional, bloch_basis(box, 2.0), [None], [heat], tolerance=1e-11)
    waves = state.waves
    occupation = state.momentum_distribution(0) / components
    distance = np.linalg.norm(waves.vectors[:, None] - waves.vectors, axis=-1)
    np.fill_diagonal(distance, 0.0)
    exchange = -interaction(distance) / (box.area * r_s)
    level = waves.squares / (2 * r_s**2) + exchange @ occupation
    assert np.allclose(occupation, 1 / (1 + np.exp((level - level[0]) / heat) * (1 / occupation[0] - 1)), atol=1e-8)
    # X_p = L_p (1 + v rho - sum_p' V(p - p')/A X_p') for each pair p, p - q.
    other = waves.index(waves.integers - wave)
    pairs = np.flatnonzero(other >= 0)
    gap, step = level[pairs] - level[other[pairs]], occupation[pairs] - occupation[other[pairs]]
    slope = -occupation[pairs] * (1 - occupation[pairs]) / heat
    weight = np.where(np.abs(gap) > 1e-9, step / np.where(gap == 0, 1.0, gap), slope)
    direct = functional.coulomb(functional.species[0], functional.species[0], np.linalg.norm(wave @ box.reciprocal))
    hessian = np.eye(len(pairs)) - weight[:, None] * (components * direct + exchange[np.ix_(pairs, pairs)])
    expected = components * np.linalg.solve(hessian, weight).sum()
    found = density_response(state, (1, 0), (heat,)).matrix[0, 0]
    assert math.isclose(found, expected, rel_tol=1e-6)


def test_only_the_asked_sources_are_solved():
    both, holes = (density_response(el_hc(3), (1, 0), (HEAT, 0.0), sources=s) for s in (None, [1]))
    assert np.allclose(holes.matrix[:, 1], both.matrix[:, 1])
    assert not holes.matrix[:, 0].any()
    assert holes.iterations < both.iterations


def test_reciprocal_vectors_and_complex_orbitals_are_refused():
    with pytest.raises(ArgumentError, match="wave"):
        density_response(el_hc(3), (3, 0), (HEAT, 0.0))
    with pytest.raises(ArgumentError, match="inversion centre"):
        density_response(el_hc(3, symmetry="none"), (1, 0), (HEAT, 0.0))
