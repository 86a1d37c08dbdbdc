"""The steps between the paper's T_c and a better one, each alone from one common base."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.coupling import CouplingSpectrum, coupling_spectrum
from ehbilayer.superconductivity.repulsion import resolved_transition
from ehbilayer.superconductivity.velocity_coupling import FREE, repulsion_strength, velocity_spectrum
from ehbilayer.units import fermi_energy

__all__ = ["OWN_RESPONSE", "SingleStep", "exchange_screening", "single_steps"]

#: Name of the step to the crystal's own response.
OWN_RESPONSE = "α²(q) of Hartree–Fock"


class SingleStep(NamedTuple):
    """One step; made by `single_steps`.

    Attributes
    ----------
    name : str
    coulomb, coupling : float
        mu and lambda; NaN where the step is not one of Eq. 4.
    bcs, eliashberg : float
        T_c in T_H; NaN where the step has no meaning in this formula.
    """

    name: str
    coulomb: float
    coupling: float
    bcs: float
    eliashberg: float


@checked
def exchange_screening(r_s: float) -> float:
    r"""k_s of electrons whose compressibility is that of Hartree–Fock theory, in 1/a_e.

    .. math:: k_s = \frac{2}{1 - \sqrt2\,r_s/\pi}

    Parameters
    ----------
    r_s : float
        In a_e, > 0.

    Returns
    -------
    float
        Infinite where the compressibility is negative, beyond r_s = 2.22.

    Examples
    --------
    >>> print(f"{exchange_screening(1.6):.2f}")
    7.15
    """
    inverse = 1 - math.sqrt(2) * validation.positive("r_s", r_s) / math.pi
    return FREE / inverse if inverse > 0 else math.inf


@checked
def single_steps(
    *,
    r_s: float,
    alpha: float,
    d: float,
    mass_ratio: float,
    shear: float,
    response: Callable[[NDArray], NDArray] | None = None,
) -> list[SingleStep]:
    r"""T_c with each step alone replaced, by the paper's formula and by Eliashberg theory.

    The base is Eqs. 4 and 5: a constant :math:`\alpha`, free electrons' screening, Umklapp frozen at k_D. Alone change:
    :math:`\alpha^2` by the capacitor's :math:`4d/a_e`, the shear modulus or Hartree-Fock's own static response, which
    holds both; the screening, to that of electrons whose
    compressibility exchange has raised, as it has in :math:`\alpha`; :math:`\alpha`, to one that falls with q as RPA's
    in close layers, :math:`k_s/(q + k_s)`; Umklapp, to folded; :math:`\mu`, to a retarded :math:`\mu^*` in the formula;
    and the electrons' screening of the repulsion, to a dynamic one, in the gap equation.

    Parameters
    ----------
    r_s, alpha, d, mass_ratio
        As in `ehbilayer.superconductivity.eliashberg.critical_temperature`.
    shear : float
        Shear modulus G/B_0 of the crystal, >= 0.
    response : callable, optional
        alpha^2(q) of the crystal's static response as in
        `ehbilayer.superconductivity.velocity_coupling.velocity_spectrum`; without it, or where it is not positive up to
        k_D and the crystal unstable, its step is left out.

    Returns
    -------
    list of SingleStep

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> steps = single_steps(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10, shear=0.2)
    >>> [step.name for step in steps if step.bcs == 0]
    ['4d/a_e added', 'shear modulus added', 'screening softened like α']
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e3)
    alpha = validation.real("alpha", alpha, low=1e-3, high=1e3)
    d, shear = validation.real("d", d, low=0.0, high=1e3), validation.real("shear", shear, low=0.0, high=1e3)
    square, fermi = alpha**2, float(fermi_energy(r_s))
    debye = float(pairing.debye_temperature(r_s, 1.0, mass_ratio))

    def step(name, spectrum, coulomb, edge, formula=None):
        strength = (coulomb if formula is None else formula) - spectrum.coupling
        warm = pairing.BCS_PREFACTOR * edge * debye * math.exp(1 / strength) if strength < 0 else 0.0
        found = (
            eliashberg.transition(spectrum, coulomb=coulomb, fermi=fermi).temperature if formula is None else math.nan
        )
        return SingleStep(name, coulomb if formula is None else formula, spectrum.coupling, warm, found)

    def constant(value: float, umklapp: str = "frozen") -> CouplingSpectrum:
        spectrum = coupling_spectrum(r_s, math.sqrt(value), d / r_s, umklapp)
        return CouplingSpectrum(spectrum.frequencies * debye * math.sqrt(value), spectrum.weights)

    mu, base = float(pairing.coulomb_strength(r_s)), constant(square)
    falling = velocity_spectrum(lambda q: square * FREE / (q + FREE), r_s=r_s, d=d, mass_ratio=mass_ratio)
    steps = [
        step("none: Eqs. 4 and 5", base, mu, alpha),
        step("4d/a_e added", constant(square + 4 * d), mu, math.sqrt(square + 4 * d)),
        step("shear modulus added", constant(square + shear), mu, math.sqrt(square + shear)),
    ]
    if response is not None and np.min(response(np.linspace(0.0, 2 / r_s, 200))) > 0:
        own = velocity_spectrum(response, r_s=r_s, d=d, mass_ratio=mass_ratio)
        at_debye = float(np.mean(response(np.array([2 / r_s]))))
        steps.append(step(OWN_RESPONSE, own, mu, math.sqrt(at_debye)))
    strong = exchange_screening(r_s)
    if math.isfinite(strong):
        softened = velocity_spectrum(
            lambda q: np.full_like(q, square), r_s=r_s, d=d, mass_ratio=mass_ratio, screening=strong
        )
        name = "screening softened like α"
        steps.append(step(name, softened, repulsion_strength(r_s=r_s, screening=strong), alpha))
    edge = alpha * math.sqrt(FREE / (2 / r_s + FREE))
    star = eliashberg.pseudopotential(mu, fermi / (debye * alpha))
    resolved = resolved_transition(
        r_s=r_s, alpha=alpha, d=d, mass_ratio=mass_ratio, treatment="dynamic electrons", estimate=False
    )
    return [
        *steps,
        step("α falls with q", falling, mu, edge),
        step("Umklapp folded", constant(square, "folded"), mu, alpha),
        step("μ retarded (μ*)", base, mu, alpha, star),
        SingleStep("repulsion screened dynamically", math.nan, math.nan, math.nan, fermi * resolved.temperature),
    ]
