"""Critical currents of Ginzburg-Landau theory: extrema of dF/dq_x over a pocket of alpha < 0."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.momentum_grid import FINE, Resolution, momentum_grid
from ehbilayer.diode.pairing_form import PLAIN, PairingForm
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.chebyshev import interpolant, points, real_roots

__all__ = [
    "BetaNotPositive",
    "Pocket",
    "critical_currents",
]


@dataclass(frozen=True)
class Pocket:
    """Result of `critical_currents`: the pocket of alpha < 0 that holds the minimum of F.

    Attributes
    ----------
    edges : tuple of float
        Zeros of alpha around q0.
    q0 : float
        Where F is lowest.
    free_energy : float
        F(q0).
    J_plus, J_minus, q_plus, q_minus : float
        Extrema of dF/dq_x in J_u, and where they are in 1/l_u.
    beta_min : float
        Smallest beta in the pocket.
    tail : float
        Largest of the last Chebyshev coefficients relative to the largest.
    current : numpy.polynomial.Chebyshev
        dF/dq_x over the pocket, in J_u.
    rivals : tuple of float
        F at its other local minima over q_x in the pocket.
    whole : bool
        Whether both edges are zeros of alpha, not ends of the bracket.
    """

    edges: tuple[float, float]
    q0: float
    free_energy: float
    J_plus: float
    J_minus: float
    q_plus: float
    q_minus: float
    beta_min: float
    tail: float
    current: Chebyshev
    rivals: tuple[float, ...] = ()
    whole: bool = True


class BetaNotPositive(ValueError):
    """The expansion to fourth order has no minimum somewhere in the pocket."""


@checked
def critical_currents(
    bands: Bands,
    T: float,
    inverse: float,
    bracket: tuple[float, float],
    resolution: Resolution = FINE,
    nodes: int = 40,
    form: PairingForm = PLAIN,
) -> Pocket | None:
    """Extrema of the Ginzburg-Landau current over one pocket of alpha < 0, by spectral differentiation.

    Parameters
    ----------
    bands : Bands
    T : float
        Temperature in T_c.
    inverse : float
        Finite part of 1/g.
    bracket : tuple of float
        Momenta just outside the pocket, where alpha >= 0.
    resolution : Resolution
    nodes : int
        Chebyshev nodes in q_x.
    form : PairingForm
        What is held, and whether overlaps enter.

    Returns
    -------
    Pocket or None
        None if alpha has no pocket inside the bracket.

    Raises
    ------
    BetaNotPositive
        If beta <= 0 somewhere in the pocket.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> pocket = critical_currents(bands, 0.9, coupling_at_T_c(bands).inverse, (-0.3, 0.8))
    >>> pocket.edges[0] < 0.2 < pocket.edges[1]
    True
    """
    bracket = validation.pair("bracket", bracket, low=-1e3, high=1e3)
    nodes = validation.integer("nodes", nodes, low=4, high=1000)
    grid = momentum_grid(bands, T, bracket, 0.0, resolution)
    susceptibility, beta = form.sums(bands, grid, points(bracket, nodes), 0.0, T, inverse)
    return pocket_from_values(inverse - susceptibility, beta, bracket)


@checked
def pocket_from_values(alpha_values: ArrayLike, beta_values: ArrayLike, bracket: tuple[float, float]) -> Pocket | None:
    """The pocket and its currents from alpha and beta on Chebyshev points of the first kind.

    Parameters
    ----------
    alpha_values, beta_values : array_like, shape (nodes,)
        In increasing order of q.
    bracket : tuple of float
        Interval of q that the points belong to.

    Returns
    -------
    Pocket or None
        None if alpha has no pocket inside the bracket.

    Raises
    ------
    BetaNotPositive
        If beta <= 0 somewhere in the pocket.
    """
    low, high = bracket
    alpha, beta = (interpolant(values, bracket) for values in (alpha_values, beta_values))
    nodes = len(alpha)
    tail = max(float(np.abs(c.coef[-3:]).max() / np.abs(c.coef).max()) for c in (alpha, beta))
    roots = real_roots(alpha)
    slope = alpha.deriv()
    stationary = np.array(real_roots(slope))
    if stationary.size == 0 or alpha(stationary).min() >= 0:
        return None
    centre = stationary[np.argmin(alpha(stationary))]
    edges = (max([r for r in roots if r < centre], default=low), min([r for r in roots if r > centre], default=high))
    inside = points(edges, 4 * nodes)
    beta_min = float(beta(inside).min())
    if beta_min <= 0:
        raise BetaNotPositive(
            f"beta falls to {beta_min:.3g} between q = {edges[0]:.3g} and {edges[1]:.3g}: "
            "the expansion to fourth order has no minimum there"
        )
    a, b = alpha(inside), beta(inside)
    current = interpolant(-a * slope(inside) / b + a**2 * beta.deriv()(inside) / (2 * b**2), edges).trim(0)
    current = current.truncate(2 * nodes) if len(current) > 2 * nodes else current
    zeros = np.array(real_roots(current))
    F = -(alpha(zeros) ** 2) / (2 * beta(zeros))
    extrema = np.array(real_roots(current.deriv()))
    J = current(extrema)
    if not len(zeros) or not len(extrema):
        raise ArgumentError("bracket", bracket, "momenta outside the pocket of alpha < 0, which is wider")
    best = int(np.argmin(F))
    top, bottom = int(np.argmax(J)), int(np.argmin(J))
    return Pocket(
        edges=(float(edges[0]), float(edges[1])),
        q0=float(zeros[best]),
        free_energy=float(F[best]),
        J_plus=float(J[top]),
        J_minus=float(J[bottom]),
        q_plus=float(extrema[top]),
        q_minus=float(extrema[bottom]),
        beta_min=beta_min,
        tail=tail,
        current=current,
        rivals=tuple(float(x) for i, x in enumerate(F) if i != best and current.deriv()(zeros[i]) > 0),
        whole=bool(low < edges[0] and edges[1] < high),
    )
