"""The drive layer: carriers in the lower Rashba-Zeeman band, with its density, average mass and the grids it needs."""

import math
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.errors import ArgumentError, GridTooCoarse
from ehbilayer.model import rashba
from ehbilayer.model.layers import LOWEST_LEVEL, OCCUPATION_TAIL, Layer
from ehbilayer.units import HBAR2_PER_M0, K_B

__all__ = [
    "Band",
    "RashbaLayer",
]

# Of the grid for a layer's averages, which takes some ten arrays of that size.
_MAX_POINTS = 1e8


class Band(NamedTuple):
    """Numbers of a Rashba-Zeeman band that kernels take.

    Attributes
    ----------
    curvature : float
        hbar^2/m in meV nm^2.
    lam : float
        In meV nm.
    B, J : float
        In meV.
    level : float
        Energy of the chemical potential in meV.
    """

    curvature: float
    lam: float
    B: float
    J: float
    level: float


@dataclass(frozen=True)
class RashbaLayer(Layer):
    r"""A layer in the lower Rashba-Zeeman band (paper B, Eq. 3; `ehbilayer.model.rashba`).

    :math:`\epsilon(\mathbf k) = \hbar^2k^2/2m - \sqrt{(\lambda k_x + B)^2 + (\lambda k_y)^2 + J^2}`

    Parameters
    ----------
    mass : float
        In m_0, greater than zero.
    E_F : float
        Chemical potential above the band minimum in meV, at least `ehbilayer.model.layers.LOWEST_LEVEL` times k_B T.
    T : float
        Temperature in K, greater than zero.
    lam : float
        Rashba parameter in meV nm; by keyword, as `J` and `B`, which could change places.
    J, B : float
        Out-of-plane and in-plane Zeeman energies in meV.

    Raises
    ------
    TypeError
        If an argument is not a real number.
    ArgumentError
        If an argument is not finite or not in its range.

    Examples
    --------
    >>> layer = RashbaLayer(mass=0.2, E_F=10, T=10, lam=50, J=10, B=2.585)
    >>> print(f"{layer.density * 1e14:.5e} cm^-2, average mass {layer.average_mass:.6f} m_0")
    7.30819e+11 cm^-2, average mass 0.306761 m_0
    """

    _: KW_ONLY
    lam: float
    J: float
    B: float
    minimum: tuple[float, float] = field(init=False, repr=False)
    """Wave number k_x of the band minimum in nm^-1 (its k_y is 0 unless B = 0) and its energy in meV."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("lam", "J", "B"):
            object.__setattr__(self, name, validation.real(name, getattr(self, name)))
        object.__setattr__(self, "minimum", self._find_minimum())

    @property
    def band(self) -> Band:
        """Numbers that the kernels take."""
        return Band(self.curvature, self.lam, self.B, self.J, self.minimum[1] + self.E_F)

    def energy(self, kx: ArrayLike, ky: ArrayLike) -> NDArray:
        """Energy above the chemical potential in meV.

        Parameters
        ----------
        kx, ky : array_like
            Wave numbers in nm^-1.

        Returns
        -------
        ndarray
        """
        kx, ky = np.broadcast_arrays(np.asarray(kx, dtype=float), np.asarray(ky, dtype=float))
        return rashba.energy(kx.ravel(), ky.ravel(), *self.band[:-1]).reshape(kx.shape) - self.band.level

    def velocity(self, kx: ArrayLike, ky: ArrayLike) -> NDArray:
        """hbar times the group velocity along x, in meV nm.

        Parameters
        ----------
        kx, ky : array_like
            Wave numbers in nm^-1.

        Returns
        -------
        ndarray
        """
        kx, ky = np.broadcast_arrays(np.asarray(kx, dtype=float), np.asarray(ky, dtype=float))
        return _velocity(self.band, kx.ravel(), ky.ravel()).reshape(kx.shape)

    def derivatives(self, kx: ArrayLike, ky: ArrayLike) -> NDArray:
        """Energy above the chemical potential, its first, second and third derivative along k_x.

        Parameters
        ----------
        kx, ky : array_like
            Wave numbers in nm^-1.

        Returns
        -------
        ndarray, shape (4, ...)
            In meV nm^n.
        """
        kx, ky = np.broadcast_arrays(np.asarray(kx, dtype=float), np.asarray(ky, dtype=float))
        return _derivatives(self.band, kx.ravel(), ky.ravel()).reshape((4, *kx.shape))

    @classmethod
    def from_density(cls, mass: float, density: float, T: float, *, lam: float, J: float, B: float) -> "RashbaLayer":
        """Layer that holds a given density.

        Parameters
        ----------
        mass : float
            In m_0.
        density : float
            Per nm^2, so high that the chemical potential is at least `ehbilayer.model.layers.LOWEST_LEVEL` k_B T.
        T : float
            In K.
        lam : float
            In meV nm.
        J, B : float
            In meV.

        Returns
        -------
        RashbaLayer

        Raises
        ------
        TypeError
            If an argument is not a real number.
        ArgumentError
            If an argument is not in its range.

        Examples
        --------
        >>> layer = RashbaLayer.from_density(0.2, 7.30819e-3, 10, lam=50, J=10, B=2.585)
        >>> print(f"{layer.E_F:.3f} meV")
        10.000 meV
        """

        def excess(E_F: float) -> float:
            return cls(mass, E_F, T, lam=lam, J=J, B=B).density - density

        validation.positive("density", density)
        # The density of states is nowhere below that of the parabola.
        low, high = 0.01, density * 2 * math.pi * HBAR2_PER_M0 / validation.positive("mass", mass) + 0.02
        if excess(low) >= 0:
            low, high = LOWEST_LEVEL * K_B * T, low
        if excess(low) >= 0:
            raise ArgumentError("density", density, f"more than {excess(low) + density:.3g} nm^-2 at T = {T:g} K")
        # Newton's method, with the compressibility; it starts where the density is too high.
        E_F = high
        while True:
            layer = cls(mass, E_F, T, lam=lam, J=J, B=B)
            more = layer.density - density
            low, high = (low, E_F) if more > 0 else (E_F, high)
            step = more / layer.compressibility
            if abs(step) <= 1e-10 * abs(E_F) + 1e-12 * layer.thermal_energy or high - low < 1e-14 * abs(high):
                return layer
            E_F = E_F - step if low < E_F - step < high else (low + high) / 2

    def reach(self, tail: float = OCCUPATION_TAIL) -> float:
        """Radius about k = 0 outside of which the occupation is below exp(-tail), in nm^-1."""
        # epsilon(k) >= curvature k^2/2 - |lam| k - |B| - |J| bounds the energies from below.
        top = self.minimum[1] + max(self.E_F, 0.0) + tail * self.thermal_energy + abs(self.B) + abs(self.J)
        lam, c = abs(self.lam), self.curvature
        return (lam + math.sqrt(lam**2 + 2 * c * max(top, 0.0))) / c

    def spacing(self) -> float:
        """Grid spacing in nm^-1 that resolves T: pi k_B T/(2 v), v the largest slope at the chemical potential."""
        return math.pi * self.thermal_energy / (2 * self.steepest())

    def steepest(self) -> float:
        """Largest slope of the band within k_B T of the chemical potential, or 2 k_B T of the band, in meV nm."""
        k = self.reach(tail=3.0)
        axis = np.linspace(-k, k, 241)
        kx, ky = np.meshgrid(axis, axis[120:], indexing="ij")
        xi, wx, _, _ = self.derivatives(kx, ky)
        root = rashba.splitting(kx, ky, self.lam, self.B, self.J)
        wy = ky * (self.curvature - self.lam**2 / np.maximum(root, 1e-300))
        T = self.thermal_energy
        near = np.abs(xi) < T + 0.05 * self.E_F if self.E_F > 0 else xi < 2.0 * T - self.E_F
        return float(np.sqrt(wx**2 + wy**2)[near].max())

    @property
    def density(self) -> float:
        """Carriers per nm^2."""
        return self._averages[0]

    @property
    def compressibility(self) -> float:
        """dn/dmu at T in 1/(meV nm^2)."""
        return self._averages[1]

    @property
    def average_mass(self) -> float:
        """Inverse of the average of d^2 epsilon/(hbar dk_x)^2 over the occupied states (Eq. 10), in m_0."""
        return HBAR2_PER_M0 / self._averages[2]

    @property
    def average_third_derivative(self) -> float:
        """Average of d^3 epsilon/dk_x^3 over the occupied states in meV nm^3.

        It bends the current of a shifted distribution.
        """
        return self._averages[3]

    @property
    def tilt(self) -> tuple[float, float]:
        """Slope over k_x, in meV nm^2, and zero, in nm^-1, of the line by which a drifting equilibrium lowers energies.

        To first order in the drift: hbar^2/average mass, and the mean of k_x at the chemical potential.
        """
        return self._averages[2], self._averages[4]

    @cached_property
    def _averages(self) -> tuple[float, float, float, float, float]:
        h = 0.5 * self.spacing()
        n = int(math.ceil(self.reach() / h))
        points = (2.0 * n + 1) ** 2
        if points > _MAX_POINTS:
            reason = f"the sums over the band would need {points:.1e} points, more than {_MAX_POINTS:.0e}"
            raise GridTooCoarse("T", self.T, "a higher T", reason)
        axis = h * np.arange(-n, n + 1)
        # The energy is even in k_y.
        kx, ky = np.meshgrid(axis, axis[n:], indexing="ij")
        xi, _, bend, third = self.derivatives(kx, ky)
        f = 0.5 * (1 - np.tanh(xi / (2 * self.thermal_energy)))
        rows = np.full(n + 1, 2 * (h / (2 * math.pi)) ** 2)
        rows[0] /= 2
        density = float((f @ rows).sum())
        near = (f * (1 - f)) @ rows / self.thermal_energy
        response = float(near.sum())
        centre = float(near @ axis) / response
        bend, third = (float(((f * values) @ rows).sum() / density) for values in (bend, third))
        return density, response, bend, third, centre

    def _find_minimum(self) -> tuple[float, float]:
        # For B = 0 the minimum is a ring if lam^2 m/hbar^2 > |J|; on the axis it is found in any case.
        c, lam, J, B = self.curvature, self.lam, self.J, self.B
        side = 1.0 if lam * B >= 0 else -1.0
        span = (abs(lam) + 1e-12) / c * 1.001 + 1e-9

        def energy(k: float) -> float:
            return rashba.dispersion(side * k, 0.0, c, lam, B, J)[0]

        result = minimize_scalar(energy, bounds=(0.0, span), method="bounded", options={"xatol": 1e-14})
        best = min((float(result.fun), float(result.x)), (energy(0.0), 0.0))
        return side * best[1], best[0]


@kernel(error_model="numpy")
def evaluate(band, kx, ky):
    """Energy above the chemical potential, its first and its second derivative along k_x, a kernel.

    Parameters
    ----------
    band : Band
    kx, ky : float
        In nm^-1.

    Returns
    -------
    xi, slope, bend : float
        In meV nm^n.
    """
    energy, slope, bend = rashba.dispersion(kx, ky, band.curvature, band.lam, band.B, band.J)
    return energy - band.level, slope, bend


@kernel(error_model="numpy")
def level_at(band, kx, ky):
    """The first of the numbers that `evaluate` gives, alone; a kernel.

    Parameters
    ----------
    band : Band
    kx, ky : float
        In nm^-1.

    Returns
    -------
    float
        In meV.
    """
    return rashba.energy(kx, ky, band.curvature, band.lam, band.B, band.J) - band.level


@kernel(error_model="numpy")
def overlap(band, kx, ky, px, py):
    """Squared overlap of the spinors at two wave vectors, a kernel (`ehbilayer.model.rashba.overlap`).

    Parameters
    ----------
    band : Band
    kx, ky, px, py : float
        In nm^-1.

    Returns
    -------
    float
    """
    return rashba.overlap(kx, ky, px, py, band.lam, band.B, band.J)


# Vector instructions add in an order of their own.
@kernel(error_model="numpy", fastmath={"reassoc", "contract"})
def mean_velocity(band, kx, ky, share, shifts, weights):
    """Mean of the velocity over electrons that are moved along x by several shifts, a kernel.

    Parameters
    ----------
    band : Band
    kx, ky, share : ndarray, shape (n,)
        Wave numbers in nm^-1, and what share of the electrons is there.
    shifts, weights : ndarray, shape (m,)
        In nm^-1, and the weight of each.

    Returns
    -------
    float
        hbar times the velocity in meV nm.
    """
    total = 0.0
    for m in range(shifts.size):
        x = 0.0
        for i in range(kx.size):
            k = kx[i] + shifts[m]
            root = rashba.splitting(k, ky[i], band.lam, band.B, band.J)
            x += share[i] * (band.curvature * k - band.lam * (band.lam * k + band.B) / max(root, 1e-300))
        total += weights[m] * x
    return total


@kernel(error_model="numpy")
def _velocity(band, kx, ky):
    out = np.empty(kx.size)
    for i in range(kx.size):
        out[i] = rashba.gradient(kx[i], ky[i], band.curvature, band.lam, band.B, band.J)[0]
    return out


@kernel(error_model="numpy")
def _derivatives(band, kx, ky):
    out = np.empty((4, kx.size))
    for i in range(kx.size):
        out[0, i], out[1, i], out[2, i] = evaluate(band, kx[i], ky[i])
        out[3, i] = rashba.third_derivative(kx[i], ky[i], band.lam, band.B, band.J)
    return out
