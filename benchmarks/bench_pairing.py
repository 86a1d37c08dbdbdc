"""Compressibility, pairing maps and Eliashberg T_c, with dense or NumPy twins."""

import math

import numpy as np
from scipy.optimize import brentq

from benchmarks.timing import Case
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.compressibility import bulk_modulus

#: Fig. 4a: distances and densities of paper A, mass ratio 10, 36 pairs.
DISTANCES = (0.0, 0.25, 0.5, 1.0, 2.0, 5.0)
RADII = (0.3, 0.5, 0.7, 0.9, 1.2, 1.4, 1.6, 1.9, 2.2)


def figure_4a():
    """All 54 points with error bars, for a goal of two minutes; both zero modes follow from one calculation."""
    return sum(bulk_modulus(d=d, r_s=r_s, mesh=6).alpha_squared for d in DISTANCES for r_s in RADII)


def map_arguments(points):
    """Densities, distances and alpha^2 of a T_c map with ``points**2`` cells."""
    r_s = np.linspace(0.3, 2.2, points)
    return r_s, np.linspace(0.0, 5.0, points), (1.21 - 0.84 * r_s)[:, None]


def map_twin(points):
    """Sum of the map's temperatures from Eq. 4 with Gauss-Legendre nodes in theta, cell arrays in NumPy."""
    r_s, d, alpha_squared = map_arguments(points)
    a, c = (r_s / math.sqrt(2))[:, None, None], 4 * math.sqrt(2) * (d / r_s[:, None])[:, :, None]
    nodes, weights = gauss_legendre(96)
    first = math.pi / 8 * (nodes + 1)
    repulsion = pairing.coulomb_strength(r_s)[:, None]
    total = np.zeros((points, points))
    for theta, factor in ((first, np.ones(96)), (first + math.pi / 4, 2 * np.sin(first + math.pi / 4) ** 2)):
        s = np.sin(theta)
        total += (math.pi / 8 * weights * factor * np.exp(-c * s) / (s + a) ** 2).sum(axis=-1)
    attraction = a[:, :, 0] ** 2 / math.pi * total / np.where(alpha_squared > 0, alpha_squared, 1.0)
    g = repulsion - attraction
    debye = 2 * np.sqrt(np.maximum(alpha_squared, 0)) / r_s[:, None] ** 2 / math.sqrt(10)
    return float((1.13 * debye * np.where(g < 0, np.exp(1 / np.minimum(g, -1e-300)), 0.0)).sum())


def dense_transition(coupling, size=1200):
    """T_c of an Einstein mode from the dense matrix of `size` Matsubara frequencies."""
    n = np.arange(size)

    def excess(temperature):
        square = (1 / (2 * math.pi * temperature)) ** 2
        kernel = coupling * square / (square + np.arange(2.0 * size) ** 2)
        attraction = kernel[np.abs(n[:, None] - n)] + kernel[n[:, None] + n + 1]
        normal = 2 * n + 1 + kernel[0] + 2 * np.concatenate([[0], np.cumsum(kernel[1:size])])
        return np.linalg.eigvalsh(attraction / np.sqrt(np.outer(normal, normal)))[-1] - 1

    return brentq(excess, 0.05, 0.3, xtol=1e-10)


def cases():
    """All timed cases."""
    r_s, d, values = map_arguments(200)
    strong = eliashberg.CouplingSpectrum.einstein(1.0)
    return [
        Case("α² with error, N = 36", lambda: bulk_modulus(mesh=6).alpha_squared),
        Case(
            "T_c map, 200 x 200",
            lambda: float(pairing.temperature_map(r_s, d, values, 10)["temperature"].sum()),
            lambda: map_twin(200),
            goal_ms=200.0,
        ),
        Case(
            "Eliashberg T_c, Einstein mode",
            lambda: round(eliashberg.transition(strong).temperature, 8),
            lambda: round(dense_transition(1.0), 8),
            goal_ms=1e3,
        ),
        Case(
            "Eliashberg T_c, bilayer",
            lambda: eliashberg.critical_temperature(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10),
            goal_ms=1e3,
        ),
        Case(
            "Eliashberg, no instability",
            lambda: eliashberg.critical_temperature(r_s=1.6, alpha=1.0, d=1.0, mass_ratio=10),
            goal_ms=1e3,
        ),
    ]
