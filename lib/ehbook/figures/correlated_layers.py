"""Figure of the page on correlated layers."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from ehbook.phase_map import PHASES
from ehbook.plotting import COLORS, save_figure

__all__ = ["lines"]

_RADII, _SPACINGS = (10, 20, 50, 100, 200), (0.3, 0.5, 1, 2, 3, 5)


def lines(rows: Mapping[float, Sequence[Mapping[str, Any]]], star: tuple[float, float, Sequence[float]]) -> None:
    """Phases against r_s of the holes (a_h) and spacing (a_e) by mass ratio, from `phase_lines`.

    `star` marks points of the paper: mass ratio, spacing (a_e) and radii (a_h).
    """
    fig, axes = plt.subplots((len(rows) + 1) // 2, 2, figsize=(6.8, 3.1 * ((len(rows) + 1) // 2)), squeeze=False)
    frames = []
    for ax, (ratio, line) in zip(axes.flat, rows.items(), strict=False):
        data = pd.DataFrame(line)
        spacing = data["spacing"].to_numpy(float)
        onset, late, pairs = (data[name].to_numpy(float) for name in ("onset", "late_onset", "pairs"))
        right = np.where(np.isfinite(pairs), pairs, 1e4)
        begin = np.where(np.isfinite(onset), onset, 1e4)
        ax.fill_betweenx(spacing, 1.0, np.minimum(begin, right), color=PHASES["liquid"], lw=0)
        ax.fill_betweenx(spacing, np.minimum(begin, right), right, color=PHASES["EL-HC"], lw=0)
        ax.fill_betweenx(spacing, right, 1e4, color=PHASES["condensate"], lw=0)
        ax.fill_betweenx(
            spacing,
            np.minimum(begin, right),
            np.minimum(np.where(np.isfinite(late), late, 1e4), right),
            facecolor="none",
            edgecolor=COLORS["vermillion"],
            hatch="////",
            lw=0,
        )
        ax.plot(right, spacing, color="black")
        crystal = data["next_phase"] == "coupled crystal"
        ax.plot(right[crystal], spacing[crystal], "s", color="black", mfc=PHASES["coupled crystal"], zorder=4)
        ax.plot(np.where(begin < right, begin, np.nan), spacing, color=COLORS["vermillion"])
        ax.axhline(1.0, color="black", lw=0.8, ls=":")
        if ratio == star[0]:
            for radius, fill in zip(star[2], ("black", "white"), strict=False):
                ax.plot(radius, star[1], "*", color="black", mfc=fill, ms=12, zorder=5)
        ax.set(xscale="log", yscale="log", xlim=(10, 300), ylim=(spacing.min(), spacing.max()))
        ax.set_title(f"$m_h/m_e$ = {ratio:g}")
        ax.set_xticks(_RADII, [str(x) for x in _RADII])
        shown = [x for x in _SPACINGS if spacing.min() <= x <= spacing.max()]
        ax.set_yticks(shown, [f"{x:g}" for x in shown])
        ax.minorticks_off()
        ax.grid(False)
        frames.append(data.assign(ratio=ratio))
    for ax in axes[-1]:
        ax.set_xlabel("$r_s^h$ ($a_h$)")
    for ax in axes[:, 0]:
        ax.set_ylabel("spacing $d$ ($a_e$)")
    handles = [
        Patch(facecolor=face, edgecolor=edge, hatch=hatch, lw=0)
        for face, edge, hatch in (
            (PHASES["liquid"], "none", ""),
            (PHASES["EL-HC"], "none", ""),
            (PHASES["EL-HC"], COLORS["vermillion"], "////"),
            (PHASES["condensate"], "none", ""),
        )
    ]
    names = ("liquid", "EL-HC", "liquid or EL-HC", "condensate or coupled crystal")
    fig.legend(handles, names, loc="outside upper center", ncols=2, fontsize=11)
    units = {
        "spacing": "d (a_e)",
        "onset": "EL-HC from r_s (a_h)",
        "late_onset": "EL-HC from r_s, layers crossing at 37 (a_h)",
        "pairs": "pairs from r_s (a_h)",
        "next_phase": "phase of the pairs",
        "ratio": "m_h/m_e (1)",
    }
    save_figure(fig, "corr-lines", pd.concat(frames).rename(columns=units))
