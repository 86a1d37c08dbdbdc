r"""Eliashberg functions at real energies: exact continuation of a Matsubara solution.

Marsiglio, Schossmann and Carbotte (1988) continue the equations instead of the numbers. With
:math:`A = \phi/\sqrt{\omega^2Z^2 - \phi^2}` and :math:`B = \omega Z/\sqrt{\omega^2Z^2 - \phi^2}` (roots with positive
imaginary part), :math:`\phi = Z\Delta`, alpha^2F continued as an odd function, Bose and Fermi functions N and f,

.. math::

    \phi(\omega) &= \phi_\infty + \pi T\sum_m \lambda(\omega - i\omega_m)\frac{\Delta_m}{\sqrt{\omega_m^2 + \Delta_m^2}}
        + i\pi\int dz\,\alpha^2F(z)\,[N(z) + f(z - \omega)]\,A(\omega - z) \\
    \omega Z(\omega) &= \omega + i\pi T\sum_m \lambda(\omega - i\omega_m)\frac{\omega_m}{\sqrt{\omega_m^2 + \Delta_m^2}}
        + i\pi\int dz\,\alpha^2F(z)\,[N(z) + f(z - \omega)]\,B(\omega - z)

with :math:`\lambda(x) = \int dz\,\alpha^2F(z)/(z - x)`. The equations hold on any line :math:`\mathrm{Im}\,\omega =
\eta`
between the real axis and the first Matsubara frequency. There all functions are analytic in a strip, sums over
equidistant points converge exponentially, and each integral is a convolution. The contour integral along the line
leads back to the Matsubara axis, which tests the result.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline
from scipy.signal import oaconvolve

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.formatting import numbers_first
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.coupling import CouplingSpectrum, coupling_spectrum, plasmon_spectral_function
from ehbilayer.superconductivity.gap_function import GapFunction

__all__ = ["RealAxisFunction", "SpectralFunction", "continue_gap"]

# Matsubara frequencies summed one by one; the others as an integral, with an error of 1/(24 _EXPLICIT^2) of them.
_EXPLICIT = 1024

# Weights of Gregory's fourth-order rule at an end of a sum over equidistant points.
_GREGORY = np.array([3 / 8, 7 / 6, 23 / 24])


@dataclass(frozen=True)
class SpectralFunction:
    r"""alpha^2F as a function of the frequency, with sharp modes besides.

    Attributes
    ----------
    edge : float
        Highest frequency of the smooth part, in omega_D.
    density : callable, optional
        Smooth part of alpha^2F for an array of frequencies from 0 to `edge`, proportional to the frequency at 0.
    modes : CouplingSpectrum, optional
        Sharp modes.
    """

    edge: float
    density: Callable | None = None
    modes: CouplingSpectrum | None = None

    @classmethod
    def bilayer(cls, r_s: float, alpha: float, beta: float) -> "SpectralFunction":
        """alpha^2F of `ehbilayer.superconductivity.coupling.coupling_spectrum`: frozen Umklapp is a mode at omega_D.

        Parameters
        ----------
        r_s, alpha, beta : float
            As in `ehbilayer.superconductivity.pairing.coupling_constant`.

        Returns
        -------
        SpectralFunction
        """
        umklapp = coupling_spectrum(r_s, alpha, beta).weights[-1]
        return cls(
            1.0, lambda omega: plasmon_spectral_function(omega, r_s, alpha, beta), CouplingSpectrum.einstein(umklapp)
        )

    @checked
    def sampled(self, spacing: float) -> tuple[NDArray, NDArray]:
        """Weights of a sum over z = -n h ... n h that stands for the integral with the odd alpha^2F(z).

        Parameters
        ----------
        spacing : float
            h; the inverse must be an integer, so that omega_D is a point.

        Returns
        -------
        frequencies, weights : ndarray, shape (2 n + 1,)
        """
        top = self.edge if self.modes is None else max(self.edge, float(self.modes.frequencies[-1]))
        size = math.ceil(top / spacing - 1e-9) + 1
        weights = np.zeros(size + 1)
        if self.density is not None:
            count = round(self.edge / spacing)
            if abs(count * spacing - self.edge) > 1e-9 or count < 8:
                raise ValueError(
                    f"spacing = {spacing!r} is not allowed: need the edge {self.edge} divided by 8 or more"
                )
            weights[: count + 1] = spacing * self.density(spacing * np.arange(count + 1))
            weights[count - 2 : count + 1] *= _GREGORY[::-1]
        if self.modes is not None:
            # Split between neighbours so that the mean frequency is kept; exact for a mode on a point.
            place = self.modes.frequencies / spacing
            left = np.minimum(np.floor(place + 1e-9).astype(int), size - 1)
            share = np.clip(place - left, 0, 1)
            strength = self.modes.weights * self.modes.frequencies / 2
            np.add.at(weights, left, strength * (1 - share))
            np.add.at(weights, left + 1, strength * share)
        return spacing * np.arange(-size, size + 1), np.concatenate([-weights[:0:-1], weights])


@numbers_first()
@dataclass(frozen=True, eq=False)
class RealAxisFunction:
    r"""Gap function and renormalisation on a line above the real axis; energies in omega_D.

    Attributes
    ----------
    energies : ndarray, shape (n,)
        Real parts, >= 0; at negative ones both functions are the complex conjugates.
    height : float
        Imaginary part :math:`\eta`.
    gap, renormalisation : ndarray of complex, shape (n,)
        :math:`\Delta(\omega + i\eta)` and :math:`Z(\omega + i\eta)`.
    asymptote : float
        :math:`\Delta` at infinite energy; Z tends to 1.
    iterations : int
    residual : float
        Last change of the gap function, relative to its value at zero energy.
    matsubara_error : float
        Largest distance between :math:`\Delta(i\omega_n)` and :math:`Z(i\omega_n)` of the Matsubara solution, up to
        :math:`\omega_D`, and the contour integrals along the line, relative to the lowest ones.
    converged : bool
    """

    energies: np.ndarray
    height: float
    gap: np.ndarray
    renormalisation: np.ndarray
    asymptote: float
    iterations: int
    residual: float
    matsubara_error: float
    converged: bool

    @checked
    def at(self, energies: ArrayLike) -> tuple[NDArray, NDArray]:
        """Interpolated functions.

        Parameters
        ----------
        energies : array_like
            Between 0 and the last of `energies`.

        Returns
        -------
        gap, renormalisation : ndarray of complex
        """
        energies = np.asarray(validation.reals("energies", energies, low=0.0, high=float(self.energies[-1])))
        return tuple(CubicSpline(self.energies, values)(energies) for values in (self.gap, self.renormalisation))

    def density_of_states(self) -> NDArray:
        r""":math:`N(\omega)/N_0 = \mathrm{Re}\,B` along the line, shape (n,)."""
        return _green_functions(self.energies + 1j * self.height, self.gap, self.renormalisation)[0].real

    @checked
    def raised(self, height: float) -> tuple[NDArray, NDArray, NDArray]:
        r"""The functions on a higher line, by Poisson's integral: what a calculation there must give.

        Parameters
        ----------
        height : float
            Above that of this line.

        Returns
        -------
        energies : ndarray, shape (n,)
        gap, renormalisation : ndarray of complex, shape (n,)
        """
        height = validation.real("height", height, low=self.height, low_open=True)
        rise, spacing = height - self.height, self.energies[1]
        kernel = spacing * rise / math.pi / (_both(self.energies, 1) ** 2 + rise**2)
        line = self.energies + 1j * self.height
        results = []
        for values, far in ((self.gap, self.asymptote), (self.renormalisation, 1.0)):
            tail = _tail(line[-1], values[-1] - far)
            full = oaconvolve(_both(values - far - tail(line), -1), kernel, mode="same")
            results.append(far + tail(line + 1j * rise) + full[len(line) - 1 :])
        return self.energies, *results

    @checked
    def mismatch(self, higher: "RealAxisFunction", energy: float = 4.0) -> float:
        """Largest distance from a calculation on a higher line, after `raised`, relative to the values at zero energy.

        Parameters
        ----------
        higher : RealAxisFunction
            Result of another height for the same state.
        energy : float
            Up to which the gap function and the renormalisation are compared, in omega_D.

        Returns
        -------
        float
        """
        energies, gap, renormalisation = self.raised(higher.height)
        inside = energies < energy
        return max(
            float(np.abs(mine[inside] - theirs).max() / abs(scale[0]))
            for mine, theirs, scale in zip(
                (gap, renormalisation),
                higher.at(energies[inside]),
                (self.gap, self.renormalisation),
                strict=True,
            )
        )

    @checked
    def reach(self, values: ArrayLike, energies: ArrayLike, tolerance: float) -> float:
        """Lowest energy at which other values of the gap function, Padé approximants say, are off by a tolerance.

        Parameters
        ----------
        values, energies : array_like, shape (n,)
            Complex gap function at increasing energies in omega_D, on the same line.
        tolerance : float
            In omega_D, > 0.

        Returns
        -------
        float
            Infinite if all of them agree.
        """
        tolerance = validation.positive("tolerance", tolerance)
        energies = np.asarray(energies)
        off = np.abs(np.asarray(values) - self.at(energies)[0]) > tolerance
        return float(energies[np.argmax(off)]) if off.any() else math.inf


@checked
def continue_gap(
    state: GapFunction,
    spectral_function: SpectralFunction,
    *,
    height: float | None = None,
    window: float = 12.0,
    points: int = 3,
    tolerance: float = 1e-08,
    max_iterations: int = 400,
) -> RealAxisFunction:
    r"""Continue a Matsubara solution to a line above the real axis, from low energies to several omega_D.

    Parameters
    ----------
    state : GapFunction
        Solution of `ehbilayer.superconductivity.gap_function.gap_function` for the same alpha^2F.
    spectral_function : SpectralFunction
    height : float, optional
        Distance :math:`\eta` from the real axis, below :math:`\pi T`; by default half of that.
    window : float
        Highest energy, in omega_D, from 2. Above it the gap function is taken as constant.
    points : int
        Grid points per height (or per :math:`\pi T - \eta`, if that is smaller); the error of a sum is about
        :math:`e^{-2\pi\,\mathrm{points}}`.
    tolerance : float
        Of the change per iteration relative to the gap at zero energy.
    max_iterations : int

    Returns
    -------
    RealAxisFunction
        Look at ``converged`` and ``matsubara_error``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, or the grid would need more than 2^21 points.

    Examples
    --------
    >>> from ehbilayer.superconductivity.gap_function import gap_function
    >>> mode = CouplingSpectrum.einstein(1.0)
    >>> result = continue_gap(gap_function(mode, 0.02), SpectralFunction(1.0, modes=mode))
    >>> result.converged, result.matsubara_error < 1e-2
    (True, True)
    """
    if not isinstance(state, GapFunction):
        raise TypeError(f"state is not allowed: need a GapFunction, got {type(state).__name__}")
    if not isinstance(spectral_function, SpectralFunction):
        raise TypeError(
            f"spectral_function is not allowed: need a SpectralFunction, got {type(spectral_function).__name__}"
        )
    first = math.pi * state.temperature
    height = 0.5 * first if height is None else validation.real("height", height, low=1e-3 * first, high=0.95 * first)
    window = validation.real("window", window, low=2.0, high=1e3)
    points = validation.integer("points", points, low=1, high=32)
    tolerance = validation.real("tolerance", tolerance, low=1e-13, high=1e-2)
    max_iterations = validation.integer("max_iterations", max_iterations, low=1)
    inverse = math.ceil(points / min(height, first - height))
    spacing = 1.0 / inverse
    frequencies, weights = spectral_function.sampled(spacing)
    reach = round(window * inverse)
    if reach + len(frequencies) > 2**20:
        raise ValueError(f"temperature = {state.temperature!r} is not allowed: too low for a grid of 2^21 points")

    # Energies beyond the window by as much as alpha^2F reaches: the arguments omega - z.
    margin = len(frequencies) // 2
    omega = spacing * np.arange(-reach - margin, reach + margin + 1) + 1j * height
    inside = slice(margin, len(omega) - margin)
    temperature = state.temperature
    with np.errstate(over="ignore"):
        fermi = 0.5 * (1 + np.tanh(omega / (2 * temperature)))
        bose = 1 / np.expm1(np.where(frequencies == 0, 1.0, frequencies) / temperature)
    thermal = weights * bose
    # alpha^2F N has the limit T alpha^2F'(0) at zero frequency.
    thermal[margin] = weights[margin + 1] / frequencies[margin + 1] * temperature
    pairs, odd = _matsubara_sums(state, omega)
    source_phi = state.asymptote + oaconvolve(pairs, weights, mode="valid")
    source_z = omega[inside] + 1j * oaconvolve(odd, weights, mode="valid")

    def applied(values):
        full = oaconvolve(values, thermal, mode="valid") + oaconvolve(fermi * values, weights, mode="valid")
        return 1j * math.pi * full

    gap = np.full(reach + 1, complex(state.gap[0]))
    z = np.full(reach + 1, complex(state.renormalisation[0]))
    change = math.inf
    for iteration in range(1, max_iterations + 1):
        delta, full = (np.pad(_both(values, -1), margin, mode="edge") for values in (gap, z))
        normal, anomalous = _green_functions(omega, delta, full)
        phi = source_phi + applied(anomalous)
        z = ((source_z + applied(normal)) / omega[inside])[reach:]
        new = phi[reach:] / z
        change = np.abs(new - gap).max() / abs(state.gap[0])
        gap = new
        if change < tolerance:
            break
    energies = spacing * np.arange(reach + 1)
    error = max(
        _return_error(state, energies, height, gap, state.gap, state.asymptote),
        _return_error(state, energies, height, z, state.renormalisation, 1.0),
    )
    return RealAxisFunction(
        energies, height, gap, z, state.asymptote, iteration, float(change), error, bool(change < tolerance)
    )


def _both(values, parity):
    """Values at non-negative energies continued to negative ones; -1: by complex conjugation."""
    mirror = values[:0:-1]
    return np.concatenate([np.conj(mirror) if parity < 0 else -mirror, values])


def _green_functions(omega, gap, renormalisation):
    """B and A: omega Z and phi over the root of (omega Z)^2 - phi^2 in the upper half plane."""
    # Without Z the root would lie on the wrong sheet wherever scattering is strong.
    dressed, phi = omega * renormalisation, gap * renormalisation
    root = np.sqrt(dressed**2 - phi**2)
    root = np.where(root.imag < 0, -root, root)
    return dressed / root, phi / root


def _matsubara_sums(state, omega):
    """-pi T sum_m g_m/(omega - i omega_m) for g = Delta_m/sqrt and, up to a constant, g = omega_m/sqrt."""
    spline = CubicSpline(np.log(state.indices + 0.5), state.gap)
    top = state.indices[-1] + 0.5
    nodes, weights = gauss_legendre(24)
    # Beyond the explicit terms, an integral in ln m over panels; the gap is constant at its end.
    cuts = np.linspace(math.log(_EXPLICIT), math.log(max(top, 2 * _EXPLICIT)) + 14, 30)
    half = 0.5 * np.diff(cuts)
    logs = (cuts[:-1, None] + half[:, None] * (1 + nodes)).ravel()
    measure = (half[:, None] * weights).ravel() * np.exp(logs)
    logs = np.concatenate([np.log(np.arange(_EXPLICIT) + 0.5), logs])
    measure = np.concatenate([np.ones(_EXPLICIT), measure])
    frequencies = 2 * math.pi * state.temperature * np.exp(logs)
    gap = spline(np.minimum(logs, math.log(top)))
    root = np.hypot(frequencies, gap)
    pairs, odd = np.zeros(len(omega), dtype=complex), np.zeros(len(omega), dtype=complex)
    squares = omega**2
    factor = 2 * math.pi * state.temperature * measure
    for frequency, even, uneven in zip(frequencies, factor * gap / root, factor * frequencies / root, strict=True):
        denominator = squares + frequency**2
        pairs -= even * omega / denominator
        # The constant, which an odd alpha^2F removes, is subtracted for convergence.
        odd -= 1j * uneven * frequency * (1 / denominator - 1 / (1 + frequency**2))
    return pairs, odd


def _tail(omega, value):
    r"""i c_1/(omega + i) + c_2/(omega + i)^2, analytic above the axis, equal to `value` at `omega`; c_1, c_2 real."""
    first, second = 1j / (omega + 1j), 1 / (omega + 1j) ** 2
    one, two = np.linalg.solve([[first.real, second.real], [first.imag, second.imag]], [value.real, value.imag])
    return lambda x: 1j * one / (x + 1j) + two / (x + 1j) ** 2


def _return_error(state, energies, height, values, reference, far):
    """Largest distance of contour integrals along the line from the Matsubara values up to omega_D."""
    line = energies + 1j * height
    tail = _tail(line[-1], values[-1] - far)
    rest, line = _both(values - far - tail(line), -1), _both(energies, 1) + 1j * height
    chosen = np.flatnonzero(state.frequencies <= 1.0)
    chosen = chosen[np.unique(np.linspace(0, len(chosen) - 1, 40).astype(int))]
    back = [
        (far + tail(1j * frequency) + energies[1] / (2j * math.pi) * (rest / (line - 1j * frequency)).sum()).real
        for frequency in state.frequencies[chosen]
    ]
    return float(np.abs(np.array(back) - reference[chosen]).max() / abs(reference[0]))
