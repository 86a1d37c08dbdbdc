"""Sentences of the pages on phase diagrams and the condensate whose words depend on tables."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import xarray as xr

from ehbook.tables import scientific

__all__ = ["ec_hl", "free_spins", "headline", "isolated", "onsets"]


def onsets(table: pd.DataFrame, convention: str) -> tuple[str, str]:
    """Mass ratios of `ehbilayer.phases.surveys.el_hc_onsets`: one by one, and as a range; with the limit's error."""
    error = f" ± {table['error'].max():.2f}" if convention == "limit" else ""
    every = [f"{ratio:.2f}" for ratio in table["ratio"]]
    return ", ".join(every) + error, " to ".join(sorted({min(every), max(every)})) + error


def ec_hl(lines: pd.DataFrame) -> list[dict[str, str]]:
    """Rows by d and mass ratio: where EC-HL begins and ends, of `ehbilayer.phases.lines.ec_hl_lines`.

    Examples
    --------
    >>> row = {"d": 1.0, "mass_ratio": 1.0, "along": "density", "stable": True, "error": 0.02}
    >>> first = row | {"r_s": 1.41, "dense": "liquid", "dilute": "EC-HL"}
    >>> last = row | {"r_s": 2.12, "dense": "EC-HL", "dilute": "condensate"}
    >>> list(ec_hl(pd.DataFrame([first, last]))[0].values())
    ['1', '1', '1.41 ± 0.02', '2.12 ± 0.02', 'condensate']
    """
    rows = []
    known = lines.query("stable and along == 'density'")
    for d, ratio in sorted(set(zip(known["d"], known["mass_ratio"], strict=True))):
        here = known.query("d == @d and mass_ratio == @ratio").sort_values("r_s")
        begins, ends = (here.query(f"{side} == 'EC-HL'").head(1) for side in ("dilute", "dense"))
        texts = [f"{x['r_s'].iloc[0]:.2f} ± {x['error'].iloc[0]:.2f}" if len(x) else "–" for x in (begins, ends)]
        rows.append(
            {"$d$ ($a_{\\mathrm h}$)": f"{d:g}", "mass ratio": f"{ratio:g}", "from $r_s$": texts[0]}
            | {"to $r_s$": texts[1], "followed by": ends["dilute"].iloc[0] if len(ends) else "–"}
        )
    return rows


def free_spins(table: pd.DataFrame) -> str:
    """What is lowest at each place of `ehbilayer.phases.surveys.square_spins`, and by how much (Ha_h per pair).

    Examples
    --------
    >>> import pandas as pd
    >>> places = pd.MultiIndex.from_tuples([(3.0, 2.2)], names=["d", "r_s"])
    >>> free_spins(pd.DataFrame({"square EC-HL": [-0.367], "condensate": -0.359, "liquid": -0.358}, index=places))
    'at d = 3 and rₛ = 2.2 square EC-HL stays lowest, 0.008 below the condensate'
    """
    parts = []
    for (d, r_s), (_, row) in zip(table.index.tolist(), table.iterrows(), strict=True):
        order = row.sort_values()
        first, second = order.index[:2]
        square = first == "square EC-HL"
        verb, other = ("square EC-HL stays", second) if square else (f"the {first} is", "square EC-HL")
        below = f"{row[other] - row[first]:.3f} below {'the ' if square else ''}{other}"
        parts.append(f"at d = {d:g} and rₛ = {r_s:g} {verb} lowest, {below}")
    return "; ".join(parts)


def headline(point: Mapping[str, Any]) -> dict[str, str]:
    """The lowest state of `ehbilayer.phases.phase_point` in the limit, and how far others lie above it (Ha_h)."""
    names = ("energy_el_hc", "energy_condensate", "energy_symmetric_condensate")
    above = {name: point[name] - point["energy_hf"] for name in names if point[name] is not None}
    words = {name.removeprefix("energy_"): scientific(value, 1) for name, value in above.items()}
    words |= {"headline": point["phase"], "head_ansatz": point["hf_ansatz"], "head_any": point["phase_any_spin"]}
    return words | {"head_margin": scientific(point["margin"], 1)}


def isolated(alone: xr.DataArray, layers: Iterable[str]) -> list[dict[str, str]]:
    """Rows by number of carriers of `ehbilayer.phases.surveys.isolated_layers`, with a column for each layer."""
    columns = {"polarised holes, $N$": ("polarised", "dropped")}
    columns |= {f"{name}, limit": (name, "limit") for name in layers}
    return [
        {"$N$": f"{mesh**2}"}
        | {title: f"{alone.sel(layer=n, finite_size=f, mesh=mesh):.2f}" for title, (n, f) in columns.items()}
        for mesh in alone.mesh.values.tolist()
    ]
