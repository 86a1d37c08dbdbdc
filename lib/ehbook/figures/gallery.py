"""Figures of the gallery of states."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from ehbilayer.hartree_fock import CrystalState, SupercellState
from ehbilayer.hartree_fock.alignment import ShiftEnergies
from ehbilayer.hartree_fock.maps import density_maps, momentum_maps
from ehbilayer.model.lattice import PRIMITIVE, RECIPROCAL_LENGTH, cell_points
from ehbilayer.phases.variance import VarianceScan
from ehbook.plotting import COLORS, DIVERGING, SEQUENTIAL, save_figure

__all__ = ["alignment", "lattice_crystal", "moire", "one_state", "two_densities", "variance", "zone_corners"]


def zone_corners() -> np.ndarray:
    """Corners of the triangular crystal's first Brillouin zone in ``|b|``, shape (7, 2), closed."""
    b = 2 * np.pi * np.linalg.inv(PRIMITIVE).T[0] / RECIPROCAL_LENGTH
    angles = np.arctan2(b[1], b[0]) + np.pi / 6 + np.arange(7) * np.pi / 3
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) / np.sqrt(3)


def _density(ax: Axes, x, y, field, title: str, bar: str, signed: bool = False, high: float | None = None) -> None:
    """Map of a density (n) over x, y (r_s) with a titled colour bar up to `high`; symmetric where `signed`."""
    # A state without any spin is drawn on a scale of one, not of zero.
    high = (float(np.abs(field).max()) or 1.0) if high is None else high
    image = ax.pcolormesh(
        x,
        y,
        field,
        cmap=DIVERGING if signed else SEQUENTIAL,
        vmin=-high if signed else 0.0,
        vmax=high,
        rasterized=True,
        shading="gouraud",
    )
    ax.set(aspect="equal", title=title, xlabel="$x$ ($r_s$)", ylabel="$y$ ($r_s$)")
    ax.grid(visible=False)
    ax.figure.colorbar(image, ax=ax, location="bottom", shrink=0.85, label=bar)


def _holes_and_spins(name: str, data: xr.Dataset) -> None:
    """Two maps, holes and spin density (n), over x and y (r_s)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.4))
    _density(axes[0], data.x, data.y, data["holes"], "holes", "density ($n$)")
    spin = data["electrons up"] - data["electrons down"]
    _density(axes[1], data.x, data.y, spin, "electrons, up minus down", "spin density ($n$)", signed=True)
    axes[1].set_ylabel("")
    save_figure(fig, name, data)


def one_state(name: str, state: SupercellState) -> None:
    """Hole density and spin density (n) of a supercell state over its box; `name` is that of the files."""
    momentum = momentum_maps(state).rename({key: f"{key}, occupation" for key in ("holes", "electrons")})
    _holes_and_spins(name, xr.merge([density_maps(state), momentum]))


def lattice_crystal(crystal: CrystalState) -> None:
    """Hole density and spin density (n) of the antiferromagnet on the triangular lattice, over four cells."""
    points = cell_points(repeats=2, points=40)
    species = {"electrons up": 0, "electrons down": 1, "holes": 2}
    place = ("u", "v")
    fields = {name: (place, crystal.state.density(i, points), {"units": "n"}) for name, i in species.items()}
    places = {name: (place, points[..., i], {"units": "r_s"}) for i, name in enumerate("xy")}
    _holes_and_spins("gallery-coupled", xr.Dataset(fields, coords=places))


def two_densities(states: Mapping[float, SupercellState]) -> None:
    """Holes at two densities (n*): density (n) above, occupations of plane waves with the crystal's zone below."""
    fig, axes = plt.subplots(2, 2, figsize=(6.8, 6.8), height_ratios=[1, 1.15])
    fields, coords = {}, {}
    corners = zone_corners()
    highest = max(float(density_maps(state)["holes"].max()) for state in states.values())
    for column, (density, state) in zip(axes.T, states.items(), strict=True):
        name = f"{density:g} n*"
        space, momentum = density_maps(state), momentum_maps(state)
        _density(
            column[0], space.x, space.y, space["holes"], f"$n$ = {density:g} $n^*$", "hole density ($n$)", high=highest
        )
        image = column[1].scatter(
            momentum.k_x, momentum.k_y, c=momentum["holes"], s=42, vmin=0, vmax=1, marker="h", lw=0
        )
        column[1].plot(*corners.T, color="black", lw=1.0)
        column[1].set(
            aspect="equal", xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), xlabel="$k_x$ ($|b|$)", ylabel="$k_y$ ($|b|$)"
        )
        column[1].grid(visible=False)
        fig.colorbar(image, ax=column[1], location="bottom", shrink=0.85, label="occupation of holes")
        for part, key in ((space, "u v"), (momentum, "wave")):
            renamed = {dim: f"{dim}, {name}" for dim in key.split()}
            for kind, variable in part.rename_dims(renamed).variables.items():
                label = f"{kind} occupation" if key == "wave" and kind in ("holes", "electrons") else str(kind)
                target = coords if kind in part.coords else fields
                target[f"{label}, {name}"] = variable
    for ax in axes[:, 1]:
        ax.set_ylabel("")
    save_figure(fig, "gallery-el-hc", xr.Dataset(fields | coords))


def alignment(
    fractions: np.ndarray, energies: Mapping[float, ShiftEnergies], distances: np.ndarray, barrier: Sequence[float]
) -> None:
    """Energy (Ha_h) of two crystals against a shift for each d (a_h), and its bridge value against distance (a_h)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.9))
    sites = {"hollow": 1 / 3, "bridge": 0.5}
    columns = {"fraction of the diagonal (1)": fractions}
    for (d, found), color in zip(energies.items(), ("blue", "vermillion", "green"), strict=True):
        axes[0].plot(fractions, 1e3 * found.rigid, color=COLORS[color], label=rf"$d = {d:g}\,a_h$")
        at = [sites[site] for site in found.relaxed]
        axes[0].plot(at, 1e3 * np.array(list(found.relaxed.values())), "o", color=COLORS[color])
        columns[f"d = {d:g} a_h (Ha_h)"] = found.rigid
    axes[0].set_xticks([0, 1 / 3, 0.5, 2 / 3, 1], ["0", "h", "b", "h", "1"])
    axes[0].set(xlabel="shift along the cell's diagonal", ylabel="energy per pair ($10^{-3}$ Ha$_h$)")
    axes[0].legend(fontsize=10, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=1.0)
    axes[1].semilogy(distances, 1e3 * np.array(barrier), "o-", color=COLORS["black"])
    axes[1].set(xlabel=r"$d$ ($a_h$)", ylabel="at the bridge ($10^{-3}$ Ha$_h$)")
    save_figure(fig, "gallery-alignment", pd.DataFrame(columns))


def moire(amplitudes: Sequence[float], radii: Mapping[str, Sequence[float]]) -> None:
    """Radius r_s (a_h) of the boundary between liquid and EL-HC against the amplitude (Ha_h), for two conventions."""
    fig, ax = plt.subplots(figsize=(6.0, 3.6))
    styles = {
        "dropped": ("$N = 36$, $V(0) = 0$", "vermillion", "o-"),
        "limit": ("liquid in the limit", "blue", "s-"),
    }
    for convention, (label, color, style) in styles.items():
        ax.plot(1e3 * np.array(amplitudes), radii[convention], style, color=COLORS[color], label=label)
    ax.set(xlabel=r"amplitude $w$ ($10^{-3}$ Ha$_h$)", ylabel=r"$r_s^h$ of the boundary ($a_h$)", ylim=(0, 4.4))
    ax.legend(loc="lower left", title="EL-HC above, liquid below")
    columns = {f"r_s, {convention} (a_h)": values for convention, values in radii.items()}
    save_figure(fig, "gallery-moire", pd.DataFrame({"w (Ha_h)": amplitudes} | columns))


def variance(table: pd.DataFrame, densities: Sequence[float], scan: VarianceScan, edge: tuple[float, float]) -> None:
    """Momentum variance over that of free carriers: of single states, and of holes against density (n*)."""
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.9), width_ratios=[1.2, 1])
    at = np.arange(len(table))
    for offset, layer, color in ((-0.18, "holes", "vermillion"), (0.18, "electrons", "blue")):
        axes[0].barh(at + offset, table[f"{layer} (1)"], height=0.34, color=COLORS[color], label=layer)
    axes[0].set_yticks(at, table["state"])
    axes[0].invert_yaxis()
    axes[0].axvline(1.0, color="black", lw=0.8, ls=":")
    axes[0].set(xlabel=r"$\sigma_k^2$ over that of free carriers")
    axes[0].grid(axis="y", visible=False)
    axes[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    axes[1].plot(densities, scan.crystal, "o-", color=COLORS["vermillion"], label="crystal")
    axes[1].plot(densities, scan.liquid, "s-", color=COLORS["black"], label="liquid")
    axes[1].axvspan(*edge, color="0.85")
    axes[1].set(xlabel=r"$n/n^*$", ylabel=r"$\sigma_k^2$ of holes over free ones")
    axes[1].legend(loc="upper right")
    save_figure(fig, "gallery-variance", table)
