"""The exchange in groups of differences against one product over all plane waves."""

import numpy as np
import pytest

from ehbilayer.hartree_fock.bloch import bloch_basis
from ehbilayer.hartree_fock.lenses import lenses
from ehbilayer.model.coulomb import interaction
from ehbilayer.model.lattice import TRIANGULAR, Box

CASES = [("1x1", "full"), ("2x1", "full"), ("2x1", "inversion"), ("sqrt3xsqrt3", "full"), ("2x1", "none")]


def whole_product(basis, density):
    vectors = basis.waves.vectors
    apart = np.linalg.norm(vectors[basis.rows][:, None] - vectors, axis=-1)
    apart[np.arange(len(basis.rows)), basis.rows] = 0.0
    table = -interaction(apart) / basis.waves.box.area @ basis.by_difference(density)
    return basis.to_blocks(table)


def hermitian(basis, seed):
    rng, shape = np.random.default_rng(seed), (*basis.members.shape, basis.members.shape[1])
    blocks = rng.standard_normal(shape) + (1j * rng.standard_normal(shape) if basis.is_complex else 0.0)
    return blocks + blocks.conj().transpose(0, 2, 1)


@pytest.mark.parametrize(("cell", "symmetry"), CASES)
def test_exchange_in_groups_is_that_of_one_product(cell, symmetry):
    basis = bloch_basis(Box.triangular(6, 6), 2.0, cell, symmetry)
    densities = [hermitian(basis, seed) for seed in (0, 1)]
    for found, density in zip(basis.exchange(densities), densities, strict=True):
        expected = whole_product(basis, density)
        assert np.abs(expected).max() > 1.0
        np.testing.assert_allclose(found, expected, atol=1e-12 * np.abs(expected).max())


def test_exchange_of_one_matrix_is_that_of_two():
    basis = bloch_basis(Box.triangular(4, 4), 2.0, "2x1")
    densities = [hermitian(basis, seed) for seed in (0, 1)]
    np.testing.assert_allclose(basis.exchange(densities[1:])[0], basis.exchange(densities)[1], rtol=1e-12, atol=1e-14)


def test_a_deformed_box_has_its_own_interaction():
    basis = bloch_basis(Box.triangular(4, 4), 1.5, "1x1", "inversion")
    sheared = basis.on(Box.repeated(TRIANGULAR.deformed([[1.0, 0.1], [0.0, 1.0]]), 4, 4))
    density = hermitian(basis, 0)
    found, before = (b.exchange([density])[0] for b in (sheared, basis))
    np.testing.assert_allclose(found, whole_product(sheared, density), atol=1e-12)
    assert np.abs(found - before).max() > 1e-3


def test_groups_hold_every_difference_once_and_save_half_of_the_products():
    basis = bloch_basis(Box.triangular(8, 8), 2.0, "2x1")
    parts = basis.exchange_parts
    found = np.concatenate([part.lens.differences for part in parts])
    assert sorted(found) == list(range(len(basis.differences)))
    work = sum(part.kernel.size * len(part.lens.differences) for part in parts)
    assert work < 0.5 * len(basis.rows) * len(basis.waves) * len(basis.differences)


def test_pairs_are_in_the_group_of_their_difference():
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((40, 2))
    wanted, present = (rng.random((n, 40)) < 0.1 for n in (30, 50))
    for lens in lenses(vectors, wanted, present):
        assert set(np.flatnonzero(wanted[:, lens.differences].any(axis=1))) == set(lens.rows)
        assert set(np.flatnonzero(present[:, lens.differences].any(axis=1))) == set(lens.waves)
