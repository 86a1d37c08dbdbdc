"""Tables of the page on Hartree-Fock theory for two kinds of carriers."""

from collections.abc import Mapping, Sequence

from IPython.display import Markdown

from ehbilayer.hartree_fock import CrystalState
from ehbilayer.hartree_fock.cutoff import CutoffSeries
from ehbilayer.hartree_fock.size_dependence import SizeSeries
from ehbook.page import table
from ehbook.tables import scientific

__all__ = ["cutoff_criterion", "open_shells", "zero_mode", "zero_point"]


def zero_mode(series: SizeSeries, images: Sequence[float]) -> Markdown:
    """Energies (Ha_h) and gaps (eps_F) by box and zero mode; `images` (Ha_h) is v_M of each box."""
    return table(
        [
            {
                "$N$": f"{raw.pairs}",
                r"$v_{\mathrm M}$ $(\mathrm{Ha}_{\mathrm h})$": f"{image:.5f}",
                "energy, $V(0)=0$": f"{raw.energy_per_pair:.5f}",
                "energy, Madelung": f"{corrected.energy_per_pair:.5f}",
                "gap, $V(0)=0$": f"{raw.gap_indirect:.3f}",
                "gap, Madelung": f"{corrected.gap_indirect:.3f}",
                "direct gap, $V(0)=0$": f"{raw.gap_direct:.3f}",
                "direct gap, Madelung": f"{corrected.gap_direct:.3f}",
            }
            for raw, corrected, image in zip(series.dropped, series.madelung, images, strict=True)
        ],
        name="tab-hf-zero-mode",
        caption=r"Energy per pair $(\mathrm{Ha}_{\mathrm h})$ and hole gap $(\varepsilon_{\mathrm F})$ against the "
        "size of the box.",
        align="rrrrrrrr",
    )


def cutoff_criterion(tests: Mapping[float, CutoffSeries], bound: float, tolerance: float) -> Markdown:
    """First cutoff with all occupations below `bound`, what it leaves out, and the first with the gap (eps_F) right."""
    rows = []
    for r_s, test in tests.items():
        met, good = test.first_occupied_below(bound), test.first_gap_within(tolerance)
        n = -1 if met is None else met
        rows.append(
            {
                r"$r_s^{\mathrm h}$": f"{r_s:g}",
                "$c$, criterion": "beyond the list" if met is None else f"{test.cutoffs[n]:g}",
                "occupation": f"{100 * test.occupations[n]:.2f} %",
                r"energy error $(\mathrm{Ha}_{\mathrm h})$": scientific(test.energy_errors[n]),
                r"gap error $(\varepsilon_{\mathrm F})$": f"{test.gap_errors[n]:+.3f}",
                r"gap $(\varepsilon_{\mathrm F})$": f"{test.reference.gap_indirect:.3f}",
                "$c$, gap converged": "beyond the list" if good is None else f"{test.cutoffs[good]:g}",
            }
        )
    return table(
        rows,
        name="tab-hf-cutoff",
        caption=r"Smallest cutoff $c\,\lvert b\rvert$ that meets the criterion, what it leaves out, and the smallest "
        rf"with the gap right to {tolerance:g} $\varepsilon_{{\mathrm F}}$.",
        align="rrrrrrr",
    )


def open_shells(shells: Mapping[int, Mapping[str, CrystalState]]) -> Markdown:
    """Energies per pair (Ha_h) with fractional and whole occupations of the open shell, by mesh."""
    rows = []
    for n, pair in shells.items():
        part, whole = pair["fractional"], pair["integer"]
        open_shell = [value for value in part.state.occupations[0].ravel() if 1e-9 < value < 1 - 1e-9]
        rows.append(
            {
                "$N$": f"{n * n}",
                "electrons per spin": f"{n * n // 2}",
                "occupation of the open shell": f"{open_shell[0]:.3f}" if open_shell else "closed",
                "energy, fractional": f"{part.energy_per_pair:.6f}",
                "energy, integer": f"{whole.energy_per_pair:.6f}",
                "difference": scientific(whole.energy_per_pair - part.energy_per_pair),
                r"difference of the gaps $(\varepsilon_{\mathrm F})$": f"{whole.gap_indirect - part.gap_indirect:+.4f}",
            }
        )
    return table(
        rows,
        name="tab-hf-shells",
        caption=r"Two ways of filling an open shell: energy per pair in $\mathrm{Ha}_{\mathrm h}$ with $V(0) = 0$.",
        align="rrrrrrr",
    )


def zero_point(rows: Mapping[str, Sequence[float]], radii: Sequence[float]) -> Markdown:
    """Zero-point energies times r_s^(3/2) (Ha) at some `radii` (Bohr radii) and in the limit, by box."""
    heads = [*(f"$r_s = {r_s:g}$" for r_s in radii), r"$r_s \to \infty$"]
    return table(
        [{"": name, **{head: f"{x:.4f}" for head, x in zip(heads, row, strict=True)}} for name, row in rows.items()],
        name="tab-hf-crystal",
        caption="Zero-point energy of the polarised one-layer crystal, times $r_s^{3/2}$.",
    )
