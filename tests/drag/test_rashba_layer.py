import numpy as np
import pytest

from ehbilayer.drag import ParabolicLayer, RashbaLayer
from ehbilayer.drag.rashba_layer import overlap


def test_densities():
    hot = ParabolicLayer(mass=0.2, E_F=10, T=100)
    step = 1e-4
    slope = (ParabolicLayer(0.2, 10 + step, 100).density - ParabolicLayer(0.2, 10 - step, 100).density) / (2 * step)
    assert hot.compressibility == pytest.approx(slope, rel=1e-8)
    rashba = RashbaLayer(0.2, 10, 100, lam=50, J=10, B=2.585)
    slope = (
        RashbaLayer(0.2, 10 + step, 100, lam=50, J=10, B=2.585).density
        - RashbaLayer(0.2, 10 - step, 100, lam=50, J=10, B=2.585).density
    ) / (2 * step)
    assert rashba.compressibility == pytest.approx(slope, rel=1e-6)
    plain = RashbaLayer(0.2, 10, 100, lam=0.0, J=10, B=2.585)
    for name in ("density", "compressibility", "average_mass"):
        assert getattr(plain, name) == pytest.approx(getattr(hot, name), rel=1e-9)


@pytest.mark.parametrize(("J", "B"), [(10, 2.585), (0.0, 0.0), (1.0, 0.3), (10, -4.0), (0.0, 3.0)])
def test_minimum_and_derivatives_of_the_band(J, B):
    layer = RashbaLayer(0.2, 10, 10, lam=50, J=J, B=B)
    axis = np.linspace(-0.5, 0.5, 401)
    kx, ky = np.meshgrid(axis, axis, indexing="ij")
    lowest = layer.energy(kx, ky).min() + layer.E_F
    assert 0 <= lowest < 0.02
    assert layer.energy(layer.minimum[0], 0.0) == pytest.approx(-10, abs=1e-10)
    k, step = np.array([0.13, -0.21, 0.4]), 1e-5
    numerical = (layer.energy(k + step, 0.05) - layer.energy(k - step, 0.05)) / (2 * step)
    np.testing.assert_allclose(layer.velocity(k, 0.05), numerical, rtol=1e-7)
    bend = layer.derivatives(k, 0.05)[2]
    np.testing.assert_allclose(
        bend, (layer.velocity(k + step, 0.05) - layer.velocity(k - step, 0.05)) / (2 * step), rtol=1e-6
    )


def test_overlap_of_spinors():
    """Against eigenvectors of the two-by-two Hamiltonian whose lower band is -|(lam k_x + B, lam k_y, J)|."""
    layer = RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585)

    def spinor(kx, ky):
        x, y, z = 50 * kx + 2.585, 50 * ky, 10
        return np.linalg.eigh(-np.array([[z, x - 1j * y], [x + 1j * y, -z]]))[1][:, 0]

    for a, b in (((0.1, 0.2), (-0.3, 0.05)), ((0.0, 0.0), (0.4, 0.0))):
        assert overlap(layer.band, *a, *b) == pytest.approx(abs(np.vdot(spinor(*a), spinor(*b))) ** 2, rel=1e-12)


def test_density_below_the_band_edge():
    layer = RashbaLayer(0.2, -2.0, 10, lam=50, J=10, B=2.585)
    again = RashbaLayer.from_density(0.2, layer.density, 10, lam=50, J=10, B=2.585)
    assert pytest.approx(-2.0, rel=1e-8) == again.E_F
    # Boltzmann: the density is its derivative over k_B T.
    thin = RashbaLayer(0.2, -6.5, 10, lam=50, J=10, B=2.585)
    assert thin.density == pytest.approx(thin.compressibility * thin.thermal_energy, rel=1e-3)
    with pytest.raises(ValueError, match="density = 1e-09"):
        RashbaLayer.from_density(0.2, 1e-9, 10, lam=50, J=10, B=2.585)


def test_energy_and_velocity_are_the_first_of_the_derivatives():
    layer = RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585)
    kx, ky = np.linspace(-0.6, 0.5, 23)[:, None], np.linspace(-0.4, 0.4, 9)
    energy, velocity = layer.derivatives(kx, ky)[:2]
    np.testing.assert_allclose(layer.energy(kx, ky), energy, rtol=1e-13, atol=1e-12)
    np.testing.assert_allclose(layer.velocity(kx, ky), velocity, rtol=1e-13, atol=1e-12)
    assert layer.velocity(0.1, 0.2).shape == ()
