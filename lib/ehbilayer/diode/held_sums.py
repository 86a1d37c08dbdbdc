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
    REORDERED,
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


@kernel(error_model="numpy", fastmath=REORDERED)
def held_sums(table: NDArray, T: float, trial: Trial, whole: bool) -> HeldSums:
    """Sums over the nodes at one trial.

    Parameters
    ----------
    table : ndarray, shape (12, n)
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
    E, delta, far, near = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    xi, along, share = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    K, G, slope, bend = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    electrons, holes = np.empty(CHUNK), np.empty(CHUNK)
    for start in range(0, table.shape[1], CHUNK):
        n = min(CHUNK, table.shape[1] - start)
        weight, counter = table[0, start:], table[1, start:]
        n_x, n_y, n_z = table[8, start:], table[9, start:], table[10, start:]
        for i in range(n):
            xi[i], delta[i] = table[2, start + i] - trial.mean, table[3, start + i] - trial.half
            along[i] = 0.0
        if spins:
            for i in range(n):
                along[i] = n_x[i] * d_x + n_y[i] * d_y + n_z[i] * d_z
        for i in range(n):
            share[i] = same + along[i]
            E[i] = math.sqrt(xi[i] * xi[i] + max(X * share[i], 0.0))
        fill_occupations(E[:n], delta[:n], T, far[:n], near[:n])
        few = 0
        for i in range(n):
            # Minus the derivatives of the Fermi functions at both quasiparticle energies.
            g_far, g_near = far[i] * (1.0 - far[i]) / T, near[i] * (1.0 - near[i]) / T
            half = 0.5 / E[i]
            K[i] = (1.0 - far[i] - near[i]) * half
            G[i] = (2.0 * K[i] - (g_far + g_near)) * half * half
            slope[i] = (g_far - g_near) * (half if delta[i] > 0.0 else -half)
            few += 1 if E[i] <= 0.2 * T else 0
        if few:
            for i in range(n):
                if E[i] <= 0.2 * T:
                    K[i], G[i] = pair_sums(E[i], delta[i], T)
                    slope[i] = pair_slope(E[i], delta[i], T)
        for i in range(n):
            x = max(X * share[i], 0.0)
            f_plus, f_minus = (far[i], near[i]) if delta[i] > 0.0 else (near[i], far[i])
            broad = (far[i] * (1.0 - far[i]) + near[i] * (1.0 - near[i])) / T
            n_e, n_h = layer_occupations(xi[i], E[i], x, f_plus, f_minus)
            square = E[i] * E[i]
            common = -2.0 * K[i] * (x / square if square > 0.0 else 0.0)
            common -= (xi[i] * xi[i] / square if square > 0.0 else 1.0) * broad
            electrons[i], holes[i] = weight[i] * n_e, weight[i] * n_h
            K[i], G[i], slope[i] = weight[i] * K[i], weight[i] * G[i], weight[i] * slope[i]
            bend[i] = 2.0 * xi[i] * G[i]
            g0 -= K[i] * share[i] - weight[i] * same * counter[i]
            g3 -= electrons[i] + holes[i]
            g4 -= electrons[i] - holes[i]
            j00 += G[i] * share[i] * share[i]
            j03 -= bend[i] * share[i]
            j04 += slope[i] * share[i]
            j33 += weight[i] * common
            j34 -= 2.0 * xi[i] * slope[i]
            j44 -= weight[i] * broad
        if spins:
            for i in range(n):
                first = n_x[i] * first_x + n_y[i] * first_y + n_z[i] * first_z
                second = n_x[i] * second_x + n_y[i] * second_y + n_z[i] * second_z
                turn = X * G[i] * share[i] - K[i]
                g1 -= K[i] * first
                g2 -= K[i] * second
                j01 += turn * first
                j02 += turn * second
                j10 += G[i] * share[i] * first
                j20 += G[i] * share[i] * second
                j11 += X * G[i] * first * first + K[i] * along[i]
                j12 += X * G[i] * first * second
                j22 += X * G[i] * second * second + K[i] * along[i]
                j13 -= bend[i] * first
                j23 -= bend[i] * second
                j14 += slope[i] * first
                j24 += slope[i] * second
        if whole:
            velocities = table[4:8, start : start + n]
            for i in range(n):
                energy = pair_energy(xi[i], E[i], max(X * share[i], 0.0), delta[i], T, far[i], near[i])
                energy_sum += weight[i] * (energy - X * same * counter[i])
                # The spinor turns along k: d(n.d)/dk at fixed order parameter.
                turned = K[i] * X * table[11, start + i]
                e_x += electrons[i] * velocities[0, i] - turned * (d_x - n_x[i] * along[i])
                e_y += electrons[i] * velocities[1, i] - turned * (d_y - n_y[i] * along[i])
                h_x += holes[i] * velocities[2, i]
                h_y += holes[i] * velocities[3, i]
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
