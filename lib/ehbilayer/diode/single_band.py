"""The bands that the one-band model leaves out: all four of SI S-I, and whether the upper ones hold carriers."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.band_sums import band_sums
from ehbilayer.diode.bands import Bands
from ehbilayer.model.rashba import splitting

__all__ = ["SingleBandCheck", "four_bands", "single_band_check"]


@checked
def four_bands(k_x: ArrayLike, k_y: ArrayLike, *, lam: float, B: float, J: float, gap: float = 0.0) -> NDArray:
    """The four bands of SI S-I (Eqs. 3 and 4) without the chemical potential.

    Parameters
    ----------
    k_x, k_y : float or array_like
        Momentum in 1/l_u; they broadcast.
    lam, B, J : float
        Rashba strength of the conduction band in E_u l_u, Zeeman fields in k_B T_c.
    gap : float
        Band gap delta.

    Returns
    -------
    ndarray, shape (4, ...)
        Energies of conduction +, conduction -, valence +, valence -.

    Examples
    --------
    >>> [round(float(e), 6) for e in four_bands(1.0, 0.0, lam=1.0, B=2.0, J=4.0, gap=10.0)]
    [10.5, 0.5, -1.027864, -9.972136]
    """
    k_x, k_y = validation.reals("k_x", k_x), validation.reals("k_y", k_y)
    lam, B, J = (validation.real(name, x, low=-1e6, high=1e6) for name, x in (("lam", lam), ("B", B), ("J", J)))
    kinetic, split = (k_x**2 + k_y**2) / 2, splitting(k_x, k_y, lam, B, J)
    zeeman = math.hypot(B, J)
    half = validation.real("gap", gap) / 2
    return np.array(
        [half + kinetic + split, half + kinetic - split, -half - kinetic + zeeman, -half - kinetic - zeeman]
    )


@dataclass(frozen=True)
class SingleBandCheck:
    """Whether one band of each layer holds the carriers.

    Attributes
    ----------
    electron_margin, hole_margin : float
        Distance from the chemical potential to the bottom of the second band, in k_B T_c; negative if it is cut.
    electron_fraction, hole_fraction : float
        Density in the second band over that in the first at T_c.
    """

    electron_margin: float
    hole_margin: float
    electron_fraction: float
    hole_fraction: float

    @property
    def ok(self) -> bool:
        """No second band is cut by the chemical potential."""
        return self.electron_margin > 0 and self.hole_margin > 0

    @property
    def message(self) -> str:
        """One line for the reader; empty if one band holds the carriers."""
        cut = [
            f"{name} {fraction:.1%}"
            for name, margin, fraction in (
                ("electrons", self.electron_margin, self.electron_fraction),
                ("holes", self.hole_margin, self.hole_fraction),
            )
            if margin <= 0
        ]
        return (
            f"second band occupied ({', '.join(cut)} of the first): the one-band model is inconsistent" if cut else ""
        )


@checked
def single_band_check(bands: Bands) -> SingleBandCheck:
    """Check that the upper Zeeman-split band of each layer is empty (SI S-I).

    Parameters
    ----------
    bands : Bands

    Returns
    -------
    SingleBandCheck

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> single_band_check(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")).ok
    True
    >>> single_band_check(isolated_bands(E_F=11.6, lam=2.0, J=2.0, B=1.0)).message
    'second band occupied (holes 61.5% of the first): the one-band model is inconsistent'
    """
    margins, fractions = [], []
    for layer in ("e", "h"):
        band = bands.band(layer).stretched
        # The minimum of k^2/2 + |lam k + b| lies on the k_x axis, where it is convex up to the kink's hyperbola.
        k = np.linspace(-1, 1, 20001) * (abs(band.lam) + 1e-9)
        bottom = float((k**2 / 2 + splitting(k, 0.0, band.lam, band.B, band.J)).min())
        margins.append(bottom - band.mu)
        fractions.append(band_sums(band, 1.0, upper=True).density / band_sums(band, 1.0).density)
    return SingleBandCheck(*margins, *fractions)
