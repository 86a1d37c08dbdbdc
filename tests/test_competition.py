"""Competing phases: limits in which the order of the energies is known, footing of the crystals, bad input."""

import math

import pytest

from ehbilayer.compressibility import madelung_shift
from ehbilayer.competition import competing_energies


def test_excitons_win_at_small_distance_and_low_density():
    assert competing_energies(d=0.05, r_s=2.0)["condensate"] < -0.5


def test_the_liquid_wins_at_high_density():
    energies = competing_energies(d=1.0, r_s=0.4)
    assert energies["condensate"] > 0.3 and energies["crystal"] > 0.3


def test_the_electrons_crystallise_at_low_density():
    assert competing_energies(d=3.0, r_s=4.0, mesh=4)["crystal"] < 0


def test_far_apart_the_condensate_is_two_polarised_liquids():
    """Energies per pair in eps_F: 1 + 1/ratio - 2 x 0.8488 r_s against electron gas and hole crystal."""
    r_s, ratio = 1.0, 10.0
    energies = competing_energies(mass_ratio=ratio, d=8.0, r_s=r_s, mesh=8, cutoff=2.5)
    liquids = 1 + 1 / ratio - 2 * 8 / (3 * math.pi) * r_s
    holes = -1.1061025867 * r_s + 0.8936 * math.sqrt(r_s / ratio)
    parent = 0.5 - 4 * math.sqrt(2) / (3 * math.pi) * r_s + holes
    # The crystal's Einstein energy is an estimate from above at this density.
    assert energies["condensate"] == pytest.approx(liquids - parent, abs=0.06)


def test_size_matters_little():
    small, large = (competing_energies(d=0.5, r_s=1.4, mesh=mesh) for mesh in (6, 8))
    for name in small:
        assert small[name] == pytest.approx(large[name], abs=0.03)
    # Without the correction the crystals would move by this much.
    assert abs(madelung_shift(1.4, 6)) > 0.3


@pytest.mark.parametrize(("arguments", "name"), [({"d": -1.0}, "d"), ({"r_s": 0.0}, "r_s"), ({"mass_ratio": 0.5}, "mass_ratio"), ({"mesh": 1}, "mesh")])
def test_bad_values_are_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        competing_energies(**arguments)
