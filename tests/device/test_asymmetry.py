from dataclasses import replace

import pytest

from ehbilayer.device import Device, asymmetry_at, plateau_asymmetry
from ehbilayer.errors import NotConverged


def test_asymmetry_is_that_of_the_critical_currents_and_odd_in_the_field():
    device = Device()
    found, mirrored = asymmetry_at(device, 5.0), asymmetry_at(replace(device, B=-device.B), 5.0)
    assert found.value == plateau_asymmetry(device.critical_currents(5.0)) and found.valid and not found.message
    assert mirrored.value == pytest.approx(-found.value, rel=1e-6)
    assert asymmetry_at(replace(device, B=0.0), 5.0).value == pytest.approx(0.0, abs=1e-9)
    assert asymmetry_at(replace(device, lam=0.0), 5.0).value == pytest.approx(0.0, abs=1e-9)


def test_validity_comes_along():
    """A second band is occupied where the Zeeman energies are small; above the transition there is no plateau."""
    found = asymmetry_at(Device(B=2.5, J=0.0), 5.0)
    assert not found.valid and "second band" in found.message and found.value is not None
    assert asymmetry_at(Device(), 11.0).value is None


def test_a_condensate_that_does_not_converge_is_told_and_not_raised(monkeypatch):
    def fail(self, T):
        raise NotConverged(f"no condensate at {T}")

    monkeypatch.setattr(Device, "critical_currents", fail)
    assert asymmetry_at(Device(), 2.0) == (None, False, "no condensate at 2.0")


def test_bad_input():
    with pytest.raises(TypeError, match="device"):
        asymmetry_at("device", 5.0)
    with pytest.raises(ValueError, match="T = 0"):
        asymmetry_at(Device(), 0.0)
