r"""Which pairs are asked about: with chemical potentials or densities held, without or with the overlaps of spinors.

To fourth order in an order parameter D of square X and spin direction d (see `ehbilayer.diode.spinor_moments`), at
chemical potentials that deviate by :math:`\nu` from those of the normal state,

.. math:: \Omega = a(d, \nu) X + \frac{b(d)}2 X^2 - \frac12\sum_a \chi_a \nu_a^2,

a = 1/g - sum K w and b = sum G w^2 with w = (1 + n.d)/2, or 1 without overlaps. Held densities mean the maximum over
nu, which adds :math:`\sum_a (\partial a/\partial\mu_a)^2/\chi_a` to b; the spinor takes the direction where
:math:`-a^2/2b` is lowest. What is left are two numbers at each pair momentum, in place of alpha and beta.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.band_sums import band_sums
from ehbilayer.diode.bands import Bands, density
from ehbilayer.diode.momentum_grid import MomentumGrid
from ehbilayer.diode.momentum_sums import momentum_sums
from ehbilayer.diode.spinor_moments import SpinorMoments, spinor_moments
from ehbilayer.errors import NotConverged

__all__ = ["HOLDS", "PLAIN", "PairingForm", "with_densities"]

#: What stays along the pair momentum: the chemical potentials, or the densities of both layers.
HOLDS = ("potential", "density")


@dataclass(frozen=True)
class PairingForm:
    """What is held along the pair momentum, and whether the spinors of the band enter the attraction.

    Parameters
    ----------
    hold : {"potential", "density"}
    overlaps : bool
    """

    hold: str = "potential"
    overlaps: bool = False

    def __post_init__(self) -> None:
        validation.option("hold", self.hold, HOLDS)
        validation.instance("overlaps", self.overlaps, bool)

    @property
    def plain(self) -> bool:
        """Whether it is the one of the paper."""
        return self == PLAIN

    def sums(
        self,
        bands: Bands,
        grid: MomentumGrid,
        q_x: ArrayLike,
        q_y: ArrayLike,
        T: float,
        inverse: float | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Susceptibility and beta of the order parameter at its best spinor.

        Parameters
        ----------
        bands : Bands
            With held densities those of `with_densities`.
        grid : MomentumGrid
        q_x, q_y : float or array_like
            Pair momenta that the grid serves, in 1/l_u; they broadcast.
        T : float
            Temperature in T_c.
        inverse : float, optional
            Finite part of 1/g, which the spinor depends on; None for that of the largest susceptibility.

        Returns
        -------
        susceptibility, beta : ndarray
            alpha is ``inverse - susceptibility``.
        """
        if self.plain:
            return momentum_sums(bands, grid, q_x, q_y, T)
        moments = spinor_moments(bands, grid, q_x, q_y, T)
        compressibility = None
        if self.hold == "density":
            compressibility = tuple(_compressibility(bands, layer, T) for layer in ("e", "h"))
        if not self.overlaps:
            slopes = moments.K_mean[..., 0], moments.K_half[..., 0]
            return moments.K[..., 0], moments.G[..., 0, 0] + _stiffening(slopes, compressibility)
        return _best_spinor(moments, compressibility, inverse)


PLAIN = PairingForm()
"""The form of paper B: constant chemical potentials and no overlaps."""


@checked
def with_densities(bands: Bands, T: float) -> Bands:
    """The bands with the chemical potentials at which the normal state keeps the densities that it has at T_c.

    Parameters
    ----------
    bands : Bands
        With the chemical potentials at T_c.
    T : float
        Temperature in T_c.

    Returns
    -------
    Bands

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=2.0, lam=1.0, J=6.0, B=3.0)
    >>> cold = with_densities(bands, 0.3)
    >>> bool(np.isclose(density(cold, "h", 0.3), density(bands, "h"))), round(cold.mu_h - bands.mu_h, 3)
    (True, 0.127)
    """
    T = validation.positive("T", T)
    return replace(bands, mu_e=_mu(bands, "e", T), mu_h=_mu(bands, "h", T))


@lru_cache(maxsize=256)
def _mu(bands, layer, T):
    target, band = density(bands, layer), bands.band(layer)
    for _ in range(100):
        sums = band_sums(band, T)
        # The logarithm of the density is concave: from above steps cannot overshoot far.
        step = sums.density / sums.compressibility * np.log(target / sums.density) if sums.density > 0 else 5.0 * T
        if abs(step) < 1e-13 * (1 + abs(band.mu)):
            return band.mu
        band = band._replace(mu=band.mu + max(-2.0, min(2.0, float(step))))
    raise NotConverged(f"no chemical potential of the layer {layer} at T = {T:g} was found")


@lru_cache(maxsize=256)
def _compressibility(bands, layer, T):
    return band_sums(bands.band(layer), T).compressibility


def _stiffening(slopes, compressibility):
    """What held densities add to beta."""
    if compressibility is None:
        return 0.0
    mean, half = slopes
    return (mean + half) ** 2 / (4 * compressibility[0]) + (mean - half) ** 2 / (4 * compressibility[1])


def _best_spinor(moments: SpinorMoments, compressibility, inverse):
    """Susceptibility and beta where -a^2/2b is stationary in the direction of the spinor, next to that of -a."""
    S, vector = moments.K[..., 0], moments.K[..., 1:]
    d = vector / np.maximum(np.linalg.norm(vector, axis=-1), 1e-300)[..., None]
    for _ in range(200):
        susceptibility = (S + (vector * d).sum(axis=-1)) / 2
        one = np.concatenate([np.ones_like(S)[..., None], d], axis=-1)
        G_d = np.einsum("...ab,...b->...a", moments.G, one)
        slopes = tuple((m * one).sum(axis=-1) / 2 for m in (moments.K_mean, moments.K_half))
        beta = (G_d * one).sum(axis=-1) / 4 + _stiffening(slopes, compressibility)
        if inverse is None:
            return susceptibility, beta
        gradient = G_d[..., 1:] / 2
        if compressibility is not None:
            mean, half = slopes
            for sign, chi in zip((1.0, -1.0), compressibility, strict=True):
                slope = (mean + sign * half) / (2 * chi)
                gradient = gradient + slope[..., None] * (moments.K_mean + sign * moments.K_half)[..., 1:] / 2
        # Lowering beta is worth alpha/beta as much as raising the susceptibility.
        new = vector + ((inverse - susceptibility) / np.where(beta > 0, beta, np.inf))[..., None] * gradient
        new = new / np.maximum(np.linalg.norm(new, axis=-1), 1e-300)[..., None]
        change, d = float(np.abs(new - d).max()), new
        if change < 1e-14:
            break
    return susceptibility, beta
