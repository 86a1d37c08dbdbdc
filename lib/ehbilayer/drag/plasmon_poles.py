"""Where the two-layer dielectric function nearly vanishes: panels in omega that shrink towards the plasmon poles.

Layer 2 is parabolic; layer 1 is given by its `Parabola` or by the Fourier `Series` of its sums, and the other
argument is None, which selects the code at compile time.
"""

import math
from typing import NamedTuple

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.drag.fourier_series import LOSS, series_value
from ehbilayer.model import rpa
from ehbilayer.model.lindhard import Parabola, Tables, real_value, spectral_value

_STEPS = np.array([0.0, 1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0, 65536.0])
_MOST_POLES = 16
_BISECTIONS = 52


class Pair(NamedTuple):
    """The interaction at one wave number, and layer 2.

    Attributes
    ----------
    layer_2 : Parabola
    q : float
        In nm^-1.
    inside : float
        V within a layer, in meV nm^2.
    decay, apart : float
        exp(-q d) and 1 - exp(-2 q d).
    tables : Tables
        Of the response of a parabola.
    """

    layer_2: Parabola
    q: float
    inside: float
    decay: float
    apart: float
    tables: Tables


@kernel(error_model="numpy")
def make_pair(layer_2, q, d, charge, tables):
    """`Pair` for a spacing d in nm and 2 pi e^2/eps_r in meV nm, a kernel.

    Returns
    -------
    Pair
    """
    return Pair(layer_2, q, charge / q, math.exp(-q * d), -math.expm1(-2.0 * q * d), tables)


@kernel(error_model="numpy")
def dielectric(parabola, series, pair, omega, values):
    """epsilon at one real omega, a kernel.

    Parameters
    ----------
    parabola : Parabola or None
    series : Series or None
        Layer 1, one of the two.
    pair : Pair
    omega : float
        In meV.
    values : ndarray
        Work space for the sums of `series`, which it holds afterwards.

    Returns
    -------
    epsilon : complex
    loss_1, loss_2 : float
        S of the layers in 1/(meV nm^2).
    """
    real = _real_part(parabola, series, pair, omega, values)
    # The spectral function has the sign of omega; rounding of the series must not turn damping into gain.
    sign = math.copysign(1.0, omega)
    loss_1 = sign * max(_loss(parabola, series, pair, omega, values) * sign, 0.0)
    x_1 = pair.inside * (real + 1j * math.pi * loss_1)
    x_2, loss_2 = x_1, loss_1
    if not _equal(parabola, pair):
        loss_2 = spectral_value(pair.layer_2, pair.q, omega, pair.tables)
        x_2 = pair.inside * (real_value(pair.layer_2, pair.q, omega, pair.tables) + 1j * math.pi * loss_2)
    return rpa.dielectric(x_1, x_2, pair.apart), loss_1, loss_2


@kernel(error_model="numpy")
def pole_edges(parabola, series, pair, bottom, top, offset, samples, values):
    """Panel edges about the zeros of the real dielectric matrix, a kernel.

    Parameters
    ----------
    parabola, series, pair, values
        As in `dielectric`.
    bottom, top : float
        Range of omega in meV.
    offset : float
        Place of the first sample, in steps.
    samples : int
        Steps of the search.

    Returns
    -------
    ndarray
        Not sorted, inside the range; geometric about each pole, from its width outwards.
    """
    edges = np.empty(_MOST_POLES * 2 * _STEPS.size)
    count, step = 0, (top - bottom) / (samples + 1)
    x_1, x_2 = np.empty(samples + 1), np.empty(samples + 1)
    for k in range(samples + 1):
        x_1[k], x_2[k] = _responses(parabola, series, pair, bottom + step * (k + offset), values)
    for sign in (-1.0, 1.0):
        before, place = 0.0, bottom
        for k in range(samples + 1):
            omega = bottom + step * (k + offset)
            here = rpa.eigenvalue(x_1[k], x_2[k], pair.decay, sign)
            if k > 0 and (here > 0.0) != (before > 0.0) and count < edges.size:
                pole = _bisect(parabola, series, pair, place, omega, before, sign, values)
                shift = 1e-4 * top
                up = _mode(parabola, series, pair, pole + shift, sign, values)
                down = _mode(parabola, series, pair, pole - shift, sign, values)
                _real_part(parabola, series, pair, pole, values)
                loss_1 = abs(_loss(parabola, series, pair, pole, values))
                loss_2 = abs(spectral_value(pair.layer_2, pair.q, pole, pair.tables))
                # The mode's damping is a mean of the layers'; too small a width costs nothing but panels.
                loss = math.pi * pair.inside * min(loss_1, loss_2)
                width = max(abs(loss * 2.0 * shift / (up - down)), 1e-11 * top)
                for far in _STEPS:
                    edges[count] = min(max(pole - far * width, bottom), top)
                    edges[count + 1] = min(max(pole + far * width, bottom), top)
                    count += 2
            before, place = here, omega
    return edges[:count]


@kernel(error_model="numpy")
def _real_part(parabola, series, pair, omega, values):
    # Numba drops the branch of the argument that is None; it would not do so from an `else`.
    real = 0.0
    if parabola is not None:
        real = real_value(parabola, pair.q, omega, pair.tables)
    if series is not None:
        real = series_value(series, omega, values)
    return real


@kernel(error_model="numpy")
def _loss(parabola, series, pair, omega, values):
    """S of layer 1; that of a series was left in `values` by the real part."""
    loss = 0.0
    if parabola is not None:
        loss = spectral_value(parabola, pair.q, omega, pair.tables)
    if series is not None:
        loss = values[LOSS]
    return loss


@kernel(error_model="numpy")
def _equal(parabola, pair):
    """Whether the layers are parabolas that differ in nothing: one response serves both."""
    equal = False
    if parabola is not None:
        other = pair.layer_2
        equal = parabola.curvature == other.curvature and parabola.eta == other.eta
    return equal


@kernel(error_model="numpy")
def _responses(parabola, series, pair, omega, values):
    """Real parts of the responses of both layers times the interaction within one."""
    x_1 = pair.inside * _real_part(parabola, series, pair, omega, values)
    if _equal(parabola, pair):
        return x_1, x_1
    return x_1, pair.inside * real_value(pair.layer_2, pair.q, omega, pair.tables)


@kernel(error_model="numpy")
def _mode(parabola, series, pair, omega, sign, values):
    x_1, x_2 = _responses(parabola, series, pair, omega, values)
    return rpa.eigenvalue(x_1, x_2, pair.decay, sign)


@kernel(error_model="numpy")
def _bisect(parabola, series, pair, low, high, before, sign, values):
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if (_mode(parabola, series, pair, middle, sign, values) > 0.0) == (before > 0.0):
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
