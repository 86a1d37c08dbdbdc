"""T_c of the dynamic RPA interaction against the distance of the layers, beside that of RPA's static plasmons."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity import eliashberg
from ehbilayer.superconductivity.pairing import coulomb_strength
from ehbilayer.superconductivity.plasmon import static_velocity_squared
from ehbilayer.superconductivity.rpa_interaction import LOCAL_FIELDS
from ehbilayer.superconductivity.rpa_pairing import RpaTransition, transition
from ehbilayer.superconductivity.velocity_coupling import velocity_spectrum
from ehbilayer.sweep import sweep
from ehbilayer.units import fermi_energy

__all__ = ["distance_scan", "local_field_scan"]


@checked
def distance_scan(
    d: ArrayLike, *, r_s: float, mass_ratios: Sequence[float], floor: float = 1e-5, store: str | Path | None = None
) -> xr.Dataset:
    """T_c with classical holes of several masses, with liquid holes of the first, and with a model of plasmons.

    Parameters
    ----------
    d : array_like, shape (n,)
        In a_e, >= 0.
    r_s : float
        In a_e.
    mass_ratios : sequence of float
        m_h/m_e >= 1, one or more.
    floor : float
        As in `ehbilayer.superconductivity.rpa_pairing.transition`.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.Dataset
        ``classical`` over mass_ratio and d and ``liquid`` over d (both in eps_F; 0 where nothing sets in above
        `floor`), and ``eliashberg`` over d (eps_F): from the isotropic equations with the acoustic velocity of
        classical holes and static electrons, Umklapp frozen, and the static mu, at the first ratio.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> scan = distance_scan([0.0, 1.0], r_s=3.0, mass_ratios=[10.0], floor=1e-3)
    >>> bool(scan.classical.values[0, 0] > scan.classical.values[0, 1] > scan.eliashberg.values[1])
    True
    """
    d = [float(y) for y in np.atleast_1d(validation.reals("d", d, low=0.0, high=1e3))]
    ratios = [float(x) for x in np.atleast_1d(validation.reals("mass_ratios", mass_ratios, low=1.0, high=1e12))]
    if not ratios:
        raise ArgumentError("mass_ratios", mass_ratios, "one value or more")
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e3)
    runs = {}
    for holes, masses in (("crystal", ratios), ("liquid", ratios[:1])):
        runs[holes] = sweep(
            transition,
            {"mass_ratio": masses, "d": d},
            fixed={"r_s": r_s, "holes": holes, "floor": floor, "estimate": False},
            extract=["temperature"],
            units={"mass_ratio": "1", "d": "a_e", "temperature": "eps_F"},
            store=store,
        ).temperature
    fermi, mu, warm = float(fermi_energy(r_s)), float(coulomb_strength(r_s)), []
    for y in d:
        spectrum = velocity_spectrum(
            lambda q, y=y: static_velocity_squared(q, r_s=r_s, d=y), r_s=r_s, d=y, mass_ratio=ratios[0]
        )
        found = eliashberg.transition(spectrum, coulomb=mu, fermi=fermi, floor=1e-7 * fermi)
        warm.append(found.temperature / fermi)
    liquid = runs["liquid"].isel(mass_ratio=0, drop=True)
    return xr.Dataset(
        {"classical": runs["crystal"], "liquid": liquid, "eliashberg": ("d", warm, {"units": "eps_F"})},
        attrs={"r_s": r_s, "floor": floor},
    )


@checked
def local_field_scan(
    d: ArrayLike, *, r_s: float, mass_ratio: float, floor: float = 1e-5
) -> dict[tuple[float, str], dict[str, RpaTransition]]:
    """T_c with classical holes at several distances and without holes, for every local field, without its error.

    Parameters
    ----------
    d : array_like, shape (n,)
        In a_e, >= 0; the layer without holes comes last, with the last of them.
    r_s, mass_ratio, floor
        As in `ehbilayer.superconductivity.rpa_pairing.transition`.

    Returns
    -------
    dict
        Results by distance and holes, and by the name of the local field.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or exchange makes the electrons unstable.

    Examples
    --------
    >>> found = local_field_scan([0.0], r_s=1.0, mass_ratio=10, floor=0.03)
    >>> list(found), list(found[0.0, "none"])
    ([(0.0, 'crystal'), (0.0, 'none')], ['none', 'exchange', 'charge', 'monte-carlo'])
    """
    d = [float(y) for y in np.atleast_1d(validation.reals("d", d, low=0.0, high=1e3))]
    if not d:
        raise ArgumentError("d", d, "one distance or more")
    places = [(y, "crystal") for y in d] + [(d[-1], "none")]

    def dressed(y: float, holes: str, field: str) -> RpaTransition:
        return transition(
            r_s=r_s, d=y, mass_ratio=mass_ratio, holes=holes, local_field=field, floor=floor, estimate=False
        )

    return {place: {field: dressed(*place, field) for field in LOCAL_FIELDS} for place in places}
