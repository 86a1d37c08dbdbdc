from dataclasses import replace

import pytest

from ehbilayer.device import LABELS, RESULT_UNITS, Answer, Answers, Bilayer, outlook

BILAYER = Bilayer(m_e=0.2, m_h=0.2, eps_r=5.0, d=20.0, density=4.2e11, lam=36.0, J=5.0, B=10.0, T=5.0, tau=1000.0)
VALUES = {
    "phase": "condensate",
    "margin": 2.0,
    "T_mean_field": 10.0,
    "T_screened": 0.0,
    "T_bkt": 7.0,
    "current_minus": -2.8,
    "current_plus": 2.68,
    "efficiency": -0.0219,
    "drag_ratio": -0.002,
    "T_c_eliashberg": None,
}


def answers(bilayer=BILAYER, flags=(), **values):
    given = dict.fromkeys(LABELS) | VALUES | values
    flags = dict(flags)
    found = {name: Answer(value, RESULT_UNITS.get(name, ""), flags.get(name, ())) for name, value in given.items()}
    return Answers(bilayer=bilayer, **found)


def expected(*arguments, **values):
    return [sight.expected for sight in outlook(answers(*arguments, **values))]


def test_a_cold_condensate_drags_perfectly_and_is_a_diode():
    drag, diode, warming, layer, order = expected()
    assert drag == "exciton condensate: perfect drag, ζ = −1, from −2.8 µA to 2.68 µA"
    assert diode == "the larger critical current is the negative one, by 2.19 % of their sum"
    assert warming == "perfect drag up to 7 K, pairs up to 10 K"
    assert layer == "normal: no superconductivity by plasmons"
    assert order == "condensate, 2 meV per pair below the next state"


def test_warming_takes_first_the_coherence_and_then_the_pairs():
    seen = [expected(replace(BILAYER, T=T))[0] for T in (6.9, 7.1, 9.9, 10.1)]
    assert seen[0].startswith("exciton condensate") and seen[1] == seen[2]
    assert seen[1].startswith("pairs without") and seen[3] == "friction of two liquids, ζ = −0.002"
    assert expected(replace(BILAYER, T=8.0))[1] == "no condensate, so no diode"


def test_the_screened_pairing_temperature_counts_where_it_is_chosen():
    screened = replace(BILAYER, pairing="screened")
    assert expected(screened, T_bkt=None)[0].startswith("friction")
    assert expected(screened, T_bkt=None)[2] == "no pairs at any temperature"
    assert expected(screened, T_screened=6.0, T_bkt=None)[0].startswith("pairs without")


def test_the_sign_of_the_efficiency_and_its_absence_are_told():
    assert "positive" in expected(efficiency=0.03)[1] and "by 3 %" in expected(efficiency=0.03)[1]
    assert expected(efficiency=0.0)[1] == "no diode: no Rashba coupling or no field in the plane"
    assert expected(efficiency=None)[1] == "critical currents are outside this theory"
    assert expected(T_c_eliashberg=0.3)[3] == "superconducting below 0.3 K"
    assert expected(T_c_eliashberg=0.0)[3].startswith("normal")


def test_validity_is_the_worst_of_what_is_behind():
    flags = {"T_bkt": ("given",), "current_plus": ("given", "crystal"), "phase": ("correlated", "unconverged")}
    drag, diode, _, layer, order = outlook(answers(flags=flags.items()))
    assert drag.validity == "caution"
    assert drag.because == "put in, not computed; Hartree–Fock theory puts a crystal below the condensate"
    assert (diode.validity, diode.because) == ("valid", "") and layer.validity == "valid"
    assert order.validity == "not valid" and "unconverged" not in order.because and "near 31" in order.because


def test_all_parts_are_needed():
    with pytest.raises(ValueError, match="need all parts, phase"):
        outlook(replace(answers(), tau_D=None))
    with pytest.raises(TypeError, match="answers"):
        outlook({})
