import math

import numpy as np
import pytest

from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients
from ehbilayer.drag.collision import DISTRIBUTIONS, CollisionIntegral

T = 60.0
PARABOLA = ParabolicLayer(mass=0.2, E_F=10, T=T)
HEAVY = ParabolicLayer(mass=0.4, E_F=6, T=T)
RASHBA = RashbaLayer(mass=0.2, E_F=10, T=T, lam=50, J=10, B=2.585)
GRID = {"d": 20, "eps_r": 5, "order": 4, "angles": 8}


@pytest.mark.parametrize("layer", [PARABOLA, HEAVY, RASHBA])
def test_layers_at_rest_in_one_moving_frame_feel_no_force(layer):
    """f_0(xi - w.k) in both layers makes the bracket vanish on the energy shell, for any band and any w."""
    integral = CollisionIntegral(layer, PARABOLA, **GRID)
    apart = integral.force(0.02, 0.0, "drifting", scale=300.0)
    assert abs(integral.force(0.02, 0.02, "drifting", scale=300.0)) < 1e-10 * abs(apart)
    assert apart > 0


def test_galilean_invariance_of_parabolic_layers():
    """Shifts m_i v: F(v, v) = 0 and F(2v, v) = F(v, 0), for unequal masses and at finite v."""
    integral = CollisionIntegral(HEAVY, PARABOLA, **GRID | {"order": 8, "angles": 16, "fineness": 0.6})
    v = 0.02
    moving = integral.force(2 * v, 0.0, "shifted")
    assert abs(integral.force(2 * v, v, "shifted")) < 1e-6 * moving
    assert integral.force(4 * v, v, "shifted") == pytest.approx(moving, rel=3e-4)
    # The linearised ansatz breaks it beyond first order.
    assert integral.force(4 * v, v, "linearised") != pytest.approx(moving, rel=1e-3)


def test_linear_coefficients_of_parabolic_layers():
    raw = CollisionIntegral(HEAVY, PARABOLA, **GRID).coefficients(0.01)
    c = drag_coefficients(T=T, m_e=0.4, E_F_e=6, lam=0)
    assert raw["rate_1"] == pytest.approx(1e-12 / c.tau_D1, rel=2e-3)
    assert raw["rate_2"] == pytest.approx(1e-12 / c.tau_D2, rel=2e-3)
    assert all(abs(raw[name]) < 1e-10 for name in ("K11", "K12", "K22"))


def test_no_force_at_rest_and_oddness():
    integral = CollisionIntegral(PARABOLA, PARABOLA, **GRID)
    forward, backward = (integral.force(u, 0.0) for u in (0.02, -0.02))
    assert abs(integral.force(0.0, 0.0)) < 1e-12 * forward
    assert forward == pytest.approx(-backward, rel=1e-10)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_distributions_agree_to_first_order(distribution):
    """All of them are the same perturbation to first order for a parabola."""
    integral = CollisionIntegral(PARABOLA, PARABOLA, **GRID)
    u = 1e-4
    assert integral.force(u, 0.0, distribution) == pytest.approx(integral.force(u, 0.0), rel=1e-3)


def test_onsager_symmetry_needs_the_velocity():
    """Momentum m v_x(k) gained by the Rashba layer from a drift of the parabolic one, against 1/tau_D1.

    gamma_12 = gamma_21; with k_x in place of the velocity the two differ.
    """
    c = drag_coefficients(T=T)
    electrons, holes = RashbaLayer(0.2, 10, T, lam=50, J=10, B=2.585), PARABOLA
    rates = _rates(electrons, holes)
    ours = 1e-12 / c.tau_D1
    assert rates["velocity"] == pytest.approx(ours, rel=3e-3)
    assert abs(rates["wave number"] / ours - 1) > 0.02


def _rates(electrons, holes):
    """Change of sum w_x(k1) and of sum k_x(k1) per hole and unit drift of the holes, by a plain sum in NumPy."""
    beta, c = 1 / electrons.thermal_energy, holes.curvature
    chi = electrons.compressibility, holes.compressibility
    from ehbilayer.drag.screening import interlayer_interaction
    from ehbilayer.units import HBAR

    h = electrons.spacing() * 0.9
    axis = h * np.arange(-math.ceil(electrons.reach(20) / h), math.ceil(electrons.reach(20) / h) + 1)
    kx, ky = np.meshgrid(axis, axis, indexing="ij")
    t = np.linspace(-holes.reach(20), holes.reach(20), 61)
    x, w = np.polynomial.legendre.leggauss(14)
    total = {"velocity": 0.0, "wave number": 0.0}
    for q, wq in zip(0.35 * (x + 1), 0.35 * w, strict=True):
        for phi in (np.arange(12) + 0.5) * np.pi / 12:
            cos, sin = math.cos(phi), math.sin(phi)
            u = interlayer_interaction(q, 20, 5, *chi)
            xi, after = (electrons.energy(kx + s * q * cos / 2, ky + s * q * sin / 2) for s in (1, -1))
            p = (xi - after) / (c * q)
            g1 = 1 / (4 * np.cosh(beta * xi / 2) * np.cosh(beta * after / 2))
            low, high = (0.5 * c * ((p[..., None] + s * q / 2) ** 2 + t**2) - holes.E_F for s in (-1, 1))
            g2 = (1 / (4 * np.cosh(beta * low / 2) * np.cosh(beta * high / 2))).sum(axis=-1) * (t[1] - t[0])
            common = 2 * np.pi / 12 * wq * q * u**2 * g1 * g2 / ((2 * np.pi) ** 6 * c * q) * h * h
            drift = beta * c * q * cos  # g2' - g2 per u2
            velocity = electrons.velocity(kx + q * cos / 2, ky + q * sin / 2) - electrons.velocity(
                kx - q * cos / 2, ky - q * sin / 2
            )
            total["velocity"] += np.sum(common * drift * velocity) * np.pi / HBAR
            total["wave number"] += np.sum(common * drift * q * cos) * np.pi / HBAR * c
    # Per hole; w beta is what a drift of the electrons contributes, c beta one of the holes.
    return {name: value / (holes.density * c) for name, value in total.items()}


@pytest.mark.slow
def test_monte_carlo():
    integral = CollisionIntegral(RASHBA, PARABOLA, **GRID | {"order": 6, "angles": 12})
    u = 0.03
    estimate = integral.monte_carlo(u, 0.0, samples=6_000_000, seed=1)
    forward, backward = (integral.force(sign * u, 0.0) for sign in (1, -1))
    odd, even = 0.5 * (forward - backward), 0.5 * (forward + backward)
    assert estimate.odd_error < 0.01 * odd
    assert abs(estimate.odd - odd) < 4 * estimate.odd_error + 0.01 * odd
    assert abs(estimate.even - even) < 4 * estimate.even_error


def test_monte_carlo_is_reproducible_and_its_error_shrinks():
    integral = CollisionIntegral(PARABOLA, PARABOLA, **GRID)
    few, again, other = (integral.monte_carlo(0.03, 0.0, samples=50_000, seed=s) for s in (3, 3, 4))
    assert few == again and few.odd != other.odd
    many = integral.monte_carlo(0.03, 0.0, samples=800_000, seed=3)
    assert 0.15 < many.odd_error / few.odd_error < 0.4
    exact = integral.force(0.03, 0.0)
    assert abs(many.odd - exact) < 4 * many.odd_error + 0.02 * exact


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: CollisionIntegral(PARABOLA, RASHBA, 20, 5), TypeError, "layer_2"),
        (lambda: CollisionIntegral(3, PARABOLA, 20, 5), TypeError, "layer_1 = 3"),
        (lambda: CollisionIntegral(ParabolicLayer(0.2, 10, 5), PARABOLA, 20, 5), ValueError, "temperature of layer 1"),
        (lambda: CollisionIntegral(PARABOLA, PARABOLA, -1, 5), ValueError, "d = -1"),
        (lambda: CollisionIntegral(PARABOLA, PARABOLA, 20, 5, fineness=2.0), ValueError, "fineness = 2.0"),
        (lambda: CollisionIntegral(PARABOLA, PARABOLA, 20, 5).force(0.1, np.nan), ValueError, "u2 = nan"),
        (
            lambda: CollisionIntegral(PARABOLA, PARABOLA, 20, 5).force(0.1, 0.0, "boosted"),
            ValueError,
            "distribution = 'boosted'",
        ),
        (
            lambda: CollisionIntegral(PARABOLA, PARABOLA, 20, 5).monte_carlo(0.1, 0.0, samples=3),
            ValueError,
            "samples = 3",
        ),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()
