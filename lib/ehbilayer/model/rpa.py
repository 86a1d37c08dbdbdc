r"""Two layers in the random-phase approximation: the dielectric function that both share.

With V = 2 pi e^2/(eps_r q) within a layer, :math:`V_{12} = Ve^{-qd}` between them, positive responses chi and
:math:`x_i = V\chi_i`,

.. math:: \varepsilon = (1 + x_1)(1 + x_2) - e^{-2qd}x_1x_2 = 1 + x_1 + x_2 + a\,x_1x_2, \qquad a = 1 - e^{-2qd},

the second form without the cancellation of :math:`x_1x_2` in close layers. The interaction between the layers is
:math:`V_{12}/\varepsilon`, that within layer 1 :math:`V(1 + ax_2)/\varepsilon`; the plasmons are zeros of epsilon.

`dielectric` and `within` take numbers inside kernels, and numbers or arrays outside.
"""

import math
from typing import Any

import numpy as np
from numba.extending import register_jitable
from numpy.typing import ArrayLike, NDArray

from ehbilayer.compilation import kernel


def apart(q: ArrayLike, d: ArrayLike) -> NDArray:
    """a = 1 - exp(-2 q d), the share of the layers' coupling that the spacing takes away.

    Parameters
    ----------
    q : array_like
        Wave numbers, zero or more.
    d : array_like
        Spacing in the inverse unit, zero or more.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{apart(1e-20, 1.0):.1e}")
    2.0e-20
    """
    return -np.expm1(-2 * np.asarray(q) * d)


@register_jitable(error_model="numpy")
def dielectric(x_1: Any, x_2: Any, a: Any, unit: Any = 1.0) -> Any:
    """epsilon of the module's head.

    Parameters
    ----------
    x_1, x_2 : float, complex or ndarray
        V chi of the layers.
    a : float or ndarray
        From `apart`.
    unit : float, complex or ndarray
        The second response is x_2/unit, and epsilon comes out times `unit`: zero for a layer that gives way without
        limit.

    Returns
    -------
    float, complex or ndarray

    Examples
    --------
    Two layers on top of each other respond like one:

    >>> print(f"{dielectric(1e9, 2e9, 0.0):.0f}")
    3000000001
    """
    return unit * (1.0 + x_1) + x_2 + a * x_1 * x_2


@register_jitable(error_model="numpy")
def within(x_1: Any, x_2: Any, a: Any, unit: Any = 1.0) -> Any:
    """Interaction within layer 1 over V, screened by both layers.

    Parameters
    ----------
    x_1, x_2, a, unit
        As in `dielectric`.

    Returns
    -------
    float, complex or ndarray

    Examples
    --------
    >>> within(3.0, 0.0, 0.5), within(0.0, 3.0, 0.0), within(0.0, 3.0, 1.0)
    (0.25, 0.25, 1.0)
    """
    return (unit + a * x_2) / dielectric(x_1, x_2, a, unit)


@kernel(error_model="numpy")
def eigenvalue(x_1, x_2, decay, sign):
    """One eigenvalue of the real dielectric matrix, a kernel.

    Their product is epsilon; the two plasmons are zeros of one each, told apart also where they nearly coincide.

    Parameters
    ----------
    x_1, x_2 : float
        V chi of the layers.
    decay : float
        exp(-q d).
    sign : float
        1 or -1: which of them.

    Returns
    -------
    float
    """
    root = 0.25 * (x_1 - x_2) ** 2 + decay * decay * x_1 * x_2
    return 1.0 + 0.5 * (x_1 + x_2) + sign * math.sqrt(max(root, 0.0))
