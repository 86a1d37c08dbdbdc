"""Maps of pairing and T_c, and what they say: where T_c is highest, how far it reaches, what an error of alpha^2 does.

Maps are those of `ehbilayer.superconductivity.pairing.temperature_map`; electron atomic units.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity.pairing import pairing_strength, temperature_map, threshold
from ehbilayer.units import AtomicUnits

__all__ = [
    "MapFeatures",
    "laboratory_temperature",
    "map_features",
    "strength_map",
    "stretched_map",
    "temperature_range",
]


@dataclass(frozen=True)
class MapFeatures:
    """Result of `map_features`.

    Attributes
    ----------
    highest : float
        Largest T_c of the map in T_H.
    r_s, d : float
        Where it is, in a_e.
    inside : bool
        Whether it lies at neither end of the densities.
    none_when_dense : bool
        Whether T_c is 0 at every distance at the highest density.
    falls_with_d : bool
        Whether at every density with T_c > 0 the smallest distance has the highest.
    range : tuple of float
        Smallest and largest r_s with a superconductor at some distance, not a number where there is none.
    reach : float
        Largest distance with a superconductor at some density.
    """

    highest: float
    r_s: float
    d: float
    inside: bool
    none_when_dense: bool
    falls_with_d: bool
    range: tuple[float, float]
    reach: float


@checked
def map_features(result: xr.Dataset) -> MapFeatures:
    """Read off a map of T_c.

    Parameters
    ----------
    result : xarray.Dataset
        Of `ehbilayer.superconductivity.pairing.temperature_map`.

    Returns
    -------
    MapFeatures

    Examples
    --------
    >>> r_s, d = np.linspace(0.3, 2.2, 20), np.linspace(0, 1, 5)
    >>> found = map_features(temperature_map(r_s, d, (1.2 - 0.8 * r_s)[:, None], 10))
    >>> found.inside, found.falls_with_d, found.d
    (True, True, 0.0)
    """
    ordered = result.sortby(["r_s", "d"]).transpose("r_s", "d", ...)
    r_s, d = ordered.r_s.values, ordered.d.values
    temperature, on = ordered["temperature"].values, ordered["region"].values == 0
    place, height = np.unravel_index(int(temperature.argmax()), temperature.shape)
    warm = temperature[temperature.max(axis=1) > 0]
    radii = r_s[on.any(axis=1)]
    return MapFeatures(
        float(temperature.max()),
        float(r_s[place]),
        float(d[height]),
        bool(0 < place < len(r_s) - 1),
        bool((temperature[0] == 0).all()),
        bool((warm.argmax(axis=1) == 0).all()),
        (float(radii.min()), float(radii.max())) if len(radii) else (np.nan, np.nan),
        float(d[on.any(axis=0)].max()) if on.any() else np.nan,
    )


def _values(line, r_s):
    try:
        values = np.asarray(line(r_s), dtype=float)
    except TypeError:
        values = None
    if values is None or values.shape != r_s.shape:
        raise ArgumentError("line", line, "a function that gives alpha^2 at each entry of an array of r_s")
    return values


@checked
def temperature_range(
    line: Callable, r_s: ArrayLike, d: float, mass_ratio: float, *, spread: float, shifts: int = 21
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest T_c within an error of alpha^2.

    T_c is no monotonic function of alpha^2: it falls where the repulsion wins and where there is no plasmon.

    Parameters
    ----------
    line : callable
        alpha^2 at the values of r_s.
    r_s : array_like, shape (n,)
        In a_e, > 0.
    d : float
        In a_e, >= 0.
    mass_ratio : float
        m_h/m_e >= 1.
    spread : float
        Error of alpha^2, >= 0.
    shifts : int
        Number of lines from -`spread` to `spread`, odd, so that one is the line itself.

    Returns
    -------
    low, high : ndarray, shape (n,)
        In T_H.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> low, high = temperature_range(lambda x: 1.2 - 0.8 * x, [1.0, 1.4], 1.0, 10, spread=0.02)
    >>> bool((low <= high).all())
    True
    """
    spread = validation.real("spread", spread, low=0.0)
    count = validation.integer("shifts", shifts, low=1)
    r_s = np.atleast_1d(validation.reals("r_s", r_s, low=1e-12))
    shift = np.linspace(-spread, spread, count) if count > 1 else np.zeros(1)
    values = np.stack(
        [
            temperature_map(r_s, [d], (_values(line, r_s) + x)[:, None], mass_ratio)["temperature"].values[:, 0]
            for x in shift
        ]
    )
    return values.min(axis=0), values.max(axis=0)


@checked
def laboratory_temperature(
    density_cm2: ArrayLike, d_nm: float, *, unit: AtomicUnits, mass_ratio: float, line: Callable
) -> NDArray[np.float64]:
    """T_c in kelvin for densities and a distance in laboratory units.

    Parameters
    ----------
    density_cm2 : array_like, shape (n,)
        Carriers of each layer per cm^2, 1 to 1e20.
    d_nm : float
        Layer distance in nm, 0 to 1e9.
    unit : AtomicUnits
        Of the electrons.
    mass_ratio : float
        m_h/m_e >= 1.
    line : callable
        alpha^2 at r_s in a_e.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> unit = AtomicUnits(mass=0.1, eps_r=5)
    >>> T = laboratory_temperature([1.776e12], 2.6459, unit=unit, mass_ratio=10, line=lambda r_s: 0.09 + 0 * r_s)
    >>> print(f"{T[0]:.1f} K")
    10.1 K
    """
    r_s = np.atleast_1d(unit.r_s_at(validation.reals("density_cm2", density_cm2, low=1.0, high=1e20)))
    d = validation.real("d_nm", d_nm, low=0.0, high=1e9) / unit.length_nm
    result = temperature_map(r_s, [d], _values(line, r_s)[:, None], mass_ratio)
    return result["temperature"].values[:, 0] * unit.temperature_K


@checked
def strength_map(r_s: ArrayLike, d: ArrayLike, alpha: ArrayLike) -> xr.Dataset:
    """Pairing interaction at fixed alpha, and the largest alpha that attracts (Fig. S1).

    Parameters
    ----------
    r_s : array_like, shape (n,)
        In a_e, > 0.
    d : array_like, shape (m,)
        In a_e, >= 0.
    alpha : array_like, shape (l,)
        Ratios of plasmon and Bohm-Staver velocity, > 0.

    Returns
    -------
    xarray.Dataset
        ``g0V`` over alpha, r_s and d, and ``largest_alpha`` over r_s and d.

    Examples
    --------
    >>> result = strength_map([1.0, 1.6], [0.0, 1.0], [0.3])
    >>> print(f"{result.g0V.sel(alpha=0.3, r_s=1.6, d=1.0):.4f} {result.largest_alpha.sel(r_s=1.6, d=1.0):.4f}")
    -0.4249 0.4533
    """
    r_s = np.atleast_1d(validation.reals("r_s", r_s, low=1e-12))
    d = np.atleast_1d(validation.reals("d", d, low=0.0))
    alpha = np.atleast_1d(validation.reals("alpha", alpha, low=1e-12))
    if not alpha.size:
        raise ArgumentError("alpha", alpha, "one number or more")
    beta = d / r_s[:, None]
    values = [pairing_strength(r_s[:, None], float(x), beta) for x in alpha]
    return xr.Dataset(
        {
            "g0V": (("alpha", "r_s", "d"), np.stack(values), {"units": "1"}),
            "largest_alpha": (("r_s", "d"), np.sqrt(threshold(r_s[:, None], beta)), {"units": "1"}),
        },
        coords={
            "alpha": ("alpha", alpha, {"units": "1"}),
            "r_s": ("r_s", r_s, {"units": "a_e"}),
            "d": ("d", d, {"units": "a_e"}),
        },
    )


@checked
def stretched_map(line: Callable, r_s: ArrayLike, d: ArrayLike, mass_ratio: float, *, star: float = 31.0) -> xr.Dataset:
    """Map of T_c with alpha^2(2 r_s/r_s*), as if the electrons crystallised at r_s* and not at 2 (Fig. S3).

    Parameters
    ----------
    line : callable
        alpha^2 at r_s in a_e, with crystallisation at 2.
    r_s, d, mass_ratio
        As in `ehbilayer.superconductivity.pairing.temperature_map`.
    star : float
        r_s* in a_e, 1e-3 to 1e6.

    Returns
    -------
    xarray.Dataset
        As of `ehbilayer.superconductivity.pairing.temperature_map`.

    Examples
    --------
    >>> result = stretched_map(lambda x: 1.2 - 0.8 * x, [10.0], [0.0], 10)
    >>> print(f"{result.alpha_squared.item():.3f}")
    0.684
    """
    star = validation.real("star", star, low=1e-3, high=1e6)
    r_s = np.atleast_1d(validation.reals("r_s", r_s, low=1e-12))
    return temperature_map(r_s, d, _values(line, 2 * r_s / star)[:, None], mass_ratio)
