"""Figures of the page on Hartree-Fock theory for two kinds of carriers."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd

from ehbilayer.hartree_fock.cutoff import CutoffSeries
from ehbilayer.hartree_fock.size_dependence import SizeSeries
from ehbook.plotting import COLORS, save_figure

__all__ = ["cutoff_errors", "zero_mode"]


def zero_mode(series: SizeSeries, images: Sequence[float]) -> None:
    """Energy and hole gap against 1/sqrt(N) by zero mode; `images` (Ha_h) is v_M of each box."""
    last = series.madelung[-1]
    x = [state.pairs**-0.5 for state in series.madelung]
    line = [0.0, *reversed(x)]
    law = [0.0, *reversed(images)]
    fig, axes = plt.subplots(2, 1, figsize=(6.0, 6.4), sharex=True)
    quantities = (
        (axes[0], "energy_per_pair", "energy per pair (Ha_h)", 1.0),
        (axes[1], "gap_indirect", "hole gap (eps_F)", -1.0 / last.fermi_energy),
    )
    styles = {"dropped": ("s", "vermillion", "$V(0) = 0$"), "madelung": ("o", "blue", "Madelung")}
    tables = []
    for mode, states in (("dropped", series.dropped), ("madelung", series.madelung)):
        marker, color, label = styles[mode]
        columns = {name: [getattr(state, attribute) for state in states] for _, attribute, name, _ in quantities}
        for ax, values in zip(axes, columns.values(), strict=True):
            ax.plot(x, values, marker, color=COLORS[color], ms=7, label=label)
        tables.append(pd.DataFrame({"zero mode": mode, "N (1)": [state.pairs for state in states], **columns}))
    for ax, attribute, _, slope in quantities:
        value = getattr(last, attribute)
        shifted = [value + slope * shift for shift in law]
        ax.plot(line, shifted, "--", color=COLORS["vermillion"], lw=1.2, label=r"limit shifted by $v_\mathrm{M}$")
        ax.axhline(value, color=COLORS["blue"], ls=":", lw=1.2)
    axes[0].set_ylabel(r"energy per pair (Ha$_\mathrm{h}$)")
    axes[1].set(xlabel=r"$1/\sqrt{N}$", ylabel=r"hole gap ($\varepsilon_\mathrm{F}$)", xlim=(0, max(x) * 1.06))
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1.0)
    save_figure(fig, "hf-zero-mode", pd.concat(tables))


def cutoff_errors(tests: Mapping[float, CutoffSeries]) -> None:
    """Energy error (Ha_h per pair) and occupation at the cutoff against the cutoff, one line for each r_s (a_h)."""
    fig, axes = plt.subplots(2, 1, figsize=(6.0, 6.8), sharex=True)
    tables = []
    for number, (r_s, test) in enumerate(tests.items()):
        color, marker = f"C{number}", "osD^vP*"[number % 7]
        fill = ["white" if occupation < 0.01 else color for occupation in test.occupations]
        for ax, values in zip(axes, (test.energy_errors, test.occupations), strict=True):
            ax.semilogy(test.cutoffs, values, color=color, lw=1.2, zorder=1)
            ax.scatter(test.cutoffs, values, marker=marker, s=42, c=fill, edgecolors=color, linewidths=1.4, zorder=2)
        axes[0].plot([], [], marker=marker, color=color, label=rf"$r_s^\mathrm{{h}}$ = {r_s:g} $a_\mathrm{{h}}$")
        columns = {
            "r_s (a_h)": r_s,
            "cutoff (|b|)": test.cutoffs,
            "energy error (Ha_h per pair)": test.energy_errors,
            "largest occupation at the cutoff (1)": test.occupations,
        }
        tables.append(pd.DataFrame(columns))
    axes[1].axhline(0.01, color=COLORS["black"], ls="--", lw=1.2)
    axes[1].annotate(
        "1 %", (next(iter(tests.values())).cutoffs[-1], 0.01), xytext=(0, 4), textcoords="offset points", ha="right"
    )
    axes[0].set(ylabel=r"energy error (Ha$_\mathrm{h}$ per pair)", ylim=(1e-10, 2e-2))
    axes[1].set(xlabel=r"cutoff ($|b|$)", ylabel="occupation at the cutoff", ylim=(1e-10, 0.3))
    fig.legend(loc="outside upper center", ncols=2)
    save_figure(fig, "hf-cutoff", pd.concat(tables))
