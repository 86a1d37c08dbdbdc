"""What figures of the diode share: a scale of fields in tesla, a legend beside the data, the paper's star."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ehbilayer.units import ThermalUnits

__all__ = ["B_LABEL", "legend_below", "star", "tesla_axis"]

#: Title of an axis of the in-plane field.
B_LABEL = r"in-plane field $B$ ($k_\mathrm{B}T_\mathrm{c}$)"


def tesla_axis(ax: Axes, *, T_c: float = 10.0, g_factor: float = 4.0) -> None:
    """Scale in tesla above an axis of Zeeman energies in k_B T_c, for a transition at T_c (K)."""
    tesla = float(ThermalUnits(mass=1.0, T_c=T_c).zeeman_tesla(1.0, g_factor=g_factor))
    above = ax.secondary_xaxis("top", functions=(lambda x: np.asarray(x) * tesla, lambda x: np.asarray(x) / tesla))
    above.set_xlabel(rf"in tesla, for $T_\mathrm{{c}} = {T_c:g}$ K and $g = {g_factor:g}$")


def legend_below(fig: Figure, source: Axes | list, *, columns: int = 2, **options: Any) -> None:
    """Legend under the whole figure, of an axis or of handles, where no data are."""
    handles = source.get_legend_handles_labels()[0] if isinstance(source, Axes) else source
    fig.legend(handles=handles, loc="outside lower center", ncol=columns, **options)


def star(ax: Axes, x: float, y: float, label: str | None = "paper B", **options: Any) -> None:
    """The paper's own point."""
    ax.plot([x], [y], "*", color="black", ms=14, label=label, clip_on=False, **options)
