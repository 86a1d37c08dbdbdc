"""Sweeps over what paper B leaves open about its diode, and what they find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ehbilayer.checked import checked
from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.momentum_grid import FINE
from ehbilayer.diode.nonreciprocity import COUPLINGS, diode
from ehbilayer.diode.search import closest_set
from ehbilayer.diode.single_band import single_band_check
from ehbilayer.sweep import sweep

__all__ = [
    "PRINTED",
    "Found",
    "SearchSummary",
    "closest_sets",
    "expansion_search",
    "one_band_diode",
    "summarise",
]

#: What paper B prints: the field and temperature of Fig. 4(a), momentum and efficiency there.
PRINTED = {"B": 3.0, "T": 0.9, "q0": 0.2, "efficiency": 0.0186}
_CHOICES = {"convention": ["literal", "balanced"], "coupling": list(COUPLINGS)}
_FOUND = [
    "E_F",
    "J",
    "q0",
    "q0_y",
    "J_plus",
    "efficiency",
    "delta",
    "distance",
    "imbalance",
    "one_band",
    "expansion",
    "stable",
]
_KEPT = ("q0", "q0_y", "J_plus", "J_minus", "efficiency", "stable", "valid")
_NEAR, _LARGE, _OFF = 0.05, 0.01, 1e-6


@checked
def expansion_search(
    E_F: Sequence[float], lam: Sequence[float], J: Sequence[float], store: str | None = None
) -> pd.DataFrame:
    """Ginzburg-Landau diode at the paper's B and T on a grid of parameters, with its ground state in the plane.

    Parameters
    ----------
    E_F, lam, J : sequence of float
        Fermi energies and Zeeman fields across the layers in k_B T_c, Rashba strengths in E_u l_u.
    store : str, optional
        Directory that keeps the points.

    Returns
    -------
    pandas.DataFrame
        One row for each set, convention and coupling: q0, q0_y, J_plus, J_minus, efficiency (NaN where the expansion
        has no minimum, or a second band is occupied), one_band, valid, stable, converged.

    Examples
    --------
    >>> table = expansion_search([11.6], [1.0], [14.808])
    >>> print(len(table), f"{table['efficiency'].max():.5f}")
    4 0.00029
    """
    found = sweep(
        one_band_diode,
        {**_CHOICES, "E_F": list(E_F), "lam": list(lam), "J": list(J)},
        fixed={"B": PRINTED["B"], "T": PRINTED["T"]},
        unconverged="keep",
        executor="serial",
        store=store,
    )
    return _table(found)


@checked
def one_band_diode(**parameters: Any) -> dict[str, Any]:
    """Ginzburg-Landau diode where one band of each layer holds the carriers, else nothing but that it does not.

    Parameters
    ----------
    **parameters
        Of `ehbilayer.diode.nonreciprocity.diode`.

    Returns
    -------
    dict
        q0, q0_y, J_plus, J_minus, efficiency, stable, valid, one_band and converged; None for what there is not. The
        sums over momenta are coarser than by default, which leaves the currents about seven digits.

    Examples
    --------
    >>> found = one_band_diode(E_F=11.6, lam=1.0, J=2.0, B=1.0, T=0.9)
    >>> found["one_band"], found["efficiency"]
    (False, None)
    """
    bands = {name: value for name, value in parameters.items() if name not in ("T", "coupling")}
    if not single_band_check(isolated_bands(**bands)).ok:
        return dict.fromkeys(_KEPT) | {"one_band": False, "converged": True}
    result = diode(**parameters, resolution=FINE.coarser())
    return {name: getattr(result, name) for name in (*_KEPT, "one_band", "converged")}


@checked
def closest_sets(lam: Sequence[float], store: str | None = None, **fixed: float | int) -> pd.DataFrame:
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

    Examples
    --------
    >>> table = closest_sets([1.0], evaluations=4)
    >>> len(table), sorted(set(table["convention"])), bool((table["q0"] / 0.2 - 1).abs().max() < 0.2)
    (4, ['balanced', 'literal'], True)
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
    near, near_current : float
        Largest absolute efficiency, a fraction, and largest critical current, in J_u, with a momentum along x within
        0.05/l_u of the paper's; NaN if there is none.
    large, off_axis : int
        How many have more than 1 %, and how many of these have a momentum with a component along y.
    lam, axis : float
        Smallest Rashba strength in E_u l_u of those with more than 1 %, and the largest absolute efficiency of all
        whose momentum is along x, a fraction; NaN if there is none.
    """

    count: int
    near: float
    near_current: float
    large: int
    off_axis: int
    lam: float
    axis: float


@dataclass(frozen=True)
class SearchSummary:
    """What `expansion_search` found.

    Attributes
    ----------
    count, second, failed, invalid, rough : int
        Sets; those with a second band occupied; of the others those without a minimum of the expansion, those whose
        order parameter is outside its range, and those whose currents miss the tolerance.
    unstable : int
        Ground states whose stiffness has a negative eigenvalue.
    largest : float
        Largest absolute efficiency, a fraction.
    current : float
        Largest critical current, in J_u.
    by_convention : mapping of str to Found
    """

    count: int
    second: int
    failed: int
    invalid: int
    rough: int
    unstable: int
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
    single = rows[rows["one_band"].astype(bool)]
    found = single[np.isfinite(single["efficiency"].astype(float))]
    valid = found[found["valid"].astype(bool)]
    return SearchSummary(
        count=len(rows),
        second=len(rows) - len(single),
        failed=len(single) - len(found),
        invalid=len(found) - len(valid),
        rough=int((~valid["converged"].astype(bool)).sum()),
        unstable=int((~found["stable"].astype(bool)).sum()),
        largest=_extreme(valid["efficiency"].abs().max()),
        current=_extreme(found[["J_plus", "J_minus"]].abs().max().max()),
        by_convention={name: _found(valid[valid["convention"] == name]) for name in _CHOICES["convention"]},
    )


def _found(rows: Any) -> Found:
    axis = rows[rows["q0_y"].abs() < _OFF]
    near = axis[(axis["q0"] - PRINTED["q0"]).abs() < _NEAR]
    large = rows[rows["efficiency"].abs() > _LARGE]
    return Found(
        count=len(rows),
        near=_extreme(near["efficiency"].abs().max()),
        near_current=_extreme(near[["J_plus", "J_minus"]].abs().max().max()),
        large=len(large),
        off_axis=int((large["q0_y"].abs() >= _OFF).sum()),
        lam=_extreme(large["lam"].min()),
        axis=_extreme(axis["efficiency"].abs().max()),
    )


def _extreme(value: Any) -> float:
    return float(value)
