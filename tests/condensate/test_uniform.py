"""The lowest uniform state of every spin, in limits where it is known."""

import numpy as np
import pytest

from ehbilayer.condensate import mott_line, mott_window, solve_condensate
from ehbilayer.condensate.uniform import uniform_energies


def lowest(**place):
    return next(iter(uniform_energies(**place)))


def test_states_stand_in_the_order_of_their_energies():
    energies = uniform_energies(mass_ratio=4, d=1.0, r_s=5.0)
    assert len(energies) == 6 and (np.diff(list(energies.values())) >= 0).all()
    state = solve_condensate(mass_ratio=4, d=1.0, r_s=5.0)
    assert energies["condensate of polarised pairs"] == state.energy_per_pair


@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_each_condensate_lies_below_the_liquid_that_it_contains(ratio):
    energies = uniform_energies(mass_ratio=ratio, d=1.0, r_s=3.0)
    for spin, pairs in (("polarised", "polarised pairs"), ("unpolarised", "pairs of both spins")):
        assert energies[f"condensate of {pairs}"] < energies[f"liquid of {spin} electrons and {spin} holes"]


def test_the_lowest_is_a_liquid_inside_the_window_only():
    place = dict(mass_ratio=10, d=1.0)
    low, high = mott_window(**place).bounds
    assert lowest(**place, r_s=1.01 * low) == lowest(**place, r_s=0.99 * high)
    assert lowest(**place, r_s=0.99 * high) == "liquid of unpolarised electrons and polarised holes"
    assert lowest(**place, r_s=1.01 * high) == "condensate of pairs of both spins"
    # Distant layers condense where the liquid polarises, with polarised pairs.
    distant = dict(mass_ratio=10, d=10.0)
    assert lowest(**distant, r_s=1.01 * mott_line(**distant).r_s) == "condensate of polarised pairs"


def test_dilute_pairs_have_one_energy_whatever_their_spins():
    energies = uniform_energies(mass_ratio=1, d=0.5, r_s=2e3)
    both, one = (energies[f"condensate of {name}"] for name in ("pairs of both spins", "polarised pairs"))
    assert both == pytest.approx(one, rel=1e-3) and both < min(v for k, v in energies.items() if k.startswith("liq"))
