r"""Pairing of the electrons by the dynamic RPA interaction of the bilayer, without a model of plasmons.

The linearised gap equation keeps momentum and frequency (the plasmon mechanism of Takada 1978, here for two layers):

.. math:: \Phi(k, i\omega_n) = -T\sum_m\int\frac{d^2k'}{(2\pi)^2}\,
    \frac{V_{ee}(|\mathbf k - \mathbf k'|, i\omega_n - i\omega_m)\,\Phi(k', i\omega_m)}
    {Z^2(k', i\omega_m)\,\omega_m^2 + \xi'^2}

with Z from the same interaction and free electrons. All of it enters, the bare repulsion at high frequency and its
screening by both layers at low: no pseudopotential and no cutoff. T_c is where the largest eigenvalue is 1. With a
local field Z has the interaction of the self-energy.

On the Fermi surface alone the average of V_ee at a finite frequency diverges, since 2 pi/q is unscreened for
q -> 0; the integral over k' with its energy denominator removes this. Left out: the shift of the dispersion by
the even part of the self-energy, and vertex corrections.

Energies in the electrons' Fermi energy and momenta in k_F inside this module; arguments in a_e.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.numerics.roots import root
from ehbilayer.superconductivity.gap_operator import gap_operator
from ehbilayer.superconductivity.rpa_interaction import Bilayer, Resolution, interaction_table

__all__ = ["Resolution", "RpaTransition", "eigenvalue", "pair_response", "renormalisation", "transition"]

_DEFAULT = Resolution()


@dataclass(frozen=True)
class RpaTransition:
    """Result of `transition`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    temperature : float
        k_B T_c in eps_F; 0 if the eigenvalue is below 1 down to `floor`.
    error : float
        Of the temperature, from grids of the next fineness: not that of the approximation. 0 without an instability,
        not a number where it was not asked for.
    floor : float
        Lowest temperature looked at, in eps_F.
    eigenvalue_at_floor : float
        Below 1 where there is no instability.
    """

    parameters: dict
    units: dict
    temperature: float
    error: float
    floor: float
    eigenvalue_at_floor: float


@checked
def eigenvalue(
    temperature: float,
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "liquid",
    local_field: str = "none",
    fineness: int = 1,
    resolution: Resolution = _DEFAULT,
) -> float:
    """Largest eigenvalue of the linearised gap equation, 1 at T_c.

    Parameters
    ----------
    temperature : float
        k_B T in eps_F, from 1e-5 to 0.5.
    r_s, d : float
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    mass_ratio : float
        m_h/m_e >= 1.
    holes : {"crystal", "liquid", "none"}
        ``"none"``: the electron layer alone, whatever `d`.
    local_field : {"none", "exchange", "charge", "monte-carlo"}
        Exchange in responses and vertices, with or without spin fluctuations; see
        `ehbilayer.superconductivity.rpa_interaction`.
    fineness : int
        Multiplies the number of nodes in each panel over momentum and frequency; 1 to 3.
    resolution : Resolution
        The other sizes of the grids.

    Returns
    -------
    float
        Negative where every gap function is suppressed.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range, or the local field makes the layers unstable.

    Examples
    --------
    >>> warm, cold = (eigenvalue(t, r_s=6.0, d=1.0, holes="none") for t in (0.1, 0.01))
    >>> warm < cold
    True
    """
    temperature = validation.real("temperature", temperature, low=1e-5, high=0.5)
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    tables, resolution = _tables(temperature, bilayer, fineness, resolution)
    return gap_operator(temperature, *tables, resolution).largest()


@checked
def renormalisation(
    temperature: float,
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "liquid",
    local_field: str = "none",
    fineness: int = 1,
) -> float:
    """Z at k_F and the lowest Matsubara frequency; its inverse tends to the quasiparticle weight of G_0 W_0.

    Parameters
    ----------
    temperature, r_s, d, mass_ratio, holes, local_field, fineness
        As in `eigenvalue`.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{1 / renormalisation(1e-3, r_s=1.0, d=1.0, holes='none'):.2f}")
    0.66
    """
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    tables, resolution = _tables(temperature, bilayer, fineness, _DEFAULT)
    return gap_operator(temperature, *tables, resolution).z


@checked
def pair_response(
    temperature: float,
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "liquid",
    dressed: bool = True,
    fineness: int = 1,
    resolution: Resolution = _DEFAULT,
) -> float:
    r"""Inverse response to a pair field at k_F and the lowest Matsubara frequency, 0 at T_c.

    .. math:: R = 1 - T\sum_m\int\frac{d^2k'}{(2\pi)^2}\frac{V_{ee}R}{Z^2\omega_m^2 + \xi'^2}

    Above T_c its inverse is nearly linear in ln T, the precursory Cooper flow of Hou et al., Phys. Rev. Research 6,
    013099 (2024).

    Parameters
    ----------
    temperature, r_s, d, mass_ratio, holes, fineness, resolution
        As in `eigenvalue`.
    dressed : bool
        Whether Z is that of the interaction, or 1.

    Returns
    -------
    float
        1/R_0; negative below T_c.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the linear system is not solved, as very close to T_c.

    Examples
    --------
    >>> warm, cold = (pair_response(t, r_s=6.0, d=1.0, holes="none") for t in (0.1, 0.01))
    >>> warm > 0 > cold
    True
    """
    validation.boolean("dressed", dressed)
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes)
    tables, resolution = _tables(temperature, bilayer, fineness, resolution)
    found = gap_operator(temperature, *tables, resolution, dressed=dressed).response()[0]
    return float(1 / np.interp(1.0, tables[0].momenta, found))


@checked
def transition(
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "liquid",
    local_field: str = "none",
    floor: float = 1e-3,
    fineness: int = 1,
    estimate: bool = True,
) -> RpaTransition:
    """Critical temperature of the linearised gap equation.

    Parameters
    ----------
    r_s, d, mass_ratio, holes, local_field, fineness
        As in `eigenvalue`.
    floor : float
        Lowest temperature to look at, in eps_F, from 1e-5 to 0.05.
    estimate : bool
        Estimate the error, which takes as long again.

    Returns
    -------
    RpaTransition

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range, or the local field makes the layers unstable.

    Examples
    --------
    >>> transition(r_s=1.0, d=1.0, floor=0.05).temperature
    0.0
    """
    floor = validation.real("floor", floor, low=1e-5, high=0.05)
    fineness = validation.integer("fineness", fineness, low=1, high=3)
    estimate = validation.boolean("estimate", estimate)
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    names = {"holes": holes, "local_field": local_field}
    parameters = bilayer._asdict() | names | {"floor": floor, "fineness": fineness}

    def value(temperature: float, finer: int = 0) -> float:
        tables, resolution = _tables(temperature, bilayer, fineness + finer, _DEFAULT)
        return gap_operator(temperature, *tables, resolution).largest()

    found = onset(value, floor=floor, estimate=estimate)
    return RpaTransition(parameters, {"r_s": "a_e", "d": "a_e", "floor": "eps_F"}, *found)


def onset(
    value: Callable[..., float], *, floor: float, top: float = 0.49, estimate: bool = True
) -> tuple[float, float, float, float]:
    """Temperature at which an eigenvalue that is nearly linear in ln T is 1.

    Parameters
    ----------
    value : callable
        Of the temperature, and of how much finer the grids shall be than usual.
    floor, top : float
        Where to look, in the unit of the temperature; at `top` the eigenvalue is below 1.
    estimate : bool
        Whether to compute the error, with grids finer by 1.

    Returns
    -------
    temperature, error, floor, eigenvalue_at_floor : float
        As in `RpaTransition`.

    Examples
    --------
    >>> temperature, error, _, _ = onset(lambda t, finer=0: 0.5 - 0.1 * math.log(t) + 1e-4 * finer, floor=1e-4)
    >>> print(f"{temperature:.6f} {error:.1e}")
    0.006738 6.7e-06
    """
    lowest = value(floor)
    if lowest < 1:
        return 0.0, 0.0, floor, lowest
    low, high = math.log(floor), math.log(top)

    def excess(x: float) -> float:
        # The lowest temperature, known already, takes longest.
        return (lowest if x == low else value(min(max(math.exp(x), floor), top))) - 1

    logarithm = root(excess, low, high, absolute=5e-4, relative=1e-12)
    temperature = math.exp(logarithm)
    if not estimate:
        return temperature, math.nan, floor, lowest
    slope = (lowest - 1) / (logarithm - low) if logarithm > low + 0.1 else value(0.9 * temperature) / 0.1 - 10
    return temperature, temperature * abs((value(temperature, 1) - value(temperature)) / slope), floor, lowest


def grids(temperature: float, fineness: int, resolution: Resolution = _DEFAULT) -> tuple[Resolution, int]:
    """Resolution and depth of the grid of momenta for a temperature in eps_F.

    Examples
    --------
    >>> grids(1e-4, 1)[1]
    8
    """
    # Panels of momenta down to an eighth of the temperature, in a few steps that share their tables.
    return resolution._replace(fineness=fineness), 6 if temperature >= 1e-3 else 8 if temperature >= 1e-4 else 10


def _tables(temperature, bilayer, fineness, resolution):
    temperature = validation.real("temperature", temperature, low=1e-5, high=0.5)
    resolution, depth = grids(temperature, validation.integer("fineness", fineness, low=1, high=4), resolution)
    pair = interaction_table(bilayer, resolution, depth)
    if bilayer.local_field != 1:
        return (pair, None), resolution
    return (pair, interaction_table(bilayer, resolution, depth, "self-energy")), resolution
