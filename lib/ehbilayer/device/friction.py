"""Frictional drag of two liquids, as in paper B."""

import math

from scipy import constants

from ehbilayer.device.answers import Answer, Trouble, attempt, missing, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.single_band import single_band_check
from ehbilayer.drag import RashbaLayer, drag_coefficients
from ehbilayer.errors import GridTooCoarse
from ehbilayer.model.layers import LOWEST_LEVEL
from ehbilayer.units import HBAR2_PER_M0, K_B, ThermalUnits

_NAMES = ("tau_D", "drag_ratio")

# Along the radius of the electrons' band.
_MOST_POINTS = 600


def drag_answers(bilayer: Bilayer, lowest: str | None) -> dict[str, Answer]:
    """Drag time and drag ratio, with the lowest phase, if known, to compare with."""
    J, B = bilayer.zeeman
    E_F_h = chemical_potential(bilayer.m_h, bilayer.of_one_species, bilayer.T)
    E_F_e = attempt(lambda: _electron_energy(bilayer))
    if isinstance(E_F_e, Trouble):
        return missing(_NAMES, *E_F_e)
    if min(E_F_e, E_F_h) < LOWEST_LEVEL * K_B * bilayer.T:
        return missing(_NAMES, ("non-degenerate",))
    result = attempt(
        lambda: drag_coefficients(
            T=bilayer.T,
            E_F_e=E_F_e,
            E_F_h=E_F_h,
            m_e=bilayer.m_e,
            m_h=bilayer.m_h,
            d=bilayer.distance,
            eps_r=bilayer.permittivity,
            lam=bilayer.lam,
            J=J,
            B=B,
            screening="thomas-fermi",
            degeneracy=bilayer.degeneracy,
            estimate_error=False,
        )
    )
    if isinstance(result, Trouble):
        return missing(_NAMES, *result)
    flags = () if _one_band(bilayer, E_F_e, E_F_h) else ("second-band",)
    energy = max(E_F_h, K_B * bilayer.T) * 1e-3 * constants.e
    flags += ("dirty",) if energy * bilayer.relaxation_time < constants.hbar else ()
    flags += ("not-normal",) if lowest not in (None, "liquid") else ()
    return {
        "tau_D": quantity("tau_D", result.tau_D1 * 1e9, flags),
        "drag_ratio": quantity("drag_ratio", result.drag_ratio(bilayer.relaxation_time), flags),
    }


def chemical_potential(mass: float, density: float, T: float) -> float:
    """Of one spin of a parabola above its minimum, in meV; mass in m_0, density in cm^-2, T in K."""
    thermal = K_B * T
    x = density * 1e-14 * 2 * math.pi * HBAR2_PER_M0 / mass / thermal
    return thermal * (x + math.log(-math.expm1(-x)))


def _one_band(bilayer, E_F_e, E_F_h):
    J, B = bilayer.zeeman
    bottom = -math.hypot(J, B)
    if bilayer.lam:
        bottom = RashbaLayer(bilayer.m_e, E_F_e, bilayer.T, lam=bilayer.lam, J=J, B=B).minimum[1]
    unit = ThermalUnits(mass=bilayer.m_e, T_c=bilayer.T)
    band = unit.reduce(lam=bilayer.lam, J=J, B=B, mu_e=E_F_e + bottom, mu_h=E_F_h - math.hypot(J, B))
    return single_band_check(Bands(lam_e=band.pop("lam"), lam_h=0.0, **band)).ok


def _electron_energy(bilayer):
    """Chemical potential of the electrons above their band minimum in meV."""
    parabola = chemical_potential(bilayer.m_e, bilayer.of_one_species, bilayer.T)
    if not bilayer.lam:
        return parabola
    J, B = bilayer.zeeman
    band = {"T": bilayer.T, "lam": bilayer.lam, "J": J, "B": B}
    widest = RashbaLayer(bilayer.m_e, max(parabola, 0.01), **band)
    if widest.reach() > _MOST_POINTS * widest.spacing():
        needed = "a higher one: the grid that resolves it in the electrons' band is too large"
        raise GridTooCoarse("T", bilayer.T, needed)
    return RashbaLayer.from_density(bilayer.m_e, bilayer.of_one_species * 1e-14, **band).E_F
