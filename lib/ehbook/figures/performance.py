"""Figures of the page on performance."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ehbook.plotting import COLORS, save_figure
from ehbook.tables import significant

__all__ = ["growth", "ratios"]


def ratios(paired: pd.DataFrame) -> None:
    """Time of the NumPy twin over ours for every kernel, with ours (ms) beside it; 1 is a tie."""
    rows = paired.sort_values("twin / ours")
    sizes = ["" if np.isnan(size) else f", N = {size:.0f}" for size in rows["N"].astype(float)]
    labels = [f"{case}{size}".replace("T_c", "$T_c$") for case, size in zip(rows["case"], sizes, strict=True)]
    fig, ax = plt.subplots(figsize=(6.6, 0.27 * len(rows) + 1.2))
    faster = rows["twin / ours"] >= 1
    for chosen, color, label in (
        (faster, "blue", "our kernel is faster"),
        (~faster, "vermillion", "the twin is faster"),
    ):
        place = np.flatnonzero(chosen)
        ax.hlines(place, 1, rows["twin / ours"].to_numpy()[place], color=COLORS[color], lw=2)
        ax.plot(rows["twin / ours"].to_numpy()[place], place, "o", color=COLORS[color], label=label)
    ax.axvline(1.0, color="black", lw=1.0)
    for place, time in enumerate(rows["ours (ms)"]):
        ax.annotate(
            f"{significant(float(time))} ms",
            (1.02, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=11,
        )
    ax.annotate("ours", (1.02, len(rows) - 0.3), xycoords=("axes fraction", "data"), va="bottom")
    ax.set(xscale="log", xlabel="time of the NumPy twin over ours", ylim=(-0.7, len(rows) - 0.3))
    ax.set_yticks(range(len(rows)), labels)
    ax.grid(axis="y", visible=False)
    fig.legend(loc="outside lower center", ncols=2)
    save_figure(fig, "performance-ratios", rows.rename(columns={"N": "N (1)", "twin / ours": "twin / ours (1)"}))


def growth(families: pd.DataFrame) -> None:
    """Times (ms) of our code, the twin and the goal against the number N of pairs, one colour for each kernel."""
    fig, ax = plt.subplots(figsize=(6.4, 5.0))
    for number, (name, rows) in enumerate(families.groupby("case", sort=False)):
        color, marker = f"C{number}", "osD^vP"[number % 6]
        ax.loglog(rows["N"], rows["ours (ms)"], marker + "-", color=color, label=name)
        ax.loglog(rows["N"], rows["twin (ms)"], marker + "--", color=color, mfc="white", lw=1.2)
        ax.loglog(rows["N"], rows["goal (ms)"], "_", color=color, ms=16, mew=2.5)
    ax.plot([], [], "--", color=COLORS["black"], lw=1.2, label="NumPy twin")
    ax.plot([], [], "_", color=COLORS["black"], ms=12, mew=2.5, label="goal")
    sizes = sorted(set(families["N"]))
    ax.set_xticks(sizes, [f"{n:.0f}" for n in sizes])
    ax.xaxis.minorticks_off()
    ax.set(xlabel="pairs in the box $N$", ylabel="time (ms)")
    fig.legend(loc="outside lower center", ncols=2)
    save_figure(
        fig,
        "performance-growth",
        families.rename(columns={"N": "N (1)", "difference": "difference (1)", "twin / ours": "twin / ours (1)"}),
    )
