"""Tables of the page on pairing by the dynamic interaction of the random-phase approximation."""

from collections.abc import Mapping

from IPython.display import Markdown

from ehbilayer.superconductivity.rpa_pairing import RpaTransition
from ehbook.page import table
from ehbook.tables import scientific

__all__ = ["local_fields", "velocities"]

_FIELDS = {
    "none": "RPA",
    "charge": "exchange in the charge",
    "exchange": "with spin fluctuations",
    "monte-carlo": "correlation in the charge",
}


def local_fields(found: Mapping[tuple[float, str], Mapping[str, RpaTransition]], fermi: float) -> Markdown:
    """T_c by distance (a_e) and holes, without and with local fields; `fermi` is the Fermi temperature (K)."""
    rows = []
    for (d, holes), results in found.items():
        row = {"holes": "none" if holes == "none" else rf"classical, $d = {d:g}\,a_{{\mathrm e}}$"}
        for field, title in _FIELDS.items():
            one = results[field]
            text = f"{scientific(one.temperature, 1)} ({1000 * one.temperature * fermi:.0f} mK)"
            row[title] = text if one.temperature else f"– ({one.eigenvalue_at_floor:.2f})"
        rows.append(row)
    return table(
        rows,
        name="tab-dynamic-local",
        caption=r"$T_c$ in $\varepsilon_{\mathrm F}/k_{\mathrm B}$ (and mK) of the dynamic interaction without and "
        "with Hubbard's local field of exchange, and with a local field of quantum Monte Carlo; where there is none, "
        "in brackets, the largest eigenvalue at the lowest temperature looked at.",
    )


def velocities(strengths: Mapping[str, tuple[str, float]]) -> Markdown:
    """Coupling, as text, and g_0 V by the source of the velocity."""
    return table(
        [{"velocity": name, r"$\lambda$": text, "$g_0V$": f"{g:+.3f}"} for name, (text, g) in strengths.items()],
        name="tab-dynamic-velocities",
        caption="Coupling and pairing strength of Eq. 4 with the velocities of this page, and the static RPA "
        "interaction.",
    )
