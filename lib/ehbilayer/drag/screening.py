"""Interaction between carriers of the two layers, bare and screened, in meV nm^2.

V_12/epsilon of `ehbilayer.model.rpa` up to a sign, which drag does not see. The ways of screening differ in the
layers' responses chi: none (0), Thomas-Fermi (dn/dmu at T), static (chi(q, 0)) and dynamic RPA (chi(q, omega)).

A local field G keeps carriers of one layer apart: each layer then screens as chi/(1 - V G chi), which replaces the
interaction V within it by V (1 - G) where its own carriers respond.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.model.local_field import exchange_field
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


def hubbard(q: ArrayLike, density: float, degeneracy: int = 1) -> NDArray:
    r"""Hubbard's local field in two dimensions, :math:`G = q/(g\sqrt{q^2 + k_F^2})`: the exchange hole alone.

    It tends to 1/g, since carriers of the same of g species do not meet, and to q/(g k_F) at long waves.

    Parameters
    ----------
    q : array_like
        Wave numbers in nm^-1.
    density : float
        Of one species in nm^-2, greater than zero; k_F^2 is 4 pi times that.
    degeneracy : int
        Number g of equally filled species.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> [f"{x:.3f}" for x in hubbard([0.0, 0.1, 1e6], 4e-3, degeneracy=2)]
    ['0.000', '0.204', '0.500']
    """
    q = np.asarray(q, dtype=float)
    return q * exchange_field(q, np.sqrt(4 * np.pi * validation.positive("density", density)), degeneracy, 1.0)


def interlayer_interaction(
    q: ArrayLike,
    d: float,
    eps_r: float,
    chi_1: ArrayLike = 0.0,
    chi_2: ArrayLike = 0.0,
    local_fields: tuple[ArrayLike, ArrayLike] | None = None,
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
    local_fields : tuple of array_like, optional
        G of the layers, below 1.

    Returns
    -------
    ndarray
        In meV nm^2.

    Raises
    ------
    TypeError
        If an argument is not a real number.
    ArgumentError
        If an argument is not in its range, or layers with local fields are unstable: their static epsilon is negative.

    Examples
    --------
    >>> bare = interlayer_interaction(0.05, 20, 5)
    >>> print(f"{bare:.1f} {interlayer_interaction(0.05, 20, 5, 4e-4, 4e-4):.3f}")
    13313.7 63.053
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    d = validation.real("d", d, low=0.0)
    inside = bare_strength(eps_r) / q
    x_1, x_2 = inside * np.asarray(chi_1), inside * np.asarray(chi_2)
    if local_fields is None:
        return inside * np.exp(-q * d) / dielectric(x_1, x_2, apart(q, d))
    stay_1, stay_2 = (1 - np.asarray(G) for G in local_fields)
    epsilon = (1 + stay_1 * x_1) * (1 + stay_2 * x_2) - np.exp(-2 * q * d) * x_1 * x_2
    if np.any(epsilon.real <= 0):
        largest = max(float(np.max(G)) for G in local_fields)
        raise ArgumentError("local_field", largest, "layers farther apart or denser: these are unstable with it")
    return inside * np.exp(-q * d) / epsilon


def softening(
    q: ArrayLike,
    d: float,
    eps_r: float,
    chi_1: ArrayLike,
    chi_2: ArrayLike,
    local_fields: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
) -> NDArray:
    """Relative change of U with the response of layer 1, d ln U/d chi_1.

    Parameters
    ----------
    q, d, eps_r, chi_1, chi_2, local_fields
        As in `interlayer_interaction`.

    Returns
    -------
    ndarray
        In meV nm^2.

    Examples
    --------
    >>> slope = softening(0.05, 20, 5, 4e-4, 4e-4)
    >>> steps = [interlayer_interaction(0.05, 20, 5, 4e-4 + h, 4e-4) for h in (1e-8, -1e-8)]
    >>> bool(abs(slope / ((steps[0] - steps[1]) / (2e-8 * interlayer_interaction(0.05, 20, 5, 4e-4, 4e-4))) - 1) < 1e-6)
    True
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    inside = bare_strength(eps_r) / q
    x_1, x_2 = inside * np.asarray(chi_1), inside * np.asarray(chi_2)
    stay_1, stay_2 = (1 - np.asarray(G) for G in local_fields)
    epsilon = (1 + stay_1 * x_1) * (1 + stay_2 * x_2) - np.exp(-2 * q * d) * x_1 * x_2
    return -inside * (stay_1 * (1 + stay_2 * x_2) - np.exp(-2 * q * d) * x_2) / epsilon
