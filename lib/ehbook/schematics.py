"""Drawn sketches: the bilayer itself and the expected topology of its phase diagram.

Nothing here is computed from the Hamiltonian; the figures that use these functions say so.
"""

import math

import matplotlib.patches
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ehbilayer.validation import integer
from ehbook.phase_map import PHASES, SHADES

__all__ = ["draw_bilayer", "draw_phase_regions", "phase_regions"]

_ELECTRON, _HOLE = "C0", "C1"
#: Those of the computed maps; what the sketch calls by another name.
_NAMES = {"Fermi liquid": "liquid", "exciton condensate": "condensate"}
_SHADES = {name: SHADES(number) for number, name in enumerate(PHASES)}
_LABELS = {
    False: {"Fermi liquid": (0.62, 0.85), "coupled crystal": (0.73, 0.48), "exciton condensate": (0.21, 0.36)},
    True: {
        "Fermi liquid": (0.62, 0.85),
        "EL-HC": (0.69, 0.56),
        "coupled crystal": (0.80, 0.31),
        "exciton condensate": (0.21, 0.36),
    },
}
_LABEL_LINES = {
    "Fermi liquid": "Fermi liquid",
    "EL-HC": "EL-HC\nelectron liquid,\nhole crystal",
    "coupled crystal": "coupled\ncrystal",
    "exciton condensate": "exciton\ncondensate",
}


def phase_regions(*, mass_asymmetric: bool, points: int = 201) -> pd.DataFrame:
    """Regions of the schematic phase diagram, in arbitrary units (drawn after Fig. 1 of paper A).

    Three arguments fix the topology. Each layer crystallises below a density of its own,
    lower for the lighter carrier. At fixed spacing and vanishing density the interparticle
    distance exceeds d, so pairs form and the condensate takes over below a density that
    falls like 1/d^2 at large d. At small d that density exceeds both crystallisation
    densities.

    Parameters
    ----------
    mass_asymmetric : bool
        Whether holes are heavier than electrons; the electron-liquid hole-crystal phase
        (EL-HC) exists only then.
    points : int
        Number of spacings, at least 2.

    Returns
    -------
    pandas.DataFrame, shape (points, phases)
        Highest density of each phase, from 0 to 1, at each spacing d, the index, from 0
        to 1. Phases are columns in the order in which they follow each other as the
        density grows; a phase that is absent at some d ends where the one before it ends.

    Raises
    ------
    TypeError, ValueError
        If `points` is not an integer of at least 2, or `mass_asymmetric` not a bool.

    Examples
    --------
    >>> list(phase_regions(mass_asymmetric=True))
    ['exciton condensate', 'coupled crystal', 'EL-HC', 'Fermi liquid']
    """
    if not isinstance(mass_asymmetric, bool):
        raise TypeError(f"mass_asymmetric = {mass_asymmetric!r} is not allowed: need True or False")
    d = np.linspace(0.0, 1.0, integer("points", points, low=2))
    condensate = 0.9 / (1 + (d / 0.4) ** 2)
    tops = {"exciton condensate": condensate}
    if mass_asymmetric:
        tops["coupled crystal"] = np.maximum(condensate, 0.42)
        tops["EL-HC"] = np.maximum(condensate, 0.70)
    else:
        tops["coupled crystal"] = np.maximum(condensate, 0.70)
    tops["Fermi liquid"] = np.ones_like(d)
    return pd.DataFrame(tops, index=pd.Index(d, name="d (arbitrary units)"))


def draw_phase_regions(axes: Axes, *, mass_asymmetric: bool) -> None:
    """Draw the schematic phase diagram of `phase_regions`.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes to draw in; limits, ticks and labels are set.
    mass_asymmetric : bool
        As in `phase_regions`.

    Raises
    ------
    TypeError
        If `mass_asymmetric` is not a bool.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> draw_phase_regions(Figure().subplots(), mass_asymmetric=True)
    """
    tops = phase_regions(mass_asymmetric=mass_asymmetric)
    d, bottom = tops.index, np.zeros(len(tops))
    for phase in map(str, tops):
        top = tops[phase]
        axes.fill_between(d, bottom, top, color=_SHADES[_NAMES.get(phase, phase)], alpha=0.7, linewidth=0)
        axes.plot(d, top, color="0.45", linestyle="-", linewidth=1.2)
        bottom = top
        axes.text(*_LABELS[mass_asymmetric][phase], _LABEL_LINES[phase], ha="center", va="center")
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xticks=[],
        yticks=[],
        xlabel="spacing $d$ (arbitrary units)",
        ylabel="density $n$ (arbitrary units)",
        title=r"$m_\mathrm{h} > m_\mathrm{e}$" if mass_asymmetric else r"$m_\mathrm{h} = m_\mathrm{e}$",
    )


def draw_bilayer(axes: Axes) -> pd.DataFrame:
    """Draw the bilayer: a liquid of electrons at spacing d above a triangular crystal of holes.

    Positions are in units of the crystal's lattice constant, in an oblique projection.
    The circle around one hole has the Wigner-Seitz radius 1/sqrt(pi n) of the crystal.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes to draw in; made equal in scale and stripped of its frame.

    Returns
    -------
    pandas.DataFrame
        The positions drawn: carrier, x, y and height z in lattice constants.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> draw_bilayer(Figure().subplots())["carrier"].value_counts().to_dict()
    {'hole': 20, 'electron': 20}
    """
    row = math.sqrt(3) / 2
    columns, rows, spacing = 5, 4, 2.3
    width, depth = float(columns), rows * row

    def project(x, y, z=0.0):
        return np.asarray(x) + 0.55 * np.asarray(y), 0.42 * np.asarray(y) + z

    for z, colour in ((0.0, _HOLE), (spacing, _ELECTRON)):
        corners = np.column_stack(project([0, width, width, 0], [0, 0, depth, depth], z))
        axes.add_patch(
            matplotlib.patches.Polygon(corners, facecolor=colour, edgecolor=colour, alpha=0.25, linewidth=1.2)
        )

    i, j = (index.ravel() for index in np.meshgrid(np.arange(columns), np.arange(rows)))
    hole_x, hole_y = i + 0.25 + 0.5 * (j % 2), (j + 0.5) * row
    axes.plot(*project(hole_x, hole_y), "o", color=_HOLE, markersize=8)

    # equally many electrons, spread by a low-discrepancy sequence: no order, no random numbers
    count = np.arange(1, hole_x.size + 1)
    electron_x, electron_y = width * (0.7548776662466927 * count % 1), depth * (0.5698402909980532 * count % 1)
    angle = math.pi * (3 - math.sqrt(5)) * count
    start = project(electron_x, electron_y, spacing)
    step = project(0.35 * np.cos(angle), 0.35 * np.sin(angle))
    axes.quiver(*start, *step, color=_ELECTRON, angles="xy", scale_units="xy", scale=1, width=0.004)
    axes.plot(*start, "o", color=_ELECTRON, markersize=4)

    centre = columns + 2
    angles = np.linspace(0, 2 * math.pi, 73)
    radius = math.sqrt(row / math.pi)
    axes.plot(
        *project(hole_x[centre] + radius * np.cos(angles), hole_y[centre] + radius * np.sin(angles)),
        "-",
        color="0.45",
        linewidth=1.2,
    )
    edge = project(hole_x[centre] + radius * math.cos(-1.0), hole_y[centre] + radius * math.sin(-1.0))
    axes.annotate(
        r"radius $1/\sqrt{\pi n}$",
        edge,
        xytext=(edge[0] + 0.3, -0.75),
        ha="center",
        arrowprops={"arrowstyle": "-", "color": "0.45"},
    )

    axes.annotate("", (-0.25, 0.0), xytext=(-0.25, spacing), arrowprops={"arrowstyle": "<->", "color": "0.45"})
    axes.text(-0.45, spacing / 2, "spacing $d$\ndielectric $\\varepsilon_\\mathrm{r}$", ha="right", va="center")
    right = float(project(width, depth / 2)[0]) + 0.9
    for z, lines in (
        (0.0, "holes: charge $+e$,\nmass $m_\\mathrm{h}$, density $n$,\nspin polarised"),
        (spacing, "electrons: charge $-e$,\nmass $m_\\mathrm{e}$, density $n$,\ntwo spins"),
    ):
        axes.text(right, z + 0.5, lines, ha="left", va="center")
    axes.set(xlim=(-2.7, 10.9), ylim=(-1.1, spacing + 0.42 * depth + 0.3), aspect="equal")
    axes.set_axis_off()
    return pd.DataFrame(
        {
            "carrier": ["hole"] * hole_x.size + ["electron"] * electron_x.size,
            "x (lattice constants)": np.concatenate([hole_x, electron_x]),
            "y (lattice constants)": np.concatenate([hole_y, electron_y]),
            "z (lattice constants)": np.repeat([0.0, spacing], hole_x.size),
        }
    )
