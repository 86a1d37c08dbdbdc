"""Energies of the quasiparticles of the condensate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.fermi_contour import fermi_window

__all__ = ["Quasiparticles", "quasiparticle_bands", "quasiparticle_gap"]


@dataclass(frozen=True)
class Quasiparticles:
    """Smallest excitation energy of a condensate.

    Attributes
    ----------
    gap : float
        Minimum over p of E - abs(delta) in k_B T_c; negative if the condensate is gapless.
    momentum : tuple of float
        Where, as momentum -p of the hole's partner state, in 1/l_u.
    """

    gap: float
    momentum: tuple[float, float]


@checked
def quasiparticle_gap(bands: Bands, q_x: float, delta: float) -> Quasiparticles:
    """Smallest quasiparticle energy min_p (E - abs(delta_p)) at a pair momentum along x.

    Parameters
    ----------
    bands : Bands
    q_x : float
        Pair momentum in 1/l_u.
    delta : float
        Order parameter in k_B T_c, zero or greater.

    Returns
    -------
    Quasiparticles

    Examples
    --------
    Without spin-orbit coupling and current the gap is Delta:

    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> round(quasiparticle_gap(bands, 0.0, 1.7).gap, 6)
    1.7
    """
    q_x, delta = validation.real("q_x", q_x), validation.real("delta", delta, low=0.0)
    window = fermi_window(bands)
    p = np.linspace(max(window.low - abs(q_x) - 1, 0.0), window.high + abs(q_x) + 1, 241)
    theta = np.linspace(0, np.pi, 121)

    def energy(v):
        return quasiparticle_bands(bands, q_x, delta, v[0] * np.cos(v[1]), v[0] * np.sin(v[1])).min(axis=0)

    table = energy((p[:, None], theta[None, :]))
    i, j = np.unravel_index(np.argmin(table), table.shape)
    found = minimize(energy, (p[i], theta[j]), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    value = min(float(found.fun), float(table[i, j]))
    return Quasiparticles(value, (float(found.x[0] * np.cos(found.x[1])), float(found.x[0] * np.sin(found.x[1]))))


@checked
def quasiparticle_bands(
    bands: Bands, q_x: float, delta: float, p_x: ArrayLike, p_y: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """The two quasiparticle energies E + delta and E - delta at relative momenta p.

    Parameters
    ----------
    bands : Bands
    q_x, delta : float
        Pair momentum and order parameter.
    p_x, p_y : float or array_like
        The hole of the pair has momentum -p, the electron p + q.

    Returns
    -------
    ndarray, shape (2, ...)

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    >>> [round(float(E), 6) for E in quasiparticle_bands(bands, 0.0, 1.7, (2 * 11.6) ** 0.5)]
    [1.7, 1.7]
    """
    p_x, p_y = np.asarray(validation.reals("p_x", p_x)), np.asarray(validation.reals("p_y", p_y))
    xi_e, xi_h = bands.electron(p_x + q_x, p_y), bands.hole(-p_x, -p_y)
    half = (xi_e - xi_h) / 2
    E = np.hypot((xi_e + xi_h) / 2, delta)
    return np.array([E + half, E - half])
