"""Equation 3 of paper A averaged over both momenta on the Fermi circle, by sums and without Eq. 4."""

import math

import numpy as np

from ehbilayer import validation

__all__ = ["fermi_average"]


def fermi_average(r_s: float, alpha: float, d: float, points: int = 400) -> float:
    r"""Pairing strength g_0 V as the double average of Eq. 3 over the Fermi circle, q frozen at k_D beyond it.

    .. math:: g_0V = \Big\langle \frac{1}{p + k_s} - \frac{k_s\,p^2}{\alpha^2\,\min(p, k_D)^2}
              \frac{e^{-2pd}}{(p + k_s)^2} \Big\rangle_{k, k'}, \qquad p = |k - k'|

    with k_s = 2/a_e and lengths in a_e.

    Parameters
    ----------
    r_s : float
        In a_e, > 0.
    alpha : float
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    d : float
        In a_e, >= 0.
    points : int
        Directions of each momentum; the error falls as its inverse square.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.superconductivity.pairing import pairing_strength
    >>> print(f"{fermi_average(1.6, 0.3, 1.0):.4f} {pairing_strength(1.6, 0.3, 1.0 / 1.6):.4f}")
    -0.4249 -0.4249
    """
    r_s, alpha = validation.positive("r_s", r_s), validation.positive("alpha", alpha)
    d = validation.real("d", d, low=0.0)
    points = validation.integer("points", points, low=8)
    fermi, debye, screening = math.sqrt(2) / r_s, 2 / r_s, 2.0
    turns = 2 * np.pi * np.arange(points) / points
    # The second circle half a step on: no pair of equal momenta, where p has its cusp.
    first, second = (fermi * np.exp(1j * (turns + shift)) for shift in (0.0, np.pi / points))
    p = np.abs(first[:, None] - second)
    attraction = screening * (p / np.minimum(p, debye)) ** 2 * np.exp(-2 * d * p) / (alpha * (p + screening)) ** 2
    return float(np.mean(1 / (p + screening) - attraction))
