"""Figures of the page on frictional drag in numbers."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from ehbilayer.drag.gallium_arsenide import PUBLISHED
from ehbilayer.units import MU_B
from ehbook.figures.marks import mark_presets
from ehbook.plotting import COLORS, DIVERGING, SEQUENTIAL, save_figure

__all__ = ["field", "laws", "plasmons", "published", "ratio", "warm"]

_HUES = ("blue", "vermillion", "green", "purple")
_INTERACTIONS = {
    "none": ("bare", "black", "-"),
    "thomas-fermi": ("Thomas–Fermi", COLORS["blue"], "-"),
    "static-rpa": ("static RPA", COLORS["green"], "--"),
    "dynamic-rpa": ("dynamic RPA", COLORS["vermillion"], "-"),
}
_SPACING = "spacing $d$ (nm)"
_TEMPERATURE = "temperature $T$ (K)"
_NONRECIPROCITY = r"$\zeta^{(1)}/\zeta^{(0)}$ at 1 A/m (%)"


def ratio(
    by_T: xr.Dataset,
    by_E: xr.Dataset,
    paper: Mapping[str, float] | None = None,
    layers: Mapping[str, float] | None = None,
) -> None:
    """Drag ratio (colours) and drag time (lines) over spacing and temperature, and spacing and chemical potential.

    `paper` holds T (K) and E_F (meV) of the paper's estimate, which states no spacing, `layers` masses (m_0) and
    permittivity of the maps: the presets with them are marked.
    """
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.1), sharex=True)
    times = [(1e-8, ":"), (1e-7, "-"), (1e-6, "--")]
    norm = LogNorm(0.1, 50)
    for ax, (ds, name, label) in zip(
        axes, ((by_T, "T", _TEMPERATURE), (by_E, "E_F", r"chemical potential $E_F$ (meV)")), strict=True
    ):
        values, time = (field.transpose(name, "d") for field in (-100 * ds.zeta, ds.tau_D1))
        image = ax.pcolormesh(ds.d, ds[name], values, norm=norm, cmap=SEQUENTIAL, shading="gouraud", rasterized=True)
        for level, style in times:
            lines = ax.contour(ds.d, ds[name], time, levels=[level], colors="white", linestyles=style, linewidths=1.6)
            lines.set_path_effects([withStroke(linewidth=2.6, foreground="0.3")])
        if paper:
            ax.axhline(paper[name], color=COLORS["vermillion"], lw=1.8)
        ax.set(xlabel=_SPACING, ylabel=label)
        ax.grid(visible=False)
    axes[1].axhline(0.0, color="white", lw=1.0)
    if layers:
        # The first map is at a Fermi energy, the second at a temperature.
        _presets(axes[0], "T", {**layers, "E_F": by_T.E_F.item()})
        _presets(axes[1], "fermi_energy", {**layers, "T": by_E["T"].item()})
    fig.colorbar(image, ax=axes, extend="both", label=r"drag ratio $-\zeta$ (%)")
    handles = [
        Line2D([], [], color="0.5", ls=style, label=rf"$10^{{{np.log10(level):.0f}}}$ s") for level, style in times
    ]
    handles += [Line2D([], [], color=COLORS["vermillion"], label="paper's value")] if paper else []
    fig.legend(handles=handles, loc="outside upper center", ncol=4, title=r"drag time $\tau_D$ (white lines)")
    save_figure(fig, "dragn-ratio", _table(by_T, "tau_D1", "zeta", rest=_table(by_E, "tau_D1", "zeta")))


def _presets(ax: Axes, upwards: str, given: Mapping[str, float]) -> None:
    """Presets over spacing and another attribute of theirs, where they agree with what is `given` to one per cent."""
    names = {"E_F": "fermi_energy"}
    mark_presets(
        ax,
        lambda b: b.d,
        lambda b: getattr(b, upwards),
        where=lambda b: all(
            (found := getattr(b, names.get(name, name))) is not None and abs(found / value - 1) < 0.01
            for name, value in given.items()
        ),
    )


def laws(by_d: xr.Dataset, wide: xr.Dataset, reach: float, paper: float | None = None) -> None:
    """Drag time against spacing, and drag resistivity over the law on a map of spacing and temperature.

    `reach` is hbar v_F/k_B in K nm, `paper` the paper's time in s.
    """
    fig, axes = plt.subplots(1, 2, figsize=(7.2, 4.4))
    for kind, (label, color, style) in _INTERACTIONS.items():
        # Thomas-Fermi and static screening may coincide.
        width = 4.0 if kind == "thomas-fermi" else 1.8
        rows = by_d.sel(screening=kind)
        axes[0].loglog(rows.d, rows.tau_D1, style, color=color, lw=width, label=label)
    law = (by_d.rho_D * by_d.tau_D1 / by_d.law).sel(screening="thomas-fermi")
    axes[0].loglog(by_d.d, law, ":", color="black", label="law")
    if paper:
        axes[0].axhline(paper, color="0.5", lw=1.2, label="paper's time")
    axes[0].set(xlabel=_SPACING, ylabel=r"drag time $\tau_D$ (s)", ylim=(1e-14, 1e-2))
    part = wide.over_law.transpose("T", "d")
    image = axes[1].pcolormesh(
        wide.d, wide["T"], part, norm=LogNorm(0.1, 10), cmap=DIVERGING, shading="gouraud", rasterized=True
    )
    lines = axes[1].contour(wide.d, wide["T"], part, levels=[0.5, 0.8, 1.25, 2.0], colors=["k", "0.35", "0.35", "k"])
    axes[1].plot(wide.d, reach / wide.d, "--", color="black", lw=1.4)
    axes[1].set(xscale="log", yscale="log", xlabel=_SPACING, ylabel=_TEMPERATURE)
    axes[1].set_ylim(float(wide["T"].min()), float(wide["T"].max()))
    axes[1].grid(visible=False)
    bar = fig.colorbar(image, ax=axes[1], label=r"$\rho_D$ over the law", extend="both")
    bar.add_lines(lines)
    fig.legend(loc="outside upper center", ncol=3)
    names = ("tau_D1", "rho_D", "law", "zeta")
    wide = wide.assign(over_law=wide.over_law.assign_attrs(units="1"))
    save_figure(fig, "dragn-laws", _table(by_d, *names, rest=_table(wide, "rho_D", "law", "over_law")))


def published(
    places: NDArray, over_T2: Mapping[str, NDArray], ratios: NDArray, unequal: Mapping[float, NDArray]
) -> None:
    """Drag resistivity over T^2 (ohm/K^2) by screening against T/T_F, and between unequal layers by T/T_F."""
    fig, axes = plt.subplots(1, 2, figsize=(7.2, 4.2))
    for kind, values in over_T2.items():
        label, color, style = _INTERACTIONS[kind]
        if kind != "none":
            axes[0].plot(places, 1e3 * values, style, color=color, label=label)
    for name, place in PUBLISHED.items():
        axes[0].axvline(place, color="black", ls=":", lw=1.2)
        axes[0].annotate(name, (place, 1.01), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=10)
    hues = plt.get_cmap(SEQUENTIAL)(np.linspace(0.0, 0.8, len(unequal)))
    for (place, values), hue in zip(unequal.items(), hues, strict=True):
        axes[1].semilogx(ratios, values, "o-", color=hue, label=rf"{place:g} $T_{{\mathrm{{F}}}}$")
    axes[0].set(xlabel=r"$T/T_{\mathrm{F}}$", ylabel=r"$\rho_D/T^2$ (m$\Omega$/K$^2$)", ylim=(0.0, None))
    axes[1].set(xlabel="density ratio $n_2/n_1$", ylabel=r"$\rho_D\,(n_2/n_1)^{3/2}$, over equal layers")
    axes[1].set_xticks([0.5, 1.0, 2.0], ["0.5", "1", "2"])
    axes[1].minorticks_off()
    fig.legend(loc="outside upper center", ncol=4)
    rows = [
        {"screening": kind, "T/T_F (1)": x, "rho_D/T^2 (ohm/K^2)": y}
        for kind, values in over_T2.items()
        for x, y in zip(places, values, strict=True)
    ]
    rows += [
        {"T/T_F (1)": place, "n_2/n_1 (1)": x, "scaled rho_D (1)": y}
        for place, values in unequal.items()
        for x, y in zip(ratios, values, strict=True)
    ]
    save_figure(fig, "dragn-published", pd.DataFrame(rows))


def plasmons(enhanced: xr.DataArray, layers: Mapping[str, float]) -> None:
    """Drag resistivity with dynamic over that with static screening, over spacing and temperature.

    `layers` holds masses (m_0), permittivity and Fermi energy (meV): the presets with them are marked.
    """
    fig, ax = plt.subplots(figsize=(6.0, 3.9))
    part = enhanced.transpose("T", "d")
    image = ax.pcolormesh(
        part.d, part["T"], part, norm=LogNorm(1 / 30, 30), cmap=DIVERGING, shading="gouraud", rasterized=True
    )
    lines = ax.contour(part.d, part["T"], part, levels=[0.7, 1, 3, 10], colors=["0.35", "black", "0.35", "0.35"])
    # From nought, or a mark at the lowest temperature is cut.
    ax.set(xlabel=_SPACING, ylabel=_TEMPERATURE, ylim=(0.0, float(part["T"].max())))
    ax.grid(visible=False)
    _presets(ax, "T", layers)
    bar = fig.colorbar(image, ax=ax, label=r"$\rho_D$, dynamic over static")
    bar.add_lines(lines)
    save_figure(fig, "dragn-plasmons", _named(enhanced.drop_attrs(deep=False).to_dataset(name="ratio")))


def field(table: pd.DataFrame, labels: Mapping[str, str]) -> None:
    """Relative nonreciprocity at 1 A/m against the in-plane Zeeman energy (above, in tesla), by distribution."""
    fig, ax = plt.subplots(figsize=(6.2, 4.2))
    for (name, label), hue in zip(labels.items(), _HUES, strict=True):
        rows = table[table["distribution"] == name]
        style = "s--" if name == "drifting" else "o-"
        ax.plot(
            rows["B (meV)"], 100 * rows["relative nonreciprocity at 1 A/m (1)"], style, color=COLORS[hue], label=label
        )
    ax.axhline(0.0, color="black", lw=0.8)
    ax.set(xlabel="in-plane Zeeman energy $B$ (meV)", ylabel=_NONRECIPROCITY)
    above = ax.secondary_xaxis("top", functions=(lambda x: np.asarray(x) / MU_B, lambda x: np.asarray(x) * MU_B))
    above.set_xlabel("in tesla, for $g = 2$")
    fig.legend(loc="outside upper center", ncol=2)
    save_figure(fig, "dragn-field", table)


def warm(ds: xr.Dataset, labels: Mapping[str, str]) -> None:
    """Relative nonreciprocity at 1 A/m over spacing and temperature, one map for each distribution."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.7), sharey=True)
    top = 100 * float(abs(ds.nonreciprocity).quantile(0.97))
    for ax, (name, label) in zip(axes, labels.items(), strict=True):
        part = 100 * ds.nonreciprocity.sel(distribution=name).transpose("T", "d")
        image = ax.pcolormesh(
            ds.d, ds["T"], part, vmin=-top, vmax=top, cmap=DIVERGING, shading="gouraud", rasterized=True
        )
        ax.contour(ds.d, ds["T"], part, levels=[0.0], colors="black", linewidths=1.4)
        ax.set(xlabel=_SPACING, title=label)
        ax.grid(visible=False)
    axes[0].set(ylabel=_TEMPERATURE)
    fig.colorbar(image, ax=axes, extend="both", label=_NONRECIPROCITY)
    save_figure(fig, "dragn-warm", _named(ds))


def _named(ds: xr.Dataset) -> xr.Dataset:
    """The data set with a unit, one, for what has none: names among the coordinates, and ratios."""
    ds = ds.copy()
    for name in ds.variables:
        ds[name].attrs.setdefault("units", "1")
    return ds


def _table(ds: xr.Dataset, *names: str, rest: pd.DataFrame | None = None) -> pd.DataFrame:
    """Variables with their coordinates as a table, units in the names of the columns, and another table below."""
    ds = _named(ds)
    rows = ds[list(names)].to_dataframe().reset_index()
    units = {str(name): ds[name].attrs["units"] for name in (*ds.coords, *names)}
    rows = rows.rename(
        columns={name: name if name == "screening" else f"{name} ({unit})" for name, unit in units.items()}
    )
    return rows if rest is None else pd.concat([rows, rest])
