"""Figures of the page on Eliashberg theory and the random-phase approximation."""

import itertools
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from ehbilayer.superconductivity.comparison import PairingOutcome
from ehbilayer.superconductivity.gap_function import GapFunction
from ehbook.own_plasmon import WindowPoint
from ehbook.plotting import COLORS, save_figure

__all__ = [
    "attraction",
    "dynamic",
    "einstein",
    "gap",
    "long_waves",
    "loss",
    "step_rows",
    "steps",
    "temperatures",
    "velocities",
]

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


def step_rows(outcomes: Mapping[str, PairingOutcome], kelvin: float) -> list[dict[str, str]]:
    """The same as rows of a table."""
    return [
        {
            "$\\alpha^2$ from": name,
            "$\\alpha^2$": f"{x.alpha_squared:.2f}",
            "$g_0V$": "–" if np.isnan(x.strength) else f"{x.strength:+.3f}",
            "$T_c$, BCS": "–" if np.isnan(x.bcs) else _kelvin(x.bcs * kelvin, ".2f"),
            "$T_c$, Eliashberg": "–" if np.isnan(x.eliashberg) else _kelvin(x.eliashberg * kelvin, ".2f"),
        }
        for name, x in outcomes.items()
    ]


def einstein(comparison: pd.DataFrame) -> None:
    """T_c of one mode, in its frequency Omega, against the coupling: one line for each column of `comparison`."""
    fig, ax = plt.subplots(figsize=(6.4, 4.0))
    styles = ("k-", "--", "-.", "-", "-", ":")
    for (name, values), style in zip(comparison.drop(columns="lambda (1)").items(), styles, strict=True):
        label = str(name).removesuffix(" (Omega)").replace("lambda", "λ")
        ax.plot(comparison["lambda (1)"], values, style, lw=2.4 if label == "Eliashberg" else 1.5, label=label)
    ax.set(xscale="log", yscale="log", xlabel=r"coupling $\lambda$", ylabel=r"$T_c$ ($\Omega$)", ylim=(2e-3, 2))
    fig.legend(loc="outside lower center", ncols=2)
    save_figure(fig, "beyond-einstein", comparison)


def temperatures(scan: pd.DataFrame, claimed: Sequence[float] | None) -> None:
    """T_c (K) against alpha, and the same over Eliashberg's; `claimed`: the paper's alpha and T_c (K)."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.6, 3.9))
    alpha, reference = scan["alpha (v_0)"], scan["Eliashberg (K)"]
    styles = {
        "BCS": (COLORS["vermillion"], "-"),
        "Eliashberg": (COLORS["blue"], "-"),
        "Eliashberg, Umklapp folded": (COLORS["sky"], "--"),
        "Allen-Dynes": (COLORS["black"], ":"),
    }
    for name, (color, line) in styles.items():
        values = scan[f"{name} (K)"].where(scan[f"{name} (K)"] > 1e-5)
        if name != "Allen-Dynes":
            left.plot(alpha, values, line, color=color)
        label = name.replace("Eliashberg, ", "").replace("Allen-Dynes", "Allen–Dynes")
        right.plot(alpha, values / reference.where(reference > 1e-5), line, color=color, label=label)
    if claimed is not None:
        left.plot(*claimed, "*", color=COLORS["orange"], mec="black", ms=14, label="paper A")
        left.legend(loc="lower left")
    for ax in (left, right):
        ax.set(yscale="log", xlabel=r"plasmon velocity $\alpha$")
    left.set(ylabel=r"$T_c$ (K)", ylim=(1e-3, 100))
    right.set(ylabel=r"$T_c$ over Eliashberg's", ylim=(0.1, 100))
    fig.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    save_figure(fig, "beyond-alpha", scan)


def loss(maps: xr.Dataset, r_s: float) -> None:
    """Energy loss of the electrons (q in 1/a_e, omega in Ha_e) for both kinds of holes, with both plasmons."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 4.0), sharey=True)
    q = maps["q"].values
    for ax, holes in zip(axes, ("crystal", "liquid"), strict=True):
        one = maps.sel(holes=holes)
        image = ax.pcolormesh(
            q, maps["omega"], np.log10(np.maximum(one["loss"], 1e-4)), vmin=-2, vmax=1, rasterized=True
        )
        ax.plot(q, one["acoustic"], "w--", lw=1.5)
        ax.plot(q, one["optical"], "w:", lw=1.8)
        ax.plot(q, q * np.sqrt(2) / r_s + q**2 / 2, color=COLORS["vermillion"], lw=1.4)
        ax.set(title=_HOLES[holes], xlabel=r"wave number $q$ ($1/a_e$)", ylim=(0, maps["omega"].values[-1]))
        ax.grid(visible=False)
    axes[0].set_ylabel(r"frequency $\omega$ (Ha$_e$)")
    fig.colorbar(image, ax=axes, label=r"energy loss $\log_{10}(-V\,\mathrm{Im}\,\chi_{ee})$", extend="both")
    save_figure(fig, "beyond-loss", maps)


def long_waves(waves: xr.Dataset, modes: xr.Dataset) -> None:
    """Squared velocity (v_0^2) at long waves against d (a_e), and damping against the wave number (1/a_e)."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.6, 3.6))
    for holes in ("crystal", "liquid"):
        look = dict(color=_HOLE_COLORS[holes], label=_HOLES[holes])
        left.plot(waves["d"], waves["squared"].sel(holes=holes), **look)
        right.plot(modes["q"], 100 * modes["damping"].sel(holes=holes), **look)
    left.plot(waves["d"], 1 + 4 * waves["d"], "k:", label=r"$1 + 4d/a_e$")
    left.set(xlabel=r"distance $d$ ($a_e$)", ylabel=_VELOCITY + r" at $q \to 0$")
    right.set(xlabel=r"wave number $q$ ($1/a_e$)", ylabel="damping over frequency (%)", ylim=(0, None))
    left.legend(loc="upper left")
    save_figure(fig, "beyond-long", waves.rename(damping="damping_long").merge(modes["damping"]))


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


def dynamic(eigenvalues: xr.DataArray, onsets: xr.DataArray) -> None:
    """Largest eigenvalue against temperature (eps_F), and T_c (eps_F) against r_s (a_e), for each kind of holes."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.6, 3.8))
    for holes, marker, width in zip(("crystal", "liquid", "none"), "so^", (4.0, 1.5, 1.5), strict=True):
        for ax, x, values in (
            (left, eigenvalues["temperature"], eigenvalues),
            (right, onsets["r_s"], onsets.where(onsets > 0)),
        ):
            ax.plot(
                x, values.sel(holes=holes), marker + "-", color=_HOLE_COLORS[holes], lw=width, ms=6, label=_HOLES[holes]
            )
    left.axhline(1.0, color="black", lw=0.8)
    left.set(xscale="log", xlabel=r"temperature $T$ ($\varepsilon_F/k_B$)", ylabel="largest eigenvalue", ylim=(0, 1.1))
    right.set(xlabel=r"$r_s^e$", ylabel=r"$T_c$ ($\varepsilon_F/k_B$)", yscale="log")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    frames = [
        values.rename(name).drop_vars([key for key in values.coords if key not in values.dims]).to_dataframe()
        for values, name in ((eigenvalues, "eigenvalue (1)"), (onsets, "T_c (eps_F/k_B)"))
    ]
    table = pd.concat([frame.reset_index() for frame in frames])
    save_figure(
        fig, "beyond-dynamic", table.rename(columns={"temperature": "temperature (eps_F/k_B)", "r_s": "r_s (a_e)"})
    )


def gap(state: GapFunction, energies: np.ndarray, functions: Sequence[np.ndarray], pade: np.ndarray) -> None:
    """Gap over its edge and Z on both axes (omega_D); `functions`: gap and Z at `energies`, `pade` where trusted."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.6, 4.0))
    edge = state.edge()
    values, renormalisation = functions
    imaginary = state.frequencies <= energies[-1]
    for ax, real, on_matsubara in (
        (left, values / edge, state.gap / edge),
        (right, renormalisation, state.renormalisation),
    ):
        ax.plot(energies, np.real(real), color=COLORS["blue"], label="real part")
        ax.plot(energies, np.imag(real), color=COLORS["vermillion"], label="imaginary part")
        ax.plot(state.frequencies[imaginary], on_matsubara[imaginary], "k--", label=r"at $i\omega$")
        ax.axvline(1.0, color="gray", lw=0.8, ls=":")
        ax.axhline(0, color="black", lw=0.8)
        ax.set_xlabel(r"energy $\omega$ ($\omega_D$)")
    left.plot(energies[: len(pade)][::12], np.real(pade)[::12] / edge, "o", color="black", mfc="none", label="Padé")
    left.set(ylabel=r"gap $\Delta/\Delta_0$", ylim=(-4, 7))
    right.set_ylabel(r"mass renormalisation $Z$")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    matsubara = {
        "axis": "Matsubara",
        "omega (omega_D)": state.frequencies,
        "Re gap (omega_D)": state.gap,
        "Re Z (1)": state.renormalisation,
    }
    on_real = {
        "axis": "real",
        "omega (omega_D)": energies,
        "Re gap (omega_D)": np.real(values),
        "Im gap (omega_D)": np.imag(values),
        "Re Z (1)": np.real(renormalisation),
        "Im Z (1)": np.imag(renormalisation),
    }
    save_figure(fig, "beyond-gap", pd.concat([pd.DataFrame(matsubara), pd.DataFrame(on_real)]))


_PHASE_COLORS = {
    "EL-HC": COLORS["sky"],
    "coupled crystal": COLORS["orange"],
    "condensate": COLORS["purple"],
    "symmetric condensate": COLORS["green"],
    "liquid": "0.85",
    "EC-HL": "0.7",
}


def attraction(windows: Mapping[float, WindowPoint], r_s: float, area: float, paper: float) -> None:
    """alpha^2(q) against d (a_e) with window and phases at one r_s (a_e), and the windows at all of them.

    `area` is alpha^2 from the area, `paper` the paper's.
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
    fig, (ax, over) = plt.subplots(1, 2, figsize=(9.6, 5.0), width_ratios=(1.35, 1))
    for (label, values), style in zip(curves.items(), ("-", "--", ":"), strict=True):
        ax.plot(d, values, style, color=COLORS["blue"], lw=1.8, label=label)
    ax.axhline(paper, color="black", ls="-.", lw=1.2, label=f"paper, {paper:g}")
    ax.axhline(area, color=COLORS["vermillion"], lw=1.2, label=f"from the area, {area:.2f}")
    ax.axvspan(window.lower, window.upper, color=COLORS["blue"], alpha=0.18, lw=0)
    ax.text((window.lower + window.upper) / 2, 1.27, "attraction", rotation=90, ha="center", va="top", fontsize=11)
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
        over.plot(np.array(radii)[finite], values[finite], "s" + style, color=COLORS["vermillion"], ms=4)
        over.annotate(
            {"paper": "$V(0) = 0$", "limit": "limit"}[name],
            (np.array(radii)[finite][-1], values[finite][-1]),
            xytext=(4, 4),
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
        ax.fill_between([left, right], bottom, bottom + height, color=_PHASE_COLORS[name], alpha=0.75, lw=0)
        label = name.replace("symmetric condensate", "condensate").replace("coupled crystal", "coupled cr.")
        if right - left > 0.08:
            ax.text((left + right) / 2, bottom + height / 2, label, ha="center", va="center", fontsize=10)
    ax.text(
        1.01,
        bottom + height / 2,
        {"paper": "$V(0)=0$", "limit": "limit"}[convention],
        transform=ax.get_yaxis_transform(),
        va="center",
        fontsize=9,
    )
