"""Condensates of both spins, and the Mott transitions that they leave."""

import numpy as np
import pytest

from ehbilayer.condensate import liquid_energy, mott_line, mott_window, solve_condensate
from ehbilayer.condensate import spins as module
from ehbilayer.errors import NotConverged
from ehbilayer.model.coulomb import interaction
from ehbilayer.model.lattice import Box
from ehbilayer.model.plane_waves import PlaneWaves


@pytest.mark.parametrize(("mass_ratio", "d", "r_s"), [(1.0, 0.5, 1.5), (4.0, 1.0, 5.0), (10.0, 3.0, 12.0)])
def test_symmetric_condensate_is_the_polarised_one_at_half_the_density(mass_ratio, d, r_s):
    symmetric = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin="symmetric")
    polarised = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=2**0.5 * r_s)
    assert symmetric.converged and symmetric.parameters["r_s"] == r_s and symmetric.parameters["spin"] == "symmetric"
    assert symmetric.energy_per_pair == pytest.approx(polarised.energy_per_pair, rel=1e-12)
    # 2 mu = d(n E)/dn at the density of the whole layer, by differences of its own energies.
    step = 1e-3
    ends = [
        n * solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s / n**0.5, spin="symmetric").energy_per_pair
        for n in (1 + step, 1 - step)
    ]
    assert symmetric.chemical_potential == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-4)
    assert abs(symmetric.virial_residual) < 1e-6


def test_energy_of_two_flavours_summed_by_hand_is_twice_that_of_one():
    """Plane waves of one box, spin by spin: exchange and pairing within a flavour, densities of both in the energy."""
    r_s, d, ratio, box = 4.0, 1.0, 4.0, Box.triangular(6, 6)
    waves = PlaneWaves.disc(box, 2.0)
    q = np.linalg.norm(waves.vectors[:, None] - waves.vectors, axis=-1)
    within, between = (
        np.where(q > 1e-9, interaction(np.where(q > 1e-9, q, 1.0), x), 0.0) / box.area / r_s for x in (0, d / r_s)
    )
    kinetic = (1 + ratio) * waves.squares / (2 * r_s**2)
    angle = np.random.default_rng(1).uniform(0, np.pi / 2, len(waves)) * np.exp(-waves.squares / 9)

    def energy(angles):
        """Block matrices over (spin, k): nothing in them assumes that the flavours are alike."""
        spins = len(angles)
        alike = np.kron(np.eye(spins), np.ones_like(q))
        n, pair = np.sin(np.concatenate(angles)) ** 2, np.sin(2 * np.concatenate(angles)) / 2
        v0, v1 = (np.kron(np.ones((spins, spins)), v) * alike for v in (within, between))
        return np.tile(kinetic, spins) @ n - n @ v0 @ n - pair @ v1 @ pair, n.sum()

    (one, pairs), (two, all_pairs) = energy([angle]), energy([angle, angle])
    assert two / all_pairs == pytest.approx(one / pairs, rel=1e-13) and all_pairs == pytest.approx(2 * pairs)
    assert energy([angle, 0 * angle])[0] == pytest.approx(one, rel=1e-13)


def test_symmetric_condensate_sinks_to_the_unpolarised_liquids_at_large_separation():
    for ratio, r_s in ((1.0, 1.0), (4.0, 2.0)):
        state = solve_condensate(mass_ratio=ratio, d=40.0, r_s=r_s, spin="symmetric")
        liquid = liquid_energy(ratio, r_s, "unpolarised", "unpolarised")
        assert liquid > state.energy_per_pair > liquid - 1e-4


def test_symmetric_condensate_lies_below_its_normal_state():
    for r_s in (1.0, 3.0, 10.0):
        state = solve_condensate(mass_ratio=4.0, d=1.0, r_s=r_s, spin="symmetric")
        assert state.energy_per_pair < liquid_energy(4.0, r_s, "unpolarised", "unpolarised")


def test_liquids_of_all_spins():
    assert liquid_energy(1.0, 3.0, "polarised", "unpolarised") == pytest.approx(liquid_energy(1.0, 3.0), rel=1e-14)
    both = liquid_energy(5.0, 3.0, "unpolarised", "unpolarised")
    assert both == pytest.approx(liquid_energy(5.0, 2**0.5 * 3.0, "polarised", "polarised"), rel=1e-14)


@pytest.mark.parametrize(("mass_ratio", "d", "exists"), [(1.0, 3.0, False), (2.0, 1.0, False), (4.0, 1.0, True)])
def test_window_of_the_mott_transition(mass_ratio, d, exists):
    window = mott_window(mass_ratio=mass_ratio, d=d)
    assert (window.bounds is not None) == exists == (window.margin > 0)
    if not exists:
        return
    low, high = window.bounds
    for r_s, inside in ((0.99 * low, False), (1.01 * low, True), (0.99 * high, True), (1.01 * high, False)):
        condensates = [
            solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin=spin).energy_per_pair
            for spin in ("polarised", "symmetric")
        ]
        spins = ("polarised", "unpolarised")
        liquids = [liquid_energy(mass_ratio, r_s, e, h) for e in spins for h in spins]
        assert (min(liquids) < min(condensates)) == inside
    # The symmetric condensate takes over at a higher density than the polarised one.
    assert window.spin == "symmetric" and high < 0.9 * mott_line(mass_ratio=mass_ratio, d=d).r_s


def test_at_large_distance_the_window_ends_where_the_polarised_condensate_does():
    window = mott_window(mass_ratio=4.0, d=10.0)
    assert window.spin == "polarised"
    assert window.bounds[1] == pytest.approx(mott_line(mass_ratio=4.0, d=10.0).r_s, rel=2e-4)


def test_mass_ratios_below_one_are_the_same_bilayer():
    light = mott_window(mass_ratio=4.0, d=1.0)
    heavy = mott_window(mass_ratio=0.25, d=0.25)
    np.testing.assert_allclose(np.array(heavy.bounds) * 4, light.bounds, rtol=1e-3)


def test_an_unconverged_condensate_is_refused(monkeypatch):
    monkeypatch.setattr(module, "solve_condensate", lambda **o: solve_condensate(max_iterations=2, **o))
    with pytest.raises(NotConverged, match="the polarised condensate at mass_ratio = 4"):
        mott_window(mass_ratio=4.0, d=1.0)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: solve_condensate(spin="up"), "spin"),
        (lambda: liquid_energy(1.0, 1.0, holes="none"), "holes"),
        (lambda: mott_window(d=50.0), "d"),
        (lambda: mott_window(mass_ratio=0.0), "mass_ratio"),
        (lambda: mott_window(tolerance=1.0), "tolerance"),
    ],
)
def test_bad_arguments_are_named(call, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        call()
