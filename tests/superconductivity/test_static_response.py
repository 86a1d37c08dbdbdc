"""Static response of the EL-HC state: reference values, classical lattice, compressibility sum rule."""

import math

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice import Box
from ehbilayer.superconductivity import static_response
from ehbilayer.superconductivity.compressibility import alpha_squared
from ehbilayer.superconductivity.lattice_modes import lattice_velocities_squared
from ehbilayer.superconductivity.plasmon import static_velocity_squared
from ehbilayer.superconductivity.shear import shear_modulus


@pytest.mark.parametrize(("wave", "value"), [((1, 0), 2.36), ((2, 0), 1.455), ((3, 0), 0.970)])
def test_reference_values(wave, value):
    result = static_response(mesh=6, wave=wave, cutoff=2.0)
    assert math.isclose(result.alpha_squared, value, rel_tol=5e-3)
    assert 0 < result.error < 0.06
    assert 0 < result.electron_ratio < 1
    assert result.stable


def test_definitions():
    result = static_response(mesh=4, wave=(1, 0), cutoff=2.0)
    assert math.isclose(result.alpha_squared, -1 / result.chi_hh)
    assert math.isclose(result.electron_ratio, result.chi_he / result.chi_hh, rel_tol=1e-5)
    assert math.isclose(result.q_r_s, np.linalg.norm(Box.triangular(4, 4).reciprocal[0]))
    assert result.cosine == result.sine == result.alpha_squared


def test_zone_edge_has_two_phases():
    result = static_response(mesh=4, wave=(2, 0), cutoff=2.0)
    assert result.cosine > result.alpha_squared > result.sine > 0
    assert math.isclose(2 / result.alpha_squared, 1 / result.cosine + 1 / result.sine, rel_tol=1e-9)


@pytest.mark.parametrize("wave", [(1, 0), (2, 0), (1, 2)])
def test_heavy_holes_far_away_are_the_classical_lattice(wave):
    # On mirror lines, where one mode is longitudinal. Zero-point motion adds a correction of order r_s^(-1/2).
    excess = []
    for r_s in (2.0, 8.0):
        found = static_response(mass_ratio=10, d=40 * r_s, r_s=r_s, mesh=4, wave=wave, cutoff=3.0).alpha_squared
        q = np.array(wave) @ Box.triangular(4, 4).reciprocal
        longitudinal = lattice_velocities_squared([q], r_s=r_s, d=40 * r_s)[1]
        excess.append(found / longitudinal[0] - 1)
    assert 0 < excess[1] < 0.3
    assert math.isclose(excess[0] / excess[1], 2.0, rel_tol=0.25)


def test_distant_layers_do_not_answer_each_other():
    result = static_response(d=80.0, mesh=4, wave=(1, 0), cutoff=2.0)
    assert abs(result.chi_he) < 1e-10 * abs(result.chi_hh)


@pytest.mark.parametrize("d", [0.0, 1.0])
def test_compressibility_sum_rule(d):
    # With heavy holes the difference to static RPA is smooth in q. The capacitance, most of the sum at d = 1, is left
    # out on both sides, and there is none at d = 0: there the moduli alone decide, and they are twice as negative.
    q, rest = [], []
    for mesh in (6, 8, 10):
        result = static_response(d=d, mesh=mesh, wave=(1, 0), cutoff=2.0, smearing=0.15)
        q.append(result.q_r_s / 1.6)
        rest.append(result.alpha_squared - static_velocity_squared(q[-1], r_s=1.6, d=d))
    limit = np.polyfit(q, rest, 1)[1] + static_velocity_squared(0.0, r_s=1.6, d=d)
    options = {"d": d, "mesh": 8, "zero_mode": "madelung", "cutoff": 2.0}
    moduli = alpha_squared(**options) + shear_modulus(**options)
    assert moduli < 0
    assert math.isclose(limit - 4 * d, moduli, rel_tol=0.3)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"wave": (6, 0)}, "wave"), ({"wave": (1, 0, 0)}, "wave"), ({"smearing": 0.0}, "smearing"), ({"d": -1.0}, "d")],
)
def test_bad_values_are_named(arguments, name):
    with pytest.raises(ArgumentError, match=f"^{name} = "):
        static_response(**arguments)
