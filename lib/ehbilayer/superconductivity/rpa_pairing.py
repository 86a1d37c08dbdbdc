r"""Pairing of the electrons by the dynamic RPA interaction of the bilayer, without a model of plasmons.

The linearised gap equation keeps momentum and frequency (the plasmon mechanism of Takada 1978, here for two layers):

.. math:: \Phi(k, i\omega_n) = -T\sum_m\int\frac{d^2k'}{(2\pi)^2}\,
    \frac{V_{ee}(|\mathbf k - \mathbf k'|, i\omega_n - i\omega_m)\,\Phi(k', i\omega_m)}{Z^2(k', i\omega_m)\,\omega_m^2 + \xi'^2}

with Z from the same interaction and free electrons. All of it enters, the bare repulsion at high frequency and its
screening by both layers at low: no pseudopotential and no cutoff. T_c is where the largest eigenvalue is 1.

On the Fermi surface alone the average of V_ee at a finite frequency diverges, since 2 pi/q is unscreened for
q -> 0; the integral over k' with its energy denominator removes this. Left out: the shift of the dispersion by
the even part of the self-energy, and vertex corrections.

Energies in the electrons' Fermi energy and momenta in k_F inside this module; arguments in a_e.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.sparse.linalg import eigsh

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.numerics.quadrature import gauss_legendre

__all__ = ["HOLES", "RpaTransition", "eigenvalue", "renormalisation", "screened_interaction", "transition"]

#: What screens besides the electrons: a crystal of classical charges, a polarised liquid, or nothing.
HOLES = ("crystal", "liquid", "none")

# Matsubara frequencies taken one by one, and the energy up to which the others reach.
_EXPLICIT = 16
_TOP = 3e3

# Largest kinetic energy.
_BAND = 400.0

# Nodes over the angle between k and k', and of the table over frequency per factor of ten.
_ANGLES = 20
_PER_DECADE = 8
_LOWEST = 1e-6


@dataclass(frozen=True)
class RpaTransition:
    """Result of `transition`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    temperature : float
        k_B T_c in eps_F; 0 if the eigenvalue is below 1 down to `floor`.
    floor : float
        Lowest temperature looked at, in eps_F.
    eigenvalue_at_floor : float
        Below 1 where there is no instability; not a number where T_c was found without looking there.
    """

    parameters: dict
    units: dict
    temperature: float
    floor: float
    eigenvalue_at_floor: float


def screened_interaction(q, nu, *, r_s, d, mass_ratio, holes="liquid"):
    r"""RPA interaction of two electrons at imaginary frequency, :math:`V_{ee}(q, i\nu)/2\pi`.

    Parameters
    ----------
    q : float or array_like
        In k_F, > 0.
    nu : float or array_like
        In eps_F, >= 0.
    r_s, d : float
        In a_e.
    mass_ratio : float
        m_h/m_e >= 1.
    holes : {"crystal", "liquid", "none"}

    Returns
    -------
    ndarray
        In units of eps_F/k_F^2, so that :math:`2\pi/q` becomes :math:`r_s/(\sqrt2 q)`.

    Examples
    --------
    >>> print(f"{screened_interaction(1.0, 0.0, r_s=1.6, d=1.0, mass_ratio=10):.4f}")
    0.3281
    """
    q = validation.reals("q", q, low=0.0, low_open=True)
    nu = validation.reals("nu", nu, low=0.0)
    bilayer = _bilayer(r_s, d, mass_ratio, holes)
    q, nu = np.broadcast_arrays(np.asarray(q, dtype=float), np.asarray(nu, dtype=float))
    result = np.empty(q.size)
    _interactions(q.ravel(), nu.ravel(), *bilayer, result)
    return result.reshape(q.shape) if q.ndim else float(result[0])


def eigenvalue(temperature, *, r_s, d, mass_ratio=10.0, holes="liquid", fineness=1):
    """Largest eigenvalue of the linearised gap equation, 1 at T_c.

    Parameters
    ----------
    temperature : float
        k_B T in eps_F, from 1e-5 to 0.5.
    r_s, d : float
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    mass_ratio : float
        m_h/m_e >= 1.
    holes : {"crystal", "liquid", "none"}
        ``"none"``: the electron layer alone, whatever `d`.
    fineness : int
        Multiplies the number of nodes in each panel over momentum and frequency; 1 to 3.

    Returns
    -------
    float
        Negative where every gap function is suppressed.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> warm, cold = (eigenvalue(t, r_s=6.0, d=1.0, holes="none") for t in (0.1, 0.01))
    >>> warm < cold
    True
    """
    temperature = validation.real("temperature", temperature, low=1e-5, high=0.5)
    bilayer = _bilayer(r_s, d, mass_ratio, holes)
    fineness = validation.integer("fineness", fineness, low=1, high=3)
    matrix, _ = _problem(temperature, bilayer, fineness)
    return float(eigsh(matrix, k=1, which="LA", tol=1e-6, v0=np.ones(len(matrix)), return_eigenvectors=False)[0])


def renormalisation(temperature, *, r_s, d, mass_ratio=10.0, holes="liquid", fineness=1):
    """Z at k_F and the lowest Matsubara frequency; its inverse tends to the quasiparticle weight of G_0 W_0.

    Parameters
    ----------
    temperature, r_s, d, mass_ratio, holes, fineness
        As in `eigenvalue`.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{1 / renormalisation(1e-3, r_s=1.0, d=1.0, holes='none'):.2f}")
    0.66
    """
    temperature = validation.real("temperature", temperature, low=1e-5, high=0.5)
    bilayer = _bilayer(r_s, d, mass_ratio, holes)
    return _problem(temperature, bilayer, validation.integer("fineness", fineness, low=1, high=3))[1]


def transition(*, r_s, d, mass_ratio=10.0, holes="liquid", floor=1e-3, fineness=1):
    """Critical temperature of the linearised gap equation.

    Parameters
    ----------
    r_s, d, mass_ratio, holes, fineness
        As in `eigenvalue`.
    floor : float
        Lowest temperature to look at, in eps_F, from 1e-5 to 0.05.

    Returns
    -------
    RpaTransition

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> transition(r_s=1.0, d=1.0, floor=0.05).temperature
    0.0
    """
    floor = validation.real("floor", floor, low=1e-5, high=0.05)
    arguments = dict(r_s=r_s, d=d, mass_ratio=mass_ratio, holes=holes)
    parameters = dict(zip(arguments, _bilayer(**arguments)[:3], strict=False)) | {
        "holes": holes,
        "floor": floor,
        "fineness": fineness,
    }

    units = {"r_s": "a_e", "d": "a_e", "floor": "eps_F"}

    def excess(log_t):
        return eigenvalue(max(math.exp(log_t), floor), **arguments, fineness=fineness) - 1

    lowest = excess(math.log(floor))
    if lowest < 0:
        return RpaTransition(parameters, units, 0.0, floor, lowest + 1)
    # The eigenvalue is nearly linear in ln T.
    root = brentq(excess, math.log(floor), math.log(0.49), xtol=1e-3)
    return RpaTransition(parameters, units, math.exp(root), floor, math.nan)


def _bilayer(r_s, d, mass_ratio, holes):
    return (
        validation.positive("r_s", r_s),
        validation.real("d", d, low=0.0),
        validation.real("mass_ratio", mass_ratio, low=1.0),
        HOLES.index(validation.option("holes", holes, HOLES)),
    )


def _problem(temperature, bilayer, fineness):
    """Symmetrised matrix of the gap equation, and Z at the Fermi surface."""
    # Panels of momenta down to an eighth of the temperature, in a few steps that share their tables.
    depth = 6 if temperature >= 1e-3 else 8 if temperature >= 1e-4 else 10
    momenta, measure, _ = _momenta(fineness, depth)
    grid, table = _table(bilayer, fineness, depth)
    indices, sums = _frequencies(temperature, fineness)
    omega = 2 * math.pi * temperature * (indices + 0.5)
    energies = momenta**2 - 1
    # Z first: differences of the interaction at omega_n - omega_m and omega_n + omega_m.
    free = temperature * measure[None, :] * sums[:, None] / (omega[:, None] ** 2 + energies**2)
    z = np.empty((len(omega), len(momenta)))
    spread = 2 * math.pi * temperature * sums / 4
    _renormalise(omega, spread, free * omega[:, None], grid, table, z)
    z = 1 + z / omega[:, None]
    dressed = temperature * measure[None, :] * sums[:, None] / ((z * omega[:, None]) ** 2 + energies**2)
    size = len(omega) * len(momenta)
    matrix = np.empty((size, size))
    _assemble(omega, spread, np.sqrt(dressed), grid, table, matrix)
    nearest = int(np.argmin(np.abs(energies)))
    return matrix, float(z[0, nearest])


def _frequencies(temperature, fineness):
    """Indices n >= 0 (real numbers beyond the first ones) and weights of a sum over them."""
    octaves = max(2, math.ceil(math.log2(_TOP / (2 * math.pi * temperature * _EXPLICIT))))
    nodes, weights = gauss_legendre(1 + fineness)
    edges = np.log(_EXPLICIT * 2.0 ** np.arange(octaves + 1))
    half = 0.5 * np.diff(edges)
    # The midpoint rule read backwards: a sum over n from N on is an integral over n + 1/2 from N on.
    shifted = np.exp((edges[:-1, None] + half[:, None] * (1 + nodes)).ravel())
    indices = np.concatenate([np.arange(_EXPLICIT), shifted - 0.5])
    return indices, np.concatenate([np.ones(_EXPLICIT), (half[:, None] * weights).ravel() * shifted])


@lru_cache(maxsize=8)
def _momenta(fineness, depth):
    """Momenta, weights of an integral over the energy, and distances in k that the weights stand for."""
    nodes, weights = gauss_legendre(2 + fineness)

    def panels(edges):
        half = 0.5 * np.diff(edges)
        return (edges[:-1, None] + half[:, None] * (1 + nodes)).ravel(), (half[:, None] * weights).ravel()

    # Panels shrink towards the Fermi energy by a factor of 4 from both sides.
    outer = np.array([0.5, 1.0, 2.0, 5.0, 20.0, 80.0, _BAND])
    inner = 0.5 * 4.0 ** -np.arange(1, depth + 1)
    above = np.concatenate([[0.0], inner[::-1], outer])
    below = np.concatenate([[0.0], inner[::-1], [0.5, 1.0]])
    up, up_weights = panels(above)
    down, down_weights = panels(below)
    energies = np.concatenate([-down[::-1], up])
    measure = np.concatenate([down_weights[::-1], up_weights])
    momenta = np.sqrt(1 + energies)
    return momenta, measure, measure / (2 * momenta)


@lru_cache(maxsize=16)
def _table(bilayer, fineness, depth):
    """Interaction averaged over the angle, for pairs of momenta and frequencies 0 and equidistant logarithms."""
    momenta, _, widths = _momenta(fineness, depth)
    count = round(math.log10(4 * _TOP / _LOWEST) * _PER_DECADE)
    grid = np.concatenate([[0.0], _LOWEST * 10.0 ** (np.arange(count + 1) / _PER_DECADE)])
    nodes, weights = gauss_legendre(_ANGLES)
    table = np.empty((len(momenta), len(momenta), len(grid)))
    _average(momenta, widths, grid, 0.5 * (nodes + 1), 0.5 * weights, *bilayer, table)
    return grid, table


@kernel
def _lindhard(q, nu, mass):
    """Minus chi over the density of states at imaginary frequency; q in this k_F, nu in this k_F^2/2 m_e.

    1 - Re sqrt(z^2 - 1)/h at z = h + i b, h = q/2 and b = omega/(q v_F), in forms that keep their digits for b >> 1.
    """
    h, b = 0.5 * q, 0.5 * nu * mass / q
    real, sum_ = h * h - b * b - 1, h * h + b * b - 1
    modulus = math.sqrt(sum_ * sum_ + 4 * b * b)
    if real > 0:
        return 1 - math.sqrt(0.5 * (modulus + real)) / h
    imaginary = math.sqrt(0.5 * (modulus - real))
    if imaginary == 0:
        return 1.0
    excess = 2 * b * b / (modulus + sum_) if sum_ > 0 else 0.5 * (modulus - sum_)
    return excess / (imaginary * (imaginary + b))


@kernel
def _screened(q, nu, r_s, d, mass_ratio, holes):
    v = r_s / (math.sqrt(2.0) * q)
    # Twice the density of states of one spin, over 2 pi: V chi = 2 v times this.
    electrons = -2 * _lindhard(q, nu, 1.0)
    if holes == 2:
        return v / (1 - v * electrons)
    across = -v * v * math.expm1(-2 * math.sqrt(2.0) * q * d / r_s)
    if holes == 0:
        # 1/chi of n q^2/(M nu^2), n = k_F^2/2 pi, which may be 0.
        inverse = -mass_ratio * nu * nu / (4 * q * q)
        return (v * inverse - across) / ((1 - v * electrons) * inverse - v + across * electrons)
    # One spin of mass M, whose k_F is larger by sqrt 2.
    response = -mass_ratio * _lindhard(q / math.sqrt(2.0), nu / 2, mass_ratio)
    return (v - across * response) / (1 - v * (electrons + response) + across * electrons * response)


@kernel
def _interactions(q, nu, r_s, d, mass_ratio, holes, out):
    for i in range(len(q)):
        out[i] = _screened(q[i], nu[i], r_s, d, mass_ratio, holes)


@kernel
def _average(momenta, widths, grid, nodes, weights, r_s, d, mass_ratio, holes, table):
    for i in range(len(momenta)):
        for j in range(i + 1):
            # The average over one's own cell of the logarithm at k = k' is its value at the width over 2 e.
            gap = abs(momenta[i] - momenta[j]) if i != j else widths[i] / (2 * math.e)
            product = momenta[i] * momenta[j]
            scale = max(gap / math.sqrt(product), 1e-8)
            top = math.asinh(math.pi / scale)
            table[i, j, :] = 0.0
            for a in range(len(nodes)):
                t = top * nodes[a]
                angle = scale * math.sinh(t)
                weight = top * weights[a] * scale * math.cosh(t) / math.pi
                q = math.sqrt(gap * gap + 4 * product * math.sin(0.5 * angle) ** 2)
                for n in range(len(grid)):
                    table[i, j, n] += weight * _screened(q, grid[n], r_s, d, mass_ratio, holes)
            table[j, i, :] = table[i, j, :]


@kernel
def _locate(nu, grid):
    """Index and coefficients of a cubic through four neighbours in ln nu; linear below the lowest frequency."""
    coefficients = np.zeros(4)
    if nu <= grid[1]:
        coefficients[0], coefficients[1] = 1 - nu / grid[1], nu / grid[1]
        return 0, coefficients
    place = math.log(nu / grid[1]) / math.log(grid[2] / grid[1])
    first = min(max(int(place) - 1, 0), len(grid) - 5)
    x = place - first
    coefficients[0] = -(x - 1) * (x - 2) * (x - 3) / 6
    coefficients[1] = x * (x - 2) * (x - 3) / 2
    coefficients[2] = -x * (x - 1) * (x - 3) / 2
    coefficients[3] = x * (x - 1) * (x - 2) / 6
    return first + 1, coefficients


@kernel
def _own(spread, m):
    """Frequency difference within the stretch that a node stands for: 0 for a single one, else the mean distance."""
    return 0.0 if spread[m] == spread[0] else spread[m]


@kernel
def _renormalise(omega, spread, free, grid, table, out):
    size = table.shape[0]
    out[:] = 0.0
    for n in range(len(omega)):
        for m in range(len(omega)):
            difference = abs(omega[n] - omega[m]) if n != m else _own(spread, m)
            near, c = _locate(difference, grid)
            far, e = _locate(omega[n] + omega[m], grid)
            for i in range(size):
                total = 0.0
                for j in range(size):
                    value = 0.0
                    for s in range(4):
                        value += e[s] * table[i, j, far + s] - c[s] * table[i, j, near + s]
                    total += value * free[m, j]
                out[n, i] += total


@kernel
def _assemble(omega, spread, factor, grid, table, out):
    size = table.shape[0]
    for n in range(len(omega)):
        for m in range(n + 1):
            difference = omega[n] - omega[m] if n != m else _own(spread, m)
            near, c = _locate(difference, grid)
            far, e = _locate(omega[n] + omega[m], grid)
            for i in range(size):
                for j in range(size):
                    value = 0.0
                    for s in range(4):
                        value += e[s] * table[i, j, far + s] + c[s] * table[i, j, near + s]
                    value *= -factor[n, i] * factor[m, j]
                    out[n * size + i, m * size + j] = value
                    out[m * size + j, n * size + i] = value
