"""A device whose friction comes from the attraction that makes its pairs (paper B, Fig. 1b, from one interaction).

The coupling is that of the condensate: the contact attraction which makes the normal state unstable at T_c, in the
device's field. Below the critical currents the condensate carries the drive; else the layers rub by the T-matrix of the
same attraction (`ehbilayer.drag.ladder`), where their normal state is stable.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.curve import Device
from ehbilayer.diode.coupling import Coupling, coupling_at_T_c
from ehbilayer.drag import RashbaLayer
from ehbilayer.drag.ladder import LARGEST_CURRENT, Ladder, LadderDrag
from ehbilayer.model.layers import ParabolicLayer

__all__ = ["device_ladder", "ladder_curve", "ladder_drag"]

# In T_c: grids that resolve less take minutes, and far above neither layer is degenerate.
_COLDEST, _HOTTEST = 0.05, 100.0


@checked
def device_ladder(device: Device, T: float, *, order: int = 6, angles: int = 8) -> Ladder:
    """The layers of a device in their normal state, with the coupling of its condensate.

    Parameters
    ----------
    device : Device
    T : float
        In K, from 0.05 to 100 T_c.
    order, angles : int
        As in `ehbilayer.drag.ladder.Ladder`.

    Returns
    -------
    ehbilayer.drag.ladder.Ladder

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range, or the electrons' pairs have no convex energy.

    Examples
    --------
    >>> ladder = device_ladder(Device(), 12.0, order=4, angles=3)
    >>> print(f"distance to the transition {ladder.instability()[0]:.3f}")
    distance to the transition 0.186
    """
    units, coupling = device.units, _coupling(device)
    rest = device.drifting_layers(_temperature(device, T))
    electrons, holes = rest.electrons, rest.holes
    area_energy = units.energy_meV * units.length_nm**2
    return Ladder(
        validation.instance("electrons", electrons, RashbaLayer),
        validation.instance("holes", holes, ParabolicLayer),
        inverse=coupling.inverse / area_energy,
        scale=units.energy_meV,
        pair_momentum=coupling.q / units.length_nm,
        order=order,
        angles=angles,
    )


@checked
def ladder_drag(
    device: Device, T: float, currents: ArrayLike, *, order: int = 6, angles: int = 8
) -> tuple[LadderDrag, ...]:
    """Frictional drag of a device's normal state by the attraction that makes its pairs.

    Parameters
    ----------
    device : Device
    T : float
        In K, from 0.05 to 100 T_c.
    currents : array_like
        Drive currents in µA, up to 200 per µm of width; 0 for the linear drag.
    order, angles : int
        As in `ehbilayer.drag.ladder.Ladder`.

    Returns
    -------
    tuple of ehbilayer.drag.ladder.LadderDrag
        One for each current.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range.
    NotConverged
        If a balance of forces did not converge.

    Examples
    --------
    >>> (found,) = ladder_drag(Device(), 20.0, [0.0], order=4, angles=3)
    >>> print(f"{found.ratio:.4f}", found.message or "valid")
    -0.9979 valid
    """
    currents = _currents(device, currents)
    ladder = device_ladder(device, T, order=order, angles=angles)
    return tuple(ladder.drag(device.tau_2, float(i) / device.width) for i in currents)


@checked
def ladder_curve(
    device: Device, T: float, currents: ArrayLike, *, order: int = 6, angles: int = 8
) -> NDArray[np.float64]:
    """Drag ratio of a device from one interaction: -1 between the critical currents, ladder friction beyond.

    Parameters
    ----------
    device : Device
    T : float
        In K, from 0.05 to 100 T_c.
    currents : array_like, shape (n,)
        Drive currents in µA, up to 200 per µm of width; without a condensate 0 stands for the linear drag.
    order, angles : int
        As in `ehbilayer.drag.ladder.Ladder`.

    Returns
    -------
    ndarray, shape (n,)
        NaN beyond the critical currents where the normal state is unstable as well.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range.
    NotConverged
        If the condensate or a balance of forces did not converge.

    Examples
    --------
    >>> ladder_curve(Device(), 8.0, [-1.0, 0.5, 1.0], order=4, angles=3).tolist()
    [nan, -1.0, nan]
    """
    currents = _currents(device, currents)
    limits = device.critical_currents(_temperature(device, T))
    low, high = (0.0, 0.0) if limits is None else limits
    out = np.full(currents.shape, -1.0)
    beyond = (currents <= low) | (currents >= high)
    if beyond.any():
        found = ladder_drag(device, T, currents[beyond], order=order, angles=angles)
        out[beyond] = [np.nan if x.ratio is None else x.ratio for x in found]
    return out


def _temperature(device: Device, T: float) -> float:
    return validation.real("T", T, low=_COLDEST * device.T_c, high=_HOTTEST * device.T_c)


def _currents(device: Device, currents: ArrayLike) -> NDArray[np.float64]:
    largest = LARGEST_CURRENT * device.width
    return np.atleast_1d(np.asarray(validation.reals("currents", currents, low=-largest, high=largest), dtype=float))


@lru_cache(maxsize=16)
def _coupling(device: Device) -> Coupling:
    return coupling_at_T_c(device.condensate(device.T_c).bands)
