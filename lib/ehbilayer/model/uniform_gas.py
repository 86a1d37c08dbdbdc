"""The uniform two-dimensional electron gas in Hartree-Fock theory."""

import math

from ehbilayer import validation
from ehbilayer.checked import checked

__all__ = ["uniform_gas_energy"]


@checked
def uniform_gas_energy(r_s: float, spin: int = 1) -> tuple[float, float]:
    """Kinetic and exchange energy per carrier of the uniform gas.

    ``1/(s r_s^2)`` and ``-8/(3 pi sqrt(s) r_s)`` for s equally filled spin components: averages over the Fermi
    disc of k^2/2 and of half the exchange self-energy (Giuliani and Vignale, chapter 1).

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius, > 0.
    spin : int
        Spin components: 1 polarised, 2 unpolarised.

    Returns
    -------
    kinetic, exchange : float
        In Ha.

    Examples
    --------
    >>> [f"{value:.10f}" for value in uniform_gas_energy(1.0)]
    ['1.0000000000', '-0.8488263632']
    >>> [f"{value:.10f}" for value in uniform_gas_energy(1.0, spin=2)]
    ['0.5000000000', '-0.6002108774']
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    spin = validation.integer("spin", spin, low=1, high=2)
    return 1 / (spin * r_s**2), -8 / (3 * math.pi * math.sqrt(spin) * r_s)
