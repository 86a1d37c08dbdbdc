"""Two crystals, one above the other: their energy against a relative shift of the layers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.crystal import CrystalState
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.minimisation import minimise_orbitals
from ehbilayer.hartree_fock.orbitals import gaussian_start
from ehbilayer.hartree_fock.result import UNITS
from ehbilayer.hartree_fock.start import oscillator_length
from ehbilayer.hartree_fock.supercell import SupercellState
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import PRIMITIVE, Box
from ehbilayer.model.plane_waves import PlaneWaves

__all__ = [
    "SITES",
    "ShiftEnergies",
    "ShiftPath",
    "diagonal_path",
    "relative_shift",
    "rigid_energy",
    "shift_energies",
    "solve_shifted",
]

#: Shifts at which symmetry forbids a force between the layers, in primitive vectors: electrons above the holes,
#: above the middle of two of them, and above the middle of three.
SITES = {"aligned": (0.0, 0.0), "bridge": (0.5, 0.0), "hollow": (1 / 3, 1 / 3)}

# A component of the relative shift below this means that the electrons have slid back.
_STAYS = 0.2


@numbers_first()
@dataclass(frozen=True, eq=False)
class ShiftPath:
    """Shifts along the long diagonal of the cell: aligned, hollow, bridge, hollow, aligned.

    Attributes
    ----------
    fractions : ndarray, shape (n,)
        Along the diagonal a_1 + a_2, from 0 to 1.
    shifts : ndarray, shape (n, 2)
        In r_s.
    """

    fractions: np.ndarray
    shifts: np.ndarray


@checked
def diagonal_path(points: int = 61) -> ShiftPath:
    """Shifts along the long diagonal, which meets all of `SITES` (see `ShiftPath`).

    Examples
    --------
    >>> diagonal_path(4).fractions.round(3).tolist()
    [0.0, 0.333, 0.667, 1.0]
    """
    fractions = np.linspace(0.0, 1.0, validation.integer("points", points, low=2))
    return ShiftPath(fractions, fractions[:, None] * PRIMITIVE.sum(axis=0))


@checked
def rigid_energy(result: CrystalState | SupercellState, shifts: ArrayLike) -> NDArray:
    """Energy of a state when its electron layer is moved as a whole, relative to the state itself.

    ``E(s) - E(0) = sum_Q V_eh(Q)/A Re{rho_e(Q) rho_h(Q)* [exp(-i Q s) - 1]}``: only the Hartree energy between the
    layers knows of the shift. The moved state is a Slater determinant, so that E(s) bounds the energy of relaxed
    layers at that shift from above.

    Parameters
    ----------
    result : CrystalState or SupercellState
    shifts : array_like, shape (..., 2)
        In r_s.

    Returns
    -------
    ndarray, shape (...)
        In Ha_h per pair.

    Raises
    ------
    TypeError, ValueError
        If a shift is not a finite pair of numbers.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> state = solve_crystal(mass_ratio=4, d=1.0, r_s=15.0, mesh=2, cutoff=2.0, electrons="crystal")
    >>> bool(rigid_energy(state, 0.5 * PRIMITIVE[0]) > 0.0)
    True
    """
    shifts = np.asarray(validation.reals("shifts", shifts))
    if shifts.shape[-1:] != (2,):
        raise ValueError(f"shifts is not allowed: need pairs of numbers, got shape {shifts.shape}")
    functional = result.state.functional
    integers, weights, components = _components(result)
    vectors = integers @ functional.box.reciprocal
    lengths = np.linalg.norm(vectors, axis=1)
    change = np.exp(-1j * shifts @ vectors.T) - 1.0
    energy = np.zeros(shifts.shape[:-1])
    for first, moved in zip(functional.species, components, strict=True):
        for second, fixed in zip(functional.species, components, strict=True):
            if first.charge < 0 < second.charge:
                terms = weights * functional.coulomb(first, second, lengths) * moved * fixed.conj()
                energy = energy + (change @ terms).real
    return energy / result.pairs


@checked
def relative_shift(result: CrystalState | SupercellState) -> NDArray:
    """Where the electrons' crystal stands relative to the holes', from the phases of two Bragg components.

    Parameters
    ----------
    result : CrystalState or SupercellState

    Returns
    -------
    ndarray, shape (2,)
        In primitive vectors, each between -1/2 (included, up to rounding) and 1/2.

    Raises
    ------
    ValueError
        If a layer has no such components: it is not a crystal.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> state = solve_crystal(mass_ratio=4, d=1.0, r_s=15.0, mesh=3, cutoff=2.0, electrons="crystal")
    >>> np.allclose(relative_shift(state), 0.0, atol=1e-6)
    True
    """
    functional = result.state.functional
    integers, _, components = _components(result)
    phases = []
    for target in np.array(functional.box.rows).T:
        totals = {}
        for sign in (1, -1):
            # The half set of a Bloch basis holds one of Q and -Q.
            at = np.flatnonzero((integers == sign * target).all(axis=1))
            if len(at):
                for charge in (-1, 1):
                    rho = sum(
                        c[at[0]] for s, c in zip(functional.species, components, strict=True) if s.charge == charge
                    )
                    totals[charge] = rho if sign == 1 else np.conj(rho)
        if min(abs(rho) for rho in totals.values()) < 1e-6 * result.pairs:
            raise ValueError(
                "result is not allowed: need a crystal in both layers, and one of them has no Bragg component"
            )
        phases.append(-np.angle(totals[-1] * np.conj(totals[1])) / (2 * np.pi))
    return np.array(phases)


@checked
def solve_shifted(
    *,
    site: str = "bridge",
    mass_ratio: float = 2,
    d: float = 3.0,
    r_s: float = 12.0,
    cells: tuple[int, int] = (4, 4),
    cutoff: float = 2.0,
    zero_mode: str = "dropped",
    tolerance: float = 1e-06,
    max_iterations: int = 300,
) -> SupercellState:
    """Coupled crystal (polarised electrons) relaxed with its electrons shifted to a point of symmetry.

    There the layers exert no force on each other. A direct minimisation without noise keeps the symmetry of its
    start, and so ends in the best state at that shift, which is a saddle or a maximum with respect to it. Electrons
    that the holes hold less than rounding errors move do slide: see `relative_shift`.

    Parameters
    ----------
    site : {"aligned", "bridge", "hollow"}
        Of the electrons relative to the holes: above one, between two, between three.
    mass_ratio, d, r_s, cells, cutoff, zero_mode, tolerance, max_iterations
        As in `solve_supercell`, in a triangular box.

    Returns
    -------
    SupercellState
        Look at ``converged``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> states = [solve_shifted(site=site, r_s=12.0, cells=(2, 2)) for site in ("aligned", "bridge")]
    >>> states[0].energy_per_pair < states[1].energy_per_pair
    True
    """
    if not isinstance(cells, (tuple, list)) or len(cells) != 2:
        raise TypeError(f"cells = {cells!r} is not allowed: need two integers")
    parameters = {
        "site": validation.option("site", site, SITES),
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6),
        "d": validation.real("d", d, low=0.0, high=1e6),
        "r_s": validation.real("r_s", r_s, low=1e-3, high=1e6),
        "cells": tuple(validation.integer("cells", n, low=1, high=100) for n in cells),
        "cutoff": validation.real("cutoff", cutoff, low=1.0, high=20.0),
        "spin": "polarised",
        "zero_mode": ZeroMode.parse(zero_mode).value,
        "tolerance": validation.positive("tolerance", tolerance),
    }
    max_iterations = validation.integer("max_iterations", max_iterations, low=1)
    box, mass = Box.triangular(*parameters["cells"]), 1.0 / parameters["mass_ratio"]
    species = (Species("e", -1, mass, box.carriers), Species("h", 1, 1.0, box.carriers, height=parameters["d"]))
    functional = Functional(box, species, parameters["r_s"], ZeroMode.parse(zero_mode))
    waves, sites = PlaneWaves.disc(box, parameters["cutoff"]), box.sites()
    start = [
        gaussian_start(waves, sites + np.array(at) @ PRIMITIVE, oscillator_length(s.mass, functional.r_s), box.carriers)
        for at, s in zip((SITES[site], SITES["aligned"]), species, strict=True)
    ]
    state = minimise_orbitals(
        functional, waves, start, tolerance=parameters["tolerance"], max_iterations=max_iterations
    )
    return SupercellState(parameters, UNITS, state)


@numbers_first()
@dataclass(frozen=True, eq=False)
class ShiftEnergies:
    """Energies of two crystals against a shift of the electrons, relative to the aligned ones, in Ha_h per pair.

    Attributes
    ----------
    rigid : ndarray, shape (n,)
        Along the diagonal (`diagonal_path`), of the aligned crystals moved as a whole.
    relaxed : dict of str to float
        At the `SITES` other than "aligned" where crystals can stay.
    bounds : dict of str to float
        Rigid energy at each of those, an upper bound.
    slid : tuple of str
        Sites from which the electrons slid back, or where the minimiser did not converge.
    """

    rigid: np.ndarray
    relaxed: dict[str, float]
    bounds: dict[str, float]
    slid: tuple[str, ...]


@checked
def shift_energies(
    *,
    mass_ratio: float = 1,
    d: float = 6.0,
    r_s: float = 12.0,
    cells: tuple[int, int] = (4, 4),
    cutoff: float = 2.0,
    points: int = 61,
) -> ShiftEnergies:
    """What it costs to move one crystal over the other, rigid along the diagonal and relaxed at the points of symmetry.

    Parameters
    ----------
    mass_ratio, d, r_s, cells, cutoff
        As in `solve_shifted`.
    points : int
        Of the diagonal, from 2.

    Returns
    -------
    ShiftEnergies

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> energies = shift_energies(d=8.0, cells=(2, 2), points=3)
    >>> all(0 < energies.relaxed[site] < energies.bounds[site] for site in energies.relaxed)
    True
    """
    arguments: dict = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s, "cells": cells, "cutoff": cutoff}
    aligned = solve_shifted(site="aligned", **arguments)
    relaxed, bounds, slid = {}, {}, []
    for site in SITES:
        if site == "aligned":
            continue
        state = solve_shifted(site=site, **arguments)
        if not state.converged or np.abs(relative_shift(state)).max() < _STAYS:
            slid.append(site)
            continue
        relaxed[site] = state.energy_per_pair - aligned.energy_per_pair
        bounds[site] = float(rigid_energy(aligned, np.array(SITES[site]) @ PRIMITIVE))
    return ShiftEnergies(rigid_energy(aligned, diagonal_path(points).shifts), relaxed, bounds, tuple(slid))


def _components(result):
    """Wave vectors in the box's reciprocal vectors, their weights in a full sum, and rho(Q) of each species."""
    state = result.state
    components = [state.density_components(index) for index in range(len(state.functional.species))]
    return state.fourier.integers, state.fourier.weights, components
