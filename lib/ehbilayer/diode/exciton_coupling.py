r"""Strength of the s-wave attraction between the layers and the transition temperature that follows from it.

The interaction is paper B's V(p) = 2 pi e^2 exp(-p d)/(eps p). Units: hbar = m = e^2/eps = 1, so that lengths are in
Bohr radii and energies in Hartree of the carriers with their dielectric constant.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import integrate

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.numerics.roots import root

__all__ = ["circle_average", "critical_temperature", "disk_average", "printed_strength"]


@checked
def disk_average(d: ArrayLike, k_F: float) -> float | NDArray[np.float64]:
    r"""Average of V(p) over all momentum transfers p < 2 k_F.

    .. math:: g = \frac{1}{4\pi k_F^2}\int_{p<2k_F} d^2p\, V(p) = \frac{\pi\,(1 - e^{-2k_F d})}{k_F^2 d}

    Parameters
    ----------
    d : float or array_like
        Layer distance, zero or greater.
    k_F : float
        Fermi wave vector, greater than zero.

    Returns
    -------
    float or numpy.ndarray
        Positive for attraction.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{disk_average(1.0, 1.0):.4f} {disk_average(0.0, 1.0) / (2 * np.pi):.4f}")
    2.7164 1.0000
    """
    d, k_F = validation.reals("d", d, low=0.0), validation.positive("k_F", k_F)
    x = 2 * k_F * np.asarray(d)
    # (1 - exp(-x))/x is 1 at x = 0.
    ratio = np.where(x > 0, -np.expm1(-x) / np.where(x > 0, x, 1.0), 1.0)
    return (2 * np.pi / k_F * ratio)[()]


@checked
def printed_strength(d: ArrayLike, k_F: float) -> float | NDArray[np.float64]:
    r"""The paper's formula as printed below Eq. 5, :math:`\pi(1 - e^{-2k_F d})/(k_F^2 d^2)`.

    It has one more power of 1/d than an energy times an area allows, and diverges at small distance.

    Parameters
    ----------
    d : float or array_like
        Layer distance, greater than zero.
    k_F : float
        Fermi wave vector, greater than zero.

    Returns
    -------
    float or numpy.ndarray

    Examples
    --------
    >>> bool(printed_strength(2.0, 0.7) == disk_average(2.0, 0.7) / 2.0)
    True
    """
    d = validation.reals("d", d, low=0.0, low_open=True)
    return disk_average(d, k_F) / d


@checked
def circle_average(d: float, k_F: float, *, smallest: float = 0.0) -> float:
    r"""Average of V over pairs of momenta on the Fermi circle, the s wave of two dimensions.

    .. math:: \frac1{\pi}\int_0^\pi d\phi\, V(2 k_F \sin(\phi/2))

    Without a smallest transfer it diverges logarithmically, since V ~ 1/p is not screened.

    Parameters
    ----------
    d : float
        Layer distance, zero or greater.
    k_F : float
        Fermi wave vector, greater than zero.
    smallest : float
        Smallest angle, in radians, below pi.

    Returns
    -------
    float
        Infinity for ``smallest = 0``.

    Examples
    --------
    Every factor of ten in the smallest angle adds 2 ln(10)/k_F:

    >>> step = circle_average(1.0, 1.0, smallest=1e-5) - circle_average(1.0, 1.0, smallest=1e-4)
    >>> print(f"{step / (2 * np.log(10)):.4f}")
    1.0000
    """
    d, k_F = validation.real("d", d, low=0.0), validation.positive("k_F", k_F)
    smallest = validation.real("smallest", smallest, low=0.0, high=math.pi, high_open=True)
    if smallest == 0.0:
        return math.inf

    def integrand(t):
        phi = math.exp(t)
        p = 2 * k_F * math.sin(phi / 2)
        return 2 * phi * math.exp(-p * d) / p

    return integrate.quad(integrand, math.log(smallest), math.log(math.pi), epsabs=1e-12, epsrel=1e-11, limit=200)[0]


@checked
def critical_temperature(g: float, k_F: float, *, cutoff: float = 2.0) -> float:
    r"""Mean-field transition temperature of two parabolic bands with a contact attraction.

    Solves :math:`1/g = \sum_{k<\Lambda} \tanh(\xi_k/2T)/2\xi_k` with :math:`\xi_k = (k^2 - k_F^2)/2`.

    Parameters
    ----------
    g : float
        Attraction in Hartree times squared Bohr radii, greater than zero.
    k_F : float
        Fermi wave vector, greater than zero.
    cutoff : float
        Lambda in k_F, greater than 1. A contact attraction needs one; 2 k_F is the range of the average in
        `disk_average`.

    Returns
    -------
    float
        T_c in units of the Fermi energy; 0.0 below 1e-12.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    In weak coupling T_c = 2 e^gamma/pi sqrt(cutoff^2 - 1) exp(-2 pi/g):

    >>> print(f"{critical_temperature(1.0, 1.0) / (1.1339 * np.sqrt(3) * np.exp(-2 * np.pi)):.4f}")
    1.0000
    """
    g, k_F = validation.real("g", g, low=1e-6, high=1e3), validation.real("k_F", k_F, low=1e-6, high=1e6)
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=1e6, low_open=True)

    def excess(log_t):
        t = math.exp(log_t)
        # In units of E_F: sum = 1/(4 pi) int_{-1}^{cutoff^2 - 1} dx tanh(x/2t)/x, with ln|x| split off.
        return _tanh_integral(1 / (2 * t)) + _tanh_integral((cutoff**2 - 1) / (2 * t)) - 4 * math.pi / g

    lowest, highest = math.log(1e-12), math.log(1e3)
    if excess(lowest) <= 0:
        return 0.0
    return math.exp(root(excess, lowest, highest, absolute=1e-13))


def _tanh_integral(y):
    """Integral of tanh(x)/x from 0 to y."""
    edge = min(y, 20.0)
    value = integrate.quad(lambda x: math.tanh(x) / x if x else 1.0, 0.0, edge, epsabs=1e-13, epsrel=1e-13)[0]
    return value + (math.log(y / 20.0) if y > 20.0 else 0.0)
