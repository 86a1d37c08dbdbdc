"""T_c by several formulas: the modules they come from, scaling with the mass, order, limits, bad input."""

import math

import pytest

from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.comparison import FORMULAS, one_mode, pairing_outcome, transition_temperatures

HEADLINE = dict(r_s=1.6, d=1.0, mass_ratio=10.0)


def test_they_are_those_of_the_modules():
    found = transition_temperatures(**HEADLINE, alpha=0.3)
    assert tuple(found) == FORMULAS
    assert found["BCS"] == pairing.critical_temperature(**HEADLINE, alpha=0.3)
    assert found["Eliashberg"] == eliashberg.critical_temperature(**HEADLINE, alpha=0.3)
    folded = eliashberg.critical_temperature(**HEADLINE, alpha=0.3, umklapp="folded")
    assert found["Eliashberg, Umklapp folded"] == folded
    assert found["Eliashberg, Umklapp none"] < found["Eliashberg"] < found["Eliashberg without repulsion"]
    # No cutoff of the repulsion: weaker at full bandwidth, weakest where the electrons screen dynamically.
    wide, resolved, dynamic = (found[name] for name in FORMULAS[-3:])
    assert found["Eliashberg"] < wide < dynamic < found["Eliashberg without repulsion"]
    assert resolved == pytest.approx(wide, rel=0.1)
    # The fit and the equations that it was fitted to.
    assert found["Allen-Dynes"] == pytest.approx(found["Eliashberg"], rel=0.1)


def test_what_knows_no_fermi_energy_goes_with_the_root_of_the_mass():
    names = ["BCS", "Eliashberg without repulsion", "Eliashberg"]
    light, heavy = (
        transition_temperatures(r_s=1.6, d=1.0, alpha=0.3, mass_ratio=ratio, formulas=names) for ratio in (10.0, 40.0)
    )
    for name in names[:2]:
        assert heavy[name] == pytest.approx(light[name] / 2, rel=1e-9)
    # Heavier holes make the repulsion less effective.
    assert heavy["Eliashberg"] > 1.05 * light["Eliashberg"] / 2


def test_a_repulsion_up_to_higher_energies_is_the_weaker_one():
    names = ["Eliashberg" + name for name in (", μ up to ε_F/2", "", ", μ up to 2 ε_F", ", μ up to 4 ε_F")]
    found = transition_temperatures(**HEADLINE, alpha=0.3, formulas=[*names, "Eliashberg without repulsion"])
    values = [found[name] for name in names]
    assert 0 < values[0] < values[1] < values[2] < values[3] < found["Eliashberg without repulsion"]
    spectrum, coulomb, fermi, debye = eliashberg.plasmon_problem(**HEADLINE, alpha=0.3)
    double = eliashberg.transition(spectrum, coulomb=coulomb, fermi=2 * fermi).temperature
    assert values[2] == pytest.approx(debye * double, rel=1e-12)


def test_one_mode_has_the_published_values_and_its_limits():
    table = one_mode([1.0, 2.0, 1e6]).set_index("lambda (1)")
    assert table["Eliashberg (Omega)"][1.0] == pytest.approx(0.114620, abs=1e-6)
    assert table["Eliashberg (Omega)"][2.0] == pytest.approx(0.211741, abs=1e-6)
    assert table["Eliashberg (Omega)"][1e6] == pytest.approx(table["asymptote (Omega)"][1e6], rel=1e-3)
    # McMillan's formula saturates at infinite coupling, the equations do not.
    assert table["McMillan (Omega)"][1e6] < 0.5


def test_outcomes_change_at_the_threshold():
    edge = float(pairing.threshold(1.6, 0.625))
    below, above = (pairing_outcome(factor * edge, **HEADLINE) for factor in (0.99, 1.01))
    assert (below.kind, above.kind) == ("attraction", "repulsion")
    assert below.strength < 0 < above.strength
    assert above.bcs == 0.0 < below.bcs
    for value in (0.0, -0.5):
        none = pairing_outcome(value, **HEADLINE)
        assert none.kind == "no velocity" and math.isnan(none.strength) and math.isnan(none.bcs)
        assert math.isnan(none.eliashberg) and none.alpha_squared == value


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"alpha": 0.0}, "alpha"),
        ({"r_s": -1.0}, "r_s"),
        ({"formulas": ["Migdal"]}, "form"),
    ],
)
def test_bad_input_is_named(change, name):
    with pytest.raises(ValueError, match=name):
        transition_temperatures(**{**HEADLINE, "alpha": 0.3, **change})
