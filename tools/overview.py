"""Draw the figure of the front page and the README from the data of the pages.

    .venv/bin/python -m tools.overview

The build does it for the front page; run by hand after `make book` it writes book/_static/overview.svg, which the
README shows.
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr

from ehbook.phase_map import PHASES, draw_areas
from ehbook.plotting import COLORS, use_style
from tools import run

#: Name of the file.
NAME = "overview.svg"
#: What paper A prints, kelvin at its plasmon velocity, and paper B's efficiency in per cent at its field in k_B T_c.
PAPER_A, PAPER_B = {"alpha": 0.3, "T_c": 10.0}, {"B": 3.0, "eta": 1.86}


def column(table, begin):
    """The one column whose name begins so."""
    (name,) = (name for name in table if name.startswith(begin))
    return table[name]


def draw_phases(ax, data, mass_ratio):
    """Lowest phase against spacing and density; lines where the margins of neighbouring points cross zero."""
    here = data.sel(mass_ratio=mass_ratio).transpose("density_ratio", "d")
    x, y = np.log10(data.d.values), np.log10(data.density_ratio.values)
    draw_areas(ax, x, y, {name: [-here.margin.where(here.phase == name, 0.0).values] for name in PHASES}, 0.0)
    ax.set_xticks(np.log10([0.3, 1, 3, 10]), ["0.3", "1", "3", "10"])
    ax.set_yticks(np.log10([0.02, 0.1, 0.5, 2]), ["0.02", "0.1", "0.5", "2"])
    ax.set(title=f"phases, $m_h/m_e = {mass_ratio:g}$", xlabel="spacing $d$ ($a_h$)", ylabel="density ($n^*$)")
    ax.grid(visible=False)


def draw_temperature(ax, data):
    """Transition temperature along a line of plasmon velocities, by the paper's formula and by Eliashberg theory."""
    for name, begin, color in (("cut_bcs", "BCS", "sky"), ("cut_eliashberg", "Eliashberg", "vermillion")):
        ax.plot(data["cut_alpha"], data[name], color=COLORS[color], label=f"{begin} theory")
    ax.plot(PAPER_A["alpha"], PAPER_A["T_c"], "*", ms=13, color="black", label="paper A")
    ax.set(title="transition temperature", xlabel=r"plasmon velocity $\alpha$ ($v_0$)", ylabel="$T_c$ (K)")
    ax.set(yscale="log", xlim=(0, 0.5), ylim=(1e-3, 100))
    ax.legend(fontsize=9, loc="lower left")


def draw_efficiency(ax, data):
    """Efficiency of the diode against the field, converged and in the candidate reading of the printed numerics."""
    field = column(data, "B")
    ax.plot(field, column(data, "eta (%), candidate"), color=COLORS["vermillion"], lw=0.8, label="candidate reading")
    ax.plot(field, column(data, "eta (%), converged"), color=COLORS["blue"], label="converged")
    ax.plot(PAPER_B["B"], PAPER_B["eta"], "*", ms=13, color="black", label="paper B")
    ax.set(title="diode efficiency", xlabel="field $B$ ($k_BT_c$)", ylabel=r"$\eta$ (%)")
    # Room for the legend above.
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.5 * (high - low))
    ax.legend(fontsize=9, loc="upper right")


def draw_drag(ax, data):
    """Drag ratio of one device against its drive current."""
    for (temperature, curve), color in zip(data.groupby("T (K)"), COLORS.values(), strict=False):
        ax.plot(curve["I (uA)"], column(curve, "zeta"), color=color, label=f"{temperature:g} K")
    ax.set(title="drag ratio of a device", xlabel="drive current (µA)", ylabel=r"$\zeta$")
    # Room for the legend on the left.
    ax.set_xlim(2 * data["I (uA)"].min(), 1.1 * data["I (uA)"].max())
    ax.legend(fontsize=9, loc="lower left")


def draw(figures: Path, output: Path) -> None:
    """Draw the four panels from the data in a folder into an SVG file."""
    with mpl.rc_context():
        use_style()
        # Text as text keeps the file small.
        mpl.rcParams.update(
            {"svg.fonttype": "none", "font.sans-serif": ["DejaVu Sans", "sans-serif"], "savefig.dpi": 80}
        )
        fig, axes = plt.subplots(2, 2, figsize=(7.8, 6.4))
        draw_phases(axes[0, 0], xr.load_dataset(figures / "phases-spacing.nc", engine="h5netcdf"), 4.0)
        draw_temperature(axes[0, 1], xr.load_dataset(figures / "beyond-summit.nc", engine="h5netcdf"))
        draw_efficiency(axes[1, 0], pd.read_csv(figures / "diode-candidate.csv"))
        draw_drag(axes[1, 1], pd.read_csv(figures / "device-curve.csv"))
        fig.savefig(output, metadata={"Date": None})
        plt.close(fig)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--figures", type=Path, default=run.ROOT / "_build" / "source" / "figures")
    parser.add_argument("--output", type=Path, default=run.ROOT / "book" / "_static" / NAME)
    options = parser.parse_args()
    draw(options.figures, options.output)
    print(f"{options.output.name}: {options.output.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
