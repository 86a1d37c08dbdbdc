"""Superfluid stiffness of the condensate and the temperature at which vortices unbind."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.mean_field import LOWEST_T, MeanField
from ehbilayer.diode.plane import PlaneField, descend, ground_state_in_plane
from ehbilayer.errors import NotConverged
from ehbilayer.numerics.chebyshev import interpolant, points
from ehbilayer.numerics.roots import root

__all__ = ["STRONGEST", "Stiffness", "bkt_temperature", "stiffness"]

# Highest temperature in T_c at which the stiffness is computed.
_HIGHEST = 0.999
#: Finite part of 1/g below which `bkt_temperature` refuses: the gap exceeds T_c thirty times and more.
STRONGEST = -0.4


@dataclass(frozen=True)
class Stiffness:
    """Superfluid stiffness of a state without current.

    Attributes
    ----------
    xx, yy, xy : float
        Second derivatives of the minimised Omega with respect to the pair momentum, in k_B T_c; at q_y = 0 the mixed
        one vanishes by the mirror symmetry y -> -y.
    error : float
        Largest change when the interpolants lose nodes.
    """

    xx: float
    yy: float
    error: float
    xy: float = 0.0

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The tensor, shape (2, 2)."""
        return np.array([[self.xx, self.xy], [self.xy, self.yy]])

    @property
    def stable(self) -> bool:
        """Whether no twist of the phase lowers Omega: no eigenvalue is negative, up to the error."""
        return bool(np.linalg.eigvalsh(self.matrix)[0] >= -10 * self.error)

    @property
    def mean(self) -> float:
        """Geometric mean, which decides about the Berezinskii-Kosterlitz-Thouless transition.

        NaN if the state is unstable, so that it has none.
        """
        if not self.stable:
            return math.nan
        return math.sqrt(abs(self.xx * self.yy - self.xy**2))


@checked
def stiffness(field: PlaneField, q0: float, q0_y: float = 0.0) -> Stiffness:
    """Superfluid stiffness tensor around a state without current.

    Parameters
    ----------
    field : PlaneField
        For instance a `ehbilayer.diode.mean_field.MeanField`.
    q0, q0_y : float
        Pair momentum of the state.

    Returns
    -------
    Stiffness

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> from ehbilayer.diode.mean_field import MeanField
    >>> field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> tensor = stiffness(field, 0.2)
    >>> tensor.xx > 0 and tensor.yy > 0
    True
    """
    q0, q0_y = (validation.real(name, x, low=-1e3, high=1e3) for name, x in (("q0", q0), ("q0_y", q0_y)))
    width = field.width

    def tensor(nodes):
        along = [field.solve(q, q0_y).electron_current for q in points((q0 - width, q0 + width), nodes)]
        xx, xy = (float(interpolant(J, (q0 - width, q0 + width)).deriv()(q0)) for J in zip(*along, strict=True))
        if q0_y:
            ends = (q0_y - width, q0_y + width)
            yy = interpolant([field.solve(q0, q).electron_current[1] for q in points(ends, nodes)], ends).deriv()(q0_y)
            return np.array([xx, float(yy), xy])
        # The current along y over q_y is odd: its ratio to q_y is a series in the square.
        q_y = np.sqrt(points((0.0, width**2), nodes // 2 + 1))
        ratio = [field.solve(q0, q).electron_current[1] / q for q in q_y]
        return np.array([xx, float(interpolant(ratio, (0.0, width**2))(0.0)), 0.0])

    fine, rough = tensor(7), tensor(5)
    xx, yy, xy = (float(value) for value in fine)
    return Stiffness(xx, yy, float(np.abs(fine - rough).max()), xy)


@checked
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
        Finite part of 1/g, at least `STRONGEST`.
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
    NotConverged
        If the state of lowest potential is unstable.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> print(f"{bkt_temperature(bands, coupling_at_T_c(bands).inverse):.2f}")
    0.73
    """
    inverse = validation.real("inverse", inverse, low=STRONGEST)
    scale = validation.positive("scale", scale)
    low = validation.real("low", low, low=LOWEST_T, high=_HIGHEST)
    tolerance = validation.positive("tolerance", tolerance, high=1.0)
    if coldest is not None:
        coldest = validation.real("coldest", coldest, low=LOWEST_T, high=low)

    def threshold(T, start=None):
        """(pi/2) s rho and the momentum of the lowest state: of all, or of the valley around a momentum."""
        field = MeanField(bands, T, inverse, (0.0, 0.0) if at_rest else None)
        q = (0.0, 0.0)
        if not at_rest:
            ground = ground_state_in_plane(field) if start is None else descend(field, start)
            if ground is None or not ground.delta:
                return 0.0, start
            q = ground.q
        rho = stiffness(field, *q)
        if rho.stable:
            return math.pi / 2 * scale * rho.mean, q
        if start is not None and not at_rest:
            return 0.0, start
        raise NotConverged(f"no stable state of uniform momentum was found at T = {T:g}")

    value, valley = threshold(low)
    if value <= low:
        if coldest is None:
            return None
        # Low temperatures need finer grids: only where they must.
        (value, valley), low = threshold(coldest), coldest
        if value <= low:
            return value or None

    def transition(value):
        # Order and pairs may be lost together.
        if value(_HIGHEST) >= _HIGHEST:
            return 1.0
        return root(lambda T: value(T) - T, low, _HIGHEST, absolute=tolerance)

    valleys = {low: valley}

    def followed(T):
        value, q = threshold(T, valleys[min(valleys, key=lambda known: abs(known - T))])
        if value:
            valleys[T] = q
        return value

    # Cheap, but another valley may have become the lowest on the way.
    T = transition(followed)
    end = min(T, _HIGHEST)
    if at_rest or math.isclose(followed(end), threshold(end)[0], rel_tol=1e-4):
        return T
    return transition(lambda T: threshold(T)[0])
