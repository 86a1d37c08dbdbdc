"""Figures of the page on the compressibility and the plasmon velocity."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from ehbilayer.superconductivity.density_line import LIMIT, Line
from ehbilayer.superconductivity.layer_limits import uniform_gas
from ehbilayer.superconductivity.static_response import StaticResponse
from ehbook.plotting import COLORS, save_figure

__all__ = [
    "acoustic_mode",
    "against_density",
    "against_mass_ratio",
    "against_size",
    "boxes_of_all_sizes",
    "own_plasmon",
    "response_survey",
    "with_capacitance",
]

RADIUS = r"$r_s^{\mathrm{e}}$ ($a_{\mathrm{e}}$)"
ALPHA = r"$\alpha^2 = B/B_0$"
#: The paper's point where its claim is drawn: r_s in a_e and alpha^2.
Point = tuple[float, float] | None


def acoustic_mode() -> None:
    """Sketch of the two charge waves of the bilayer: layers in phase (acoustic) and out of phase (optical)."""
    fig, axes = plt.subplots(2, 1, figsize=(6.4, 4.0))
    sites = np.arange(17) / 4
    x = np.linspace(sites[0], sites[-1], 400)
    frames = []
    for ax, name, sign in zip(axes, ("acoustic", "optical"), (1, -1), strict=True):
        moved = sites + 0.09 * np.sin(np.pi * sites)
        # A displacement u thins or thickens the density by -du/dx.
        liquid = 1 - sign * 0.28 * np.cos(np.pi * x)
        ax.fill_between(x, 1.0, 1.0 + 0.8 * liquid, color=COLORS["blue"], alpha=0.4, lw=0)
        ax.plot(moved, np.full_like(sites, 0.3), "o", color=COLORS["vermillion"], ms=9)
        ax.plot(sites, np.full_like(sites, 0.3), "|", color="gray", ms=16, mew=1)
        ax.text(-0.12, 1.4, "electrons", ha="right", va="center", color=COLORS["blue"])
        ax.text(-0.12, 0.3, "holes", ha="right", va="center", color=COLORS["vermillion"])
        ax.set(xlim=(-1.1, 4.2), ylim=(-0.1, 2.2), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_title(f"{name} mode: net charge {'cancels' if sign > 0 else 'oscillates'}", loc="left")
        frames.append(pd.DataFrame({"mode": name, "x (wavelengths)": x / 2, "electron density (n)": liquid}))
    save_figure(fig, "comp-mode", pd.concat(frames))


def against_density(boxes: xr.Dataset, lines: Mapping[float, Mapping[str, Line]], paper: Point) -> None:
    """alpha^2 over r_s (a_e) for every distance: V(0) = 0 with 36 pairs, and the limit of large boxes."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 4.0), sharey=True)
    r_s = boxes.r_s.values
    panels = {"V(0) = 0, N = 36": boxes.dropped.sel(N=36), LIMIT: boxes.limit}
    nearest, apart = boxes.d.values.min(), boxes.d.values[boxes.d.values > 0]
    for ax, (name, values) in zip(axes, panels.items(), strict=True):
        far = values.sel(d=apart)
        ax.fill_between(r_s, far.min("d"), far.max("d"), color=COLORS["blue"], alpha=0.35, lw=0)
        ax.plot(r_s, far.mean("d"), "o", color=COLORS["blue"], label=rf"$d$ = {apart.min():g} to {apart.max():g} $a_e$")
        ax.plot(r_s, np.mean([lines[s][name](r_s) for s in apart], axis=0), "-", color=COLORS["blue"], lw=1.2)
        if nearest == 0:
            ax.plot(r_s, values.sel(d=0.0), "s", color=COLORS["vermillion"], mfc="none", label="$d$ = 0")
            ax.plot(r_s, lines[0.0][name](r_s), "-", color=COLORS["vermillion"], lw=1.0)
        ax.plot(r_s, uniform_gas(r_s), "--", color="gray", lw=1.4, label="electron gas")
        _star(ax, paper)
        ax.axhline(0, color="black", lw=0.8)
        ax.set(title=name.replace("V(0) = 0", "$V(0)=0$").replace("N =", "$N$ ="), xlabel=RADIUS)
    axes[0].set_ylabel(ALPHA)
    axes[0].legend(loc="lower left")
    table = boxes[["limit", "limit_error", "crystal_order"]].merge(boxes[["dropped", "madelung"]].sel(N=36, drop=True))
    columns = {
        "d": "d (a_e)",
        "r_s": "r_s (a_e)",
        "dropped": "alpha^2, V(0) = 0, N = 36 (1)",
        "madelung": "alpha^2, Madelung, N = 36 (1)",
        "limit": "alpha^2, limit (1)",
        "limit_error": "error of the limit (1)",
        "crystal_order": "crystal order (1)",
    }
    frame = table.to_dataframe().reset_index().reindex(columns=[*columns]).rename(columns=columns)
    save_figure(fig, "comp-alpha", frame)


def boxes_of_all_sizes(
    boxes: xr.Dataset, lines: Mapping[float, Mapping[str, Line]], shown: Sequence[float], paper: Point
) -> None:
    """alpha^2 over r_s (a_e) in every box and in the limit, one panel for each distance `shown` (a_e)."""
    fig, axes = plt.subplots(1, len(shown), figsize=(6.8, 4.4), sharey=True)
    r_s, shades = boxes.r_s.values, ("sky", "blue", "green", "purple")
    for ax, spacing in zip(axes, shown, strict=True):
        part = boxes.sel(d=spacing)
        for count, color in zip(boxes.N.values, shades, strict=True):
            ax.plot(r_s, part.dropped.sel(N=count), "-", color=COLORS[color], lw=1.4, label=f"$N$ = {count}")
            ax.plot(r_s, part.madelung.sel(N=count), ":", color=COLORS[color], lw=1.6)
        ax.plot(r_s, part.limit, "k-", lw=1.8, label="limit")
        ends = part.limit - part.limit_error, part.limit + part.limit_error
        ax.fill_between(r_s, *ends, color="black", alpha=0.3, lw=0)
        ax.axhline(0, color="black", lw=0.8)
        _star(ax, paper)
        ax.set(title=f"$d = {spacing:g}\\,a_e$", xlabel=RADIUS)
    axes[0].set_ylabel(ALPHA)
    handles = axes[0].get_legend_handles_labels()[0]
    handles += [Line2D([], [], color="gray", ls=ls, label=k) for k, ls in (("$V(0)=0$", "-"), ("Madelung", ":"))]
    fig.legend(handles=handles, loc="outside lower center", ncol=4)
    fits = [
        {
            "d (a_e)": spacing,
            "box": name,
            "intercept (1)": line.intercept,
            "slope (1/a_e)": line.slope,
            "zero at r_s (a_e)": line.root,
            "residual (1)": line.residual,
        }
        for spacing, found in lines.items()
        for name, line in found.items()
    ]
    save_figure(fig, "comp-sizes", pd.DataFrame(fits))


def against_size(scaling: xr.Dataset, paper: Point) -> None:
    """alpha^2 over the inverse root of the number of pairs at a few densities; the paper's value stands at 36 pairs."""
    fig, ax = plt.subplots(figsize=(6.6, 4.2))
    x = scaling.N.values**-0.5
    styles = {"dropped": ("o-", True), "madelung": ("s--", False), "corrected": ("D:", False)}
    for radius, color in zip(scaling.r_s.values, COLORS.values(), strict=False):
        part = scaling.sel(r_s=radius)
        for name, (style, full) in styles.items():
            ax.plot(x, part[name], style, color=color, mfc=color if full else "white", lw=1.2)
        ax.plot(0, part.limit, "_", color=color, ms=16, mew=2.5)
        ax.text(x[0] + 0.006, float(part.dropped[0]), f"$r_s$ = {radius:g}", color=color, va="center")
    _star(ax, paper and (1 / 6, paper[1]))
    if paper:
        ax.annotate("paper", (1 / 6, paper[1]), (8, 6), textcoords="offset points")
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel=r"$N^{-1/2}$", ylabel=ALPHA, xlim=(-0.012, x[0] + 0.065))
    labels = {"o-": "$V(0)=0$", "s--": "Madelung", "D:": "Madelung and shells"}
    handles = [
        Line2D([], [], color="black", marker=style[0], ls=style[1:], mfc="black" if full else "white", label=text)
        for (style, text), full in zip(labels.items(), (True, False, False), strict=True)
    ]
    handles.append(Line2D([], [], color="black", marker="_", ls="", ms=16, mew=2.5, label="limit"))
    fig.legend(handles=handles, ncol=2, loc="outside lower center")
    save_figure(fig, "comp-size", _bare(scaling))


def against_mass_ratio(heavy: xr.Dataset) -> None:
    """alpha^2 over (m_e/m_h)^(1/2) at a few densities: V(0) = 0 with 36 pairs, and the limit of large boxes."""
    fig, ax = plt.subplots(figsize=(6.4, 4.0))
    x = heavy.mass_ratio.values**-0.5
    for radius, color in zip(heavy.r_s.values, COLORS.values(), strict=False):
        part = heavy.sel(r_s=radius)
        ax.plot(x, part.dropped.sel(N=36), "o-", color=color)
        ax.plot(x, part.limit, "s--", color=color, mfc="white")
        ax.text(x.max() + 0.006, float(part.limit[0]), f"$r_s$ = {radius:g}", color=color, va="center")
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel=r"$(m_{\mathrm{e}}/m_{\mathrm{h}})^{1/2}$", ylabel=ALPHA, xlim=(0, x.max() + 0.085))
    top = ax.secondary_xaxis("top")
    # Of labels that would lie on one another only the outer one is written.
    apart = np.append(np.diff(x), -1.0) < -0.02
    top.set_xticks(
        x, [f"{ratio:g}" if wide else "" for ratio, wide in zip(heavy.mass_ratio.values, apart, strict=True)]
    )
    top.set_xlabel(r"$m_{\mathrm{h}}/m_{\mathrm{e}}$")
    handles = [
        Line2D([], [], color="black", marker="o", label="$V(0)=0$, 36 pairs"),
        Line2D([], [], color="black", marker="s", mfc="white", ls="--", label="limit of large boxes"),
    ]
    fig.legend(handles=handles, ncol=2, loc="outside lower center")
    save_figure(fig, "comp-ratio", _bare(heavy))


def with_capacitance(boxes: xr.Dataset) -> None:
    """alpha^2 + 4 d/a_e over r_s (a_e) for every distance, 36 pairs, in both conventions."""
    fig, ax = plt.subplots(figsize=(6.4, 4.2))
    r_s, part = boxes.r_s.values, boxes.sel(N=36)
    raised = part[["dropped", "madelung"]] + 4 * part.d
    for spacing, color in zip(boxes.d.values, COLORS.values(), strict=False):
        line = raised.sel(d=spacing)
        if float(line.dropped.max()) > 10:
            continue
        ax.plot(r_s, line.dropped, "o-", color=color, lw=1.2)
        ax.plot(r_s, line.madelung, "s--", color=color, lw=1.0, ms=4, mfc="white")
        ax.text(r_s[-1] + 0.04, float(line.dropped[-1]), f"$d = {spacing:g}\\,a_e$", color=color, va="center")
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel=RADIUS, ylabel=r"$\alpha^2 + 4d/a_{\mathrm{e}}$", xlim=(r_s[0] - 0.1, r_s[-1] + 0.5))
    handles = [
        Line2D([], [], color="black", marker="o", label="$V(0)=0$"),
        Line2D([], [], color="black", marker="s", ls="--", mfc="white", label="Madelung"),
    ]
    fig.legend(handles=handles, ncol=2, loc="outside lower center")
    table = raised.to_dataframe().reset_index()[["d", "r_s", "dropped", "madelung"]]
    table.columns = ["d (a_e)", "r_s (a_e)", "alpha^2 + 4d/a_e, V(0) = 0 (1)", "alpha^2 + 4d/a_e, Madelung (1)"]
    save_figure(fig, "comp-capacitance", table)


def own_plasmon(
    answers: Mapping[float, Sequence[StaticResponse]],
    towards_k: Mapping[float, Sequence[StaticResponse]],
    limits: Mapping[float, float],
    rpa: Mapping[float, np.ndarray],
    lattice: xr.Dataset,
    paper: Point,
) -> None:
    """alpha^2(q) of Hartree-Fock from Gamma to M and to K, of the static RPA and of the classical lattice.

    By distance (a_e), as are `limits`, the values for long waves from the moduli; `rpa` is on the wave numbers of
    `lattice`, from `ehbilayer.superconductivity.plasmon_maps.lattice_ranges`.
    """
    q, top = lattice.q_r_s.values, 5.0
    fig, ax = plt.subplots(figsize=(6.6, 4.8))
    frames = []
    for (spacing, found), color in zip(answers.items(), COLORS.values(), strict=False):
        columns = {
            "q r_s (1)": [a.q_r_s for a in found],
            "alpha^2 (1)": [a.alpha_squared for a in found],
            "error (1)": [a.error for a in found],
            "electrons over holes (1)": [a.electron_ratio for a in found],
        }
        x, y, error, _ = columns.values()
        ax.errorbar(x, y, error, fmt="o-", color=color, capsize=3, lw=1.4)
        across = pd.DataFrame([(a.q_r_s, a.alpha_squared, a.error, a.electron_ratio) for a in towards_k[spacing]])
        ax.errorbar(across[0], across[1], across[2], fmt="^", color=color, capsize=3, mfc="white", ms=8)
        ax.plot(q, rpa[spacing], "--", color=color, lw=1.1)
        ax.plot(q, lattice["mean"].sel(d=spacing), ":", color=color, lw=1.4)
        if spacing in limits:
            ax.plot(0, limits[spacing], "D", color=color, ms=8, clip_on=limits[spacing] > top, zorder=5)
        place = {"ha": "right", "va": "center", "bbox": {"fc": "white", "ec": "none", "alpha": 0.85, "pad": 1}}
        ax.text(x[0] - 0.05, y[0], f"$d = {spacing:g}\\,a_e$", color=color, **place)
        frames.append(pd.DataFrame({"d (a_e)": spacing, "towards": "M", **columns}))
        across.columns = list(columns)
        frames.append(across.assign(**{"d (a_e)": spacing, "towards": "K"}))
    if paper:
        ax.axhline(paper[1], color="black", ls="-.", lw=1.2)
        ax.text(0.04, paper[1] + 0.08, "paper", va="bottom")
    ax.axhline(0, color="black", lw=0.8)
    ax.set(xlabel=r"$q\,r_s$", ylabel=r"$\alpha^2(q)$", xlim=(0, q[-1] + 0.1), ylim=(-0.6, top))
    handles = [
        Line2D([], [], color="black", marker="o", label=r"Hartree–Fock, $\Gamma$–M"),
        Line2D([], [], color="black", marker="^", ls="", mfc="white", ms=8, label=r"Hartree–Fock, $\Gamma$–K"),
        Line2D([], [], color="black", marker="D", ls="", ms=8, label=r"$(K+G)/B_0 + 4d/a_e$"),
        Line2D([], [], color="black", ls="--", label="static RPA"),
        Line2D([], [], color="black", ls=":", label="classical lattice"),
    ]
    ax.legend(handles=handles, loc="upper right", fontsize=11)
    save_figure(fig, "comp-response", pd.concat(frames))


def response_survey(curves: xr.Dataset, paper: float) -> None:
    """alpha^2(q) from K over Gamma to M, a panel for each r_s (a_e), by distance and mass ratio, with errors as bands.

    `curves` is that of `ehbilayer.superconductivity.response_curves.response_curves`, `paper` the paper's alpha^2.
    """
    fig, axes = plt.subplots(1, curves.r_s.size, figsize=(9.6, 5.0), sharey=True, squeeze=False)
    lines = [np.flatnonzero(mask)[::step] for mask, step in ((curves.along_k, -1), (~curves.along_k, 1))]
    for ax, r_s in zip(axes[0], curves.r_s.values, strict=True):
        for d, color in zip(curves.d.values, COLORS.values(), strict=False):
            for ratio, style in zip(curves.mass_ratio.values, ("-", "--", ":"), strict=False):
                here = curves.sel(r_s=r_s, d=d, mass_ratio=ratio)
                for sign, waves in zip((-1, 1), lines, strict=True):
                    x = sign * here.q_r_s.values[waves]
                    y, error = here.alpha_squared.values[waves], here.error.values[waves]
                    ax.plot(x, y, style, color=color, lw=1.3)
                    ax.fill_between(x, y - error, y + error, color=color, alpha=0.15, lw=0)
        ax.axhline(paper, color="black", ls="-.", lw=1.0)
        ax.axhline(0, color="black", lw=0.8)
        ax.axvline(0, color="gray", lw=0.6)
        ends = [-curves.q_r_s.values[lines[0]].max(), 0.0, curves.q_r_s.values[lines[1]].max()]
        ax.set_xticks(ends, ["K", r"$\Gamma$", "M"])
        ax.set(
            yscale="symlog", xlim=(ends[0], ends[2]), ylim=(-2, 40), xlabel="wave vector", title=f"$r_s^e = {r_s:g}$"
        )
        ax.set_yscale("symlog", linthresh=0.3, linscale=0.7)
    first = axes[0, 0]
    first.set_ylabel(r"$\alpha^2(q)$ ($v_0^2$)")
    ticks = (-1, -0.3, 0, 0.09, 0.3, 1, 3, 10)
    first.set_yticks(ticks, [f"{x:g}".replace("-", "−") for x in ticks])
    first.yaxis.set_minor_locator(NullLocator())
    handles = [
        Line2D([], [], color=color, label=f"$d = {d:g}\\,a_e$")
        for d, color in zip(curves.d.values, COLORS.values(), strict=False)
    ]
    handles += [
        Line2D([], [], color="0.3", ls=style, label=f"$m_h/m_e = {ratio:g}$")
        for ratio, style in zip(curves.mass_ratio.values, ("-", "--", ":"), strict=False)
    ]
    handles.append(Line2D([], [], color="black", ls="-.", label=f"paper, {paper:g}"))
    fig.legend(handles=handles, loc="outside lower center", ncols=5, fontsize=10)
    save_figure(fig, "comp-survey", curves)


def _star(ax: Axes, paper: Point) -> None:
    if paper:
        ax.plot(*paper, "*", color="black", ms=12, mfc="white", zorder=5)


def _bare(boxes: xr.Dataset) -> xr.Dataset:
    """Without what the sweep says about its points."""
    return boxes.drop_vars(["status", "converged", "message"], errors="ignore")
