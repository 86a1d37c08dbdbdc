"""Tables of pages 09 and 82: what a reader sees of zero, of tiny and of missing temperatures."""

from ehbilayer.superconductivity.comparison import PairingOutcome
from ehbilayer.superconductivity.rpa_pairing import RpaTransition
from ehbilayer.superconductivity.single_steps import SingleStep
from ehbook.tables_of import beyond_bcs as tables
from ehbook.tables_of import dynamic_rpa


def transition(temperature, value):
    return RpaTransition({}, {}, temperature, 0.0, 1e-5, value)


def test_sources_tell_zero_from_tiny_and_from_no_velocity():
    nan = float("nan")
    outcomes = {"a": PairingOutcome(0.1, -0.2, 1e-2, 1e-9), "b": PairingOutcome(3.0, 0.2, 0.0, 0.0)}
    text = tables.sources(outcomes | {"c": PairingOutcome(-0.3, nan, nan, nan)}, 1000.0, 493.2).data
    assert "| a | 0.10 | -0.200 | 10.00 K | < 5 mK |" in text
    assert "| b | 3.00 | +0.200 | 0 | 0 |" in text and "| c | -0.30 | – | – | – |" in text


def test_where_nothing_pairs_the_eigenvalue_stands():
    results = {"none": transition(1e-3, 1.5), "charge": transition(0.0, 0.914), "exchange": transition(0.0, 0.3)}
    results["monte-carlo"] = transition(0.0, 0.82)
    text = dynamic_rpa.local_fields({(0.0, "crystal"): results, (1.0, "none"): results}, 500.0).data
    assert "(500 mK) | – (0.91) | – (0.30) | – (0.82) |" in text and "| none | 1.0 × 10⁻³" in text


def test_methods_in_both_units():
    text = tables.methods({"BCS": 10.0, "Eliashberg, μ up to 2 ε_F": 0.25}, 500.0).data
    assert "| BCS | 10.000 | 2.0 × 10⁻² |" in text and r"2 $\varepsilon_{\mathrm F}$ | 0.250 |" in text


def test_steps_without_meaning_have_no_entry():
    nan = float("nan")
    steps = [SingleStep("4d/a_e added", 0.33, 0.02, 0.0, 0.0), SingleStep("dynamic", nan, nan, nan, 8e-4)]
    text = tables.singles(steps, 1000.0, 493.2).data
    assert r"| $4d/a_{\mathrm e}$ added | 0.330 | 0.020 | +0.310 | 0 | 0 |" in text
    assert "| dynamic | – | – | – | – | 0.80 K |" in text
    assert r"\varepsilon_{\mathrm F}/k_{\mathrm B} = 493$ K" in text
