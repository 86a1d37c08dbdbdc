r"""Frictional drag with the interaction that makes the pairs: electrons and holes that scatter by their T-matrix.

A contact attraction g scatters a pair of total momentum hbar Q and energy Omega repeatedly,

.. math:: T(\mathbf Q, \Omega) = \frac{-1}{1/g - \Pi(\mathbf Q, \Omega)}, \qquad
   \frac{F}{\hbar} = \frac{2\pi}{\hbar n_h}\int\frac{d^2Q}{(2\pi)^2}\int d\Omega\, |T|^2
   \left(A^<_x A^> - A^< A^>_x\right) .

F is the mean force on a hole. Of the collision integral only sums over the pairs of one Q and Omega are left, since
``|T|^2`` knows neither the momentum before nor that after a collision. With k for the electron of a pair,
A^< = sum f_e f_h delta(Omega - E), A^> is the same with (1 - f_e)(1 - f_h), and those with the index x have k_x in
them: k - k', which a collision gives to the hole, has become the difference of two products. Between two drifting
equilibria this is to first order, with B = sum sqrt(f_e f_h (1 - f_e)(1 - f_h)) delta(Omega - E),

.. math:: \frac{F}{\hbar} = \frac{2\pi\beta}{n_h}(v_1 - v_2)\int\frac{d^2Q}{(2\pi)^2}\int d\Omega\, |T|^2
   \left(B B_{xx} - B_x^2\right) .

1/g is what makes the normal state unstable at T_c, as for the condensate: only differences of Pi are left, and no
cutoff (`ehbilayer.drag.ladder_pairs`). In equilibrium B = A/2 sinh(beta Omega/2) with A = A^> - A^<, Im Pi = pi A: the
integral is one over squares of spectral densities, and logarithmic in T - T_c near T_c.

What is left out: self-energies, hence the width of the carriers, small while hbar/tau_D is below k_B T; scattering of
carriers by pairs that are bound outside of the continuum; impurities between two scatterings of a pair.
"""

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from ehbilayer import validation
from ehbilayer.drag.finite_drift import DriftingLayers
from ehbilayer.drag.ladder_kernels import PairLayers
from ehbilayer.drag.ladder_pairs import PairSpectrum, spectrum_at
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.result import PS, carrier_velocity
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.numerics.quadrature import Panels
from ehbilayer.units import HBAR

__all__ = ["LARGEST_CURRENT", "Ladder", "LadderDrag"]

LARGEST_CURRENT = 200.0
"""Drive currents per width up to which drifts are followed, in A/m."""

# Panels of |Q| about the momentum at which pairs form first, in k_B T over the largest slope; then each is longer.
_NEAR = (0.12, 0.4, 1.0, 2.0, 4.0)
_LONGER = 1.8
# Occupations are followed to exp(-this) beyond the chemical potentials.
_TAIL = 9.0
# In A/m: below, the drag is linear and a difference of distributions rounding.
_SMALLEST = 1e-6
# Of the balance of forces: relative change of the rate, and steps.
_BALANCED, _STEPS = 1e-5, 30


@dataclass(frozen=True)
class LadderDrag:
    """Drag by the T-matrix at one drift, with its validity.

    Attributes
    ----------
    ratio : float or None
        zeta = j2/j1 with the holes' layer short-circuited; None where the normal state is unstable.
    tau_D1, tau_D2 : float or None
        Drag times in s: 1/tau_D2 is the force on a hole over m_h (v_1 - v_2), and 1/tau_D1 that over the electrons'
        average mass instead; to first order at current 0, with the drifts of the balance else.
    broadening : float or None
        hbar/tau_D2 over k_B T.
    margin : float
        (1/g - Pi)/N at the pair momentum at which it is least, N = 1/pi(hbar^2/m_e + hbar^2/m_h): ln(T/T_c) in layers
        at rest that are parabolic and degenerate. Below zero the normal state is unstable.
    pair_momentum : float
        That momentum over hbar along x, in nm^-1.
    u1, u2 : float
        Drifts of the balance, as in `ehbilayer.drag.finite_drift.DriftingLayers`, in nm^-1; where there is none, those
        at which the normal state was found unstable.
    current, tau_2 : float
        The arguments, in A/m and s.
    """

    ratio: float | None
    tau_D1: float | None
    tau_D2: float | None
    broadening: float | None
    margin: float
    pair_momentum: float
    u1: float
    u2: float
    current: float
    tau_2: float

    @property
    def stable(self) -> bool:
        """Whether no pairs form by themselves."""
        return self.margin > 0.0

    @property
    def valid(self) -> bool:
        """Whether the normal state is stable, and its carriers live longer than hbar/k_B T."""
        return self.broadening is not None and self.broadening < 1.0

    @property
    def message(self) -> str:
        """One line for the reader; empty if valid."""
        if self.broadening is None:
            return "the normal state is unstable: pairs condense"
        return "" if self.valid else f"hbar/tau_D is {self.broadening:.2g} k_B T: self-energies count"


@dataclass(frozen=True)
class Ladder:
    """A Rashba layer and a parabolic one whose carriers attract each other at contact.

    Parameters
    ----------
    electrons : RashbaLayer
        Drive layer; with ``lam = 0`` a parabola. Its splitting must leave the pairs' energy convex:
        lam^2 < abs(J) (hbar^2/m_e + hbar^2/m_h).
    holes : ParabolicLayer
        Drag layer, at the same temperature.
    inverse : float
        Finite part of 1/g in 1/(meV nm^2): Pi at the temperature and the pair momentum at which pairs condense.
    scale : float
        Energy in meV in the logarithm of that finite part, greater than zero.
    pair_momentum : float
        Over hbar, along x in nm^-1: about where Pi of the layers at rest is largest.
    order : int
        Gauss-Legendre nodes per panel of the momentum and of the energy of pairs, from 4.
    angles : int
        Directions of the momentum in half a turn, from 2, which are enough for two parabolas.
    fineness : float
        Multiplies the directions of the relative momentum, from 0.5.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> electrons = RashbaLayer(0.2, 10, 12, lam=0, J=0, B=0)
    >>> ladder = Ladder(electrons, ParabolicLayer(0.2, 10, 12), inverse=4.197e-4, scale=0.8617, angles=2)
    >>> drag = ladder.drag(1e-9)
    >>> print(f"ln(T/T_c) = {drag.margin:.3f}, drag ratio {drag.ratio:.4f}")
    ln(T/T_c) = 0.182, drag ratio -0.9993
    """

    electrons: RashbaLayer
    holes: ParabolicLayer
    inverse: float
    scale: float
    pair_momentum: float = 0.0
    order: int = 6
    angles: int = 8
    fineness: float = 1.0
    _layers: DriftingLayers = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        electrons = validation.instance("electrons", self.electrons, RashbaLayer)
        holes = validation.instance("holes", self.holes, ParabolicLayer)
        if electrons.T != holes.T:
            raise ArgumentError("holes", holes, f"T = {electrons.T!r} K, that of the electrons")
        if electrons.lam**2 > 0.95 * abs(electrons.J) * self._curvature:
            raise ArgumentError("electrons", electrons, "lam^2 below |J| (hbar^2/m_e + hbar^2/m_h)")
        for name in ("inverse", "pair_momentum"):
            object.__setattr__(self, name, validation.real(name, getattr(self, name)))
        object.__setattr__(self, "scale", validation.positive("scale", self.scale))
        validation.integer("order", self.order, low=4, high=24)
        validation.integer("angles", self.angles, low=2, high=256)
        validation.real("fineness", self.fineness, low=0.5, high=20.0)
        # Of which only what does not depend on the interaction is used.
        layers = DriftingLayers(electrons, holes, d=1.0, eps_r=1.0, distribution="drifting")
        object.__setattr__(self, "_layers", layers)

    @property
    def _curvature(self) -> float:
        return self.electrons.curvature + self.holes.curvature

    def spectrum(self, Q_x: float, Q_y: float = 0.0, *, u1: float = 0.0, u2: float = 0.0) -> PairSpectrum | None:
        """Pairs of one total momentum in drifting layers.

        Parameters
        ----------
        Q_x, Q_y : float
            Total momentum over hbar in nm^-1.
        u1, u2 : float
            Drifts of the layers along x in nm^-1.

        Returns
        -------
        PairSpectrum or None
            None where no occupied pairs have this momentum.

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number.
        """
        Q = tuple(validation.real(name, x, low=-1e3, high=1e3) for name, x in (("Q_x", Q_x), ("Q_y", Q_y)))
        u1, u2 = validation.real("u1", u1), validation.real("u2", u2)
        return self._spectrum(self._pairs(u1, u2), Q)

    def instability(self, u1: float = 0.0, u2: float = 0.0) -> tuple[float, float]:
        """How far the normal state is from condensing, and at which pair momentum along x it would.

        Parameters
        ----------
        u1, u2 : float
            Drifts of the layers along x in nm^-1.

        Returns
        -------
        margin, pair_momentum : float
            As in `LadderDrag`.

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number.
        """
        u1, u2 = validation.real("u1", u1), validation.real("u2", u2)
        pairs = self._pairs(u1, u2)
        # Pairs move with the layers: the shift of two parabolas with one velocity.
        start, width = self.pair_momentum + u1 + u2, 4 * self._thermal + abs(u1) + abs(u2)
        # Layers that drift apart have two maxima, as narrow as occupations.
        step = width / min(max(8, math.ceil(2 * width / self._thermal)), 40)
        best, values = self._highest(pairs, start + step * np.arange(-round(width / step), round(width / step) + 1))
        for _ in range(2):
            best, values = self._highest(pairs, best + 0.3 * step * np.arange(-4, 5))
            step *= 0.3
        # The vertex of the parabola through the last three.
        bend = values[0] - 2 * values[1] + values[2]
        if math.isfinite(bend) and bend < 0.0:
            return self._margin(values[1] - (values[0] - values[2]) ** 2 / (8 * bend)), best + 0.5 * step * (
                values[0] - values[2]
            ) / bend
        return self._margin(values[1]), best

    def _highest(self, pairs, Q):
        """The momentum at which Pi is largest, and Pi there and on both sides."""
        values = [self._balance(pairs, x) for x in Q]
        i = int(np.argmax(values[1:-1])) + 1
        return float(Q[i]), values[i - 1 : i + 2]

    def drifts(self, current: float) -> tuple[float, float]:
        """Drift of the electrons that carries a drive current, and that of holes which move along with them.

        Parameters
        ----------
        current : float
            Drive current per width in A/m, up to `LARGEST_CURRENT`.

        Returns
        -------
        u1, together : float
            In nm^-1.

        Raises
        ------
        TypeError, ArgumentError
            If the argument is not a finite number in its range.
        """
        current = validation.real("current", current, low=-LARGEST_CURRENT, high=LARGEST_CURRENT)
        velocity = carrier_velocity(current, self.electrons.density)
        return HBAR * velocity / self.electrons.tilt[0], HBAR * velocity / self.holes.curvature

    def force(self, u1: float, u2: float = 0.0) -> float:
        """Mean force on a hole, F/hbar.

        Parameters
        ----------
        u1, u2 : float
            Drifts of the layers along x in nm^-1.

        Returns
        -------
        float
            In nm^-1/ps; of no meaning where the normal state is unstable.

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number.
        """
        u1, u2 = validation.real("u1", u1), validation.real("u2", u2)
        return self._force(u1, u2, self.instability(u1, u2)[1])

    def _force(self, u1, u2, centre):
        total = self._integrate(self._pairs(u1, u2), centre, _transfer)
        return 2 * math.pi / (HBAR * self.holes.density) * total

    def friction(self) -> float:
        """Force on a hole over the difference of the layers' velocities, to first order, over hbar.

        Returns
        -------
        float
            In nm^-2: times hbar/m_h it is 1/tau_D2.
        """
        total = self._integrate(self._pairs(0.0, 0.0), self._at_rest[1], _diffusion)
        return 2 * math.pi / (self.holes.thermal_energy * self.holes.density) * total

    def widths(self) -> tuple[float, float]:
        r"""Width of a carrier's level from its collisions with carriers of the other layer, over k_B T.

        That is hbar Gamma = -2 Im Sigma with the self-energy of lowest order, T G_0, averaged over the states with the
        weight f(1 - f): in equilibrium

        .. math:: \Gamma\sum_{\mathbf k} f(1-f) = \frac{2\pi}{\hbar}\int\frac{d^2Q}{(2\pi)^2}
           \int d\Omega\, |T|^2 A^< A^> .

        Returns
        -------
        electrons, holes : float
            Of no meaning where the normal state is unstable.
        """
        total = 2 * math.pi * self._integrate(self._pairs(0.0, 0.0), self._at_rest[1], _collisions)
        T = self.holes.thermal_energy
        return float(total / (T**2 * self.electrons.compressibility)), float(
            total / (T**2 * self.holes.compressibility)
        )

    def broadened(self) -> "Ladder":
        """The ladder one step further, of carriers whose levels have the widths of this one.

        A width takes psi(1/2 + (widths of both)/8 pi k_B T) - psi(1/2) from Pi over N, as it does for pair breaking in
        degenerate layers; the coupling stays.

        Returns
        -------
        Ladder
        """
        breaking = float(digamma(0.5 + sum(self.widths()) / (8 * math.pi)) - digamma(0.5))
        return replace(self, inverse=self.inverse + breaking / (math.pi * self._curvature))

    def drag(self, tau_2: float, current: float = 0.0) -> LadderDrag:
        """Drag ratio with the holes' layer short-circuited, from the balance F/hbar = u2/tau_2.

        Both layers hold drifting equilibria.

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s, greater than zero.
        current : float
            Drive current per width in A/m, up to `LARGEST_CURRENT`; 0 for the linear ratio.

        Returns
        -------
        LadderDrag

        Raises
        ------
        TypeError, ArgumentError
            If an argument is not a finite number in its range.
        NotConverged
            If the balance of forces did not converge.
        """
        tau_2 = validation.positive("tau_2", tau_2)
        current = validation.real("current", current, low=-LARGEST_CURRENT, high=LARGEST_CURRENT)
        stable = self._at_rest[0] > 0.0
        rate = self._linear * self.holes.curvature / HBAR if stable else 0.0
        if abs(current) < _SMALLEST:
            return self._result(rate if stable else None, 0.0, 0.0, self._at_rest, current, tau_2)
        u1, together = self.drifts(current)
        guesses: list[tuple[float, float]] = []
        for _ in range(_STEPS):
            u2 = together * rate / (rate + PS / tau_2)
            instability = self.instability(u1, u2)
            if instability[0] <= 0.0:
                return self._result(None, u1, u2, instability, current, tau_2)
            excess = self._force(u1, u2, instability[1]) / (together - u2) - rate
            if abs(excess) < _BALANCED * rate:
                return self._result(rate + excess, u1, u2, instability, current, tau_2)
            guesses.append((rate, excess))
            rate = _next_guess(guesses)
        raise NotConverged(f"the balance of forces at current = {current!r} did not converge")

    def _result(self, rate, u1, u2, instability, current, tau_2):
        electrons, holes = self.electrons, self.holes
        found = dict.fromkeys(("ratio", "tau_D1", "tau_D2", "broadening"))
        if rate is not None:
            found["ratio"] = float(-holes.density / electrons.density * rate / (rate + PS / tau_2))
            found["tau_D1"] = float(PS * holes.curvature / (rate * electrons.tilt[0]))
            found["tau_D2"] = float(PS / rate)
            found["broadening"] = float(HBAR * rate / holes.thermal_energy)
        margin, momentum = (float(x) for x in instability)
        return LadderDrag(**found, margin=margin, pair_momentum=momentum, u1=u1, u2=u2, current=current, tau_2=tau_2)

    @cached_property
    def _linear(self):
        return self.friction()

    @cached_property
    def _at_rest(self):
        return self.instability()

    @property
    def _thermal(self):
        """Wave number over which occupations change."""
        return self.electrons.thermal_energy / max(
            self.electrons.steepest(), self.holes.curvature * self.holes.fermi_wave_number
        )

    @property
    def _extent(self):
        """Largest energy of a pair, of any momentum, one of whose carriers may meet an occupied state."""
        reach = self.electrons.reach(_TAIL) + self.holes.reach(_TAIL)
        return 0.25 * self._curvature * reach**2

    def _pairs(self, u1, u2):
        electrons, holes = self.electrons, self.holes
        band, c = electrons.band, holes.curvature
        tilt, level = electrons.tilt[0] * u1, self._layers.level(u1)
        numbers = (band.curvature, band.lam, band.B, band.J, band.level, c, holes.E_F, holes.thermal_energy)
        return PairLayers(*numbers, tilt, level, c * u2, -0.5 * c * u2**2)

    def _spectrum(self, pairs, Q):
        return spectrum_at(pairs, Q, self.scale, self._extent, self.order, self.fineness)

    def _balance(self, pairs, x):
        found = self._spectrum(pairs, (float(x), 0.0))
        value = None if found is None else found.balance()
        return -math.inf if value is None else value

    def _margin(self, balance):
        return (self.inverse - balance) * math.pi * self._curvature

    def _integrate(self, pairs, centre, integrand):
        """Integral over all pair momenta, in polar coordinates about one, and over the energies."""
        electrons, holes = self.electrons, self.holes
        reach = electrons.reach(_TAIL) + holes.reach(_TAIL) + abs(centre)
        fermi = electrons.reach(0.0) + holes.fermi_wave_number
        edges = [0.0, *(self._thermal * x for x in _NEAR)]
        while edges[-1] < reach:
            edges.append(_LONGER * edges[-1])
        edges = sorted({x for x in edges if x < 0.9 * reach} | {reach, 0.7 * fermi, 0.9 * fermi, 1.08 * fermi})
        panels = Panels(tuple(edges), order=self.order)
        total = 0.0
        for n in range(self.angles):
            phi = math.pi * (n + 0.5) / self.angles
            for r, w in zip(panels.nodes, panels.weights, strict=True):
                found = self._spectrum(pairs, (centre + r * math.cos(phi), r * math.sin(phi)))
                if found is not None:
                    square = 1 / np.abs(self.inverse - found.propagator) ** 2
                    total += w * r * float(found.weights @ (square * integrand(found.sums)))
        # Half a turn stands for the whole.
        return total * 2 * math.pi / self.angles / (2 * math.pi) ** 2


def _next_guess(guesses: list[tuple[float, float]]) -> float:
    """Of the rate, from those tried and what was found beyond them: a secant, or what was found."""
    (rate, excess), before = guesses[-1], guesses[-2] if len(guesses) > 1 else None
    if before is not None and before[1] != excess:
        secant = rate - excess * (rate - before[0]) / (excess - before[1])
        if secant > 0.0:
            return secant
    return rate + excess


def _transfer(sums: NDArray) -> NDArray:
    return sums[2] * sums[3] - sums[1] * sums[4]


def _collisions(sums: NDArray) -> NDArray:
    return sums[5] ** 2


def _diffusion(sums: NDArray) -> NDArray:
    return sums[5] * sums[7] - sums[6] ** 2
