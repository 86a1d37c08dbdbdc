r"""Compiled sums of mean-field theory with deviating chemical potentials and a spinor order parameter.

With the share w = same + n.d of the order parameter's square X that a pair feels, E^2 = xi^2 + X w; a deviation of the
chemical potentials moves xi by -(mu_e + mu_h)/2 and delta by -(mu_e - mu_h)/2. The derivatives of the potential with
respect to X, the spinor's direction and both deviations, and theirs, are sums over the same nodes.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.pair_kernels import (
    CHUNK,
    fill_occupations,
    layer_occupations,
    pair_energy,
    pair_slope,
    pair_sums,
)


class Trial(NamedTuple):
    """Order parameter and chemical potentials at which the sums are taken.

    Attributes
    ----------
    X : float
        Square of the order parameter.
    mean, half : float
        Half the sum and half the difference of the deviations of mu_e and mu_h.
    same : float
        1 without overlaps, 1/2 with them.
    d, first, second : tuple of float, length 3
        Direction of the spinor and two across it, times ``1 - same``.
    """

    X: float
    mean: float
    half: float
    same: float
    d: tuple[float, float, float]
    first: tuple[float, float, float]
    second: tuple[float, float, float]


class HeldSums(NamedTuple):
    """What `held_sums` returns, per area, for the unknowns X, two angles of the spinor, mean, half.

    Attributes
    ----------
    energy : float
        Sum of T ln[2 cosh(E/T) + 2 cosh(delta/T)] - xi, less X times the counterterm.
    gradient : ndarray, shape (5,)
        Derivatives of minus the energy; those to the angles are divided by X.
    jacobian : ndarray, shape (5, 5)
        Derivatives of the gradient along its second index.
    electron_x, electron_y, hole_x, hole_y : float
        Number currents of the layers; that of the electrons with what the change of their spin along k adds.
    """

    energy: float
    gradient: NDArray
    jacobian: NDArray
    electron_x: float
    electron_y: float
    hole_x: float
    hole_y: float


@kernel(error_model="numpy")
def held_sums(table: NDArray, T: float, trial: Trial, whole: bool) -> HeldSums:
    """Sums over the nodes at one trial.

    Parameters
    ----------
    table : ndarray, shape (n, 12)
        As `ehbilayer.diode.momentum_cells.MomentumNodes.table`.
    T : float
        Temperature in T_c.
    trial : Trial
    whole : bool
        Whether the energy and the currents are asked for, which Newton's method does not need; else they are 0.

    Returns
    -------
    HeldSums
    """
    # Sums by their place in gradient and jacobian; numbers stay in registers, elements of arrays do not.
    energy_sum, e_x, e_y, h_x, h_y = 0.0, 0.0, 0.0, 0.0, 0.0
    g0, g1, g2, g3, g4 = 0.0, 0.0, 0.0, 0.0, 0.0
    j00, j03, j04, j33, j34, j44 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    j01, j02, j10, j20, j11, j12, j22 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    j13, j14, j23, j24 = 0.0, 0.0, 0.0, 0.0
    X, same, spins = trial.X, trial.same, trial.same < 1.0
    d_x, d_y, d_z = trial.d
    first_x, first_y, first_z = trial.first
    second_x, second_y, second_z = trial.second
    n_x, n_y, n_z = np.zeros(CHUNK), np.zeros(CHUNK), np.zeros(CHUNK)
    E, delta, far, near = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    for start in range(0, table.shape[0], CHUNK):
        count = min(CHUNK, table.shape[0] - start)
        for i in range(count):
            row = table[start + i]
            xi, delta[i], x = row[2] - trial.mean, row[3] - trial.half, X
            if spins:
                n_x[i], n_y[i], n_z[i] = row[8], row[9], row[10]
                x *= max(same + n_x[i] * d_x + n_y[i] * d_y + n_z[i] * d_z, 0.0)
            E[i] = math.sqrt(xi * xi + x)
        fill_occupations(E[:count], delta[:count], T, far[:count], near[:count])
        for i in range(count):
            row = table[start + i]
            weight, counter, xi = row[0], row[1], row[2] - trial.mean
            along = n_x[i] * d_x + n_y[i] * d_y + n_z[i] * d_z
            share = same + along
            x = max(X * share, 0.0)
            f_plus, f_minus = (far[i], near[i]) if delta[i] > 0.0 else (near[i], far[i])
            # Minus the derivatives of the Fermi functions at both quasiparticle energies.
            g_far, g_near = far[i] * (1.0 - far[i]) / T, near[i] * (1.0 - near[i]) / T
            broad = g_far + g_near
            if E[i] > 0.2 * T:
                K = (1.0 - far[i] - near[i]) / (2.0 * E[i])
                G = (2.0 * K - broad) / (4.0 * E[i] * E[i])
                slope = (g_far - g_near) / (2.0 * E[i])
                slope = slope if delta[i] > 0.0 else -slope
            else:
                K, G = pair_sums(E[i], delta[i], T)
                slope = pair_slope(E[i], delta[i], T)
            n_e, n_h = layer_occupations(xi, E[i], x, f_plus, f_minus)
            square = E[i] * E[i]
            common = -2.0 * K * (x / square if square > 0.0 else 0.0)
            common -= (xi * xi / square if square > 0.0 else 1.0) * broad
            K, G, slope = weight * K, weight * G, weight * slope
            bend = 2.0 * xi * G
            g0 -= K * share - weight * same * counter
            g3 -= weight * (n_e + n_h)
            g4 -= weight * (n_e - n_h)
            j00 += G * share * share
            j03 -= bend * share
            j04 += slope * share
            j33 += weight * common
            j34 -= 2.0 * xi * slope
            j44 -= weight * broad
            if whole:
                energy = pair_energy(xi, E[i], x, delta[i], T, far[i], near[i])
                energy_sum += weight * (energy - X * same * counter)
                # The spinor turns along k: d(n.d)/dk at fixed order parameter.
                turned = K * X * row[11]
                e_x += weight * n_e * row[4] - turned * (d_x - n_x[i] * along)
                e_y += weight * n_e * row[5] - turned * (d_y - n_y[i] * along)
                h_x += weight * n_h * row[6]
                h_y += weight * n_h * row[7]
            if spins:
                first = n_x[i] * first_x + n_y[i] * first_y + n_z[i] * first_z
                second = n_x[i] * second_x + n_y[i] * second_y + n_z[i] * second_z
                turn = X * G * share - K
                g1 -= K * first
                g2 -= K * second
                j01 += turn * first
                j02 += turn * second
                j10 += G * share * first
                j20 += G * share * second
                j11 += X * G * first * first + K * along
                j12 += X * G * first * second
                j22 += X * G * second * second + K * along
                j13 -= bend * first
                j23 -= bend * second
                j14 += slope * first
                j24 += slope * second
    gradient = np.array([g0, g1, g2, g3, g4])
    jacobian = np.array(
        [
            [j00, j01, j02, j03, j04],
            [j10, j11, j12, j13, j14],
            [j20, j12, j22, j23, j24],
            [j03, X * j13, X * j23, j33, j34],
            [j04, X * j14, X * j24, j34, j44],
        ]
    )
    return HeldSums(energy_sum, gradient, jacobian, e_x, e_y, h_x, h_y)
