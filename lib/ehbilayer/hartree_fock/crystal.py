"""Hole crystals with liquid or crystallised electrons: paper A's EL-HC phase and its neighbours."""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock import kmesh
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.potentials import moire as moire_potential
from ehbilayer.hartree_fock.result import UNITS, BilayerState
from ehbilayer.hartree_fock.start import oscillator_length, pair_lengths
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import CELLS, Box

__all__ = ["ELECTRONS", "HOLES", "CrystalState", "solve_crystal"]

#: States that electrons may start from.
ELECTRONS = ("liquid", "polarised liquid", "crystal", "antiferromagnet")
#: States that holes may start from.
HOLES = ("polarised", "antiferromagnet", "liquid")

# Below every cutoff of a converged energy; few plane waves find the lowest branch most surely.
_ROUGH_CUTOFF = 1.5


@numbers_first("energy_per_pair", "gap_indirect", "converged", "gradient_norm")
@dataclass(frozen=True, eq=False)
class CrystalState(BilayerState):
    """Result of `solve_crystal`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    state : kmesh.BlochState
        Orbitals, levels and occupations; ``state.energy`` holds the energy parts of the whole box in Ha_h.
    """

    state: kmesh.BlochState

    @property
    def energy_parts(self) -> dict[str, float]:
        """Kinetic, Hartree, exchange, zero-mode and (with a moiré potential) external energy per pair, in Ha_h."""
        parts = self.state.energy
        return {
            **{f"kinetic {name}": value / self.pairs for name, value in parts.kinetic.items()},
            **{f"Hartree {a}-{b}": value / self.pairs for (a, b), value in parts.hartree.items()},
            **{f"exchange {name}": value / self.pairs for name, value in parts.exchange.items()},
            "zero mode": parts.zero_mode / self.pairs,
            **{f"external {name}": value / self.pairs for name, value in parts.external.items()},
        }

    @property
    def gap_indirect(self) -> float:
        """Lowest empty minus highest filled hole level over the mesh, in the electrons' Fermi energy.

        Negative or zero where the bands overlap or a shell is partly filled.
        """
        return self._gap("h")

    @property
    def electron_gap_indirect(self) -> float:
        """The same for the electrons, whose spins count as one set of levels."""
        return self._gap("e")

    @property
    def gap_direct(self) -> float:
        """Smallest distance of the filled and empty hole levels at one Bloch vector, in the electrons' Fermi energy."""
        filled, empty = self._edges("h")
        return float((empty - filled).min()) / self.fermi_energy

    @property
    def edge_occupation(self) -> dict[str, float]:
        """Largest occupation (per spin component) of a plane wave at the cutoff, by species."""
        return self._largest_occupation(self.state.basis.waves.edge)

    @property
    def outermost_occupation(self) -> dict[str, float]:
        """Largest occupation (per spin component) among the longest plane waves kept, by species."""
        squares = self.state.basis.waves.squares
        return self._largest_occupation(squares > squares.max() * (1 - 1e-9))

    @property
    def aufbau(self) -> bool:
        """Whether no level below a filled one of the same species is empty."""
        return self.state.aufbau

    @property
    def settled(self) -> bool:
        """Whether the state is converged and fills its levels in order: what a sweep asks, as it costs nothing."""
        return self.converged and self.aufbau

    @functools.cached_property
    def lower_branch(self) -> float:
        """Energy per pair, in Ha_h, by which the same start ends lower with fewer plane waves; zero or less if not.

        More plane waves can only lower the energy of a state that is followed: a positive value proves that the
        iteration has gone to another, higher one. Computed when asked for, by solving again at cutoffs of 1.5 and of
        half the given one.
        """
        given = self.parameters["cutoff"]
        smaller = {cutoff for cutoff in (_ROUGH_CUTOFF, given / 2) if 1.0 <= cutoff < given}
        alternating = any(species.spin == "alternating" for species in self.state.functional.species)
        rough = [
            solve_crystal(**{**self.parameters, "cutoff": cutoff}, alternating=alternating)
            for cutoff in sorted(smaller)
        ]
        below = [self.energy_per_pair - state.energy_per_pair for state in rough if state.converged]
        return max(below, default=0.0)

    @property
    def message(self) -> str:
        """What speaks against taking this for the state that was asked for; empty if nothing does."""
        if not self.converged:
            return f"not converged: the gradient norm is {self.gradient_norm:.1e} Ha_h"
        if not self.aufbau:
            return "a level below a filled one is empty"
        if self.lower_branch > self.parameters["tolerance"]:
            return f"another branch, found with fewer plane waves, lies {self.lower_branch:.2e} Ha_h per pair lower"
        return ""

    @property
    def valid(self) -> bool:
        """Whether the state is converged, fills its levels in order, and lies on the lowest branch that is known."""
        return not self.message

    def levels(self, index: int) -> NDArray:
        """All Fock levels of species number `index` over the mesh, empty ones included, ascending, in Ha_h."""
        basis = self.state.basis
        valid = np.repeat(basis.valid, basis.weights.astype(int), axis=0)
        return np.sort(np.repeat(self.state.levels[index], basis.weights.astype(int), axis=0)[valid])

    def _largest_occupation(self, waves: NDArray) -> dict[str, float]:
        return {
            species.name: float(self.state.momentum_distribution(index)[waves].max() / species.components)
            for index, species in enumerate(self.state.functional.species)
        }

    def _gap(self, layer: str) -> float:
        filled, empty = self._edges(layer)
        return float(empty.min() - filled.max()) / self.fermi_energy

    def _edges(self, layer: str) -> tuple[NDArray, NDArray]:
        """Highest filled and lowest empty level of a layer at each Bloch vector, over its spins."""
        state, filled, empty = self.state, [], []
        for levels, occupation, species in zip(state.levels, state.occupations, state.functional.species, strict=True):
            if species.layer == layer:
                filled.append(np.where(occupation > 1e-9, levels, -np.inf).max(axis=1))
                empty.append(np.where(occupation < 1 - 1e-9, levels, np.inf).min(axis=1))
        return np.max(filled, axis=0), np.min(empty, axis=0)


def solve_crystal(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 7.0,
    mesh: int = 6,
    cutoff: float = 3.0,
    electrons: str = "liquid",
    zero_mode: str = "dropped",
    holes: str = "polarised",
    open_shells: str = "fractional",
    symmetry: str = "full",
    moire: float = 0.0,
    tolerance: float = 1e-8,
    max_iterations: int = 200,
    alternating: bool = False,
    watch: kmesh.Watch | None = None,
    twist: tuple[float, float] = (0.0, 0.0),
) -> CrystalState:
    """Hartree-Fock state of a triangular hole crystal and its electrons with the crystal's translations.

    Self-consistent solution of the functional of paper A's supplement on ``mesh`` by ``mesh`` Bloch vectors
    (Gamma-centred), which holds ``mesh**2`` holes. Such a state is stationary in the supercell functional,
    not always its minimum: see `solve_supercell`.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e > 0.
    d : float
        Layer distance in a_h, >= 0.
    r_s : float
        Wigner-Seitz radius of the holes in a_h, > 0.
    mesh : int
        Bloch vectors per direction, >= 2; even for an antiferromagnet.
    cutoff : float
        Plane-wave cutoff in ``|b|`` of the Wigner cell, >= 1. 2 serves r_s below 8, 3 larger ones.
    electrons : {"liquid", "polarised liquid", "crystal", "antiferromagnet"}
        Two half-filled spin components that share their orbitals; one spin component, filled in order of energy;
        spin-polarised, one per cell; or one per cell with spins alternating from row to row (2x1 cell).
    zero_mode : {"dropped", "madelung"}
        See `ehbilayer.model.coulomb.ZeroMode`.
    holes : {"polarised", "antiferromagnet", "liquid"}
        A crystal with all hole spins parallel, as in paper A, or alternating from row to row (2x1 cell); or a
        polarised liquid, filled in order of energy.
    open_shells : {"fractional", "integer"}
        A degenerate open shell of the liquid gets equal fractional occupations, or whole ones, which breaks
        its symmetry.
    symmetry : {"full", "inversion", "none"}
        Point group imposed on the orbitals; the result should not depend on it. Integer shells use none.
    moire : float
        Amplitude w >= 0 in Ha_h of an external potential ``V(r) = -2 w sum_b cos(b r)`` on the holes, b being three
        shortest reciprocal vectors of the crystal at 120 degrees: minima of depth 6 w on the lattice sites, maxima of
        height 3 w between them. With it a "liquid" of holes is one that fills its bands in order of energy.
    tolerance : float
        Bound on the gradient norm in Ha_h per carrier.
    max_iterations : int
        Bound on the SCF iterations.
    alternating : bool
        Compute one spin of an antiferromagnet and take the other one as its image on the other site of the cell, which
        is the same state for less work; it is then one species of the result.
    watch : callable, optional
        Called with the functional, the plane-wave basis and the density blocks of each iteration (see
        `ehbilayer.hartree_fock.kmesh.solve`), which ends where it returns True; the state is then not converged.
    twist : (float, float)
        Shift of all Bloch vectors in units of the box's reciprocal vectors, each from -0.5 to 0.5; no symmetry is then
        imposed. `ehbilayer.hartree_fock.twists` averages over it.

    Returns
    -------
    CrystalState
        Look at ``converged`` and ``aufbau``, or at ``valid`` and its ``message``, which also ask whether fewer plane
        waves find a lower branch.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> state = solve_crystal(mass_ratio=10, d=1.0, r_s=7.0, mesh=6, cutoff=2.0)
    >>> state.converged, round(state.energy_per_pair, 6), round(state.gap_indirect, 3)
    (True, -0.040989, 0.393)
    """
    if not isinstance(twist, tuple | list) or len(twist) != 2:
        raise TypeError(f"twist = {twist!r} is not allowed: need two numbers")
    shift = tuple(validation.real("twist", component, low=-0.5, high=0.5) for component in twist)
    parameters = {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6),
        "d": validation.real("d", d, low=0.0, high=1e6),
        "r_s": validation.real("r_s", r_s, low=1e-3, high=1e6),
        "mesh": validation.integer("mesh", mesh, low=2, high=100),
        "cutoff": validation.real("cutoff", cutoff, low=1.0, high=20.0),
        "electrons": validation.option("electrons", electrons, ELECTRONS),
        "zero_mode": ZeroMode.parse(zero_mode).value,
        "holes": validation.option("holes", holes, HOLES),
        "open_shells": validation.option("open_shells", open_shells, ("fractional", "integer")),
        "symmetry": validation.option("symmetry", symmetry, ("full", "inversion", "none")),
        "moire": validation.real("moire", moire, low=0.0, high=1e3),
        "tolerance": validation.positive("tolerance", tolerance),
        "max_iterations": validation.integer("max_iterations", max_iterations, low=1),
        "twist": shift,
    }
    if not isinstance(alternating, bool):
        raise TypeError(f"alternating = {alternating!r} is not allowed: need True or False")
    if watch is not None and (isinstance(watch, type) or not callable(watch)):
        raise TypeError(f"watch = {watch!r} is not allowed: need a callable or None")
    double = "antiferromagnet" in (electrons, holes)
    if double and mesh % 2:
        raise ArgumentError("mesh", mesh, "an even mesh for the antiferromagnet's 2x1 cell")
    if open_shells == "integer" or any(shift):
        symmetry = "none"
        if open_shells == "integer" and electrons == "liquid" and mesh % 2:
            raise ArgumentError("mesh", mesh, "an even mesh for integer shells of two spins")

    box = Box.triangular(mesh, mesh)
    cell = CELLS["2x1" if double else "1x1"]
    sites, up, down = cell.sites(), cell.sites(spin="up"), cell.sites(spin="down")
    count, mass = box.carriers, 1.0 / mass_ratio
    # Each species with the sites of its start; None starts from plane waves and fills shells.
    if electrons == "antiferromagnet" and alternating:
        layers = [(Species("e", -1, mass, count, "alternating"), up)]
    elif electrons == "antiferromagnet":
        layers = [
            (Species("e", -1, mass, count // 2, "up"), up),
            (Species("e", -1, mass, count // 2, "down"), down),
        ]
    elif electrons == "crystal":
        layers = [(Species("e", -1, mass, count), sites)]
    else:
        layers = [(Species("e", -1, mass, count, "both" if electrons == "liquid" else "polarised"), None)]
    if holes == "antiferromagnet" and alternating:
        layers += [(Species("h", 1, 1.0, count, "alternating", height=d), up)]
    elif holes == "antiferromagnet":
        layers += [
            (Species("h", 1, 1.0, count // 2, "up", height=d), up),
            (Species("h", 1, 1.0, count // 2, "down", height=d), down),
        ]
    else:
        hole = Species("h", 1, 1.0, count, height=d)
        layers += [(hole, sites if holes == "polarised" else None)]
    external = (moire_potential(box, "h", parameters["moire"]),) if moire else ()
    species = tuple(species for species, _ in layers)
    functional = Functional(box, species, float(r_s), ZeroMode.parse(zero_mode), external)
    basis = bloch_basis(box, float(cutoff), cell, symmetry, (shift[0], shift[1]))
    if electrons in ("crystal", "antiferromagnet") and holes != "liquid":
        widths = dict(zip("eh", pair_lengths(mass, d, r_s), strict=True))
    else:
        widths = {"e": oscillator_length(mass, r_s), "h": oscillator_length(1.0, r_s)}
    start = [None if at is None else gaussian_orbitals(basis, at, widths[s.layer]) for s, at in layers]
    liquid = "shells" if open_shells == "fractional" else "integer"
    filling = [liquid if at is None else "bands" for _, at in layers]
    state = kmesh.solve(
        functional, basis, start, filling, tolerance=tolerance, max_iterations=max_iterations, watch=watch
    )
    return CrystalState(parameters, UNITS, state)
