"""Draw the figure of the front page and the README from the data of the built book.

    .venv/bin/python book/scripts/draw_overview.py

Run it after `make book`, whose figures leave their data in book/figures; it writes book/_static/overview.svg.
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from ehbook.plotting import COLORS, use_style

BOOK = Path(__file__).resolve().parents[1]
PHASES = {
    "liquid": "#e8e8e8",
    "EL-HC": "#56B4E9",
    "EC-HL": "#009E73",
    "coupled crystal": "#0072B2",
    "condensate": "#E69F00",
}


def draw_phases(ax, data, mass_ratio):
    names = list(PHASES)
    codes = [[names.index(str(name)) for name in row] for row in data.phase.sel(mass_ratio=mass_ratio).T.values]
    shades = ListedColormap(list(PHASES.values()))
    ax.pcolormesh(
        np.log10(data.d),
        np.log10(data.density_ratio),
        codes,
        cmap=shades,
        vmin=-0.5,
        vmax=4.5,
        shading="nearest",
        rasterized=True,
    )
    ax.set_xticks(np.log10([0.3, 1, 3, 10]), ["0.3", "1", "3", "10"])
    ax.set_yticks(np.log10([0.02, 0.1, 0.5, 2]), ["0.02", "0.1", "0.5", "2"])
    ax.set(title=f"phases, $m_h/m_e = {mass_ratio:g}$", xlabel="spacing $d$ ($a_h$)", ylabel="density ($n^*$)")
    ax.grid(visible=False)
    found = set(data.phase.sel(mass_ratio=mass_ratio).values.ravel().tolist())
    handles = [Patch(color=color, label=name) for name, color in PHASES.items() if name in found]
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=2, fontsize=9)


def draw_density(ax, data):
    image = ax.pcolormesh(data.x, data.y, data["holes"], shading="gouraud", rasterized=True)
    ax.set(title="EL-HC: the hole crystal", aspect="equal", xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.figure.colorbar(image, ax=ax, location="bottom", label="hole density ($n$)", shrink=0.9)


def draw_drag(ax, data):
    for (temperature, curve), color in zip(data.groupby("T (K)"), COLORS.values(), strict=False):
        ax.plot(curve["I (uA)"], curve["zeta (1)"], color=color, label=f"{temperature:g} K")
    ax.set(title="drag ratio of a device", xlabel="drive current (µA)", ylabel=r"$\zeta$")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=2, fontsize=9)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--figures", type=Path, default=BOOK / "figures", help="folder with the data of the built book")
    parser.add_argument("--output", type=Path, default=BOOK / "_static" / "overview.svg")
    options = parser.parse_args()
    use_style()
    # Text as text keeps the file small.
    mpl.rcParams.update({"svg.fonttype": "none", "font.sans-serif": ["DejaVu Sans", "sans-serif"], "savefig.dpi": 80})
    fig, axes = plt.subplots(1, 3, figsize=(7.8, 3.9))
    draw_phases(axes[0], xr.load_dataset(options.figures / "phases-spacing.nc", engine="h5netcdf"), 4.0)
    draw_density(axes[1], xr.load_dataset(options.figures / "elhc-density.nc", engine="h5netcdf"))
    draw_drag(axes[2], pd.read_csv(options.figures / "device-curve.csv"))
    fig.savefig(options.output, metadata={"Date": None})
    print(f"{options.output.name}: {options.output.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
