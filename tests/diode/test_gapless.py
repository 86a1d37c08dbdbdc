"""Gap along q_x: Landau's criterion for parabolas, symmetry, a side on which the gap stays open."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.gapless import gap_curve
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.errors import NotConverged

PLAIN = isolated_bands(E_F=50.0, lam=0.0, J=80.0, B=0.0)
INVERSE = coupling_at_T_c(PLAIN).inverse


@pytest.fixture(scope="module")
def curve():
    return gap_curve(MeanField(PLAIN, 0.05, INVERSE), points=41)


def test_a_current_tilts_the_bands_by_q_k_over_two(curve):
    k_F = math.sqrt(2 * 50.0)
    assert curve.gap_ground == pytest.approx(curve.extrema.ground.delta, rel=1e-9)
    # min_k sqrt((k^2 - k_F^2)^2/4 + Delta^2) - k q/2 is within Delta^2 q^2/k_F^2 of that.
    assert curve.gap == pytest.approx(curve.delta - np.abs(curve.q) * k_F / 2, abs=0.01)


def test_both_sides_are_alike_without_a_field(curve):
    assert curve.gap_plus == pytest.approx(curve.gap_minus, abs=1e-5)
    assert np.array_equal(*np.isnan([[x] for x in curve.growth]))


def test_sides_change_places_with_the_field():
    curves = []
    for B in (12.0, -12.0):
        bands = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=B)
        curves.append(gap_curve(MeanField(bands, 0.1, coupling_at_T_c(bands).inverse), points=13))
    there, back = curves
    assert min(there.growth) > 0 and there.growth == pytest.approx(back.growth[::-1], rel=1e-6)
    assert there.growth[0] != pytest.approx(there.growth[1], rel=0.1)
    assert there.gapless == back.gapless == np.count_nonzero(there.gap < 0) > 0


def test_growth_is_that_of_the_nearest_crossing(curve):
    q, gap = np.linspace(-1, 1, 21), 0.5 - np.abs(np.linspace(-1, 1, 21))
    extrema = replace(curve.extrema, plus=replace(curve.extrema.plus, value=0.8))
    found = replace(curve, q=q, gap=gap, current=q, extrema=extrema)
    assert found.growth[0] == pytest.approx(0.8 / 0.5 - 1)
    assert math.isnan(replace(found, gap=np.abs(gap) + 0.1).growth[1])


def test_no_condensate_is_said():
    with pytest.raises(NotConverged, match="normal state"):
        gap_curve(MeanField(PLAIN, 1.1, INVERSE))
