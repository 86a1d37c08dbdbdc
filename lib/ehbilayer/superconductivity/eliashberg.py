r"""Isotropic Eliashberg theory on the Matsubara axis: T_c and the gap function.

With phonons (here plasmons) of frequencies :math:`\omega_i` and couplings :math:`\lambda_i`, :math:`\lambda(\nu) =
\sum_i \lambda_i \omega_i^2/(\omega_i^2 + \nu^2)`, a Coulomb repulsion :math:`\mu` up to the Fermi energy, and
Matsubara frequencies :math:`\omega_n = (2n+1)\pi T`:

.. math:: Z_n\Delta_n = \pi T \sum_m [\lambda(\omega_n - \omega_m) - \mu]
    \frac{\Delta_m}{\sqrt{\omega_m^2 + \Delta_m^2}}, \qquad
    Z_n\omega_n = \omega_n + \pi T \sum_m \lambda(\omega_n - \omega_m) \frac{\omega_m}{\sqrt{\omega_m^2 + \Delta_m^2}}

The sum over the N frequencies of each sign that a calculation keeps is completed by the pseudopotential
:math:`1/\mu^*_N = 1/\mu + \ln[\varepsilon_F/(2\pi T N)]`. Its limit N -> infinity is taken exactly: beyond the
plasmons :math:`\Delta_n` is the constant :math:`\Delta_\infty`, and

.. math:: \Delta_\infty\Big[1 + \mu\ln\frac{2e^\gamma\varepsilon_F}{\pi T}\Big] =
    -\mu\sum_{m\ge 0}\frac{\Delta_m - \Delta_\infty}{m + 1/2}.

Sums over m are compressed: :math:`\Delta_n` is known at integers n that are dense at the origin and sparse in
geometric panels beyond, and each sum uses Gauss rules for discrete points in panels that shrink towards the origin
and towards n = m. The number of unknowns grows with the logarithm of the plasmon frequency over T.
"""

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.superconductivity.pairing import CouplingSpectrum, coulomb_strength, coupling_spectrum, debye_temperature
from ehbilayer.units import fermi_energy

__all__ = [
    "GapFunction",
    "Transition",
    "allen_dynes",
    "critical_temperature",
    "eigenvalue",
    "gap_function",
    "mcmillan",
    "plasmon_problem",
    "pseudopotential",
    "transition",
]

# Frequencies kept one by one at the origin, and half width of the explicit range about n = m.
_EXPLICIT = 64
_NEAR = 16

# The grid reaches this many times the largest plasmon frequency; the gap function's tail falls like 1/n^2.
_REACH = 128

_LOG_BCS = np.euler_gamma + 2 * math.log(2)


@dataclass(frozen=True, eq=False)
class _Sums:
    """Compressed sums over Matsubara indices; see `_sums`."""

    points: np.ndarray
    rows: np.ndarray
    nodes: np.ndarray
    weights: np.ndarray
    columns: np.ndarray
    interpolation: np.ndarray
    total: np.ndarray


@lru_cache(maxsize=8)
def _sums(octaves, order):
    """Grid of ``_EXPLICIT 2^octaves`` Matsubara indices and rules for sums over m seen from every grid point n.

    A node m of weight w contributes ``w f(m) = w sum_j interpolation[j] f(points[columns + j])``; ``columns`` is -1
    beyond the grid, where f is its asymptotic value.
    """
    end = _EXPLICIT * 2**octaves
    edges = _EXPLICIT * 2 ** np.arange(octaves + 1)
    local = 0.5 * (1 - np.cos(np.pi * np.arange(order) / (order - 1)))
    points = [np.arange(_EXPLICIT)]
    points += [low + np.rint(local * (low - 1)).astype(int) for low in edges[:-1]]
    points = np.concatenate(points)

    outer = end * 2 ** np.arange(8)
    # Every explicit index is a node: the panels below _EXPLICIT are no longer than _NEAR.
    base = np.concatenate([np.arange(0, _EXPLICIT, _NEAR), edges, outer[1:]])
    steps = _NEAR * 2 ** np.arange(octaves + 10)
    rows, nodes, weights = [], [], []
    for row, n in enumerate(points):
        cuts = np.unique(np.concatenate([base, [n, n + 1], n - steps + 1, n + steps]))
        cuts = cuts[(cuts >= 0) & (cuts <= base[-1])]
        for low, high in itertools.pairwise(cuts):
            x, w = _discrete_gauss(int(high - low), order)
            nodes.append(low + x)
            weights.append(w)
            rows.append(np.full(len(x), row))
    rows, nodes, weights = map(np.concatenate, (rows, nodes, weights))
    columns, interpolation = _interpolation(nodes, points, edges, order, end)

    # Plain sum over m of f(m)/(m + 1/2) with f falling like 1/m^2 beyond the grid.
    pieces = [(low, *_discrete_gauss(int(high - low), order)) for low, high in itertools.pairwise(base) if high <= end]
    x = np.concatenate([low + nodes_ for low, nodes_, _ in pieces])
    w = np.concatenate([weights_ for _, _, weights_ in pieces])
    total = np.zeros(len(points))
    start, coefficients = _interpolation(x, points, edges, order, end)
    np.add.at(total, start[:, None] + np.arange(order), (w / (x + 0.5))[:, None] * coefficients)
    total[-1] += 0.5
    return _Sums(points, rows, nodes, weights, columns, interpolation, total)


@lru_cache(maxsize=65536)
def _discrete_gauss(length, order):
    """Gauss rule for the sum over 0, 1, ..., length - 1: exact for polynomials of degree below 2 order."""
    if length <= max(_NEAR, order):
        return np.arange(length, dtype=float), np.ones(length)
    k = np.arange(1, order)
    beta = k**2 * (float(length) ** 2 - k**2) / (4 * (4 * k**2 - 1))
    # Golub-Welsch for the discrete Chebyshev (Gram) polynomials, scaled to a length of order one.
    values, vectors = np.linalg.eigh(np.diag(np.sqrt(beta) / length, 1) + np.diag(np.sqrt(beta) / length, -1))
    return (length - 1) / 2 + length * values, length * vectors[0] ** 2


def _interpolation(nodes, points, edges, order, end):
    """First column and Lagrange coefficients of each node; explicit indices stand for themselves."""
    panel = np.searchsorted(edges, nodes, side="right") - 1
    inside = np.clip(panel, 0, len(edges) - 2)
    columns = _EXPLICIT + order * inside
    grids = points[_EXPLICIT:].reshape(-1, order).astype(float)
    difference = (grids[:, :, None] - grids[:, None, :]) / (grids[:, -1] - grids[:, 0])[:, None, None]
    difference[:, np.arange(order), np.arange(order)] = 1.0
    barycentric = 1 / np.prod(difference, axis=2)
    # Nodes beyond the grid are marked below; any finite coefficients will do for them.
    distance = np.minimum(nodes, end - 1)[:, None] - grids[inside]
    hit = distance == 0
    on_node = hit.any(axis=1)[:, None]
    terms = np.where(on_node, hit, barycentric[inside] / np.where(hit, 1.0, distance))
    coefficients = terms / terms.sum(axis=1)[:, None]
    explicit = panel < 0
    first = np.minimum(np.rint(nodes).astype(int), _EXPLICIT - order)
    columns = np.where(explicit, first, columns)
    exact = np.arange(order) == (np.rint(np.minimum(nodes, end)).astype(int) - first)[:, None]
    coefficients = np.where(explicit[:, None], exact, coefficients)
    return np.where(nodes >= end, -1, columns), coefficients.astype(float)


@kernel
def _kernels(points, rows, nodes, weights, columns, interpolation, ratios, couplings):
    """Matrices of sum_m [l(n-m) + l(n+m+1)] f(m)/(2m+1) and sum_m [l(n-m) - l(n+m+1)] g(m); last column: f(infinity)."""
    size, order = len(points), interpolation.shape[1]
    plus, minus = np.zeros((size, size + 1)), np.zeros((size, size))
    for i in range(len(nodes)):
        near, far = 0.0, 0.0
        difference, together = (nodes[i] - points[rows[i]]) ** 2, (nodes[i] + points[rows[i]] + 1) ** 2
        for k in range(len(ratios)):
            square = ratios[k] ** 2
            near += couplings[k] * square / (square + difference)
            far += couplings[k] * square / (square + together)
        even = weights[i] * (near + far) / (2 * nodes[i] + 1)
        odd = weights[i] * (near - far)
        if columns[i] < 0:
            plus[rows[i], size] += even
        else:
            for j in range(order):
                plus[rows[i], columns[i] + j] += even * interpolation[i, j]
                minus[rows[i], columns[i] + j] += odd * interpolation[i, j]
    return plus, minus


class _Problem:
    """The equations at one temperature, in units of omega_D."""

    def __init__(self, spectrum, coulomb, fermi, temperature, order):
        ratios = spectrum.frequencies / (2 * math.pi * temperature)
        octaves = max(2, math.ceil(math.log2(max(_REACH * ratios[-1], 1) / _EXPLICIT)))
        # Few distinct grids, so that the rules are shared by nearby temperatures.
        self.sums = _sums(4 * math.ceil(octaves / 4), order)
        sums = self.sums
        self.points, self.temperature = sums.points, temperature
        plus, self.minus = _kernels(
            sums.points, sums.rows, sums.nodes, sums.weights, sums.columns, sums.interpolation, ratios, spectrum.weights
        )
        self.plus, self.constant = plus[:, :-1], plus.sum(axis=1) + 1
        # Delta_inf = response @ (Delta - Delta_inf).
        self.response = np.zeros(len(self.points))
        if coulomb > 0:
            bracket = 1 + coulomb * (math.log(fermi / (2 * math.pi * temperature)) + _LOG_BCS)
            if bracket <= 0:
                raise ValueError(
                    f"temperature = {temperature!r} is not allowed: too high for mu = {coulomb} and fermi = {fermi}"
                )
            self.response = -coulomb / bracket * sums.total
        # Z_n (2n + 1) of the normal state, sums over l in closed form.
        z = 1j * ratios
        partial = -(spectrum.weights * ratios * (digamma(self.points[:, None] + 1 + z) - digamma(1 + z)).imag).sum(
            axis=1
        )
        self.odd = 2 * self.points + 1.0
        self.normal = self.odd + spectrum.coupling + 2 * partial

    def linear(self):
        """Matrix for Delta_n - Delta_inf whose largest eigenvalue is 1 at T_c."""
        scale = self.odd / self.normal
        return scale[:, None] * self.plus + np.outer(scale * self.constant - 1, self.response)


def eigenvalue(spectrum, temperature, *, coulomb=0.0, fermi=None, order=8):
    """Largest eigenvalue of the linearised gap equation; it falls with temperature and is 1 at T_c.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    temperature : float
        k_B T in omega_D, from 1e-12 to 1e3.
    coulomb : float
        mu >= 0.
    fermi : float, optional
        Fermi energy in omega_D, > 0; needed if `coulomb` is not 0.
    order : int
        Points per panel, from 4 to 14.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{eigenvalue(CouplingSpectrum.einstein(1.0), 0.11461951):.6f}")
    1.000000
    """
    spectrum, coulomb, fermi, order = _checked(spectrum, coulomb, fermi, order)
    temperature = validation.real("temperature", temperature, low=1e-12, high=1e3)
    return _largest(_Problem(spectrum, coulomb, fermi, temperature, order))


@dataclass(frozen=True)
class Transition:
    """Result of `transition`.

    Attributes
    ----------
    temperature : float
        k_B T_c in omega_D; 0 if there is no instability above `floor`.
    error : float
        Change on a grid with two points more in each panel; 0 without an instability.
    floor : float
        Lowest temperature looked at, in omega_D.
    eigenvalue_at_floor : float
        Below 1 where there is no instability; not a number where T_c was found without looking there.
    """

    temperature: float
    error: float
    floor: float
    eigenvalue_at_floor: float


def transition(spectrum, *, coulomb=0.0, fermi=None, floor=1e-10, order=6):
    r"""Critical temperature of the linearised isotropic Eliashberg equations.

    Parameters
    ----------
    spectrum : CouplingSpectrum
        Frequencies in omega_D (or any unit of energy, which is then that of every temperature).
    coulomb : float
        mu >= 0, acting up to the Fermi energy.
    fermi : float, optional
        Fermi energy in the same unit; needed if `coulomb` is not 0.
    floor : float
        Lowest temperature to look at, from 1e-12; an eigenvalue below 1 there counts as no instability.
    order : int
        Points per panel, from 6 to 12.

    Returns
    -------
    Transition

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> result = transition(CouplingSpectrum.einstein(2.0))
    >>> print(f"{result.temperature:.7f}", result.error < 1e-6)
    0.2117412 True
    """
    order = validation.integer("order", order, low=6, high=12)
    spectrum, coulomb, fermi, order = _checked(spectrum, coulomb, fermi, order)
    floor = validation.real("floor", floor, low=1e-12, high=1e-3)
    top = spectrum.frequencies[-1]

    def excess(log_t, points=order):
        return _largest(_Problem(spectrum, coulomb, fermi, math.exp(log_t), points)) - 1

    guess = allen_dynes(spectrum, _pseudopotential(coulomb, fermi, top))
    high = math.log(0.4 * max(top, floor) * (1 + math.sqrt(spectrum.coupling)))
    low = min(math.log(max(guess, 10 * floor)) - 0.3, high - 0.3)
    # Downwards in growing steps until the eigenvalue exceeds 1.
    step, upper = 0.6, high
    while (value := excess(low)) < 0:
        upper = low
        if low <= math.log(floor):
            return Transition(0.0, 0.0, floor, value + 1)
        low, step = max(low - step, math.log(floor)), 2 * step
    if upper == high:
        while (value := excess(min(low + 0.6, high))) > 0 and low + 0.6 < high:
            low += 0.6
        upper = min(low + 0.6, high)
        if value > 0:
            raise RuntimeError(f"no upper bound for T_c below {math.exp(high)} omega_D")
    root = brentq(excess, low, upper, xtol=1e-9, rtol=1e-12)
    finer = excess(root, order + 2)
    slope = (excess(root + 1e-3) - excess(root - 1e-3)) / 2e-3
    return Transition(math.exp(root), math.exp(root) * abs(finer / slope), floor, math.nan)


def critical_temperature(r_s, alpha, d, mass_ratio, umklapp="frozen"):
    r"""T_c of the plasmon-mediated superconductor from the isotropic Eliashberg equations.

    alpha^2F of Eq. 2 (`ehbilayer.superconductivity.pairing.coupling_spectrum`), mu of Eq. 1 with
    :math:`1/\mu^*_N = 1/\mu + \ln[\varepsilon_F/(2\pi T N)]`, N -> infinity.

    Parameters
    ----------
    r_s, d : float
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    alpha : float
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    mass_ratio : float
        m_h/m_e >= 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `ehbilayer.superconductivity.pairing.coupling_constant`.

    Returns
    -------
    float
        In T_H; 0.0 where there is no instability above 1e-10 Debye temperatures.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10):.4e}")
    1.8663e-04
    """
    spectrum, coulomb, fermi, debye = plasmon_problem(r_s, alpha, d, mass_ratio, umklapp)
    return debye * transition(spectrum, coulomb=coulomb, fermi=fermi).temperature


def plasmon_problem(r_s, alpha, d, mass_ratio, umklapp="frozen"):
    """Arguments of `transition` for the bilayer.

    Parameters
    ----------
    r_s, alpha, d, mass_ratio, umklapp
        As in `critical_temperature`.

    Returns
    -------
    spectrum : CouplingSpectrum
    coulomb : float
        mu.
    fermi : float
        Fermi energy in omega_D.
    debye : float
        Debye temperature in T_H.

    Examples
    --------
    >>> spectrum, coulomb, fermi, debye = plasmon_problem(1.6, 0.3, 1.0, 10)
    >>> print(f"{coulomb:.4f} {fermi:.3f} {debye:.4f}")
    0.3312 5.270 0.0741
    """
    r_s = validation.positive("r_s", r_s)
    alpha = validation.positive("alpha", alpha)
    d = validation.real("d", d, low=0.0)
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0)
    debye = debye_temperature(r_s, alpha, mass_ratio)
    spectrum = coupling_spectrum(r_s, alpha, d / r_s, umklapp)
    return spectrum, coulomb_strength(r_s), fermi_energy(r_s) / debye, debye


def pseudopotential(coulomb, fermi, cutoff=1.0):
    r""":math:`\mu^* = \mu/[1 + \mu\ln(\varepsilon_F/\omega)]` at a cutoff :math:`\omega`.

    Parameters
    ----------
    coulomb : float
        mu >= 0.
    fermi, cutoff : float
        In one unit, > 0.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{pseudopotential(0.331232, 5.270):.4f}")
    0.2136
    """
    coulomb = validation.real("coulomb", coulomb, low=0.0)
    return _pseudopotential(coulomb, validation.positive("fermi", fermi), validation.positive("cutoff", cutoff))


def mcmillan(spectrum, mu_star, prefactor="logarithmic"):
    r"""McMillan's :math:`T_c = \frac{\Omega}{c}\exp[-1.04(1+\lambda)/(\lambda - \mu^*(1 + 0.62\lambda))]`.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    mu_star : float
        >= 0.
    prefactor : {"logarithmic", "debye"}
        :math:`\omega_{\log}/1.2` or :math:`\omega_D/1.45`.

    Returns
    -------
    float
        In the unit of the spectrum's frequencies (omega_D); 0 where the exponent's denominator is not positive.

    Examples
    --------
    >>> print(f"{mcmillan(CouplingSpectrum.einstein(0.5), 0.1):.5f}")
    0.01216
    """
    mu_star = validation.real("mu_star", mu_star, low=0.0)
    scale = {"logarithmic": spectrum.logarithmic_mean / 1.2, "debye": 1 / 1.45}
    coupling = spectrum.coupling
    net = coupling - mu_star * (1 + 0.62 * coupling)
    scale = scale[validation.option("prefactor", prefactor, scale)]
    return scale * math.exp(-1.04 * (1 + coupling) / net) if net > 0 else 0.0


def allen_dynes(spectrum, mu_star):
    """McMillan's formula with the strong-coupling and shape corrections of Allen and Dynes (1975).

    Parameters
    ----------
    spectrum : CouplingSpectrum
    mu_star : float
        >= 0.

    Returns
    -------
    float
        In omega_D.

    Examples
    --------
    >>> print(f"{allen_dynes(CouplingSpectrum.einstein(1.0), 0.0):.4f}")
    0.1124
    """
    mu_star = validation.real("mu_star", mu_star, low=0.0)
    coupling, ratio = spectrum.coupling, spectrum.root_mean_square / spectrum.logarithmic_mean
    first = (1 + (coupling / (2.46 * (1 + 3.8 * mu_star))) ** 1.5) ** (1 / 3)
    second = 1 + (ratio - 1) * coupling**2 / (coupling**2 + (1.82 * (1 + 6.3 * mu_star) * ratio) ** 2)
    return first * second * mcmillan(spectrum, mu_star)


@dataclass(frozen=True, eq=False)
class GapFunction:
    r"""Gap function and renormalisation on the Matsubara axis below T_c, in the spectrum's unit of energy.

    Attributes
    ----------
    temperature : float
    indices : ndarray of int, shape (n,)
        Matsubara indices, ascending.
    frequencies : ndarray, shape (n,)
        :math:`\omega_n = (2n + 1)\pi T`.
    gap : ndarray, shape (n,)
        :math:`\Delta_n`.
    renormalisation : ndarray, shape (n,)
        :math:`Z_n`.
    asymptote : float
        :math:`\Delta_\infty`, from the repulsion alone.
    residual : float
        Largest violation of the equations relative to the largest gap.
    converged : bool
    """

    temperature: float
    indices: np.ndarray
    frequencies: np.ndarray
    gap: np.ndarray
    renormalisation: np.ndarray
    asymptote: float
    residual: float
    converged: bool

    def continued(self, energies, points=24, broadening=0.0):
        r"""Padé continuation to real energies (Vidberg and Serene 1977).

        Parameters
        ----------
        energies : array_like, shape (n,)
            Real, >= 0.
        points : int
            Matsubara frequencies used, spread geometrically over the grid; from 8 to 60.
        broadening : float
            Distance from the real axis, >= 0. A spectrum of discrete modes gives functions with thresholds at each
            of them, which only a line above the axis smooths.

        Returns
        -------
        gap, renormalisation : ndarray of complex, shape (n,)
            Retarded functions at energy + i broadening.
        spread : ndarray, shape (n,)
            Change of the gap when four frequencies fewer are used: an error estimate.
            `ehbilayer.superconductivity.real_axis.continue_gap` is exact at all energies.
        """
        energies = np.atleast_1d(validation.reals("energies", energies, low=0.0))
        points = validation.integer("points", points, low=8, high=60)
        broadening = validation.real("broadening", broadening, low=0.0)
        targets = energies + 1j * broadening

        def continuation(values, count):
            # In i omega, not in its square: the function of the upper half plane has a term linear in omega, from
            # plasmons softer than T, which its mirror image below the axis has with the opposite sign.
            chosen = self._spread(count)
            return _pade(1j * self.frequencies[chosen], values[chosen], targets)

        gap = continuation(self.gap, points)
        return gap, continuation(self.renormalisation, points), np.abs(gap - continuation(self.gap, points - 4))

    def _spread(self, count):
        """Positions on the grid of about `count` frequencies in geometric order."""
        # Beyond, the functions are constant to the accuracy of the grid.
        last = int(np.searchsorted(self.frequencies, self.frequencies[-1] / 64))
        wanted = np.linspace(0, math.log(self.indices[last] + 1), 4 * count)
        near = np.unique(np.searchsorted(self.indices, np.expm1(wanted)))
        return near[np.unique(np.rint(np.linspace(0, len(near) - 1, min(count, len(near)))).astype(int))]

    def edge(self, points=24):
        r"""Gap edge :math:`\Delta_0 = \mathrm{Re}\,\Delta(\Delta_0)` from the Padé continuation.

        Parameters
        ----------
        points : int
            As in `continued`.

        Returns
        -------
        float
        """
        guess = self.gap[0]

        def difference(energy):
            return float(self.continued([energy], points)[0][0].real - energy)

        return brentq(difference, 0.5 * guess, 2.0 * guess, xtol=1e-10 * guess)


def gap_function(spectrum, temperature, *, coulomb=0.0, fermi=None, order=12, tolerance=1e-10):
    """Solve the Eliashberg equations below T_c by Newton's method.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    temperature : float
        k_B T in omega_D, below T_c.
    coulomb : float
        mu >= 0.
    fermi : float, optional
        Fermi energy in omega_D; needed if `coulomb` is not 0.
    order : int
        Points per panel, from 6 to 14.
    tolerance : float
        Of the residual relative to the largest gap.

    Returns
    -------
    GapFunction

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, or the temperature is not below T_c.

    Examples
    --------
    >>> state = gap_function(CouplingSpectrum.einstein(1.0), 0.02)
    >>> state.converged, f"{state.edge():.4f}"
    (True, '0.2424')
    """
    order = validation.integer("order", order, low=6, high=14)
    spectrum, coulomb, fermi, order = _checked(spectrum, coulomb, fermi, order)
    temperature = validation.real("temperature", temperature, low=1e-12, high=1e3)
    tolerance = validation.real("tolerance", tolerance, low=1e-13, high=1e-2)
    problem = _Problem(spectrum, coulomb, fermi, temperature, order)
    value, shape = _leading(problem)
    response = problem.response
    shape = shape + response @ shape
    # Delta_inf = response @ (f - Delta_inf) solved for it, f being the gap over sqrt(1 + (Delta/omega)^2).
    tail = response / (1 + response.sum())
    plus = problem.plus + np.outer(problem.constant - problem.plus.sum(axis=1), tail)
    if value <= 1:
        raise ValueError(f"temperature = {temperature!r} is not allowed: need a temperature below T_c")
    omega = problem.odd * math.pi * temperature
    # From above: with a large gap the iteration cannot fall onto the trivial solution.
    delta = shape / shape[0] * 2.0 * max(math.pi * temperature, allen_dynes(spectrum, 0.0))
    for _ in range(100):
        root = np.hypot(omega, delta)
        f, slope = delta * omega / root, (omega / root) ** 3
        z = (problem.normal - problem.minus @ (1 - omega / root)) / problem.odd
        residual = delta * z - plus @ f
        size = np.abs(residual).max() / np.abs(delta).max()
        if size < tolerance:
            break
        dz = problem.minus * (-omega * delta / root**3) / problem.odd[:, None]
        jacobian = np.diag(z) + delta[:, None] * dz - plus * slope
        update = np.linalg.solve(jacobian, residual)
        delta = delta - update * min(1.0, 0.5 * np.abs(delta).max() / np.abs(update).max())
    sign = 1.0 if delta[0] > 0 else -1.0
    return GapFunction(
        temperature, problem.points, omega, sign * delta, z, sign * float(tail @ f), float(size), bool(size < tolerance)
    )


def _largest(problem):
    """Largest real eigenvalue of the linearised equation."""
    values = np.linalg.eigvals(problem.linear())
    return float(values.real[_is_real(values)].max())


def _leading(problem):
    """The same with its eigenvector."""
    values, vectors = np.linalg.eig(problem.linear())
    best = int(np.argmax(np.where(_is_real(values), values.real, -np.inf)))
    return float(values[best].real), vectors[:, best].real


def _is_real(values):
    return np.abs(values.imag) < 1e-8 * np.abs(values).max()


def _checked(spectrum, coulomb, fermi, order):
    if not isinstance(spectrum, CouplingSpectrum):
        raise TypeError(f"spectrum is not allowed: need a CouplingSpectrum, got {type(spectrum).__name__}")
    coulomb = validation.real("coulomb", coulomb, low=0.0)
    if coulomb > 0 and fermi is None:
        raise ValueError("fermi = None is not allowed: need the Fermi energy where coulomb > 0")
    fermi = None if fermi is None else validation.positive("fermi", fermi)
    return spectrum, coulomb, fermi, validation.integer("order", order, low=4, high=14)


def _pseudopotential(coulomb, fermi, cutoff):
    if coulomb == 0:
        return 0.0
    bracket = 1 + coulomb * math.log(fermi / cutoff)
    return coulomb / bracket if bracket > 0 else math.inf


def _pade(nodes, values, targets):
    """Thiele's continued fraction through (nodes, values) at `targets`."""
    table = values.astype(complex)
    coefficients = [table[0]]
    for i in range(1, len(nodes)):
        table = (coefficients[-1] - table[1:]) / ((nodes[i:] - nodes[i - 1]) * table[1:])
        coefficients.append(table[0])
    result = np.zeros_like(targets)
    for i in range(len(nodes) - 1, 0, -1):
        result = coefficients[i] * (targets - nodes[i - 1]) / (1 + result)
    return coefficients[0] / (1 + result)
