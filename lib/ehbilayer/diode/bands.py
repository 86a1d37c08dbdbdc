r"""Rashba-Zeeman-Ising bands of the bilayer, the isolated bands, their Fermi contours and densities.

Units of paper B: k_B T_c = m_e = m_h = hbar = 1. Both layers have the isolated band of paper B, Eq. 3,

.. math:: \xi_a(k) = k^2/2 - \mu_a - \sqrt{(\lambda_a k_x + B)^2 + (\lambda_a k_y)^2 + J^2},

which for lambda_h = 0 is a parabola. In an electron-hole pair of momentum q the electron has momentum p + q and the
hole -p.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.numerics.quadrature import Panels

__all__ = [
    "CONVENTIONS",
    "Bands",
    "FermiContour",
    "SingleBandCheck",
    "density",
    "fermi_contour",
    "four_bands",
    "isolated_bands",
    "pressure",
    "single_band_check",
    "window",
]

CONVENTIONS = ("balanced", "literal")


@dataclass(frozen=True)
class Bands:
    """The two isolated bands of paper B, Eq. 3, in units k_B T_c = m = hbar = 1.

    Parameters
    ----------
    lam_e, lam_h : float
        Rashba strengths of the electron and hole layers, of either sign.
    B, J : float
        Zeeman fields in the plane (along y) and across it.
    mu_e, mu_h : float
        Chemical potentials as they stand in Eq. 3, that is above the centre of the Zeeman-split bands.

    Raises
    ------
    TypeError, ValueError
        If a value is not a finite real number.

    Examples
    --------
    >>> bands = Bands(lam_e=1.0, lam_h=0.0, B=3.0, J=4.0, mu_e=2.0, mu_h=2.0)
    >>> print(float(bands.electron(0.0, 0.0)), float(bands.hole(2.0, 0.0)))
    -7.0 -5.0
    """

    lam_e: float
    lam_h: float
    B: float
    J: float
    mu_e: float
    mu_h: float

    def __post_init__(self):
        for name, value in vars(self).items():
            object.__setattr__(self, name, validation.real(name, value))

    @property
    def zeeman(self):
        """Length of the Zeeman field, sqrt(B^2 + J^2)."""
        return math.hypot(self.B, self.J)

    def parameters(self, layer):
        """Rashba strength and chemical potential of layer ``"e"`` or ``"h"``."""
        validation.option("layer", layer, ("e", "h"))
        return (self.lam_e, self.mu_e) if layer == "e" else (self.lam_h, self.mu_h)

    def electron(self, k_x, k_y):
        """Energy of the occupied electron band above its chemical potential (arrays broadcast)."""
        return _energy(k_x, k_y, self.lam_e, self.B, self.J, self.mu_e)

    def hole(self, k_x, k_y):
        """Energy of the occupied hole band above its chemical potential (arrays broadcast)."""
        return _energy(k_x, k_y, self.lam_h, self.B, self.J, self.mu_h)


def isolated_bands(*, E_F, lam, J, B, convention="balanced", lam_h=0.0):
    """The bands of paper B for a Fermi energy and a convention for what the paper leaves open.

    Parameters
    ----------
    E_F : float
        Fermi energy of the holes in k_B T_c, greater than zero.
    lam : float
        Rashba strength of the electron layer in sqrt(k_B T_c/m), of either sign.
    J, B : float
        Zeeman fields across and in the plane, in k_B T_c, of either sign.
    convention : {"balanced", "literal"}
        ``"balanced"``: xi_h = k^2/2 - E_F, and mu_e such that both layers hold the same density at T_c.
        ``"literal"``: Eq. 3 in both layers with mu_e = mu_h = E_F - abs(J), so that the densities differ.
    lam_h : float
        Rashba strength of the hole layer; other than zero with ``"literal"`` only.

    Returns
    -------
    Bands

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0)
    >>> abs(density(bands, "e") / density(bands, "h") - 1) < 1e-12
    True
    """
    E_F = validation.positive("E_F", E_F)
    lam, lam_h = validation.real("lam", lam), validation.real("lam_h", lam_h)
    J, B = validation.real("J", J), validation.real("B", B)
    if validation.option("convention", convention, CONVENTIONS) == "literal":
        return Bands(lam, lam_h, B, J, E_F - abs(J), E_F - abs(J))
    if lam_h:
        raise ValueError(f"lam_h = {lam_h!r} is not allowed: need 0 with the balanced convention")
    bands = Bands(lam, 0.0, B, J, E_F - math.hypot(B, J), E_F - math.hypot(B, J))
    return replace(bands, mu_e=_balance(bands))


def density(bands, layer, T=1.0):
    """Density of carriers in the isolated band of one layer.

    Parameters
    ----------
    bands : Bands
    layer : {"e", "h"}
    T : float
        Temperature in T_c, greater than zero.

    Returns
    -------
    float
        Per area, in 1/l_u^2; the relative error is below 1e-12 for T >= 0.05.

    Examples
    --------
    >>> free = Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=0.0, mu_e=11.6, mu_h=11.6)
    >>> round(density(free, "e") * 2 * np.pi, 6)
    11.600009
    """
    lam, mu = bands.parameters(layer)
    return _density(lam, bands.B, bands.J, mu, validation.positive("T", T), 1.0)[0]


def pressure(bands, layer, T=1.0):
    r"""Pressure :math:`T\sum_k \ln(1 + e^{-\xi/T})` of the carriers in the isolated band of one layer.

    Parameters
    ----------
    bands : Bands
    layer : {"e", "h"}
    T : float
        Temperature in T_c, greater than zero.

    Returns
    -------
    float
        In E_u/l_u^2; minus the grand potential per area.

    Examples
    --------
    At low temperature a parabolic band has E_F^2/4 pi:

    >>> free = Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=0.0, mu_e=11.6, mu_h=11.6)
    >>> round(pressure(free, "e", 0.05) / (11.6**2 / (4 * np.pi)), 4)
    1.0001
    """
    lam, mu = bands.parameters(layer)
    return _density(lam, bands.B, bands.J, mu, validation.positive("T", T), 1.0)[2]


def four_bands(k_x, k_y, *, lam, B, J, gap=0.0):
    """The four bands of SI S-I (Eqs. 3 and 4) without the chemical potential.

    Parameters
    ----------
    k_x, k_y : float or array_like
        Momentum in 1/l_u; they broadcast.
    lam, B, J : float
        Rashba strength of the conduction band, Zeeman fields.
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
    k_x, k_y = np.broadcast_arrays(validation.reals("k_x", k_x), validation.reals("k_y", k_y))
    kinetic = (k_x**2 + k_y**2) / 2
    split = np.sqrt((lam * k_x + B) ** 2 + (lam * k_y) ** 2 + J**2)
    zeeman = math.hypot(B, J)
    half = validation.real("gap", gap) / 2
    return np.array(
        [half + kinetic + split, half + kinetic - split, -half - kinetic + zeeman, -half - kinetic - zeeman]
    )


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

    angles: np.ndarray
    radius: np.ndarray
    simple: bool

    @property
    def mean_radius(self):
        """Average radius, the layer's contribution to the k_F of paper B."""
        return float(self.radius.mean())

    def harmonic(self, order):
        """Amplitude of cos(order phi) in the radius: order 1 is the shift along x, 2 and more the distortion."""
        factor = 1.0 if order == 0 else 2.0
        return factor * float(np.mean(self.radius * np.cos(order * self.angles)))


def fermi_contour(bands, layer, points=128):
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
    >>> contour = fermi_contour(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal"), "e")
    >>> contour.simple, round(contour.harmonic(1), 3)
    (True, 0.201)
    """
    lam, mu = bands.parameters(layer)
    angles = 2 * np.pi * np.arange(validation.integer("points", points, low=4)) / points
    if lam == 0:
        edge = 2 * (mu + bands.zeeman)
        return FermiContour(angles, np.full(points, math.sqrt(edge)), mu > -bands.zeeman) if edge > 0 else None
    # (k^2/2 - mu)^2 = lam^2 k^2 + 2 lam B k cos(phi) + B^2 + J^2 with k^2/2 >= mu, all directions at once.
    companion = np.zeros((points, 4, 4))
    companion[:, [1, 2, 3], [0, 1, 2]] = 1.0
    companion[:, 0, 3] = -4 * (mu**2 - bands.zeeman**2)
    companion[:, 1, 3] = 8 * lam * bands.B * np.cos(angles)
    companion[:, 2, 3] = 4 * (mu + lam**2)
    roots = np.linalg.eigvals(companion)
    size = 1 + np.abs(roots)
    real = (np.abs(roots.imag) < 1e-7 * size) & (roots.real > 0) & (roots.real**2 / 2 > mu - 1e-7 * size)
    if not real.any(axis=1).all():
        return None
    radius = np.where(real, roots.real, -np.inf).max(axis=1)
    return FermiContour(angles, radius, bool((real.sum(axis=1) == 1).all()))


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
    def ok(self):
        """No second band is cut by the chemical potential."""
        return self.electron_margin > 0 and self.hole_margin > 0

    @property
    def message(self):
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


def single_band_check(bands):
    """Check that the upper Zeeman-split band of each layer is empty (SI S-I).

    Parameters
    ----------
    bands : Bands

    Returns
    -------
    SingleBandCheck

    Examples
    --------
    >>> single_band_check(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")).ok
    True
    >>> single_band_check(isolated_bands(E_F=11.6, lam=2.0, J=2.0, B=1.0)).message
    'second band occupied (holes 61.5% of the first): the one-band model is inconsistent'
    """
    margins, fractions = [], []
    for layer in ("e", "h"):
        lam, mu = bands.parameters(layer)
        # The minimum of k^2/2 + |lam k + b| lies on the k_x axis, where it is convex up to the kink's hyperbola.
        k = np.linspace(-1, 1, 20001) * (abs(lam) + 1e-9)
        bottom = float((k**2 / 2 + np.sqrt((lam * k + bands.B) ** 2 + bands.J**2)).min())
        margins.append(bottom - mu)
        upper = _density(lam, bands.B, bands.J, mu, 1.0, -1.0)[0]
        fractions.append(upper / density(bands, layer))
    return SingleBandCheck(*margins, *fractions)


def window(bands):
    """Range of radii of the Fermi contours of both layers.

    Returns
    -------
    contours : tuple of (FermiContour or None)
        Of electrons and holes.
    span : tuple of float
        Smallest and largest radius; (0, largest) if a contour is missing or not simple.
    """
    contours = tuple(fermi_contour(bands, layer) for layer in ("e", "h"))
    largest = max([1.0] + [float(c.radius.max()) for c in contours if c is not None])
    if any(c is None or not c.simple for c in contours):
        return contours, (0.0, largest)
    return contours, (min(float(c.radius.min()) for c in contours), largest)


def _energy(k_x, k_y, lam, B, J, mu):
    return (k_x**2 + k_y**2) / 2 - mu - np.sqrt((lam * k_x + B) ** 2 + (lam * k_y) ** 2 + J**2)


def _balance(bands):
    """mu_e at which the electron band holds as many carriers at T_c as the hole band."""
    target = density(bands, "h")
    mu = bands.mu_e
    low = high = None
    for _ in range(100):
        value, slope, _ = _density(bands.lam_e, bands.B, bands.J, mu, 1.0, 1.0)
        low, high = (mu, high) if value < target else (low, mu)
        step = (target - value) / slope
        if abs(step) < 1e-13 * (1 + abs(mu)):
            return mu + step
        mu += max(-5.0, min(5.0, step))
        if low is not None and high is not None and not low <= mu <= high:
            mu = (low + high) / 2
    return mu


def _density(lam, B, J, mu, T, branch, order=16):
    """Density, compressibility and pressure of one band; branch +1 is the lower, -1 the upper Zeeman-split band."""
    # Highest k at which the band lies below 40 T: beyond it nothing is occupied.
    top = abs(lam) + math.sqrt(lam**2 + 2 * max(mu + math.hypot(B, J) + 40 * T, T))
    ratio = abs(J) / abs(lam) if lam else math.inf
    width = min(4 * T, max(ratio * (ratio + abs(B / lam)), T / 4) if lam else math.inf)
    panels = Panels(tuple(np.linspace(0.0, top**2 / 2, 1 + math.ceil(top**2 / (2 * width)))), order=order)
    swing = top * abs(lam * B) / max(abs(J), T) if lam else 0.0
    half = 24 + math.ceil(8 * math.asinh(swing / T))
    cosines = np.cos((np.arange(half) + 0.5) * np.pi / half)
    return _density_sum(
        np.sqrt(2 * panels.nodes), panels.weights / (2 * np.pi * half), cosines, lam, B, J, mu, T, branch
    )


@kernel
def _density_sum(p, weight, cosines, lam, B, J, mu, T, branch):
    number, slope, pressure_sum = 0.0, 0.0, 0.0
    for i in range(p.size):
        row, row_slope, row_pressure = 0.0, 0.0, 0.0
        base = 0.5 * p[i] * p[i] - mu
        inside = lam * lam * p[i] * p[i] + B * B + J * J
        cross = 2.0 * lam * B * p[i]
        for j in range(cosines.size):
            x = (base - branch * math.sqrt(max(inside + cross * cosines[j], 0.0))) / T
            e = math.exp(-abs(x))
            row += (e if x > 0 else 1.0) / (1.0 + e)
            row_slope += e / (1.0 + e) ** 2
            row_pressure += max(-x, 0.0) + math.log1p(e)
        number += weight[i] * row
        slope += weight[i] * row_slope
        pressure_sum += weight[i] * row_pressure
    return number, slope / T, pressure_sum * T
