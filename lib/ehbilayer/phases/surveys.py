"""Sweeps whose result is one table: isolated layers, ends of phases for several sizes, cuts by energy and variance."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ehbilayer import validation
from ehbilayer.condensate import liquid_energy, solve_condensate
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.hartree_fock.interlayer_potential import potential_depth
from ehbilayer.hartree_fock.twists import twist_average
from ehbilayer.phases.candidates import candidate_states, variance_point
from ehbilayer.phases.diagram import el_hc_onset
from ehbilayer.phases.monolayer import monolayer_crystallisation
from ehbilayer.phases.order import crystal_threshold
from ehbilayer.phases.point import phase_point
from ehbilayer.phases.square import last_ratio, square_window
from ehbilayer.phases.square_states import square_state
from ehbilayer.sweep import sweep

__all__ = [
    "el_hc_onsets",
    "isolated_layers",
    "limit_estimates",
    "potential_depths",
    "square_spins",
    "square_windows",
    "variance_cuts",
]

#: Crystals of an isolated layer by name: spin of the liquid, and crystal in `ehbilayer.phases.monolayer.CRYSTALS`.
LAYERS = {
    "polarised": ("polarised", "triangular"),
    "rows": ("unpolarised", "triangular"),
    "ferromagnet": ("unpolarised", "ferromagnet"),
    "Néel": ("unpolarised", "square"),
}

#: Of the uniform liquids.
SPINS = ("unpolarised", "polarised")


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
        alternating spins, a ferromagnet or the square Neel crystal), finite_size ("dropped", for the first two layers,
        or "limit") and mesh. NaN where the energies do not cross between 1.2 and 8.

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
    both = ["dropped", "limit"]
    parts = [("polarised", ["triangular"], both), ("unpolarised", ["triangular"], both)]
    parts.append(("unpolarised", ["ferromagnet", "square"], ["limit"]))
    found = []
    for spin, crystals, kinds in parts:
        data = sweep(
            monolayer_crystallisation,
            {"crystal": crystals, "finite_size": kinds, "mesh": sizes},
            fixed={"spin": spin, "cutoff": cutoff},
            executor="serial" if spin == "polarised" or len(sizes) < 3 else None,
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


def limit_estimates(
    *, meshes: Sequence[int] = (4, 6), largest: int = 12, count: int = 3, **bilayer: Any
) -> pd.DataFrame:
    """Three estimates of the energy of EL-HC in the limit of large systems, by their distance from that of a large box.

    The Madelung-corrected energy of a centred mesh; its average over twists; and that of the centred mesh with the
    electrons' exact energy in place of that of a liquid in the box, which is what `candidate_states` does.

    Parameters
    ----------
    meshes : sequence of int
        Even; boxes of ``mesh**2`` pairs.
    largest : int
        Even; the reference is the last estimate for ``largest**2`` pairs.
    count : int
        Twists per direction.
    **bilayer
        Mass ratio, d and r_s of `ehbilayer.hartree_fock.solve_crystal`.

    Returns
    -------
    pandas.DataFrame
        Distances in Ha_h per pair by number of pairs.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the state at a twist did not converge.

    Examples
    --------
    >>> limit_estimates(meshes=(4,), largest=6).abs().idxmin(axis=1).tolist()
    ['exact liquid']
    """
    meshes = _each("meshes", meshes, validation.integer, low=2, high=100)
    largest = validation.integer("largest", largest, low=2, high=100)

    def energy(mesh, kind):
        return candidate_states(mesh=mesh, finite_size=kind, ansaetze=["EL-HC"], cutoff=2.0, **bilayer)["EL-HC"][
            "energy"
        ]

    reference = energy(largest, "limit")
    rows = {
        mesh**2: {
            "centred mesh": energy(mesh, "madelung") - reference,
            "twists": twist_average(count=count, mesh=mesh, cutoff=2.0, zero_mode="madelung", **bilayer).energy_per_pair
            - reference,
            "exact liquid": energy(mesh, "limit") - reference,
        }
        for mesh in meshes
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("pairs")


def potential_depths(
    *,
    mass_ratio: float = 10.0,
    spacings: Sequence[float] = (1.0, 3.0),
    radii: Sequence[float] = (2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0),
    mesh: int = 6,
) -> pd.DataFrame:
    """Depth of the Hartree potential of the holes on the electrons of EL-HC, with V(0) = 0.

    Parameters
    ----------
    mass_ratio, mesh
        As in `ehbilayer.hartree_fock.solve_crystal`.
    spacings, radii : sequence of float
        d and r_s of the holes in a_h.

    Returns
    -------
    pandas.DataFrame
        d and r_s (a_h), depth in Ha_h and in the electrons' Fermi energy.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> potential_depths(spacings=(1.0,), radii=(4.0, 7.0), mesh=4)["depth (Ha_h)"].is_monotonic_increasing
    True
    """
    spacings = _each("spacings", spacings, low=0.0, high=1e6)
    radii = _each("radii", radii, low=1e-3, high=1e6)
    point: dict[str, Any] = {"mass_ratio": mass_ratio, "mesh": mesh, "cutoff": 2.5}
    states = [solve_crystal(d=d, r_s=r_s, **point) for d in spacings for r_s in radii]
    table = pd.DataFrame([(s.parameters["d"], s.parameters["r_s"], potential_depth(s)) for s in states])
    table.columns = ["d (a_h)", "r_s (a_h)", "depth (Ha_h)"]
    table["depth (eps_F)"] = table["depth (Ha_h)"] / [state.fermi_energy for state in states]
    return table


def square_windows(
    *, spacings: Sequence[float] = (0.5, 1.0, 3.0), mesh: int = 6, store: str | os.PathLike | None = None
) -> pd.DataFrame:
    """Where the square Neel crystal of electrons above a hole liquid is the lowest state with N_up = N_down.

    Parameters
    ----------
    spacings : sequence of float
        d in a_h.
    mesh : int
        As in `ehbilayer.phases.square.square_window`; the mass ratio is searched in boxes of ``(mesh + 2)**2``.
    store : path_like, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    pandas.DataFrame
        By d: the window at equal masses as in `ehbilayer.phases.square.SquareWindow`, and up to which mass ratio there
        is one, ``ratio``, with its error ``ratio_error``.

    Examples
    --------
    >>> square_windows(spacings=(10.0,), mesh=4).follower.tolist()
    ['separate crystals']
    """
    spacings = _each("spacings", spacings, low=0.0, high=1e6)
    options: dict[str, Any] = dict(store=store, executor=None if len(spacings) > 1 else "serial")
    fields = ["lower", "upper", "lower_error", "upper_error", "follower", "gain"]
    windows = sweep(square_window, {"d": list(spacings)}, fixed={"mesh": mesh}, extract=fields, **options)
    last = sweep(last_ratio, {"d": list(spacings)}, fixed={"mesh": mesh + 2}, **options)
    columns = {name: windows[name].values for name in fields}
    columns |= {"ratio": last["ratio"].values, "ratio_error": last["error"].values}
    return pd.DataFrame(columns, index=pd.Index(spacings, name="d"))


def el_hc_onsets(
    *,
    convention: str = "limit",
    spacings: Sequence[float] = (1.0, 3.0, 10.0),
    mesh: int = 8,
    store: str | os.PathLike | None = None,
) -> pd.DataFrame:
    """Mass ratios from which EL-HC is the state that the liquid gives way to, without condensates.

    Parameters
    ----------
    convention : {"paper", "limit"}
        The box as it is, with as many electrons of either spin; or the limit of large systems, where the electrons may
        also be polarised or form the square Neel crystal.
    spacings : sequence of float
        d in a_h.
    mesh : int
        Even; boxes of ``mesh**2`` pairs.
    store : path_like, optional
        As in `ehbilayer.sweep.sweep`.

    Returns
    -------
    pandas.DataFrame
        By d: ``ratio`` and its ``error`` as of `ehbilayer.phases.diagram.el_hc_onset`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> el_hc_onsets(convention="paper", spacings=(10.0,), mesh=6).ratio.round(1).tolist()
    [1.9]
    """
    convention = validation.option("convention", convention, ("paper", "limit"))
    spacings = _each("spacings", spacings, low=0.0, high=1e6)
    limit = convention == "limit"
    options: dict[str, Any] = dict(finite_size="limit" if limit else "dropped", balanced=not limit, mesh=mesh)
    executor = None if len(spacings) > 1 else "serial"
    found = sweep(
        el_hc_onset, {"d": spacings}, fixed=options, extract=["ratio", "error"], store=store, executor=executor
    )
    return pd.DataFrame({name: found[name].values for name in ("ratio", "error")}, index=pd.Index(spacings, name="d"))


def square_spins(
    *,
    places: Sequence[tuple[float, float]] = ((1.0, 1.5), (1.0, 1.8), (3.0, 1.5), (3.0, 2.2)),
    mesh: int = 6,
) -> pd.DataFrame:
    """Energies of square EC-HL, condensate and liquid at equal masses if the holes need not be polarised.

    Condensates are those of polarised pairs and of pairs of both spins, liquids those of any spins. Square electrons
    modulate the hole liquid so little (below 1e-3 Ha_h at d = a_h) that for unpolarised holes the energy of their
    uniform liquid is put in the place of that of polarised ones.

    Parameters
    ----------
    places : sequence of (float, float)
        d and r_s of the holes, in a_h.
    mesh : int
        As in `ehbilayer.phases.square.square_state`.

    Returns
    -------
    pandas.DataFrame
        ``square EC-HL``, ``condensate`` and ``liquid`` in Ha_h per pair, by d and r_s.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> square_spins(places=[(3.0, 2.2)]).idxmin(axis=1).tolist()
    ['square EC-HL']
    """
    _listed("places", places)
    rows = {}
    for number, place in enumerate(places):
        if not isinstance(place, tuple | list) or len(place) != 2:
            raise ArgumentError("places", places, "pairs of a distance and a radius")
        d, r_s = _each(f"places[{number}]", place, low=0.0, high=1e6)
        pairs = []
        for spin in ("polarised", "symmetric"):
            state = solve_condensate(mass_ratio=1.0, d=d, r_s=r_s, spin=spin)
            if not state.converged:
                raise NotConverged(f"the condensate of spin {spin} at d = {d:.4g}, r_s = {r_s:.4g}")
            pairs.append(state.energy_per_pair)
        spins = {(e, h): liquid_energy(1.0, r_s, e, h) for e in SPINS for h in SPINS}
        free = min(0.0, spins["unpolarised", "unpolarised"] - spins["unpolarised", "polarised"])
        square = square_state(d=d, r_s=r_s, mesh=mesh) + free
        rows[d, r_s] = {"square EC-HL": square, "condensate": min(pairs), "liquid": min(spins.values())}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["d", "r_s"])


def _listed(name, values):
    if not isinstance(values, list | tuple):
        raise TypeError(f"{name} = {values!r} is not allowed: need a list or tuple")
    if not values:
        raise ArgumentError(name, values, "one value or more")


def _each(name, values, read=validation.real, **interval):
    """A list of numbers, each read by a function of `ehbilayer.validation`."""
    _listed(name, values)
    return [read(f"{name}[{number}]", value, **interval) for number, value in enumerate(values)]
