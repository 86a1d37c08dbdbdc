"""Superfluid stiffness of the condensate and the temperature at which vortices unbind."""

import math
from dataclasses import dataclass

import numpy as np

from ehbilayer import validation
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.depairing import ground_state
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.numerics.chebyshev import interpolant, points
from ehbilayer.numerics.roots import root

__all__ = ["Stiffness", "bkt_temperature", "stiffness"]

# Highest temperature in T_c at which the stiffness is computed.
_HIGHEST = 0.999


@dataclass(frozen=True)
class Stiffness:
    """Superfluid stiffness at the ground state.

    Attributes
    ----------
    xx, yy : float
        Second derivatives of the minimised Omega with respect to the pair momentum, in k_B T_c (the mixed one vanishes
        by the mirror symmetry y -> -y).
    error : float
        Largest change when the interpolants lose nodes.
    """

    xx: float
    yy: float
    error: float

    @property
    def mean(self) -> float:
        """Geometric mean, which decides about the Berezinskii-Kosterlitz-Thouless transition."""
        return math.sqrt(max(self.xx, 0.0) * max(self.yy, 0.0))


def stiffness(field: MeanField, q0: float) -> Stiffness:
    """Superfluid stiffness tensor around the ground state.

    Parameters
    ----------
    field : MeanField
    q0 : float
        Pair momentum of the ground state.

    Returns
    -------
    Stiffness
    """
    # A fraction of the scale T_c/v on which the condensate responds.
    width = 0.15 * field.bands.pair_mass / field.cells.window.high

    def tensor(nodes):
        J = [field.solve(q).electron_current[0] for q in points((q0 - width, q0 + width), nodes)]
        xx = interpolant(J, (q0 - width, q0 + width)).deriv()(q0)
        # The current along y over q_y is odd: its ratio to q_y is a series in the square.
        q_y = np.sqrt(points((0.0, width**2), nodes // 2 + 1))
        ratio = [field.solve(q0, q).electron_current[1] / q for q in q_y]
        return float(xx), float(interpolant(ratio, (0.0, width**2))(0.0))

    (xx, yy), (rough_xx, rough_yy) = tensor(7), tensor(5)
    return Stiffness(xx, yy, max(abs(xx - rough_xx), abs(yy - rough_yy)))


def bkt_temperature(
    bands: Bands,
    inverse: float,
    *,
    scale: float = 1.0,
    at_rest: bool = False,
    tolerance: float = 1e-4,
    low: float = 0.3,
    coldest: float | None = None,
) -> float | None:
    r"""Temperature of the Berezinskii-Kosterlitz-Thouless transition, :math:`T = \frac\pi2 s\sqrt{\rho_{xx}\rho_{yy}}`.

    The stiffness is that of mean-field theory; vortices are in the criterion only.

    Parameters
    ----------
    bands : Bands
    inverse : float
        Finite part of 1/g.
    scale : float
        s, greater than zero: how many kinds of such pairs there are.
    at_rest : bool
        Whether the pairs are at rest by symmetry, so that their momentum need not be looked for.
    tolerance : float
        Absolute, in T_c.
    low : float
        Lowest temperature in T_c at which a transition is looked for at first.
    coldest : float, optional
        Temperature in T_c down to which it is looked for if there is none above `low`; below it the stiffness is taken
        as constant.

    Returns
    -------
    float or None
        In T_c, and 1 if it is closer to T_c than 0.001; None if the stiffness is too small at `low` and no `coldest` is
        given, or if it vanishes there.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> print(f"{bkt_temperature(bands, coupling_at_T_c(bands).inverse):.2f}")
    0.73
    """
    scale, low = validation.positive("scale", scale), validation.positive("low", low, high=_HIGHEST)
    if coldest is not None:
        coldest = validation.positive("coldest", coldest, high=low)

    def threshold(T):
        field = MeanField(bands, T, inverse, (0.0, 0.0) if at_rest else None)
        if at_rest:
            return math.pi / 2 * scale * stiffness(field, 0.0).mean
        ground = ground_state(field)
        return 0.0 if ground is None else math.pi / 2 * scale * stiffness(field, ground.q[0]).mean

    if threshold(low) <= low:
        if coldest is None:
            return None
        # Low temperatures need finer grids: only where they must.
        cold, low = threshold(coldest), coldest
        if cold <= coldest:
            return cold or None
    if threshold(_HIGHEST) >= _HIGHEST:
        # Order and pairs are lost together.
        return 1.0
    return root(lambda T: threshold(T) - T, low, _HIGHEST, absolute=tolerance)
