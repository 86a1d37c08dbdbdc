"""The list of checks, and that its tolerances tell right from wrong."""

import pytest

from ehbilayer.hartree_fock import exact_checks, reference

#: Largest difference allowed for the checks that begin so; those of the uniform gas fall with the mesh.
TOLERANCES = {
    "uniform gas": 5e-3,
    "Madelung constant, Ewald": 1e-9,
    "Madelung constant, crystals": 5e-3,
    "virial": 1e-8,
    "public": 1e-8,
}


def test_all_hold():
    checks = exact_checks.exact_checks(mesh=12)
    assert len(checks) == 9 and len({check.name for check in checks}) == 9
    for check in checks:
        (tolerance,) = [value for name, value in TOLERANCES.items() if check.name.startswith(name)]
        assert check.computed == pytest.approx(check.expected, abs=tolerance), check.name
        assert check.expected == 0 or abs(check.expected) > 20 * tolerance


def test_a_finer_mesh_comes_closer_to_the_uniform_gas(monkeypatch):
    monkeypatch.setattr(reference, "public_benchmark_energy", lambda kind, threads: reference.PUBLIC_BENCHMARK[kind])
    coarse, fine = (exact_checks.exact_checks(mesh=mesh)[1] for mesh in (6, 24))
    assert abs(fine.computed - fine.expected) < abs(coarse.computed - coarse.expected) / 4


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="mesh = 1"):
        exact_checks.exact_checks(mesh=1)
