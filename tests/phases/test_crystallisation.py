"""Electrons that crystallise above a hole crystal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.phases import monolayer_crystallisation
from ehbilayer.phases.crystallisation import electron_crystallisation
from ehbilayer.phases.liquid import shell_correction


def test_far_layers_crystallise_at_the_electrons_own_radius():
    # Without the other layer only the electrons' own units count.
    far = [electron_crystallisation(mass_ratio=ratio, d=60.0, mesh=4, tolerance=1e-5) for ratio in (1.0, 4.0)]
    assert far[0].r_s_electrons == pytest.approx(far[1].r_s_electrons, abs=1e-4)
    assert far[1].r_s == pytest.approx(4 * far[0].r_s, rel=1e-4)
    assert all(result.converged for result in far)


def test_far_layers_crystallise_before_the_ferromagnetic_monolayer():
    far = electron_crystallisation(d=60.0, mesh=6)
    ferromagnetic = monolayer_crystallisation(mesh=6, spin="unpolarised", crystal="ferromagnet", finite_size="limit")
    assert far.order == "antiferromagnetic" and far.r_s_electrons < ferromagnetic < 1.15 * far.r_s_electrons


def test_energies_computed_directly_agree_at_the_crossing():
    point = electron_crystallisation(mass_ratio=3.0, d=1.0, mesh=6, tolerance=1e-5)
    arguments = dict(mass_ratio=3.0, d=1.0, r_s=point.r_s, mesh=6, cutoff=2.0, zero_mode="madelung")
    energies = {
        electrons: solve_crystal(electrons=electrons, **arguments).energy_per_pair
        for electrons in ("liquid", "crystal", "antiferromagnet")
    }
    energies["liquid"] += shell_correction(point.r_s, 6, 1 / 3, False)
    assert energies[{"antiferromagnetic": "antiferromagnet", "ferromagnetic": "crystal"}[point.order]] == pytest.approx(
        energies["liquid"], abs=2e-6
    )
    assert min(energies["crystal"], energies["antiferromagnet"]) == pytest.approx(energies["liquid"], abs=2e-6)


def test_the_hole_crystal_helps_the_more_the_nearer_it_is():
    radii = [electron_crystallisation(mass_ratio=3.0, d=d, mesh=4).r_s_electrons for d in (0.5, 1.0, 3.0, 10.0)]
    assert radii == sorted(radii) and radii[3] - radii[0] > 0.1


@pytest.mark.slow
def test_the_size_of_the_box_hardly_matters():
    results = {
        mesh: [electron_crystallisation(mass_ratio=3.0, d=d, mesh=mesh).r_s for d in (1.0, 30.0)] for mesh in (8, 12)
    }
    for coarse, fine in zip(results[8], results[12], strict=True):
        assert coarse == pytest.approx(fine, rel=6e-3)
    assert results[8][1] / results[8][0] == pytest.approx(results[12][1] / results[12][0], rel=5e-3)


@settings(max_examples=20)
@given(
    name=st.sampled_from(["mass_ratio", "tolerance", "bracket"]),
    value=st.sampled_from([0.0, -1.0, float("nan"), float("inf")]),
)
def test_bad_numbers_are_named(name, value):
    with pytest.raises(ValueError, match=rf"^{name}(\[0\])? = "):
        electron_crystallisation(**{name: (value, 3.0) if name == "bracket" else value})


@pytest.mark.parametrize(("name", "value"), [("d", -1.0), ("mesh", 2), ("finite_size", "none")])
def test_bad_options_are_named(name, value):
    with pytest.raises(ValueError, match=f"^{name} = "):
        electron_crystallisation(**{name: value})


def test_a_bracket_without_a_crossing_is_refused():
    with pytest.raises(
        ValueError, match=r"^bracket = \(2.5, 3.0\) is not allowed: need .*; coupled crystal minus EL-HC is -"
    ):
        electron_crystallisation(mesh=4, bracket=(2.5, 3.0))
