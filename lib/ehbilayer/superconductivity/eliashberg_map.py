"""T_c of the Eliashberg equations over density and distance, and along a line of alpha^2 up to where it vanishes."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.units import fermi_energy

__all__ = ["approach", "eliashberg_map", "has_summit"]


@checked
def eliashberg_map(
    r_s: ArrayLike, d: ArrayLike, alpha_squared: ArrayLike, mass_ratio: float, *, floor: float = 1e-5
) -> xr.Dataset:
    """T_c by the Eliashberg equations beside the paper's formula.

    Parameters
    ----------
    r_s, d : array_like, shapes (n,) and (m,)
        In a_e.
    alpha_squared : array_like, broadcastable to shape (n, m)
        May be negative.
    mass_ratio : float
        m_h/m_e >= 1.
    floor : float
        Lowest temperature looked at, in Debye temperatures, from 1e-12 to 1e-3.

    Returns
    -------
    xarray.Dataset
        As of `ehbilayer.superconductivity.pairing.temperature_map`, where ``temperature`` (T_H) and ``region`` are
        those of the Eliashberg equations, with the formula's ``bcs`` (T_H), ``coupling`` lambda (1) and ``ratio``,
        k_B T_c over eps_F (1). NaN where alpha^2 gives no plasmon.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> result = eliashberg_map([1.6], [0.0, 1.0], 0.09, 10)
    >>> [f"{value:.1e}" for value in result.temperature.values[0]], f"{result.coupling.values[0, 1]:.3f}"
    (['8.7e-03', '1.9e-04'], '0.756')
    """
    floor = validation.real("floor", floor, low=1e-12, high=1e-3)
    validation.reals("alpha_squared", alpha_squared, high=1e6)
    result = pairing.temperature_map(r_s, d, alpha_squared, mass_ratio)
    warm, coupling = (np.full(result["temperature"].shape, np.nan) for _ in range(2))
    for i, x in enumerate(map(float, result.r_s)):
        for j, y in enumerate(map(float, result.d)):
            value = float(result.alpha_squared[i, j])
            if value > 0:
                spectrum, mu, fermi, debye = eliashberg.plasmon_problem(x, value**0.5, y, mass_ratio)
                coupling[i, j] = spectrum.coupling
                warm[i, j] = debye * eliashberg.transition(spectrum, coulomb=mu, fermi=fermi, floor=floor).temperature
    region = np.where(np.isnan(warm), 2, np.where(warm > 0, 0, 1))
    frame = ("r_s", "d")
    ratio = warm / np.asarray(fermi_energy(result.r_s.values))[:, None]
    return result.rename(temperature="bcs").assign(
        temperature=(frame, warm, {"units": "T_H"}),
        region=(frame, region, result["region"].attrs),
        coupling=(frame, coupling, {"units": "1"}),
        ratio=(frame, ratio, {"units": "1"}),
    )


@checked
def approach(line: Callable, root: float, *, d: float, mass_ratio: float, points: int = 24) -> pd.DataFrame:
    """T_c along a line of alpha^2 that falls to zero, ever closer to its root.

    Parameters
    ----------
    line : callable
        alpha^2 at r_s.
    root : float
        r_s, in a_e, at which it vanishes.
    d : float
        In a_e, >= 0.
    mass_ratio : float
        m_h/m_e >= 1.
    points : int
        At distances from 0.7 to 1e-4 of the root.

    Returns
    -------
    pandas.DataFrame
        By ascending r_s.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> found = approach(lambda x: 1.2 - 0.75 * x, 1.6, d=1.0, mass_ratio=10, points=12)
    >>> has_summit(found["BCS (T_H)"]), has_summit(found["Eliashberg (T_H)"])
    (True, False)
    """
    root, d = validation.real("root", root, low=1e-6, high=1e3), validation.real("d", d, low=0.0, high=1e3)
    radii = root * (1 - np.geomspace(0.7, 1e-4, validation.integer("points", points, low=3, high=1000)))
    values = line(radii) if not isinstance(line, type) else None
    if not isinstance(values, np.ndarray) or values.shape != radii.shape:
        raise ArgumentError("line", line, "a function that gives alpha^2 for an array of r_s")
    result = eliashberg_map(radii, [d], values[:, None], mass_ratio).isel(d=0)
    return pd.DataFrame(
        {
            "r_s (a_e)": radii,
            "alpha^2 (v_0^2)": values,
            "lambda (1)": result.coupling,
            "BCS (T_H)": result.bcs,
            "Eliashberg (T_H)": result.temperature,
        }
    )


def has_summit(values: ArrayLike) -> bool:
    """Whether a series has its largest value at neither end.

    Examples
    --------
    >>> has_summit([0.0, 2.0, 1.0]), has_summit([0.0, 1.0, 2.0])
    (True, False)
    """
    series = np.atleast_1d(validation.reals("values", values))
    if series.ndim != 1 or not series.size:
        raise ArgumentError("values", values, "a series of one number or more")
    return 0 < int(np.argmax(series)) < len(series) - 1
