r"""The collision integral itself: drag force for given distributions, by quadrature and by Monte Carlo.

.. math:: \frac{F}{\hbar} = \frac{1}{2n_2}\frac{2\pi}{\hbar}\int\!\frac{d^2q}{(2\pi)^2}\, q_x|U|^2
   \int\!\frac{d^2k_1}{(2\pi)^2}\frac{d^2k_2}{(2\pi)^2}
   [f_1\tilde f_{1'}f_2\tilde f_{2'} - f_{1'}\tilde f_1f_{2'}\tilde f_2]\,\delta(\xi_1+\xi_2-\xi_{1'}-\xi_{2'})

(paper B, Eq. 32, with 1' = k_1 - q and 2' = k_2 + q). Nothing is expanded and no symmetry used but the reflection
k_y -> -k_y; it serves to check the formulas of `linear` and `nonlinear` and to show what the drift ansatz does.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.drag.collision_kernels import CUT, Drift, force, sample
from ehbilayer.drag.rashba_layer import Band, RashbaLayer
from ehbilayer.drag.screening import interlayer_interaction
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.numerics.quadrature import Panels
from ehbilayer.units import HBAR, HBAR2_PER_M0

__all__ = ["DISTRIBUTIONS", "CollisionIntegral", "MonteCarlo"]

DISTRIBUTIONS = ("linearised", "shifted", "relaxation-time", "drifting")
"""Distributions of a drifting layer for a wave number u = m v/hbar along x:
f_0 - u df_0/dk_x; f_0(k - u); f_0 - u df_0/dk_x + u^2 d^2f_0/dk_x^2; and f_0(xi - u (k_x - centre) scale), scale in
meV nm^2, the equilibrium in a frame that moves with velocity u scale/hbar, with its density kept to first order."""


@dataclass(frozen=True)
class MonteCarlo:
    """Estimates with their statistical errors.

    Attributes
    ----------
    odd, even : float
        Odd and even part of F/hbar under reversal of both drifts, in nm^-1/ps; the value at rest is subtracted.
    odd_error, even_error : float
        One standard deviation.
    parameters : dict
        Samples, seed and width of the broadened delta function in meV.
    """

    odd: float
    even: float
    odd_error: float
    even_error: float
    parameters: dict

    @property
    def units(self) -> dict[str, str]:
        """Units of the `parameters`."""
        return {"width": "meV"}


@dataclass(frozen=True)
class CollisionIntegral:
    """Force on a carrier of layer 2, for two layers and an interaction U(q).

    Parameters
    ----------
    layer_1 : ParabolicLayer or RashbaLayer
        Drive layer.
    layer_2 : ParabolicLayer
        Drag layer.
    d : float
        Spacing in nm, zero or more.
    eps_r : float
        Relative permittivity.
    screened : bool
        Thomas-Fermi screening, or the bare interaction.
    order, angles : int
        Gauss-Legendre nodes per panel of q, directions of q in a half turn.
    fineness : float
        Factor on the spacings that just resolve T; smaller is finer.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    Two layers that move together feel no force, however fast:

    >>> layer = ParabolicLayer(mass=0.2, E_F=10, T=40)
    >>> integral = CollisionIntegral(layer, layer, d=20, eps_r=5, order=3, angles=4)
    >>> apart, together = integral.force(0.01, 0.0, "shifted"), integral.force(0.01, 0.01, "shifted")
    >>> bool(abs(together) < 1e-6 * abs(apart))
    True
    """

    layer_1: ParabolicLayer | RashbaLayer
    layer_2: ParabolicLayer
    d: float
    eps_r: float
    screened: bool = True
    order: int = 5
    angles: int = 12
    fineness: float = 0.8

    def __post_init__(self) -> None:
        if not isinstance(self.layer_1, ParabolicLayer | RashbaLayer):
            raise TypeError(f"layer_1 = {self.layer_1!r} is not allowed: need a ParabolicLayer or a RashbaLayer")
        if not isinstance(self.layer_2, ParabolicLayer):
            raise TypeError(f"layer_2 = {self.layer_2!r} is not allowed: need a ParabolicLayer")
        if self.layer_1.T != self.layer_2.T:
            raise ArgumentError("layer_2.T", self.layer_2.T, f"the temperature of layer 1, {self.layer_1.T!r}")
        validation.real("d", self.d, low=0.0)
        validation.positive("eps_r", self.eps_r)
        validation.boolean("screened", self.screened)
        validation.integer("order", self.order, low=2)
        validation.integer("angles", self.angles, low=2)
        validation.positive("fineness", self.fineness, high=1.0)

    def force(self, u1: float, u2: float, distribution: str = "linearised", scale: float | None = None) -> float:
        """F/hbar at finite drifts by quadrature in five dimensions; the delta function fixes the sixth.

        Parameters
        ----------
        u1, u2 : float
            Drifts m v/hbar of the layers along x in nm^-1.
        distribution : str
            One of `DISTRIBUTIONS`.
        scale : float, optional
            hbar^2/m in meV nm^2 of "drifting" in both layers; by default that of each layer's average mass.

        Returns
        -------
        float
            In nm^-1/ps.

        Raises
        ------
        TypeError, ArgumentError
            If an argument is of the wrong type or outside its range.
        """
        drifts = self._drifts(u1, u2, distribution, scale)
        panels, spacing, reach = self._grids()
        weights = panels.weights * self.interaction(panels.nodes) ** 2
        total = force(*self._bands, *drifts, panels.nodes, weights, self.angles, spacing, reach)
        return math.pi / (HBAR * self.layer_2.density) * total

    def parts(self, u: float, distribution: str = "linearised") -> tuple[float, float]:
        """Odd and even part of F/hbar under reversal of the drift of layer 1, with layer 2 at rest.

        Parameters
        ----------
        u : float
            Drift of layer 1 in nm^-1.
        distribution : str
            One of `DISTRIBUTIONS`.

        Returns
        -------
        odd, even : float
            In nm^-1/ps.
        """
        plus, minus = self.force(u, 0.0, distribution), self.force(-u, 0.0, distribution)
        return (plus - minus) / 2, (plus + minus) / 2

    def interaction(self, q: ArrayLike) -> NDArray:
        """U at wave numbers q in meV nm^2."""
        chi = (self.layer_1.compressibility, self.layer_2.compressibility) if self.screened else (0.0, 0.0)
        return interlayer_interaction(q, self.d, self.eps_r, *chi)

    def coefficients(self, u: float, distribution: str = "linearised") -> dict[str, float]:
        """Linear and quadratic coefficients by central differences of the force at +-u.

        Parameters
        ----------
        u : float
            Drift in nm^-1, greater than zero; differences are extrapolated with u/2 (Richardson).
        distribution : str
            One of `DISTRIBUTIONS`.

        Returns
        -------
        dict of float
            ``rate_1``, ``rate_2`` (1/tau_D1, 1/tau_D2 in 1/ps) and ``K11``, ``K12``, ``K22`` (nm/ps).
        """
        u = validation.positive("u", u)
        rough, fine = (self._differences(step, distribution) for step in (u, 0.5 * u))
        return {name: (4 * fine[name] - rough[name]) / 3 for name in fine}

    def monte_carlo(
        self,
        u1: float,
        u2: float,
        distribution: str = "linearised",
        *,
        samples: int = 2_000_000,
        seed: int = 0,
        width: float | None = None,
    ) -> MonteCarlo:
        """Monte-Carlo estimate in all six dimensions, with a Gaussian in place of the delta function.

        All drifts use the same samples, so that the noise of the force at rest cancels.

        Parameters
        ----------
        u1, u2 : float
            Drifts in nm^-1.
        distribution : str
            One of `DISTRIBUTIONS`.
        samples : int
            Number of samples, at least 1000.
        seed : int
            Of the random numbers.
        width : float, optional
            Standard deviation of the Gaussian in meV, by default 0.2 k_B T; the estimate is off by a term of second
            order in it.

        Returns
        -------
        MonteCarlo

        Raises
        ------
        TypeError, ArgumentError
            If an argument is of the wrong type or outside its range.
        """
        drifts = self._drifts(u1, u2, distribution, None)
        samples = validation.integer("samples", samples, low=1000, high=10**9)
        seed = validation.integer("seed", seed, low=0, high=None)
        width = 0.2 * self.layer_1.thermal_energy if width is None else validation.positive("width", width)
        panels, _, _ = self._grids()
        # q is drawn with the density q^2 |U|^2, the momenta uniformly in discs that hold every occupied state.
        q = np.linspace(0.0, panels.edges[-1], 4001)[1:]
        density = q**2 * self.interaction(q) ** 2
        cumulative = np.concatenate(([0.0], np.cumsum(density)))
        norm = cumulative[-1] * (q[1] - q[0])
        reach = self.layer_1.reach(CUT), self.layer_2.reach(CUT)
        rng = np.random.default_rng(seed)
        groups = 50
        means = np.empty((groups, 2))
        for group in range(groups):
            draws = rng.random((samples // groups, 6))
            place = draws[:, 0] * cumulative[-1]
            index = np.searchsorted(cumulative, place, side="right") - 1
            length = (index + (place - cumulative[index]) / density[index]) * (q[1] - q[0])
            means[group] = sample(*self._bands, *drifts, length, draws, np.array(reach), width)
        # d^2q = 2 pi q dq: q_x q |U|^2 leaves cos(phi); the discs have the areas pi reach^2.
        factor = 2 * math.pi * norm * (math.pi * reach[0] * reach[1]) ** 2 / (2 * math.pi) ** 6
        factor *= math.pi / (HBAR * self.layer_2.density)
        mean, error = factor * means.mean(axis=0), factor * means.std(axis=0, ddof=1) / math.sqrt(groups)
        return MonteCarlo(
            float(mean[0]),
            float(mean[1]),
            float(error[0]),
            float(error[1]),
            {"samples": samples, "seed": seed, "width": width},
        )

    @property
    def _bands(self) -> tuple[Band, Band]:
        return _band(self.layer_1), _band(self.layer_2)

    def _drifts(self, u1: float, u2: float, distribution: str, scale: float | None) -> tuple[Drift, Drift]:
        for name, value in {"u1": u1, "u2": u2}.items():
            validation.real(name, value)
        kind = DISTRIBUTIONS.index(validation.option("distribution", distribution, DISTRIBUTIONS))
        T = self.layer_1.thermal_energy
        own = [HBAR2_PER_M0 / layer.average_mass for layer in (self.layer_1, self.layer_2)]
        scales = own if scale is None else 2 * (validation.positive("scale", scale),)
        centre = self.layer_1.tilt[1] if isinstance(self.layer_1, RashbaLayer) else 0.0
        return Drift(T, float(u1), kind, scales[0], centre), Drift(T, float(u2), kind, scales[1], 0.0)

    def _grids(self) -> tuple[Panels, NDArray, NDArray]:
        top = 2 * min(self.layer_1.reach(CUT), self.layer_2.reach(CUT))
        top = min(top, 14.0 / self.d) if self.d > 0 else top
        strips = [
            2 * layer.spacing() if isinstance(layer, RashbaLayer) else layer.strip
            for layer in (self.layer_1, self.layer_2)
        ]
        spacing = np.array([0.5 * self.fineness * strip for strip in strips])
        return (
            Panels((0.0, *(top * x for x in (1 / 16, 1 / 4, 1.0))), self.order),
            spacing,
            np.array([self.layer_1.reach(CUT), self.layer_2.reach(CUT)]),
        )

    def _differences(self, u: float, distribution: str) -> dict[str, float]:
        force = {
            (a, b): self.force(a * u, b * u, distribution)
            for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1))
        }
        rest = self.force(0.0, 0.0, distribution)
        K11 = (force[1, 0] + force[-1, 0] - 2 * rest) / (2 * u * u)
        K22 = (force[0, 1] + force[0, -1] - 2 * rest) / (2 * u * u)
        both = (force[1, 1] + force[-1, -1] - 2 * rest) / (2 * u * u)
        return {
            "rate_1": (force[1, 0] - force[-1, 0]) / (2 * u),
            "rate_2": -(force[0, 1] - force[0, -1]) / (2 * u),
            "K11": K11,
            "K12": both - K11 - K22,
            "K22": K22,
        }


def _band(layer: ParabolicLayer | RashbaLayer) -> Band:
    return layer.band if isinstance(layer, RashbaLayer) else Band(layer.curvature, 0.0, 0.0, 0.0, layer.E_F)
