"""Rows of the tables on the drag pages, from what the pages computed."""

from collections.abc import Mapping

import sympy as sp

from ehbilayer.drag import DragCoefficients
from ehbilayer.drag.gallium_arsenide import PUBLISHED, DoubleLayer
from ehbilayer.drag.printed import NAMES
from ehbook import drag_algebra as algebra
from ehbook.drag_algebra import Residue
from ehbook.tables import scientific

__all__ = [
    "algebra_rows",
    "coefficient_rows",
    "errata_rows",
    "layer_rows",
    "published_rows",
    "time_rows",
]

_TITLES = {
    "rate_1": r"$1/\tau_{D1}$ (1/ps)",
    "rate_2": r"$1/\tau_{D2}$ (1/ps)",
    "K11": r"$K_{11}$ (nm/ps)",
    "K12": r"$K_{12}$ (nm/ps)",
    "K22": r"$K_{22}$ (nm/ps)",
}
_ERRATA = {
    "rate_1": ("43", "sign of χ", "sign"),
    "rate_2": ("45", "$q^2$ for $2q_x^2$", "argument"),
    "K11": ("text after 48", "said to vanish", "argument"),
    "K12": ("47", "$1 - f_1f_2$", "algebra"),
    "K22": ("48", "overall sign", "sign"),
}


def algebra_rows() -> list[dict[str, str]]:
    r"""Steps of the derivation with what they leave over, as printed and as corrected, set as mathematics.

    Returns
    -------
    list of dict of str

    Examples
    --------
    >>> algebra_rows()[1]["corrected"]
    '$0$'
    """
    shell, terms, balance = algebra.on_the_shell(), algebra.second_order(), algebra.force_balance()
    alone = Residue(sp.Add(terms["11"].corrected, terms["22"].corrected))
    steps = [
        ("31", "bracket + bracket with initial and final states exchanged", algebra.exchange()),
        ("34", r"$\partial f_0/\partial\xi+\beta f_0\tilde f_0$", algebra.occupation()),
        ("35", "occupations of a collision − those of its reverse", shell["reversed"]),
        ("", r"the same − form with $\sinh^2$", shell["spectral"]),
        ("36, 41", "bracket − {eq}`eq-drag-terms`, first order", terms["first"]),
        ("46, 48", "the same, one drift squared", alone),
        ("47", "the same, cross term", terms["12"]),
        ("50", "balance of forces solved for $u_2/u_1$", balance.solved),
    ]
    return [
        {
            "Eq.": equation,
            "difference": difference,
            "printed": "" if residue.printed is None else f"${sp.latex(residue.printed)}$",
            "corrected": f"${sp.latex(residue.corrected)}$",
        }
        for equation, difference, residue in steps
    ]


def errata_rows(printed: Mapping[str, float], corrected: Mapping[str, float]) -> list[dict[str, str]]:
    """Coefficients of the drag force from both sets of formulas.

    Parameters
    ----------
    printed, corrected : mapping of str to float
        From `ehbilayer.drag.printed.evaluate_formulas`.

    Returns
    -------
    list of dict of str

    Examples
    --------
    >>> values = dict.fromkeys(NAMES, 1e-6)
    >>> errata_rows(values, values)[0]["as printed"]
    '1.000 × 10⁻⁶'
    """
    return [
        {
            "quantity": title,
            "Eq.": _ERRATA[name][0],
            "erratum": _ERRATA[name][1],
            "kind": _ERRATA[name][2],
            "as printed": scientific(printed[name], 3),
            "corrected": scientific(corrected[name], 3),
        }
        for name, title in _TITLES.items()
    ]


def coefficient_rows(
    raw: Mapping[str, Mapping[str, float]], expanded: Mapping[str, Mapping[str, float]], labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """Coefficients from the collision integral and from its expansion, in 1e-5 of their units, for each distribution.

    Parameters
    ----------
    raw, expanded : mapping of str to mapping of str to float
        Keyed by distribution and `ehbilayer.drag.printed.NAMES`.
    labels : mapping of str to str
        The distributions as shown.

    Returns
    -------
    list of dict of str

    Examples
    --------
    >>> values = {"shifted": dict.fromkeys(NAMES, 1e-6)}
    >>> [list(row.values())[:2] for row in coefficient_rows(values, values, {"shifted": "shifted"})]
    [['shifted', 'integral'], ['', 'expansion']]
    """
    titles = _TITLES.items()
    return [
        {"distribution": label, "from": kind}
        | {title: f"{1e5 * found[name][key]:.3f}".replace("-", "−") for key, title in titles}
        for name in labels
        for label, kind, found in ((labels[name], "integral", raw), ("", "expansion", expanded))
    ]


def time_rows(
    times: Mapping[tuple[str, float], DragCoefficients], labels: Mapping[str, str], tau_2: float
) -> list[dict[str, str]]:
    """Drag times for each interaction and spacing, and the drag ratio at the largest spacing.

    Parameters
    ----------
    times : mapping of (str, float) to DragCoefficients
        Keyed by interaction and spacing in nm.
    labels : mapping of str to str
        The interactions as shown.
    tau_2 : float
        Relaxation time of the holes in s.

    Returns
    -------
    list of dict of str

    Examples
    --------
    >>> from ehbilayer.drag import drag_coefficients
    >>> c = drag_coefficients(lam=0, d=20)
    >>> time_rows({("thomas-fermi", 20.0): c}, {"thomas-fermi": "Thomas–Fermi"}, 1e-9)[0]["20 nm (s)"]
    '1.057 × 10⁻⁷'
    """
    spacings = sorted({d for _, d in times})
    return [
        {"interaction": label}
        | {f"{d:.0f} nm (s)": scientific(times[kind, d].tau_D1, 3) for d in spacings}
        | {rf"$-\zeta$ at {spacings[-1]:.0f} nm": f"{100 * abs(times[kind, spacings[-1]].drag_ratio(tau_2)):.2f} %"}
        for kind, label in labels.items()
    ]


def layer_rows(layers: Mapping[str, DragCoefficients], tau_2: float) -> list[dict[str, str]]:
    r"""Drag times, second-order coefficients, drag ratio and nonreciprocity for each variant.

    Parameters
    ----------
    layers : mapping of str to DragCoefficients
        Keyed by the name that is shown.
    tau_2 : float
        Relaxation time of the holes in s.

    Returns
    -------
    list of dict of str

    Examples
    --------
    >>> from ehbilayer.drag import drag_coefficients
    >>> layer_rows({"parabolas": drag_coefficients(lam=0)}, 1e-9)[0][r"$\zeta^{(0)}$ (%)"]
    '−0.937'
    """
    return [
        {"variant": name}
        | {rf"$\tau_{{D{n}}}$ (ns)": f"{1e9 * tau:.1f}" for n, tau in enumerate((c.tau_D1, c.tau_D2), 1)}
        | {f"$K_{{{key[1:]}}}$": f"{1e5 * c.coefficients[key]:.3f}".replace("-", "−") for key in NAMES[2:]}
        | {r"$\zeta^{(0)}$ (%)": f"{100 * c.drag_ratio(tau_2):.3f}".replace("-", "−")}
        | {r"$\zeta^{(1)}/\zeta^{(0)}$ (%)": f"{100 * c.nonreciprocity(tau_2):+.2f}".replace("-", "−")}
        for name, c in layers.items()
    ]


def published_rows(found: DoubleLayer, law: float) -> list[dict[str, str]]:
    """What published work on two electron layers prints in its text, beside ours.

    Parameters
    ----------
    found : DoubleLayer
    law : float
        Coefficient of the law of low temperature for two spins.

    Returns
    -------
    list of dict of str
    """
    factor = r"$\rho_D$ in $\frac{h}{e^2}(T/E_{\mathrm F})^2/(q_{\mathrm{TF}}d)^2(k_{\mathrm F}d)^2$ for $T\to0$"
    plasmons = "with dynamic screening"
    cells = [
        (factor, "0.12", "levchenko2008", f"{law:.3f}"),
        (
            rf"$\rho_D/T^2$ {plasmons} turns up",
            rf"{PUBLISHED['upturn']:g} $T_{{\mathrm F}}$",
            "flensberg1994",
            rf"lowest at {found.lowest:g} $T_{{\mathrm F}}$",
        ),
        (
            rf"$\rho_D/T^2$ {plasmons} is largest",
            rf"{PUBLISHED['maximum']:g} $T_{{\mathrm F}}$",
            "flensberg1995",
            rf"{found.summit:g} $T_{{\mathrm F}}$",
        ),
        ("density ratio at which plasmon drag peaks", "equal Fermi velocities", "flensberg1995", f"{found.matched:g}"),
        (r"$\alpha$ in $T_{\mathrm{max}}\propto d^{-\alpha}$, static", "0.8", "jauho1993", f"{found.exponent:.2f}"),
        (
            "drag of dilute layers over the random-phase approximation",
            "more, depending on density",
            "kellogg2002",
            f"{found.gains[0]:.1f} at 5.3 × 10¹⁰, {found.gains[1]:.1f} at 2.65 × 10¹⁰ cm⁻², local field of Monte Carlo",
        ),
    ]
    return [
        {"quantity": quantity, "published": f"{value} {{cite}}`{source}`", "here": here}
        for quantity, value, source, here in cells
    ]
