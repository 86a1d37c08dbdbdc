"""An electron-hole bilayer in laboratory units."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, cast

from scipy import constants

from ehbilayer import validation
from ehbilayer.condensate.pair_temperature import INTERACTIONS
from ehbilayer.errors import ArgumentError, shown
from ehbilayer.units import HBAR2_PER_M0, MU_B, AtomicUnits

__all__ = ["OUTSIDE", "UNITS", "Bilayer", "gate_density"]

OUTSIDE = ("keldysh", "valleys", "dirac")
"""What a device may have and no theory here knows: polarisable layers, valleys, carriers that are no parabola's."""

UNITS = {
    "m_e": "m_0",
    "m_h": "m_0",
    "d": "nm",
    "density": "cm^-2",
    "gate_voltage": "V",
    "gate_offset": "V",
    "gate_thickness": "nm",
    "gate_capacitance": "nF/cm^2",
    "lam": "meV nm",
    "J": "meV",
    "B": "meV",
    "tesla_perpendicular": "T",
    "tesla_in_plane": "T",
    "T": "K",
    "mobility": "cm^2/(V s)",
    "tau": "ps",
    "width": "µm",
    "T_c": "K",
}
"""Units of the parameters of `Bilayer`; the others have none."""

_RANGES = {
    "m_e": (1e-3, 1e5),
    "m_h": (1e-3, 1e5),
    "eps_r": (1.0, 1e3),
    "eps_parallel": (1.0, 1e3),
    "eps_perp": (1.0, 1e3),
    "d": (0.0, 1e4),
    "T": (1e-3, 1e4),
    "density": (1e6, 1e17),
    "gate_voltage": (-1e4, 1e4),
    "gate_offset": (-1e4, 1e4),
    "gate_capacitance": (1e-3, 1e6),
    "gate_thickness": (1e-2, 1e6),
    "gate_eps_r": (1.0, 1e3),
    "lam": (-1e5, 1e5),
    "J": (-1e4, 1e4),
    "B": (-1e4, 1e4),
    "g_factor": (1e-3, 1e3),
    "tesla_perpendicular": (-1e3, 1e3),
    "tesla_in_plane": (-1e3, 1e3),
    "mobility": (1e-3, 1e12),
    "tau": (1e-6, 1e9),
    "width": (1e-3, 1e6),
    "alpha": (1e-3, 1e3),
    "T_c": (1e-3, 1e5),
}


@dataclass(frozen=True, kw_only=True)
class Bilayer:
    """An electron-hole bilayer of equal densities in laboratory units.

    Parameters
    ----------
    m_e, m_h : float
        Masses in m_0, from 1e-3 to 1e5. Either may be the heavier.
    eps_r : float, optional
        Relative permittivity of an isotropic dielectric, from 1 to 1000; or else the next two.
    eps_parallel, eps_perp : float, optional
        Along and across the layers, of a uniaxial dielectric such as boron nitride.
    d : float
        Distance of the layers' centres in nm, from 0 to 1e4.
    density : float, optional
        Of each layer in cm^-2, from 1e6 to 1e17; or else a gate voltage.
    gate_voltage, gate_offset : float, optional
        Voltage of the gate over each layer and the one at which carriers appear, in V, positive where it adds carriers.
    gate_capacitance : float, optional
        In nF/cm^2; or else thickness and permittivity of the gate's dielectric.
    gate_thickness, gate_eps_r : float, optional
        In nm, and relative.
    lam : float
        Rashba parameter of the electrons in meV nm.
    J, B : float
        Zeeman energies across and in the plane in meV (half the splittings).
    g_factor : float
        Greater than zero; with the fields it adds g mu_B/2 times field to J and B.
    tesla_perpendicular, tesla_in_plane : float
        Magnetic field in T.
    T : float
        Temperature in K, from 1e-3 to 1e4.
    mobility : float, optional
        Of the holes, in cm^2/(V s); or else their relaxation time.
    tau : float, optional
        In ps.
    width : float
        Of the sample in micrometres, greater than zero.
    degeneracy : int
        Equally filled species of each layer, spins times valleys, from 1 to 64; the density is that of all. Each forms
        pairs with its own; exchange and the one-band condensate know one species, screening and friction all of them.
    alpha : float, optional
        Ratio of plasmon and Bohm-Staver velocity; by default from Hartree-Fock's bulk modulus.
    T_c : float, optional
        Mean-field transition temperature of the condensate in K; by default computed.
    pairing : {"bare", "screened"}
        Which of the two computed temperatures sets the scale of currents and momentum, see
        `ehbilayer.condensate.pair_temperature.pair_temperature`.
    outside : sequence of str
        What of the device no theory here knows, out of `OUTSIDE`: it becomes a flag of every answer that it concerns.

    Raises
    ------
    TypeError, ArgumentError
        In one line, if a value is of the wrong type or unphysical, or if density, permittivity, relaxation time or
        gate are given twice or not at all.

    Notes
    -----
    In a uniaxial dielectric the potential of a charge at distance z is that in an isotropic one of permittivity
    sqrt(eps_parallel eps_perp) at distance z sqrt(eps_parallel/eps_perp) (Landau and Lifshitz, Electrodynamics of
    Continuous Media, section 13).

    Examples
    --------
    >>> bilayer = Bilayer(m_e=0.1, m_h=1.0, eps_r=5, d=2.6459, density=1.776e12, T=4, tau=1)
    >>> print(f"r_s = {bilayer.r_s_light:.2f}, {bilayer.r_s_heavy:.1f}")
    r_s = 1.60, 16.0
    """

    m_e: float
    m_h: float
    d: float
    T: float
    eps_r: float | None = None
    eps_parallel: float | None = None
    eps_perp: float | None = None
    density: float | None = None
    gate_voltage: float | None = None
    gate_offset: float = 0.0
    gate_capacitance: float | None = None
    gate_thickness: float | None = None
    gate_eps_r: float | None = None
    lam: float = 0.0
    J: float = 0.0
    B: float = 0.0
    g_factor: float = 2.0
    tesla_perpendicular: float = 0.0
    tesla_in_plane: float = 0.0
    mobility: float | None = None
    tau: float | None = None
    width: float = 1.0
    degeneracy: int = 1
    alpha: float | None = None
    T_c: float | None = None
    pairing: str = "bare"
    outside: Sequence[str] = ()

    def __post_init__(self) -> None:
        optional = {field.name for field in fields(self) if field.default is None}
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if value is not None or name not in optional:
                object.__setattr__(self, name, validation.real(name, value, low=low, high=high))
        object.__setattr__(self, "degeneracy", validation.integer("degeneracy", self.degeneracy, low=1, high=64))
        validation.option("pairing", self.pairing, INTERACTIONS)
        if isinstance(self.outside, str) or not isinstance(self.outside, Sequence):
            given = type(self.outside).__name__
            raise TypeError(f"outside = {shown(self.outside)} is not allowed: need a sequence of names, got {given}")
        object.__setattr__(self, "outside", tuple(validation.option("outside", x, OUTSIDE) for x in self.outside))
        self._one_of("eps_r", "eps_parallel")
        if (self.eps_parallel is None) != (self.eps_perp is None):
            raise ArgumentError("eps_perp", self.eps_perp, "it and eps_parallel together, in place of eps_r")
        self._one_of("density", "gate_voltage")
        self._one_of("mobility", "tau")
        if self.gate_voltage is None:
            self._without_gate()
            return
        if self.gate_capacitance is None and (self.gate_thickness is None or self.gate_eps_r is None):
            needed = "it, or gate_thickness and gate_eps_r, with a gate_voltage"
            raise ArgumentError("gate_capacitance", None, needed)
        for name in ("gate_thickness", "gate_eps_r"):
            if self.gate_capacitance is not None and getattr(self, name) is not None:
                raise ArgumentError(name, getattr(self, name), "it or gate_capacitance, not both")
        if not 1e6 <= self.carriers <= 1e17:
            needed = f"1e6 to 1e17 carriers per cm^2, it makes {self.carriers:.3g}"
            raise ArgumentError("gate_voltage", self.gate_voltage, needed)

    def _without_gate(self) -> None:
        for name in ("gate_offset", "gate_capacitance", "gate_thickness", "gate_eps_r"):
            value = getattr(self, name)
            if value:
                raise ArgumentError(name, value, "a gate_voltage with it, in place of density")

    def _one_of(self, first: str, second: str) -> None:
        given = [name for name in (first, second) if getattr(self, name) is not None]
        if len(given) != 1:
            raise ArgumentError(first, getattr(self, first), f"it or {second}{', not both' if given else ''}")

    # What follows is computed once, on arguments that were checked once.

    @cached_property
    def permittivity(self) -> float:
        """Of the isotropic dielectric with the same interaction."""
        if self.eps_parallel is None or self.eps_perp is None:
            return cast(float, self.eps_r)
        return math.sqrt(self.eps_parallel * self.eps_perp)

    @cached_property
    def distance(self) -> float:
        """Spacing in nm in that dielectric."""
        if self.eps_parallel is None or self.eps_perp is None:
            return self.d
        return self.d * math.sqrt(self.eps_parallel / self.eps_perp)

    @cached_property
    def carriers(self) -> float:
        """Density of each layer in cm^-2."""
        if self.gate_voltage is None:
            return cast(float, self.density)
        return gate_density(
            self.gate_voltage - self.gate_offset,
            capacitance=self.gate_capacitance,
            thickness=self.gate_thickness,
            eps_r=self.gate_eps_r,
        )

    @property
    def of_one_species(self) -> float:
        """Density of one species of each layer in cm^-2."""
        return self.carriers / self.degeneracy

    @property
    def zeeman(self) -> tuple[float, float]:
        """Total Zeeman energies (J, B) across and in the plane, in meV."""
        half = self.g_factor * MU_B / 2
        return self.J + half * self.tesla_perpendicular, self.B + half * self.tesla_in_plane

    @property
    def zeeman_tesla(self) -> tuple[float, float]:
        """Fields with the Zeeman energies of `zeeman` at the g factor, in T; those of an exchange field are none."""
        J, B = (2 * energy / (self.g_factor * MU_B) for energy in self.zeeman)
        return J, B

    @property
    def relaxation_time(self) -> float:
        """Of the holes, in s."""
        if self.mobility is None:
            return cast(float, self.tau) * 1e-12
        return self.mobility * 1e-4 * self.m_h * constants.m_e / constants.e

    @cached_property
    def heavy(self) -> AtomicUnits:
        """Atomic units of the heavier carrier, the "hole" of paper A."""
        return AtomicUnits(mass=max(self.m_e, self.m_h), eps_r=self.permittivity)

    @cached_property
    def light(self) -> AtomicUnits:
        """Atomic units of the lighter carrier, the "electron" of paper A."""
        return AtomicUnits(mass=min(self.m_e, self.m_h), eps_r=self.permittivity)

    @property
    def mass_ratio(self) -> float:
        """Of the heavier to the lighter carrier."""
        return self.heavy.mass / self.light.mass

    @cached_property
    def r_s_heavy(self) -> float:
        """Wigner-Seitz radius of the heavier carrier."""
        return float(self.heavy.r_s_at(self.carriers))

    @cached_property
    def r_s_light(self) -> float:
        """Wigner-Seitz radius of the lighter carrier."""
        return float(self.light.r_s_at(self.carriers))

    @property
    def d_heavy(self) -> float:
        """`distance` in Bohr radii of the heavier carrier."""
        return self.distance / self.heavy.length_nm

    @property
    def d_light(self) -> float:
        """`distance` in Bohr radii of the lighter carrier."""
        return self.distance / self.light.length_nm

    @property
    def pair_mass(self) -> float:
        """Twice the reduced mass in m_0: the common mass of a bilayer with the same relative motion of pairs."""
        return 2 * self.m_e * self.m_h / (self.m_e + self.m_h)

    @property
    def fermi_energy(self) -> float:
        """Mean Fermi energy of the two layers, in meV."""
        return 2 * math.pi * HBAR2_PER_M0 / self.pair_mass * self.of_one_species * 1e-14

    @property
    def fermi_energies(self) -> tuple[float, float]:
        """Of electrons and holes, in meV."""
        energy = 2 * math.pi * HBAR2_PER_M0 * self.of_one_species * 1e-14
        return energy / self.m_e, energy / self.m_h

    @property
    def cyclotron_energies(self) -> tuple[float, float]:
        """Of electrons and holes in the field across the layers, hbar e B/m, in meV."""
        energy = 2 * MU_B * abs(self.tesla_perpendicular)
        return energy / self.m_e, energy / self.m_h

    @property
    def orbital_shift(self) -> float:
        """Shift e d B/hbar of a pair's canonical momentum by the magnetic field in the plane, in 1/µm."""
        return constants.e * self.d * 1e-9 * self.tesla_in_plane / constants.hbar * 1e-6

    @property
    def parameters(self) -> dict[str, Any]:
        """The arguments by name."""
        return asdict(self)


def gate_density(
    voltage: float, *, capacitance: float | None = None, thickness: float | None = None, eps_r: float | None = None
) -> float:
    """Density that a gate induces, C V/e.

    Parameters
    ----------
    voltage : float
        Above the threshold, in V.
    capacitance : float, optional
        In nF/cm^2; or else of a plate capacitor from the next two.
    thickness : float, optional
        Of the dielectric in nm, greater than zero.
    eps_r : float, optional
        Its permittivity, greater than zero.

    Returns
    -------
    float
        In cm^-2.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is missing, of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{gate_density(1.0, thickness=10, eps_r=4):.3e}")
    2.211e+12
    """
    voltage = validation.real("voltage", voltage)
    if capacitance is None:
        farad_per_m2 = (
            validation.positive("eps_r", eps_r)
            * constants.epsilon_0
            / (validation.positive("thickness", thickness) * 1e-9)
        )
    else:
        farad_per_m2 = validation.positive("capacitance", capacitance) * 1e-5
    return farad_per_m2 * voltage / constants.e * 1e-4
