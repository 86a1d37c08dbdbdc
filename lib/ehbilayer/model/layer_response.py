r"""Static density response of a correlated layer: Lindhard's function with a local field.

.. math::

    \chi(q)^{-1} = \chi_0(q)^{-1} + \frac{2\pi}{q}[1 - G(q)], \qquad G(q) = \frac{Aq}{\sqrt{1 + (Aq)^2}}.

A is fixed by the compressibility of the Monte Carlo energy (`quantum_liquid.exchange_correlation_stiffness`), and G
tends to 1 at short distance, where carriers keep out of each other's way; diffusion Monte Carlo finds local fields that
follow the first limit up to about 2 k_F and cross over there (Moroni, Ceperley and Senatore, Phys. Rev. Lett. 75, 689,
1995). The response stays finite at any q > 0, also where the compressibility is negative.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.model.lindhard import zero_temperature
from ehbilayer.model.quantum_liquid import exchange_correlation_stiffness

__all__ = ["layer_response"]


@checked
def layer_response(
    q: ArrayLike, *, r_s: float, mass: float = 1.0, polarisation: float = 0.0, local_field: bool = True
) -> NDArray:
    """chi(q) > 0 of one layer at zero frequency and temperature.

    Parameters
    ----------
    q : array_like
        Wave numbers in 1/a of the carrier of mass 1, > 0.
    r_s : float
        Wigner-Seitz radius in the same unit of length a; times `mass` from 1e-3 to 1e6.
    mass : float
        Of the layer's carriers, > 0.
    polarisation : float
        0 for an unpolarised, 1 for a polarised layer.
    local_field : bool
        False for the random-phase approximation, G = 0.

    Returns
    -------
    ndarray
        Density per energy, in 1/(Ha a^2) of the carrier of mass 1.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{layer_response(1.0, r_s=2.0):.4f} {layer_response(1.0, r_s=2.0, local_field=False):.4f}")
    0.1502 0.1061
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    mass = validation.positive("mass", mass, high=1e6)
    r_s = validation.real("r_s", r_s, low=1e-3 / mass, high=1e6 / mass)
    if validation.real("polarisation", polarisation) not in (0.0, 1.0):
        raise ArgumentError("polarisation", polarisation, "0 or 1")
    spins = 1 if polarisation else 2
    wave_number = 2 / (r_s * math.sqrt(spins))
    free = spins * mass / (2 * math.pi) * zero_temperature(q, 0.0, fermi_wave_number=wave_number).real
    field = np.zeros_like(q)
    if local_field:
        stiffness = exchange_correlation_stiffness(mass * r_s, float(2 - spins)) / mass
        slope = -stiffness * q / (2 * math.pi)
        field = slope / np.sqrt(1 + slope**2)
    return 1 / (1 / free + 2 * math.pi / q * (1 - field))
