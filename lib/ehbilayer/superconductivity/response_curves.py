r"""alpha^2(q) of Hartree-Fock theory in the first zone over distances, densities and mass ratios, with errors.

The functions take r_s and d in units of the electrons' Bohr radius a_e.
"""

import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity.static_response import line_waves, response_lines
from ehbilayer.sweep import sweep

__all__ = ["ResponseCurve", "response_curve", "response_curves"]

# Pairs along the side of the smaller box, and plane-wave cutoffs, in |b|.
_SMALL, _CUTOFF, _FINE = 6, 2.0, 3.0
# Of the change by finer plane waves: its largest difference between boxes, tested.
_SHARE = 0.2


class ResponseCurve(NamedTuple):
    """Result of `response_curve`.

    Attributes
    ----------
    alpha_squared, error : ndarray, shape (n,)
        At the waves of ``line_waves(mesh, zone=True)``.
    """

    alpha_squared: NDArray
    error: NDArray


def response_curve(*, mass_ratio: float, r_s: float, d: float, mesh: int = 12) -> ResponseCurve:
    """alpha^2(q) of `ehbilayer.superconductivity.static_response.response_lines` up to the edge of the zone.

    What finer plane waves change is computed in a box of 36 pairs and added.

    Parameters
    ----------
    mass_ratio, r_s, d : float
        As in `response_lines`.
    mesh : int
        The box holds ``mesh**2`` pairs, more than the 36 of the one to compare with.

    Returns
    -------
    ResponseCurve
        The error is the change from the box of 36 pairs, plus that with electrons at twice the temperature there, plus
        a fifth of what finer plane waves change there, which differs by so much from box to box.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the state or a response did not converge.

    Examples
    --------
    >>> curve = response_curve(mass_ratio=10, r_s=1.6, d=1.0, mesh=8)
    >>> print(f"{curve.alpha_squared[3]:.2f} ± {curve.error[3]:.3f}")
    0.97 ± 0.005
    """
    if validation.integer("mesh", mesh, low=3) <= _SMALL:
        raise ArgumentError("mesh", mesh, f"more than {_SMALL}")

    def lines(mesh: int, cutoff: float = _CUTOFF, smearing: float = 0.1) -> NDArray:
        point = {"mass_ratio": mass_ratio, "r_s": r_s, "d": d}
        return response_lines(**point, mesh=mesh, cutoff=cutoff, smearing=smearing, zone=True).alpha_squared

    large, small, fine, warm = lines(mesh), lines(_SMALL), lines(_SMALL, _FINE), lines(_SMALL, smearing=0.2)
    _, q, along_k = line_waves(mesh, zone=True)
    _, q_few, along_few = line_waves(_SMALL, zone=True)
    values, error = large.copy(), np.zeros(len(large))
    for here, there in ((along_k, along_few), (~along_k, ~along_few)):
        finer = fine[there] - small[there]
        values[here] += np.interp(q[here], q_few[there], finer)
        # At the waves of the smaller box, or next to them; between them the error is interpolated.
        near = [np.argmin(abs(q[here] - x)) for x in q_few[there]]
        change = abs(large[here][near] - small[there]) + abs(warm - small)[there] + _SHARE * abs(finer)
        error[here] = np.interp(q[here], q_few[there], change)
    return ResponseCurve(values, error)


def response_curves(
    *,
    mass_ratio: Sequence[float],
    r_s: Sequence[float],
    d: Sequence[float],
    mesh: int = 12,
    store: str | os.PathLike | None = None,
) -> xr.Dataset:
    """`response_curve` on a grid.

    Parameters
    ----------
    mass_ratio, r_s, d : sequence of float
        The grid; r_s and d in a_e.
    mesh : int
        As in `response_curve`.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.Dataset
        ``alpha_squared`` and ``error`` by mass_ratio, r_s, d and wave, with coordinates ``q_r_s`` and ``along_k``.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or a state does not converge.

    Examples
    --------
    >>> curves = response_curves(mass_ratio=[10.0], r_s=[1.6], d=[1.0], mesh=8)
    >>> edge = curves.squeeze().sel(wave=3)
    >>> print(f"{edge.alpha_squared.item():.2f} at q r_s = {edge.q_r_s.item():.2f}")
    0.97 at q r_s = 1.90
    """
    if validation.integer("mesh", mesh, low=3) <= _SMALL:
        raise ArgumentError("mesh", mesh, f"more than {_SMALL}")
    found = sweep(
        response_curve,
        {"mass_ratio": list(mass_ratio), "r_s": list(r_s), "d": list(d)},
        fixed={"mesh": mesh},
        extract=["alpha_squared", "error"],
        units={"mass_ratio": "1", "r_s": "a_e", "d": "a_e", "alpha_squared": "v_0^2", "error": "v_0^2"},
        dims={"alpha_squared": ["wave"], "error": ["wave"]},
        store=store,
    )
    if not (found.status == "ok").all():
        raise ArgumentError("d", d, f"distances at which the state converges ({found.message.values.max()})")
    _, q, along_k = line_waves(mesh, zone=True)
    places = {"q_r_s": ("wave", q, {"units": "1"}), "along_k": ("wave", along_k, {"units": "1"})}
    return found[["alpha_squared", "error"]].assign_coords(places)
