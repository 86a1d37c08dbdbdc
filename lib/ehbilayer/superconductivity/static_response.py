r"""Hartree-Fock's own plasmon: static density response of the EL-HC state at finite wave vectors, V(0) = 0 throughout.

A potential w cos(qr) on the holes changes their density by :math:`\chi_{hh}(q)`, which gives

.. math:: \alpha^2(q) = -\frac{n}{\varepsilon_F\,\chi_{hh}(q, 0)} \to (K + G)/B_0 + 4d/a_e \quad (q \to 0),

the squared velocity over v_0^2 of a plasmon of heavy holes with electrons that follow at once. The functions take r_s
and d in units of the electrons' Bohr radius a_e.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.linear_response import DensityResponse, density_response
from ehbilayer.model.lattice import Box
from ehbilayer.superconductivity.compressibility import UNITS

__all__ = ["StaticResponse", "static_response"]


@dataclass(frozen=True)
class StaticResponse:
    """Result of `static_response`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    q_r_s : float
        Wave number times r_s.
    alpha_squared : float
        -n/(eps_F chi_hh).
    error : float
        Its change with the electrons at twice the temperature.
    electron_ratio : float
        rho_e(q)/rho_h(q) for a potential on the holes: 1 where the electrons follow them.
    chi_hh, chi_he, chi_ee : float
        Responses in units of n/eps_F; the free electron gas has chi_ee = -1 at small q, without any interaction.
    cosine, sine : float
        alpha^2 for w cos(qr) and w sin(qr) with a hole's site at the origin. At the zone edge, where 2 q is a
        reciprocal vector of the crystal, the one squeezes the holes in their places and the other shifts them, and
        `alpha_squared` belongs to the mean of both responses, as its limit along q does; elsewhere all three are equal.
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    q_r_s: float
    alpha_squared: float
    error: float
    electron_ratio: float
    chi_hh: float
    chi_he: float
    chi_ee: float
    cosine: float
    sine: float

    @property
    def stable(self) -> bool:
        """Whether alpha^2 > 0."""
        return self.alpha_squared > 0


def static_response(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 6,
    wave: tuple[int, int] = (1, 0),
    cutoff: float = 2.5,
    smearing: float = 0.1,
) -> StaticResponse:
    """Static density response of the restricted EL-HC state at a wave vector of the box, by coupled-perturbed HF.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d : float
        Layer distance in a_e, >= 0.
    r_s : float
        Wigner-Seitz radius in a_e, > 0.
    mesh : int
        The box holds ``mesh**2`` pairs; >= 2.
    wave : tuple of (int, int)
        q in the box's reciprocal vectors, no multiple of `mesh`: from Gamma to M is (1, 0) to (mesh/2, 0), K is
        (mesh/3, mesh/3).
    cutoff : float
        Plane-wave cutoff in ``|b|``, >= 1.
    smearing : float
        k_B T of the electrons in their Fermi energy, from 0.02 to 0.3. A box has too few levels near the Fermi energy
        for less than the distance of its shells.

    Returns
    -------
    StaticResponse

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the state or its response did not converge.

    Examples
    --------
    >>> r = static_response(mass_ratio=10, d=1.0, r_s=1.6, mesh=6, wave=(1, 0))
    >>> print(f"{r.q_r_s:.3f} {r.alpha_squared:.2f} {r.error:.2f} {r.electron_ratio:.2f}")
    0.635 2.36 0.05 0.62
    """
    parameters = {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1.0),
        "d": validation.real("d", d, low=0.0),
        "r_s": validation.positive("r_s", r_s),
        "mesh": validation.integer("mesh", mesh, low=2),
        "wave": _wave(wave, mesh),
        "cutoff": validation.real("cutoff", cutoff, low=1.0),
        "smearing": validation.real("smearing", smearing, low=0.02, high=0.3),
    }
    state = (float(mass_ratio), float(d), float(r_s), parameters["mesh"], float(cutoff))
    warm = _response(*state, parameters["wave"], float(smearing), None)
    warmer = _response(*state, parameters["wave"], 2 * float(smearing), (1,))
    # Pairs over their Fermi energy: chi in units of n/eps_F.
    unit = mass_ratio / (mass_ratio * r_s) ** 2 / mesh**2
    chi, mirrored = warm.matrix * unit, warm.mirrored * unit
    q = np.array(parameters["wave"]) @ Box.triangular(parameters["mesh"], parameters["mesh"]).reciprocal
    value = -1 / chi[1, 1]
    return StaticResponse(
        parameters,
        UNITS,
        float(np.linalg.norm(q)),
        float(value),
        float(abs(value + 1 / (warmer.matrix[1, 1] * unit))),
        float(chi[0, 1] / chi[1, 1]),
        float(chi[1, 1]),
        float(chi[1, 0]),
        float(chi[0, 0]),
        float(-1 / (chi[1, 1] + mirrored[1, 1])),
        float(-1 / (chi[1, 1] - mirrored[1, 1])),
    )


@lru_cache(maxsize=8)
def _state(
    mass_ratio: float, d: float, r_s: float, mesh: int, cutoff: float, temperature: float
) -> tuple[kmesh.BlochState, float]:
    """State with electrons of that temperature over their Fermi energy, and the temperature in Ha_h."""
    crystal = solve_crystal(
        mass_ratio=mass_ratio, d=mass_ratio * d, r_s=mass_ratio * r_s, mesh=mesh, cutoff=cutoff, tolerance=1e-9
    )
    cold, heat = crystal.state, temperature * crystal.fermi_energy
    start = [None, cold.orbitals[1][:, :, :1]]
    state = kmesh.solve(cold.functional, cold.basis, start, [heat, "bands"], tolerance=1e-9)
    if not state.converged:
        raise NotConverged(
            f"the state at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}, mesh = {mesh} did not converge: "
            f"gradient {state.gradient_norm:.1e} Ha_h"
        )
    return state, heat


def _wave(wave, mesh):
    try:
        numbers = tuple(wave)
    except TypeError:
        raise TypeError(f"wave = {wave!r} is not allowed: need two integers, got {type(wave).__name__}") from None
    numbers = tuple(validation.integer("wave", number, low=-10 * mesh) for number in numbers)
    if len(numbers) != 2 or not any(number % mesh for number in numbers):
        raise ArgumentError("wave", wave, "two integers, not both multiples of mesh")
    return numbers


def _response(
    mass_ratio: float,
    d: float,
    r_s: float,
    mesh: int,
    cutoff: float,
    wave: tuple[int, int],
    temperature: float,
    sources: tuple[int, ...] | None,
) -> DensityResponse:
    state, heat = _state(mass_ratio, d, r_s, mesh, cutoff, temperature)
    return density_response(state, wave, (heat, 0.0), sources=sources)
