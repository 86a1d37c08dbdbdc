"""Interaction between carriers of the two layers, bare and screened, in meV nm^2.

Within a layer V = 2 pi e^2/(eps_r q), between layers V12 = V exp(-q d). With the layers' responses chi_1 and chi_2
in the random-phase approximation

U = V12/[(1 + V chi_1)(1 + V chi_2) - V12^2 chi_1 chi_2]

up to a sign, which drag does not see. The ways of screening differ in chi: none (0), Thomas-Fermi (dn/dmu at T),
static (chi(q, 0)) and dynamic RPA (chi(q, omega)).
"""

import numpy as np

from ehbilayer import validation
from ehbilayer.units import COULOMB

SCREENINGS = ("none", "thomas-fermi", "static-rpa", "dynamic-rpa")
"""The ways of screening."""


def interlayer_interaction(q, d, eps_r, chi_1=0.0, chi_2=0.0):
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
    TypeError, ValueError
        If an argument is not a finite number in its range.

    Examples
    --------
    >>> bare = interlayer_interaction(0.05, 20, 5)
    >>> print(f"{bare:.1f} {interlayer_interaction(0.05, 20, 5, 4e-4, 4e-4):.3f}")
    13313.7 63.053
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    d = validation.real("d", d, low=0.0)
    inside = 2 * np.pi * COULOMB / (validation.positive("eps_r", eps_r) * q)
    # Divided by V^2 beforehand: finite also where V chi is huge.
    decay = np.exp(-q * d)
    return inside * decay / ((1 + inside * chi_1) * (1 + inside * chi_2) - (inside * decay) ** 2 * chi_1 * chi_2)
