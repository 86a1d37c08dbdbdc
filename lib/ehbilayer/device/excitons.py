"""Excitons, the temperatures at which they pair and condense, and the contact theory of paper B behind the latter."""

import math
from dataclasses import dataclass

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate import exciton_energy, liquid_energy, solve_condensate
from ehbilayer.condensate.pair_temperature import pair_temperature
from ehbilayer.device.answers import Answer, Trouble, attempt, missing, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.device.curve import Device
from ehbilayer.device.friction import chemical_potential
from ehbilayer.diode import stiffness as superfluid
from ehbilayer.diode.bands import Bands, isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.depairing import ground_state
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.single_band import single_band_check
from ehbilayer.errors import NotConverged
from ehbilayer.numerics.roots import root
from ehbilayer.units import HBAR2_PER_M0, K_B

__all__ = ["vortex_temperature"]


@dataclass(frozen=True)
class Pairs:
    """Mean-field theory of paper B for a bilayer: its device, or the flags that say why there is none."""

    device: Device | None
    T_bkt: Answer
    flags: tuple[str, ...]
    detail: str = ""


def exciton_answers(bilayer: Bilayer, lowest: str | None) -> tuple[dict[str, Answer], Pairs]:
    """Answers about pairs, and the contact theory with the transition temperature chosen."""
    unit, ratio, d, r_s = bilayer.heavy, bilayer.mass_ratio, bilayer.d_heavy, bilayer.r_s_heavy
    flags = ("crystal",) if lowest not in (None, "liquid", "condensate") else ()
    flags = ("mott",) if attempt(lambda: _is_ionised(ratio, d, r_s)) is True else flags
    pair_length = unit.length_nm * (1 + ratio)
    binding = attempt(lambda: -exciton_energy(bilayer.distance / pair_length) * unit.energy_meV / (1 + ratio))
    if isinstance(binding, Trouble):
        found = missing(("exciton_binding",), *binding)
    else:
        found = {"exciton_binding": quantity("exciton_binding", binding, flags)}
    for name, kind, own in (("T_mean_field", "bare", "unscreened"), ("T_screened", "screened", "normal-screening")):
        result = attempt(lambda kind=kind: pair_temperature(mass_ratio=ratio, d=d, r_s=r_s, interaction=kind))
        if isinstance(result, Trouble):
            found[name] = quantity(name, None, *result)
        elif result.temperature == 0:
            found[name] = quantity(name, 0.0, ("no-condensate", own))
        else:
            strong = ("strong-coupling",) if result.degeneracy > 0.5 else ()
            found[name] = quantity(name, result.temperature * unit.temperature_K, (own, *strong, *flags))
    chosen = found["T_mean_field" if bilayer.pairing == "bare" else "T_screened"]
    if bilayer.T_c is not None:
        strong = ("strong-coupling",) if K_B * bilayer.T_c > 0.5 * bilayer.fermi_energy else ()
        chosen = quantity("T_mean_field", bilayer.T_c, ("given", *strong, *flags))
        found["T_mean_field"] = chosen
    pairs = _contact_theory(bilayer, chosen)
    found["T_bkt"] = pairs.T_bkt
    return found, pairs


def _is_ionised(ratio, d, r_s):
    """Whether liquids, of either spin polarisation, have less energy than the condensate."""
    liquid = min(liquid_energy(ratio, r_s, electrons) for electrons in ("unpolarised", "polarised"))
    return bool(liquid < solve_condensate(mass_ratio=ratio, d=d, r_s=r_s).energy_per_pair)


def _contact_theory(bilayer, chosen):
    # Stiffness of all carriers of both layers moving together, hbar^2 n/(m_e + m_h).
    bound = math.pi / 2 * HBAR2_PER_M0 * bilayer.carriers * 1e-14 / (bilayer.m_e + bilayer.m_h) / K_B
    if not chosen.value:
        reason = chosen.flags or ("no-condensate",)
        return Pairs(None, quantity("T_bkt", None, reason, chosen.detail), reason, chosen.detail)
    T_c = chosen.value
    if "strong-coupling" in chosen.flags:
        # Tightly bound pairs: what orders them is their stiffness, not their binding.
        others = tuple(flag for flag in chosen.flags if flag != "strong-coupling")
        return Pairs(None, quantity("T_bkt", min(bound, T_c), (*others, "stiffness")), chosen.flags)
    masses = ("unequal-masses",) if bilayer.m_e != bilayer.m_h else ()

    def calculation():
        device = equal_mass_device(bilayer, T_c)
        bands = isolated_bands(**device.reduced)
        second = () if single_band_check(bands).ok else ("second-band",)
        T_bkt = vortex_temperature(bands, coupling_at_T_c(bands).inverse, scale=galilean(bilayer)) * T_c
        return device, (*chosen.flags, *masses, *second), T_bkt

    result = attempt(calculation)
    if isinstance(result, Trouble):
        return Pairs(None, quantity("T_bkt", min(bound, T_c), (*chosen.flags, "stiffness")), *result)
    device, flags, T_bkt = result
    return Pairs(device, quantity("T_bkt", T_bkt, flags), flags)


def equal_mass_device(bilayer: Bilayer, T_c: float) -> Device:
    """Paper B's device, whose two masses are twice the reduced mass, at the bilayer's density."""
    J, B = bilayer.zeeman
    return Device(
        T_c=T_c,
        mass=bilayer.pair_mass,
        lam=bilayer.lam,
        E_F=chemical_potential(bilayer.pair_mass, bilayer.carriers, T_c),
        J=J,
        B=B,
        d=bilayer.distance,
        eps_r=bilayer.permittivity,
        tau_2=bilayer.relaxation_time,
        width=bilayer.width,
    )


def galilean(bilayer: Bilayer) -> float:
    """Stiffness of pairs of the true mass over that of two carriers of the pair mass."""
    return 2 * bilayer.pair_mass / (bilayer.m_e + bilayer.m_h)


@checked
def vortex_temperature(bands: Bands, inverse: float, *, scale: float = 1.0, lowest: float = 0.05) -> float:
    r"""Berezinskii-Kosterlitz-Thouless temperature with a stiffness multiplied by a constant.

    Solves :math:`T = \frac\pi2\,s\,\sqrt{\rho_{xx}\rho_{yy}}`; for s = 1 as
    `ehbilayer.diode.stiffness.bkt_temperature`.

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
        In T_c, to 1e-3.

    Raises
    ------
    NotConverged
        If there is no condensate at the lowest temperature.

    Examples
    --------
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> print(f"{vortex_temperature(bands, coupling_at_T_c(bands).inverse):.2f}")
    0.73
    """
    scale, lowest = validation.positive("scale", scale), validation.positive("lowest", lowest, high=0.3)

    def stiffness(T: float) -> float:
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
            raise NotConverged("no condensate at low temperature")
        if cold <= lowest:
            return cold
    high = 0.999
    if stiffness(high) >= high:
        # Order and pairs are lost together, to the tolerance.
        return 1.0
    return root(lambda T: stiffness(T) - T, low, high, absolute=1e-3)
