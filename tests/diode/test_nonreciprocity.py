"""The diode: known numbers, symmetries, both theories and couplings, results without a condensate, bad input."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.diode.figures_of_merit import efficiency, landau_bounds
from ehbilayer.diode.momentum_grid import Resolution
from ehbilayer.diode.nonreciprocity import UNITS, diode
from ehbilayer.units import ThermalUnits

P2 = dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9, convention="literal")
STRONG = dict(E_F=11.6, lam=2.0, J=6.0, B=12.0, T=0.8)


def test_documented_set():
    r = diode(**P2)
    assert r.condensed and r.converged and r.message == ""
    assert r.q0 == pytest.approx(0.200005, abs=1e-6)
    assert r.J_plus == pytest.approx(0.02661251, abs=1e-8)
    assert r.J_minus == pytest.approx(-0.02659763, abs=1e-8)
    assert r.efficiency == pytest.approx(0.000280, abs=1e-6)
    assert (r.q_minus, r.q_plus) == (pytest.approx(-0.0356, abs=1e-4), pytest.approx(0.4356, abs=1e-4))
    assert r.error < 1e-10


def test_documented_set_in_mean_field_theory():
    r = diode(**P2, theory="mean-field")
    assert r.J_plus == pytest.approx(0.027709, abs=1e-6) and r.efficiency == pytest.approx(0.000296, abs=1e-6)
    assert r.converged and r.error < 1e-6


def test_efficiency_grows_at_low_temperature():
    given = dict(E_F=11.6, lam=2.0, J=6.0, B=12.0, theory="mean-field", plane=False)
    values = [diode(**given, T=T).efficiency for T in (0.9, 0.5, 0.3)]
    assert values[0] == pytest.approx(0.0052, abs=2e-4) and values[1] == pytest.approx(0.0203, abs=2e-4)
    assert values[2] > 0.025


@pytest.mark.parametrize("theory", ["ginzburg-landau", "mean-field"])
@pytest.mark.parametrize("change", [{"B": 0.0}, {"lam": 0.0}, {"lam_h": -1.0}])
def test_no_diode_where_a_symmetry_forbids_it(theory, change):
    r = diode(**{**P2, **change}, theory=theory)
    assert abs(r.efficiency) < 1e-9 and abs(r.q0) < 1e-9
    assert r.J_plus == pytest.approx(-r.J_minus, rel=1e-9) and r.J_plus > 0.02


def test_equal_rashba_coupling_is_not_even():
    # footnote 45 of the paper names the opposite sign
    r = diode(**P2, lam_h=1.0)
    assert abs(r.q0) > 0.1 and abs(r.efficiency) > 1e-5


@pytest.mark.parametrize("theory", ["ginzburg-landau", "mean-field"])
def test_mirror_images(theory):
    # Over all pair momenta in the cheaper theory.
    options = {"theory": theory, "plane": theory == "ginzburg-landau"}
    base = diode(**STRONG, **options)
    tolerance = 1e-9 if theory == "ginzburg-landau" else 1e-7
    assert abs(base.efficiency) > 1e-3 and base.q0 > 0.5
    for name in ("B", "lam"):
        image = diode(**{**STRONG, name: -STRONG[name]}, **options)
        assert image.q0 == pytest.approx(-base.q0, abs=tolerance)
        assert image.J_plus == pytest.approx(-base.J_minus, rel=tolerance)
        assert image.efficiency == pytest.approx(-base.efficiency, abs=tolerance)
    image = diode(**{**STRONG, "J": -STRONG["J"]}, **options)
    assert (image.q0, image.efficiency) == (
        pytest.approx(base.q0, abs=tolerance),
        pytest.approx(base.efficiency, abs=tolerance),
    )


def test_couplings_differ_except_without_field():
    each, zero = (diode(**P2, coupling=c) for c in ("each-field", "zero-field"))
    assert zero.J_plus != pytest.approx(each.J_plus, rel=0.05)
    each, zero = (diode(**{**P2, "B": 0.0}, coupling=c) for c in ("each-field", "zero-field"))
    assert zero.J_plus == pytest.approx(each.J_plus, rel=1e-12)


@pytest.mark.parametrize("theory", ["ginzburg-landau", "mean-field"])
def test_transition_is_at_T_c_at_each_field(theory):
    for B in (0.0, 12.0):
        arguments = {**STRONG, "B": B, "theory": theory, "plane": theory == "ginzburg-landau"}
        below, above = diode(**{**arguments, "T": 0.995}), diode(**{**arguments, "T": 1.0005})
        assert below.condensed and not above.condensed
        # J_c ~ (1 - T)^(3/2)
        further = diode(**{**arguments, "T": 0.98})
        assert further.J_plus / below.J_plus == pytest.approx(8.0, rel=0.1)


def test_no_condensate_is_an_explicit_result():
    for change in ({"T": 1.2}, {"coupling": "zero-field", "T": 0.999, "convention": "balanced"}):
        r = diode(**{**P2, **change})
        assert r.condensed is False and r.converged
        assert (r.q0, r.J_plus, r.J_minus, r.efficiency, r.delta, r.error) == (None,) * 6


def test_failure_of_the_expansion_is_an_explicit_result():
    r = diode(E_F=11.6, lam=2.0, J=6.0, B=12.0, T=0.15)
    assert r.condensed and not r.converged and r.efficiency is None and "beta falls to" in r.message


def test_second_band_is_reported():
    r = diode(E_F=11.6, lam=1.0, J=2.0, B=1.0, T=0.9)
    assert "second band occupied" in r.message and r.converged and r.condensed


def test_defaults_have_converged():
    fine = Resolution(panel=3.0, order=20, angle_factor=1.5)
    for arguments in (P2, STRONG):
        base, better = diode(**arguments), diode(**arguments, resolution=fine, nodes=90)
        assert base.J_plus == pytest.approx(better.J_plus, rel=1e-10) and base.efficiency == pytest.approx(
            better.efficiency, abs=1e-10
        )
        assert base.error < 1e-8
    poor = diode(**STRONG, resolution=Resolution(panel=12.0, order=4, angles=5))
    assert not poor.converged and "good to" in poor.message
    assert abs(poor.efficiency - diode(**STRONG).efficiency) > 1e-4


def test_field_dependence_is_smooth():
    B = np.linspace(0, 12, 13)
    eta = np.array([diode(**{**P2, "B": float(b)}).efficiency for b in B])
    assert (np.diff(eta) > 0).all() and np.abs(np.diff(eta, 4)).max() < 1e-5


def test_result_echoes_its_parameters():
    r = diode(**P2)
    assert {name: r.parameters[name] for name in P2} == P2
    assert r.parameters["theory"] == "ginzburg-landau" and set(r.units) == set(UNITS)
    with pytest.raises(dataclasses.FrozenInstanceError):
        r.q0 = 1.0


def test_printed_currents_give_the_printed_efficiency():
    assert efficiency(98.4, -94.8) == pytest.approx(0.0186, abs=5e-5)
    assert efficiency(0.0, 0.0) == 0.0


def test_bounds_and_si_numbers():
    landau, ballistic = landau_bounds(diode(**{**P2, "B": 0.0}).bands, 1.764)
    assert landau == pytest.approx(0.68, abs=0.01) and ballistic == pytest.approx(8.9, abs=0.05)
    unit = ThermalUnits(mass=0.2, T_c=10)
    assert unit.wavelength_nm(0.2) == pytest.approx(660.6, abs=0.1)
    assert unit.current_uA_per_um == pytest.approx(9.976, abs=1e-3)
    assert (98.4 - 94.8) * unit.current_uA_per_um == pytest.approx(35.9, abs=0.1)


@pytest.mark.parametrize("B", [0.0, 2.0])
def test_nothing_condenses_at_the_critical_temperature_and_something_just_below(B):
    set_ = dict(E_F=3.0, lam=1.0, J=8.0, B=B, convention="literal")
    at, below = diode(**set_, T=1.0), diode(**set_, T=1 - 1e-9)
    assert not at.condensed and at.delta is None and at.converged
    assert below.condensed and below.delta > 1e-5


@settings(max_examples=12, deadline=None)
@given(
    E_F=st.floats(3, 20),
    lam=st.floats(-2, 2).filter(lambda x: abs(x) > 1e-3),
    J=st.floats(8, 20),
    B=st.floats(-8, 8),
    T=st.floats(0.6, 1.1),
    convention=st.sampled_from(["literal", "balanced"]),
    coupling=st.sampled_from(["each-field", "zero-field"]),
)
def test_valid_input_gives_numbers_or_says_why_not(**arguments):
    r = diode(**arguments)
    if r.efficiency is None:
        assert not r.condensed or r.message
    else:
        assert r.J_minus < 0 < r.J_plus and r.q_minus < r.q0 < r.q_plus
        assert all(math.isfinite(v) for v in (r.q0, r.efficiency, r.delta, r.error))
        assert r.efficiency == pytest.approx((r.J_plus + r.J_minus) / (r.J_plus - r.J_minus))
        assert r.converged or (not r.in_range and not r.valid and "outside the range" in r.message)


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"T": 0.0}, ValueError, "^T = 0.0"),
        ({"T": -0.5}, ValueError, "^T = -0.5"),
        ({"T": 0.015, "theory": "mean-field"}, ValueError, "^T = 0.015 .* T >= 0.02"),
        ({"E_F": 0}, ValueError, "^E_F = 0 "),
        ({"lam": math.nan}, ValueError, "^lam = nan"),
        ({"B": None}, TypeError, "^B = None"),
        ({"J": math.inf}, ValueError, "^J = inf"),
        ({"theory": "bcs"}, ValueError, "^theory = 'bcs'"),
        ({"coupling": "none"}, ValueError, "^coupling = 'none'"),
        ({"convention": 1}, TypeError, "^convention = 1"),
        ({"convention": "balanced", "lam_h": 1.0}, ValueError, "^lam_h = 1.0"),
        ({"nodes": 4}, ValueError, "^nodes = 4"),
        ({"tolerance": 0.0}, ValueError, "^tolerance = 0.0"),
        ({"resolution": 3}, TypeError, "^resolution = 3"),
        ({"resolution": Resolution(), "theory": "mean-field"}, ValueError, "^resolution = .* need None"),
    ],
)
def test_bad_input_is_named(change, error, message):
    with pytest.raises(error, match=message):
        diode(**{**P2, **change})
