r"""The propagator of an electron-hole pair in two layers, and what its collisions weigh, at one total momentum.

.. math:: \Pi(\mathbf Q, \Omega) = \int\frac{d^2k}{(2\pi)^2}\,
   \frac{1 - f_e(\mathbf k) - f_h(\mathbf Q - \mathbf k)}{\xi_e(\mathbf k) + \xi_h(\mathbf Q - \mathbf k) - \Omega - i0}

grows like the logarithm of a cutoff. Its finite part has N ln(E/scale) taken away at large energy E of the pair, N the
density of states of the relative motion: with k_B T_c for the scale, that of `ehbilayer.diode.momentum_grid`, in
1/(meV nm^2). Its imaginary part is pi times the spectral density of pairs, from which the real one follows.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.drag import ladder_kernels as kernels
from ehbilayer.drag.ladder_kernels import PairLayers
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.numerics.quadrature import Panels, gauss_legendre

__all__ = ["PairSpectrum", "pair_spectrum"]

# Distances of the panels' edges from the energy at which pairs form and break equally often, in k_B T, and how far
# collisions are followed.
_EDGES = (0.1, 0.35, 0.9, 2.0, 4.0, 7.0, 11.0)
_WINDOW = 17.0
# Longest panel in k_B T where occupations change, and how fast panels grow beyond.
_PANEL, _GROWTH = 5.0, 1.5
_TAIL_NODES = 8
# Angles per digit of a sum over a circle, and the least number of them.
_DIGITS, _FEWEST = 7.0, 24


@numbers_first()
@dataclass(frozen=True, eq=False)
class PairSpectrum:
    """Pairs of one total momentum.

    Attributes
    ----------
    omega, weights : ndarray, shape (n,)
        Energies of pairs in meV, counted from both chemical potentials, and weights of an integral over them.
    sums : ndarray, shape (8, n)
        `ehbilayer.drag.ladder_kernels.contour_sums` there.
    real : ndarray, shape (n,)
        Finite part of the real part of Pi in 1/(meV nm^2).
    """

    omega: NDArray[np.float64]
    weights: NDArray[np.float64]
    sums: NDArray[np.float64]
    real: NDArray[np.float64]

    @property
    def propagator(self) -> NDArray[np.complex128]:
        """Pi in 1/(meV nm^2)."""
        return self.real + 1j * math.pi * self.sums[0]

    def balance(self) -> float | None:
        """Finite part of Pi, real there, where pairs form and break equally often.

        Returns
        -------
        float or None
            In 1/(meV nm^2); None where no such energy is in reach of collisions.

        Notes
        -----
        The normal state is stable against pairs of this momentum if 1/g is larger.
        """
        found = self._crossing()
        return None if found is None else found[0]

    def growth(self, inverse: float) -> float | None:
        """Energy hbar gamma with which pairs of this momentum grow, as exp(gamma t), close to the transition.

        Parameters
        ----------
        inverse : float
            Finite part of 1/g in 1/(meV nm^2).

        Returns
        -------
        float or None
            In meV, negative where they decay: of the pole of T, with Pi linear in the energy about the one at which
            pairs form and break equally often.
        """
        found = self._crossing()
        return None if found is None else ((inverse - found[0]) / complex(found[1], math.pi * found[2])).imag

    def _crossing(self) -> tuple[float, float, float] | None:
        """Pi where the spectral density changes sign, and the slopes there of its real part and of the density."""
        density = self.sums[0]
        places = np.flatnonzero((density[:-1] <= 0.0) & (density[1:] > 0.0))
        if not places.size:
            return None
        i = int(places[0])
        step, rise = density[i + 1] - density[i], self.real[i + 1] - self.real[i]
        gap = self.omega[i + 1] - self.omega[i]
        return float(self.real[i] - density[i] / step * rise), float(rise / gap), float(step / gap)


@checked
def pair_spectrum(
    layers: PairLayers, Q: tuple[float, float], *, scale: float, extent: float, order: int, fineness: float = 1.0
) -> PairSpectrum | None:
    """Sums over the pairs of one total momentum, near the energies at which they collide.

    Parameters
    ----------
    layers : PairLayers
    Q : tuple of float
        Total momentum over hbar in 1/nm.
    scale : float
        Energy in the logarithm that is taken away, in meV, greater than zero.
    extent : float
        Energy up to which occupations change, above the chemical potentials, in meV; up to a million k_B T.
    order : int
        Gauss-Legendre nodes per panel of energies, from 2 to 24.
    fineness : float
        Multiplies the number of directions, from 0.5 to 20.

    Returns
    -------
    PairSpectrum or None
        None if no occupied pairs of this momentum collide.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> level = {"J": 0.0, "level": 10.0, "level_h": 10.0}
    >>> still = dict.fromkeys(("lam", "B", "tilt_e", "shift_e", "tilt_h", "shift_h"), 0.0)
    >>> layers = PairLayers(curvature=0.381, curvature_h=0.381, T=1.0, **level, **still)
    >>> spectrum = pair_spectrum(layers, (0.0, 0.0), scale=0.86, extent=50.0, order=4)
    >>> print(f"{spectrum.balance():.3f}")
    0.357
    """
    if not isinstance(Q, tuple | list) or len(Q) != 2:
        raise ArgumentError("Q", Q, "a momentum, two numbers")
    Q_x, Q_y = (validation.real("Q", x, low=-1e3, high=1e3) for x in Q)
    scale = validation.positive("scale", scale)
    extent = validation.positive("extent", extent, high=1e6 * layers.T)
    order = validation.integer("order", order, low=2, high=24)
    fineness = validation.real("fineness", fineness, low=0.5, high=20.0)
    return spectrum_at(layers, (Q_x, Q_y), scale, extent, order, fineness)


def spectrum_at(
    layers: PairLayers, Q: tuple[float, float], scale: float, extent: float, order: int, fineness: float
) -> PairSpectrum | None:
    """`pair_spectrum` of arguments that were checked, for loops over many momenta.

    Parameters
    ----------
    layers : PairLayers
    Q : tuple of float
    scale, extent : float
    order : int
    fineness : float

    Returns
    -------
    PairSpectrum or None
    """
    T, (Q_x, Q_y) = layers.T, Q
    kx, _, lowest = kernels.pair_minimum(layers, Q_x, Q_y)
    centre = layers.tilt_e * kx + layers.tilt_h * (Q_x - kx) + layers.shift_e + layers.shift_h
    # Layers that drift apart spread the energies at which pairs form and break.
    spread = abs(layers.tilt_e - layers.tilt_h) * math.sqrt(2 * extent / (layers.curvature + layers.curvature_h))
    low, high = centre - _WINDOW * T - spread, centre + _WINDOW * T + spread
    if lowest >= high:
        return None
    edges = _edges(lowest, centre, low, high, max(extent, high + T), T)
    panels = Panels(edges, order=order)
    omega = panels.nodes
    top, level = edges[-1], 1 / (2 * math.pi * (layers.curvature + layers.curvature_h))
    x, w = gauss_legendre(_TAIL_NODES)
    end = 1 / math.sqrt(top - lowest)
    y = 0.5 * end * (x + 1)
    tail, tail_weights = (lowest + 1 / y**2)[::-1], (end * w / y**3)[::-1]
    # Drifts may leave the lowest pairs above what is occupied at rest.
    angles = _angles(layers, Q, max(min(high - lowest, extent - lowest), T), fineness)
    sums = kernels.contour_sums(layers, Q_x, Q_y, np.concatenate((omega, tail)), angles)
    density = np.ascontiguousarray(sums[0, : omega.size])
    slope = ((density.reshape(-1, order) @ _differences(order).T) / panels.halves[:, None]).ravel()
    inside = np.flatnonzero((omega > low) & (omega < high))
    real = kernels.principal_part(
        density,
        slope,
        omega,
        panels.weights,
        (lowest, top),
        tail,
        np.ascontiguousarray(sums[0, omega.size :]),
        tail_weights,
        level,
        inside,
    )
    real += level * math.log(scale)
    return PairSpectrum(omega[inside], panels.weights[inside], sums[:, inside], real)


def _edges(lowest, centre, low, high, top, T):
    """Panels about the energies of collisions, longer ones to both sides."""
    near = [centre + side * x * T for x in _EDGES for side in (-1, 1)] + [centre, low, high]
    edges = sorted({lowest, top, *(x for x in near if lowest < x < top)})
    out = [edges[0]]
    for edge in edges[1:]:
        gap = edge - out[-1]
        if gap < 1e-6 * T:
            continue
        pieces = max(1, math.ceil(gap / (_PANEL * T)))
        out += [out[-1] + gap * (n + 1) / pieces for n in range(pieces)]
    step = _PANEL * T
    while out[-1] - lowest < 3 * (top - lowest):
        step *= _GROWTH
        out.append(out[-1] + step)
    return out


def _angles(layers, Q, energy, fineness):
    """Directions that resolve the occupations along the largest contour of interest."""
    kx, ky, _ = kernels.pair_minimum(layers, *Q)
    r = math.sqrt(2 * energy / (layers.curvature + layers.curvature_h))
    # How much the difference of both energies changes along the circle: of first and of second order in r.
    away = math.hypot(layers.curvature * kx, layers.curvature * ky) + math.hypot(
        layers.curvature_h * (Q[0] - kx), layers.curvature_h * (Q[1] - ky)
    )
    swing = r * (away + 2 * abs(layers.lam) + abs(layers.tilt_e) + abs(layers.tilt_h))
    distance = math.asinh(2 * math.pi * layers.T / max(swing, 1e-9))
    # Even, and divisible by 4: contours about an axis keep their symmetries.
    return 4 * math.ceil(max(_FEWEST, fineness * _DIGITS / distance) / 4)


@lru_cache(maxsize=32)
def _differences(order):
    """Matrix that differentiates a function on the nodes of a panel [-1, 1]."""
    nodes, weights = gauss_legendre(order)
    degree = np.arange(order)
    to_series = (legendre.legvander(nodes, order - 1) * (degree + 0.5)).T * weights
    slopes = np.array([legendre.legval(nodes, legendre.legder(row)) for row in np.eye(order)])
    return slopes.T @ to_series
