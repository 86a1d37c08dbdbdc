"""Valleys of the mean-field potential along q_x, and the temperature at which one takes over from another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.mean_field import LOWEST_T, MeanField, State
from ehbilayer.diode.stiffness import STRONGEST
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.formatting import numbers_first
from ehbilayer.numerics.roots import root

__all__ = ["PotentialCurve", "jump_temperature", "potential_curve"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class PotentialCurve:
    """Lowest potential at each pair momentum along x.

    Attributes
    ----------
    q : ndarray
        Pair momenta in 1/l_u.
    omega : ndarray
        Potential relative to the normal state in E_u/l_u^2, at its minimum over the order parameter.
    delta : ndarray
        Order parameter in k_B T_c.
    valleys : tuple of State
        Local minima over q_x, from the lowest upwards.
    """

    q: NDArray[np.float64]
    omega: NDArray[np.float64]
    delta: NDArray[np.float64]
    valleys: tuple[State, ...]


@checked
def potential_curve(field: MeanField, q: ArrayLike) -> PotentialCurve:
    """Potential along q_x with its local minima.

    Parameters
    ----------
    field : MeanField
    q : array_like
        At least three increasing momenta in 1/l_u. A valley is found if it spans two of their steps.

    Returns
    -------
    PotentialCurve

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> curve = potential_curve(MeanField(bands, 0.9, coupling_at_T_c(bands).inverse), np.linspace(-0.5, 0.6, 12))
    >>> [round(abs(state.q[0]), 6) for state in curve.valleys]
    [0.0]
    """
    q = np.atleast_1d(validation.reals("q", q))
    if len(q) < 3 or (np.diff(q) <= 0).any():
        raise ArgumentError("q", q, "three increasing momenta or more")
    states = [field.solve(float(x)) for x in q]
    omega = np.array([state.omega for state in states])
    inner = np.flatnonzero((omega[1:-1] < omega[:-2]) & (omega[1:-1] <= omega[2:])) + 1
    valleys = [_bottom(field, float(q[i - 1]), float(q[i + 1])) for i in inner]
    found = sorted((state for state in valleys if state is not None), key=lambda state: state.omega)
    return PotentialCurve(q, omega, np.array([state.delta for state in states]), tuple(found))


def _bottom(field, low, high):
    """State without current between two momenta, where the current turns from negative to positive."""

    def current(q_x):
        return field.solve(q_x).electron_current[0]

    if not current(low) < 0 < current(high):
        return None
    return field.solve(root(current, low, high, absolute=1e-10))


@checked
def jump_temperature(
    bands: Bands,
    inverse: float,
    q: ArrayLike,
    low: float,
    high: float,
    tolerance: float = 1e-4,
) -> float:
    """Temperature at which the lowest valley along q_x changes, by bisection.

    Parameters
    ----------
    bands : Bands
    inverse : float
        Finite part of 1/g, at least `ehbilayer.diode.stiffness.STRONGEST`.
    q : array_like
        Momenta as in `potential_curve`.
    low, high : float
        Temperatures in T_c with different lowest valleys, the pair momenta of which have different signs; 0.02 to 1000.
    tolerance : float
        Largest error in T_c, from 1e-12 to 1.

    Returns
    -------
    float

    Raises
    ------
    NotConverged
        If the lowest valleys at both temperatures have momenta of the same sign, or there is none.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=35.4, lam=2.0, J=28.6, B=3.0, convention="literal")
    >>> inverse = coupling_at_T_c(bands, plane=False).inverse
    >>> 0.92 < jump_temperature(bands, inverse, np.linspace(-0.9, 0.9, 37), 0.9, 0.96, tolerance=0.01) < 0.95
    True
    """
    inverse = validation.real("inverse", inverse, low=STRONGEST)
    low = validation.real("low", low, low=LOWEST_T)
    high = validation.real("high", high, low=low, high=1e3, low_open=True)
    tolerance = validation.real("tolerance", tolerance, low=1e-12, high=1.0)

    def side(T):
        valleys = potential_curve(MeanField(bands, T, inverse), q).valleys
        return np.sign(valleys[0].q[0]) if valleys else 0.0

    cold, warm = side(low), side(high)
    if cold * warm >= 0:
        raise NotConverged(f"low = {low:g} and high = {high:g}: the lowest valley does not change sides in between")
    while high - low > 2 * tolerance:
        middle = (low + high) / 2
        low, high = (middle, high) if side(middle) == cold else (low, middle)
    return (low + high) / 2
