r"""The omega integral of the parabolic drag at each wave number, with and without dynamic screening.

.. math:: \int d\omega\, |U|^2\, \frac{S_1 S_2}{4\sinh^2(\beta\omega/2)}

with U = 1 where the interaction does not depend on omega. With dynamic screening the panels shrink geometrically
towards the plasmon poles.
"""

import math

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.plasmon_poles import dielectric, make_pair, pole_edges
from ehbilayer.drag.screening import bare_strength
from ehbilayer.model.layers import OCCUPATION_TAIL, ParabolicLayer
from ehbilayer.model.lindhard import Parabola, spectral_value, tables
from ehbilayer.numerics.quadrature import gauss_legendre

# Panel edges about the limit of a continuum, in units of its thermal width: the inverse roots there need grading.
_SMEAR = (-250.0, -50.0, -12.0, -3.0, 0.0, 3.0, 12.0, 50.0, 250.0)
_POLE_SAMPLES = 192


def static_sums(layer_1: ParabolicLayer, layer_2: ParabolicLayer, q: NDArray, order: int) -> NDArray:
    """The integral without the interaction.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
        At one temperature.
    q : ndarray
        Wave numbers in nm^-1.
    order : int
        Gauss-Legendre nodes per panel.

    Returns
    -------
    ndarray
        In 1/(meV nm^4).

    Examples
    --------
    >>> layer = ParabolicLayer(0.2, 10, 10)
    >>> print(f"{static_sums(layer, layer, np.array([0.1]), 8)[0]:.3e}")
    1.195e-09
    """
    return _static_sums(q, Parabola.of(layer_1), Parabola.of(layer_2), tables(), *gauss_legendre(order))


def dynamic_sums(
    layer_1: ParabolicLayer, layer_2: ParabolicLayer, q: NDArray, order: int, *, d: float, eps_r: float
) -> NDArray:
    """The integral with the interaction in dynamic RPA.

    Parameters
    ----------
    layer_1, layer_2, q, order
        As in `static_sums`.
    d : float
        Spacing in nm.
    eps_r : float
        Relative permittivity.

    Returns
    -------
    ndarray
        In meV.

    Examples
    --------
    >>> layer = ParabolicLayer(0.2, 10, 10)
    >>> print(f"{dynamic_sums(layer, layer, np.array([0.1]), 8, d=20.0, eps_r=5.0)[0]:.2e}")
    1.16e-06
    """
    pair = Parabola.of(layer_1), Parabola.of(layer_2)
    return _dynamic_sums(q, *pair, float(d), bare_strength(eps_r), tables(), *gauss_legendre(order))


@kernel(error_model="numpy")
def frequency_edges(layer_1, layer_2, q):
    """Panel edges in omega, a kernel: the smeared limits of both continua, up to where the integrand is below 1e-14.

    Parameters
    ----------
    layer_1, layer_2 : Parabola
    q : float
        In nm^-1.

    Returns
    -------
    ndarray
        In meV, increasing from zero.
    """
    T = layer_1.thermal_energy
    top = OCCUPATION_TAIL * T
    for layer in (layer_1, layer_2):
        reach = math.sqrt(2.0 * T * (max(layer.eta, 0.0) + OCCUPATION_TAIL) / layer.curvature)
        top = min(top, layer.curvature * q * (reach + 0.5 * q))
    out = np.empty(42)
    out[0], out[1], out[2], out[3], out[4] = 0.0, top, T, 4.0 * T, 12.0 * T
    out[5] = 0.3 * top
    count = 6
    for layer in (layer_1, layer_2):
        c = layer.curvature
        k = math.sqrt(2.0 * T * max(layer.eta, 0.0) / c)
        width = c * q * min(T / (c * k), math.sqrt(T / c))
        for sign in (-1.0, 1.0):
            for shift in _SMEAR:
                out[count] = abs(c * q * (k + sign * 0.5 * q)) + shift * width
                count += 1
    out = np.sort(out)
    kept = np.empty(42)
    kept[0], n = 0.0, 1
    for e in out:
        if e > kept[n - 1] + 1e-6 * top and e <= top:
            kept[n] = e
            n += 1
    return kept[:n]


@kernel(error_model="numpy")
def _static_sums(q, layer_1, layer_2, tables, nodes, weights):
    out = np.zeros(q.size)
    T = layer_1.thermal_energy
    for i in range(q.size):
        edges = frequency_edges(layer_1, layer_2, q[i])
        for panel in range(edges.size - 1):
            middle, half = 0.5 * (edges[panel + 1] + edges[panel]), 0.5 * (edges[panel + 1] - edges[panel])
            for j in range(nodes.size):
                omega = middle + half * nodes[j]
                s = spectral_value(layer_1, q[i], omega, tables) * spectral_value(layer_2, q[i], omega, tables)
                out[i] += 2.0 * half * weights[j] * s / (4.0 * math.sinh(0.5 * omega / T) ** 2)
    return out


@kernel(error_model="numpy")
def _dynamic_sums(q, layer_1, layer_2, d, charge, tables, nodes, weights):
    out = np.zeros(q.size)
    none = np.empty(0)
    T = layer_1.thermal_energy
    for i in range(q.size):
        pair = make_pair(layer_2, q[i], d, charge, tables)
        base = frequency_edges(layer_1, layer_2, q[i])
        top = base[-1]
        poles = pole_edges(layer_1, None, pair, 0.0, top, 0.5, _POLE_SAMPLES, none)
        edges = np.sort(np.concatenate((base, poles)))
        across = pair.decay * pair.inside
        for panel in range(edges.size - 1):
            middle, half = 0.5 * (edges[panel + 1] + edges[panel]), 0.5 * (edges[panel + 1] - edges[panel])
            if half <= 1e-15 * top:
                continue
            for j in range(nodes.size):
                omega = middle + half * nodes[j]
                epsilon, loss_1, loss_2 = dielectric(layer_1, None, pair, omega, none)
                size = epsilon.real * epsilon.real + epsilon.imag * epsilon.imag
                factor = 2.0 * half * weights[j] * across * across / size
                out[i] += factor * loss_1 * loss_2 / (4.0 * math.sinh(0.5 * omega / T) ** 2)
    return out
