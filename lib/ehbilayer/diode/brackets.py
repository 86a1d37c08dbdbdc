"""Scans over the pair momentum that bracket where bands are most unstable, and the pocket where they condense."""

import math

import numpy as np

from ehbilayer.checked import checked
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.fermi_contour import fermi_window
from ehbilayer.diode.momentum_grid import SCAN, momentum_grid
from ehbilayer.diode.pairing_form import PLAIN, PairingForm

__all__ = [
    "pocket_bracket",
]


@checked
def search_range(bands: Bands, T: float = 1.0) -> tuple[float, float]:
    """Pair momenta at which the Fermi contours may touch, and the scale on which the susceptibility varies.

    Parameters
    ----------
    bands : Bands
    T : float
        Temperature in T_c.

    Returns
    -------
    q_max, step : float
    """
    window = fermi_window(bands)
    if window.contours is None:
        mismatch = 2 * window.high
    else:
        electron, hole = window.contours
        opposite = np.roll(hole.radius, len(hole.radius) // 2)
        mismatch = float(np.abs(electron.radius - opposite).max())
    # Pairs of momentum q shift the levels at the Fermi contours by k q/M.
    step = 0.4 * bands.pair_mass * max(T, 0.3) / window.high
    return mismatch + 10 * step, step


@checked
def susceptibility_bracket(bands: Bands, form: PairingForm = PLAIN) -> tuple[float, float]:
    """Neighbours, on a scan over q_x, of the momentum at which the pair susceptibility is largest at T = 1.

    Parameters
    ----------
    bands : Bands
    form : PairingForm
        What is held, and whether overlaps enter.

    Returns
    -------
    low, high : float
    """
    q_max, step = search_range(bands)
    for attempt in range(4):
        q, susceptibility, _ = _scan(bands, 1.0, 2**attempt * q_max, step, form, None)
        best = int(np.argmax(susceptibility))
        if 0 < best < len(q) - 1:
            break
    return float(q[best] - step), float(q[best] + step)


@checked
def pocket_bracket(bands: Bands, T: float, inverse: float, form: PairingForm = PLAIN) -> tuple[float, float] | None:
    """Momenta outside the pocket of alpha < 0 with the lowest Ginzburg-Landau energy.

    Parameters
    ----------
    bands : Bands
    T : float
        Temperature in T_c.
    inverse : float
        Finite part of 1/g.
    form : PairingForm
        What is held, and whether overlaps enter.

    Returns
    -------
    (low, high) : tuple of float, or None
        None if alpha >= 0 everywhere.

    Examples
    --------
    >>> from ehbilayer.diode.bands import isolated_bands
    >>> from ehbilayer.diode.coupling import coupling_at_T_c
    >>> bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
    >>> low, high = pocket_bracket(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> low < 0.2 < high
    True
    """
    q_max, step = search_range(bands, T)
    if T < 0.3:
        q_max *= 2
    bracket = None
    for _ in range(4):
        q, susceptibility, beta = _scan(bands, T, q_max, step, form, inverse)
        alpha = inverse - susceptibility
        # A pocket narrower than the step shows as a minimum close to zero; let the interpolant decide.
        negative = alpha < 0
        if not negative.any():
            best = int(np.argmin(alpha))
            if not 0 < best < len(q) - 1:
                q_max *= 2
                continue
            return float(q[best - 1]), float(q[best + 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = np.where(negative, alpha**2 / np.where(beta > 0, beta, 1e-12), 0.0)
        first = last = int(np.argmax(depth))
        while first > 0 and negative[first]:
            first -= 1
        while last < len(q) - 1 and negative[last]:
            last += 1
        bracket = float(q[first]), float(q[last])
        if not negative[first] and not negative[last]:
            break
        q_max *= 2
    return bracket


def _scan(bands, T, q_max, step, form, inverse):
    """Susceptibility and beta on a uniform grid that contains q = 0, good enough for brackets."""
    n = math.ceil(q_max / step)
    q = step * np.arange(-n, n + 1)
    return q, *form.sums(bands, momentum_grid(bands, T, q, 0.0, SCAN), q, 0.0, T, inverse)
