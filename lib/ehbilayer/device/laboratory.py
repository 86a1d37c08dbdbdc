"""A bilayer in laboratory units, and what every theory of this library answers for it, each with its validity.

Nothing is computed here that is not computed elsewhere in the library: this module converts units, chooses arguments,
and says where an answer stops being one.
"""

import math
from dataclasses import asdict, dataclass, fields
from functools import cached_property

import numpy as np
import xarray as xr
from scipy import constants
from scipy.optimize import brentq

from ehbilayer import validation
from ehbilayer.condensate import exciton_energy, liquid_energy, solve_condensate
from ehbilayer.condensate.pair_temperature import INTERACTIONS, pair_temperature
from ehbilayer.device.curve import Device
from ehbilayer.diode import stiffness as superfluid
from ehbilayer.diode.bands import Bands, isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.depairing import ground_state
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.single_band import single_band_check
from ehbilayer.drag import RashbaLayer, drag_coefficients
from ehbilayer.formatting import scientific
from ehbilayer.phases.point import phase_point
from ehbilayer.superconductivity import eliashberg, pairing, plasmon
from ehbilayer.superconductivity.compressibility import bulk_modulus, madelung_shift
from ehbilayer.units import HBAR2_PER_M0, K_B, MU_B, AtomicUnits, ThermalUnits, debye_wave_vector

__all__ = [
    "CAUTION",
    "FLAGS",
    "INVALID",
    "LABELS",
    "PARTS",
    "RESULT_UNITS",
    "UNITS",
    "Answer",
    "Answers",
    "Bilayer",
    "answer",
    "answer_point",
    "gate_density",
    "read_point",
    "vortex_temperature",
]

PARTS = ("phase", "superconductor", "excitons", "condensate", "drag")

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

RESULT_UNITS = {
    "margin": "meV",
    "T_c_bcs": "K",
    "T_c_eliashberg": "K",
    "T_c_rpa": "K",
    "exciton_binding": "meV",
    "T_mean_field": "K",
    "T_screened": "K",
    "T_bkt": "K",
    "q_0": "1/µm",
    "current_minus": "µA",
    "current_plus": "µA",
    "tau_D": "ns",
}
"""Units of the quantities of `Answers`; the others have none."""

LABELS = {
    "phase": "lowest phase (Hartree–Fock)",
    "margin": "margin to the next phase, per pair",
    "alpha_squared": "α² (Hartree–Fock)",
    "alpha": "α used",
    "T_c_bcs": "superconductivity, BCS formula",
    "T_c_eliashberg": "superconductivity, Eliashberg",
    "T_c_rpa": "superconductivity, RPA plasmon",
    "exciton_binding": "exciton binding energy",
    "T_mean_field": "pairing temperature, unscreened",
    "T_screened": "pairing temperature, screened",
    "T_bkt": "BKT temperature",
    "q_0": "condensate momentum q₀",
    "current_minus": "negative critical current",
    "current_plus": "positive critical current",
    "efficiency": "diode efficiency η",
    "tau_D": "drag time",
    "drag_ratio": "frictional drag ratio ζ",
}
"""What the quantities of `Answers` are called on a page."""

CAUTION, INVALID = "caution", "not valid"

FLAGS = {
    "given": (CAUTION, "put in, not computed"),
    "finite-size": (
        CAUTION,
        "margin below 0.001 Hartree of the heavier carrier, what system size and unknown states may change",
    ),
    "thermal": (CAUTION, "the margin is below the thermal energy, while the phases are those of zero temperature"),
    "unconverged": (CAUTION, "some competing state did not converge"),
    "correlated": (
        INVALID,
        "outside Hartree–Fock's range: it crystallises a layer near r_s = 2, correlated carriers do so near 31",
    ),
    "unstable": (INVALID, "α² < 0: the bulk modulus is negative, there is no plasmon of this kind"),
    "zero-mode": (CAUTION, "α² changes by more than half of itself with the treatment of the zero mode at 64 pairs"),
    "not-lowest": (INVALID, "the state that this theory starts from is not the lowest"),
    "repulsive": (CAUTION, "the repulsion wins: no superconductivity"),
    "renormalisation": (CAUTION, "coupling λ > 0.2: the BCS formula leaves out the mass renormalisation"),
    "migdal": (INVALID, "Migdal violated: plasmon frequencies above a tenth of the Fermi energy"),
    "mott": (INVALID, "above the Mott density of Hartree–Fock theory: two liquids lie below the condensate"),
    "crystal": (CAUTION, "Hartree–Fock theory puts a crystal below the condensate"),
    "unscreened": (CAUTION, "no screening by the carriers: an upper bound"),
    "normal-screening": (CAUTION, "screened as by the normal state: a lower bound"),
    "strong-coupling": (
        INVALID,
        "pairing temperature above half of the Fermi temperature: pairs form without condensing",
    ),
    "stiffness": (CAUTION, "stiffness of all carriers at zero temperature: an upper bound"),
    "unequal-masses": (
        CAUTION,
        "paper B's equal masses replaced by twice the reduced mass, momentum and current rescaled",
    ),
    "no-condensate": (INVALID, "no condensate"),
    "second-band": (INVALID, "second band occupied, or spins not split: the one-band model does not apply"),
    "vortices": (INVALID, "above the BKT temperature: phase coherence is lost"),
    "cold": (CAUTION, "computed at 0.02 of the pairing temperature, below which nothing changes"),
    "not-normal": (
        CAUTION,
        "friction of two liquids, not the lowest state; below its critical currents a condensate has the ratio −1",
    ),
    "non-degenerate": (INVALID, "chemical potential below the band edge: the drag integrals need degenerate carriers"),
    "dirty": (INVALID, "relaxation time below ħ over the Fermi energy: no Boltzmann transport"),
    "grid": (INVALID, "grid too coarse, or the one needed too large"),
    "spacing": (INVALID, "spacing beyond the range of the calculation"),
    "failed": (INVALID, "not computed"),
}
"""Every reason for which an answer is less than that: severity and sentence."""

# In units of the Hartree of the heavier carrier.
_MARGIN = 1e-3
_CRYSTAL = 31.0

# Grid points along the radius of the electrons' band.
_MOST_POINTS = 600

# What goes wrong inside a calculation, as distinct from a wrong program.
_TROUBLE = (ValueError, RuntimeError, ArithmeticError)


@dataclass(frozen=True, kw_only=True)
class Bilayer:
    """An electron-hole bilayer of equal densities in laboratory units.

    Parameters
    ----------
    m_e, m_h : float
        Masses in m_0, from 1e-3 to 1e5. Either may be the heavier.
    eps_r : float
        Relative permittivity, from 1 to 1000.
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
    alpha : float, optional
        Ratio of plasmon and Bohm-Staver velocity; by default from Hartree-Fock's bulk modulus.
    T_c : float, optional
        Mean-field transition temperature of the condensate in K; by default computed.
    pairing : {"bare", "screened"}
        Which of the two computed temperatures sets the scale of currents and momentum, see
        `ehbilayer.condensate.pair_temperature.pair_temperature`.

    Raises
    ------
    TypeError, ValueError
        In one line, if a value is of the wrong type or unphysical, or if density, relaxation time or
        gate are given twice or not at all.

    Examples
    --------
    >>> bilayer = Bilayer(m_e=0.1, m_h=1.0, eps_r=5, d=2.6459, density=1.776e12, T=4, tau=1)
    >>> print(f"r_s = {bilayer.r_s_light:.2f}, {bilayer.r_s_heavy:.1f}")
    r_s = 1.60, 16.0
    """

    m_e: float
    m_h: float
    eps_r: float
    d: float
    T: float
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
    alpha: float | None = None
    T_c: float | None = None
    pairing: str = "bare"

    def __post_init__(self):
        ranges = {
            "m_e": (1e-3, 1e5),
            "m_h": (1e-3, 1e5),
            "eps_r": (1.0, 1e3),
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
        optional = {field.name for field in fields(self) if field.default is None}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if value is not None or name not in optional:
                object.__setattr__(self, name, validation.real(name, value, low=low, high=high))
        validation.option("pairing", self.pairing, INTERACTIONS)
        self._one_of("density", "gate_voltage")
        self._one_of("mobility", "tau")
        if self.gate_voltage is not None:
            if self.gate_capacitance is None and (self.gate_thickness is None or self.gate_eps_r is None):
                raise ValueError(
                    "gate_capacitance = None is not allowed: need it, or gate_thickness and gate_eps_r, with a"
                    " gate_voltage"
                )
            if self.gate_capacitance is not None and self.gate_thickness is not None:
                raise ValueError("gate_thickness is not allowed beside gate_capacitance: need one of the two")
            carriers = gate_density(
                self.gate_voltage - self.gate_offset,
                capacitance=self.gate_capacitance,
                thickness=self.gate_thickness,
                eps_r=self.gate_eps_r,
            )
            if not 1e6 <= carriers <= 1e17:
                raise ValueError(
                    f"gate_voltage = {self.gate_voltage!r} is not allowed: it makes {carriers:.3g} carriers per cm^2, "
                    "need 1e6 to 1e17"
                )

    def _one_of(self, first, second):
        given = [name for name in (first, second) if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"{first} and {second} are not allowed {'together' if given else 'both missing'}: need one of the two"
            )

    @cached_property
    def carriers(self):
        """Density of each layer in cm^-2."""
        if self.density is not None:
            return self.density
        return gate_density(
            self.gate_voltage - self.gate_offset,
            capacitance=self.gate_capacitance,
            thickness=self.gate_thickness,
            eps_r=self.gate_eps_r,
        )

    @property
    def zeeman(self):
        """Total Zeeman energies (J, B) across and in the plane, in meV."""
        half = self.g_factor * MU_B / 2
        return self.J + half * self.tesla_perpendicular, self.B + half * self.tesla_in_plane

    @property
    def relaxation_time(self):
        """Of the holes, in s."""
        if self.tau is not None:
            return self.tau * 1e-12
        return self.mobility * 1e-4 * self.m_h * constants.m_e / constants.e

    @property
    def heavy(self):
        """Atomic units of the heavier carrier, the "hole" of paper A."""
        return AtomicUnits(mass=max(self.m_e, self.m_h), eps_r=self.eps_r)

    @property
    def light(self):
        """Atomic units of the lighter carrier, the "electron" of paper A."""
        return AtomicUnits(mass=min(self.m_e, self.m_h), eps_r=self.eps_r)

    @property
    def mass_ratio(self):
        """Of the heavier to the lighter carrier."""
        return self.heavy.mass / self.light.mass

    @property
    def r_s_heavy(self):
        """Wigner-Seitz radius of the heavier carrier."""
        return float(self.heavy.r_s_at(self.carriers))

    @property
    def r_s_light(self):
        """Wigner-Seitz radius of the lighter carrier."""
        return float(self.light.r_s_at(self.carriers))

    @property
    def pair_mass(self):
        """Twice the reduced mass in m_0: the common mass of a bilayer with the same relative motion of pairs."""
        return 2 * self.m_e * self.m_h / (self.m_e + self.m_h)

    @property
    def fermi_energy(self):
        """Mean Fermi energy of the two layers, one spin each, in meV."""
        return 2 * math.pi * HBAR2_PER_M0 / self.pair_mass * self.carriers * 1e-14

    @property
    def parameters(self):
        """The arguments by name."""
        return asdict(self)


def gate_density(voltage, *, capacitance=None, thickness=None, eps_r=None):
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
    TypeError, ValueError
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


@dataclass(frozen=True)
class Answer:
    """One quantity with its unit and its validity.

    Attributes
    ----------
    value : float, str or None
        None where there is no value.
    unit : str
        Empty for a name or a pure number.
    flags : tuple of str
        Keys of `FLAGS`.
    detail : str
        Message of a calculation that failed, otherwise empty.
    """

    value: float | str | None
    unit: str = ""
    flags: tuple = ()
    detail: str = ""

    @property
    def validity(self):
        """``"valid"``, ``"caution"`` or ``"not valid"``, the worst of the flags."""
        severities = {FLAGS[flag][0] for flag in self.flags}
        return INVALID if INVALID in severities else CAUTION if severities else "valid"

    @property
    def statement(self):
        """The flags in words; without a value only those that forbid one."""
        told = [FLAGS[flag] for flag in self.flags]
        broken = [sentence for severity, sentence in told if severity == INVALID]
        parts = broken if self.value is None and broken else [sentence for _, sentence in told]
        return "; ".join(parts + ([self.detail] if self.detail else []))

    @property
    def number(self):
        """Value with three digits, or the name, or ``"none"``."""
        if self.value is None or isinstance(self.value, str):
            return self.value or "none"
        if self.value and not 1e-3 <= abs(self.value) < 1e5:
            return scientific(self.value)
        return f"{float(f'{self.value:.3g}'):g}".replace("-", "−")

    @property
    def text(self):
        """`number` with the unit, where there is one."""
        return self.number if self.value is None else f"{self.number} {self.unit}".strip()


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What `answer` returns: an `Answer` for each quantity, None for parts that were not asked for.

    Attributes
    ----------
    bilayer : Bilayer
    phase, margin : Answer
        Lowest phase of Hartree-Fock(-Bogoliubov) theory at T = 0 and its distance from the next one, meV per pair.
        ``"EL-HC"`` is a liquid of electrons with a crystal of holes, ``"EC-HL"`` the reverse.
    alpha_squared, alpha : Answer
        Bulk modulus of the heavier carriers' crystal relative to that of free light carriers, and its root.
    T_c_bcs, T_c_eliashberg, T_c_rpa : Answer
        Plasmon-mediated superconductivity of the lighter carriers in K: formula of paper A, isotropic Eliashberg
        theory, and Eliashberg theory with the acoustic plasmon of the random-phase approximation.
    exciton_binding : Answer
        Of one pair, in meV.
    T_mean_field, T_screened, T_bkt : Answer
        Pairing temperature of the condensate without and with screening, and Berezinskii-Kosterlitz-Thouless
        temperature, in K.
    q_0, current_minus, current_plus, efficiency : Answer
        Momentum of the condensate in 1/µm, critical drive currents in µA, and
        (I_c+ + I_c-)/(I_c+ - I_c-).
    tau_D, drag_ratio : Answer
        Frictional drag time tau_D1 in ns and the linear drag ratio zeta of a short-circuited hole layer.
    """

    bilayer: Bilayer
    phase: Answer | None = None
    margin: Answer | None = None
    alpha_squared: Answer | None = None
    alpha: Answer | None = None
    T_c_bcs: Answer | None = None
    T_c_eliashberg: Answer | None = None
    T_c_rpa: Answer | None = None
    exciton_binding: Answer | None = None
    T_mean_field: Answer | None = None
    T_screened: Answer | None = None
    T_bkt: Answer | None = None
    q_0: Answer | None = None
    current_minus: Answer | None = None
    current_plus: Answer | None = None
    efficiency: Answer | None = None
    tau_D: Answer | None = None
    drag_ratio: Answer | None = None

    @property
    def quantities(self):
        """The answers by name, in the order of the attributes, without those not asked for."""
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "bilayer"}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def plain(self):
        """Values by name, and the flags of each as one string under ``name_flags``: what a sweep can hold."""
        out = {}
        for name, found in self.quantities.items():
            out |= {name: found.value, f"{name}_flags": " ".join(found.flags)}
        return out


def answer(bilayer, *, parts=PARTS, mesh=6):
    """Phase, superconductivity, excitons, condensate and drag of a bilayer.

    Parameters
    ----------
    bilayer : Bilayer
    parts : sequence of str
        Which of ``"phase"``, ``"superconductor"``, ``"excitons"``, ``"condensate"`` (its momentum and currents) and
        ``"drag"`` to compute. Flags that compare with the lowest phase need ``"phase"``.
    mesh : int
        Even; the Hartree-Fock states of ``"phase"`` hold ``mesh**2`` pairs.

    Returns
    -------
    Answers
        Without NaN: a quantity that does not exist, or whose calculation failed, is None with the flags that say why.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Notes
    -----
    The masses in paper B are equal. Where they are not, its bands get twice the reduced mass m, which leaves the
    relative motion of pairs and so T_c unchanged; stiffness and currents are multiplied by 2 m/(m_e + m_h), which makes
    the stiffness of all pairs that of their true mass, and q_0, a shift of the electrons' Fermi contour, by m_e/m.
    T_c is that of parabolic bands; spin-orbit coupling and fields enter the momentum and the currents, not T_c.

    Examples
    --------
    Paper A's example with its alpha:

    >>> bilayer = Bilayer(m_e=0.1, m_h=1.0, eps_r=5, d=2.6459, density=1.776e12, T=4, tau=1, alpha=0.3)
    >>> found = answer(bilayer, parts=("superconductor",))
    >>> print(found.T_c_bcs.text, "|", found.T_c_eliashberg.text, "|", found.T_c_bcs.validity)
    10.1 K | 0.236 K | not valid
    """
    if not isinstance(bilayer, Bilayer):
        raise TypeError(f"bilayer = {bilayer!r} is not allowed: need a Bilayer, got {type(bilayer).__name__}")
    if isinstance(parts, str):
        raise TypeError(f"parts = {parts!r} is not allowed: need a sequence of names")
    parts = tuple(validation.option("parts", part, PARTS) for part in parts)
    found = {}
    if "phase" in parts:
        found |= _phase(bilayer, mesh)
    lowest = found["phase"].value if "phase" in parts else None
    if "superconductor" in parts:
        found |= _superconductor(bilayer, lowest)
    if "excitons" in parts or "condensate" in parts:
        temperatures, pairs = _excitons(bilayer, lowest)
        found |= temperatures if "excitons" in parts else {}
        if "condensate" in parts:
            found |= _condensate(bilayer, pairs)
    if "drag" in parts:
        found |= _drag(bilayer, lowest)
    return Answers(bilayer=bilayer, **found)


def answer_point(*, parts=PARTS, mesh=6, **parameters):
    """`answer` as a function of numbers, for sweeps.

    Parameters
    ----------
    parts, mesh
        As in `answer`.
    **parameters
        Of `Bilayer`.

    Returns
    -------
    dict
        `Answers.plain`.

    Raises
    ------
    TypeError, ValueError
        As `Bilayer` and `answer`.

    Examples
    --------
    >>> point = answer_point(parts=("drag",), m_e=0.2, m_h=0.2, eps_r=5, d=20, density=4.2e11, J=20, T=10, tau=1000)
    >>> print(f"{point['drag_ratio']:.4f}", point["drag_ratio_flags"] or "no flags")
    -0.0093 no flags
    """
    return answer(Bilayer(**parameters), parts=parts, mesh=mesh).plain


def read_point(point):
    """The answers at one point of a sweep over `answer_point`.

    Parameters
    ----------
    point : xarray.Dataset
        Without dimensions: what ``sweep(...).sel(...)`` leaves of the grid.

    Returns
    -------
    dict of str to Answer
        For each quantity that the sweep computed. The message of a failed calculation is not kept.

    Raises
    ------
    TypeError, ValueError
        If the point is not a dataset, or still has dimensions.

    Examples
    --------
    >>> import xarray as xr
    >>> read_point(xr.Dataset({"T_bkt": 7.0, "T_bkt_flags": "given"}))["T_bkt"].text
    '7 K'
    """
    if not isinstance(point, xr.Dataset):
        raise TypeError(f"point is not allowed: need an xarray Dataset, got {type(point).__name__}")
    if point.sizes:
        raise ValueError(f"point is not allowed: need one point, got the dimensions {', '.join(map(str, point.sizes))}")
    found = {}
    for name in LABELS:
        if name in point:
            value = point[name].item()
            missing = value in (None, "") or (isinstance(value, float) and math.isnan(value))
            flags = tuple(str(point[f"{name}_flags"].item()).split())
            found[name] = Answer(None if missing else value, RESULT_UNITS.get(name, ""), flags)
    return found


def _phase(bilayer, mesh):
    def calculation():
        return phase_point(
            mass_ratio=bilayer.mass_ratio,
            d=bilayer.d / bilayer.heavy.length_nm,
            density_ratio=1 / bilayer.r_s_heavy**2,
            r_s_star=1.0,
            mesh=mesh,
        )

    point, trouble = _attempt(calculation)
    if trouble:
        return {"phase": Answer(None, "", *trouble), "margin": Answer(None, "meV", *trouble)}
    phase, flags = point["phase"], []
    if phase != "condensate" and phase != "liquid":
        crystal = {"EL-HC": bilayer.r_s_heavy, "EC-HL": bilayer.r_s_light}.get(phase, bilayer.r_s_heavy)
        flags += ["correlated"] if crystal < _CRYSTAL else []
    flags += ["unconverged"] if point["unconverged_states"] or not point["converged"] else []
    margin = point["margin"] * bilayer.heavy.energy_meV
    small = ["finite-size"] if point["margin"] < _MARGIN else []
    warm = ["thermal"] if margin < K_B * bilayer.T else []
    # The library's names call the heavier carriers holes.
    if bilayer.m_e > bilayer.m_h:
        phase = {"EL-HC": "EC-HL", "EC-HL": "EL-HC"}.get(phase, phase)
    return {
        "phase": Answer(phase, "", tuple(flags + small + warm)),
        "margin": Answer(margin if math.isfinite(margin) else None, "meV", tuple(flags + small + warm)),
    }


def _superconductor(bilayer, lowest):
    r_s, unit, ratio = bilayer.r_s_light, bilayer.light, bilayer.mass_ratio
    d = bilayer.d / unit.length_nm
    mesh = 8
    parent = "EC-HL" if bilayer.m_e > bilayer.m_h else "EL-HC"
    flags = ("not-lowest",) if lowest not in (None, parent) else ()
    modulus, trouble = _attempt(
        lambda: bulk_modulus(mass_ratio=ratio, d=d, r_s=r_s, mesh=mesh, zero_mode="madelung", cutoff=2.5).alpha_squared
    )
    if trouble:
        computed = Answer(None, "", *trouble)
    else:
        loose = ("zero-mode",) if abs(madelung_shift(r_s, mesh)) > 0.5 * abs(modulus) else ()
        computed = Answer(modulus, "", (("unstable",) if modulus <= 0 else ()) + loose + flags)
    if bilayer.alpha is not None:
        alpha = Answer(bilayer.alpha, "", ("given", *flags))
    elif computed.value is None or computed.value <= 0:
        alpha = Answer(None, "", computed.flags, computed.detail)
    else:
        alpha = Answer(math.sqrt(computed.value), "", computed.flags)
    found = {"alpha_squared": computed, "alpha": alpha}
    if alpha.value is None:
        found |= {name: Answer(None, "K", alpha.flags, alpha.detail) for name in ("T_c_bcs", "T_c_eliashberg")}
    else:
        found |= _transition(bilayer, alpha.value, alpha.flags, {"T_c_bcs": pairing, "T_c_eliashberg": eliashberg})
    # A constant velocity with the same attraction as the dispersing RPA plasmon.
    slow, trouble = _attempt(lambda: _rpa_velocity(r_s, d, ratio))
    if trouble:
        found["T_c_rpa"] = Answer(None, "K", *trouble)
    else:
        found |= _transition(bilayer, slow, flags, {"T_c_rpa": eliashberg})
    return found


def _transition(bilayer, alpha, flags, theories):
    """T_c of the light carriers in each theory for one plasmon velocity."""
    r_s, unit, ratio = bilayer.r_s_light, bilayer.light, bilayer.mass_ratio
    d = bilayer.d / unit.length_nm
    found = {}
    for name, theory in theories.items():
        own = []
        # omega_D / eps_F of Eq. 5.
        own += ["migdal"] if 2 * alpha / math.sqrt(ratio) > 0.1 else []
        if theory is pairing and pairing.coupling_constant(r_s, alpha, d / r_s) > 0.2:
            own += ["renormalisation"]
        value, trouble = _attempt(
            lambda theory=theory: float(theory.critical_temperature(r_s=r_s, alpha=alpha, d=d, mass_ratio=ratio))
        )
        if trouble:
            found[name] = Answer(None, "K", *trouble)
        elif value == 0:
            found[name] = Answer(0.0, "K", ("repulsive", *flags))
        else:
            found[name] = Answer(value * unit.temperature_K, "K", (*own, *flags))
    return found


def _rpa_velocity(r_s, d, ratio):
    q = np.linspace(0.0, float(debye_wave_vector(r_s)), 13)
    squares = np.array([plasmon.acoustic_velocity(r_s=r_s, d=d, mass_ratio=ratio, q=float(x)).real ** 2 for x in q])
    attraction = plasmon.coupling_with_velocity(lambda x: np.interp(x, q, squares), r_s=r_s, d=d)
    return math.sqrt(float(pairing.coupling_constant(r_s, 1.0, d / r_s)) / attraction)


@dataclass(frozen=True)
class _Pairs:
    """Mean-field theory of paper B for a bilayer: its device, or the flags that say why there is none."""

    device: Device | None
    T_bkt: Answer
    flags: tuple
    detail: str = ""


def _excitons(bilayer, lowest):
    """Answers about pairs, and the contact theory with the transition temperature chosen."""
    unit, ratio = bilayer.heavy, bilayer.mass_ratio
    d = bilayer.d / unit.length_nm
    flags = ("crystal",) if lowest not in (None, "liquid", "condensate") else ()
    flags = ("mott",) if _attempt(lambda: _is_ionised(ratio, d, bilayer.r_s_heavy))[0] else flags
    pair_length = unit.length_nm * (1 + ratio)
    binding, trouble = _attempt(lambda: -exciton_energy(bilayer.d / pair_length) * unit.energy_meV / (1 + ratio))
    found = {"exciton_binding": Answer(None, "meV", *trouble) if trouble else Answer(binding, "meV", flags)}
    for name, kind, own in (("T_mean_field", "bare", "unscreened"), ("T_screened", "screened", "normal-screening")):
        result, trouble = _attempt(
            lambda kind=kind: pair_temperature(mass_ratio=ratio, d=d, r_s=bilayer.r_s_heavy, interaction=kind)
        )
        if trouble:
            found[name] = Answer(None, "K", *trouble)
        elif result.temperature == 0:
            found[name] = Answer(0.0, "K", ("no-condensate", own))
        else:
            strong = ("strong-coupling",) if result.degeneracy > 0.5 else ()
            found[name] = Answer(result.temperature * unit.temperature_K, "K", (own, *strong, *flags))
    chosen = found["T_mean_field" if bilayer.pairing == "bare" else "T_screened"]
    if bilayer.T_c is not None:
        strong = ("strong-coupling",) if K_B * bilayer.T_c > 0.5 * bilayer.fermi_energy else ()
        chosen = Answer(bilayer.T_c, "K", ("given", *strong, *flags))
        found["T_mean_field"] = chosen
    pairs = _contact_theory(bilayer, chosen)
    found["T_bkt"] = pairs.T_bkt
    return found, pairs


def _is_ionised(ratio, d, r_s):
    """Whether liquids, of either spin polarisation, have less energy than the condensate."""
    liquid = min(liquid_energy(ratio, r_s, electrons) for electrons in ("unpolarised", "polarised"))
    return liquid < solve_condensate(mass_ratio=ratio, d=d, r_s=r_s).energy_per_pair


def _contact_theory(bilayer, chosen):
    # Stiffness of all carriers of both layers moving together, hbar^2 n/(m_e + m_h).
    bound = math.pi / 2 * HBAR2_PER_M0 * bilayer.carriers * 1e-14 / (bilayer.m_e + bilayer.m_h) / K_B
    if not chosen.value:
        reason = chosen.flags or ("no-condensate",)
        return _Pairs(None, Answer(None, "K", reason, chosen.detail), reason, chosen.detail)
    T_c = chosen.value
    if "strong-coupling" in chosen.flags:
        # Tightly bound pairs: what orders them is their stiffness, not their binding.
        others = tuple(flag for flag in chosen.flags if flag != "strong-coupling")
        return _Pairs(None, Answer(min(bound, T_c), "K", (*others, "stiffness")), chosen.flags)
    masses = ("unequal-masses",) if bilayer.m_e != bilayer.m_h else ()
    J, B = bilayer.zeeman

    def calculation():
        device = Device(
            T_c=T_c,
            mass=bilayer.pair_mass,
            lam=bilayer.lam,
            E_F=_chemical_potential(bilayer.pair_mass, bilayer.carriers, T_c),
            J=J,
            B=B,
            d=bilayer.d,
            eps_r=bilayer.eps_r,
            tau_2=bilayer.relaxation_time,
            width=bilayer.width,
        )
        energy, length = device.units.energy_meV, device.units.length_nm
        bands = isolated_bands(E_F=device.E_F / energy, lam=device.lam / (energy * length), J=J / energy, B=B / energy)
        second = () if single_band_check(bands).ok else ("second-band",)
        return device, second, vortex_temperature(bands, coupling_at_T_c(bands).inverse, scale=_galilean(bilayer)) * T_c

    result, trouble = _attempt(calculation)
    if trouble:
        return _Pairs(None, Answer(min(bound, T_c), "K", (*chosen.flags, "stiffness")), *trouble)
    device, second, T_bkt = result
    flags = (*chosen.flags, *masses, *second)
    return _Pairs(device, Answer(T_bkt, "K", flags), flags)


def vortex_temperature(bands, inverse, *, scale=1.0, lowest=0.05):
    r"""Berezinskii-Kosterlitz-Thouless temperature with a stiffness multiplied by a constant.

    Solves :math:`T = \frac\pi2\,s\,\sqrt{\rho_{xx}\rho_{yy}}`; for s = 1 as `ehbilayer.diode.stiffness.bkt_temperature`.

    Parameters
    ----------
    bands : Bands
        In units of k_B T_c.
    inverse : float
        Finite part of 1/g.
    scale : float
        s, greater than zero: 2 m/(m_e + m_h) turns the stiffness of equal masses m into that of unequal ones.
    lowest : float
        Temperature in T_c below which the stiffness is taken as constant.

    Returns
    -------
    float
        In T_c.

    Raises
    ------
    RuntimeError
        If there is no condensate at the lowest temperature.

    Examples
    --------
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> print(f"{vortex_temperature(bands, coupling_at_T_c(bands).inverse):.2f}")
    0.73
    """
    scale = validation.positive("scale", scale)

    def stiffness(T):
        if not bands.lam_e or not bands.B:
            # Pairs at rest by symmetry: no search for their momentum.
            field = MeanField(bands, T, inverse, (0.0, 0.0))
            return math.pi / 2 * scale * superfluid.stiffness(field, 0.0).mean
        wide = MeanField(bands, T, inverse)
        ground = ground_state(wide)
        return 0.0 if ground is None else math.pi / 2 * scale * superfluid.stiffness(wide, ground.q[0]).mean

    low = 0.3
    if stiffness(low) <= low:
        # Low temperatures need finer grids: only where they must.
        cold, low = stiffness(lowest), lowest
        if cold == 0:
            raise RuntimeError("no condensate at low temperature")
        if cold <= lowest:
            return cold
    return float(brentq(lambda T: stiffness(T) - T, low, 0.999, xtol=1e-3))


def _galilean(bilayer):
    """Stiffness of pairs of the true mass over that of two carriers of the pair mass."""
    return 2 * bilayer.pair_mass / (bilayer.m_e + bilayer.m_h)


def _condensate(bilayer, pairs):
    names = {"q_0": "1/µm", "current_minus": "µA", "current_plus": "µA", "efficiency": ""}
    if pairs.device is None:
        return {name: Answer(None, unit, pairs.flags, pairs.detail) for name, unit in names.items()}
    device, T_c = pairs.device, pairs.device.T_c
    if T_c <= bilayer.T:
        return {name: Answer(None, unit, ("no-condensate",)) for name, unit in names.items()}
    T = max(bilayer.T, 0.0201 * T_c)
    flags = pairs.flags + (("cold",) if T > bilayer.T else ())
    flags += ("vortices",) if pairs.T_bkt.value < bilayer.T else ()
    currents, trouble = _attempt(lambda: device.critical_currents(T))
    if trouble:
        return {name: Answer(None, unit, *trouble) for name, unit in names.items()}
    if currents is None:
        return {name: Answer(None, unit, ("no-condensate",)) for name, unit in names.items()}
    low, high = (value * _galilean(bilayer) for value in currents)
    if bilayer.lam and bilayer.zeeman[1]:
        q_0 = device.condensate(T).q0 / device.units.length_nm * 1e3 * bilayer.m_e / bilayer.pair_mass
        values = (q_0, low, high, (high + low) / (high - low))
    else:
        # Zero by symmetry, not to rounding.
        high = (high - low) / 2
        values = (0.0, -high, high, 0.0)
    return {name: Answer(float(value), unit, flags) for (name, unit), value in zip(names.items(), values, strict=True)}


def _drag(bilayer, lowest):
    J, B = bilayer.zeeman
    E_F_h = _chemical_potential(bilayer.m_h, bilayer.carriers, bilayer.T)
    E_F_e, trouble = _attempt(lambda: _electron_energy(bilayer, J, B))
    names = {"tau_D": "ns", "drag_ratio": ""}
    if trouble is None and min(E_F_e, E_F_h) <= 0:
        trouble = (("non-degenerate",), "")
    if trouble is None:
        flags = _drag_flags(bilayer, E_F_e, E_F_h, J, B, lowest)
        result, trouble = _attempt(
            lambda: drag_coefficients(
                T=bilayer.T,
                E_F_e=E_F_e,
                E_F_h=E_F_h,
                m_e=bilayer.m_e,
                m_h=bilayer.m_h,
                d=bilayer.d,
                eps_r=bilayer.eps_r,
                lam=bilayer.lam,
                J=J,
                B=B,
                screening="thomas-fermi",
                estimate_error=False,
            )
        )
    if trouble:
        return {name: Answer(None, unit, *trouble) for name, unit in names.items()}
    return {
        "tau_D": Answer(result.tau_D1 * 1e9, "ns", flags),
        "drag_ratio": Answer(result.drag_ratio(bilayer.relaxation_time), "", flags),
    }


def _drag_flags(bilayer, E_F_e, E_F_h, J, B, lowest):
    unit = ThermalUnits(mass=bilayer.m_e, T_c=bilayer.T)
    energy, length = unit.energy_meV, unit.length_nm
    bottom = -math.hypot(J, B)
    if bilayer.lam:
        bottom = RashbaLayer(bilayer.m_e, E_F_e, bilayer.T, bilayer.lam, J, B).minimum[1]
    bands = Bands(
        bilayer.lam / (energy * length),
        0.0,
        B / energy,
        J / energy,
        (E_F_e + bottom) / energy,
        (E_F_h - math.hypot(J, B)) / energy,
    )
    flags = () if single_band_check(bands).ok else ("second-band",)
    flags += ("dirty",) if E_F_h * 1e-3 * constants.e * bilayer.relaxation_time < constants.hbar else ()
    return flags + (("not-normal",) if lowest not in (None, "liquid") else ())


def _electron_energy(bilayer, J, B):
    """Chemical potential of the electrons above their band minimum in meV."""
    if not bilayer.lam:
        return _chemical_potential(bilayer.m_e, bilayer.carriers, bilayer.T)
    band = (bilayer.T, bilayer.lam, J, B)
    widest = RashbaLayer(bilayer.m_e, max(_chemical_potential(bilayer.m_e, bilayer.carriers, bilayer.T), 0.01), *band)
    if widest.reach() > _MOST_POINTS * widest.spacing():
        raise ValueError(f"the grid that resolves T = {bilayer.T:g} K in the electrons' band would be too large")
    return RashbaLayer.from_density(bilayer.m_e, bilayer.carriers * 1e-14, *band).E_F


def _chemical_potential(mass, density, T):
    """Of one spin of a parabola above its minimum, in meV."""
    thermal = K_B * T
    x = density * 1e-14 * 2 * math.pi * HBAR2_PER_M0 / mass / thermal
    return thermal * (x + math.log(-math.expm1(-x)))


def _attempt(calculation):
    """Result and None, or None and the flags with the message of what went wrong."""
    try:
        return calculation(), None
    except _TROUBLE as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        coarse = any(word in message for word in ("too coarse", "grid", "spacing ="))
        dilute = message.startswith("density =")
        flag = (
            "spacing" if message.startswith("d =") else "non-degenerate" if dilute else "grid" if coarse else "failed"
        )
        return None, ((flag,), message)
