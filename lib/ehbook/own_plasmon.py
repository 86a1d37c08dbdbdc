"""Survey for the page beyond BCS: windows of attraction by Hartree-Fock's own plasmon, and the state that is lowest."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xarray as xr

from ehbilayer.phases.lowest import crystal_onset, lowest_states
from ehbilayer.superconductivity.attraction_window import AttractionWindow, OwnPlasmon, attraction_window, own_plasmon

__all__ = ["WindowPoint", "survey", "window_rows"]


@dataclass(frozen=True, eq=False)
class WindowPoint:
    """Results at one density, distances in a_e.

    Attributes
    ----------
    plasmon : OwnPlasmon
        In the largest box.
    window, at_transfer : AttractionWindow
        With Umklapp frozen as in the paper, and with the response at the momentum transfer itself.
    states : xarray.Dataset
        From `ehbilayer.phases.lowest.lowest_states`.
    onsets : dict of str to float
        Distance beyond which EL-HC is the lowest state, by convention.
    """

    plasmon: OwnPlasmon
    window: AttractionWindow
    at_transfer: AttractionWindow
    states: xr.Dataset
    onsets: dict[str, float]

    @property
    def middle(self) -> float:
        """Of the window."""
        return (self.window.lower + self.window.upper) / 2

    @property
    def phases(self) -> dict[str, str]:
        """Lowest state in the middle of the window, by convention."""
        near = self.states.phase.sel(d=self.middle, method="nearest")
        return {name: str(near.sel(convention=name).item()) for name in self.onsets}

    @property
    def coexists(self) -> dict[str, bool]:
        """Whether EL-HC is lowest in a part of the window that is larger than the error of its upper end."""
        return {name: self.window.upper - self.window.upper_error > onset for name, onset in self.onsets.items()}


def survey(
    spacings: Mapping[float, Sequence[float]],
    finer: Mapping[float, Sequence[float]],
    *,
    mass_ratio: float = 10,
    meshes: Sequence[int] = (6, 8),
    store: str | os.PathLike | None = None,
) -> dict[float, WindowPoint]:
    """Windows and lowest states by r_s (a_e).

    Parameters
    ----------
    spacings : mapping of float to sequence of float
        By r_s, layer distances from the unstable crystal to repulsion, a_e.
    finer : mapping of float to sequence of float
        Other distances for the phases, where wanted.
    mass_ratio : float
        m_h/m_e.
    meshes : sequence of int
        Boxes of ``mesh**2`` pairs for the response.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    dict of float to WindowPoint
    """
    found = {}
    for r_s, distances in spacings.items():
        shared = {"mass_ratio": mass_ratio, "r_s": r_s, "store": store}
        boxes = [own_plasmon(**shared, d=distances, mesh=mesh) for mesh in meshes]
        states = lowest_states(**shared, d=finer.get(r_s, distances))
        windows = [attraction_window(boxes, umklapp=frozen) for frozen in (True, False)]
        onsets = {name: crystal_onset(states, name) for name in ("paper", "limit")}
        largest = max(boxes, key=lambda pair: pair[0].parameters["mesh"])[0]
        found[r_s] = WindowPoint(largest, *windows, states, onsets)
    return found


def window_rows(found: Mapping[float, WindowPoint], kelvin: float) -> list[dict[str, str]]:
    """Rows of the table of windows; `kelvin` is T_H in K."""
    rows = []
    for r_s, point in found.items():
        window, other = point.window, point.at_transfer
        ends = zip(("lower end", "upper end"), window.ends, strict=True)
        at = {"middle": point.middle} | ({"EL-HC": point.onsets["limit"]} if point.coexists["limit"] else {})
        cold = {
            name: " / ".join(f"{kelvin * T:.2g}" for T in point.plasmon.transition_temperatures(max(d, window.lower)))
            for name, d in at.items()
        }
        rows.append(
            {
                "$r_s^{\\mathrm e}$": f"{r_s:g}",
                **{end: f"{x:.2f} ± {error:.2f}" for end, (x, error) in ends},
                "Umklapp by response": f"{other.lower:.2f} to {other.upper:.2f}",
                "lowest in the middle": " / ".join(point.phases.values()),
                "EL-HC from": " / ".join(f"{x:.2f}".replace("inf", "–") for x in point.onsets.values()),
                "$T_c$, middle (K)": cold["middle"],
                "$T_c$, EL-HC (K)": cold.get("EL-HC", "–"),
            }
        )
    return rows
