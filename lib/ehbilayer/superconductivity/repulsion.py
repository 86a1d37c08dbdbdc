r"""T_c of the paper's plasmons with the repulsion treated at full bandwidth, momentum by momentum, or dynamically.

The gap equation is that of `rpa_pairing`, which needs no cutoff of the repulsion; what differs is the interaction. One
acoustic plasmon of frequency :math:`\omega_q = v_pq` attracts as in Eq. 2 of paper A at the imaginary frequency nu,

.. math:: V_{ee}(k, k', i\nu) = U - \frac{2|M|^2}{\omega_q}\,\frac{\omega_q^2}{\omega_q^2 + \nu^2} ,

with q frozen at k_D beyond it, in one of three treatments:

full bandwidth
    :math:`U = W(\epsilon, \epsilon')`, the screened repulsion of Eq. 1 averaged over the angle at any two energies; the
    attraction is that of the Fermi surface, as in isotropic Eliashberg theory.
momentum-resolved
    Both depend on :math:`|\mathbf k - \mathbf k'|`.
dynamic electrons
    The same, with the bare repulsion screened by the electrons' Lindhard function at nu in place of a static constant.

Energies in the electrons' Fermi energy and momenta in k_F inside this module; arguments in a_e.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.compilation import kernel
from ehbilayer.model.lindhard import imaginary_axis
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.coupling import coupling_spectrum
from ehbilayer.superconductivity.gap_operator import gap_operator
from ehbilayer.superconductivity.pairing import debye_temperature
from ehbilayer.superconductivity.rpa_interaction import (
    InteractionTable,
    angles_between,
    frequency_grid,
    momentum_grid,
)
from ehbilayer.superconductivity.rpa_pairing import RpaTransition, grids, onset
from ehbilayer.units import fermi_energy

__all__ = ["TREATMENTS", "resolved_eigenvalue", "resolved_transition"]

#: Treatments of the repulsion without a cutoff; see the module's head.
TREATMENTS = ("full bandwidth", "momentum-resolved", "dynamic electrons")


class Plasmon(NamedTuple):
    """What the interaction depends on, for kernels: r_s and d in a_e, omega_D in eps_F, index into `TREATMENTS`."""

    r_s: float
    alpha: float
    d: float
    debye: float
    treatment: int


@checked
def resolved_eigenvalue(
    temperature: float,
    *,
    r_s: float,
    alpha: float,
    d: float,
    mass_ratio: float,
    treatment: str = "momentum-resolved",
    fineness: int = 1,
) -> float:
    """Largest eigenvalue of the linearised gap equation, 1 at T_c.

    Parameters
    ----------
    temperature : float
        k_B T in eps_F, from 1e-5 to 0.5.
    r_s, alpha, d, mass_ratio
        As in `ehbilayer.superconductivity.eliashberg.critical_temperature`.
    treatment : {"full bandwidth", "momentum-resolved", "dynamic electrons"}
    fineness : int
        As in `ehbilayer.superconductivity.rpa_pairing.eigenvalue`.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> soft, hard = (resolved_eigenvalue(0.01, r_s=1.6, alpha=x, d=1.0, mass_ratio=10) for x in (0.2, 0.4))
    >>> hard < soft
    True
    """
    temperature = validation.real("temperature", temperature, low=1e-5, high=0.5)
    fineness = validation.integer("fineness", fineness, low=1, high=4)
    return _value(temperature, checked_plasmon(r_s, alpha, d, mass_ratio, treatment), fineness)


@checked
def resolved_transition(
    *,
    r_s: float,
    alpha: float,
    d: float,
    mass_ratio: float,
    treatment: str = "momentum-resolved",
    floor: float = 1e-5,
    fineness: int = 1,
    estimate: bool = True,
) -> RpaTransition:
    """Critical temperature of the linearised gap equation.

    Parameters
    ----------
    r_s, alpha, d, mass_ratio, treatment, fineness
        As in `resolved_eigenvalue`.
    floor, estimate
        As in `ehbilayer.superconductivity.rpa_pairing.transition`.

    Returns
    -------
    RpaTransition
        Temperatures in eps_F.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> resolved_transition(r_s=1.6, alpha=1.5, d=1.0, mass_ratio=10, floor=0.05).temperature
    0.0
    """
    floor = validation.real("floor", floor, low=1e-5, high=0.05)
    fineness = validation.integer("fineness", fineness, low=1, high=3)
    estimate = validation.boolean("estimate", estimate)
    plasmon = checked_plasmon(r_s, alpha, d, mass_ratio, treatment)
    parameters = {"r_s": r_s, "alpha": alpha, "d": d, "mass_ratio": mass_ratio, "treatment": treatment}
    units = {"r_s": "a_e", "alpha": "v_0", "d": "a_e", "floor": "eps_F"}
    found = onset(lambda t, finer=0: _value(t, plasmon, fineness + finer), floor=floor, estimate=estimate)
    return RpaTransition(parameters | {"floor": floor, "fineness": fineness}, units, *found)


def checked_plasmon(r_s, alpha, d, mass_ratio, treatment):
    r_s = validation.real("r_s", r_s, low=1e-6, high=1e6)
    alpha = validation.real("alpha", alpha, low=1e-6, high=1e6)
    d = validation.real("d", d, low=0.0, high=1e6)
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e12)
    treatment = TREATMENTS.index(validation.option("treatment", treatment, TREATMENTS))
    debye = float(debye_temperature(r_s, alpha, mass_ratio)) / float(fermi_energy(r_s))
    return Plasmon(r_s, alpha, d, debye, treatment)


def _value(temperature, plasmon, fineness):
    resolution, depth = grids(temperature, fineness)
    return gap_operator(temperature, _table(plasmon, resolution, depth), None, resolution).largest()


@lru_cache(maxsize=8)
def _table(plasmon, resolution, depth):
    momenta, measure, widths = momentum_grid(resolution, depth)
    grid = frequency_grid(resolution)
    nodes, weights = gauss_legendre(resolution.angles)
    values = np.empty((len(momenta), len(momenta), len(grid)))
    _average(momenta, widths, grid, 0.5 * (nodes + 1), 0.5 * weights, plasmon, values)
    if TREATMENTS[plasmon.treatment] == "full bandwidth":
        spectrum = coupling_spectrum(plasmon.r_s, plasmon.alpha, plasmon.d / plasmon.r_s)
        squares = (plasmon.debye * spectrum.frequencies) ** 2
        values -= (spectrum.weights * squares / (squares + grid[:, None] ** 2)).sum(axis=1)
    return InteractionTable(momenta, measure, grid, values)


@kernel
def interaction(q, nu, plasmon):
    """V times the density of states of one spin."""
    r_s, alpha, d, debye, treatment = plasmon
    v = r_s / (math.sqrt(2.0) * q)
    static = v / (1 + 2 * v)
    if treatment == 0:
        return static
    repulsion = v / (1 + 2 * v * imaginary_axis(0.5 * q, 0.5 * nu / q)) if treatment == 2 else static
    # k_s is 2/a_e, and Eq. 2 is (k_s k^2/alpha^2 q^2) e^{-2kd}/(k + k_s)^2.
    transfer, wave = math.sqrt(2.0) * q / r_s, min(math.sqrt(2.0) * q, 2.0) / r_s
    attraction = 2 * (transfer / (alpha * wave)) ** 2 * math.exp(-2 * transfer * d) / (transfer + 2) ** 2
    square = (debye * wave * r_s / 2) ** 2
    return repulsion - attraction * square / (square + nu * nu)


@kernel
def _average(momenta, widths, grid, nodes, weights, plasmon, table):
    for i in range(len(momenta)):
        for j in range(i + 1):
            q, weight = angles_between(momenta[i], momenta[j], widths[i], nodes, weights)
            table[i, j, :] = 0.0
            for a in range(len(nodes)):
                for n in range(len(grid)):
                    table[i, j, n] += weight[a] * interaction(q[a], grid[n], plasmon)
            table[j, i, :] = table[i, j, :]
