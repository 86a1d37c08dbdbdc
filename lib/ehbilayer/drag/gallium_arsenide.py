"""A double layer of electrons in gallium arsenide, as in the first experiments and their theory, for comparison.

Centres of the layers 37.5 nm apart, 1.5e11 unpolarised electrons per cm^2, no thickness: the sample of Gramila et al.
(Phys. Rev. Lett. 66, 1216, 1991), with whose density and spacing much of the theory was computed. The dilute layers are
27.9 nm apart (Kellogg et al., Solid State Communications 123, 515, 2002).
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.drag.maps import drag_map
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.units import K_B

__all__ = ["PUBLISHED", "DoubleLayer", "double_layer"]

#: Where published theory prints that rho_D/T^2 turns up and is largest with dynamic screening, over T_F.
PUBLISHED = {"upturn": 0.2, "maximum": 0.5}

_LAYERS: dict[str, Any] = {"m_e": 0.067, "m_h": 0.067, "eps_r": 12.9, "degeneracy": 2, "order": 6}
_DENSITY, _SPACING = 0.75e11, 37.5  # of one spin in cm^-2, nm
_PLACES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
_RATIOS, _WARMTH = tuple(np.geomspace(0.4, 2.5, 9).tolist()), (0.1, 0.2, 0.35, 0.5, 0.7)
_DILUTE, _CLOSE = (5.3e10, 2.65e10), 27.9  # of both spins, nm


class DoubleLayer(NamedTuple):
    """What can be held against published statements.

    Attributes
    ----------
    places : ndarray
        Temperatures over the Fermi temperature.
    over_T2 : dict of ndarray
        Drag resistivity over T^2 at `places` in ohm/K^2, by static and dynamic screening.
    ratios, warmth : ndarray
        Densities of the layers over each other, and temperatures over the Fermi temperature.
    unequal : ndarray, shape (warmth, ratios)
        Drag resistivity with dynamic screening times the power 3/2 of the ratio, over that of equal layers.
    exponent : float
        alpha in the temperature at which rho_D/T^2 is largest, d^-alpha, between 37.5 and 150 nm with static screening.
    gains : list of float
        Drag of dilute layers at 1 K with the local field of Monte Carlo over that without, at 5.3e10 and 2.65e10 cm^-2.
    """

    places: NDArray
    over_T2: dict[str, NDArray]
    ratios: NDArray
    warmth: NDArray
    unequal: NDArray
    exponent: float
    gains: list[float]

    @property
    def lowest(self) -> float:
        """Where rho_D/T^2 is lowest with dynamic screening before it turns up, over the Fermi temperature."""
        values = self.over_T2["dynamic-rpa"]
        return float(self.places[values[: values.argmax()].argmin()])

    @property
    def summit(self) -> float:
        """Where it is largest."""
        return float(self.places[self.over_T2["dynamic-rpa"].argmax()])

    @property
    def matched(self) -> float:
        """Density ratio of the largest scaled drag at half the Fermi temperature."""
        return float(self.ratios[self.unequal[abs(self.warmth - 0.5).argmin()].argmax()])


@checked
def double_layer(
    *, places: ArrayLike = _PLACES, ratios: ArrayLike = _RATIOS, warmth: ArrayLike = _WARMTH
) -> DoubleLayer:
    """Compute it, in some ten seconds with the default grids.

    Parameters
    ----------
    places : array_like
        Ascending temperatures of equal layers over the Fermi temperature, 0.01 to 10.
    ratios : array_like
        Ascending densities of the layers over each other, 0.1 to 10, an odd number of them about 1.
    warmth : array_like
        Ascending temperatures of unequal layers over the Fermi temperature, 0.01 to 10.

    Returns
    -------
    DoubleLayer

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> found = double_layer(places=[0.1, 0.5], ratios=[1.0], warmth=[0.5])
    >>> bool(found.over_T2["dynamic-rpa"][1] > 2 * found.over_T2["static-rpa"][1])
    True
    """
    places, ratios, warmth = _grid("places", places, 0.01), _grid("ratios", ratios, 0.1), _grid("warmth", warmth, 0.01)
    if ratios.size % 2 == 0 or abs(ratios[ratios.size // 2] - 1.0) > 1e-9:
        raise ArgumentError("ratios", ratios, "an odd number of ratios with 1 in the middle")
    T_F = ParabolicLayer.from_density(_LAYERS["m_e"], 1e-14 * _DENSITY, 0.1).E_F / K_B
    here: dict[str, Any] = {"density": _DENSITY, "d": _SPACING} | _LAYERS
    over_T2 = {
        kind: drag_map(T=list(T_F * places), screening=kind, **here).rho_D.values / (T_F * places) ** 2
        for kind in ("static-rpa", "dynamic-rpa")
    }
    maps = drag_map(T=list(T_F * warmth), imbalance=list(ratios), screening="dynamic-rpa", **here)
    unequal = maps.rho_D.transpose("T", "imbalance").values * ratios**1.5
    cool = T_F * np.geomspace(0.02, 0.4, 25)
    far = drag_map(T=list(cool), screening="static-rpa", density=_DENSITY, d=[_SPACING, 4 * _SPACING], **_LAYERS)
    tops = cool[(far.rho_D.transpose("d", "T").values / cool**2).argmax(axis=1)]
    dilute: dict[str, Any] = {"T": 1.0, "d": _CLOSE, "screening": "static-rpa"} | _LAYERS
    gains = [
        (drag_map(density=n / 2, local_field="monte-carlo", **dilute).rho_D / drag_map(density=n / 2, **dilute).rho_D)
        for n in _DILUTE
    ]
    middle = unequal[:, [len(ratios) // 2]]
    exponent = math.log(tops[0] / tops[1]) / math.log(4)
    return DoubleLayer(places, over_T2, ratios, warmth, unequal / middle, exponent, [x.item() for x in gains])


def _grid(name: str, values: ArrayLike, low: float) -> NDArray[np.float64]:
    array = np.atleast_1d(validation.reals(name, values, low=low, high=10.0))
    if array.ndim != 1 or not 0 < array.size <= 1000 or (np.diff(array) <= 0).any():
        raise ArgumentError(name, values, "one to a thousand ascending numbers")
    return array
