r"""The uniform two-dimensional liquid with correlation: a published fit to quantum Monte Carlo energies.

Attaccalite, Moroni, Gori-Giorgi and Bachelet, Phys. Rev. Lett. 88, 256601 (2002) with the erratum 91, 109902 (2003),
cond-mat/0109492: fixed-node diffusion Monte Carlo for 1 <= r_s <= 40 and every polarisation, with the exact limits of
high density. With :math:`\epsilon_x^{(6)}` the exchange energy beyond fourth order in the polarisation zeta,

.. math::

    \epsilon_c = (e^{-\beta r_s} - 1)\,\epsilon_x^{(6)}(r_s, \zeta)
        + \alpha_0(r_s) + \alpha_1(r_s)\,\zeta^2 + \alpha_2(r_s)\,\zeta^4, \qquad
    \alpha_i = A_i + (B_i r_s + C_i r_s^2 + D_i r_s^3)
        \ln\!\Big(1 + \frac{1}{E_i r_s + F_i r_s^{3/2} + G_i r_s^2 + H_i r_s^3}\Big)

and D_i = -A_i H_i. Lengths in Bohr radii and energies in Hartree of the layer: both scale with the carrier's mass.
"""

import math
from typing import NamedTuple

from ehbilayer import validation
from ehbilayer.checked import checked

__all__ = ["LiquidLayer", "correlated_liquid_energy", "exchange_correlation_stiffness", "lowest_liquid"]

# Rows alpha_0, alpha_1, alpha_2 of the published table: A, B, C, E, F, G, H.
_FIT = (
    (-0.1925, 0.0863136, 0.0572384, 1.0022, -0.02069, 0.33997, 0.01747),
    (0.117331, -0.03394, -0.00766765, 0.4133, 0.0, 0.0668467, 0.0007799),
    (0.0234188, -0.037093, 0.0163618, 1.424301, 0.0, 0.0, 1.163099),
)
_BETA = 1.3386

# Relative step of the numerical second derivative: rounding and truncation both below 1e-6.
_STEP = 2e-3


class LiquidLayer(NamedTuple):
    """The lower one of the unpolarised and the polarised liquid of a layer.

    Attributes
    ----------
    energy : float
        Per carrier, in Ha of the layer.
    polarisation : float
        0 or 1.
    """

    energy: float
    polarisation: float


@checked
def correlated_liquid_energy(r_s: float, polarisation: float = 0.0) -> float:
    """Ground-state energy per carrier of the uniform liquid, kinetic, exchange and correlation.

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius in Bohr radii of the layer, from 1e-6 to 1e6. The simulations reach from 1 to 40.
    polarisation : float
        (N_up - N_down)/N, from 0 to 1.

    Returns
    -------
    float
        In Ha of the layer.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> [f"{correlated_liquid_energy(30.0, zeta):.5f}" for zeta in (0.0, 1.0)]
    ['-0.03191', '-0.03192']
    """
    r_s = validation.real("r_s", r_s, low=1e-6, high=1e6)
    zeta = validation.real("polarisation", polarisation, low=0.0, high=1.0)
    kinetic = (1 + zeta * zeta) / (2 * r_s * r_s)
    return kinetic + _exchange_correlation(r_s, zeta)


@checked
def lowest_liquid(r_s: float) -> LiquidLayer:
    """The unpolarised or the polarised liquid, whichever is lower; they cross at r_s = 25.5 within the fit.

    Parameters
    ----------
    r_s : float
        As in `correlated_liquid_energy`.

    Returns
    -------
    LiquidLayer

    Raises
    ------
    TypeError, ArgumentError
        If `r_s` is of the wrong type or outside its range.

    Notes
    -----
    Partly polarised liquids are never the lowest within the fit. Newer simulations find no stable polarised liquid
    (Azadi, Drummond and Vinko, arXiv:2405.00425); the two differ by less than 2e-5 Ha where this matters.

    Examples
    --------
    >>> lowest_liquid(20.0).polarisation, lowest_liquid(30.0).polarisation
    (0.0, 1.0)
    """
    states = [LiquidLayer(correlated_liquid_energy(r_s, zeta), zeta) for zeta in (0.0, 1.0)]
    return min(states)


@checked
def exchange_correlation_stiffness(r_s: float, polarisation: float = 0.0) -> float:
    """Second derivative of the exchange-correlation energy per area with respect to the density.

    It adds to the inverse density of states, and is negative.

    Parameters
    ----------
    r_s, polarisation
        As in `correlated_liquid_energy`; r_s from 1e-3.

    Returns
    -------
    float
        In Ha times the square of the Bohr radius.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    At high density exchange alone remains, -sqrt(2) r_s for unpolarised carriers:

    >>> print(f"{exchange_correlation_stiffness(1e-3) / 1e-3:.2f}")
    -1.41
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    zeta = validation.real("polarisation", polarisation, low=0.0, high=1.0)
    step = _STEP * r_s
    below, here, above = (_exchange_correlation(r_s + shift, zeta) for shift in (-step, 0.0, step))
    slope, curvature = (above - below) / (2 * step), (above - 2 * here + below) / step**2
    return -math.pi * r_s**3 / 4 * (slope - r_s * curvature)


def _exchange_correlation(r_s: float, zeta: float) -> float:
    def exchange(at: float) -> float:
        return -2 * math.sqrt(2) / (3 * math.pi * r_s) * ((1 + at) ** 1.5 + (1 - at) ** 1.5)

    beyond = exchange(zeta) - exchange(0.0) * (1 + 3 / 8 * zeta**2 + 3 / 128 * zeta**4)
    alphas = []
    for a, b, c, e, f, g, h in _FIT:
        polynomial = b * r_s + c * r_s**2 - a * h * r_s**3
        alphas.append(a + polynomial * math.log1p(1 / (e * r_s + f * r_s**1.5 + g * r_s**2 + h * r_s**3)))
    correlation = math.expm1(-_BETA * r_s) * beyond + alphas[0] + alphas[1] * zeta**2 + alphas[2] * zeta**4
    return exchange(zeta) + correlation
