r"""The isolated Rashba-Zeeman bands of the bilayer, their densities and the conventions that fix them.

Units of paper B: k_B T_c = m = hbar = 1, where m is twice the reduced mass, 1/m_e + 1/m_h = 2/m: the mass of
both layers if they are equal, as in the paper. Both layers have the isolated band of paper B, Eq. 3,

.. math:: \xi_a(k) = k^2/2m_a - \mu_a - \sqrt{(\lambda_a k_x + B)^2 + (\lambda_a k_y)^2 + J^2},

which for lambda_h = 0 is a parabola. In an electron-hole pair of momentum q the electron has momentum p + q and the
hole -p.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.band_sums import Band, band_sums
from ehbilayer.diode.pair_kernels import PairBands
from ehbilayer.errors import ArgumentError
from ehbilayer.model.rashba import energy

__all__ = ["CONVENTIONS", "Bands", "density", "isolated_bands", "pressure"]

#: How the chemical potentials are fixed: equal densities, or the literal values of the paper.
CONVENTIONS = ("balanced", "literal")


@dataclass(frozen=True, kw_only=True)
class Bands:
    """The two isolated bands of paper B, Eq. 3, in units k_B T_c = m = hbar = 1.

    Parameters
    ----------
    lam_e, lam_h : float
        Rashba strengths of the electron and hole layers in E_u l_u, of either sign.
    B, J : float
        Zeeman fields in the plane (along y) and across it, in k_B T_c.
    mu_e, mu_h : float
        Chemical potentials as they stand in Eq. 3, that is above the centre of the Zeeman-split bands.
    mass_ratio : float
        m_h/m_e, greater than zero.

    Raises
    ------
    TypeError, ArgumentError
        If a value is not a finite real number, or the ratio of masses not positive.

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
    mass_ratio: float = 1.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            object.__setattr__(self, name, validation.real(name, value))
        validation.positive("mass_ratio", self.mass_ratio)

    @property
    def curvature_e(self) -> float:
        """Curvature m/m_e of the electrons' parabola; both curvatures add up to 2."""
        return 2 * self.mass_ratio / (1 + self.mass_ratio)

    @property
    def curvature_h(self) -> float:
        """Curvature m/m_h of the holes' parabola."""
        return 2 / (1 + self.mass_ratio)

    @property
    def pair_mass(self) -> float:
        """Mass m_e + m_h of a pair in m: 2 if the masses are equal."""
        return 2 / (self.curvature_e * self.curvature_h)

    @property
    def zeeman(self) -> float:
        """Length of the Zeeman field, sqrt(B^2 + J^2)."""
        return math.hypot(self.B, self.J)

    @property
    def isotropic(self) -> bool:
        """Whether no direction in the plane is special."""
        return self.B == 0 or (self.lam_e == 0 and self.lam_h == 0)

    @property
    def pair(self) -> PairBands:
        """The numbers of both bands, as kernels take them."""
        return PairBands(
            self.lam_e, self.lam_h, self.B, self.J, self.mu_e, self.mu_h, self.curvature_e, self.curvature_h
        )

    def band(self, layer: str) -> Band:
        """The band of layer ``"e"`` or ``"h"``, as kernels take it."""
        validation.option("layer", layer, ("e", "h"))
        if layer == "e":
            return Band(self.lam_e, self.B, self.J, self.mu_e, self.curvature_e)
        return Band(self.lam_h, self.B, self.J, self.mu_h, self.curvature_h)

    def electron(self, k_x: Any, k_y: Any) -> Any:
        """Energy of the occupied electron band above its chemical potential (floats or arrays, which broadcast)."""
        return energy(k_x, k_y, self.curvature_e, self.lam_e, self.B, self.J) - self.mu_e

    def hole(self, k_x: Any, k_y: Any) -> Any:
        """Energy of the occupied hole band above its chemical potential (floats or arrays, which broadcast)."""
        return energy(k_x, k_y, self.curvature_h, self.lam_h, self.B, self.J) - self.mu_h


@checked
def isolated_bands(
    *,
    E_F: float,
    lam: float,
    J: float,
    B: float,
    convention: str = "balanced",
    lam_h: float = 0.0,
    mass_ratio: float = 1.0,
    imbalance: float = 0.0,
) -> Bands:
    """The bands of paper B for a Fermi energy and a convention for what the paper leaves open.

    Parameters
    ----------
    E_F : float
        Fermi energy of the holes in k_B T_c, greater than zero.
    lam : float
        Rashba strength of the electron layer in E_u l_u = sqrt(k_B T_c/m), of either sign.
    J, B : float
        Zeeman fields across and in the plane, in k_B T_c, of either sign.
    convention : {"balanced", "literal"}
        ``"balanced"``: xi_h = k^2/2m_h - E_F, and mu_e such that both layers hold the same density at T_c.
        ``"literal"``: Eq. 3 in both layers with mu_e = mu_h = E_F - abs(J), so that the densities differ.
    lam_h : float
        Rashba strength of the hole layer in E_u l_u; other than zero with ``"literal"`` only.
    mass_ratio : float
        m_h/m_e, greater than zero.
    imbalance : float
        n_e/n_h - 1 at T_c, above -1; other than 0 with ``"balanced"`` only.

    Returns
    -------
    Bands

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0)
    >>> abs(density(bands, "e") / density(bands, "h") - 1) < 1e-12
    True
    """
    E_F = validation.real("E_F", E_F, low=1e-6, high=1e4)
    lam = validation.real("lam", lam, low=-1e3, high=1e3)
    lam_h = validation.real("lam_h", lam_h, low=-1e3, high=1e3)
    # Beside k_B T_c nothing depends on less, while its inverse square may exceed every float.
    lam, lam_h = (0.0 if abs(value) < 1e-12 else value for value in (lam, lam_h))
    J, B = validation.real("J", J, low=-1e4, high=1e4), validation.real("B", B, low=-1e4, high=1e4)
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-3, high=1e3)
    imbalance = validation.real("imbalance", imbalance, low=-0.99, high=1e2)
    if validation.option("convention", convention, CONVENTIONS) == "literal":
        if imbalance:
            raise ArgumentError("imbalance", imbalance, "0 with the literal convention")
        mu = E_F - abs(J)
        return Bands(lam_e=lam, lam_h=lam_h, B=B, J=J, mu_e=mu, mu_h=mu, mass_ratio=mass_ratio)
    if lam_h:
        raise ArgumentError("lam_h", lam_h, "0 with the balanced convention")
    mu = E_F - math.hypot(B, J)
    bands = Bands(lam_e=lam, lam_h=0.0, B=B, J=J, mu_e=mu, mu_h=mu, mass_ratio=mass_ratio)
    # Where parabolas of equal density have it.
    start = E_F * (1 + imbalance) * bands.curvature_e / bands.curvature_h - bands.zeeman
    return replace(bands, mu_e=_balance(replace(bands, mu_e=start), 1 + imbalance))


@checked
def density(bands: Bands, layer: str, T: float = 1.0) -> float:
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
    >>> round(density(free, "e") * 2 * math.pi, 6)
    11.600009
    """
    return band_sums(bands.band(layer), validation.positive("T", T)).density


@checked
def pressure(bands: Bands, layer: str, T: float = 1.0) -> float:
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
    >>> round(pressure(free, "e", 0.05) / (11.6**2 / (4 * math.pi)), 4)
    1.0001
    """
    return band_sums(bands.band(layer), validation.positive("T", T)).pressure


def _balance(bands, ratio):
    """mu_e at which the electron band holds so many times the carriers of the hole band at T_c."""
    target = ratio * density(bands, "h")
    band = bands.band("e")
    low = high = None
    for _ in range(100):
        sums, mu = band_sums(band, 1.0), band.mu
        low, high = (mu, high) if sums.density < target else (low, mu)
        step = (target - sums.density) / sums.compressibility
        if abs(step) < 1e-13 * (1 + abs(mu)):
            return mu + step
        mu += max(-5.0, min(5.0, step))
        if low is not None and high is not None and not low <= mu <= high:
            mu = (low + high) / 2
        band = band._replace(mu=mu)
    return band.mu
