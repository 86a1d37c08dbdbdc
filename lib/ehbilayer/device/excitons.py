"""Excitons, and the temperatures at which they pair and condense."""

import math
from dataclasses import dataclass
from functools import lru_cache

from ehbilayer.condensate import exciton_energy, liquid_energy, solve_condensate
from ehbilayer.condensate.pair_temperature import pair_temperature
from ehbilayer.device.answers import Answer, Trouble, attempt, missing, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.device.contact import Contact
from ehbilayer.device.friction import chemical_potential
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.single_band import single_band_check
from ehbilayer.diode.stiffness import bkt_temperature
from ehbilayer.errors import NotConverged
from ehbilayer.units import HBAR2_PER_M0, K_B


@dataclass(frozen=True)
class Pairs:
    """Mean-field theory of paper B for a bilayer, or the flags that say why there is none."""

    theory: Contact | None
    T_bkt: Answer
    flags: tuple[str, ...]
    detail: str = ""


def exciton_answers(bilayer: Bilayer, lowest: str | None) -> tuple[dict[str, Answer], Pairs]:
    """Answers about pairs, and the contact theory with the transition temperature chosen."""
    unit, ratio, d, r_s = bilayer.heavy, bilayer.mass_ratio, bilayer.d_heavy, bilayer.r_s_heavy
    flags = ("crystal",) if lowest not in (None, "liquid", "condensate") else ()
    flags = ("mott",) if _is_ionised(ratio, d, r_s, bilayer.degeneracy) is True else flags
    pair_length = unit.length_nm * (1 + ratio)
    binding = attempt(lambda: -exciton_energy(bilayer.distance / pair_length) * unit.energy_meV / (1 + ratio))
    if isinstance(binding, Trouble):
        found = missing(("exciton_binding",), *binding)
    else:
        found = {"exciton_binding": quantity("exciton_binding", binding, flags)}
    for name, kind, own in (("T_mean_field", "bare", "unscreened"), ("T_screened", "screened", "normal-screening")):
        result = _pair_temperature(ratio, d, r_s, kind, bilayer.degeneracy)
        if isinstance(result, Trouble):
            found[name] = quantity(name, None, *result)
        elif result.temperature == 0:
            found[name] = quantity(name, 0.0, ("no-condensate", own))
        else:
            T_c = result.temperature * unit.temperature_K
            found[name] = quantity(name, T_c, (own, *_strong_coupling(bilayer, T_c), *flags))
    chosen = found["T_mean_field" if bilayer.pairing == "bare" else "T_screened"]
    if bilayer.T_c is not None:
        chosen = quantity("T_mean_field", bilayer.T_c, ("given", *_strong_coupling(bilayer, bilayer.T_c), *flags))
        found["T_mean_field"] = chosen
    pairs = _contact_theory(bilayer, chosen)
    found["T_bkt"] = pairs.T_bkt
    return found, pairs


# Points of a sweep over temperature or field share what follows.
@lru_cache(maxsize=256)
def _pair_temperature(ratio, d, r_s, kind, degeneracy):
    given = dict(mass_ratio=ratio, d=d, r_s=r_s, interaction=kind, degeneracy=degeneracy)
    return attempt(lambda: pair_temperature(**given))


@lru_cache(maxsize=256)
def _is_ionised(ratio, d, r_s, degeneracy):
    """Whether liquids, one species also of either spin, have less energy than the condensate, or `Trouble`."""
    r_s *= math.sqrt(degeneracy)
    spins = ("unpolarised", "polarised") if degeneracy == 1 else ("polarised",)

    def calculation():
        liquid = min(liquid_energy(ratio, r_s, electrons) for electrons in spins)
        return bool(liquid < solve_condensate(mass_ratio=ratio, d=d, r_s=r_s).energy_per_pair)

    return attempt(calculation)


@lru_cache(maxsize=256)
def _transition(bands, kinds):
    """Berezinskii-Kosterlitz-Thouless temperature of so many kinds of pairs with one phase, in T_c."""

    def calculation():
        # Without spin-orbit coupling or field in the plane pairs are at rest by symmetry.
        at_rest = not bands.lam_e or not bands.B
        inverse = coupling_at_T_c(bands).inverse
        T_bkt = bkt_temperature(bands, inverse, scale=kinds, at_rest=at_rest, tolerance=1e-3, coldest=0.05)
        if T_bkt is None:
            raise NotConverged("no condensate at low temperature")
        return T_bkt

    return attempt(calculation)


def _strong_coupling(bilayer, T_c):
    """The flag, where pairs form at half of the mean Fermi energy or before the heavier layer is degenerate."""
    heavier = chemical_potential(max(bilayer.m_e, bilayer.m_h), bilayer.of_one_species, T_c)
    return ("strong-coupling",) if K_B * T_c > 0.5 * bilayer.fermi_energy or heavier <= 0 else ()


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

    theory = Contact(bilayer, T_c)
    found = attempt(lambda: theory.bands)
    if not isinstance(found, Trouble):
        found = _transition(found, bilayer.degeneracy)
    if isinstance(found, Trouble):
        return Pairs(None, quantity("T_bkt", min(bound, T_c), (*chosen.flags, "stiffness")), *found)
    flags = chosen.flags if single_band_check(theory.bands).ok else (*chosen.flags, "second-band")
    return Pairs(theory, quantity("T_bkt", found * T_c, flags), flags)
