"""Figures of the page on pairing and the transition temperature."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, PowerNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter

from ehbook.plotting import COLORS, DIVERGING, save_figure

__all__ = ["exchange", "strength_maps", "stretched_maps", "temperature_cuts", "temperature_maps", "umklapp_weights"]

DENSITY, SPACING = r"$n/n_{\mathrm{e}}^*$", r"$d$ ($a_{\mathrm{e}}$)"
#: Colours of the regions without a superconductor.
REPULSIVE, UNSTABLE = "#eeeeee", "#d8c3b5"
#: A point of the maps: density in n_e* and distance in a_e; none where its parameters are not the map's.
Point = tuple[float, float] | None


def exchange() -> None:
    """Sketch: two electrons exchange a plasmon, that is a displacement of the hole crystal with its electrons."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 2.9))
    x, y = (c.ravel() for c in np.meshgrid(np.arange(-4, 5), np.arange(3)))
    x = x + 0.5 * (y % 2)
    pull = 0.28 * x * np.exp(-(x**2) / 3)
    frames = []
    for ax, title, moved in zip(axes, ("passes and pulls", "the next one follows"), (0.4, 1.0), strict=True):
        held = x - moved * pull
        ax.plot(x, y, "|", color="gray", ms=12, mew=1)
        ax.plot(held, y, "o", color=COLORS["vermillion"], ms=8)
        at = 0.0 if moved < 1 else 3.0
        ax.plot(at, 4.0, "o", color=COLORS["blue"], ms=11)
        ax.annotate("", (at + 1.5, 4.0), (at + 0.2, 4.0), arrowprops={"arrowstyle": "->", "color": COLORS["blue"]})
        if moved == 1:
            ax.plot(-2.6, 4.0, "o", color=COLORS["blue"], ms=11)
            ax.annotate("", (-0.8, 4.0), (-2.4, 4.0), arrowprops={"arrowstyle": "->", "color": COLORS["blue"]})
        ax.text(-4.4, 4.8, "electrons", color=COLORS["blue"])
        ax.text(-4.4, -1.2, "hole crystal", color=COLORS["vermillion"])
        ax.set(title=title, xlim=(-4.7, 4.9), ylim=(-1.5, 5.5), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        frames.append(
            pd.DataFrame({"panel": title, "x (lattice constants)": held, "y (lattice constants)": y * np.sqrt(0.75)})
        )
    save_figure(fig, "pair-exchange", pd.concat(frames))


def strength_maps(strength: xr.Dataset, alpha: float, paper: Point) -> None:
    """g_0 V at one alpha and the largest alpha that attracts, over density (n_e*) and distance (a_e)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.9), sharey=True)
    x, y = (2 / strength.r_s.values) ** 2, strength.d.values
    attraction = strength.g0V.sel(alpha=alpha, method="nearest").transpose("d", "r_s").values
    limit = strength.largest_alpha.transpose("d", "r_s").values
    for ax, title in zip(axes, (rf"pairing at $\alpha = {alpha:g}$", "threshold"), strict=True):
        _frame(ax, (x.min(), x.max()))
        _star(ax, paper)
        ax.set_title(title)
    image = axes[0].pcolormesh(x, y, attraction, cmap=DIVERGING, vmin=-1, vmax=1, rasterized=True)
    axes[0].contour(x, y, attraction, levels=[0], colors="black", linewidths=1.6)
    fig.colorbar(image, ax=axes[0], label=r"$g_0V$", location="bottom", extend="min")
    image = axes[1].pcolormesh(x, y, limit, vmin=0, vmax=1, rasterized=True)
    lines = axes[1].contour(x, y, limit, levels=[0.2, 0.3, 0.5, 0.7], colors="white", linewidths=1.2)
    axes[1].clabel(lines, fmt=r"%.1f", fontsize=11)
    fig.colorbar(image, ax=axes[1], label=r"largest $\alpha$ that attracts", location="bottom", extend="max")
    axes[0].set_ylabel(SPACING)
    save_figure(fig, "pair-strength", strength)


def temperature_maps(maps: Mapping[str, xr.Dataset], lowest: xr.Dataset, kelvin: float, paper: Point) -> None:
    """T_c over density (n_e*) and distance (a_e), one panel for each line of alpha^2.

    Over them the regions of condensate and coupled crystal in `lowest`, a `competition_map`. `kelvin` is T_H.
    """
    fig, axes = plt.subplots(len(maps), 1, figsize=(6.6, 2.65 * len(maps)), sharex=True, sharey=True)
    highest = max(float(result["temperature"].max()) for result in maps.values()) * kelvin
    for ax, (name, result) in zip(axes, maps.items(), strict=True):
        _frame(ax, (1, 15), label=ax is axes[-1])
        # What lies above the frame would draw the contours' labels out of it.
        shown = result.where(result.d <= 1.65, drop=True)
        image, levels = _temperature(ax, shown, kelvin, PowerNorm(0.4, 0, highest))
        where = lowest.density.values, lowest.d.values
        gain, crystal = (lowest[name].transpose("d", ...) for name in ("condensate_gain", "crystal_margin"))
        for values, style in ((gain, "-"), (crystal, ":")):
            ax.contour(*where, values, levels=[0], colors=COLORS["vermillion"], linestyles=style, linewidths=1.8)
        ax.contourf(*where, gain, levels=[0, 1e9], colors="none", hatches=["//"])
        _star(ax, paper)
        ax.set(ylim=(0, 1.6), ylabel=SPACING)
        ax.set_title(rf"$\alpha^2$: {name}".replace("V(0) = 0", "$V(0)=0$").replace("N =", "$N$ ="))
    bar = fig.colorbar(image, ax=axes, label=r"$T_{\mathrm{c}}$ (K)", aspect=40)
    bar.add_lines(levels, ["white"] * len(levels), [1.0] * len(levels))
    bar.set_ticks([tick for tick in (0, 1, 5, 20, 50, 100, 200) if tick <= highest])
    handles = [
        *_regions(),
        Line2D([], [], color=COLORS["vermillion"], label="condensate lower (hatched)"),
        Line2D([], [], color=COLORS["vermillion"], ls=":", label="left of it both layers crystals"),
    ]
    if paper:
        handles.append(Line2D([], [], color="black", marker="*", ms=13, mfc="white", ls="", label="the paper's point"))
    fig.legend(handles=handles, loc="outside lower center", ncol=2)
    save_figure(fig, "pair-map", _joined(maps, "line", kelvin))


def temperature_cuts(
    r_s: np.ndarray,
    cuts: Mapping[str, np.ndarray],
    band: tuple[np.ndarray, np.ndarray],
    point: tuple[float, float] | None,
) -> None:
    """T_c (K) over r_s (a_e) for the lines of alpha^2 by name, a band of error (K), and a point (a_e, K).

    Of the Madelung-corrected boxes, which lie on one another, one is drawn.
    """
    fig, ax = plt.subplots(figsize=(6.6, 4.6))
    shades = ("sky", "blue", "green", "purple", "orange", "vermillion", "black")
    drawn = sorted((name for name in cuts if "Madelung" not in name or "= 36" in name), key=_order)
    for name, color in zip(drawn, shades, strict=False):
        style = "--" if "Madelung" in name else ":" if "paper" in name else "-"
        label = name.replace("V(0) = 0", "$V(0)=0$").replace("N =", "$N$ =")
        ax.plot(r_s, cuts[name], style, color=COLORS[color], lw=1.6, label=label)
    ax.fill_between(r_s, *band, color=COLORS["vermillion"], alpha=0.3, lw=0)
    if point:
        ax.plot(*point, "*", color="black", ms=13, mfc="white", zorder=5)
    warm = r_s[np.max([*cuts.values(), band[1]], axis=0) > 0.05]
    left, right = (warm.min(), warm.max()) if len(warm) else (r_s[0], r_s[-1])
    ax.set(xlabel=r"$r_s^{\mathrm{e}}$ ($a_{\mathrm{e}}$)", ylabel=r"$T_{\mathrm{c}}$ (K)")
    ax.set(xlim=(left - 0.05, right + 0.05), ylim=(0, None))
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncol=2)
    table = {"r_s (a_e)": r_s} | {f"T_c, {name} (K)": values for name, values in cuts.items()}
    save_figure(fig, "pair-band", pd.DataFrame(table | {"band, low (K)": band[0], "band, high (K)": band[1]}))


def stretched_maps(maps: Mapping[float, xr.Dataset], star: float, kelvin: float) -> None:
    """T_c over density (n_e* at r_s* = `star`) and distance (a_e), one panel for each mass ratio; T_H is `kelvin`."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.4), sharey=True)
    for ax, (ratio, result) in zip(axes, maps.items(), strict=True):
        highest = float(result["temperature"].max()) * kelvin
        density = (star / result.r_s.values) ** 2
        on = (result["region"] == 0).any("d").values
        _frame(ax, (density.min(), 1.5 * density[on].max() if on.any() else density.max()))
        image, levels = _temperature(ax, result, kelvin, PowerNorm(0.6, 0, highest), star)
        ax.set_title(rf"$m_{{\mathrm{{h}}}}/m_{{\mathrm{{e}}}} = {ratio:g}$")
        bar = fig.colorbar(image, ax=ax, location="bottom", label=r"$T_{\mathrm{c}}$ (K)")
        bar.add_lines(levels, ["white"] * len(levels), [1.0] * len(levels))
    axes[0].set_ylabel(SPACING)
    fig.legend(handles=_regions(), loc="outside upper center", ncol=2)
    save_figure(fig, "pair-rescaled", _joined(maps, "mass_ratio", kelvin))


def umklapp_weights(sines: np.ndarray, weights: Mapping[str, np.ndarray]) -> None:
    """Weight of a momentum transfer 2 k_F times `sines` for each treatment of the plasmon's wave vector by name."""
    fig, ax = plt.subplots(figsize=(6.4, 3.6))
    for name, values in weights.items():
        ax.plot(2 * sines, values, label=name)
    ax.set(xlabel=r"$\tilde k$ ($k_{\mathrm{F}}$)", ylabel=r"weight $\langle\tilde k^2/q^2\rangle$")
    ax.legend(loc="upper left")
    table = {"k (k_F)": 2 * sines} | {f"{_plain(name)} (1)": values for name, values in weights.items()}
    save_figure(fig, "pair-umklapp", pd.DataFrame(table))


def _temperature(ax, result, kelvin, norm, star=2.0):
    """Colours, three contours (K) and regions of one map; densities in units of n_e* at r_s* = star."""
    x, y = (star / result.r_s.values) ** 2, result.d.values
    warmth, region = (result[name].transpose("d", "r_s").values for name in ("temperature", "region"))
    warmth = kelvin * warmth
    image = ax.pcolormesh(x, y, warmth, norm=norm, rasterized=True)
    shades = ListedColormap([(0, 0, 0, 0), REPULSIVE, UNSTABLE])
    ax.pcolormesh(x, y, region, cmap=shades, vmin=0, vmax=2, rasterized=True)
    nice = [level for level in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if level < 0.9 * norm.vmax]
    levels = sorted(nice[::-2][:3])
    if levels and levels[0] < warmth.max():
        # Not through the edge of the unstable region, where T_c ends at once.
        lines = ax.contour(x, y, np.where(region == 2, np.nan, warmth), levels=levels, colors="white", linewidths=1.0)
        ax.clabel(lines, fmt="%g", fontsize=11)
    return image, levels


def _frame(ax: Axes, limits: tuple[float, float], label: bool = True) -> None:
    """Logarithmic axis of densities; before the contours, whose labels take their places from it."""
    ax.set(xscale="log", xlim=limits)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if limits[0] <= t <= limits[1]]
    if limits[1] / limits[0] > 60:
        ticks = [t for t in ticks if str(t)[0] == "1"]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.xaxis.set_minor_formatter(NullFormatter())
    if label:
        ax.set_xlabel(DENSITY)
    ax.grid(visible=False)


def _order(name: str) -> tuple[bool, bool, bool]:
    """Boxes first, then the Madelung-corrected one, the limit, the paper."""
    return "paper" in name, "limit" in name, "Madelung" in name


def _star(ax: Axes, paper: Point) -> None:
    if paper:
        ax.plot(*paper, "*", color="black", ms=13, mfc="white", zorder=5)


def _regions() -> list[Patch]:
    return [
        Patch(facecolor=REPULSIVE, edgecolor="gray", label="repulsive"),
        Patch(facecolor=UNSTABLE, edgecolor="gray", label=r"no plasmon, $\alpha^2 \leq 0$"),
    ]


def _joined(maps: Mapping[Any, xr.Dataset], name: str, kelvin: float) -> xr.Dataset:
    listed: list[xr.Dataset] = list(maps.values())
    found: xr.Dataset = xr.concat(listed, pd.Index(list(maps), name=name), combine_attrs="drop_conflicts")
    found["region"].attrs["units"] = "1"
    found[name].attrs["units"] = "1"
    found["kelvin"] = (found["temperature"] * kelvin).assign_attrs(units="K", long_name="transition temperature")
    return found


def _plain(name: str) -> str:
    return name.replace("$", "").replace("k_D", "the Debye wave number")
