"""Natural units of the bilayer and their SI values.

Energies are in meV, lengths in nm, times in ps, temperatures in K, densities in
cm^-2, masses in bare electron masses m_0 and currents per width in µA/µm. All
constants come from `scipy.constants` (CODATA).

Each unit system of the two papers has hbar = 1 and the mass of one carrier as its
unit of mass, and is fixed by its unit of energy: the Hartree of that carrier
(`AtomicUnits`, paper A) or a thermal energy (`ThermalUnits`, paper B).

Functions of r_s take and return the atomic units of the carrier whose r_s is given.
Everything here refuses what is no real number with TypeError and what is not finite or
out of range with ArgumentError.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import constants

from ehbilayer.validation import integer, positive, reals

__all__ = [
    "CHARGE",
    "COULOMB",
    "HBAR",
    "HBAR2_PER_M0",
    "K_B",
    "MU_B",
    "AtomicUnits",
    "NaturalUnits",
    "ThermalUnits",
    "capacitor_energy",
    "debye_wave_vector",
    "energy_in_hole_units",
    "fermi_energy",
    "fermi_wave_vector",
    "length_in_hole_units",
    "r_s_from_fermi_energy",
    "reduced_spacing",
]

_MEV = 1e-3 * constants.e
_NM = 1e-9
_PS = 1e-12
_PER_CM2 = 1e14  # nm^-2 in cm^-2

HBAR = constants.hbar / (_MEV * _PS)
"""Reduced Planck constant in meV ps."""

HBAR2_PER_M0 = constants.hbar**2 / (constants.m_e * _MEV * _NM**2)
"""hbar^2/m_0 in meV nm^2."""

COULOMB = constants.e**2 / (4 * constants.pi * constants.epsilon_0 * _MEV * _NM)
"""e^2/(4 pi epsilon_0) in meV nm."""

K_B = constants.k / _MEV
"""Boltzmann constant in meV/K."""

CHARGE = constants.e / _PS * 1e6
"""Elementary charge in µA ps."""

MU_B = constants.physical_constants["Bohr magneton"][0] / _MEV
"""Bohr magneton in meV/T."""


@dataclass(frozen=True)
class NaturalUnits(ABC):
    """Units with hbar = 1 and the mass of one carrier as unit of mass.

    A subclass supplies `energy_meV`; the other units follow from it.

    Parameters
    ----------
    mass : float
        Mass of the carrier in m_0, greater than zero.
    """

    mass: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            object.__setattr__(self, name, positive(name, value))

    @property
    @abstractmethod
    def energy_meV(self) -> float:
        """Unit of energy E in meV."""

    @property
    def length_nm(self) -> float:
        """Unit of length hbar/sqrt(m E) in nm."""
        return math.sqrt(HBAR2_PER_M0 / (self.mass * self.energy_meV))

    @property
    def time_ps(self) -> float:
        """Unit of time hbar/E in ps."""
        return HBAR / self.energy_meV

    @property
    def temperature_K(self) -> float:
        """Unit of temperature E/k_B in K."""
        return self.energy_meV / K_B

    @property
    def density_cm2(self) -> float:
        """Unit of areal density, one carrier per squared unit of length, in cm^-2."""
        return _PER_CM2 / self.length_nm**2

    @property
    def current_uA_per_um(self) -> float:
        """Charge e times the unit of current per width, E/(hbar length), in µA/µm."""
        return CHARGE / self.time_ps / (1e-3 * self.length_nm)


@dataclass(frozen=True)
class AtomicUnits(NaturalUnits):
    """Atomic units of one carrier in a dielectric.

    The unit of length is its Bohr radius ``4 pi epsilon_0 eps_r hbar^2/(m e^2)``, the
    unit of energy its Hartree ``m e^4/((4 pi epsilon_0 eps_r)^2 hbar^2)``.

    Parameters
    ----------
    mass : float
        Mass of the carrier in m_0, greater than zero.
    eps_r : float
        Relative permittivity of the surroundings, greater than zero.

    Notes
    -----
    Paper A writes a_e, T_H for the electrons and a_h, Ha_h for the holes. A length or
    r_s in units of a_h is the mass ratio m_h/m_e times its value in units of a_e.

    Examples
    --------
    The electrons of paper A at m_h/m_e = 10, m_h = m_0 and eps_r = 5:

    >>> electron = AtomicUnits(mass=0.1, eps_r=5)
    >>> print(f"{electron.length_nm:.4f} nm, {electron.temperature_K:.0f} K")
    2.6459 nm, 1263 K
    """

    eps_r: float

    @property
    def energy_meV(self) -> float:
        """Hartree of the carrier in meV."""
        return self.mass * (COULOMB / self.eps_r) ** 2 / HBAR2_PER_M0

    def density_at(self, r_s: ArrayLike) -> float | NDArray[np.float64]:
        """Areal density of carriers at a given r_s.

        Parameters
        ----------
        r_s : float or array_like
            Wigner-Seitz radius in units of this carrier's Bohr radius, greater than zero.

        Returns
        -------
        float or numpy.ndarray
            Density ``1/(pi (r_s a)^2)`` in cm^-2.

        Examples
        --------
        >>> print(f"{AtomicUnits(mass=0.1, eps_r=5).density_at(1.6):.2e}")
        1.78e+12
        """
        r_s = reals("r_s", r_s, low=0.0, low_open=True)
        return self.density_cm2 / (math.pi * r_s**2)

    def r_s_at(self, density_cm2: ArrayLike) -> float | NDArray[np.float64]:
        """Wigner-Seitz radius at a given density, the inverse of `density_at`.

        Parameters
        ----------
        density_cm2 : float or array_like
            Areal density in cm^-2, greater than zero.

        Returns
        -------
        float or numpy.ndarray
            r_s in units of this carrier's Bohr radius.

        Examples
        --------
        >>> print(f"{AtomicUnits(mass=0.1, eps_r=5).r_s_at(1.776e12):.2f}")
        1.60
        """
        density_cm2 = reals("density_cm2", density_cm2, low=0.0, low_open=True)
        return np.sqrt(self.density_cm2 / (math.pi * density_cm2))


@dataclass(frozen=True)
class ThermalUnits(NaturalUnits):
    """Units with k_B T_c = m = hbar = 1 (paper B: E_u, l_u, J_u).

    Parameters
    ----------
    mass : float
        Common mass of electrons and holes in m_0, greater than zero.
    T_c : float
        Transition temperature in K, greater than zero.

    Notes
    -----
    Paper B leaves J_u undefined; here J_u = E_u/(hbar l_u), the derivative of a free
    energy per area with respect to a wave vector, divided by hbar.

    Examples
    --------
    >>> unit = ThermalUnits(mass=0.2, T_c=10)
    >>> print(f"{unit.length_nm:.2f} nm, {unit.current_uA_per_um:.3f} µA/µm")
    21.03 nm, 9.976 µA/µm
    """

    T_c: float

    @property
    def energy_meV(self) -> float:
        """Thermal energy k_B T_c in meV."""
        return K_B * self.T_c

    def reduce(self, *, lam: float, **energies: float) -> dict[str, float]:
        """Parameters of a Rashba-Zeeman band in these units, from laboratory units.

        Parameters
        ----------
        lam : float
            Rashba parameter in meV nm.
        **energies : float
            In meV: Zeeman energies J and B, Fermi energies, chemical potentials.

        Returns
        -------
        dict of str to float
            By the names given.

        Examples
        --------
        >>> band = ThermalUnits(mass=0.2, T_c=10).reduce(lam=36.0, J=5.0, B=10.0)
        >>> {name: round(value, 2) for name, value in band.items()}
        {'lam': 1.99, 'J': 5.8, 'B': 11.6}
        """
        energy = self.energy_meV
        return {"lam": lam / (energy * self.length_nm)} | {name: value / energy for name, value in energies.items()}

    def wavelength_nm(self, q: ArrayLike) -> float | NDArray[np.float64]:
        """Wavelength of a modulation with a given wave vector.

        Parameters
        ----------
        q : float or array_like
            Wave vector in 1/l_u, greater than zero.

        Returns
        -------
        float or numpy.ndarray
            ``2 pi l_u/q`` in nm.

        Examples
        --------
        >>> print(f"{ThermalUnits(mass=0.2, T_c=10).wavelength_nm(0.2):.1f}")
        660.6
        """
        return 2 * math.pi * self.length_nm / reals("q", q, low=0.0, low_open=True)

    def zeeman_tesla(self, energy: ArrayLike, *, g_factor: float) -> float | NDArray[np.float64]:
        """Magnetic field behind a Zeeman energy.

        Parameters
        ----------
        energy : float or array_like
            B or J in k_B T_c, as they multiply Pauli matrices in paper B, Eq. 2.
        g_factor : float
            g factor of the carriers, greater than zero.

        Returns
        -------
        float or numpy.ndarray
            ``2 energy/(g mu_B)`` in tesla.

        Examples
        --------
        >>> print(f"{ThermalUnits(mass=0.2, T_c=10).zeeman_tesla(3.0, g_factor=2.0):.1f} T")
        44.7 T
        """
        return 2 * self.energy_meV * reals("energy", energy) / (positive("g_factor", g_factor) * MU_B)


def length_in_hole_units(length: ArrayLike, *, mass_ratio: float) -> float | NDArray[np.float64]:
    """Convert a length from units of a_e to units of a_h; r_s and d are such lengths.

    Parameters
    ----------
    length : float or array_like
        Length (r_s, d, ...) in units of a_e, zero or greater.
    mass_ratio : float
        m_h/m_e, greater than zero.

    Returns
    -------
    float or numpy.ndarray
        The same length in units of a_h = a_e m_e/m_h; with the inverse ratio the way back.

    Examples
    --------
    >>> length_in_hole_units(1.6, mass_ratio=10)
    16.0
    """
    return reals("length", length, low=0.0) * positive("mass_ratio", mass_ratio)


def energy_in_hole_units(energy: ArrayLike, *, mass_ratio: float) -> float | NDArray[np.float64]:
    """Convert an energy from electron Hartree to hole Hartree.

    Parameters
    ----------
    energy : float or array_like
        Energy in Ha_e, of either sign.
    mass_ratio : float
        m_h/m_e, greater than zero.

    Returns
    -------
    float or numpy.ndarray
        The same energy in Ha_h = Ha_e m_h/m_e; with the inverse ratio the way back.

    Examples
    --------
    The electrons' Fermi energy at r_s of the holes 7 and mass ratio 10, so r_s of the electrons 0.7:

    >>> print(f"{energy_in_hole_units(fermi_energy(0.7), mass_ratio=10):.4f}")
    0.2041
    """
    return reals("energy", energy) / positive("mass_ratio", mass_ratio)


def reduced_spacing(d: ArrayLike, r_s: ArrayLike) -> float | NDArray[np.float64]:
    """Layer spacing in units of the interparticle distance, beta = d sqrt(pi n) = d/r_s.

    Parameters
    ----------
    d : float or array_like
        Layer spacing, zero or greater.
    r_s : float or array_like
        Wigner-Seitz radius in the same unit of length as `d`, greater than zero;
        broadcast against `d`.

    Returns
    -------
    float or numpy.ndarray
        beta, dimensionless (paper A, text before Eq. 1).

    Examples
    --------
    >>> reduced_spacing(1.0, 1.6)
    0.625
    """
    return reals("d", d, low=0.0) / reals("r_s", r_s, low=0.0, low_open=True)


def capacitor_energy(density_cm2: ArrayLike, d_nm: ArrayLike, *, eps_r: float) -> float | NDArray[np.float64]:
    """Energy per pair of two uniformly charged layers, ``e^2 n d/(2 epsilon_0 eps_r)``.

    Parameters
    ----------
    density_cm2 : float or array_like
        Density of each layer in cm^-2, greater than zero.
    d_nm : float or array_like
        Layer spacing in nm, zero or greater.
    eps_r : float
        Relative permittivity, greater than zero.

    Returns
    -------
    float or numpy.ndarray
        In meV. The terms with q = 0 leave this behind; paper A sets them to zero (supplement).

    Examples
    --------
    >>> print(f"{capacitor_energy(1e12, 1.0, eps_r=5):.1f} meV")
    18.1 meV
    """
    density = reals("density_cm2", density_cm2, low=0.0, low_open=True) / _PER_CM2
    return 2 * math.pi * COULOMB / positive("eps_r", eps_r) * density * reals("d_nm", d_nm, low=0.0)


def fermi_wave_vector(r_s: ArrayLike, *, degeneracy: int = 2) -> float | NDArray[np.float64]:
    """Fermi wave vector of a free gas, k_F = 2/(sqrt(g) r_s).

    Parameters
    ----------
    r_s : float or array_like
        Wigner-Seitz radius of the whole gas, greater than zero.
    degeneracy : int
        Number g of equally filled spin (and valley) species; 2 is the unpolarised
        gas, k_F = sqrt(2)/r_s, and 1 the polarised one.

    Returns
    -------
    float or numpy.ndarray
        k_F in inverse Bohr radii of the carrier.

    Examples
    --------
    >>> fermi_wave_vector(2.0, degeneracy=1)
    1.0
    """
    spread = math.sqrt(integer("degeneracy", degeneracy, low=1))
    return 2.0 / (spread * reals("r_s", r_s, low=0.0, low_open=True))


def debye_wave_vector(r_s: ArrayLike) -> float | NDArray[np.float64]:
    """Radius k_D of the circle with the area of the carrier lattice's Brillouin zone.

    With one site for each carrier k_D = 2/r_s = sqrt(4 pi n), which is sqrt(2) times
    the Fermi wave vector of the unpolarised electrons (paper A, supplement) and equal
    to that of a polarised gas.

    Parameters
    ----------
    r_s : float or array_like
        Wigner-Seitz radius, greater than zero.

    Returns
    -------
    float or numpy.ndarray
        k_D in inverse Bohr radii of the carrier.

    Examples
    --------
    >>> debye_wave_vector(1.6)
    1.25
    """
    return fermi_wave_vector(r_s, degeneracy=1)


def fermi_energy(r_s: ArrayLike, *, degeneracy: int = 2) -> float | NDArray[np.float64]:
    """Fermi energy of a free gas, eps_F = k_F^2/2 = 2/(g r_s^2).

    Parameters
    ----------
    r_s : float or array_like
        Wigner-Seitz radius of the whole gas, at least 1e-60.
    degeneracy : int
        Number g of equally filled species; 2 gives the unpolarised eps_F = 1/r_s^2.

    Returns
    -------
    float or numpy.ndarray
        eps_F in Hartree of the carrier.

    Examples
    --------
    >>> fermi_energy(0.5)
    4.0
    """
    r_s = reals("r_s", reals("r_s", r_s, low=0.0, low_open=True), low=1e-60)
    return 2.0 / (integer("degeneracy", degeneracy, low=1) * r_s**2)


def r_s_from_fermi_energy(energy: ArrayLike, *, degeneracy: int = 2) -> float | NDArray[np.float64]:
    """Wigner-Seitz radius of a free gas with a given Fermi energy, the inverse of `fermi_energy`.

    Parameters
    ----------
    energy : float or array_like
        Fermi energy above the band minimum in Hartree of the carrier, greater than zero.
    degeneracy : int
        Number of equally filled species.

    Returns
    -------
    float or numpy.ndarray
        r_s in Bohr radii of the carrier.

    Examples
    --------
    The density of a polarised layer with a Fermi energy of 10 meV (drag in paper B):

    >>> layer = AtomicUnits(mass=0.2, eps_r=5)
    >>> r_s = r_s_from_fermi_energy(10 / layer.energy_meV, degeneracy=1)
    >>> print(f"{layer.density_at(r_s):.2e}")
    4.18e+11
    """
    energy = reals("energy", energy, low=0.0, low_open=True)
    return np.sqrt(2.0 / (integer("degeneracy", degeneracy, low=1) * energy))
