"""Figures of the page on the spin–orbit-coupled bilayer."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ehbilayer.diode.fermi_contour import FermiContour
from ehbook.figures.fields import tesla_axis
from ehbook.plotting import COLORS, save_figure

__all__ = ["fermi_contours", "four_bands", "harmonics"]


def four_bands(k: np.ndarray, levels: np.ndarray, chemical_potentials: Sequence[float]) -> None:
    """Bands of both layers along k_x (1/l_u): `levels` (E_u) of shape (4, len(k)), conduction bands first.

    Each layer is drawn from its own chemical potential (E_u), so that both Fermi levels are one line.
    """
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.6), sharey=True)
    styles = [("+", "--", "sky"), ("-", "-", "blue"), ("+", "-", "vermillion"), ("-", "--", "orange")]
    for number, (row, (branch, line, color)) in enumerate(zip(levels, styles, strict=True)):
        band = rf"$\xi_{{{'cv'[number // 2]},{branch}}}$"
        axes[number // 2].plot(k, row - chemical_potentials[number // 2], line, color=COLORS[color], label=band)
    for ax, layer in zip(axes, ("electron", "hole"), strict=True):
        ax.axhline(0.0, color="black", lw=1.0, ls=":")
        ax.set(title=f"{layer} layer", xlabel=r"$k_x$ ($1/l_u$)")
        ax.legend(loc="upper right" if layer == "hole" else "lower right")
    axes[1].text(0.0, -1.0, "Fermi level", va="top", ha="center", fontsize=10)
    axes[0].set_ylabel(r"energy from $\mu$ ($E_u$)")
    table = pd.DataFrame(levels.T, columns=["c+ (E_u)", "c- (E_u)", "v+ (E_u)", "v- (E_u)"])
    table.insert(0, "k_x (1/l_u)", k)
    save_figure(fig, "bands-four", table)


def fermi_contours(contours: Mapping[str, Sequence[FermiContour]]) -> None:
    """Contours of electrons and holes (1/l_u), one panel for each set; arrow: shift of the electrons' contour.

    Dashed is the electrons' contour with its deviation from a shifted circle enlarged.
    """
    fig, axes = plt.subplots(1, len(contours), figsize=(6.6, 3.5), sharex=True, sharey=True)
    frames = []
    for ax, (name, pair) in zip(axes, contours.items(), strict=True):
        for contour, color, label in zip(pair, ("blue", "vermillion"), ("electrons", "holes"), strict=True):
            phi = np.append(contour.angles, 2 * np.pi)
            r = np.append(contour.radius, contour.radius[0])
            points = {"k_x (1/l_u)": r * np.cos(phi), "k_y (1/l_u)": r * np.sin(phi)}
            ax.plot(*points.values(), color=COLORS[color], label=label)
            frames.append(pd.DataFrame({"set": name, "carrier": label, **points}))
        shift = pair[0].harmonic(1)
        k = pair[0].radius * np.exp(1j * pair[0].angles) - shift
        deviation = np.abs(k) - np.abs(k).mean()
        factor = 10 ** np.floor(np.log10(np.abs(k).mean() / 4 / max(np.abs(deviation).max(), 1e-9)))
        shown = np.append(k, k[0])
        shown = shift + shown / np.abs(shown) * (np.abs(k).mean() + factor * np.append(deviation, deviation[0]))
        ax.plot(shown.real, shown.imag, "--", lw=1.2, color=COLORS["blue"], label="distortion enlarged")
        if shift:
            arrow = {"arrowstyle": "->", "lw": 2.0, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 12}
            ax.annotate("", (shift, 0), (0, 0), arrowprops=arrow)
            ax.text(0, 0.3, f"shift {shift:.2f}", fontsize=10, ha="center")
        ax.plot(0, 0, ".", color="black")
        ax.set(title=f"{name} set, × {factor:,.0f}", xlabel=r"$k_x$ ($1/l_u$)", aspect="equal")
    axes[0].set_ylabel(r"$k_y$ ($1/l_u$)")
    fig.legend(handles=axes[0].get_legend_handles_labels()[0], loc="outside lower center", ncol=3, fontsize=10)
    save_figure(fig, "bands-contours", pd.concat(frames))


def harmonics(table: pd.DataFrame) -> None:
    """Shift and distortions of the electrons' contour against the field, one panel for each set of parameters."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.7))
    with_field = table[table["B (k_B T_c)"] > 0]
    for ax, name in zip(axes, dict.fromkeys(table["set"]), strict=True):
        rows = with_field[with_field["set"] == name]
        for n, color in zip((1, 2, 3), COLORS.values(), strict=False):
            # All vanish at zero field, which a logarithmic axis cannot show.
            label = "shift" if n == 1 else rf"$\cos {n}\phi$"
            ax.plot(rows["B (k_B T_c)"], np.abs(rows[f"cos {n} phi (1/l_u)"]), color=color, label=label)
        ax.set(title=f"{name} set", xlabel=r"$B$ ($k_BT_c$)", yscale="log", ylim=(1e-6, 5))
        tesla_axis(ax)
        ax.child_axes[-1].set_xlabel("in tesla")
    axes[0].set_ylabel(r"amplitude ($1/l_u$)")
    axes[1].legend(loc="lower right")
    save_figure(fig, "bands-harmonics", table)
