r"""Drag between layers with shifted Fermi-Dirac distributions, at any drift.

With f_i(k) = f_0(k - u_i) in both layers, nothing is expanded in the drift. The sum over the transverse momentum of the
parabolic carrier is done beforehand on a table for each q,

.. math:: H(q, p) = \frac{1}{c q}\int\frac{dk_\perp}{(2\pi)^2} f_2(1 - f_{2'}),

with p the mean of its momenta along q before and after the collision, which energy conservation fixes; the reversed
collision has H(q, -p), and a shift of the layer moves p by u_2 cos(phi). What is left is the trapezoidal sum over the
electrons, as in `nonlinear`.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import newton

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.drag.holes_table import HolesTable, interpolate, momenta
from ehbilayer.drag.nonlinear import Grid, make_grid
from ehbilayer.drag.occupations import fermi
from ehbilayer.drag.rashba_layer import RashbaLayer, evaluate
from ehbilayer.drag.rates import checked_spacing, kept_sums, static_interaction
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.units import CHARGE, HBAR, HBAR2_PER_M0

__all__ = ["SCREENINGS", "DriftingLayers"]

SCREENINGS = ("none", "thomas-fermi", "static-rpa")
"""The ways of screening, with the responses of the layers at rest."""

_CUT = 26.0
_PER_STRIP = 20.0


@dataclass(frozen=True)
class DriftingLayers:
    """A Rashba layer that drags a parabolic one, both with shifted Fermi-Dirac distributions.

    Parameters
    ----------
    electrons : RashbaLayer
        Drive layer.
    holes : ParabolicLayer
        Drag layer, at the same temperature.
    d : float
        Spacing in nm, zero or more.
    eps_r : float
        Relative permittivity, greater than zero.
    screening : {"none", "thomas-fermi", "static-rpa"}
        By the layers at rest.
    order, angles : int
        Gauss-Legendre nodes per panel of q, at least 4; directions of q in a quarter turn, at least 3.
    spacing : float, optional
        Of the electrons' grid in nm^-1; by default 0.7 times the coarsest that resolves T.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> electrons, holes = RashbaLayer(0.2, 10, 40, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, 40)
    >>> drift = DriftingLayers(electrons, holes, d=20, eps_r=5)
    >>> forward, backward = (drift.drag_ratio(1e-9, current) for current in (5.0, -5.0))
    >>> print(f"{100 * forward:.2f} % and {100 * backward:.2f} %")
    -4.78 % and -4.73 %
    """

    electrons: RashbaLayer
    holes: ParabolicLayer
    d: float
    eps_r: float
    screening: str = "thomas-fermi"
    order: int = 6
    angles: int = 6
    spacing: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.electrons, RashbaLayer) or not isinstance(self.holes, ParabolicLayer):
            raise TypeError("electrons and holes are not allowed: need a RashbaLayer and a ParabolicLayer")
        if self.electrons.T != self.holes.T:
            raise ArgumentError("holes.T", self.holes.T, f"the temperature of the electrons, {self.electrons.T!r}")
        object.__setattr__(self, "d", validation.real("d", self.d, low=0.0))
        object.__setattr__(self, "eps_r", validation.positive("eps_r", self.eps_r))
        validation.option("screening", self.screening, SCREENINGS)
        validation.integer("order", self.order, low=4, high=64)
        validation.integer("angles", self.angles, low=3, high=256)
        spacing = checked_spacing(self.spacing, self.electrons, self.screening, self.order, self.angles)
        object.__setattr__(self, "spacing", spacing)

    def force(self, u1: float, u2: float = 0.0) -> float:
        """Mean force on a hole, F/hbar.

        Parameters
        ----------
        u1, u2 : float
            Shifts of the distributions along x in nm^-1.

        Returns
        -------
        float
            In nm^-1/ps.

        Raises
        ------
        TypeError, ArgumentError
            If a shift is not a finite number.
        """
        u1, u2 = validation.real("u1", u1), validation.real("u2", u2)
        grid, square, table = self._prepared
        mesh = grid.mesh._replace(reach=self.electrons.reach(_CUT) + abs(u1))
        electrons, c = self.electrons, self.holes.curvature
        values = _force(electrons.band, electrons.thermal_energy, c, (u1, u2), mesh, table)
        return float(math.pi / (HBAR * self.holes.density) * grid.integrate(values * square))

    def velocity(self, u1: float) -> float:
        """Mean velocity of the shifted electrons along x.

        Parameters
        ----------
        u1 : float
            Shift in nm^-1.

        Returns
        -------
        float
            In nm/ps.
        """
        u1 = validation.real("u1", u1)
        kx, ky, occupied = self._occupied
        return float(np.sum(occupied * self.electrons.velocity(kx + u1, ky)) / HBAR)

    def shift(self, current: float) -> float:
        """Shift of the electrons that carries a drive current.

        Parameters
        ----------
        current : float
            In A/m.

        Returns
        -------
        float
            In nm^-1.

        Raises
        ------
        TypeError, ArgumentError
            If the current is not a finite number.
        NotConverged
            If no shift was found.
        """
        # In nm/ps, of charges -e.
        target = -validation.real("current", current) * 1e-3 / (CHARGE * self.electrons.density)
        if target == 0.0:
            return 0.0
        guess = self.electrons.average_mass * HBAR / HBAR2_PER_M0 * target

        def excess(u: float) -> float:
            return self.velocity(u) - target

        try:
            return float(newton(excess, guess, x1=1.01 * guess, tol=1e-9 * abs(guess)))
        except RuntimeError as error:
            raise NotConverged(f"no shift of the electrons carries current = {current!r}: {error}") from error

    def strength(self, current: float) -> float:
        """Energy shift of the fastest electrons at the chemical potential, v u, over k_B T.

        An expansion in the drift needs it small.

        Parameters
        ----------
        current : float
            In A/m.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ArgumentError
            If the current is not a finite number.
        """
        return abs(self.shift(current)) * self.electrons.steepest() / self.electrons.thermal_energy

    def drag_ratio(self, tau_2: float, current: float) -> float:
        """Drag ratio with the holes' layer short-circuited: the root u2 of F(u1, u2)/hbar = u2/tau_2.

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s, greater than zero.
        current : float
            Drive current per width in A/m, not zero.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number in its range.
        NotConverged
            If the balance of forces did not converge.
        """
        rate = 1e-12 / validation.positive("tau_2", tau_2)
        u1 = self.shift(current)
        if u1 == 0.0:
            raise ArgumentError("current", current, "a value other than zero")
        # Secant steps from a layer at rest; the force is nearly linear in u2.
        before, balance = 0.0, self.force(u1)
        u2 = balance / (rate + abs(balance / u1))
        for _ in range(30):
            here = self.force(u1, u2) - rate * u2
            change = -here * (u2 - before) / (here - balance)
            before, balance, u2 = u2, here, u2 + change
            if abs(change) < 1e-7 * abs(u2):
                break
        else:
            raise NotConverged(f"the balance of forces at current = {current!r} did not converge")
        velocity = self.holes.curvature * u2 / HBAR
        return -self.holes.density * velocity / (self.electrons.density * self.velocity(u1))

    @cached_property
    def _occupied(self) -> tuple[NDArray, NDArray, NDArray]:
        h = 0.7 * self.electrons.spacing()
        n = int(math.ceil(self.electrons.reach() / h))
        axis = h * np.arange(-n, n + 1)
        kx, ky = np.meshgrid(axis, axis, indexing="ij")
        f = 0.5 * (1 - np.tanh(self.electrons.energy(kx, ky) / (2 * self.electrons.thermal_energy)))
        keep = f > 1e-14
        return kx[keep], ky[keep], f[keep] / f.sum()

    @cached_property
    def _prepared(self) -> tuple[Grid, NDArray, HolesTable]:
        electrons, holes = self.electrons, self.holes
        spacing = checked_spacing(self.spacing, electrons, self.screening, self.order, self.angles)
        grid = make_grid(electrons, holes, d=self.d, order=self.order, angles=self.angles, spacing=spacing)
        static = kept_sums(electrons, holes, grid, False)[1] if self.screening == "static-rpa" else None
        U = static_interaction(electrons, holes, grid, static, self.screening, self.d, self.eps_r)
        p, step, k = momenta(holes, cut=_CUT, per_strip=_PER_STRIP, beyond=0.5 * grid.panels.edges[-1])
        values = _fill(grid.panels.nodes, p, k, holes.curvature, holes.thermal_energy, holes.E_F)
        return grid, np.abs(U) ** 2, HolesTable(values, step, float(p[-1]))


@kernel(error_model="numpy")
def _fill(q, p, k, c, T, E_F):
    out = np.zeros((q.size, p.size, 1))
    for i in range(q.size):
        # (m/hbar^2 q) dk/(4 pi^2), twice for +-k.
        factor = 2.0 * k[1] / (4.0 * math.pi**2 * c * q[i])
        for j in range(p.size):
            low, high = p[j] - 0.5 * q[i], p[j] + 0.5 * q[i]
            for n in range(k.size):
                before = fermi((0.5 * c * (low * low + k[n] * k[n]) - E_F) / T)
                empty = fermi((E_F - 0.5 * c * (high * high + k[n] * k[n])) / T)
                out[i, j, 0] += before * empty * factor * (0.5 if n == 0 else 1.0)
    return out


@kernel(error_model="numpy")
def _force(band, T, c, shifts, mesh, table):
    q, phi, h = mesh.q, mesh.phi, mesh.spacing
    u1, u2 = shifts
    out = np.zeros((q.size, phi.size))
    value = np.empty(1)
    area = (h / (2.0 * math.pi)) ** 2
    for i in range(q.size):
        n = int(math.ceil((mesh.reach + 0.5 * q[i]) / h))
        for j in range(phi.size):
            cos, sin = math.cos(phi[j]), math.sin(phi[j])
            x, y = 0.5 * q[i] * cos, 0.5 * q[i] * sin
            total = 0.0
            for m in range(-n, n + 1):
                for l in range(-n, n + 1):
                    kx, ky = m * h, l * h
                    # The electron goes from k + q/2 to k - q/2.
                    shifted = evaluate(band, kx + x - u1, ky + y)[0] / T
                    shifted_after = evaluate(band, kx - x - u1, ky - y)[0] / T
                    if min(shifted, shifted_after) > _CUT or max(shifted, shifted_after) < -_CUT:
                        continue
                    omega = evaluate(band, kx + x, ky + y)[0] - evaluate(band, kx - x, ky - y)[0]
                    p = omega / (c * q[i]) - u2 * cos
                    if abs(p) > table.p_max:
                        continue
                    interpolate(table.values[i], (table.p_max + p) / table.step, value)
                    total += fermi(shifted) * fermi(-shifted_after) * value[0]
                    interpolate(table.values[i], (table.p_max - p) / table.step, value)
                    total -= fermi(shifted_after) * fermi(-shifted) * value[0]
            out[i, j] = total * area
    return out
