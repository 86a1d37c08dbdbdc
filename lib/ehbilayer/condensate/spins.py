"""For which spins of electrons and holes there is a Mott transition."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.condensate.liquid import liquid_energy
from ehbilayer.condensate.radial import solve_condensate
from ehbilayer.errors import NotConverged
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.numerics.roots import root as root_of

__all__ = ["MottWindow", "mott_window"]

# Trial values of r_s between the radii at which the two layers polarise.
_TRIALS = 16


@dataclass(frozen=True)
class MottWindow:
    """Where a liquid lies below the condensates of every spin considered.

    Attributes
    ----------
    parameters : dict
        The arguments.
    units : dict of str to str
        Units of those that have one.
    bounds : (float, float) or None
        Interval of r_s in a_h; None where a condensate is lower at every density, so that there is no Mott transition.
    margin : float
        Energy of the lowest condensate minus that of the liquid at the trial density where it is largest, Ha_h per
        pair. Not positive without a window; -inf where the two layers polarise together.
    spin : str or None
        Of the condensate at the upper bound, the Mott transition with falling density.
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    bounds: tuple[float, float] | None
    margin: float
    spin: str | None


def mott_window(*, mass_ratio: float = 4, d: float = 1.0, tolerance: float = 1e-4) -> MottWindow:
    r"""Densities at which a liquid lies below both the polarised and the spin-symmetric condensate.

    The condensates contain the normal states with the same spins: the polarised one lies below the liquid of two
    polarised layers, the symmetric one below that of two unpolarised layers, at every density. A Mott transition
    needs a liquid of one polarised and one unpolarised layer as the lowest, hence

    .. math:: 2.011 \min(1, m_h/m_e) < r_s < 2.011 \max(1, m_h/m_e):

    none for equal masses at any distance, while the comparison of the polarised condensate with unpolarised
    electrons alone (`mott_line`) has one.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 0.03 to 1e3.
    d : float
        Layer distance in a_h, >= 0 and at most 20 times the smallest r_s above.
    tolerance : float
        Of the root search, relative to r_s, from 1e-8 to 1e-2.

    Returns
    -------
    MottWindow

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a condensate that the search needs did not converge.

    Notes
    -----
    In the thermodynamic limit, without crystals, partly polarised states, pairs with a momentum and mixed spins. A
    window much narrower than a sixteenth of the interval, on a logarithmic scale, is not seen.

    Examples
    --------
    >>> mott_window(mass_ratio=1, d=1.0).bounds is None
    True
    >>> [round(r_s, 2) for r_s in mott_window(mass_ratio=10, d=3.0).bounds]
    [2.01, 11.89]
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=0.03, high=1e3)
    (kinetic_1, exchange_1), (kinetic_2, exchange_2) = uniform_gas_energy(1.0), uniform_gas_energy(1.0, 2)
    polarising = (kinetic_1 - kinetic_2) / (exchange_2 - exchange_1)
    low, high = sorted((polarising, mass_ratio * polarising))
    d = validation.real("d", d, low=0.0, high=20 * low)
    tolerance = validation.real("tolerance", tolerance, low=1e-8, high=1e-2)
    parameters = {"mass_ratio": mass_ratio, "d": d, "tolerance": tolerance}
    units = {"d": "a_h"}
    if mass_ratio == 1:
        return MottWindow(parameters, units, None, -np.inf, None)
    spins = ("unpolarised", "polarised") if mass_ratio > 1 else ("polarised", "unpolarised")

    def condensates(r_s: float) -> dict[str, float]:
        found = {}
        for spin in ("polarised", "symmetric"):
            state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin=spin)
            if not state.converged:
                raise NotConverged(f"the {spin} condensate at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}")
            found[spin] = state.energy_per_pair
        return found

    def margin(r_s: float) -> float:
        return min(condensates(r_s).values()) - liquid_energy(mass_ratio, r_s, *spins)

    trials = np.geomspace(low, high, _TRIALS + 2)
    margins = np.array([margin(float(r_s)) for r_s in trials])
    inside = np.flatnonzero(margins > 0)
    if len(inside) == 0:
        return MottWindow(parameters, units, None, float(margins.max()), None)
    first, last = inside[0], inside[-1]
    lower, upper = (
        float(root_of(margin, float(trials[a]), float(trials[a + 1]), absolute=tolerance * low))
        for a in (first - 1, last)
    )
    ends = condensates(upper)
    return MottWindow(parameters, units, (lower, upper), float(margins.max()), min(ends, key=lambda spin: ends[spin]))
