r"""Second-order drag of a parabolic layer by the Rashba layer with dynamic RPA screening.

The interaction depends on the energy transfer omega and has plasmon poles, so the sum over electrons cannot be done
point by point as in `nonlinear`. At each q the electrons' sums are first sorted by omega as Fourier series
(`fourier_series`). The omega integral then runs over panels that shrink towards the plasmon poles.
"""

import math

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.fourier_series import COUNT, make_series, response
from ehbilayer.drag.holes_table import interpolate, occupation_table
from ehbilayer.drag.nonlinear import Grid
from ehbilayer.drag.plasmon_poles import dielectric, make_pair, pole_edges
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.screening import bare_strength
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.model.lindhard import Parabola, tables
from ehbilayer.numerics.quadrature import gauss_legendre

__all__ = [
    "response",
]

_NODES = 8


def sums(
    electrons: RashbaLayer,
    holes: ParabolicLayer,
    grid: Grid,
    d: float,
    eps_r: float,
    overlaps: bool,
    tilt: tuple[float, float] = (0.0, 0.0),
) -> NDArray:
    """As `nonlinear.sums`, with the squared screened interaction inside.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    grid : nonlinear.Grid
    d : float
        In nm.
    eps_r : float
    overlaps : bool
    tilt : tuple of float
        As in `nonlinear.sums`.

    Returns
    -------
    ndarray, shape (q, angles, 7)
    """
    return _sums(
        electrons.band,
        electrons.steepest(),
        Parabola.of(holes),
        grid.mesh,
        occupation_table(grid.panels.nodes, holes),
        (overlaps, tilt),
        (float(d), bare_strength(eps_r)),
        tables(),
        gauss_legendre(_NODES),
    )


@kernel(error_model="numpy")
def _edges(pair, series, slope, p_max, values):
    """Panels on which the sums vary little, and those about the plasmon poles."""
    holes, q = pair.layer_2, pair.q
    T, c = holes.thermal_energy, holes.curvature
    top = min(series.widest, c * q * p_max, 30.0 * T)
    # The sums vary on the thermal width of the continua or on T.
    scale = min(math.pi * T, c * q * math.pi * T / max(slope, math.sqrt(2.0 * T * max(holes.eta, 0.5) * c)))
    panels = 2 * int(math.ceil(top / (2.0 * scale)))
    base = np.empty(panels + 1)
    for k in range(panels + 1):
        base[k] = -top + 2.0 * top * k / panels
    poles = pole_edges(None, series, pair, -top, top, 0.37, 4 * panels, values)
    return np.sort(np.concatenate((base, poles)))


@kernel(error_model="numpy")
def _add_terms(factor, values, holes, q, p, cos, sin, beta, c, out):
    """The brackets of `nonlinear` from the electrons' sums at one omega."""
    t0, t1, t2, t3, t4 = holes
    ratio = beta * c
    a, b = (p - 0.5 * q) * cos, (p + 0.5 * q) * cos
    w, w_after, wf, wf_after = values[3], values[4], values[5], values[6]
    out[0] += factor * beta * values[1] * t0
    out[1] += factor * ratio * q * cos * values[0] * t0
    out[2] += factor * beta**2 * values[2] * t0
    direct = a * ((w - wf) * t0 - w * t1) - b * ((w_after - wf_after) * t0 - w_after * t2)
    out[3] += factor * beta * ratio * (direct + b * (wf * t0 - w * t2) - a * (wf_after * t0 - w_after * t1))
    out[4] += factor * ratio**2 * values[0] * (a * b * (t1 - t2) + sin * sin * (t3 - t4))
    out[5] += factor * values[7] * t0
    squares = (a * a - b * b) * t0 - 2.0 * (a * a * t1 - b * b * t2) - 2.0 * sin * sin * (t3 - t4)
    out[6] += factor * ratio**2 * values[0] * squares


@kernel(error_model="numpy")
def _sums(band, slope, holes, mesh, table, options, interaction, tables, rule):
    q, phi = mesh.q, mesh.phi
    d, charge = interaction
    nodes, weights = rule
    out = np.zeros((q.size, phi.size, 7))
    values, sums_2 = np.empty(COUNT), np.empty(5)
    c, T = holes.curvature, holes.thermal_energy
    for i in range(q.size):
        pair = make_pair(holes, q[i], d, charge, tables)
        across = pair.decay * pair.inside
        for j in range(phi.size):
            cos, sin = math.cos(phi[j]), math.sin(phi[j])
            series = make_series(band, T, q[i], phi[j], mesh.spacing, mesh.reach, *options)
            edges = _edges(pair, series, slope, table.p_max, values)
            for panel in range(edges.size - 1):
                middle, half = 0.5 * (edges[panel + 1] + edges[panel]), 0.5 * (edges[panel + 1] - edges[panel])
                if half <= 1e-15 * edges[-1]:
                    continue
                for k in range(nodes.size):
                    omega = middle + half * nodes[k]
                    epsilon, _, _ = dielectric(None, series, pair, omega, values)
                    size = epsilon.real * epsilon.real + epsilon.imag * epsilon.imag
                    factor = half * weights[k] * across * across / size
                    p = omega / (c * q[i])
                    interpolate(table.values[i], (p + table.p_max) / table.step, sums_2)
                    _add_terms(factor, values, sums_2, q[i], p, cos, sin, 1.0 / T, c, out[i, j])
    return out
