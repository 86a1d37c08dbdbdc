"""Shear modulus of the hole crystal: exact limits, and what must not matter."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm

from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.strain import strained
from ehbilayer.superconductivity import shear_modulus
from ehbilayer.superconductivity.compressibility import bulk_modulus
from ehbilayer.superconductivity.lattice_modes import lattice_velocities_squared
from ehbilayer.superconductivity.shear import elastic_moduli, shear_stiffness

# G/B_0 over r_s of the classical triangular crystal with one carrier per cell.
CLASSICAL = 0.13826


def test_reference_values():
    result = shear_stiffness(mesh=6, cutoff=2.5)
    assert abs(result.value - 0.1521) < 2e-3
    assert abs(shear_modulus(mesh=4, cutoff=2.5, zero_mode="madelung") - 0.2248) < 2e-3
    assert 0 < result.error < 5e-3


def test_corrected_value_hardly_knows_the_box():
    boxes = [shear_stiffness(mesh=mesh, cutoff=2.0, zero_mode="madelung") for mesh in (4, 5, 6)]
    values = [box.value for box in boxes]
    assert max(values) - min(values) < 2 * max(box.error for box in boxes)
    # The electrons' shells alone would give anything.
    assert np.ptp([box.liquid for box in boxes]) > 0.5


def test_energies_and_stresses_agree_to_second_order_in_the_strain():
    coarse, fine = (shear_stiffness(mesh=4, cutoff=2.0, step=h) for h in (0.08, 0.04))
    ratio = (coarse.from_energies - coarse.from_stress) / (fine.from_energies - fine.from_stress)
    assert math.isclose(ratio, 4.0, rel_tol=0.05)
    assert abs(coarse.value - fine.value) < 2e-5


def test_zero_mode_is_the_lattice_of_boxes():
    raw, corrected = (shear_modulus(mesh=4, cutoff=2.0, zero_mode=mode) for mode in ("dropped", "madelung"))
    assert math.isclose(corrected - raw, 2 * CLASSICAL * 1.6 / 4, rel_tol=1e-4)


def test_classical_limit():
    # Zero-point motion adds a relative correction of order r_s^(-1/2).
    excess = [
        shear_modulus(mass_ratio=10, d=50 * r_s, r_s=r_s, mesh=4, cutoff=4.0, zero_mode="madelung") / r_s - CLASSICAL
        for r_s in (4.0, 16.0)
    ]
    assert 0 < excess[1] < 0.04 * CLASSICAL
    assert math.isclose(excess[0] / excess[1], 2.0, rel_tol=0.2)


def test_classical_lattice_has_the_same_transverse_velocity():
    # Without electrons' screening (far away) the lower harmonic mode at small q is G/B_0 = v_T^2/v_0^2.
    lower = lattice_velocities_squared([[1e-3, 0.0]], r_s=1.6, d=50.0)[0][0, 0]
    assert math.isclose(lower, CLASSICAL * 1.6, rel_tol=1e-3)


def test_distant_layers_leave_the_shear_of_the_holes():
    state = solve_crystal(
        mass_ratio=10, d=800.0, r_s=16.0, mesh=4, cutoff=2.5, symmetry="inversion", tolerance=1e-10
    ).state
    alone = replace(state.functional, species=state.functional.species[1:])
    holes = kmesh.solve(alone, state.basis, [state.orbitals[1][:, :, :1]], ["bands"], tolerance=1e-10)
    h = 0.02
    bent = strained(holes, expm(h * np.array([[0.0, 0.5], [0.5, 0.0]]))).energy.total
    curvature = 2 * (bent - holes.energy.total) / h**2 / 16 / (10 / 16.0**2)
    # The electrons add what they lack of their own Madelung energy, which V(0) = 0 leaves out.
    curvature -= CLASSICAL * 1.6 / 4
    assert math.isclose(shear_modulus(d=80.0, mesh=4, cutoff=2.5), curvature, rel_tol=2e-3)


def test_uniform_liquid_has_no_shear_modulus_in_large_boxes():
    small, large = (shear_stiffness(mesh=mesh, cutoff=1.5, smearing=0.15).liquid for mesh in (4, 12))
    assert abs(small) > 0.2
    assert abs(large) < 0.05


def test_moduli_add_up():
    moduli = elastic_moduli(d=1.0, r_s=1.6, mesh=4, cutoff=2.0, capacitance=True)
    bulk = bulk_modulus(d=1.0, r_s=1.6, mesh=4, cutoff=2.0, capacitance=True)
    assert moduli.bulk == bulk
    assert moduli.longitudinal == bulk.alpha_squared + moduli.transverse
    assert moduli.stable == (moduli.longitudinal > 0)
    assert moduli.error > bulk.error


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"mesh": 2}, "mesh"), ({"step": 0.5}, "step"), ({"smearing": 0.0}, "smearing"), ({"d": -1.0}, "d")],
)
def test_bad_values_are_named(arguments, name):
    with pytest.raises(ArgumentError, match=f"^{name} = "):
        shear_stiffness(**arguments)


def test_a_state_that_does_not_converge_raises(monkeypatch):
    stuck = replace(strained(solve_crystal(mesh=3, cutoff=1.5, symmetry="inversion").state, np.eye(2)), converged=False)
    monkeypatch.setattr("ehbilayer.superconductivity.shear.strained", lambda *a, **k: stuck)
    with pytest.raises(NotConverged, match="did not converge"):
        shear_stiffness(mesh=3, cutoff=1.5)
