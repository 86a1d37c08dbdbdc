import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.bloch import bloch_basis
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.model.lattice import Box, cell_points

POINT = dict(mass_ratio=2, d=1.0, r_s=5.0, mesh=4, cutoff=2.0, tolerance=1e-10)


@pytest.mark.parametrize("holes", ["polarised", "antiferromagnet", "liquid"])
def test_one_spin_and_its_image_are_the_antiferromagnet(holes):
    both, one = (
        solve_crystal(**POINT, electrons="antiferromagnet", holes=holes, alternating=flag) for flag in (False, True)
    )
    assert both.converged and one.converged
    assert one.energy_per_pair == pytest.approx(both.energy_per_pair, abs=1e-12)
    assert one.momentum_variance == pytest.approx(both.momentum_variance)
    assert one.electron_gap_indirect == pytest.approx(both.electron_gap_indirect, abs=1e-7)
    points = cell_points(repeats=2, points=8)
    electrons = both.state.density(0, points) + both.state.density(1, points)
    np.testing.assert_allclose(one.state.density(0, points), electrons, atol=1e-7)
    # The charge has the period of the lattice, the spin has not.
    assert np.abs(both.state.density(0, points) - both.state.density(1, points)).max() > 0.1


def test_an_image_needs_two_sites():
    box = Box.triangular(4, 4)
    functional = Functional(box, (Species("e", -1, 1.0, 16, "alternating"),), 5.0)
    with pytest.raises(ArgumentError, match="cell = "):
        kmesh.solve(functional, bloch_basis(box, 1.5), [None], ["shells"])


def test_a_watch_ends_the_iteration():
    seen = []
    state = solve_crystal(
        **POINT, watch=lambda functional, basis, densities: bool(seen.append(len(densities))) or len(seen) == 3
    )
    assert not state.converged and seen == [2, 2, 2] and state.state.iterations == 3


@pytest.mark.parametrize("name, value", [("watch", 1), ("alternating", "yes")])
def test_bad_arguments_are_named(name, value):
    with pytest.raises(TypeError, match=f"{name} = "):
        solve_crystal(**{**POINT, name: value})
