"""Tables of the page on the electron-liquid hole-crystal phase."""

from collections.abc import Mapping

from IPython.display import Markdown

from ehbilayer.hartree_fock import CrystalState, SupercellState
from ehbook.page import table

__all__ = ["energies", "solutions"]

#: Contributions to the energy as the state names them, and as a reader does.
PARTS = {
    "kinetic e": "kinetic energy of the electrons",
    "kinetic h": "kinetic energy of the holes",
    "Hartree e-e": "Hartree, electrons",
    "Hartree h-h": "Hartree, holes",
    "Hartree e-h": "Hartree, between the layers",
    "exchange e": "exchange of the electrons",
    "exchange h": "exchange of the holes",
    "zero mode": "periodic images",
}


def energies(raw: CrystalState, corrected: CrystalState) -> Markdown:
    """Contributions to the energy per pair (Ha_h) of one state for both treatments of the zero mode."""
    rows = [(text, raw.energy_parts[key] + 0.0, corrected.energy_parts[key]) for key, text in PARTS.items()]
    rows.append(("total", raw.energy_per_pair, corrected.energy_per_pair))
    return table(
        [
            {r"energy per pair (Ha$_{\mathrm h}$)": text, "$V(0) = 0$": f"{one:.5f}", "Madelung": f"{two:.5f}"}
            for text, one, two in rows
        ],
        name="tab-elhc-energies",
        caption="Contributions to the energy per pair of the symmetric state, for both treatments of the zero mode.",
    )


def solutions(entries: Mapping[str, tuple[CrystalState | SupercellState, float, float | None]]) -> Markdown:
    """State, hole gap and electron gap (eps_F; None for an open shell) by name; energies relative to the first."""
    origin = next(iter(entries.values()))[0]
    rows = []
    for name, (state, hole, electron) in entries.items():
        relative = 1e3 * (state.energy_per_pair - origin.energy_per_pair) / origin.fermi_energy
        rows.append(
            {
                "state": name,
                r"energy per pair (Ha$_{\mathrm h}$)": f"{state.energy_per_pair:.6f}",
                r"relative (10⁻³ $\varepsilon_{\mathrm F}$)": f"{relative:+.2f}",
                r"hole gap ($\varepsilon_{\mathrm F}$)": f"{abs(hole):.3f}",
                r"electron gap ($\varepsilon_{\mathrm F}$)": "–" if electron is None else f"{electron:.3f}",
            }
        )
    return table(
        rows,
        name="tab-elhc-solutions",
        caption="Solutions of the Hartree–Fock equations at this page's parameters, all with $V(0) = 0$.",
    )
