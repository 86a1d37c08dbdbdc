"""Plasmons of both kinds of holes side by side, as data sets with units: velocities, damping, energy loss.

Units and responses as in `plasmon`.
"""

import math
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity.lattice_modes import lattice_longitudinal
from ehbilayer.superconductivity.plasmon import acoustic_velocity, loss_function, optical_frequency

__all__ = ["acoustic_modes", "lattice_ranges", "long_waves", "loss_maps"]

_HOLES = ("crystal", "liquid")


@checked
def acoustic_modes(q: ArrayLike, *, r_s: float, d: float, mass_ratio: float) -> xr.Dataset:
    """Acoustic plasmon against the wave number.

    Parameters
    ----------
    q : array_like, shape (n,)
        In 1/a_e, >= 0.
    r_s, d, mass_ratio : float
        As in `ehbilayer.superconductivity.plasmon.acoustic_velocity`.

    Returns
    -------
    xarray.Dataset
        ``squared``, the real part of the velocity, squared (v_0^2), and ``damping``, minus imaginary over real part,
        with dimensions holes and q.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, or there is no acoustic mode.

    Examples
    --------
    >>> modes = acoustic_modes([0.0, 1.25], r_s=1.6, d=1.0, mass_ratio=10)
    >>> [f"{value:.2f}" for value in modes.squared.sel(holes="crystal").values]
    ['4.76', '1.51']
    """
    q = np.atleast_1d(validation.reals("q", q, low=0.0))
    bilayer: dict[str, Any] = dict(r_s=r_s, d=d, mass_ratio=mass_ratio)
    velocity = [[acoustic_velocity(**bilayer, q=float(x), holes=holes) for x in q] for holes in _HOLES]
    return _modes(velocity, "q", q, "1/a_e")


@checked
def long_waves(d: ArrayLike, *, r_s: float, mass_ratio: float) -> xr.Dataset:
    """Acoustic plasmon at vanishing wave number against the distance of the layers.

    Parameters
    ----------
    d : array_like, shape (n,)
        In a_e, >= 0.
    r_s, mass_ratio : float
        As in `ehbilayer.superconductivity.plasmon.acoustic_velocity`.

    Returns
    -------
    xarray.Dataset
        As from `acoustic_modes`, with dimensions holes and d.

    Examples
    --------
    >>> waves = long_waves([0.0, 1.0], r_s=1.6, mass_ratio=1e6)
    >>> [f"{value:.3f}" for value in waves.squared.sel(holes="crystal").values]
    ['1.000', '5.000']
    """
    d = np.atleast_1d(validation.reals("d", d, low=0.0))
    velocity = [
        [acoustic_velocity(r_s=r_s, d=float(x), mass_ratio=mass_ratio, holes=holes) for x in d] for holes in _HOLES
    ]
    return _modes(velocity, "d", d, "a_e")


@checked
def loss_maps(
    q: ArrayLike, omega: ArrayLike, *, r_s: float, d: float, mass_ratio: float, broadening: float
) -> xr.Dataset:
    """Energy loss to the electrons' layer, and the frequencies of both plasmons.

    Parameters
    ----------
    q : array_like, shape (n,)
        In 1/a_e, > 0.
    omega : array_like, shape (m,)
        In Ha_e, > 0.
    r_s, d, mass_ratio, broadening : float
        As in `ehbilayer.superconductivity.plasmon.loss_function`.

    Returns
    -------
    xarray.Dataset
        ``loss`` with dimensions holes, omega and q, ``acoustic`` (Ha_e) up to the Debye wave number and ``optical``
        (Ha_e) up to 1.2/a_e with dimensions holes and q, NaN beyond.

    Examples
    --------
    >>> maps = loss_maps([0.2, 0.4], [0.1, 0.2], r_s=1.6, d=1.0, mass_ratio=10, broadening=1e-3)
    >>> dict(maps.loss.sizes)
    {'holes': 2, 'omega': 2, 'q': 2}
    """
    q = np.atleast_1d(validation.reals("q", q, low=0.0, low_open=True))
    omega = np.atleast_1d(validation.reals("omega", omega, low=0.0, low_open=True))
    bilayer: dict[str, Any] = dict(r_s=r_s, d=d, mass_ratio=mass_ratio)
    loss = [
        loss_function(q[None, :], omega[:, None], **bilayer, holes=holes, broadening=broadening) for holes in _HOLES
    ]
    acoustic, optical = (np.full((len(_HOLES), len(q)), np.nan) for _ in range(2))
    soft, hard = q <= 2 / r_s, q <= 1.2
    for row, holes in enumerate(_HOLES):
        velocity = [acoustic_velocity(**bilayer, q=float(x), holes=holes).real for x in q[soft]]
        acoustic[row, soft] = q[soft] * velocity / (r_s * math.sqrt(mass_ratio))
        optical[row, hard] = [optical_frequency(**bilayer, q=float(x), holes=holes) for x in q[hard]]
    return xr.Dataset(
        {
            "loss": (("holes", "omega", "q"), np.array(loss), {"units": "1"}),
            "acoustic": (("holes", "q"), acoustic, {"units": "Ha_e"}),
            "optical": (("holes", "q"), optical, {"units": "Ha_e"}),
        },
        {"holes": list(_HOLES), "omega": ("omega", omega, {"units": "Ha_e"}), "q": ("q", q, {"units": "1/a_e"})},
    )


@checked
def lattice_ranges(q: ArrayLike, distances: ArrayLike, *, r_s: float) -> xr.Dataset:
    """Longitudinal mode of the classical lattice: mean and range over the directions of the wave vector.

    Parameters
    ----------
    q : array_like, shape (n,)
        In 1/r_s, > 0.
    distances : array_like, shape (m,)
        In a_e, >= 0.05.
    r_s : float
        In a_e.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``lowest`` and ``highest`` squared velocity (v_0^2) with dimensions d and q_r_s.

    Examples
    --------
    >>> edge = lattice_ranges([2.0], [1.0], r_s=1.6).isel(d=0, q_r_s=0)
    >>> [f"{float(edge[name]):.2f}" for name in ("lowest", "mean", "highest")]
    ['0.35', '0.42', '0.50']
    """
    distances = np.atleast_1d(validation.reals("distances", distances, low=0.05))
    if distances.ndim != 1 or not distances.size:
        raise ArgumentError("distances", distances, "one number or more")
    values = np.array([lattice_longitudinal(q, r_s=r_s, d=float(d)) for d in distances])
    return xr.Dataset(
        {
            name: (("d", "q_r_s"), reduced, {"units": "v_0^2"})
            for name, reduced in (
                ("mean", values.mean(axis=-1)),
                ("lowest", values.min(axis=-1)),
                ("highest", values.max(axis=-1)),
            )
        },
        {"d": ("d", distances, {"units": "a_e"}), "q_r_s": ("q_r_s", np.atleast_1d(q), {"units": "1"})},
    )


def _modes(velocity, name, values, unit):
    velocity = np.array(velocity)
    real, imaginary = np.real(velocity), np.imag(velocity)
    return xr.Dataset(
        {
            "squared": (("holes", name), real**2, {"units": "v_0^2"}),
            "damping": (("holes", name), -imaginary / real, {"units": "1"}),
        },
        {"holes": list(_HOLES), name: (name, values, {"units": unit})},
    )
