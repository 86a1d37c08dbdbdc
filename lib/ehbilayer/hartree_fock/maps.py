"""Densities of a supercell state in real and momentum space as labelled data, for figures."""

from typing import Any

import numpy as np
import xarray as xr

from ehbilayer.checked import checked
from ehbilayer.hartree_fock.structure import grid_points, layer_density, spin_density, wrapped
from ehbilayer.hartree_fock.supercell import SupercellState
from ehbilayer.model.lattice import RECIPROCAL_LENGTH

__all__ = ["density_maps", "momentum_maps"]


@checked
def density_maps(result: SupercellState, repeats: int = 1) -> xr.Dataset:
    """Real-space densities over one or more boxes.

    Parameters
    ----------
    result : SupercellState
    repeats : int
        Boxes along both directions, >= 1.

    Returns
    -------
    xarray.Dataset
        ``holes``, ``electrons up``, ``electrons down`` and ``charge`` (holes minus electrons) in units of the mean
        density n of a layer, with ``x`` and ``y`` in r_s as two-dimensional coordinates. Where spins share
        orbitals each has half of the electrons.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> maps = density_maps(solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4))
    >>> sorted(maps.data_vars)
    ['charge', 'electrons down', 'electrons up', 'holes']
    """
    holes, electrons, spin = layer_density(result, "h"), layer_density(result, "e"), spin_density(result)
    fields = {
        "holes": holes,
        "electrons up": 0.5 * (electrons + spin),
        "electrons down": 0.5 * (electrons - spin),
        "charge": holes - electrons,
    }
    points = grid_points(result, repeats)
    return xr.Dataset(
        {name: (("u", "v"), wrapped(field, repeats), {"units": "n"}) for name, field in fields.items()},
        coords={name: (("u", "v"), points[..., axis], {"units": "r_s"}) for axis, name in enumerate("xy")},
    )


@checked
def momentum_maps(result: SupercellState) -> xr.Dataset:
    """Occupations of the plane waves of the box.

    Parameters
    ----------
    result : SupercellState

    Returns
    -------
    xarray.Dataset
        ``holes`` and ``electrons`` (per spin) between 0 and 1 over the plane waves, with ``k_x`` and ``k_y`` in
        ``|b|``.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> float(momentum_maps(solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4))["holes"].sum().round(9))
    4.0
    """
    state, spins = result.state, {"e": 0, "h": 0}
    totals: dict[str, Any] = {"e": 0.0, "h": 0.0}
    for index, species in enumerate(state.functional.species):
        totals[species.layer] = totals[species.layer] + state.momentum_distribution(index)
        spins[species.layer] += species.components
    vectors = state.grid.waves.vectors / RECIPROCAL_LENGTH
    return xr.Dataset(
        {
            name: ("wave", np.asarray(totals[key]) / spins[key], {"units": "1"})
            for name, key in (("holes", "h"), ("electrons", "e"))
        },
        coords={name: ("wave", vectors[:, axis], {"units": "|b|"}) for axis, name in enumerate(("k_x", "k_y"))},
    )
