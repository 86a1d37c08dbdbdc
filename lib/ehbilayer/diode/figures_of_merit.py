"""What the diode is judged by: efficiency, the current over its pocket, bounds on a current."""

import math

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.pocket import critical_currents
from ehbilayer.errors import ArgumentError

__all__ = ["current_curve", "efficiency", "landau_bounds"]


@checked
def efficiency(J_plus: float, J_minus: float) -> float:
    """Diode efficiency of two critical currents of opposite sign (paper B, text before Fig. 4).

    Parameters
    ----------
    J_plus, J_minus : float
        In J_u, or any unit.

    Returns
    -------
    float
        A fraction.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number of the right sign.

    Examples
    --------
    The currents printed in the paper:

    >>> print(f"{efficiency(98.4, -94.8):.4f}")
    0.0186
    """
    J_plus = validation.real("J_plus", J_plus, low=0.0)
    J_minus = validation.real("J_minus", J_minus, high=0.0)
    return (J_plus + J_minus) / (J_plus - J_minus) if J_plus > J_minus else 0.0


@checked
def current_curve(
    bands: Bands, coupling_inverse: float, T: float, bracket: tuple[float, float], points: int = 401
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The Ginzburg-Landau current over its pocket, for a figure.

    Parameters
    ----------
    bands : Bands
    coupling_inverse : float
        Finite part of 1/g.
    T : float
        Temperature in T_c.
    bracket : tuple of float
        Momenta outside the pocket on both sides.
    points : int

    Returns
    -------
    q, current : ndarray
        The pocket of alpha < 0, and J_x in J_u.

    Raises
    ------
    ArgumentError
        If there is no pocket inside the bracket.
    BetaNotPositive
        If the expansion has no minimum somewhere in the pocket.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> q, current = current_curve(bands, coupling_at_T_c(bands).inverse, 0.9, (-0.3, 0.8), points=101)
    >>> bool(current.min() < 0 < current.max())
    True
    """
    points = validation.integer("points", points, low=2, high=10**6)
    pocket = critical_currents(bands, T, coupling_inverse, bracket)
    if pocket is None:
        raise ArgumentError("bracket", bracket, "momenta around a pocket of alpha < 0")
    q = np.linspace(pocket.edges[0], pocket.edges[1], points)
    return q, pocket.current(q)


@checked
def landau_bounds(bands: Bands, delta: float) -> tuple[float, float]:
    """Two upper bounds on a current, at zero temperature.

    Parameters
    ----------
    bands : Bands
    delta : float
        Order parameter in k_B T_c.

    Returns
    -------
    landau, ballistic : float
        n delta/k_F, the current at which pairs of parabolic bands break whatever their masses, and n v_F, the current
        of all carriers moving with the Fermi velocity of the heavier layer, in J_u; n and k_F are those of the holes.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> print("{:.2f} {:.1f}".format(*landau_bounds(bands, 1.764)))
    0.68 8.9
    """
    k_F = math.sqrt(2 * (bands.mu_h + bands.zeeman) / bands.curvature_h)
    n = k_F**2 / (4 * math.pi)
    return n * validation.real("delta", delta, low=0.0) / k_F, n * k_F * min(bands.curvature_e, bands.curvature_h)
