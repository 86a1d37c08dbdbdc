"""Figures of the page on one device and its drag-ratio curve."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, Rectangle

from ehbook.plotting import COLORS, SEQUENTIAL, save_figure

__all__ = ["asymmetry", "circuit", "curve", "friction"]

_ELECTRON, _HOLE = COLORS["blue"], COLORS["vermillion"]
_THEORIES = {"drifting equilibrium": "blue", "relaxation time": "green", "dynamic RPA": "purple"}

#: Plateau of each temperature (K): the two critical currents in µA, or None.
Limits = Mapping[float, tuple[float, float] | None]


def circuit() -> None:
    """The drag experiment: source over the electrons, ammeter over the holes; pairs (above) and friction (below)."""
    fig, axes = plt.subplots(2, 1, figsize=(6.6, 6.6))
    elements = []
    for ax, title, paired in zip(
        axes,
        ("condensate: pairs carry both currents, $\\zeta = -1$", "two liquids: friction, $|\\zeta| \\ll 1$"),
        (True, False),
        strict=True,
    ):
        _strip(ax)
        rows = _pairs(ax) if paired else _liquids(ax)
        ax.text(5.0, 5.85, title, ha="center")
        elements += [{"panel": title.split(":")[0], **row} for row in rows]
        ax.set(xlim=(-0.6, 10.6), ylim=(-2.4, 6.3), aspect="equal")
        ax.set_axis_off()
    save_figure(fig, "device-circuit", pd.DataFrame(elements))


def _strip(ax: Axes) -> None:
    for y, color, label in ((2.9, _ELECTRON, "electron layer"), (0.6, _HOLE, "hole layer")):
        ax.add_patch(Rectangle((1.0, y), 8.0, 0.5, facecolor=color, alpha=0.25, edgecolor=color))
        ax.text(0.85, y + 0.25, label.replace(" ", "\n"), ha="right", va="center", color=color)
    for y, turn, sign, label in ((3.15, 4.9, -1, "$I_{\\mathrm{drive}}$"), (0.85, -1.4, 1, "$I_{\\mathrm{drag}}$")):
        ax.plot([9.0, 9.7, 9.7, 1.6, 1.6], [y, y, turn, turn, y], color="0.25", lw=1.5, zorder=0)
        ax.add_patch(Circle((5.0, turn), 0.55, facecolor="white", edgecolor="0.25", lw=1.5))
        ax.text(7.0, turn + 0.12, label, ha="center", va="bottom")
        if turn > 0:
            ax.annotate("", (5.0 - 0.4, turn), (5.0 + 0.4, turn), arrowprops={"arrowstyle": "->", "lw": 1.8})
            ax.text(3.5, turn + 0.12, "source", ha="center", va="bottom")
        else:
            ax.text(5.0, turn, "A", ha="center", va="center")
            ax.text(1.75, turn + 0.12, "short circuit", ha="left", va="bottom", fontsize="small")
        ax.annotate("", (7.0 - 0.6 * sign, turn), (7.0 + 0.6 * sign, turn), arrowprops={"arrowstyle": "-|>", "lw": 1.2})


def _pairs(ax: Axes) -> list[dict]:
    rows = []
    for x in np.linspace(2.4, 7.6, 5):
        ax.add_patch(Ellipse((x, 2.0), 0.75, 3.3, facecolor="0.85", edgecolor="0.5", alpha=0.6, zorder=1))
        for y, color, kind in ((3.15, _ELECTRON, "electron"), (0.85, _HOLE, "hole")):
            ax.plot(x, y, "o", color=color, ms=9, zorder=3)
            rows.append({"carrier": kind, "x (arbitrary units)": x, "y (arbitrary units)": y})
        ax.annotate("", (x + 0.85, 2.0), (x, 2.0), arrowprops={"arrowstyle": "-|>", "lw": 1.5})
    return rows


def _liquids(ax: Axes) -> list[dict]:
    rows = []
    for y, color, kind, length, shift in ((3.15, _ELECTRON, "electron", 1.0, 0.0), (0.85, _HOLE, "hole", 0.4, 0.55)):
        for x in np.linspace(1.9, 7.6, 6) + shift:
            ax.plot(x, y, "o", color=color, ms=9, zorder=3)
            ax.annotate("", (x + length, y), (x, y), arrowprops={"arrowstyle": "-|>", "lw": 1.5, "color": color})
            rows.append({"carrier": kind, "x (arbitrary units)": x, "y (arbitrary units)": y})
    for x in (2.2, 3.3, 8.3):
        y = np.linspace(1.15, 2.85, 80)
        ax.plot(x + 0.13 * np.sin(2 * np.pi * (y - y[0]) / 0.42), y, color="0.45", lw=1.3)
    ax.text(5.8, 2.0, "Coulomb scattering", ha="center", va="center", color="0.35")
    return rows


def curve(curves: pd.DataFrame, limits: Limits) -> None:
    """Drag ratio against drive current (µA), mirrored curves dashed; below, the frictional part in per cent."""
    fig, axes = plt.subplots(2, 1, figsize=(6.6, 6.4), sharex=True, height_ratios=(3, 2))
    ends = [(T, pair) for T, pair in limits.items() if pair]
    groups = list(curves.groupby("T (K)"))
    for (T, part), color in zip(groups, _shades(len(groups)), strict=True):
        axes[0].plot(part["I (uA)"], part["zeta (1)"], color=color, label=f"{T:g} K")
        axes[0].plot(-part["I (uA)"], part["zeta (1)"], color=color, lw=1.0, ls="--")
        beyond = part["zeta (1)"].where(part["zeta (1)"] > -1)
        axes[1].plot(part["I (uA)"], 100 * beyond, color=color)
    axes[0].plot([], [], color="black", lw=1.0, ls="--", label="current reversed")
    if ends:
        T, pair = min(ends)
        for place, name, side in zip(pair, ("-", "+"), (-1, 1), strict=True):
            axes[0].annotate(
                f"$I_{{\\mathrm{{c}}{name}}}$\n{place:.2f} µA".replace("\n-", "\n−"),
                (place, -0.5),
                xytext=(place + side * 0.12 * curves["I (uA)"].max(), -0.5),
                ha="left" if side > 0 else "right",
                va="center",
                arrowprops={"arrowstyle": "->"},
            )
    axes[0].set(ylabel=r"drag ratio $\zeta$", ylim=(-1.08, 0.08))
    axes[1].set(xlabel=r"drive current $I_{\mathrm{drive}}$ (µA)", ylabel=r"friction, $\zeta$ (%)")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    save_figure(fig, "device-curve", curves)


def asymmetry(
    table: pd.DataFrame, scans: pd.DataFrame, marks: Mapping[str, float], per_meV: float, paper: Mapping[str, float]
) -> None:
    """Plateau's asymmetry (%) against the in-plane Zeeman energy (meV; above, in tesla), and against other parameters.

    Marked are fields, and the `paper`'s set with its field (meV) and asymmetry (%); open symbols where a second band is
    occupied.
    """
    fig, axes = plt.subplots(1, 2, figsize=(7.2, 4.6), sharey=True)
    groups = list(table.groupby("T (K)"))
    for (T, part), hue in zip(groups, _shades(len(groups)), strict=True):
        axes[0].plot(part["B (meV)"], part["asymmetry (%)"], "-", color=hue)
        _points(axes[0], "B (meV)", part, hue, f"{T:g} K")
    for (name, B), color in zip(marks.items(), (COLORS["purple"], COLORS["vermillion"]), strict=False):
        axes[0].axvline(B, color=color, ls="--", lw=1.4, label=name)
    if paper:
        axes[0].plot(paper["B"], paper["asymmetry"], "*", ms=14, color="black", label="paper's set (diode page)")
    for name, field in dict.fromkeys(zip(scans["parameter"], scans["field"], strict=True)):
        part = scans.query("parameter == @name and field == @field")
        style = "-" if field == "this device" else "--"
        color = COLORS["blue"] if name == "lam" else COLORS["green"]
        label = rf"$\lambda$, {field}" if name == "lam" else f"$J$, {field}"
        axes[1].plot(part["multiple (1)"], part["asymmetry (%)"], style, color=color, label=label)
        _points(axes[1], "multiple (1)", part, color, None)
    for ax in axes:
        ax.axhline(0.0, color="gray", lw=0.8)
    axes[0].set(xlabel="in-plane Zeeman energy (meV)", ylabel="asymmetry of the plateau (%)")
    axes[1].set(xlabel=r"multiple of the device's $\lambda$ or $J$")
    upper = axes[0].secondary_xaxis(
        "top", functions=(lambda x: np.asarray(x) * per_meV, lambda x: np.asarray(x) / per_meV)
    )
    upper.set_xlabel("field at $g = 2$ (T)")
    handles = [ax.get_legend_handles_labels() for ax in axes]
    fig.legend(handles[0][0] + handles[1][0], handles[0][1] + handles[1][1], loc="outside lower center", ncols=3)
    save_figure(fig, "device-asymmetry", pd.concat([table, scans]))


def _shades(count: int) -> np.ndarray:
    """Colours of temperatures, from cold to warm."""
    return plt.get_cmap(SEQUENTIAL)(np.linspace(0.0, 0.8, count))


def _points(ax: Axes, along: str, part: pd.DataFrame, color: object, label: str | None) -> None:
    valid = part["one band"].to_numpy(dtype=bool)
    x, y = part[along].to_numpy(), part["asymmetry (%)"].to_numpy()
    ax.plot(x[valid], y[valid], "o", color=color, label=label)
    ax.plot(x[~valid], y[~valid], "o", color=color, mfc="white")


def friction(lines: pd.DataFrame, fast: pd.DataFrame, limits: Limits) -> None:
    """Frictional drag ratio (%) against drive current (µA) by theory, a panel for each temperature."""
    fig, axes = plt.subplots(2, 2, figsize=(7.0, 6.4), sharex=True, squeeze=False)
    for ax, (T, pair) in zip(axes.flat, limits.items(), strict=False):
        low, high = pair or (0.0, 0.0)
        for name, hue in _THEORIES.items():
            part = lines[(lines["T (K)"] == T) & (lines["theory"] == name)]
            for side in (part[part["I (uA)"] <= low], part[part["I (uA)"] >= high]):
                ax.plot(side["I (uA)"], 100 * side["zeta (1)"], color=COLORS[hue])
            part = fast[(fast["T (K)"] == T) & (fast["theory"] == name)]
            ax.plot(part["I (uA)"], 100 * part["zeta (1)"], "o", color=COLORS[hue], ms=5)
        ax.axvspan(low, high, color="lightgray", lw=0)
        ax.set_title(f"{T:g} K")
    _finish(fig, axes)
    save_figure(fig, "device-friction", pd.concat([lines, fast.assign(theory=fast["theory"] + ", any drift")]))


def _finish(fig: Figure, axes: np.ndarray) -> None:
    for name, hue in _THEORIES.items():
        axes[1, 0].plot([], [], color=COLORS[hue], label=name)
    axes[1, 0].plot([], [], "o", color="black", mfc="white", ms=5, label="any drift, in its theory's colour")
    axes[1, 0].axvspan(0, 0, color="lightgray", lw=0, label="condensate")
    for row in axes:
        row[0].set_ylabel(r"friction, $\zeta$ (%)")
    for ax in axes[1]:
        ax.set_xlabel("drive current (µA)")
    fig.legend(*axes[1, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
