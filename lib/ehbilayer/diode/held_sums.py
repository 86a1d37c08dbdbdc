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
    PairBands,
    fill_occupations,
    layer_occupations,
    pair_slope,
    pair_sums,
)
from ehbilayer.model.rashba import spin, splitting


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
    d, first, second : ndarray, shape (3,)
        Direction of the spinor and two across it, times ``1 - same``.
    """

    X: float
    mean: float
    half: float
    same: float
    d: NDArray
    first: NDArray
    second: NDArray


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
def held_sums(table: NDArray, T: float, trial: Trial, bands: PairBands) -> HeldSums:
    """Sums over the nodes at one trial.

    Parameters
    ----------
    table : ndarray, shape (n, 10)
        As `ehbilayer.diode.momentum_cells.MomentumNodes.table`.
    T : float
        Temperature in T_c.
    trial : Trial
    bands : PairBands

    Returns
    -------
    HeldSums
    """
    gradient, jacobian = np.zeros(5), np.zeros((5, 5))
    energy_sum, e_x, e_y, h_x, h_y = 0.0, 0.0, 0.0, 0.0, 0.0
    X, spins = trial.X, trial.same < 1.0
    d, a = trial.d, np.zeros(3)
    a[0] = trial.same
    n, E, delta = np.zeros((CHUNK, 3)), np.empty(CHUNK), np.empty(CHUNK)
    far, near = np.empty(CHUNK), np.empty(CHUNK)
    for start in range(0, table.shape[0], CHUNK):
        count = min(CHUNK, table.shape[0] - start)
        for i in range(count):
            row = table[start + i]
            xi, delta[i], x = row[2] - trial.mean, row[3] - trial.half, X
            if spins:
                n[i, 0], n[i, 1], n[i, 2] = spin(row[8], row[9], bands.lam_e, bands.B, bands.J)
                x *= max(trial.same + n[i, 0] * d[0] + n[i, 1] * d[1] + n[i, 2] * d[2], 0.0)
            E[i] = math.sqrt(xi * xi + x)
        fill_occupations(E[:count], delta[:count], T, far[:count], near[:count])
        for i in range(count):
            row = table[start + i]
            weight, counter, xi = row[0], row[1], row[2] - trial.mean
            along = 0.0
            if spins:
                first, second = trial.first, trial.second
                along = n[i, 0] * d[0] + n[i, 1] * d[1] + n[i, 2] * d[2]
                a[0] = trial.same + along
                a[1] = n[i, 0] * first[0] + n[i, 1] * first[1] + n[i, 2] * first[2]
                a[2] = n[i, 0] * second[0] + n[i, 1] * second[1] + n[i, 2] * second[2]
            x, distance = max(X * a[0], 0.0), abs(delta[i])
            energy = x / (E[i] + xi) if xi > 0.0 else E[i] - xi
            f_plus, f_minus = (far[i], near[i]) if delta[i] > 0.0 else (near[i], far[i])
            # Minus the derivatives of the Fermi functions at both quasiparticle energies.
            g_far, g_near = far[i] * (1.0 - far[i]) / T, near[i] * (1.0 - near[i]) / T
            broad = g_far + g_near
            if E[i] - distance < 40.0 * T:
                # A factor 1 - f is the inverse of 1 + exp(-E/T).
                lower = 1.0 - near[i] if distance < E[i] else near[i]
                energy += max(distance - E[i], 0.0) - T * math.log((1.0 - far[i]) * lower)
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
            energy_sum += weight * (energy - X * trial.same * counter)
            gradient[0] -= weight * (K * a[0] - trial.same * counter)
            gradient[3] -= weight * (n_e + n_h)
            gradient[4] -= weight * (n_e - n_h)
            jacobian[0, 0] += weight * G * a[0] * a[0]
            jacobian[0, 3] -= weight * 2.0 * xi * G * a[0]
            jacobian[0, 4] += weight * slope * a[0]
            jacobian[3, 3] += weight * common
            jacobian[3, 4] -= weight * 2.0 * xi * slope
            jacobian[4, 4] -= weight * broad
            if spins:
                for k in (1, 2):
                    gradient[k] -= weight * K * a[k]
                    jacobian[0, k] += weight * (X * G * a[0] - K) * a[k]
                    jacobian[k, 0] += weight * G * a[0] * a[k]
                    jacobian[k, k] += weight * (X * G * a[k] * a[k] + K * along)
                    jacobian[k, 3] -= weight * 2.0 * xi * G * a[k]
                    jacobian[k, 4] += weight * slope * a[k]
                jacobian[1, 2] += weight * X * G * a[1] * a[2]
            v_x, v_y = row[4], row[5]
            e_x += weight * n_e * v_x
            e_y += weight * n_e * v_y
            if spins:
                # The spinor turns along k: d(n.d)/dk at fixed order parameter.
                scale = bands.lam_e / splitting(row[8], row[9], bands.lam_e, bands.B, bands.J)
                e_x -= weight * K * X * scale * (d[0] - n[i, 0] * along)
                e_y -= weight * K * X * scale * (d[1] - n[i, 1] * along)
            h_x += weight * n_h * row[6]
            h_y += weight * n_h * row[7]
    jacobian[2, 1], jacobian[4, 3] = jacobian[1, 2], jacobian[3, 4]
    for k in (3, 4):
        jacobian[k, 0] = jacobian[0, k]
        for i in (1, 2):
            jacobian[k, i] = X * jacobian[i, k]
    return HeldSums(energy_sum, gradient, jacobian, e_x, e_y, h_x, h_y)
