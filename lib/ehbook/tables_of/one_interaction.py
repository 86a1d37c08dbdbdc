"""Tables of the page on plateau and friction from one interaction."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from IPython.display import Markdown

from ehbilayer.device import NormalStability
from ehbilayer.drag import LadderDrag
from ehbook.page import table

__all__ = ["between", "ranges", "stability", "widths"]

# From one value to the next, on one line.
_ARROW = "\u00a0→\u00a0"
_Drags = Mapping[tuple[float, float], LadderDrag]


def widths(found: Mapping[float, tuple[float, float]], linear: _Drags, further: _Drags, T_c: float) -> Markdown:
    """Widths of electrons and holes (k_B T) by temperature (K), and drag without and with them.

    `linear` and `further` hold the drag by temperature and relaxation time of the holes (s).
    """
    times = list(dict.fromkeys(tau for _, tau in further))
    rows = []
    for T, pair in found.items():
        before, after = ({tau: drags[T, tau] for tau in times} for drags in (linear, further))
        first, last = before[times[0]], after[times[0]]
        row = {
            "$T/T_{\\mathrm c}$": f"{T / T_c:.2f}",
            r"$\hbar\Gamma/k_{\mathrm B}T$, electrons, holes": ", ".join(f"{x:.2f}" for x in pair),
            "$(1/g-\\Pi)/N$": _ARROW.join(f"{x.margin:.3f}" for x in (first, last)),
            r"$\tau_{\mathrm D2}$ (ps)": _ARROW.join(_text(x.tau_D2, 1e12, 2) for x in (first, last)),
        }
        row |= {
            rf"$\zeta$, {1e12 * tau:g} ps": _ARROW.join(_text(x[tau].ratio, 1.0, 4) for x in (before, after))
            for tau in times
        }
        rows.append(row)
    caption = "Widths of the carriers' levels in the ladder; after the arrows, with carriers of these widths."
    return table(rows, name="tab-ladder-widths", caption=caption)


def stability(edges: Mapping[float, NormalStability]) -> Markdown:
    """Edges of condensate and normal state by temperature (K)."""
    rows = []
    for T, x in edges.items():
        times = [f"{1e12 * t:.3f} at {i:.0f} µA" for i, t in zip(x.currents, x.times, strict=True)]
        row = {
            "T (K)": f"{T:g}",
            "$I_{c-}$, $I_{c+}$ (µA)": ", ".join(_text(i, 1.0, 3) for i in x.condensate or (None,)),
            "normal beyond (µA)": ", ".join(_text(i, 1.0, 2) for i in x.least),
            r"longest $\tau_2$ (ps)": "; ".join(times) or "none",
            "growth (ps)": f"{x.growth:.2f}",
        }
        rows.append(row)
    caption = (
        "Depairing currents; currents beyond which the normal state is stable if the holes are held at rest, and"
        " relaxation times that hold them well enough; time in which pairs grow in layers that drift together."
    )
    return table(rows, name="tab-ladder-stability", caption=caption)


def between(edges: Mapping[float, NormalStability], tau_2: float) -> dict[str, str]:
    """Facts on where (K) condensate and normal state are both stable, and where neither; tau_2 of the holes in s."""
    found = {T: x.between(tau_2) for T, x in edges.items()}
    none = "at none of these temperatures" if any(found.values()) else "nowhere, as no two edges were found"
    words = {"window": "hysteresis", "hole": "gap"}
    places = {name: [f"{T:g} K" for T, x in found.items() if x == kind] for name, kind in words.items()}
    return {name: "at " + _series(x) if x else none for name, x in places.items()}


def ranges(values: xr.DataArray, along: str) -> str:
    """Smallest and largest finite value at each place of a dimension."""
    parts = [np.ravel(values.isel({along: i}).values) for i in range(values.sizes[along])]
    ends = [(part[np.isfinite(part)].min(), part[np.isfinite(part)].max()) for part in parts]
    return _series(["{:.2g} to {:.2g}".format(*pair).replace("-", "−") for pair in ends])


def _series(words):
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _text(value, scale, digits):
    return "none" if value is None else f"{scale * value:.{digits}f}".replace("-", "−")
