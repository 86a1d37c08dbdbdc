"""Interaction between carriers of the two layers, bare and screened, in meV nm^2.

V_12/epsilon of `ehbilayer.model.rpa` up to a sign, which drag does not see. The ways of screening differ in the
layers' responses chi: none (0), Thomas-Fermi (dn/dmu at T), static (chi(q, 0)) and dynamic RPA (chi(q, omega)).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.model.rpa import apart, dielectric
from ehbilayer.units import COULOMB

SCREENINGS = ("none", "thomas-fermi", "static-rpa", "dynamic-rpa")
"""The ways of screening."""


def bare_strength(eps_r: float) -> float:
    """q V(q) within a layer, 2 pi e^2/eps_r.

    Parameters
    ----------
    eps_r : float
        Relative permittivity, greater than zero.

    Returns
    -------
    float
        In meV nm.

    Examples
    --------
    >>> print(f"{bare_strength(5):.2f}")
    1809.51
    """
    return 2 * np.pi * COULOMB / validation.positive("eps_r", eps_r)


def interlayer_interaction(
    q: ArrayLike, d: float, eps_r: float, chi_1: ArrayLike = 0.0, chi_2: ArrayLike = 0.0
) -> NDArray:
    """U(q) for given responses of the layers.

    Parameters
    ----------
    q : array_like
        Wave numbers in nm^-1, greater than zero.
    d : float
        Spacing of the layers in nm, zero or more.
    eps_r : float
        Relative permittivity, greater than zero.
    chi_1, chi_2 : array_like
        Responses in 1/(meV nm^2), real or complex, broadcast with `q`; zero leaves the bare interaction.

    Returns
    -------
    ndarray
        In meV nm^2.

    Raises
    ------
    TypeError
        If an argument is not a real number.
    ArgumentError
        If an argument is not in its range.

    Examples
    --------
    >>> bare = interlayer_interaction(0.05, 20, 5)
    >>> print(f"{bare:.1f} {interlayer_interaction(0.05, 20, 5, 4e-4, 4e-4):.3f}")
    13313.7 63.053
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    d = validation.real("d", d, low=0.0)
    inside = bare_strength(eps_r) / q
    return inside * np.exp(-q * d) / dielectric(inside * np.asarray(chi_1), inside * np.asarray(chi_2), apart(q, d))
