"""Valleys along q_x: against the ground state found otherwise, mirror symmetry, two of them and the jump between."""

import numpy as np
import pytest

from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.depairing import ground_state
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.valleys import jump_temperature, potential_curve
from ehbilayer.errors import NotConverged

P2 = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
TWO = isolated_bands(E_F=35.4, lam=2.0, J=28.6, B=3.0, convention="literal")
Q = np.linspace(-0.9, 0.9, 37)


def field(bands, T):
    return MeanField(bands, T, coupling_at_T_c(bands, plane=False).inverse)


def test_the_only_valley_is_the_ground_state():
    at = field(P2, 0.9)
    (valley,) = potential_curve(at, Q).valleys
    ground = ground_state(at)
    assert valley.q[0] == pytest.approx(ground.q[0], abs=1e-7)
    assert valley.omega == pytest.approx(ground.omega, rel=1e-10)
    assert abs(valley.electron_current[0]) < 1e-9


def test_the_potential_turns_round_with_the_field():
    mirrored = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=-3.0, convention="literal")
    there, back = (potential_curve(field(bands, 0.9), Q) for bands in (P2, mirrored))
    assert np.allclose(there.omega, back.omega[::-1], rtol=1e-9, atol=1e-14)
    assert abs(there.omega - there.omega[::-1]).max() > 0.1 * abs(there.omega).max()


def test_two_valleys_are_equally_deep_at_the_jump():
    inverse = coupling_at_T_c(TWO, plane=False).inverse
    T = jump_temperature(TWO, inverse, Q, 0.9, 0.98, tolerance=1e-3)
    # Page 22's table: the valleys change between these temperatures.
    assert 0.93 < T < 0.94
    for side, sign in ((T - 2e-3, 1), (T + 2e-3, -1)):
        assert np.sign(potential_curve(MeanField(TWO, side, inverse), Q).valleys[0].q[0]) == sign


def test_bad_input_and_a_valley_that_stays_are_named():
    at = field(P2, 0.9)
    for q in ([0.0, 0.1], [0.0, 0.2, 0.1]):
        with pytest.raises(ValueError, match=r"^q = .* three increasing momenta"):
            potential_curve(at, q)
    with pytest.raises(NotConverged, match="does not change sides"):
        jump_temperature(P2, at.inverse, Q, 0.85, 0.9)
