"""Figures of the page on the exciton condensate."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from ehbilayer.condensate import CondensateState
from ehbilayer.condensate.size import pair_size
from ehbilayer.phases.footing import MottFootings
from ehbook.plotting import COLORS, save_figure

__all__ = ["footings", "fraction", "mott", "occupation", "spins"]

_LIQUID = "#e8e8e8"


def occupation(series: Mapping[float, CondensateState]) -> None:
    """Occupation and gap function (Ha_h) against k in 1/r_s, by r_s (a_h)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.3))
    frames = []
    for (radius, state), color in zip(series.items(), ("blue", "green", "vermillion"), strict=True):
        rows = pd.DataFrame(
            {
                "r_s (a_h)": radius,
                "k (1/r_s)": state.wave_numbers * radius,
                "occupation (1)": state.occupations,
                "gap function (Ha_h)": state.gap_function,
            }
        )
        rows = rows[rows["k (1/r_s)"] < 12]
        for ax, name in zip(axes, rows.columns[2:], strict=True):
            ax.plot(rows["k (1/r_s)"], rows[name], color=COLORS[color], label=rf"$r_s^h$ = {radius:g} $a_h$")
        frames.append(rows)
    axes[0].axvline(2, color="black", lw=0.8, ls=":")
    for ax in axes:
        ax.set(xlabel=r"wave number $k$ ($1/r_s$)", xlim=(0, 8), ylim=(0, None))
    axes[0].set_ylabel(r"occupation $n_k$")
    axes[1].set_ylabel(r"gap function $\Delta_k$ (Ha$_h$)")
    axes[0].legend(loc="upper right")
    save_figure(fig, "cond-occupation", pd.concat(frames))


def _pairs(ratio, state):
    return {
        "m_h/m_e (1)": ratio,
        "r_s (a_h)": state.parameters["r_s"],
        "pair size (a_h)": pair_size(state),
        "condensed fraction (1)": state.condensate_fraction,
    }


def fraction(curves: Mapping[float, Sequence[CondensateState]], crossings: Mapping[float, CondensateState]) -> None:
    """Pair size (a_h) and condensed fraction against r_s (a_h) for each mass ratio; the crossings as circles."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.7))
    frames = []
    for (ratio, states), color in zip(curves.items(), COLORS.values(), strict=False):
        rows = pd.DataFrame([_pairs(ratio, state) for state in states]).assign(curve="along r_s")
        at = pd.DataFrame([_pairs(ratio, crossings[ratio])]).assign(curve="liquid as low")
        frames += [rows, at]
        for ax, name in zip(axes, ("pair size (a_h)", "condensed fraction (1)"), strict=True):
            ax.plot(rows["r_s (a_h)"], rows[name], color=color, label=f"$m_h/m_e$ = {ratio:g}")
            ax.plot(at["r_s (a_h)"], at[name], "o", color=color, mfc="white")
    reach = np.array([1.5, 60.0])
    axes[0].plot(reach, reach, ":", color="black")
    axes[0].text(13, 24, "size = $r_s^h$", rotation=38, rotation_mode="anchor")
    for ax in axes:
        ax.set(xscale="log", xlabel=r"$r_s^h$ ($a_h$)")
        ax.set_xticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
        ax.minorticks_off()
    axes[0].set(yscale="log", ylabel=r"size of a pair ($a_h$)", ylim=(0.9, 300))
    axes[0].set_yticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
    axes[0].minorticks_off()
    axes[1].set(ylabel="condensed fraction", ylim=(0, 1))
    axes[1].legend(loc="lower right", fontsize=10, handlelength=1.0)
    save_figure(fig, "cond-fraction", pd.concat(frames))


def _ratio_axis(ax: Axes, ratios: Sequence[int]) -> None:
    ax.set(xscale="log", xlabel=r"mass ratio $m_h/m_e$")
    ax.set_xticks(ratios, [str(ratio) for ratio in ratios])
    ax.minorticks_off()


def mott(line: xr.Dataset, boundary: xr.Dataset, equal: pd.DataFrame, polarising: float) -> None:
    """Liquid/condensate crossings (lines) and boundaries with the lowest Hartree-Fock state (symbols), r_s in a_h.

    `equal`: of `ehbilayer.phases.surveys.square_windows`, whose EC-HL ends at the condensate.
    """
    frames = [
        line[["r_s", "error"]].to_dataframe().reset_index().assign(line="liquid/condensate", phase="liquid"),
        boundary[["r_s", "error", "phase"]].to_dataframe().reset_index(),
        equal[["upper", "upper_error"]]
        .set_axis(["r_s", "error"], axis=1)
        .rename_axis("d")
        .reset_index()
        .assign(mass_ratio=1.0, phase="EC-HL"),
    ]
    table = pd.concat(frames).fillna({"line": "lowest Hartree-Fock state/condensate"})
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.9))
    markers = {"EL-HC": "s", "coupled crystal": "D", "EC-HL": "^"}
    for (spacing, rows), color in zip(table.groupby("d"), ("blue", "green", "vermillion"), strict=True):
        for ax, in_electrons in zip(axes, (False, True), strict=True):
            values = rows["r_s"] / (rows["mass_ratio"] if in_electrons else 1.0)
            crossing = rows["line"] == "liquid/condensate"
            label = f"$d$ = {spacing:g} $a_h$"
            ax.plot(rows["mass_ratio"][crossing], values[crossing], color=COLORS[color], label=label)
            for phase, marker in markers.items():
                here = ~crossing & (rows["phase"] == phase)
                ax.plot(rows["mass_ratio"][here], values[here], marker, color=COLORS[color], mfc="white", ms=7)
    shown = {phase: marker for phase, marker in markers.items() if phase in set(table["phase"])}
    for phase, marker in shown.items():
        axes[1].plot([], [], marker, color="black", mfc="white", ms=7, label=f"{phase}/condensate")
    reach = np.array([1.0, 10.0])
    for ax, bound in zip(axes, (polarising * reach, polarising + 0 * reach), strict=True):
        ax.plot(reach, bound, ":", color="black", label="electrons polarise")
        _ratio_axis(ax, (1, 2, 4, 10))
    axes[0].set(ylabel=r"$r_s^h$ ($a_h$)", yscale="log")
    axes[0].set_yticks([2, 5, 10, 20], ["2", "5", "10", "20"])
    axes[0].minorticks_off()
    axes[1].set(ylabel=r"$r_s^e$ ($a_e$)", ylim=(0.7, 3.3))
    fig.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    names = {
        "d": "d (a_h)",
        "mass_ratio": "m_h/m_e (1)",
        "r_s": "r_s (a_h)",
        "error": "error (a_h)",
        "phase": "phase on the dense side",
    }
    save_figure(fig, "cond-mott", table.rename(columns=names))


def spins(windows: pd.DataFrame, headline: tuple[float, float]) -> None:
    """Where the liquid is below condensates of every spin, in r_s of the electrons; `headline` is (ratio, r_s^e)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.9), sharey=True)
    for ax, (spacing, rows) in zip(axes, windows.groupby("spacing", sort=False), strict=True):
        ratio = rows["m_h/m_e (1)"]
        low, high, alone = (rows[f"{name} r_s (a_h)"] / ratio for name in ("lower", "upper", "polarised alone"))
        ax.fill_between(ratio, low, high, color=_LIQUID)
        ax.plot(ratio, high, "o-", color=COLORS["blue"], label="pairs of any spin")
        ax.plot(ratio, low, "o-", color=COLORS["blue"])
        ax.plot(ratio, alone, "--", color=COLORS["vermillion"], label="polarised pairs only")
        ax.set(title=f"$d$ = ${spacing}$", yscale="log", ylim=(0.08, 4))
        _ratio_axis(ax, (1, 2, 4, 10, 20))
        ax.text(13, 0.45, "liquid", ha="center")
        ax.text(1.2, 0.22, "condensate,\nboth spins", fontsize=11)
        ax.text(6, 2.5, "condensate", ha="center", fontsize=11)
    axes[1].plot(*headline, "*", color="black", ms=11, ls="", label="superconductor\nof the paper")
    axes[0].set_ylabel(r"$r_s^e$ ($a_e$)")
    axes[0].set_yticks([0.1, 0.2, 0.5, 1, 2], ["0.1", "0.2", "0.5", "1", "2"])
    axes[0].minorticks_off()
    axes[0].legend(loc="lower left", fontsize=10)
    axes[1].legend(*([item[-1:] for item in axes[1].get_legend_handles_labels()]), loc="lower left", fontsize=10)
    save_figure(fig, "cond-spins", windows)


def footings(result: MottFootings) -> None:
    """Energy of the liquid minus that of the condensate (Ha_h) against r_s (a_h) on three footings."""
    fig, ax = plt.subplots(figsize=(6.0, 3.6))
    names = {
        "limit": ("both in the limit", "-", "blue"),
        "box": ("both in the box, $V(0) = 0$", "--", "green"),
        "mixed": ("liquid in the box,\ncondensate in the limit", "-.", "vermillion"),
    }
    inside = (result.r_s > 0.45 * result.r_s.mean()) & (result.r_s < 1.35 * result.r_s.mean())
    for name, (label, style, color) in names.items():
        ax.plot(result.r_s[inside], result.differences[name][inside], style, color=COLORS[color], label=label)
        ax.plot(result.crossings[name], 0, "o", color=COLORS[color], mfc="white")
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel=r"$r_s^h$ ($a_h$)", ylabel="liquid minus condensate\n(Ha$_h$ per pair)")
    ax.legend(loc="lower right")
    columns = {f"{name} (Ha_h)": values for name, values in result.differences.items()}
    save_figure(fig, "cond-footing", pd.DataFrame({"r_s (a_h)": result.r_s} | columns))
