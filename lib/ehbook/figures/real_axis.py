"""Figures of the page on the plasmons and the gap at real energies."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.lines import Line2D

from ehbilayer.superconductivity.gap_function import GapFunction
from ehbilayer.superconductivity.plasmon_modes import PlasmonModes
from ehbook.plotting import COLORS, save_figure

__all__ = ["gap", "loss", "modes_in_time"]

_HOLES = {"crystal": "classical holes", "liquid": "liquid holes"}


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
    save_figure(fig, "real-loss", maps)


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
    save_figure(fig, "real-gap", pd.concat([pd.DataFrame(matsubara), pd.DataFrame(on_real)]))


def modes_in_time(boxes: Mapping[int, Sequence[PlasmonModes]], paper: float | None) -> None:
    """Frequencies of the modes of boxes, by pairs along the side, with their shares of the static response as areas.

    `paper` is the paper's alpha^2, where its claim is drawn.
    """
    fig, ax = plt.subplots(figsize=(6.6, 4.4))
    frames, largest = [], max(boxes)
    kinds = {"along": ("alpha_squared", COLORS["blue"]), "across": ("across_squared", COLORS["vermillion"])}
    for mesh, found in boxes.items():
        for kind, (stiffness, color) in kinds.items():
            fill = color if mesh == largest else "none"
            for m in found:
                share = getattr(m, kind)
                seen = (share > 2e-3) & (m.squares > 0)
                columns = {"omega (v_0/r_s)": np.sqrt(m.squares[seen]) * m.q_r_s, "share (1)": share[seen]}
                x = np.full(seen.sum(), m.q_r_s)
                ax.scatter(x, columns["omega (v_0/r_s)"], 260 * share[seen], ec=color, fc=fill, alpha=0.75, lw=1.2)
                frames.append(pd.DataFrame({"N (1)": mesh**2, "force": kind, "q r_s (1)": x, **columns}))
            if mesh == largest:
                q = [m.q_r_s for m in found]
                static = [max(getattr(m, stiffness), 0) ** 0.5 * m.q_r_s for m in found]
                ax.plot(q, static, "--", color=color, lw=1.2)
    right = max(m.q_r_s for found in boxes.values() for m in found) + 0.2
    if paper:
        ax.plot([0, right], [0, paper**0.5 * right], "-.", color="black", lw=1.2)
        ax.text(0.5 * right, 0.5 * paper**0.5 * right - 0.06, "paper", va="top")
    ax.set(xlabel=r"$q\,r_s$", ylabel=r"$\omega\,r_s/v_0$", xlim=(0, right), ylim=(0, 3.2))
    handles = [
        Line2D([], [], ls="", marker="o", color=COLORS["blue"], label="along $q$"),
        Line2D([], [], ls="", marker="o", color=COLORS["vermillion"], label="across"),
        Line2D([], [], color="gray", ls="--", label="static stiffness"),
    ]
    ax.legend(handles=handles, loc="upper left")
    save_figure(fig, "real-modes", pd.concat(frames))
