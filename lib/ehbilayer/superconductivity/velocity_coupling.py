"""Spectrum of the coupling to plasmons of any dispersion, screened as one likes (paper A, Eqs. 2 and 3)."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.coupling import CouplingSpectrum

__all__ = ["repulsion_strength", "velocity_spectrum"]

#: Thomas-Fermi wave number of the free electrons in 1/a_e.
FREE = 2.0


@checked
def velocity_spectrum(
    velocity_squared: Callable[[NDArray], ArrayLike],
    *,
    r_s: float,
    d: float,
    mass_ratio: float,
    screening: float = FREE,
    umklapp: bool = True,
    order: int = 48,
) -> CouplingSpectrum:
    r"""alpha^2F of plasmons of velocity v_p(q), for electrons that screen with a wave number k_s.

    .. math:: \lambda = \Big\langle \frac{2}{\alpha^2(q)}\,\frac{p^2}{q^2}\,
        \frac{e^{-2pd}}{(p + k_s)^2}\Big\rangle, \qquad p = |\mathbf k - \mathbf k'|, \quad \omega = v_p(q)\,q ,

    averaged over the Fermi circle in electron units. The 2 is :math:`2\pi n/\varepsilon_F`, which no screening changes.

    Parameters
    ----------
    velocity_squared : callable
        alpha^2(q), in v_0^2, for an array of n wave numbers in 1/a_e; positive; of shape (n,), or (m, n) for m
        directions of q, over which the coupling is averaged.
    r_s, d : float
        In a_e.
    mass_ratio : float
        m_h/m_e >= 1, for the frequencies.
    screening : float
        k_s in 1/a_e, > 0; 2 for free electrons.
    umklapp : bool
        Freeze q at k_D beyond it, as the paper does; otherwise q is the momentum transfer p.
    order : int
        Quadrature nodes in each of the two regions.

    Returns
    -------
    CouplingSpectrum
        Frequencies in Ha_e.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, or a velocity is not positive.

    Examples
    --------
    >>> spectrum = velocity_spectrum(lambda q: np.full_like(q, 0.09), r_s=1.6, d=1.0, mass_ratio=10)
    >>> print(f"{spectrum.coupling:.6f} {spectrum.frequencies[-1]:.4f}")
    0.756175 0.0741
    """
    r_s, d = validation.real("r_s", r_s, low=1e-6, high=1e6), validation.real("d", d, low=0.0)
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e12)
    screening = validation.positive("screening", screening)
    transfer, weight = _transfers(r_s, validation.integer("order", order, low=4, high=1000))
    q = np.minimum(transfer, 2 / r_s) if umklapp else transfer
    try:
        values = np.asarray(velocity_squared(q), dtype=float)
    except TypeError as error:
        raise TypeError(f"velocity_squared is not allowed: need a function of an array of q ({error})") from error
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError("velocity_squared is not allowed: need positive finite values at every q")
    parts = weight * FREE / values * (transfer / q) ** 2 * np.exp(-2 * transfer * d) / (transfer + screening) ** 2
    if not parts.any():
        raise ArgumentError("d", d, "a distance at which exp(-2 q d) is not zero at every q")
    frequencies = np.sqrt(values) * q / (r_s * math.sqrt(mass_ratio))
    return CouplingSpectrum(frequencies.ravel(), parts.ravel() / np.atleast_2d(values).shape[0])


@checked
def repulsion_strength(*, r_s: float, screening: float = FREE, order: int = 48) -> float:
    r"""mu of Eq. 4, :math:`\langle 1/(p + k_s)\rangle`, for electrons that screen with a wave number k_s.

    Parameters
    ----------
    r_s, screening, order
        As in `velocity_spectrum`.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{repulsion_strength(r_s=1.6):.6f}")
    0.331232
    """
    r_s = validation.real("r_s", r_s, low=1e-6, high=1e6)
    screening = validation.positive("screening", screening)
    transfer, weight = _transfers(r_s, validation.integer("order", order, low=4, high=1000))
    return float(weight @ (1 / (transfer + screening)))


def _transfers(r_s, order):
    """Momentum transfers in 1/a_e below and above k_D, and weights of an average over the Fermi circle."""
    nodes, weights = gauss_legendre(order)
    u = 0.5 * (nodes + 1)
    # theta = (pi/4) u^3: averages of ln(omega) over forward scattering converge as fast as those of lambda.
    theta = math.pi / 4 * np.concatenate([u**3, 1 + u])
    weight = 0.25 * np.concatenate([3 * u**2 * weights, weights])
    return 2 * math.sqrt(2) / r_s * np.sin(theta), weight
