"""Time-dependent modes of the EL-HC state: static stiffness, heavy holes, shear modulus, classical lattice."""

import math

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice import Box
from ehbilayer.superconductivity import shear_modulus, static_response
from ehbilayer.superconductivity.lattice_modes import lattice_velocities_squared
from ehbilayer.superconductivity.plasmon_modes import plasmon_modes


def test_mean_of_the_squares_is_the_static_stiffness():
    modes = plasmon_modes(mesh=4)
    static = static_response(mesh=4, cutoff=2.0)
    assert math.isclose(modes.along @ modes.squares, modes.alpha_squared * modes.sum_rule, rel_tol=1e-9)
    assert math.isclose(modes.sum_rule, 1.0, abs_tol=1e-3)
    # Electron levels that coincide answer to a static force alone.
    assert 0 <= modes.alpha_squared - static.alpha_squared < 0.03
    assert math.isclose(modes.along.sum(), 1.0) and math.isclose(modes.across.sum(), 1.0)
    assert modes.stable


def test_spread_belongs_to_the_mean_of_the_squares():
    modes = plasmon_modes(mesh=3)
    mean, deviation = modes.spread
    assert math.isclose(mean**2 + deviation**2, modes.along @ modes.squares, rel_tol=1e-9)
    assert 0.9 * modes.plasmon[0] ** 0.5 < mean < modes.alpha_squared**0.5 and deviation > 0.02


def test_the_plasmon_lies_below_the_stiffness_and_reaches_it_with_heavy_holes():
    light, heavy = (plasmon_modes(mass_ratio=ratio, mesh=3, cutoff=3.0) for ratio in (10, 30))
    missing = [1 - x.plasmon[0] / x.alpha_squared for x in (light, heavy)]
    assert 0.05 < missing[0] < 0.15
    assert 0 < missing[1] < 0.6 * missing[0]
    assert light.plasmon[1] < heavy.plasmon[1] < 1.0


def test_transverse_modes_tend_to_the_shear_modulus():
    found = [plasmon_modes(mesh=mesh) for mesh in (3, 4)]
    q, stiffness = ([getattr(x, name) for x in found] for name in ("q_r_s", "across_squared"))
    limit = np.polyfit(np.square(q), stiffness, 1)[1]
    assert math.isclose(limit, shear_modulus(mesh=6, zero_mode="madelung"), rel_tol=0.1)
    assert all(x.shear_wave[1] > 0.98 and x.shear_wave[0] < x.across_squared for x in found)


def test_heavy_holes_far_away_are_the_classical_lattice():
    excess = []
    for r_s in (2.0, 8.0):
        modes = plasmon_modes(d=40 * r_s, r_s=r_s, mesh=3, cutoff=3.0)
        q = Box.triangular(3, 3).reciprocal[0]
        lattice = lattice_velocities_squared([q], r_s=r_s, d=40 * r_s)[0][0]
        excess.append(np.array([modes.shear_wave[0], modes.plasmon[0]]) / lattice - 1)
    # Zero-point motion adds a correction of order r_s^(-1/2).
    assert ((excess[1] > 0) & (excess[1] < 0.15)).all()
    assert np.allclose(excess[0] / excess[1], 2.0, rtol=0.25)


def test_a_crystal_that_gives_way_has_a_growing_mode():
    modes = plasmon_modes(d=0.15, wave=(2, 0))
    assert not modes.stable
    assert modes.squares[0] < 0
    assert modes.alpha_squared < 0


def test_bad_values_are_named():
    for arguments, name in (({"wave": (4, 0)}, "wave"), ({"mesh": 1}, "mesh"), ({"smearing": 1.0}, "smearing")):
        with pytest.raises(ArgumentError, match=f"^{name} = "):
            plasmon_modes(**arguments)
