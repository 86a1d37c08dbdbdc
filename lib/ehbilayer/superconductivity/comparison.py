"""T_c of one bilayer by several formulas, and what follows from a plasmon velocity wherever it comes from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.analytic_tc import allen_dynes, mcmillan
from ehbilayer.superconductivity.coupling import CouplingSpectrum
from ehbilayer.superconductivity.repulsion import TREATMENTS, resolved_transition
from ehbilayer.units import fermi_energy

__all__ = ["FORMULAS", "PairingOutcome", "one_mode", "pairing_outcome", "transition_temperatures"]

#: Formulas that `transition_temperatures` knows.
FORMULAS = (
    "BCS",
    "Eliashberg",
    "Eliashberg without repulsion",
    "McMillan",
    "McMillan, Debye prefactor",
    "Allen-Dynes",
    "Eliashberg, Umklapp folded",
    "Eliashberg, Umklapp projected",
    "Eliashberg, Umklapp none",
    "Eliashberg, μ up to ε_F/2",
    "Eliashberg, μ up to 2 ε_F",
    "Eliashberg, μ up to 4 ε_F",
    "Eliashberg, W(ε, ε′) at full bandwidth",
    "Momentum-resolved, static Eq. 1",
    "Momentum-resolved, dynamic electrons",
)
_CUTOFFS = {"ε_F/2": 0.5, "2 ε_F": 2.0, "4 ε_F": 4.0}
_RESOLVED = dict(zip(FORMULAS[-3:], TREATMENTS, strict=True))


@checked
def transition_temperatures(
    *, r_s: float, alpha: float, d: float, mass_ratio: float, formulas: Sequence[str] = FORMULAS
) -> dict[str, float]:
    r"""T_c with the paper's interaction and one plasmon velocity, by different formulas.

    Parameters
    ----------
    r_s, alpha, d, mass_ratio
        As in `ehbilayer.superconductivity.eliashberg.critical_temperature`.
    formulas : sequence of str
        Some of `FORMULAS`. With Umklapp frozen and the repulsion up to the Fermi energy where nothing else is said;
        McMillan's and Allen's and Dynes' formulas take the pseudopotential at the Debye frequency. The last three are
        the treatments of `ehbilayer.superconductivity.repulsion`, from 1e-5 Fermi temperatures on.

    Returns
    -------
    dict of str to float
        In T_H, in the order of `formulas`; 0.0 where there is no superconductor.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> found = transition_temperatures(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10, formulas=["BCS", "Eliashberg"])
    >>> {name: f"{value:.3e}" for name, value in found.items()}
    {'BCS': '7.961e-03', 'Eliashberg': '1.866e-04'}
    """
    found: dict[str, float] = {}
    for name in validation.options("formulas", formulas, FORMULAS):
        if name == "BCS":
            value = pairing.critical_temperature(r_s=r_s, alpha=alpha, d=d, mass_ratio=mass_ratio)
            found[name] = float(value)
            continue
        if name in _RESOLVED:
            resolved = resolved_transition(
                r_s=r_s, alpha=alpha, d=d, mass_ratio=mass_ratio, treatment=_RESOLVED[name], estimate=False
            )
            found[name] = float(fermi_energy(r_s)) * resolved.temperature
            continue
        cutoff = _CUTOFFS.get(name.partition("up to ")[2], 1.0)
        umklapp = name.partition("Umklapp ")[2] or "frozen"
        spectrum, coulomb, fermi, debye = eliashberg.plasmon_problem(r_s, alpha, d, mass_ratio, umklapp)
        if name == "Eliashberg without repulsion":
            reduced = eliashberg.transition(spectrum).temperature
        elif name.startswith("Eliashberg"):
            reduced = eliashberg.transition(spectrum, coulomb=coulomb, fermi=cutoff * fermi).temperature
        else:
            mu_star = eliashberg.pseudopotential(coulomb, cutoff * fermi)
            if name == "Allen-Dynes":
                reduced = allen_dynes(spectrum, mu_star)
            else:
                prefactor = "debye" if name.endswith("Debye prefactor") else "logarithmic"
                reduced = mcmillan(spectrum, mu_star, prefactor)
        found[name] = debye * reduced
    return found


@checked
def one_mode(couplings: ArrayLike) -> pd.DataFrame:
    """T_c of one mode without repulsion by the Eliashberg equations, fits, BCS-like formulas and the asymptote.

    Parameters
    ----------
    couplings : array_like, shape (n,)
        lambda > 0.

    Returns
    -------
    pandas.DataFrame
        One row for each coupling, temperatures in the mode's frequency Omega.

    Examples
    --------
    >>> one_mode([1.0]).round(4)[["Eliashberg (Omega)", "Allen-Dynes (Omega)"]].values.tolist()
    [[0.1146, 0.1124]]
    """
    couplings = np.atleast_1d(validation.reals("couplings", couplings, low=0.0, low_open=True, high=1e6))
    modes = [CouplingSpectrum.einstein(float(coupling)) for coupling in couplings]
    return pd.DataFrame(
        {
            "lambda (1)": couplings,
            "Eliashberg (Omega)": [eliashberg.transition(mode).temperature for mode in modes],
            "McMillan (Omega)": [mcmillan(mode, 0.0) for mode in modes],
            "Allen-Dynes (Omega)": [allen_dynes(mode, 0.0) for mode in modes],
            "BCS, exp(-1/lambda) (Omega)": 1.13 * np.exp(-1 / couplings),
            "BCS, exp(-(1+lambda)/lambda) (Omega)": 1.13 * np.exp(-1 - 1 / couplings),
            "asymptote (Omega)": 0.1827 * np.sqrt(couplings),
        }
    )


@dataclass(frozen=True)
class PairingOutcome:
    """What a squared plasmon velocity leads to; made by `pairing_outcome`.

    Attributes
    ----------
    alpha_squared : float
        Of the velocity, in the squared Bohm-Staver velocity.
    strength : float
        g_0 V; nan without a velocity.
    bcs, eliashberg : float
        T_c in T_H; nan without a velocity.
    """

    alpha_squared: float
    strength: float
    bcs: float
    eliashberg: float

    @property
    def kind(self) -> str:
        """Kind of outcome: "no velocity", "repulsion" or "attraction"."""
        if math.isnan(self.strength):
            return "no velocity"
        return "attraction" if self.strength < 0 else "repulsion"


@checked
def pairing_outcome(alpha_squared: float, *, r_s: float, d: float, mass_ratio: float) -> PairingOutcome:
    """Pairing strength and T_c from a squared velocity; a modulus that is not positive gives no velocity.

    Parameters
    ----------
    alpha_squared : float
        Squared velocity over the squared Bohm-Staver velocity, of either sign.
    r_s, d, mass_ratio
        As in `ehbilayer.superconductivity.eliashberg.critical_temperature`.

    Returns
    -------
    PairingOutcome

    Examples
    --------
    >>> [pairing_outcome(x, r_s=1.6, d=1.0, mass_ratio=10).kind for x in (-0.1, 0.09, 4.0)]
    ['no velocity', 'attraction', 'repulsion']
    """
    alpha_squared = validation.real("alpha_squared", alpha_squared, low=-1e6, high=1e6)
    if alpha_squared <= 0:
        return PairingOutcome(alpha_squared, math.nan, math.nan, math.nan)
    alpha = math.sqrt(validation.real("alpha_squared", alpha_squared, low=1e-20, high=1e20))
    found = transition_temperatures(r_s=r_s, alpha=alpha, d=d, mass_ratio=mass_ratio, formulas=("BCS", "Eliashberg"))
    strength = float(pairing.pairing_strength(r_s, alpha, d / r_s))
    return PairingOutcome(alpha_squared, strength, found["BCS"], found["Eliashberg"])
