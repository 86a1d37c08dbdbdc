"""Coupling to plasmons of any velocity, and one step at a time: constant velocity, limits, what each module gives."""

import math

import numpy as np
import pytest

from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.coupling import coupling_spectrum
from ehbilayer.superconductivity.single_steps import OWN_RESPONSE, exchange_screening, single_steps
from ehbilayer.superconductivity.velocity_coupling import repulsion_strength, velocity_spectrum

LAYERS = dict(r_s=1.6, d=1.0, mass_ratio=10)


def constant(value):
    return lambda q: np.full_like(q, value)


def test_constant_velocity_has_the_spectrum_of_equation_two():
    found = velocity_spectrum(constant(0.09), **LAYERS)
    expected = coupling_spectrum(1.6, 0.3, 1.0 / 1.6)
    debye = float(pairing.debye_temperature(1.6, 0.3, 10))
    assert found.coupling == pytest.approx(expected.coupling, rel=1e-8)
    assert found.logarithmic_mean == pytest.approx(debye * expected.logarithmic_mean, rel=1e-6)
    assert found.root_mean_square == pytest.approx(debye * expected.root_mean_square, rel=1e-6)
    warm = eliashberg.transition(found, coulomb=pairing.coulomb_strength(1.6), fermi=1 / 1.6**2).temperature
    assert warm == pytest.approx(eliashberg.critical_temperature(**LAYERS, alpha=0.3), rel=1e-5)


@pytest.mark.parametrize("order", [24, 96])
def test_order_is_converged(order):
    def falling(q):
        return 0.09 * 2 / (q + 2)

    mu, fermi = pairing.coulomb_strength(1.6), 1 / 1.6**2
    here, other = (velocity_spectrum(falling, **LAYERS, **options) for options in ({}, {"order": order}))
    assert here.coupling == pytest.approx(other.coupling, rel=1e-8)
    warm = [eliashberg.transition(x, coulomb=mu, fermi=fermi).temperature for x in (here, other)]
    assert warm[0] == pytest.approx(warm[1], rel=1e-4)


def test_screening_that_binds_all_charge_leaves_nothing():
    strong = 1e4
    assert repulsion_strength(r_s=1.6, screening=strong) == pytest.approx(1 / strong, rel=1e-3)
    found = velocity_spectrum(constant(0.09), **LAYERS | {"d": 0.0}, screening=strong, umklapp=False)
    assert found.coupling == pytest.approx(2 / 0.09 / strong**2, rel=1e-3)
    assert repulsion_strength(r_s=1.6) == pytest.approx(pairing.coulomb_strength(1.6), rel=1e-9)


def test_exchange_screening_diverges_where_the_electrons_collapse():
    assert exchange_screening(1e-9) == pytest.approx(2)
    root = math.pi / math.sqrt(2)
    assert exchange_screening(root - 1e-6) > 1e5 and exchange_screening(root + 1e-6) == math.inf


def test_steps_are_those_of_the_modules():
    steps = {step.name: step for step in single_steps(**LAYERS, alpha=0.3, shear=0.2)}
    base = steps["none: Eqs. 4 and 5"]
    assert base.bcs == pytest.approx(pairing.critical_temperature(**LAYERS, alpha=0.3), rel=1e-12)
    assert base.eliashberg == pytest.approx(eliashberg.critical_temperature(**LAYERS, alpha=0.3), rel=1e-6)
    folded = steps["Umklapp folded"]
    assert folded.bcs == pytest.approx(pairing.critical_temperature(**LAYERS, alpha=0.3, umklapp="folded"), rel=1e-9)
    sheared = steps["shear modulus added"]
    assert sheared.coupling == pytest.approx(pairing.coupling_constant(1.6, math.sqrt(0.29), 0.625), rel=1e-9)
    assert steps["α falls with q"].coupling > base.coupling
    assert steps["μ retarded (μ*)"].bcs > base.bcs and math.isnan(steps["μ retarded (μ*)"].eliashberg)


def test_steps_that_change_nothing_leave_the_base():
    steps = {step.name: step for step in single_steps(**LAYERS | {"d": 0.0}, alpha=0.3, shear=0.0)}
    base = steps["none: Eqs. 4 and 5"]
    for name in ("4d/a_e added", "shear modulus added"):
        assert steps[name][1:] == pytest.approx(base[1:], rel=1e-12)
    # Beyond the compressibility's divergence there is no such screening.
    assert len(single_steps(**LAYERS | {"r_s": 2.3}, alpha=0.3, shear=0.0)) == len(steps) - 1


@pytest.mark.parametrize(
    ("change", "name"), [({"alpha": 0.0}, "alpha"), ({"shear": -0.1}, "shear"), ({"mass_ratio": 0.1}, "mass_ratio")]
)
def test_bad_values_are_named(change, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        single_steps(**LAYERS | {"alpha": 0.3, "shear": 0.2} | change)


def test_a_response_is_one_more_step():
    """Constant: the base. Larger: as that constant. Negative somewhere below k_D: no crystal, no step."""
    for square, same in ((0.09, "none: Eqs. 4 and 5"), (0.29, "shear modulus added")):
        found = single_steps(**LAYERS, alpha=0.3, shear=0.2, response=constant(square))
        steps = {step.name: step for step in found}
        for got, expected in zip(steps[OWN_RESPONSE][1:], steps[same][1:], strict=True):
            assert got == pytest.approx(expected, rel=1e-4)
    soft = single_steps(**LAYERS, alpha=0.3, shear=0.2, response=lambda q: 0.5 - q)
    assert OWN_RESPONSE not in {step.name for step in soft}
