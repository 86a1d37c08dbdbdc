"""The uniform liquid, and the Mott transition from it to the condensate."""

from dataclasses import dataclass

from ehbilayer import validation
from ehbilayer.condensate.radial import solve_condensate
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.numerics.roots import root as root_of

__all__ = ["MottPoint", "liquid_energy", "mott_line", "mott_transition"]

SPIN = {"polarised": 1, "unpolarised": 2}


def _liquid_parts(mass_ratio: float, r_s: float, electrons: str, holes: str = "polarised") -> tuple[float, float]:
    """Kinetic and exchange energy of both liquids per pair."""
    kinetic_h, exchange_h = uniform_gas_energy(r_s, SPIN[holes])
    kinetic_e, exchange_e = uniform_gas_energy(r_s, SPIN[electrons])
    return kinetic_h + mass_ratio * kinetic_e, exchange_h + exchange_e


def liquid_energy(mass_ratio: float, r_s: float, electrons: str = "unpolarised", holes: str = "polarised") -> float:
    r"""Hartree-Fock energy of the uniform electron and hole liquids, infinite system.

    .. math:: E = \frac{1}{r_s^2} - \frac{0.8488263632}{r_s}
        + \frac{m_h}{m_e} \frac{t}{r_s^2} - \frac{x}{r_s}

    per pair with polarised holes; t = 1/2, x = 0.6002108774 for unpolarised and t = 1, x = 0.8488263632 for
    polarised electrons, and likewise for unpolarised holes. The layers are uncorrelated, so that d does not enter.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e > 0.
    r_s : float
        Wigner-Seitz radius in a_h, > 0.
    electrons, holes : {"unpolarised", "polarised"}

    Returns
    -------
    float
        Energy per electron-hole pair in Ha_h, without the capacitance energy.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> round(liquid_energy(4, 5.0), 10)
    -0.1698074481
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6)
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    electrons = validation.option("electrons", electrons, SPIN)
    holes = validation.option("holes", holes, SPIN)
    return sum(_liquid_parts(mass_ratio, r_s, electrons, holes))


@dataclass(frozen=True)
class MottPoint:
    """Crossing of the liquid's and the condensate's energies.

    Attributes
    ----------
    parameters : dict
        The arguments.
    units : dict of str to str
        Units of those that have one.
    r_s : float
        Wigner-Seitz radius of the holes at the crossing, a_h.
    error : float
        Uncertainty of `r_s`: error estimate of the condensate's energy over the relative slope, plus the
        tolerance of the root search.
    energy_per_pair : float
        Of both phases there, Ha_h.
    slope : float
        d(E_condensate - E_liquid)/dr_s there, in Ha_h/a_h: the larger, the stronger the first-order transition.
    condensate_fraction : float
        On the condensate's side.
    """

    parameters: dict
    units: dict
    r_s: float
    error: float
    energy_per_pair: float
    slope: float
    condensate_fraction: float


def mott_line(*, mass_ratio: float = 4, d: float = 1.0, tolerance: float = 1e-6) -> MottPoint:
    r"""Density of the first-order transition between liquid and condensate, with its uncertainty.

    Root of :math:`E_\mathrm{condensate}(r_s) - E_\mathrm{liquid}(r_s)`: `solve_condensate` against `liquid_energy`
    with unpolarised electrons and polarised holes, both in the thermodynamic limit and without the capacitance
    energy. Within Hartree-Fock-Bogoliubov theory the gap of the condensate never closes on its own.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 0.03 to 1e3; below, the gap at the crossing is too small for any panels.
    d : float
        Layer distance in a_h, >= 0 and at most 20 times the r_s where the electrons of the liquid polarise,
        which is 2.011 mass_ratio.
    tolerance : float
        Of the root search, relative to r_s, from 1e-8 to 1e-2.

    Returns
    -------
    MottPoint

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a condensate that the search needs did not converge.

    Notes
    -----
    The condensate lies below the polarised liquid, whose normal state it contains, and that one below the
    unpolarised liquid from r_s = 2.011 mass_ratio (r_s of the electrons 2.011) on: the crossing lies below this
    value, and near it for large d, where it is the Bloch transition of the electrons and no pairing is involved.
    Crystals are left out; where one lies lower at the crossing, the boundary is with that phase.

    Examples
    --------
    >>> point = mott_line(mass_ratio=4, d=1.0)
    >>> print(f"{point.r_s:.3f} +- {point.error:.0e}")
    5.198 +- 5e-06
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=0.03, high=1e3)
    d = validation.real("d", d, low=0.0, high=1e6)
    tolerance = validation.real("tolerance", tolerance, low=1e-8, high=1e-2)
    (kinetic_1, exchange_1), (kinetic_2, exchange_2) = uniform_gas_energy(1.0), uniform_gas_energy(1.0, 2)
    polarising = mass_ratio * (kinetic_1 - kinetic_2) / (exchange_2 - exchange_1)
    if d > 20 * polarising:
        raise ArgumentError("d", d, f"d <= {20 * polarising:g} at this mass_ratio")
    states = {}

    def difference(r_s):
        state = states[r_s] = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s)
        if not state.converged:
            raise NotConverged(f"the condensate at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s} did not converge")
        return state.energy_per_pair - liquid_energy(mass_ratio, r_s)

    high = polarising
    low = high / 2
    while difference(low) < 0:
        high, low = low, low / 2
    r_s = root_of(difference, low, high, absolute=tolerance * low, relative=1e-12)
    if r_s not in states:
        difference(r_s)
    state = states[r_s]
    # dE/dr_s of the condensate from its chemical potential, 2 mu = E - (r_s/2) dE/dr_s.
    kinetic, exchange = _liquid_parts(mass_ratio, r_s, "unpolarised")
    liquid_slope = -(2 * kinetic + exchange) / r_s
    slope = 2 * (state.energy_per_pair - state.chemical_potential) / r_s - liquid_slope
    error = state.energy_error / abs(slope) + tolerance * r_s
    return MottPoint(
        {"mass_ratio": mass_ratio, "d": d, "tolerance": tolerance},
        {"d": "a_h"},
        float(r_s),
        float(error),
        state.energy_per_pair,
        float(slope),
        state.condensate_fraction,
    )


def mott_transition(*, mass_ratio: float = 4, d: float = 1.0) -> float:
    """Wigner-Seitz radius of the holes at which liquid and condensate have the same energy.

    `mott_line` with its default tolerance; see there for what is compared and what is not.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 0.03 to 1e3.
    d : float
        Layer distance in a_h, >= 0.

    Returns
    -------
    float
        r_s of the holes in a_h. The liquid is stable below, the condensate above.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a condensate that the search needs did not converge.

    Examples
    --------
    >>> round(mott_transition(mass_ratio=1, d=1.0), 3)
    1.9
    """
    return mott_line(mass_ratio=mass_ratio, d=d).r_s
