"""Layers of free carriers, one spin species each, in meV and nm; energies are counted from the band's minimum.

The chemical potential is `E_F` in every kind of layer: xi(k) = epsilon(k) - min epsilon - E_F.
"""

import math
from dataclasses import dataclass

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.units import HBAR2_PER_M0, K_B

__all__ = ["LOWEST_LEVEL", "OCCUPATION_TAIL", "Layer", "ParabolicLayer"]

OCCUPATION_TAIL = 34.0
"""Fermi functions are followed to exp(-OCCUPATION_TAIL) beyond the chemical potential."""

LOWEST_LEVEL = -8.0
"""Lowest chemical potential over k_B T: tails are cut at fixed occupations, which thinner layers would not reach."""


@dataclass(frozen=True)
class Layer:
    """What every kind of layer derives from mass, E_F and T alone.

    Parameters
    ----------
    mass : float
        In m_0, greater than zero.
    E_F : float
        Chemical potential above the band minimum in meV, at least `LOWEST_LEVEL` times k_B T.
    T : float
        Temperature in K, greater than zero.

    Raises
    ------
    TypeError
        If an argument is not a real number.
    ArgumentError
        If an argument is not finite or not in its range.

    Examples
    --------
    >>> print(f"{Layer(mass=0.2, E_F=10, T=10).thermal_energy:.4f} meV")
    0.8617 meV
    """

    mass: float
    E_F: float
    T: float

    def __post_init__(self) -> None:
        for name in ("mass", "T"):
            object.__setattr__(self, name, validation.positive(name, getattr(self, name)))
        level = validation.real("E_F", self.E_F, low=LOWEST_LEVEL * self.thermal_energy)
        object.__setattr__(self, "E_F", level)

    @property
    def thermal_energy(self) -> float:
        """k_B T in meV."""
        return K_B * self.T

    @property
    def curvature(self) -> float:
        """hbar^2/m in meV nm^2."""
        return HBAR2_PER_M0 / self.mass


@dataclass(frozen=True)
class ParabolicLayer(Layer):
    """A layer with the band hbar^2 k^2/2m.

    Parameters
    ----------
    mass : float
        In m_0, greater than zero.
    E_F : float
        Chemical potential above the band minimum in meV, at least `LOWEST_LEVEL` times k_B T.
    T : float
        Temperature in K, greater than zero.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number in its range.

    Examples
    --------
    >>> layer = ParabolicLayer(mass=0.2, E_F=10, T=10)
    >>> print(f"{layer.density * 1e14:.3e} cm^-2")
    4.177e+11 cm^-2
    """

    @property
    def eta(self) -> float:
        """Chemical potential over k_B T."""
        return self.E_F / self.thermal_energy

    @property
    def density_of_states(self) -> float:
        """1/(2 pi curvature) in 1/(meV nm^2)."""
        return 1 / (2 * math.pi * self.curvature)

    @property
    def density(self) -> float:
        """Carriers per nm^2, nu T ln(1 + exp(eta))."""
        return self.density_of_states * self.thermal_energy * float(np.logaddexp(0.0, self.eta))

    @property
    def compressibility(self) -> float:
        """dn/dmu at T in 1/(meV nm^2), nu/(1 + exp(-eta))."""
        return self.density_of_states / (1 + math.exp(-self.eta))

    @property
    def fermi_wave_number(self) -> float:
        """Wave number at the chemical potential in nm^-1, 0 below the band."""
        return math.sqrt(2 * max(self.E_F, 0.0) / self.curvature)

    @property
    def strip(self) -> float:
        """Scale on which occupations change along a line of wave numbers, in nm^-1.

        The distance of the Fermi function's poles from the real axis, pi k_B T/(hbar v_F) in a degenerate layer; at
        most two thermal wave numbers, which resolve a Boltzmann distribution.
        """
        T, c = self.thermal_energy, self.curvature
        size = math.hypot(self.E_F, math.pi * T)
        # size - E_F without its cancellation
        gap = (math.pi * T) ** 2 / (size + self.E_F) if self.E_F > 0 else size - self.E_F
        return min(math.sqrt(gap / c), 2 * math.sqrt(T / c))

    @property
    def average_mass(self) -> float:
        """Average mass of Eq. 10, here the mass itself, in m_0."""
        return self.mass

    @property
    def average_third_derivative(self) -> float:
        """Zero: the current of a shifted parabola is exactly linear in the shift."""
        return 0.0

    @classmethod
    def from_density(cls, mass: float, density: float, T: float) -> "ParabolicLayer":
        """Layer that holds a given density.

        Parameters
        ----------
        mass : float
            In m_0.
        density : float
            Per nm^2, so high that the chemical potential is at least `LOWEST_LEVEL` k_B T.
        T : float
            In K.

        Returns
        -------
        ParabolicLayer

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number in its range.

        Examples
        --------
        >>> print(f"{ParabolicLayer.from_density(0.2, 4.177e-3, 10).E_F:.2f} meV")
        10.00 meV
        """
        edge = cls(mass, 0.0, T)
        filling = validation.positive("density", density) / (edge.density_of_states * edge.thermal_energy)
        eta = filling + math.log(-math.expm1(-filling))
        if eta < LOWEST_LEVEL:
            least = cls(mass, LOWEST_LEVEL * edge.thermal_energy, T).density
            raise ArgumentError("density", density, f"more than {least:.3g} nm^-2 at T = {T:g} K")
        return cls(mass, edge.thermal_energy * eta, T)

    def reach(self, tail: float = OCCUPATION_TAIL) -> float:
        """Wave number beyond which the occupation is below exp(-tail), in nm^-1."""
        return math.sqrt(2 * (max(self.E_F, 0.0) + tail * self.thermal_energy) / self.curvature)
