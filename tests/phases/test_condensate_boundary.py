"""The boundary of the condensate against its definition, other sizes and cutoffs, and the Mott transition."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.condensate import liquid_energy, mott_line, solve_condensate
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.phases import condensate_boundary as module
from ehbilayer.phases.candidates import candidate_states, identify
from ehbilayer.phases.condensate_boundary import condensate_boundary
from ehbilayer.phases.liquid import shell_correction
from ehbilayer.phases.square_states import limit_states


@pytest.fixture(scope="module")
def point():
    return condensate_boundary(mass_ratio=4, d=1.0, meshes=(6, 8, 12))


def margin(r_s, mesh, **options):
    """Lowest Hartree-Fock energy minus the condensate's, all ansaetze at one mesh."""
    found = limit_states(mass_ratio=4.0, d=1.0, r_s=r_s, mesh=mesh, **options)
    lowest = found[identify(found)[1]]["energy"]
    return lowest - solve_condensate(mass_ratio=4, d=1.0, r_s=r_s).energy_per_pair


def test_energies_cross_at_the_boundary(point):
    r_s = point.sizes[6]
    assert abs(margin(r_s, 6)) < 2e-4 * r_s * point.slope
    assert margin(0.98 * r_s, 6) < 0 < margin(1.02 * r_s, 6)
    h = 0.02 * r_s
    assert (margin(r_s + h, 6) - margin(r_s - h, 6)) / (2 * h) == pytest.approx(point.slope, rel=0.02)


def test_crystals_lie_between_liquid_and_condensate(point):
    assert (point.phase, point.ansatz) == ("coupled crystal", "square coupled crystal")
    assert point.r_s == pytest.approx(5.380, abs=0.006) and point.shape == 0.0
    assert point.mott == mott_line(mass_ratio=4, d=1.0) and point.r_s > point.mott.r_s + 0.1
    middle = (point.mott.r_s + point.r_s) / 2
    crystal = solve_crystal(
        mass_ratio=4, d=1.0, r_s=middle, mesh=8, cutoff=2.0, electrons="liquid", zero_mode="madelung"
    ).energy_per_pair + shell_correction(middle, 8, 0.25, False)
    condensate = solve_condensate(mass_ratio=4, d=1.0, r_s=middle).energy_per_pair
    assert crystal < condensate - 1e-3 and condensate < liquid_energy(4, middle) - 1e-3


def test_error_covers_a_search_at_another_size(point):
    other = condensate_boundary(mass_ratio=4, d=1.0, meshes=(8, 6))
    # The shift by the slope is exact to second order; a search at that size must agree with it.
    assert other.sizes[8] == pytest.approx(point.sizes[8], abs=2e-3)
    assert 0 < abs(other.r_s - point.r_s) < point.error < 0.02
    assert point.error >= max(abs(r_s - point.r_s) for r_s in point.sizes.values())
    assert point.r_s == point.sizes[12]


def test_coarse_cutoff_is_in_the_error():
    coarse, fine = (condensate_boundary(mass_ratio=10, d=3.0, meshes=(4, 6), cutoff=c) for c in (1.5, 3.0))
    bare = max(abs(coarse.r_s - r_s) for r_s in coarse.sizes.values())
    assert abs(coarse.sizes[4] - fine.sizes[4]) > 1e-4
    assert coarse.error - bare >= 0.8 * abs(coarse.sizes[4] - fine.sizes[4])


def test_a_direct_mott_transition_is_left_alone():
    direct = condensate_boundary(mass_ratio=1, d=0.1)
    assert direct.phase == "liquid" and direct.sizes == {}
    assert (direct.r_s, direct.error, direct.slope) == (direct.mott.r_s, direct.mott.error, -direct.mott.slope)


@pytest.mark.parametrize(
    ("steepness", "centre", "depth"),
    # The window holds a trial value of r_s, or only the root of EL-HC between two of them.
    [(2.0, 6.3, 0.4), (8.0, 6.05, 0.8)],
)
def test_a_state_that_comes_between_is_found(monkeypatch, steepness, centre, depth):
    """Made-up energies relative to the condensate: EL-HC leads at first, a crystal in a window above."""

    def fake(*, r_s, ansaetze=None, mesh, **_):
        height = {"EL-HC": r_s - 6.0, "liquid": 0.5}
        height["coupled crystal"] = steepness * abs(r_s - centre) - depth * mesh / 8
        base = solve_condensate(mass_ratio=4, d=1.0, r_s=r_s).energy_per_pair
        crystal = {"EL-HC": (False, True), "coupled crystal": (True, True), "liquid": (False, False)}
        return {
            name: {"energy": base + height[name], "converged": True, "crystal_e": e, "crystal_h": h, "polarised": False}
            for name, (e, h) in crystal.items()
            if ansaetze is None or name in ansaetze
        }

    monkeypatch.setattr(module, "limit_states", fake)
    found = condensate_boundary(mass_ratio=4, d=1.0, meshes=(8, 12))
    assert found.phase == "coupled crystal" and found.sizes[8] == pytest.approx(centre + depth / steepness, abs=1e-3)
    assert found.r_s == pytest.approx(centre + 1.5 * depth / steepness, abs=1e-3)
    assert found.slope == pytest.approx(steepness, rel=1e-6)


def test_the_symmetric_condensate_reaches_to_higher_density():
    polarised, lowest = (condensate_boundary(mass_ratio=10, d=1.0, meshes=(4, 6), spin=s) for s in ("polarised", "any"))
    # Polarised pairs come so late that the electrons have crystallised before.
    assert lowest.phase == "EL-HC" and polarised.phase == "coupled crystal"
    assert 0 < lowest.shape < lowest.error and polarised.shape == 0.0
    assert 1.1 < (polarised.r_s / lowest.r_s) ** 2 < 2.0
    energies = {
        spin: solve_condensate(mass_ratio=10, d=1.0, r_s=lowest.sizes[4], spin=spin).energy_per_pair
        for spin in ("polarised", "symmetric")
    }
    crystal = candidate_states(mass_ratio=10, d=1.0, r_s=lowest.sizes[4], mesh=4, cutoff=2.0, finite_size="limit")
    assert energies["symmetric"] < energies["polarised"]
    assert crystal["EL-HC"]["energy"] == pytest.approx(energies["symmetric"], abs=2e-5)
    with pytest.raises(RuntimeError, match="no liquid lies below the condensates at mass_ratio = 2"):
        condensate_boundary(mass_ratio=2, d=1.0, spin="any")


def test_failures_are_raised(monkeypatch):
    def fake(**_):
        state = {"energy": -1e3, "converged": True, "crystal_e": False, "crystal_h": True, "polarised": False}
        return {"EL-HC": state, "liquid": {**state, "energy": 0.0, "crystal_h": False}}

    monkeypatch.setattr(module, "limit_states", fake)
    with pytest.raises(RuntimeError, match="mass_ratio = 4.0, d = 1.0 is not the lowest state up to r_s = "):
        condensate_boundary(mass_ratio=4, d=1.0)
    monkeypatch.setattr(module, "solve_condensate", lambda **o: solve_condensate(max_iterations=2, **o))
    with pytest.raises(RuntimeError, match="the condensate at mass_ratio = 4.0, d = 1.0, .* did not converge"):
        condensate_boundary(mass_ratio=4, d=1.0)


@settings(max_examples=4, deadline=None)
@given(mass_ratio=st.floats(1.5, 10.0), d=st.floats(0.0, 1.0))
def test_boundary_lies_beyond_the_mott_transition(mass_ratio, d):
    found = condensate_boundary(mass_ratio=mass_ratio, d=d, meshes=(4, 6))
    assert found.parameters["mass_ratio"] == mass_ratio and found.units["d"] == "a_h"
    assert found.r_s >= found.mott.r_s - found.error and 0 < found.error < 0.2 * found.r_s and found.slope > 0


@pytest.mark.parametrize(
    ("arguments", "error", "name"),
    [
        ({"mass_ratio": 0.05}, ValueError, "mass_ratio"),
        ({"mass_ratio": "4"}, TypeError, "mass_ratio"),
        ({"d": -1.0}, ValueError, "d"),
        ({"d": float("nan")}, ValueError, "d"),
        ({"meshes": 6}, TypeError, "meshes"),
        ({"meshes": "68"}, TypeError, "meshes"),
        ({"meshes": (6,)}, ValueError, "meshes"),
        ({"meshes": (6, 6)}, ValueError, "meshes"),
        ({"meshes": (6, 7)}, ValueError, "meshes"),
        ({"meshes": (6, 26)}, ValueError, "meshes"),
        ({"meshes": (6, 8.0)}, TypeError, "meshes"),
        ({"cutoff": 1.0}, ValueError, "cutoff"),
        ({"tolerance": 0.0}, ValueError, "tolerance"),
        ({"spin": "symmetric"}, ValueError, "spin"),
    ],
)
def test_bad_arguments_are_named(arguments, error, name):
    with pytest.raises(error, match=f"^{name} = "):
        condensate_boundary(**arguments)
