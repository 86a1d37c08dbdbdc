"""Coarse grids of the convergence audit: their limit is the converged calculation, their error what the page shows."""

import math

import numpy as np
import pytest

from ehbilayer.diode.coarse import coarse_diode
from ehbilayer.diode.nonreciprocity import diode

P2 = dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9, convention="literal")


def test_without_steps_it_is_the_converged_result():
    found, expected = coarse_diode(**P2), diode(**P2)
    assert found.k_points is None
    assert found.J_plus == pytest.approx(expected.J_plus, rel=1e-9)
    assert found.efficiency == pytest.approx(expected.efficiency, abs=1e-10)


def test_fine_lattice_tends_to_the_converged_result():
    expected = diode(**P2)
    found = coarse_diode(**P2, k_step=0.15, edge=16.0)
    assert found.efficiency == pytest.approx(expected.efficiency, abs=2e-6)
    assert found.J_plus == pytest.approx(expected.J_plus, rel=2e-3)
    steps = [coarse_diode(**P2, q_step=step).J_plus / expected.J_plus - 1 for step in (0.04, 0.005)]
    assert abs(steps[1]) < 1e-3 and abs(steps[0]) < 0.03


@pytest.mark.parametrize("change", [{"k_step": 1.0}, {"q_step": 0.08}])
def test_coarse_grids_oscillate_with_the_field(change):
    eta = [coarse_diode(**{**P2, "B": b}, **change).efficiency for b in np.linspace(0, 12, 13)]
    assert abs(eta[0]) < 1e-12
    assert np.abs(eta).max() > 0.01
    assert np.count_nonzero(np.diff(np.sign(eta[1:]))) >= 2


def test_without_measure_currents_grow_by_the_area_of_a_cell():
    with_measure, without = (coarse_diode(**P2, k_step=0.2, measure=m) for m in (True, False))
    assert without.J_plus / with_measure.J_plus == pytest.approx((2 * math.pi / 0.2) ** 2, rel=1e-9)
    assert without.efficiency == pytest.approx(with_measure.efficiency, abs=1e-9)


def test_points_of_the_coarse_grids_are_where_they_are_put():
    """Whole offsets are the same grid; q0 is on it; F as printed doubles currents and nothing else."""
    step = {"q_step": 0.08}
    base, whole, half = (coarse_diode(**P2, **step, q_offset=x) for x in (0.0, 1.0, 0.5))
    assert (whole.J_plus, whole.J_minus) == (pytest.approx(base.J_plus), pytest.approx(base.J_minus))
    assert half.efficiency != pytest.approx(base.efficiency, abs=1e-5)
    for found, offset in ((base, 0.0), (half, 0.5)):
        assert math.remainder(found.q0 / 0.08 - offset, 1.0) == pytest.approx(0.0, abs=1e-9)
        assert abs(found.q0 - 0.2) <= 0.08
    assert coarse_diode(**P2).q0 == pytest.approx(0.200005, abs=1e-6)
    twice = coarse_diode(**P2, **step, printed=True)
    assert twice.J_minus == pytest.approx(2 * base.J_minus, rel=1e-12)
    assert (twice.efficiency, twice.q0) == (base.efficiency, base.q0)


def test_no_condensate_gives_nan():
    assert math.isnan(coarse_diode(**{**P2, "T": 1.1}).efficiency)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"k_step": 0.0}, "^k_step = 0.0"),
        ({"q_step": -1.0}, "^q_step = -1.0"),
        ({"edge": 0.0}, "^edge = 0.0"),
        ({"q_step": 0.1, "q_offset": 1.5}, "^q_offset = 1.5"),
        ({"measure": False}, "^measure = False"),
        ({"T": 0.0}, "^T = 0.0"),
    ],
)
def test_bad_input_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        coarse_diode(**{**P2, **change})
