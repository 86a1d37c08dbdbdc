"""Sweeps over what paper B leaves open about its diode, and what they find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ehbilayer.checked import checked
from ehbilayer.diode.nonreciprocity import COUPLINGS, diode
from ehbilayer.diode.search import closest_set
from ehbilayer.sweep import sweep

__all__ = ["PRINTED", "Found", "SearchSummary", "closest_sets", "expansion_search", "summarise"]

#: What paper B prints: the field and temperature of Fig. 4(a), momentum and efficiency there.
PRINTED = {"B": 3.0, "T": 0.9, "q0": 0.2, "efficiency": 0.0186}
_CHOICES = {"convention": ["literal", "balanced"], "coupling": list(COUPLINGS)}
_FOUND = ["E_F", "J", "q0", "J_plus", "efficiency", "delta", "distance", "imbalance", "one_band", "expansion"]
_NEAR, _LARGE = 0.05, 0.01


@checked
def expansion_search(E_F: Sequence, lam: Sequence, J: Sequence, store: str | None = None) -> pd.DataFrame:
    """Ginzburg-Landau diode at the paper's B and T on a grid of parameters, along the axis.

    Parameters
    ----------
    E_F, lam, J : sequence of float
        Fermi energies and Zeeman fields across the layers in k_B T_c, Rashba strengths in E_u l_u.
    store : str, optional
        Directory that keeps the points.

    Returns
    -------
    pandas.DataFrame
        One row for each set, convention and coupling: q0, J_plus, J_minus, efficiency (NaN where the expansion has no
        minimum), one_band, stable, converged.

    Examples
    --------
    >>> table = expansion_search([11.6], [1.0], [14.808])
    >>> print(len(table), f"{table['efficiency'].max():.5f}")
    4 0.00029
    """
    found = sweep(
        diode,
        {**_CHOICES, "E_F": list(E_F), "lam": list(lam), "J": list(J)},
        fixed={"B": PRINTED["B"], "T": PRINTED["T"], "plane": False},
        extract=["q0", "J_plus", "J_minus", "efficiency", "one_band", "stable"],
        unconverged="keep",
        executor="serial",
        store=store,
    )
    return _table(found)


@checked
def closest_sets(lam: Sequence, store: str | None = None, **fixed: float | int) -> pd.DataFrame:
    """Searches in mean field for the printed momentum and efficiency, by `ehbilayer.diode.search.closest_set`.

    Parameters
    ----------
    lam : sequence of float
        Rashba strengths in E_u l_u.
    store : str, optional
        Directory that keeps the points.
    **fixed
        Further arguments of `ehbilayer.diode.search.closest_set`.

    Returns
    -------
    pandas.DataFrame
        One row for each strength, convention and coupling.
    """
    found = sweep(
        closest_set,
        {**_CHOICES, "lam": list(lam)},
        fixed=PRINTED | fixed,
        extract=_FOUND,
        executor="serial",
        store=store,
    )
    return _table(found)


def _table(found):
    table = found.to_dataframe().reset_index()
    table["eta (%)"] = 100 * table["efficiency"]
    return table


@dataclass(frozen=True)
class Found:
    """Sets of one convention with one band in each layer.

    Attributes
    ----------
    count : int
        How many there are.
    near : float
        Largest absolute efficiency, a fraction, with a momentum within 0.05/l_u of the paper's; NaN if there is none.
    large, stable : int
        How many have more than 1 %, and how many of these are minima in the plane of momenta.
    lam, q0 : float
        Smallest Rashba strength in E_u l_u and smallest absolute momentum in 1/l_u of those with more than 1 %; NaN if
        there is none.
    """

    count: int
    near: float
    large: int
    stable: int
    lam: float
    q0: float


@dataclass(frozen=True)
class SearchSummary:
    """What `expansion_search` found.

    Attributes
    ----------
    count, failed, rough : int
        Sets; those without a minimum of the expansion; those whose currents miss the tolerance.
    largest : float
        Largest absolute efficiency with one band in each layer, a fraction.
    current : float
        Largest critical current, in J_u.
    by_convention : mapping of str to Found
    """

    count: int
    failed: int
    rough: int
    largest: float
    current: float
    by_convention: Mapping[str, Found]


@checked
def summarise(table: pd.DataFrame) -> SearchSummary:
    """Counts and extremes of the sets of an `expansion_search`.

    Parameters
    ----------
    table : pandas.DataFrame

    Returns
    -------
    SearchSummary

    Examples
    --------
    >>> summary = summarise(expansion_search([11.6], [1.0], [14.808]))
    >>> summary.failed, summary.by_convention["literal"].count, summary.by_convention["literal"].large
    (0, 2, 0)
    """
    rows: Any = table
    valid = rows[np.isfinite(rows["efficiency"].astype(float))]
    single = valid[valid["one_band"].astype(bool)]
    return SearchSummary(
        count=len(rows),
        failed=len(rows) - len(valid),
        rough=int((~valid["converged"].astype(bool)).sum()),
        largest=_extreme(single["efficiency"].abs().max()),
        current=_extreme(valid["J_plus"].max()),
        by_convention={name: _found(single[single["convention"] == name]) for name in _CHOICES["convention"]},
    )


def _found(rows: Any) -> Found:
    near = rows[(rows["q0"] - PRINTED["q0"]).abs() < _NEAR]
    large = rows[rows["efficiency"].abs() > _LARGE]
    return Found(
        count=len(rows),
        near=_extreme(near["efficiency"].abs().max()),
        large=len(large),
        stable=int(large["stable"].astype(bool).sum()),
        lam=_extreme(large["lam"].min()),
        q0=_extreme(large["q0"].abs().min()),
    )


def _extreme(value: Any) -> float:
    return float(value)
