"""Tables of the page on Eliashberg theory and the random-phase approximation."""

from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from ehbilayer.superconductivity.comparison import PairingOutcome
from ehbilayer.superconductivity.single_steps import SingleStep
from ehbook.page import table
from ehbook.tables import scientific

__all__ = ["methods", "singles", "sources"]


def methods(temperatures: Mapping[str, float], fermi: float) -> Markdown:
    """T_c (K) by formula, also over the Fermi temperature `fermi` (K)."""
    header = ["method", "$T_c$ (K)", r"$k_{\mathrm B}T_c/\varepsilon_{\mathrm F}$"]
    rows = [
        (name.replace("ε_F", r"$\varepsilon_{\mathrm F}$"), f"{warm:.3f}", scientific(warm / fermi, 1))
        for name, warm in temperatures.items()
    ]
    return table(
        [dict(zip(header, row, strict=True)) for row in rows],
        name="tab-beyond-methods",
        caption=r"$T_c$ at the point of this page with the same interaction and $\alpha$, by formula and by treatment "
        "of the repulsion: up to a cutoff, as $W(ε, ε′)$ of Eq. 1 at all energies, momentum by momentum, with the "
        "electrons' own dynamic screening.",
    )


def singles(steps: Sequence[SingleStep], kelvin: float, fermi: float) -> Markdown:
    """What each step alone makes of the base; `kelvin` is T_H, `fermi` the Fermi temperature (K)."""

    def number(value: float, form: str) -> str:
        return "–" if np.isnan(value) else f"{value:{form}}"

    rows = [
        {
            "step alone": x.name.replace("4d/a_e", r"$4d/a_{\mathrm e}$"),
            r"$\mu$": number(x.coulomb, ".3f"),
            r"$\lambda$": number(x.coupling, ".3f"),
            "$g_0V$": number(x.coulomb - x.coupling, "+.3f"),
            "$T_c$, BCS": _kelvin(x.bcs * kelvin),
            "$T_c$, retarded": _kelvin(x.eliashberg * kelvin),
        }
        for x in steps
    ]
    return table(
        rows,
        name="tab-beyond-singles",
        caption="One step at a time from the base in the first row; no entry: the step has no meaning in this formula. "
        + _fermi(fermi),
    )


def _kelvin(t: float) -> str:
    return "–" if np.isnan(t) else "0" if t == 0 else f"{t:.2f} K" if t > 5e-3 else "< 5 mK"


def _fermi(warm: float) -> str:
    return rf"$\varepsilon_{{\mathrm F}}/k_{{\mathrm B}} = {warm:.0f}$ K."


def sources(outcomes: Mapping[str, PairingOutcome], kelvin: float, fermi: float) -> Markdown:
    """What follows from each source of the squared velocity; `kelvin` is T_H, `fermi` the Fermi temperature (K)."""
    rows = [
        {
            r"$\alpha^2$ from": name,
            r"$\alpha^2$": f"{x.alpha_squared:.2f}",
            "$g_0V$": "–" if np.isnan(x.strength) else f"{x.strength:+.3f}",
            "$T_c$, BCS": _kelvin(x.bcs * kelvin),
            "$T_c$, Eliashberg": _kelvin(x.eliashberg * kelvin),
        }
        for name, x in outcomes.items()
    ]
    return table(
        rows,
        name="tab-beyond-chain",
        caption=r"$T_c$ by the source of $\alpha$; no entry: Eq. 6 gives no velocity. Boxes with $V(0) = 0$. "
        + _fermi(fermi),
    )
