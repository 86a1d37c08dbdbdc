"""From which drive current on a device's normal state is stable, beside the currents that its condensate carries."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.curve import Device
from ehbilayer.device.one_interaction import device_ladder
from ehbilayer.drag.ladder import LARGEST_CURRENT
from ehbilayer.drag.ladder_stability import growth_time, least_current, longest_time, parabolic_transition
from ehbilayer.drag.result import carrier_velocity
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.units import HBAR

__all__ = ["NormalStability", "normal_stability", "parabolic_edge"]


class NormalStability(NamedTuple):
    """Edges of a device's condensate and of its normal state at one temperature below T_c.

    Attributes
    ----------
    condensate : tuple of float, or None
        The critical currents in µA, negative and positive; None without a condensate.
    least : tuple of (float or None)
        Currents in µA of both signs between which the normal state is unstable however short the holes' relaxation
        time; None where that is so up to `ehbilayer.drag.ladder.LARGEST_CURRENT`.
    growth : float
        Time in ps in which pairs grow in layers that drift together.
    currents : ndarray
        Multiples of the positive one of `least` in µA; empty without one.
    times : ndarray
        Longest relaxation times in s with which a stationary normal state carries them and is stable.
    at_the_end : float or None
        That relaxation time for the condensate's positive critical current; None without a condensate, and where the
        normal state is unstable there even if the holes are held at rest.
    """

    condensate: tuple[float, float] | None
    least: tuple[float | None, float | None]
    growth: float
    currents: NDArray[np.float64]
    times: NDArray[np.float64]
    at_the_end: float | None

    @property
    def gap(self) -> float | None:
        """The positive current of `least` over that of the condensate; None without one of them."""
        forward = self.least[1]
        return None if forward is None or self.condensate is None else forward / self.condensate[1]

    def between(self, tau_2: float) -> str | None:
        """What lies between the end of the condensate and the beginning of the normal state at positive currents.

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s, greater than zero.

        Returns
        -------
        {"hysteresis", "gap"} or None
            Whether both are stable at some currents, or neither; None unless both edges were found.

        Raises
        ------
        TypeError, ArgumentError
            If the argument is not in its range.

        Examples
        --------
        >>> found = normal_stability(Device(), 9.5, multiples=[])
        >>> found.between(1e-9), found._replace(condensate=None).between(1e-9)
        ('gap', None)
        """
        tau_2 = validation.positive("tau_2", tau_2)
        if self.gap is None:
            return None
        # More current only parts the layers further: what is stable at the condensate's end began before it.
        return "hysteresis" if self.at_the_end is not None and tau_2 <= self.at_the_end else "gap"


@checked
def parabolic_edge(device: Device, currents: ArrayLike) -> NDArray[np.float64]:
    """Temperatures below which the normal state of two parabolas is unstable with the holes held at rest.

    Parameters
    ----------
    device : Device
        Whose holes' density and mass both layers have.
    currents : array_like
        Drive currents in µA, up to 200 per µm of width.

    Returns
    -------
    ndarray
        In K, by `ehbilayer.drag.ladder_stability.parabolic_transition`.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range.

    Examples
    --------
    >>> parabolic_edge(Device(), [0.0, 5.0]).round(2).tolist()
    [10.0, 9.53]
    """
    largest = LARGEST_CURRENT * device.width
    currents = np.asarray(validation.reals("currents", currents, low=-largest, high=largest), dtype=float)
    holes = ParabolicLayer(device.mass, device.E_F, device.T_c)
    # hbar w k_F of 1 A/m, over k_B T_c.
    apart = HBAR * abs(carrier_velocity(1.0, holes.density)) * holes.fermi_wave_number / holes.thermal_energy
    found = [parabolic_transition(apart * float(i) / device.width) for i in currents.ravel()]
    return device.T_c * np.array(found).reshape(currents.shape)


@checked
def normal_stability(
    device: Device, T: float, multiples: ArrayLike = (1.5, 3.0), *, order: int = 4, angles: int = 4
) -> NormalStability:
    """Edges of the condensate and of the normal state.

    Parameters
    ----------
    device : Device
    T : float
        In K, from 0.05 T_c and below T_c.
    multiples : array_like
        Currents of `NormalStability.times` over the least one, from 1.01 to 100.
    order, angles : int
        As in `ehbilayer.drag.ladder.Ladder`.

    Returns
    -------
    NormalStability

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range, or the electrons' pairs have no convex energy.

    Examples
    --------
    >>> found = normal_stability(Device(), 9.5, multiples=[])
    >>> found.least[1] > found.condensate[1]
    True
    """
    T = validation.real("T", T, low=0.05 * device.T_c, high=(1 - 1e-6) * device.T_c)
    multiples = np.asarray(validation.reals("multiples", multiples, low=1.01, high=100.0), dtype=float).ravel()
    ladder = device_ladder(device, T, order=order, angles=angles)
    forward, backward = least_current(ladder), least_current(ladder, backward=True)
    wanted = np.empty(0) if forward is None else forward * multiples
    wanted = wanted[wanted < LARGEST_CURRENT]
    times = [longest_time(ladder, float(current)) for current in wanted]
    least = tuple(None if x is None else x * device.width for x in (backward, forward))
    condensate = device.critical_currents(T)
    return NormalStability(
        condensate=condensate,
        least=(least[0], least[1]),
        growth=growth_time(ladder),
        currents=wanted * device.width,
        times=np.array([np.nan if x is None else x for x in times]),
        at_the_end=None if condensate is None else longest_time(ladder, condensate[1] / device.width),
    )
