"""Figures of the page on the plasmons and the gap at real energies."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr

from ehbilayer.superconductivity.gap_function import GapFunction
from ehbook.plotting import COLORS, save_figure

__all__ = ["gap", "loss"]

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
