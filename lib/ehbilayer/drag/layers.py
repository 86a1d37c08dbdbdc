"""The two layers of the drag problem: dispersions in meV and nm, densities and average masses.

Energies are counted from the minimum of the band, so that the chemical potential is `E_F` in both layers:
xi(k) = epsilon(k) - min epsilon - E_F. Each layer holds one spin species.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.units import HBAR2_PER_M0, K_B

# Fermi functions are followed to exp(-_TAIL) beyond the chemical potential.
_TAIL = 34.0

# Of the grid for a layer's averages, which takes some ten arrays of that size.
_MAX_POINTS = 1e8


class _Layer:
    """What both kinds of layer derive from mass, E_F and T alone."""

    def __post_init__(self):
        for name in ("mass", "E_F", "T"):
            object.__setattr__(self, name, validation.positive(name, getattr(self, name)))

    @property
    def thermal_energy(self):
        """k_B T in meV."""
        return K_B * self.T

    @property
    def curvature(self):
        """hbar^2/m in meV nm^2."""
        return HBAR2_PER_M0 / self.mass


@dataclass(frozen=True)
class ParabolicLayer(_Layer):
    """A layer with the band hbar^2 k^2/2m.

    Parameters
    ----------
    mass : float
        In m_0, greater than zero.
    E_F : float
        Chemical potential above the band minimum in meV, greater than zero.
    T : float
        Temperature in K, greater than zero.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a finite number greater than zero.

    Examples
    --------
    >>> layer = ParabolicLayer(mass=0.2, E_F=10, T=10)
    >>> print(f"{layer.density * 1e14:.3e} cm^-2")
    4.177e+11 cm^-2
    """

    mass: float
    E_F: float
    T: float

    @property
    def eta(self):
        """Chemical potential over k_B T."""
        return self.E_F / self.thermal_energy

    @property
    def density_of_states(self):
        """1/(2 pi curvature) in 1/(meV nm^2)."""
        return 1 / (2 * math.pi * self.curvature)

    @property
    def density(self):
        """Carriers per nm^2, nu T ln(1 + exp(eta))."""
        return self.density_of_states * self.thermal_energy * float(np.logaddexp(0.0, self.eta))

    @property
    def compressibility(self):
        """dn/dmu at T in 1/(meV nm^2), nu/(1 + exp(-eta))."""
        return self.density_of_states / (1 + math.exp(-self.eta))

    @property
    def fermi_wave_number(self):
        """Wave number at the chemical potential in nm^-1."""
        return math.sqrt(2 * self.E_F / self.curvature)

    @property
    def average_mass(self):
        """Average mass of Eq. 10, here the mass itself, in m_0."""
        return self.mass

    @property
    def average_third_derivative(self):
        """Zero: the current of a shifted parabola is exactly linear in the shift."""
        return 0.0

    @classmethod
    def from_density(cls, mass, density, T):
        """Layer that holds a given density.

        Parameters
        ----------
        mass : float
            In m_0.
        density : float
            Per nm^2, greater than ln(2) times the density of states times k_B T, where the chemical potential is zero.
        T : float
            In K.

        Returns
        -------
        ParabolicLayer

        Raises
        ------
        TypeError, ValueError
            If an argument is not a finite number in its range.

        Examples
        --------
        >>> print(f"{ParabolicLayer.from_density(0.2, 4.177e-3, 10).E_F:.2f} meV")
        10.00 meV
        """
        edge = cls(mass, 1.0, T)
        filling = validation.positive("density", density) / (edge.density_of_states * edge.thermal_energy)
        if filling <= math.log(2):
            least = math.log(2) * edge.density_of_states * edge.thermal_energy
            raise ValueError(f"density = {density!r} is not allowed: at T = {T:g} K need more than {least:.3g} nm^-2")
        return cls(mass, edge.thermal_energy * (filling + math.log(-math.expm1(-filling))), T)

    def reach(self, tail=_TAIL):
        """Wave number beyond which the occupation is below exp(-tail), in nm^-1."""
        return math.sqrt(2 * (self.E_F + tail * self.thermal_energy) / self.curvature)


@dataclass(frozen=True)
class RashbaLayer(_Layer):
    r"""A layer in the lower Rashba-Zeeman band (paper B, Eq. 3).

    :math:`\epsilon(\mathbf k) = \hbar^2k^2/2m - \sqrt{(\lambda k_x + B)^2 + (\lambda k_y)^2 + J^2}`

    Parameters
    ----------
    mass : float
        In m_0, greater than zero.
    E_F : float
        Chemical potential above the band minimum in meV, greater than zero.
    T : float
        Temperature in K, greater than zero.
    lam : float
        Rashba parameter in meV nm.
    J, B : float
        Out-of-plane and in-plane Zeeman energies in meV.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a finite number, or one of the first three not greater than zero.

    Examples
    --------
    >>> layer = RashbaLayer(mass=0.2, E_F=10, T=10, lam=50, J=10, B=2.585)
    >>> print(f"{layer.density * 1e14:.5e} cm^-2, average mass {layer.average_mass:.6f} m_0")
    7.30819e+11 cm^-2, average mass 0.306761 m_0
    """

    mass: float
    E_F: float
    T: float
    lam: float
    J: float
    B: float
    minimum: tuple = field(init=False, repr=False)
    """Wave number k_x of the band minimum in nm^-1 (its k_y is 0 unless B = 0) and its energy in meV."""

    def __post_init__(self):
        super().__post_init__()
        for name in ("lam", "J", "B"):
            object.__setattr__(self, name, validation.real(name, getattr(self, name)))
        object.__setattr__(self, "minimum", self._find_minimum())

    @property
    def band(self):
        """Numbers that the kernels take: curvature, lam, J, B and the energy of the chemical potential."""
        return np.array([self.curvature, self.lam, self.J, self.B, self.minimum[1] + self.E_F])

    def energy(self, kx, ky):
        """Energy above the chemical potential in meV.

        Parameters
        ----------
        kx, ky : array_like
            Wave numbers in nm^-1.

        Returns
        -------
        ndarray
        """
        return _evaluate(self.band, kx, ky)[0]

    def velocity(self, kx, ky):
        """hbar times the group velocity along x, in meV nm.

        Parameters
        ----------
        kx, ky : array_like
            Wave numbers in nm^-1.

        Returns
        -------
        ndarray
        """
        return _evaluate(self.band, kx, ky)[1]

    @classmethod
    def from_density(cls, mass, density, T, lam, J, B):
        """Layer that holds a given density.

        Parameters
        ----------
        mass : float
            In m_0.
        density : float
            Per nm^2, more than the layer holds with the chemical potential 10 µeV above the minimum.
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
        TypeError, ValueError
            If an argument is not a finite number in its range.

        Examples
        --------
        >>> layer = RashbaLayer.from_density(0.2, 7.30819e-3, 10, lam=50, J=10, B=2.585)
        >>> print(f"{layer.E_F:.3f} meV")
        10.000 meV
        """

        def excess(E_F):
            return cls(mass, E_F, T, lam, J, B).density - density

        validation.positive("density", density)
        # The density of states is nowhere below that of the parabola.
        low, high = 0.01, density * 2 * math.pi * HBAR2_PER_M0 / validation.positive("mass", mass) + 0.02
        if excess(low) >= 0:
            raise ValueError(
                f"density = {density!r} is not allowed: at T = {T:g} K need more than {excess(low) + density:.3g} nm^-2"
            )
        return cls(mass, brentq(excess, low, high, rtol=1e-10), T, lam, J, B)

    def reach(self, tail=_TAIL):
        """Radius about k = 0 outside of which the occupation is below exp(-tail), in nm^-1."""
        # epsilon(k) >= curvature k^2/2 - |lam| k - |B| - |J| bounds the energies from below.
        top = self.minimum[1] + self.E_F + tail * self.thermal_energy + abs(self.B) + abs(self.J)
        lam, c = abs(self.lam), self.curvature
        return (lam + math.sqrt(lam**2 + 2 * c * max(top, 0.0))) / c

    def spacing(self):
        """Grid spacing in nm^-1 that resolves T: pi k_B T/(2 v), v the largest slope at the chemical potential."""
        return math.pi * self.thermal_energy / (2 * self.steepest())

    def steepest(self):
        """Largest slope of the band where its energy is within k_B T of the chemical potential, in meV nm."""
        k = self.reach(tail=3.0)
        axis = np.linspace(-k, k, 241)
        kx, ky = np.meshgrid(axis, axis[120:], indexing="ij")
        xi, wx, _ = _evaluate(self.band, kx, ky)
        root = np.sqrt((self.lam * kx + self.B) ** 2 + (self.lam * ky) ** 2 + self.J**2)
        wy = ky * (self.curvature - self.lam**2 / np.maximum(root, 1e-300))
        return float(np.sqrt(wx**2 + wy**2)[np.abs(xi) < self.thermal_energy + 0.05 * self.E_F].max())

    @property
    def density(self):
        """Carriers per nm^2."""
        return self._average()[0]

    @property
    def compressibility(self):
        """dn/dmu at T in 1/(meV nm^2)."""
        return self._average()[1]

    @property
    def average_mass(self):
        """Inverse of the average of d^2 epsilon/(hbar dk_x)^2 over the occupied states (Eq. 10), in m_0."""
        return HBAR2_PER_M0 / self._average()[2]

    @property
    def average_third_derivative(self):
        """Average of d^3 epsilon/dk_x^3 over the occupied states in meV nm^3; it bends the current of a shifted distribution."""
        return self._average()[3]

    def _average(self):
        # One value per instance: the frozen dataclass forbids attributes, so the sum sits in __dict__.
        if "_sums" not in self.__dict__:
            h = 0.5 * self.spacing()
            n = int(math.ceil(self.reach() / h))
            if (2 * n + 1) ** 2 > _MAX_POINTS:
                raise ValueError(
                    f"T = {self.T:g} is not allowed: the sums over the band would need {(2.0 * n + 1) ** 2:.1e} points, "
                    f"more than {_MAX_POINTS:.0e}"
                )
            axis = h * np.arange(-n, n + 1)
            kx, ky = np.meshgrid(axis, axis, indexing="ij")
            xi, _, bend = _evaluate(self.band, kx, ky)
            weight = (h / (2 * math.pi)) ** 2
            f = 0.5 * (1 - np.tanh(xi / (2 * self.thermal_energy)))
            density = float(f.sum() * weight)
            response = float((f * (1 - f)).sum() * weight / self.thermal_energy)
            x, y = self.lam * kx + self.B, self.lam * ky
            root = np.sqrt(x * x + y * y + self.J**2)
            third = 3 * self.lam**3 * x * (y * y + self.J**2) / np.where(root > 0, root, 1.0) ** 5
            averages = (float((f * values).sum() * weight / density) for values in (bend, third))
            self.__dict__["_sums"] = density, response, *averages
        return self.__dict__["_sums"]

    def _find_minimum(self):
        # For B = 0 the minimum is a ring if lam^2 m/hbar^2 > |J|; on the axis it is found in any case.
        c, lam, J, B = self.curvature, self.lam, self.J, self.B
        side = 1.0 if lam * B >= 0 else -1.0
        span = (abs(lam) + 1e-12) / c * 1.001 + 1e-9

        def energy(k):
            return 0.5 * c * k**2 - math.sqrt((lam * side * k + B) ** 2 + J**2)

        result = minimize_scalar(energy, bounds=(0.0, span), method="bounded", options={"xatol": 1e-14})
        best = min((float(result.fun), float(result.x)), (energy(0.0), 0.0))
        return side * best[1], best[0]


@kernel(error_model="numpy")
def evaluate(band, kx, ky):
    """Energy above the chemical potential, its first and its second derivative along k_x, at one point."""
    c, lam, J, B, level = band
    x, y = lam * kx + B, lam * ky
    root = math.sqrt(x * x + y * y + J * J)
    xi = 0.5 * c * (kx * kx + ky * ky) - root - level
    if root == 0.0:
        return xi, c * kx, c
    return xi, c * kx - lam * x / root, c - lam * lam * (y * y + J * J) / (root * root * root)


@kernel(error_model="numpy")
def overlap(band, kx, ky, px, py):
    """Squared overlap of the lower Rashba-Zeeman spinors at two wave vectors, (1 + n.n')/2."""
    lam, J, B = band[1], band[2], band[3]
    a, b, c, d = lam * kx + B, lam * ky, lam * px + B, lam * py
    norm = math.sqrt((a * a + b * b + J * J) * (c * c + d * d + J * J))
    return 1.0 if norm == 0.0 else 0.5 * (1.0 + (a * c + b * d + J * J) / norm)


@kernel(error_model="numpy")
def occupations(x, y, e, g):
    """Fermi functions f, f' at the energies x, y and sqrt(f(1 - f) f'(1 - f')), given exp(-|x|/2T) and exp(-|y|/2T)."""
    a, b = e * e, g * g
    return (1.0 if x < 0.0 else a) / (1.0 + a), (1.0 if y < 0.0 else b) / (1.0 + b), e * g / ((1.0 + a) * (1.0 + b))


def _evaluate(band, kx, ky):
    c, lam, J, B, level = band
    kx, ky = np.asarray(kx, dtype=float), np.asarray(ky, dtype=float)
    x, y = lam * kx + B, lam * ky
    root = np.sqrt(x * x + y * y + J * J)
    safe = np.where(root > 0, root, 1.0)
    xi = 0.5 * c * (kx * kx + ky * ky) - root - level
    return xi, c * kx - lam * x / safe, c - lam**2 * (y * y + J * J) / safe**3
