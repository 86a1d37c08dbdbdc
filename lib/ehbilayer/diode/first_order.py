"""First-order transitions between helical phases: where two minima over the pair momentum are equally deep."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.mean_field import MeanField, State
from ehbilayer.diode.plane import PlaneField, descend
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.roots import root

__all__ = ["Exchange", "MapExchange", "exchange", "exchanges"]

# Length of a change of momentum in 1/l_u between neighbours of a map, and the same for each k_B T_c of the field, which
# shifts the Fermi contours, from which on a transition is looked for between them.
_JUMP, _SHIFT = 0.3, 0.3


class Exchange(NamedTuple):
    """Where two minima are equally deep.

    Attributes
    ----------
    place : float
        Value of what was varied.
    low, high : State
        The minima there, the first the ground state below the place and the second above.
    """

    place: float
    low: State
    high: State


class MapExchange(NamedTuple):
    """A transition on a map: field in k_B T_c and imbalance, and the minima there."""

    B: float
    imbalance: float
    found: Exchange


@checked
def exchange(
    at: Callable[[float], PlaneField],
    low: tuple[float, tuple[float, float]],
    high: tuple[float, tuple[float, float]],
    tolerance: float = 1e-3,
) -> Exchange | None:
    """Transition between the minima that are lowest at two values of something.

    Both are followed from their sides, and off the axis where they leave it. Where one has ended, the interval is
    halved until there are two at both ends; then their potentials are made equal. No grid of momenta enters but in the
    two starts.

    Parameters
    ----------
    at : callable
        Field at a value.
    low, high : tuple
        Two values, the second larger, each with the momentum of the ground state there, in 1/l_u.
    tolerance : float
        Largest error of the place, and smallest range of values with two minima that is seen; greater than zero.

    Returns
    -------
    Exchange or None
        None where one minimum turns into the other, or nothing condenses in between.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> def at(B):
    ...     bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=B, convention="literal")
    ...     return MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    >>> print(exchange(at, (2.0, (0.13, 0.0)), (3.0, (0.2, 0.0)), tolerance=0.1))
    None
    """
    (a, q_a), (b, q_b) = low, high
    a = validation.real("low", a)
    b = validation.real("high", b, low=a, low_open=True)
    tolerance = validation.positive("tolerance", tolerance)
    below, above = {a: q_a}, {b: q_b}
    both: dict[float, tuple[State, State]] = {}

    def compared(x: float) -> float:
        """Difference of both potentials, or the sign of the only minimum left; NaN without a condensate."""
        try:
            field = at(x)
        except TypeError as error:
            raise TypeError(f"at = {at!r} is not allowed: {error}") from error
        if not hasattr(field, "solve"):
            raise TypeError(f"at = {at!r} is not allowed: need a function that returns a field, got {field!r}")
        starts = [known[min(known, key=lambda y: abs(y - x))] for known in (below, above)]
        first, second = (_minimum(field, q) for q in starts)
        if first and second and math.dist(first.q, second.q) > 0.1 * field.width:
            both[x] = first, second
            below[x], above[x] = first.q, second.q
            return first.omega - second.omega
        only = first or second
        if only is None:
            return math.nan
        nearest = int(np.argmin([math.dist(only.q, q) for q in starts]))
        (below, above)[nearest][x] = only.q
        return -math.inf if nearest == 0 else math.inf

    while b - a > tolerance and not (a in both and b in both):
        middle = (a + b) / 2
        apart = compared(middle)
        if math.isnan(apart):
            return None
        a, b = (middle, b) if apart < 0 else (a, middle)
    if a not in both or b not in both:
        return None
    if b - a > tolerance:
        root(compared, a, b, absolute=tolerance)
    place = min(both, key=lambda x: abs(both[x][0].omega - both[x][1].omega))
    return Exchange(place, *both[place])


def _minimum(field, start):
    """Minimum below a momentum, or None without a condensate there."""
    if not field.solve(*start).delta:
        return None
    state = descend(field, start)
    nudge = 0.1 * field.width
    if state.q[1] < 1e-3 * field.width and field.solve(state.q[0], nudge).electron_current[1] < 0:
        # A saddle: the minimum has left the axis, to both sides alike.
        state = descend(field, (state.q[0], nudge))
    return state if state.delta else None


@checked
def exchanges(states: xr.Dataset, point: Mapping[str, Any], T: float, tolerance: float = 0.01) -> list[MapExchange]:
    """First-order transitions between neighbours of a map over field and imbalance, along both of its directions.

    Parameters
    ----------
    states : xarray.Dataset
        ``q0`` and ``q0_y`` over B and imbalance, as `ehbilayer.diode.forms.form_sweep` has them.
    point : mapping
        The other arguments of `ehbilayer.diode.bands.isolated_bands`.
    T : float
        Temperature in T_c.
    tolerance : float
        Largest error of a place over the distance of the neighbours.

    Returns
    -------
    list of MapExchange

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> from ehbilayer.diode.forms import form_sweep
    >>> point = dict(E_F=11.6, lam=2.0, J=6.0)
    >>> axes = dict(T=[0.9], B=[8.0, 12.0], imbalance=[0.0])
    >>> states = form_sweep({**point, "theory": "mean-field"}, ["neither"], **axes, executor="serial")
    >>> exchanges(states.isel(form=0, T=0), point, 0.9)
    []
    """
    tolerance = validation.real("tolerance", tolerance, low=1e-6, high=1.0)
    if set(states.q0.dims) != {"B", "imbalance"}:
        raise ArgumentError("states", states.q0.dims, "B and imbalance for dimensions")
    found = []
    for along, held in (("imbalance", "B"), ("B", "imbalance")):
        for value in states[held].values.tolist():
            row = states.sel({held: value})
            x = row[along].values.tolist()
            q = list(zip(*(row[name].values.astype(float).tolist() for name in ("q0", "q0_y")), strict=True))

            def at(place, along=along, held=held, value=value):
                bands = isolated_bands(**dict(point), **{along: place, held: value})
                return MeanField(bands, T, coupling_at_T_c(bands).inverse)

            for i in range(len(x) - 1):
                width = x[i + 1] - x[i]
                # NaN without a condensate.
                if math.dist(q[i], q[i + 1]) > (max(_SHIFT * width, _JUMP) if along == "B" else _JUMP):
                    between = exchange(at, (x[i], q[i]), (x[i + 1], q[i + 1]), tolerance * width)
                    if between is not None:
                        places = {along: between.place, held: value}
                        found.append(MapExchange(places["B"], places["imbalance"], between))
    return found
