r"""Hubbard's local field of a two-dimensional layer: the exchange hole in its density response.

Carriers of one species keep apart, so that one of them feels less of its layer's charge: the interaction within the
layer that drives the response is V (1 - G), with

.. math:: G(q) = \frac{q}{g\sqrt{q^2 + (ck_F)^2}}

for g equally filled species. It tends to 1/g at short waves, since equal carriers never meet. Hubbard's own form has
c = 1; with c = pi/2 the long waves obey the compressibility sum rule of Hartree–Fock theory,
:math:`VG \to 4e^2/(\epsilon_r g k_F) = -d^2(n\epsilon_x)/dn^2`.
"""

import math
from typing import Any

import numpy as np
from numba.extending import register_jitable

#: c of the module's head for the exchange compressibility of Hartree–Fock theory.
COMPRESSIBILITY = math.pi / 2


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
    return 1.0 / (degeneracy * np.sqrt(q * q + (length * fermi_wave_number) ** 2))
