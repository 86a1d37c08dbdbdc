r"""First change of the static response of a Rashba layer when it drifts.

A drifting layer is occupied as f_0 + u beta L f_0 (1 - f_0), with L the slope of its band along x, or the line
`RashbaLayer.tilt` of its drifting equilibrium. Its response at zero frequency changes by u times

.. math:: \frac{d\operatorname{Re}\chi}{du} = \beta\,\mathrm P\!\!\int_{\mathbf k}
   \frac{L'f_0'\tilde f_0' - Lf_0\tilde f_0}{\xi - \xi'} ,

with the primed state at k - q. It is even in q, and vanishes for a parabola, whose response in a moving frame is that
at the frequency q u, to first order an imaginary change. The imaginary part of chi does not change the squared
interaction to first order. The principal value is taken with the Fourier series of `ehbilayer.drag.fourier_series`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel
from ehbilayer.drag.nonlinear import Grid
from ehbilayer.drag.occupations import occupations
from ehbilayer.drag.rashba_layer import RashbaLayer, evaluate, level_at

# f (1 - f) is below exp(-_FROZEN) farther away from the chemical potential, in k_B T.
_FROZEN = 32.24
# 2 zeta(2k): expansion of pi cot(pi z) about its pole, for the periodic images of a series.
_IMAGES = (math.pi**2 / 3, math.pi**4 / 45, 2 * math.pi**6 / 945, math.pi**8 / 4725)


def drifting_response(electrons: RashbaLayer, grid: Grid, tilt: tuple[float, float] = (0.0, 0.0)) -> NDArray:
    """d Re chi(q, 0)/du at each vector q of a grid.

    Parameters
    ----------
    electrons : RashbaLayer
    grid : Grid
    tilt : tuple of float
        As in `ehbilayer.drag.nonlinear.sums`.

    Returns
    -------
    ndarray, shape (q, angles)
        In 1/(meV nm).
    """
    mesh = grid.mesh
    # The principal value asks for more points than the sums do for which the grid is made.
    return _changes(electrons.band, electrons.thermal_energy, mesh._replace(spacing=0.5 * mesh.spacing), tilt)


@kernel(error_model="numpy")
def _changes(band, T, mesh, tilt):
    q, phi, h = mesh.q, mesh.phi, mesh.spacing
    out = np.empty((q.size, phi.size))
    beta, area = 1.0 / T, (h / (2.0 * math.pi)) ** 2
    for i in range(q.size):
        n = int(math.ceil((mesh.reach + 0.5 * q[i]) / h))
        X, D = np.empty((2 * n + 1) ** 2), np.empty((2 * n + 1) ** 2)
        for j in range(phi.size):
            x, y = 0.5 * q[i] * math.cos(phi[j]), 0.5 * q[i] * math.sin(phi[j])
            count, widest = 0, 0.0
            for m in range(-n, n + 1):
                for l in range(-n, n + 1):
                    kx, ky = m * h, l * h
                    xi, xi_after = level_at(band, kx + x, ky + y), level_at(band, kx - x, ky - y)
                    if min(abs(xi), abs(xi_after)) > _FROZEN * T:
                        continue
                    _, w, _ = evaluate(band, kx + x, ky + y)
                    _, w_after, _ = evaluate(band, kx - x, ky - y)
                    e, e_after = math.exp(-0.5 * beta * abs(xi)), math.exp(-0.5 * beta * abs(xi_after))
                    if tilt[0] > 0.0:
                        w, w_after = tilt[0] * (kx + x - tilt[1]), tilt[0] * (kx - x - tilt[1])
                    f, f_after, _ = occupations(xi, xi_after, e, e_after)
                    X[count] = area * beta * (w_after * f_after * (1.0 - f_after) - w * f * (1.0 - f))
                    D[count] = xi - xi_after
                    widest = max(widest, abs(D[count]))
                    count += 1
            length = 4.0 * widest
            # As in `fourier_series`: no more than pi radians from one grid point to the next.
            harmonics = int(length / (2.0 * band.curvature * q[i] * h)) + 1
            total = 0.0
            for k in range(count):
                z = D[k] / length
                # The sum over harmonics of sin(2 pi n z), and the images.
                half = math.pi * z
                if abs(half) < 1e-12:
                    continue
                sine = math.sin(half * (harmonics - 1)) * math.sin(half * harmonics) / math.sin(half)
                power = z
                images = 0.0
                for s in range(4):
                    images += _IMAGES[s] * power
                    power *= z * z
                total += X[k] * (2.0 * math.pi * sine + images)
            out[i, j] = total / length
    return out
