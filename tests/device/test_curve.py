import numpy as np
import pytest

from ehbilayer.device import Device
from ehbilayer.drag import drag_coefficients

COARSE = {"order": 5, "angles": 4, "estimate_error": False}


def test_curve_has_its_plateau_between_the_critical_currents():
    device = Device()
    low, high = device.critical_currents(5.0)
    assert low < 0 < high
    step = 1e-6
    zeta = device.drag_ratio(5.0, [low - step, low + step, 0.0, high - step, high + step], **COARSE)
    np.testing.assert_array_equal(zeta[1:4], -1.0)
    assert (zeta[[0, 4]] > -0.1).all() and (zeta[[0, 4]] < 0).all()
    result = device.condensate(5.0)
    assert (high + low) / (high - low) == pytest.approx(-result.efficiency, rel=1e-9)


def test_no_condensate_above_the_transition():
    device = Device()
    assert device.critical_currents(10.5) is None
    zeta = device.drag_ratio(10.5, np.array([-1.0, 0.0, 1.0]), **COARSE)
    assert (abs(zeta) < 0.1).all()


def test_reversed_field_mirrors_the_device():
    device, mirrored = Device(), Device(B=-10.0)
    low, high = device.critical_currents(5.0)
    assert mirrored.critical_currents(5.0) == pytest.approx((-high, -low), rel=1e-6)
    current = 2 * high
    assert mirrored.drag_ratio(5.0, -current, **COARSE) == pytest.approx(
        device.drag_ratio(5.0, current, **COARSE), rel=1e-6
    )


def test_condensate_and_drag_share_the_densities():
    device = Device()
    normal = device.normal_state(device.T_c, **COARSE)
    assert normal.density_e == pytest.approx(normal.density_h, rel=1e-4)
    assert normal.parameters["E_F_h"] == device.E_F
    assert normal.tau_D1 == drag_coefficients(**normal.parameters, **COARSE).tau_D1


def test_drag_at_finite_drift():
    """Tends to the linear ratio and is nonreciprocal as the expansion of the shifted ansatz says."""
    device = Device(width=2.0)
    normal = device.normal_state(10.5, ansatz="shifted", **COARSE)
    small = device.finite_drift_ratio(10.5, np.array([[-0.4, 0.4]]), order=5, angles=4)
    assert small.shape == (1, 2)
    assert small.mean() == pytest.approx(normal.drag_ratio(device.tau_2), rel=2e-3)
    strong = device.finite_drift_ratio(10.5, [-6.0, 6.0], order=5, angles=4)
    assert (strong[1] - strong[0]) / strong.sum() == pytest.approx(normal.nonreciprocity(device.tau_2, 3.0), rel=0.1)
    with pytest.raises(ValueError, match="current = 0"):
        device.finite_drift_ratio(10.5, 0.0)


def test_parabolic_twin():
    device = Device()
    normal, twin = device.normal_state(8.0, **COARSE), device.parabolic_twin(8.0)
    assert twin.density_e == pytest.approx(normal.density_e, rel=1e-9) and twin.mass_e == pytest.approx(
        normal.mass_e, rel=1e-9
    )
    assert twin.density_h == normal.density_h and twin.K11 == 0.0
    assert twin.tau_D1 == pytest.approx(normal.tau_D1, rel=0.3)


def test_current_scales_with_the_width():
    assert Device(width=3.0).critical_currents(5.0) == pytest.approx(
        tuple(3 * x for x in Device().critical_currents(5.0))
    )


def test_load_in_the_drag_circuit():
    """Kirchhoff: friction with a resistance in series with the layer's own, and a shunted condensate."""
    device, T, load = Device(), 10.5, 3.0
    normal = device.normal_state(T, **COARSE)
    own = 0.2 * 9.1093837e-31 / (normal.density_h * 1e4 * 1.602176634e-19**2 * device.tau_2)
    rub = normal.resistivity * normal.density_e / normal.density_h * normal.tau_D1 / normal.tau_D2
    rub *= normal.mass_h / normal.mass_e
    expected = -normal.resistivity / (own + load + rub)
    assert device.drag_ratio(T, 0.0, load=load, **COARSE) == pytest.approx(expected, rel=1e-6)
    assert device.drag_ratio(5.0, 0.1, load=load) == -1.0
    assert device.drag_ratio(5.0, 0.1, load=load, conductance=0.2) == pytest.approx(-1 / 1.6, rel=1e-12)


def test_diffuse_walls_cap_the_relaxation_time():
    wide, narrow = (Device(width=width).with_diffuse_walls() for width in (1e5, 0.01))
    assert wide.tau_2 == pytest.approx(1e-9, rel=2e-3)
    # W/v_F with v_F = sqrt(2 E_F/m)
    velocity = (2 * 10e-3 * 1.602176634e-19 / (0.2 * 9.1093837e-31)) ** 0.5
    assert narrow.tau_2 == pytest.approx(1e-8 / velocity, rel=1e-3)
    small = Device().with_diffuse_walls()
    ratios = [device.drag_ratio(10.5, 0.0, **COARSE) for device in (small, Device())]
    assert ratios[0] / ratios[1] == pytest.approx(small.tau_2 / Device().tau_2, rel=0.02)


@pytest.mark.parametrize(
    ("kw", "message"), [({"T_c": 0}, "T_c = 0"), ({"d": -1}, "d = -1"), ({"lam": np.nan}, "lam = nan")]
)
def test_bad_input(kw, message):
    with pytest.raises(ValueError, match=message):
        Device(**kw)
