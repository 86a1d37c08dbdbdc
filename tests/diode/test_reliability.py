"""What a result says about itself: each field turns where the trouble begins."""

import pytest

from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.brackets import pocket_bracket
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.depairing import critical_currents
from ehbilayer.diode.ginzburg_landau import coefficients
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.pocket import critical_currents as expansion_currents
from ehbilayer.diode.solutions import ambiguous, reaches_the_end
from ehbilayer.numerics.roots import root

P2 = dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
# Two valleys: a first-order jump of momentum and order parameter lies between 0.9302 and 0.9304 T_c.
TWO = dict(E_F=35.4, lam=2.0, J=28.6, B=3.0, convention="literal")


@pytest.mark.parametrize("change", [{"lam": 0.0}, {"B": 0.0}])
def test_the_expansion_claims_no_momentum_that_symmetry_forbids(change):
    point = {**P2, "convention": "balanced"} | change
    cold, warm = diode(**point, T=0.4), diode(**point, T=0.55)
    assert abs(cold.q0) > 0.1 and not cold.in_range and not cold.converged and not cold.valid
    assert "outside the range" in cold.message
    assert abs(warm.q0) < 1e-9 and warm.in_range and warm.converged and warm.valid
    full = diode(**point, T=0.4, theory="mean-field")
    assert abs(full.q0) < 1e-9 and full.in_range and full.converged


def test_the_end_of_the_window_is_noticed():
    bands = isolated_bands(**P2)
    inverse = coupling_at_T_c(bands).inverse
    for q_x, cut in (((-0.5, 0.9), False), ((0.05, 0.9), True), ((-0.5, 0.3), True)):
        field = MeanField(bands, 0.9, inverse, q_x)
        assert reaches_the_end(field, critical_currents(field)) == cut
    bracket = pocket_bracket(bands, 0.9, inverse)
    assert expansion_currents(bands, 0.9, inverse, bracket).whole
    assert not expansion_currents(bands, 0.9, inverse, (bracket[0], 0.4)).whole
    for theory in ("ginzburg-landau", "mean-field"):
        r = diode(**P2, T=0.9, theory=theory)
        assert not r.window_edge and r.runner_up == 0 and not r.degenerate and not r.ambiguous_delta


@pytest.mark.slow
def test_two_valleys_are_degenerate_where_the_ground_state_jumps():
    results = {T: diode(**TWO, T=T, theory="mean-field") for T in (0.95, 0.9)}
    assert results[0.95].q0_y > 0.3 and results[0.9].q0_y == 0
    assert all(r.runner_up < 0.9 and not r.degenerate for r in results.values())
    near = [diode(**TWO, T=T, theory="mean-field") for T in (0.9302, 0.9303)]
    assert near[0].q0_y == 0 and abs(near[0].q0 - 0.2) < 1e-3
    assert any(r.degenerate and 0.99 < r.runner_up <= 1 and "nearly as low" in r.message for r in near)


def test_an_order_parameter_is_ambiguous_at_a_first_order_transition():
    bands = isolated_bands(**TWO)
    inverse = coupling_at_T_c(bands).inverse

    def deepest(T):
        return min(omega for delta, omega in MeanField(bands, T, inverse).order_parameters(0.2) if delta)

    # The normal state is a local minimum there: beta < 0.
    T = root(deepest, 0.93, 0.99, absolute=1e-6)
    assert float(coefficients(bands, 0.2, T=T).susceptibility) < inverse
    outcomes = []
    for t in (T - 3e-3, T - 1e-5, 0.9):
        field = MeanField(bands, t, inverse)
        outcomes.append(ambiguous(field, field.solve(0.2)))
    assert outcomes[1:] == [True, False]


def test_minima_over_the_order_parameter_are_those_that_solve_takes():
    bands = isolated_bands(**P2)
    field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    for q in (0.2, 0.5, 1.5):
        state, found = field.solve(q), field.order_parameters(q)
        assert len(found) == 1
        assert found[0] == (pytest.approx(state.delta, abs=2e-4), pytest.approx(state.omega, rel=1e-3, abs=1e-7))
