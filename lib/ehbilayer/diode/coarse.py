r"""The diode efficiency as coarse grids show it: the same formulas on Cartesian k points and uniform q points.

A test object of the convergence audit. Pairs are centred as in paper B, Eq. 9, (k + q/2, -k + q/2); k runs over a
square lattice inside a circle; J is a central difference of F and J_c its largest value on the q points. Units of
paper B.
"""

import math
from dataclasses import dataclass

import numpy as np

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.compilation import kernel
from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.brackets import pocket_bracket
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.figures_of_merit import efficiency
from ehbilayer.diode.ginzburg_landau import coefficients, free_energy
from ehbilayer.diode.pair_kernels import CHUNK, REORDERED, fill_half_energies, fill_pair_sums
from ehbilayer.diode.pocket import BetaNotPositive, pocket_from_values
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.chebyshev import points

__all__ = ["CoarseResult", "coarse_diode"]


@dataclass(frozen=True)
class CoarseResult:
    """What grids of finite spacing give.

    Attributes
    ----------
    J_plus, J_minus : float
        In J_u; NaN where F has no minimum or no condensate is found.
    efficiency : float
        A fraction, or NaN.
    q0 : float
        Where F is lowest in 1/l_u, among the q points if there are any; NaN as above.
    k_points : int or None
        Momenta in each sum, None for the converged sums.
    """

    J_plus: float
    J_minus: float
    efficiency: float
    q0: float
    k_points: int | None


@checked
def coarse_diode(
    *,
    E_F: float,
    lam: float,
    J: float,
    B: float,
    T: float,
    convention: str = "balanced",
    k_step: float | None = None,
    q_step: float | None = None,
    q_offset: float = 0.0,
    edge: float = 8.0,
    measure: bool = True,
    printed: bool = False,
) -> CoarseResult:
    """Diode efficiency in Ginzburg-Landau theory with a chosen spacing of the k points, the q points, or both.

    Parameters
    ----------
    E_F, lam, J, B, T, convention
        As in `ehbilayer.diode.nonreciprocity.diode`.
    k_step : float, optional
        Spacing of the square lattice of k points in 1/l_u; None for the converged sums.
    q_step : float, optional
        Spacing of the q points; None for Chebyshev interpolation and spectral derivatives.
    q_offset : float
        Distance of one of the q points from zero, in spacings from 0 to 1: by default they are its multiples.
    edge : float
        Radius of the circle of k points beyond the largest Fermi wave vector, in 1/l_u.
    measure : bool
        Whether the sum over k is multiplied by (k_step/2 pi)^2. Without it J is larger by the inverse factor.
    printed : bool
        Whether F is -alpha^2/beta, as paper B prints it, twice its value.

    Returns
    -------
    CoarseResult

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> point = dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9, convention="literal")
    >>> print(f"{coarse_diode(**point).efficiency:.3%} {coarse_diode(**point, k_step=0.1).efficiency:.3%}")
    0.028% 0.028%
    """
    if k_step is not None:
        k_step = validation.real("k_step", k_step, low=0.02, high=3.0)
    elif not measure:
        raise ArgumentError("measure", measure, "True where there is no lattice of k points (k_step = None)")
    if q_step is not None:
        q_step = validation.real("q_step", q_step, low=1e-4, high=1.0)
    q_offset = validation.real("q_offset", q_offset, low=0.0, high=1.0)
    edge = validation.real("edge", edge, low=1e-3, high=1e2)
    factor = 2.0 if validation.instance("printed", printed, bool) else 1.0
    E_F = validation.real("E_F", E_F, low=1e-6, high=1e3)
    T = validation.real("T", T, low=0.05, high=1e3)
    bands = isolated_bands(E_F=E_F, lam=lam, J=J, B=B, convention=convention)
    inverse = coupling_at_T_c(bands).inverse
    bracket = pocket_bracket(bands, T, inverse)
    if bracket is None:
        return CoarseResult(math.nan, math.nan, math.nan, math.nan, None)
    lattice = None if k_step is None else _lattice(k_step, math.sqrt(2 * E_F) + edge)
    weight = 1.0 if k_step is None or not measure else (k_step / (2 * np.pi)) ** 2

    def sums(q, temperature):
        if lattice is None:
            values = coefficients(bands, q, T=temperature)
            return values.susceptibility, values.beta
        K, G = _lattice_sums(*lattice, q, temperature, bands.pair)
        return weight * K, weight * G

    # On a coarse lattice the pocket may be wider, and the best q at T_c another one.
    width = bracket[1] - bracket[0]
    low, high = bracket[0] - 0.5 * width, bracket[1] + 0.5 * width
    if q_step is None:
        q = points((low, high), 80)
    else:
        q = q_step * (q_offset + np.arange(math.floor(low / q_step) - 1, math.ceil(high / q_step) + 1))
    if lattice is not None or q_step is not None:
        inverse = float(sums(q, 1.0)[0].max())
    susceptibility, beta = sums(q, T)
    plus = minus = q0 = math.nan
    if q_step is not None:
        F = free_energy(inverse - susceptibility, beta)
        current = np.gradient(F, q_step)
        plus, minus, q0 = float(np.max(current)), float(np.min(current)), float(q[np.argmin(F)])
    else:
        try:
            pocket = pocket_from_values(inverse - susceptibility, beta, (low, high))
        except BetaNotPositive:
            pocket = None
        if pocket is not None:
            plus, minus, q0 = pocket.J_plus, pocket.J_minus, pocket.q0
    count = None if lattice is None else len(lattice[0])
    # No minimum of F, or no current of one sign: there is no efficiency to report.
    if not plus >= 0.0 >= minus:
        return CoarseResult(math.nan, math.nan, math.nan, math.nan, count)
    return CoarseResult(factor * plus, factor * minus, efficiency(plus, minus), q0, count)


def _lattice(step, radius):
    n = math.ceil(radius / step)
    x, y = np.meshgrid(step * np.arange(-n, n + 1), step * np.arange(-n, n + 1), indexing="ij")
    inside = x**2 + y**2 <= radius**2
    return x[inside], y[inside]


@kernel(error_model="numpy", fastmath=REORDERED)
def _lattice_sums(k_x, k_y, q, T, bands):
    K_sum, G_sum = np.zeros(q.size), np.zeros(q.size)
    p_x, xi, delta = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    K, G, work = np.empty(CHUNK), np.empty(CHUNK), np.empty((2, CHUNK))
    for n in range(q.size):
        for start in range(0, k_x.size, CHUNK):
            count = min(CHUNK, k_x.size - start)
            for i in range(count):
                p_x[i] = k_x[start + i] - 0.5 * q[n]
            fill_half_energies(p_x[:count], k_y[start : start + count], q[n], 0.0, bands, xi[:count], delta[:count])
            fill_pair_sums(xi[:count], delta[:count], T, work, K, G)
            for i in range(count):
                K_sum[n] += K[i]
                G_sum[n] += G[i]
    return K_sum, G_sum
