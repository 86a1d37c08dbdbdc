r"""Ginzburg-Landau coefficients of the exciton condensate, paper B, Eqs. 8 and 9, in closed form.

Units k_B T_c = m = hbar = 1, energies per area. With xi = (xi_e + xi_h)/2 and delta = (xi_e - xi_h)/2 the Matsubara
sums are

.. math:: K = \frac{1 - f(\xi_e) - f(\xi_h)}{2\xi}, \qquad G = -\frac{1}{2\xi}\frac{\partial K}{\partial\xi},

:math:`\alpha = 1/g - \sum_p K` and :math:`\beta = \sum_p G`; the free energy at its minimum is
:math:`F = -\alpha^2/2\beta`. The sum in alpha grows like ln(p); its divergence and that of 1/g cancel, see
`ehbilayer.diode.momentum_grid`.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.coupling import Coupling
from ehbilayer.diode.momentum_grid import FINE, LOWEST_T, Resolution, momenta, momentum_grid
from ehbilayer.diode.momentum_sums import momentum_sums
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.numerics.chebyshev import coefficients as series_coefficients
from ehbilayer.numerics.chebyshev import points

__all__ = ["Coefficients", "coefficient_map", "coefficients", "free_energy"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class Coefficients:
    """Ginzburg-Landau coefficients at given pair momenta.

    Attributes
    ----------
    susceptibility : ndarray
        Finite part of the pair susceptibility sum over K, see `ehbilayer.diode.momentum_grid`.
    beta : ndarray
        Coefficient of the fourth order.
    error : float
        Largest change of either, relative to the largest beta, on a coarser grid; None if not asked for.
    nodes : int
        Momenta in each sum.
    """

    susceptibility: NDArray[np.float64]
    beta: NDArray[np.float64]
    error: float | None
    nodes: int


@checked
def coefficients(
    bands: Bands,
    q_x: ArrayLike,
    q_y: ArrayLike = 0.0,
    *,
    T: float,
    resolution: Resolution = FINE,
    estimate_error: bool = False,
) -> Coefficients:
    """Pair susceptibility and beta at pair momenta.

    Parameters
    ----------
    bands : Bands
    q_x, q_y : float or array_like
        Pair momenta in 1/l_u; they broadcast.
    T : float
        Temperature in T_c, at least 0.01.
    resolution : Resolution
    estimate_error : bool
        Whether to repeat the sums on a coarser grid.

    Returns
    -------
    Coefficients

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    For large E_F without spin-orbit coupling beta tends to 7 zeta(3)/(16 pi^3 T^2):

    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=200.0, lam=0.0, J=300.0, B=0.0)
    >>> round(float(coefficients(bands, 0.0, T=1.0).beta / (7 * 1.2020569 / (16 * np.pi**3))), 4)
    1.0
    """
    q_x, q_y = np.broadcast_arrays(momenta("q_x", q_x), momenta("q_y", q_y))
    T = validation.real("T", T, low=LOWEST_T, high=1e3)
    grid = momentum_grid(bands, T, q_x, q_y, resolution)
    result = momentum_sums(bands, grid, q_x, q_y, T)
    error = None
    if estimate_error:
        other = momentum_sums(bands, momentum_grid(bands, T, q_x, q_y, resolution.coarser()), q_x, q_y, T)
        scale = np.abs(result[1]).max()
        error = float(max(np.abs(a - b).max() for a, b in zip(result, other, strict=True)) / scale)
    return Coefficients(*result, error, grid.p.size * grid.angles)


@checked
def free_energy(alpha: ArrayLike, beta: ArrayLike) -> NDArray[np.float64]:
    """Free energy at its minimum over the order parameter, relative to the normal state.

    Parameters
    ----------
    alpha, beta : float or array_like

    Returns
    -------
    ndarray
        ``-alpha^2/(2 beta)`` where alpha < 0 < beta, 0 where alpha >= 0 < beta, NaN where beta <= 0: there the
        expansion to fourth order has no minimum.

    Examples
    --------
    >>> free_energy([-2.0, 1.0], 4.0)
    array([-0.5,  0. ])
    """
    alpha, beta = validation.reals("alpha", alpha), validation.reals("beta", beta)
    if np.ndim(beta) and np.shape(beta) != np.shape(alpha):
        raise ArgumentError("beta", beta, f"one number, or as many as alpha has, {np.shape(alpha)}")
    alpha, beta = np.broadcast_arrays(alpha, beta)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(alpha < 0, -(alpha**2) / (2 * beta), 0.0)
    return np.where(beta > 0, value, np.nan)


@checked
def coefficient_map(
    bands: Bands, q_x: ArrayLike, q_y: ArrayLike, *, T: float, coupling: Coupling, nodes: tuple[int, int] = (29, 17)
) -> xr.Dataset:
    """Maps of alpha, beta and F over pair momenta through a Chebyshev grid, even in q_y.

    Parameters
    ----------
    bands : Bands
    q_x, q_y : array_like, shape (n,) and (m,)
        Axes of the map in 1/l_u.
    T : float
        Temperature in T_c.
    coupling : Coupling
    nodes : tuple of int
        Chebyshev nodes in q_x, and in q_y^2.

    Returns
    -------
    xarray.Dataset
        alpha, beta, free_energy over (q_x, q_y); the attribute ``interpolation_error`` is the size of the
        last Chebyshev coefficients relative to the largest.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> axis = np.linspace(-0.3, 0.7, 5)
    >>> maps = coefficient_map(bands, axis, axis, T=0.9, coupling=coupling_at_T_c(bands))
    >>> maps.alpha.shape, maps.interpolation_error < 1e-9
    ((5, 5), True)
    """
    q_x, q_y = np.atleast_1d(momenta("q_x", q_x)), np.atleast_1d(momenta("q_y", q_y))
    if not isinstance(nodes, tuple | list) or len(nodes) != 2:
        raise ArgumentError("nodes", nodes, "two integers")
    n_x, n_y = (validation.integer("nodes", n, low=3, high=500) for n in nodes)
    T = validation.real("T", T, low=LOWEST_T, high=1e3)
    ends = (min(q_x.min(), q_x.max() - 1e-9), q_x.max())
    squares = (0.0, max(np.abs(q_y).max(), 1e-9) ** 2)
    values = coefficients(bands, points(ends, n_x)[:, None], np.sqrt(points(squares, n_y)), T=T)
    # The position of the axes in their intervals, from -1 to 1.
    x, y = (2 * (v - low) / (high - low) - 1 for v, (low, high) in ((q_x, ends), (q_y**2, squares)))
    fitted, tail = [], 0.0
    for table in (coupling.inverse - values.susceptibility, values.beta):
        c = series_coefficients(series_coefficients(table).T).T
        fitted.append(chebyshev.chebgrid2d(x, y, c))
        tail = max(tail, np.abs(c[-2:]).max() / np.abs(c).max(), np.abs(c[:, -2:]).max() / np.abs(c).max())
    return xr.Dataset(
        {
            "alpha": (("q_x", "q_y"), fitted[0], {"units": "1/(E_u l_u^2)"}),
            "beta": (("q_x", "q_y"), fitted[1], {"units": "1/(E_u^3 l_u^2)"}),
            "free_energy": (("q_x", "q_y"), free_energy(*fitted), {"units": "E_u/l_u^2"}),
        },
        {"q_x": ("q_x", q_x, {"units": "1/l_u"}), "q_y": ("q_y", q_y, {"units": "1/l_u"})},
        {"interpolation_error": float(tail)},
    )
