"""Figures of the page on mean-field theory beyond the Ginzburg-Landau expansion."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from ehbilayer.diode.depairing import MeanFieldDiode
from ehbilayer.diode.first_order import MapExchange
from ehbilayer.diode.gapless import GapCurve
from ehbook.figures.fields import B_LABEL, legend_below, tesla_axis
from ehbook.plotting import COLORS, DIVERGING, SEQUENTIAL, save_figure

__all__ = ["EfficiencyMap", "current", "efficiency", "efficiency_map", "gapless", "imbalance", "layer_map", "stiffness"]

_T = r"temperature $T$ ($T_\mathrm{c}$)"
_Q = r"pair momentum $q_x$ ($1/l_u$)"
_THEORIES = {"mean-field": ("o-", "blue", "full mean field"), "ginzburg-landau": ("s--", "orange", "fourth order")}


def current(scans: Mapping[float, MeanFieldDiode], expansion: Mapping[float, tuple[np.ndarray, np.ndarray]]) -> None:
    """Supercurrent (J_u) over the pair momentum (1/l_u) at several temperatures (T_c), the warmest apart.

    `expansion` holds momenta and currents of Ginzburg-Landau theory where it has them.
    """
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.2))
    warmest = max(scans)
    frames, handles = [], []
    for (T, scan), color in zip(scans.items(), ("blue", "purple", "green"), strict=False):
        ax = axes[0 if warmest == T else 1]
        label = rf"full mean field, $T = {T:g}\,T_\mathrm{{c}}$"
        handles += ax.plot(scan.q, scan.current, "o-", ms=3, lw=1.2, color=COLORS[color], label=label)
        for end in (scan.plus, scan.minus):
            ax.plot(end.q, end.value, "D", color=COLORS["vermillion"])
        frames.append((T, "mean field", scan.q, scan.current))
        if T in expansion:
            ax.plot(*expansion[T], "--", color=COLORS["orange"])
            frames.append((T, "Ginzburg-Landau", *expansion[T]))
        ax.axhline(0, color="black", lw=0.6)
        ax.set(xlabel=_Q)
    axes[0].set(title=rf"at $T = {warmest:g}\,T_\mathrm{{c}}$", ylabel=r"supercurrent $J_x$ ($J_u$)")
    axes[1].set(title="colder")
    handles.append(Line2D([], [], ls="--", color=COLORS["orange"], label="fourth order"))
    handles.append(Line2D([], [], ls="none", marker="D", color=COLORS["vermillion"], label=r"critical currents"))
    legend_below(fig, handles)
    tables = [
        pd.DataFrame({"T (T_c)": T, "theory": theory, "q_x (1/l_u)": q, "J_x (J_u)": J}) for T, theory, q, J in frames
    ]
    save_figure(fig, "beyond-current", pd.concat(tables))


def efficiency(curves: pd.DataFrame) -> None:
    """Efficiency (%) over the temperature (T_c) in both theories, one panel for each set of parameters."""
    names = list(dict.fromkeys(curves["set"]))
    fig, axes = plt.subplots(1, len(names), figsize=(6.8, 4.2))
    for ax, name in zip(axes, names, strict=True):
        for theory, (line, color, label) in _THEORIES.items():
            rows = curves[(curves["set"] == name) & (curves["theory"] == theory)]
            ax.plot(rows["T (T_c)"], rows["eta (%)"], line, ms=4, color=COLORS[color], label=label)
        ax.axhline(0, color="black", lw=0.6)
        ax.set(title=f"{name} set", xlabel=_T)
    axes[0].set_ylabel(r"efficiency $\eta$ (%)")
    legend_below(fig, axes[1])
    save_figure(fig, "beyond-efficiency", curves)


@dataclass(frozen=True)
class EfficiencyMap:
    """Efficiency over field and temperature.

    Attributes
    ----------
    B : ndarray
        Fields in k_B T_c.
    T : ndarray
        Temperatures in T_c.
    eta : ndarray, shape (T, B)
        In per cent.
    trusted : ndarray, shape (T, B)
        Whether the state is a ground state with one band in each layer.
    bkt : ndarray
        Temperature of the Berezinskii-Kosterlitz-Thouless transition in T_c, for each field.
    """

    B: np.ndarray
    T: np.ndarray
    eta: np.ndarray
    trusted: np.ndarray
    bkt: np.ndarray


def efficiency_map(found: EfficiencyMap) -> None:
    """Map of the efficiency (%), hatched above the transition of phase coherence and where it is not trusted."""
    fig, ax = plt.subplots(figsize=(6.0, 4.6))
    limit = np.nanmax(np.abs(found.eta))
    limits = {"vmin": -limit, "vmax": limit}
    image = ax.pcolormesh(found.B, found.T, found.eta, cmap=DIVERGING, shading="nearest", rasterized=True, **limits)
    if np.isfinite(found.eta).all():
        inner = found.B != 0
        ax.contour(found.B[inner], found.T, found.eta[:, inner], levels=[0.0], colors="black", linewidths=0.8)
    ax.fill_between(found.B, found.bkt, found.T[-1], facecolor="none", edgecolor="0.35", hatch="//", lw=0)
    ax.plot(found.B, found.bkt, "--", color="black", lw=1.4)
    handles = [
        Line2D([], [], ls="--", color="black", label=r"$T_\mathrm{BKT}$"),
        Patch(facecolor="none", edgecolor="0.35", hatch="//", label="no phase coherence"),
    ]
    if not found.trusted.all():
        ax.contourf(found.B, found.T, found.trusted, levels=[-0.5, 0.5], colors="none", hatches=["xx"])
        handles.append(Patch(facecolor="none", edgecolor="black", hatch="xx", label="second band, or a saddle"))
    ax.set(xlabel=B_LABEL, ylabel=_T, ylim=(found.T[0], found.T[-1]))
    ax.grid(visible=False)
    fig.colorbar(image, ax=ax, label=r"efficiency $\eta$ (%)")
    tesla_axis(ax)
    legend_below(fig, handles, columns=len(handles))
    data = xr.Dataset(
        {
            "efficiency": (("T", "B"), found.eta, {"units": "%"}),
            "trusted": (("T", "B"), found.trusted.astype(int), {"units": "1"}),
            "T_BKT": ("B", found.bkt, {"units": "T_c"}),
        },
        {"T": ("T", found.T, {"units": "T_c"}), "B": ("B", found.B, {"units": "k_B T_c"})},
    )
    save_figure(fig, "beyond-map", data)


def imbalance(points: pd.DataFrame) -> None:
    """Efficiency (%) and length of the momentum (1/l_u) over the imbalance, one line for each form of the theory."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.4))
    styles = {"neither": ("o", "blue"), "held densities": ("s", "orange"), "both": ("^", "green")}
    for form, (marker, color) in styles.items():
        rows = points[points["form"] == form].dropna()
        eta, q_x, q_y = (np.array(rows[name], dtype=float) for name in ("eta (%)", "q0_x (1/l_u)", "q0_y (1/l_u)"))
        for ax, values in zip(axes, (eta, np.hypot(q_x, q_y)), strict=True):
            ax.plot(rows["imbalance (1)"], values, lw=0.8, color=COLORS[color])
            for off in (False, True):
                chosen = (q_y > 1e-6) == off
                face = "white" if off else COLORS[color]
                x = rows["imbalance (1)"][chosen]
                ax.plot(x, values[chosen], marker, ls="none", color=COLORS[color], markerfacecolor=face)
    axes[0].axhline(0, color="black", lw=0.6)
    axes[0].set(xlabel=r"imbalance $n_e/n_h - 1$", ylabel=r"efficiency $\eta$ (%)")
    axes[1].set(xlabel=r"imbalance $n_e/n_h - 1$", ylabel=r"momentum $|\mathbf{q}_0|$ ($1/l_u$)")
    words = {
        "neither": "constant potentials, no overlaps",
        "held densities": "held densities",
        "both": "held densities and overlaps",
    }
    handles = [
        Line2D([], [], marker=marker, lw=0.8, color=COLORS[color], label=words[form])
        for form, (marker, color) in styles.items()
    ]
    legend_below(fig, handles)
    save_figure(fig, "beyond-imbalance", points)


def layer_map(
    neither: xr.Dataset, both: xr.Dataset, transitions: Mapping[float, Sequence[MapExchange]], smallest: float
) -> None:
    """Efficiency (%) over field and imbalance at each temperature, with first-order transitions and what survives.

    Below it the mean of both critical currents, of which the efficiency is the relative difference.

    Sweeps of `ehbilayer.diode.forms` at constant potentials without overlaps, and at some points with held densities
    and overlaps, whose symbols say whether an efficiency of `smallest` is left; transitions by temperature (T_c).
    """
    plain = neither.isel(form=0)
    eta = 100 * plain.efficiency.astype(float).transpose("T", "imbalance", "B")
    limit = max(float(np.abs(eta).max()), 1.0)
    mean = (0.5 * (plain.J_plus + np.abs(plain.J_minus)).astype(float)).transpose("T", "imbalance", "B")
    fig, axes = plt.subplots(2, eta.sizes["T"], figsize=(6.8, 7.6), sharex=True, sharey=True, squeeze=False)
    kept = np.abs(both.efficiency.isel(form=0).astype(float)) >= smallest
    seen = {"color": "black", "path_effects": [withStroke(linewidth=2.5, foreground="white")]}
    for ax, T in zip(axes[0], eta["T"].values.tolist(), strict=True):
        image = ax.pcolormesh(eta.B, eta.imbalance, eta.sel(T=T), cmap=DIVERGING, shading="nearest", vmin=-limit,
                              vmax=limit, rasterized=True)  # fmt: skip
        at = np.array([(x.B, x.imbalance) for x in transitions[T]]).reshape(-1, 2)
        ax.plot(*at.T, "s", ms=5, **seen)
        off = plain.sel(T=T).q0_y.astype(float).fillna(0.0).transpose("imbalance", "B") > 1e-6
        for i, j in np.argwhere(off.values):
            ax.plot(off.B[j], off.imbalance[i], "1", ms=9, **seen)
        for B, y in itertools.product(kept.B.values, kept.imbalance.values) if T in kept["T"] else ():
            mark = "o" if kept.sel(T=T, B=B, imbalance=y) else "x"
            ax.plot(B, y, mark, ms=10, mew=1.4, mfc="none", **seen)
        ax.set(title=rf"$T = {T:g}\,T_\mathrm{{c}}$")
        ax.grid(visible=False)
        tesla_axis(ax)
        ax.child_axes[-1].set_xlabel("in tesla")
    for ax, T in zip(axes[1], eta["T"].values.tolist(), strict=True):
        current = ax.pcolormesh(mean.B, mean.imbalance, mean.sel(T=T), cmap=SEQUENTIAL, shading="nearest", vmin=0.0,
                                vmax=max(1e-9, float(mean.fillna(0.0).max())), rasterized=True)  # fmt: skip
        ax.set_xlabel(B_LABEL)
        ax.grid(visible=False)
    for row in axes:
        row[0].set_ylabel(r"imbalance $n_e/n_h - 1$")
    fig.colorbar(image, ax=axes[0].tolist(), label=r"efficiency $\eta$ (%)")
    fig.colorbar(current, ax=axes[1].tolist(), label=r"mean critical current ($J_u$)")
    words = {
        "s": "first-order transition",
        "1": r"$q_y \neq 0$",
        "o": f"with both above {100 * smallest:g} %",
        "x": f"with both below {100 * smallest:g} %",
    }
    drawn = {line.get_marker() for ax in axes[0] for line in ax.get_lines() if len(line.get_xdata())}
    legend_below(
        fig,
        [
            Line2D([], [], ls="none", marker=marker, color="black", mfc="none" if marker == "o" else None, label=text)
            for marker, text in words.items()
            if marker in drawn
        ],
    )
    numbers = {"efficiency": "1", "q0": "1/l_u", "q0_y": "1/l_u", "J_plus": "J_u", "J_minus": "J_u", "runner_up": "1"}
    data = xr.concat([neither[list(numbers)].astype(float), both[list(numbers)].astype(float)], "form", join="outer")
    places = np.array([(T, x.B, x.imbalance) for T, found in transitions.items() for x in found]).reshape(-1, 3)
    for name, column in zip(("T", "B", "imbalance"), places.T, strict=True):
        data[f"transition_{name}"] = ("transition", column)
        numbers[f"transition_{name}"] = numbers[name] = {"T": "T_c", "B": "k_B T_c", "imbalance": "1"}[name]
    for name, unit in numbers.items():
        data[name].attrs = {"units": unit}
    save_figure(fig, "beyond-layers", data)


def gapless(curve: GapCurve, k: np.ndarray, levels: Mapping[str, np.ndarray]) -> None:
    """Order parameter and gap over the pair momentum (left); quasiparticle bands (E_u) over p_x (1/l_u) (right).

    `levels` holds the bands of shape (2, len(k)) by the momentum that they belong to.
    """
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.4))
    axes[0].plot(curve.q, curve.delta, color=COLORS["purple"], label=r"$\Delta$")
    axes[0].plot(curve.q, curve.gap, color=COLORS["green"], label="quasiparticle gap")
    axes[0].fill_between(curve.q, np.minimum(curve.gap, 0), 0, color=COLORS["green"], alpha=0.3, label="gapless")
    axes[0].axhline(0, color="black", lw=0.6)
    for number, end in enumerate((curve.extrema.plus, curve.extrema.minus)):
        axes[0].axvline(end.q, color="black", lw=0.8, ls=":", label=None if number else "critical currents")
    axes[0].set(xlabel=_Q, ylabel=r"energy ($E_u$)")
    for (label, (upper, lower)), color in zip(levels.items(), ("blue", "vermillion"), strict=False):
        axes[1].plot(k, upper, color=COLORS[color], label=rf"$E\pm\delta$ at {label}")
        axes[1].plot(k, lower, "--", color=COLORS[color])
    axes[1].axhline(0, color="black", lw=0.6)
    axes[1].set(xlabel=r"relative momentum $p_x$ ($1/l_u$)", ylabel=r"energy ($E_u$)", ylim=(-1, 8))
    legend_below(fig, [h for ax in axes for h in ax.get_legend_handles_labels()[0]], columns=3)
    table = {
        "q_x (1/l_u)": curve.q,
        "Delta (E_u)": curve.delta,
        "quasiparticle gap (E_u)": curve.gap,
        "J_x (J_u)": curve.current,
    }
    save_figure(fig, "beyond-gapless", pd.DataFrame(table))


def stiffness(table: pd.DataFrame, bkt: float | None) -> None:
    """Stiffness (k_B T_c) along and across the pair momentum over the temperature (T_c), and the vortex transition."""
    fig, ax = plt.subplots(figsize=(6.0, 4.0))
    T = table["T (T_c)"]
    ax.plot(T, table["rho_xx (E_u)"], "o-", label=r"$\rho_{xx}$, along $q_0$")
    ax.plot(T, table["rho_yy (E_u)"], "s-", label=r"$\rho_{yy}$, across")
    ax.plot(T, 2 / np.pi * T, "--", color="black", lw=1.0, label=r"$2T/\pi$")
    if bkt is not None:
        ax.axvline(bkt, color="black", lw=0.8, ls=":", label=r"$T_\mathrm{BKT}$")
    ax.set(xlabel=_T, ylabel=r"stiffness ($k_\mathrm{B}T_\mathrm{c}$)", ylim=(0, None))
    legend_below(fig, ax, columns=4)
    save_figure(fig, "beyond-stiffness", table)
