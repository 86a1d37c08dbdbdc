r"""Isotropic Eliashberg theory on the Matsubara axis: T_c and the gap function.

With phonons (here plasmons) of frequencies :math:`\omega_i` and couplings :math:`\lambda_i`, :math:`\lambda(\nu) =
\sum_i \lambda_i \omega_i^2/(\omega_i^2 + \nu^2)`, a Coulomb repulsion :math:`\mu` up to the Fermi energy, and
Matsubara frequencies :math:`\omega_n = (2n+1)\pi T`:

.. math:: Z_n\Delta_n = \pi T \sum_m [\lambda(\omega_n - \omega_m) - \mu]
    \frac{\Delta_m}{\sqrt{\omega_m^2 + \Delta_m^2}}, \qquad
    Z_n\omega_n = \omega_n + \pi T \sum_m \lambda(\omega_n - \omega_m) \frac{\omega_m}{\sqrt{\omega_m^2 + \Delta_m^2}}

The sum over the N frequencies of each sign that a calculation keeps is completed by the pseudopotential
:math:`1/\mu^*_N = 1/\mu + \ln[\varepsilon_F/(2\pi T N)]`. Its limit N -> infinity is taken exactly: beyond the
plasmons :math:`\Delta_n` is the constant :math:`\Delta_\infty`, and

.. math:: \Delta_\infty\Big[1 + \mu\ln\frac{2e^\gamma\varepsilon_F}{\pi T}\Big] =
    -\mu\sum_{m\ge 0}\frac{\Delta_m - \Delta_\infty}{m + 1/2}.

Sums over m are compressed: :math:`\Delta_n` is known at integers n that are dense at the origin and sparse in
geometric panels beyond, and each sum uses Gauss rules for discrete points in panels that shrink towards the origin
and towards n = m. The number of unknowns grows with the logarithm of the plasmon frequency over T.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.numerics.roots import root
from ehbilayer.superconductivity.analytic_tc import allen_dynes
from ehbilayer.superconductivity.coupling import CouplingSpectrum, coupling_spectrum
from ehbilayer.superconductivity.matsubara_sums import EXPLICIT, REACH, kernel_matrices, sums_at
from ehbilayer.superconductivity.pairing import coulomb_strength, debye_temperature
from ehbilayer.units import fermi_energy

__all__ = ["Transition", "critical_temperature", "eigenvalue", "plasmon_problem", "pseudopotential", "transition"]


_LOG_BCS = np.euler_gamma + 2 * math.log(2)


class Problem:
    """The equations at one temperature, in units of omega_D."""

    def __init__(self, spectrum, coulomb, fermi, temperature, order):
        ratios = spectrum.frequencies / (2 * math.pi * temperature)
        octaves = max(2, math.ceil(math.log2(max(REACH * ratios[-1], 1) / EXPLICIT)))
        # Few distinct grids, so that the rules are shared by nearby temperatures.
        self.sums = sums_at(4 * math.ceil(octaves / 4), order)
        sums = self.sums
        self.points, self.temperature = sums.points, temperature
        plus, self.minus = kernel_matrices(
            sums.points, sums.rows, sums.nodes, sums.weights, sums.columns, sums.interpolation, ratios, spectrum.weights
        )
        self.plus, self.constant = plus[:, :-1], plus.sum(axis=1) + 1
        # Delta_inf = response @ (Delta - Delta_inf).
        self.response = np.zeros(len(self.points))
        if coulomb > 0:
            bracket = 1 + coulomb * (math.log(fermi / (2 * math.pi * temperature)) + _LOG_BCS)
            if bracket <= 0:
                raise ValueError(
                    f"temperature = {temperature!r} is not allowed: too high for mu = {coulomb} and fermi = {fermi}"
                )
            self.response = -coulomb / bracket * sums.total
        # Z_n (2n + 1) of the normal state, sums over l in closed form.
        z = 1j * ratios
        partial = -(spectrum.weights * ratios * (digamma(self.points[:, None] + 1 + z) - digamma(1 + z)).imag).sum(
            axis=1
        )
        self.odd = 2 * self.points + 1.0
        self.normal = self.odd + spectrum.coupling + 2 * partial

    def linear(self):
        """Matrix for Delta_n - Delta_inf whose largest eigenvalue is 1 at T_c."""
        scale = self.odd / self.normal
        return scale[:, None] * self.plus + np.outer(scale * self.constant - 1, self.response)


@checked
def eigenvalue(
    spectrum: CouplingSpectrum, temperature: float, *, coulomb: float = 0.0, fermi: float | None = None, order: int = 8
) -> float:
    """Largest eigenvalue of the linearised gap equation; it falls with temperature and is 1 at T_c.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    temperature : float
        k_B T in omega_D, from 1e-12 to 1e3.
    coulomb : float
        mu >= 0.
    fermi : float, optional
        Fermi energy in omega_D, > 0; needed if `coulomb` is not 0.
    order : int
        Points per panel, from 4 to 14.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.superconductivity.coupling import CouplingSpectrum
    >>> print(f"{eigenvalue(CouplingSpectrum.einstein(1.0), 0.11461951):.6f}")
    1.000000
    """
    spectrum, coulomb, fermi, order = checked_problem(spectrum, coulomb, fermi, order)
    temperature = validation.real("temperature", temperature, low=1e-12, high=1e3)
    return largest(Problem(spectrum, coulomb, fermi, temperature, order))


@dataclass(frozen=True)
class Transition:
    """Result of `transition`.

    Attributes
    ----------
    temperature : float
        k_B T_c in omega_D; 0 if there is no instability above `floor`.
    error : float
        Change on a grid with two points more in each panel; 0 without an instability.
    floor : float
        Lowest temperature looked at, in omega_D.
    eigenvalue_at_floor : float
        Below 1 where there is no instability; not a number where T_c was found without looking there.
    """

    temperature: float
    error: float
    floor: float
    eigenvalue_at_floor: float


@checked
def transition(
    spectrum: CouplingSpectrum,
    *,
    coulomb: float = 0.0,
    fermi: float | None = None,
    floor: float = 1e-10,
    order: int = 6,
) -> Transition:
    r"""Critical temperature of the linearised isotropic Eliashberg equations.

    Parameters
    ----------
    spectrum : CouplingSpectrum
        Frequencies in omega_D (or any unit of energy, which is then that of every temperature).
    coulomb : float
        mu >= 0, acting up to the Fermi energy.
    fermi : float, optional
        Fermi energy in the same unit; needed if `coulomb` is not 0.
    floor : float
        Lowest temperature to look at, from 1e-12; an eigenvalue below 1 there counts as no instability.
    order : int
        Points per panel, from 6 to 12.

    Returns
    -------
    Transition

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.superconductivity.coupling import CouplingSpectrum
    >>> result = transition(CouplingSpectrum.einstein(2.0))
    >>> print(f"{result.temperature:.7f}", result.error < 1e-6)
    0.2117412 True
    """
    order = validation.integer("order", order, low=6, high=12)
    spectrum, coulomb, fermi, order = checked_problem(spectrum, coulomb, fermi, order)
    floor = validation.real("floor", floor, low=1e-12, high=1e-3)
    top = spectrum.frequencies[-1]

    def excess(log_t, points=order):
        return largest(Problem(spectrum, coulomb, fermi, math.exp(log_t), points)) - 1

    # An infinite pseudopotential leaves no T_c to start from: the search then begins at the floor.
    mu_star = bare_pseudopotential(coulomb, fermi, top)
    guess = allen_dynes(spectrum, mu_star) if math.isfinite(mu_star) else 0.0
    high = math.log(0.4 * max(top, floor) * (1 + math.sqrt(spectrum.coupling)))
    low = min(math.log(max(guess, 10 * floor)) - 0.3, high - 0.3)
    # Downwards in growing steps until the eigenvalue exceeds 1.
    step, upper = 0.6, high
    while (value := excess(low)) < 0:
        upper = low
        if low <= math.log(floor):
            return Transition(0.0, 0.0, floor, value + 1)
        low, step = max(low - step, math.log(floor)), 2 * step
    if upper == high:
        while (value := excess(min(low + 0.6, high))) > 0 and low + 0.6 < high:
            low += 0.6
        upper = min(low + 0.6, high)
        if value > 0:
            raise RuntimeError(f"no upper bound for T_c below {math.exp(high)} omega_D")
    logarithm = root(excess, low, upper, absolute=1e-9, relative=1e-12)
    finer = excess(logarithm, order + 2)
    slope = (excess(logarithm + 1e-3) - excess(logarithm - 1e-3)) / 2e-3
    return Transition(math.exp(logarithm), math.exp(logarithm) * abs(finer / slope), floor, math.nan)


@checked
def critical_temperature(*, r_s: float, alpha: float, d: float, mass_ratio: float, umklapp: str = "frozen") -> float:
    r"""T_c of the plasmon-mediated superconductor from the isotropic Eliashberg equations.

    alpha^2F of Eq. 2 (`ehbilayer.superconductivity.coupling.coupling_spectrum`), mu of Eq. 1 with
    :math:`1/\mu^*_N = 1/\mu + \ln[\varepsilon_F/(2\pi T N)]`, N -> infinity.

    Parameters
    ----------
    r_s, d : float
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    alpha : float
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    mass_ratio : float
        m_h/m_e >= 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `ehbilayer.superconductivity.pairing.coupling_constant`.

    Returns
    -------
    float
        In T_H; 0.0 where there is no instability above 1e-10 Debye temperatures.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10):.4e}")
    1.8663e-04
    """
    spectrum, coulomb, fermi, debye = plasmon_problem(r_s, alpha, d, mass_ratio, umklapp)
    return debye * transition(spectrum, coulomb=coulomb, fermi=fermi).temperature


@checked
def plasmon_problem(
    r_s: float, alpha: float, d: float, mass_ratio: float, umklapp: str = "frozen"
) -> tuple[CouplingSpectrum, float, float, float]:
    """Arguments of `transition` for the bilayer.

    Parameters
    ----------
    r_s, alpha, d, mass_ratio, umklapp
        As in `critical_temperature`.

    Returns
    -------
    spectrum : CouplingSpectrum
    coulomb : float
        mu.
    fermi : float
        Fermi energy in omega_D.
    debye : float
        Debye temperature in T_H.

    Examples
    --------
    >>> spectrum, coulomb, fermi, debye = plasmon_problem(1.6, 0.3, 1.0, 10)
    >>> print(f"{coulomb:.4f} {fermi:.3f} {debye:.4f}")
    0.3312 5.270 0.0741
    """
    r_s = validation.real("r_s", r_s, low=1e-6, high=1e6)
    alpha = validation.real("alpha", alpha, low=1e-6, high=1e6)
    d = validation.real("d", d, low=0.0, high=1e6)
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e12)
    debye = float(debye_temperature(r_s, alpha, mass_ratio))
    spectrum = coupling_spectrum(r_s, alpha, d / r_s, umklapp)
    return spectrum, float(coulomb_strength(r_s)), float(fermi_energy(r_s)) / debye, debye


@checked
def pseudopotential(coulomb: float, fermi: float, cutoff: float = 1.0) -> float:
    r""":math:`\mu^* = \mu/[1 + \mu\ln(\varepsilon_F/\omega)]` at a cutoff :math:`\omega`.

    Parameters
    ----------
    coulomb : float
        mu >= 0.
    fermi, cutoff : float
        In one unit, > 0.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{pseudopotential(0.331232, 5.270):.4f}")
    0.2136
    """
    coulomb = validation.real("coulomb", coulomb, low=0.0)
    return bare_pseudopotential(coulomb, validation.positive("fermi", fermi), validation.positive("cutoff", cutoff))


def largest(problem):
    """Largest real eigenvalue of the linearised equation."""
    values = np.linalg.eigvals(problem.linear())
    return float(values.real[_is_real(values)].max())


def leading(problem):
    """The same with its eigenvector."""
    values, vectors = np.linalg.eig(problem.linear())
    best = int(np.argmax(np.where(_is_real(values), np.real(values), -np.inf)))
    return float(values[best].real), np.real(vectors[:, best])


def _is_real(values):
    return np.abs(values.imag) < 1e-8 * np.abs(values).max()


def checked_problem(spectrum, coulomb, fermi, order):
    if not isinstance(spectrum, CouplingSpectrum):
        raise TypeError(f"spectrum is not allowed: need a CouplingSpectrum, got {type(spectrum).__name__}")
    coulomb = validation.real("coulomb", coulomb, low=0.0)
    if coulomb > 0 and fermi is None:
        raise ValueError("fermi = None is not allowed: need the Fermi energy where coulomb > 0")
    fermi = None if fermi is None else validation.positive("fermi", fermi)
    return spectrum, coulomb, fermi, validation.integer("order", order, low=4, high=14)


def bare_pseudopotential(coulomb, fermi, cutoff):
    if coulomb == 0:
        return 0.0
    bracket = 1 + coulomb * math.log(fermi / cutoff)
    return coulomb / bracket if bracket > 0 else math.inf
