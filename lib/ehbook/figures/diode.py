"""Figures of the page on the diode effect and its convergence."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ehbilayer.diode import DiodeResult
from ehbilayer.diode.valleys import PotentialCurve
from ehbook.figures.fields import B_LABEL, legend_below, star, tesla_axis
from ehbook.plotting import COLORS, DIVERGING, save_figure

__all__ = ["audit", "closest", "convergence", "current", "efficiency_map", "field", "search", "valleys"]

_ETA = r"efficiency $\eta$ (%)"
_Q0 = r"condensate momentum $q_0$ ($1/l_u$)"
_READINGS = {"literal": "blue", "balanced": "vermillion"}
_COUPLINGS = {"each-field": r"$T_\mathrm{c}$ held at each field", "zero-field": "$g$ held from zero field"}


def current(q: np.ndarray, J: np.ndarray, result: DiodeResult) -> None:
    """Supercurrent (J_u) over the pair momentum (1/l_u), and both branches laid on each other near the extrema."""
    fig, ax = plt.subplots(figsize=(6.0, 4.2))
    names = ("q0", "q_plus", "q_minus", "J_plus", "J_minus")
    q0, q_plus, q_minus, J_plus, J_minus = (float(getattr(result, name)) for name in names)
    ax.plot(q, 1e3 * J, color=COLORS["blue"])
    top = 1e3 * max(J_plus, -J_minus)
    ends = {"+": (q_plus, J_plus), "-": (q_minus, J_minus)}
    for sign, (x, y) in ends.items():
        ax.plot(x, 1e3 * y, "o", color=COLORS["vermillion"])
        ax.annotate(
            rf"$J_\mathrm{{c{sign}}} = {1e3 * y:+.3f}$",
            (x, 1e3 * y),
            (q0 + (0.42 if sign == "+" else 1.1) * (x - q0), 1.3e3 * y),
            ha="right" if sign == "+" else "left",
            va="center",
            arrowprops={"arrowstyle": "->", "color": COLORS["vermillion"]},
        )
    ax.axhline(0, color="black", lw=0.8)
    ax.axvline(q0, color="black", lw=0.8, ls=":")
    ax.annotate("$q_0$", (q0, 0.0), (6, -16), textcoords="offset points")
    ax.set(
        xlabel=r"pair momentum $q_x$ ($1/l_u$)",
        ylabel=r"supercurrent $J_x$ ($10^{-3} J_u$)",
        ylim=(-1.45 * top, 1.45 * top),
        xlim=(q[0], q[-1] + 0.75 * (q[-1] - q[0])),
    )
    inset = ax.inset_axes((0.72, 0.58, 0.27, 0.3))
    depth = 4 * max(abs(J_plus + J_minus) / (J_plus - J_minus), 1e-5)
    for (sign, (x, y)), line in zip(ends.items(), ("-", "--"), strict=True):
        near = np.abs(J - y) < 3 * depth * abs(y)
        inset.plot(np.abs(q[near] - x) * np.sign(q[near] - x), 1e3 * np.abs(J[near]), line, color=COLORS["vermillion"])
        inset.annotate(f"${sign}$", (0, 1e3 * abs(y)), ha="center", va="bottom")
    low, high = sorted(1e3 * abs(y) for _, y in ends.values())
    inset.set(title=r"$|J_x|$ at its extrema", ylim=(low - 2 * (high - low) - 1e-5 * top, high + (high - low)))
    inset.title.set_fontsize(10)
    inset.tick_params(labelsize=9)
    inset.ticklabel_format(useOffset=False)
    save_figure(fig, "diode-current", pd.DataFrame({"q_x (1/l_u)": q, "J_x (J_u)": J}))


def field(fields: np.ndarray, curves: Mapping[tuple[str, str], np.ndarray]) -> None:
    """Converged efficiency (a fraction) over the field (k_B T_c), by convention and coupling."""
    fig, ax = plt.subplots(figsize=(6.0, 4.4))
    for (name, coupling), eta in curves.items():
        line = "-" if coupling == "each-field" else ":"
        ax.plot(fields, 100 * eta, line, color=COLORS[_READINGS[name]], label=f"{name}, {_COUPLINGS[coupling]}")
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel=B_LABEL, ylabel=_ETA)
    tesla_axis(ax)
    legend_below(fig, ax, columns=1)
    table = pd.DataFrame({f"eta, {a}, {b} (1)": eta for (a, b), eta in curves.items()})
    table.insert(0, "B (k_B T_c)", fields)
    save_figure(fig, "diode-field", table)


def efficiency_map(
    fields: np.ndarray, temperatures: np.ndarray, eta: np.ndarray, trusted: np.ndarray, errors: np.ndarray
) -> None:
    """Efficiency of the expansion (a fraction) over B (k_B T_c) and T (T_c); hatched where it is not to be trusted."""
    fig, ax = plt.subplots(figsize=(6.0, 4.4))
    limit = 100 * np.nanmax(np.abs(eta))
    image = ax.pcolormesh(
        fields, temperatures, 100 * eta, cmap=DIVERGING, vmin=-limit, vmax=limit, shading="nearest", rasterized=True
    )
    if np.isfinite(eta).all():
        # At zero field rounding alone decides the sign.
        inner = fields != 0
        ax.contour(fields[inner], temperatures, eta[:, inner], levels=[0.0], colors="black", linewidths=0.8)
    if not trusted.all():
        ax.contourf(fields, temperatures, trusted, levels=[-0.5, 0.5], colors="none", hatches=["///"])
        legend_below(fig, [Patch(facecolor="none", edgecolor="black", hatch="///", label="outside the theory's range")])
    ax.set(xlabel=B_LABEL, ylabel=r"temperature $T$ ($T_\mathrm{c}$)")
    ax.grid(visible=False)
    fig.colorbar(image, ax=ax, label=_ETA)
    tesla_axis(ax)
    data = {"efficiency": eta, "trusted": trusted.astype(int), "error": errors}
    save_figure(
        fig,
        "diode-map",
        xr.Dataset(
            {name: (("T", "B"), values, {"units": "1"}) for name, values in data.items()},
            {"T": ("T", temperatures, {"units": "T_c"}), "B": ("B", fields, {"units": "k_B T_c"})},
        ),
    )


def audit(table: pd.DataFrame, paper: tuple[float, float] | None) -> None:
    """Efficiency (%) over the field from coarse k grids (top) and q grids (bottom), beside the converged curve.

    `paper` is its field (k_B T_c) and efficiency (%), where the page's parameters are the paper's.
    """
    fig, axes = plt.subplots(2, 1, figsize=(6.0, 7.0), sharex=True)
    fields, names = table["B (k_B T_c)"], list(table)[1:]
    converged = table[names[0]]
    for ax, shown in zip(axes, (names[1:3], names[3:]), strict=True):
        for name, color in zip(shown, ("orange", "purple"), strict=True):
            label = (
                name.removeprefix("eta (%), ")
                .replace("k spacing ", "$k$ points every ")
                .replace("q spacing ", "$q$ points every ")
                + r"$/l_u$"
            )
            ax.plot(fields, table[name], ".-", lw=1.2, color=COLORS[color], label=label)
        ax.plot(fields, converged, color=COLORS["blue"], lw=2.5, label="converged")
        if paper is not None:
            star(ax, *paper)
        ax.axhline(0, color="black", lw=0.6)
        ax.set(ylabel=_ETA)
        ax.legend(
            ncol=4 if len(names) < 4 else 2, loc="lower center", bbox_to_anchor=(0.5, 1.0 if ax is axes[1] else 1.22)
        )
    tesla_axis(axes[0])
    axes[1].set_xlabel(B_LABEL)
    save_figure(fig, "diode-audit", table)


def convergence(table: pd.DataFrame, eta: float) -> None:
    """Largest error of the efficiency (%) over the spacing (1/l_u) of k (left) and q (right), and eta itself (%)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.6), sharey=True)
    for ax, kind in zip(axes, ("k_step", "q_step"), strict=True):
        rows = table[table["grid"] == kind]
        spacing = rows["spacing (1/l_u)"]
        color = COLORS["orange" if kind == "k_step" else "purple"]
        ax.plot(
            spacing, np.maximum(rows["error of eta (%)"], 1e-6), "o-", color=color, label=f"error, ${kind[0]}$ grid"
        )
        ax.axhline(abs(eta), color=COLORS["blue"], lw=1.2, label=r"converged $|\eta|$")
        ax.set(xlabel=f"spacing of ${kind[0]}$ points ($1/l_u$)", xscale="log", yscale="log")
        ticks = np.asarray(spacing)[::2]
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
    axes[0].set_ylabel(r"error of $\eta$ (%)")
    handles = [*axes[0].get_legend_handles_labels()[0][:1], *axes[1].get_legend_handles_labels()[0]]
    legend_below(fig, handles, columns=3)
    save_figure(fig, "diode-convergence", table)


def search(sets: pd.DataFrame, paper: tuple[float, float]) -> None:
    """Efficiency (%) over condensate momentum (1/l_u) of all sets; `paper` is the paper's momentum and efficiency."""
    fig, ax = plt.subplots(figsize=(6.0, 5.0))
    valid: Any = sets[np.isfinite(sets["efficiency"])]
    for name, marker in (("literal", "o"), ("balanced", "^")):
        color = COLORS[_READINGS[name]]
        for one_band, face in ((True, color), (False, "none")):
            rows = valid[(valid["convention"] == name) & (valid["one_band"].astype(bool) == one_band)]
            label = f"{name}, {'one band' if one_band else 'second band occupied'}"
            style: dict[str, Any] = dict(s=18, marker=marker, facecolors=face, edgecolors=color)
            ax.scatter(rows["q0"], rows["eta (%)"].abs(), label=label, **style)
    star(ax, *paper)
    ax.set(xlabel=_Q0, ylabel=r"$|\eta|$ (%)", yscale="log", ylim=(1e-5, 50))
    legend_below(fig, ax)
    save_figure(fig, "diode-search", _with_units(valid.drop(columns=["status", "message", "efficiency"])))


def closest(sets: pd.DataFrame, fields: np.ndarray, eta: np.ndarray, paper: tuple[float, float, float]) -> None:
    """Sets closest to the paper (left), and one matching set over the field (k_B T_c), efficiency as a fraction.

    `paper` is the paper's momentum (1/l_u), field (k_B T_c) and efficiency (%).
    """
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.6))
    for row in sets.to_dict("records"):
        color = COLORS[_READINGS[row["convention"]]]
        axes[0].plot(
            row["q0"],
            row["eta (%)"],
            "o" if row["coupling"] == "each-field" else "s",
            ms=9 if row["lam"] < 2.5 else 6,
            mfc=color if row["one_band"] else "none",
            mec=color if row["expansion"] else "black",
            ls="none",
        )
    star(axes[0], paper[0], paper[2], zorder=0)
    axes[0].set(xlabel=r"momentum $q_0$ ($1/l_u$)", ylabel=_ETA, yscale="log", ylim=(1e-3, 8), xlim=(0.18, 0.22))
    axes[1].plot(fields, 100 * eta, "o-", color=COLORS["blue"])
    star(axes[1], *paper[1:], zorder=0)
    axes[1].set(xlabel=r"field $B$ ($k_\mathrm{B}T_\mathrm{c}$)")
    legend = [
        Line2D([], [], marker=marker, ls="none", color=COLORS[color], label=f"{name}, {text}")
        for name, color in _READINGS.items()
        for marker, text in (("o", _COUPLINGS["each-field"]), ("s", _COUPLINGS["zero-field"]))
    ]
    legend.append(Line2D([], [], marker="*", ls="none", ms=12, color="black", label="paper B"))
    legend_below(fig, legend, columns=1)
    save_figure(
        fig, "diode-closest", _with_units(sets.drop(columns=["status", "message", "efficiency"], errors="ignore"))
    )


def valleys(curves: Mapping[float, PotentialCurve]) -> None:
    """Potential (E_u/l_u^2) along the pair momentum (1/l_u) at several temperatures (T_c), minima marked."""
    fig, ax = plt.subplots(figsize=(6.0, 4.2))
    for (T, curve), color in zip(curves.items(), ("vermillion", "black", "blue"), strict=False):
        label = rf"$T = {T:.3g}\,T_\mathrm{{c}}$"
        ax.plot(curve.q, 1e3 * curve.omega, color=COLORS[color], label=label)
        for number, state in enumerate(curve.valleys):
            face = COLORS[color] if number == 0 else "white"
            ax.plot(state.q[0], 1e3 * state.omega, "o", mfc=face, mec=COLORS[color], ms=7)
    ax.set(
        xlabel=r"pair momentum $q_x$ ($1/l_u$)",
        ylabel=r"potential $\Omega$ ($10^{-3}E_u/l_u^2$)",
    )
    legend_below(fig, ax, columns=3)
    frames = [
        pd.DataFrame(
            {"T (T_c)": T, "q_x (1/l_u)": curve.q, "Omega (E_u/l_u^2)": curve.omega, "Delta (E_u)": curve.delta}
        )
        for T, curve in curves.items()
    ]
    save_figure(fig, "diode-valleys", pd.concat(frames))


_UNITS = {
    "E_F": "E_u",
    "lam": "E_u l_u",
    "J": "E_u",
    "q0": "1/l_u",
    "J_plus": "J_u",
    "J_minus": "J_u",
    "delta": "E_u",
    "distance": "1",
    "imbalance": "1",
    "seconds": "s",
    "iterations": "1",
    "stable": "1",
    "error": "1",
}


def _with_units(sets: pd.DataFrame) -> pd.DataFrame:
    """The same table with units in the names of columns that hold numbers."""
    return sets.rename(columns={name: f"{name} ({_UNITS[name]})" for name in sets.columns if name in _UNITS})
