"""Sweeps whose result is one table: isolated layers, ends of phases for several sizes, cuts by energy and variance."""

import os
from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.phases.candidates import variance_point
from ehbilayer.phases.monolayer import monolayer_crystallisation
from ehbilayer.phases.order import crystal_threshold
from ehbilayer.phases.point import phase_point
from ehbilayer.sweep import sweep

__all__ = ["isolated_layers", "variance_cuts"]

#: Crystals of an isolated layer by name: spin of the liquid, and crystal in `ehbilayer.phases.monolayer.CRYSTALS`.
LAYERS = {
    "polarised": ("polarised", "triangular"),
    "rows": ("unpolarised", "triangular"),
    "ferromagnet": ("unpolarised", "ferromagnet"),
    "Néel": ("unpolarised", "square"),
}


def isolated_layers(
    *, meshes: Sequence[int] = (6, 8, 10, 12), cutoff: float = 2.0, store: str | os.PathLike | None = None
) -> xr.DataArray:
    """Wigner-Seitz radii at which isolated layers crystallise, for several boxes.

    Parameters
    ----------
    meshes : sequence of int
        Even; boxes of ``mesh**2`` carriers.
    cutoff : float
        In ``|b|``.
    store : path_like, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    xarray.DataArray
        Bohr radii of the carriers, over layer (a polarised triangular crystal; unpolarised carriers that form rows of
        alternating spins, a ferromagnet or the square Neel crystal), finite_size ("dropped" or "limit") and mesh. NaN
        where the energies do not cross between 1.2 and 8.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed.

    Examples
    --------
    >>> found = isolated_layers(meshes=(6,))
    >>> round(float(found.sel(layer="polarised", finite_size="dropped", mesh=6)), 1)
    3.8
    """
    _listed("meshes", meshes)
    sizes = [validation.integer("meshes", mesh, low=4, high=24) for mesh in meshes]
    if any(mesh % 2 for mesh in sizes):
        raise ArgumentError("meshes", meshes, "even numbers, for rows of alternating spins")
    cutoff = validation.real("cutoff", cutoff, low=1.5, high=6.0)
    axes = {"finite_size": ["dropped", "limit"], "mesh": sizes}
    found = []
    for spin, crystals in (("polarised", ["triangular"]), ("unpolarised", ["triangular", "ferromagnet", "square"])):
        data = sweep(
            monolayer_crystallisation,
            {"crystal": crystals, **axes},
            fixed={"spin": spin, "cutoff": cutoff},
            executor="serial" if len(crystals) * len(sizes) < 4 or spin == "polarised" else None,
            store=store,
            allow_failed=True,
        )
        found.append(data["monolayer_crystallisation"])
    layers = xr.concat(found, "crystal", join="outer").rename(crystal="layer", finite_size="finite_size")
    return layers.assign_coords(layer=list(LAYERS)).assign_attrs(units="Bohr radii")


def variance_cuts(
    *,
    cuts: Sequence[tuple[float, float]] = ((10.0, 1.0), (4.0, 3.0), (1.5, 3.0)),
    radii: Sequence[float] = (2.2, 4.85, 7.5),
    mesh: int = 6,
    store: str | os.PathLike | None = None,
) -> pd.DataFrame:
    """Momentum variances of unrestricted states beside the phase of lowest energy in the paper's convention.

    Parameters
    ----------
    cuts : sequence of (float, float)
        Mass ratio and d (a_h) of each cut.
    radii : sequence of float
        r_s of the holes, in a_h.
    mesh : int
        Even; boxes of ``mesh**2`` pairs.
    store : path_like, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    pandas.DataFrame
        Mass ratio, d, r_s, energy of the unrestricted state, its variances over those of the liquids and whether they
        exceed `ehbilayer.phases.order.crystal_threshold`, its start; the phase by energy, without the condensate.

    Examples
    --------
    >>> table = variance_cuts(cuts=[(4.0, 1.0)], radii=[12.0], mesh=4)
    >>> table["crystal h by variance"].tolist(), table["phase by energy"].tolist()
    ([True], ['coupled crystal'])
    """
    _listed("cuts", cuts)
    _listed("radii", radii)
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    if mesh % 2:
        raise ArgumentError("mesh", mesh, "an even number, for rows of alternating spins")
    for item in cuts:
        if not isinstance(item, tuple | list) or len(item) != 2:
            raise ArgumentError("cuts", cuts, "pairs of a mass ratio and a distance")
        validation.real("cuts", item[0], low=1e-6, high=1e6)
        validation.real("cuts", item[1], low=0.0, high=1e6)
    radii = [float(f"{validation.real('radii', r, low=0.1, high=1e4):.3f}") for r in radii]
    least = {
        layer: crystal_threshold(mesh=mesh, spin=spin)[1] for layer, spin in (("e", "unpolarised"), ("h", "polarised"))
    }
    frames = []
    for ratio, d in cuts:
        place = {"mass_ratio": ratio, "d": d, "mesh": mesh}
        executor = "serial" if len(radii) == 1 else None
        found = sweep(variance_point, {"r_s": radii}, fixed=place, store=store, unconverged="keep", executor=executor)
        # n/n* in units of r_s = 1.
        points = sweep(
            phase_point,
            {"density_ratio": [r**-2 for r in radii]},
            fixed={**place, "convention": "paper", "r_s_star": 1.0},
            store=store,
            unconverged="keep",
            executor="serial",
        )
        frame = {"m_h/m_e (1)": ratio, "d (a_h)": d, "r_s (a_h)": radii, "energy (Ha_h)": found["energy"].values}
        for layer in "eh":
            variance = found[f"ratio_{layer}"].values
            frame |= {f"variance {layer} over liquid (1)": variance}
            frame |= {f"crystal {layer} by variance": np.asarray(variance, dtype=float) > least[layer]}
        frames.append(
            pd.DataFrame(frame).assign(start=found["start"].values, **{"phase by energy": points["hf_phase"].values})
        )
    return pd.concat(frames, ignore_index=True)


def _listed(name, values):
    if not isinstance(values, list | tuple):
        raise TypeError(f"{name} = {values!r} is not allowed: need a list or tuple")
    if not values:
        raise ArgumentError(name, values, "one value or more")
