"""alpha^2 of paper A's Eq. 6 in boxes of increasing size, and its limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.superconductivity.box_shifts import madelung_shift, shell_shift
from ehbilayer.superconductivity.compressibility import UNITS, bulk_modulus

__all__ = ["SizeDependence", "size_dependence"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class SizeDependence:
    """Result of `size_dependence`; arrays run over ``parameters["meshes"]``.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    dropped, madelung : ndarray, shape (n,)
        alpha^2 with V(0) = 0 and with the Madelung correction.
    corrected : ndarray, shape (n,)
        Madelung-corrected and with `shell_shift`.
    limit : float
        `corrected` in the largest box: the estimate for infinitely many pairs.
    limit_error : float
        Its distance from the other boxes of 36 pairs or more (or from the next smaller one), plus `step_error` and
        `cutoff_error`.
    dropped_limit, madelung_limit : float
        What the uncorrected values alone extrapolate to: the intercept of a straight line in N^(-1/2) through
        `dropped`, and the mean of `madelung`.
    step_error : float
        Largest `BulkModulus.error`.
    cutoff_change : float
        What the plane waves up to `fine_cutoff` add, computed in the smallest box and added to all.
    cutoff_error : float
        A twentieth of it, which is how far it varies with the size of the box.
    crystal_order : float
        Of the largest box, see `BulkModulus`.
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    dropped: NDArray[np.float64]
    madelung: NDArray[np.float64]
    corrected: NDArray[np.float64]
    limit: float
    limit_error: float
    dropped_limit: float
    madelung_limit: float
    step_error: float
    cutoff_change: float
    cutoff_error: float
    crystal_order: float


def size_dependence(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    meshes: Sequence[int] = (4, 6, 8, 12),
    cutoff: float = 2.5,
    fine_cutoff: float | None = None,
    step: float = 0.01,
) -> SizeDependence:
    """alpha^2 of the EL-HC state in boxes of increasing size, and its limit.

    The plane-wave cutoff matters through the shape of one hole's cloud, which hardly knows the size of the box: the
    change on going to `fine_cutoff` is computed for the smallest box and added to all.

    Parameters
    ----------
    mass_ratio, d, r_s, step
        As in `bulk_modulus`.
    meshes : sequence of int
        At least two, increasing; boxes of ``mesh**2`` pairs.
    cutoff : float
        For all boxes, in ``|b|``.
    fine_cutoff : float, optional
        For the smallest box, >= `cutoff`; by default `cutoff`. Needed below d = 0.5 a_e: 4 at d = 0.25 a_e, 6 at d = 0.

    Returns
    -------
    SizeDependence

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> result = size_dependence(mass_ratio=10, d=1.0, r_s=1.6, meshes=(4, 6, 8))
    >>> print(f"{result.limit:.3f}", result.limit_error < 2e-3)
    -0.542 True
    """
    if isinstance(meshes, str) or not hasattr(meshes, "__iter__"):
        raise TypeError(f"meshes = {meshes!r} is not allowed: need a sequence of integers")
    meshes = tuple(validation.integer("meshes", mesh, low=3, high=100) for mesh in meshes)
    if len(meshes) < 2 or list(meshes) != sorted(set(meshes)):
        raise ArgumentError("meshes", meshes, "two or more increasing integers")
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=20.0)
    fine_cutoff = cutoff if fine_cutoff is None else validation.real("fine_cutoff", fine_cutoff, low=cutoff, high=20.0)
    point: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, step=step)
    results = [bulk_modulus(**point, mesh=mesh, cutoff=cutoff) for mesh in meshes]
    change = 0.0
    if fine_cutoff > cutoff:
        change = bulk_modulus(**point, mesh=meshes[0], cutoff=fine_cutoff).alpha_squared - results[0].alpha_squared
    dropped = np.array([result.alpha_squared for result in results]) + change
    madelung = dropped + np.array([madelung_shift(r_s, mesh) for mesh in meshes])
    corrected = madelung + np.array([shell_shift(r_s, mesh) for mesh in meshes])
    others = [value for value, mesh in zip(corrected[:-1], meshes[:-1], strict=True) if mesh >= 6] or [corrected[-2]]
    step_error = max(result.error for result in results)
    cutoff_error = abs(change) / 20
    error = max(abs(corrected[-1] - value) for value in others) + step_error + cutoff_error
    dropped_limit = np.polyfit(1 / np.array(meshes, dtype=float), dropped, 1)[1]
    parameters = results[0].parameters | {"meshes": meshes, "fine_cutoff": fine_cutoff}
    for name in ("mesh", "zero_mode", "electrons", "capacitance"):
        del parameters[name]
    return SizeDependence(
        parameters,
        UNITS | {"fine_cutoff": "|b|"},
        dropped,
        madelung,
        corrected,
        float(corrected[-1]),
        float(error),
        float(dropped_limit),
        float(madelung.mean()),
        step_error,
        float(change),
        cutoff_error,
        results[-1].crystal_order,
    )
