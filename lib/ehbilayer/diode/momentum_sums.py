"""Sums over all pairs on a momentum grid: the pair susceptibility and beta at pair momenta."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer.compilation import kernel
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.momentum_grid import MomentumGrid
from ehbilayer.diode.pair_kernels import REORDERED, fill_half_energies, fill_pair_sums


class Circles(NamedTuple):
    """Nodes of a `MomentumGrid` as kernels take them: radii with weights and counterterms, and directions."""

    p: NDArray
    weight: NDArray
    counter: NDArray
    cosine: NDArray
    sine: NDArray


def circles(grid: MomentumGrid, whole: bool) -> Circles:
    """Nodes of a grid around the whole circle, or on the half that stands for both signs of p_y."""
    return Circles(grid.p, grid.weights, grid.counter, *(grid.full_circle() if whole else grid.half_circle()))


def momentum_sums(
    bands: Bands, grid: MomentumGrid, q_x: ArrayLike, q_y: ArrayLike, T: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Finite part of the pair susceptibility, and beta, on a given grid.

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
    susceptibility, beta : ndarray
    """
    q_x, q_y = np.broadcast_arrays(np.asarray(q_x, dtype=float), np.asarray(q_y, dtype=float))
    K, G = _sums(circles(grid, bool(np.any(q_y))), q_x.ravel(), q_y.ravel(), T, bands.pair)
    return K.reshape(q_x.shape) - grid.log_start, G.reshape(q_x.shape)


@kernel(error_model="numpy", fastmath=REORDERED)
def _sums(nodes, q_x, q_y, T, bands):
    """Sums over p and the angles of K - counter and G, for each q: electron at p + q, hole at -p."""
    K_sum, G_sum = np.zeros(q_x.size), np.zeros(q_x.size)
    angles = nodes.cosine.size
    p_x, p_y, xi, delta = np.empty(angles), np.empty(angles), np.empty(angles), np.empty(angles)
    K, G, work = np.empty(angles), np.empty(angles), np.empty((2, angles))
    for n in range(q_x.size):
        for i in range(nodes.p.size):
            p = nodes.p[i]
            for j in range(angles):
                p_x[j], p_y[j] = p * nodes.cosine[j], p * nodes.sine[j]
            fill_half_energies(p_x, p_y, q_x[n], q_y[n], bands, xi, delta)
            fill_pair_sums(xi, delta, T, work, K, G)
            row_K, row_G = 0.0, 0.0
            for j in range(angles):
                row_K += K[j] - nodes.counter[i]
                row_G += G[j]
            K_sum[n] += nodes.weight[i] * row_K
            G_sum[n] += nodes.weight[i] * row_G
    return K_sum / angles, G_sum / angles
