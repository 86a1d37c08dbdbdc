"""Exponentials of arrays inside kernels, several at a time: numba takes those of the C library one by one."""

import math

import numpy as np
from numpy.typing import NDArray

from ehbilayer.compilation import kernel

__all__ = ["SMALLEST", "exponentials", "exponentials_less_one"]

#: Exponents below it count as it; exp of it is the smallest number with all its digits.
SMALLEST = -708.0

_LOG2_E = 1.0 / math.log(2.0)
# ln 2 in two parts, of which the first times a whole number up to 1024 is exact (Cody and Waite).
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
# Adding and subtracting it rounds to the nearest whole number.
_ROUND = 1.5 * 2.0**52
_C = tuple(1.0 / math.factorial(k) for k in range(13))


@kernel(inline="always")
def _split(x):
    """2**n and exp(r) - 1 for x = n ln 2 + r, without branches or calls."""
    n = (x * _LOG2_E + _ROUND) - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = _C[7] + r * (_C[8] + r * (_C[9] + r * (_C[10] + r * (_C[11] + r * _C[12]))))
    p = r * (1.0 + r * (_C[2] + r * (_C[3] + r * (_C[4] + r * (_C[5] + r * (_C[6] + r * p))))))
    return np.int64((np.int64(n) + 1023) << 52).view(np.float64), p


@kernel
def exponentials(values: NDArray) -> None:
    """Replace the numbers of an array by their exponentials, with a relative error below 1e-15.

    With x = n ln 2 + r and ``|r|`` up to ln 2/2, exp(x) is 2**n times the Taylor polynomial of exp(r) of twelfth
    degree. The loop has neither branches nor calls, so that the compiler computes several exponentials at once.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Up to 709. Those below `SMALLEST` count as it.

    Examples
    --------
    >>> values = np.array([0.0, 1.0, -1.0])
    >>> exponentials(values)
    >>> print(values)
    [1.         2.71828183 0.36787944]
    """
    for i in range(values.size):
        scale, rest = _split(max(values[i], SMALLEST))
        values[i] = scale + scale * rest


@kernel
def exponentials_less_one(values: NDArray) -> None:
    """Replace the numbers of an array by their exponentials less one, with a relative error below 1e-15.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Up to 709. Those below `SMALLEST` count as it.

    Examples
    --------
    >>> values = np.array([0.0, 1e-20, 1.0])
    >>> exponentials_less_one(values)
    >>> print(values)
    [0.00000000e+00 1.00000000e-20 1.71828183e+00]
    """
    for i in range(values.size):
        scale, rest = _split(max(values[i], SMALLEST))
        values[i] = (scale - 1.0) + scale * rest
