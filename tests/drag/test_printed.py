import numpy as np
import pytest
import sympy as sp

from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients
from ehbilayer.drag.collision import CollisionIntegral
from ehbilayer.drag.collision_kernels import bracket as compiled_bracket
from ehbilayer.drag.printed import (
    NAMES,
    bracket,
    differences,
    evaluate_formulas,
    expanded_bracket,
    printed_band,
    printed_cross_term,
    printed_nonreciprocity,
)

T = 30.0
LAYERS = RashbaLayer(0.2, 10, T, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, T)


def test_corrected_formulas_agree_with_the_compiled_code_and_printed_ones_do_not():
    printed, corrected = evaluate_formulas(*LAYERS, d=20, eps_r=5, order=6)
    c = drag_coefficients(T=T)
    assert c.coefficients == dict(zip(NAMES, (1e-12 / c.tau_D1, 1e-12 / c.tau_D2, c.K11, c.K12, c.K22), strict=True))
    right, wrong = (differences(found, c.coefficients) for found in (corrected, printed))
    for name in NAMES:
        assert right[name] < 3e-4 < wrong[name]


def test_differences_are_relative_to_a_rate_and_to_the_largest_k():
    reference = dict(zip(NAMES, (-2.0, 5.0, 1.0, -4.0, 0.0), strict=True))
    twice = {name: 2 * value for name, value in reference.items()}
    assert list(differences(twice, reference).values()) == [1.0, 1.0, 0.25, 1.0, 0.0]
    assert set(differences(reference, reference).values()) == {0.0}


@pytest.mark.parametrize("change", [{"rate_1": 0.0}, {"other": 1.0}, dict.fromkeys(NAMES[2:], 0.0)])
def test_differences_need_a_reference(change):
    values = dict.fromkeys(NAMES, 1.0)
    with pytest.raises(ValueError, match="reference = .* is not allowed"):
        differences(values, values | change)


@pytest.mark.parametrize("values", [None, 1.0, [[1.0]]])
def test_differences_are_of_dictionaries(values):
    for given in ({"found": values, "reference": {}}, {"found": dict.fromkeys(NAMES, 1.0), "reference": values}):
        with pytest.raises(TypeError, match="^(found|reference) = .* need a dict"):
            differences(**given)


def test_isotropic_bands_do_not_show_the_erratum_of_eq_45():
    flat = RashbaLayer(0.2, 10, T, lam=1e-6, J=10, B=2.585)
    printed, corrected = evaluate_formulas(flat, LAYERS[1], d=20, eps_r=5)
    assert printed["rate_2"] == pytest.approx(corrected["rate_2"], rel=1e-6)


@pytest.mark.parametrize(
    ("layers", "kw", "error"),
    [((LAYERS[1], LAYERS[1]), {}, TypeError), (LAYERS, {"d": -1}, ValueError), (LAYERS, {"fineness": 2}, ValueError)],
)
def test_bad_input(layers, kw, error):
    with pytest.raises(error, match="not allowed"):
        evaluate_formulas(*layers, **{"d": 20, "eps_r": 5} | kw)


def test_bracket_is_that_of_the_collision_integral():
    f = np.random.default_rng(0).random((20, 4))
    for row in f:
        assert bracket(*row) == pytest.approx(compiled_bracket(*row), rel=1e-13)
        assert bracket(*row[[1, 0, 3, 2]]) == pytest.approx(-bracket(*row), rel=1e-13)


def test_expanded_bracket_is_that_of_the_drifting_distributions():
    """On the energy shell, where f_1 (1 - f_1') f_2 (1 - f_2') is common to both directions."""
    rng = np.random.default_rng(1)
    xi_1, xi_2, omega = rng.normal(size=3)
    f = 1 / (1 + np.exp([xi_1, xi_1 - omega, xi_2, xi_2 + omega]))
    g = 0.1 * rng.normal(size=4)
    drifting = f + f * (1 - f) * g
    common = f[0] * (1 - f[1]) * f[2] * (1 - f[3])
    assert bracket(*drifting) == pytest.approx(common * expanded_bracket(*f, *g), rel=1e-12)


def test_printed_cross_term_misses_by_the_pauli_factors():
    f, g = sp.symbols("f_1 f_1p f_2 f_2p"), sp.symbols("g_1 g_1p g_2 g_2p")
    eps = sp.Symbol("epsilon")
    second = sp.expand(expanded_bracket(*f, *(eps * x for x in g))).coeff(eps, 2)
    cross = sum(second.coeff(a * b) * a * b for a in g[:2] for b in g[2:])
    wrong = sp.expand(printed_cross_term(*f, *g) - cross)
    assert sp.expand(wrong - g[0] * g[2] * (f[0] + f[2] - f[0] * f[2]) + g[1] * g[3] * (f[1] + f[3] - f[1] * f[3])) == 0


def test_printed_nonreciprocity():
    """With K11 = 0 and 1/D = 1 the corrected formula has the same terms, and the other sign of K22."""
    c = drag_coefficients(T=T, estimate_error=False)
    same = c.nonreciprocity(1.0, 2.0) - 1e12 * c.tau_D1 * c.K11 * c.drift(2.0)
    inverse = c.tau_D2 / c.tau_D1  # 1/D for tau_2 -> infinity
    assert printed_nonreciprocity(c, c.K12 * inverse, -c.K22 * inverse**2, 2.0) == pytest.approx(same, rel=1e-6)
    with pytest.raises(ValueError, match="current = nan"):
        printed_nonreciprocity(c, 1.0, 1.0, np.nan)


def test_exchanging_the_layers_reverses_the_force_per_area():
    """Behind K22 of exchanged layers: each collision gives one layer the momentum that the other loses."""
    light, heavy = ParabolicLayer(0.2, 10, 60.0), ParabolicLayer(0.5, 6, 60.0)
    there, back = (
        CollisionIntegral(*pair, d=15, eps_r=5, order=4, angles=6, fineness=0.6)
        for pair in ((light, heavy), (heavy, light))
    )
    for name in ("linearised", "relaxation-time"):
        on_heavy, on_light = heavy.density * there.force(0.03, 0.01, name), light.density * back.force(0.01, 0.03, name)
        assert on_light == pytest.approx(-on_heavy, rel=1e-3)


def test_the_band_before_eq_41_is_no_eigenvalue():
    for k in ((0.1, 0.05), (-0.2, 0.0), (0.0, 0.3)):
        energies = printed_band(LAYERS[0], *k)
        assert energies["corrected"] == pytest.approx(energies["eigenvalue"], abs=1e-9)
        assert abs(energies["printed"] - energies["eigenvalue"]) > 100
        # As the layer counts its energies, up to a constant.
        apart = energies["eigenvalue"] - float(LAYERS[0].derivatives(np.array([k[0]]), np.array([k[1]]))[0][0])
        assert apart == pytest.approx(printed_band(LAYERS[0], 0.0, 0.0)["eigenvalue"] - _at_rest(LAYERS[0]), abs=1e-9)
    with pytest.raises(ValueError, match="lam = 0.0 is not allowed"):
        printed_band(RashbaLayer(0.2, 10, T, lam=0.0, J=10, B=2.585), 0.1, 0.0)


def _at_rest(layer):
    return float(layer.derivatives(np.zeros(1), np.zeros(1))[0][0])


def test_parts_of_the_force_and_of_the_nonreciprocity_add_up():
    integral = CollisionIntegral(*LAYERS, d=20, eps_r=5, order=3, angles=4)
    odd, even = integral.parts(0.03, "shifted")
    assert odd + even == pytest.approx(integral.force(0.03, 0.0, "shifted"), rel=1e-12)
    assert integral.parts(-0.03, "shifted") == pytest.approx((-odd, even), rel=1e-12)
    c = drag_coefficients(T=T, order=4, angles=4, estimate_error=False)
    terms = c.second_order_terms(1e-9)
    assert terms[0] == c.K11 and abs(terms[1]) < abs(c.K12)
    assert 1e12 * c.tau_D1 * sum(terms) * c.drift(2.0) == pytest.approx(c.nonreciprocity(1e-9, 2.0), rel=1e-12)
