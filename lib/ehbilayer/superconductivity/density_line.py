"""Straight lines through alpha^2 against r_s, which the paper draws and a map of T_c needs; where values cross."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError

__all__ = ["LIMIT", "Line", "crossing", "fit_line", "fit_lines"]

#: Name of the line through the limit of large boxes.
LIMIT = "limit of large boxes"

_KINDS = {"dropped": "V(0) = 0", "madelung": "Madelung"}


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


@checked
def fit_lines(boxes: xr.Dataset) -> dict[str, Line]:
    """Lines through alpha^2 for every box and convention, and for the limit.

    Parameters
    ----------
    boxes : xarray.Dataset
        Of `ehbilayer.superconductivity.box_map.box_map` at one distance and mass ratio: ``dropped`` and ``madelung``
        over r_s and N, ``limit`` over r_s.

    Returns
    -------
    dict of str to Line
        By names like "V(0) = 0, N = 36" and "Madelung, N = 36", box by box, and `LIMIT` last.

    Examples
    --------
    >>> limit = xr.DataArray([0.8, 0.4, 0.0], coords={"r_s": [0.5, 1.0, 1.5]})
    >>> raw = (limit + 0.1).expand_dims(N=[36])
    >>> lines = fit_lines(xr.Dataset({"dropped": raw, "madelung": raw - 0.1, "limit": limit}))
    >>> {name: round(line.root, 2) for name, line in lines.items()}
    {'V(0) = 0, N = 36': 1.62, 'Madelung, N = 36': 1.5, 'limit of large boxes': 1.5}
    """
    lines = {
        f"{kind}, N = {int(count)}": fit_line(boxes.r_s.values, boxes[name].sel(N=count).values)
        for count in boxes.N.values
        for name, kind in _KINDS.items()
    }
    return lines | {LIMIT: fit_line(boxes.r_s.values, boxes["limit"].values)}


@checked
def crossing(x: ArrayLike, values: ArrayLike, target: float = 0.0, beyond: str = "raise") -> float:
    """Where falling values cross a target, on straight lines between their points.

    Parameters
    ----------
    x, values : array_like, shape (n,)
        Places in increasing order and the values there, two or more.
    target : float
    beyond : {"raise", "end"}
        What to do if all values lie on one side: raise an error or return the end of the range that is nearest.

    Returns
    -------
    float
        The first such place.

    Raises
    ------
    TypeError, ArgumentError
        If the shapes differ, a value is not finite, the places do not increase, or no value is reached.

    Examples
    --------
    >>> crossing([1.0, 2.0, 3.0], [0.4, -0.4, -0.6])
    1.5
    >>> crossing([1.0, 2.0], [-0.1, -0.2], beyond="end")
    1.0
    """
    beyond = validation.option("beyond", beyond, ("raise", "end"))
    x, values = (np.atleast_1d(validation.reals(name, y)) for name, y in (("x", x), ("values", values)))
    if x.ndim != 1 or x.shape != values.shape or len(x) < 2 or (np.diff(x) <= 0).any():
        raise ArgumentError("values", values, "as many as x, which increases, and two or more")
    above = values > target
    falls = np.flatnonzero(above[:-1] & ~above[1:])
    if not len(falls):
        if beyond == "raise":
            raise ArgumentError(
                "target", target, f"between values that fall, which run from {values[0]} to {values[-1]}"
            )
        return float(x[-1] if above[-1] else x[0])
    i = falls[0]
    return float(x[i] + (x[i + 1] - x[i]) * (values[i] - target) / (values[i] - values[i + 1]))
