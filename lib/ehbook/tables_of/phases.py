"""Sentences of the pages on phase diagrams and the condensate whose words depend on tables."""

import pandas as pd

__all__ = ["free_spins", "onsets"]


def onsets(table: pd.DataFrame, convention: str) -> tuple[str, str]:
    """Mass ratios of `ehbilayer.phases.surveys.el_hc_onsets`: one by one, and as a range; with the limit's error."""
    error = f" ± {table['error'].max():.2f}" if convention == "limit" else ""
    every = [f"{ratio:.2f}" for ratio in table["ratio"]]
    return ", ".join(every) + error, " to ".join(sorted({min(every), max(every)})) + error


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
