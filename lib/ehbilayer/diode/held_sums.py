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
from ehbilayer.diode.pair_kernels import PairBands, layer_occupations, pair_slope, pair_sums
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


@kernel
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
    d, a, n = trial.d, np.zeros(3), np.zeros(3)
    a[0] = trial.same
    along = 0.0
    for row in table:
        weight, counter = row[0], row[1]
        xi, delta = row[2] - trial.mean, row[3] - trial.half
        if spins:
            n[0], n[1], n[2] = spin(row[8], row[9], bands.lam_e, bands.B, bands.J)
            along = n[0] * d[0] + n[1] * d[1] + n[2] * d[2]
            a[0] = trial.same + along
            a[1] = n[0] * trial.first[0] + n[1] * trial.first[1] + n[2] * trial.first[2]
            a[2] = n[0] * trial.second[0] + n[1] * trial.second[1] + n[2] * trial.second[2]
        x = max(X * a[0], 0.0)
        E, distance = math.sqrt(xi * xi + x), abs(delta)
        energy = x / (E + xi) if xi > 0.0 else E - xi
        f_plus, f_minus, broad, slope = 0.0, 0.0, 0.0, 0.0
        if E - distance > 40.0 * T:
            K, G = 0.5 / E, 0.25 / (E * E * E)
        else:
            far, near = math.exp(-(E + distance) / T), math.exp(-abs(E - distance) / T)
            energy += max(distance - E, 0.0) + T * math.log((1.0 + far) * (1.0 + near))
            f_far, f_near = far / (1.0 + far), (near if distance < E else 1.0) / (1.0 + near)
            f_plus, f_minus = (f_far, f_near) if delta > 0.0 else (f_near, f_far)
            # Minus the derivatives of the Fermi functions at both quasiparticle energies.
            g_far, g_near = far / (T * (1.0 + far) ** 2), near / (T * (1.0 + near) ** 2)
            broad = g_far + g_near
            if E > 0.2 * T:
                K = (1.0 - f_far - f_near) / (2.0 * E)
                G = (2.0 * K - broad) / (4.0 * E * E)
                slope = (g_far - g_near) / (2.0 * E)
                slope = slope if delta > 0.0 else -slope
            else:
                K, G = pair_sums(E, delta, T)
                slope = pair_slope(E, delta, T)
        n_e, n_h = layer_occupations(xi, E, x, f_plus, f_minus)
        square = E * E
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
            for i in (1, 2):
                gradient[i] -= weight * K * a[i]
                jacobian[0, i] += weight * (X * G * a[0] - K) * a[i]
                jacobian[i, 0] += weight * G * a[0] * a[i]
                jacobian[i, i] += weight * (X * G * a[i] * a[i] + K * along)
                jacobian[i, 3] -= weight * 2.0 * xi * G * a[i]
                jacobian[i, 4] += weight * slope * a[i]
            jacobian[1, 2] += weight * X * G * a[1] * a[2]
        v_x, v_y = row[4], row[5]
        e_x += weight * n_e * v_x
        e_y += weight * n_e * v_y
        if spins:
            # The spinor turns along k: d(n.d)/dk at fixed order parameter.
            scale = bands.lam_e / splitting(row[8], row[9], bands.lam_e, bands.B, bands.J)
            e_x -= weight * K * X * scale * (d[0] - n[0] * along)
            e_y -= weight * K * X * scale * (d[1] - n[1] * along)
        h_x += weight * n_h * row[6]
        h_y += weight * n_h * row[7]
    jacobian[2, 1], jacobian[4, 3] = jacobian[1, 2], jacobian[3, 4]
    for k in (3, 4):
        jacobian[k, 0] = jacobian[0, k]
        for i in (1, 2):
            jacobian[k, i] = X * jacobian[i, k]
    return HeldSums(energy_sum, gradient, jacobian, e_x, e_y, h_x, h_y)
