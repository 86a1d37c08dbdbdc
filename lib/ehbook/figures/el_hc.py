"""Figures of the page on the electron-liquid hole-crystal phase."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from ehbilayer.hartree_fock import CrystalState, SupercellState
from ehbilayer.hartree_fock.bands import MassFit, ZonePath, zone_boundary
from ehbilayer.hartree_fock.size_dependence import SizeSeries
from ehbilayer.model.lattice import RECIPROCAL_LENGTH
from ehbook.plotting import COLORS, DIVERGING, save_figure

__all__ = ["band_maps", "band_structure", "densities", "electron_mass", "hole_gap", "levels", "momentum"]

#: Marker, colour and label of the two treatments of the zero mode.
MODES = {"dropped": ("o", "vermillion", "$V(0) = 0$"), "madelung": ("s", "blue", "Madelung")}
ENERGY = r"energy ($\varepsilon_\mathrm{F}$)"


def densities(points: np.ndarray, maps: Mapping[str, np.ndarray]) -> None:
    """Densities of `maps` ("holes", "electrons"; in n) at `points` (r_s) of three by three cells, and their charge."""
    holes, electrons = maps["holes"], maps["electrons"]
    charge = holes - electrons
    fig, axes = plt.subplots(2, 2, figsize=(6.6, 7.4), height_ratios=[1, 1.15], gridspec_kw={"wspace": 0.12})
    x, y = points.transpose(2, 0, 1)
    middle = tuple(n // 2 for n in x.shape)
    x, y = x - x[middle], y - y[middle]
    lattice = float(np.linalg.norm(points[-1, 0] - points[0, 0])) / 3
    top = float(np.abs(charge).max())
    shading = dict(rasterized=True, shading="gouraud")
    for ax, (name, rho) in zip(axes[0], maps.items(), strict=True):
        ax.pcolormesh(x, y, rho, vmin=0, vmax=holes.max(), **shading)
        ax.contour(x, y, rho, levels=np.arange(0.25, holes.max(), 0.25), colors="white", linewidths=0.8)
        ax.set_title(name)
    fig.colorbar(
        axes[0, 0].collections[0], ax=axes[0], location="bottom", shrink=0.6, aspect=30, label="number density ($n$)"
    )
    image = axes[1, 0].pcolormesh(x, y, charge, cmap=DIVERGING, vmin=-top, vmax=top, **shading)
    axes[1, 0].contour(x, y, charge, levels=[0.0], colors="black", linewidths=0.8)
    axes[1, 0].set_title("charge density")
    fig.colorbar(image, ax=axes[1, 0], location="bottom", label="holes minus electrons ($n$)")
    for ax in (*axes[0], axes[1, 0]):
        # The neighbours of the site in the middle stand on the frame.
        half = (lattice, lattice * np.sqrt(3) / 2)
        ax.set(xlabel="$x$ ($r_s$)", aspect="equal", xlim=(-half[0], half[0]), ylim=(-half[1], half[1]))
        ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        ax.grid(visible=False)
    for ax in axes[:, 0]:
        ax.set_ylabel("$y$ ($r_s$)")
    cuts = (
        ("holes", holes, "vermillion", "-"),
        ("electrons", electrons, "blue", "--"),
        ("charge", charge, "black", ":"),
    )
    for name, rho, color, style in cuts:
        axes[1, 1].plot(x[:, middle[1]], rho[:, middle[1]], style, color=COLORS[color], label=name)
    axes[1, 1].set(title="cut at $y = 0$", xlabel="$x$ ($r_s$)", ylabel="density ($n$)", xlim=(-lattice, lattice))
    axes[1, 1].set_ylim(top=1.65 * holes.max())
    axes[1, 1].legend(loc="upper center")
    variables = {name: (("u", "v"), rho, {"units": "n"}) for name, rho in (*maps.items(), ("charge", charge))}
    coordinates = {name: (("u", "v"), place, {"units": "r_s"}) for name, place in (("x", x), ("y", y))}
    save_figure(fig, "elhc-density", xr.Dataset(variables, coords=coordinates))


def levels(states: Mapping[str, CrystalState | SupercellState]) -> None:
    """Fock levels of the electrons (one spin) and the holes about the highest filled one, in eps_F, by state."""
    fig, axes = plt.subplots(1, 2, figsize=(6.4, 4.2))
    tables = []
    for ax, (title, per_pair) in zip(axes, (("electrons, one spin", 2), ("holes", 1)), strict=True):
        for offset, (name, state) in enumerate(states.items()):
            index, count = 0 if per_pair == 2 else len(state.state.functional.species) - 1, state.pairs // per_pair
            found = state.levels(index)[: 2 * count]
            shown = (found - found[count - 1]) / state.fermi_energy
            colors = np.where(np.arange(len(shown)) < count, COLORS["blue"], COLORS["vermillion"])
            ax.hlines(shown, offset + 0.1, offset + 0.9, color=colors, lw=1.0)
            row = {"state": name, "carrier": title, "level minus highest filled (eps_F)": shown}
            tables.append(pd.DataFrame(row))
        ax.set_xticks(np.arange(len(states)) + 0.5, list(states), rotation=30)
        ax.set_title(title)
        ax.grid(axis="x", visible=False)
    axes[0].plot([], [], color=COLORS["blue"], label="filled")
    axes[0].plot([], [], color=COLORS["vermillion"], label="empty")
    axes[0].set(ylabel=r"level ($\varepsilon_\mathrm{F}$)", ylim=(-1.2, 0.9))
    axes[1].set_ylim(-0.6, 0.9)
    fig.legend(loc="outside upper center", ncols=2)
    save_figure(fig, "elhc-levels", pd.concat(tables))


def band_structure(
    path: ZonePath, lines: Mapping[str, np.ndarray], dots: Mapping[str, tuple], free: np.ndarray, gap: float
) -> None:
    """Bands along `path` (eps_F): `lines`, levels of the mesh (`dots`), free electrons, and the hole gap."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 4.8))
    tables = []
    axes[0].plot(path.distance, free, color="0.55", lw=1.2, ls="--", zorder=1)
    axes[0].plot([], [], color="0.55", lw=1.2, ls="--", label="free electrons")
    for ax, (name, levels) in zip(axes, lines.items(), strict=True):
        at, raw = dots[name]
        count = raw.shape[1]
        ax.plot(path.distance, levels, color=COLORS["blue"], lw=1.5)
        ax.plot(np.repeat(at, count), raw.ravel(), "o", color=COLORS["vermillion"], ms=4)
        ax.axhline(0, color="black", lw=0.8, ls=":")
        ax.set_xticks(path.ticks, path.labels)
        ax.set(title=name, xlim=(0, path.ticks[-1]))
        columns = {f"band {n + 1} (eps_F)": levels[:, n] for n in range(levels.shape[1])}
        parabola = {f"free band {n + 1} (eps_F)": free[:, n] for n in range(free.shape[1])}
        columns |= parabola if name == "electrons" else {}
        tables.append(pd.DataFrame({"carrier": name, "path (|b|)": path.distance, **columns}))
    axes[0].set(ylabel=ENERGY, ylim=(-1.5, 4))
    axes[1].set_ylim(-0.6, 1.8)
    if gap > 0:
        axes[1].axhspan(0, gap, color=COLORS["orange"], alpha=0.25, lw=0)
        place = 0.5 * path.ticks[1]
        axes[1].annotate("", (place, gap), (place, 0), arrowprops=dict(arrowstyle="<->", shrinkA=0, shrinkB=0))
        axes[1].text(place + 0.05, 0.35 * gap, rf"{gap:.2f} $\varepsilon_\mathrm{{F}}$")
    axes[0].plot([], [], color=COLORS["blue"], label="Madelung, interpolated")
    axes[0].plot([], [], "o", color=COLORS["vermillion"], ms=4, label="$V(0) = 0$, mesh")
    axes[1].fill_between([], [], color=COLORS["orange"], alpha=0.25, lw=0, label="gap, Madelung")
    fig.legend(loc="outside lower center", ncols=2)
    save_figure(fig, "elhc-bands", pd.concat(tables))


def band_maps(grid: np.ndarray, maps: Mapping[str, np.ndarray], line: np.ndarray) -> None:
    """Lowest electron and hole band (eps_F above the highest filled level) on `grid`, Fermi `line` (both 1/r_s)."""
    corners, axis = zone_boundary() / RECIPROCAL_LENGTH, grid[:, 0, 0] / RECIPROCAL_LENGTH
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 4.4), sharey=True)
    variables = {}
    for ax, (name, energy) in zip(axes, maps.items(), strict=True):
        image = ax.pcolormesh(axis, axis, energy.T, rasterized=True, shading="gouraud")
        ax.contour(axis, axis, energy.T, levels=8, colors="white", linewidths=0.4)
        ax.plot(*corners.T, color="black", lw=1.4)
        ax.set(title=f"{name}, lowest band", xlabel="$k_x$ ($|b|$)", aspect="equal")
        ax.grid(visible=False)
        fig.colorbar(image, ax=ax, location="bottom", label=ENERGY)
        variables[name] = (("k_x", "k_y"), energy, {"units": "eps_F"})
    axes[0].plot(*(line / RECIPROCAL_LENGTH).T, color="white", lw=2.2)
    axes[0].set_ylabel("$k_y$ ($|b|$)")
    variables |= {
        f"Fermi line {x}": ("point", line[:, n] / RECIPROCAL_LENGTH, {"units": "|b|"}) for n, x in enumerate("xy")
    }
    coordinates = {name: (name, axis, {"units": "|b|"}) for name in ("k_x", "k_y")}
    save_figure(fig, "elhc-zone", xr.Dataset(variables, coords=coordinates))


def hole_gap(series: SizeSeries, claimed: float | None) -> None:
    """Hole gaps (eps_F) against N^(-1/2) by zero mode, and the paper's value for 36 holes where it is claimed."""
    fig, ax = plt.subplots(figsize=(6.0, 4.8))
    tables = []
    for mode, states in (("dropped", series.dropped), ("madelung", series.madelung)):
        marker, color, label = MODES[mode]
        size = np.array([state.pairs for state in states])
        columns = {
            "indirect": [state.gap_indirect for state in states],
            "direct": [state.gap_direct for state in states],
        }
        for (kind, values), line in zip(columns.items(), ("-", "--"), strict=True):
            face = COLORS[color] if kind == "indirect" else "white"
            ax.plot(size**-0.5, values, marker + line, color=COLORS[color], mfc=face, label=f"{label}, {kind}")
        gaps = {f"{kind} (eps_F)": values for kind, values in columns.items()}
        tables.append(pd.DataFrame({"N (1)": size, "convention": mode, **gaps}))
    _paper(ax, claimed, 6**-1.0)
    ax.set(xlabel="$N^{-1/2}$", ylabel=r"hole gap ($\varepsilon_\mathrm{F}$)", xlim=(0, 0.27))
    fig.legend(loc="outside upper center", ncols=2)
    save_figure(fig, "elhc-gap", pd.concat(tables))


def electron_mass(
    windows: np.ndarray, fits: Mapping[tuple[int, str], Sequence[MassFit]], claimed: float | None
) -> None:
    """Fitted mass (m_e) against the window (eps_F), by size and zero mode, and the paper's value."""
    fig, ax = plt.subplots(figsize=(6.0, 4.6))
    smallest = min(size for size, _ in fits)
    tables = []
    for (size, mode), row in fits.items():
        _, color, label = MODES[mode]
        masses = [fit.mass for fit in row]
        style = "-" if size == smallest else "--"
        ax.plot(windows, masses, style, color=COLORS[color], label=f"{label}, $N$ = {size}")
        columns = {
            "N (1)": size,
            "convention": mode,
            "window (eps_F)": windows,
            "mass (m_e)": masses,
            "error (m_e)": [fit.error for fit in row],
            "rms deviation (eps_F)": [fit.spread for fit in row],
        }
        tables.append(pd.DataFrame(columns))
    _paper(ax, claimed, None)
    ax.set(xlabel=r"window of the fit ($\varepsilon_\mathrm{F}$)", ylabel=r"$m^*/m_\mathrm{e}$")
    fig.legend(loc="outside upper center", ncols=2)
    save_figure(fig, "elhc-mass", pd.concat(tables))


def momentum(states: Sequence[CrystalState]) -> None:
    """Occupation of the plane waves of electrons (one spin) and holes against k r_s, for two sizes of one state."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.8), sharey=True)
    tables = []
    panels = (("electrons, one spin", 2, np.sqrt(2)), ("holes", 1, 2.0))
    for index, (ax, (title, spins, edge)) in enumerate(zip(axes, panels, strict=True)):
        for state, color, size in zip(states, ("vermillion", "blue"), (6, 3), strict=True):
            k = np.sqrt(state.state.waves.squares)
            occupation = state.state.momentum_distribution(index) / spins
            face = "none" if size == 6 else COLORS[color]
            ax.plot(k, occupation, "o", color=COLORS[color], ms=size, mfc=face, label=f"$N$ = {state.pairs}")
            columns = {"carrier": title, "N (1)": state.pairs, "k (1/r_s)": k, "occupation (1)": occupation}
            tables.append(pd.DataFrame(columns))
        ax.axvline(edge, color="black", lw=0.8, ls=":")
        ax.set(title=title, xlabel=r"$k$ ($1/r_s$)", xlim=(0, 5.5))
    axes[0].set_ylabel("occupation")
    axes[1].legend(loc="upper right")
    save_figure(fig, "elhc-momentum", pd.concat(tables))


def _paper(ax: Axes, claimed: float | None, at: float | None) -> None:
    """The paper's value as a dotted line, and as a star where it belongs to one place on the axis."""
    if claimed is None:
        return
    ax.axhline(claimed, color="black", lw=1.0, ls=":")
    label = f"paper A: {claimed:g}"
    if at is not None:
        ax.plot(at, claimed, "*", color="black", ms=13, label=label, ls="none")
    else:
        ax.plot([], [], ":", color="black", label=label)
