import numpy as np
import pytest

from ehbilayer.drag import RashbaLayer, drag_coefficients
from ehbilayer.drag.drifting_response import drifting_response
from ehbilayer.drag.nonlinear import make_grid
from ehbilayer.model.layers import ParabolicLayer

T = 30.0
HOLES = ParabolicLayer(0.2, 10, T)
KW = {"T": T, "screening": "static-rpa", "estimate_error": False}


def grid_of(electrons, spacing=1.0):
    return make_grid(electrons, HOLES, d=20.0, order=4, angles=3, spacing=spacing * electrons.spacing())


def broadened(layer, q, phi, occupation, eta):
    """Re chi by brute force, with a Lorentzian's principal value, linear in its width."""
    h = 0.25 * eta / (layer.curvature * q)
    axis = np.arange(-layer.reach(20.0), layer.reach(20.0), min(h, 0.01))
    kx, ky = np.meshgrid(axis, axis, indexing="ij")
    x, y = 0.5 * q * np.cos(phi), 0.5 * q * np.sin(phi)
    omega = layer.energy(kx + x, ky + y) - layer.energy(kx - x, ky - y)
    change = occupation(kx - x, ky - y) - occupation(kx + x, ky + y)
    return np.sum(change * omega / (omega**2 + eta**2)) * ((axis[1] - axis[0]) / (2 * np.pi)) ** 2


@pytest.mark.parametrize("name", ["shifted", "drifting"])
def test_against_finite_drifts_by_brute_force(name):
    """Distributions at a small finite drift, and the principal value by broadening."""
    layer, u = RashbaLayer(0.2, 10, T, lam=50, J=10, B=2.585), 2e-3
    slope, centre = layer.tilt

    def moved(sign):
        def f(kx, ky):
            if name == "shifted":
                xi = layer.energy(kx - sign * u, ky)
            else:
                xi = layer.energy(kx, ky) - sign * u * slope * (kx - centre)
            return 0.5 * (1 - np.tanh(xi / (2 * layer.thermal_energy)))

        return f

    grid = grid_of(layer)
    values = drifting_response(layer, grid, layer.tilt if name == "drifting" else (0.0, 0.0))
    for i, j in ((11, 0), (13, 2)):
        place = layer, grid.panels.nodes[i], grid.directions[j]
        wide, narrow = (
            (broadened(*place, moved(1), eta) - broadened(*place, moved(-1), eta)) / (2 * u) for eta in (0.8, 0.4)
        )
        assert values[i, j] == pytest.approx(2 * narrow - wide, abs=0.03 * abs(values).max())


def test_parabolas_and_fields_of_either_sign():
    """A moving parabola keeps the real part of its response; a reversed field reverses the change."""
    layers = [
        RashbaLayer(0.2, 10, T, lam=lam, J=10, B=B) for lam, B in ((1e-6, 2.585), (50, 2.585), (50, -2.585), (50, 0.0))
    ]
    flat, forward, backward, even = (drifting_response(layer, grid_of(layer)) for layer in layers)
    assert abs(flat).max() < 1e-6 * abs(forward).max() and abs(even).max() < 1e-6 * abs(forward).max()
    np.testing.assert_allclose(backward, -forward, atol=1e-6 * abs(forward).max())


def test_default_grid_resolves_the_principal_value():
    layer = RashbaLayer(0.2, 10, T, lam=50, J=10, B=2.585)
    rough, fine = (drifting_response(layer, grid_of(layer, factor), layer.tilt) for factor in (0.7, 0.5))
    np.testing.assert_allclose(rough, fine, atol=1e-2 * abs(fine).max())


def test_layers_in_one_moving_frame_feel_no_force():
    """Whatever the drift does to the screening: the force of two drifting equilibria vanishes at every momentum."""
    plain, c = (drag_coefficients(**KW, ansatz="drifting", screen_drifts=drifts) for drifts in (False, True))
    assert abs(c.K11 / plain.K11 - 1) > 0.1
    u1, u2 = c.mass_e, c.mass_h
    total = c.K11 * u1**2 + c.K12 * u1 * u2 + c.K22 * u2**2
    assert abs(total) < 1e-5 * max(abs(c.K11) * u1**2, abs(c.K12) * u1 * u2)


def test_first_order_and_parabolas_do_not_change():
    plain, c = (drag_coefficients(**KW, screen_drifts=drifts) for drifts in (False, True))
    assert (c.tau_D1, c.tau_D2, c.K22) == (plain.tau_D1, plain.tau_D2, plain.K22)
    # The same drift softens the interaction whichever layer's friction it carries.
    assert (c.K11 - plain.K11) * (c.K12 - plain.K12) < 0
    flat = drag_coefficients(**KW, lam=0, screen_drifts=True)
    assert flat.K11 == flat.K12 == 0.0


@pytest.mark.parametrize("options", [{"screening": "thomas-fermi"}, {"overlap": True}])
def test_other_screening_is_refused(options):
    with pytest.raises(ValueError, match="screen_drifts = True"):
        drag_coefficients(**KW | options, screen_drifts=True)
    with pytest.raises(TypeError, match="screen_drifts"):
        drag_coefficients(**KW, screen_drifts=1)
