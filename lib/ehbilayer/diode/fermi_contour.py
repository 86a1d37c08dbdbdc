"""Fermi contours of the isolated bands, and the range of momenta in which pairs of carriers meet them."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.formatting import numbers_first

__all__ = ["FermiContour", "FermiWindow", "fermi_contour", "fermi_window"]

# Steps, of which a few are enough.
_NEWTON = 60


@numbers_first()
@dataclass(frozen=True, eq=False)
class FermiContour:
    """Outer Fermi contour of one layer as a radius around k = 0.

    Attributes
    ----------
    angles, radius : ndarray, shape (n,)
        Directions, and the outermost zero of the band energy along each, in 1/l_u.
    simple : bool
        Whether every direction has exactly one zero, so that the Fermi sea is a disk without holes.
    """

    angles: NDArray[np.float64]
    radius: NDArray[np.float64]
    simple: bool

    @property
    def mean_radius(self) -> float:
        """Average radius, the layer's contribution to the k_F of paper B."""
        return float(self.radius.mean())

    def harmonic(self, order: int) -> float:
        """Amplitude of cos(order phi) in the radius: order 1 is the shift along x, 2 and more the distortion.

        The distortion is what the radius has beyond a circle of the same shift and area, whose own radius around
        k = 0 has even harmonics.
        """
        if order == 0:
            return self.mean_radius
        values = self.radius
        if order > 1:
            shift, area = self.harmonic(1), np.mean(self.radius**2)
            values = values - np.sqrt(np.maximum(area - (shift * np.sin(self.angles)) ** 2, 0.0))
        return 2 * float(np.mean(values * np.cos(order * self.angles)))


@checked
def fermi_contour(bands: Bands, layer: str, points: int = 128) -> FermiContour | None:
    """Fermi contour of the isolated band of one layer.

    With the square root isolated and squared the zeros along a direction are roots of a quartic polynomial.

    Parameters
    ----------
    bands : Bands
    layer : {"e", "h"}
    points : int
        Number of directions.

    Returns
    -------
    FermiContour or None
        None if the contour does not exist or does not enclose k = 0 in every direction.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> contour = fermi_contour(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal"), "e")
    >>> contour.simple, round(contour.harmonic(1), 3)
    (True, 0.201)
    """
    stretch = math.sqrt(bands.band(layer).curvature)
    lam, B, _, mu, _ = bands.band(layer).stretched
    angles = 2 * np.pi * np.arange(validation.integer("points", points, low=4)) / points
    if lam == 0:
        edge = 2 * (mu + bands.zeeman)
        return (
            FermiContour(angles, np.full(points, math.sqrt(edge) / stretch), mu > -bands.zeeman) if edge > 0 else None
        )
    if lam**2 < abs(bands.J) and mu > -bands.zeeman:
        radius = _of_a_convex_band(lam, B, bands.zeeman, mu, angles)
        return FermiContour(angles, radius / stretch, True)
    # (k^2/2 - mu)^2 = lam^2 k^2 + 2 lam B k cos(phi) + B^2 + J^2 with k^2/2 >= mu, all directions at once.
    companion = np.zeros((points, 4, 4))
    companion[:, [1, 2, 3], [0, 1, 2]] = 1.0
    companion[:, 0, 3] = -4 * (mu**2 - bands.zeeman**2)
    companion[:, 1, 3] = 8 * lam * B * np.cos(angles)
    companion[:, 2, 3] = 4 * (mu + lam**2)
    roots = np.linalg.eigvals(companion)
    size = 1 + np.abs(roots)
    real = (np.abs(roots.imag) < 1e-7 * size) & (roots.real > 0) & (roots.real**2 / 2 > mu - 1e-7 * size)
    if not real.any(axis=1).all():
        return None
    radius = np.where(real, roots.real, -np.inf).max(axis=1)
    return FermiContour(angles, radius / stretch, bool((real.sum(axis=1) == 1).all()))


def _of_a_convex_band(lam, B, zeeman, mu, angles):
    """The only zero along each direction: Newton's method from beyond it, which a convex energy never overshoots."""
    slope = lam * B * np.cos(angles)
    k = np.full(angles.shape, abs(lam) + math.sqrt(lam**2 + 2 * (mu + zeeman)))
    for _ in range(_NEWTON):
        splitting = np.sqrt(lam**2 * k**2 + 2 * slope * k + zeeman**2)
        step = (k**2 / 2 - mu - splitting) / (k - (lam**2 * k + slope) / splitting)
        k -= step
        if np.abs(step).max() < 1e-14 * k.min():
            break
    return k


@dataclass(frozen=True, eq=False)
class FermiWindow:
    """Range of radii of the Fermi contours of both layers.

    Attributes
    ----------
    contours : tuple of FermiContour or None
        Of electrons and holes; None if one is missing or not simple.
    low, high : float
        Smallest and largest radius in 1/l_u; the smallest is 0 without `contours`.
    """

    contours: tuple[FermiContour, FermiContour] | None
    low: float
    high: float

    def momenta(self, q: ArrayLike) -> tuple[float, float]:
        """Smallest and largest p with a hole at -p, or an electron at p + q, on its contour.

        Parameters
        ----------
        q : array_like, shape (2,) or (n, 2)
            Pair momenta.

        Returns
        -------
        low, high : float
        """
        q = np.atleast_2d(np.asarray(q, dtype=float))
        if self._points is None:
            return 0.0, self.high + float(np.hypot(*q.T).max())
        (x, y), low, high = self._points
        radii = (x - q[:, :1]) ** 2 + (y - q[:, 1:]) ** 2
        return min(math.sqrt(radii.min()), low), max(math.sqrt(radii.max()), high)

    @cached_property
    def _points(self):
        """Points of the electrons' contour, and the range of radii of the holes', if there are any."""
        if self.contours is None:
            return None
        electron, hole = self.contours
        points = electron.radius * np.array([np.cos(electron.angles), np.sin(electron.angles)])
        return points, float(hole.radius.min()), float(hole.radius.max())


@checked
def fermi_window(bands: Bands) -> FermiWindow:
    """Fermi contours of both layers with the range of their radii.

    Parameters
    ----------
    bands : Bands

    Returns
    -------
    FermiWindow

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> window = fermi_window(isolated_bands(E_F=12.5, lam=0.0, J=14.0, B=0.0))
    >>> round(window.low, 3), round(window.high, 3)
    (5.0, 5.0)
    """
    electron, hole = (fermi_contour(bands, layer) for layer in ("e", "h"))
    high = max([1.0] + [float(c.radius.max()) for c in (electron, hole) if c is not None])
    if electron is None or hole is None or not (electron.simple and hole.simple):
        return FermiWindow(None, 0.0, high)
    return FermiWindow((electron, hole), min(float(electron.radius.min()), float(hole.radius.min())), high)
