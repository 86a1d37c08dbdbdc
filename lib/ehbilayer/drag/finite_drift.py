r"""Drag between layers that drift at any speed, without expansion in the drift.

Three distributions of a drifting layer, the same in both layers:

- a shifted Fermi-Dirac function f_0(k - u);
- the drifting equilibrium f_0(xi - hbar w k_x - delta), where the carriers of a layer collide with each other more
  often than with impurities; delta keeps the density. For a parabola the two are one;
- the exact solution of the Boltzmann equation with a constant relaxation time, where it is the other way round:

.. math:: f(\mathbf k) = \int_0^\infty ds\, e^{-s} f_0(\mathbf k - s\mathbf u), \qquad \mathbf u = eE\tau/\hbar ,

between 0 and 1 in any field, with the Joule heat that a constant relaxation time leaves in the layer. Its second order
in u is the "relaxation-time" of `ehbilayer.drag.ANSATZE`.

The sums are those of `ehbilayer.drag.drift_kernels`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import newton

from ehbilayer import validation
from ehbilayer.drag.coefficients import checked_exchange
from ehbilayer.drag.drift_kernels import ExcessTable, force, history
from ehbilayer.drag.drift_tables import excess_at, transfers_at
from ehbilayer.drag.holes_table import HolesTable
from ehbilayer.drag.nonlinear import Grid, make_grid
from ehbilayer.drag.rashba_layer import RashbaLayer, mean_velocity
from ehbilayer.drag.rates import checked_spacing, kept_static, static_interaction
from ehbilayer.drag.result import PS, carrier_velocity
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.units import HBAR, HBAR2_PER_M0

__all__ = ["DISTRIBUTIONS", "SCREENINGS", "DriftingLayers"]

DISTRIBUTIONS = ("shifted", "drifting", "relaxation-time")
"""Distributions of a layer at any drift u along x: f_0(k - u), the drifting equilibrium with the mean velocity of
u hbar/average mass, and the exact solution with a relaxation time."""

SCREENINGS = ("none", "thomas-fermi", "static-rpa")
"""The ways of screening, with the responses of the layers at rest."""


@dataclass(frozen=True)
class DriftingLayers:
    """A Rashba layer that drags a parabolic one, at any drift.

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
    local_field : {"none", "hubbard", "monte-carlo"}
    degeneracy : int
        As in `ehbilayer.drag.drag_coefficients`; the layers are those of one species.
    distribution : {"shifted", "drifting", "relaxation-time"}
        Of both layers (see `DISTRIBUTIONS`).
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
    >>> from dataclasses import replace
    >>> electrons, holes = RashbaLayer(0.2, 10, 40, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, 40)
    >>> drift = DriftingLayers(electrons, holes, d=20, eps_r=5)
    >>> forward, backward = (drift.drag_ratio(1e-9, current) for current in (5.0, -5.0))
    >>> print(f"{100 * forward:.2f} % and {100 * backward:.2f} %")
    -4.78 % and -4.73 %
    >>> heated = replace(drift, distribution="relaxation-time")
    >>> print(f"{100 * heated.drag_ratio(1e-9, 5.0):.2f} %")
    -4.79 %
    """

    electrons: RashbaLayer
    holes: ParabolicLayer
    d: float
    eps_r: float
    screening: str = "thomas-fermi"
    local_field: str = "none"
    degeneracy: int = 1
    distribution: str = "shifted"
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
        checked_exchange(self.local_field, self.degeneracy, self.screening)
        validation.option("distribution", self.distribution, DISTRIBUTIONS)
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
        electrons, holes = self.electrons, self.holes
        grid, square = self._prepared
        T, c, q, phi = electrons.thermal_energy, holes.curvature, grid.panels.nodes, grid.directions
        if self.distribution == "relaxation-time" and u2 != 0.0:
            transfers, shift = transfers_at(holes, q, phi, u2), 0.0
        else:
            # A shifted parabola is the one at rest, seen from a moving frame.
            transfers, shift = self._transfers_at_rest, u2
        values = force(electrons.band, T, c, q, phi, self._table(u1), transfers, shift)
        return float(math.pi / (HBAR * holes.density) * grid.integrate(values * square))

    def velocity(self, u1: float) -> float:
        """Mean velocity of the electrons along x.

        Parameters
        ----------
        u1 : float
            Drift in nm^-1.

        Returns
        -------
        float
            In nm/ps.
        """
        u1 = validation.real("u1", u1)
        if self.distribution == "drifting":
            return self.electrons.tilt[0] * u1 / HBAR
        return mean_velocity(self.electrons.band, *self._at_rest, *self._shifts(u1)) / HBAR

    def heat(self, u1: float) -> float:
        """Energy that the drift adds to an electron, mean over the layer.

        Parameters
        ----------
        u1 : float
            Drift in nm^-1.

        Returns
        -------
        float
            In meV.
        """
        u1 = validation.real("u1", u1)
        return self._mean(self.electrons.energy, u1) - self._mean(self.electrons.energy, 0.0)

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
        target = carrier_velocity(current, self.degeneracy * self.electrons.density)
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
        rate = PS / validation.positive("tau_2", tau_2)
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

    def _mean(self, quantity: Callable[[NDArray, NDArray], NDArray], u1: float) -> float:
        """Mean of a function of the wave vector over the drifting electrons."""
        electrons = self.electrons
        if self.distribution == "drifting":
            kx, ky, xi = self._points(2 * abs(u1))
            f = _fermi(xi - self.electrons.tilt[0] * u1 * kx - self.level(u1), electrons.thermal_energy)
            return float(np.sum(f * quantity(kx, ky)) / f.sum())
        kx, ky, share = self._at_rest
        return float(sum(w * np.sum(share * quantity(kx + x, ky)) for x, w in zip(*self._shifts(u1), strict=True)))

    def _shifts(self, u1: float) -> tuple[NDArray, NDArray]:
        """Shifts along x of the electrons at rest that make up the drifting ones, and their weights."""
        if self.distribution == "shifted" or u1 == 0.0:
            return np.array([u1]), np.ones(1)
        # Seven nodes on half of the distance to the poles of a Fermi function, twice the spacing away.
        s, weights = history(math.inf, self.electrons.spacing() / abs(u1))
        return s * u1, weights

    @cached_property
    def _at_rest(self) -> tuple[NDArray, NDArray, NDArray]:
        """Wave vectors of the occupied states of the electrons at rest, and the share of electrons at each."""
        kx, ky, xi = self._points(0.0)
        f = _fermi(xi, self.electrons.thermal_energy)
        occupied = f > 1e-14
        return kx[occupied], ky[occupied], f[occupied] / f.sum()

    def _table(self, u1: float) -> ExcessTable:
        spacing = checked_spacing(self.spacing, self.electrons, self.screening, self.order, self.angles)
        level = self.level(u1) if self.distribution == "drifting" else 0.0
        return excess_at(self.electrons, spacing, self.distribution, u1, level)

    def _points(self, beyond: float) -> tuple[NDArray, NDArray, NDArray]:
        """Wave vectors of a sum over the electrons, and their energies."""
        h = 0.7 * self.electrons.spacing()
        n = int(math.ceil((self.electrons.reach() + beyond) / h))
        axis = h * np.arange(-n, n + 1)
        kx, ky = np.meshgrid(axis, axis, indexing="ij")
        return kx, ky, self.electrons.energy(kx, ky)

    def level(self, u1: float) -> float:
        """Shift of the chemical potential that keeps the density of a drifting equilibrium.

        Parameters
        ----------
        u1 : float
            Drift in nm^-1.

        Returns
        -------
        float
            In meV.
        """
        T = self.electrons.thermal_energy
        kx, _, xi = self._points(2 * abs(u1))
        target, tilted = _fermi(xi, T).sum(), xi - self.electrons.tilt[0] * u1 * kx

        def excess(level: float) -> float:
            return _fermi(tilted - level, T).sum() / target - 1.0

        slope, centre = self.electrons.tilt
        guess = -slope * u1 * (centre + 0.5 * u1)
        return float(newton(excess, guess, x1=guess - 1e-3 * T, tol=1e-10 * T)) if u1 != 0.0 else 0.0

    @cached_property
    def _transfers_at_rest(self) -> HolesTable:
        return transfers_at(self.holes, self._prepared[0].panels.nodes, np.zeros(1), 0.0)

    @cached_property
    def _prepared(self) -> tuple[Grid, NDArray]:
        electrons, holes = self.electrons, self.holes
        spacing = checked_spacing(self.spacing, electrons, self.screening, self.order, self.angles)
        grid = make_grid(electrons, holes, d=self.d, order=self.order, angles=self.angles, spacing=spacing)
        static = kept_static(electrons, grid, False) if self.screening == "static-rpa" else None
        g, exchange = self.degeneracy, checked_exchange(self.local_field, self.degeneracy, self.screening)
        # As in `ehbilayer.drag.coefficients.graded_rates`.
        U = static_interaction(electrons, holes, grid, static, self.screening, self.d, self.eps_r / g, exchange)
        return grid, np.abs(U) ** 2 / g


def _fermi(xi: NDArray, T: float) -> NDArray:
    return 0.5 * (1 - np.tanh(xi / (2 * T)))
