import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.interlayer_potential import potential_depth
from ehbilayer.phases import monolayer_crystallisation, surveys
from ehbilayer.phases.order import crystal_threshold


def test_isolated_layers_are_those_of_single_searches():
    found = surveys.isolated_layers(meshes=(6,))
    single = monolayer_crystallisation(mesh=6, spin="unpolarised", crystal="square", finite_size="limit", cutoff=2.0)
    assert float(found.sel(layer="Néel", finite_size="limit", mesh=6)) == pytest.approx(single)
    order = found.sel(finite_size="limit", mesh=6).sortby(found.sel(finite_size="limit", mesh=6)).layer.values.tolist()
    assert order == ["Néel", "rows", "ferromagnet", "polarised"]


def test_cuts_hold_what_they_compare():
    table = surveys.variance_cuts(cuts=[(10.0, 3.0)], radii=[1.5, 7.0], mesh=4)
    assert table["phase by energy"].tolist() == ["liquid", "EL-HC"]
    least = crystal_threshold(mesh=4)[1]
    np.testing.assert_array_equal(table["crystal h by variance"], table["variance h over liquid (1)"] > least)
    assert table["crystal h by variance"].tolist()[1] and not table["crystal e by variance"].any()


def test_the_exact_liquid_is_nearer_to_the_limit_than_twists_are():
    # The shells' noise is one sign in these boxes; against the box of 144 pairs and against that of 100.
    for largest in (10, 12):
        table = surveys.limit_estimates(meshes=(4, 6), largest=largest, mass_ratio=10, d=1.0, r_s=7.0).abs()
        assert (table["exact liquid"] < 0.5 * table["twists"]).all()
        assert (table["twists"] < 0.7 * table["centred mesh"]).all()


def test_depths_are_those_of_single_states():
    table = surveys.potential_depths(spacings=(3.0, 1.0), radii=(5.0,), mesh=4)
    state = solve_crystal(mass_ratio=10, d=1.0, r_s=5.0, mesh=4, cutoff=2.5)
    assert table["depth (Ha_h)"][1] == pytest.approx(potential_depth(state))
    assert table["depth (Ha_h)"][0] < table["depth (Ha_h)"][1]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: surveys.isolated_layers(meshes=(5,)), "meshes"),
        (lambda: surveys.isolated_layers(meshes=()), "meshes"),
        (lambda: surveys.isolated_layers(cutoff=0.1), "cutoff"),
        (lambda: surveys.variance_cuts(radii=[-1.0]), "radii"),
        (lambda: surveys.limit_estimates(meshes=()), "meshes"),
        (lambda: surveys.potential_depths(radii=()), "radii"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=f"{message} = "):
        call()
