import numpy as np
import pytest

from ehbilayer.drag import drag_coefficients
from ehbilayer.drag.local_field import LOCAL_FIELDS, LocalField, monte_carlo
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.model.quantum_liquid import correlated_liquid_energy


def test_limits_of_the_monte_carlo_field():
    """At short waves no two polarised carriers meet, and free ones of two spins half as often as without the others."""
    bohr = 10.0
    assert monte_carlo(1e5, 4e-3, 1, bohr=bohr) == pytest.approx(1.0, rel=1e-6)
    assert monte_carlo(1e7, 10.0, 2, bohr=bohr) == pytest.approx(0.5, abs=0.02)
    assert monte_carlo(1e3, 1e-6, 2, bohr=bohr) == pytest.approx(1.0, abs=0.01)
    # Where the gas is dense exchange alone is left: 2/(pi k_F) for one spin, half of that for two.
    for g in (1, 2):
        k_F, q = np.sqrt(4 * np.pi * 1.0), 1e-6
        assert monte_carlo(q, 1.0, g, bohr=bohr) / q == pytest.approx(2 / (np.pi * g * k_F), rel=0.02)


def test_compressibility_of_a_layer_with_the_field():
    """1/chi + V G at long waves is the second derivative of the energy."""
    r_s, h, bohr = 3.0, 1e-3, 10.0

    def density_energy(n):
        return n * correlated_liquid_energy(1 / np.sqrt(np.pi * n), 1.0)

    n = 1 / (np.pi * r_s**2)
    second = (density_energy(n * (1 + h)) - 2 * density_energy(n) + density_energy(n * (1 - h))) / (n * h) ** 2
    slope = monte_carlo(1e-6, n / bohr**2, 1, bohr=bohr) / (1e-6 * bohr)
    # In hartree and Bohr radii: 1/chi is 2 pi, V G is 2 pi times the slope.
    assert second == pytest.approx(2 * np.pi * (1 - slope), rel=1e-3)


def test_local_fields_shorten_the_drag_time_in_order():
    """Polarised carriers: exchange and correlation together keep carriers apart less than the exchange hole says."""
    for d in (10, 20):
        times = [drag_coefficients(lam=0, d=d, local_field=name, estimate_error=False).tau_D1 for name in LOCAL_FIELDS]
        assert times[1] < times[2] < times[0]


def test_field_is_that_of_all_species():
    """The permittivity that stands for several species in the sums must not change r_s."""
    layer = ParabolicLayer(0.067, 5, 2)
    c = [
        drag_coefficients(
            lam=0, T=2, E_F_e=5, E_F_h=5, m_e=0.067, m_h=0.067, eps_r=12.9, degeneracy=2, local_field=name
        )
        for name in ("none", "monte-carlo")
    ]
    assert c[1].tau_D1 < c[0].tau_D1
    q = np.array([0.02, 0.05])
    bohr = 0.0529177 * 12.9 / 0.067
    expected = monte_carlo(q, layer.density, 2, bohr=bohr)
    np.testing.assert_allclose(LocalField("monte-carlo", 2).of(layer, q, 12.9), expected, rtol=1e-5)
    with pytest.raises(ValueError, match="more than two species"):
        drag_coefficients(lam=0, local_field="monte-carlo", degeneracy=3)
    with pytest.raises(ValueError, match="r_s from 0.01 to 100"):
        monte_carlo(0.1, 1e-12, 1, bohr=1.0)
