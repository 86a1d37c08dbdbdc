"""The attraction between electrons and holes, fixed by the transition at T_c."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.brackets import search_range, susceptibility_bracket
from ehbilayer.diode.momentum_grid import FINE, SCAN, Resolution, momentum_grid
from ehbilayer.diode.pairing_form import PLAIN, PairingForm
from ehbilayer.diode.plane_series import COARSE_STEP, PlaneSeries, lattice, local_minima, plane_sums
from ehbilayer.numerics.chebyshev import interpolant, points, real_roots

__all__ = ["Coupling", "coupling_at_T_c"]

# How many maxima of a scan are looked at.
_VALLEYS = 3


@dataclass(frozen=True)
class Coupling:
    """The attraction, fixed by where the normal state becomes unstable.

    Attributes
    ----------
    inverse : float
        Finite part of 1/g: the largest pair susceptibility at T_c = 1.
    q, q_y : float
        Components of the pair momentum at which it occurs, in 1/l_u.
    """

    inverse: float
    q: float
    q_y: float = 0.0


@checked
def coupling_at_T_c(
    bands: Bands,
    resolution: Resolution = FINE,
    bracket: tuple[float, float] | None = None,
    *,
    plane: bool = True,
    form: PairingForm = PLAIN,
) -> Coupling:
    """Coupling for which the bands become unstable exactly at T = 1, at the most favourable pair momentum.

    Parameters
    ----------
    bands : Bands
    resolution : Resolution
    bracket : tuple of float, optional
        Momenta around the most favourable one on the axis, if known from `ehbilayer.diode.brackets`.
    plane : bool
        Whether to look at all pair momenta, instead of those along x only.
    form : PairingForm
        Whether overlaps enter; what is held makes no difference here.

    Returns
    -------
    Coupling

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> coupling_at_T_c(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=0.0)).q
    0.0
    """
    if bracket is None:
        bracket = susceptibility_bracket(bands, form)
    bracket = validation.pair("bracket", bracket, low=-1e3, high=1e3)
    grid = momentum_grid(bands, 1.0, bracket, 0.0, resolution)
    series = interpolant(form.sums(bands, grid, points(bracket, 14), 0.0, 1.0)[0], bracket)
    roots = real_roots(series.deriv())
    # The scan's maximum is inside the bracket; on a plateau the middle is as good as any point.
    candidates = np.array(roots or [sum(bracket) / 2])
    best = candidates[np.argmax(series(candidates))]
    if bands.isotropic:
        best = 0.0 if abs(best) < 1e-6 else best
    axis = Coupling(float(series(best)), float(best))
    if not plane or bands.isotropic:
        return axis
    return max((axis, *_off_axis(bands, resolution, form)), key=lambda coupling: coupling.inverse)


def _off_axis(bands, resolution, form):
    """Maxima of the susceptibility at T = 1 with q_y > 0."""
    q_max, step = search_range(bands)
    step *= COARSE_STEP
    x, y = lattice(q_max, step)
    values = form.sums(bands, momentum_grid(bands, 1.0, x, y, SCAN), x[:, None], y, 1.0)[0]
    for i, j in local_minima(values.min() - values)[:_VALLEYS]:
        centre = np.array([x[i], y[j]])
        ends = (float(x[i] - step), float(x[i] + step)), (max(float(y[j] - step), 0.0), float(y[j] + step))
        table = plane_sums(bands, 1.0, *ends, resolution, (14, 14), form)[0]
        series = PlaneSeries(table, ends[0], (ends[1][0] ** 2, ends[1][1] ** 2))

        def negative(q, series=series):
            value, *slopes = series(*q)
            return -value, -np.array(slopes)

        found = optimize.minimize(negative, centre, jac=True, bounds=ends, method="L-BFGS-B", options={"ftol": 1e-15})
        if found.x[1] > 1e-3 * step:
            yield Coupling(-float(found.fun), float(found.x[0]), float(found.x[1]))
