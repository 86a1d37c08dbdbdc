r"""Plasmon-mediated pairing of the electrons: paper A, Eqs. 1 to 5, and the Umklapp part done properly.

Electron atomic units: r_s and d in a_e, temperatures in T_H = Ha_e/k_B. Dimensionless combinations are
:math:`a = k_s/2k_F = r_s/\sqrt2` and :math:`\beta = d\sqrt{\pi n} = d/r_s`; :math:`\theta` is half the scattering
angle, so that the momentum transfer is :math:`\tilde k = 2 k_F \sin\theta`.

The pairing interaction at the Fermi surface is a repulsion minus an attraction, :math:`g_0 V = \mu - \lambda`:

.. math:: \mu = \frac1\pi\int_0^{\pi/2} \frac{a\,d\theta}{\sin\theta + a}, \qquad
    \lambda = \frac{a^2}{\pi\alpha^2} \int_0^{\pi/2}
    \Big\langle\frac{\tilde k^2}{q^2}\Big\rangle \frac{e^{-4\sqrt2\beta\sin\theta}}{(\sin\theta + a)^2}\,d\theta

where q is the plasmon's wave vector, :math:`\tilde k` reduced to the first Brillouin zone of the hole crystal.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import xarray as xr

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.model.lattice import RECIPROCAL_LENGTH
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.units import fermi_energy

__all__ = [
    "REGIONS",
    "UMKLAPP",
    "CouplingSpectrum",
    "coulomb_strength",
    "coupling_constant",
    "coupling_spectrum",
    "critical_temperature",
    "debye_temperature",
    "pairing_strength",
    "plasmon_spectral_function",
    "temperature_map",
    "threshold",
    "zone_average",
]

#: Treatments of momentum transfers outside the first zone; see `coupling_constant`.
UMKLAPP = ("frozen", "folded", "projected", "none")

#: Labels of the regions of a temperature map, in the order of their codes.
REGIONS = ("superconducting", "normal", "unstable")

# 2 exp(gamma)/pi, printed as 1.13 in the paper.
_BCS_PREFACTOR = 1.13

# exp(-40) is below the last digit of the integrals.
_EXPONENT = 40.0

# Nodes of each integral over theta, and over the orientation of the crystal.
_ORDER = 32
_NODES, _WEIGHTS = (0.5 * (gauss_legendre(_ORDER)[0] + 1), 0.5 * gauss_legendre(_ORDER)[1])
_ORIENTATIONS = 24

# Bins per omega_D for folded plasmons; the error of lambda(i nu) is the square of their relative width over 12.
_BINS = 128


@dataclass(frozen=True, eq=False)
class CouplingSpectrum:
    r"""Electron-plasmon coupling resolved by the plasmon's frequency, as a quadrature rule.

    :math:`\alpha^2F(\omega) = \tfrac12 \omega\, d\lambda/d\omega` in the isotropic approximation, so that a sum over
    the nodes is an integral with :math:`2\alpha^2F/\omega`.

    Attributes
    ----------
    frequencies : ndarray, shape (n,)
        In units of the Debye frequency :math:`\omega_D = v_p k_D/\hbar`; ascending.
    weights : ndarray, shape (n,)
        Contribution of each node to lambda.
    """

    frequencies: np.ndarray
    weights: np.ndarray

    @property
    def coupling(self):
        r""":math:`\lambda = 2\int \alpha^2F\,d\omega/\omega`."""
        return float(self.weights.sum())

    @property
    def logarithmic_mean(self):
        r""":math:`\omega_{\log}` in :math:`\omega_D`."""
        return float(np.exp(self.weights @ np.log(self.frequencies) / self.coupling))

    @property
    def root_mean_square(self):
        r""":math:`\sqrt{\langle\omega^2\rangle}` in :math:`\omega_D`."""
        return float(np.sqrt(self.weights @ self.frequencies**2 / self.coupling))

    @classmethod
    def einstein(cls, coupling, frequency=1.0):
        """A single mode.

        Examples
        --------
        >>> CouplingSpectrum.einstein(2.0).logarithmic_mean
        1.0
        """
        return cls(
            np.array([validation.positive("frequency", frequency)]),
            np.array([validation.positive("coupling", coupling)]),
        )


def coulomb_strength(r_s):
    r"""Repulsive part :math:`\mu` of the pairing interaction (first term of Eq. 4), in closed form.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.

    Returns
    -------
    float or ndarray
        Between 0 (r_s -> 0) and 1/2 (r_s -> infinity).

    Raises
    ------
    TypeError, ValueError
        If a value is not a finite number greater than zero.

    Examples
    --------
    >>> print(f"{coulomb_strength(1.6):.6f}")
    0.331232
    """
    r_s = validation.reals("r_s", r_s, low=0.0, low_open=True)
    a = np.asarray(r_s) / math.sqrt(2)
    z = (a - 1) / (a + 1)
    root = np.sqrt(np.abs(z))
    # 1 - root from 1 - root^2 = 2 min(a, 1)/(1 + a), which keeps its digits when a is tiny.
    deficit = 2 * np.minimum(a, 1) / ((1 + a) * (1 + root))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(z > 0, np.arctan(root), 0.5 * np.log((1 + root) / deficit)) / root
    ratio = np.where(np.abs(z) < 1e-4, 1 - z / 3 + z**2 / 5, ratio)
    return _like(2 * a / (math.pi * (1 + a)) * ratio, r_s)


def coupling_constant(r_s, alpha, beta, umklapp="frozen"):
    r"""Attractive part :math:`\lambda` of the pairing interaction (second and third term of Eq. 4).

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    beta : float or array_like
        d/r_s, >= 0.
    umklapp : {"frozen", "folded", "projected", "none"}
        ``"frozen"``, the paper's: beyond ``|k - k'| = k_D`` the wave vector q stays at k_D. ``"folded"``: q is
        ``k - k'`` reduced to the hexagonal first zone, averaged over the direction. ``"projected"``: the same with
        only the part of ``k - k'`` along q, as the coupling to a longitudinal mode has it. ``"none"``: q = ``k - k'``
        throughout, a jellium of holes.

    Returns
    -------
    float or ndarray

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> [f"{coupling_constant(1.6, 0.3, 0.625, umklapp=kind):.4f}" for kind in UMKLAPP]
    ['0.7562', '0.8020', '0.7672', '0.7365']
    """
    umklapp = validation.option("umklapp", umklapp, UMKLAPP)
    r_s, alpha, beta = _arguments(r_s, alpha, beta)
    a, c = np.broadcast_arrays(np.asarray(r_s) / math.sqrt(2), 4 * math.sqrt(2) * np.asarray(beta))
    strength = np.empty(a.size)
    shape_nodes, shape_weights, edge = _zone_rule(umklapp)
    _strengths(np.ravel(a), np.ravel(c), edge, _NODES, _WEIGHTS, shape_nodes, shape_weights, strength)
    return _like(strength.reshape(a.shape) / np.asarray(alpha) ** 2, r_s, alpha, beta)


def pairing_strength(r_s, alpha, beta, umklapp="frozen"):
    r"""Average pairing interaction at the Fermi surface, :math:`g_0 V = \mu - \lambda` (Eq. 4).

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    beta : float or array_like
        d/r_s, >= 0.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    float or ndarray
        Negative where the net interaction is attractive.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{pairing_strength(r_s=1.6, alpha=0.3, beta=0.625):.5f}")
    -0.42494
    """
    attraction = coupling_constant(r_s, alpha, beta, umklapp)
    return _like(coulomb_strength(r_s) - attraction, attraction)


def threshold(r_s, beta, umklapp="frozen"):
    r"""alpha^2 below which the net interaction is attractive: :math:`\alpha^2\lambda/\mu`.

    Parameters
    ----------
    r_s, beta : float or array_like
        In a_e, > 0; d/r_s, >= 0.
    umklapp : {"frozen", "folded", "projected", "none"}

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{threshold(1.6, 0.625):.4f}")
    0.2055
    """
    attraction = coupling_constant(r_s, 1.0, beta, umklapp)
    return _like(attraction / coulomb_strength(r_s), attraction)


def debye_temperature(r_s, alpha, mass_ratio):
    r"""Debye temperature :math:`T_D = \hbar v_p k_D/k_B = 2\alpha\varepsilon_F\sqrt{m_e/m_h}/k_B` (Eq. 5).

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    mass_ratio : float or array_like
        m_h/m_e >= 1.

    Returns
    -------
    float or ndarray
        In T_H.

    Raises
    ------
    TypeError, ValueError
        If a value is not a finite number in its range.

    Examples
    --------
    >>> print(f"{debye_temperature(r_s=1.6, alpha=0.3, mass_ratio=10):.5f}")
    0.07412
    """
    alpha = validation.reals("alpha", alpha, low=0.0, low_open=True)
    mass_ratio = validation.reals("mass_ratio", mass_ratio, low=1.0)
    return _like(2 * np.asarray(alpha) * fermi_energy(r_s) / np.sqrt(mass_ratio), r_s, alpha, mass_ratio)


def critical_temperature(r_s, alpha, d, mass_ratio, umklapp="frozen"):
    r"""BCS estimate :math:`T_c = 1.13\, T_D\, e^{1/g_0V}`, 0 where the interaction is repulsive.

    Parameters
    ----------
    r_s, d : float or array_like
        Wigner-Seitz radius > 0 and layer distance >= 0 in a_e.
    alpha : float or array_like
        Ratio of plasmon and Bohm-Staver velocity, > 0.
    mass_ratio : float or array_like
        m_h/m_e >= 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    float or ndarray
        In T_H.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10):.3e}")
    7.961e-03
    """
    d = validation.reals("d", d, low=0.0)
    r_s = validation.reals("r_s", r_s, low=0.0, low_open=True)
    strength = np.asarray(pairing_strength(r_s, alpha, np.asarray(d) / np.asarray(r_s), umklapp))
    with np.errstate(divide="ignore"):
        factor = np.where(strength < 0, np.exp(1 / np.where(strength < 0, strength, -1.0)), 0.0)
    return _like(_BCS_PREFACTOR * debye_temperature(r_s, alpha, mass_ratio) * factor, r_s, alpha, d, mass_ratio)


def temperature_map(r_s, d, alpha_squared, mass_ratio, umklapp="frozen"):
    """T_c over (r_s, d) with every cell assigned to a region.

    Parameters
    ----------
    r_s : array_like, shape (n,)
        In a_e, > 0.
    d : array_like, shape (m,)
        In a_e, >= 0.
    alpha_squared : array_like, broadcastable to shape (n, m)
        May be negative.
    mass_ratio : float
        m_h/m_e >= 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    xarray.Dataset
        ``temperature`` in T_H, 0 outside the superconducting region, and ``region``, the index into `REGIONS`:
        superconducting, normal (repulsive) or unstable (alpha^2 <= 0, no plasmon).

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> result = temperature_map([0.5, 1.0, 1.6], [0.0, 1.0], [[0.8], [0.1], [-0.1]], mass_ratio=10)
    >>> [REGIONS[code] for code in result["region"].values[:, 1]]
    ['normal', 'superconducting', 'unstable']
    """
    r_s = np.atleast_1d(validation.reals("r_s", r_s, low=0.0, low_open=True))
    d = np.atleast_1d(validation.reals("d", d, low=0.0))
    values = np.asarray(validation.reals("alpha_squared", alpha_squared))
    try:
        values = np.broadcast_to(values, (len(r_s), len(d)))
    except ValueError as error:
        raise ValueError(
            f"alpha_squared is not allowed: need a shape that broadcasts to {(len(r_s), len(d))}, got {values.shape}"
        ) from error
    stable = values > 0
    alpha = np.sqrt(np.where(stable, values, 1.0))
    temperature = critical_temperature(r_s[:, None], alpha, d[None, :], mass_ratio, umklapp)
    temperature = np.where(stable, temperature, 0.0)
    # An attraction so weak that T_c underflows still counts as superconducting.
    attractive = values < threshold(r_s[:, None], d[None, :] / r_s[:, None], umklapp)
    region = np.where(~stable, 2, np.where(attractive, 0, 1))
    return xr.Dataset(
        {
            "temperature": (("r_s", "d"), temperature, {"units": "T_H"}),
            "region": (("r_s", "d"), region, {"regions": list(REGIONS)}),
            "alpha_squared": (("r_s", "d"), np.array(values), {"units": "1"}),
        },
        coords={"r_s": ("r_s", r_s, {"units": "a_e"}), "d": ("d", d, {"units": "a_e"})},
        attrs={"mass_ratio": float(mass_ratio), "umklapp": umklapp},
    )


def coupling_spectrum(r_s, alpha, beta, umklapp="frozen"):
    r"""alpha^2F of Eq. 2 with plasmon frequencies v_p q.

    Parameters
    ----------
    r_s, alpha, beta : float
        As in `coupling_constant`.
    umklapp : {"frozen", "folded", "projected", "none"}
        In the first the Umklapp part is a delta function at :math:`\omega_D`.

    Returns
    -------
    CouplingSpectrum

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> spectrum = coupling_spectrum(1.6, 0.3, 0.625)
    >>> print(f"{spectrum.coupling:.6f} {spectrum.logarithmic_mean:.4f}")
    0.756175 0.1794
    """
    umklapp = validation.option("umklapp", umklapp, UMKLAPP)
    r_s, alpha, beta = _arguments(
        *(validation.real(name, value) for name, value in (("r_s", r_s), ("alpha", alpha), ("beta", beta)))
    )
    a, c = r_s / math.sqrt(2), 4 * math.sqrt(2) * beta
    edge = _zone_rule(umklapp)[2]
    nodes, weights = _normal_rule(a, c, edge, _NODES, _WEIGHTS)
    frequencies, parts = [math.sqrt(2) * nodes], [weights]
    if umklapp != "none":
        s, weight, q = _zone_resolved(umklapp)
        frequencies.append(q)
        parts.append(weight * a**2 / math.pi * np.exp(-c * s) / (s + a) ** 2)
    frequencies, parts = np.concatenate(frequencies), np.concatenate(parts) / alpha**2
    if umklapp == "frozen":
        frequencies = np.append(frequencies[:_ORDER], 1.0)
        parts = np.append(parts[:_ORDER], parts[_ORDER:].sum())
    if umklapp in ("folded", "projected"):
        # Thousands of directions: gathered in narrow bins that keep weight and mean square of the frequency.
        outer, weight = frequencies[_ORDER:], parts[_ORDER:]
        label = np.floor(outer * _BINS).astype(int)
        sums = np.bincount(label, weight)
        used = sums > 0
        squares = np.bincount(label, weight * outer**2)[used] / sums[used]
        frequencies = np.concatenate([frequencies[:_ORDER], np.sqrt(squares)])
        parts = np.concatenate([parts[:_ORDER], sums[used]])
    order = np.argsort(frequencies, kind="stable")
    return CouplingSpectrum(frequencies[order], parts[order])


def plasmon_spectral_function(omega, r_s, alpha, beta):
    r"""Smooth part of alpha^2F of Eq. 2, plasmons of wave vectors up to k_D.

    With :math:`\omega/\omega_D = \sqrt2\sin\theta` below the Umklapp threshold :math:`\theta = \pi/4`,

    .. math:: \alpha^2F(\omega) = \frac\omega2\frac{d\lambda}{d\omega} = \frac{\omega}{2\sqrt2\cos\theta}
        \frac{a^2}{\pi\alpha^2}\frac{e^{-4\sqrt2\beta\sin\theta}}{(\sin\theta + a)^2}

    Parameters
    ----------
    omega : float or array_like
        In omega_D, from 0 to 1.
    r_s, alpha, beta : float
        As in `coupling_constant`.

    Returns
    -------
    float or ndarray

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{plasmon_spectral_function(0.2, 1.6, 0.3, 0.625):.4f}")
    0.1211
    """
    omega = validation.reals("omega", omega, low=0.0, high=1.0)
    r_s, alpha, beta = _arguments(r_s, alpha, beta)
    a, s = r_s / math.sqrt(2), np.asarray(omega) / math.sqrt(2)
    slope = a**2 / (math.pi * alpha**2) * np.exp(-4 * math.sqrt(2) * beta * s) / (s + a) ** 2
    return _like(np.asarray(omega) / 2 * slope / np.sqrt(2 * (1 - s * s)), omega)


def zone_average(sine, umklapp="folded"):
    r"""Average of :math:`\tilde k^2/q^2` over the direction of the momentum transfer.

    Parameters
    ----------
    sine : float or array_like
        :math:`\tilde k/2k_F` from 0 to 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    float or ndarray
        1 as long as the transfer lies inside the first zone.

    Examples
    --------
    >>> [f"{zone_average(1.0, umklapp=kind):.3f}" for kind in UMKLAPP]
    ['2.000', '5.007', '3.071', '1.000']
    """
    umklapp = validation.option("umklapp", umklapp, UMKLAPP)
    sine = validation.reals("sine", sine, low=0.0, high=1.0)
    s = np.atleast_1d(np.asarray(sine, dtype=float))
    if umklapp == "none":
        return _like(np.ones_like(s).reshape(np.shape(sine)), sine)
    if umklapp == "frozen":
        return _like(np.maximum(1.0, 2 * s**2).reshape(np.shape(sine)), sine)
    factor, _, weight = _orientations(s.ravel(), umklapp)
    return _like((factor * weight).sum(axis=1).reshape(np.shape(sine)), sine)


def _orientations(s, umklapp):
    """k~^2/q^2 (or its longitudinal part), q/k_D and weights over directions for transfers s, shapes (n, m)."""
    transfer = 2 * math.sqrt(2) * s[:, None]
    half = RECIPROCAL_LENGTH / 2
    # By symmetry the direction runs from a reciprocal vector (0) to the corner between two (pi/6); a transfer
    # beyond the zone's face k_x = |b|/2 is folded by that vector.
    edge = np.arccos(np.clip(half / np.maximum(transfer, half), 0, 1))
    edge = np.minimum(edge, math.pi / 6)
    nodes, weights = gauss_legendre(_ORIENTATIONS)
    x, w = 0.5 * (nodes + 1), 0.5 * weights
    angle = np.concatenate([edge * x, edge + (math.pi / 6 - edge) * x], axis=1)
    weight = np.concatenate([edge * w, (math.pi / 6 - edge) * w], axis=1) * 6 / math.pi
    folded = np.arange(2 * _ORIENTATIONS) < _ORIENTATIONS
    square = transfer**2
    inner = np.where(folded, transfer * np.cos(angle) * 2 * half, 0.0)
    q2 = square + np.where(folded, (2 * half) ** 2, 0.0) - 2 * inner
    # k~ . q = k~^2 - k~ . b for the folded ones.
    along = (square - inner) ** 2 / np.where(q2 > 0, q2, 1.0)
    top = square * np.ones_like(angle) if umklapp == "folded" else np.where(folded, along, square)
    with np.errstate(invalid="ignore"):
        factor = np.where(q2 > 0, top / np.where(q2 > 0, q2, 1.0), 1.0)
    return factor, np.sqrt(q2) / 2, weight


def _zone_panels(umklapp):
    """theta nodes and weights beyond the inscribed circle of the zone, where q may differ from the transfer."""
    if umklapp == "frozen":
        ends = [math.pi / 4, math.pi / 2]
    else:
        face = RECIPROCAL_LENGTH / 2 / (2 * math.sqrt(2))
        ends = [math.asin(face), math.asin(face * 2 / math.sqrt(3)), math.pi / 2]
    nodes, weights = [], []
    for low, high in itertools.pairwise(ends):
        # Quadratic at the lower end, where the fraction of folded directions grows like a square root.
        nodes.append(low + (high - low) * _NODES**2)
        weights.append(2 * (high - low) * _NODES * _WEIGHTS)
    return np.concatenate(nodes), np.concatenate(weights), math.sin(ends[0])


_RULES = {}


def _zone_rule(umklapp):
    """sin(theta) and weights (with the zone average) of the outer region, and the sine where it begins."""
    if umklapp == "none":
        return np.zeros(0), np.zeros(0), 1.0
    if umklapp not in _RULES:
        theta, weight, edge = _zone_panels(umklapp)
        s = np.sin(theta)
        _RULES[umklapp] = (s, weight * zone_average(s, umklapp), edge)
    return _RULES[umklapp]


def _zone_resolved(umklapp):
    """sin(theta), weights and q/k_D of the outer region, resolved by direction, all of shape (n,)."""
    theta, weight, _ = _zone_panels(umklapp)
    s = np.sin(theta)
    if umklapp == "frozen":
        return s, 2 * s**2 * weight, np.ones_like(s)
    factor, q, share = _orientations(s, umklapp)
    return np.repeat(s, share.shape[1]), (weight[:, None] * share * factor).ravel(), q.ravel()


def _arguments(r_s, alpha, beta):
    return (
        validation.reals("r_s", r_s, low=0.0, low_open=True),
        validation.reals("alpha", alpha, low=0.0, low_open=True),
        validation.reals("beta", beta, low=0.0),
    )


def _like(result, *arguments):
    """A float if every argument is a plain number, else an array."""
    if all(np.ndim(argument) == 0 and not isinstance(argument, np.ndarray) for argument in arguments):
        return float(result)
    return np.asarray(result)


@kernel
def _normal_rule(a, c, edge, nodes, weights):
    """sin(theta) and contributions to alpha^2 lambda of the region with q = k~."""
    # With sin(theta) = a (e^t - 1), d theta/(sin + a)^2 = e^-t dt/(a cos(theta)): smooth on the scale 1 in t
    # for every a and c. t = T u^3 makes averages of ln(sin(theta)) converge as fast.
    s, w = np.empty(len(nodes)), np.empty(len(nodes))
    if edge < 1.0:
        top = min(math.log1p(edge / a), _EXPONENT)
        if c * a > 0:
            top = min(top, math.log1p(_EXPONENT / (c * a)))
        for i in range(len(nodes)):
            u = nodes[i]
            t = top * u**3
            x = a * math.expm1(t)
            s[i] = x
            w[i] = 3 * a / math.pi * top * u**2 * weights[i] * math.exp(-t - c * x) / math.sqrt(1 - x * x)
        return s, w
    # The same substitution for theta itself: cos(theta) does not appear.
    top = min(math.log1p(0.5 * math.pi / a), _EXPONENT)
    if c * a > 0:
        top = min(top, math.log1p(0.5 * math.pi * _EXPONENT / (c * a)))
    for i in range(len(nodes)):
        u = nodes[i]
        t = top * u**3
        theta = a * math.expm1(t)
        x = math.sin(theta)
        s[i] = x
        w[i] = 3 * a**3 / math.pi * top * u**2 * weights[i] * math.exp(t - c * x) / (x + a) ** 2
    return s, w


@kernel
def _strengths(a, c, edge, nodes, weights, outer, outer_weights, out):
    for n in range(len(a)):
        total = 0.0
        for part in _normal_rule(a[n], c[n], edge, nodes, weights)[1]:
            total += part
        for i in range(len(outer)):
            total += a[n] ** 2 / math.pi * outer_weights[i] * math.exp(-c[n] * outer[i]) / (outer[i] + a[n]) ** 2
        out[n] = total
