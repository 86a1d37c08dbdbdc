"""Adaptive cells against a product grid, their convergence, and both halves of the circle."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.diode.bands import Bands, isolated_bands
from ehbilayer.diode.momentum_cells import MomentumCells
from ehbilayer.diode.momentum_grid import Resolution, momentum_grid

P2 = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
STRONG = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=12.0)
BOTH = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal", lam_h=0.7)
FINEST = Resolution(panel=2.0, order=24, angle_factor=2.0)


def integrands(xi, delta, T, x):
    """K, and the occupations of electrons and holes, at Delta^2 = x."""
    E = np.sqrt(xi**2 + x)
    plus, minus = ((1 - np.tanh((E + s * delta) / (2 * T))) / 2 for s in (1, -1))
    common = np.where(xi > 0, x / (E * (E + np.abs(xi))), 1 - xi / E) + xi / E * (plus + minus)
    return (1 - plus - minus) / (2 * E), (common - minus + plus) / 2, (common + minus - plus) / 2


def velocities(bands, k_x, k_y, layer):
    lam = bands.band(layer).lam
    root = np.sqrt((lam * k_x + bands.B) ** 2 + (lam * k_y) ** 2 + bands.J**2)
    return k_x - lam * (lam * k_x + bands.B) / root, k_y - lam**2 * k_y / root


def cell_sums(nodes, T, x):
    weight, counter, xi, delta, *v = nodes.table
    K, n_e, n_h = integrands(xi, delta, T, x)
    return np.array([weight @ (K - counter) - nodes.log_start, weight @ (n_e * v[0]), weight @ (n_h * v[2])])


def product_sums(bands, q, T, x):
    """The same on Gauss-Legendre panels in p^2 times uniform angles around the whole circle."""
    grid = momentum_grid(bands, T, q[0], q[1], FINEST)
    cosine, sine = grid.full_circle()
    p_x, p_y = grid.p[:, None] * cosine, grid.p[:, None] * sine
    xi_e, xi_h = bands.electron(p_x + q[0], p_y + q[1]), bands.hole(-p_x, -p_y)
    K, n_e, n_h = integrands((xi_e + xi_h) / 2, (xi_e - xi_h) / 2, T, x)
    v_e, v_h = velocities(bands, p_x + q[0], p_y + q[1], "e")[0], velocities(bands, -p_x, -p_y, "h")[0]
    weights = grid.weights / cosine.size
    sums = [weights @ f.sum(axis=1) for f in (K - grid.counter[:, None], n_e * v_e, n_h * v_h)]
    return np.array(sums) - [grid.log_start, 0, 0]


@pytest.mark.parametrize(
    "bands, q, T, delta",
    [
        (P2, (0.6, 0.0), 0.9, 0.8),
        (P2, (0.75, 0.0), 0.1, 1.2),
        (P2, (0.25, 0.0), 0.05, 1.8),
        (STRONG, (2.2, 0.0), 0.1, 1.8),
        (STRONG, (1.1, 0.3), 0.2, 1.2),
        (BOTH, (0.5, 0.0), 0.3, 1.5),
        (P2, (0.3, 0.0), 0.2, 0.05),
    ],
)
def test_cells_agree_with_a_product_grid(bands, q, T, delta):
    x = delta**2
    reference = product_sums(bands, q, T, x)
    assert np.abs(reference).min() > 1e-5
    errors = []
    for tolerance in (1e-4, 1e-8, 1e-12):
        nodes = MomentumCells(bands).nodes(q, T, [x], tolerance)
        errors.append(np.abs(cell_sums(nodes, T, x) - reference).max())
    assert errors[0] > 1e-9 and errors[1] < 2e-6 and errors[2] < 2e-10
    # Fewer nodes than the product grid at low temperature.
    if T <= 0.1:
        grid = momentum_grid(bands, T, q[0], q[1], FINEST)
        assert nodes.table.shape[1] < 0.4 * grid.p.size * grid.angles


def test_cells_fine_enough_to_find_the_first_pocket():
    # E - abs(delta) just touches zero somewhere: a small pocket at low temperature, which loose cells must not miss.
    worst = 0.0
    for q in np.linspace(1.9, 2.3, 9):
        found, reference = (
            cell_sums(MomentumCells(STRONG).nodes((q, 0.0), 0.03, [3.4], t), 0.03, 3.4) for t in (1e-6, 1e-13)
        )
        worst = max(worst, np.abs(found - reference).max())
    assert worst < 1e-5


def test_half_and_whole_circle():
    half, whole = (MomentumCells(STRONG).nodes((1.9, q_y), 0.3, [2.0], 1e-13) for q_y in (0.0, 1e-14))
    assert half.half and not whole.half and whole.table.shape[1] > 1.5 * half.table.shape[1]
    np.testing.assert_allclose(cell_sums(half, 0.3, 2.0), cell_sums(whole, 0.3, 2.0), atol=1e-11)


def test_cells_made_for_several_order_parameters_serve_all():
    cells = MomentumCells(STRONG)
    shared = cells.nodes((2.1, 0.0), 0.1, [0.0, 1.0, 4.0], 1e-9)
    for x in (0.0, 1.0, 4.0):
        own = cells.nodes((2.1, 0.0), 0.1, [x], 1e-13)
        found, reference = (cell_sums(n, 0.1, max(x, 1e-14)) for n in (shared, own))
        np.testing.assert_allclose(found, reference, atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(
    E_F=st.floats(3, 20),
    lam=st.floats(-2, 2),
    J=st.floats(1, 20),
    B=st.floats(-8, 8),
    q=st.floats(-3, 3),
    T=st.floats(0.03, 1.1),
    delta=st.floats(0.0, 2.5),
)
def test_tolerance_bounds_the_change(E_F, lam, J, B, q, T, delta):
    bands = isolated_bands(E_F=E_F, lam=lam, J=J, B=B, convention="literal")
    x = delta**2 + 1e-12
    found, reference = (cell_sums(MomentumCells(bands).nodes((q, 0.0), T, [x], t), T, x) for t in (1e-8, 1e-11))
    assert np.abs(found - reference).max() < 1e-4


def test_first_cells_know_where_the_band_bends_sharply():
    """With a small J all spins turn round within J/lambda of lambda k = -B: cells that met it by chance missed 3e-4."""
    bands = isolated_bands(E_F=7.0, lam=2.0, J=1.0, B=6.0, convention="literal")
    sums = [cell_sums(MomentumCells(bands).nodes((1.0, 0.0), 0.25, [1e-12], t), 0.25, 1e-12) for t in (1e-7, 1e-12)]
    assert np.abs(sums[0] - sums[1]).max() < 1e-6


def test_no_fermi_contour_and_no_spin_orbit_coupling():
    empty = Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=1.0, mu_e=-3.0, mu_h=-3.0)
    nodes = MomentumCells(empty).nodes((0.0, 0.0), 0.5, [0.25], 1e-12)
    reference = product_sums(empty, (0.0, 0.0), 0.5, 0.25)
    np.testing.assert_allclose(cell_sums(nodes, 0.5, 0.25), reference, atol=1e-10)


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        (((0.0, 0.0), 0.0, [1.0], 1e-6), ValueError, "^T = 0.0"),
        (((0.0, 0.0), 0.5, [-1.0], 1e-6), ValueError, "^squares"),
        (((0.0, 0.0), 0.5, [1.0], 0.0), ValueError, "^tolerance = 0.0"),
        (((0.0, 0.0), 0.5, [1.0], 1e-6, 2), ValueError, "^order = 2"),
        (((0.0, 0.0), 0.001, [1.0], 1e-6), ValueError, "^T = 0.001 .* T >= 0.01"),
        (((2.0, 0.0), 0.5, [1.0], 1e-40), RuntimeError, "cells do not resolve T = 0.5"),
    ],
)
def test_bad_input_is_named(arguments, error, message):
    with pytest.raises(error, match=message):
        MomentumCells(STRONG).nodes(*arguments)
