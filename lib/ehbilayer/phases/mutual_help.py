"""How much denser one layer crystallises near the other than far from it."""

import os
from collections.abc import Sequence
from typing import Any

import xarray as xr

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.phases.crystallisation import electron_crystallisation
from ehbilayer.phases.moire import el_hc_crossing
from ehbilayer.sweep import sweep

__all__ = ["electron_help", "hole_help"]

# Distance of the layers in a_h at which they no longer notice each other.
_FAR = 30.0

# Signed changes of a radius.
_PARTS = ("size", "cutoff", "ansatz")


def electron_help(
    *,
    spacings: Sequence[float] = (1.0,),
    mass_ratios: Sequence[float] = (1.5, 2.0, 3.0),
    lattice: str = "triangular",
    mesh: int = 8,
    store: str | os.PathLike | None = None,
) -> xr.Dataset:
    """Density at which electrons crystallise above a hole crystal over that at which they do 30 a_h away from it.

    Parameters
    ----------
    spacings, mass_ratios : sequence of float
        d in a_h, below 30, and m_h/m_e.
    lattice, mesh
        As in `ehbilayer.phases.crystallisation.electron_crystallisation`.
    store : path_like, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.Dataset
        ``gain``, that ratio, and its ``error``, over d (with 30 a_h) and mass_ratio.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed.

    Examples
    --------
    >>> found = electron_help(mass_ratios=[3.0], mesh=4)
    >>> bool(found.gain.sel(d=1.0) > 1 + found.error.sel(d=1.0))
    True
    """
    axes = {"d": _distances(spacings), "mass_ratio": list(mass_ratios)}
    return _gains(electron_crystallisation, axes, {"mesh": mesh, "lattice": lattice}, store)


def hole_help(
    *,
    spacings: Sequence[float] = (1.0,),
    mass_ratio: float = 3.0,
    mesh: int = 8,
    store: str | os.PathLike | None = None,
) -> xr.Dataset:
    """The same for holes below liquid electrons, where EL-HC takes over from the liquid.

    Examples
    --------
    >>> found = hole_help(mesh=6)
    >>> bool(abs(found.gain.sel(d=1.0) - 1) < 0.1)
    True
    """
    fixed = {"mesh": mesh, "mass_ratio": mass_ratio, "finite_size": "limit"}
    return _gains(el_hc_crossing, {"d": _distances(spacings)}, fixed, store)


def _distances(spacings):
    if not isinstance(spacings, list | tuple) or not spacings:
        raise ArgumentError("spacings", spacings, "a list of one distance or more")
    return [*(validation.real("spacings", d, low=0.0, high=0.9 * _FAR) for d in spacings), _FAR]


def _gains(function, axes, fixed: dict[str, Any], store) -> xr.Dataset:
    units: dict[str, str] = dict.fromkeys(("d", "r_s", "error", *_PARTS), "a_h")
    found = sweep(function, axes, fixed=fixed, extract=["r_s", "error", *_PARTS], units=units, store=store)
    far = found.sel(d=_FAR)
    gain = (far.r_s / found.r_s) ** 2
    # Size, cutoff and ansatz shift both radii alike for the most part; the tolerances do not.
    moved = [((far.r_s + far[part]) / (found.r_s + found[part])) ** 2 for part in _PARTS]
    rest = [data.error - sum(abs(data[part]) for part in _PARTS) for data in (found, far)]
    error = sum(abs(other - gain) for other in moved) + 2 * gain * (rest[0] / found.r_s + rest[1] / far.r_s)
    return xr.Dataset({"gain": gain, "error": error.where(found.d < _FAR, 0.0)})
