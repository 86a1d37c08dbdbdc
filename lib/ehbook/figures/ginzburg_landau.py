"""Figures of the page on Ginzburg-Landau maps."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.ticker import MaxNLocator

from ehbook.figures.fields import B_LABEL, legend_below, star, tesla_axis
from ehbook.plotting import COLORS, DIVERGING, SEQUENTIAL, save_figure

__all__ = ["condensate_momentum", "coupling", "maps"]

_Q = r"$q_{0}$ ($1/l_u$)"


def maps(coefficients: xr.Dataset, q0: float, paper: float | None) -> None:
    """alpha, beta, Delta and F over the pair momentum (1/l_u), each over its largest absolute value.

    `coefficients` are those of `coefficient_map` with the order parameter `delta` (E_u); `q0` is ours and `paper` the
    paper's condensate momentum (1/l_u), None off its parameters.
    """
    fig, axes = plt.subplots(2, 2, figsize=(6.6, 7.0), sharex=True, sharey=True)
    q_x, q_y = coefficients.q_x.values, coefficients.q_y.values
    panels = [
        ("alpha", r"(a) $\alpha/|\alpha|_\mathrm{max}$", DIVERGING),
        ("beta", r"(b) $\beta/\beta_\mathrm{max}$", SEQUENTIAL),
        ("free_energy", r"(c) $F/|F|_\mathrm{max}$", SEQUENTIAL),
        ("delta", r"order parameter $\Delta/\Delta_\mathrm{max}$", SEQUENTIAL),
    ]
    for ax, (name, title, cmap) in zip(axes.flat, panels, strict=True):
        values = coefficients[name].values
        scale = -values.min() if name == "alpha" else np.nanmax(np.abs(values))
        shown = values.T / scale
        limits = {}
        if cmap == DIVERGING:
            limits = {"vmax": np.abs(shown).max(), "vmin": -np.abs(shown).max()}
        image = ax.pcolormesh(q_x, q_y, shown, cmap=cmap, rasterized=True, shading="gouraud", **limits)
        ax.contour(q_x, q_y, coefficients.alpha.values.T, levels=[0.0], colors="black", linewidths=0.8)
        ax.plot(q0, 0.0, "o", color=COLORS["vermillion"], mec="white", label="our $q_0$", zorder=3)
        if paper is not None:
            star(ax, paper, 0.0, label="paper's $q_0$", mec="white", zorder=2)
        ax.set(title=title, aspect="equal")
        ax.grid(visible=False)
        fig.colorbar(image, ax=ax, location="bottom", ticks=MaxNLocator(3), shrink=0.9)
    for ax in axes[1]:
        ax.set_xlabel(_Q.replace("0", "x"))
    for ax in axes[:, 0]:
        ax.set_ylabel(_Q.replace("0", "y"))
    legend_below(fig, axes[0, 0])
    save_figure(fig, "gl-maps", coefficients)


def condensate_momentum(curves: pd.DataFrame, paper: tuple[float, float] | None) -> None:
    """Condensate momentum (1/l_u) over the field (k_B T_c); `paper` is the paper's field and momentum or None."""
    fig, ax = plt.subplots(figsize=(6.0, 4.2))
    for (name, rows), line in zip(curves.groupby("convention"), "-:", strict=True):
        ax.plot(rows["B (k_B T_c)"], rows["q_0 (1/l_u)"], line, label=name, lw=2.5)
    if paper is not None:
        star(ax, *paper)
    ax.set(xlabel=B_LABEL, ylabel=f"condensate momentum {_Q}", ylim=(0, None))
    tesla_axis(ax)
    legend_below(fig, ax, columns=3)
    save_figure(fig, "gl-q0", curves)


def coupling(table: pd.DataFrame) -> None:
    """Contact strength (Ha a_B^2) and transition temperature (E_F) over the distance (a_B) of the layers."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.2))
    distances, columns = table["d (a_B)"], list(table)
    handles = []
    for ax, names, labels, colors in (
        (axes[0], columns[1:3], ("$g$, average over the disk", "$g$, as printed"), ("blue", "black")),
        (
            axes[1],
            columns[3:],
            (r"$T_\mathrm{c}$, cutoff $2k_\mathrm{F}$", r"$T_\mathrm{c}$, cutoff $3k_\mathrm{F}$"),
            ("vermillion", "orange"),
        ),
    ):
        for name, label, color, line in zip(names, labels, colors, "-:", strict=True):
            handles += ax.plot(distances, table[name], line, label=label, color=COLORS[color])
        ax.set(xlabel=r"distance $d$ ($a_\mathrm{B}$)")
    axes[0].set(ylabel=r"strength $g$ (Ha $a_\mathrm{B}^2$)", ylim=(0, 10))
    axes[1].set(ylabel=r"$T_\mathrm{c}$ ($E_\mathrm{F}/k_\mathrm{B}$)", yscale="log", ylim=(1e-5, 1))
    legend_below(fig, handles)
    save_figure(fig, "gl-coupling", table)
