import pytest

from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients
from ehbilayer.drag.printed import NAMES, evaluate_formulas

T = 30.0
LAYERS = RashbaLayer(0.2, 10, T, 50, 10, 2.585), ParabolicLayer(0.2, 10, T)


def test_corrected_formulas_agree_with_the_compiled_code_and_printed_ones_do_not():
    printed, corrected = evaluate_formulas(*LAYERS, d=20, eps_r=5, order=6)
    c = drag_coefficients(T=T)
    exact = dict(zip(NAMES, (1e-12 / c.tau_D1, 1e-12 / c.tau_D2, c.K11, c.K12, c.K22), strict=True))
    largest = max(abs(exact[name]) for name in NAMES[2:])
    for name in NAMES:
        scale = exact[name] if "rate" in name else largest
        assert corrected[name] == pytest.approx(exact[name], abs=3e-4 * scale)
        assert abs(printed[name] - corrected[name]) > 3e-4 * scale


def test_isotropic_bands_do_not_show_the_misprint_of_eq_45():
    flat = RashbaLayer(0.2, 10, T, 1e-6, 10, 2.585)
    printed, corrected = evaluate_formulas(flat, LAYERS[1], d=20, eps_r=5)
    assert printed["rate_2"] == pytest.approx(corrected["rate_2"], rel=1e-6)


@pytest.mark.parametrize(("layers", "kw", "error"), [((LAYERS[1], LAYERS[1]), {}, TypeError), (LAYERS, {"d": -1}, ValueError), (LAYERS, {"fineness": 2}, ValueError)])
def test_bad_input(layers, kw, error):
    with pytest.raises(error, match="not allowed"):
        evaluate_formulas(*layers, **{"d": 20, "eps_r": 5} | kw)
