"""Maps of the lowest phase over mass ratio and density, and where a phase ends in a table of boundaries."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.phases.point import CONVENTIONS
from ehbook.plotting import COLORS

__all__ = ["PHASES", "SHADES", "draw_phase_maps", "phase_ends", "shade_phases"]

#: Phases in the order of `SHADES`.
PHASES = ("liquid", "EL-HC", "EC-HL", "coupled crystal", "condensate")

#: Colour of each phase.
SHADES = ListedColormap(["#e8e8e8", "#56B4E9", "#009E73", "#0072B2", "#E69F00"])


def shade_phases(ax: Axes, x: ArrayLike, y: ArrayLike, phase: ArrayLike) -> QuadMesh:
    """Shade a plane of phases in the colours of `SHADES`; white where no state converged.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x, y : array_like, shapes (nx,) and (ny,)
    phase : array_like of str, shape (ny, nx)
        Names of `PHASES`; any other name stays white.

    Returns
    -------
    matplotlib.collections.QuadMesh
    """
    code = {name: index for index, name in enumerate(PHASES)}
    codes = [[code.get(str(name), np.nan) for name in line] for line in np.asarray(phase)]
    return ax.pcolormesh(
        x, y, codes, cmap=SHADES, vmin=-0.5, vmax=len(PHASES) - 0.5, shading="nearest", rasterized=True
    )


def draw_phase_maps(axes: Sequence[Axes], phase: xr.DataArray, title: str, star: float, star_e: float) -> None:
    """One panel for each layer distance: the phase over mass ratio and density.

    The dashed line is the density at which an isolated layer of electrons crystallises, in units of the holes'
    n*: (star m_e/(star_e m_h))^2. White: no state converged.

    Parameters
    ----------
    axes : sequence of matplotlib.axes.Axes
        As many as there are distances.
    phase : xarray.DataArray
        Names of `PHASES`, with the dimensions d (a_h), mass_ratio and density_ratio (n/n*).
    title : str
        First part of the panels' titles.
    star, star_e : float
        Wigner-Seitz radii at which polarised holes and unpolarised electrons crystallise, in their own Bohr radii, > 0.

    Raises
    ------
    TypeError, ValueError
        If a radius is not a positive number, or there is another number of panels than of distances.
    """
    star, star_e = validation.positive("star", star), validation.positive("star_e", star_e)
    ratio, density = phase.mass_ratio.values, phase.density_ratio.values
    fine = np.linspace(ratio[0], ratio[-1], 200)
    for ax, d in zip(axes, phase.d.values, strict=True):
        shade_phases(ax, ratio, density, phase.sel(d=d).transpose("density_ratio", "mass_ratio"))
        ax.plot(fine, (star / (fine * star_e)) ** 2, "--", color=COLORS["vermillion"], lw=1.6)
        ax.set(yscale="log", ylim=(density[0], density[-1]), xlim=(ratio[0], ratio[-1]))
        ax.set_title(f"{title}, $d = {d:g}\\,a_h$", fontsize=10)
        ax.set_yticks([0.1, 0.2, 0.5, 1.0, 2.0], ["0.1", "0.2", "0.5", "1", "2"])
        ax.set_yticks([], minor=True)
        ax.grid(visible=False)
    axes[0].set_ylabel("$n/n^*$")


def phase_ends(edges: pd.DataFrame, *, convention: str, pairs: int, d: float, above: str) -> pd.Series:
    """Density at which a phase ends towards lower densities, by mass ratio.

    Parameters
    ----------
    edges : pandas.DataFrame
        Boundaries with the columns convention, N, d, above, mass_ratio and boundary.
    convention : {"paper", "limit"}
    pairs : int
        N of the box.
    d : float
        Layer distance in a_h.
    above : str
        The phase, one of `PHASES`.

    Returns
    -------
    pandas.Series
        The last boundary of each mass ratio; empty where the phase does not end.

    Raises
    ------
    TypeError, ValueError
        If the convention or the phase is not one of those, or a number is outside its range.

    Examples
    --------
    >>> import pandas as pd
    >>> edges = pd.DataFrame({"convention": ["limit"] * 2, "N": [36, 64], "d": [1.0, 1.0], "above": ["liquid"] * 2,
    ...                       "mass_ratio": [4.0, 4.0], "boundary": [0.9, 0.8]})
    >>> phase_ends(edges, convention="limit", pairs=64, d=1.0, above="liquid").to_dict()
    {4.0: 0.8}
    """
    validation.option("convention", convention, CONVENTIONS)
    validation.option("above", above, PHASES)
    pairs, d = validation.integer("pairs", pairs, low=1), validation.real("d", d, low=0.0)
    chosen = (edges["convention"] == convention) & (edges["N"] == pairs) & (edges["d"] == d) & (edges["above"] == above)
    return pd.Series(edges[chosen].groupby("mass_ratio")["boundary"].last())
