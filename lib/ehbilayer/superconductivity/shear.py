r"""Shear modulus of the hole crystal with its electrons, and the sound velocities that it gives with the bulk modulus.

The energy per pair e of boxes sheared at fixed area gives :math:`G/B_0 = e''(\gamma)/\varepsilon_F` with the
engineering strain :math:`\gamma` and :math:`B_0 = n \varepsilon_F` of free unpolarised electrons, as in
`ehbilayer.superconductivity.compressibility`. A crystal of triangular symmetry has the velocities
:math:`v_L^2 = (K + G)/\rho` and :math:`v_T^2 = G/\rho`, K being the bulk modulus and :math:`\rho = n m_h`.

The functions take r_s and d in units of the electrons' Bohr radius a_e.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from ehbilayer import validation
from ehbilayer.errors import NotConverged
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.bloch import bloch_basis
from ehbilayer.hartree_fock.strain import strained, stress
from ehbilayer.model.coulomb import ZeroMode, madelung_potential
from ehbilayer.model.lattice import Box
from ehbilayer.superconductivity.compressibility import UNITS, BulkModulus, bulk_modulus

__all__ = ["ElasticModuli", "ShearStiffness", "elastic_moduli", "limit_stiffness", "shear_modulus", "shear_stiffness"]

#: Generator of a pure shear that a mirror of the lattice reverses, so that energies are even in the strain.
_SHEAR = np.array([[0.0, 0.5], [0.5, 0.0]])

#: Plane waves of the uniform liquid, in |b|: up to 8 times its Fermi energy.
_LIQUID_CUTOFF = 1.5


@dataclass(frozen=True)
class ShearStiffness:
    """Result of `shear_stiffness`; all values are G/B_0.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    value : float
        From energies and stresses together: its discretisation error is of fourth order in the strain.
    error : float
        `step_error` plus `smearing_error`.
    from_energies : float
        Second difference of energies.
    from_stress : float
        First difference of stresses.
    step_error : float
        Distance of `value` and `from_energies`.
    smearing_error : float
        Change of `value` with the electrons at twice the temperature.
    frozen : float
        With the electrons' occupations carried along by the strain, instead of thermal ones.
    liquid : float
        What the box itself gives for the uniform electron liquid, which has none in the limit of large boxes; it has
        been subtracted from all others.
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    value: float
    error: float
    from_energies: float
    from_stress: float
    step_error: float
    smearing_error: float
    frozen: float
    liquid: float


@dataclass(frozen=True)
class ElasticModuli:
    """Result of `elastic_moduli`; moduli over B_0, velocities squared over v_0^2 = B_0/rho.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    bulk : BulkModulus
    shear : ShearStiffness
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    bulk: BulkModulus
    shear: ShearStiffness

    @property
    def longitudinal(self) -> float:
        """(K + G)/B_0, the longitudinal velocity squared."""
        return self.bulk.alpha_squared + self.shear.value

    @property
    def transverse(self) -> float:
        """G/B_0, the transverse velocity squared."""
        return self.shear.value

    @property
    def error(self) -> float:
        """Of `longitudinal`."""
        return self.bulk.error + self.shear.error

    @property
    def stable(self) -> bool:
        """Whether the crystal withstands shear and long longitudinal waves."""
        return self.longitudinal > 0 and self.transverse > 0


def shear_stiffness(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 6,
    zero_mode: str = "dropped",
    cutoff: float = 3.0,
    step: float = 0.04,
    smearing: float = 0.1,
) -> ShearStiffness:
    r"""G/B_0 of the restricted EL-HC state with an error estimate.

    Hartree-Fock states at strains 0 and h give energies e and stresses e'. With
    :math:`\delta_e = 2(e - e_0)/h^2` and :math:`\delta_s = e'/h`, of errors :math:`h^2 e''''/12` and
    :math:`h^2 e''''/6`, :math:`2\delta_e - \delta_s` is of fourth order. Strain distorts the Fermi sea, which in a
    large box relaxes back to the circle: the electrons have a temperature, and free energies are used. A small box has
    too few levels near the Fermi energy for that, so that the same box's value for the uniform liquid, alone and with
    the Madelung correction, is subtracted: it is zero in the limit, and the difference hardly knows box and
    temperature.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d : float
        Layer distance in a_e, >= 0.
    r_s : float
        Wigner-Seitz radius in a_e, > 0.
    mesh : int
        The box holds ``mesh**2`` pairs; >= 3.
    zero_mode : {"dropped", "madelung"}
        See `ehbilayer.model.coulomb.ZeroMode`. With "dropped" each carrier lacks its share in the shear modulus of the
        lattice of boxes: G is smaller by ``2 * 0.13826 r_s/mesh``.
    cutoff : float
        Plane-wave cutoff in ``|b|``, >= 1.
    step : float
        Engineering strain h, from 0.005 to 0.1.
    smearing : float
        k_B T of the electrons in their Fermi energy, from 0.02 to 0.3.

    Returns
    -------
    ShearStiffness

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> result = shear_stiffness(mass_ratio=10, d=1.0, r_s=1.6, mesh=6, zero_mode="madelung")
    >>> print(f"{result.value:.3f}", result.error < 5e-3)
    0.226 True
    """
    mode = ZeroMode.parse(zero_mode)
    parameters = {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1.0),
        "d": validation.real("d", d, low=0.0),
        "r_s": validation.positive("r_s", r_s),
        "mesh": validation.integer("mesh", mesh, low=3),
        "zero_mode": mode.value,
        "cutoff": validation.real("cutoff", cutoff, low=1.0),
        "step": validation.real("step", step, low=0.005, high=0.1),
        "smearing": validation.real("smearing", smearing, low=0.02, high=0.3),
    }
    # The zero mode is added below in closed form: it moves no orbital of these states.
    crystal = solve_crystal(
        mass_ratio=mass_ratio,
        d=mass_ratio * d,
        r_s=mass_ratio * r_s,
        mesh=mesh,
        cutoff=cutoff,
        symmetry="inversion",
        tolerance=1e-9,
    )
    state, fermi = crystal.state, crystal.fermi_energy
    electrons = replace(state.functional, species=state.functional.species[:1])
    few = bloch_basis(electrons.box, _LIQUID_CUTOFF, symmetry="inversion")
    liquid = kmesh.solve(electrons, few, [None], ["shells"], tolerance=1e-9)

    def second(start: kmesh.BlochState, temperature: float) -> NDArray:
        filling = [*([temperature * fermi] if temperature else start.occupations[:1]), *start.occupations[1:]]
        straight = strained(start, np.eye(2), filling) if temperature else start
        bent = strained(straight, expm(step * _SHEAR), filling)
        if not (straight.converged and bent.converged):
            raise NotConverged(
                f"a state at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s} and strain 0 or {step} did not converge: "
                f"gradients {straight.gradient_norm:.1e} and {bent.gradient_norm:.1e} Ha_h"
            )
        rise = 2 * (bent.free_energy - straight.free_energy) / step**2
        return np.array([rise, stress(bent, _SHEAR) / step]) / (crystal.pairs * fermi)

    # Energy -v_M/2 of each carrier with its images.
    images = -0.5 * r_s * _madelung_curvature() / mesh
    shift = 2 * images if mode is ZeroMode.MADELUNG else 0.0
    background, *others = (second(liquid, t) + images for t in (smearing, 2 * smearing, 0.0))
    warm, warmer, frozen = (
        second(state, t) - uniform + shift
        for t, uniform in zip((smearing, 2 * smearing, 0.0), (background, *others), strict=True)
    )
    value, other, stiff = (float(2 * x[0] - x[1]) for x in (warm, warmer, frozen))
    step_error, smearing_error = abs(value - float(warm[0])), abs(other - value)
    return ShearStiffness(
        parameters,
        UNITS,
        value,
        step_error + smearing_error,
        float(warm[0]),
        float(warm[1]),
        step_error,
        smearing_error,
        stiff,
        float(2 * background[0] - background[1]),
    )


def shear_modulus(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 6,
    zero_mode: str = "dropped",
    **options: Any,
) -> float:
    """G/B_0 of the restricted EL-HC state; see `shear_stiffness`.

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
        Further arguments of `shear_stiffness`.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ArgumentError, NotConverged
        As `shear_stiffness`.

    Examples
    --------
    >>> print(f"{shear_modulus(mass_ratio=10, d=1.0, r_s=1.6, mesh=6, zero_mode='dropped'):.3f}")
    0.152
    """
    return shear_stiffness(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, zero_mode=zero_mode, **options).value


def limit_stiffness(*, mass_ratio: float = 10, d: float = 1.0, r_s: float = 1.6, mesh: int = 6) -> ShearStiffness:
    """G/B_0 as close to large boxes as one box comes: with the images of every carrier, and cold electrons.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d, r_s : float
        Layer distance and Wigner-Seitz radius in a_e; the holes' clouds are narrow at small distance, and get more
        plane waves.
    mesh : int
        The box holds ``mesh**2`` pairs.

    Returns
    -------
    ShearStiffness

    Raises
    ------
    TypeError, ArgumentError, NotConverged
        As `shear_stiffness`.

    Examples
    --------
    >>> print(f"{limit_stiffness(mass_ratio=10, d=1.0, r_s=1.6, mesh=4).value:.2f}")
    0.22
    """
    cutoff = 3.5 if validation.real("d", d, low=0.0) < 0.5 else 2.5
    options: dict[str, Any] = {"zero_mode": "madelung", "smearing": 0.05, "cutoff": cutoff}
    return shear_stiffness(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, **options)


def elastic_moduli(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 6,
    zero_mode: str = "dropped",
    cutoff: float = 3.0,
    capacitance: bool = False,
) -> ElasticModuli:
    """Bulk and shear modulus of the restricted EL-HC state and the velocities of its sound.

    Parameters
    ----------
    mass_ratio, d, r_s, mesh, zero_mode, cutoff
        As in `shear_stiffness`.
    capacitance : bool
        As in `ehbilayer.superconductivity.compressibility.bulk_modulus`: adds 4 d/a_e to K.

    Returns
    -------
    ElasticModuli

    Raises
    ------
    TypeError, ArgumentError, NotConverged
        As `shear_stiffness` and `bulk_modulus`.

    Examples
    --------
    >>> moduli = elastic_moduli(mass_ratio=10, d=1.0, r_s=1.6, mesh=6)
    >>> print(f"{moduli.bulk.alpha_squared:.3f} + {moduli.shear.value:.3f} = {moduli.longitudinal:.3f}")
    -0.132 + 0.152 = 0.020
    """
    shared = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s, "mesh": mesh, "zero_mode": zero_mode, "cutoff": cutoff}
    bulk = bulk_modulus(**shared, capacitance=capacitance)
    return ElasticModuli(bulk.parameters, UNITS, bulk, shear_stiffness(**shared))


@lru_cache(maxsize=1)
def _madelung_curvature() -> float:
    """Second derivative of v_M with the strain for one carrier per box, in e^2/(eps_r r_s)."""
    box = Box.triangular(1, 1)

    def potential(strain: float) -> float:
        return madelung_potential(replace(box, lattice=box.lattice.deformed(expm(strain * _SHEAR))))

    # Even in the strain; two steps give fourth order.
    near, far = (2 * (potential(h) - potential(0.0)) / h**2 for h in (0.02, 0.04))
    return (4 * near - far) / 3
