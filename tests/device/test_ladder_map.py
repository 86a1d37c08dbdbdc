import numpy as np
import pytest

from ehbilayer.device import Device, device_ladder, ladder_map

T = 25.0


def test_pairing_prefers_matched_densities_and_a_second_band_ends_the_validity():
    found = ladder_map(Device(), T, [4e11, 2.4e12], [0.4, 1.0, 2.5])
    margin = found.margin.values
    assert (margin[:, 1] < np.minimum(margin[:, 0], margin[:, 2])).all()
    assert found.second_band.values[:, 0].tolist() == [False, True]
    assert found.valid[0].any() and not found.valid[1].any()
    assert float(found.density_h[1, 2]) == pytest.approx(6e12)
    # Without spin-orbit coupling the bands are apart by twice the Zeeman energy, here 10 meV.
    plain = ladder_map(Device(lam=0.0, J=3.0, B=4.0), T, [4e11, 9e11], [1.0])
    assert plain.second_band.values[:, 0].tolist() == [False, True]


def test_map_holds_the_linear_drag_and_its_odd_part():
    ladder = device_ladder(Device(), T, order=4, angles=4)
    electrons, holes = ladder.electrons.density, ladder.holes.density
    here = ladder_map(Device(), T, [1e14 * electrons], [holes / electrons]).isel(density=0, imbalance=0)
    linear = ladder.drag(1e-9)
    assert float(here.margin) == pytest.approx(linear.margin, abs=1e-6)
    assert float(here.tau_D2) == pytest.approx(linear.tau_D2, rel=0.02)
    assert float(here.broadening) == pytest.approx(linear.broadening, rel=0.02)
    ratios = [ladder.drag(1e-15, sign * 2.0).ratio for sign in (1, -1)]
    assert float(here.odd) == pytest.approx((ratios[0] - ratios[1]) / (ratios[0] + ratios[1]), rel=0.03)


def test_map_of_a_parabolic_device_has_no_odd_part_and_obeys_action_and_reaction():
    few, many = 2e11, 5e11
    plain = ladder_map(Device(lam=0.0), T, [few, many], [few / many, many / few])
    assert abs(plain.odd).max() < 1e-6
    more_holes, less_holes = plain.isel(density=0, imbalance=1), plain.isel(density=1, imbalance=0)
    assert float(more_holes.margin) == pytest.approx(float(less_holes.margin), abs=1e-5)
    forces = [float(x.density_h / x.tau_D2) for x in (more_holes, less_holes)]
    assert forces[0] == pytest.approx(forces[1], rel=0.02)


def test_unstable_layers_have_no_drag():
    found = ladder_map(Device(), 5.0, [4.2e11], [1.0])
    assert found.margin < 0 and np.isnan(found.tau_D2) and not found.valid
