"""Figures of the page on plateau and friction from one interaction."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.ticker import LogLocator, NullFormatter

from ehbilayer.device import NormalStability
from ehbook.plotting import COLORS, DIVERGING, SEQUENTIAL, save_figure

__all__ = ["curve", "densities", "stability", "temperature"]

_HUES = ("blue", "vermillion", "green", "purple")
# Largest 1 + zeta that is drawn by decades, and those that get a number, linear below the smallest.
_CLEAN, _DECADES = 0.05, (1e-4, 1e-3, 1e-2, 1e-1, 1.0)


def curve(curves: pd.DataFrame, places: pd.DataFrame) -> None:
    """Drag ratio against drive current (µA), a panel for each relaxation time (ps); circles where it was computed."""
    times = list(dict.fromkeys(curves["tau_2 (ps)"]))
    fig, axes = plt.subplots(1, len(times), figsize=(7.0, 4.4), squeeze=False)
    for ax, time in zip(axes[0], times, strict=True):
        part = curves[curves["tau_2 (ps)"] == time]
        for (T, line), hue in zip(part.groupby("T (K)"), _HUES, strict=False):
            left = 1 + line["zeta (1)"]
            ax.plot(line["I (uA)"], left, color=COLORS[hue], label=f"{T:g} K", clip_on=False, zorder=3)
            plateau = line.loc[left == 0, "I (uA)"].to_numpy()
            if plateau.size:
                ax.plot(plateau[[0, -1]], [0, 0], "|", color=COLORS[hue], ms=12, mew=2, clip_on=False, zorder=3)
            dots = places[(places["tau_2 (ps)"] == time) & (places["T (K)"] == T)]
            ax.plot(dots["I (uA)"], 1 + dots["zeta (1)"], "o", color=COLORS[hue], ms=5)
        ax.set(xlabel="drive current (µA)", title=rf"$\tau_2$ = {time:g} ps", ylim=(0.0, 1.0))
        if np.nanmax(1 + part["zeta (1)"]) < _CLEAN:
            # By decades of what is left to -1, and down to nothing: else plateau and friction are one line.
            ax.set_yscale("symlog", linthresh=_DECADES[0], linscale=0.5)
            ax.set_yticks([0.0, *_DECADES])
            ax.yaxis.set_minor_formatter(NullFormatter())
            ax.set(ylabel=r"drag ratio $\zeta$, by decades of $1+\zeta$")
        ax.yaxis.set_major_formatter(lambda left, _: f"{left - 1:.4g}".replace("-", "−"))
    if not axes[0, 0].get_ylabel():
        axes[0, 0].set(ylabel=r"drag ratio $\zeta$")
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


def stability(edges: Mapping[float, NormalStability], T_c: float, closed: pd.DataFrame, dirty: float) -> None:
    """Edges of condensate and normal state in the plane of current and temperature (K), and longest holding times.

    `closed` holds currents (µA) and temperatures over T_c for parabolas, `dirty` is a relaxation time in ps.
    """
    fig, axes = plt.subplots(1, 2, figsize=(7.2, 4.4))
    rows = [
        {"T/T_c (1)": T / T_c, "edge": edge, "sign (1)": sign, "I (uA)": value}
        for T, found in edges.items()
        for edge, pair in (("condensate", found.condensate), ("normal", found.least))
        for sign, value in zip((-1, 1), pair or (None, None), strict=True)
    ]
    ends = pd.DataFrame(rows).dropna()
    for (edge, label), hue in zip(
        (("condensate", "condensate ends"), ("normal", "normal begins")), _HUES, strict=False
    ):
        for sign, style in ((1, "o-"), (-1, "x--")):
            part = ends[(ends["edge"] == edge) & (ends["sign (1)"] == sign)]
            name = label + (", $I>0$" if sign > 0 else ", $I<0$")
            axes[0].plot(abs(part["I (uA)"]), part["T/T_c (1)"], style, color=COLORS[hue], ms=5, label=name)
    line = closed.assign(edge="parabolas")
    axes[0].plot(line["I (uA)"], line["T/T_c (1)"], ":", color="black", label="parabolas, closed form")
    axes[0].set(xscale="log", xlabel="drive current (µA)", ylabel=r"$T/T_{\mathrm{c}}$", ylim=(0.0, 1.05))
    times = pd.concat(
        pd.DataFrame({"T/T_c (1)": T / T_c, "edge": "time", "I (uA)": x.currents, "tau_2 (ps)": 1e12 * x.times})
        for T, x in edges.items()
    )
    for (T, part), hue in zip(times.groupby("T/T_c (1)"), _HUES, strict=False):
        axes[1].loglog(
            part["I (uA)"], part["tau_2 (ps)"], "o-", color=COLORS[hue], label=rf"{T:g} $T_{{\mathrm{{c}}}}$"
        )
    axes[1].axhline(dirty, color="0.5", lw=1.0)
    axes[1].set(xlabel="drive current (µA)", ylabel=r"longest $\tau_2$ (ps)")
    # Less than a decade: its own numbers, or they overlap.
    axes[1].xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 4.0)))
    axes[1].xaxis.set_major_formatter("{x:g}")
    axes[1].xaxis.set_minor_formatter(NullFormatter())
    axes[1].legend(loc="upper left", bbox_to_anchor=(0.0, 0.94))
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    save_figure(fig, "ladder-stability", pd.concat([ends, line, times]))


def densities(maps: xr.Dataset, current: float) -> None:
    """Distance to pairing, drag time and odd part over both densities, a row for each T (K), with where it is valid.

    Maps of `ehbilayer.device.ladder_map` along T, with the drag time in the screened interaction over that by the
    ladder as `enhancement`; `current` is that of the odd part in A/m.
    """
    shape = maps.margin.isel(T=0).shape
    fig, axes = plt.subplots(maps.sizes["T"], 3, figsize=(7.4, 0.8 + 3.0 * maps.sizes["T"]), sharex=True, sharey=True,
                             squeeze=False)  # fmt: skip
    x, y = np.broadcast_to(1e-11 * maps.density.values[:, None], shape), 1e-11 * maps.density_h.values
    fields = [
        (r"$(1/g-\Pi)/N$", maps.margin, {"cmap": SEQUENTIAL}),
        (r"$\log_{10}$ ladder/screened", np.log10(maps.enhancement), {"cmap": SEQUENTIAL}),
        (rf"odd part at {current:g} A/m (%)", 100 * maps.odd, {"cmap": DIVERGING}),
    ]
    for column, (label, field, style) in zip(axes.T, fields, strict=True):
        # One scale for all temperatures.
        top = float(np.nanmax(abs(field.where(np.isfinite(field))))) or 1.0
        low = -top if style["cmap"] == DIVERGING else float(field.min())
        for ax, T in zip(column, maps["T"].values, strict=True):
            image = ax.pcolormesh(x, y, field.sel(T=T).values, shading="gouraud", rasterized=True, vmin=low, vmax=top,
                                  **style)  # fmt: skip
            ax.plot(x[:, 0], x[:, 0], "--", color=COLORS["vermillion"], lw=1.6)
            ax.contourf(x, y, 1.0 - maps.valid.sel(T=T).values, levels=[0.5, 2.0], colors="none", hatches=["///"])
            ax.set(xscale="log", yscale="log")
            ax.grid(visible=False)
        fig.colorbar(image, ax=column.tolist(), label=label, location="top", aspect=12)
        column[-1].set(xlabel=r"electrons ($10^{11}$/cm$^2$)")
    for ax, T in zip(axes[:, 0], maps["T"].values, strict=True):
        ax.set(ylabel=f"{T:g} K\n" + r"holes ($10^{11}$/cm$^2$)")
    save_figure(fig, "ladder-densities", maps)
