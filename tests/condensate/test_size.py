"""Size of the pairs against exact limits and their wave function in real space."""

import dataclasses

import numpy as np
import pytest
from scipy.special import j0

from ehbilayer.condensate import solve_condensate, solve_condensate_grid
from ehbilayer.condensate.size import pair_size


@pytest.mark.parametrize("ratio", [0.5, 1.0, 10.0])
def test_a_dilute_pair_without_separation_is_the_two_dimensional_hydrogen_atom(ratio):
    """psi = exp(-2 r) in the pair's unit has a mean square radius of 3/8."""
    state = solve_condensate(mass_ratio=ratio, d=0.0, r_s=5e3 * (1 + ratio))
    assert pair_size(state) / (1 + ratio) == pytest.approx((3 / 8) ** 0.5, rel=1e-4)


def test_size_is_that_of_the_wave_function_in_real_space():
    state = solve_condensate(mass_ratio=4, d=1.0, r_s=8.0)
    r = np.linspace(0.0, 40.0, 3001)  # further out the panels do not resolve the oscillations
    psi = j0(r[:, None] * state.wave_numbers) @ (state.weights * state.anomalous)
    square = np.trapezoid(r**3 * psi**2, r) / np.trapezoid(r * psi**2, r)
    assert pair_size(state) == pytest.approx(square**0.5, rel=1e-3)


@pytest.mark.parametrize(("d", "r_s"), [(2.0, 1.0), (0.5, 0.8)])
def test_weakly_bound_pairs_have_the_size_of_bardeen_cooper_and_schrieffer(d, r_s):
    """psi = Delta/(2 R) with a constant Delta at a sharp edge has <r^2> = (dxi/dk)^2/(8 Delta^2)."""
    state = solve_condensate(mass_ratio=1, d=d, r_s=r_s)
    edge = np.argmin(abs(state.occupations - 0.5))
    xi = (1 - 2 * state.occupations) * 2 * state.quasiparticle_energies
    slope = np.gradient(xi, state.wave_numbers)[edge]
    # Delta has a maximum at the edge, which makes the pairs a little larger.
    assert 1.0 < pair_size(state) / (slope / (8**0.5 * state.gap_function[edge])) < 1.1


def test_only_the_reduced_mass_matters():
    light = pair_size(solve_condensate(mass_ratio=4, d=1.0, r_s=5.0))
    scaled = pair_size(solve_condensate(mass_ratio=9, d=2.0, r_s=10.0))
    assert scaled == pytest.approx(2 * light, rel=1e-8)


def test_a_state_in_a_box_is_refused():
    with pytest.raises(ValueError, match=r"state = .*radial panels"):
        pair_size(solve_condensate_grid(mesh=4, cutoff=2.0))
    with pytest.raises(TypeError, match="state = "):
        pair_size(3.0)


def test_a_constant_wave_function_has_no_extent():
    state = solve_condensate(mass_ratio=4, d=1.0, r_s=5.0)
    flat = dataclasses.replace(state, anomalous=np.ones_like(state.anomalous))
    assert pair_size(flat) < 1e-9
