r"""Layer distances at which Hartree-Fock's own plasmon makes the electrons attract each other.

With alpha^2(q) of `ehbilayer.superconductivity.static_response` in Eqs. 2 to 4 the interaction is attractive,
:math:`g_0V < 0`, below one distance, and above another one the crystal is stable, :math:`\alpha^2(q) > 0` at every
momentum transfer. Between them lies the window. Near its lower end alpha^2 vanishes at some q and the coupling grows
without bound.

The functions take r_s and d in units of the electrons' Bohr radius a_e.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.numerics.roots import root
from ehbilayer.superconductivity import eliashberg
from ehbilayer.superconductivity.coupling import CouplingSpectrum
from ehbilayer.superconductivity.pairing import coulomb_strength, debye_temperature
from ehbilayer.superconductivity.plasmon import static_velocity_squared
from ehbilayer.superconductivity.static_response import line_waves, response_lines
from ehbilayer.superconductivity.velocity_coupling import velocity_spectrum
from ehbilayer.sweep import sweep
from ehbilayer.units import fermi_energy

__all__ = ["AttractionWindow", "OwnPlasmon", "attraction_window", "own_plasmon"]

# BCS prefactor as printed in the paper.
_PREFACTOR = 1.13


@numbers_first()
@dataclass(frozen=True, eq=False)
class OwnPlasmon:
    """alpha^2(q) over the layer distance in one box, interpolated; made by `own_plasmon`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    values : xarray.DataArray, dims (d, wave)
        alpha^2 at the waves of `ehbilayer.superconductivity.static_response.line_waves`.
    q_r_s : ndarray, shape (n,)
        Wave numbers times r_s.
    along_k : ndarray of bool, shape (n,)
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    values: xr.DataArray
    q_r_s: NDArray
    along_k: NDArray

    @cached_property
    def _curves(self) -> PchipInterpolator:
        return PchipInterpolator(self.values.d.values, self.values.values, axis=0)

    def velocity_squared(self, q: NDArray, d: float) -> NDArray:
        """alpha^2 along Gamma-M and Gamma-K.

        The difference to the static random-phase approximation is interpolated linearly in q, and constant below the
        smallest q of the box.

        Parameters
        ----------
        q : ndarray, shape (n,)
            In 1/a_e, from 0 to 2 k_F.
        d : float
            In a_e, within the distances computed.

        Returns
        -------
        ndarray, shape (2, n)
        """
        r_s = self.parameters["r_s"]
        if not self.values.d[0] <= d <= self.values.d[-1]:
            raise ArgumentError("d", d, f"a number from {float(self.values.d[0])} to {float(self.values.d[-1])}")
        found, rpa = self._curves(d), lambda x: static_velocity_squared(x, r_s=r_s, d=d)
        lines = []
        for line in (~self.along_k, self.along_k):
            x = self.q_r_s[line] / r_s
            lines.append(rpa(q) + np.interp(q, x, found[line] - rpa(x)))
        return np.array(lines)

    def softest(self, d: float, umklapp: bool = True) -> float:
        """Smallest alpha^2 at momentum transfers up to k_D, or up to 2 k_F without frozen Umklapp."""
        top = (2.0 if umklapp else 2 * math.sqrt(2)) / self.parameters["r_s"]
        return float(self.velocity_squared(np.linspace(0.0, top, 400), d).min())

    def strength(self, d: float, umklapp: bool = True) -> float:
        """g_0 V of Eq. 4; minus infinity where the crystal is unstable."""
        if self.softest(d, umklapp) <= 0:
            return -math.inf
        r_s = self.parameters["r_s"]
        return float(coulomb_strength(r_s)) - self._spectrum(d, umklapp).coupling

    def _spectrum(self, d: float, umklapp: bool, order: int = 48) -> CouplingSpectrum:
        return velocity_spectrum(
            lambda q: self.velocity_squared(q, d),
            r_s=self.parameters["r_s"],
            d=d,
            mass_ratio=self.parameters["mass_ratio"],
            umklapp=umklapp,
            order=order,
        )

    def transition_temperatures(self, d: float, umklapp: bool = True) -> tuple[float, float]:
        """T_c by Eq. 5, with the mean velocity at k_D, and by the Eliashberg equations, in T_H.

        0.0 without attraction; not a number where the crystal is unstable.
        """
        r_s, mass_ratio = self.parameters["r_s"], self.parameters["mass_ratio"]
        if self.softest(d, umklapp) <= 0:
            return math.nan, math.nan
        at_debye = float(self.velocity_squared(np.array([2 / r_s]), d).mean())
        strength = self.strength(d, umklapp)
        debye = float(debye_temperature(r_s, math.sqrt(at_debye), mass_ratio))
        bcs = _PREFACTOR * debye * math.exp(1 / strength) if strength < 0 else 0.0
        full = eliashberg.transition(
            self._spectrum(d, umklapp, 24), coulomb=float(coulomb_strength(r_s)), fermi=float(fermi_energy(r_s))
        )
        return bcs, full.temperature

    def window(self, umklapp: bool = True) -> tuple[float, float]:
        """Distances between which the crystal is stable and the interaction attractive, in a_e.

        Parameters
        ----------
        umklapp : bool
            Freeze q at k_D beyond it, as the paper does; otherwise alpha^2(q) is taken at the momentum transfer.

        Returns
        -------
        lower, upper : float
            Equal without a window. `lower` is the smallest distance computed where the crystal is stable there.

        Raises
        ------
        ArgumentError
            If no distance computed is without attraction, or none is stable.
        """
        distances = self.values.d.values
        soft = [self.softest(float(d), umklapp) for d in distances]
        if soft[-1] <= 0 or self.strength(float(distances[-1]), umklapp) <= 0:
            raise ArgumentError("d", distances, "distances up to one without attraction")
        last = max((i for i, value in enumerate(soft) if value <= 0), default=-1)
        lower = float(distances[0])
        if last >= 0:
            lower, high = float(distances[last]), float(distances[last + 1])
            lower = root(lambda d: self.softest(d, umklapp), lower, high, absolute=1e-6)
        # A little above, since the strength is minus infinity at the lower end itself.
        inside = lower + 1e-4 * (last >= 0)
        if self.strength(inside, umklapp) >= 0:
            return lower, lower
        return lower, root(lambda d: self.strength(d, umklapp), inside, float(distances[-1]), absolute=1e-6)


def own_plasmon(
    *,
    mass_ratio: float = 10,
    r_s: float = 1.6,
    d: Sequence[float] = (0.25, 0.3, 0.35, 0.4, 0.5, 0.7, 1.0),
    mesh: int = 6,
    smearing: float = 0.1,
    cutoff: float = 2.0,
    fine_cutoff: float | None = None,
    store: str | os.PathLike | None = None,
) -> OwnPlasmon:
    """alpha^2(q) of the restricted EL-HC state over the layer distance.

    Parameters
    ----------
    mass_ratio, r_s, mesh, smearing, cutoff, fine_cutoff
        As in `ehbilayer.superconductivity.static_response.response_lines`.
    d : sequence of float
        Layer distances in a_e, two or more, ascending.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    OwnPlasmon

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> plasmon = own_plasmon(d=[0.5, 1.0], mesh=4)
    >>> bool(plasmon.strength(0.5) < plasmon.strength(1.0))
    True
    """
    distances = np.atleast_1d(validation.reals("d", d, low=0.0))
    if distances.ndim != 1 or distances.size < 2 or (np.diff(distances) <= 0).any():
        raise ArgumentError("d", d, "two or more ascending numbers")
    _, q, along_k = line_waves(mesh)
    fixed = {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1.0),
        "r_s": validation.positive("r_s", r_s),
        "mesh": mesh,
        "cutoff": cutoff,
        "smearing": smearing,
        "fine_cutoff": fine_cutoff,
    }
    found = sweep(
        response_lines,
        {"d": [float(x) for x in distances]},
        fixed=fixed,
        extract=["alpha_squared"],
        units={"d": "a_e", "r_s": "a_e", "alpha_squared": "1"},
        dims={"alpha_squared": ["wave"]},
        store=store,
    )
    if not (found.status == "ok").all():
        raise ArgumentError("d", d, f"distances at which the state converges ({found.message.values.max()})")
    parameters, units = {**fixed, "d": distances.tolist()}, {"r_s": "a_e", "d": "a_e", "cutoff": "|b|"}
    return OwnPlasmon(parameters, units, found.alpha_squared, q, along_k)


@dataclass(frozen=True)
class AttractionWindow:
    """Result of `attraction_window`; distances in a_e.

    Attributes
    ----------
    lower, upper : float
        Below the first the crystal is unstable, above the second the interaction is repulsive; from the largest box.
    lower_error, upper_error : float
        Change from the next smaller box, plus that with warmer electrons.
    boxes : dict
        (lower, upper) by number of pairs.
    """

    lower: float
    upper: float
    lower_error: float
    upper_error: float
    boxes: dict[int, tuple[float, float]]

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Both ends with their errors."""
        return (self.lower, self.lower_error), (self.upper, self.upper_error)


def attraction_window(
    plasmons: Sequence[OwnPlasmon], warmer: OwnPlasmon | None = None, umklapp: bool = True
) -> AttractionWindow:
    """Window of attraction with errors, from boxes of several sizes.

    Parameters
    ----------
    plasmons : sequence of OwnPlasmon
        For one or more boxes.
    warmer : OwnPlasmon, optional
        With the electrons at twice the temperature, in one of these boxes.
    umklapp : bool
        As in `OwnPlasmon.window`.

    Returns
    -------
    AttractionWindow

    Raises
    ------
    TypeError, ArgumentError
        If there is no box, or none of the size of `warmer`, or a window does not end within the distances computed.

    Examples
    --------
    >>> _, q, along_k = line_waves(4)
    >>> d = [0.2, 0.3, 0.4, 0.7, 1.0]
    >>> values = xr.DataArray([[2 * x - 0.6] * q.size for x in d], dims=("d", "wave"), coords={"d": d})
    >>> box = OwnPlasmon({"r_s": 1.6, "mass_ratio": 10.0, "mesh": 4}, {}, values, q, along_k)
    >>> found = attraction_window([box], warmer=box)
    >>> 0.25 < found.lower < found.upper < 1.0
    True
    """
    boxes_given = list(plasmons) if isinstance(plasmons, Sequence) else []
    if not boxes_given or not all(isinstance(x, OwnPlasmon) for x in boxes_given):
        raise ArgumentError("plasmons", plasmons, "one or more, as own_plasmon returns them")
    if warmer is not None and not isinstance(warmer, OwnPlasmon):
        raise ArgumentError("warmer", warmer, "one, as own_plasmon returns it, or None")
    validation.boolean("umklapp", umklapp)
    ordered = sorted(boxes_given, key=lambda plasmon: plasmon.parameters["mesh"])
    boxes = {plasmon.parameters["mesh"] ** 2: plasmon.window(umklapp) for plasmon in ordered}
    ends = np.array(list(boxes.values()))
    error = np.abs(ends[-2:] - ends[-1]).max(axis=0)
    if warmer is not None:
        same = boxes.get(warmer.parameters["mesh"] ** 2)
        if same is None:
            raise ArgumentError("warmer", warmer.parameters["mesh"], f"a box of one of {list(boxes)} pairs")
        error = error + np.abs(np.array(warmer.window(umklapp)) - same)
    (lower, upper), (lower_error, upper_error) = ends[-1].tolist(), error.tolist()
    return AttractionWindow(lower, upper, lower_error, upper_error, boxes)
