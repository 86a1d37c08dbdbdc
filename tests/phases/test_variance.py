"""Momentum variance across the transition from liquid to hole crystal."""

import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.phases.liquid import free_variance
from ehbilayer.phases.variance import VarianceScan, variance_scan


@pytest.fixture(scope="module")
def scan():
    return variance_scan([3.0, 3.6, 4.2, 5.0])


def test_liquid_has_the_variance_of_free_carriers_and_the_crystal_more(scan):
    # Equal r_s^2-scaled momenta: uniform holes know no other length.
    np.testing.assert_allclose(scan.liquid, 1.0, rtol=1e-9)
    assert (np.diff(scan.crystal) > 0).all() and scan.crystal[0] > 1.0


def test_edge_lies_where_the_energies_change_order(scan):
    low, high = scan.edge
    gaps = []
    for r_s in (low, high):
        crystal, liquid = (
            solve_crystal(mass_ratio=10, d=3.0, r_s=r_s, mesh=6, cutoff=2.0, holes=holes)
            for holes in ("polarised", "liquid")
        )
        gaps.append(crystal.energy_per_pair - liquid.energy_per_pair)
    assert gaps[0] > 0 > gaps[1]
    at_high = crystal.momentum_variance["h"] / free_variance(6, 1)
    assert scan.step == pytest.approx(at_high - 1, rel=1e-9)


def test_step_is_the_least_excess_of_those_lower():
    scan = VarianceScan(
        np.array([1.0, 2.0, 3.0]), np.array([1.05, 1.2, 1.1]), np.ones(3), np.array([False, True, True])
    )
    assert scan.edge == (1.0, 2.0) and scan.step == pytest.approx(0.1)


@pytest.mark.parametrize("radii", [[3.0], [5.0, 3.0], [1.5, 2.0], [6.0, 8.0], ["a", "b"]])
def test_radii_that_do_not_lead_from_liquid_to_crystal_are_refused(radii):
    with pytest.raises((ValueError, TypeError), match="r_s"):
        variance_scan(radii)
