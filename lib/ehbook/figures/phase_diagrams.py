"""Figures of the page on phase diagrams."""

from collections.abc import Mapping, Sequence
from typing import cast

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ehbook.phase_map import PHASES, draw_areas
from ehbook.plotting import COLORS, save_figure

__all__ = [
    "combined",
    "depths",
    "hartree_fock",
    "help_by_crystal",
    "lines",
    "spacing",
    "variance_plane",
]

# States that the paper computes, all at mass ratio 10: marker, d and r_s in hole units.
_PAPER = {"paper's Fig. 3": ("*", 1.0, 7.0), "paper's $T_c$": ("D", 10.0, 16.0)}
_PAPER_RATIO = 10.0

# Energies of each phase in a point's results.
_COLUMNS = {
    name: [f"energy_{spin}{name.lower().replace('-', '_').replace(' ', '_')}" for spin in ("", "polarised_")]
    for name in ("liquid", "EL-HC", "EC-HL", "coupled crystal")
}

# Colour of each line by the phases that it parts, and short names.
_LINES = {
    ("liquid", "EL-HC"): "black",
    ("EL-HC", "condensate"): "vermillion",
    ("EL-HC", "symmetric condensate"): "purple",
    ("EL-HC", "coupled crystal"): "green",
    ("liquid", "EC-HL"): "blue",
    ("EC-HL", "condensate"): "orange",
    ("EC-HL", "coupled crystal"): "sky",
    ("EC-HL", "EL-HC"): "vermillion",
}
_SHORT = {"condensate": "condensate, polarised", "symmetric condensate": "condensate, both spins"}

_RATIOS = (1, 1.5, 2, 3, 5, 10)
_DENSITIES = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)
_RADII = (2, 3, 5, 10, 20)


def combined(data: Mapping[str, xr.Dataset], stars: Mapping[str, Sequence[float]]) -> None:
    """Lowest phase over mass ratio and density, rows for d and columns for conventions.

    `stars`: r_s of crystallisation of isolated holes (a_h) and electrons (a_e) by convention.
    """
    fig = _maps(data, stars, condensate=True)
    kept = [*(name for name in next(iter(data.values())) if str(name).startswith("energy_")), "phase", "margin", "r_s"]
    save_figure(fig, "phases-combined", _together(data, kept))


def hartree_fock(data: Mapping[str, xr.Dataset], stars: Mapping[str, Sequence[float]]) -> None:
    """The same without the condensate; hatched where the electrons are polarised."""
    fig = _maps(data, stars, condensate=False)
    save_figure(fig, "phases-hartree-fock", _together(data, ["hf_phase", "hf_ansatz", "hf_margin", "r_s"]))


def lines(data: xr.Dataset, star: float, edges: pd.DataFrame) -> None:
    """Traced boundaries with their errors over the map of the limit; `star`: r_s (a_h) at n*.

    `edges`: of `ehbilayer.phases.lines`, one panel for each d of the map.
    """
    spacings = [d for d in data.d.values.tolist() if (edges["d"] == d).any()]
    fig, row = plt.subplots(1, len(spacings), figsize=(7.6, 5.0), sharey=True, squeeze=False)
    handles = {}
    x, y = _log_plane(data)
    for ax, d in zip(row[0], spacings, strict=True):
        here = data.sel(d=d).transpose("density_ratio", "mass_ratio")
        draw_areas(ax, x, y, _energies(here, condensate=True), 0.02 / here.r_s)
        for pair, group in edges[(edges["d"] == d) & edges["stable"]].groupby(["dense", "dilute", "along"]):
            dense, dilute, along = cast(tuple[str, str, str], pair)
            color = COLORS[_LINES[dense, dilute]]
            line = cast(pd.DataFrame, group).sort_values("mass_ratio")
            at = np.log10(line["mass_ratio"])
            label = f"{dense} | {_SHORT.get(dilute, dilute)}"
            handles[label] = Line2D([], [], marker="o", color=color, label=label)
            if along == "mass ratio":
                spread = line["error"] / line["mass_ratio"] / np.log(10)
                ax.errorbar(at, 2 * np.log10(star / line["r_s"]), xerr=spread, fmt="s", color=color, ms=5, capsize=2)
                continue
            sides = [line["r_s"] - line["error"], line["r_s"] + line["error"]]
            outer = (
                (line["r_s"] - line["ansatz"]).clip(lower=0.1) if dilute == "EL-HC" else line["r_s"] + line["ansatz"]
            )
            ax.fill_between(at, *(2 * np.log10(star / r) for r in sides), color=color, alpha=0.6, lw=0)
            ax.fill_between(at, *(2 * np.log10(star / r) for r in (line["r_s"], outer)), color=color, alpha=0.25, lw=0)
            ax.plot(at, 2 * np.log10(star / line["r_s"]), "o-", color=color, lw=1.8, ms=4)
        ax.set(title=f"$d = {d:g}\\,a_h$", xlabel="mass ratio $m_h/m_e$")
        _ticks(ax, data)
        _density_axes(ax, star, labelled=d == spacings[-1])
    row[0, 0].set_ylabel("density $n/n^*$")
    fig.legend(handles=list(handles.values()), loc="outside lower center", ncols=2)
    units = {"d": "d (a_h)", "mass_ratio": "m_h/m_e (1)", "r_s": "r_s (a_h)", "size": "error from size (a_h)"}
    units |= {"cutoff": "error from the cutoff (a_h)", "error": "error (a_h)", "ansatz": "error from the ansatz (a_h)"}
    save_figure(fig, "phases-boundaries", edges.rename(columns=units))


def help_by_crystal(electrons: xr.DataArray, holes: xr.DataArray) -> None:
    """Critical density of one layer near the other over that of distant layers, against d (a_h)."""
    fig, ax = plt.subplots(figsize=(6.0, 4.0))
    for ratio, marker in zip(electrons.mass_ratio.values, "osD", strict=True):
        line = electrons.sel(mass_ratio=ratio)
        ax.semilogx(line.d, line, marker + "-", label=f"electrons, $m_h/m_e$ = {ratio:g}")
    ax.semilogx(holes.d, holes, "^--", color=COLORS["black"], label="holes, $m_h/m_e$ = 3")
    ax.axhline(1.0, color="black", lw=0.8, ls=":")
    ax.set_xticks([0.5, 1, 2, 5, 10, 30], ["0.5", "1", "2", "5", "10", "30"])
    ax.minorticks_off()
    ax.set(xlabel="layer spacing $d$ ($a_h$)", ylabel="critical density\nover that of distant layers")
    fig.legend(loc="outside lower center", ncols=2)
    save_figure(fig, "phases-help", _united(xr.Dataset({"electrons": electrons, "holes": holes})))


def depths(table: pd.DataFrame) -> None:
    """Depth of the holes' potential on the electrons against r_s (a_h), in Hartree and in Fermi energies."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.4))
    for (d, here), marker in zip(table.groupby("d (a_h)"), "os", strict=True):
        for ax, unit in zip(axes, ("Ha_h", "eps_F"), strict=True):
            ax.plot(here["r_s (a_h)"], here[f"depth ({unit})"], marker + "-", label=f"$d$ = {d:g} $a_h$")
    for ax, unit in zip(axes, ("Ha$_h$", r"$\varepsilon_F$"), strict=True):
        ax.set(xlabel="$r_s^h$ ($a_h$)", ylabel=f"depth of the potential ({unit})")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    save_figure(fig, "phases-depth", table)


def spacing(data: xr.Dataset, star: float) -> None:
    """Lowest phase over d and density, one panel for each mass ratio; `star`: r_s (a_h) at n*."""
    fig, axes = plt.subplots(data.sizes["mass_ratio"], 1, figsize=(6.2, 9.0), sharex=True)
    present: set[str] = set()
    x, y = np.log10(data.d.values), np.log10(data.density_ratio.values)
    for ax, ratio in zip(np.atleast_1d(axes), data.mass_ratio.values, strict=True):
        here = data.sel(mass_ratio=ratio).transpose("density_ratio", "d")
        present |= set(draw_areas(ax, x, y, _energies(here, condensate=True), 0.02 / here.r_s))
        if ratio == _PAPER_RATIO:
            for marker, d, r_s in _PAPER.values():
                _mark(ax, marker, np.log10(d), 2 * np.log10(star / r_s))
        ax.set(title=f"$m_h/m_e = {ratio:g}$", ylabel="density $n/n^*$", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
        ax.set_xticks(np.log10([0.3, 1, 3, 10]), ["0.3", "1", "3", "10"])
        _density_axes(ax, star)
    ax.set_xlabel("layer spacing $d$ ($a_h$)")
    _key(fig, present, [])
    save_figure(fig, "phases-spacing", _united(data[["phase", "margin", "r_s"]]))


def variance_plane(table: pd.DataFrame, thresholds: Mapping[str, float]) -> None:
    """Momentum variances over those of the liquids over mass ratio and r_s (a_h); dots: crystal by energy.

    `thresholds`: variance that counts as a crystal, by layer "e" and "h".
    """
    fig, row = plt.subplots(1, 2, figsize=(7.2, 4.0), sharey=True)
    crystals = {"h": ("EL-HC", "coupled crystal"), "e": ("EC-HL", "coupled crystal")}
    for ax, (layer, names) in zip(row, crystals.items(), strict=True):
        plane = table.pivot(index="r_s (a_h)", columns="m_h/m_e (1)", values=f"variance {layer} over liquid (1)")
        x, y = np.log10(plane.columns.to_numpy(float)), np.log10(plane.index.to_numpy(float))
        ax.pcolormesh(x, y, plane, shading="nearest", cmap="cividis", vmin=1.0, vmax=1.6, rasterized=True)
        ax.contour(x, y, plane, [thresholds[layer]], colors="white", linewidths=1.8)
        chosen = table[table["phase by energy"].isin(names)]
        ax.plot(
            np.log10(chosen["m_h/m_e (1)"]),
            np.log10(chosen["r_s (a_h)"]),
            "o",
            color="white",
            mec="black",
            ms=6,
            clip_on=False,
        )
        ax.set_xticks(*_within(_RATIOS, x))
        ax.set_yticks(*_within(_RADII, y))
        ax.set(title={"h": "holes", "e": "electrons"}[layer], xlabel="mass ratio $m_h/m_e$")
        ax.grid(visible=False)
    row[0].set_ylabel("$r_s^h$ ($a_h$)")
    fig.colorbar(row[0].collections[0], ax=row, label=r"$\sigma_k^2$ / liquid", extend="both")
    save_figure(fig, "phases-variance", table)


def _maps(data: Mapping[str, xr.Dataset], stars: Mapping[str, Sequence[float]], condensate: bool) -> Figure:
    spacings = next(iter(data.values())).d.values
    fig, grid = plt.subplots(
        len(spacings), len(data), figsize=(7.2, 2.7 * len(spacings) + 1.0), sharex=True, sharey=True, squeeze=False
    )
    present: set[str] = set()
    for column, (convention, values) in enumerate(data.items()):
        star, star_e = stars[convention]
        x, y = _log_plane(values)
        for ax, d in zip(grid[:, column], spacings, strict=True):
            here = values.sel(d=d).transpose("density_ratio", "mass_ratio")
            present |= set(draw_areas(ax, x, y, _energies(here, condensate=condensate), 0.02 / here.r_s))
            hatched = here.polarised.astype(float) * (1.0 if not condensate else here.phase != "condensate")
            if hatched.max() > 0:
                ax.contourf(x, y, hatched, [0.5, 1.5], colors="none", hatches=["///"])
            if condensate and convention == "limit":
                _any_spin(ax, x, y, here)
            ax.plot(x, 2 * (np.log10(star / star_e) - x), "--", color=COLORS["vermillion"], lw=1.8)
            for marker, paper_d, r_s in _PAPER.values():
                if d == paper_d and x[0] <= np.log10(_PAPER_RATIO) <= x[-1]:
                    _mark(ax, marker, np.log10(_PAPER_RATIO), 2 * np.log10(star / r_s))
            ax.set_title(f"{convention}, $d = {d:g}\\,a_h$")
            _ticks(ax, values)
            _density_axes(ax, star, labelled=column == len(data) - 1)
    for ax in grid[:, 0]:
        ax.set_ylabel("density $n/n^*$")
    for ax in grid[-1]:
        ax.set_xlabel("mass ratio $m_h/m_e$")
    extra: list = [Line2D([], [], ls="--", color=COLORS["vermillion"], label="$n^*$ of electrons")]
    if any(bool(values.polarised.any()) for values in data.values()):
        extra.append(Patch(facecolor="white", edgecolor="black", hatch="///", label="polarised electrons"))
    if condensate and "limit" in data:
        extra.append(Line2D([], [], ls=":", lw=2.4, color=COLORS["purple"], label="condensate of any spins"))
    _key(fig, present, extra)
    return fig


def _any_spin(ax: Axes, x: np.ndarray, y: np.ndarray, data: xr.Dataset) -> None:
    """Border of where a condensate is lowest if the holes of uniform states need not be polarised."""
    margin = np.minimum(data.margin_any_spin.astype(float), 0.02 / data.r_s)
    signed = margin.where(data.phase_any_spin == "condensate", -margin)
    if signed.min() < 0 < signed.max():
        ax.contour(x, y, signed, [0.0], colors=COLORS["purple"], linewidths=2.4, linestyles=":")


def _energies(data: xr.Dataset, *, condensate: bool) -> dict[str, list[np.ndarray]]:
    """Energies by phase, with balanced and with polarised electrons; the condensate where it is one or lies higher."""
    energies = {name: [data[column].values for column in columns] for name, columns in _COLUMNS.items()}
    if condensate:
        known = (data.condensed > 0) & data.converged | (data.energy_condensate > data.energy_hf)
        energies["condensate"] = [data.energy_condensate.where(known).values]
    return energies


def _log_plane(data: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    return np.log10(data.mass_ratio.values), np.log10(data.density_ratio.values)


def _ticks(ax: Axes, data: xr.Dataset) -> None:
    """Ticks of a plane of logarithms of mass ratio and density."""
    x, y = _log_plane(data)
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    ax.set_xticks(*_within(_RATIOS, x))
    ax.set_yticks(*_within(_DENSITIES, y))
    ax.grid(visible=False)


def _within(values: Sequence[float], axis: np.ndarray) -> tuple[np.ndarray, list[str]]:
    inside = [value for value in values if axis[0] - 1e-9 <= np.log10(value) <= axis[-1] + 1e-9]
    return np.log10(inside), [f"{value:g}" for value in inside]


def _density_axes(ax: Axes, star: float, labelled: bool = True) -> None:
    """Density on the left, r_s of the holes on the right."""
    low, high = ax.get_ylim()
    ax.set_yticks(*_within(_DENSITIES, np.array([low, high])))
    radii = [r for r in _RADII if low <= 2 * np.log10(star / r) <= high]
    right = ax.secondary_yaxis("right")
    right.set_yticks([2 * np.log10(star / r) for r in radii], [f"{r:g}" for r in radii])
    right.set_ylabel("$r_s^h$ ($a_h$)" if labelled else "")
    ax.grid(visible=False)


def _mark(ax: Axes, marker: str, x: float, y: float) -> None:
    low, high = ax.get_ylim()
    if low - 0.02 <= y <= high + 0.02 or ax.get_ylim() == (0.0, 1.0):
        size = 14 if marker == "*" else 8
        ax.plot([x], [y], marker, ms=size, color="black", mec="white", mew=1.2, clip_on=False, zorder=5)


def _key(fig: Figure, present: set[str], extra: list) -> None:
    """One legend below the panels: phases with an area, further signs, the paper's points where they are drawn."""
    handles = [
        Patch(facecolor=color, edgecolor="black", lw=0.6, label=name)
        for name, color in PHASES.items()
        if name in present
    ]
    drawn = {str(line.get_marker()) for ax in fig.axes for line in ax.lines}
    marks = [
        Line2D([], [], ls="", marker=marker, ms=9, color="black", label=name)
        for name, (marker, *_) in _PAPER.items()
        if marker in drawn
    ]
    fig.legend(handles=[*handles, *extra, *marks], loc="outside lower center", ncols=3)


def _together(data: Mapping[str, xr.Dataset], names: list) -> xr.Dataset:
    joined = xr.concat([values[names] for values in data.values()], pd.Index(data, name="convention"), join="override")
    return _united(joined)


def _united(data: xr.Dataset) -> xr.Dataset:
    """With the unit 1 where a variable has none."""
    data = data.copy()
    for variable in data.variables.values():
        variable.attrs.setdefault("units", "1")
    return data
