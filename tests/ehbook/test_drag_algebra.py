"""The symbolic steps against numbers that come from elsewhere."""

import numpy as np
import pytest
import sympy as sp

from ehbilayer.drag import drag_coefficients
from ehbilayer.drag.printed import bracket, expanded_bracket, printed_cross_term
from ehbook import drag_algebra
from ehbook.drag_algebra import Residue

RNG = np.random.default_rng(3)


def test_what_holds_is_read_from_what_is_left_over():
    x = sp.Symbol("x")
    assert Residue(sp.Integer(0), x).holds == {"printed": False, "corrected": True}
    assert Residue(x, sp.Integer(0)).holds == {"printed": True, "corrected": False}
    assert Residue(sp.Integer(0)).holds == {"printed": False, "corrected": True}


def test_every_corrected_step_leaves_nothing_and_every_erratum_something():
    balance = drag_algebra.force_balance()
    steps = [drag_algebra.exchange(), drag_algebra.occupation(), drag_algebra.momentum_loss()]
    steps += [*drag_algebra.on_the_shell().values(), *drag_algebra.second_order().values()]
    steps += [balance.linear, balance.second, balance.solved]
    assert all(step.corrected == 0 for step in steps)
    assert sum(step.printed is not None for step in steps) == 4
    assert not any(step.holds["printed"] for step in steps)


def test_the_exchange_in_numbers():
    a, b, c, e = RNG.random(4)
    assert bracket(a, b, c, e) == pytest.approx(-bracket(b, a, e, c), rel=1e-12)


def test_the_left_over_of_eq_34_in_numbers():
    printed = drag_algebra.occupation().printed
    value = float(printed.subs({symbol: {"xi": 0.7, "beta": 1.3}[symbol.name] for symbol in printed.free_symbols}))
    step = 1e-6
    low, here, high = 1 / (1 + np.exp(1.3 * (0.7 + step * np.array([-1, 0, 1]))))
    assert value == pytest.approx((high - low) / (2 * step) + 1.3 * here**2, rel=1e-6)


def test_the_left_over_of_the_cross_term_in_numbers():
    """Second differences of the bracket with both drifts, without those of one drift alone."""
    f, g = RNG.random(4), RNG.normal(size=4)
    still_1, still_2 = g * [0, 0, 1, 1], g * [1, 1, 0, 0]

    def curvature(drifts, step=1e-3):
        there, back = (expanded_bracket(*f, *(sign * step * drifts)) for sign in (1, -1))
        return (there + back) / (2 * step**2)

    cross = curvature(g) - curvature(still_1) - curvature(still_2)
    printed = drag_algebra.second_order()["12"].printed
    names = [f"{letter}_{place}" for letter in "fg" for place in ("1", "{1'}", "2", "{2'}")]
    values = dict(zip(names, (*f, *g), strict=True))
    left = float(printed.subs({symbol: values[symbol.name] for symbol in printed.free_symbols}))
    assert abs(left) > 1e-2
    assert printed_cross_term(*f, *g) - cross == pytest.approx(left, abs=1e-5)


def test_the_solution_of_the_balance_against_its_exact_root():
    c = drag_coefficients(T=40, order=4, angles=4, estimate_error=False)
    tau, current = 1e-9, 1e-3
    names = {"tau_D1": c.tau_D1, "tau_D2": c.tau_D2, "tau_2": tau}
    balance = drag_algebra.force_balance()
    ratio = float(balance.ratio.subs({symbol: names[symbol.name] for symbol in balance.ratio.free_symbols}))
    exact = c.drag_ratio_at(tau, current)
    assert -c.density_h * c.mass_e / (c.density_e * c.mass_h) * ratio == pytest.approx(c.drag_ratio(tau), rel=1e-12)
    assert exact / c.drag_ratio(tau) - 1 == pytest.approx(c.nonreciprocity(tau, current), rel=1e-3)
