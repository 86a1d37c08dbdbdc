"""alpha^2 of paper A's Eq. 6 over density, distance and mass ratio: a sweep of `size_dependence`."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity.box_sizes import size_dependence
from ehbilayer.sweep import sweep

__all__ = ["box_map", "plane_waves"]

_ARRAYS = ("dropped", "madelung", "corrected")
_SCALARS = ("limit", "limit_error", "dropped_limit", "step_error", "cutoff_change", "crystal_order")


@checked
def plane_waves(d: float) -> tuple[float, float]:
    """Cutoffs that `size_dependence` needs at a distance, for all boxes and for the smallest.

    The holes' clouds grow narrow where electrons pile up at them.

    Parameters
    ----------
    d : float
        Layer distance in a_e, >= 0.

    Returns
    -------
    cutoff, fine_cutoff : float
        In ``|b|``.

    Examples
    --------
    >>> plane_waves(1.0), plane_waves(0.25), plane_waves(0.0)
    ((2.5, 2.5), (3.0, 4.0), (3.0, 6.0))
    """
    d = validation.real("d", d, low=0.0)
    return (2.5, 2.5) if d >= 0.5 else (3.0, 4.0) if d >= 0.2 else (3.0, 6.0)


def box_map(
    *,
    r_s: Sequence[float],
    d: Sequence[float] = (1.0,),
    mass_ratio: Sequence[float] = (10.0,),
    meshes: Sequence[int] = (4, 6, 8, 12),
    cutoffs: tuple[float, float] | None = None,
    step: float = 0.01,
    store: str | os.PathLike | None = None,
) -> xr.Dataset:
    """alpha^2 of the EL-HC state in boxes of increasing size and their limit, on a grid.

    Parameters
    ----------
    r_s, d, mass_ratio : sequence of float
        As in `size_dependence`.
    meshes : sequence of int
        Boxes of ``mesh**2`` pairs.
    cutoffs : tuple of float, optional
        `cutoff` and `fine_cutoff` of `size_dependence`; by default `plane_waves` at each distance.
    step : float
        Relative change of the area.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.Dataset
        Over d, mass_ratio and r_s, some also over N: ``dropped``, ``madelung``, ``corrected``, ``limit``,
        ``limit_error`` and others, see `ehbilayer.superconductivity.box_sizes.SizeDependence`.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state did not converge at any of the points.

    Examples
    --------
    >>> boxes = box_map(r_s=[1.2, 1.6], meshes=(3, 4))
    >>> boxes.dropped.dims, boxes.N.values.tolist()
    (('d', 'mass_ratio', 'r_s', 'N'), [9, 16])
    """
    grid = {"r_s": r_s, "d": d, "mass_ratio": mass_ratio}
    axes = {name: [float(x) for x in np.atleast_1d(validation.reals(name, x))] for name, x in grid.items()}
    if empty := [name for name, values in axes.items() if not values]:
        raise ArgumentError(empty[0], grid[empty[0]], "one value or more")
    if not isinstance(meshes, Sequence | np.ndarray):
        raise ArgumentError("meshes", meshes, "a sequence of integers")
    sizes = [validation.integer("meshes", mesh, low=3, high=100) for mesh in meshes]
    if cutoffs is not None:
        if not isinstance(cutoffs, tuple | list) or len(cutoffs) != 2:
            raise ArgumentError("cutoffs", cutoffs, "two numbers")
        cutoffs = validation.real("cutoffs", cutoffs[0], low=1.0), validation.real("cutoffs", cutoffs[1], low=1.0)
    runs = []
    for spacing in axes["d"]:
        cutoff, fine = plane_waves(spacing) if cutoffs is None else cutoffs
        fixed: dict[str, Any] = {"meshes": sizes, "cutoff": cutoff, "fine_cutoff": fine, "step": step}
        runs.append(
            sweep(
                size_dependence,
                {"d": [spacing], "mass_ratio": axes["mass_ratio"], "r_s": axes["r_s"]},
                fixed=fixed,
                extract=["dropped", "madelung", "corrected", *_SCALARS],
                units={"d": "a_e", "r_s": "a_e", "mass_ratio": "1", **dict.fromkeys((*_ARRAYS, *_SCALARS), "1")},
                dims={name: ["N"] for name in _ARRAYS},
                store=store,
            )
        )
    boxes = xr.concat(runs, "d", combine_attrs="drop_conflicts")
    return boxes.assign_coords(N=("N", [mesh**2 for mesh in sizes], {"units": "1"}))
