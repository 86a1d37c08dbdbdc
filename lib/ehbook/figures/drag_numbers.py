"""Figures of the page on frictional drag in numbers."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ehbook.plotting import COLORS, DIVERGING, SEQUENTIAL, save_figure

__all__ = ["cuts", "field", "laws", "plasmons", "ratio", "response", "valid", "warm"]

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


def ratio(by_T: xr.Dataset, by_E: xr.Dataset, paper: Mapping[str, float] | None = None) -> None:
    """Drag ratio (colours) and drag time (lines) over spacing and temperature, and spacing and chemical potential.

    `paper` holds T (K) and E_F (meV) of the paper's estimate, which states no spacing.
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
            ax.contour(ds.d, ds[name], time, levels=[level], colors="white", linestyles=style, linewidths=1.6)
        if paper:
            ax.axhline(paper[name], color=COLORS["vermillion"], lw=1.8)
        ax.set(xlabel=_SPACING, ylabel=label)
        ax.grid(visible=False)
    fig.colorbar(image, ax=axes, extend="both", label=r"drag ratio $-\zeta$ (%)")
    handles = [
        Line2D([], [], color="0.5", ls=style, label=rf"$10^{{{np.log10(level):.0f}}}$ s") for level, style in times
    ]
    handles += [Line2D([], [], color=COLORS["vermillion"], label="paper's value")] if paper else []
    fig.legend(handles=handles, loc="outside upper center", ncol=4, title=r"drag time $\tau_D$ (white lines)")
    save_figure(fig, "dragn-ratio", _table(by_T, "tau_D1", "zeta", rest=_table(by_E, "tau_D1", "zeta")))


def laws(by_d: xr.Dataset, by_T: xr.Dataset, paper: float | None = None) -> None:
    """Drag time against spacing and drag resistivity against temperature; `paper` is the paper's time in s."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.0))
    for kind, (label, color, style) in _INTERACTIONS.items():
        # Thomas-Fermi and static screening may coincide.
        width = 4.0 if kind == "thomas-fermi" else 1.8
        rows = by_d.sel(screening=kind)
        axes[0].loglog(rows.d, rows.tau_D1, style, color=color, lw=width, label=label)
        if kind != "none":
            rows = by_T.sel(screening=kind)
            axes[1].loglog(rows["T"], rows.rho_D, style, color=color, lw=width)
    law = (by_d.rho_D * by_d.tau_D1 / by_d.law).sel(screening="thomas-fermi")
    axes[0].loglog(by_d.d, law, ":", color="black", label="law")
    axes[1].loglog(by_T["T"], by_T.law.sel(screening="thomas-fermi"), ":", color="black")
    if paper:
        axes[0].axhline(paper, color="0.5", lw=1.2, label="paper's time")
    axes[0].set(xlabel=_SPACING, ylabel=r"drag time $\tau_D$ (s)", ylim=(1e-14, 1e-2))
    axes[1].set(xlabel=_TEMPERATURE, ylabel=r"drag resistivity $\rho_D$ ($\Omega$)")
    fig.legend(loc="outside upper center", ncol=3)
    names = ("tau_D1", "rho_D", "law", "zeta")
    save_figure(fig, "dragn-laws", _table(by_d, *names, rest=_table(by_T, *names)))


def valid(ds: xr.Dataset, reach: float) -> None:
    """Drag resistivity over the law on maps of spacing and temperature; `reach` is hbar v_F/k_B in K nm."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.9), sharey=True)
    levels = [0.5, 0.8, 1.25, 2.0]
    for ax, eps in zip(axes, ds.eps_r.values, strict=True):
        part = ds.over_law.sel(eps_r=eps).transpose("T", "d")
        image = ax.pcolormesh(
            ds.d, ds["T"], part, norm=LogNorm(0.1, 10), cmap=DIVERGING, shading="gouraud", rasterized=True
        )
        lines = ax.contour(ds.d, ds["T"], part, levels=levels, colors=["black", "0.35", "0.35", "black"])
        ax.plot(ds.d, reach / ds.d, "--", color="black", lw=1.4)
        ax.set(xscale="log", yscale="log", xlabel=_SPACING, title=rf"$\varepsilon_r$ = {eps:g}")
        ax.set_ylim(float(ds["T"].min()), float(ds["T"].max()))
        ax.grid(visible=False)
    axes[0].set(ylabel=_TEMPERATURE)
    bar = fig.colorbar(image, ax=axes, label=r"$\rho_D$ over the law", extend="both")
    bar.add_lines(lines)
    data = _named(ds[["rho_D", "law", "over_law"]])
    data["over_law"].attrs["units"] = "1"
    save_figure(fig, "dragn-valid", data)


def cuts(by_eps: xr.Dataset, by_tau: xr.Dataset) -> None:
    """Drag resistivity against permittivity, drag ratio against relaxation time, with their asymptotes (dotted)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.0))
    hues = {float(d): COLORS[hue] for d, hue in zip(by_tau.d, _HUES, strict=True)}
    for d in by_eps.d.values:
        rows = by_eps.sel(d=d)
        axes[0].loglog(rows.eps_r, rows.rho_D, color=hues[float(d)])
        axes[0].loglog(rows.eps_r, rows.law, ":", color=hues[float(d)])
    for d, color in hues.items():
        rows = by_tau.sel(d=d)
        axes[1].loglog(rows.tau_2, -rows.zeta, color=color, label=f"$d$ = {d:g} nm")
        axes[1].loglog(rows.tau_2, rows.tau_2 / rows.tau_D1, ":", color=color)
    axes[1].axhline(1.0, color="black", lw=0.8, ls=":")
    axes[0].set(xlabel=r"permittivity $\varepsilon_r$", ylabel=r"drag resistivity $\rho_D$ ($\Omega$)")
    axes[1].set(xlabel=r"relaxation time $\tau_2$ (s)", ylabel=r"drag ratio $-\zeta$", ylim=(1e-8, 3))
    fig.legend(loc="outside upper center", ncol=4)
    save_figure(fig, "dragn-cuts", _table(by_eps, "rho_D", "law", rest=_table(by_tau, "zeta", "tau_D1")))


def plasmons(enhanced: xr.DataArray) -> None:
    """Drag resistivity with dynamic over that with static screening, over spacing and temperature."""
    fig, ax = plt.subplots(figsize=(6.0, 3.9))
    part = enhanced.transpose("T", "d")
    image = ax.pcolormesh(
        part.d, part["T"], part, norm=LogNorm(1 / 30, 30), cmap=DIVERGING, shading="gouraud", rasterized=True
    )
    lines = ax.contour(part.d, part["T"], part, levels=[0.7, 1, 3, 10], colors=["0.35", "black", "0.35", "0.35"])
    ax.set(xlabel=_SPACING, ylabel=_TEMPERATURE)
    ax.grid(visible=False)
    bar = fig.colorbar(image, ax=ax, label=r"$\rho_D$, dynamic over static")
    bar.add_lines(lines)
    save_figure(fig, "dragn-plasmons", _named(enhanced.drop_attrs(deep=False).to_dataset(name="ratio")))


def response(omega: Sequence[float], curves: Mapping[str, NDArray[np.complex128]]) -> None:
    """Real and imaginary part of density responses (1/meV nm^2) by name against the energy (meV)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.8))
    columns = {"hbar omega (meV)": np.asarray(omega)}
    styles = [*((COLORS[hue], "-") for hue in _HUES[:3]), ("black", "--")]
    for (name, values), (color, style) in zip(curves.items(), styles, strict=True):
        for ax, part, values_of in zip(axes, ("Re", "Im"), (values.real, values.imag), strict=True):
            ax.plot(omega, 1e4 * values_of, style, color=color, label=name if part == "Re" else None)
            columns[f"{part} chi, {name.replace('$', '')} (1/(meV nm^2))"] = values_of
    for ax, part in zip(axes, ("Re", "Im"), strict=True):
        ax.set(xlabel=r"$\hbar\omega$ (meV)", ylabel=rf"{part} $\chi$ ($10^{{-4}}$/meV nm$^2$)")
    fig.legend(loc="outside upper center", ncol=4)
    save_figure(fig, "dragn-response", pd.DataFrame(columns))


def field(table: pd.DataFrame, labels: Mapping[str, str]) -> None:
    """Relative nonreciprocity at 1 A/m against the in-plane Zeeman energy, one line for each distribution."""
    fig, ax = plt.subplots(figsize=(6.2, 4.2))
    for (name, label), hue in zip(labels.items(), _HUES, strict=True):
        rows = table[table["distribution"] == name]
        style = "s--" if name == "drifting" else "o-"
        ax.plot(
            rows["B (meV)"], 100 * rows["relative nonreciprocity at 1 A/m (1)"], style, color=COLORS[hue], label=label
        )
    ax.axhline(0.0, color="black", lw=0.8)
    ax.set(xlabel="in-plane Zeeman energy $B$ (meV)", ylabel=_NONRECIPROCITY)
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
