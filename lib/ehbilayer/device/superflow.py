"""Momentum and critical currents of the condensate, as in paper B."""

from ehbilayer.device.answers import Answer, Trouble, attempt, missing, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.device.excitons import Pairs, galilean

_NAMES = ("q_0", "current_minus", "current_plus", "efficiency")

# In T_c: nothing changes below.
_COLD = 0.0201


def superflow_answers(bilayer: Bilayer, pairs: Pairs) -> dict[str, Answer]:
    """Answers of the mean-field condensate of equal masses, rescaled to the true ones."""
    device = pairs.device
    if device is None:
        return missing(_NAMES, pairs.flags, pairs.detail)
    if device.T_c <= bilayer.T:
        return missing(_NAMES, ("no-condensate",))
    T = max(bilayer.T, _COLD * device.T_c)
    flags = pairs.flags + (("cold",) if T > bilayer.T else ())
    T_bkt = pairs.T_bkt.value
    flags += ("vortices",) if isinstance(T_bkt, float) and T_bkt < bilayer.T else ()
    currents = attempt(lambda: device.critical_currents(T))
    if isinstance(currents, Trouble):
        return missing(_NAMES, *currents)
    if currents is None:
        return missing(_NAMES, ("no-condensate",))
    low, high = (value * galilean(bilayer) for value in currents)
    q_0 = device.condensate(T).q0
    if bilayer.lam and bilayer.zeeman[1] and q_0 is not None:
        q_0 = q_0 / device.units.length_nm * 1e3 * bilayer.m_e / bilayer.pair_mass
        values = (q_0, low, high, (high + low) / (high - low))
    else:
        # Zero by symmetry, not to rounding.
        high = (high - low) / 2
        values = (0.0, -high, high, 0.0)
    return {name: quantity(name, float(value), flags) for name, value in zip(_NAMES, values, strict=True)}
