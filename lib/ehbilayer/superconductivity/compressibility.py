r"""Bulk modulus of a hole crystal with its electrons: alpha^2 of paper A's Eq. 6.

:math:`\alpha^2 = B/B_0` with :math:`B = A\,\partial^2 E/\partial A^2` at fixed carrier number and fixed layer
distance, and :math:`B_0 = n \varepsilon_F` of free unpolarised electrons. In terms of the energy per pair e and
the relative area x = A/A_0, :math:`\alpha^2 = e''(1)/\varepsilon_F`.

The functions take r_s and d in units of the electrons' Bohr radius a_e.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import NotConverged
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.kmesh import BlochState
from ehbilayer.hartree_fock.strain import compressed
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import RECIPROCAL_LENGTH
from ehbilayer.superconductivity.box_shifts import madelung_shift

__all__ = ["UNITS", "BulkModulus", "alpha_squared", "bulk_modulus"]

#: Units of the numbers that :func:`bulk_modulus` takes.
UNITS = {"d": "a_e", "r_s": "a_e", "cutoff": "|b|"}

#: Largest difference of the two second derivatives, relative to 1 + alpha^2, that a finite step explains.
_ONE_BRANCH = 0.1


@dataclass(frozen=True)
class BulkModulus:
    """Result of `bulk_modulus`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    alpha_squared : float
        B/B_0, from energies and virials together; its discretisation error is of fourth order in the step.
    error : float
        Difference between `alpha_squared` and the plain central difference of energies.
    from_energies : float
        Central second difference of three energies.
    from_virial : float
        Central first difference of dE/dA, which the virial theorem gives at two areas.
    pressure : float
        -de/dx in the electrons' Fermi energy: the pressure times the area per pair.
    crystal_order : float
        ``|rho_h(b)|``/N: 0 for uniform holes, 1 for point charges.
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    alpha_squared: float
    error: float
    from_energies: float
    from_virial: float
    pressure: float
    crystal_order: float

    @property
    def stable(self) -> bool:
        """Whether alpha^2 > 0; below, the plasmon velocity of Eq. 6 is imaginary."""
        return self.alpha_squared > 0


def bulk_modulus(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 6,
    zero_mode: str = "dropped",
    cutoff: float = 3.0,
    electrons: str = "liquid",
    step: float = 0.01,
    capacitance: bool = False,
) -> BulkModulus:
    r"""alpha^2 of the translation-symmetric hole crystal with an error estimate.

    Hartree-Fock states at relative areas 1 - h, 1, 1 + h give energies e and, by the virial theorem
    :math:`2 x e' = -(2 T + V + d\,\partial e/\partial d)`, slopes. The second differences
    :math:`\delta_e = (e_+ - 2 e_0 + e_-)/h^2` and :math:`\delta_v = (e'_+ - e'_-)/2h` have the errors
    :math:`h^2 e''''/12` and :math:`h^2 e''''/6`, so that :math:`2\delta_e - \delta_v` is of fourth order.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d : float
        Layer distance in a_e, >= 0; held fixed while the area varies.
    r_s : float
        Wigner-Seitz radius in a_e, > 0.
    mesh : int
        The box holds ``mesh**2`` pairs; >= 2.
    zero_mode : {"dropped", "madelung"}
        See `ehbilayer.model.coulomb.ZeroMode`. The two differ by ``madelung_shift(r_s, mesh)`` exactly.
    cutoff : float
        Plane-wave cutoff in ``|b|``, >= 1.
    electrons : {"liquid", "polarised liquid", "crystal"}
        As in `ehbilayer.hartree_fock.solve_crystal`.
    step : float
        Relative change h of the area, from 1e-3 to 0.1.
    capacitance : bool
        Whether to add the energy 2 pi n d per pair of the uniform charges, that is 4 d/a_e to alpha^2.

    Returns
    -------
    BulkModulus

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If one of the three states did not converge, or they do not lie on one branch: in large boxes another filling of
        the electrons' open shell may be found at one of the areas.

    Examples
    --------
    >>> result = bulk_modulus(mass_ratio=10, d=1.0, r_s=1.0, mesh=6)
    >>> print(f"{result.alpha_squared:.3f}", result.error < 2e-4, result.stable)
    0.377 True True
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e6)
    d = validation.real("d", d, low=0.0, high=1e6)
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    mode = ZeroMode.parse(zero_mode)
    step = validation.real("step", step, low=1e-3, high=0.1)
    electrons = validation.option("electrons", electrons, ("liquid", "polarised liquid", "crystal"))
    capacitance = validation.boolean("capacitance", capacitance)
    parameters = {
        "mass_ratio": mass_ratio,
        "d": d,
        "r_s": r_s,
        "mesh": validation.integer("mesh", mesh, low=2, high=100),
        "zero_mode": mode.value,
        "cutoff": validation.real("cutoff", cutoff, low=1.0, high=20.0),
        "electrons": electrons,
        "step": step,
        "capacitance": capacitance,
    }

    # The zero mode is added below in closed form: it moves no orbital of these states.
    crystal = solve_crystal(
        mass_ratio=mass_ratio,
        d=mass_ratio * d,
        r_s=mass_ratio * r_s,
        mesh=mesh,
        cutoff=cutoff,
        electrons=electrons,
        zero_mode="dropped",
        tolerance=1e-9,
    )

    def converged(x: float, state: BlochState) -> BlochState:
        if not state.converged:
            raise NotConverged(
                f"the state at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}, relative area {x} did not converge: "
                f"gradient {state.gradient_norm:.1e} Ha_h"
            )
        return state

    here = converged(1.0, crystal.state)
    # From the middle one the others take fewer iterations, and stay on its branch.
    below, above = (converged(x, compressed(here, mass_ratio * r_s * math.sqrt(x))) for x in (1 - step, 1 + step))
    areas, states = (1 - step, 1.0, 1 + step), (below, here, above)
    pairs, fermi = crystal.pairs, crystal.fermi_energy
    energies = [state.energy.total / (pairs * fermi) for state in states]
    slopes = [_slope(state) / (x * pairs * fermi) for state, x in zip(states, areas, strict=True)]
    from_energies = (energies[2] - 2 * energies[1] + energies[0]) / step**2
    from_virial = (slopes[2] - slopes[0]) / (2 * step)
    value = 2 * from_energies - from_virial
    # On one branch of states the two differ by a term of order h^2 only.
    if abs(from_energies - from_virial) > _ONE_BRANCH * (1 + abs(from_virial)):
        raise NotConverged(
            f"the states at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}, mesh = {mesh} and relative areas "
            f"1 -+ {step} lie on different branches: alpha^2 = {from_energies:.2f} from energies, {from_virial:.2f} "
            "from slopes; change step or mesh"
        )
    images = float(madelung_shift(r_s, mesh)) if mode is ZeroMode.MADELUNG else 0.0
    shift = images + (4 * d if capacitance else 0.0)
    # A 1/sqrt(x) energy with second derivative s has the slope -s/1.5; the capacitance energy 2 d/x has -2 d.
    pressure = -slopes[1] + images / 1.5 + (2 * d if capacitance else 0.0)
    return BulkModulus(
        parameters,
        UNITS,
        value + shift,
        abs(value - from_energies),
        from_energies + shift,
        from_virial + shift,
        pressure,
        _crystal_order(here) / pairs,
    )


def alpha_squared(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 6,
    zero_mode: str = "dropped",
    **options: Any,
) -> float:
    """Squared ratio of acoustic-plasmon and Bohm-Staver velocity by paper A's Eq. 6; see `bulk_modulus`.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d, r_s : float
        Layer distance and Wigner-Seitz radius in a_e.
    mesh : int
        The box holds ``mesh**2`` pairs.
    zero_mode : {"dropped", "madelung"}
    **options
        Further arguments of `bulk_modulus`.

    Returns
    -------
    float
        Negative where the bulk modulus is.

    Raises
    ------
    TypeError, ArgumentError, NotConverged
        As `bulk_modulus`.

    Examples
    --------
    >>> print(f"{alpha_squared(mass_ratio=10, d=1.0, r_s=1.6, mesh=6, zero_mode='dropped'):.3f}")
    -0.132
    """
    return bulk_modulus(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, zero_mode=zero_mode, **options).alpha_squared


def _slope(state):
    """x dE/dx at fixed layer distance, in Ha_h, from the virial theorem."""
    parts = state.energy
    kinetic = sum(parts.kinetic.values())
    return -(2 * kinetic + parts.potential + parts.separation_derivative) / 2


def _crystal_order(state):
    shortest = int(np.argmin(np.abs(state.basis.lengths - RECIPROCAL_LENGTH)))
    holes = next(i for i, s in enumerate(state.functional.species) if s.layer == "h")
    return float(abs(state.density_components(holes)[shortest]))
