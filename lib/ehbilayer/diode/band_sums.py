"""Density, compressibility and pressure of one Rashba-Zeeman band, units of paper B."""

import math
from typing import NamedTuple

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.errors import ArgumentError
from ehbilayer.model.rashba import splitting
from ehbilayer.numerics.quadrature import Panels

# Momenta in one sum: some seconds.
_MOST = 3e8


class Band(NamedTuple):
    """Isolated band of one layer, as kernels take it.

    Attributes
    ----------
    lam, B, J : float
        As in `ehbilayer.model.rashba`.
    mu : float
        Chemical potential above the centre of the Zeeman-split bands.
    curvature : float
        Inverse of the layer's mass.
    """

    lam: float
    B: float
    J: float
    mu: float
    curvature: float = 1.0

    @property
    def stretched(self) -> "Band":
        """The same band over k' = sqrt(curvature) k, in which its mass is 1."""
        return self._replace(lam=self.lam / math.sqrt(self.curvature), curvature=1.0)


class BandSums(NamedTuple):
    """What `band_sums` returns, per area.

    Attributes
    ----------
    density, compressibility, pressure : float
        In 1/l_u^2, 1/(E_u l_u^2) and E_u/l_u^2.
    """

    density: float
    compressibility: float
    pressure: float


def band_sums(band: Band, T: float, *, upper: bool = False, order: int = 16) -> BandSums:
    """Sums of f, -df/dxi and T ln(1 + exp(-xi/T)) over a band.

    Parameters
    ----------
    band : Band
    T : float
        Temperature in T_c.
    upper : bool
        Whether the upper of the two Zeeman-split bands is meant.
    order : int
        Gauss-Legendre nodes per panel.

    Returns
    -------
    BandSums

    Raises
    ------
    ArgumentError
        If the panels of width T are so many that the sum would take more than seconds.

    Examples
    --------
    >>> round(band_sums(Band(lam=0.0, B=0.0, J=0.0, mu=11.6), 1.0).compressibility * 2 * np.pi, 4)
    1.0
    """
    area, band = band.curvature, band.stretched
    lam, B, J, mu, _ = band
    # Highest k at which the band lies below 40 T: beyond it nothing is occupied.
    top = abs(lam) + math.sqrt(lam**2 + 2 * max(mu + math.hypot(B, J) + 40 * T, T))
    ratio = abs(J) / abs(lam) if lam else math.inf
    width = min(4 * T, max(ratio * (ratio + abs(B / lam)), T / 4) if lam else math.inf)
    swing = top * abs(lam * B) / max(abs(J), T) if lam else 0.0
    half = 24 + math.ceil(8 * math.asinh(swing / T))
    count = math.ceil(top**2 / (2 * width))
    if count * order * half > _MOST:
        raise ArgumentError("T", T, f"T of about {T * count * order * half / _MOST:.1g} or more with these bands")
    panels = Panels(tuple(np.linspace(0.0, top**2 / 2, 1 + count)), order=order)
    angles = (np.arange(half) + 0.5) * np.pi / half
    weights = panels.weights / (2 * np.pi * half * area)
    branch = -1.0 if upper else 1.0
    return BandSums(*_sums(np.sqrt(2 * panels.nodes), weights, np.cos(angles), np.sin(angles), band, T, branch))


@kernel
def _sums(p, weight, cosines, sines, band, T, branch):
    number, slope, pressure = 0.0, 0.0, 0.0
    for i in range(p.size):
        row, row_slope, row_pressure = 0.0, 0.0, 0.0
        base = 0.5 * p[i] * p[i] - band.mu
        for j in range(cosines.size):
            root = splitting(p[i] * cosines[j], p[i] * sines[j], band.lam, band.B, band.J)
            x = (base - branch * root) / T
            e = math.exp(-abs(x))
            row += (e if x > 0 else 1.0) / (1.0 + e)
            row_slope += e / (1.0 + e) ** 2
            row_pressure += max(-x, 0.0) + math.log1p(e)
        number += weight[i] * row
        slope += weight[i] * row_slope
        pressure += weight[i] * row_pressure
    return number, slope / T, pressure * T
