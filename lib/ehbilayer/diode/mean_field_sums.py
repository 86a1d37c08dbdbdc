"""Compiled sums of mean-field theory over the nodes of `ehbilayer.diode.momentum_cells`."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.pair_kernels import (
    CHUNK,
    REORDERED,
    fill_occupations,
    fill_pair_sums,
    layer_occupations,
    pair_energy,
)


class StateSums(NamedTuple):
    """What `state_sums` returns, per area.

    Attributes
    ----------
    energy : float
        Sum of T ln[2 cosh(E/T) + 2 cosh(delta/T)] - xi, less Delta^2 times the counterterm.
    K : float
        Sum of K(E) less the counterterm.
    electron_x, electron_y, hole_x, hole_y : float
        Number currents of the layers.
    """

    energy: float
    K: float
    electron_x: float
    electron_y: float
    hole_x: float
    hole_y: float


@kernel(error_model="numpy", fastmath=REORDERED)
def scan_sums(table: NDArray, T: float, squares: NDArray) -> tuple[NDArray, NDArray]:
    """Sums of K(E) - counter and of G(E) at several order parameters.

    Parameters
    ----------
    table : ndarray, shape (12, n)
        As `ehbilayer.diode.momentum_cells.MomentumNodes.table`.
    T : float
        Temperature in T_c.
    squares : ndarray, shape (m,)
        Values of Delta^2.

    Returns
    -------
    K, G : ndarray, shape (m,)
    """
    K_sum, G_sum = np.zeros(squares.size), np.zeros(squares.size)
    E, K, G, xi2, work = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty((2, CHUNK))
    for start in range(0, table.shape[1], CHUNK):
        n = min(CHUNK, table.shape[1] - start)
        weight, counter, xi, delta = table[0, start:], table[1, start:], table[2, start:], table[3, start : start + n]
        for i in range(n):
            xi2[i] = xi[i] * xi[i]
        for m in range(squares.size):
            for i in range(n):
                E[i] = math.sqrt(xi2[i] + squares[m])
            fill_pair_sums(E[:n], delta, T, work, K, G)
            K_rest, G_rest = 0.0, 0.0
            for i in range(n):
                K_rest += weight[i] * (K[i] - counter[i])
                G_rest += weight[i] * G[i]
            K_sum[m] += K_rest
            G_sum[m] += G_rest
    return K_sum, G_sum


@kernel(error_model="numpy", fastmath=REORDERED)
def state_sums(table: NDArray, T: float, x: float) -> StateSums:
    """Sums over the nodes at one order parameter.

    Parameters
    ----------
    table : ndarray, shape (12, n)
        As `ehbilayer.diode.momentum_cells.MomentumNodes.table`.
    T : float
        Temperature in T_c.
    x : float
        Delta^2.

    Returns
    -------
    StateSums
    """
    energy_sum, K_sum, e_x, e_y, h_x, h_y = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    E, far, near, energies = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    for start in range(0, table.shape[1], CHUNK):
        n = min(CHUNK, table.shape[1] - start)
        weight, counter, xi, delta = table[0, start:], table[1, start:], table[2, start:], table[3, start : start + n]
        for i in range(n):
            E[i] = math.sqrt(xi[i] * xi[i] + x)
        fill_occupations(E[:n], delta, T, far[:n], near[:n])
        for i in range(n):
            energies[i] = pair_energy(xi[i], E[i], x, delta[i], T, far[i], near[i])
        velocities = table[4:8, start : start + n]
        for i in range(n):
            K = (1.0 - far[i] - near[i]) / (2.0 * E[i]) if E[i] > 0.0 else 0.0
            f_plus, f_minus = (far[i], near[i]) if delta[i] > 0.0 else (near[i], far[i])
            n_e, n_h = layer_occupations(xi[i], E[i], x, f_plus, f_minus)
            energy_sum += weight[i] * (energies[i] - x * counter[i])
            K_sum += weight[i] * (K - counter[i])
            e_x += weight[i] * n_e * velocities[0, i]
            e_y += weight[i] * n_e * velocities[1, i]
            h_x += weight[i] * n_h * velocities[2, i]
            h_y += weight[i] * n_h * velocities[3, i]
    return StateSums(energy_sum, K_sum, e_x, e_y, h_x, h_y)
