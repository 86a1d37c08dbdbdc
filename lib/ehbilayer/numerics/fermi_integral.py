"""Complete Fermi integral of order -1/2, from a table of Chebyshev coefficients that kernels take along."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.compilation import kernel

# Chebyshev panels of width one; outside, exp(eta) and Sommerfeld's series are exact to rounding.
_LOW, _HIGH, _DEGREE = -36, 64, 13
_SOMMERFELD = (math.pi**2 / 6, 7 * math.pi**4 / 360, 31 * math.pi**6 / 15120, 127 * math.pi**8 / 604800)


def fermi_integral(eta: ArrayLike) -> float | NDArray:
    r"""Complete Fermi integral of order -1/2 as :math:`\int_{-\infty}^{\infty} dx/(1 + e^{x^2 - \eta})`.

    Parameters
    ----------
    eta : float or array_like
        Finite numbers.

    Returns
    -------
    float or ndarray
        Accurate to about 1e-14.

    Raises
    ------
    TypeError
        If a value is not a real number.
    ArgumentError
        If a value is not finite.

    Examples
    --------
    >>> print(f"{fermi_integral(0.0):.12f}")
    1.072154929940
    """
    eta = validation.reals("eta", eta)
    values = _fermi_array(np.atleast_1d(np.asarray(eta, dtype=float)).reshape(-1), fermi_table())
    return float(values[0]) if np.ndim(eta) == 0 else values.reshape(np.shape(eta))


@lru_cache(maxsize=1)
def fermi_table() -> NDArray:
    """Chebyshev coefficients of the Fermi integral on unit panels.

    Returns
    -------
    ndarray, shape (panels, degree + 1)
        Read-only.

    Examples
    --------
    >>> fermi_table().shape
    (100, 14)
    """
    nodes = np.cos(np.pi * (np.arange(_DEGREE + 1) + 0.5) / (_DEGREE + 1))
    eta = np.arange(_LOW, _HIGH)[:, None] + 0.5 + 0.5 * nodes
    # The trapezoidal rule converges as exp(-2 pi Im x/h), Im x = Im sqrt(eta + i pi) > 0.19 here.
    h = 0.035
    x = h * np.arange(0, int(10.5 / h))
    weights = np.where(x == 0, h, 2 * h)
    values = np.array([[weights @ np.exp(-np.logaddexp(0.0, x**2 - e)) for e in row] for row in eta])
    degree = np.arange(_DEGREE + 1)
    projection = np.cos(np.arccos(nodes)[:, None] * degree) * np.where(degree == 0, 1.0, 2.0) / (_DEGREE + 1)
    table = values @ projection
    table.setflags(write=False)
    return table


@kernel(error_model="numpy")
def fermi_value(eta, table):
    """`fermi_integral` at one point, a kernel.

    Parameters
    ----------
    eta : float
    table : ndarray
        From `fermi_table`.

    Returns
    -------
    float
    """
    if eta < _LOW:
        return math.sqrt(math.pi) * math.exp(eta)
    if eta >= _HIGH:
        total, term, power = 1.0, 1.0, 0.5
        for n in range(4):
            term *= power * (power - 1.0) / (eta * eta)
            power -= 2.0
            total += _SOMMERFELD[n] * term
        return 2.0 * math.sqrt(eta) * total
    panel = int(math.floor(eta)) - _LOW
    t = 2.0 * (eta - _LOW - panel) - 1.0
    above, here = 0.0, 0.0
    for n in range(table.shape[1] - 1, 0, -1):
        above, here = here, 2.0 * t * here - above + table[panel, n]
    return t * here - above + table[panel, 0]


@kernel
def _fermi_array(eta, table):
    out = np.empty_like(eta)
    for i in range(eta.size):
        out[i] = fermi_value(eta[i], table)
    return out
