"""Where one isolated layer crystallises in Hartree-Fock theory, for several lattices and spin orders."""

from dataclasses import dataclass

import numpy as np

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import kmesh
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.start import oscillator_length
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import CELLS, SQUARE, TRIANGULAR, Box, Lattice
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.liquid import free_liquid

__all__ = ["CRYSTALS", "PUBLISHED", "Crystal", "crystal_state", "monolayer_crystallisation"]


@dataclass(frozen=True)
class Crystal:
    """A crystal of one layer: its lattice, and the cell with its spins by name in `ehbilayer.model.lattice.CELLS`."""

    lattice: Lattice
    cell: str = "1x1"


#: Crystals by the spin of the liquid that they are held against. "triangular" and "square" have two sublattices of
#: opposite spin where that liquid is unpolarised: rows of the triangular lattice, and the Néel order.
CRYSTALS = {
    "polarised": {"triangular": Crystal(TRIANGULAR), "square": Crystal(SQUARE)},
    "unpolarised": {
        "triangular": Crystal(TRIANGULAR, "2x1"),
        "square": Crystal(SQUARE, "sqrt2xsqrt2"),
        "three-sublattice": Crystal(TRIANGULAR, "sqrt3xsqrt3"),
        "square stripes": Crystal(SQUARE, "2x1"),
        "ferromagnet": Crystal(TRIANGULAR),
    },
}

#: Published Hartree-Fock crossings in Bohr radii, by spin of the liquid and crystal, with their sources.
PUBLISHED = {
    ("unpolarised", "square"): (1.44, "Trail, Towler and Needs, Phys. Rev. B 68, 045107 (2003)"),
    ("unpolarised", "incommensurate"): (1.22, "Bernu et al., arXiv:1106.2939"),
    ("polarised", "triangular"): (2.7, "Bernu et al., arXiv:0810.3559"),
}


# Where crystals cross their liquids, in Bohr radii.
_BRACKET = (1.2, 8.0)


@checked
def crystal_state(*, r_s: float, mesh: int, crystal: Crystal, cutoff: float = 3.0) -> kmesh.BlochState:
    """Madelung-corrected Hartree-Fock crystal of one layer, in the atomic units of its carriers.

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius in Bohr radii of the carrier, 1e-3 to 1e6.
    mesh : int
        The box has ``mesh`` by ``mesh`` primitive cells, a whole number of the crystal's; 2 to 100.
    crystal : Crystal
        One of `CRYSTALS`, or another one.
    cutoff : float
        In ``|b|`` of the triangular lattice, 1 to 20.

    Returns
    -------
    ehbilayer.hartree_fock.kmesh.BlochState
        One species ``"h"`` where all spins are alike, otherwise ``"h_up"`` and ``"h_down"``.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or the box does not hold a whole number of cells.

    Examples
    --------
    >>> state = crystal_state(r_s=8.0, mesh=2, crystal=CRYSTALS["polarised"]["triangular"], cutoff=1.5)
    >>> round(state.energy.total / 4, 3)
    -0.096
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    mesh = validation.integer("mesh", mesh, low=2, high=100)
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=20.0)
    _check_cells(crystal, mesh)
    box, cell = Box.repeated(crystal.lattice, mesh, mesh), CELLS[crystal.cell]
    pattern = cell.pattern(crystal.lattice)
    spins = sorted(set(pattern), reverse=True)
    cells = box.cells // Box(cell.rows, crystal.lattice).cells
    basis = bloch_basis(box, cutoff, cell)
    species = tuple(
        Species("h", 1, 1.0, pattern.count(spin) * cells, spin if len(spins) == 2 else "polarised") for spin in spins
    )
    width = oscillator_length(1.0, r_s)
    start = [gaussian_orbitals(basis, cell.sites(crystal.lattice, spin), width) for spin in spins]
    functional = Functional(box, species, r_s, ZeroMode.MADELUNG)
    return kmesh.solve(functional, basis, start, ["bands"] * len(spins))


@checked
def monolayer_crystallisation(
    *,
    mesh: int = 6,
    cutoff: float = 3.0,
    spin: str = "polarised",
    crystal: str = "triangular",
    finite_size: str = "dropped",
    bracket: tuple[float, float] | None = None,
) -> float:
    """Wigner-Seitz radius at which an isolated layer's crystal and its uniform liquid have the same energy.

    Parameters
    ----------
    mesh : int
        The box holds ``mesh**2`` carriers; even for two sublattices and a multiple of 3 for three.
    cutoff : float
        In ``|b|`` of the triangular lattice.
    spin : {"polarised", "unpolarised"}
        Of the liquid.
    crystal : str
        Name in ``CRYSTALS[spin]``; ``"lowest"`` for the crystal that first falls below the liquid, among those of
        which the box holds a whole number of cells.
    finite_size : {"dropped", "madelung", "limit"}
        As in `ehbilayer.phases.candidates.candidate_states`; the first two agree, since the zero mode shifts liquid and
        crystal alike.
    bracket : (float, float), optional
        Interval of r_s to search, in Bohr radii of the carrier; by default from 1.2 to 8.

    Returns
    -------
    float
        r_s* in Bohr radii of the carrier.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed, or the energies do not cross inside the bracket.

    Notes
    -----
    A commensurate crystal of one carrier per site; `PUBLISHED` has values of the literature, that of incommensurate
    states among them, which lie below.

    Examples
    --------
    >>> round(monolayer_crystallisation(mesh=6), 1)
    3.8
    >>> neel = {"spin": "unpolarised", "crystal": "square", "finite_size": "limit"}
    >>> round(monolayer_crystallisation(mesh=6, cutoff=2.0, **neel), 1)
    1.4
    """
    mesh = validation.integer("mesh", mesh, low=2, high=100)
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=20.0)
    spin = validation.option("spin", spin, CRYSTALS)
    names = CRYSTALS[spin]
    crystal = validation.option("crystal", crystal, (*names, "lowest"))
    finite_size = validation.option("finite_size", finite_size, ("dropped", "madelung", "limit"))
    low, high = _BRACKET if bracket is None else validation.pair("bracket", bracket, low=1e-3, high=1e6)
    if crystal == "lowest":
        fitting = [name for name in names if _fits(names[name], mesh)]
        return min(
            monolayer_crystallisation(
                mesh=mesh, cutoff=cutoff, spin=spin, crystal=name, finite_size=finite_size, bracket=bracket
            )
            for name in fitting
        )
    chosen, components = names[crystal], 1 if spin == "polarised" else 2
    _check_cells(chosen, mesh)
    box = Box.repeated(chosen.lattice, mesh, mesh)
    if finite_size == "limit":
        kinetic, exchange = uniform_gas_energy(1.0, spin=components)
    else:
        kinetic, exchange, *_ = free_liquid(box, components)

    def difference(r_s: float) -> float:
        state = crystal_state(r_s=r_s, mesh=mesh, crystal=chosen, cutoff=cutoff)
        return state.energy.total / box.carriers - kinetic / r_s**2 - exchange / r_s

    ends = difference(low), difference(high)
    if not ends[0] > 0 > ends[1]:
        found = f"crystal minus liquid is {ends[0]:.2e} and {ends[1]:.2e} Ha at these ends"
        needed = "a crystal above the liquid at the lower and below it at the upper end"
        if bracket is None:
            raise ArgumentError("mesh", mesh, f"{needed} of r_s = {low:g} to {high:g}; {found}")
        raise ArgumentError("bracket", (low, high), f"{needed}; {found}")
    return root_of(difference, low, high, absolute=1e-4)


def _fits(crystal: Crystal, mesh: int) -> bool:
    cells = mesh * np.linalg.inv(np.array(CELLS[crystal.cell].rows))
    return bool(np.allclose(cells, np.rint(cells), atol=1e-9))


def _check_cells(crystal: Crystal, mesh: int) -> None:
    if not _fits(crystal, mesh):
        raise ArgumentError("mesh", mesh, f"a box of whole {crystal.cell} cells")
