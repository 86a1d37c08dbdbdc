"""Figures of the page on the spin–orbit-coupled bilayer."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ehbilayer.diode.fermi_contour import FermiContour
from ehbook.plotting import COLORS, save_figure

__all__ = ["fermi_contours", "four_bands", "harmonics"]


def four_bands(k: np.ndarray, levels: np.ndarray, chemical_potentials: Sequence[float]) -> None:
    """Bands of both layers along k_x (1/l_u): `levels` (E_u) of shape (4, len(k)), conduction bands first."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.6))
    styles = [("+", "--", "sky"), ("-", "-", "blue"), ("+", "-", "vermillion"), ("-", "--", "orange")]
    for number, (row, (branch, line, color)) in enumerate(zip(levels, styles, strict=True)):
        band = rf"$\xi_{{{'cv'[number // 2]},{branch}}}$"
        axes[number // 2].plot(k, row, line, color=COLORS[color], label=band)
    for ax, level, layer, place in zip(
        axes, chemical_potentials, ("electron", "hole"), ("upper center", "lower center"), strict=True
    ):
        ax.axhline(level, color="black", lw=1.0, ls=":")
        ax.set(title=f"{layer} layer", xlabel=r"$k_x$ ($1/l_u$)")
        ax.legend(loc=place, ncol=2)
    axes[0].set_ylabel(r"energy ($E_u$)")
    table = pd.DataFrame(levels.T, columns=["c+ (E_u)", "c- (E_u)", "v+ (E_u)", "v- (E_u)"])
    table.insert(0, "k_x (1/l_u)", k)
    save_figure(fig, "bands-four", table)


def fermi_contours(contours: Mapping[str, Sequence[FermiContour]]) -> None:
    """Contours of electrons and holes in the plane, one panel for each set of parameters."""
    fig, axes = plt.subplots(1, len(contours), figsize=(6.6, 3.5))
    frames = []
    for ax, (name, pair) in zip(axes, contours.items(), strict=True):
        for contour, color, label in zip(pair, ("blue", "vermillion"), ("electrons", "holes"), strict=True):
            phi = np.append(contour.angles, 2 * np.pi)
            r = np.append(contour.radius, contour.radius[0])
            points = {"k_x (1/l_u)": r * np.cos(phi), "k_y (1/l_u)": r * np.sin(phi)}
            ax.plot(*points.values(), color=COLORS[color], label=label)
            frames.append(pd.DataFrame({"set": name, "carrier": label, **points}))
        ax.set(title=f"{name} set", xlabel=r"$k_x$ ($1/l_u$)", aspect="equal")
    axes[0].set_ylabel(r"$k_y$ ($1/l_u$)")
    axes[0].legend(loc="center")
    save_figure(fig, "bands-contours", pd.concat(frames))


def harmonics(table: pd.DataFrame) -> None:
    """Shift and distortions of the electrons' contour against the field, one panel for each set of parameters."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.2))
    for ax, (name, rows) in zip(axes, table.groupby("set"), strict=True):
        for n, color in zip((1, 2, 3), COLORS.values(), strict=False):
            label = "shift" if n == 1 else rf"$\cos {n}\phi$"
            ax.plot(rows["B (k_B T_c)"], rows[f"cos {n} phi (1/l_u)"].abs(), color=color, label=label)
        ax.set(title=f"{name} set", xlabel=r"$B$ ($k_BT_c$)", yscale="log", ylim=(1e-6, 5))
    axes[0].set_ylabel(r"amplitude ($1/l_u$)")
    axes[1].legend(loc="lower right")
    save_figure(fig, "bands-harmonics", table)
