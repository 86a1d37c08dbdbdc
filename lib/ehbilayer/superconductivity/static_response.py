r"""Hartree-Fock's own plasmon: static density response of the EL-HC state at finite wave vectors, V(0) = 0 throughout.

A potential w cos(qr) on the holes changes their density by :math:`\chi_{hh}(q)`, which gives

.. math:: \alpha^2(q) = -\frac{n}{\varepsilon_F\,\chi_{hh}(q, 0)} \to (K + G)/B_0 + 4d/a_e \quad (q \to 0),

the squared velocity over v_0^2 of a plasmon of heavy holes with electrons that follow at once. The functions take r_s
and d in units of the electrons' Bohr radius a_e.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.linear_response import DensityResponse, density_response
from ehbilayer.model.lattice import Box
from ehbilayer.superconductivity.compressibility import UNITS

__all__ = ["ResponseLines", "StaticResponse", "line_waves", "response_lines", "static_response"]


#: 2 k_F r_s of unpolarised electrons.
_TRANSFER = 2 * math.sqrt(2)
# Of the linear systems: alpha^2 is then known to a few 1e-6.
_TOLERANCE = 1e-5
# Pairs along the side of the box in which finer plane waves are looked at.
_SMALL = 6


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


@numbers_first()
@dataclass(frozen=True, eq=False)
class ResponseLines:
    """Result of `response_lines`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    q_r_s : ndarray, shape (n,)
        Wave numbers times r_s: first along Gamma-M, then along Gamma-K.
    along_k : ndarray of bool, shape (n,)
        Which of them belong to Gamma-K.
    alpha_squared : ndarray, shape (n,)
        -n/(eps_F chi_hh).
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    q_r_s: NDArray
    along_k: NDArray
    alpha_squared: NDArray


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
        q in the box's reciprocal vectors, no multiple of `mesh`: from Gamma to M is (1, 0) to (mesh/2, 0), from Gamma
        to K (1, -1) to (mesh/3, -mesh/3).
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
    parameters = checked(mass_ratio, d, r_s, mesh, cutoff, smearing)
    parameters["wave"] = checked_wave(wave, mesh)
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


def line_waves(mesh: int, *, zone: bool = False) -> tuple[list[tuple[int, int]], NDArray, NDArray]:
    r"""Wave vectors of a box along Gamma-M and Gamma-K, up to :math:`2k_F`, the largest momentum transfer.

    Parameters
    ----------
    mesh : int
        The box holds ``mesh**2`` pairs; >= 3.
    zone : bool
        Only those in the crystal's first zone, up to M and K.

    Returns
    -------
    waves : list of (int, int)
        In the box's reciprocal vectors; on each line one beyond :math:`2 k_F`.
    q_r_s : ndarray, shape (n,)
        Their lengths times r_s.
    along_k : ndarray of bool, shape (n,)

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> waves, q, along_k = line_waves(6)
    >>> waves[2], waves[-1], f"{q[2]:.3f}", bool(along_k[-1])
    ((3, 0), (3, -3), '1.905', True)
    """
    mesh, zone = validation.integer("mesh", mesh, low=3), validation.boolean("zone", zone)
    unit = float(np.linalg.norm(Box.triangular(mesh, mesh).reciprocal[0]))
    counts = [math.ceil(_TRANSFER / length) for length in (unit, math.sqrt(3) * unit)]
    # A reciprocal vector of the crystal has no response of its own: the line ends before it.
    counts = [mesh // 2, mesh // 3] if zone else [min(counts[0], mesh - 1), counts[1]]
    waves = [(n, 0) for n in range(1, counts[0] + 1)] + [(n, -n) for n in range(1, counts[1] + 1)]
    q = np.linalg.norm(np.array(waves) @ Box.triangular(mesh, mesh).reciprocal, axis=1)
    return waves, q, np.arange(len(waves)) >= counts[0]


def response_lines(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 6,
    cutoff: float = 2.0,
    smearing: float = 0.1,
    fine_cutoff: float | None = None,
    zone: bool = False,
) -> ResponseLines:
    r"""alpha^2(q) of `static_response` at all wave vectors of `line_waves`.

    Beyond the first zone it belongs to the momentum transfer itself: an electron that is scattered by q meets
    :math:`\chi_{hh}(q)`, whatever the vector is within the zone.

    Parameters
    ----------
    mass_ratio, d, r_s, cutoff, smearing
        As in `static_response`.
    mesh : int
        The box holds ``mesh**2`` pairs; >= 3.
    fine_cutoff : float, optional
        Add what this cutoff changes in a box of 36 pairs: narrow clouds of heavy holes change by the same in each box.
    zone : bool
        As in `line_waves`.

    Returns
    -------
    ResponseLines

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the state or a response did not converge.

    Examples
    --------
    >>> lines = response_lines(mass_ratio=10, d=1.0, r_s=1.6, mesh=4)
    >>> print(", ".join(f"{value:.2f}" for value in lines.alpha_squared[~lines.along_k]))
    1.86, 0.98, 0.48
    """
    parameters = checked(mass_ratio, d, r_s, mesh, cutoff, smearing)
    state = (float(mass_ratio), float(d), float(r_s), parameters["mesh"], float(cutoff))
    waves, q, along_k = line_waves(mesh, zone=zone)
    chi = [_response(*state, wave, float(smearing), (1,)).matrix[1, 1] for wave in waves]
    values = -(r_s**2) * mass_ratio * mesh**2 / np.array(chi)
    parameters |= {"fine_cutoff": fine_cutoff, "zone": zone}
    if fine_cutoff is not None:
        fine_cutoff = validation.real("fine_cutoff", fine_cutoff, low=cutoff)
        shared = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s, "mesh": _SMALL, "smearing": smearing, "zone": zone}
        coarse, fine = (response_lines(**shared, cutoff=x) for x in (cutoff, fine_cutoff))
        change = fine.alpha_squared - coarse.alpha_squared
        for here, there in ((along_k, fine.along_k), (~along_k, ~fine.along_k)):
            values[here] += np.interp(q[here], fine.q_r_s[there], change[there])
    return ResponseLines(parameters, UNITS, q, along_k, values)


def checked(mass_ratio: float, d: float, r_s: float, mesh: int, cutoff: float, smearing: float) -> dict[str, Any]:
    """Checked arguments of a restricted EL-HC state, by name; see `static_response`."""
    return {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1.0),
        "d": validation.real("d", d, low=0.0),
        "r_s": validation.positive("r_s", r_s),
        "mesh": validation.integer("mesh", mesh, low=2),
        "cutoff": validation.real("cutoff", cutoff, low=1.0),
        "smearing": validation.real("smearing", smearing, low=0.02, high=0.3),
    }


def checked_wave(wave: tuple[int, int], mesh: int) -> tuple[int, int]:
    """Checked wave vector in the box's reciprocal vectors, none of them one of the crystal's."""
    try:
        numbers = tuple(wave)
    except TypeError:
        raise TypeError(f"wave = {wave!r} is not allowed: need two integers, got {type(wave).__name__}") from None
    numbers = tuple(validation.integer("wave", number, low=-10 * mesh) for number in numbers)
    if len(numbers) != 2 or not any(number % mesh for number in numbers):
        raise ArgumentError("wave", wave, "two integers, not both multiples of mesh")
    return numbers


@lru_cache(maxsize=8)
def thermal_state(
    mass_ratio: float, d: float, r_s: float, mesh: int, cutoff: float, smearing: float
) -> tuple[kmesh.BlochState, float]:
    """Restricted EL-HC state with electrons of a temperature, and k_B times that in Ha_h; the last ones are kept.

    Raises
    ------
    NotConverged
        If the state did not converge.
    """
    crystal = solve_crystal(
        mass_ratio=mass_ratio, d=mass_ratio * d, r_s=mass_ratio * r_s, mesh=mesh, cutoff=cutoff, tolerance=1e-9
    )
    cold, heat = crystal.state, smearing * crystal.fermi_energy
    state = kmesh.solve(cold.functional, cold.basis, [None, None], [heat, "bands"], tolerance=1e-9, near=cold)
    if not state.converged:
        raise NotConverged(
            f"the state at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}, mesh = {mesh} did not converge: "
            f"gradient {state.gradient_norm:.1e} Ha_h"
        )
    return state, heat


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
    state, heat = thermal_state(mass_ratio, d, r_s, mesh, cutoff, temperature)
    return density_response(state, wave, (heat, 0.0), sources=sources, tolerance=_TOLERANCE)
