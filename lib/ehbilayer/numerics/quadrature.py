"""Gauss-Legendre panels on an interval, interpolation on them, and weights for a logarithmic kernel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError

__all__ = ["Panels", "cardinal", "gauss_legendre", "log_weights"]

# Forward recurrence of Legendre's Q_n amplifies rounding like rho^(2n), rho = x + sqrt(x^2 - 1): harmless
# up to here for any order below 32; Miller's backward recurrence takes over beyond and needs 80 extra orders.
_FORWARD = 1.05
_MILLER = 80
_MAX_ORDER = 32


def gauss_legendre(order: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights of Gauss-Legendre quadrature on [-1, 1].

    Parameters
    ----------
    order : int
        Number of nodes, from 1 to 2000; polynomials up to degree ``2 order - 1`` are integrated exactly.

    Returns
    -------
    nodes, weights : ndarray, shape (order,)
        Read-only.

    Raises
    ------
    TypeError, ArgumentError
        If `order` is not an integer or below 1.

    Examples
    --------
    >>> nodes, weights = gauss_legendre(3)
    >>> round(float(weights @ nodes**4), 12) == round(2 / 5, 12)
    True
    """
    return _rule(validation.integer("order", order, low=1, high=2000))


@lru_cache(maxsize=64)
def _rule(order):
    nodes, weights = legendre.leggauss(order)
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights


def cardinal(order: int, points: ArrayLike) -> NDArray[np.float64]:
    """Polynomials that are 1 at one Gauss-Legendre node and 0 at the others.

    Parameters
    ----------
    order : int
        Number of nodes.
    points : array_like, shape (n,)
        Where to evaluate, in the coordinate in which the panel is [-1, 1].

    Returns
    -------
    ndarray, shape (n, order)
        l_j(points_i); ``cardinal(order, x) @ f(nodes)`` interpolates f.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> nodes, _ = gauss_legendre(4)
    >>> round(float((cardinal(4, [0.3]) @ nodes**3)[0]), 12)
    0.027
    """
    order = validation.integer("order", order, low=1, high=2000)
    points = np.atleast_1d(validation.reals("points", points))
    return legendre.legvander(points, order - 1) @ _projection(order)


def log_weights(order: int, targets: ArrayLike) -> NDArray[np.float64]:
    r"""Weights of :math:`\int_{-1}^{1} \ln|x - t|\, g(t)\, dt` on Gauss-Legendre nodes.

    Exact when g is a polynomial of degree below `order`, wherever the target x lies. With Legendre functions
    of the second kind, :math:`\int P_n(t) \ln|x-t| dt = 2 [Q_{n+1}(x) - Q_{n-1}(x)]/(2n+1)` for n > 0.

    Parameters
    ----------
    order : int
        Number of nodes, from 1 to 32.
    targets : array_like, shape (n,)
        Values of x in [-3, 3]; beyond, plain Gauss-Legendre quadrature is as good.

    Returns
    -------
    ndarray, shape (n, order)

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{log_weights(8, [1.0]).sum():.12f}", f"{2 * np.log(2) - 2:.12f}")
    -0.613705638880 -0.613705638880
    """
    order = validation.integer("order", order, low=1, high=_MAX_ORDER)
    targets = np.atleast_1d(validation.reals("targets", targets, low=-3.0, high=3.0))
    # The moments are finite at the ends, Q_n is not: a step of some ulps aside changes nothing.
    x = np.where(np.abs(np.abs(targets) - 1) < 4e-15, np.sign(targets) * (1 - 4e-15), targets)
    q = np.where(np.abs(x)[:, None] <= _FORWARD, _q_forward(order, x), _q_backward(order, x))
    moments = np.empty((len(x), order))
    moments[:, 0] = (1 + x) * np.log(np.abs(1 + x)) + (1 - x) * np.log(np.abs(1 - x)) - 2
    degree = np.arange(1, order)
    moments[:, 1:] = 2 * (q[:, 2:] - q[:, :-2]) / (2 * degree + 1)
    return moments @ _projection(order)


@dataclass(frozen=True)
class Panels:
    """Composite Gauss-Legendre quadrature.

    Parameters
    ----------
    edges : sequence of float
        Ends of the panels, strictly increasing; at least two.
    order : int
        Nodes per panel.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type, not finite, or `edges` do not increase.

    Examples
    --------
    >>> panels = Panels((0.0, 1.0, 4.0), order=8)
    >>> round(float(panels.weights @ panels.nodes**2), 10)
    21.3333333333
    """

    edges: Sequence[float]
    order: int

    def __post_init__(self) -> None:
        edges = tuple(float(e) for e in np.atleast_1d(validation.reals("edges", self.edges)))
        validation.integer("order", self.order, low=1)
        if len(edges) < 2 or not (np.diff(edges) > 0).all():
            raise ArgumentError("edges", self.edges, "two or more strictly increasing numbers")
        object.__setattr__(self, "edges", edges)

    def __len__(self) -> int:
        return len(self.edges) - 1

    @property
    def centres(self) -> NDArray[np.float64]:
        """Midpoints, shape (panels,)."""
        edges = np.array(self.edges)
        return (edges[1:] + edges[:-1]) / 2

    @property
    def halves(self) -> NDArray[np.float64]:
        """Half widths, shape (panels,)."""
        return np.diff(self.edges) / 2

    @property
    def nodes(self) -> NDArray[np.float64]:
        """All nodes in increasing order, shape (panels * order,)."""
        return (self.centres[:, None] + self.halves[:, None] * gauss_legendre(self.order)[0]).reshape(-1)

    @property
    def weights(self) -> NDArray[np.float64]:
        """Their weights, shape (panels * order,)."""
        return (self.halves[:, None] * gauss_legendre(self.order)[1]).reshape(-1)

    def interpolate(self, values: ArrayLike, points: ArrayLike) -> NDArray:
        """Values at other points of a function given on the nodes.

        Parameters
        ----------
        values : ndarray, shape (..., panels * order)
            Function on the nodes.
        points : array_like, shape (n,)
            Inside the panels.

        Returns
        -------
        ndarray, shape (..., n)

        Raises
        ------
        TypeError, ArgumentError
            If a point lies outside the panels.

        Examples
        --------
        >>> panels = Panels((0.0, 1.0, 2.0), order=10)
        >>> round(float(panels.interpolate(np.exp(panels.nodes), [1.3])[0] / np.exp(1.3)), 10)
        1.0
        """
        points = np.atleast_1d(validation.reals("points", points, low=self.edges[0], high=self.edges[-1]))
        values = np.asarray(values)
        values = values.reshape((*values.shape[:-1], len(self), self.order))
        panel = np.clip(np.searchsorted(self.edges, points, side="right") - 1, 0, len(self) - 1)
        local = (points - self.centres[panel]) / self.halves[panel]
        return np.einsum("ij,...ij->...i", cardinal(self.order, local), values[..., panel, :])


@lru_cache(maxsize=64)
def _projection(order):
    """Matrix from values on the nodes to Legendre coefficients, transposed for use from the right."""
    nodes, weights = gauss_legendre(order)
    degree = np.arange(order)
    return (legendre.legvander(nodes, order - 1) * (degree + 0.5)).T * weights


def _q_forward(order, x):
    q = np.empty((len(x), order + 1))
    q[:, 0] = 0.5 * np.log(np.abs((1 + x) / (1 - x)))
    q[:, 1] = x * q[:, 0] - 1
    for n in range(1, order):
        q[:, n + 1] = ((2 * n + 1) * x * q[:, n] - n * q[:, n - 1]) / (n + 1)
    return q


def _q_backward(order, x):
    safe = np.where(np.abs(x) > _FORWARD, x, 2.0)
    q = np.empty((len(x), order + 1))
    after, here = np.zeros(len(x)), np.full(len(x), 1e-280)
    for n in range(order + _MILLER, 0, -1):
        after, here = here, ((2 * n + 1) * safe * here - (n + 1) * after) / n
        if n - 1 <= order:
            q[:, n - 1] = here
    return q * (0.5 * np.log(np.abs((1 + safe) / (1 - safe))) / q[:, 0])[:, None]
