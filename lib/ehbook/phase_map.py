"""Maps of the lowest phase: colours, areas with their names, boundary lines."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import distance_transform_edt

from ehbilayer import validation
from ehbilayer.errors import ArgumentError

__all__ = ["PHASES", "SHADES", "draw_areas", "luminance", "shade_phases"]

#: Colour of each phase; their luminances are at least 25 of 255 apart, so that they differ in grey too.
PHASES = {
    "liquid": "#F0F0F0",
    "EL-HC": "#A6DAF7",
    "EC-HL": "#009E73",
    "coupled crystal": "#00527F",
    "condensate": "#E69F00",
}

#: The same colours in the order of `PHASES`.
SHADES = ListedColormap(list(PHASES.values()))

# Points of a drawn map along each axis, and half the room in them that a letter and a line of a name take.
_FINE = 240
_LETTER, _LINE = 4.2, 11.0

# Energy of a branch far from the points at which it was computed.
_NOWHERE = 1e3


def luminance(color: str) -> float:
    """Luminance of a colour, 0 to 255, as a grey print shows it.

    Examples
    --------
    >>> round(luminance("#ffffff"))
    255
    """
    red, green, blue = to_rgb(color)
    return 255 * (0.299 * red + 0.587 * green + 0.114 * blue)


def shade_phases(ax: Axes, x: ArrayLike, y: ArrayLike, phase: ArrayLike) -> QuadMesh:
    """Shade a plane of phases in the colours of `PHASES`; white where no state converged.

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


def draw_areas(
    ax: Axes, x: ArrayLike, y: ArrayLike, energies: Mapping[str, Sequence[ArrayLike]], least: ArrayLike
) -> list[str]:
    """Areas of the lowest phase with boundary lines and names, from energies on a coarse grid.

    Energies are interpolated linearly between the points, relative to that of the first branch of the first phase, so
    that a boundary runs where the two energies cross.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With linear scales.
    x, y : array_like, shapes (nx,) and (ny,)
        Increasing.
    energies : mapping of str to sequence of array_like, shape (ny, nx)
        By phase, one array for each branch of states; NaN where a branch was not computed. The first branch of the
        first phase is known everywhere.
    least : array_like, shape (ny, nx)
        How far above the lowest energy a branch is taken to lie at a point where it was not computed but is nearby.

    Returns
    -------
    list of str
        Phases with an area on the map, those with too little room for their name among them.

    Raises
    ------
    ArgumentError
        If a phase is none of `PHASES`, or the energy of the first one is missing somewhere.
    """
    names = list(energies)
    for name in names:
        validation.option("energies", name, tuple(PHASES))
    raw = [np.asarray(branch, dtype=float) for name in names for branch in energies[name]]
    if np.isnan(raw[0]).any():
        raise ArgumentError("energies", names[0], "a first branch that is known everywhere")
    lowest_known = np.nanmin(raw, axis=0) + np.asarray(least)
    fine_x, fine_y = (np.linspace(values[0], values[-1], _FINE) for values in (np.asarray(x), np.asarray(y)))
    points = np.stack(np.meshgrid(fine_y, fine_x, indexing="ij"), axis=-1)

    def interpolated(branch):
        missing = np.isnan(branch)
        values = np.where(missing, lowest_known, branch) - raw[0]
        value, absent = (RegularGridInterpolator((y, x), z)(points) for z in (values, missing.astype(float)))
        return np.where(absent > 0.5, _NOWHERE, value)

    branches = {name: [interpolated(np.asarray(b, dtype=float)) for b in energies[name]] for name in names}
    fine = np.array([np.min(branches[name], axis=0) for name in names])
    lowest = np.argmin(fine, axis=0)
    shade_phases(ax, fine_x, fine_y, np.array(names)[lowest])
    present = [name for index, name in enumerate(names) if (lowest == index).any()]
    for index, name in enumerate(names):
        if name in present and len(present) > 1:
            others = np.delete(fine, index, axis=0).min(axis=0)
            ax.contour(fine_x, fine_y, others - fine[index], [0.0], colors="black", linewidths=1.0)
            _write(ax, fine_x, fine_y, lowest == index, name)
    return present


def _write(ax: Axes, x: NDArray, y: NDArray, area: NDArray, name: str) -> None:
    """Name of a phase where its area is widest, if it has room; a border of the map is one of the area."""
    lines = name.split(" ")
    room = 1 / (_LINE * len(lines)), 1 / (_LETTER * max(map(len, lines)))
    distance = np.asarray(distance_transform_edt(np.pad(area, 1), sampling=room))[1:-1, 1:-1]
    row, column = np.unravel_index(np.argmax(distance), distance.shape)
    if distance[row, column] >= 1:
        color = "white" if luminance(PHASES[name]) < 120 else "black"
        # A rim in the area's colour keeps hatches and lines that others draw out of the letters.
        rim = [withStroke(linewidth=2.5, foreground=PHASES[name])]
        at = x[column], y[row], "\n".join(lines)
        ax.text(*at, ha="center", va="center", color=color, fontsize=11, path_effects=rim, zorder=4)
