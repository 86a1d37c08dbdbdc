"""Figures of the page on the diode effect and its convergence."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ehbilayer.diode import DiodeResult
from ehbilayer.diode.valleys import PotentialCurve
from ehbook.figures.fields import B_LABEL, legend_below, star, tesla_axis
from ehbook.plotting import COLORS, DIVERGING, save_figure
from ehbook.tables_of.diode import COUPLINGS

__all__ = [
    "audit",
    "candidate",
    "closest",
    "current",
    "efficiency_map",
    "field",
    "polar",
    "search",
    "valleys",
]

_ETA = r"efficiency $\eta$ (%)"
_Q0 = r"condensate momentum $q_0$ ($1/l_u$)"
_READINGS = {"literal": "blue", "balanced": "vermillion"}


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
        ax.plot(fields, 100 * eta, line, color=COLORS[_READINGS[name]], label=f"{name}, {COUPLINGS[coupling]}")
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel=B_LABEL, ylabel=_ETA)
    tesla_axis(ax)
    legend_below(fig, ax, columns=1)
    table = pd.DataFrame({f"eta, {a}, {b} (1)": eta for (a, b), eta in curves.items()})
    table.insert(0, "B (k_B T_c)", fields)
    save_figure(fig, "diode-field", table)


def efficiency_map(
    fields: np.ndarray,
    temperatures: np.ndarray,
    eta: np.ndarray,
    trusted: np.ndarray,
    errors: np.ndarray,
    bkt: np.ndarray,
) -> None:
    """Efficiency of the expansion (a fraction) over B (k_B T_c) and T (T_c); hatched where it is not to be trusted.

    `bkt` is the BKT temperature at each field.
    """
    fig, ax = plt.subplots(figsize=(6.0, 4.4))
    limit = 100 * np.nanmax(np.abs(eta))
    image = ax.pcolormesh(
        fields, temperatures, 100 * eta, cmap=DIVERGING, vmin=-limit, vmax=limit, shading="nearest", rasterized=True
    )
    if np.isfinite(eta).all():
        # At zero field rounding alone decides the sign.
        inner = fields != 0
        ax.contour(fields[inner], temperatures, eta[:, inner], levels=[0.0], colors="black", linewidths=0.8)
    handles: list = list(ax.plot(fields, bkt, "--", color="black", lw=2, label=r"$T_\mathrm{BKT}$"))
    if not trusted.all():
        ax.contourf(fields, temperatures, trusted, levels=[-0.5, 0.5], colors="none", hatches=["///"])
        handles.append(Patch(facecolor="none", edgecolor="black", hatch="///", label="outside the theory's range"))
    legend_below(fig, handles)
    ax.set_ylim(temperatures[0], temperatures[-1])
    ax.set(xlabel=B_LABEL, ylabel=r"temperature $T$ ($T_\mathrm{c}$)")
    ax.grid(visible=False)
    fig.colorbar(image, ax=ax, label=_ETA)
    tesla_axis(ax)
    data = {"efficiency": eta, "trusted": trusted.astype(int), "error": errors}
    save_figure(
        fig,
        "diode-map",
        xr.Dataset(
            {name: (("T", "B"), values, {"units": "1"}) for name, values in data.items()}
            | {"T_BKT": ("B", bkt, {"units": "T_c"})},
            {"T": ("T", temperatures, {"units": "T_c"}), "B": ("B", fields, {"units": "k_B T_c"})},
        ),
    )


def candidate(
    fine: np.ndarray,
    eta: np.ndarray,
    fields: np.ndarray,
    converged: np.ndarray,
    paper: tuple[float, float] | None,
) -> None:
    """Efficiency (fractions) of a reading of the paper's numerics over a fine field (k_B T_c), and converged.

    `paper` is its field and efficiency (%), where the page's parameters are the paper's.
    """
    fig, ax = plt.subplots(figsize=(6.0, 4.6))
    color = COLORS["vermillion"]
    whole = np.isclose(fine, np.round(fine))
    ax.plot(fine, 100 * eta, color=color, lw=0.8, label="candidate")
    ax.plot(fine[whole], 100 * eta[whole], "o--", color=color, mfc="white", label="candidate, integer $B$")
    ax.plot(fields, 100 * converged, color=COLORS["blue"], lw=2.5, label="converged")
    if paper is not None:
        star(ax, *paper)
    ax.axhline(0, color="black", lw=0.6)
    ax.set(xlabel=B_LABEL, ylabel=_ETA)
    tesla_axis(ax)
    legend_below(fig, ax)
    save_figure(
        fig,
        "diode-candidate",
        pd.DataFrame(
            {
                "B (k_B T_c)": fine,
                "eta (%), candidate": 100 * eta,
                "eta (%), converged": 100 * np.interp(fine, fields, converged),
            }
        ),
    )


def polar(angles: np.ndarray, results: Mapping[str, Sequence[DiodeResult]]) -> None:
    """Critical current (J_u) over its direction (rad, from 0 to pi: reversal gives the rest), and momenta as arrows."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.9), subplot_kw={"projection": "polar"})
    around = np.concatenate([angles, angles[1:] + np.pi])
    table = pd.DataFrame({"direction (rad)": around})
    for ax, (name, row) in zip(np.ravel(axes), results.items(), strict=True):
        size = 1e3 * np.array([*(x.J_plus for x in row), *(-(x.J_minus or np.nan) for x in row[1:])], dtype=float)
        table[f"J_c, {name} (J_u)"] = 1e-3 * size
        ax.plot(around, size, ".-", color=COLORS["blue"])
        q = float(row[0].q0 or 0.0), float(row[0].q0_y or 0.0)
        ax.annotate(
            "",
            (float(np.arctan2(q[1], q[0])), 0.6 * float(np.nanmax(size))),
            (0.0, 0.0),
            arrowprops={"arrowstyle": "->", "color": COLORS["vermillion"], "lw": 2},
        )
        ax.set_xticks(np.pi / 2 * np.arange(4), ["$x$", "$y$", "$-x$", "$-y$"])
        ax.set_ylim(0.0, None)
        ax.yaxis.set_major_locator(MaxNLocator(3))
        ax.set_title(rf"{name} set, $J_\mathrm{{c}}$ ($10^{{-3}}J_u$)", fontsize=11)
    save_figure(fig, "diode-polar", table)


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


def search(sets: pd.DataFrame, paper: tuple[float, float]) -> None:
    """Efficiency (%) over condensate momentum (1/l_u) of all sets; `paper` is the paper's momentum and efficiency."""
    fig, ax = plt.subplots(figsize=(6.0, 5.0))
    found: Any = sets[np.isfinite(sets["efficiency"].astype(float))]
    for name, marker in (("literal", "o"), ("balanced", "^")):
        color = COLORS[_READINGS[name]]
        for along, face in ((True, color), (False, "none")):
            rows = found[(found["convention"] == name) & ((found["q0_y"].abs() < 1e-6) == along)]
            label = f"{name}, {'$q_y = 0$' if along else '$q_y$ not 0'}"
            style: dict[str, Any] = dict(s=18, marker=marker, facecolors=face, edgecolors=color)
            if len(rows):
                ax.scatter(rows["q0"], rows["eta (%)"].abs(), label=label, **style)
    star(ax, *paper)
    ax.set(xlabel=r"condensate momentum along $x$ ($1/l_u$)", ylabel=r"$|\eta|$ (%)", yscale="log", ylim=(1e-5, 150))
    legend_below(fig, ax)
    save_figure(fig, "diode-search", _with_units(found.drop(columns=["status", "message", "efficiency"])))


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
    tesla_axis(axes[1])
    axes[1].child_axes[-1].set_xlabel("in tesla")
    legend = [
        Line2D([], [], marker=marker, ls="none", color=COLORS[color], label=f"{name}, {text}")
        for name, color in _READINGS.items()
        for marker, text in (("o", COUPLINGS["each-field"]), ("s", COUPLINGS["zero-field"]))
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
    "q0_y": "1/l_u",
    "valid": "1",
    "J_minus": "J_u",
    "J_plus": "J_u",
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
