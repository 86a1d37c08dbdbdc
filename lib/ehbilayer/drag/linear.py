r"""Linear frictional drag between two parabolic layers (paper B, Eqs. 37-40).

.. math:: \frac{1}{\tau_{D,i}} = \frac{\beta\hbar}{m_i n_2}\,\pi \int\frac{d^2q}{(2\pi)^2} \frac{q^2}{2}
   \int_{-\infty}^{\infty} d\omega\, |U|^2\, \frac{S_1 S_2}{4\sinh^2(\beta\omega/2)}

with S = Im chi/pi and energies omega. The force on a carrier of layer 2 is
F/hbar = u_1/tau_D1 - u_2/tau_D2, u = m v/hbar.
"""

import math
from dataclasses import dataclass

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.drag import screening
from ehbilayer.drag.layers import _TAIL
from ehbilayer.model import lindhard
from ehbilayer.numerics.quadrature import Panels, gauss_legendre
from ehbilayer.units import COULOMB, HBAR

# Panel edges about the limit of a continuum, in units of its thermal width: the inverse roots there need grading.
_SMEAR = (-250.0, -50.0, -12.0, -3.0, 0.0, 3.0, 12.0, 50.0, 250.0)
# Panel edges about q = 2 k_F, in units of its thermal width.
_BACKSCATTERING = (-400, -64, -8, 0, 8, 64, 400)
_POLE_STEPS = np.array([0.0, 1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0, 65536.0])
_POLE_SAMPLES = 192


@dataclass(frozen=True)
class Overlaps:
    """The omega integral of the parabolic drag at each wave number, before the interaction enters.

    Attributes
    ----------
    q, weights : ndarray, shape (n,)
        Nodes and weights of the integral over q in nm^-1.
    values : ndarray, shape (n,)
        int domega S_1 S_2/(4 sinh^2(beta omega/2)) over all omega, in 1/(meV nm^4).
    """

    q: np.ndarray
    weights: np.ndarray
    values: np.ndarray


def wave_numbers(layer_1, layer_2, d, order):
    """Panels of the integral over q: geometric towards zero, with edges at 2 k_F, up to where the integrand is below 1e-14.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
    d : float
        Smallest spacing of the layers in nm for which they serve.
    order : int
        Nodes per panel.

    Returns
    -------
    Panels
    """
    top = 2 * min(layer_1.reach(), layer_2.reach())
    if d > 0:
        top = min(top, 0.5 * _TAIL / d)
    # Below q = k_B T/v the frequencies are those of the continuum, above those of temperature.
    thermal = min(layer.thermal_energy / (layer.curvature * layer.fermi_wave_number) for layer in (layer_1, layer_2))
    count = max(4, int(math.ceil(math.log(top / thermal, 4))) + 2)
    edges = {0.0, top} | {top * 4.0**-n for n in range(1, count)} | {top * x for x in (0.1, 0.4, 0.55, 0.75)}
    for layer in (layer_1, layer_2):
        k = layer.fermi_wave_number
        width = layer.thermal_energy / (layer.curvature * k)
        edges |= {2 * k + shift * width for shift in _BACKSCATTERING if 0 < 2 * k + shift * width < top}
    edges = sorted(edges)
    # Edges closer than rounding would make empty panels.
    return Panels(tuple(e for i, e in enumerate(edges) if i == 0 or e - edges[i - 1] > 1e-9 * top), order)


def overlaps(layer_1, layer_2, d=0.0, order=12):
    """Integrals over omega that do not depend on the interaction.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
        At one temperature.
    d : float
        Smallest spacing of the layers in nm for which they will be used.
    order : int
        Gauss-Legendre nodes per panel, in q and omega.

    Returns
    -------
    Overlaps
    """
    panels = wave_numbers(layer_1, layer_2, d, order)
    values = _overlaps(panels.nodes, *_numbers(layer_1, layer_2), lindhard.fermi_table(), *gauss_legendre(order))
    return Overlaps(panels.nodes, panels.weights, values)


def friction(layer_1, layer_2, table, interaction):
    """gamma in 1/tau_i = gamma/m_i: the linear drag for a static interaction.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
    table : Overlaps
    interaction : ndarray
        U at ``table.q`` in meV nm^2.

    Returns
    -------
    float
        In 1/(meV nm^2 ps): times hbar^2/m it is a rate in 1/ps.
    """
    total = float(table.weights @ (table.q**3 * np.abs(interaction) ** 2 * table.values)) / (4 * math.pi)
    return math.pi / (HBAR * layer_2.density * layer_2.thermal_energy) * total


def static_response(layer, q, kind):
    """chi(q) of a layer in 1/(meV nm^2) for one of the static ways of screening.

    Parameters
    ----------
    layer : ParabolicLayer
    q : ndarray
    kind : {"none", "thomas-fermi", "static-rpa"}

    Returns
    -------
    float or ndarray
    """
    if kind == "none":
        return 0.0
    return layer.compressibility if kind == "thomas-fermi" else lindhard.response(layer, q).real


def linear_friction(layer_1, layer_2, *, d, eps_r, screening_kind, order=12):
    """gamma of `friction` with any of the ways of screening.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
        Drive and drag layer at one temperature.
    d : float
        Spacing in nm.
    eps_r : float
        Relative permittivity.
    screening_kind : str
        One of `ehbilayer.drag.screening.SCREENINGS`.
    order : int
        Gauss-Legendre nodes per panel.

    Returns
    -------
    float
        In 1/(meV nm^2 ps).
    """
    if screening_kind == "dynamic-rpa":
        panels = wave_numbers(layer_1, layer_2, d, order)
        values = _dynamic(
            panels.nodes,
            *_numbers(layer_1, layer_2),
            d,
            2 * math.pi * COULOMB / eps_r,
            lindhard.fermi_table(),
            *gauss_legendre(order),
        )
        return friction(layer_1, layer_2, Overlaps(panels.nodes, panels.weights, values), 1.0)
    table = overlaps(layer_1, layer_2, d, order)
    chi = (static_response(layer, table.q, screening_kind) for layer in (layer_1, layer_2))
    return friction(layer_1, layer_2, table, screening.interlayer_interaction(table.q, d, eps_r, *chi))


def _numbers(layer_1, layer_2):
    return (*(np.array([layer.curvature, layer.eta]) for layer in (layer_1, layer_2)), layer_1.thermal_energy)


@kernel(error_model="numpy")
def _spectral(layer, T, q, omega, table):
    c, eta = layer[0], layer[1]
    low, high = omega / (c * q) - 0.5 * q, omega / (c * q) + 0.5 * q
    scale = c / (2.0 * T)
    difference = lindhard.fermi_value(eta - scale * low * low, table) - lindhard.fermi_value(
        eta - scale * high * high, table
    )
    return difference / (math.sqrt(scale) * 4.0 * math.pi * math.pi * c * q)


@kernel(error_model="numpy")
def _real(layer, T, q, omega, nodes, weights):
    c, eta = layer[0], layer[1]
    scale = math.sqrt(c / (2.0 * T))
    low, high = scale * (0.5 * q - omega / (c * q)), scale * (0.5 * q + omega / (c * q))
    total = lindhard.chord(low, eta, nodes, weights) + lindhard.chord(high, eta, nodes, weights)
    return total / (2.0 * math.pi * c * scale * q)


@kernel(error_model="numpy")
def _edges(layer_1, layer_2, T, q):
    """Panel edges in omega: the smeared limits of both continua, up to where the integrand is below 1e-14."""
    top = _TAIL * T
    for layer in (layer_1, layer_2):
        reach = math.sqrt(2.0 * T * (layer[1] + _TAIL) / layer[0])
        top = min(top, layer[0] * q * (reach + 0.5 * q))
    out = np.empty(42)
    out[0], out[1], out[2], out[3], out[4] = 0.0, top, T, 4.0 * T, 12.0 * T
    out[5] = 0.3 * top
    count = 6
    for layer in (layer_1, layer_2):
        k = math.sqrt(2.0 * T * layer[1] / layer[0])
        width = layer[0] * q * min(T / (layer[0] * k), math.sqrt(T / layer[0]))
        for sign in (-1.0, 1.0):
            for shift in _SMEAR:
                out[count] = abs(layer[0] * q * (k + sign * 0.5 * q)) + shift * width
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
def _overlaps(q, layer_1, layer_2, T, table, nodes, weights):
    out = np.zeros(q.size)
    for i in range(q.size):
        edges = _edges(layer_1, layer_2, T, q[i])
        for panel in range(edges.size - 1):
            middle, half = 0.5 * (edges[panel + 1] + edges[panel]), 0.5 * (edges[panel + 1] - edges[panel])
            for j in range(nodes.size):
                omega = middle + half * nodes[j]
                s = _spectral(layer_1, T, q[i], omega, table) * _spectral(layer_2, T, q[i], omega, table)
                out[i] += 2.0 * half * weights[j] * s / (4.0 * math.sinh(0.5 * omega / T) ** 2)
    return out


@kernel(error_model="numpy")
def _dielectric(layer_1, layer_2, T, q, omega, d, charge, table, nodes, weights):
    """Denominator of U, complex, and the product of the spectral functions."""
    inside = charge / q
    decay = math.exp(-q * d)
    s_1, s_2 = _spectral(layer_1, T, q, omega, table), _spectral(layer_2, T, q, omega, table)
    chi_1 = inside * (_real(layer_1, T, q, omega, nodes, weights) + 1j * math.pi * s_1)
    chi_2 = inside * (_real(layer_2, T, q, omega, nodes, weights) + 1j * math.pi * s_2)
    return (1.0 + chi_1) * (1.0 + chi_2) - decay * decay * chi_1 * chi_2, s_1 * s_2


@kernel(error_model="numpy")
def _eigenvalue(chi_1, chi_2, decay, sign):
    """One eigenvalue of the real dielectric matrix: the two plasmons are zeros of one each, told apart also where they nearly coincide."""
    root = 0.25 * (chi_1 - chi_2) ** 2 + decay * decay * chi_1 * chi_2
    return 1.0 + 0.5 * (chi_1 + chi_2) + sign * math.sqrt(max(root, 0.0))


@kernel(error_model="numpy")
def _mode(layer_1, layer_2, T, q, omega, d, charge, sign, nodes, weights):
    chi_1 = charge / q * _real(layer_1, T, q, omega, nodes, weights)
    chi_2 = charge / q * _real(layer_2, T, q, omega, nodes, weights)
    return _eigenvalue(chi_1, chi_2, math.exp(-q * d), sign)


@kernel(error_model="numpy")
def _dynamic(q, layer_1, layer_2, T, d, charge, table, nodes, weights):
    """As `_overlaps`, with the screened interaction inside; panels shrink geometrically towards the plasmon poles."""
    steps, step_weights = _STEP_RULE
    out = np.zeros(q.size)
    for i in range(q.size):
        base = _edges(layer_1, layer_2, T, q[i])
        top = base[-1]
        extra = np.empty(8 * 2 * _POLE_STEPS.size)
        count = 0
        for sign in (-1.0, 1.0):
            before = 0.0
            for j in range(_POLE_SAMPLES + 1):
                omega = top * (j + 0.5) / (_POLE_SAMPLES + 1)
                here = _mode(layer_1, layer_2, T, q[i], omega, d, charge, sign, steps, step_weights)
                if j > 0 and (here > 0.0) != (before > 0.0) and count < extra.size:
                    low, high = top * (j - 0.5) / (_POLE_SAMPLES + 1), omega
                    for _ in range(52):
                        middle = 0.5 * (low + high)
                        value = _mode(layer_1, layer_2, T, q[i], middle, d, charge, sign, steps, step_weights)
                        if (value > 0.0) == (before > 0.0):
                            low = middle
                        else:
                            high = middle
                    pole = 0.5 * (low + high)
                    shift = 1e-4 * top
                    up = _mode(layer_1, layer_2, T, q[i], pole + shift, d, charge, sign, steps, step_weights)
                    down = _mode(layer_1, layer_2, T, q[i], pole - shift, d, charge, sign, steps, step_weights)
                    # The mode's damping is a mean of the layers'; too small a width costs nothing but panels.
                    s_1, s_2 = _spectral(layer_1, T, q[i], pole, table), _spectral(layer_2, T, q[i], pole, table)
                    loss = math.pi * charge / q[i] * min(abs(s_1), abs(s_2))
                    width = max(abs(loss * 2.0 * shift / (up - down)), 1e-11 * top)
                    for step in _POLE_STEPS:
                        extra[count] = min(max(pole - step * width, 0.0), top)
                        extra[count + 1] = min(max(pole + step * width, 0.0), top)
                        count += 2
                before = here
        edges = np.sort(np.concatenate((base, extra[:count])))
        decay = math.exp(-q[i] * d) * charge / q[i]
        for panel in range(edges.size - 1):
            middle, half = 0.5 * (edges[panel + 1] + edges[panel]), 0.5 * (edges[panel + 1] - edges[panel])
            if half <= 1e-15 * top:
                continue
            for j in range(nodes.size):
                omega = middle + half * nodes[j]
                epsilon, s = _dielectric(layer_1, layer_2, T, q[i], omega, d, charge, table, steps, step_weights)
                size = epsilon.real * epsilon.real + epsilon.imag * epsilon.imag
                out[i] += 2.0 * half * weights[j] * decay * decay / size * s / (4.0 * math.sinh(0.5 * omega / T) ** 2)
    return out


_STEP_RULE = tuple(np.array(x) for x in gauss_legendre(lindhard._STEP_ORDER))
