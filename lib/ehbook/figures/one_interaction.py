"""Figures of the page on plateau and friction from one interaction."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ehbook.plotting import COLORS, save_figure

__all__ = ["curve", "temperature"]

_HUES = ("blue", "vermillion", "green", "purple")


def curve(curves: pd.DataFrame, places: pd.DataFrame) -> None:
    """Drag ratio against drive current (µA), a panel for each relaxation time (ps); circles where it was computed."""
    times = list(dict.fromkeys(curves["tau_2 (ps)"]))
    fig, axes = plt.subplots(1, len(times), figsize=(7.0, 4.4), sharey=True, squeeze=False)
    for ax, time in zip(axes[0], times, strict=True):
        part = curves[curves["tau_2 (ps)"] == time]
        for (T, line), hue in zip(part.groupby("T (K)"), _HUES, strict=False):
            ax.plot(line["I (uA)"], line["zeta (1)"], color=COLORS[hue], label=f"{T:g} K")
            dots = places[(places["tau_2 (ps)"] == time) & (places["T (K)"] == T)]
            ax.plot(dots["I (uA)"], dots["zeta (1)"], "o", color=COLORS[hue], ms=5)
        ax.set(xlabel="drive current (µA)", title=rf"$\tau_2$ = {time:g} ps")
    axes[0, 0].set(ylabel=r"drag ratio $\zeta$", ylim=(-1.05, 0.05))
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    save_figure(fig, "ladder-curve", pd.concat([curves.assign(kind="curve"), places.assign(kind="computed")]))


def temperature(table: pd.DataFrame) -> None:
    """Linear drag ratio against T/T_c by interaction and relaxation time (ps); dashed: too short lives."""
    fig, ax = plt.subplots(figsize=(6.6, 4.6))
    times = list(dict.fromkeys(table["tau_2 (ps)"]))
    for time, hue in zip(times, _HUES, strict=False):
        part = table.loc[table["tau_2 (ps)"] == time].sort_values(by="T/T_c (1)")
        x = part["T/T_c (1)"]
        ax.plot(x, part["ladder (1)"], color=COLORS[hue], ls="--", lw=1.2)
        ax.plot(x, part["ladder (1)"].where(part["hbar/tau_D k_B T (1)"] < 1), color=COLORS[hue], label=f"{time:g} ps")
        ax.plot(x, part["screened (1)"], color=COLORS[hue], ls=":")
    ax.plot([], [], color="black", ls="--", lw=1.2, label=r"$\hbar/\tau_{\mathrm{D}} > k_{\mathrm{B}}T$")
    ax.plot([], [], color="black", ls=":", label="screened, once")
    ax.axvline(1.0, color="gray", lw=0.8)
    ticks = [1, 2, 4, 8]
    ax.set(xlabel=r"$T/T_{\mathrm{c}}$", ylabel=r"linear drag ratio $\zeta$", xscale="log", ylim=(-1.05, 0.05))
    ax.set_xticks([x for x in ticks if x <= np.max(table["T/T_c (1)"])], labels=None)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    ax.xaxis.set_minor_formatter(lambda x, _: "")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    save_figure(fig, "ladder-temperature", table)
