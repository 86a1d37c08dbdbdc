"""Which state lies lowest in the plane of paper A's Fig. 4b, in units of the electrons."""

import os
from collections.abc import Sequence

import numpy as np
import xarray as xr

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.phases.point import phase_point
from ehbilayer.sweep import sweep

__all__ = ["competition_map"]


def competition_map(
    *,
    mass_ratio: float,
    d: Sequence[float],
    density: Sequence[float],
    mesh: int = 8,
    store: str | os.PathLike | None = None,
) -> xr.Dataset:
    """Hartree-Fock states against the exciton condensate over density and distance, in the limit of large systems.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d : sequence of float
        Layer distances in the electrons' a_e, 0 to 1e6.
    density : sequence of float
        n/n_e* from 1e-4 to 1e4, with n_e* at r_s = 2 a_e, where the paper's electrons crystallise.
    mesh : int
        Boxes of ``mesh**2`` pairs for the Hartree-Fock states, which are corrected to the limit; even.
    store : str or path, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.Dataset
        Over d and density, energies in Ha_h per pair: ``condensate_gain``, the lowest Hartree-Fock state above the
        condensate; ``crystal_margin``, positive where both layers are crystals in that state, by how much it lies
        below the next, and negative elsewhere; ``phase`` and ``converged`` of `phase_point`.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> lowest = competition_map(mass_ratio=10, d=[0.0, 1.0], density=[2.0], mesh=4)
    >>> lowest.phase.values[:, 0].tolist(), (lowest.condensate_gain.values[:, 0] > 0).tolist()
    (['condensate', 'EL-HC'], [True, False])
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0)
    axes = {"d": d, "density": density}
    lowest, highest = {"d": 0.0, "density": 1e-4}, {"d": 1e6, "density": 1e4}
    checked = {
        name: np.atleast_1d(validation.reals(name, values, low=lowest[name], high=highest[name]))
        for name, values in axes.items()
    }
    if empty := [name for name, values in checked.items() if not values.size]:
        raise ArgumentError(empty[0], axes[empty[0]], "one value or more")
    found = sweep(
        phase_point,
        {
            # Rounded, so that the same distance in the holes' a_h has the same key in the store.
            "d": [round(mass_ratio * float(y), 6) for y in checked["d"]],
            "density_ratio": [float(x) for x in checked["density"]],
        },
        fixed={"mass_ratio": mass_ratio, "convention": "limit", "mesh": mesh, "r_s_star": 2 * mass_ratio},
        store=store,
        unconverged="keep",
    ).rename(density_ratio="density")
    margin = found.hf_margin.where(found.hf_phase == "coupled crystal", -found.hf_margin)
    return xr.Dataset(
        {
            "condensate_gain": (found.energy_hf - found.energy_condensate).assign_attrs(units="Ha_h"),
            "crystal_margin": margin.assign_attrs(units="Ha_h"),
            "phase": found.phase.assign_attrs(units="1"),
            "converged": found.converged.assign_attrs(units="1"),
        }
    ).assign_coords(d=("d", checked["d"], {"units": "a_e"}), density=("density", checked["density"], {"units": "n_e*"}))
