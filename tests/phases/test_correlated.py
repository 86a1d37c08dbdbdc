"""The map with correlated layers: limits, bounds and lines."""

import math

import numpy as np
import pytest

from ehbilayer.condensate import exciton_energy, liquid_energy, solve_condensate
from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice_sums import lattice_sum
from ehbilayer.model.quantum_liquid import lowest_liquid
from ehbilayer.model.wigner_crystal import crystal_layer, wigner_crystal_energy
from ehbilayer.phases import correlated_point
from ehbilayer.phases.correlated_coupling import aligned_attraction, crystal_coupling, mode_coupling, screening_share
from ehbilayer.phases.correlated_lines import (
    coexistence,
    el_hc_window,
    layer_crossing,
    needed_mass_ratio,
    pair_line,
)
from ehbilayer.phases.correlated_pairs import MELTING, condensate_bound, dilute_pairs


@pytest.mark.parametrize("mass_ratio", [1.0, 4.0, 10.0])
def test_distant_layers_are_two_layers_each_in_its_own_units(mass_ratio):
    r_s = 40.0 * mass_ratio
    point = correlated_point(mass_ratio=mass_ratio, d=min(4 * r_s, 100 * (1 + mass_ratio)), r_s=r_s)
    liquids = lowest_liquid(r_s).energy + lowest_liquid(r_s / mass_ratio).energy / mass_ratio
    assert point["liquid"] == pytest.approx(liquids, rel=2e-3)
    assert point["screening"] < 1e-6
    difference = wigner_crystal_energy(r_s) - lowest_liquid(r_s).energy
    assert point["EL-HC"] - point["liquid"] == pytest.approx(difference, rel=1e-5)


def test_two_crystals_far_apart_and_on_top_of_each_other():
    assert aligned_attraction(mass_ratio=4, d=1e3, r_s=100.0) == pytest.approx(0.0, abs=1e-9)
    # Points at rest: the own partner, all others of the layer, the capacitor left out, and dipoles to next order.
    r_s, d = 1e9, 0.2e9
    expected = -r_s / d + 2 * 1.1061026 - 2 * d / r_s + lattice_sum(3.0) * (d / r_s) ** 2 / 2
    assert aligned_attraction(mass_ratio=1, d=d, r_s=r_s) * r_s == pytest.approx(expected, rel=3e-3)


def test_energy_of_aligned_crystals_is_above_that_without_zero_point_motion():
    still = aligned_attraction(mass_ratio=1, d=3e4, r_s=1e5) * 1e5
    moving = aligned_attraction(mass_ratio=1, d=30.0, r_s=100.0) * 100.0
    assert still < moving < 0


def test_every_correlated_liquid_lies_below_hartree_fock_and_approaches_it_at_high_density():
    gaps = []
    for r_s in (0.05, 0.2, 1.0, 5.0):
        point = correlated_point(mass_ratio=2, d=2.0, r_s=r_s)
        spins = ("unpolarised", "polarised")
        uncorrelated = min(liquid_energy(2, r_s, e, h) for e in spins for h in spins)
        assert point["liquid"] < uncorrelated
        gaps.append((uncorrelated - point["liquid"]) * r_s / 1.2)  # exchange of two layers: -1.2/r_s
    assert gaps[0] < 0.05
    assert (np.diff(gaps) > 0).all()


def test_condensate_is_an_upper_bound_made_of_known_states():
    point = correlated_point(mass_ratio=10, d=10.0, r_s=31.0)
    states = [solve_condensate(mass_ratio=10, d=10.0, r_s=31.0, spin=s) for s in ("polarised", "symmetric")]
    assert point["condensate"] == min(state.energy_per_pair for state in states)
    dilute = correlated_point(mass_ratio=10, d=10.0, r_s=3000.0)
    assert dilute["phase"] == "condensate"
    assert dilute["condensate"] == pytest.approx(exciton_energy(10 / 11) / 11, rel=1e-3)
    assert dilute["condensate"] <= condensate_bound(mass_ratio=10, d=10.0, r_s=3000.0)[0]


def test_dilute_pairs_interpolate_between_no_correlation_and_a_classical_lattice():
    d, r_s = 100.0, 1e4
    heavy = dilute_pairs(mass_ratio=1.0, d=d, r_s=r_s)
    assert heavy.exciton - 2 * d / r_s**2 < heavy.energy <= heavy.exciton
    # Dense dipoles approach the classical lattice, two Madelung sums and the attraction of all but the own partner.
    d, r_s = 50.0, 150.0
    pairs = dilute_pairs(mass_ratio=1.0, d=d, r_s=r_s)
    still = aligned_attraction(mass_ratio=1, d=d / r_s * 1e9, r_s=1e9) * 1e9 / r_s
    classical = 2 * crystal_layer().electrostatic / r_s + still + 1 / d
    assert classical < pairs.energy - pairs.exciton < 0.5 * classical
    assert dilute_pairs(mass_ratio=10, d=0.0, r_s=100.0).energy == pytest.approx(-2 / 11, rel=1e-3)


def test_point_dipoles_melt_where_bosons_of_one_dipole_do():
    # Only n (M d^2)^2 matters for short dipoles.
    first = dilute_pairs(mass_ratio=1, d=60.0, r_s=600.0)
    other = dilute_pairs(mass_ratio=1e3, d=60.0, r_s=600.0 * 1.001 / 2)
    assert first.localisation == pytest.approx(other.localisation, rel=2e-3)
    # Quantum Monte Carlo finds that dipoles melt near 290 (Astrakharchik et al. 2007).
    low, high = (
        dilute_pairs(mass_ratio=1, d=150.0, r_s=2 * 150.0**2 / math.sqrt(math.pi * s)).localisation
        for s in (400.0, 150.0)
    )
    assert low < MELTING < high


def test_coupling_is_second_order_for_weak_attraction_and_symmetric_in_the_layers():
    # exp(-2 q d): for distant layers C falls off, and both orders of local field agree in sign.
    near, far = (mode_coupling(mass_ratio=10, d=d, r_s=31.0)[0] for d in (30.0, 60.0))
    assert near < far < 0
    both = [mode_coupling(mass_ratio=1, d=5.0, r_s=10.0, polarisations=p)[0] for p in ((0.0, 1.0), (1.0, 0.0))]
    assert both[0] == pytest.approx(both[1], rel=1e-12)


def test_three_couplings_agree_within_their_spread_and_in_order_at_the_headline_distance():
    values = {
        name: correlated_point(mass_ratio=10, d=10.0, r_s=31.0, coupling=name)["coupling_energy"]
        for name in ("random phase", "local field", "adiabatic")
    }
    assert values["adiabatic"] < values["local field"] < values["random phase"] < 0
    assert values["adiabatic"] > 5 * values["random phase"]
    assert values["adiabatic"] == crystal_coupling(mass_ratio=10, d=10.0, r_s=31.0)


def test_panels_of_the_coupling_are_converged():
    for d in (0.1, 3.0, 30.0):
        coarse, fine = (mode_coupling(mass_ratio=10, d=d, r_s=20.0, order=order)[0] for order in (12, 40))
        assert coarse == pytest.approx(fine, rel=2e-3)


def test_electrons_screen_the_holes_less_the_farther_they_are():
    shares = [screening_share(mass_ratio=10, d=d, r_s=31.0) for d in (0.0, 5.0, 20.0)]
    assert (np.diff(shares) < 0).all()
    assert 0 < shares[0] < 1


def test_holes_crystallise_at_the_crossing_of_one_layer_without_screening_and_later_with():
    assert layer_crossing() == pytest.approx(31, abs=1)
    distant = el_hc_window(mass_ratio=40, d=120.0)
    assert distant.lower == pytest.approx(layer_crossing(), rel=1e-3)
    near = el_hc_window(mass_ratio=40, d=20.0)
    assert distant.lower < near.lower < near.upper < distant.upper
    late = el_hc_window(mass_ratio=40, d=120.0, crossing=37.0)
    assert late.lower == pytest.approx(37.0, rel=1e-3)


def test_phases_change_at_the_ends_of_the_window():
    window = el_hc_window(mass_ratio=20, d=20.0)
    found = [
        correlated_point(mass_ratio=20, d=20.0, r_s=r_s)["phase"]
        for r_s in (0.99 * window.lower, 1.01 * window.lower, 0.99 * window.upper, 1.01 * window.upper)
    ]
    assert found == ["liquid", "EL-HC", "EL-HC", window.next_phase]


@pytest.mark.slow
def test_needed_mass_ratio_separates_windows_from_none():
    ratio = needed_mass_ratio()
    assert el_hc_window(mass_ratio=0.95 * ratio, d=0.95 * ratio).upper is None
    assert el_hc_window(mass_ratio=1.05 * ratio, d=1.05 * ratio).upper is not None
    assert needed_mass_ratio(crossing=37.0) > needed_mass_ratio(crossing=31.0)


def test_coexisting_densities_lie_on_both_sides_of_the_crossing():
    found = coexistence(mass_ratio=10, d=10.0)
    assert found.r_s == pytest.approx(pair_line(mass_ratio=10, d=10.0))
    assert 0.25 < found.low < 1 < found.high < 4.0

    # The tangent lies below the states in between: less energy than at the crossing itself.
    def per_area(x):
        point = correlated_point(mass_ratio=10, d=10.0, r_s=found.r_s / math.sqrt(x))
        lowest = min(point[name] for name in ("liquid", "EL-HC", "condensate") if point[name] is not None)
        return x * (lowest + 2 * 10.0 / found.r_s**2 * x)

    share = (1 - found.low) / (found.high - found.low)
    assert (1 - share) * per_area(found.low) + share * per_area(found.high) < per_area(1.0)


def test_bad_arguments_are_named():
    for name, value in (("mass_ratio", 0.5), ("r_s", -1.0), ("d", -1.0), ("coupling", "none"), ("crossing", 3.0)):
        with pytest.raises((ArgumentError, ValueError), match=name):
            correlated_point(**{"mass_ratio": 10, "d": 10.0, "r_s": 31.0, name: value})


def test_stated_errors_cover_every_open_choice():
    place = dict(mass_ratio=10, d=10.0, r_s=45.0)
    point = correlated_point(**place)
    assert point["margin_error"] > 0
    for choice in ({"coupling": "random phase"}, {"coupling": "adiabatic"}):
        other = correlated_point(**place, **choice)
        assert abs(other["liquid"] - point["liquid"]) <= point["liquid_error"] * (1 + 1e-9)
    for crossing in (31.0, 35.0, 37.0):
        other = correlated_point(**place, crossing=crossing)
        assert abs(other["EL-HC"] - point["EL-HC"]) <= point["el_hc_error"]
    plain = correlated_point(**place, errors=False)
    assert plain["margin_error"] is None and plain["margin"] == point["margin"]


def test_liquid_and_el_hc_share_their_coupling():
    point = correlated_point(mass_ratio=40, d=80.0, r_s=32.0)
    assert {point["phase"], "liquid", "EL-HC"} == {"liquid", "EL-HC"}
    assert point["margin_error"] == pytest.approx(point["el_hc_error"] - point["liquid_error"], rel=1e-9)
    assert point["margin_error"] > 0
