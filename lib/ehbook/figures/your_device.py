"""Figures of the page on the reader's own device."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.colors import LogNorm
from matplotlib.patches import Patch
from matplotlib.ticker import LogFormatterMathtext, LogLocator

from ehbilayer.device import RESULT_UNITS, Bilayer, Preset
from ehbook.phase_map import PHASES, SHADES, shade_phases
from ehbook.plotting import COLORS, SEQUENTIAL, save_figure

__all__ = ["diode", "maps", "preset_plane", "scales"]

#: Colour, filling and name in print of each validity.
_MARKS = {
    "given": ("black", "black", "given, or closed form"),
    "valid": (COLORS["green"], COLORS["green"], "nothing speaks against it"),
    "caution": (COLORS["orange"], COLORS["orange"], "under a condition"),
    "not valid": (COLORS["purple"], "white", "an assumption is broken"),
}

_COORDINATES = {"density": "cm^-2", "d": "nm", "T": "K", "B": "meV"}


def scales(kelvin: Mapping[str, tuple[float, str]], T: float) -> None:
    """Scales in K with their validity on one logarithmic axis, the temperature of the device as a line."""
    fig, ax = plt.subplots(figsize=(6.0, 4.5))
    shown = [value for value, _ in kelvin.values() if value > 0] + [T]
    least = min(shown) / 5
    for row, (value, validity) in enumerate(kelvin.values()):
        edge, face, _ = _MARKS[validity]
        if value > 0:
            ax.plot([least, value], [row, row], color="#d9d9d9", lw=5, solid_capstyle="butt", zorder=1)
            ax.plot(value, row, "o", ms=9, mec=edge, mfc=face, mew=2)
        else:
            ax.text(least * 1.15, row, "none", va="center", color="0.35")
    ax.axvline(T, color=COLORS["vermillion"], ls="--", lw=1.5)
    ax.text(T * 1.06, -0.85, f"the device, {T:g} K", color=COLORS["vermillion"], va="center")
    ax.set(xscale="log", xlim=(least, max(shown) * 3), ylim=(len(kelvin) - 0.5, -1.4), xlabel="temperature (K)")
    ax.set_yticks(range(len(kelvin)), list(kelvin))
    ax.grid(visible=False, axis="y")
    used = {validity for _, validity in kelvin.values()}
    handles = [
        ax.plot([], [], "o", ms=9, mec=edge, mfc=face, mew=2, label=label)[0]
        for name, (edge, face, label) in _MARKS.items()
        if name in used
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=2)
    rows = [{"scale": name, "temperature (K)": value, "validity": kind} for name, (value, kind) in kelvin.items()]
    save_figure(fig, "your-device-scales", pd.DataFrame(rows))


def preset_plane(presets: Mapping[str, Preset], own: Bilayer) -> None:
    """Presets and the page's device: r_s of lighter and heavier carriers, and spacing over the carriers' distance."""
    fig, ax = plt.subplots(figsize=(6.0, 4.4))
    drawn = {preset.name: preset.bilayer for preset in presets.values()} | {"this device": own}
    rows, used, places = [], [], []
    for (name, b), hue in zip(drawn.items(), [*COLORS.values()], strict=False):
        beta = max(b.d_light / b.r_s_light, 1e-3)  # the axis is logarithmic
        below = any(abs(np.log(beta / other)) < 0.2 for other in used)
        used.append(beta)
        place = (b.r_s_light, b.r_s_heavy, beta)
        known = name == "this device" and any(np.allclose(place, other) for other in places)
        places.append(place)
        ax.plot([b.r_s_light, b.r_s_heavy], [beta, beta], "-", color=hue, lw=1.2 if below else 2.5)
        ax.plot(b.r_s_light, beta, "o", mec=hue, mfc="white", mew=2, ms=8)
        ax.plot(b.r_s_heavy, beta, "o", color=hue, ms=8)
        if known:
            ax.plot(b.r_s_heavy, beta, "*", color="white", mec="black", ms=15)
            name = ""
        at = (b.r_s_heavy, -13, "right") if below else (b.r_s_light, 12, "left")
        ax.annotate(
            name, (at[0], beta), xytext=(0, at[1]), textcoords="offset points", ha=at[2], va="center", color=hue
        )
        rows += [
            {"bilayer": name or "this device", "carriers": kind, "r_s (1)": r, "d sqrt(pi n) (1)": beta}
            for kind, r in (("lighter", b.r_s_light), ("heavier", b.r_s_heavy))
        ]
    table = pd.DataFrame(rows)
    low, high = min(used) / 1.5, max(used) * 1.5
    ax.axhline(1.0, color="0.6", lw=1.2, ls=":", zorder=0)
    ax.set(xscale="log", yscale="log", xlabel="$r_s$", ylabel=r"spacing over distance, $d\sqrt{\pi n}$")
    ax.set(ylim=(low, high))
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if low < tick < high]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_yticks([], minor=True)
    for face, kind in (("white", "lighter"), ("black", "heavier")):
        ax.plot([], [], "o", color="black", mfc=face, mew=2, ms=8, ls="", label=f"{kind} carriers")
    fig.legend(loc="outside lower center", ncols=2)
    save_figure(fig, "your-device-presets", table)


def maps(grid: xr.Dataset, T: float, own: Sequence[float]) -> None:
    """Phase, pairing and BKT temperature (K) and drag ratio at T (K) over density (cm^-2) and spacing (nm)."""
    fig, panels = plt.subplots(2, 2, figsize=(7.4, 6.4), sharex=True, sharey=True)
    densities, spacings = grid.density.values, grid.d.values
    x, y = np.arange(len(densities)), np.arange(len(spacings))
    shade_phases(panels[0, 0], x, y, grid.phase.transpose("d", "density").values)
    panels[0, 0].set_title("lowest phase, $T = 0$")
    shown = {
        "pairing temperature": (panels[0, 1], grid.T_mean_field, "K"),
        "BKT temperature": (panels[1, 0], grid.T_bkt, "K"),
        rf"friction at {T:g} K": (panels[1, 1], -grid.drag_ratio.sel(T=T), r"$-\zeta$"),
    }
    for title, (ax, values, unit) in shown.items():
        numbers = values.astype(float).transpose("d", "density").values
        above = np.where(numbers > 0, numbers, np.nan)
        ax.set(title=title, facecolor="#f2f2f2")
        if np.isfinite(above).any():
            low, high = np.nanmin(above), np.nanmax(above)
            norm = LogNorm(low, max(high, 1.01 * low))
            image = ax.pcolormesh(x, y, above, norm=norm, cmap=SEQUENTIAL, rasterized=True)
            narrow = high < 50 * low
            ticks, form = LogLocator(subs=(1, 2, 5) if narrow else (1,)), "%g" if narrow else LogFormatterMathtext()
            bar = fig.colorbar(image, ax=ax, label=unit, ticks=ticks, format=form)
            bar.ax.minorticks_off()
    place = (int(np.argmin(abs(densities - own[0]))), int(np.argmin(abs(spacings - own[1]))))
    for ax in panels.flat:
        ax.plot(*place, "*", ms=15, color="white", mec="black")
        ax.grid(visible=False)
    for ax in panels[1]:
        ax.set_xlabel("density ($10^{12}$ cm$^{-2}$)")
        ax.set_xticks(x, [f"{value / 1e12:.2g}" for value in densities])
    for ax in panels[:, 0]:
        ax.set_ylabel("spacing (nm)")
        ax.set_yticks(y, [f"{value:g}" for value in spacings])
    found = set(grid.phase.values.ravel().tolist())
    handles = [
        Patch(facecolor=color, edgecolor="gray", label=name)
        for name, color in zip(PHASES, SHADES.colors, strict=True)  # type: ignore[arg-type]
        if name in found
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=3)
    save_figure(fig, "your-device-maps", _with_units(grid))


def diode(currents: xr.Dataset, tesla: float) -> None:
    """Critical currents (µA) and diode efficiency against the in-plane Zeeman energy B (meV); tesla for each meV."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(7.0, 4.0))
    fields = currents.B.values
    hues = plt.get_cmap(SEQUENTIAL)(np.linspace(0.0, 0.85, currents.sizes["T"]))
    for T, hue in zip(currents["T"].values, hues, strict=True):
        line = currents.sel(T=T)
        for name, style in (("current_plus", "o-"), ("current_minus", "o--")):
            left.plot(fields, abs(line[name].astype(float)), style, color=hue, ms=3)
        right.plot(fields, 100 * line.efficiency.astype(float), "o-", color=hue, ms=3, label=f"{T:g} K")
    left.plot([], [], "-", color="black", label=r"$I_{\mathrm{c}+}$")
    left.plot([], [], "--", color="black", label=r"$|I_{\mathrm{c}-}|$")
    left.set_ylabel("critical current (µA)")
    right.set_ylabel(r"efficiency $\eta$ (%)")
    right.axhline(0.0, color="gray", lw=0.8)
    for ax in (left, right):
        ax.set_xlabel("in-plane Zeeman energy (meV)")
        ax.secondary_xaxis("top", functions=(lambda x: x * tesla, lambda x: x / tesla)).set_xlabel("field (T)")
    handles = [*right.get_legend_handles_labels()[0], *left.get_legend_handles_labels()[0]]
    fig.legend(handles=handles, loc="outside lower center", ncols=4)
    save_figure(fig, "your-device-diode", _with_units(currents))


def _with_units(data):
    data = data.copy()
    for name in data.variables:
        data[name].attrs["units"] = _COORDINATES.get(str(name), RESULT_UNITS.get(str(name), "1"))
    return data
