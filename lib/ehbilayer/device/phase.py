"""The phase of lowest energy in Hartree-Fock(-Bogoliubov) theory."""

import math

from ehbilayer.device.answers import Answer, Trouble, attempt, missing, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.phases.point import phase_point
from ehbilayer.units import K_B

# In Hartree of the heavier carrier: what system size and unknown states may change.
_MARGIN = 1e-3

# r_s at which correlated carriers crystallise.
_CRYSTAL = 31.0

# The library calls the heavier carriers holes.
_EXCHANGED = {"EL-HC": "EC-HL", "EC-HL": "EL-HC"}


def phase_answers(bilayer: Bilayer, mesh: int) -> dict[str, Answer]:
    """Lowest phase and its margin."""

    def calculation():
        return phase_point(
            mass_ratio=bilayer.mass_ratio,
            d=bilayer.d_heavy,
            density_ratio=1 / bilayer.r_s_heavy**2,
            r_s_star=1.0,
            mesh=mesh,
        )

    point = attempt(calculation)
    if isinstance(point, Trouble):
        return missing(("phase", "margin"), *point)
    phase, flags = point["phase"], []
    if phase not in ("condensate", "liquid"):
        crystal = bilayer.r_s_light if phase == "EC-HL" else bilayer.r_s_heavy
        flags += ["correlated"] if crystal < _CRYSTAL else []
    flags += ["unconverged"] if point["unconverged_states"] or not point["converged"] else []
    margin = point["margin"] * bilayer.heavy.energy_meV
    flags += ["finite-size"] if point["margin"] < _MARGIN else []
    flags += ["thermal"] if margin < K_B * bilayer.T else []
    if bilayer.m_e > bilayer.m_h:
        phase = _EXCHANGED.get(phase, phase)
    return {
        "phase": quantity("phase", phase, flags),
        "margin": quantity("margin", margin if math.isfinite(margin) else None, flags),
    }
