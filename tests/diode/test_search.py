"""The search for parameters: reaches targets that it can, reports how far it is from others, bad input."""

import pytest

from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.search import closest_set

TARGET = dict(q0=0.2, efficiency=0.0186, B=3.0, T=0.9)


def test_parameters_of_a_known_set_are_found_again():
    known = diode(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9, theory="mean-field", convention="literal")
    found = closest_set(lam=1.0, q0=known.q0, efficiency=known.efficiency, B=3.0, T=0.9, E_F=14.0)
    assert found.distance < 1e-3
    assert (pytest.approx(11.6, rel=5e-3), pytest.approx(14.808, rel=2e-3)) == (found.E_F, found.J)
    assert found.one_band and found.expansion


@pytest.mark.slow
def test_printed_pair_is_met_with_unequal_densities_where_the_expansion_fails():
    found = closest_set(lam=3.0, **TARGET)
    assert found.distance < 1e-3 and found.one_band and not found.expansion
    assert found.imbalance > 0.1 and found.J_plus < 0.1
    assert found.stable and found.q0_y == 0
    given = dict(E_F=found.E_F, lam=3.0, J=found.J, B=3.0, T=0.9, theory="mean-field", convention="literal")
    again, axis = diode(**given), diode(**given, plane=False)
    assert again.stable and again.q0_y == 0
    assert (again.q0, again.efficiency) == (pytest.approx(0.2, rel=1e-3), pytest.approx(0.0186, rel=1e-3))
    # The transition is at a momentum off the axis, so that the coupling is a little stronger.
    assert axis.efficiency == pytest.approx(again.efficiency, rel=0.05) and axis.delta != again.delta


def test_equal_densities_stay_far_away():
    found = closest_set(lam=2.0, convention="balanced", **TARGET, evaluations=12)
    assert found.distance > 0.9 and abs(found.imbalance) < 1e-9 and found.evaluations <= 13
    assert found.efficiency < 0.002


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"lam": 0.0}, ValueError, "^lam = 0.0"),
        ({"efficiency": -0.1}, ValueError, "^efficiency = -0.1"),
        ({"q0": 5.0}, ValueError, "^q0 = 5.0 .* no J"),
        ({"E_F": 100.0}, ValueError, "^E_F = 100.0"),
        ({"T": 1.0}, ValueError, "^T = 1.0"),
        ({"coupling": "none"}, ValueError, "^coupling = 'none'"),
        ({"evaluations": 1}, ValueError, "^evaluations = 1"),
    ],
)
def test_bad_input_is_named(change, error, message):
    with pytest.raises(error, match=message):
        closest_set(**{"lam": 2.0, **TARGET, **change})
