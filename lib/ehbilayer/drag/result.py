"""Times and nonlinear coefficients of the frictional drag, and what two set-ups measure from them."""

import math
from dataclasses import dataclass, field
from typing import Any

from scipy import constants
from scipy.special import zeta

from ehbilayer import validation
from ehbilayer.drag.screening import bare_strength
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.units import CHARGE, COULOMB, HBAR, HBAR2_PER_M0

__all__ = ["PER_CM2", "PS", "DragCoefficients", "carrier_velocity", "mobility"]

PS, PER_CM2 = 1e-12, 1e14
"""A picosecond in s, and one per nm^2 in cm^-2."""


# Of the arguments.
_UNITS = dict.fromkeys(("E_F_e", "E_F_h", "J", "B"), "meV")
_UNITS |= {"T": "K", "m_e": "m_0", "m_h": "m_0", "d": "nm", "lam": "meV nm"}


@dataclass(frozen=True)
class DragCoefficients:
    """Frictional drag of the holes (layer 2) by the electrons (layer 1) to second order in the drift.

    The force on a hole along x is F/hbar = u1/tau_D1 - u2/tau_D2 + K11 u1^2 + K12 u1 u2 + K22 u2^2 with
    u1 = mass_e v1/hbar and u2 = m_h v2/hbar.

    Attributes
    ----------
    tau_D1, tau_D2 : float
        Drag times in s.
    K11, K12, K22 : float
        In nm/ps.
    density_e, density_h : float
        In cm^-2.
    mass_e : float
        Average mass of the electrons along x (Eq. 10) in m_0.
    current_shift : float
        c in v1 = hbar (u1 + c u1^2)/mass_e, the mean velocity of the chosen drifting distribution, in nm; 0 for the
        linearised one and the drifting equilibrium.
    errors : dict of float
        Estimated relative error of 1/tau_D1, 1/tau_D2 and of the K's (of the largest of them): the change from a
        coarser grid. Empty if no estimate was asked for.
    grid : dict of float
        Numerical grid: ``order``, and for the Rashba layer ``angles`` and ``spacing`` (nm^-1).
    parameters : dict
        The arguments, with T in K, energies in meV, lengths in nm, masses in m_0, lam in meV nm.
    """

    tau_D1: float
    tau_D2: float
    K11: float
    K12: float
    K22: float
    density_e: float
    density_h: float
    mass_e: float
    current_shift: float
    errors: dict[str, float] = field(repr=False)
    grid: dict[str, float] = field(repr=False)
    parameters: dict[str, Any] = field(repr=False)

    @property
    def units(self) -> dict[str, str]:
        """Units of those of the `parameters` that have one."""
        return {name: unit for name, unit in _UNITS.items() if name in self.parameters}

    @property
    def mass_h(self) -> float:
        """Mass of the holes in m_0."""
        return self.parameters["m_h"]

    @property
    def coefficients(self) -> dict[str, float]:
        """1/tau_D1 and 1/tau_D2 in 1/ps, and the K's in nm/ps, by the names of `ehbilayer.drag.printed.NAMES`."""
        rates = {"rate_1": PS / self.tau_D1, "rate_2": PS / self.tau_D2}
        return rates | {"K11": self.K11, "K12": self.K12, "K22": self.K22}

    @property
    def r_s(self) -> tuple[float, float]:
        """Mean distance of the electrons, and of the holes, over their effective Bohr radius.

        1/(a_B sqrt(pi n)), a_B = hbar^2 eps_r/(m e^2) with the masses m_e and m_h and the densities of all species.
        """
        p = self.parameters
        masses = {"e": p["m_e"], "h": p["m_h"]}
        densities = {"e": self.density_e, "h": self.density_h}
        e, h = (
            masses[name] * COULOMB / (p["eps_r"] * HBAR2_PER_M0) / math.sqrt(math.pi * densities[name] / PER_CM2)
            for name in ("e", "h")
        )
        return e, h

    @property
    def resistivity(self) -> float:
        """Drag resistivity E2/j1 with the holes' layer open, in ohms (Eq. 37 with v2 = 0); positive for e-h pairs."""
        # m v/(n e^2 tau): hbar^2/(meV nm^2 m_0) cancels; CHARGE is in µA ps.
        mass = self.mass_e * HBAR**2 / HBAR2_PER_M0  # meV ps^2/nm^2
        density = self.density_e / PER_CM2
        mev_per_e_ps = CHARGE * 1e-6  # V (meV/e) is 1e-3 V, e/ps is CHARGE µA
        return mass / (self.tau_D1 / PS * density) * 1e-3 / mev_per_e_ps

    @property
    def low_temperature_law(self) -> float:
        """Limit of the drag resistivity for T -> 0, k_F d >> 1, q_TF d >> 1 of two parabolic layers, in ohms.

        (h/e^2)(pi zeta(3)/8g^2) (k_B T)^2/(E_F1 E_F2)/(k_F1 d k_F2 d q_1 d q_2 d), q_i = 2 pi e^2 g nu_i/eps_r with
        nu_i that of one of g species; infinite at d = 0 and below the bands.
        """
        p = self.parameters
        if p["d"] == 0.0 or min(p["E_F_e"], p["E_F_h"]) <= 0.0:
            return math.inf
        layers = [ParabolicLayer(p[f"m_{name}"], p[f"E_F_{name}"], p["T"]) for name in ("e", "h")]
        lengths = [
            k * p["d"]
            for layer in layers
            for k in (layer.fermi_wave_number, bare_strength(p["eps_r"] / p["degeneracy"]) * layer.density_of_states)
        ]
        energies = [layer.E_F / layer.thermal_energy for layer in layers]
        quantum, product = constants.h / constants.e**2, math.prod(energies) * math.prod(lengths)
        law = quantum * math.pi * float(zeta(3)) / (8 * p["degeneracy"] ** 2)
        return law / product if product > 0 else math.inf  # a product may be too small for a float

    def drag_ratio(self, tau_2: float) -> float:
        """Linear drag ratio zeta = j2/j1 with the holes' layer short-circuited (Eqs. 10 and 53).

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s, greater than zero.

        Returns
        -------
        float
            Negative for an electron-hole pair.

        Raises
        ------
        TypeError, ArgumentError
            If `tau_2` is not a finite number greater than zero.
        """
        return -self.density_h * self.mass_e / (self.density_e * self.mass_h * self._resistance(tau_2))

    def nonreciprocity(self, tau_2: float, current: float = 1.0) -> float:
        """Relative change zeta^(1)/zeta^(0) of the drag ratio at a drive current, to first order (Eq. 54, corrected).

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s.
        current : float
            Drive current per width in A/m, the same as µA/µm; of either sign.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number in its range.
        """
        return (self.tau_D1 / PS * sum(self.second_order_terms(tau_2)) - self.current_shift) * self.drift(current)

    def second_order_terms(self, tau_2: float) -> tuple[float, float, float]:
        """K11, K12/D and K22/D^2, D = tau_D1/tau_2 + tau_D1/tau_D2: the three parts of zeta^(1)/zeta^(0).

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s.

        Returns
        -------
        tuple of float
            In nm/ps.

        Raises
        ------
        TypeError, ArgumentError
            If `tau_2` is not a finite number greater than zero.
        """
        inverse = 1 / self._resistance(tau_2)
        return self.K11, self.K12 * inverse, self.K22 * inverse**2

    def drag_ratio_at(self, tau_2: float, current: float) -> float:
        """Drag ratio at a finite drive current: the exact root of the quadratic force balance (Eq. 49).

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s.
        current : float
            Drive current per width in A/m, not zero.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number in its range, or the balance has no real root.
        """
        velocity = self.drift(current)
        if velocity == 0.0:
            return self.drag_ratio(tau_2)
        bend = 1 + 4 * self.current_shift * velocity
        if bend < 0:
            raise ArgumentError("current", current, "one that the drifting distribution carries")
        u1 = 2 * velocity / (1 + math.sqrt(bend))
        time = self.tau_D1 / PS
        # u2 = r u1: time K22 u1 r^2 - (D - time K12 u1) r + (1 + time K11 u1) = 0, the root that is 1/D for u1 -> 0.
        square, line = time * self.K22 * u1, self._resistance(tau_2) - time * self.K12 * u1
        constant = 1 + time * self.K11 * u1
        root = line**2 - 4 * square * constant
        if root < 0 or line <= 0:
            raise ArgumentError("current", current, "one at which the second-order force balance has a solution")
        ratio = 2 * constant / (line + math.sqrt(root))
        return -self.density_h * self.mass_e / (self.density_e * self.mass_h) * ratio * u1 / velocity

    def _resistance(self, tau_2: float) -> float:
        tau_2 = validation.positive("tau_2", tau_2)
        return self.tau_D1 / tau_2 + self.tau_D1 / self.tau_D2

    def drift(self, current: float) -> float:
        """Mean wave number u1 = mass_e v1/hbar of the electrons, charges -e, that carry a drive current.

        Parameters
        ----------
        current : float
            Drive current per width in A/m.

        Returns
        -------
        float
            In nm^-1.

        Raises
        ------
        TypeError
            If the current is not a real number.
        ArgumentError
            If it is not finite.
        """
        return self.mass_e * HBAR / HBAR2_PER_M0 * carrier_velocity(current, self.density_e / PER_CM2)


def carrier_velocity(current: float, carriers: float) -> float:
    """Mean velocity of electrons, charges -e, that carry a current.

    Parameters
    ----------
    current : float
        Per width in A/m, the same as µA/µm; of either sign.
    carriers : float
        Per area, in nm^-2, greater than zero.

    Returns
    -------
    float
        In nm/ps.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number in its range.

    Examples
    --------
    >>> print(f"{carrier_velocity(1.0, 4e-3):.2f}")
    -1.56
    """
    return -1e-3 * validation.real("current", current) / (CHARGE * validation.positive("carriers", carriers))


def mobility(tau: float, mass: float) -> float:
    """Mobility e tau/m of carriers with one relaxation time.

    Parameters
    ----------
    tau : float
        Relaxation time in s, greater than zero.
    mass : float
        In m_0, greater than zero.

    Returns
    -------
    float
        In m^2/(V s).

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number greater than zero.

    Examples
    --------
    >>> print(f"{mobility(1e-9, 0.2):.0f}")
    879
    """
    return (
        constants.e
        * validation.positive("tau", tau)
        / (validation.real("mass", mass, low=1e-6, high=1e6) * constants.m_e)
    )
