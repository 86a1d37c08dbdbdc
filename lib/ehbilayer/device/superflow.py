"""Momentum and critical currents of the condensate, as in paper B."""

from ehbilayer.device.answers import Answer, Trouble, attempt, missing, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.device.bose import bose_current
from ehbilayer.device.excitons import Pairs

_NAMES = ("q_0", "current_minus", "current_plus", "efficiency")

# In T_c: nothing changes below.
_COLD = 0.0201


def _bose_gas(bilayer, pairs):
    """Currents of tightly bound pairs, and what symmetry says about momentum and efficiency."""
    T_bkt = pairs.T_bkt.value
    flags = (*(flag for flag in pairs.flags if flag != "strong-coupling"), "bose")
    flags += ("vortices",) if isinstance(T_bkt, float) and T_bkt < bilayer.T else ()
    size = bose_current(bilayer)
    found = {
        "current_minus": quantity("current_minus", -size, flags),
        "current_plus": quantity("current_plus", size, flags),
    }
    if bilayer.lam and bilayer.zeeman[1]:
        return missing(("q_0",), pairs.flags) | found | missing(("efficiency",), pairs.flags)
    return {"q_0": quantity("q_0", 0.0, flags)} | found | {"efficiency": quantity("efficiency", 0.0, flags)}


def superflow_answers(bilayer: Bilayer, pairs: Pairs) -> dict[str, Answer]:
    """Answers of the mean-field condensate; positive currents of the electrons are negative flows of pairs."""
    theory = pairs.theory
    if "strong-coupling" in pairs.flags:
        return _bose_gas(bilayer, pairs)
    if theory is None:
        return missing(_NAMES, pairs.flags, pairs.detail)
    if theory.T_c <= bilayer.T:
        return missing(_NAMES, ("no-condensate",))
    T = max(bilayer.T, _COLD * theory.T_c)
    flags = pairs.flags + (("cold",) if T > bilayer.T else ())
    T_bkt = pairs.T_bkt.value
    flags += ("vortices",) if isinstance(T_bkt, float) and T_bkt < bilayer.T else ()
    result = attempt(lambda: theory.condensate(T))
    if isinstance(result, Trouble):
        return missing(_NAMES, *result)
    if result.q0 is None or result.J_plus is None or result.J_minus is None:
        return missing(_NAMES, ("no-condensate",))
    scale = theory.units.current_uA_per_um * bilayer.width * bilayer.degeneracy
    low, high = -scale * result.J_plus, -scale * result.J_minus
    if bilayer.lam and bilayer.zeeman[1]:
        q_0 = result.q0 / theory.units.length_nm * 1e3
        values = (q_0, low, high, (high + low) / (high - low))
    else:
        # Zero by symmetry, not to rounding.
        high = (high - low) / 2
        values = (0.0, -high, high, 0.0)
    return {name: quantity(name, float(value), flags) for name, value in zip(_NAMES, values, strict=True)}
