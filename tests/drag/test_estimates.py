import math

import numpy as np
import pytest

from ehbilayer.drag import ParabolicLayer, drag_coefficients
from ehbilayer.drag.estimates import GALLIUM_ARSENIDE, other_drag, phonon_friction, phonon_interaction, third_order
from ehbilayer.drag.screening import bare_strength
from ehbilayer.units import HBAR

LAYER = ParabolicLayer(0.2, 10, 10)


def test_screened_interaction_by_matrices():
    """The change of (1 + V chi)^-1 V with a weak deformation potential."""
    q, omega, d, eps_r, chi = 0.08, 0.21, 15.0, 5.0, (4e-4, 6e-4)
    crystal = GALLIUM_ARSENIDE._replace(deformation=1e-2)
    bare = phonon_interaction(q, omega, d, eps_r, 0.0, 0.0, crystal)
    within = phonon_interaction(q, omega, 0.0, eps_r, 0.0, 0.0, crystal)
    V = bare_strength(eps_r) / q * np.array([[1, math.exp(-q * d)], [math.exp(-q * d), 1]], dtype=complex)

    def screened(W):
        return np.linalg.solve(np.eye(2) + W @ np.diag(chi), W)[0, 1]

    expected = screened(V + np.array([[within, bare], [bare, within]])) - screened(V)
    assert phonon_interaction(q, omega, d, eps_r, *chi, crystal) == pytest.approx(expected, rel=1e-4)


def test_interaction_is_the_sum_over_wave_vectors_across_the_layers():
    """Phonon propagator, by quadrature, less its contact part."""
    q, k, d = 0.1, 0.07, 12.0
    crystal = GALLIUM_ARSENIDE._replace(path=1e9)
    omega = HBAR * crystal.sound * k
    # int dz exp(i z d)/(2 pi (q^2 + z^2 - k^2)) = exp(-kappa d)/(2 kappa), half of it by the cosine rule
    z = np.linspace(0, 200, 2_000_001)
    values = np.cos(z * d) / (q**2 + z**2 - k**2)
    integral = (values.sum() - 0.5 * values[0]) * (z[1] - z[0]) / math.pi
    stiffness = 6.241509e3 * crystal.density * crystal.sound**2
    expected = -((1e3 * crystal.deformation) ** 2) / stiffness * k**2 * integral
    assert phonon_interaction(q, omega, d, 5.0, 0.0, 0.0, crystal).real == pytest.approx(expected, rel=1e-3)


def test_friction_falls_as_the_logarithm_of_the_spacing():
    """Bonsager et al. (1998): ln(l/d), while the phonons' mean free path is not too long."""
    crystal = GALLIUM_ARSENIDE._replace(path=100.0)
    near, middle, far = (phonon_friction(LAYER, LAYER, d=d, eps_r=5.0, crystal=crystal) for d in (50, 500, 5000))
    assert near - middle == pytest.approx(middle - far, rel=0.15)
    short, long = (
        phonon_friction(LAYER, LAYER, d=500, eps_r=5.0, crystal=crystal._replace(path=path)) for path in (10.0, 1000.0)
    )
    assert middle - short == pytest.approx(long - middle, rel=0.15)
    coarse, fine = (phonon_friction(LAYER, LAYER, d=50, eps_r=5.0, order=order) for order in (6, 12))
    assert coarse == pytest.approx(fine, rel=1e-4)


def test_friction_of_phonons_does_not_care_which_layer_drives():
    other = ParabolicLayer(0.3, 6, 10)
    forth, back = (phonon_friction(*pair, d=30, eps_r=5.0) for pair in ((LAYER, other), (other, LAYER)))
    assert forth * other.density == pytest.approx(back * LAYER.density, rel=1e-6)
    weak = phonon_friction(LAYER, other, d=30, eps_r=5.0, crystal=GALLIUM_ARSENIDE._replace(deformation=1.0))
    assert forth == pytest.approx(1e4 * weak, rel=1e-9)


def test_third_order_against_second():
    """The conductance of a layer by its mobility; clean layers have none of it."""
    c = drag_coefficients(lam=0, estimate_error=False)
    assert third_order(c.density_e, 0.2, 1e-9) < 1e-5 * c.resistivity
    sheet = 0.2 * 9.1093837e-31 / (c.density_e * 1e4 * 1.602176634e-19**2 * 1e-12)
    assert third_order(c.density_e, 0.2, 1e-12) == pytest.approx(sheet**3 / 25812.807**2, rel=1e-6)
    with pytest.raises(ValueError, match="tau = 0"):
        third_order(4e11, 0.2, 0.0)
    with pytest.raises(ValueError, match="order = 2"):
        phonon_friction(LAYER, LAYER, d=20, eps_r=5, order=2)


def test_shares_of_other_drag():
    c = drag_coefficients(lam=0, estimate_error=False)
    found = other_drag(LAYER, d=20, eps_r=5, tau=1e-11)
    assert found.third_order == pytest.approx(third_order(c.density_e, 0.2, 1e-11) / c.resistivity, rel=1e-4)
    phonons = phonon_friction(LAYER, LAYER, d=20, eps_r=5) * LAYER.curvature
    assert found.phonons == pytest.approx(1e12 * phonons * c.tau_D1, rel=1e-4)
    # sqrt(2 E_F/m) tau over the spacing
    velocity = (2 * 10e-3 * 1.602176634e-19 / (0.2 * 9.1093837e-31)) ** 0.5
    assert found.path == pytest.approx(velocity * 1e-11 / 20e-9, rel=1e-6)
