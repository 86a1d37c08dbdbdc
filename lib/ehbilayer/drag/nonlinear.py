r"""Drag of a parabolic layer by the Rashba-Zeeman layer to second order in the drift (paper B, Eqs. 41-48, corrected).

With the linearised drifting distributions f_i + f_i (1 - f_i) g_i, g_i = beta u_i d xi_i/dk_x (Eq. 22), the collision
integral is, exactly, a polynomial in g. On the energy shell

.. math:: f_1\tilde f_{1'} f_2\tilde f_{2'} = G_1 G_2, \qquad
   G_i = \frac{1}{4\cosh(\beta\xi_i/2)\cosh(\beta\xi_{i'}/2)},

where 1' and 2' are the states after the collision, and the bracket that multiplies it has the terms

.. math::
   &(g_1 - g_{1'}) + (g_2 - g_{2'}), \qquad g_1g_{1'}(f_1 - f_{1'}), \qquad g_2g_{2'}(f_2 - f_{2'}), \\
   &g_1g_2(1-f_1-f_2) - g_{1'}g_{2'}(1-f_{1'}-f_{2'}) + g_1g_{2'}(f_1-f_{2'}) - g_{1'}g_2(f_{1'}-f_2).

Adding s u^2 d^2 f_0/dk_x^2 to the ansatz (s = 1/2: shifted Fermi-Dirac; s = 1: relaxation time) adds
g^{(2)} - g'^{(2)} to the second-order terms.

Energy conservation fixes the momentum of the parabolic carrier along q; the sum over its other component is done
beforehand, on a table for each q, and interpolated where the trapezoidal sum over the electrons asks for it. The sums do
not contain the interaction, unless that depends on omega.
"""

import math
from dataclasses import dataclass

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.drag import layers
from ehbilayer.numerics.quadrature import Panels
from ehbilayer.units import HBAR

SUMS = ("drive", "drag", "K11", "K12", "K22", "shift11", "shift22")
"""Order of the sums: the two linear terms, the three quadratic ones, and the second-order shifts per s."""

# Eight-point interpolation on a table that resolves the strip of analyticity tenfold is good to 1e-6 of the largest value.
_POINTS = 8
_TABLE_PER_STRIP = 10.0
# The occupation product G_1 G_2 is dropped below exp(-_CUT).
_CUT = 22.0


@dataclass(frozen=True)
class Grid:
    """Quadrature of the Rashba drag.

    Attributes
    ----------
    panels : Panels
        Of the integral over the length of q, in nm^-1.
    angles : int
        Directions of q in a quarter turn.
    spacing : float
        Of the electrons' grid in nm^-1.
    reach : float
        Its half width in nm^-1.
    """

    panels: Panels
    angles: int
    spacing: float
    reach: float

    @property
    def directions(self):
        """Angles of q, shape (angles,); the others follow by symmetry."""
        return (np.arange(self.angles) + 0.5) * (0.5 * math.pi / self.angles)


def make_grid(electrons, holes, *, d, order, angles, spacing, d_max=None):
    """Grid for a pair of layers; the panels of q serve one spacing of the layers, or all from `d` to `d_max`.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    d : float
        In nm.
    order, angles : int
        Nodes per panel of q, directions in a quarter turn.
    spacing : float
        Of the electrons' grid in nm^-1.
    d_max : float, optional
        In nm, by default `d`.

    Returns
    -------
    Grid
    """
    reach = electrons.reach(_CUT)
    tops = [
        min(2 * holes.reach(_CUT), 2 * reach, 17.0 / x if x > 0 else math.inf)
        for x in (d, d if d_max is None else d_max)
    ]
    edges = {0.0} | {top * x for top in tops for x in (1 / 32, 1 / 8, 0.3, 0.6, 1.0)}
    return Grid(Panels(tuple(sorted(edges)), order), angles, spacing, reach)


def sums(electrons, holes, grid, overlap):
    """Sums over both layers' carriers at each vector q of the grid, without the interaction.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    grid : Grid
    overlap : bool
        Whether to include the squared overlap of the electrons' spinors.

    Returns
    -------
    values : ndarray, shape (q, angles, 7)
        In the order of `SUMS`, in units of nm^-n meV^-1.
    static : ndarray, shape (q, angles)
        chi(q, 0) of the electrons in 1/(meV nm^2).
    """
    q = grid.panels.nodes
    tables, step, p_max = _tables(q, holes)
    return _sums(
        electrons.band,
        electrons.thermal_energy,
        holes.curvature,
        q,
        grid.directions,
        grid.spacing,
        grid.reach,
        tables,
        step,
        p_max,
        overlap,
    )


def coefficients(electrons, holes, grid, values, interaction):
    """Integrate the sums with an interaction.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    grid : Grid
    values : ndarray, shape (q, angles, 7)
        From `sums`.
    interaction : ndarray, shape (q, 1) or (q, angles)
        U in meV nm^2.

    Returns
    -------
    ndarray, shape (7,)
        In 1/ps (the first two: 1/tau_D1 and 1/tau_D2) and nm/ps.
    """
    q, weights = grid.panels.nodes, grid.panels.weights
    phi = grid.directions
    # The full turn is four times the quarter; d^2q/(2 pi)^2 = q dq dphi/(2 pi)^2.
    measure = weights * q**2 / (4 * math.pi**2)
    area = measure[:, None] * np.cos(phi) * (2 * math.pi / grid.angles) * np.abs(interaction) ** 2
    return math.pi / (HBAR * holes.density) * np.einsum("qp,qps->s", area, values)


def _tables(q, holes):
    """Sums over the transverse momentum k of the parabolic carrier, as functions of its mean momentum p along q.

    G_2 times 1, f_2, f_2', k^2 f_2, k^2 f_2', shape (q, points, 5); p = omega/(c q) runs from -p_max to p_max.
    """
    c, T = holes.curvature, holes.thermal_energy
    strip = math.pi * T / (c * max(holes.fermi_wave_number, math.sqrt(T / c)))
    p_max = holes.reach(_CUT)
    count = int(math.ceil(2 * p_max * _TABLE_PER_STRIP / strip)) + 1
    k = np.arange(int(math.ceil(p_max / (0.45 * strip))) + 1) * 0.45 * strip
    p, step = np.linspace(-p_max, p_max, count, retstep=True)
    return _fill(q, p, k, c, T, holes.E_F), step, p_max


@kernel(error_model="numpy")
def _fill(q, p, k, c, T, E_F):
    out = np.zeros((q.size, p.size, 5))
    h = k[1]
    for i in range(q.size):
        # (m/hbar^2 q) dk/(4 pi^2), twice for +-k.
        factor = 2.0 * h / (4.0 * math.pi**2 * c * q[i])
        for j in range(p.size):
            low, high = p[j] - 0.5 * q[i], p[j] + 0.5 * q[i]
            for n in range(k.size):
                a = (0.5 * c * (low * low + k[n] * k[n]) - E_F) / T
                b = (0.5 * c * (high * high + k[n] * k[n]) - E_F) / T
                if abs(a) + abs(b) > 2.0 * _CUT + 8.0:
                    continue
                before, after, g = layers.occupations(a, b, math.exp(-0.5 * abs(a)), math.exp(-0.5 * abs(b)))
                g *= factor * (0.5 if n == 0 else 1.0)
                out[i, j, 0] += g
                out[i, j, 1] += g * before
                out[i, j, 2] += g * after
                out[i, j, 3] += g * before * k[n] * k[n]
                out[i, j, 4] += g * after * k[n] * k[n]
    return out


@kernel(error_model="numpy")
def _interpolate(table, position, out):
    """Lagrange interpolation on eight neighbours of a uniform table; `position` in steps from its first point."""
    first = min(max(int(math.floor(position)) - 3, 0), table.shape[0] - 8)
    t = position - first
    for s in range(out.size):
        out[s] = 0.0
    for i in range(8):
        if t == i:
            for s in range(out.size):
                out[s] = table[first + i, s]
            return
    product = t * (t - 1.0) * (t - 2.0) * (t - 3.0) * (t - 4.0) * (t - 5.0) * (t - 6.0) * (t - 7.0)
    for i in range(8):
        weight = product * _BARYCENTRIC[i] / (t - i)
        for s in range(out.size):
            out[s] += weight * table[first + i, s]


@kernel(error_model="numpy")
def _terms(xi, xi_after, w, w_after, bend, bend_after, before, after, q, p, cos, sin, beta, c, holes, out):
    """The brackets of the module's head for one electron, summed over the holes' transverse momentum."""
    t0, t1, t2, t3, t4 = holes
    a, b = (p - 0.5 * q) * cos, (p + 0.5 * q) * cos
    ratio = beta * c
    out[0] = beta * (w - w_after) * t0
    out[1] = ratio * q * cos * t0
    out[2] = beta**2 * w * w_after * (before - after) * t0
    out[3] = (
        beta
        * ratio
        * (
            w * a * ((1.0 - before) * t0 - t1)
            - w_after * b * ((1.0 - after) * t0 - t2)
            + w * b * (before * t0 - t2)
            - w_after * a * (after * t0 - t1)
        )
    )
    out[4] = ratio**2 * (a * b * (t1 - t2) + sin * sin * (t3 - t4))
    out[5] = (
        beta**2 * (w * w * (1.0 - 2.0 * before) - w_after * w_after * (1.0 - 2.0 * after)) - beta * (bend - bend_after)
    ) * t0
    out[6] = ratio**2 * ((a * a - b * b) * t0 - 2.0 * (a * a * t1 - b * b * t2) - 2.0 * sin * sin * (t3 - t4))


@kernel(error_model="numpy")
def _sums(band, T, c, q, phi, h, reach, tables, step, p_max, overlap):
    values, static = np.zeros((q.size, phi.size, 7)), np.zeros((q.size, phi.size))
    holes, terms = np.empty(5), np.empty(7)
    beta, area = 1.0 / T, (h / (2.0 * math.pi)) ** 2
    for i in range(q.size):
        # k +- q/2 reaches every occupied state, which the static response needs.
        n = int(math.ceil((reach + 0.5 * q[i]) / h))
        for j in range(phi.size):
            cos, sin = math.cos(phi[j]), math.sin(phi[j])
            x, y = 0.5 * q[i] * cos, 0.5 * q[i] * sin
            for m in range(-n, n + 1):
                for l in range(-n, n + 1):
                    kx, ky = m * h, l * h
                    # The electron goes from k + q/2 to k - q/2.
                    xi, w, bend = layers.evaluate(band, kx + x, ky + y)
                    xi_after, w_after, bend_after = layers.evaluate(band, kx - x, ky - y)
                    e, e_after = math.exp(-0.5 * beta * abs(xi)), math.exp(-0.5 * beta * abs(xi_after))
                    if e < 1e-9 and e_after < 1e-9 and (xi > 0.0) == (xi_after > 0.0):
                        continue
                    before, after, occupied = layers.occupations(xi, xi_after, e, e_after)
                    omega = xi - xi_after
                    factor = area
                    if overlap:
                        factor *= layers.overlap(band, kx + x, ky + y, kx - x, ky - y)
                    half = 0.5 * beta * omega
                    # (f' - f)/omega = 2 sinh(beta omega/2) G/omega
                    if abs(half) < 1e-4:
                        static[i, j] += factor * beta * occupied * (1.0 + half * half / 6.0)
                    else:
                        static[i, j] += factor * (after - before) / omega
                    if e * e_after < 1e-10:
                        continue
                    p = omega / (c * q[i])
                    if abs(p) > p_max:
                        continue
                    _interpolate(tables[i], (p + p_max) / step, holes)
                    _terms(
                        xi,
                        xi_after,
                        w,
                        w_after,
                        bend,
                        bend_after,
                        before,
                        after,
                        q[i],
                        p,
                        cos,
                        sin,
                        beta,
                        c,
                        holes,
                        terms,
                    )
                    for s in range(7):
                        values[i, j, s] += factor * occupied * terms[s]
    return values, static


_BARYCENTRIC = np.array(
    [(-1.0) ** (_POINTS - 1 - i) / (math.factorial(i) * math.factorial(_POINTS - 1 - i)) for i in range(_POINTS)]
)
