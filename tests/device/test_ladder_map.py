import numpy as np
import pytest

from ehbilayer.device import Device, device_ladder, ladder_map

T = 25.0


@pytest.fixture(scope="module")
def found():
    return ladder_map(Device(), T, [1.5e11, 4e11, 2.4e12])


def test_pairing_prefers_matched_densities(found):
    margin = found.margin.values
    assert margin[1, 1] < min(margin[0, 1], margin[1, 0])


def test_map_holds_the_linear_drag_and_its_odd_part(found):
    device = Device(tau_2=1e-15)
    ladder = device_ladder(device, T, order=4, angles=4)
    density = ladder.electrons.density * 1e14, ladder.holes.density * 1e14
    point = ladder_map(device, T, sorted(density)) if density[0] != density[1] else None
    assert point is not None
    here = point.sel(density_e=density[0], density_h=density[1])
    assert float(here.tau_D2) == pytest.approx(ladder.drag(1e-9).tau_D2, rel=0.02)
    ratios = [ladder.drag(1e-15, sign * 2.0).ratio for sign in (1, -1)]
    odd = (ratios[0] - ratios[1]) / (ratios[0] + ratios[1])
    assert float(here.odd) == pytest.approx(odd, rel=0.02)


def test_map_of_a_parabolic_device_has_no_odd_part_and_is_symmetric():
    plain = ladder_map(Device(lam=0.0), T, [2e11, 5e11])
    assert abs(plain.odd).max() < 1e-6
    assert float(plain.margin[0, 1]) == pytest.approx(float(plain.margin[1, 0]), abs=1e-5)
    # Action and reaction, per area.
    rates = np.array([2.0, 5.0]) / plain.tau_D2.values
    assert rates[0, 1] == pytest.approx(rates[1, 0], rel=0.02)


def test_second_band_ends_the_validity(found):
    assert found.second_band.values[:, 0].tolist() == [False, False, True]
    assert not found.valid.values[2].any()
    # Without spin-orbit coupling the bands are apart by twice the Zeeman energy, here 10 meV.
    plain = ladder_map(Device(lam=0.0, J=3.0, B=4.0), T, [4e11, 9e11])
    assert plain.second_band.values[:, 0].tolist() == [False, True]
