"""Electrons and holes in a periodic box with no symmetry assumed (paper A): local minima from several starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.minimisation import OrbitalState, fock_matrix, minimise_orbitals
from ehbilayer.hartree_fock.orbitals import gaussian_start
from ehbilayer.hartree_fock.potentials import moire as moire_potential
from ehbilayer.hartree_fock.result import UNITS, BilayerState
from ehbilayer.hartree_fock.start import oscillator_length
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import Box
from ehbilayer.model.plane_waves import PlaneWaves

__all__ = ["SupercellState", "solve_supercell", "survey_supercell"]

SPINS = ("restricted", "unrestricted", "polarised")
STARTS = ("crystal", "coupled crystal", "liquid", "random")


@numbers_first("energy_per_pair", "converged", "gradient_norm")
@dataclass(frozen=True, eq=False)
class SupercellState(BilayerState):
    """Result of `solve_supercell`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    state : OrbitalState
        Orbitals and occupied levels; ``state.energy`` holds the energy parts of the whole box in Ha_h.
    """

    state: OrbitalState

    def levels(self, index: int) -> NDArray:
        """All Fock levels of species number `index`, empty ones included, ascending, in Ha_h."""
        return np.linalg.eigvalsh(fock_matrix(self.state, index))

    def gap(self, index: int) -> float:
        """Lowest empty minus highest filled level of species number `index`, in the electrons' Fermi energy."""
        levels, filled = self.levels(index), len(self.state.levels[index])
        return float(levels[filled] - levels[filled - 1]) / self.fermi_energy


def solve_supercell(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 7.0,
    cells: Sequence[int] = (6, 6),
    cutoff: float = 2.0,
    spin: str = "restricted",
    start: str = "crystal",
    seed: int = 0,
    shape: str = "triangular",
    zero_mode: str = "dropped",
    moire: float = 0.0,
    tolerance: float = 1e-6,
    max_iterations: int = 1000,
    threads: int = 1,
) -> SupercellState:
    """Hartree-Fock state of electrons and spin-polarised holes in a box, with no symmetry assumed.

    Direct minimisation of the functional of paper A's supplement over real orbitals. The result is a local
    minimum (or saddle, if the start has a symmetry that the gradient keeps): compare several starts and seeds.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e > 0.
    d : float
        Layer distance in a_h, >= 0.
    r_s : float
        Wigner-Seitz radius of the holes in a_h, > 0.
    cells : (int, int)
        Primitive cells along the two directions of a triangular box; centred cells of sides a and sqrt(3) a,
        two carriers each, along those of a rectangular one.
    cutoff : float
        Plane-wave cutoff in ``|b|`` of the Wigner cell, >= 1.
    spin : {"restricted", "unrestricted", "polarised"}
        Electron spins share their orbitals, have their own, or all point the same way.
    start : {"crystal", "coupled crystal", "liquid", "random"}
        Holes as Gaussians on the lattice over an electron liquid; both layers as Gaussians on the same sites
        (electron spins alternating from row to row); plane waves; random orbitals.
    seed : int
        Of the random part that is added to every start.
    shape : {"triangular", "rectangular"}
        Shape of the box.
    zero_mode : {"dropped", "madelung"}
        See `ehbilayer.model.coulomb.ZeroMode`.
    moire : float
        Amplitude of a potential on the holes in Ha_h, >= 0, as in `solve_crystal`.
    tolerance : float
        Bound on the gradient norm in Ha_h per carrier.
    max_iterations : int
    threads : int
        Worker threads of the exchange; the result does not depend on it.

    Returns
    -------
    SupercellState
        Look at ``converged``: a run that stopped at `max_iterations` is returned with ``converged == False``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> state = solve_supercell(mass_ratio=4, d=1.0, r_s=12.0, cells=(2, 2), spin="polarised", start="coupled crystal")
    >>> state.converged
    True
    """
    if not isinstance(cells, (tuple, list)) or len(cells) != 2:
        raise TypeError(f"cells = {cells!r} is not allowed: need two integers")
    cells = tuple(validation.integer("cells", n, low=1, high=100) for n in cells)
    parameters = {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6),
        "d": validation.real("d", d, low=0.0, high=1e6),
        "r_s": validation.real("r_s", r_s, low=1e-3, high=1e6),
        "cells": cells,
        "cutoff": validation.real("cutoff", cutoff, low=1.0, high=20.0),
        "spin": validation.option("spin", spin, SPINS),
        "start": validation.option("start", start, STARTS),
        "seed": validation.integer("seed", seed, low=0, high=None),
        "shape": validation.option("shape", shape, ("triangular", "rectangular")),
        "zero_mode": ZeroMode.parse(zero_mode).value,
        "moire": validation.real("moire", moire, low=0.0, high=1e3),
        "tolerance": validation.positive("tolerance", tolerance),
    }
    max_iterations = validation.integer("max_iterations", max_iterations, low=1)
    threads = validation.integer("threads", threads, low=1)

    box = Box.triangular(*cells) if shape == "triangular" else Box.rectangular(*cells)
    holes, mass = box.carriers, 1.0 / mass_ratio
    if spin != "polarised" and holes % 2:
        raise ArgumentError("cells", cells, f"an even number of carriers to fill two spins equally, not {holes}")
    if spin == "restricted":
        light = [Species("e", -1, mass, holes, "both")]
    elif spin == "unrestricted":
        light = [Species("e", -1, mass, holes // 2, direction) for direction in ("up", "down")]
    else:
        light = [Species("e", -1, mass, holes)]
    heavy = Species("h", 1, 1.0, holes, height=d)
    external = (moire_potential(box, "h", parameters["moire"]),) if moire else ()
    functional = Functional(box, (*light, heavy), float(r_s), ZeroMode.parse(zero_mode), external)
    waves = PlaneWaves.disc(box, cutoff)
    if len(waves) <= holes:
        needed = f"a larger one: {len(waves)} plane waves cannot hold {holes} carriers"
        raise ArgumentError("cutoff", cutoff, needed)
    state = minimise_orbitals(
        functional,
        waves,
        _start(functional, waves, start, seed),
        tolerance=tolerance,
        max_iterations=max_iterations,
        threads=threads,
    )
    return SupercellState(parameters, UNITS, state)


def survey_supercell(*, starts: Sequence[str], seeds: Sequence[int], **arguments: Any) -> list[SupercellState]:
    """Run `solve_supercell` from several starts and seeds.

    Parameters
    ----------
    starts : sequence of str
    seeds : sequence of int
    **arguments
        Of `solve_supercell`.

    Returns
    -------
    list of SupercellState
        Lowest energy first; the differences show how rugged the landscape is.

    Examples
    --------
    >>> box = {"mass_ratio": 4, "d": 1.0, "r_s": 12.0, "cells": (2, 2), "spin": "polarised"}
    >>> states = survey_supercell(starts=["liquid", "coupled crystal"], seeds=[0], **box)
    >>> states[0].energy_per_pair <= states[1].energy_per_pair
    True
    """
    starts = validation.options("starts", starts, STARTS)
    if not isinstance(seeds, Sequence) or isinstance(seeds, str | bytes) or not seeds or not starts:
        raise ArgumentError("seeds" if starts else "starts", seeds if starts else starts, "a sequence of at least one")
    seeds = [validation.integer("seeds", seed, low=0) for seed in seeds]
    states = [solve_supercell(start=start, seed=seed, **arguments) for start in starts for seed in seeds]
    return sorted(states, key=lambda state: state.energy_per_pair)


def _start(functional: Functional, waves: PlaneWaves, kind: str, seed: int) -> list[NDArray]:
    """Starting coefficients of every species; a weak random part breaks symmetries that a minimum may not have."""
    rng = np.random.default_rng(seed)
    sites = functional.box.sites()
    orbitals = []
    for species in functional.species:
        count = int(species.per_spin)
        noise = rng.standard_normal((len(waves), count))
        # Random parts carry less of the short waves, so that they cost little kinetic energy.
        noise /= 1.0 + waves.squares[:, None]
        noise /= np.linalg.norm(noise, axis=0)
        crystal = kind == "coupled crystal" or (kind == "crystal" and species.layer == "h")
        if kind == "random":
            orbitals.append(noise)
            continue
        if crystal:
            offset = 1 if species.spin == "down" else 0
            own = (
                sites if species.per_spin == len(sites) else np.concatenate([sites[offset::2], sites[1 - offset :: 2]])
            )
            x = gaussian_start(waves, own, oscillator_length(species.mass, functional.r_s), count)
            x /= np.linalg.norm(x, axis=0)
        else:
            x = np.eye(len(waves), count)
        orbitals.append(x + 0.03 * noise)
    return orbitals
