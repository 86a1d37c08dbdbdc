r"""Plasmons of the bilayer in the random-phase approximation, and the harmonic hole crystal.

Electron atomic units: lengths in a_e, energies in Ha_e, with hbar = m_e = e^2/eps_r = 1. The electrons respond like
free unpolarised ones, the holes of mass M = m_h/m_e either as a liquid of free polarised carriers or, crystallised,
like classical particles that no short-range force holds: :math:`\chi_h = n q^2/(M\omega^2)`. Modes are zeros of

.. math:: \varepsilon(q,\omega) = (1 - V\chi_e)(1 - V\chi_h) - V_1^2\chi_e\chi_h,
    \qquad V = 2\pi/q, \quad V_1 = V e^{-qd}.

A mode inside the electrons' pair continuum is a zero at complex frequency, of the function continued through the real
axis; its imaginary part is the damping. Velocities are in units of the Bohm-Staver velocity
:math:`v_0 = \sqrt{\varepsilon_F/M}`.
"""

import math
import warnings

import numpy as np
from scipy.optimize import newton
from scipy.special import erfc

from ehbilayer import validation
from ehbilayer.errors import NotConverged
from ehbilayer.model.lattice import PRIMITIVE, RECIPROCAL_LENGTH
from ehbilayer.numerics.quadrature import gauss_legendre

__all__ = [
    "HOLES",
    "acoustic_velocity",
    "coupling_with_velocity",
    "lattice_longitudinal",
    "lattice_velocities_squared",
    "lindhard",
    "loss_function",
    "optical_frequency",
    "static_interaction",
    "static_pairing_strength",
    "static_velocity_squared",
]

HOLES = ("crystal", "liquid")

# Ewald parameter in 1/r_s; the result does not depend on it.
_SPLIT = 1.0


def lindhard(q, omega, *, r_s, degeneracy=2, mass=1.0):
    r"""Density response of free two-dimensional carriers at zero temperature (Stern 1967).

    .. math:: \chi = -N_0\Big\{1 - \frac{k_F}{q}\big[g(\nu_+) - g(\nu_-)\big]\Big\}, \qquad
        \nu_\pm = \frac{\omega}{q v_F} \pm \frac{q}{2k_F}, \qquad g(\nu) = \sqrt{\nu - 1}\sqrt{\nu + 1}

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
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{lindhard(0.5, 0.0, r_s=1.0).real * np.pi:.6f}")
    -1.000000
    """
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    r_s, mass = validation.positive("r_s", r_s), validation.positive("mass", mass)
    degeneracy = validation.integer("degeneracy", degeneracy, low=1)
    omega = np.asarray(omega, dtype=complex)
    if not np.isfinite(omega).all():
        raise ValueError(f"omega = {omega!r} is not allowed: need finite numbers")
    fermi = 2 / (math.sqrt(degeneracy) * r_s)
    scaled, half = omega * mass / (q * fermi), q / (2 * fermi)
    states = degeneracy * mass / (2 * math.pi)
    high, low = _root(scaled + half), _root(scaled - half)
    # (high^2 - low^2)/(4 half) = scaled: the quotient of the larger numbers does not cancel as half tends to 0.
    total, difference = high + low, high - low
    alike = np.abs(total) >= np.abs(difference)
    slope = np.where(alike, 2 * scaled / np.where(alike, total, 1.0), difference / (2 * half))
    return -states * (1 - slope)


def acoustic_velocity(*, r_s, d, mass_ratio, q=0.0, holes="crystal"):
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

    Returns
    -------
    complex
        omega/(q v_0); minus the imaginary part is the damping rate of the amplitude over q v_0.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    RuntimeError
        If no mode is found.

    Examples
    --------
    >>> print(f"{acoustic_velocity(r_s=1.6, d=1.0, mass_ratio=10):.3f}")
    2.181-0.093j
    """
    r_s, d, mass_ratio, holes = _bilayer(r_s, d, mass_ratio, holes)
    q = validation.real("q", q, low=0.0)
    v_0 = 1 / (r_s * math.sqrt(mass_ratio))
    start = math.sqrt(static_velocity_squared(q, r_s=r_s, d=d)) * (1 - 0.03j)
    if holes == "liquid":
        start = start + 0.3 / math.sqrt(start.real)

    def mismatch(velocity):
        return complex(_mismatch(q, velocity * v_0, r_s, d, mass_ratio, holes))

    # On this edge of the continuum the mismatch has a branch point, where the search would stall.
    edge = (math.sqrt(2) / r_s + q / 2) / v_0 * (1 + 1e-15)
    if abs(mismatch(edge)) < 1e-6:
        return complex(edge)
    missing = f"no acoustic mode found at r_s = {r_s}, d = {d}, mass_ratio = {mass_ratio}, q = {q}"
    try:
        # A search that leaves for v = 0 or infinity, or stands still short of a zero, ends without a mode.
        with np.errstate(divide="raise", invalid="raise"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            velocity, report = newton(mismatch, start, tol=1e-12, maxiter=200, full_output=True, disp=False)
    except FloatingPointError:
        raise NotConverged(missing) from None
    if not report.converged or velocity.real <= 0 or abs(mismatch(velocity)) > 1e-6:
        raise NotConverged(missing)
    return complex(velocity)


def optical_frequency(*, r_s, d, mass_ratio, q, holes="crystal"):
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
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{optical_frequency(r_s=1.6, d=1.0, mass_ratio=10, q=0.3):.4f}")
    0.5493
    """
    r_s, d, mass_ratio, holes = _bilayer(r_s, d, mass_ratio, holes)
    q = validation.positive("q", q)
    fermi = math.sqrt(2) / r_s
    edge = q * fermi + q * q / 2
    # Above the continuum epsilon rises from its value at the edge towards 1.
    high = edge + 10 * math.sqrt(2 / r_s**2 * q) + 1
    if _dielectric(q, edge * (1 + 1e-9), r_s, d, mass_ratio, holes).real > 0:
        return math.nan
    low = edge
    for _ in range(200):
        middle = 0.5 * (low + high)
        if _dielectric(q, middle, r_s, d, mass_ratio, holes).real > 0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


def loss_function(q, omega, *, r_s, d, mass_ratio, holes="crystal", broadening=0.0):
    r"""Energy loss to the electrons' layer, :math:`-V\,\mathrm{Im}\,\chi_{ee} = -V\,\mathrm{Im}[\chi_e(1 - V\chi_h)/\varepsilon]`.

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
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{loss_function(0.5, 0.2, r_s=1.6, d=1.0, mass_ratio=10, broadening=1e-3):.3f}")
    0.024
    """
    r_s, d, mass_ratio, holes = _bilayer(r_s, d, mass_ratio, holes)
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    omega = np.asarray(validation.reals("omega", omega, low=0.0, low_open=True))
    broadening = validation.real("broadening", broadening, low=0.0)
    omega = omega + 1j * broadening
    v = 2 * math.pi / q
    response = _hole_response(q, omega, r_s, mass_ratio, holes)
    total = lindhard(q, omega, r_s=r_s) * (1 - v * response) / _dielectric(q, omega, r_s, d, mass_ratio, holes)
    return -v * total.imag


def static_velocity_squared(q, *, r_s, d):
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
    bracket = np.where(q > 0, -np.expm1(-2 * safe * d) / safe, 2 * d)
    result = 2 / (q + 2) * (1 + 2 * bracket)
    return float(result) if result.ndim == 0 else result


def static_interaction(q, *, r_s, d, mass_ratio, holes="crystal"):
    r"""Interaction of two electrons at zero frequency, screened by both layers.

    .. math:: V_{ee} = \frac{V - (V^2 - V_1^2)\chi_h}{\varepsilon}

    With static responses :math:`\chi \le 0` it is positive at every q.

    Parameters
    ----------
    q : float or array_like
        Wave number in 1/a_e, > 0.
    r_s, d, mass_ratio, holes
        As in `acoustic_velocity`. Crystallised holes give way without limit, :math:`\chi_h \to -\infty`.

    Returns
    -------
    float or ndarray
        In Ha_e a_e^2.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{static_interaction(1.25, r_s=1.6, d=1.0, mass_ratio=10):.3f}")
    1.869
    """
    r_s, d, mass_ratio, holes = _bilayer(r_s, d, mass_ratio, holes)
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    v = 2 * math.pi / q
    across = -v * v * np.expm1(-2 * q * d)
    electrons = lindhard(q, 0.0, r_s=r_s).real
    if holes == "crystal":
        result = across / (v - across * electrons)
    else:
        response = lindhard(q, 0.0, r_s=r_s, degeneracy=1, mass=mass_ratio).real
        result = (v - across * response) / (1 - v * (electrons + response) + across * electrons * response)
    return float(result) if result.ndim == 0 else result


def static_pairing_strength(*, r_s, d, mass_ratio=10.0, holes="crystal", order=48):
    r"""Fermi-surface average g_0 V of `static_interaction`, normalised as in Eq. 4, without Umklapp.

    Parameters
    ----------
    r_s, d, mass_ratio, holes
        As in `acoustic_velocity`.
    order : int
        Quadrature nodes.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{static_pairing_strength(r_s=1.6, d=1.0):.3f}")
    0.309
    """
    theta, weight = _quarter(order)
    q = 2 * math.sqrt(2) / r_s * np.sin(theta)
    values = static_interaction(q, r_s=r_s, d=d, mass_ratio=mass_ratio, holes=holes)
    return float(weight @ values) / math.pi**2


def coupling_with_velocity(velocity_squared, *, r_s, d, umklapp=True, order=48):
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
    r_s, d, _, _ = _bilayer(r_s, d, 1.0, "crystal")
    nodes, weights = gauss_legendre(validation.integer("order", order, low=4))
    quarter = math.pi / 8
    theta = np.concatenate([quarter * (nodes + 1), math.pi / 4 + quarter * (nodes + 1)])
    s, weight = np.sin(theta), quarter * np.concatenate([weights, weights])
    transfer, debye = 2 * math.sqrt(2) / r_s * s, 2 / r_s
    q = np.minimum(transfer, debye) if umklapp else transfer
    values = np.asarray(velocity_squared(q), dtype=float)
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError("velocity_squared is not allowed: need positive finite values at every q")
    a = r_s / math.sqrt(2)
    return float(weight @ (a**2 / values * (transfer / q) ** 2 * np.exp(-2 * transfer * d) / (s + a) ** 2)) / math.pi


def lattice_velocities_squared(q, *, r_s, d, cutoff=1e-12):
    r"""Harmonic modes of the classical triangular hole crystal with statically screened interactions.

    Point charges at the lattice sites interact through :math:`W = V + V_1^2\chi_e/(1 - V\chi_e)` with the static
    Lindhard function of the electrons; the bare part is summed after Ewald.

    Parameters
    ----------
    q : array_like, shape (n, 2)
        Wave vectors in 1/r_s, none of them zero; the lattice is that of `ehbilayer.model.lattice.PRIMITIVE`.
    r_s, d : float
        In a_e; d >= 0.05, since the sum over the screened part converges like exp(-2 G d).
    cutoff : float
        Relative size of the terms left out, from 1e-14 to 1e-3.

    Returns
    -------
    squares : ndarray, shape (n, 2)
        omega^2/(q v_0)^2 of the two modes, ascending; negative where the lattice is unstable.
    longitudinal : ndarray, shape (n,)
        The same quadratic form for a displacement along q.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{lattice_velocities_squared([[1e-3, 0.0]], r_s=1.6, d=1.0)[1][0]:.2f}")
    3.83
    """
    r_s = validation.positive("r_s", r_s)
    d = validation.real("d", d, low=0.05)
    cutoff = validation.real("cutoff", cutoff, low=1e-14, high=1e-3)
    q = np.atleast_2d(validation.reals("q", q))
    if q.ndim != 2 or q.shape[1] != 2 or not (np.linalg.norm(q, axis=1) > 0).all():
        raise ValueError(f"q is not allowed: need shape (n, 2) without zero vectors, got {q.shape}")
    # Lengths in r_s, one site per area pi, so that n = 1/pi; energies in e^2/r_s.
    split = _SPLIT
    depth = -math.log(cutoff)
    reach = max(depth * r_s / (2 * d), 2 * split * math.sqrt(depth)) + RECIPROCAL_LENGTH
    vectors = _lattice_points(2 * math.pi * np.linalg.inv(PRIMITIVE).T, reach)
    sites = _lattice_points(PRIMITIVE, math.sqrt(depth) / split)
    sites = sites[np.linalg.norm(sites, axis=1) > 0]

    def kernel(k):
        """W without the part of V that is summed over sites, at wave numbers k > 0."""
        edge = 2 * math.sqrt(2)
        response = np.where(k > edge, 1 - np.sqrt(np.maximum(1 - (edge / k) ** 2, 0)), 1.0)
        # -chi_e V = (k_s/k) response, k_s = 2 r_s in these units.
        screening = 2 * r_s / k * response
        return 2 * math.pi / k * (erfc(k / (2 * split)) - np.exp(-2 * k * d / r_s) * screening / (1 + screening))

    def tensor(k):
        length = np.linalg.norm(k, axis=-1)
        length = np.where(length > 0, length, 1.0)
        weight = np.where(np.linalg.norm(k, axis=-1) > 0, kernel(length), 0.0)
        return np.einsum("...ga,...gb,...g->...ab", k, k, weight) / math.pi

    distance = np.linalg.norm(sites, axis=1)
    # phi = erfc(split R)/R: its first and second derivative.
    gauss = 2 * split / math.sqrt(math.pi) * np.exp(-((split * distance) ** 2))
    first = -erfc(split * distance) / distance**2 - gauss / distance
    second = 2 * erfc(split * distance) / distance**3 + gauss * (2 / distance**2 + 2 * split**2)
    unit = sites / distance[:, None]
    along = np.einsum("ra,rb->rab", unit, unit)
    curvature = second[:, None, None] * along + (first / distance)[:, None, None] * (np.eye(2) - along)

    constant = tensor(vectors)
    matrices = np.array([tensor(k + vectors) - constant for k in q])
    matrices += np.einsum("nr,rab->nab", 1 - np.cos(q @ sites.T), curvature)
    # M omega^2 = (1/r_s^3) eigenvalue and q^2 M v_0^2 = (q r_s)^2/r_s^4.
    lengths = np.linalg.norm(q, axis=1)
    matrices *= (r_s / lengths**2)[:, None, None]
    along = q / lengths[:, None]
    return np.linalg.eigvalsh(matrices), np.einsum("na,nab,nb->n", along, matrices, along)


def lattice_longitudinal(q, *, r_s, d, directions=6):
    r"""Longitudinal part of `lattice_velocities_squared` over the directions of the wave vector.

    Parameters
    ----------
    q : array_like, shape (n,)
        Lengths of wave vectors in 1/r_s, > 0.
    r_s, d : float
        As in `lattice_velocities_squared`.
    directions : int
        Midpoints of so many equal parts of the 30 degrees from a direction of nearest neighbours to one of a reciprocal
        vector, which all others repeat, >= 1; their mean is the average over all directions.

    Returns
    -------
    ndarray, shape (n, directions)

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> values = lattice_longitudinal([2.0], r_s=1.6, d=1.0)
    >>> print(f"{values.min():.2f} to {values.max():.2f}, mean {values.mean():.2f}")
    0.35 to 0.50, mean 0.42
    """
    q = np.atleast_1d(validation.reals("q", q, low=0.0, low_open=True))
    count = validation.integer("directions", directions, low=1, high=1000)
    angles = math.pi / 6 * (np.arange(count) + 0.5) / count
    vectors = q[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return lattice_velocities_squared(vectors.reshape(-1, 2), r_s=r_s, d=d)[1].reshape(len(q), count)


def _lattice_points(rows, radius):
    reach = int(math.ceil(radius * np.linalg.norm(np.linalg.inv(rows), axis=0).max())) + 1
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    points = steps @ rows
    return points[np.linalg.norm(points, axis=1) <= radius]


def _bilayer(r_s, d, mass_ratio, holes):
    return (
        validation.positive("r_s", r_s),
        validation.real("d", d, low=0.0),
        validation.real("mass_ratio", mass_ratio, low=1.0),
        validation.option("holes", holes, HOLES),
    )


def _root(nu):
    # The branch that is analytic in the upper half plane, continued downwards through -1 < nu < 1.
    nu = np.asarray(nu, dtype=complex)
    below = (nu.imag < 0) & (np.abs(nu.real) < 1)
    return np.where(below, 1j * np.sqrt(1 - nu) * np.sqrt(1 + nu), np.sqrt(nu - 1) * np.sqrt(nu + 1))


def _hole_response(q, omega, r_s, mass_ratio, holes):
    if holes == "crystal":
        return q**2 / (math.pi * r_s**2 * mass_ratio * omega**2)
    return lindhard(q, omega, r_s=r_s, degeneracy=1, mass=mass_ratio)


def _dielectric(q, omega, r_s, d, mass_ratio, holes):
    v = 2 * math.pi / q
    electrons = lindhard(q, omega, r_s=r_s)
    response = _hole_response(q, np.asarray(omega, dtype=complex), r_s, mass_ratio, holes)
    return 1 - v * (electrons + response) - v * v * np.expm1(-2 * q * d) * electrons * response


def _mismatch(q, velocity, r_s, d, mass_ratio, holes):
    """1/chi_h - V - V_1^2 chi_e/(1 - V chi_e) in units of 1/N_0, whose zeros are the modes, also at q = 0."""
    if q == 0:
        inverse = _inverse_response(velocity, r_s, 2, 1.0)
        holes = (
            math.pi * r_s**2 * mass_ratio * velocity**2
            if holes == "crystal"
            else _inverse_response(velocity, r_s, 1, mass_ratio)
        )
        return (inverse + holes - 4 * math.pi * d) / math.pi
    electrons = lindhard(q, velocity * q, r_s=r_s)
    response = _hole_response(q, velocity * q, r_s, mass_ratio, holes)
    v = 2 * math.pi / q
    # V + V_1^2 chi/(1 - V chi), written without the cancellation at small q.
    effective = (v - v * v * electrons * -np.expm1(-2 * q * d)) / (1 - v * electrons)
    return (1 / response - effective) / math.pi


def _inverse_response(velocity, r_s, degeneracy, mass):
    """1/chi at q -> 0 for a given omega/q: with s = v/v_F and g of `lindhard`, g (g + s)/N_0."""
    s = velocity * mass * math.sqrt(degeneracy) * r_s / 2
    root = _root(s)
    return root * (root + s) * 2 * math.pi / (degeneracy * mass)


def _quarter(order):
    nodes, weights = gauss_legendre(validation.integer("order", order, low=4))
    return math.pi / 4 * (nodes + 1), math.pi / 4 * weights
