"""Figures of the page on the drag derivation."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, Polygon

from ehbook.plotting import COLORS, save_figure

__all__ = ["ansatz", "collision", "raw_force"]

_ELECTRON, _HOLE = COLORS["blue"], COLORS["vermillion"]
_HUES = ("blue", "vermillion", "green", "purple")


def ansatz(forms: pd.DataFrame) -> None:
    """Relative change of the drag ratio at 1 A/m for each `form`; `kind` is "limit", "assumed" or "printed"."""
    fig, ax = plt.subplots(figsize=(6.0, 3.9))
    shades = {"limit": COLORS["blue"], "assumed": COLORS["sky"], "printed": "0.65"}
    titles = {"limit": "solves the kinetic equation in a limit", "assumed": "assumed", "printed": "printed formulas"}
    values = 100 * forms["relative nonreciprocity at 1 A/m (1)"]
    reach = 1.6 * values.abs().max()
    for kind, rows in values.groupby(forms["kind"], sort=False):
        ax.barh(-rows.index.to_numpy(), rows, color=shades[str(kind)], height=0.62, label=titles[str(kind)])
    for row, value in enumerate(values.tolist()):
        ax.annotate(
            f"{value:+.2f}".replace("-", "−"),
            (value, -row),
            xytext=(4 if value >= 0 else -4, 0),
            textcoords="offset points",
            ha="left" if value >= 0 else "right",
            va="center",
        )
    ax.axvline(0.0, color="black", lw=0.8)
    ax.set(xlabel=r"change of the drag ratio $\zeta^{(1)}/\zeta^{(0)}$ at 1 A/m (%)", xlim=(-reach, reach))
    ax.set_yticks(-forms.index.to_numpy(), forms["form"])
    ax.grid(visible=False, axis="y")
    fig.legend(loc="outside upper center", ncol=2)
    save_figure(fig, "drag-ansatz", forms)


def collision(u: float = 0.4) -> None:
    """Sketch of the experiment, and of one collision of electrons with the drift u (k_F) with holes at rest."""
    fig, (device, plane) = plt.subplots(1, 2, figsize=(6.0, 3.4), width_ratios=(1.15, 1.0))
    for y, color, name in ((1.0, _ELECTRON, "electrons"), (0.0, _HOLE, "holes")):
        sheet = [(0.0, y), (2.2, y), (2.7, y + 0.45), (0.5, y + 0.45)]
        device.add_patch(Polygon(sheet, facecolor=color, alpha=0.3, edgecolor=color))
        _arrow(device, (0.75, y + 0.22), (1.75, y + 0.22), color)
        device.text(2.85, y + 0.22, name, color=color, va="center")
    device.text(0.95, 1.31, r"$v_1$", ha="center", va="bottom")
    device.text(0.95, 0.31, r"$v_2$", ha="center", va="bottom")
    wave = np.linspace(0.0, 1.0, 200)
    device.plot(1.25 + 0.05 * np.sin(10 * np.pi * wave), 0.97 - 0.5 * wave, color="black", lw=1.2)
    device.text(1.4, 0.72, r"$U(q)$", va="center")
    # In the layers the currents flow against the electrons and with the holes; the wires close them.
    device.plot([0.7, 0.7, 1.45], [1.45, 1.95, 1.95], [1.55, 2.6, 2.6], [1.95, 1.95, 1.45], color="black", lw=1.2)
    for x, half in ((1.45, 0.1), (1.55, 0.2)):
        device.plot([x, x], [1.95 - half, 1.95 + half], color="black", lw=1.6)
    _arrow(device, (1.75, 1.95), (2.45, 1.95), "black")
    device.text(2.1, 2.1, r"$I_\mathrm{drive}$", ha="center", va="bottom")
    device.plot([0.1, 0.1, 2.1, 2.1], [0.0, -0.5, -0.5, 0.0], color="black", lw=1.2)
    _arrow(device, (1.6, -0.5), (0.7, -0.5), "black")
    device.text(1.1, -0.62, r"$I_\mathrm{drag}$, short-circuited", ha="center", va="top")
    device.set(xlim=(-0.1, 4.1), ylim=(-1.05, 2.5), aspect="equal")
    angle = np.linspace(0.0, 2 * np.pi, 121)
    frames = []
    for (x, y), color, name in (((u, 1.25), _ELECTRON, "electrons"), ((0.0, -1.25), _HOLE, "holes")):
        plane.add_patch(Circle((x, y), 1.0, facecolor=color, alpha=0.3, edgecolor=color))
        plane.add_patch(Circle((0.0, y), 1.0, fill=False, ls=":", edgecolor="0.4"))
        points = {"k_x (k_F)": x + np.cos(angle), "k_y (k_F)": np.sin(angle)}
        frames.append(pd.DataFrame({"layer": name, **points}))
    # Both carriers leave a filled state for an empty one at the same energy, and exchange the momentum q.
    _arrow(plane, (u + 0.90, 1.49), (u + 0.28, 2.28), "black")
    plane.text(u + 1.0, 1.49, r"$\mathbf{k}_1$", va="center")
    plane.text(u + 0.3, 2.36, r"$\mathbf{k}_1-\mathbf{q}$", ha="center", va="bottom")
    _arrow(plane, (0.45, -0.44), (1.07, -1.23), "black")
    plane.text(0.36, -0.5, r"$\mathbf{k}_2$", ha="right", va="center")
    plane.text(1.15, -1.25, r"$\mathbf{k}_2+\mathbf{q}$", va="center")
    plane.text(0.45, -2.5, r"$k_x$ (drift along $x$)", ha="center", va="top")
    plane.set(xlim=(-1.2, 2.1), ylim=(-2.9, 2.8), aspect="equal")
    for ax in (device, plane):
        ax.set_axis_off()
    save_figure(fig, "drag-collision", pd.concat(frames))


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14, color=color, lw=1.8))


def raw_force(
    forces: pd.DataFrame, expanded: Mapping[str, float], sampled: pd.DataFrame, moving: pd.DataFrame, names: Mapping
) -> None:
    """Even part of the force over the square of the drift: integral, expansion (K11 in nm/ps), Monte Carlo."""
    fig, ax = plt.subplots(figsize=(6.0, 4.5))
    drift, even = "u (1/nm)", "F_even/(hbar u^2) (nm/ps)"
    hues = {name: COLORS[hue] for name, hue in zip(names, _HUES, strict=True)}
    for name, rows in forces.groupby("distribution", sort=False):
        ax.plot(rows[drift], 1e5 * rows[even], "o", color=hues[str(name)], label=names[name])
        ax.axhline(1e5 * expanded[str(name)], color=hues[str(name)], lw=1.2)
    ax.plot(moving[drift], 1e5 * moving[even], "--", color=hues["shifted"], label="shifted, any drift")
    ax.errorbar(
        sampled[drift] + 0.0007,
        1e5 * sampled[even],
        1e5 * sampled["error (nm/ps)"],
        fmt="s",
        mfc="white",
        color=hues["linearised"],
        capsize=3,
        label="linearised, Monte Carlo",
    )
    ax.set(
        xlabel=r"drift $u_1$ (nm$^{-1}$)",
        ylabel=r"$F_\mathrm{even}/\hbar u_1^2$ ($10^{-5}$ nm/ps)",
        xlim=(0, 0.049),
    )
    fig.legend(loc="outside lower center", ncol=2)
    save_figure(fig, "drag-raw", pd.concat([forces, moving, sampled]))
