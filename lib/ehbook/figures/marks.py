"""The papers' bilayers and those of experiments on any map, where the map's other parameters are theirs."""

import itertools
import math
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ehbilayer.device import PRESETS, Bilayer

__all__ = ["mark_points", "mark_presets"]

#: Sign of each preset, the same on every map; a circle with a cross is any other point.
_SIGNS = {
    "paper A": "*",
    "paper A, hydrogen": "X",
    "paper B": "D",
    "MoSe₂/WSe₂": "o",
    "MoS₂/bilayer graphene": "s",
    "GaAs/AlGaAs": "^",
}
_OTHER = "P"
# Sides of a mark on which its name may stand, best first: direction and alignment.
_SIDES = (
    (1, 0, "left", "center"),
    (-1, 0, "right", "center"),
    (0, 1, "center", "bottom"),
    (0, -1, "center", "top"),
    (1, 1, "left", "bottom"),
    (-1, 1, "right", "bottom"),
    (1, -1, "left", "top"),
    (-1, -1, "right", "top"),
)
# Half the size of a mark and distances of a name from its middle, in points; from the second on a line leads to it.
_HALF, _DISTANCES = 5.0, (8.0, 22.0, 36.0)


def mark_presets(
    ax: Axes,
    x: Callable[[Bilayer], float],
    y: Callable[[Bilayer], float],
    *,
    where: Callable[[Bilayer], bool] = lambda bilayer: True,
    names: bool = True,
) -> list[Line2D]:
    """Mark the presets of `ehbilayer.device` on a map, with their names where there is room.

    A preset is left out if it lies outside the axes, is not of the map's other parameters, or has no finite
    coordinate. Call it last, since names keep clear of what is already written, and after the limits are set.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With its limits and scales set.
    x, y : callable
        From a bilayer to its coordinates in the units of the axes.
    where : callable, optional
        Whether the map is about this bilayer, for instance about its mass ratio.
    names : bool
        Whether to write names beside the marks; without them the returned handles belong into a legend.

    Returns
    -------
    list of matplotlib.lines.Line2D
        Handles for a legend, of the presets that are drawn.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> _ = ax.set(xlim=(0.5, 3), ylim=(0, 2))
    >>> drawn = mark_presets(ax, lambda b: b.r_s_light, lambda b: b.d_light, where=lambda b: round(b.mass_ratio) == 10)
    >>> [handle.get_label() for handle in drawn]
    ['paper A']
    >>> plt.close(fig)
    """
    points = {
        preset.name: (x(preset.bilayer), y(preset.bilayer)) for preset in PRESETS.values() if where(preset.bilayer)
    }
    return mark_points(ax, points, names=names)


def mark_points(ax: Axes, points: Mapping[str, tuple[float, float]], *, names: bool = True) -> list[Line2D]:
    """Mark named points on a map; those outside the axes are left out.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With its limits and scales set.
    points : mapping of str to (float, float)
        Coordinates in the units of the axes. A preset's name has its own sign, any other name a plus.
    names : bool
        Whether to write names beside the marks, inside the axes and clear of each other and of other texts; a name
        without room is left out and stands in the handles only.

    Returns
    -------
    list of matplotlib.lines.Line2D
        Handles for a legend, of the points that are drawn.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> [handle.get_label() for handle in mark_points(ax, {"inside": (0.5, 0.5), "outside": (2.0, 0.5)})]
    ['inside']
    >>> plt.close(fig)
    """
    limits = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    handles: list[Line2D] = []
    for name, point in points.items():
        if all(_inside(value, *span) for value, span in zip(point, limits, strict=True)):
            sign = _SIGNS.get(name, _OTHER)
            style = {"color": "white", "mec": "black", "mew": 1.2, "ls": "", "label": name, "zorder": 6}
            handles += ax.plot(*point, sign, ms=13 if sign == "*" else 8, **style)
    # A mark on the edge of the map would widen it.
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    if names and handles:
        _write(ax, handles)
    return handles


def _inside(value: float, low: float, high: float) -> bool:
    # Points of a logarithmic scale that lie on the last tick are off by rounding only.
    room = 1e-9 * (abs(low) + abs(high))
    return math.isfinite(value) and low - room <= value <= high + room


def _write(ax: Axes, handles: list[Line2D]) -> None:
    """Names beside their marks, each at the nearest place where it covers nothing."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    figure.draw_without_rendering()
    frame = ax.get_window_extent().padded(-2)
    half = _HALF * figure.dpi / 72
    points = [(float(at[0]), float(at[1])) for at in (np.ravel(handle.get_xydata()) for handle in handles)]
    taken = []
    for x, y in (ax.transData.transform(at) for at in points):
        taken.append(Bbox.from_extents(x - half, y - half, x + half, y + half))
    taken += [text.get_window_extent() for text in ax.texts if text.get_visible() and text.get_text()]
    for handle, at in zip(handles, points, strict=True):
        for distance, (dx, dy, ha, va) in itertools.product(_DISTANCES, _SIDES):
            text = ax.annotate(
                str(handle.get_label()),
                at,
                (distance * dx, distance * dy),
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=10,
                zorder=6,
                path_effects=[withStroke(linewidth=2.5, foreground="white")],
                arrowprops={"arrowstyle": "-", "lw": 0.8, "shrinkB": 4} if distance > _DISTANCES[0] else None,
            )
            text.set_in_layout(False)
            text.get_window_extent()  # finds its place
            # The name alone, without the line that leads to it.
            box = Text.get_window_extent(text)
            fits = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if fits and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            text.remove()
