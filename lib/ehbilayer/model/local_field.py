r"""Static local fields of a two-dimensional layer: exchange, and correlation, in its density response.

Carriers of one species keep apart, so that one of them feels less of its layer's charge: the interaction within the
layer that drives the response is V (1 - G), with

.. math:: G(q) = \frac{q}{g\sqrt{q^2 + (ck_F)^2}}

for g equally filled species (Hubbard). It tends to 1/g at short waves, since equal carriers never meet. Hubbard's own
form has c = 1; with c = pi/2 the long waves obey the compressibility sum rule of Hartree–Fock theory,
:math:`VG \to 4e^2/(\epsilon_r g k_F) = -d^2(n\epsilon_x)/dn^2`.

With correlation the same form, :math:`G = Bq/\sqrt{q^2 + (B/A)^2}`, has the slope A at long waves from the
compressibility of quantum Monte Carlo (`ehbilayer.model.quantum_liquid`) and the limit B = 1 - g(0) of short ones,
g(0) being the chance to find two carriers at one place over that without correlation: none in a polarised layer, and
with two spins the fit of Polini, Sica, Davoudi and Tosi (J. Phys.: Condens. Matter 13, 3591, 2001) to quantum Monte
Carlo. Between the limits it interpolates. The data are those of zero temperature and of parabolic bands.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba.extending import register_jitable

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.model.quantum_liquid import exchange_correlation_stiffness

KINDS = ("none", "exchange", "monte-carlo")
"""The local fields: none, as in RPA; exchange with Hartree–Fock's compressibility; exchange and correlation."""

#: c of the module's head for the exchange compressibility of Hartree–Fock theory.
COMPRESSIBILITY = math.pi / 2


class Crossover(NamedTuple):
    """A local field by its limit at short waves and the wave number at which it gets there.

    Attributes
    ----------
    limit, wave_number : float
        In 1/Bohr radius of the layer's carriers, where no other unit is named.
    """

    limit: float
    wave_number: float


@register_jitable(error_model="numpy")
def crossing_field(q: Any, limit: Any, wave_number: Any) -> Any:
    """G/q that tends to limit/wave_number at long and to limit/q at short waves; for kernels and arrays."""
    return limit / np.sqrt(q * q + wave_number * wave_number)


def local_field(kind: str, r_s: float, degeneracy: int) -> Crossover:
    """A local field of a layer.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    r_s : float
        Of the layer in Bohr radii of its carriers, all species together, > 0; from 0.01 to 100 for Monte Carlo.
    degeneracy : int
        1 for polarised carriers, 2 for two spins.

    Returns
    -------
    Crossover

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> [f"{crossing_field(0.5, *local_field(kind, 2.0, 2)) * 0.5:.3f}" for kind in KINDS]
    ['0.000', '0.205', '0.236']
    """
    kind = validation.option("local_field", kind, KINDS)
    r_s, degeneracy = validation.positive("r_s", r_s), validation.integer("degeneracy", degeneracy, low=1, high=2)
    if kind == "none":
        return Crossover(0.0, 1.0)
    if kind == "exchange":
        return Crossover(1 / degeneracy, COMPRESSIBILITY * 2 / (r_s * math.sqrt(degeneracy)))
    if not 0.01 <= r_s <= 100.0:
        raise ArgumentError("local_field", kind, f"r_s from 0.01 to 100, this is {r_s:.3g}")
    return _monte_carlo(float(r_s), degeneracy)


@lru_cache(maxsize=64)
def _monte_carlo(r_s: float, degeneracy: int) -> Crossover:
    # The compressibility sum rule: V G tends to minus the second derivative of the energy of exchange and correlation.
    slope = -exchange_correlation_stiffness(r_s, 2.0 - degeneracy) / (2 * math.pi)
    limit = 1.0 if degeneracy == 1 else 1 - 0.5 / (1 + 1.372 * r_s + 0.0830 * r_s**2)
    return Crossover(limit, limit / slope)


@register_jitable(error_model="numpy")
def exchange_field(q: Any, fermi_wave_number: Any, degeneracy: Any, length: Any = COMPRESSIBILITY) -> Any:
    """G/q of the module's head, finite for q = 0; numbers inside kernels, numbers or arrays outside.

    Parameters
    ----------
    q : float or ndarray
        Wave number, zero or more.
    fermi_wave_number : float
        Of each species, in the same unit, greater than zero.
    degeneracy : int
        g.
    length : float
        c, greater than zero.

    Returns
    -------
    float or ndarray

    Examples
    --------
    Exchange costs the polarised layer twice as much compressibility:

    >>> print(f"{exchange_field(0.0, 1.0, 1) / exchange_field(0.0, 1.0, 2):.0f}")
    2
    >>> print(f"{1e6 * exchange_field(1e6, 1.0, 2):.3f}")
    0.500
    """
    return crossing_field(q, 1.0 / degeneracy, length * fermi_wave_number)
