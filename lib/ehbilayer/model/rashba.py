r"""Rashba-Zeeman band of a layer: energy, its derivatives and the overlap of its spinors (paper B, Eq. 3).

.. math:: \epsilon(\mathbf k) = \tfrac c2 k^2 - \sqrt{(\lambda k_x + B)^2 + (\lambda k_y)^2 + J^2}

with c = hbar^2/m. Any consistent units: in those of paper B, c = 1; in the laboratory, energies in meV and wave numbers
in 1/nm. The functions are compiled, for use inside other kernels, and take arrays as well.
"""

import math
from typing import Any

import numpy as np

from ehbilayer.compilation import kernel


@kernel(error_model="numpy")
def splitting(k_x: Any, k_y: Any, lam: float, B: float, J: float) -> Any:
    """Half the distance of the two Zeeman-split bands, the root in Eq. 3.

    Parameters
    ----------
    k_x, k_y : float or ndarray
        Wave vector; they broadcast.
    lam : float
        Rashba strength.
    B, J : float
        Zeeman energies in the plane (along y) and across it.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> splitting(1.0, 2.0, 2.0, 1.0, 3.0) ** 2
    34.0
    """
    x, y = lam * k_x + B, lam * k_y
    return np.sqrt(x * x + y * y + J * J)


@kernel(error_model="numpy")
def energy(k_x: Any, k_y: Any, curvature: float, lam: float, B: float, J: float) -> Any:
    """Energy of the lower band.

    Parameters
    ----------
    k_x, k_y : float or ndarray
        Wave vector; they broadcast.
    curvature : float
        c = hbar^2/m.
    lam, B, J : float
        As in `splitting`.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> energy(0.0, 2.0, 1.0, 0.0, 3.0, 4.0)
    -3.0
    """
    return 0.5 * curvature * (k_x * k_x + k_y * k_y) - splitting(k_x, k_y, lam, B, J)


@kernel(error_model="numpy")
def gradient(k_x: float, k_y: float, curvature: float, lam: float, B: float, J: float) -> tuple[float, float]:
    """Derivatives of the energy of the lower band along k_x and k_y, at one wave vector: hbar times the velocity.

    Parameters
    ----------
    k_x, k_y : float
        Wave vector.
    curvature, lam, B, J : float
        As in `energy`.

    Returns
    -------
    along_x, along_y : float
        Those of the parabola where the bands touch.

    Examples
    --------
    >>> gradient(0.0, 0.0, 1.0, 1.0, 3.0, 4.0)
    (-0.6, 0.0)
    """
    root = splitting(k_x, k_y, lam, B, J)
    if root == 0.0:
        return curvature * k_x, curvature * k_y
    return curvature * k_x - lam * (lam * k_x + B) / root, curvature * k_y - lam * (lam * k_y) / root


@kernel(error_model="numpy")
def dispersion(k_x: float, k_y: float, curvature: float, lam: float, B: float, J: float) -> tuple[float, float, float]:
    """Energy of the lower band, and its first and second derivative along k_x, at one wave vector.

    Parameters
    ----------
    k_x, k_y : float
        Wave vector.
    curvature : float
        c = hbar^2/m.
    lam, B, J : float
        As in `splitting`.

    Returns
    -------
    energy, slope, bend : float
        As `energy`; where the bands touch, the derivatives are those of the parabola.

    Examples
    --------
    >>> dispersion(0.0, 0.0, 1.0, 1.0, 3.0, 4.0)
    (-5.0, -0.6, 0.872)
    """
    root = splitting(k_x, k_y, lam, B, J)
    value = 0.5 * curvature * (k_x * k_x + k_y * k_y) - root
    if root == 0.0:
        return value, curvature * k_x, curvature
    x, y = lam * k_x + B, lam * k_y
    return value, curvature * k_x - lam * x / root, curvature - lam * lam * (y * y + J * J) / (root * root * root)


@kernel(error_model="numpy")
def third_derivative(k_x: float, k_y: float, lam: float, B: float, J: float) -> float:
    """Third derivative of the energy of the lower band along k_x; 0 where the bands touch.

    Parameters
    ----------
    k_x, k_y : float
        Wave vector.
    lam, B, J : float
        As in `splitting`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(third_derivative(0.0, 0.0, 1.0, 3.0, 4.0), 6)
    0.04608
    """
    root = splitting(k_x, k_y, lam, B, J)
    x, y = lam * k_x + B, lam * k_y
    return 0.0 if root == 0.0 else 3.0 * lam**3 * x * (y * y + J * J) / root**5


@kernel(error_model="numpy")
def overlap(k_x: float, k_y: float, p_x: float, p_y: float, lam: float, B: float, J: float) -> float:
    """Squared overlap of the spinors of the lower band at two wave vectors, (1 + n.n')/2.

    Parameters
    ----------
    k_x, k_y, p_x, p_y : float
        The wave vectors.
    lam, B, J : float
        As in `splitting`.

    Returns
    -------
    float
        1 where the bands touch at one of them.

    Examples
    --------
    >>> overlap(1.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0)
    0.0
    """
    a, b, c, d = lam * k_x + B, lam * k_y, lam * p_x + B, lam * p_y
    norm = math.sqrt((a * a + b * b + J * J) * (c * c + d * d + J * J))
    return 1.0 if norm == 0.0 else 0.5 * (1.0 + (a * c + b * d + J * J) / norm)


@kernel(error_model="numpy")
def spin(k_x: float, k_y: float, lam: float, B: float, J: float) -> tuple[float, float, float]:
    """Direction of the spin in the lower band, up to a rotation that is the same at all wave vectors.

    Parameters
    ----------
    k_x, k_y : float
        Wave vector.
    lam, B, J : float
        As in `splitting`.

    Returns
    -------
    x, y, z : float
        Unit vector: along k, across it and along the field across the layer, if B = 0. Where the bands touch (0, 0, 1).

    Examples
    --------
    >>> spin(1.0, 0.0, 4.0, 0.0, 3.0)
    (0.8, 0.0, 0.6)
    """
    root = splitting(k_x, k_y, lam, B, J)
    if root == 0.0:
        return 0.0, 0.0, 1.0
    return (lam * k_x + B) / root, lam * k_y / root, J / root
