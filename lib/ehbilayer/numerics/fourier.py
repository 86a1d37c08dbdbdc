"""Discrete Fourier transforms in two dimensions, by SciPy's pocketfft."""

from typing import Any

import scipy.fft
from numpy.typing import NDArray


def forward(values: NDArray, **options: Any) -> Any:
    """Transform of the last two axes; `options` as for `scipy.fft.fft2`."""
    return scipy.fft.fft2(values, **options)


def backward(values: NDArray, **options: Any) -> Any:
    """Inverse transform of the last two axes; `options` as for `scipy.fft.ifft2`."""
    return scipy.fft.ifft2(values, **options)


def autocorrelation(values: NDArray, shape: tuple[int, ...]) -> Any:
    """Periodic autocorrelation of a real array that is padded with zeros to `shape`."""
    spectrum: Any = scipy.fft.rfft2(values, s=shape)
    return scipy.fft.irfft2(abs(spectrum) ** 2, s=shape)


def fast_length(length: int) -> int:
    """The next length from this one on that a real transform takes quickly."""
    found: Any = scipy.fft.next_fast_len(length, real=True)
    return int(found)
