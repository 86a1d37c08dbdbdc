"""The linearised Eliashberg equation with every Matsubara frequency by itself: slow, a check of the other solver."""

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.superconductivity import eliashberg
from ehbilayer.superconductivity.coupling import CouplingSpectrum

__all__ = ["deviation", "direct_eigenvalue", "gap_matrix"]


def gap_matrix(spectrum: CouplingSpectrum, temperature: float, size: int, mu_star: float = 0.0) -> NDArray:
    """Symmetric matrix of the gap equation for the first frequencies of each sign.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    temperature : float
        k_B T in omega_D, > 0.
    size : int
        Frequencies of each sign.
    mu_star : float
        Pseudopotential for so many frequencies.

    Returns
    -------
    ndarray, shape (size, size)
        Its largest eigenvalue is 1 at T_c; eigenvectors are Delta_n over the root of the renormalised frequency.
    """
    n = np.arange(size)
    ratio = (spectrum.frequencies / (2 * np.pi * temperature)) ** 2
    steps = np.arange(2 * size, dtype=float)
    values = np.sum(spectrum.weights * ratio / (ratio + steps[:, None] ** 2), axis=-1)
    attraction = values[np.abs(n[:, None] - n)] + values[n[:, None] + n + 1] - 2 * mu_star
    normal = 2 * n + 1 + values[0] + 2 * np.concatenate([[0], np.cumsum(values[1:size])])
    return attraction / np.sqrt(normal[:, None] * normal)


def direct_eigenvalue(spectrum: CouplingSpectrum, temperature: float, *, size: int = 600) -> tuple[float, float]:
    """Largest eigenvalue without a repulsion, from `size` and twice as many frequencies.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    temperature : float
        k_B T in omega_D, from 1e-3.
    size : int
        From 50 to 2000.

    Returns
    -------
    value, error : float
        Extrapolated, since the rest falls at least like the second power of the number, and the difference of both.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> value, error = direct_eigenvalue(CouplingSpectrum.einstein(1.0), 0.11461951, size=300)
    >>> print(f"{value:.6f}", error < 1e-5)
    1.000000 True
    """
    if not isinstance(spectrum, CouplingSpectrum):
        raise TypeError(f"spectrum = {spectrum!r} is not allowed: need a CouplingSpectrum")
    temperature = validation.real("temperature", temperature, low=1e-3)
    size = validation.integer("size", size, low=50, high=2000)
    few, many = (float(np.linalg.eigvalsh(gap_matrix(spectrum, temperature, n))[-1]) for n in (size, 2 * size))
    return many + (many - few) / 3, abs(many - few)


def deviation(spectrum: CouplingSpectrum, temperature: float) -> float:
    """Distance of `ehbilayer.superconductivity.eliashberg.eigenvalue` from `direct_eigenvalue`."""
    return abs(eliashberg.eigenvalue(spectrum, temperature) - direct_eigenvalue(spectrum, temperature)[0])
