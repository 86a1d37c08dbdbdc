"""The exact limits themselves, and that the solvers reach them."""

import math

import numpy as np
import pytest

from ehbilayer.hartree_fock import reference
from ehbilayer.model.coulomb import madelung_potential
from ehbilayer.model.lattice import PRIMITIVE, Box


@pytest.mark.parametrize("power", [4.0, 5.0, 7.0])
def test_lattice_sum_by_brute_force(power):
    steps = np.stack(np.meshgrid(*[np.arange(-400, 401)] * 2), -1).reshape(-1, 2)
    distance = np.linalg.norm(steps[(steps != 0).any(axis=1)] @ PRIMITIVE, axis=1)
    assert reference.lattice_sum(power) == pytest.approx(np.sum(distance**-power), rel=1e-4)


def test_madelung_constant():
    assert pytest.approx(-madelung_potential(Box.triangular(1, 1)) / 2, abs=1e-10) == reference.MADELUNG_CONSTANT


def test_expansion_at_low_density():
    # Independent of the solver: Gaussians on a lattice in mutual electrostatic repulsion, best width.
    r_s = 1e4
    s3, s5 = reference.lattice_sum(3.0), reference.lattice_sum(5.0)

    def energy(square):  # square of the width, in r_s
        return 1 / (2 * square * r_s**2) + (square * s3 / 4 + 9 * square**2 * s5 / 16) / r_s

    best = min(energy(w) for w in np.linspace(0.5, 2.0, 20001) * math.sqrt(2 / s3 / r_s))
    assert reference.wigner_crystal_energy(r_s) - reference.MADELUNG_CONSTANT / r_s == pytest.approx(best, rel=1e-4)
    assert reference.einstein_frequency() > reference.PHONON_CONSTANT


def test_images_do_not_hold_the_carrier():
    # N = 9 at ever larger r_s: the frequency lacks the force of the images.
    values = [
        reference.crystal_zero_point(reference.solve_layer(r_s=r_s, mesh=3, kind="crystal", cutoff=cutoff))
        for r_s, cutoff in ((100.0, 4.0), (400.0, 5.5))
    ]
    # Two points remove the anharmonic term, of relative order r_s^(-1/2).
    limit = 2 * values[1] - values[0]
    assert limit == pytest.approx(reference.einstein_frequency(9), abs=1.5e-3)
    assert abs(limit - reference.einstein_frequency()) > 0.01


@pytest.mark.parametrize("r_s", [50.0, 100.0])
def test_crystal_reaches_its_expansion(r_s):
    one, two = (
        reference.crystal_zero_point(reference.solve_layer(r_s=r_s, mesh=m, kind="crystal", cutoff=4.0)) for m in (4, 8)
    )
    # The error falls as N^(-3/2): eight times from N = 16 to 64.
    limit = reference.zero_point_limit({16: one, 64: two})
    assert limit == pytest.approx(two + (two - one) / 7, rel=1e-14)
    expected = (reference.wigner_crystal_energy(r_s) - reference.MADELUNG_CONSTANT / r_s) * r_s**1.5
    assert two > one
    assert limit == pytest.approx(expected, abs=0.2 / r_s)
    assert limit > reference.einstein_frequency()


def test_virial_residual_is_not_zero_by_construction():
    arguments = dict(mass_ratio=6, d=1.3, mesh=3, cutoff=2.0, tolerance=1e-10)
    assert abs(reference.virial_residual(r_s=9.0, **arguments)) < 1e-8
    # Away from self-consistency the theorem fails.
    arguments["tolerance"] = 1e-3
    assert abs(reference.virial_residual(r_s=9.0, **arguments)) > 1e-5


@pytest.mark.parametrize("kind", ["sea", "crystal"])
def test_public_benchmark(kind):
    tolerance = {"sea": 1e-9, "crystal": 1e-7}[kind]
    assert reference.public_benchmark_energy(kind) == pytest.approx(reference.PUBLIC_BENCHMARK[kind], abs=tolerance)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: reference.lattice_sum(2.0), "power = 2.0"),
        (lambda: reference.einstein_frequency(0), "cells = 0"),
        (lambda: reference.wigner_crystal_energy(-1.0), "r_s = -1.0"),
        (lambda: reference.solve_layer(r_s=1.0, mesh=1, kind="liquid"), "mesh = 1"),
        (lambda: reference.solve_layer(r_s=1.0, mesh=3, kind="gas"), "kind = 'gas'"),
        (lambda: reference.solve_layer(r_s=1.0, mesh=3, kind="crystal", spin=2), "spin = 2"),
        (lambda: reference.solve_layer(r_s=1.0, mesh=3, kind="liquid", cutoff=0.5), "cutoff = 0.5"),
        (lambda: reference.virial_residual(r_s=9.0, step=0.0), "step = 0.0"),
        (lambda: reference.public_benchmark_energy("liquid"), "kind = 'liquid'"),
        (lambda: reference.zero_point_limit({16: 0.9}), "points = {16: 0.9}"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
