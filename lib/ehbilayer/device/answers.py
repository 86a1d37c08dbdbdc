"""What an answer is: a quantity with its unit and everything that is to be said against it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar

from ehbilayer.device.bilayer import Bilayer
from ehbilayer.errors import ArgumentError, GridTooCoarse, NotConverged
from ehbilayer.formatting import scientific

__all__ = ["CAUTION", "FLAGS", "INVALID", "LABELS", "RESULT_UNITS", "Answer", "Answers"]

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

T = TypeVar("T")

#: Severity of a flag that leaves the number usable.
CAUTION = "caution"
#: Severity of a flag that takes the number out of its theory's range.
INVALID = "not valid"

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
        "outside Hartree–Fock's range: it crystallises a layer near rₛ = 2, correlated carriers do so near 31",
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
        "pairing temperature above half of the Fermi temperature, or the heavier layer not degenerate there: "
        "pairs form without condensing",
    ),
    "stiffness": (CAUTION, "stiffness of all carriers at zero temperature: an upper bound"),
    "bose": (
        CAUTION,
        "tightly bound pairs as a Bose gas with a capacitor's repulsion, n times the velocity of sound: an upper bound",
    ),
    "no-condensate": (INVALID, "no condensate"),
    "second-band": (INVALID, "second band occupied, or spins not split: the one-band model does not apply"),
    "vortices": (INVALID, "above the BKT temperature: phase coherence is lost"),
    "cold": (CAUTION, "computed at 0.02 of the pairing temperature, below which nothing changes"),
    "not-normal": (
        CAUTION,
        "friction of two liquids, not the lowest state; below its critical currents a condensate has the ratio −1",
    ),
    "non-degenerate": (
        INVALID,
        "chemical potential more than 8 k_B T below the band edge: too few carriers",
    ),
    "dirty": (INVALID, "relaxation time below ħ over the Fermi energy: no Boltzmann transport"),
    "landau-levels": (
        CAUTION,
        "the field across the layers splits Landau levels by more than k_B T, which no theory here has",
    ),
    "quantum-limit": (INVALID, "the field across the layers splits Landau levels by more than a Fermi energy"),
    "orbital": (
        CAUTION,
        "the field in the plane shifts the pairs' canonical momentum by e d B/ħ, which is left out; currents do not "
        "feel it as long as nothing tunnels",
    ),
    "keldysh": (CAUTION, "the layers' own polarisability (Rytova–Keldysh) is left out: attraction an upper bound"),
    "valleys": (CAUTION, "one valley, or the spins of one, while the carriers have several"),
    "dirac": (CAUTION, "a parabola in place of a band that is none (Dirac carriers, bilayer graphene)"),
    "grid": (INVALID, "grid too coarse, or the one needed too large"),
    "spacing": (INVALID, "spacing beyond the range of the calculation"),
    "failed": (INVALID, "not computed"),
}
"""Every reason for which an answer is less than that: severity and sentence."""


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
    flags: tuple[str, ...] = ()
    detail: str = ""

    @property
    def validity(self) -> str:
        """``"valid"``, ``"caution"`` or ``"not valid"``, the worst of the flags."""
        severities = {FLAGS[flag][0] for flag in self.flags}
        return INVALID if INVALID in severities else CAUTION if severities else "valid"

    @property
    def statement(self) -> str:
        """The flags in words; without a value only those that forbid one."""
        told = [FLAGS[flag] for flag in self.flags]
        broken = [sentence for severity, sentence in told if severity == INVALID]
        parts = broken if self.value is None and broken else [sentence for _, sentence in told]
        return "; ".join(parts + ([self.detail] if self.detail else []))

    @property
    def number(self) -> str:
        """Value with three digits, or the name, or ``"none"``."""
        if self.value is None or isinstance(self.value, str):
            return self.value or "none"
        if self.value and not 1e-3 <= abs(self.value) < 1e5:
            return scientific(self.value)
        return f"{float(f'{self.value:.3g}'):g}".replace("-", "−")

    @property
    def text(self) -> str:
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
    def quantities(self) -> dict[str, Answer]:
        """The answers by name, in the order of the attributes, without those not asked for."""
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "bilayer"}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def plain(self) -> dict[str, float | str | None]:
        """Values by name, and the flags of each as one string under ``name_flags``: what a sweep can hold."""
        out = {}
        for name, found in self.quantities.items():
            out |= {name: found.value, f"{name}_flags": " ".join(found.flags)}
        return out


def quantity(name: str, value: float | str | None, flags: Iterable[str] = (), detail: str = "") -> Answer:
    """The answer for a quantity of `LABELS`, with its unit."""
    return Answer(value, RESULT_UNITS.get(name, ""), tuple(flags), detail)


def missing(names: Iterable[str], flags: Iterable[str], detail: str = "") -> dict[str, Answer]:
    """Answers without a value, all for the same reason."""
    return {name: quantity(name, None, flags, detail) for name in names}


class Trouble(NamedTuple):
    """Why there is no value: what `missing` needs."""

    flags: tuple[str, ...]
    detail: str = ""


def attempt(calculation: Callable[[], T]) -> T | Trouble:
    """Result, or what went wrong in the physics; a wrong program still raises."""
    try:
        return calculation()
    except GridTooCoarse as error:
        return Trouble(("grid",), str(error))
    except ArgumentError as error:
        flag = {"d": "spacing", "density": "non-degenerate"}.get(error.name, "failed")
        return Trouble((flag,), str(error))
    except NotConverged as error:
        return Trouble(("failed",), str(error).partition("\n")[0])
