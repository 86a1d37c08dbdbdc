"""Spectrum of the electrons' coupling to acoustic plasmons, alpha^2F (paper A, Eqs. 2 to 4)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.superconductivity.fermi_circle import (
    NODES,
    ORDER,
    UMKLAPP,
    WEIGHTS,
    like,
    normal_rule,
)
from ehbilayer.superconductivity.umklapp import zone_resolved, zone_rule

__all__ = ["CouplingSpectrum", "coupling_spectrum", "plasmon_spectral_function"]


# Bins per omega_D for folded plasmons; the error of lambda(i nu) is the square of their relative width over 12.
_BINS = 128


@numbers_first()
@dataclass(frozen=True, eq=False)
class CouplingSpectrum:
    r"""Electron-plasmon coupling resolved by the plasmon's frequency, as a quadrature rule.

    :math:`\alpha^2F(\omega) = \tfrac12 \omega\, d\lambda/d\omega` in the isotropic approximation, so that a sum over
    the nodes is an integral with :math:`2\alpha^2F/\omega`.

    Attributes
    ----------
    frequencies : ndarray, shape (n,)
        In units of the Debye frequency :math:`\omega_D = v_p k_D/\hbar` or any other; ascending, whatever the order of
        what is given.
    weights : ndarray, shape (n,)
        Contribution of each node to lambda.

    Raises
    ------
    TypeError, ArgumentError
        If the two are not lists of one length with positive frequencies and weights of at least 0, not all of them 0.

    Examples
    --------
    >>> spectrum = CouplingSpectrum(frequencies=[2.0, 1.0], weights=[0.5, 0.5])
    >>> spectrum.coupling, spectrum.frequencies.tolist()
    (1.0, [1.0, 2.0])
    """

    frequencies: np.ndarray
    weights: np.ndarray

    def __post_init__(self) -> None:
        frequencies = np.atleast_1d(validation.reals("frequencies", self.frequencies, low=0.0, low_open=True))
        weights = np.atleast_1d(validation.reals("weights", self.weights, low=0.0))
        if frequencies.ndim != 1 or frequencies.shape != weights.shape or not weights.sum() > 0:
            raise ArgumentError("weights", self.weights, f"{frequencies.size} numbers, one a frequency, not all 0")
        order = np.argsort(frequencies, kind="stable")
        object.__setattr__(self, "frequencies", frequencies[order])
        object.__setattr__(self, "weights", weights[order])

    @property
    def coupling(self) -> float:
        r""":math:`\lambda = 2\int \alpha^2F\,d\omega/\omega`."""
        return float(self.weights.sum())

    @property
    def logarithmic_mean(self) -> float:
        r""":math:`\omega_{\log}` in :math:`\omega_D`."""
        return float(np.exp(self.weights @ np.log(self.frequencies) / self.coupling))

    @property
    def root_mean_square(self) -> float:
        r""":math:`\sqrt{\langle\omega^2\rangle}` in :math:`\omega_D`."""
        return float(np.sqrt(self.weights @ self.frequencies**2 / self.coupling))

    @classmethod
    def tabulated(cls, energies: ArrayLike, values: ArrayLike) -> "CouplingSpectrum":
        r"""A spectrum :math:`\alpha^2F` given by its values, by the trapezoidal rule.

        Parameters
        ----------
        energies : array_like, shape (n,)
            In any unit, >= 0, in any order; a row at zero energy is left out, where alpha^2F must be 0.
        values : array_like, shape (n,)
            :math:`\alpha^2F`, >= 0.

        Returns
        -------
        CouplingSpectrum

        Raises
        ------
        TypeError, ArgumentError
            If a number is negative, or the lengths differ.

        Examples
        --------
        >>> energies = np.linspace(0.0, 10.0, 201)
        >>> print(f"{CouplingSpectrum.tabulated(energies, 0.1 * energies).coupling:.3f}")
        1.995
        """
        energies = np.atleast_1d(validation.reals("energies", energies, low=0.0))
        values = np.atleast_1d(validation.reals("values", values, low=0.0))
        if energies.ndim != 1 or energies.shape != values.shape or energies.size < 2:
            raise ArgumentError("values", values, f"{energies.size} numbers, one an energy, two or more")
        if (values[energies == 0] > 0).any():
            raise ArgumentError("values", values, "0 at zero energy, where the coupling would be infinite")
        order = np.argsort(energies, kind="stable")
        energies, values = energies[order], values[order]
        steps = np.diff(energies)
        width = 0.5 * (np.append(steps, 0.0) + np.append(0.0, steps))
        used = energies > 0
        return cls(energies[used], 2 * values[used] / energies[used] * width[used])

    @classmethod
    def einstein(cls, coupling: float, frequency: float = 1.0) -> "CouplingSpectrum":
        """A single mode.

        Examples
        --------
        >>> CouplingSpectrum.einstein(2.0).logarithmic_mean
        1.0
        """
        return cls(
            np.array([validation.positive("frequency", frequency)]),
            np.array([validation.positive("coupling", coupling)]),
        )


@checked
def coupling_spectrum(r_s: float, alpha: float, beta: float, umklapp: str = "frozen") -> CouplingSpectrum:
    r"""alpha^2F of Eq. 2 with plasmon frequencies v_p q.

    Parameters
    ----------
    r_s, alpha, beta : float
        As in `coupling_constant`.
    umklapp : {"frozen", "folded", "projected", "none"}
        In the first the Umklapp part is a delta function at :math:`\omega_D`.

    Returns
    -------
    CouplingSpectrum

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> spectrum = coupling_spectrum(1.6, 0.3, 0.625)
    >>> print(f"{spectrum.coupling:.6f} {spectrum.logarithmic_mean:.4f}")
    0.756175 0.1794
    """
    umklapp = validation.option("umklapp", umklapp, UMKLAPP)
    r_s = validation.real("r_s", r_s, low=1e-12, high=1e12)
    alpha = validation.real("alpha", alpha, low=1e-12, high=1e12)
    beta = validation.real("beta", beta, low=0.0)
    a, c = r_s / math.sqrt(2), 4 * math.sqrt(2) * beta
    edge = zone_rule(umklapp)[2]
    nodes, weights = normal_rule(a, c, edge, NODES, WEIGHTS)
    frequencies, parts = [math.sqrt(2) * nodes], [weights]
    if umklapp != "none":
        s, weight, q = zone_resolved(umklapp)
        frequencies.append(q)
        parts.append(weight * a**2 / math.pi * np.exp(-c * s) / (s + a) ** 2)
    frequencies, parts = np.concatenate(frequencies), np.concatenate(parts) / alpha**2
    if umklapp == "frozen":
        frequencies = np.append(frequencies[:ORDER], 1.0)
        parts = np.append(parts[:ORDER], parts[ORDER:].sum())
    if umklapp in ("folded", "projected"):
        # Thousands of directions: gathered in narrow bins that keep weight and mean square of the frequency.
        outer, weight = frequencies[ORDER:], parts[ORDER:]
        label = np.floor(outer * _BINS).astype(int)
        sums = np.bincount(label, weight)
        used = sums > 0
        squares = np.bincount(label, weight * outer**2)[used] / sums[used]
        frequencies = np.concatenate([frequencies[:ORDER], np.sqrt(squares)])
        parts = np.concatenate([parts[:ORDER], sums[used]])
    order = np.argsort(frequencies, kind="stable")
    return CouplingSpectrum(frequencies[order], parts[order])


@checked
def plasmon_spectral_function(omega: ArrayLike, r_s: float, alpha: float, beta: float) -> float | NDArray[np.float64]:
    r"""Smooth part of alpha^2F of Eq. 2, plasmons of wave vectors up to k_D.

    With :math:`\omega/\omega_D = \sqrt2\sin\theta` below the Umklapp threshold :math:`\theta = \pi/4`,

    .. math:: \alpha^2F(\omega) = \frac\omega2\frac{d\lambda}{d\omega} = \frac{\omega}{2\sqrt2\cos\theta}
        \frac{a^2}{\pi\alpha^2}\frac{e^{-4\sqrt2\beta\sin\theta}}{(\sin\theta + a)^2}

    Parameters
    ----------
    omega : float or array_like
        In omega_D, from 0 to 1.
    r_s, alpha, beta : float
        As in `coupling_constant`.

    Returns
    -------
    float or ndarray

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{plasmon_spectral_function(0.2, 1.6, 0.3, 0.625):.4f}")
    0.1211
    """
    omega = validation.reals("omega", omega, low=0.0, high=1.0)
    r_s = validation.real("r_s", r_s, low=1e-12, high=1e12)
    alpha = validation.real("alpha", alpha, low=1e-12, high=1e12)
    beta = validation.real("beta", beta, low=0.0)
    a, s = r_s / math.sqrt(2), np.asarray(omega) / math.sqrt(2)
    slope = a**2 / (math.pi * alpha**2) * np.exp(-4 * math.sqrt(2) * beta * s) / (s + a) ** 2
    return like(np.asarray(omega) / 2 * slope / np.sqrt(2 * (1 - s * s)), omega)
