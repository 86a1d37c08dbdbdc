"""Sums over the triangular lattice, and the frequency of a carrier in the Wigner crystal."""

import math

from scipy.special import zeta

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.model.lattice import PRIMITIVE

__all__ = ["einstein_frequency", "lattice_sum"]


@checked
def lattice_sum(power: float) -> float:
    """Sum of 1/R^power over the triangular lattice without its origin, R in r_s.

    Parameters
    ----------
    power : float
        Greater than 2, where the sum converges.

    Returns
    -------
    float

    Notes
    -----
    The theta series of the lattice gives ``6 zeta(s) L(s)`` with s = power/2 and the Dirichlet series
    ``L(s) = 1 - 2^-s + 4^-s - 5^-s + ...`` of the character modulo 3.

    Examples
    --------
    >>> f"{lattice_sum(3.0):.6f}"
    '1.597023'
    """
    power = validation.real("power", power, low=2.0, high=1000.0, low_open=True)
    s = power / 2
    dirichlet = 3**-s * (zeta(s, 1 / 3) - zeta(s, 2 / 3))
    return float(6 * zeta(s) * dirichlet / PRIMITIVE[0, 0] ** power)


def einstein_frequency(cells: float = math.inf) -> float:
    """Frequency of one carrier of the Wigner crystal while all others rest, times r_s^(3/2).

    ``m w^2 = (1/2) sum_R R^-3``. Two directions with half a quantum each make it also the zero-point
    energy per carrier of Hartree-Fock theory at large r_s, where the exchange has died out.

    Parameters
    ----------
    cells : float
        Carriers N in a periodic box similar to the cell. Its images move with the carrier, exert no force on it,
        and leave ``w sqrt(1 - N^(-3/2))``. Infinite by default.

    Returns
    -------
    float
        In Ha for a carrier of mass 1.

    Examples
    --------
    >>> f"{einstein_frequency():.4f}", f"{einstein_frequency(9):.4f}"
    ('0.8936', '0.8769')
    """
    if not (isinstance(cells, float) and cells == math.inf):
        cells = validation.integer("cells", cells, low=1)
    return math.sqrt(lattice_sum(3.0) / 2 * (1 - cells**-1.5))
