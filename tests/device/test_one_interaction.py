import numpy as np
import pytest

from ehbilayer.device import Device, device_ladder, ladder_curve, ladder_drag

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
