"""The coupling between localised spins against bonds counted one by one and a box with no symmetry."""

import itertools

import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.spin_exchange import spin_exchange
from ehbilayer.model.lattice import CELLS, Box


def test_rows_of_alternating_spins_differ_by_one_coupling_per_hole():
    box = Box.triangular(4, 4)
    sites = box.sites()
    up = CELLS["2x1"].sites(spin="up")
    cell = np.array(CELLS["2x1"].rows) @ np.array(box.lattice.vectors)

    def is_up(site):
        fractions = (site - up) @ np.linalg.inv(cell)
        return (np.abs(fractions - np.rint(fractions)) < 1e-9).all(axis=1).any()

    spin = np.array([0.5 if is_up(site) else -0.5 for site in sites])
    assert spin.sum() == 0
    images = np.array(list(itertools.product((-1, 0, 1), repeat=2))) @ box.vectors
    separation = np.linalg.norm(sites[:, None, None] - sites[None, :, None] - images, axis=-1)
    bonds = (np.abs(separation - separation[separation > 1e-9].min()) < 1e-9).sum(axis=2)
    assert (bonds.sum(axis=1) == 6).all()
    alternating, parallel = (s @ bonds @ s / 2 / 16 for s in (spin, np.full(16, 0.5)))
    assert parallel - alternating == pytest.approx(1.0)


def test_it_is_the_difference_of_the_two_states_and_dies_out():
    arguments = dict(mesh=4, cutoff=2.0)
    near, far = (spin_exchange(r_s=r_s, **arguments) for r_s in (7.0, 20.0))
    assert abs(far) < 0.2 * abs(near)
    states = [solve_crystal(r_s=7.0, holes=holes, **arguments) for holes in ("polarised", "antiferromagnet")]
    assert near == pytest.approx(states[0].energy_per_pair - states[1].energy_per_pair, abs=1e-12)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="holes"):
        spin_exchange(holes="liquid", mesh=4)
    with pytest.raises(ValueError, match="mesh"):
        spin_exchange(mesh=3)
