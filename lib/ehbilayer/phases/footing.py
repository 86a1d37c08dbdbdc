"""The Mott transition from liquid and condensate on the same footing, and on different ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.condensate import liquid_energy, mott_line, solve_condensate, solve_condensate_grid
from ehbilayer.errors import NotConverged
from ehbilayer.formatting import numbers_first
from ehbilayer.phases.candidates import candidate_states

__all__ = ["FOOTINGS", "MottFootings", "mott_footings"]

#: Where liquid and condensate are computed: both in the limit, both in the box with V(0) = 0, the liquid alone there.
FOOTINGS = ("limit", "box", "mixed")

# Span of r_s in units of the Mott transition, and cutoff in |b|.
_SPAN, _POINTS, _CUTOFF = (0.3, 1.7), 36, 4.0


@numbers_first()
@dataclass(frozen=True, eq=False)
class MottFootings:
    """Energy of the liquid minus that of the condensate, and where it vanishes.

    Attributes
    ----------
    r_s : ndarray, shape (n,)
        In a_h.
    differences : dict of str to ndarray
        For each of `FOOTINGS`, Ha_h per pair.
    crossings : dict of str to float
        r_s of the transition in a_h, by linear interpolation; nan where it lies outside.
    """

    r_s: np.ndarray
    differences: dict[str, np.ndarray]
    crossings: dict[str, float]


def mott_footings(*, mass_ratio: float = 4, d: float = 1.0, mesh: int = 6) -> MottFootings:
    """Liquid (unpolarised electrons, polarised holes) against polarised condensate on three footings.

    Parameters
    ----------
    mass_ratio, d
        As in `mott_line`.
    mesh : int
        The box holds ``mesh**2`` pairs; even, from 4 to 24.

    Returns
    -------
    MottFootings

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state did not converge, or a difference changes sign more than once.

    Examples
    --------
    >>> found = mott_footings(mass_ratio=4, d=1.0, mesh=4).crossings
    >>> found["mixed"] < found["limit"]
    True
    """
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    bilayer: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d)
    radii = np.linspace(*_SPAN, _POINTS) * mott_line(**bilayer).r_s
    limit, box, uniform, raw = (np.empty(_POINTS) for _ in range(4))
    for at, r_s in enumerate(map(float, radii)):
        states = (
            solve_condensate(**bilayer, r_s=r_s),
            solve_condensate_grid(**bilayer, r_s=r_s, mesh=mesh, cutoff=_CUTOFF),
        )
        if not all(state.converged for state in states):
            raise NotConverged(f"a condensate at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}")
        limit[at], box[at] = (state.energy_per_pair for state in states)
        uniform[at] = liquid_energy(mass_ratio, r_s)
        raw[at] = candidate_states(**bilayer, r_s=r_s, mesh=mesh, ansaetze=["liquid"])["liquid"]["energy"]
    values = (uniform - limit, raw - box, raw - limit)
    differences: dict[str, np.ndarray] = dict(zip(FOOTINGS, values, strict=True))
    return MottFootings(radii, differences, {name: _crossing(radii, y) for name, y in differences.items()})


def _crossing(x, y):
    rising = np.flatnonzero((y[:-1] < 0) & (y[1:] >= 0))
    if len(rising) > 1:
        raise NotConverged(f"{len(rising)} crossings from r_s = {x[0]:.3g} to {x[-1]:.3g}")
    return float(np.interp(0.0, y[rising[0] : rising[0] + 2], x[rising[0] : rising[0] + 2])) if len(rising) else np.nan
