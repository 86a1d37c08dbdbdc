"""Tables and figures of supercell states, as the gallery of the book shows them.

`survey_supercell` of `ehbilayer.hartree_fock.supercell` finds the states.
"""

from collections.abc import Iterable

import matplotlib.pyplot as plt
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import SupercellState
from ehbilayer.hartree_fock.maps import density_maps, momentum_maps
from ehbilayer.hartree_fock.structure import summary
from ehbook.plotting import DIVERGING, SEQUENTIAL
from ehbook.tables import markdown_table

__all__ = ["density_panel", "draw_state", "minima_table", "radius_at"]

_HEADER = (
    "start",
    "seed",
    r"energy ($\mathrm{Ha}_{\mathrm h}$)",
    "relative (10⁻⁵)",
    "gradient vs tolerance",
    "converged",
    "Bragg",
    "other",
    "spin",
)


def radius_at(density_ratio: float, r_s_star: float) -> float:
    """Wigner-Seitz radius at a density in units of n*, r_s = r_s* (n*/n)^(1/2).

    Parameters
    ----------
    density_ratio : float
        n/n*, > 0.
    r_s_star : float
        Radius at the density n*, in any unit, > 0.

    Returns
    -------
    float
        r_s in the unit of `r_s_star`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a positive number.

    Examples
    --------
    >>> radius_at(0.25, 3.0)
    6.0
    """
    return validation.positive("r_s_star", r_s_star) / validation.positive("density_ratio", density_ratio) ** 0.5


def minima_table(states: Iterable[SupercellState], *, name: str, caption: str) -> str:
    """Start, seed, energy and order of each state, relative to the first, as a numbered Markdown table.

    Parameters
    ----------
    states : sequence of SupercellState
        Lowest first, as `survey_supercell` returns them.
    name, caption : str
        As in `ehbook.tables.markdown_table`.

    Returns
    -------
    str
        *Bragg*, *other* and *spin* are those of `ehbilayer.hartree_fock.structure.summary`; *relative* is the energy
        above the first state in 1e-5 Ha_h per pair.

    Raises
    ------
    ValueError
        If there is no state, or the first is not the lowest.

    Examples
    --------
    >>> from ehbilayer.hartree_fock.supercell import survey_supercell
    >>> states = survey_supercell(starts=["crystal"], seeds=[0], cells=(2, 2), r_s=12.0, mass_ratio=4)
    >>> minima_table(states, name="tab-minima", caption="One state.").splitlines()[-2].count("|")
    10
    """
    states = list(states)
    if not states or min(state.energy_per_pair for state in states) < states[0].energy_per_pair:
        raise ArgumentError("states", states, "at least one state, the lowest first")
    rows = []
    for state in states:
        text = summary(state)
        rows.append(
            [
                state.parameters["start"],
                str(state.parameters["seed"]),
                f"{state.energy_per_pair:.5f}",
                f"{1e5 * (state.energy_per_pair - states[0].energy_per_pair):.0f}",
                "below" if state.gradient_norm < state.parameters["tolerance"] else "above",
                "yes" if state.converged else "no",
                f"{text['bragg']:.2f}",
                # The gradient's tolerance leaves about 0.01 of these open where minima are shallow.
                *(f"{text[key]:.1f}" for key in ("other", "spin")),
            ]
        )
    return markdown_table(_HEADER, rows, name=name, caption=caption)


def density_panel(
    ax: Axes, x: ArrayLike, y: ArrayLike, field: ArrayLike, title: str, *, limit: float | None = None
) -> None:
    """Draw a density as a map with a colour bar below it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x, y, field : array_like, two-dimensional
        Positions and values.
    title : str
    limit : float, optional
        For a field of both signs: the colours then run from ``-limit`` to ``limit``; otherwise from zero.

    Raises
    ------
    ValueError
        If `limit` is not positive.
    """
    low = 0.0 if limit is None else -validation.positive("limit", limit)
    cmap = SEQUENTIAL if limit is None else DIVERGING
    image = ax.pcolormesh(x, y, field, cmap=cmap, vmin=low, vmax=limit, rasterized=True, shading="gouraud")
    ax.set(aspect="equal", xticks=[], yticks=[])
    ax.set_title(title, fontsize=11)
    ax.grid(visible=False)
    ax.figure.colorbar(image, ax=ax, location="bottom", shrink=0.85)


def draw_state(state: SupercellState) -> tuple[Figure, xr.Dataset]:
    """Six panels of one supercell state: densities in real space above and left, occupations of plane waves.

    Parameters
    ----------
    state : SupercellState

    Returns
    -------
    figure : matplotlib.figure.Figure
        Holes, electrons of either spin, total charge (all in n), and the occupations of holes and electrons against
        k in ``|b|``.
    data : xarray.Dataset
        What is drawn: `ehbilayer.hartree_fock.maps.density_maps` and ``holes momentum``, ``electrons momentum``.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> figure, data = draw_state(solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4))
    >>> len(data.data_vars), len(figure.axes)
    (6, 12)
    >>> plt.close(figure)
    """
    real_space, momentum = density_maps(state), momentum_maps(state)
    figure, axes = plt.subplots(2, 3, figsize=(6.6, 6.0))
    place = (real_space.x, real_space.y)
    for ax, key in zip(axes[0], ("holes", "electrons up", "electrons down"), strict=True):
        density_panel(ax, *place, real_space[key], key)
    charge = real_space["charge"]
    # A state without any charge is drawn on a scale of one, not of zero.
    density_panel(axes[1, 0], *place, charge, "total charge", limit=float(abs(charge).max()) or 1.0)
    for ax, key in zip(axes[1, 1:], ("holes", "electrons"), strict=True):
        image = ax.scatter(momentum.k_x, momentum.k_y, c=momentum[key], s=18, vmin=0, vmax=1, marker="h", lw=0)
        ax.set(aspect="equal", xlim=(-1.4, 1.4), ylim=(-1.4, 1.4))
        ax.set_title(f"{key}, momentum", fontsize=11)
        ax.set_xticks([-1, 0, 1])
        ax.set_yticks([-1, 0, 1], [])
        ax.grid(visible=False)
        figure.colorbar(image, ax=ax, location="bottom", shrink=0.85)
    names = {"holes": "holes momentum", "electrons": "electrons momentum"}
    return figure, xr.merge([real_space, momentum.rename(names)])
