"""Functions of the pair momentum, even in q_y, as Chebyshev series in q_x and q_y^2 over a rectangle."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from ehbilayer.diode.bands import Bands
from ehbilayer.diode.momentum_grid import Resolution, momentum_grid
from ehbilayer.diode.pairing_form import PLAIN, PairingForm
from ehbilayer.numerics.chebyshev import coefficients, points

#: Distance of the momenta of scans over the plane in steps of those along the axis.
COARSE_STEP = 3.0


class PlaneSeries:
    """Chebyshev series of a function even in q_y.

    Parameters
    ----------
    values : array_like, shape (n, m)
        On Chebyshev points of the first kind in q_x and in q_y^2, in increasing order.
    q_x, squares : tuple of float
        Ends of both intervals.

    Attributes
    ----------
    tail : float
        Largest of the last coefficients along either direction, relative to the largest; 0 where all are.

    Examples
    --------
    >>> x, y = points((0.0, 1.0), 5)[:, None], np.sqrt(points((0.0, 4.0), 5))
    >>> series = PlaneSeries(x**2 + x * y**2, (0.0, 1.0), (0.0, 4.0))
    >>> [round(float(v), 9) for v in series(0.5, 1.0)]
    [0.75, 2.0, 1.0]
    """

    def __init__(self, values: ArrayLike, q_x: tuple[float, float], squares: tuple[float, float]) -> None:
        c = coefficients(coefficients(np.asarray(values, dtype=float)).T).T
        self._ends = (q_x, squares)
        # Of one shape, so that one row of polynomials serves all.
        self._terms = c.shape
        self._series = np.zeros((3, *c.shape))
        self._series[0] = c
        self._series[1, :-1] = chebyshev.chebder(c, scl=2 / (q_x[1] - q_x[0]))
        self._series[2, :, :-1] = chebyshev.chebder(c, scl=2 / (squares[1] - squares[0]), axis=1)
        largest = np.abs(c).max()
        rest = max(np.abs(c[-2:]).max(), np.abs(c[:, -2:]).max())
        self.tail = float(rest / largest) if largest else 0.0

    def __call__(self, q_x: float, q_y: float) -> tuple[float, float, float]:
        """Value and derivatives along q_x and q_y."""
        u, v = (2 * (x - low) / (high - low) - 1 for x, (low, high) in zip((q_x, q_y * q_y), self._ends, strict=True))
        n, m = self._terms
        x, y = chebyshev.chebvander(u, n - 1)[0], chebyshev.chebvander(v, m - 1)[0]
        value, along, across = x @ self._series @ y
        return float(value), float(along), 2 * q_y * float(across)


def plane_sums(
    bands: Bands,
    T: float,
    q_x: tuple[float, float],
    q_y: tuple[float, float],
    resolution: Resolution,
    nodes: Sequence[int],
    form: PairingForm = PLAIN,
    inverse: float | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Susceptibility and beta on the points of a `PlaneSeries`.

    Parameters
    ----------
    bands : Bands
    T : float
    q_x, q_y : tuple of float
        Sides of the rectangle, q_y >= 0.
    resolution : Resolution
    nodes : sequence of int, length 2
    form : PairingForm
        What is held, and whether overlaps enter.
    inverse : float, optional
        Finite part of 1/g, as `PairingForm.sums` takes it.

    Returns
    -------
    susceptibility, beta : ndarray, shape ``nodes``
    """
    x, y = points(q_x, nodes[0]), np.sqrt(points((q_y[0] ** 2, q_y[1] ** 2), nodes[1]))
    grid = momentum_grid(bands, T, q_x, q_y, resolution)
    return form.sums(bands, grid, x[:, None], y, T, inverse)


def lattice(q_max: float, step: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Square lattice of pair momenta with q_y >= 0.

    Parameters
    ----------
    q_max, step : float

    Returns
    -------
    q_x, q_y : ndarray
        Both axes.
    """
    n = math.ceil(q_max / step)
    q = np.arange(-n, n + 1, dtype=np.float64) * step
    return q, q[n:]


def local_minima(values: NDArray[np.float64], *, axis: bool = False) -> list[tuple[int, int]]:
    """Where a table, whose first column is the axis, has negative local minima off it, lowest first.

    Parameters
    ----------
    values : ndarray, shape (n, m)
    axis : bool
        Whether those on the axis are asked for as well.

    Returns
    -------
    list of tuple of int

    Examples
    --------
    >>> local_minima(np.array([[-1.0, 0.0, 0.0], [-3.0, -1.0, -1.5], [-1.0, 0.0, 0.0]]))
    [(1, 2)]
    """
    lowest = ndimage.minimum_filter(values, size=3, mode="nearest")
    found = np.argwhere((values == lowest) & (values < 0))
    return sorted(((int(i), int(j)) for i, j in found if j or axis), key=lambda index: values[index])
