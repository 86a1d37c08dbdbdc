"""A moiré potential on the holes: both solvers and exact derivatives."""

import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal, solve_supercell
from ehbilayer.hartree_fock.reference import virial_residual


def test_solvers_agree_in_a_potential():
    arguments = dict(mass_ratio=4, d=1.0, r_s=15.0, cutoff=2.0, moire=0.002)
    bloch = solve_crystal(electrons="crystal", mesh=4, tolerance=1e-10, **arguments)
    free = solve_supercell(cells=(4, 4), spin="polarised", start="coupled crystal", tolerance=1e-8, **arguments)
    assert bloch.converged and free.converged and bloch.energy_parts["external h"] < -0.005
    assert free.energy_per_pair == pytest.approx(bloch.energy_per_pair, abs=1e-9)
    assert free.state.energy.external["h"] / 16 == pytest.approx(bloch.energy_parts["external h"], abs=1e-6)
    # The full spectrum of the Fock operator knows of the potential too.
    levels = np.sort(np.repeat(bloch.state.levels[1][:, 0], bloch.state.basis.weights.astype(int)))
    np.testing.assert_allclose(free.levels(1)[:16], levels, atol=1e-6)


@pytest.mark.parametrize("holes", ["polarised", "antiferromagnet"])
def test_energy_slope_is_the_external_energy(holes):
    # Hellmann and Feynman: dE/dw = E_external/w at self-consistency.
    w, step = 0.004, 1e-4
    arguments = dict(r_s=7.0, mesh=4, cutoff=2.0, holes=holes, tolerance=1e-10)
    parts = solve_crystal(moire=w, **arguments).energy_parts
    external = sum(value for name, value in parts.items() if name.startswith("external"))
    plus, minus = (solve_crystal(moire=w + s, **arguments).energy_per_pair for s in (step, -step))
    assert (plus - minus) / (2 * step) == pytest.approx(external / w, rel=1e-4)
    assert -6 * w < external < -w


def test_virial_theorem_with_and_without_potential():
    # An amplitude fixed in Ha_h scales with nothing, so the potential takes no part in the theorem.
    for w in (0.0, 0.005):
        assert abs(virial_residual(mass_ratio=6, d=1.3, r_s=9.0, mesh=3, cutoff=1.5, tolerance=1e-10, moire=w)) < 1e-8


def test_parts_add_up_and_vanish_without_potential():
    bare, bound = (solve_crystal(mesh=4, cutoff=2.0, moire=w) for w in (0.0, 0.003))
    assert "external h" not in bare.energy_parts
    assert sum(bound.energy_parts.values()) == pytest.approx(bound.energy_per_pair, abs=1e-12)
    assert bound.energy_per_pair < bare.energy_per_pair - 0.003
    assert bound.parameters["moire"] == 0.003 and bound.units["moire"] == "Ha_h"


def test_strong_potential_gives_independent_oscillators():
    # V = -6 w + (3/2) w b^2 r^2 near a site: zero-point energy sqrt(3 w) |b| for two directions, |b| in 1/a_h.
    from ehbilayer.model.lattice import RECIPROCAL_LENGTH

    r_s, residues = 20.0, []
    for w, cutoff in ((0.1, 4.0), (1.0, 8.0)):
        parts = solve_crystal(r_s=r_s, mesh=2, cutoff=cutoff, moire=w).energy_parts
        zero_point = parts["kinetic h"] + parts["external h"] + 6 * w
        expected = np.sqrt(3 * w) * RECIPROCAL_LENGTH / r_s
        residues.append(zero_point / expected - 1)
    assert abs(residues[0]) < 0.02 and abs(residues[1]) < abs(residues[0])
