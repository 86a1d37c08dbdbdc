"""Tables of drifting layers: the electrons' excess and the holes' rates, on grids that hold every occupied state."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ehbilayer.drag.drift_kernels import (
    EMPTY,
    ExcessTable,
    Rows,
    history,
    moved_rows,
    relaxed_rows,
    transfer_table,
)
from ehbilayer.drag.holes_table import HolesTable, momenta
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.model.layers import ParabolicLayer

# Points of a table in a strip of analyticity, for eight-point interpolation of what has the poles of Fermi functions.
_PER_STRIP = 20.0
# Points of the electrons' table in a spacing of their sum. The excess of a shifted layer is a polynomial nearly, and
# that of the drifting equilibrium a line; that of the relaxation time has the poles of Fermi functions.
_FINER = {"shifted": 1, "drifting": 1, "relaxation-time": 4}
_BEYOND = {"shifted": 1.0, "drifting": 2.0, "relaxation-time": EMPTY}


@lru_cache(maxsize=4)
def excess_at(electrons: RashbaLayer, spacing: float, distribution: str, u: float, level: float) -> ExcessTable:
    """Excess of the drifting electrons; the last few are kept.

    Parameters
    ----------
    electrons : RashbaLayer
    spacing : float
        Of the sum over them in nm^-1.
    distribution : str
        One of `ehbilayer.drag.finite_drift.DISTRIBUTIONS`.
    u : float
        Drift along x in nm^-1.
    level : float
        Shift of the chemical potential of "drifting" in meV.

    Returns
    -------
    ExcessTable
        Read-only.
    """
    every, band, T = _FINER[distribution], electrons.band, electrons.thermal_energy
    beyond, reach = abs(u) * _BEYOND[distribution], electrons.reach(EMPTY)
    # Carriers go where the drift takes them; interpolation asks for eight points more.
    aside = beyond if distribution == "drifting" else 0.0
    behind, ahead, up = (every * (math.ceil((reach + x) / spacing) + 8) for x in (aside, beyond, aside))
    left, right = (behind, ahead) if u >= 0.0 else (ahead, behind)
    rows = Rows(spacing / every, left, right, up, every)
    if distribution == "relaxation-time" and u != 0.0:
        times = history(rows.step / abs(u)), history(math.inf, spacing / abs(u))
        values = relaxed_rows(band, T, rows, u, *times)
    elif distribution == "drifting":
        values = moved_rows(band, T, rows, 0.0, electrons.tilt[0] * u, level)
    else:
        values = moved_rows(band, T, rows, u, 0.0, 0.0)
    values.setflags(write=False)
    return ExcessTable(values, rows)


def transfers_at(holes: ParabolicLayer, q: NDArray, phi: NDArray, u: float) -> HolesTable:
    """Rates of the holes' transitions with the exact solution for a relaxation time.

    Parameters
    ----------
    holes : ParabolicLayer
    q, phi : ndarray
        Lengths in nm^-1 and directions of the transferred momentum.
    u : float
        Drift along x in nm^-1; at 0 one direction serves all.

    Returns
    -------
    HolesTable
        Of shape (phi, q, points, 2).
    """
    p, step, k = momenta(holes, cut=EMPTY, per_strip=_PER_STRIP, beyond=0.5 * float(q.max()))
    k, times = np.concatenate((-k[:0:-1], k)), (np.empty(0), np.empty(0))
    if u != 0.0:
        times = history(math.inf, 0.25 * _PER_STRIP * step / abs(u))
        # The tail of the carriers that were not scattered for long.
        p, k = (_wider(x, EMPTY * abs(u)) for x in (p, k))
    values = transfer_table((holes.curvature, holes.E_F), holes.thermal_energy, q, phi, p, k, u, times)
    return HolesTable(values, float(p[1] - p[0]), float(p[-1]))


def _wider(x: NDArray, beyond: float) -> NDArray:
    """Equidistant, symmetric points that reach farther by at least `beyond`."""
    step = x[1] - x[0]
    more = math.ceil(beyond / step)
    return np.linspace(x[0] - more * step, x[-1] + more * step, x.size + 2 * more)
