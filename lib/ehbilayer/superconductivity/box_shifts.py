r"""What a finite box adds to alpha^2 of paper A's Eq. 6 in closed form: zero mode and electrons' shells.

Wigner-Seitz radii in units of the electrons' Bohr radius a_e.
"""

from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.model.coulomb import madelung_potential
from ehbilayer.model.lattice import Box
from ehbilayer.phases.liquid import shell_correction

__all__ = ["COULOMB", "madelung_shift", "shell_shift"]

#: Second derivative of x^(-1/2) at 1: the weight of a 1/r_s energy in alpha^2.
COULOMB = 0.75


def madelung_shift(r_s: ArrayLike, mesh: int) -> float | NDArray:
    r"""Change of alpha^2 by the Madelung correction, :math:`-\tfrac34 v_M r_s` with v_M of the box.

    Each pair has the energy ``-v_M/r_s`` with its images, whatever the state.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    mesh : int
        The box holds ``mesh**2`` pairs.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{madelung_shift(1.6, 6):.4f}")
    -0.4424
    """
    r_s = validation.reals("r_s", r_s, low=1e-3, high=1e6)
    mesh = validation.integer("mesh", mesh, low=1, high=100)
    return -COULOMB * madelung_potential(Box.triangular(mesh, mesh)) * r_s


def shell_shift(r_s: ArrayLike, mesh: int) -> float | NDArray:
    r"""Change of alpha^2 on replacing the electrons' shells of the box by their thermodynamic limit.

    Beyond the zero mode a finite box changes the kinetic and exchange energy of the electron liquid. For free
    electrons both are known exactly (`ehbilayer.phases.liquid.shell_correction`):
    :math:`\Delta E = K/r_s^2 + X/r_s` per pair adds :math:`2K + \tfrac34 X r_s` to alpha^2.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    mesh : int
        The box holds ``mesh**2`` pairs.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{shell_shift(1.6, 6):.4f} {shell_shift(1.6, 12):.4f}")
    0.0312 -0.0045
    """
    r_s = validation.reals("r_s", r_s, low=1e-3, high=1e6)
    one, two = (shell_correction(x, mesh, 1.0, False) for x in (1.0, 2.0))
    exchange = 4 * two - one
    return 2 * (one - exchange) + COULOMB * exchange * r_s
