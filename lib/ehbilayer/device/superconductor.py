"""Plasmon-mediated superconductivity of the lighter carriers, as in paper A."""

import math

import numpy as np

from ehbilayer.device.answers import Answer, Trouble, attempt, missing, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.superconductivity import eliashberg, pairing, plasmon
from ehbilayer.superconductivity.box_shifts import madelung_shift
from ehbilayer.superconductivity.compressibility import bulk_modulus
from ehbilayer.units import debye_wave_vector

_MESH = 8


def superconductor_answers(bilayer: Bilayer, lowest: str | None) -> dict[str, Answer]:
    """Bulk modulus and transition temperatures, with the lowest phase, if known, to compare with."""
    parent = "EC-HL" if bilayer.m_e > bilayer.m_h else "EL-HC"
    flags = ("not-lowest",) if lowest not in (None, parent) else ()
    computed = _modulus(bilayer, flags)
    if bilayer.alpha is not None:
        alpha = quantity("alpha", bilayer.alpha, ("given", *flags))
    elif isinstance(computed.value, float) and computed.value > 0:
        alpha = quantity("alpha", math.sqrt(computed.value), computed.flags)
    else:
        alpha = quantity("alpha", None, computed.flags, computed.detail)
    found = {"alpha_squared": computed, "alpha": alpha}
    if isinstance(alpha.value, float):
        for name in ("T_c_bcs", "T_c_eliashberg"):
            found[name] = _transition(bilayer, name, alpha.value, alpha.flags)
    else:
        found |= missing(("T_c_bcs", "T_c_eliashberg"), alpha.flags, alpha.detail)
    slow = attempt(lambda: _rpa_velocity(bilayer))
    if isinstance(slow, Trouble):
        return found | missing(("T_c_rpa",), *slow)
    return found | {"T_c_rpa": _transition(bilayer, "T_c_rpa", slow, flags)}


def _modulus(bilayer, flags):
    modulus = attempt(
        lambda: (
            bulk_modulus(
                mass_ratio=bilayer.mass_ratio,
                d=bilayer.d_light,
                r_s=bilayer.r_s_light,
                mesh=_MESH,
                zero_mode="madelung",
                cutoff=2.5,
            ).alpha_squared
        )
    )
    if isinstance(modulus, Trouble):
        return quantity("alpha_squared", None, *modulus)
    unstable = ("unstable",) if modulus <= 0 else ()
    loose = ("zero-mode",) if abs(madelung_shift(bilayer.r_s_light, _MESH)) > 0.5 * abs(modulus) else ()
    return quantity("alpha_squared", modulus, (*unstable, *loose, *flags))


def _transition(bilayer, name, alpha, flags):
    """T_c of the light carriers in one theory for one plasmon velocity."""
    theory = pairing if name == "T_c_bcs" else eliashberg
    r_s, d, ratio = bilayer.r_s_light, bilayer.d_light, bilayer.mass_ratio
    # omega_D / eps_F of Eq. 5.
    own = ("migdal",) if 2 * alpha / math.sqrt(ratio) > 0.1 else ()
    if theory is pairing and pairing.coupling_constant(r_s, alpha, d / r_s) > 0.2:
        own += ("renormalisation",)
    value = attempt(lambda: float(theory.critical_temperature(r_s=r_s, alpha=alpha, d=d, mass_ratio=ratio)))
    if isinstance(value, Trouble):
        return quantity(name, None, *value)
    if value == 0:
        return quantity(name, 0.0, ("repulsive", *flags))
    return quantity(name, value * bilayer.light.temperature_K, (*own, *flags))


def _rpa_velocity(bilayer):
    """The constant velocity with the same attraction as the dispersing RPA plasmon."""
    r_s, d, ratio = bilayer.r_s_light, bilayer.d_light, bilayer.mass_ratio
    q = np.linspace(0.0, float(debye_wave_vector(r_s)), 13)
    squares = np.array([plasmon.acoustic_velocity(r_s=r_s, d=d, mass_ratio=ratio, q=float(x)).real ** 2 for x in q])
    attraction = plasmon.coupling_with_velocity(lambda x: np.interp(x, q, squares), r_s=r_s, d=d)
    return math.sqrt(float(pairing.coupling_constant(r_s, 1.0, d / r_s)) / attraction)
