r"""Critical current of tightly bound pairs: a Bose gas whose pairs repel each other as the plates of a capacitor do.

In strong coupling it is not the breaking of pairs that limits a current; Landau's criterion is that of their sound.
With the repulsion of a plate capacitor, :math:`\mu = e^2nd/\epsilon`, the velocity of sound and the critical current
per width are

.. math:: v_{\mathrm s} = \sqrt{\frac{e^2nd}{\epsilon(m_e + m_h)}}, \qquad I_{\mathrm c} = e\,n\,v_{\mathrm s} .

Dipoles that avoid each other repel less, and vortices come before: an upper bound. Neither capacitor nor mass asks how
many species share the density, so that the degeneracy does not enter.
"""

import math

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.units import CHARGE, HBAR, HBAR2_PER_M0, capacitor_energy

__all__ = ["bose_current", "pair_repulsion", "sound_velocity"]


@checked
def pair_repulsion(bilayer: Bilayer) -> float:
    """Chemical potential of the pairs' repulsion, e^2 n d/epsilon.

    Parameters
    ----------
    bilayer : Bilayer

    Returns
    -------
    float
        In meV.

    Examples
    --------
    >>> bilayer = Bilayer(m_e=0.8, m_h=0.5, eps_r=5, d=1.0, density=1e12, T=4, tau=1)
    >>> print(f"{pair_repulsion(bilayer):.1f} meV")
    36.2 meV
    """
    bilayer = validation.instance("bilayer", bilayer, Bilayer)
    # The energy per pair grows with the density, so that one more pair costs twice as much.
    return 2 * float(capacitor_energy(bilayer.carriers, bilayer.distance, eps_r=bilayer.permittivity))


@checked
def sound_velocity(bilayer: Bilayer) -> float:
    """Velocity of sound of the gas of pairs.

    Parameters
    ----------
    bilayer : Bilayer

    Returns
    -------
    float
        In nm/ps, which is km/s.

    Examples
    --------
    >>> bilayer = Bilayer(m_e=0.8, m_h=0.5, eps_r=5, d=1.0, density=1e12, T=4, tau=1)
    >>> print(f"{sound_velocity(bilayer):.0f} km/s")
    70 km/s
    """
    mass = (bilayer.m_e + bilayer.m_h) * HBAR**2 / HBAR2_PER_M0
    return math.sqrt(pair_repulsion(bilayer) / mass)


@checked
def bose_current(bilayer: Bilayer) -> float:
    """Critical current of the gas of pairs in either direction, e n v_s times the width.

    Parameters
    ----------
    bilayer : Bilayer

    Returns
    -------
    float
        In µA.

    Examples
    --------
    >>> bilayer = Bilayer(m_e=0.8, m_h=0.5, eps_r=5, d=1.0, density=1e12, T=4, tau=1)
    >>> print(f"{bose_current(bilayer):.0f} µA")
    112 µA
    """
    per_nm2 = bilayer.carriers * 1e-14
    return CHARGE * per_nm2 * sound_velocity(bilayer) * 1e3 * bilayer.width
