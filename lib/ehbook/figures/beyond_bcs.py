"""Figures of the page on Eliashberg theory and the random-phase approximation."""

import itertools
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.colors import PowerNorm
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from ehbilayer.superconductivity.comparison import PairingOutcome
from ehbilayer.superconductivity.single_steps import SingleStep
from ehbook.own_plasmon import WindowPoint
from ehbook.phase_map import PHASES, luminance
from ehbook.plotting import COLORS, save_figure

__all__ = ["attraction", "singles", "steps", "summit", "velocities"]

#: How the holes are called in print.
_HOLES = {"crystal": "classical holes", "liquid": "liquid holes", "none": "no holes"}
_HOLE_COLORS = {"crystal": COLORS["vermillion"], "liquid": COLORS["blue"], "none": COLORS["black"]}
_VELOCITY = r"$v^2/v_0^2$"


def steps(outcomes: Mapping[str, PairingOutcome], threshold: float, kelvin: float) -> None:
    """Squared plasmon velocity (v_0^2) by its source, and T_c (K) of both formulas; `kelvin` is T_H in K."""
    fig, ax = plt.subplots(figsize=(6.6, 4.8))
    looks = {
        "no velocity": ("x", "0.35"),
        "attraction": ("o", COLORS["blue"]),
        "repulsion": ("s", COLORS["vermillion"]),
    }
    left, right = -1.0, 10.0
    ax.axvspan(left, 0, color="0.9", lw=0)
    ax.axvspan(0, threshold, color=COLORS["sky"], alpha=0.35, lw=0)
    ax.axvline(threshold, color=COLORS["blue"], lw=1.0)
    for row, outcome in enumerate(outcomes.values()):
        marker, color = looks[outcome.kind]
        ax.plot(np.clip(outcome.alpha_squared, left, right), row, marker, color=color, ms=8, mew=2, mfc="none")
        both = [_kelvin(t * kelvin, ".2g") for t in (outcome.bcs, outcome.eliashberg)]
        text = "no velocity" if outcome.kind == "no velocity" else " → ".join(both)
        ax.annotate(text, (1.02, row), xycoords=("axes fraction", "data"), va="center", annotation_clip=False)
    ax.annotate(
        "$T_c$ by BCS\n→ Eliashberg",
        (1.02, -0.65),
        xycoords=("axes fraction", "data"),
        va="bottom",
        annotation_clip=False,
    )
    ax.set_xscale("symlog", linthresh=0.25)
    ticks = (-0.5, 0, 0.2, 1, 5)
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_yticks(range(len(outcomes)), list(outcomes))
    ax.set(
        xlim=(left, right),
        ylim=(len(outcomes) - 0.5, -0.7),
        xlabel=r"squared velocity $\alpha^2 = v_p^2/v_0^2$",
    )
    names = {"no velocity": "no velocity", "attraction": "attraction", "repulsion": "repulsion"}
    handles = [
        Line2D([], [], ls="", marker=marker, color=color, mfc="none", mew=2, ms=8, label=names[kind])
        for kind, (marker, color) in looks.items()
    ]
    fig.legend(handles=handles, loc="outside upper center", ncols=3)
    table = pd.DataFrame(
        {
            "source": list(outcomes),
            "alpha^2 (v_0^2)": [outcome.alpha_squared for outcome in outcomes.values()],
            "g_0 V (1)": [outcome.strength for outcome in outcomes.values()],
            "T_c BCS (K)": [outcome.bcs * kelvin for outcome in outcomes.values()],
            "T_c Eliashberg (K)": [outcome.eliashberg * kelvin for outcome in outcomes.values()],
        }
    )
    save_figure(fig, "beyond-steps", table)


def _kelvin(t, form):
    return "0" if t == 0 else f"{t:{form}} K" if t > 5e-3 else "< 5 mK"


def summit(maps: xr.Dataset, cut: pd.DataFrame, kelvin: float, r_s: float, d: float, point: str) -> None:
    """Eliashberg's T_c over r_s and d (a_e) up to where alpha^2 vanishes, and both formulas along one distance `d`.

    Beside them the bound of phase fluctuations, eps_F/8, in kelvin; `kelvin` is T_H. A star, called `point`, at `r_s`
    and `d`.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.8, 4.3))
    warm = maps["temperature"].transpose("d", "r_s").values * kelvin
    norm = PowerNorm(0.5, 0, np.nanmax(warm))
    image = left.pcolormesh(maps.r_s, maps.d, warm, norm=norm, shading="gouraud", rasterized=True)
    ticks = [x for x in (0, 0.5, 2, 5, 10, 20, 50) if x <= np.nanmax(warm)]
    fig.colorbar(image, ax=left, label=r"$T_{\mathrm{c}}$, Eliashberg (K)", location="bottom", ticks=ticks)
    handles = []
    for name, level, style, label in (
        ("coupling", 2.0, "--", r"$\lambda = 2$"),
        ("ratio", 0.125, ":", r"$k_{\mathrm{B}}T_{\mathrm{c}} = \varepsilon_{\mathrm{F}}/8$"),
    ):
        values = maps[name].transpose("d", "r_s").values
        if np.nanmax(values) > level > np.nanmin(values):
            left.contour(maps.r_s, maps.d, values, levels=[level], colors="white", linestyles=style, linewidths=1.8)
            handles.append(Line2D([], [], color="0.6", ls=style, lw=1.8, label=f"{label} (left)"))
    left.axhline(d, color="white", lw=0.8)
    left.plot(r_s, d, "*", color="black", ms=13, mfc="white")
    handles.append(Line2D([], [], color="black", marker="*", ms=12, mfc="white", ls="", label=point))
    left.set(xlabel=r"$r_s^{\mathrm{e}}$ ($a_{\mathrm{e}}$)", ylabel=r"$d$ ($a_{\mathrm{e}}$)")
    left.grid(visible=False)
    x = cut["r_s (a_e)"]
    for name, color in (("BCS", "vermillion"), ("Eliashberg", "blue")):
        line = right.plot(x, cut[f"{name} (T_H)"] * kelvin, color=COLORS[color], label=f"{name} (right)")
        handles += line
    bound = kelvin / (8 * x**2)
    handles += right.plot(x, bound, ":", color="0.4", label=r"$\varepsilon_{\mathrm{F}}/8k_{\mathrm{B}}$ (right)")
    right.axvline(x.iloc[-1], color="black", lw=0.8, ls="-.")
    right.set(xlabel=r"$r_s^{\mathrm{e}}$ ($a_{\mathrm{e}}$)", ylabel=rf"$T_{{\mathrm{{c}}}}$ (K) at $d = {d:g}\,a_e$")
    # The bound grows like the density: seen where it comes down to the temperatures.
    top = 1.25 * max(bound.iloc[-1], *(cut[f"{name} (T_H)"].max() * kelvin for name in ("BCS", "Eliashberg")))
    right.set(xlim=(maps.r_s.values[0], None), ylim=(0, top))
    fig.legend(handles=handles, loc="outside lower center", ncols=2)
    along = {
        "cut_r_s": ("point", x, {"units": "a_e"}),
        "cut_alpha": ("point", np.sqrt(cut["alpha^2 (v_0^2)"]), {"units": "v_0"}),
        "cut_bcs": ("point", cut["BCS (T_H)"] * kelvin, {"units": "K"}),
        "cut_eliashberg": ("point", cut["Eliashberg (T_H)"] * kelvin, {"units": "K"}),
        "cut_bound": ("point", bound, {"units": "K"}),
    }
    save_figure(fig, "beyond-summit", maps.drop_vars("region").assign(along))


def singles(steps: Sequence[SingleStep], kelvin: float) -> None:
    """T_c (K) by both formulas with each step alone; `kelvin` is T_H."""
    fig, ax = plt.subplots(figsize=(6.6, 4.0))
    low = 0.03
    for field, color, marker, label, edge in (
        ("bcs", "vermillion", "s", "BCS", 1.2 * low),
        ("eliashberg", "blue", "o", "gap equation with retardation", 1.9 * low),
    ):
        warm = np.array([getattr(step, field) for step in steps]) * kelvin
        rows = np.arange(len(steps))
        ax.axvline(warm[0], color=COLORS[color], lw=0.8, ls=":")
        ax.plot(np.where(warm > 0, warm, np.nan), rows, marker, color=COLORS[color], ms=8, label=label)
        # Nothing on a logarithmic axis: hollow at its left end, one beside the other.
        ax.plot(np.where(warm == 0, edge, np.nan), rows, marker, color=COLORS[color], ms=8, mfc="none")
    ax.plot([], [], "o", color="0.4", ms=8, mfc="none", label="hollow: 0")
    ax.set(xscale="log", xlim=(low, None), xlabel=r"$T_{\mathrm{c}}$ (K)", ylim=(len(steps) - 0.5, -0.5))
    ax.set_yticks(range(len(steps)), [step.name.replace("a_e", "$a_e$").replace("4d", "$4d$") for step in steps])
    fig.legend(loc="outside lower center", ncols=3)
    frame = pd.DataFrame(
        {
            "step": [step.name for step in steps],
            "mu (1)": [step.coulomb for step in steps],
            "lambda (1)": [step.coupling for step in steps],
            "T_c BCS (K)": [step.bcs * kelvin for step in steps],
            "T_c Eliashberg (K)": [step.eliashberg * kelvin for step in steps],
        }
    )
    save_figure(fig, "beyond-singles", frame)


def velocities(modes: xr.Dataset, lattice: xr.Dataset, r_s: float, alpha_squared: float, threshold: float) -> None:
    """Squared velocities (v_0^2) against q r_s: RPA, with `static` electrons too, and the lattice at every d (a_e)."""
    fig, ax = plt.subplots(figsize=(6.6, 5.0))
    x = modes["q"] * r_s
    for holes in ("liquid", "crystal"):
        ax.plot(x, modes["squared"].sel(holes=holes), color=_HOLE_COLORS[holes], label=f"RPA, {_HOLES[holes]}")
    ax.plot(x, modes["static"], ":", color=COLORS["black"], label="the same, static electrons")
    for d, color in zip(lattice["d"].values, ("green", "purple", "orange"), strict=False):
        rows = lattice.sel(d=d)
        ax.plot(lattice["q_r_s"], rows["mean"], "--", color=COLORS[color], label=rf"lattice, $d = {d:g}\,a_e$")
        ax.fill_between(lattice["q_r_s"], rows["lowest"], rows["highest"], alpha=0.25, lw=0, color=COLORS[color])
    ax.axhspan(0, threshold, color=COLORS["sky"], alpha=0.35, lw=0, label="attraction, if at every $q$")
    ax.axhline(alpha_squared, color="black", lw=1.2, ls="-.", label=rf"$\alpha^2 = {alpha_squared:.2g}$, as input")
    ax.axhline(0, color="black", lw=0.8)
    ax.plot(0, modes["static"][0], "k^", ms=8, mfc="white", clip_on=False)
    ax.set(xlabel=r"wave number $q\,r_s$", ylabel=_VELOCITY, xlim=(0, 2.0))
    fig.legend(loc="outside lower center", ncols=2)
    save_figure(fig, "beyond-velocity", modes.rename(squared="rpa_squared").merge(lattice))


# How the strips call the two condensates; the colours are those of the phases.
_CONDENSATES = {"condensate": "condensate, one spin", "symmetric condensate": "condensate, both spins"}


def attraction(windows: Mapping[float, WindowPoint], r_s: float, paper: float) -> None:
    """alpha^2(q) against d (a_e) with window and phases at one r_s (a_e), and the windows at all of them.

    `paper` is the paper's alpha^2.
    """
    here = windows[r_s]
    plasmon, window, lowest = here.plasmon, here.window, here.states
    low, high = float(lowest.d[0]), float(lowest.d[-1])
    d = np.linspace(low, high, 90)
    first = plasmon.q_r_s.min() / r_s
    curves = {
        f"smallest $q = {first:.1f}/a_e$": [plasmon.velocity_squared(np.array([first]), x).mean() for x in d],
        "$q = k_D$": [plasmon.velocity_squared(np.array([2 / r_s]), x).mean() for x in d],
        "softest $q \\leq k_D$": [plasmon.softest(x) for x in d],
    }
    fig, (ax, over) = plt.subplots(2, 1, figsize=(6.4, 8.4), height_ratios=(1.3, 1))
    for (label, values), style in zip(curves.items(), ("-", "--", ":"), strict=True):
        ax.plot(d, values, style, color=COLORS["blue"], lw=1.8, label=label)
    ax.axhline(paper, color="black", ls="-.", lw=1.2, label=f"paper, {paper:g}")
    ax.axhline(here.area, color=COLORS["vermillion"], lw=1.2, label=f"from the area, ${here.area:.2f}$")
    ax.axvspan(window.lower, window.upper, color=COLORS["blue"], alpha=0.18, lw=0)
    ax.text((window.lower + window.upper) / 2, -0.95, "attraction", rotation=90, ha="center", va="bottom", fontsize=11)
    for row, convention in enumerate(("limit", "paper")):
        _strip(ax, lowest, convention, -1.55 + 0.28 * row, 0.24)
    ax.axhline(0, color="black", lw=0.6)
    ax.set(xlabel=r"$d/a_e$", ylabel=r"$\alpha^2$", xlim=(low, high), ylim=(-1.6, 1.3))
    ax.set_yticks((-0.5, 0, 0.5, 1))
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 0.23), fontsize=10, framealpha=0.9)

    radii = sorted(windows)
    both = np.array([windows[x].window.ends for x in radii])
    over.fill_between(radii, both[:, 0, 0], both[:, 1, 0], color=COLORS["blue"], alpha=0.18, lw=0)
    for end in (0, 1):
        over.errorbar(radii, both[:, end, 0], both[:, end, 1], fmt="o", color=COLORS["blue"], ms=4, capsize=3)
    for name, style in (("paper", "--"), ("limit", "-")):
        values = np.array([windows[x].onsets[name] for x in radii])
        finite = np.isfinite(values)
        errors = np.array([windows[x].onset_errors[name] for x in radii])
        look = {"fmt": "s" + style, "color": COLORS["vermillion"], "ms": 4, "capsize": 3}
        over.errorbar(np.array(radii)[finite], values[finite], errors[finite], **look)
        over.annotate(
            {"paper": "$V(0) = 0$", "limit": "limit"}[name],
            (np.array(radii)[finite][-1], values[finite][-1]),
            xytext=(5, {"paper": -14, "limit": 4}[name]),
            textcoords="offset points",
            color=COLORS["vermillion"],
        )
    over.text(
        0.04, 0.96, "EL-HC lowest above\nthe lines", transform=over.transAxes, va="top", color=COLORS["vermillion"]
    )
    over.set(xlabel=r"$r_s^e/a_e$", ylabel=r"$d/a_e$", ylim=(0, 0.75), xlim=(radii[0] - 0.1, radii[-1] + 0.1))
    table = pd.DataFrame(
        {
            "d (a_e)": d,
            "alpha^2, smallest q (v_0^2)": next(iter(curves.values())),
            "alpha^2, k_D (v_0^2)": curves["$q = k_D$"],
            "alpha^2, softest (v_0^2)": curves["softest $q \\leq k_D$"],
        }
    )
    save_figure(fig, "beyond-window", table)


def _strip(ax, lowest, convention, bottom, height):
    d, names = lowest.d.values, lowest.phase.sel(convention=convention).values
    edges = np.concatenate([d[:1], (d[1:] + d[:-1]) / 2, d[-1:]])
    breaks = [0, *(i for i in range(1, len(names)) if names[i] != names[i - 1]), len(names)]
    for start, stop in itertools.pairwise(breaks):
        left, right = edges[start], edges[stop]
        name = str(names[start])
        color = PHASES[name.removeprefix("symmetric ")]
        ax.fill_between([left, right], bottom, bottom + height, color=color, lw=0)
        if right - left > 0.08:
            label = _CONDENSATES.get(name, name).replace(", ", ",\n").replace(" crystal", "\ncrystal")
            # A short strip names only the spins of its condensate, whose colour the other strip shares.
            if right - left < 0.17 * (edges[-1] - edges[0]):
                label = label.split(",\n")[-1].replace(" ", "\n")
            ink = "white" if luminance(color) < 128 else "black"
            middle = (left + right) / 2, bottom + height / 2
            ax.text(*middle, label, ha="center", va="center", fontsize=9, color=ink, linespacing=0.9)
    ax.text(
        1.01,
        bottom + height / 2,
        {"paper": "$V(0)=0$", "limit": "limit"}[convention],
        transform=ax.get_yaxis_transform(),
        va="center",
        fontsize=9,
    )
