"""alpha^2 of paper A's Eq. 6 in limits that are known in closed form."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.model.coulomb import madelung_potential
from ehbilayer.model.lattice import Box
from ehbilayer.model.lattice_sums import einstein_frequency
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.superconductivity.box_shifts import COULOMB
from ehbilayer.units import fermi_energy

__all__ = ["decoupled_layers", "gas_by_difference", "uniform_gas"]


def uniform_gas(r_s: ArrayLike) -> float | NDArray:
    r"""alpha^2 of the uniform unpolarised electron gas in Hartree-Fock theory, :math:`1 - \sqrt2 r_s/\pi`.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{uniform_gas(1.0):.4f}")
    0.5498
    """
    return 1 - math.sqrt(2) / math.pi * validation.reals("r_s", r_s, low=0.0, low_open=True)


def gas_by_difference(r_s: float, step: float = 1e-2) -> float:
    """`uniform_gas` from its energy by a second difference over the area, as a calculation would find it.

    Parameters
    ----------
    r_s : float
        In a_e, > 0.
    step : float
        Relative change of the area, from 1e-4 to 0.1.

    Returns
    -------
    float
        With an error of second order in the step.

    Examples
    --------
    >>> print(f"{gas_by_difference(1.0):.4f}")
    0.5499
    """
    r_s = validation.positive("r_s", r_s)
    step = validation.real("step", step, low=1e-4, high=0.1)
    below, here, above = (sum(uniform_gas_energy(r_s * math.sqrt(1 + x), 2)) for x in (-step, 0.0, step))
    return float((below - 2 * here + above) / step**2 / fermi_energy(r_s))


def decoupled_layers(r_s: ArrayLike, mass_ratio: float, holes: str = "crystal") -> float | NDArray:
    r"""alpha^2 at large layer distance: the uniform electron gas and the holes' own bulk modulus.

    A crystal adds its Madelung energy and the zero-point energy of Einstein oscillators,
    :math:`-\tfrac34 \cdot 1.1061\, r_s + \tfrac{21}{16}\, 0.8936 \sqrt{r_s m_e/m_h}`, with corrections of relative
    order :math:`(r_s m_h/m_e)^{-1/2}`. Polarised uniform holes add :math:`2 m_e/m_h - 2 r_s/\pi`.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    mass_ratio : float
        m_h/m_e >= 1.
    holes : {"crystal", "liquid"}

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{decoupled_layers(1.6, 10):.3f} {decoupled_layers(1.6, 10, 'liquid'):.3f}")
    -0.578 -0.539
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0)
    electrons = uniform_gas(r_s)
    r_s = validation.reals("r_s", r_s, low=0.0, low_open=True)
    if validation.option("holes", holes, ("crystal", "liquid")) == "liquid":
        return electrons + 2 / mass_ratio - 2 * r_s / math.pi
    lattice = -COULOMB * madelung_potential(Box.triangular(1, 1)) / 2 * r_s
    return electrons + lattice + 21 / 16 * einstein_frequency() * np.sqrt(r_s / mass_ratio)
