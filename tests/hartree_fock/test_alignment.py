"""Two crystals against a relative shift: rigid and relaxed energies, symmetry, the limit of distant layers."""

import numpy as np
import pytest

from ehbilayer.hartree_fock import alignment, kmesh, solve_crystal, solve_supercell
from ehbilayer.hartree_fock.alignment import SITES, diagonal_path, relative_shift, rigid_energy, solve_shifted
from ehbilayer.model.lattice import PRIMITIVE, RECIPROCAL_LENGTH

CRYSTAL = dict(mass_ratio=2, r_s=15.0, mesh=4, cutoff=2.0, electrons="crystal", tolerance=1e-9)


def test_rigid_energy_is_the_functional_of_the_moved_orbitals():
    result = solve_crystal(d=2.0, symmetry="none", **CRYSTAL)
    basis, functional = result.state.basis, result.state.functional
    shift = np.array([0.37, -0.52])
    phase = np.exp(-1j * basis.waves.vectors[basis.members] @ shift)
    moved = phase[:, :, None] * result.state.density_matrix(0) * phase.conj()[:, None, :]
    energy, _ = kmesh.evaluate(functional, basis, [moved, result.state.density_matrix(1)])
    expected = (energy.total - result.state.energy.total) / result.pairs
    assert expected > 1e-3
    assert rigid_energy(result, shift) == pytest.approx(expected, rel=1e-9)


def test_rigid_energy_has_the_lattice_period_and_its_minimum_at_aligned_sites():
    result = solve_crystal(d=3.0, **CRYSTAL)
    shifts = np.random.default_rng(0).uniform(-2, 2, (50, 2))
    energy = rigid_energy(result, shifts)
    assert (energy > 0).all() and energy.max() > 1e-3
    for step in (PRIMITIVE[0], PRIMITIVE[1], -3 * PRIMITIVE[0] + 2 * PRIMITIVE[1]):
        np.testing.assert_allclose(rigid_energy(result, shifts + step), energy, atol=1e-13)
    assert rigid_energy(result, [0.0, 0.0]) == 0.0
    turn = np.array([[0.5, np.sqrt(3) / 2], [-np.sqrt(3) / 2, 0.5]])
    np.testing.assert_allclose(rigid_energy(result, shifts @ turn), energy, atol=1e-10)


def test_both_solvers_give_the_same_curve():
    bloch = solve_crystal(d=3.0, **CRYSTAL)
    free = solve_supercell(
        mass_ratio=2,
        d=3.0,
        r_s=15.0,
        cells=(4, 4),
        cutoff=2.0,
        spin="polarised",
        start="coupled crystal",
        tolerance=1e-8,
    )
    path = diagonal_path(13)
    # The supercell crystal stands where its noise left it: same shift for both layers.
    np.testing.assert_allclose(rigid_energy(free, path.shifts), rigid_energy(bloch, path.shifts), atol=1e-6)
    np.testing.assert_allclose(relative_shift(free), 0.0, atol=1e-4)


def test_unrestricted_spins_add_up():
    bloch = solve_crystal(**{**CRYSTAL, "electrons": "antiferromagnet"}, d=3.0)
    assert rigid_energy(bloch, PRIMITIVE[0]) == pytest.approx(0.0, abs=1e-12)
    assert rigid_energy(bloch, 0.5 * PRIMITIVE[0]) > 1e-3


def test_distant_layers_feel_the_first_harmonic():
    # First order in the interaction of undisturbed crystals: E(s) = C exp(-|b| d) [6 - sum_b exp(-i b s)].
    barrier, ratios = {}, []
    for d in (24.0, 36.0, 48.0):
        result = solve_crystal(d=d, **CRYSTAL)
        bridge, hollow = (float(rigid_energy(result, np.array(SITES[s]) @ PRIMITIVE)) for s in ("bridge", "hollow"))
        barrier[d] = bridge
        ratios.append(hollow / bridge)
    decay = RECIPROCAL_LENGTH / 15.0 * 12.0
    assert np.log(barrier[24.0] / barrier[36.0]) == pytest.approx(decay, rel=1e-2)
    assert np.log(barrier[36.0] / barrier[48.0]) == pytest.approx(decay, rel=1e-3)
    # Of one harmonic: 8 at the bridge and 9 at the hollow.
    assert ratios[-1] == pytest.approx(9 / 8, rel=1e-4) and abs(ratios[0] - 9 / 8) > abs(ratios[-1] - 9 / 8)
    # Its size: two layers with Bragg components rho_e, rho_h.
    integers = result.state.basis.differences
    first = np.flatnonzero(np.isclose(result.state.basis.lengths, RECIPROCAL_LENGTH))[0]
    rho = [result.state.density_components(i)[first].real / result.pairs for i in (0, 1)]
    size = 2 * np.pi / RECIPROCAL_LENGTH / np.pi / 15.0 * np.exp(-RECIPROCAL_LENGTH * 48.0 / 15.0) * rho[0] * rho[1]
    assert len(integers) > 3 and barrier[48.0] == pytest.approx(8 * size, rel=1e-4)


def test_relaxed_crystals_lie_below_the_rigid_ones_and_above_the_aligned():
    arguments = dict(mass_ratio=1, d=6.0, r_s=12.0, cells=(4, 4))
    states = {site: solve_shifted(site=site, **arguments) for site in SITES}
    assert all(state.converged for state in states.values())
    aligned = states["aligned"]
    bloch = solve_crystal(mass_ratio=1, d=6.0, r_s=12.0, mesh=4, cutoff=2.0, electrons="crystal")
    assert aligned.energy_per_pair == pytest.approx(bloch.energy_per_pair, abs=1e-8)
    for site in ("bridge", "hollow"):
        rise = states[site].energy_per_pair - aligned.energy_per_pair
        assert 1e-4 < rise < rigid_energy(aligned, np.array(SITES[site]) @ PRIMITIVE) - 1e-6
    np.testing.assert_allclose(np.abs(relative_shift(states["bridge"])), [0.5, 0.0], atol=1e-6)
    assert np.abs(relative_shift(states["hollow"]) - 1 / 3).max() < 0.05
    assert aligned.parameters["site"] == "aligned"


def test_relative_shift_follows_a_known_one():
    shift = (0.21, -0.34)
    states = []
    for charge_of_first in (True, False):
        result = solve_crystal(d=200.0, symmetry="none", **CRYSTAL)
        basis = result.state.basis
        index = 0 if charge_of_first else 1
        phase = np.exp(-1j * basis.waves.vectors[basis.members] @ (np.array(shift) @ PRIMITIVE))
        result.state.orbitals[index] = phase[:, :, None] * result.state.orbitals[index]
        states.append(relative_shift(result))
    np.testing.assert_allclose(states[0], shift, atol=1e-9)
    np.testing.assert_allclose(states[1], np.negative(shift), atol=1e-9)


def test_path_meets_the_points_of_symmetry():
    path = diagonal_path(7)
    np.testing.assert_allclose(path.shifts[2], np.array(SITES["hollow"]) @ PRIMITIVE, atol=1e-12)
    result = solve_crystal(d=3.0, **CRYSTAL)
    bridge = rigid_energy(result, np.array(SITES["bridge"]) @ PRIMITIVE)
    assert rigid_energy(result, path.shifts)[3] == pytest.approx(float(bridge), rel=1e-9)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: diagonal_path(1), ValueError, "points = 1"),
        (lambda: solve_shifted(site="top"), ValueError, "site = 'top'"),
        (lambda: solve_shifted(d=-1.0), ValueError, "d = -1.0"),
        (lambda: solve_shifted(cells=4), TypeError, "cells = 4"),
        (lambda: solve_shifted(cutoff=0.2), ValueError, "cutoff = 0.2"),
        (lambda: rigid_energy(solve_crystal(mesh=2, cutoff=2.0), [np.nan, 0.0]), ValueError, "shifts"),
        (lambda: rigid_energy(solve_crystal(mesh=2, cutoff=2.0), 1.0), ValueError, "shifts"),
        (lambda: relative_shift(solve_crystal(mesh=2, cutoff=2.0, holes="liquid", d=50.0)), ValueError, "result"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_relaxed_crystals_lie_between_the_aligned_and_the_rigid_ones():
    energies = alignment.shift_energies(d=8.0, r_s=12.0, cells=(2, 2), points=7)
    assert set(energies.relaxed) | set(energies.slid) == {"bridge", "hollow"} and energies.relaxed
    for site, energy in energies.relaxed.items():
        assert 0 < energy < energies.bounds[site]
    # The diagonal meets hollow, bridge and hollow at a third, a half and two thirds.
    np.testing.assert_allclose(energies.rigid[[0, -1]], 0.0, atol=1e-12)
    assert energies.rigid[2] == pytest.approx(energies.bounds["hollow"], rel=1e-9)
    assert energies.rigid[3] == pytest.approx(energies.bounds["bridge"], rel=1e-9)


def test_electrons_that_slide_back_are_named(monkeypatch):
    monkeypatch.setattr(alignment, "_STAYS", 0.6)
    energies = alignment.shift_energies(d=8.0, r_s=12.0, cells=(2, 2), points=2)
    assert energies.slid == ("bridge", "hollow") and not energies.relaxed and not energies.bounds
