r"""Second-order drag of a parabolic layer by the Rashba layer with dynamic RPA screening.

The interaction depends on the energy transfer omega and has plasmon poles, so the sum over electrons cannot be done point by
point as in `nonlinear`. At each q the electrons' sums are first sorted by omega,

.. math:: E_m(\omega) = \sum_k X_m(k)\,\delta(\omega - \xi_k + \xi_{k-q}),

as Fourier series on an interval of length L: their coefficients are trapezoidal sums of X exp(-2 pi i n omega_k/L), which
converge exponentially at T > 0. The same series of X = f_{k-q} - f_k gives Im chi, and with i sign(n) in each term Re chi; the
periodic images that enter there are taken off with the moments of X. The omega integral then runs over panels that shrink
towards the plasmon poles.
"""

import math

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.drag import layers, linear, nonlinear
from ehbilayer.model import lindhard
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.units import COULOMB

# Quantities X_m: 1, w - w', w w'(f - f'), w, w', w f, w' f', the second-order shift, each times G_1; and f' - f.
_COUNT = 9
_MOMENTS = 8
# 2 zeta(2k): expansion of pi cot(pi z) about its pole.
_IMAGES = (math.pi**2 / 3, math.pi**4 / 45, 2 * math.pi**6 / 945, math.pi**8 / 4725)
_NODES = 8


def sums(electrons, holes, grid, d, eps_r, overlap):
    """As `nonlinear.sums`, with the squared screened interaction inside.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    grid : nonlinear.Grid
    d : float
        In nm.
    eps_r : float
    overlap : bool

    Returns
    -------
    ndarray, shape (q, angles, 7)
    """
    q = grid.panels.nodes
    tables, step, p_max = nonlinear._tables(q, holes)
    numbers = np.array([holes.curvature, holes.eta])
    return _sums(
        electrons.band,
        electrons.thermal_energy,
        numbers,
        q,
        grid.directions,
        grid.spacing,
        grid.reach,
        tables,
        step,
        p_max,
        overlap,
        electrons.steepest(),
        float(d),
        2 * math.pi * COULOMB / eps_r,
        lindhard.fermi_table(),
        *gauss_legendre(_NODES),
    )


def response(electrons, q, phi, omega, *, spacing=None):
    """chi(q, omega + i0) of a Rashba layer.

    Parameters
    ----------
    electrons : RashbaLayer
    q, phi : float
        Length in nm^-1 and direction of the wave vector.
    omega : ndarray
        Energies in meV, within the range of the transitions.
    spacing : float, optional
        Of the grid in nm^-1; by default half of what just resolves T.

    Returns
    -------
    ndarray of complex
        In 1/(meV nm^2).

    Examples
    --------
    >>> from ehbilayer.drag.layers import ParabolicLayer, RashbaLayer
    >>> flat = RashbaLayer(0.2, 10, 20, lam=0.0, J=1.0, B=0.0)
    >>> ours = response(flat, 0.1, 0.3, np.array([3.0]))[0]
    >>> exact = lindhard.response(ParabolicLayer(0.2, 10, 20), 0.1, 3.0)
    >>> bool(abs(ours - exact) < 1e-5 * abs(exact))
    True
    """
    spacing = 0.5 * electrons.spacing() if spacing is None else spacing
    omega = np.asarray(omega, dtype=float)
    series, moments, length, _ = _series(
        electrons.band, electrons.thermal_energy, q, phi, spacing, electrons.reach(nonlinear._CUT), False
    )
    out = np.empty(omega.size, dtype=complex)
    values = np.empty(_COUNT)
    for i, w in enumerate(omega):
        real = _evaluate(series, moments, length, w, values)
        out[i] = complex(real, math.pi * values[_COUNT - 1])
    return out


@kernel(error_model="numpy")
def _series(band, T, q, phi, h, reach, overlap):
    """Fourier coefficients of the nine sums over electrons, shape (harmonics, 9), moments of the last, L, largest omega."""
    cos, sin = math.cos(phi), math.sin(phi)
    x, y = 0.5 * q * cos, 0.5 * q * sin
    n, beta = int(math.ceil((reach + 0.5 * q) / h)), 1.0 / T
    widest = 0.0
    area = (h / (2.0 * math.pi)) ** 2
    X = np.empty((_COUNT, (2 * n + 1) ** 2))
    D = np.empty((2 * n + 1) ** 2)
    count = 0
    for m in range(-n, n + 1):
        for l in range(-n, n + 1):
            kx, ky = m * h, l * h
            xi, w, bend = layers.evaluate(band, kx + x, ky + y)
            xi_after, w_after, bend_after = layers.evaluate(band, kx - x, ky - y)
            e, e_after = math.exp(-0.5 * beta * abs(xi)), math.exp(-0.5 * beta * abs(xi_after))
            if e < 1e-6 and e_after < 1e-6 and (xi > 0.0) == (xi_after > 0.0):
                continue
            before, after, g = layers.occupations(xi, xi_after, e, e_after)
            factor = area
            if overlap:
                factor *= layers.overlap(band, kx + x, ky + y, kx - x, ky - y)
            g *= factor
            D[count] = xi - xi_after
            widest = max(widest, abs(D[count]))
            X[0, count] = g
            X[1, count] = g * (w - w_after)
            X[2, count] = g * w * w_after * (before - after)
            X[3, count] = g * w
            X[4, count] = g * w_after
            X[5, count] = g * w * before
            X[6, count] = g * w_after * after
            shift = beta**2 * (w * w * (1.0 - 2.0 * before) - w_after * w_after * (1.0 - 2.0 * after)) - beta * (
                bend - bend_after
            )
            X[7, count] = g * shift
            X[8, count] = factor * (after - before)
            count += 1
    length = 4.0 * widest
    # Beyond pi radians from one grid point to the next the sums would be aliased.
    harmonics = int(length / (2.0 * band[0] * q * h)) + 1
    series = np.zeros((harmonics, _COUNT), dtype=np.complex128)
    moments = np.zeros(_MOMENTS)
    for i in range(count):
        turn = complex(math.cos(2.0 * math.pi * D[i] / length), -math.sin(2.0 * math.pi * D[i] / length))
        phase = 1.0 + 0.0j
        for k in range(harmonics):
            for m in range(_COUNT):
                series[k, m] += X[m, i] * phase
            phase *= turn
        power = X[8, i]
        for k in range(_MOMENTS):
            moments[k] += power
            power *= D[i] / length
    return series, moments, length, widest


@kernel(error_model="numpy")
def _evaluate(series, moments, length, omega, values):
    """The nine sums at one omega, into `values`; returns Re chi."""
    turn = complex(math.cos(2.0 * math.pi * omega / length), math.sin(2.0 * math.pi * omega / length))
    phase = turn
    real = 0.0
    for m in range(values.size):
        values[m] = series[0, m].real
    for k in range(1, series.shape[0]):
        for m in range(values.size):
            values[m] += 2.0 * (series[k, m].real * phase.real - series[k, m].imag * phase.imag)
        # Re(i pi c exp(i kappa omega))
        real -= 2.0 * math.pi * (series[k, 8].real * phase.imag + series[k, 8].imag * phase.real)
        phase *= turn
    for m in range(values.size):
        values[m] /= length
    real /= length
    # Images: sum over electrons of X times 2 zeta(2k) z^(2k-1)/L, z = (omega_k - omega)/L.
    z = omega / length
    for k in range(4):
        order = 2 * k + 1
        total, binomial = 0.0, 1.0
        for j in range(order + 1):
            total += binomial * moments[order - j] * (-z) ** j
            binomial *= (order - j) / (j + 1.0)
        real += _IMAGES[k] * total / length
    return real


@kernel(error_model="numpy")
def _dielectric(series, moments, length, holes, T, q, omega, d, charge, table, steps, step_weights, values):
    inside, decay = charge / q, math.exp(-q * d)
    real = _evaluate(series, moments, length, omega, values)
    # The spectral function has the sign of omega; rounding of the series must not turn damping into gain.
    loss = math.copysign(max(values[8] * math.copysign(1.0, omega), 0.0), omega)
    chi_1 = inside * (real + 1j * math.pi * loss)
    chi_2 = inside * (
        linear._real(holes, T, q, omega, steps, step_weights)
        + 1j * math.pi * linear._spectral(holes, T, q, omega, table)
    )
    return (1.0 + chi_1) * (1.0 + chi_2) - decay * decay * chi_1 * chi_2


@kernel(error_model="numpy")
def _mode(series, moments, length, holes, T, q, omega, d, charge, sign, steps, step_weights, values):
    chi_1 = charge / q * _evaluate(series, moments, length, omega, values)
    chi_2 = charge / q * linear._real(holes, T, q, omega, steps, step_weights)
    return linear._eigenvalue(chi_1, chi_2, math.exp(-q * d), sign)


@kernel(error_model="numpy")
def _sums(band, T, holes, q, phi, h, reach, tables, step, p_max, overlap, slope, d, charge, table, nodes, weights):
    steps, step_weights = linear._STEP_RULE
    out = np.zeros((q.size, phi.size, 7))
    values, sums_2 = np.empty(_COUNT), np.empty(5)
    beta, c = 1.0 / T, holes[0]
    ratio = beta * c
    for i in range(q.size):
        for j in range(phi.size):
            cos, sin = math.cos(phi[j]), math.sin(phi[j])
            series, moments, length, widest = _series(band, T, q[i], phi[j], h, reach, overlap)
            top = min(widest, c * q[i] * p_max, 30.0 * T)
            # The sums vary on the thermal width of the continua or on T.
            scale = min(math.pi * T, c * q[i] * math.pi * T / max(slope, math.sqrt(2.0 * T * holes[1] * c)))
            panels = 2 * int(math.ceil(top / (2.0 * scale)))
            count = panels + 1
            edges = np.empty(count + 16 * 2 * linear._POLE_STEPS.size)
            for k in range(count):
                edges[k] = -top + 2.0 * top * k / panels
            samples = 4 * panels
            for sign in (-1.0, 1.0):
                before, place = 0.0, 0.0
                for k in range(samples + 1):
                    omega = -top + 2.0 * top * (k + 0.37) / (samples + 1)
                    here = _mode(
                        series, moments, length, holes, T, q[i], omega, d, charge, sign, steps, step_weights, values
                    )
                    if k > 0 and (here > 0.0) != (before > 0.0) and count + 2 * linear._POLE_STEPS.size <= edges.size:
                        low, high = place, omega
                        for _ in range(48):
                            middle = 0.5 * (low + high)
                            value = _mode(
                                series,
                                moments,
                                length,
                                holes,
                                T,
                                q[i],
                                middle,
                                d,
                                charge,
                                sign,
                                steps,
                                step_weights,
                                values,
                            )
                            if (value > 0.0) == (before > 0.0):
                                low = middle
                            else:
                                high = middle
                        shift = 1e-4 * top
                        up = _mode(
                            series,
                            moments,
                            length,
                            holes,
                            T,
                            q[i],
                            high + shift,
                            d,
                            charge,
                            sign,
                            steps,
                            step_weights,
                            values,
                        )
                        down = _mode(
                            series,
                            moments,
                            length,
                            holes,
                            T,
                            q[i],
                            low - shift,
                            d,
                            charge,
                            sign,
                            steps,
                            step_weights,
                            values,
                        )
                        _evaluate(series, moments, length, low, values)
                        # The mode's damping is a mean of the layers'; too small a width costs nothing but panels.
                        loss = min(abs(values[8]), abs(linear._spectral(holes, T, q[i], low, table)))
                        width = max(abs(math.pi * charge / q[i] * loss * 2.0 * shift / (up - down)), 1e-11 * top)
                        for size in linear._POLE_STEPS:
                            edges[count] = min(max(low - size * width, -top), top)
                            edges[count + 1] = min(max(low + size * width, -top), top)
                            count += 2
                    before, place = here, omega
            edges[:count] = np.sort(edges[:count])
            decay = math.exp(-q[i] * d) * charge / q[i]
            for panel in range(count - 1):
                middle, half = 0.5 * (edges[panel + 1] + edges[panel]), 0.5 * (edges[panel + 1] - edges[panel])
                if half <= 1e-15 * top:
                    continue
                for k in range(nodes.size):
                    omega = middle + half * nodes[k]
                    epsilon = _dielectric(
                        series, moments, length, holes, T, q[i], omega, d, charge, table, steps, step_weights, values
                    )
                    size = epsilon.real * epsilon.real + epsilon.imag * epsilon.imag
                    factor = half * weights[k] * decay * decay / size
                    p = omega / (c * q[i])
                    nonlinear._interpolate(tables[i], (p + p_max) / step, sums_2)
                    t0, t1, t2, t3, t4 = sums_2
                    a, b = (p - 0.5 * q[i]) * cos, (p + 0.5 * q[i]) * cos
                    w, w_after, wf, wf_after = values[3], values[4], values[5], values[6]
                    out[i, j, 0] += factor * beta * values[1] * t0
                    out[i, j, 1] += factor * ratio * q[i] * cos * values[0] * t0
                    out[i, j, 2] += factor * beta**2 * values[2] * t0
                    out[i, j, 3] += (
                        factor
                        * beta
                        * ratio
                        * (
                            a * ((w - wf) * t0 - w * t1)
                            - b * ((w_after - wf_after) * t0 - w_after * t2)
                            + b * (wf * t0 - w * t2)
                            - a * (wf_after * t0 - w_after * t1)
                        )
                    )
                    out[i, j, 4] += factor * ratio**2 * values[0] * (a * b * (t1 - t2) + sin * sin * (t3 - t4))
                    out[i, j, 5] += factor * values[7] * t0
                    out[i, j, 6] += (
                        factor
                        * ratio**2
                        * values[0]
                        * ((a * a - b * b) * t0 - 2.0 * (a * a * t1 - b * b * t2) - 2.0 * sin * sin * (t3 - t4))
                    )
    return out
