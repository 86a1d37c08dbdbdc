"""Where a current makes the condensate gapless, and how much further it grows from there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.depairing import MeanFieldDiode, critical_currents
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.quasiparticles import quasiparticle_gap
from ehbilayer.errors import NotConverged
from ehbilayer.formatting import numbers_first

__all__ = ["GapCurve", "gap_curve"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class GapCurve:
    """Order parameter and quasiparticle gap of the states with a condensate along q_x.

    Attributes
    ----------
    q : ndarray
        Pair momenta in 1/l_u.
    delta, gap : ndarray
        Order parameter and smallest quasiparticle energy in k_B T_c; negative where the condensate is gapless.
    current : ndarray
        Number current in J_u.
    extrema : MeanFieldDiode
        Ground state and critical currents.
    gap_ground, gap_plus, gap_minus : float
        Gap in the ground state and at the critical currents, in k_B T_c.
    delta_plus : float
        Order parameter at the upper critical current, in k_B T_c.
    """

    q: NDArray[np.float64]
    delta: NDArray[np.float64]
    gap: NDArray[np.float64]
    current: NDArray[np.float64]
    extrema: MeanFieldDiode
    gap_ground: float
    gap_plus: float
    gap_minus: float
    delta_plus: float

    @property
    def gapless(self) -> int:
        """How many of the momenta have a gapless condensate."""
        return int((self.gap < 0).sum())

    @property
    def growth(self) -> tuple[float, float]:
        """Growth of the current from where the gap closes to its upper and its lower extremum, as fractions.

        NaN on a side where the gap stays open up to the end of the condensate.
        """
        top = int(self.gap.argmax())
        sides = (slice(None, top - 1 if top else None, -1), slice(None, top + 1))
        ends = (self.extrema.plus.value, self.extrema.minus.value)
        found = []
        for side, end in zip(sides, ends, strict=True):
            gap, current = self.gap[side], self.current[side]
            # Both at the momentum where the gap closes, between two points.
            onset = np.interp(0.0, gap, current, left=np.nan, right=np.nan) if gap.min() < 0 < gap.max() else np.nan
            found.append(float(end / onset - 1))
        return found[0], found[1]


@checked
def gap_curve(field: MeanField, points: int = 41) -> GapCurve:
    """Gap and current of a condensate along q_x.

    Parameters
    ----------
    field : MeanField
    points : int
        Momenta over the condensed region, at least 5; those in the normal state are left out.

    Returns
    -------
    GapCurve

    Raises
    ------
    NotConverged
        If the normal state is lowest everywhere.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> curve = gap_curve(MeanField(bands, 0.2, coupling_at_T_c(bands).inverse), points=9)
    >>> bool(abs(curve.gap_ground - curve.extrema.ground.delta) < 1e-9)
    True
    """
    points = validation.integer("points", points, low=5)
    extrema = critical_currents(field)
    if extrema is None:
        raise NotConverged("the normal state is lowest at every momentum")

    def gap(q, delta):
        return quasiparticle_gap(field.bands, q, delta).gap

    states = [field.solve(float(q)) for q in np.linspace(*extrema.edges, points)]
    states = [state for state in states if state.delta > 0]
    plus, minus = (field.solve(end.q).delta for end in (extrema.plus, extrema.minus))
    return GapCurve(
        q=np.array([state.q[0] for state in states]),
        delta=np.array([state.delta for state in states]),
        gap=np.array([gap(state.q[0], state.delta) for state in states]),
        current=np.array([state.electron_current[0] for state in states]),
        extrema=extrema,
        gap_ground=gap(extrema.ground.q[0], extrema.ground.delta),
        gap_plus=gap(extrema.plus.q, plus),
        gap_minus=gap(extrema.minus.q, minus),
        delta_plus=plus,
    )
