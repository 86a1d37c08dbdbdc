"""The attraction between electrons and holes, fixed by the transition at T_c."""

from dataclasses import dataclass

import numpy as np

from ehbilayer.diode.bands import Bands
from ehbilayer.diode.brackets import susceptibility_bracket
from ehbilayer.diode.momentum_grid import FINE, Resolution, momentum_grid
from ehbilayer.diode.momentum_sums import momentum_sums
from ehbilayer.numerics.chebyshev import interpolant, points, real_roots

__all__ = ["Coupling", "coupling_at_T_c"]


@dataclass(frozen=True)
class Coupling:
    """The attraction, fixed by where the normal state becomes unstable.

    Attributes
    ----------
    inverse : float
        Finite part of 1/g: the largest pair susceptibility at T_c = 1.
    q : float
        Pair momentum q_x at which it occurs.
    """

    inverse: float
    q: float


def coupling_at_T_c(
    bands: Bands, resolution: Resolution = FINE, bracket: tuple[float, float] | None = None
) -> Coupling:
    """Coupling for which the bands become unstable exactly at T = 1, at the most favourable q_x.

    Parameters
    ----------
    bands : Bands
    resolution : Resolution
    bracket : tuple of float, optional
        Momenta around the most favourable one, if known from `ehbilayer.diode.brackets`.

    Returns
    -------
    Coupling

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> coupling_at_T_c(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=0.0)).q
    0.0
    """
    bracket = susceptibility_bracket(bands) if bracket is None else bracket
    grid = momentum_grid(bands, 1.0, bracket, 0.0, resolution)
    series = interpolant(momentum_sums(bands, grid, points(bracket, 14), 0.0, 1.0)[0], bracket)
    roots = real_roots(series.deriv())
    # The scan's maximum is inside the bracket; on a plateau the middle is as good as any point.
    candidates = np.array(roots or [sum(bracket) / 2])
    best = candidates[np.argmax(series(candidates))]
    if bands.B == 0 or (bands.lam_e == 0 and bands.lam_h == 0):
        best = 0.0 if abs(best) < 1e-6 else best
    return Coupling(float(series(best)), float(best))
