"""Crystals of one layer against its uniform liquid, and against published crossings."""

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.model.lattice import CELLS, Box
from ehbilayer.phases.liquid import free_liquid, shell_correction
from ehbilayer.phases.monolayer import CRYSTALS, PUBLISHED, crystal_state, monolayer_crystallisation


def test_ferromagnetic_crystals_converge_with_size_in_the_limit_convention():
    polarised = [monolayer_crystallisation(mesh=m, finite_size="limit") for m in (8, 10, 12)]
    assert np.mean(polarised) == pytest.approx(2.27, abs=0.06)
    options = dict(spin="unpolarised", crystal="ferromagnet", finite_size="limit")
    np.testing.assert_allclose([monolayer_crystallisation(mesh=m, **options) for m in (8, 10, 12)], 2.03, atol=0.02)
    assert monolayer_crystallisation(mesh=6, finite_size="dropped") == pytest.approx(
        monolayer_crystallisation(mesh=6, finite_size="madelung"), abs=1e-3
    )


def test_neel_order_crosses_the_unpolarised_liquid_where_published():
    options = dict(spin="unpolarised", crystal="square", finite_size="limit", cutoff=2.0)
    published, _ = PUBLISHED["unpolarised", "square"]
    sizes = [monolayer_crystallisation(mesh=mesh, **options) for mesh in (8, 12)]
    np.testing.assert_allclose(sizes, published, atol=0.03)
    # Incommensurate states are lower still.
    assert min(sizes) > PUBLISHED["unpolarised", "incommensurate"][0]


def test_order_of_the_crystals():
    options = dict(mesh=6, spin="unpolarised", finite_size="limit", cutoff=2.0, bracket=(1.2, 6.0))
    found = {name: monolayer_crystallisation(crystal=name, **options) for name in CRYSTALS["unpolarised"]}
    assert min(found, key=lambda name: found[name]) == "square" and found["square"] < 0.85 * found["triangular"]
    assert monolayer_crystallisation(crystal="lowest", **options) == found["square"]
    assert max(found["triangular"], found["three-sublattice"]) < found["ferromagnet"]


def test_rows_of_alternating_spin_are_those_of_the_bilayer():
    far = solve_crystal(
        mass_ratio=1, d=60.0, r_s=3.0, mesh=4, cutoff=2.0, electrons="antiferromagnet", zero_mode="madelung"
    )
    layers = [
        crystal_state(r_s=3.0, mesh=4, crystal=CRYSTALS[spin]["triangular"], cutoff=2.0)
        for spin in ("unpolarised", "polarised")
    ]
    assert all(layer.converged for layer in layers)
    assert sum(layer.energy.total for layer in layers) / 16 == pytest.approx(far.energy_per_pair, abs=1e-7)


def test_energies_agree_at_the_crossing():
    for spin, components in (("polarised", 1), ("unpolarised", 2)):
        r_s = monolayer_crystallisation(mesh=4, spin=spin, crystal="square", finite_size="dropped", cutoff=2.0)
        state = crystal_state(r_s=r_s, mesh=4, crystal=CRYSTALS[spin]["square"], cutoff=2.0)
        liquid = free_liquid(state.functional.box, components)
        energy = liquid.kinetic / r_s**2 + liquid.exchange / r_s
        assert state.energy.total / 16 == pytest.approx(energy, abs=1e-5)


def test_spins_of_three_sublattices():
    state = crystal_state(r_s=5.0, mesh=6, crystal=CRYSTALS["unpolarised"]["three-sublattice"], cutoff=2.0)
    assert {s.name: s.number for s in state.functional.species} == {"h_up": 12, "h_down": 24}
    assert CELLS["sqrt3xsqrt3"].pattern().count("up") == 1 and state.converged


def test_open_shells_of_the_liquid():
    box = {mesh: free_liquid(Box.triangular(mesh, mesh)) for mesh in (6, 7)}
    # 37 carriers close a shell of the triangular box, whose last star of six 36 fill by five sixths.
    assert box[6].open_shell == pytest.approx(6 * 5 / 36 / 36, rel=1e-12) and box[7].variance > 0
    assert shell_correction(2.0, 6, 1.0, True) > 0


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"bracket": (5.0, 8.0)}, "bracket"),
        ({"spin": "up"}, "spin"),
        ({"crystal": "three-sublattice"}, "crystal"),
        ({"crystal": "square", "spin": "unpolarised", "mesh": 5}, "mesh"),
        ({"crystal": "three-sublattice", "spin": "unpolarised", "mesh": 8}, "mesh"),
        ({"finite_size": "raw"}, "finite_size"),
    ],
)
def test_bad_arguments_are_named(options, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        monolayer_crystallisation(**options)


def test_a_box_in_which_the_energies_do_not_cross_is_named_rather_than_a_bracket_that_nobody_gave():
    with pytest.raises(ArgumentError, match=r"^mesh = 4 is not allowed: need a crystal above the liquid"):
        monolayer_crystallisation(mesh=4, finite_size="limit")
    with pytest.raises(ArgumentError, match=r"^bracket = \(1.2, 8.0\) is not allowed"):
        monolayer_crystallisation(mesh=4, finite_size="limit", bracket=(1.2, 8.0))
