"""The drag ratio against the drive current in one curve: a plateau at -1 between critical currents, friction beyond."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError

__all__ = ["antisymmetric_share", "branch_currents", "expansion_currents", "joined_curve", "plateau_asymmetry"]


@checked
def branch_currents(limits: Sequence[float] | None, outer: float, points: int = 3) -> NDArray[np.float64]:
    """Currents at which friction is computed, on both sides of the plateau.

    Parameters
    ----------
    limits : sequence of float, or None
        The critical currents, I_c- < 0 < I_c+; without a plateau a tenth of `outer` to each side of zero is left out.
    outer : float
        The largest current, greater than those.
    points : int
        On each side, at least 3.

    Returns
    -------
    ndarray, shape (2 points,)
        From -outer to I_c-, and from I_c+ to outer.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> [float(x) for x in branch_currents((-2.0, 1.0), 4.0)]
    [-4.0, -3.0, -2.0, 1.0, 2.5, 4.0]
    """
    outer = validation.positive("outer", outer)
    points = validation.integer("points", points, low=3)
    low, high = (-0.1 * outer, 0.1 * outer) if limits is None else _ends(limits, outer)
    return np.concatenate((np.linspace(-outer, low, points), np.linspace(high, outer, points)))


@checked
def expansion_currents(limits: Sequence[float] | None, end: float, points: int = 40) -> NDArray[np.float64]:
    """Currents beyond the plateau at which an expansion in the drift is drawn, up to where it holds.

    Parameters
    ----------
    limits : sequence of float, or None
        The critical currents, I_c- < 0 < I_c+; None without a plateau.
    end : float
        The largest current at which the expansion holds, greater than zero.
    points : int
        On each side, at least 2.

    Returns
    -------
    ndarray
        Increasing on each side, without zero; empty where the plateau reaches further than the expansion.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> expansion_currents((-1.0, 3.0), 2.0, points=3).tolist()
    [-2.0, -1.5, -1.0]
    """
    end = validation.positive("end", end)
    points = validation.integer("points", points, low=2)
    low, high = (0.0, 0.0) if limits is None else _ends(limits)
    left = np.linspace(-end, low, points) if -end < low else np.empty(0)
    right = np.linspace(high, end, points) if high < end else np.empty(0)
    both = np.concatenate((left, right))
    return both[both != 0]


@checked
def joined_curve(
    current: ArrayLike, limits: Sequence[float] | None, places: ArrayLike, ratios: ArrayLike
) -> NDArray[np.float64]:
    """Drag ratio on a line of currents from critical currents and friction at a few.

    Parameters
    ----------
    current : array_like
        Where the ratio is wanted, in any unit, that of all currents here.
    limits : sequence of float, or None
        The critical currents, I_c- < 0 < I_c+; None without a plateau.
    places, ratios : array_like
        Currents, at least three of each sign, and the ratios there.

    Returns
    -------
    ndarray
        -1 inside of the limits; beyond, the parabola closest to the ratios of that side.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or there are fewer than three places of one sign.

    Examples
    --------
    >>> places = [-4.0, -3.0, -2.0, 1.0, 2.0, 3.0]
    >>> joined_curve([-3.0, 0.0, 2.0], (-1.5, 1.0), places, [-0.02] * 3 + [-0.01] * 3).round(3).tolist()
    [-0.02, -1.0, -0.01]
    """
    current, places, ratios = (
        np.asarray(validation.reals(name, values))
        for name, values in (("current", current), ("places", places), ("ratios", ratios))
    )
    if places.shape != ratios.shape or min((places < 0).sum(), (places > 0).sum()) < 3:
        raise ArgumentError("places", places.tolist(), "as many as ratios, three or more of each sign")
    low, high = (0.0, 0.0) if limits is None else _ends(limits)
    left, right = (np.polyval(np.polyfit(places[side], ratios[side], 2), current) for side in (places < 0, places > 0))
    return np.where(current <= low, left, np.where(current >= high, right, -1.0))


@checked
def antisymmetric_share(negative: ArrayLike, positive: ArrayLike) -> float | NDArray[np.float64]:
    """Part of a quantity that changes sign with the current, over the part that does not.

    Parameters
    ----------
    negative, positive : array_like
        The quantity at opposite currents.

    Returns
    -------
    float or ndarray
        (positive - negative)/(positive + negative).

    Raises
    ------
    TypeError, ArgumentError
        If a value is not a finite number, or the two cancel.

    Examples
    --------
    >>> round(antisymmetric_share(4.8, 4.4), 4), antisymmetric_share(1.0, 1.0)
    (-0.0435, 0.0)
    """
    negative, positive = validation.reals("negative", negative), validation.reals("positive", positive)
    total = np.asarray(negative) + np.asarray(positive)
    if not np.all(total):
        raise ArgumentError("positive", positive, "another value than minus the negative one")
    share = (np.asarray(positive) - np.asarray(negative)) / total
    return float(share) if np.ndim(share) == 0 else share


@checked
def plateau_asymmetry(limits: Sequence[float] | None) -> float | None:
    """Asymmetry of the plateau, the efficiency of the diode.

    Parameters
    ----------
    limits : sequence of float, or None
        The critical currents, I_c- < 0 < I_c+; None without a plateau.

    Returns
    -------
    float or None
        (I_c+ + I_c-)/(I_c+ - I_c-), None without a plateau.

    Raises
    ------
    TypeError, ArgumentError
        If the limits are not one negative and one positive number.

    Examples
    --------
    >>> plateau_asymmetry((-3.0, 1.0)), plateau_asymmetry(None)
    (-0.5, None)
    """
    if limits is None:
        return None
    low, high = _ends(limits)
    return (high + low) / (high - low)


def _ends(limits, outer=np.inf):
    low, high = validation.pair("limits", limits)
    if not -outer < low < 0 < high < outer:
        raise ArgumentError("limits", (low, high), "one negative and one positive current within the largest")
    return low, high
