"""Coupling of the electrons to plasmons whose velocity depends on the wave vector (paper A, Eqs. 2 to 4)."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.coupling import CouplingSpectrum

__all__ = ["velocity_spectrum"]


def velocity_spectrum(
    velocity_squared: Callable[[NDArray], ArrayLike], *, r_s: float, d: float, umklapp: bool = True, order: int = 48
) -> CouplingSpectrum:
    r"""alpha^2F of Eq. 2 with plasmons of the frequencies :math:`\alpha(q)\,v_0 q`.

    Parameters
    ----------
    velocity_squared : callable
        alpha^2(q) for an array of n wave numbers in 1/a_e, positive; of shape (n,), or (m, n) for m directions of q,
        over which the coupling is averaged.
    r_s, d : float
        In a_e.
    umklapp : bool
        Freeze q at k_D beyond it, as the paper does; otherwise q is the momentum transfer.
    order : int
        Quadrature nodes in each of the two regions.

    Returns
    -------
    CouplingSpectrum
        Frequencies in :math:`v_0 k_D`, the Debye frequency of alpha = 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, or a velocity is not positive.

    Examples
    --------
    >>> spectrum = velocity_spectrum(lambda q: np.full_like(q, 0.09), r_s=1.6, d=1.0)
    >>> print(f"{spectrum.coupling:.6f} {spectrum.frequencies.max():.3f}")
    0.756175 0.300
    """
    r_s, d = validation.real("r_s", r_s, low=1e-6, high=1e6), validation.real("d", d, low=0.0)
    nodes, weights = gauss_legendre(validation.integer("order", order, low=4, high=1000))
    quarter = math.pi / 8
    theta = np.concatenate([quarter * (nodes + 1), math.pi / 4 + quarter * (nodes + 1)])
    s, weight = np.sin(theta), quarter * np.concatenate([weights, weights])
    transfer, debye = 2 * math.sqrt(2) / r_s * s, 2 / r_s
    q = np.minimum(transfer, debye) if umklapp else transfer
    try:
        values = np.asarray(velocity_squared(q), dtype=float)
    except TypeError as error:
        raise TypeError(f"velocity_squared is not allowed: need a function of an array of q ({error})") from error
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError("velocity_squared is not allowed: need positive finite values at every q")
    values = np.atleast_2d(values)
    a = r_s / math.sqrt(2)
    parts = weight * (a**2 / values * (transfer / q) ** 2 * np.exp(-2 * transfer * d) / (s + a) ** 2)
    return CouplingSpectrum((np.sqrt(values) * q / debye).ravel(), parts.ravel() / (math.pi * len(values)))
