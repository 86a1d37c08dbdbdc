"""Survey for the page beyond BCS: windows of attraction by Hartree-Fock's own plasmon, and the state that is lowest."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from IPython.display import Markdown

from ehbilayer.phases.lowest import crystal_onset, lowest_states
from ehbilayer.phases.uncertainty import to_limit
from ehbilayer.superconductivity.attraction_window import AttractionWindow, OwnPlasmon, attraction_window, own_plasmon
from ehbilayer.superconductivity.compressibility import alpha_squared
from ehbook.page import table

__all__ = [
    "HEAVIER",
    "LARGE",
    "LARGE_HEAVIER",
    "WindowPoint",
    "coexistence",
    "heavier",
    "onset_error",
    "rivals",
    "summary",
    "survey",
    "window_facts",
    "window_table",
]

#: Layer distances by r_s, a_e: from the unstable crystal to repulsion.
SPACINGS = {
    1.0: [0.06, 0.1, 0.15, 0.2, 0.4],
    1.3: [0.14, 0.18, 0.22, 0.26, 0.3, 0.5],
    1.6: [0.25, 0.3, 0.35, 0.4, 0.5, 0.7, 1.0],
    2.0: [0.42, 0.48, 0.54, 0.6, 0.8],
}
#: The same in a box of 144 pairs, about the window at the density whose phases are drawn.
LARGE = {1.6: [0.3, 0.35, 0.45, 0.55]}
#: The same by mass ratio, in boxes of 36 and of 144 pairs.
HEAVIER = {30: [0.34, 0.4, 0.46, 0.52, 0.7], 100: [0.36, 0.42, 0.48, 0.54, 0.75]}
#: As `LARGE`, by mass ratio.
LARGE_HEAVIER = {30: [0.39, 0.45, 0.51, 0.6, 0.7], 100: [0.44, 0.5, 0.56, 0.65, 0.75]}
_NAMES = {"paper": "V(0) = 0", "limit": "limit"}

# Others for the phases: at the density whose phases are drawn, and where EL-HC becomes the lowest far above the window.
_STRIP = {
    1.3: [0.14, 0.18, 0.22, 0.26, 0.3, 0.35, 0.4, 0.45, 0.5],
    1.6: [0.25, 0.29, 0.33, 0.37, 0.41, 0.45, 0.49, 0.53, 0.57, 0.65, 0.8, 1.0],
}


@dataclass(frozen=True, eq=False)
class WindowPoint:
    """Results at one density, distances in a_e.

    Attributes
    ----------
    plasmon : OwnPlasmon
        In the largest box with all distances.
    largest : OwnPlasmon
        In the largest one, about the window.
    window, at_transfer : AttractionWindow
        With Umklapp frozen as in the paper, and with the response at the momentum transfer itself.
    states : xarray.Dataset
        From `ehbilayer.phases.lowest.lowest_states`.
    onsets : dict of str to float
        Distance beyond which EL-HC is the lowest state, by convention.
    onset_errors : dict of str to float
        Of these: of the interpolation, plus the change with the box.
    area : float
        alpha^2 of Eq. 6 at d = a_e, V(0) = 0 and 36 pairs.
    """

    plasmon: OwnPlasmon
    largest: OwnPlasmon
    window: AttractionWindow
    at_transfer: AttractionWindow
    states: xr.Dataset
    onsets: dict[str, float]
    onset_errors: dict[str, float]
    area: float

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
        """Whether EL-HC is lowest in a part of the window that is larger than the errors of both its ends."""
        upper = self.window.upper - self.window.upper_error
        return {name: upper > onset + self.onset_errors[name] for name, onset in self.onsets.items()}


def survey(
    spacings: Mapping[float, Sequence[float]] = SPACINGS,
    *,
    mass_ratio: float = 10,
    meshes: Sequence[int] = (6, 8),
    warm: int = 8,
    fine_cutoff: float | None = None,
    large: Mapping[float, Sequence[float]] | None = None,
    strips: Mapping[float, Sequence[float]] = _STRIP,
    store: str | os.PathLike | None = None,
) -> dict[float, WindowPoint]:
    """Windows and lowest states by r_s (a_e).

    Parameters
    ----------
    spacings : mapping of float to sequence of float
        By r_s, layer distances from the unstable crystal to repulsion, a_e.
    mass_ratio : float
        m_h/m_e.
    meshes : sequence of int
        Boxes of ``mesh**2`` pairs for the response.
    warm : int
        Which of them also has electrons at twice the temperature.
    fine_cutoff : float, optional
        Of the response, in ``|b|``, as in `ehbilayer.superconductivity.static_response.response_lines`.
    large : mapping of float to sequence of float, optional
        By r_s, distances about the window for one more box, of 144 pairs.
    strips : mapping of float to sequence of float
        By r_s, distances for the phases; those of the response where there are none.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    dict of float to WindowPoint
    """
    found = {}
    for r_s, distances in spacings.items():
        shared: dict[str, Any] = {"mass_ratio": mass_ratio, "r_s": r_s, "store": store}
        options: dict[str, Any] = {**shared, "fine_cutoff": fine_cutoff}
        boxes = [own_plasmon(**options, d=distances, mesh=mesh) for mesh in meshes]
        warmer = own_plasmon(**options, d=distances, mesh=warm, smearing=0.2)
        drawn = boxes[-1]
        if large and r_s in large:
            boxes.append(own_plasmon(**options, d=large[r_s], mesh=12))
        states = lowest_states(**shared, d=strips.get(r_s, distances))
        window, at_transfer = (attraction_window(boxes, warmer, frozen) for frozen in (True, False))
        onsets = {name: crystal_onset(states, name) for name in ("paper", "limit")}
        errors = {name: onset_error(states, name, x, **shared) for name, x in onsets.items()}
        area = alpha_squared(mass_ratio=mass_ratio, d=1.0, r_s=r_s, mesh=6)
        found[r_s] = WindowPoint(drawn, boxes[-1], window, at_transfer, states, onsets, errors, area)
    return found


def onset_error(
    states: xr.Dataset,
    convention: str,
    onset: float,
    *,
    mass_ratio: float,
    r_s: float,
    store: str | os.PathLike | None = None,
) -> float:
    """Error of the distance from which EL-HC is the lowest state, a_e.

    Parameters
    ----------
    states : xarray.Dataset
        From `ehbilayer.phases.lowest.lowest_states` with boxes of 36 pairs.
    convention : {"paper", "limit"}
    onset : float
        From `ehbilayer.phases.lowest.crystal_onset`, a_e.
    mass_ratio, r_s, store
        As in `ehbilayer.phases.lowest.lowest_states`, r_s in a_e.

    Returns
    -------
    float
        0.0 without an onset. To first order in the margin: with V(0) = 0, where the 36 pairs of the paper are part of
        the question, larger boxes move the onset by more.
    """
    # Distance to the straight line between the neighbours, and the margin's change with the box, which oscillates with
    # the shells: the farther one of two boxes counts, of 16 pairs, and of 64 continued to the limit as 1/N.
    if not np.isfinite(onset):
        return 0.0
    margin = states.margin.sel(convention=convention).dropna("d")
    d, values = margin.d.values, margin.values
    last = int(np.clip(np.searchsorted(d, onset), 1, len(d) - 1))
    width = d[last] - d[last - 1]
    slope = (values[last] - values[last - 1]) / width
    straight = d[last] - values[last] / slope
    near = int(np.argmin(abs(d - onset)))
    change = 0.0
    for mesh in (4, 8):
        other = lowest_states(mass_ratio=mass_ratio, r_s=r_s, d=[float(d[near])], mesh=mesh, store=store).margin
        other = other.sel(convention=convention).item()
        moved = (other - values[near]) / slope if np.isfinite(other) else width
        change = max(change, abs(to_limit(moved, 6, mesh) if mesh > 6 else moved))
    return float(change + (abs(onset - straight) if d[last - 1] <= straight <= d[last] else 0.0))


def heavier(store: str | os.PathLike | None = None) -> dict[float, dict[float, WindowPoint]]:
    """`survey` at r_s = 1.6 by mass ratio, with plane waves for the narrow clouds of heavy holes."""
    options = {"meshes": (6,), "warm": 6, "fine_cutoff": 3.0, "store": store}
    return {
        ratio: survey(
            {1.6: spacings},
            mass_ratio=ratio,
            large={1.6: LARGE_HEAVIER[ratio]},
            strips={},
            **options,
        )
        for ratio, spacings in HEAVIER.items()
    }


def _onsets(point: WindowPoint) -> list[str]:
    pairs = ((x, point.onset_errors[name]) for name, x in point.onsets.items())
    return [f"{x:.2f} ± {error:.2f}" if np.isfinite(x) else "–" for x, error in pairs]


def _span(window: AttractionWindow) -> str:
    return " to ".join(f"{x:.2f}({100 * error:.0f})" for x, error in window.ends)


def window_table(found: Mapping[float, Mapping[float, WindowPoint]], kelvin: float) -> Markdown:
    """Table of the windows by mass ratio and r_s; `kelvin` is T_H in K."""
    rows = []
    for ratio, r_s, point in ((ratio, r_s, p) for ratio, points in found.items() for r_s, p in points.items()):
        window, other = point.window, point.at_transfer
        ends = zip(("lower end", "upper end"), window.ends, strict=True)
        at = {"middle": point.middle} | ({"EL-HC": point.onsets["limit"]} if point.coexists["limit"] else {})
        cold = {
            name: " / ".join(f"{kelvin * T:.2g}" for T in point.largest.transition_temperatures(max(d, window.lower)))
            for name, d in at.items()
        }
        rows.append(
            {
                "$m_{\\mathrm h}/m_{\\mathrm e}$": f"{ratio:g}",
                "$r_s^{\\mathrm e}$": f"{r_s:g}",
                **{end: f"{x:.2f} ± {error:.2f}" for end, (x, error) in ends},
                "Umklapp by response": _span(other),
                "lowest in the middle": " / ".join(point.phases.values()),
                "EL-HC from": " / ".join(_onsets(point)),
                "$T_c$, middle (K)": cold["middle"],
                "$T_c$, EL-HC (K)": cold.get("EL-HC", "–"),
            }
        )
    radii = sorted({r_s for points in found.values() for r_s in points})
    fermi = ", ".join(f"{kelvin / r_s**2:.0f} K at $r_s^{{\\mathrm e}} = {r_s:g}$" for r_s in radii)
    return table(
        rows,
        name="tab-beyond-window",
        caption="Window of attraction in $a_{\\mathrm e}$ with Hartree–Fock's $\\alpha^2(q)$, Umklapp frozen, or "
        "with the response at the momentum transfer itself; lowest state there, distance from which EL-HC is lowest "
        "($V(0) = 0$ / limit; –: from none of those computed); $T_c$ by Eq. 5 / Eliashberg in the middle, and the "
        "highest where EL-HC is lowest in the limit. Symmetric: of unpolarised carriers. Kelvin at the electrons' mass "
        "of this page, where "
        f"$\\varepsilon_{{\\mathrm F}}/k_{{\\mathrm B}}$ is {fermi}.",
    )


def coexistence(found: Mapping[float, WindowPoint]) -> dict[str, bool]:
    """Whether there is attraction where EL-HC is lowest, by density and convention."""
    return {f"r_s^e = {r_s:g}, {word}": p.coexists[name] for name, word in _NAMES.items() for r_s, p in found.items()}


def rivals(found: Mapping[float, WindowPoint]) -> str:
    """States that are lowest in the middle of the windows without a lowest EL-HC state, for the verdict's reason."""
    names = {p.phases[name] for p in found.values() for name, both in p.coexists.items() if not both} - {"EL-HC"}
    words = " or ".join(sorted({name.removeprefix("symmetric ") for name in names})) or "nearby state"
    return f"the attraction lies next to the crystal's instability, where a {words} is lower but at high density"


def summary(found: Mapping[float, WindowPoint], r_s: float) -> str:
    """Numbers beside the verdict, at one r_s."""
    here = found[r_s]
    (low, low_error), (high, high_error) = here.window.ends
    top = f"nowhere up to {float(here.states.d[-1]):g}"
    texts = [f"from {x}" if x != "–" else top for x in _onsets(here)]
    onsets = ", ".join(f"{x} ({_NAMES[name]})" for name, x in zip(here.onsets, texts, strict=True))
    both = ", ".join(name for name, holds in coexistence(found).items() if holds) or "none"
    return (
        f"at r_s^e = {r_s:g} attraction from d = {low:.2f} ± {low_error:.2f} to {high:.2f} ± {high_error:.2f} a_e, "
        f"EL-HC lowest {onsets}; both at once at {both}"
    )


def window_facts(
    found: Mapping[float, WindowPoint], heavier: Mapping[float, Mapping[float, WindowPoint]], r_s: float
) -> dict[str, str]:
    """What the text says of the windows, most of it at one r_s."""
    here = found[r_s]
    low, high = _span(here.window).split(" to ")
    extent = "partly" if any(here.coexists.values()) else "nowhere, beyond the error,"
    words = {}
    for name in _NAMES:
        radii = [f"{x:g}" for x, point in found.items() if point.coexists[name]]
        words[f"shared_{name}"] = f"at rₛᵉ = {' and '.join(radii)}" if radii else "at none of them"
    windows = [(ratio, points[r_s].window) for ratio, points in heavier.items()]
    spans = [f"{_span(x)} aₑ at {ratio:g}" for ratio, x in windows]
    phases = {phase for points in heavier.values() for phase in points[r_s].phases.values()}
    boxes = [f"{low:.3f} to {high:.3f} with {count}" for count, (low, high) in here.window.boxes.items()]
    return {
        "heavier": " and ".join(spans),
        "heavier_phases": " or ".join(sorted(phases)),
        "boxes": "; ".join(boxes),
        "low": low,
        "high": high,
        "far": f"{here.plasmon.velocity_squared(np.array([2 / r_s]), 1.0).mean():.1f}",
        "verdict": f"EL-HC is {extent} the lowest state",
        **here.phases,
        **{f"far_{name}": str(here.states.phase.sel(d=1.0, convention=name).item()) for name in here.onsets},
        **words,
    }
