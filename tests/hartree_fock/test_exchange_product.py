"""The exchange's product in parts against one dense product: real, complex, sheared, and what symmetry leaves of it."""

from dataclasses import replace

import numpy as np
import pytest

from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.bloch import bloch_basis
from ehbilayer.hartree_fock.pair_equations import PairEquations
from ehbilayer.model.coulomb import interaction
from ehbilayer.model.lattice import Box

HEAT = 0.01


def dense(waves, rows, table):
    separation = np.linalg.norm(waves.vectors[rows][:, None] - waves.vectors, axis=-1)
    return -interaction(np.where(separation > 1e-9, separation, 0.0)) @ table / waves.box.area


@pytest.mark.parametrize(
    ("mesh", "cutoff", "symmetry", "twist"),
    [
        (4, 2.0, "full", (0.0, 0.0)),
        (6, 3.0, "inversion", (0.0, 0.0)),
        (3, 1.5, "none", (0.1, 0.3)),
    ],
)
def test_parts_give_the_whole(mesh, cutoff, symmetry, twist):
    box = Box.triangular(mesh, mesh)
    basis = bloch_basis(box, cutoff, "1x1", symmetry, twist)
    rng = np.random.default_rng(0)
    blocks = rng.standard_normal((2, *basis.members.shape, basis.members.shape[1]))
    if basis.is_complex:
        blocks = blocks + 1j * rng.standard_normal(blocks.shape)
    blocks *= (basis.valid[:, :, None] & basis.valid[:, None, :])[None]
    tables = [basis.by_difference(x + x.conj().transpose(0, 2, 1)) for x in blocks]
    sheared = replace(box, lattice=box.lattice.deformed([[1.0, 0.1], [0.0, 1.0]]))
    for here in [basis] if symmetry == "full" else [basis, basis.on(sheared)]:
        for table, found in zip(tables, here.exchange(tables), strict=True):
            expected = here.to_blocks(dense(here.waves, here.rows, table))
            assert np.abs(expected).max() > 1e-3
            np.testing.assert_allclose(here.to_blocks(found), expected, rtol=0, atol=1e-13)
    everything = 2 * len(basis.rows) * tables[0].size
    assert basis.exchange.operations < 0.6 * everything


@pytest.mark.parametrize("wave", [(1, 0), (1, -1), (2, 0), (2, 1), (1, 2)])
@pytest.mark.parametrize("symmetry", ["full", "inversion"])
def test_symmetries_of_a_wave_leave_the_hessian_as_it_is(wave, symmetry):
    cold = solve_crystal(mass_ratio=10, d=5.0, r_s=16.0, mesh=4, cutoff=2.0, symmetry=symmetry).state
    start = [None, cold.orbitals[1][:, :, :1]]
    state = kmesh.solve(cold.functional, cold.basis, start, [HEAT, "bands"], tolerance=1e-11)
    plain, short = (PairEquations(state, wave, (HEAT, 0.0), symmetric=x) for x in (False, True))
    assert short.exchange.operations < 0.6 * plain.exchange.operations
    for source in range(2):
        vector = plain.driven(source)
        np.testing.assert_allclose(short.driven(source), vector, rtol=0, atol=1e-14)
        for _ in range(3):
            expected = plain.apply(vector)
            scale = np.abs(expected).max()
            np.testing.assert_allclose(short.apply(vector), expected, rtol=0, atol=1e-7 * scale)
            vector = expected / scale
        densities = zip(plain.densities(vector), short.densities(vector), strict=True)
        assert all(np.isclose(one[plain.here], other[short.here], rtol=1e-7) for one, other in densities)
