import math

import numpy as np
import pytest
from scipy.constants import physical_constants
from scipy.optimize import brentq
from scipy.special import zeta

from ehbilayer.device import Device, device_ladder, ladder_curve, ladder_drag
from ehbilayer.diode.exciton_coupling import critical_temperature, disk_average
from ehbilayer.drag import ParabolicLayer
from ehbilayer.units import K_B

QUICK = dict(order=4, angles=4)


def test_coupling_is_that_of_the_condensate():
    device = Device(T_c=8.0, J=6.0)
    assert abs(device_ladder(device, 8.0, **QUICK).instability()[0]) < 1e-5
    assert device.critical_currents(7.9) is not None and device.critical_currents(8.1) is None


def test_curve_is_perfect_inside_the_critical_currents_and_frictional_outside():
    device = Device(tau_2=1e-14)
    low, high = device.critical_currents(9.5)
    curve = ladder_curve(device, 9.5, [2 * low, 0.9 * low, 0.9 * high, 10.0], **QUICK)
    assert curve[1:3].tolist() == [-1.0, -1.0] and np.isnan(curve[0]) and -0.5 < curve[3] < 0
    (found,) = ladder_drag(device, 9.5, [10.0], **QUICK)
    assert curve[3] == found.ratio


def test_width_scales_the_current():
    (one,) = ladder_drag(Device(tau_2=1e-12), 12.0, [3.0], **QUICK)
    (two,) = ladder_drag(Device(tau_2=1e-12, width=2.0), 12.0, [6.0], **QUICK)
    assert one.ratio == pytest.approx(two.ratio, rel=1e-9)


def parabolas(d, T_c):
    """Two equal parabolas that far apart (nm) at 12 K, with that transition temperature (K)."""
    return device_ladder(Device(lam=0.0, J=0.0, B=0.0, d=d, T_c=T_c), 12.0, order=14, angles=2)


def test_spacing_enters_the_ladder_through_the_transition_temperature():
    assert parabolas(20.0, 10.0).friction() == parabolas(40.0, 10.0).friction()
    # T_c(d) of the interaction averaged over the disk of momentum transfers.
    layer, bohr = ParabolicLayer(0.2, 10.0, 12.0), 1e9 * physical_constants["Bohr radius"][0] * 5.0 / 0.2
    k_F = layer.fermi_wave_number * bohr

    def transition(d):
        return critical_temperature(disk_average(d / bohr, k_F), k_F) * 10.0 / K_B

    # ln(T/T_c(d)), the last ones at spacings so close to that of T_c(d) = T that the friction is pi/(8 xi^2) of it.
    distances = np.array([1.0, 0.1, 3e-3, 1e-3])
    spacings = [brentq(lambda d, x=x: math.log(12.0 / transition(d)) - x, 10.0, 60.0) for x in distances]
    ladders = [parabolas(d, transition(d)) for d in spacings]
    assert [x.instability()[0] for x in ladders] == pytest.approx(distances, abs=2e-5)
    friction = np.array([x.friction() for x in ladders])
    speed = layer.curvature * layer.fermi_wave_number
    length = 7 * zeta(3) / (32 * math.pi**2) * (speed / layer.thermal_energy) ** 2
    slope = (friction[3] - friction[2]) / math.log(distances[2] / distances[3])
    assert slope == pytest.approx(math.pi / (8 * length), rel=0.05)
    assert (np.diff(friction) > 0).all() and (np.diff(spacings) < 0).all()
