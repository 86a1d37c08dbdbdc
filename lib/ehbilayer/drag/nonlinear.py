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
g^{(2)} - g'^{(2)} to the second-order terms. The drifting equilibrium :math:`f_0(\xi - \hbar w k_x)` is the case of
s = 1/2 with the line :math:`\bar c (k_x - \bar k)`, :math:`\bar c = \hbar^2/\bar m`, in place of the slope
:math:`d\xi/dk_x`: its mean velocity is w at any w, its density is kept to first order by the mean :math:`\bar k` of k_x
with the weight of :math:`-\partial f_0/\partial\xi`, and the constants of its second order drop out of differences.

Energy conservation fixes the momentum of the parabolic carrier along q; the sum over its other component is done
beforehand, on a table for each q, and interpolated where the trapezoidal sum over the electrons asks for it. The sums
do not contain the interaction, unless that depends on omega.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.holes_table import CUT, interpolate, occupation_table
from ehbilayer.drag.occupations import occupations
from ehbilayer.drag.rashba_layer import RashbaLayer, evaluate, level_at, overlap
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.numerics.exponential import exponentials
from ehbilayer.numerics.quadrature import Panels
from ehbilayer.units import HBAR

SUMS = ("drive", "drag", "K11", "K12", "K22", "shift11", "shift22")
"""Order of the sums: the two linear terms, the three quadratic ones, and the second-order shifts per s."""

# Distance from the chemical potential in k_B T from which on states count as full or empty in a response.
_FROZEN = 41.5
# Electrons of a row whose energies are bounded together.
_BLOCK = 16


class Mesh(NamedTuple):
    """Numbers of a `Grid` that kernels take.

    Attributes
    ----------
    q, phi : ndarray
        Lengths in nm^-1 and directions of the transferred momentum.
    spacing, reach : float
        Of the electrons' grid in nm^-1.
    """

    q: NDArray
    phi: NDArray
    spacing: float
    reach: float


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
    def directions(self) -> NDArray:
        """Angles of q, shape (angles,); the others follow by symmetry."""
        return (np.arange(self.angles) + 0.5) * (0.5 * math.pi / self.angles)

    @property
    def mesh(self) -> Mesh:
        """Numbers that the kernels take."""
        return Mesh(self.panels.nodes, self.directions, self.spacing, self.reach)

    def integrate(self, values: NDArray) -> NDArray:
        """Integral of q_x times values over all vectors q, over (2 pi)^2.

        Parameters
        ----------
        values : ndarray, shape (q, angles, ...)
            At the nodes in the first quarter turn; the full turn is four times that.

        Returns
        -------
        ndarray, shape (...)
        """
        # d^2q = q dq dphi.
        measure = self.panels.weights * self.panels.nodes**2 / (4 * math.pi**2)
        area = measure[:, None] * np.cos(self.directions) * (2 * math.pi / self.angles)
        return np.einsum("qp,qp...->...", area, values)


def make_grid(
    electrons: RashbaLayer,
    holes: ParabolicLayer,
    *,
    d: float,
    order: int,
    angles: int,
    spacing: float,
    d_max: float | None = None,
) -> Grid:
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
    reach = electrons.reach(CUT)
    tops = [
        min(2 * holes.reach(CUT), 2 * reach, 17.0 / x if x > 0 else math.inf)
        for x in (d, d if d_max is None else d_max)
    ]
    edges = {0.0} | {top * x for top in tops for x in (1 / 32, 1 / 8, 0.3, 0.6, 1.0)}
    return Grid(Panels(tuple(sorted(edges)), order), angles, spacing, reach)


def sums(
    electrons: RashbaLayer, holes: ParabolicLayer, grid: Grid, overlaps: bool, tilt: tuple[float, float] = (0.0, 0.0)
) -> NDArray:
    """Sums over both layers' carriers at each vector q of the grid, without the interaction.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    grid : Grid
    overlaps : bool
        Whether to include the squared overlap of the electrons' spinors.
    tilt : tuple of float
        `RashbaLayer.tilt` for the electrons' drifting equilibrium; with zeros their distribution follows the slope of
        the band.

    Returns
    -------
    ndarray, shape (q, angles, 7)
        In the order of `SUMS`, in units of nm^-n meV^-1.
    """
    table = occupation_table(grid.panels.nodes, holes)
    return _sums(electrons.band, electrons.thermal_energy, holes.curvature, grid.mesh, table, overlaps, tilt)


def static_response(electrons: RashbaLayer, grid: Grid, overlaps: bool) -> NDArray:
    """Static response chi(q, 0) of the Rashba layer at each vector q of the grid.

    Parameters
    ----------
    electrons : RashbaLayer
    grid : Grid
    overlaps : bool
        Whether to include the squared overlap of the spinors.

    Returns
    -------
    ndarray, shape (q, angles)
        In 1/(meV nm^2).
    """
    return _static(electrons.band, electrons.thermal_energy, grid.mesh, overlaps)


def coefficients(holes: ParabolicLayer, grid: Grid, values: NDArray, interaction: ArrayLike) -> NDArray:
    """Integrate the sums with an interaction.

    Parameters
    ----------
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
    square = np.abs(np.asarray(interaction)) ** 2
    return math.pi / (HBAR * holes.density) * grid.integrate(square[..., None] * values)


class _State(NamedTuple):
    """Energy above the chemical potential, slope, bend and occupation of an electron's state."""

    xi: float
    w: float
    bend: float
    f: float


@kernel(error_model="numpy")
def _terms(before, after, q, p, cos, sin, beta, c, holes, out):
    """The brackets of the module's head for one electron, summed over the holes' transverse momentum."""
    t0, t1, t2, t3, t4 = holes
    w, w_after, f, f_after = before.w, after.w, before.f, after.f
    a, b = (p - 0.5 * q) * cos, (p + 0.5 * q) * cos
    ratio = beta * c
    out[0] = beta * (w - w_after) * t0
    out[1] = ratio * q * cos * t0
    out[2] = beta**2 * w * w_after * (f - f_after) * t0
    direct = w * a * ((1.0 - f) * t0 - t1) - w_after * b * ((1.0 - f_after) * t0 - t2)
    out[3] = beta * ratio * (direct + w * b * (f * t0 - t2) - w_after * a * (f_after * t0 - t1))
    out[4] = ratio**2 * (a * b * (t1 - t2) + sin * sin * (t3 - t4))
    squares = w * w * (1.0 - 2.0 * f) - w_after * w_after * (1.0 - 2.0 * f_after)
    out[5] = (beta**2 * squares - beta * (before.bend - after.bend)) * t0
    out[6] = ratio**2 * ((a * a - b * b) * t0 - 2.0 * (a * a * t1 - b * b * t2) - 2.0 * sin * sin * (t3 - t4))


@kernel(error_model="numpy")
def _collisions(band, T, place, first, count, h, farthest, work):
    """Collisions of a row of electrons that are not too rare: how many, their k_y, energies and exponentials.

    G_1 is at most exp(-(|xi| + |xi'|)/2T), and G_2, of the holes, exp(-|omega|/2T): together exp(-L/T) with L the
    largest of |xi|, |xi'| and |omega|. Energies change along a row by no more than (c |k_y| + |lam|) per step in k_y,
    which skips whole blocks.
    """
    (kx, y), (kx_after, y_after) = place
    most, found = CUT * T, 0
    for start in range(0, count, _BLOCK):
        end = min(start + _BLOCK, count)
        half = 0.5 * h * (end - 1 - start)
        middle = first + h * start + half
        change = (band.curvature * (abs(middle) + abs(y) + half) + abs(band.lam)) * half
        a, b = level_at(band, kx, middle + y), level_at(band, kx_after, middle + y_after)
        if max(abs(a), abs(b)) - change > most or abs(a - b) - 2.0 * change > min(farthest, most):
            continue
        for l in range(start, end):
            ky = first + h * l
            work[5, l - start] = level_at(band, kx, ky + y)
            work[6, l - start] = level_at(band, kx_after, ky + y_after)
        for l in range(end - start):
            xi, xi_after = work[5, l], work[6, l]
            omega = abs(xi - xi_after)
            if max(abs(xi), abs(xi_after), omega) < most and omega < farthest:
                work[0, found], work[1, found], work[2, found] = first + h * (start + l), xi, xi_after
                found += 1
    for l in range(found):
        work[3, l], work[4, l] = -0.5 * abs(work[1, l]) / T, -0.5 * abs(work[2, l]) / T
    exponentials(work[3, :found])
    exponentials(work[4, :found])
    return found


@kernel(error_model="numpy")
def _sums(band, T, c, mesh, table, overlaps, tilt):
    q, phi, h = mesh.q, mesh.phi, mesh.spacing
    values = np.zeros((q.size, phi.size, 7))
    holes, terms = np.empty(5), np.empty(7)
    beta, area = 1.0 / T, (h / (2.0 * math.pi)) ** 2
    for i in range(q.size):
        n = int(math.ceil((mesh.reach + 0.5 * q[i]) / h))
        axis = h * np.arange(-n, n + 1)
        work = np.empty((7, max(axis.size, _BLOCK)))
        farthest = c * q[i] * table.p_max
        for j in range(phi.size):
            cos, sin = math.cos(phi[j]), math.sin(phi[j])
            x, y = 0.5 * q[i] * cos, 0.5 * q[i] * sin
            for kx in axis:
                # The electron goes from k + q/2 to k - q/2.
                place = (kx + x, y), (kx - x, -y)
                count = _collisions(band, T, place, axis[0], axis.size, h, farthest, work)
                for l in range(count):
                    ky, xi, xi_after = work[0, l], work[1, l], work[2, l]
                    f, f_after, occupied = occupations(xi, xi_after, work[3, l], work[4, l])
                    factor = area
                    if overlaps:
                        factor *= overlap(band, kx + x, ky + y, kx - x, ky - y)
                    p = (xi - xi_after) / (c * q[i])
                    interpolate(table.values[i], (p + table.p_max) / table.step, holes)
                    if tilt[0] > 0.0:
                        w, w_after = tilt[0] * (kx + x - tilt[1]), tilt[0] * (kx - x - tilt[1])
                        bend, bend_after = tilt[0], tilt[0]
                    else:
                        _, w, bend = evaluate(band, kx + x, ky + y)
                        _, w_after, bend_after = evaluate(band, kx - x, ky - y)
                    before, after = _State(xi, w, bend, f), _State(xi_after, w_after, bend_after, f_after)
                    _terms(before, after, q[i], p, cos, sin, beta, c, holes, terms)
                    for s in range(7):
                        values[i, j, s] += factor * occupied * terms[s]
    return values


@kernel(error_model="numpy")
def _static(band, T, mesh, overlaps):
    q, phi, h = mesh.q, mesh.phi, mesh.spacing
    out = np.zeros((q.size, phi.size))
    beta, area = 1.0 / T, (h / (2.0 * math.pi)) ** 2
    for i in range(q.size):
        # k +- q/2 reaches every occupied state.
        n = int(math.ceil((mesh.reach + 0.5 * q[i]) / h))
        for j in range(phi.size):
            x, y = 0.5 * q[i] * math.cos(phi[j]), 0.5 * q[i] * math.sin(phi[j])
            for m in range(-n, n + 1):
                for l in range(-n, n + 1):
                    kx, ky = m * h, l * h
                    xi, xi_after = level_at(band, kx + x, ky + y), level_at(band, kx - x, ky - y)
                    # f - f' is nothing where both states are full, or both empty.
                    if min(abs(xi), abs(xi_after)) > _FROZEN * T and (xi > 0.0) == (xi_after > 0.0):
                        continue
                    e, e_after = math.exp(-0.5 * beta * abs(xi)), math.exp(-0.5 * beta * abs(xi_after))
                    f, f_after, occupied = occupations(xi, xi_after, e, e_after)
                    omega = xi - xi_after
                    factor = area
                    if overlaps:
                        factor *= overlap(band, kx + x, ky + y, kx - x, ky - y)
                    half = 0.5 * beta * omega
                    # (f' - f)/omega = 2 sinh(beta omega/2) G/omega
                    if abs(half) < 1e-4:
                        out[i, j] += factor * beta * occupied * (1.0 + half * half / 6.0)
                    else:
                        out[i, j] += factor * (f_after - f) / omega
    return out
