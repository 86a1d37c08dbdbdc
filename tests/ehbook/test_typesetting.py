import re

import pytest

from ehbook.claims import CLAIMS
from ehbook.typesetting import numbers_in_print, typeset


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("T_c", r"$T_{\mathrm{c}}$"),
        ("J_c+ = −J_c−", r"$J_{\mathrm{c+}}$ = −$J_{\mathrm{c-}}$"),
        ("τ_D1/τ_D2", r"$\tau_{\mathrm{D1}}/\tau_{\mathrm{D2}}$"),
        ("k_BT_c", r"$k_{\mathrm{B}}T_{\mathrm{c}}$"),
        ("2k_F", r"2$k_{\mathrm{F}}$"),
        ("Nε_F/2", r"N$\varepsilon_{\mathrm{F}}$/2"),
        ("0.2/l_u", r"0.2/$l_{\mathrm{u}}$"),
        ("n/n_e*", r"n/$n_{\mathrm{e}}^*$"),
        ("r_s^e", r"$r_{s}^{\mathrm{e}}$"),
        ("q_0(B)", r"$q_{0}$(B)"),
        ("τ_D^II", r"$\tau_{\mathrm{D}}^{\mathrm{II}}$"),
        ("μ_bottom", r"$\mu_{\mathrm{bottom}}$"),
        ("ξ_{v,−}", r"$\xi_{\mathrm{v,-}}$"),
        ("u_2^2", "$u_{2}^{2}$"),
        ("mass_ratio = 4", "mass_ratio = 4"),
        ("{numref}`fig-one`", "{numref}`fig-one`"),
        ("η(B) and 10⁻³", "η(B) and 10⁻³"),
        (r"$\xi_{e}$", r"$\xi_{e}$"),
        ("-3 to -1.5", "−3 to −1.5"),
        ("1e-9, 4.5e+02, -2e-04", "1 × 10⁻⁹, 4.5 × 10², −2 × 10⁻⁴"),
        ("2-3, x-1, 10-2e3, EL-HC, B2-7", "2-3, x-1, 10-2 × 10³, EL-HC, B2-7"),
        ("(-0.3, -.5): False", "(−0.3, −.5): no"),
        ("`True -1` and $x^{-1}$, {ref}`a-1 <b-2>`", "`True -1` and $x^{-1}$, {ref}`a-1 <b-2>`"),
    ],
)
def test_symbols_become_mathematics(plain, set_):
    assert typeset(plain) == set_


def test_no_claim_keeps_an_underscore_outside_mathematics():
    for claim in CLAIMS.values():
        for text in (claim.statement, claim.value, claim.criterion):
            assert "_" not in re.sub(r"\$[^$]*\$", "", typeset(text)), text
            assert typeset(text).count("$") % 2 == 0


def test_numbers_alone_leave_symbols_and_words():
    assert numbers_in_print("T_c True: -0.5, 1e−11, `1e-7`") == "T_c True: −0.5, 1 × 10⁻¹¹, `1e-7`"
