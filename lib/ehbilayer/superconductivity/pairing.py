r"""Plasmon-mediated pairing of the electrons: paper A, Eqs. 1 to 5, and the Umklapp part done properly.

Electron atomic units: r_s and d in a_e, temperatures in T_H = Ha_e/k_B. Dimensionless combinations are
:math:`a = k_s/2k_F = r_s/\sqrt2` and :math:`\beta = d\sqrt{\pi n} = d/r_s`; :math:`\theta` is half the scattering
angle, so that the momentum transfer is :math:`\tilde k = 2 k_F \sin\theta`.

The pairing interaction at the Fermi surface is a repulsion minus an attraction, :math:`g_0 V = \mu - \lambda`:

.. math:: \mu = \frac1\pi\int_0^{\pi/2} \frac{a\,d\theta}{\sin\theta + a}, \qquad
    \lambda = \frac{a^2}{\pi\alpha^2} \int_0^{\pi/2}
    \Big\langle\frac{\tilde k^2}{q^2}\Big\rangle \frac{e^{-4\sqrt2\beta\sin\theta}}{(\sin\theta + a)^2}\,d\theta

where q is the plasmon's wave vector, :math:`\tilde k` reduced to the first Brillouin zone of the hole crystal.
"""

import math

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.compilation import kernel
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.exponential import exponentials
from ehbilayer.superconductivity.fermi_circle import NODES, UMKLAPP, WEIGHTS, checked_arguments, like, normal_rule
from ehbilayer.superconductivity.umklapp import zone_rule
from ehbilayer.units import fermi_energy

__all__ = [
    "BCS_PREFACTOR",
    "REGIONS",
    "coulomb_strength",
    "coupling_constant",
    "critical_temperature",
    "debye_temperature",
    "pairing_strength",
    "temperature_map",
    "threshold",
]


#: Labels of the regions of a temperature map, in the order of their codes.
REGIONS = ("superconducting", "normal", "unstable")


#: 2 exp(gamma)/pi, printed as 1.13 in the paper.
BCS_PREFACTOR = 1.13


@checked
def coulomb_strength(r_s: ArrayLike) -> float | NDArray[np.float64]:
    r"""Repulsive part :math:`\mu` of the pairing interaction (first term of Eq. 4), in closed form.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.

    Returns
    -------
    float or ndarray
        Between 0 (r_s -> 0) and 1/2 (r_s -> infinity).

    Raises
    ------
    TypeError, ValueError
        If a value is not a finite number greater than zero.

    Examples
    --------
    >>> print(f"{coulomb_strength(1.6):.6f}")
    0.331232
    """
    r_s = validation.reals("r_s", r_s, low=1e-12, high=1e12)
    a = np.asarray(r_s) / math.sqrt(2)
    z = (a - 1) / (a + 1)
    root = np.sqrt(np.abs(z))
    # 1 - root from 1 - root^2 = 2 min(a, 1)/(1 + a), which keeps its digits when a is tiny.
    deficit = 2 * np.minimum(a, 1) / ((1 + a) * (1 + root))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(z > 0, np.arctan(root), 0.5 * np.log((1 + root) / deficit)) / root
    ratio = np.where(np.abs(z) < 1e-4, 1 - z / 3 + z**2 / 5, ratio)
    return like(2 * a / (math.pi * (1 + a)) * ratio, r_s)


@checked
def coupling_constant(
    r_s: ArrayLike, alpha: ArrayLike, beta: ArrayLike, umklapp: str = "frozen"
) -> float | NDArray[np.float64]:
    r"""Attractive part :math:`\lambda` of the pairing interaction (second and third term of Eq. 4).

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    beta : float or array_like
        d/r_s, >= 0.
    umklapp : {"frozen", "folded", "projected", "none"}
        ``"frozen"``, the paper's: beyond ``|k - k'| = k_D`` the wave vector q stays at k_D. ``"folded"``: q is
        ``k - k'`` reduced to the hexagonal first zone, averaged over the direction. ``"projected"``: the same with
        only the part of ``k - k'`` along q, as the coupling to a longitudinal mode has it. ``"none"``: q = ``k - k'``
        throughout, a jellium of holes.

    Returns
    -------
    float or ndarray

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> [f"{coupling_constant(1.6, 0.3, 0.625, umklapp=kind):.4f}" for kind in UMKLAPP]
    ['0.7562', '0.8020', '0.7672', '0.7365']
    """
    umklapp = validation.option("umklapp", umklapp, UMKLAPP)
    r_s, alpha, beta = checked_arguments(r_s, alpha, beta)
    a, c = np.broadcast_arrays(np.asarray(r_s) / math.sqrt(2), 4 * math.sqrt(2) * np.asarray(beta))
    strength = np.empty(a.size)
    shape_nodes, shape_weights, edge = zone_rule(umklapp)
    _strengths(np.ravel(a), np.ravel(c), edge, NODES, WEIGHTS, shape_nodes, shape_weights, strength)
    return like(strength.reshape(a.shape) / np.asarray(alpha) ** 2, r_s, alpha, beta)


@checked
def pairing_strength(
    r_s: ArrayLike, alpha: ArrayLike, beta: ArrayLike, umklapp: str = "frozen"
) -> float | NDArray[np.float64]:
    r"""Average pairing interaction at the Fermi surface, :math:`g_0 V = \mu - \lambda` (Eq. 4).

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    beta : float or array_like
        d/r_s, >= 0.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    float or ndarray
        Negative where the net interaction is attractive.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{pairing_strength(r_s=1.6, alpha=0.3, beta=0.625):.5f}")
    -0.42494
    """
    attraction = coupling_constant(r_s, alpha, beta, umklapp)
    return like(coulomb_strength(r_s) - attraction, attraction)


@checked
def threshold(r_s: ArrayLike, beta: ArrayLike, umklapp: str = "frozen") -> float | NDArray[np.float64]:
    r"""alpha^2 below which the net interaction is attractive: :math:`\alpha^2\lambda/\mu`.

    Parameters
    ----------
    r_s, beta : float or array_like
        In a_e, > 0; d/r_s, >= 0.
    umklapp : {"frozen", "folded", "projected", "none"}

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{threshold(1.6, 0.625):.4f}")
    0.2055
    """
    attraction = coupling_constant(r_s, 1.0, beta, umklapp)
    return like(attraction / coulomb_strength(r_s), attraction)


@checked
def debye_temperature(r_s: ArrayLike, alpha: ArrayLike, mass_ratio: ArrayLike) -> float | NDArray[np.float64]:
    r"""Debye temperature :math:`T_D = \hbar v_p k_D/k_B = 2\alpha\varepsilon_F\sqrt{m_e/m_h}/k_B` (Eq. 5).

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    mass_ratio : float or array_like
        m_h/m_e >= 1.

    Returns
    -------
    float or ndarray
        In T_H.

    Raises
    ------
    TypeError, ValueError
        If a value is not a finite number in its range.

    Examples
    --------
    >>> print(f"{debye_temperature(r_s=1.6, alpha=0.3, mass_ratio=10):.5f}")
    0.07412
    """
    r_s = validation.reals("r_s", r_s, low=1e-12, high=1e12)
    alpha = validation.reals("alpha", alpha, low=1e-12, high=1e12)
    mass_ratio = validation.reals("mass_ratio", mass_ratio, low=1.0, high=1e12)
    return like(2 * np.asarray(alpha) * fermi_energy(r_s) / np.sqrt(mass_ratio), r_s, alpha, mass_ratio)


@checked
def critical_temperature(
    *, r_s: ArrayLike, alpha: ArrayLike, d: ArrayLike, mass_ratio: ArrayLike, umklapp: str = "frozen"
) -> float | NDArray[np.float64]:
    r"""BCS estimate :math:`T_c = 1.13\, T_D\, e^{1/g_0V}`, 0 where the interaction is repulsive.

    Parameters
    ----------
    r_s, d : float or array_like
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    mass_ratio : float or array_like
        m_h/m_e >= 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    float or ndarray
        In T_H.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10):.3e}")
    7.961e-03
    """
    d = validation.reals("d", d, low=0.0, high=1e12)
    r_s = validation.reals("r_s", r_s, low=1e-12, high=1e12)
    strength = np.asarray(pairing_strength(r_s, alpha, np.asarray(d) / np.asarray(r_s), umklapp))
    with np.errstate(divide="ignore"):
        factor = np.where(strength < 0, np.exp(1 / np.where(strength < 0, strength, -1.0)), 0.0)
    return like(BCS_PREFACTOR * debye_temperature(r_s, alpha, mass_ratio) * factor, r_s, alpha, d, mass_ratio)


@checked
def temperature_map(
    r_s: ArrayLike, d: ArrayLike, alpha_squared: ArrayLike, mass_ratio: float, umklapp: str = "frozen"
) -> xr.Dataset:
    """T_c over (r_s, d) with every cell assigned to a region.

    Parameters
    ----------
    r_s : array_like, shape (n,)
        In a_e, > 0.
    d : array_like, shape (m,)
        In a_e, >= 0.
    alpha_squared : array_like, broadcastable to shape (n, m)
        May be negative.
    mass_ratio : float
        m_h/m_e >= 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    xarray.Dataset
        ``temperature`` in T_H, 0 outside the superconducting region, and ``region``, the index into `REGIONS`:
        superconducting, normal (repulsive) or unstable (alpha^2 <= 0, no plasmon).

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> result = temperature_map([0.5, 1.0, 1.6], [0.0, 1.0], [[0.8], [0.1], [-0.1]], mass_ratio=10)
    >>> [REGIONS[code] for code in result["region"].values[:, 1]]
    ['normal', 'superconducting', 'unstable']
    """
    r_s = np.atleast_1d(validation.reals("r_s", r_s, low=1e-12, high=1e12))
    d = np.atleast_1d(validation.reals("d", d, low=0.0, high=1e12))
    values = np.asarray(validation.reals("alpha_squared", alpha_squared))
    try:
        values = np.broadcast_to(values, (len(r_s), len(d)))
    except ValueError as error:
        raise ValueError(
            f"alpha_squared is not allowed: need a shape that fits r_s and d, {(len(r_s), len(d))}, got {values.shape}"
        ) from error
    stable = values > 0
    if np.any(stable & (values < 1e-24)):
        raise ArgumentError("alpha_squared", values[stable].min(), "values of at least 1e-24 where it is positive")
    alpha = np.sqrt(np.where(stable, values, 1.0))
    temperature = critical_temperature(
        r_s=r_s[:, None], alpha=alpha, d=d[None, :], mass_ratio=mass_ratio, umklapp=umklapp
    )
    temperature = np.where(stable, temperature, 0.0)
    # An attraction so weak that T_c underflows still counts as superconducting.
    attractive = values < threshold(r_s[:, None], d[None, :] / r_s[:, None], umklapp)
    region = np.where(~stable, 2, np.where(attractive, 0, 1))
    return xr.Dataset(
        {
            "temperature": (("r_s", "d"), temperature, {"units": "T_H"}),
            "region": (("r_s", "d"), region, {"regions": list(REGIONS)}),
            "alpha_squared": (("r_s", "d"), np.array(values), {"units": "1"}),
        },
        coords={"r_s": ("r_s", r_s, {"units": "a_e"}), "d": ("d", d, {"units": "a_e"})},
        attrs={"mass_ratio": float(mass_ratio), "umklapp": umklapp},
    )


@kernel
def _strengths(a, c, edge, nodes, weights, outer, outer_weights, out):
    for n in range(len(a)):
        total = 0.0
        factors = -c[n] * outer
        exponentials(factors)
        for i in range(len(outer)):
            total += outer_weights[i] * factors[i] / (outer[i] + a[n]) ** 2
        total *= a[n] ** 2 / math.pi
        for part in normal_rule(a[n], c[n], edge, nodes, weights)[1]:
            total += part
        out[n] = total
