"""Compiled sums of mean-field theory over the nodes of `ehbilayer.diode.momentum_cells`."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.pair_kernels import CHUNK, fill_occupations, fill_pair_sums, layer_occupations, pair_energy


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


@kernel(error_model="numpy")
def scan_sums(table: NDArray, T: float, squares: NDArray) -> tuple[NDArray, NDArray]:
    """Sums of K(E) - counter and of G(E) at several order parameters.

    Parameters
    ----------
    table : ndarray, shape (n, 12)
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
    E, K, G, work = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty((2, CHUNK))
    columns = np.empty((4, CHUNK))
    for start in range(0, table.shape[0], CHUNK):
        n = min(CHUNK, table.shape[0] - start)
        for i in range(n):
            for k in range(4):
                columns[k, i] = table[start + i, k]
            columns[2, i] *= columns[2, i]
        for m in range(squares.size):
            for i in range(n):
                E[i] = math.sqrt(columns[2, i] + squares[m])
            fill_pair_sums(E[:n], columns[3, :n], T, work, K, G)
            K_rest, G_rest = 0.0, 0.0
            for i in range(n):
                K_rest += columns[0, i] * (K[i] - columns[1, i])
                G_rest += columns[0, i] * G[i]
            K_sum[m] += K_rest
            G_sum[m] += G_rest
    return K_sum, G_sum


@kernel(error_model="numpy")
def state_sums(table: NDArray, T: float, x: float) -> StateSums:
    """Sums over the nodes at one order parameter.

    Parameters
    ----------
    table : ndarray, shape (n, 12)
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
    E, delta, far, near = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    for start in range(0, table.shape[0], CHUNK):
        n = min(CHUNK, table.shape[0] - start)
        for i in range(n):
            E[i] = math.sqrt(table[start + i, 2] ** 2 + x)
            delta[i] = table[start + i, 3]
        fill_occupations(E[:n], delta[:n], T, far[:n], near[:n])
        for i in range(n):
            row = table[start + i]
            weight, counter, xi = row[0], row[1], row[2]
            energy = pair_energy(xi, E[i], x, delta[i], T, far[i], near[i])
            K = (1.0 - far[i] - near[i]) / (2.0 * E[i]) if E[i] > 0.0 else 0.0
            f_plus, f_minus = (far[i], near[i]) if delta[i] > 0.0 else (near[i], far[i])
            n_e, n_h = layer_occupations(xi, E[i], x, f_plus, f_minus)
            energy_sum += weight * (energy - x * counter)
            K_sum += weight * (K - counter)
            e_x += weight * n_e * row[4]
            e_y += weight * n_e * row[5]
            h_x += weight * n_h * row[6]
            h_y += weight * n_h * row[7]
    return StateSums(energy_sum, K_sum, e_x, e_y, h_x, h_y)
