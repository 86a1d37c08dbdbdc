r"""Quadrature over the relative momentum of an electron-hole pair, without a cutoff.

Polar coordinates around the hole's momentum: Gauss-Legendre panels in u = p^2/2, uniform angles. Panels of a few T
cover the energies where either Fermi contour lies for any pair momentum in use; they grow geometrically away
from it, since the nearest singularity of the summands is as far as the contour. Beyond the largest branch point of
the dispersion the summands are series in 1/p, so that one Gauss-Legendre rule in 1/p reaches infinity.

The pair susceptibility grows like ln(p). What the grid sums is its finite part

.. math:: S = \lim_{\Lambda\to\infty} \Big[\sum_{p<\Lambda} K - \frac{1}{2\pi}\ln\Lambda\Big],

by subtracting 1/p^2 beyond a radius P and ln(P)/2 pi at the end; differences of S do not depend on P.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.fermi_contour import fermi_window
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.numerics.quadrature import Panels, gauss_legendre

__all__ = ["COARSE", "FINE", "LOWEST_T", "SCAN", "MomentumGrid", "Resolution", "momentum_grid"]

#: Lowest temperature in T_c whose grids are of reasonable size.
LOWEST_T = 0.01

# Angular error exp(-2 n theta) with the nearest pole at imaginary angle theta.
_DIGITS = 21.0
_FARTHEST = 1e7


@dataclass(frozen=True)
class Resolution:
    """How finely sums over momentum are done.

    Parameters
    ----------
    panel : float
        Width of the fine panels in units of T, from 0.5 to 12.
    order : int
        Gauss-Legendre nodes per panel.
    angles : int, optional
        Angles on the half circle; by default as many as the distance of the nearest pole requires.
    angle_factor : float
        Multiplies the default number of angles.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> Resolution(panel=4.0, order=16, angles=None, angle_factor=1.0) == FINE
    True
    """

    panel: float = 4.0
    order: int = 16
    angles: int | None = None
    angle_factor: float = 1.0

    def __post_init__(self) -> None:
        validation.real("panel", self.panel, low=0.5, high=12.0)
        validation.integer("order", self.order, low=4, high=64)
        validation.positive("angle_factor", self.angle_factor)
        if self.angles is not None:
            validation.integer("angles", self.angles, low=4)

    def coarser(self) -> "Resolution":
        """A coarser one to compare with: the distance of the results bounds the error of this one.

        Examples
        --------
        >>> FINE.coarser().order
        12
        """
        angles = None if self.angles is None else max(4, int(0.7 * self.angles))
        return replace(self, order=max(4, self.order - 4), angles=angles, angle_factor=0.7 * self.angle_factor)


#: Default resolution of every result.
FINE = Resolution()
#: Resolution that error estimates compare with.
COARSE = FINE.coarser()
#: Resolution that finds brackets only.
SCAN = Resolution(order=8, angle_factor=0.4)


@numbers_first()
@dataclass(frozen=True, eq=False)
class MomentumGrid:
    """Nodes and weights for sums over p, per area.

    Attributes
    ----------
    p, weights, counter : ndarray, shape (n,)
        Radii in 1/l_u; weights that contain p dp/2 pi; what is subtracted from the pair susceptibility there.
    angles : int
        On the half circle.
    log_start : float
        ln(P)/2 pi.
    """

    p: NDArray[np.float64]
    weights: NDArray[np.float64]
    counter: NDArray[np.float64]
    angles: int
    log_start: float

    def half_circle(self) -> NDArray[np.float64]:
        """Cosines and sines of the angles for sums that are even in p_y, shape (2, angles)."""
        theta = (np.arange(self.angles) + 0.5) * np.pi / self.angles
        return np.array([np.cos(theta), np.sin(theta)])

    def full_circle(self) -> NDArray[np.float64]:
        """Cosines and sines around the whole circle, shape (2, 2 angles)."""
        theta = (np.arange(2 * self.angles) + 0.5) * np.pi / self.angles
        return np.array([np.cos(theta), np.sin(theta)])


@checked
def momentum_grid(
    bands: Bands, T: float, q_x: ArrayLike, q_y: ArrayLike = 0.0, resolution: Resolution = FINE
) -> MomentumGrid:
    """Build the grid for all pair momenta in a rectangle.

    Parameters
    ----------
    bands : Bands
    T : float
        Temperature in T_c, from 0.01 to 1000.
    q_x, q_y : float or array_like
        Pair momenta in 1/l_u, of which the smallest and largest count.
    resolution : Resolution

    Returns
    -------
    MomentumGrid

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> grid = momentum_grid(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0), 0.9, [0.0, 0.5])
    >>> len(grid.p) < len(momentum_grid(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0), 0.1, [0.0, 0.5]).p)
    True
    """
    T = validation.real("T", T, low=LOWEST_T, high=1e3)
    q = _corners(momenta("q_x", q_x), momenta("q_y", q_y))
    q_max = float(np.hypot(*q.T).max())
    window = fermi_window(bands)
    p_low, p_high = window.momenta(q)
    # Poles at xi = i pi T are closest in the lighter layer, occupations reach farthest in the heavier one.
    h = resolution.panel * T / max(bands.curvature_e, bands.curvature_h)
    for lam in (bands.lam_e, bands.lam_h):
        if lam:
            # Branch point of the square root at lam p = -B +- iJ, seen from the axis of u.
            h = min(h, max(2 * abs(bands.J) * bands.zeeman / lam**2, T / 4))
    u_low, u_high = max(p_low**2 / 2 - 2 * h, 0.0), p_high**2 / 2 + 2 * h
    branch = max([bands.zeeman / abs(lam) for lam in (bands.lam_e, bands.lam_h) if lam] + [0.0])
    strength = abs(bands.lam_e) + abs(bands.lam_h)
    start = 2 * (p_high + q_max + 2 * strength + 1) + min(2 * branch, _FARTHEST)
    u_end = max(start**2 / 2, u_high + 60 * T / min(bands.curvature_e, bands.curvature_h))

    edges, u = [u_low], u_low
    while u > 0:  # downwards, each panel half its distance from the fine window
        u -= h + 0.5 * (u_low - u)
        edges.append(max(u, 0.0))
    edges = edges[::-1]
    fine = math.ceil((u_high - u_low) / h)
    edges += list(u_low + (u_high - u_low) * np.arange(1, fine + 1) / fine)
    while edges[-1] < u_end:
        edges.append(edges[-1] + h + 0.5 * (edges[-1] - u_high))
    panels = Panels(tuple(edges), order=resolution.order)
    inner = np.sqrt(2 * panels.nodes)

    P = math.sqrt(2 * edges[-1])
    x, w = gauss_legendre(resolution.order + 8)
    y = (x + 1) / (2 * P)
    p = np.concatenate([inner, 1 / y])
    weights = np.concatenate([panels.weights, w / (2 * P) / y**3]) / (2 * np.pi)
    counter = np.concatenate([np.zeros_like(inner), y**2])
    angles = _angles(bands, T, q, window.high, resolution)
    return MomentumGrid(p, weights, counter, angles, math.log(P) / (2 * np.pi))


def _corners(q_x, q_y):
    """Momenta along the rim of the smallest rectangle around the given ones, shape (n, 2)."""
    ends = [(float(np.min(v)), float(np.max(v))) for v in (q_x, q_y)]
    x, y = np.meshgrid(np.linspace(*ends[0], 5), ends[1])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _angles(bands, T, q, k, resolution):
    """Angles on the half circle from the poles at xi_e = i pi T and from the branch points of the square root."""
    if resolution.angles is not None:
        return resolution.angles
    theta = np.linspace(-np.pi, np.pi, 97)
    k_x, k_y = k * np.cos(theta), k * np.sin(theta)
    energy = bands.electron(k_x + q[:, :1], k_y + q[:, 1:]) + bands.hole(-k_x, -k_y)
    distance = math.asinh(2 * np.pi * T / max(float(np.ptp(energy, axis=1).max()), 1e-9))
    if (bands.lam_e or bands.lam_h) and bands.B:
        distance = min(distance, max(math.asinh(abs(bands.J / bands.B)), 0.02))
    return max(12, math.ceil(resolution.angle_factor * _DIGITS / (2 * distance)))


def momenta(name: str, values: ArrayLike) -> float | NDArray[np.float64]:
    """Pair momenta, one or more, in 1/l_u and up to 1000 in size; or an error that names them.

    Examples
    --------
    >>> momenta("q_x", [0.0, 0.5])
    array([0. , 0.5])
    """
    found = validation.reals(name, values, low=-1e3, high=1e3)
    if not np.size(found):
        raise ArgumentError(name, values, "at least one number")
    return found
