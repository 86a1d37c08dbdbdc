"""Straight lines through alpha^2 against r_s, which the paper draws and a map of T_c needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError

__all__ = ["Line", "fit_line"]


@dataclass(frozen=True)
class Line:
    """Straight line alpha^2 = intercept + slope r_s through computed points.

    Attributes
    ----------
    intercept, slope : float
    residual : float
        Largest distance of a point from the line.
    """

    intercept: float
    slope: float
    residual: float

    @property
    def root(self) -> float:
        """r_s at which the line crosses zero."""
        return -self.intercept / self.slope

    def through(self, r_s: float, value: float) -> "Line":
        """The line with the same intercept through another point.

        Parameters
        ----------
        r_s, value : float
            r_s > 0 and alpha^2 there.

        Returns
        -------
        Line
            With a residual of 0.
        """
        r_s, value = validation.real("r_s", r_s, low=1e-3, high=1e6), validation.real("value", value)
        return Line(self.intercept, (value - self.intercept) / r_s, 0.0)

    def __call__(self, r_s: ArrayLike) -> NDArray[np.float64]:
        return self.intercept + self.slope * np.asarray(r_s, dtype=float)


def fit_line(r_s: ArrayLike, values: ArrayLike) -> Line:
    """Least-squares line through alpha^2 against r_s.

    Parameters
    ----------
    r_s, values : array_like, shape (n,)
        At least three points, r_s in a_e.

    Returns
    -------
    Line

    Raises
    ------
    TypeError, ArgumentError
        If the shapes differ, there are fewer than three points or a value is not finite.

    Examples
    --------
    >>> line = fit_line([0.5, 1.0, 1.5], [0.8, 0.4, 0.0])
    >>> print(f"{line.intercept:.2f} {line.slope:.2f} {line.root:.2f}")
    1.20 -0.80 1.50
    """
    r_s = np.atleast_1d(validation.reals("r_s", r_s, low=1e-3, high=1e6))
    values = np.atleast_1d(validation.reals("values", values))
    if r_s.ndim != 1 or r_s.shape != values.shape or len(r_s) < 3:
        raise ArgumentError("values", values, f"as many as r_s, which has the shape {r_s.shape}, and three or more")
    slope, intercept = np.polyfit(r_s, values, 1)
    return Line(float(intercept), float(slope), float(np.abs(values - intercept - slope * r_s).max()))
