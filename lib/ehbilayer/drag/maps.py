"""Frictional drag on grids of temperature, filling, spacing, permittivity and relaxation time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from ehbilayer import validation
from ehbilayer.drag.column import drag_column, one_filling
from ehbilayer.sweep import sweep

__all__ = ["drag_map", "local_exponent"]

_UNITS = {
    "T": "K",
    "E_F": "meV",
    "density": "cm^-2",
    "imbalance": "1",
    "tau_D1": "s",
    "tau_D2": "s",
    "rho_D": "ohm",
    "law": "ohm",
    "zeta": "1",
    "nonreciprocity": "m/A",
    "K11": "nm/ps",
    "K12": "nm/ps",
    "K22": "nm/ps",
    "error": "1",
    "E_F_e": "meV",
    "E_F_h": "meV",
    "density_e": "cm^-2",
    "density_h": "cm^-2",
    "mass_e": "m_0",
}
_COLUMN = {"d": "nm", "eps_r": "1", "tau_2": "s"}


def drag_map(
    *,
    T: float | Sequence[float],
    d: float | Sequence[float],
    E_F: float | Sequence[float] | None = None,
    density: float | Sequence[float] | None = None,
    imbalance: float | Sequence[float] = 1.0,
    eps_r: float | Sequence[float] = 5.0,
    tau_2: float | Sequence[float] = 1e-9,
    m_e: float = 0.2,
    m_h: float = 0.2,
    lam: float = 0.0,
    J: float = 0.0,
    B: float = 0.0,
    screening: str = "thomas-fermi",
    local_field: str = "none",
    degeneracy: int = 1,
    ansatz: str = "linearised",
    overlap: bool = False,
    order: int = 8,
    angles: int = 8,
    executor: str | None = "serial",
    store: str | Path | None = None,
    workers: int | None = None,
) -> xr.Dataset:
    """Drag times, drag resistivity and drag ratio on a grid.

    Parameters
    ----------
    T : float or sequence of float
        Temperatures in K.
    d : float or sequence of float
        Spacings of the layers in nm.
    E_F : float or sequence of float, optional
        Chemical potentials above the band minima in meV.
    density : float or sequence of float, optional
        Carriers of one species per cm^2 in each layer; give either this or `E_F`.
    imbalance : float or sequence of float
        What the holes have of the one that is given over what the electrons have.
    eps_r : float or sequence of float
        Relative permittivities.
    tau_2 : float or sequence of float
        Relaxation times of the holes in s.
    m_e, m_h : float
        In m_0.
    lam : float
        Rashba parameter of the electrons in meV nm; with 0 both layers are parabolic.
    J, B : float
        Zeeman energies in meV, of no effect if `lam` is 0.
    screening, local_field, degeneracy, ansatz, overlap, order, angles
        As in `ehbilayer.drag.drag_coefficients`. With dynamic screening every spacing and permittivity costs sums of
        its own.
    executor, store, workers
        As in `ehbilayer.sweep.sweep`; a point of the sweep is a temperature with its fillings.

    Returns
    -------
    xarray.Dataset
        Over those of T, E_F or density, imbalance, d, eps_r and tau_2 that were sequences; the others are scalar
        coordinates. Variables with their units as in `drag_column`.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, at any point of the grid.

    Examples
    --------
    >>> ds = drag_map(T=[5, 10, 20], d=[10, 20], E_F=10)
    >>> ds.zeta.dims, ds.tau_D1.attrs["units"], round(float(ds.zeta.sel(T=10, d=20)), 4)
    (('T', 'd'), 's', -0.0094)
    """
    one_filling(E_F, density)
    name, filling = ("E_F", E_F) if density is None else ("density", density)
    given = {"T": T, name: filling, "imbalance": imbalance, "d": d, "eps_r": eps_r, "tau_2": tau_2}
    axes = {key: np.atleast_1d(validation.reals(key, values)).tolist() for key, values in given.items()}
    if bad := [key for key, values in given.items() if np.ndim(values) > 1 or np.size(values) == 0]:
        raise ValueError(f"{bad[0]} is not allowed: need a number or a sequence of numbers")
    outer, inner = ({key: axes[key] for key in keys} for keys in (("T", name, "imbalance"), tuple(_COLUMN)))
    fixed = {
        "m_e": m_e,
        "m_h": m_h,
        "lam": lam,
        "J": J,
        "B": B,
        "screening": screening,
        "local_field": local_field,
        "degeneracy": degeneracy,
        "ansatz": ansatz,
        "overlap": overlap,
        "order": order,
        "angles": angles,
    }
    # One column beforehand: bad arguments show as such, and the kernels are compiled before workers start.
    first = drag_column(**{key: values[0] for key, values in outer.items()}, **inner, **fixed)
    dims = {key: tuple(_COLUMN)[: value.ndim] for key, value in first.items() if np.ndim(value)}
    ds = sweep(
        drag_column,
        outer,
        fixed=fixed | inner,
        dims=dims,
        units={key: _UNITS[key] for key in (*outer, *first)},
        executor=executor,
        store=store,
        workers=workers,
        allow_failed=True,
    )
    if failed := [message for message in ds.message.values.ravel().tolist() if message]:
        raise ValueError(failed[0].partition(": ")[2] or failed[0])
    ds = ds.drop_vars(["status", "converged", "message"])
    ds = ds.assign_coords({key: (key, values, {"units": _COLUMN[key]}) for key, values in inner.items()})
    return ds.squeeze([key for key, values in given.items() if np.ndim(values) == 0])


def local_exponent(y: xr.DataArray, x: str, at: float | None = None) -> xr.DataArray:
    """Exponent n of y ~ x^n: central differences of the logarithms.

    Parameters
    ----------
    y : xarray.DataArray
        Positive values.
    x : str
        Name of the coordinate along which to differentiate, with at least two positive values.
    at : float, optional
        Value of the coordinate at which to read the exponent, by linear interpolation in ln x; by default all of them.

    Returns
    -------
    xarray.DataArray

    Raises
    ------
    TypeError, ArgumentError
        If `y` is no DataArray or not positive, there is no such dimension, or `at` is outside its range.

    Examples
    --------
    >>> ds = drag_map(T=[9, 10, 11], d=20, E_F=10)
    >>> print(f"{local_exponent(ds.rho_D, 'T', 10).item():.2f}")
    2.14
    """
    if not isinstance(y, xr.DataArray):
        raise TypeError(f"y = {y!r:.60} is not allowed: need an xarray.DataArray, got {type(y).__name__}")
    validation.option("x", x, map(str, y.dims))
    validation.reals("y", y.values, low=0.0, low_open=True)
    places = y[x]
    slope = y.copy(data=np.log(y.values)).assign_coords({x: np.log(places)}).differentiate(x)
    if at is None:
        return slope.assign_coords({x: places})
    at = validation.real("at", at, low=float(places.min()), high=float(places.max()))
    return slope.interp({x: np.log(at)}).drop_vars(x)
