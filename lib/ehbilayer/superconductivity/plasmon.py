r"""Plasmons of the bilayer in the random-phase approximation.

Electron atomic units: lengths in a_e, energies in Ha_e, with hbar = m_e = e^2/eps_r = 1. The electrons respond like
free unpolarised ones, the holes of mass M = m_h/m_e either as a liquid of free polarised carriers or, crystallised,
like classical particles that no short-range force holds: :math:`\chi_h = n q^2/(M\omega^2)`. Modes are zeros of

.. math:: \varepsilon(q,\omega) = (1 - V\chi_e)(1 - V\chi_h) - V_1^2\chi_e\chi_h,
    \qquad V = 2\pi/q, \quad V_1 = V e^{-qd}

(`ehbilayer.model.rpa`; here responses are negative in the static limit). A mode inside the electrons' pair continuum is
a zero at complex frequency, of the function continued through the real axis; its imaginary part is the damping.
Velocities are in units of the Bohm-Staver velocity :math:`v_0 = \sqrt{\varepsilon_F/M}`.
"""

import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import newton

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.model.lindhard import inverse_at_long_waves, zero_temperature
from ehbilayer.model.local_field import KINDS, crossing_field, local_field
from ehbilayer.model.rpa import apart, dielectric, within
from ehbilayer.superconductivity.velocity_coupling import velocity_spectrum

__all__ = [
    "HOLES",
    "Bilayer",
    "acoustic_velocity",
    "coupling_with_velocity",
    "dielectric_function",
    "lindhard",
    "loss_function",
    "optical_frequency",
    "static_velocity_squared",
]

HOLES = ("crystal", "liquid")
"""How the holes respond."""


class Bilayer(NamedTuple):
    """What the plasmons depend on.

    Attributes
    ----------
    r_s, d : float
        In a_e.
    mass_ratio : float
        m_h/m_e.
    holes : str
        One of `HOLES`.
    local_field : str
        One of `ehbilayer.model.local_field.KINDS`, among the electrons and among liquid holes.
    """

    r_s: float
    d: float
    mass_ratio: float
    holes: str
    local_field: str = "none"

    @classmethod
    def checked(cls, r_s: float, d: float, mass_ratio: float, holes: str, local_field: str = "none") -> "Bilayer":
        """The same, or an error that names what is not allowed."""
        return cls(
            validation.real("r_s", r_s, low=1e-6, high=1e6),
            validation.real("d", d, low=0.0),
            validation.real("mass_ratio", mass_ratio, low=1.0, high=1e12),
            validation.option("holes", holes, HOLES),
            validation.option("local_field", local_field, KINDS),
        )


@checked
def lindhard(
    q: ArrayLike, omega: ArrayLike, *, r_s: float, degeneracy: int = 2, mass: float = 1.0
) -> NDArray[np.complex128]:
    r"""Density response of free two-dimensional carriers at zero temperature (Stern 1967).

    Minus that of `ehbilayer.model.lindhard.zero_temperature` times the density of states.

    Parameters
    ----------
    q : float or array_like
        Wave number in 1/a_e, > 0.
    omega : complex or array_like
        Frequency in Ha_e. Real ones are approached from above; in the lower half plane the function is continued
        through the particle-hole continuum.
    r_s : float
        Wigner-Seitz radius in a_e, > 0.
    degeneracy : int
        Equally filled species, >= 1.
    mass : float
        In m_e, > 0.

    Returns
    -------
    complex ndarray
        Response in 1/(Ha_e a_e^2).

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> print(f"{lindhard(0.5, 0.0, r_s=1.0).real * np.pi:.6f}")
    -1.000000
    """
    r_s = validation.real("r_s", r_s, low=1e-6, high=1e6)
    mass = validation.real("mass", mass, low=1e-12, high=1e12)
    degeneracy = validation.integer("degeneracy", degeneracy, low=1)
    fermi = 2 / (math.sqrt(degeneracy) * r_s)
    ratio = zero_temperature(q, omega, fermi_wave_number=fermi, curvature=1 / mass)
    return -degeneracy * mass / (2 * math.pi) * ratio


@checked
def acoustic_velocity(
    *, r_s: float, d: float, mass_ratio: float, q: float = 0.0, holes: str = "crystal", local_field: str = "none"
) -> complex:
    r"""Complex velocity of the acoustic plasmon with dynamic electrons, in v_0.

    At q -> 0 with crystallised holes :math:`v^2/v_0^2 = 4 d/a_e + 1/f(v/v_F)`, :math:`f(s) = 1 - s/\sqrt{s^2 - 1}`,
    which tends to 1 + 4 d/a_e for heavy holes.

    Parameters
    ----------
    r_s, d : float
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    mass_ratio : float
        m_h/m_e >= 1.
    q : float
        Wave number in 1/a_e, >= 0.
    holes : {"crystal", "liquid"}
    local_field : {"none", "exchange", "monte-carlo"}
        Exchange softens the layers (`ehbilayer.model.local_field`), as Hartree–Fock's compressibility does at long
        waves, or exchange and correlation as quantum Monte Carlo has it; classical charges have none.

    Returns
    -------
    complex
        omega/(q v_0); minus the imaginary part is the damping rate of the amplitude over q v_0.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.
    NotConverged
        If no mode is found, or exchange leaves none that oscillates.

    Examples
    --------
    >>> print(f"{acoustic_velocity(r_s=1.6, d=1.0, mass_ratio=10):.3f}")
    2.181-0.093j
    """
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes, local_field)
    q = validation.real("q", q, low=0.0)
    v_0 = 1 / (bilayer.r_s * math.sqrt(bilayer.mass_ratio))
    stiffness = static_velocity_squared(q, r_s=r_s, d=d) - 2 * sum(_local_fields(q, bilayer))
    start = math.sqrt(max(stiffness, 0.05)) * (1 - 0.03j)
    if holes == "liquid":
        start = start + 0.3 / math.sqrt(start.real)

    def mismatch(velocity: complex) -> complex:
        value = complex(_mismatch(q, np.complex128(velocity * v_0), bilayer))
        # A search that leaves for v = 0 or infinity ends without a mode.
        if not np.isfinite(value):
            raise FloatingPointError
        return value

    # On this edge of the continuum the mismatch has a branch point, where the search would stall.
    edge = (math.sqrt(2) / bilayer.r_s + q / 2) / v_0 * (1 + 1e-15)
    missing = (
        f"no acoustic mode found at r_s = {bilayer.r_s}, d = {bilayer.d}, mass_ratio = {bilayer.mass_ratio}, q = {q}"
    )
    try:
        if abs(mismatch(edge)) < 1e-6:
            return complex(edge)
        # So does one that stands still short of a zero.
        with np.errstate(divide="raise", invalid="raise"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found = newton(mismatch, start, tol=1e-12, maxiter=200, full_output=True, disp=False)
    except FloatingPointError:
        raise NotConverged(missing) from None
    velocity, report = found[0], found[1]
    if not report.converged or velocity.real <= abs(velocity.imag) or abs(mismatch(velocity)) > 1e-6:
        raise NotConverged(missing)
    return complex(velocity)


@checked
def optical_frequency(*, r_s: float, d: float, mass_ratio: float, q: float, holes: str = "crystal") -> float:
    """Frequency of the optical plasmon, in which both layers' charges move against each other.

    Parameters
    ----------
    r_s, d, mass_ratio, holes
        As in `acoustic_velocity`.
    q : float
        Wave number in 1/a_e, > 0.

    Returns
    -------
    float
        In Ha_e; not a number where the mode lies in the pair continuum.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> print(f"{optical_frequency(r_s=1.6, d=1.0, mass_ratio=10, q=0.3):.4f}")
    0.5493
    """
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes)
    q = validation.real("q", q, low=1e-9, high=1e9)
    fermi = math.sqrt(2) / bilayer.r_s
    edge = q * fermi + q * q / 2
    # Above the continuum epsilon rises from its value at the edge towards 1.
    high = edge + 10 * math.sqrt(2 / bilayer.r_s**2 * q) + 1
    if _dielectric(q, edge * (1 + 1e-9), bilayer).real > 0:
        return math.nan
    low = edge
    for _ in range(200):
        middle = 0.5 * (low + high)
        if _dielectric(q, middle, bilayer).real > 0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


@checked
def dielectric_function(
    q: ArrayLike, omega: ArrayLike, *, r_s: float, d: float, mass_ratio: float, holes: str = "crystal"
) -> NDArray[np.complex128]:
    """epsilon of the module's head, whose zeros are the modes.

    Parameters
    ----------
    q : array_like
        Wave numbers in 1/a_e, > 0.
    omega : array_like of complex
        Frequencies in Ha_e, not zero, as in `lindhard`; broadcast with `q`.
    r_s, d, mass_ratio, holes
        As in `acoustic_velocity`.

    Returns
    -------
    ndarray of complex

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> mode = optical_frequency(r_s=1.6, d=1.0, mass_ratio=10, q=0.3)
    >>> bool(abs(dielectric_function(0.3, mode, r_s=1.6, d=1.0, mass_ratio=10)) < 1e-12)
    True
    """
    q = validation.reals("q", q, low=0.0, low_open=True)
    if np.any(np.abs(omega) < 1e-100):
        raise ArgumentError("omega", omega, "frequencies other than 0, of magnitude 1e-100 or more")
    return _dielectric(q, omega, Bilayer.checked(r_s, d, mass_ratio, holes))


@checked
def loss_function(
    q: ArrayLike,
    omega: ArrayLike,
    *,
    r_s: float,
    d: float,
    mass_ratio: float,
    holes: str = "crystal",
    broadening: float = 0.0,
) -> NDArray:
    r"""Energy loss to the electrons' layer.

    .. math:: -V\,\mathrm{Im}\,\chi_{ee} = -V\,\mathrm{Im}[\chi_e(1 - V\chi_h)/\varepsilon]

    Parameters
    ----------
    q, omega : float or array_like
        Wave number in 1/a_e > 0 and frequency in Ha_e, broadcast against each other.
    r_s, d, mass_ratio, holes
        As in `acoustic_velocity`.
    broadening : float
        Imaginary part added to the frequency, in Ha_e, >= 0, which makes undamped modes visible.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> print(f"{loss_function(0.5, 0.2, r_s=1.6, d=1.0, mass_ratio=10, broadening=1e-3):.3f}")
    0.024
    """
    bilayer = Bilayer.checked(r_s, d, mass_ratio, holes)
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    omega = np.asarray(validation.reals("omega", omega, low=0.0, low_open=True))
    omega = omega + 1j * validation.real("broadening", broadening, low=0.0)
    x_e, x_h = _strengths(q, omega, bilayer)
    return (x_e * (1 + x_h) / dielectric(x_e, x_h, apart(q, bilayer.d))).imag


@checked
def static_velocity_squared(q: ArrayLike, *, r_s: float, d: float) -> float | NDArray:
    r"""Acoustic velocity squared over v_0^2 with crystallised holes and electrons that respond instantly.

    .. math:: \frac{v^2}{v_0^2} = \frac{k_s}{q + k_s}\Big[1 + \frac{k_s}{q}\big(1 - e^{-2qd}\big)\Big],
        \qquad k_s = 2/a_e

    Parameters
    ----------
    q : float or array_like
        Wave number in 1/a_e, >= 0 and below 2 k_F, where static electrons screen like this.
    r_s, d : float
        In a_e.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{static_velocity_squared(0.0, r_s=1.6, d=1.0):.2f} {static_velocity_squared(1.25, r_s=1.6, d=1.0):.2f}")
    5.00 1.52
    """
    validation.positive("r_s", r_s)
    d = validation.real("d", d, low=0.0)
    q = np.asarray(validation.reals("q", q, low=0.0))
    safe = np.where(q > 0, q, 1.0)
    # The bare plasmon of the holes, omega^2 = n q^2 V/M, with V screened by electrons of V chi = k_s/q.
    x = 2 / safe
    result = np.where(q > 0, x * within(0.0, x, apart(safe, d)), 1 + 4 * d)
    return float(result) if result.ndim == 0 else result


@checked
def coupling_with_velocity(
    velocity_squared: Callable[[NDArray], ArrayLike], *, r_s: float, d: float, umklapp: bool = True, order: int = 48
) -> float:
    r"""Attraction lambda of Eq. 4 with a plasmon velocity that depends on q.

    Parameters
    ----------
    velocity_squared : callable
        alpha^2(q) for an array of q in 1/a_e; positive.
    r_s, d : float
        In a_e.
    umklapp : bool
        Freeze q at k_D beyond it, as the paper does; otherwise q is the momentum transfer.
    order : int
        Quadrature nodes in each of the two regions.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a velocity is not positive.

    Examples
    --------
    >>> value = coupling_with_velocity(lambda q: np.full_like(q, 0.09), r_s=1.6, d=1.0)
    >>> print(f"{value:.6f}")
    0.756175
    """
    spectrum = velocity_spectrum(velocity_squared, r_s=r_s, d=d, mass_ratio=1.0, umklapp=umklapp, order=order)
    return spectrum.coupling


def _strengths(q: Any, omega: Any, bilayer: Bilayer) -> tuple[Any, Any]:
    """-V chi of electrons and holes."""
    r_s, _, mass_ratio, holes, _ = bilayer
    v = 2 * math.pi / q
    if holes == "crystal":
        other = q**2 / (math.pi * r_s**2 * mass_ratio * omega**2)
    else:
        other = lindhard(q, omega, r_s=r_s, degeneracy=1, mass=mass_ratio)
    own, others = _local_fields(q, bilayer)
    x_e, x_h = -v * lindhard(q, omega, r_s=r_s), -v * other
    return x_e / (1 - q * own * x_e), x_h / (1 - q * others * x_h)


def _local_fields(q, bilayer):
    """G/q of electrons and holes."""
    r_s, _, mass_ratio, holes, kind = bilayer
    limit, wave_number = local_field(kind, r_s, 2)
    own = crossing_field(q, limit, wave_number)
    if holes == "crystal":
        return own, 0.0
    limit, wave_number = local_field(kind, mass_ratio * r_s, 1)
    return own, crossing_field(q, limit, mass_ratio * wave_number)


def _dielectric(q: ArrayLike, omega: ArrayLike, bilayer: Bilayer) -> NDArray[np.complex128]:
    q, omega = np.asarray(q, dtype=float), np.asarray(omega, dtype=complex)
    return dielectric(*_strengths(q, omega, bilayer), apart(q, bilayer.d))


def _mismatch(q: float, velocity: Any, bilayer: Bilayer) -> Any:
    """1/chi_h - V - V_1^2 chi_e/(1 - V chi_e) in units of 1/N_0, whose zeros are the modes, also at q = 0."""
    r_s, d, mass_ratio, holes, _ = bilayer
    if q == 0:
        # For q -> 0 the interactions nearly cancel: their difference leaves 4 pi d.
        electrons = -math.pi * inverse_at_long_waves(velocity * r_s / math.sqrt(2))
        if holes == "crystal":
            other = math.pi * r_s**2 * mass_ratio * velocity**2
        else:
            other = -2 * math.pi / mass_ratio * inverse_at_long_waves(velocity * mass_ratio * r_s / 2)
        return (electrons + other - 4 * math.pi * d) / math.pi + 2 * sum(_local_fields(0.0, bilayer))
    x_e, x_h = _strengths(q, velocity * q, bilayer)
    v = 2 * math.pi / q
    return -v * (1 / x_h + within(0.0, x_e, apart(q, d))) / math.pi
