r"""Sums over all pairs that carry the spin of the electron: what overlaps and fixed densities need to fourth order.

A contact attraction that keeps the spin of the electron, projected on the lower Rashba band, has the factor
:math:`\langle u_k|u_{k'}\rangle`. It is a sum of two separable terms, so that the order parameter is a spinor D, and a
pair with its electron at k feels :math:`\Delta_k = \langle u_k|D\rangle`. With the unit vectors n of the electron's
spin and d of the spinor, :math:`|\Delta_k|^2 = |D|^2\,(1 + n_k\cdot d)/2`. The sums over pairs are therefore moments
in n.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.momentum_grid import MomentumGrid
from ehbilayer.diode.momentum_sums import circles
from ehbilayer.diode.pair_kernels import REORDERED, fill_half_energies, fill_pair_sums, pair_slope
from ehbilayer.model.rashba import spin


class SpinorMoments(NamedTuple):
    """Moments at pair momenta; their first component has no factor n, the next three have n_x, n_y, n_z.

    Attributes
    ----------
    K : ndarray, shape (..., 4)
        Of K, its first component without the logarithm, see `ehbilayer.diode.momentum_grid`.
    K_mean, K_half : ndarray, shape (..., 4)
        Derivatives of K with respect to half the sum and half the difference of mu_e and mu_h.
    G : ndarray, shape (..., 4, 4)
        Of G with two factors.
    """

    K: NDArray[np.float64]
    K_mean: NDArray[np.float64]
    K_half: NDArray[np.float64]
    G: NDArray[np.float64]


def spinor_moments(bands: Bands, grid: MomentumGrid, q_x: ArrayLike, q_y: ArrayLike, T: float) -> SpinorMoments:
    """Moments on a given grid.

    Parameters
    ----------
    bands : Bands
    grid : MomentumGrid
    q_x, q_y : float or array_like
        Pair momenta that the grid serves, in 1/l_u; they broadcast.
    T : float
        Temperature in T_c.

    Returns
    -------
    SpinorMoments
    """
    q_x, q_y = np.broadcast_arrays(np.asarray(q_x, dtype=float), np.asarray(q_y, dtype=float))
    whole = bool(np.any(q_y))
    found = SpinorMoments(*_sums(circles(grid, whole), q_x.ravel(), q_y.ravel(), T, bands.pair))
    if not whole:
        # Half the circle stands for both signs of p_y.
        for vector in (found.K, found.K_mean, found.K_half):
            vector[:, 2] = 0.0
        found.G[:, 2, [0, 1, 3]] = found.G[:, [0, 1, 3], 2] = 0.0
    found.K[:, 0] -= grid.log_start
    return SpinorMoments(*(moment.reshape(q_x.shape + moment.shape[1:]) for moment in found))


@kernel(error_model="numpy", fastmath=REORDERED)
def _sums(nodes, q_x, q_y, T, bands):
    count, angles = q_x.size, nodes.cosine.size
    K_sum, mean, half = np.zeros((count, 4)), np.zeros((count, 4)), np.zeros((count, 4))
    G_sum = np.zeros((count, 4, 4))
    xi, delta, K, G, slope = np.empty(angles), np.empty(angles), np.empty(angles), np.empty(angles), np.empty(angles)
    p_x, p_y = np.empty(angles), np.empty(angles)
    work, x, y, z = np.empty((2, angles)), np.empty(angles), np.empty(angles), np.empty(angles)
    for c in range(count):
        # Numbers stay in registers, elements of arrays do not.
        counter, k_0, k_x, k_y, k_z = 0.0, 0.0, 0.0, 0.0, 0.0
        m_0, m_x, m_y, m_z, h_0, h_x, h_y, h_z = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        g_0, g_x, g_y, g_z = 0.0, 0.0, 0.0, 0.0
        g_xx, g_yx, g_yy, g_zx, g_zy, g_zz = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(nodes.p.size):
            p, weight = nodes.p[i], nodes.weight[i] / angles
            for j in range(angles):
                p_x[j], p_y[j] = p * nodes.cosine[j], p * nodes.sine[j]
            fill_half_energies(p_x, p_y, q_x[c], q_y[c], bands, xi, delta)
            _fill_spins(p_x, p_y, q_x[c], q_y[c], bands, x, y, z)
            fill_pair_sums(xi, delta, T, work, K, G)
            few = 0
            for j in range(angles):
                a, b = 1.0 + work[0, j], 1.0 + work[1, j]
                one = 1.0 / (a * b)
                size = abs(xi[j]) if delta[j] > 0.0 else -abs(xi[j])
                slope[j] = 0.5 * (work[0, j] * b * b - work[1, j] * a * a) * one * one / (size * T)
                few += 1 if abs(xi[j]) <= 0.005 * T else 0
            if few:
                for j in range(angles):
                    if abs(xi[j]) <= 0.005 * T:
                        slope[j] = pair_slope(xi[j], delta[j], T)
            counter += nodes.weight[i] * nodes.counter[i]
            for j in range(angles):
                k, m, h = weight * K[j], weight * 2.0 * xi[j] * G[j], weight * slope[j]
                k_0, k_x, k_y, k_z = k_0 + k, k_x + k * x[j], k_y + k * y[j], k_z + k * z[j]
                m_0, m_x, m_y, m_z = m_0 + m, m_x + m * x[j], m_y + m * y[j], m_z + m * z[j]
                h_0, h_x, h_y, h_z = h_0 - h, h_x - h * x[j], h_y - h * y[j], h_z - h * z[j]
            for j in range(angles):
                g = weight * G[j]
                a, b, c_z = g * x[j], g * y[j], g * z[j]
                g_0, g_x, g_y, g_z = g_0 + g, g_x + a, g_y + b, g_z + c_z
                g_xx, g_yx, g_yy = g_xx + a * x[j], g_yx + b * x[j], g_yy + b * y[j]
                g_zx, g_zy, g_zz = g_zx + c_z * x[j], g_zy + c_z * y[j], g_zz + c_z * z[j]
        K_sum[c] = np.array([k_0 - counter, k_x, k_y, k_z])
        mean[c], half[c] = np.array([m_0, m_x, m_y, m_z]), np.array([h_0, h_x, h_y, h_z])
        G_sum[c] = np.array(
            [[g_0, g_x, g_y, g_z], [g_x, g_xx, g_yx, g_zx], [g_y, g_yx, g_yy, g_zy], [g_z, g_zx, g_zy, g_zz]]
        )
    return K_sum, mean, half, G_sum


@kernel(error_model="numpy")
def _fill_spins(p_x, p_y, q_x, q_y, bands, x, y, z):
    """Direction of the electron's spin in several pairs."""
    for j in range(p_x.size):
        x[j], y[j], z[j] = spin(p_x[j] + q_x, p_y[j] + q_y, bands.lam_e, bands.B, bands.J)
