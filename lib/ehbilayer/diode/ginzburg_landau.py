r"""Ginzburg-Landau coefficients of the exciton condensate, paper B, Eqs. 8 and 9, in closed form.

Units k_B T_c = m = hbar = 1, energies per area. With xi = (xi_e + xi_h)/2 and delta = (xi_e - xi_h)/2 the Matsubara
sums are

.. math:: K = \frac{1 - f(\xi_e) - f(\xi_h)}{2\xi}, \qquad G = -\frac{1}{2\xi}\frac{\partial K}{\partial\xi},

:math:`\alpha = 1/g - \sum_p K` and :math:`\beta = \sum_p G`; the free energy at its minimum is
:math:`F = -\alpha^2/2\beta`. The sum in alpha grows like ln(p); its divergence and that of 1/g cancel, see
`ehbilayer.diode.momentum_grid`.
"""

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.polynomial import chebyshev

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.diode.bands import window
from ehbilayer.diode.momentum_grid import FINE, SCAN, momentum_grid
from ehbilayer.diode.pair_kernels import half_energies, pair_sums
from ehbilayer.numerics.chebyshev import interpolant, points, real_roots

_LOWEST_T = 0.01


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

    susceptibility: np.ndarray
    beta: np.ndarray
    error: float | None
    nodes: int


def coefficients(bands, q_x, q_y=0.0, *, T, resolution=FINE, estimate_error=False):
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
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    For large E_F without spin-orbit coupling beta tends to 7 zeta(3)/(16 pi^3 T^2):

    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=200.0, lam=0.0, J=300.0, B=0.0)
    >>> round(float(coefficients(bands, 0.0, T=1.0).beta / (7 * 1.2020569 / (16 * np.pi**3))), 4)
    1.0
    """
    q_x, q_y = np.broadcast_arrays(validation.reals("q_x", q_x), validation.reals("q_y", q_y))
    T = validation.real("T", T, low=_LOWEST_T)
    grid = momentum_grid(bands, T, q_x, q_y, resolution)
    result = _evaluate(bands, grid, q_x, q_y, T)
    error = None
    if estimate_error:
        rough = type(resolution)(resolution.panel, max(4, resolution.order - 4), None, 0.7 * resolution.angle_factor)
        if resolution.angles is not None:
            rough = type(resolution)(
                resolution.panel, max(4, resolution.order - 4), max(4, int(0.7 * resolution.angles))
            )
        other = _evaluate(bands, momentum_grid(bands, T, q_x, q_y, rough), q_x, q_y, T)
        scale = np.abs(result[1]).max()
        error = float(max(np.abs(a - b).max() for a, b in zip(result, other, strict=True)) / scale)
    return Coefficients(*result, error, grid.p.size * grid.angles)


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


def search_range(bands, T=1.0):
    """Pair momenta at which the Fermi contours may touch, and the scale on which the susceptibility varies.

    Parameters
    ----------
    bands : Bands
    T : float

    Returns
    -------
    q_max, step : float
    """
    contours, (_, k_high) = window(bands)
    if any(c is None or not c.simple for c in contours):
        mismatch = 2 * k_high
    else:
        opposite = np.roll(contours[1].radius, len(contours[1].radius) // 2)
        mismatch = float(np.abs(contours[0].radius - opposite).max())
    step = 0.8 * max(T, 0.3) / k_high
    return mismatch + 10 * step, step


def coupling_at_T_c(bands, resolution=FINE, bracket=None):
    """Coupling for which the bands become unstable exactly at T = 1, at the most favourable q_x.

    Parameters
    ----------
    bands : Bands
    resolution : Resolution
    bracket : tuple of float, optional
        Momenta around the most favourable one, if known from `susceptibility_bracket`.

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
    q = points(bracket, 14)
    series = interpolant(_evaluate(bands, grid, q, np.zeros_like(q), 1.0)[0], bracket)
    roots = real_roots(series.deriv())
    # The scan's maximum is inside the bracket; on a plateau the middle is as good as any point.
    candidates = np.array(roots or [sum(bracket) / 2])
    best = candidates[np.argmax(series(candidates))]
    if bands.B == 0 or (bands.lam_e == 0 and bands.lam_h == 0):
        best = 0.0 if abs(best) < 1e-6 else best
    return Coupling(float(series(best)), float(best))


def susceptibility_bracket(bands):
    """Neighbours, on a scan over q_x, of the momentum at which the pair susceptibility is largest at T = 1.

    Parameters
    ----------
    bands : Bands

    Returns
    -------
    tuple of float
    """
    q_max, step = search_range(bands)
    for _ in range(4):
        q, susceptibility, _ = _scan(bands, 1.0, q_max, step)
        best = int(np.argmax(susceptibility))
        if 0 < best < len(q) - 1:
            break
        q_max *= 2
    return (q[best] - step, q[best] + step)


def free_energy(alpha, beta):
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
    alpha, beta = np.broadcast_arrays(validation.reals("alpha", alpha), validation.reals("beta", beta))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(alpha < 0, -(alpha**2) / (2 * beta), 0.0)
    return np.where(beta > 0, value, np.nan)


def coefficient_map(bands, q_x, q_y, *, T, coupling, nodes=(29, 17)):
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
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> axis = np.linspace(-0.3, 0.7, 5)
    >>> maps = coefficient_map(bands, axis, axis, T=0.9, coupling=coupling_at_T_c(bands))
    >>> maps.alpha.shape, maps.interpolation_error < 1e-9
    ((5, 5), True)
    """
    q_x, q_y = np.atleast_1d(validation.reals("q_x", q_x)), np.atleast_1d(validation.reals("q_y", q_y))
    n_x, n_y = (validation.integer("nodes", n, low=3) for n in nodes)
    T = validation.real("T", T, low=_LOWEST_T)
    ends = (min(q_x.min(), q_x.max() - 1e-9), q_x.max())
    top = max(np.abs(q_y).max(), 1e-9) ** 2
    t_x, t_y = (chebyshev.chebpts1(n) for n in (n_x, n_y))
    grid_x = ends[0] + (ends[1] - ends[0]) * (t_x + 1) / 2
    grid_y = np.sqrt(top * (t_y + 1) / 2)
    values = coefficients(bands, grid_x[:, None], grid_y[None, :], T=T)
    left = chebyshev.chebvander(2 * (q_x - ends[0]) / (ends[1] - ends[0]) - 1, n_x - 1)
    right = chebyshev.chebvander(2 * q_y**2 / top - 1, n_y - 1)
    fitted, tail = [], 0.0
    for table in (coupling.inverse - values.susceptibility, values.beta):
        c = np.linalg.solve(chebyshev.chebvander(t_x, n_x - 1), table)
        c = np.linalg.solve(chebyshev.chebvander(t_y, n_y - 1), c.T).T
        fitted.append(left @ c @ right.T)
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


def pocket_bracket(bands, T, inverse):
    """Momenta outside the pocket of alpha < 0 with the lowest Ginzburg-Landau energy.

    Parameters
    ----------
    bands : Bands
    T : float
    inverse : float
        Finite part of 1/g.

    Returns
    -------
    tuple of float or None
        None if alpha >= 0 everywhere.
    """
    q_max, step = search_range(bands, T)
    if T < 0.3:
        q_max *= 2
    for _ in range(4):
        q, susceptibility, beta = _scan(bands, T, q_max, step)
        alpha = inverse - susceptibility
        # A pocket narrower than the step shows as a minimum close to zero; let the interpolant decide.
        negative = alpha < 0
        if not negative.any():
            best = int(np.argmin(alpha))
            if not 0 < best < len(q) - 1:
                q_max *= 2
                continue
            return float(q[best - 1]), float(q[best + 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = np.where(negative, alpha**2 / np.where(beta > 0, beta, 1e-12), 0.0)
        first = last = int(np.argmax(depth))
        while first > 0 and negative[first]:
            first -= 1
        while last < len(q) - 1 and negative[last]:
            last += 1
        if not negative[first] and not negative[last]:
            return float(q[first]), float(q[last])
        q_max *= 2
    return float(q[first]), float(q[last])


@dataclass(frozen=True)
class Pocket:
    """Result of `critical_currents`: the pocket of alpha < 0 that holds the minimum of F.

    Attributes
    ----------
    edges : tuple of float
        Zeros of alpha around q0.
    q0 : float
        Where F is lowest.
    free_energy : float
        F(q0).
    J_plus, J_minus, q_plus, q_minus : float
        Extrema of dF/dq_x and where they are.
    beta_min : float
        Smallest beta in the pocket.
    tail : float
        Largest of the last Chebyshev coefficients relative to the largest.
    current : numpy.polynomial.Chebyshev
        dF/dq_x over the pocket.
    """

    edges: tuple
    q0: float
    free_energy: float
    J_plus: float
    J_minus: float
    q_plus: float
    q_minus: float
    beta_min: float
    tail: float
    current: chebyshev.Chebyshev


class BetaNotPositive(ValueError):
    """The expansion to fourth order has no minimum somewhere in the pocket."""


def critical_currents(bands, T, inverse, bracket, resolution=FINE, nodes=40):
    """Extrema of the Ginzburg-Landau current over one pocket of alpha < 0, by spectral differentiation.

    Parameters
    ----------
    bands : Bands
    T : float
    inverse : float
        Finite part of 1/g.
    bracket : tuple of float
        Momenta just outside the pocket, where alpha >= 0.
    resolution : Resolution
    nodes : int
        Chebyshev nodes in q_x.

    Returns
    -------
    Pocket or None
        None if alpha has no pocket inside the bracket.

    Raises
    ------
    BetaNotPositive
        If beta <= 0 somewhere in the pocket.
    """
    grid = momentum_grid(bands, T, bracket, 0.0, resolution)
    q = points(bracket, nodes)
    susceptibility, beta_values = _evaluate(bands, grid, q, np.zeros(nodes), T)
    return pocket_from_values(inverse - susceptibility, beta_values, bracket)


def pocket_from_values(alpha_values, beta_values, bracket):
    """The pocket and its currents from alpha and beta on Chebyshev points of the first kind.

    Parameters
    ----------
    alpha_values, beta_values : ndarray, shape (nodes,)
        In increasing order of q.
    bracket : tuple of float
        Interval of q that the points belong to.

    Returns
    -------
    Pocket or None
        None if alpha has no pocket inside the bracket.

    Raises
    ------
    BetaNotPositive
        If beta <= 0 somewhere in the pocket.
    """
    low, high = bracket
    nodes = len(alpha_values)
    alpha, beta = (interpolant(values, bracket) for values in (alpha_values, beta_values))
    tail = max(float(np.abs(c.coef[-3:]).max() / np.abs(c.coef).max()) for c in (alpha, beta))
    roots = real_roots(alpha)
    slope = alpha.deriv()
    stationary = np.array(real_roots(slope))
    if stationary.size == 0 or alpha(stationary).min() >= 0:
        return None
    centre = stationary[np.argmin(alpha(stationary))]
    edges = (max([r for r in roots if r < centre], default=low), min([r for r in roots if r > centre], default=high))
    inside = points(edges, 4 * nodes)
    beta_min = float(beta(inside).min())
    if beta_min <= 0:
        raise BetaNotPositive(
            f"beta falls to {beta_min:.3g} between q = {edges[0]:.3g} and {edges[1]:.3g}: "
            "the expansion to fourth order has no minimum there"
        )
    a, b = alpha(inside), beta(inside)
    current = interpolant(-a * slope(inside) / b + a**2 * beta.deriv()(inside) / (2 * b**2), edges).trim(0)
    current = current.truncate(2 * nodes) if len(current) > 2 * nodes else current
    zeros = np.array(real_roots(current))
    F = -(alpha(zeros) ** 2) / (2 * beta(zeros))
    extrema = np.array(real_roots(current.deriv()))
    J = current(extrema)
    best = int(np.argmin(F))
    top, bottom = int(np.argmax(J)), int(np.argmin(J))
    return Pocket(
        edges=tuple(float(e) for e in edges),
        q0=float(zeros[best]),
        free_energy=float(F[best]),
        J_plus=float(J[top]),
        J_minus=float(J[bottom]),
        q_plus=float(extrema[top]),
        q_minus=float(extrema[bottom]),
        beta_min=beta_min,
        tail=tail,
        current=current,
    )


def _scan(bands, T, q_max, step):
    """Susceptibility and beta on a uniform grid that contains q = 0, good enough for brackets."""
    n = math.ceil(q_max / step)
    q = step * np.arange(-n, n + 1)
    return q, *_evaluate(bands, momentum_grid(bands, T, q, 0.0, SCAN), q, np.zeros_like(q), T)


def _evaluate(bands, grid, q_x, q_y, T):
    q_x, q_y = np.broadcast_arrays(np.asarray(q_x, dtype=float), np.asarray(q_y, dtype=float))
    circle = grid.full_circle() if np.any(q_y) else grid.half_circle()
    K, G = _sums(
        grid.p,
        grid.weights,
        grid.counter,
        *circle,
        q_x.ravel(),
        q_y.ravel(),
        T,
        bands.lam_e,
        bands.lam_h,
        bands.B,
        bands.J,
        bands.mu_e,
        bands.mu_h,
    )
    return K.reshape(q_x.shape) - grid.log_start, G.reshape(q_x.shape)


@kernel
def _sums(p, weight, counter, cosine, sine, q_x, q_y, T, lam_e, lam_h, B, J, mu_e, mu_h):
    """Sums over p and the angles of K - counter and G, for each q: electron at p + q, hole at -p."""
    n_q, n_angle = q_x.size, cosine.size
    K_sum, G_sum = np.zeros(n_q), np.zeros(n_q)
    for n in range(n_q):
        for i in range(p.size):
            row_K, row_G = 0.0, 0.0
            for j in range(n_angle):
                xi, delta, _, _ = half_energies(
                    p[i], cosine[j], sine[j], q_x[n], q_y[n], lam_e, lam_h, B, J, mu_e, mu_h
                )
                K, G = pair_sums(xi, delta, T)
                row_K += K - counter[i]
                row_G += G
            K_sum[n] += weight[i] * row_K
            G_sum[n] += weight[i] * row_G
    return K_sum / n_angle, G_sum / n_angle


__all__ = [
    "BetaNotPositive",
    "Coefficients",
    "Coupling",
    "Pocket",
    "coefficient_map",
    "coefficients",
    "coupling_at_T_c",
    "critical_currents",
    "free_energy",
    "pocket_bracket",
    "pocket_from_values",
    "search_range",
    "susceptibility_bracket",
]
