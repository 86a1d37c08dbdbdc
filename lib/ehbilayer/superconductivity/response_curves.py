r"""alpha^2(q) of Hartree-Fock theory in the first zone over distances, densities and mass ratios, with errors.

The functions take r_s and d in units of the electrons' Bohr radius a_e.
"""

import os
from collections.abc import Sequence

import numpy as np
import xarray as xr

from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity.static_response import line_waves, response_lines
from ehbilayer.sweep import sweep

__all__ = ["response_curves"]

# Pairs along the side of the smaller box, and plane-wave cutoffs, in |b|.
_SMALL, _CUTOFF, _FINE = 6, 2.0, 3.0
# Of the change by finer plane waves: its largest difference between boxes, tested.
_SHARE = 0.2


def response_curves(
    *,
    mass_ratio: Sequence[float],
    r_s: Sequence[float],
    d: Sequence[float],
    mesh: int = 12,
    store: str | os.PathLike | None = None,
) -> xr.Dataset:
    """alpha^2(q) of `ehbilayer.superconductivity.static_response.response_lines` up to the edge of the zone.

    Parameters
    ----------
    mass_ratio, r_s, d : sequence of float
        The grid; r_s and d in a_e.
    mesh : int
        The box holds ``mesh**2`` pairs, more than the 36 of the one to compare with.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.Dataset
        ``alpha_squared`` and ``error`` by mass_ratio, r_s, d and wave, with coordinates ``q_r_s`` and ``along_k``. The
        error is the change from the box of 36 pairs, plus that with electrons at twice the temperature there, plus a
        fifth of what finer plane waves change there, which differs by so much from box to box.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or a state does not converge.

    Examples
    --------
    >>> curves = response_curves(mass_ratio=[10.0], r_s=[1.6], d=[1.0], mesh=8)
    >>> edge = curves.squeeze().sel(wave=3)
    >>> print(f"{edge.alpha_squared.item():.2f} at q r_s = {edge.q_r_s.item():.2f}")
    0.79 at q r_s = 1.90
    """
    if mesh <= _SMALL:
        raise ArgumentError("mesh", mesh, f"more than {_SMALL}")
    grid = {"mass_ratio": list(mass_ratio), "r_s": list(r_s), "d": list(d)}
    units = {"r_s": "a_e", "d": "a_e", "cutoff": "|b|", "alpha_squared": "v_0^2", "mass_ratio": "1"}

    def lines(mesh: int, smearing: float = 0.1, fine: bool = True) -> xr.DataArray:
        fixed = {"mesh": mesh, "smearing": smearing, "cutoff": _CUTOFF, "zone": True}
        fixed |= {"fine_cutoff": _FINE} if fine else {}
        options = {"extract": ["alpha_squared"], "units": units, "dims": {"alpha_squared": ["wave"]}, "store": store}
        found = sweep(response_lines, grid, fixed=fixed, **options)
        if not (found.status == "ok").all():
            raise ArgumentError("d", d, f"distances at which the state converges ({found.message.values.max()})")
        return found.alpha_squared

    large, small, coarse = lines(mesh), lines(_SMALL), lines(_SMALL, fine=False)
    warm = abs(lines(_SMALL, 0.2, fine=False) - coarse) + _SHARE * abs(small - coarse)
    _, q, along_k = line_waves(mesh, zone=True)
    _, q_few, along_few = line_waves(_SMALL, zone=True)
    error = np.zeros(large.shape)
    for here, there in ((along_k, along_few), (~along_k, ~along_few)):
        # Where the smaller box has waves the change is its own; between them it is interpolated.
        at = [np.argmin(abs(q[here] - x)) for x in q_few[there]]
        change = abs(large.values[..., here][..., at] - small.values[..., there]) + warm.values[..., there]
        error[..., here] = np.apply_along_axis(lambda y, h=here, t=there: np.interp(q[h], q_few[t], y), -1, change)
    return xr.Dataset(
        {"alpha_squared": large, "error": (large.dims, error, {"units": "v_0^2"})},
        coords={"q_r_s": ("wave", q, {"units": "1"}), "along_k": ("wave", along_k, {"units": "1"})},
        attrs={"mesh": mesh},
    )
