"""Ladder drag and pairing of a device's layers with unequal densities: the attraction stays, the fillings change."""

import math

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.curve import Device
from ehbilayer.device.one_interaction import device_ladder
from ehbilayer.drag import ParabolicLayer, RashbaLayer
from ehbilayer.drag.ladder import Ladder
from ehbilayer.drag.result import PS
from ehbilayer.model import rashba
from ehbilayer.units import HBAR

__all__ = ["ladder_map"]

_UNITS = {"margin": "1", "tau_D2": "s", "broadening": "1", "odd": "1", "second_band": "1", "valid": "1"}


@checked
def ladder_map(
    device: Device,
    T: float,
    density: ArrayLike,
    imbalance: ArrayLike,
    *,
    current: float = 2.0,
    order: int = 4,
    angles: int = 4,
) -> xr.Dataset:
    """Pairing and drag of a device's normal state over the densities of both layers.

    Parameters
    ----------
    device : Device
        Whose coupling, that of balanced layers at T_c, holds for all fillings.
    T : float
        In K, from 0.05 to 100 T_c.
    density : array_like
        Of the electrons, from 1e9 to 1e14 cm^-2.
    imbalance : array_like
        Holes per electron, from 1e-3 to 1e3.
    current : float
        Drive current of the odd part in A/m, from 1e-3 to 200.
    order, angles : int
        As in `ehbilayer.drag.ladder.Ladder`.

    Returns
    -------
    xarray.Dataset
        Over density and imbalance, with density_h as a coordinate of both: `margin`, `tau_D2` and `broadening` as in
        `ehbilayer.drag.ladder.LadderDrag`, NaN where the normal state is unstable; `odd`, the part of the drag ratio
        odd in the current over the even one at +`current`, for holes that hardly move; whether a `second_band` of the
        electrons is occupied, which the layer leaves out; and whether the theory is `valid`, with neither.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range, or the electrons' pairs have no convex energy.

    Examples
    --------
    >>> found = ladder_map(Device(), 30.0, [4e11], [0.5, 1.0])
    >>> found.margin.dims, bool(found.margin[0, 1] < found.margin[0, 0])
    (('density', 'imbalance'), True)
    """
    axes = {"density": (density, 1e9, 1e14), "imbalance": (imbalance, 1e-3, 1e3)}
    n, ratio = (
        np.atleast_1d(np.asarray(validation.reals(name, x, low=low, high=high), dtype=float))
        for name, (x, low, high) in axes.items()
    )
    current = validation.real("current", current, low=1e-3, high=200.0)
    balanced = device_ladder(device, T, order=order, angles=angles)
    shape = (n.size, ratio.size)
    out = {name: np.full(shape, np.nan) for name in ("margin", "tau_D2", "broadening", "odd")}
    second = np.zeros(shape, dtype=bool)
    for i, n_e in enumerate(n.tolist()):
        electrons = RashbaLayer.from_density(device.mass, 1e-14 * n_e, T, lam=device.lam, J=device.J, B=device.B)
        second[i] = _second_band(electrons) < electrons.E_F
        for j, x in enumerate(ratio.tolist()):
            holes = ParabolicLayer.from_density(device.mass, 1e-14 * n_e * x, T)
            for name, value in _point(_filled(balanced, electrons, holes), current).items():
                out[name][i, j] = value
    valid = (out["margin"] > 0) & (out["broadening"] < 1) & ~second
    dims = ("density", "imbalance")
    fields = out | {"second_band": second, "valid": valid}
    coords = {
        "density": ("density", n, {"units": "cm^-2"}),
        "imbalance": ("imbalance", ratio, {"units": "1"}),
        "density_h": (dims, n[:, None] * ratio, {"units": "cm^-2"}),
    }
    return xr.Dataset({name: (dims, values, {"units": _UNITS[name]}) for name, values in fields.items()}, coords)


def _filled(ladder: Ladder, electrons: RashbaLayer, holes: ParabolicLayer) -> Ladder:
    numbers = {"inverse": ladder.inverse, "scale": ladder.scale, "pair_momentum": ladder.pair_momentum}
    return Ladder(electrons, holes, **numbers, order=ladder.order, angles=ladder.angles)


def _point(ladder: Ladder, current: float) -> dict[str, float]:
    """Margin, and drag from the forces of both signs of the current on holes at rest."""
    margin = ladder.instability()[0]
    if margin <= 0.0:
        return {"margin": margin}
    u1, together = ladder.drifts(current)
    forces = ladder.force(u1), ladder.force(-u1)
    linear = (forces[0] - forces[1]) / 2
    rate = linear / together
    broadening = HBAR * rate / ladder.holes.thermal_energy
    odd = (forces[0] + forces[1]) / 2 / linear
    return {"margin": margin, "tau_D2": PS / rate, "broadening": broadening, "odd": odd}


def _second_band(electrons: RashbaLayer) -> float:
    """Lowest energy of the upper band above the minimum of the lower one, in meV."""
    band = electrons.band
    reach = 2 * abs(band.lam) / band.curvature + 1e-6
    k = np.linspace(-reach, reach, 401)
    upper = 0.5 * band.curvature * k**2 + rashba.splitting(k, 0.0, band.lam, band.B, band.J)
    return float(upper.min()) - electrons.minimum[1] if math.isfinite(reach) else math.inf
