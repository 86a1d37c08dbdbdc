r"""Estimates of drag that the golden rule with a screened Coulomb interaction leaves out.

**Phonons.** Carriers coupled to longitudinal acoustic phonons of the surrounding crystal by a deformation potential Xi
interact over the distance z by

.. math:: U_{ph}(q, \omega, z) = -\frac{\Xi^2}{\rho c^2}\frac{(\omega/\hbar c)^2}{2\kappa}e^{-\kappa|z|}, \qquad
   \kappa^2 = q^2 - (\omega/\hbar c + i/2\ell)^2 ,

besides a contact part, with the mass density rho, the velocity of sound c and the mean free path l of the phonons. It
follows from the phonon propagator, summed over the wave vectors across the layers; both layers screen it. It grows
where the transferred energy is that of a phonon along the layers, and there reaches as far as phonons do: the friction
grows as the logarithm of l over the spacing (Bonsager, Flensberg, Hu and MacDonald, Phys. Rev. B 57, 7085, 1998, who
also find collective modes of electrons and phonons for long l, beyond the first order here). Piezoelectric coupling is
left out.

**Third order.** Without regard to temperature, of the order h/(e^2 g^3) with the conductance g of a layer in e^2/h
(Levchenko and Kamenev, Phys. Rev. Lett. 100, 026805, 2008), for diffusive carriers.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import constants

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.drag.linear import Overlaps, friction, linear_friction, wave_numbers
from ehbilayer.drag.screening import bare_strength
from ehbilayer.model import lindhard
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.numerics.quadrature import Panels
from ehbilayer.units import HBAR

__all__ = [
    "GALLIUM_ARSENIDE",
    "Crystal",
    "OtherDrag",
    "other_drag",
    "phonon_friction",
    "phonon_interaction",
    "third_order",
]

# meV per nm^3 in g/cm^3 (km/s)^2.
_STIFFNESS = 1e9 / (constants.e * 1e-3) * 1e-27
# Energies to which transitions are followed, in k_B T, and panels towards the energy of a phonon.
_TOP, _ORDER = 40.0, 8


class Crystal(NamedTuple):
    """What carries the phonons; by default about gallium arsenide.

    Attributes
    ----------
    deformation : float
        Deformation potential in eV.
    sound : float
        Velocity of longitudinal sound in nm/ps (km/s).
    density : float
        In g/cm^3.
    path : float
        Mean free path of the phonons in micrometres.
    """

    deformation: float = 10.0
    sound: float = 5.2
    density: float = 5.3
    path: float = 100.0


GALLIUM_ARSENIDE = Crystal()
"""Rounded values."""


@checked
def phonon_interaction(
    q: ArrayLike,
    omega: ArrayLike,
    d: float,
    eps_r: float,
    chi_1: ArrayLike,
    chi_2: ArrayLike,
    crystal: Crystal = GALLIUM_ARSENIDE,
) -> NDArray[np.complex128]:
    """Change of the screened interaction between the layers by phonons, of first order in their propagator.

    Parameters
    ----------
    q : array_like
        Wave numbers in nm^-1, from 1e-9 to 1e6.
    omega : array_like
        Energies in meV.
    d : float
        Spacing in nm, zero or more.
    eps_r : float
        Relative permittivity.
    chi_1, chi_2 : array_like
        Responses of the layers in 1/(meV nm^2), broadcast with `q` and `omega`.
    crystal : Crystal

    Returns
    -------
    ndarray of complex
        In meV nm^2.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{abs(phonon_interaction(0.1, 0.2, 20.0, 5.0, 4e-4, 4e-4)):.4f}")
    0.0013
    """
    q = np.asarray(validation.reals("q", q, low=1e-9, high=1e6))
    omega = np.asarray(validation.reals("omega", omega, low=-1e6, high=1e6))
    d = validation.real("d", d, low=0.0, high=1e9)
    eps_r = validation.real("eps_r", eps_r, low=1e-6, high=1e6)
    _check(crystal)
    k = omega / (HBAR * crystal.sound)
    kappa = np.sqrt(q**2 - (k + 0.5e-3j / crystal.path) ** 2)
    stiffness = _STIFFNESS * crystal.density * crystal.sound**2
    within = -((1e3 * crystal.deformation) ** 2) / stiffness * k**2 / (2 * kappa)
    between = within * np.exp(-kappa * d)
    V = bare_strength(eps_r) / q
    V_12 = V * np.exp(-q * d)
    x_1, x_2 = V * np.asarray(chi_1), V * np.asarray(chi_2)
    y_1, y_2 = V_12 * np.asarray(chi_1), V_12 * np.asarray(chi_2)
    # (1 + V chi)^-1 about the change of V, for carriers that feel phonons alike.
    a_11, a_22, a_12, a_21 = 1 + x_2, 1 + x_1, -y_2, -y_1
    epsilon = (1 + x_1) * (1 + x_2) - y_1 * y_2
    change = between * (a_11 * a_22 + a_12 * a_21) + within * (a_11 * a_21 + a_12 * a_22)
    return np.asarray(change / epsilon**2, dtype=complex)


@checked
def phonon_friction(
    layer_1: ParabolicLayer,
    layer_2: ParabolicLayer,
    *,
    d: float,
    eps_r: float,
    crystal: Crystal = GALLIUM_ARSENIDE,
    order: int = 6,
) -> float:
    """Friction between two layers by phonons alone, without interference with the Coulomb interaction.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
        Drive and drag layer at one temperature.
    d : float
        Spacing in nm, greater than zero.
    eps_r : float
        Relative permittivity.
    crystal : Crystal
    order : int
        Gauss-Legendre nodes per panel of q, from 4 on.

    Returns
    -------
    float
        gamma of `ehbilayer.drag.linear.friction`, in 1/(meV nm^2 ps).

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> layer = ParabolicLayer(0.2, 10, 10)
    >>> gamma = phonon_friction(layer, layer, d=20, eps_r=5)
    >>> print(f"1/tau_D of phonons {gamma * layer.curvature:.1e} per ps")
    1/tau_D of phonons 9.1e-06 per ps
    """
    d, eps_r = validation.real("d", d, low=0.0, high=1e9), validation.real("eps_r", eps_r, low=1e-6, high=1e6)
    order = validation.integer("order", order, low=4, high=64)
    _check(crystal)
    # Phonons near their resonance do not fall off with the distance of the layers.
    panels = wave_numbers(layer_1, layer_2, 0.0, order)
    T, quantum = layer_1.thermal_energy, HBAR * crystal.sound
    values = np.empty(panels.nodes.size)
    for i, q in enumerate(panels.nodes):
        peak, top = quantum * q, quantum * q + _TOP * T
        narrowest = 0.1 * quantum * 0.5e-3 / crystal.path
        steps = peak * 4.0 ** -np.arange(math.ceil(math.log(max(peak / narrowest, 4.0), 4.0)) + 1)
        edges = {0.0, peak, top} | {peak + sign * x for x in steps for sign in (-1, 1)}
        edges |= {peak + x for x in np.geomspace(peak, _TOP * T, 12)} if peak < _TOP * T else set()
        line = Panels(tuple(sorted(e for e in edges if 0.0 <= e <= top)), _ORDER)
        omega = line.nodes
        chi_1, chi_2 = (lindhard.response(layer, q, omega) for layer in (layer_1, layer_2))
        static_1, static_2 = (lindhard.response(layer, q).real for layer in (layer_1, layer_2))
        U = phonon_interaction(q, omega, d, eps_r, static_1, static_2, crystal)
        spectrum = chi_1.imag * chi_2.imag / math.pi**2 / (4 * np.sinh(np.minimum(omega / (2 * T), 300.0)) ** 2)
        values[i] = 2 * float(line.weights @ (spectrum * np.abs(U) ** 2))
    return friction(layer_1, layer_2, Overlaps(panels.nodes, panels.weights, values), 1.0)


@checked
def third_order(density: float, mass: float, tau: float) -> float:
    """Order of magnitude of the third-order drag resistivity of two equal layers, h/(e^2 g^3).

    Parameters
    ----------
    density : float
        From 1 to 1e20 cm^-2.
    mass : float
        From 1e-6 to 1e6 m_0.
    tau : float
        Relaxation time, from 1e-20 to 1 s.

    Returns
    -------
    float
        In ohms.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number in its range.

    Examples
    --------
    >>> print(f"{third_order(4e11, 0.2, 1e-12):.1f} ohm")
    8.4 ohm
    """
    ranges = {"density": (1.0, 1e20), "mass": (1e-6, 1e6), "tau": (1e-20, 1.0)}
    density, mass, tau = (
        validation.real(name, value, low=low, high=high)
        for (name, (low, high)), value in zip(ranges.items(), (density, mass, tau), strict=True)
    )
    quantum = constants.h / constants.e**2
    conductance = density * 1e4 * constants.e**2 * tau / (mass * constants.m_e) * quantum
    return quantum / conductance**3


class OtherDrag(NamedTuple):
    """Drag that is left out, over the Coulomb drag of two equal layers with Thomas-Fermi screening.

    Attributes
    ----------
    phonons, third_order : float
        Rates over that of Coulomb drag.
    path : float
        Mean free path of the carriers over the spacing; disorder matters if it is not longer.
    """

    phonons: float
    third_order: float
    path: float


@checked
def other_drag(
    layer: ParabolicLayer, *, d: float, eps_r: float, tau: float, crystal: Crystal = GALLIUM_ARSENIDE
) -> OtherDrag:
    """Estimates for two equal layers.

    Parameters
    ----------
    layer : ParabolicLayer
    d : float
        Spacing in nm, greater than zero.
    eps_r : float
        Relative permittivity.
    tau : float
        Relaxation time of the carriers, from 1e-20 to 1 s.
    crystal : Crystal

    Returns
    -------
    OtherDrag

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> found = other_drag(ParabolicLayer(0.2, 10, 10), d=20, eps_r=5, tau=1e-12)
    >>> print(f"{found.phonons:.2f} {found.third_order:.0f} {found.path:.1f}")
    0.96 458 6.6
    """
    tau, d = validation.real("tau", tau, low=1e-20, high=1.0), validation.real("d", d, low=1e-3, high=1e6)
    phonons = phonon_friction(layer, layer, d=d, eps_r=eps_r, crystal=crystal)
    coulomb = linear_friction(layer, layer, d=d, eps_r=eps_r, screening_kind="thomas-fermi")
    # The force per carrier of a unit of the other layer's velocity: gamma hbar^2 = n e^2 rho.
    per_gamma = constants.hbar**2 / (constants.e * 1e-3 * 1e-18 * 1e-12)  # kg/s
    resistivity = coulomb * per_gamma / (layer.density * 1e18 * constants.e**2)
    third = third_order(layer.density * 1e14, layer.mass, tau) / resistivity
    velocity = layer.curvature * layer.fermi_wave_number / HBAR  # nm/ps
    return OtherDrag(phonons / coulomb, third, velocity * tau * 1e12 / d)


def _check(crystal):
    for name, value in crystal._asdict().items():
        validation.real(f"crystal.{name}", value, low=1e-6, high=1e9)
