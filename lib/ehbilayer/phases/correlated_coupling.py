r"""What two correlated layers gain from each other, from the response of each one alone.

A layer's density at wave vector q is taken as one oscillator that has the static response chi and obeys the f-sum rule:
frequency :math:`\omega_i^2 = nq^2/(m_i\chi_i)`. The attraction :math:`V_{12} = 2\pi e^{-qd}/q` couples the two, and the
zero-point energy that they lose is the energy of coupling per pair,

.. math::

    C = \frac{1}{2n}\int\!\frac{d^2q}{(2\pi)^2}\,[\Omega_+ + \Omega_- - \omega_e - \omega_h], \qquad
    (\Omega_+ + \Omega_-)^2 = \omega_e^2 + \omega_h^2 + 2\omega_e\omega_h\sqrt{1 - V_{12}^2\chi_e\chi_h}.

To second order in V12 and for heavy holes it is :math:`-\frac12\int V_{12}^2\chi_e S_h`, with the structure factor of
the holes, whether they are liquid or crystal. C is therefore counted alike in both; what the order of the holes changes
is in `screening_share`.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice import PRIMITIVE, RECIPROCAL_LENGTH
from ehbilayer.model.layer_response import layer_response
from ehbilayer.model.wigner_crystal import crystal_layer
from ehbilayer.numerics.quadrature import gauss_legendre

__all__ = ["aligned_attraction", "crystal_coupling", "mode_coupling", "screening_share"]

# Edges of the panels in 1/r_s: the Fermi circles of both spins, and a geometric tail.
_EDGES = np.array([0.0, 0.05, 0.2, 0.6, 1.2, 2.0, 2 * math.sqrt(2), 4.0, 6.0, 10.0, 20.0, 60.0, 300.0, 3000.0, 1e5])
_ORDER = 12


@checked
def mode_coupling(
    *,
    mass_ratio: float = 10,
    d: float = 10.0,
    r_s: float = 31.0,
    polarisations: tuple[float, float] = (0.0, 1.0),
    local_field: bool = True,
    order: int = _ORDER,
) -> tuple[float, float]:
    """Energy of coupling C of the module's head, and the largest coupling of two oscillators.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `ehbilayer.phases.correlated_point`.
    polarisations : (float, float)
        Of electrons and holes, 0 or 1 each.
    local_field : bool
        As in `ehbilayer.model.layer_response.layer_response`.
    order : int
        Nodes of each panel, from 4 to 100.

    Returns
    -------
    energy : float
        Per pair in Ha_h, negative.
    strength : float
        Largest ``V12^2 chi_e chi_h``. From 1 on the two liquids are unstable against a common density wave, their
        compression included; the square root is then cut off at zero.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> energy, strength = mode_coupling(mass_ratio=10, d=10.0, r_s=20.0)
    >>> energy < 0 < strength
    True
    """
    mass_ratio, d, r_s = _point(mass_ratio, d, r_s)
    order = validation.integer("order", order, low=4, high=100)
    if not isinstance(polarisations, tuple | list) or len(polarisations) != 2:
        raise ArgumentError("polarisations", polarisations, "two numbers, of electrons and holes")
    polarisations = (
        validation.real("polarisations", polarisations[0]),
        validation.real("polarisations", polarisations[1]),
    )
    if not set(polarisations) <= {0.0, 1.0}:
        raise ArgumentError("polarisations", polarisations, "0 or 1 for each layer")
    nodes, weights = gauss_legendre(order)
    low, high = _EDGES[:-1, None], _EDGES[1:, None]
    q = ((low + high) / 2 + (high - low) / 2 * nodes).ravel() / r_s
    weight = ((high - low) / 2 * weights).ravel() / r_s
    masses = (1 / mass_ratio, 1.0)
    chi = [
        layer_response(q, r_s=r_s, mass=mass, polarisation=polarisation, local_field=local_field)
        for mass, polarisation in zip(masses, polarisations, strict=True)
    ]
    density = 1 / (math.pi * r_s**2)
    electron, hole = (q * np.sqrt(density / (mass * response)) for mass, response in zip(masses, chi, strict=True))
    strength = (2 * math.pi / q * np.exp(-q * d)) ** 2 * chi[0] * chi[1]
    # The change of the sum, without the cancellation of nearly equal numbers.
    gained = 2 * electron * hole * strength / (1 + np.sqrt(np.maximum(1 - strength, 0.0)))
    gained = np.where(strength > 1, 2 * electron * hole, gained)
    shift = -gained / (np.sqrt((electron + hole) ** 2 - gained) + electron + hole)
    return float(weight @ (q * shift) / (4 * math.pi * density)), float(strength.max())


@checked
def screening_share(
    *, mass_ratio: float = 10, d: float = 10.0, r_s: float = 31.0, polarisation: float = 0.0, local_field: bool = True
) -> float:
    r"""Share s of the holes' repulsion that the electrons screen where crystal and liquid of the holes differ.

    Light electrons turn the repulsion V of the holes into :math:`V - V_{12}^2\chi_e`. The structure factors of hole
    crystal and hole liquid differ around the shortest reciprocal vector, so that the difference of their energies is
    that of one layer with the interaction (1 - s) V, :math:`s = V_{12}^2\chi_e/V` there:
    :math:`(1 - s)^2[\epsilon_C - \epsilon_L]` at the radius :math:`(1 - s)r_s`.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `ehbilayer.phases.correlated_point`.
    polarisation : float
        Of the electrons, 0 or 1.
    local_field : bool
        As in `ehbilayer.model.layer_response.layer_response`.

    Returns
    -------
    float
        From 0, no screening, to 1.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> 0 < screening_share(mass_ratio=10, d=10.0, r_s=31.0) < 0.1
    True
    """
    mass_ratio, d, r_s = _point(mass_ratio, d, r_s)
    q = RECIPROCAL_LENGTH / r_s
    response = layer_response(q, r_s=r_s, mass=1 / mass_ratio, polarisation=polarisation, local_field=local_field)
    return float(2 * math.pi / q * math.exp(-2 * q * d) * response)


@checked
def crystal_coupling(
    *, mass_ratio: float = 10, d: float = 10.0, r_s: float = 31.0, polarisation: float = 0.0, local_field: bool = True
) -> float:
    r"""Second-order energy of light electrons above a vibrating hole crystal: an independent value for C.

    :math:`-\frac12\int V_{12}^2\chi_e S_h`, with the Bragg peaks of the harmonic crystal, weakened by its
    zero-point motion, and the rest of the structure factor as if its carriers moved independently.

    Parameters
    ----------
    mass_ratio, d, r_s, polarisation, local_field
        As in `screening_share`.

    Returns
    -------
    float
        Per pair in Ha_h, negative. Without retardation: the electrons follow the holes at once.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> crystal_coupling(mass_ratio=10, d=10.0, r_s=31.0) < 0
    True
    """
    mass_ratio, d, r_s = _point(mass_ratio, d, r_s)
    nodes, weights = gauss_legendre(_ORDER)
    low, high = _EDGES[:-1, None], _EDGES[1:, None]
    q = ((low + high) / 2 + (high - low) / 2 * nodes).ravel() / r_s
    weight = ((high - low) / 2 * weights).ravel() / r_s
    spread = crystal_layer().displacement * r_s**1.5 / 2

    def gain(wave: NDArray) -> NDArray:
        chi = layer_response(wave, r_s=r_s, mass=1 / mass_ratio, polarisation=polarisation, local_field=local_field)
        return (2 * math.pi / wave * np.exp(-wave * d)) ** 2 * chi

    # The weight of the long waves goes to the peaks, as the structure factor of the crystal vanishes there.
    diffuse = weight @ (q * gain(q) * -np.expm1(-spread * q**2)) / (2 * math.pi)
    peaks = _shells() / r_s
    bragg = (gain(peaks) * np.exp(-spread * peaks**2)).sum() / (math.pi * r_s**2)
    return float(-(diffuse + bragg) / 2)


@checked
def aligned_attraction(*, mass_ratio: float = 10, d: float = 10.0, r_s: float = 31.0) -> float:
    """First-order energy of two aligned crystals, each with its own zero-point motion.

    The energy of a product of the two layers' states, hence an upper bound with the layers' exact energies.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `ehbilayer.phases.correlated_point`.

    Returns
    -------
    float
        Per pair in Ha_h, negative, without the capacitance energy.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{aligned_attraction(mass_ratio=1, d=2e7, r_s=1e8) * 1e8:.2f}")
    -3.13
    """
    mass_ratio, d, r_s = _point(mass_ratio, d, r_s)
    # <u^2> of a carrier of mass m is that of mass 1 at the radius m r_s, over m^2.
    spread = crystal_layer().displacement * r_s**1.5 * (1 + math.sqrt(mass_ratio)) / 4
    peaks = _shells() / r_s
    terms = 2 * math.pi / peaks * np.exp(-peaks * d - spread * peaks**2)
    return float(-terms.sum() / (math.pi * r_s**2))


def _point(mass_ratio, d, r_s):
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e4)
    r_s = validation.real("r_s", r_s, low=0.01 * mass_ratio, high=1e9)
    return mass_ratio, validation.real("d", d, low=0.0, high=100 * r_s), r_s


@lru_cache(maxsize=1)
def _shells():
    """Lengths of the reciprocal vectors in 1/r_s, as far as zero-point motion and distance leave any weight."""
    reciprocal = 2 * math.pi * np.linalg.inv(PRIMITIVE).T
    steps = np.stack(np.meshgrid(*[np.arange(-40, 41)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    lengths = np.linalg.norm(steps[(steps != 0).any(axis=1)] @ reciprocal, axis=1)
    return lengths[lengths < 38 * RECIPROCAL_LENGTH * math.sqrt(3) / 2]
