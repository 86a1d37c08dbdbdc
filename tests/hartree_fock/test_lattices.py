"""Both solvers on any lattice: other primitive vectors, squares, shear, several sites in a cell."""

import numpy as np
import pytest

from ehbilayer.hartree_fock import kmesh, minimisation
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.orbitals import gaussian_start
from ehbilayer.hartree_fock.potentials import moire
from ehbilayer.hartree_fock.start import oscillator_length
from ehbilayer.model.coulomb import ZeroMode, madelung_potential
from ehbilayer.model.lattice import CELLS, PRIMITIVE, SQUARE, TRIANGULAR, Box, Cell, Lattice
from ehbilayer.model.lattice_sums import einstein_frequency
from ehbilayer.model.plane_waves import PlaneWaves

# The triangular lattice by other primitive vectors: reduced but turned over, skewed, and with two sites in a cell.
SAME = [
    Lattice.of([[0, 1], [1, 0]] @ PRIMITIVE),
    Lattice.of([[1, 0], [2, 1]] @ PRIMITIVE),
    Lattice.of([[2, 1], [-1, 0]] @ PRIMITIVE),
]
TWO_SITES = Lattice.of([[1, 0], [-1, 2]] @ PRIMITIVE, ((0.0, 0.0), (0.5, 0.5)))


def mesh_state(box, symmetry="full", w=0.002):
    species = (Species("e", -1, 0.2, box.carriers, "both"), Species("h", 1, 1.0, box.carriers, height=1.0))
    functional = Functional(box, species, 9.0, external=(moire(box, "h", w),) if w else ())
    basis = bloch_basis(box, 1.8, "1x1", symmetry)
    start = gaussian_orbitals(basis, CELLS["1x1"].sites(box.lattice), oscillator_length(1.0, 9.0))
    return kmesh.solve(functional, basis, [None, start], ["shells", "bands"], tolerance=1e-10)


@pytest.mark.parametrize("lattice", SAME)
@pytest.mark.parametrize("symmetry", ["full", "inversion", "none"])
def test_other_primitive_vectors_give_the_same_state_on_the_mesh(lattice, symmetry):
    reference = mesh_state(Box.triangular(4, 4))
    other = mesh_state(Box.repeated(lattice, 4, 4), symmetry=symmetry)
    assert reference.converged and other.converged and reference.energy.exchange["h"] < -0.1
    assert other.energy.total / 16 == pytest.approx(reference.energy.total / 16, abs=1e-10)
    if symmetry == "full":
        assert other.basis.weights.tolist() == reference.basis.weights.tolist()
        np.testing.assert_allclose(other.levels[1][:, :2], reference.levels[1][:, :2], atol=1e-8)


def test_two_sites_in_a_cell_give_the_same_state():
    box = Box.repeated(TWO_SITES, 4, 2)
    # Its cell has reciprocal vectors that the crystal lacks, so that no moiré potential is compared.
    reference, state = mesh_state(Box.rectangular(4, 2), w=0.0), mesh_state(box, w=0.0)
    assert box.carriers == 16 and state.basis.k_count == 8
    assert state.energy.total / 16 == pytest.approx(reference.energy.total / 16, abs=1e-10)


@pytest.mark.parametrize("lattice", [*SAME, TWO_SITES])
def test_other_primitive_vectors_give_the_same_state_without_symmetry(lattice):
    def energy(box):
        waves, functional = PlaneWaves.disc(box, 1.5), polarised(box)
        start = [gaussian_start(waves, box.sites(), 0.6, box.carriers)]
        state = minimisation.minimise_orbitals(functional, waves, start, tolerance=1e-9)
        assert state.converged
        return state.energy.total / box.carriers

    two = len(lattice.sites) == 2
    reference = Box.rectangular(3, 2) if two else Box.triangular(3, 3)
    other = Box.repeated(lattice, 3, 2 if two else 3)
    assert energy(other) == pytest.approx(energy(reference), abs=1e-10)


def polarised(box, r_s=9.0, spins=("polarised",)):
    species = tuple(Species("h", 1, 1.0, box.carriers // len(spins), spin) for spin in spins)
    return Functional(box, species, r_s, ZeroMode.MADELUNG)


def crystal(lattice, cell, r_s=9.0, mesh=4, symmetry="full"):
    """Crystal with the spins of a cell on a mesh of the lattice."""
    box = Box.repeated(lattice, mesh, mesh)
    spins = sorted(set(cell.pattern(lattice)))
    labels = spins if len(spins) == 2 else ["polarised"]
    counts = [cell.pattern(lattice).count(spin) for spin in spins]
    cells = box.cells // Box(cell.rows, lattice).cells
    species = tuple(Species("h", 1, 1.0, n * cells, label) for n, label in zip(counts, labels, strict=True))
    basis = bloch_basis(box, 1.8, cell, symmetry)
    start = [gaussian_orbitals(basis, cell.sites(lattice, spin), oscillator_length(1.0, r_s)) for spin in spins]
    functional = Functional(box, species, r_s, ZeroMode.MADELUNG)
    state = kmesh.solve(functional, basis, start, ["bands"] * len(spins), tolerance=1e-9)
    assert state.converged
    return state


@pytest.mark.parametrize("cell", ["1x1", "2x1", "sqrt2xsqrt2"])
def test_solvers_agree_on_square_crystals(cell):
    bloch = crystal(SQUARE, CELLS[cell])
    functional, box = bloch.functional, bloch.functional.box
    waves, sites = PlaneWaves.disc(box, 1.8), box.sites()
    coordinates = box.coordinates()
    rows = np.linalg.inv(np.array(CELLS[cell].rows))
    first = (np.abs(coordinates @ rows - np.rint(coordinates @ rows)) < 1e-9).all(axis=1)
    groups = [sites] if cell == "1x1" else [sites[~first], sites[first]]
    start = [gaussian_start(waves, at, 0.6, len(at)) for at in groups]
    free = minimisation.minimise_orbitals(functional, waves, start, tolerance=1e-8)
    assert free.converged and free.energy.total / 16 == pytest.approx(bloch.energy.total / 16, abs=1e-9)


def test_neel_and_stripe_order_differ_and_symmetry_changes_nothing():
    states = {cell: crystal(SQUARE, CELLS[cell]) for cell in ("1x1", "2x1", "sqrt2xsqrt2")}
    energies = {cell: state.energy.total / 16 for cell, state in states.items()}
    assert len({round(energy, 6) for energy in energies.values()}) == 3
    for symmetry in ("inversion", "none"):
        other = crystal(SQUARE, CELLS["sqrt2xsqrt2"], symmetry=symmetry)
        assert other.energy.total / 16 == pytest.approx(energies["sqrt2xsqrt2"], abs=1e-11)
    # The basis of the point group is the smallest.
    assert len(states["sqrt2xsqrt2"].basis.members) < len(other.basis.members)


def test_a_pattern_without_inversion_has_complex_orbitals():
    # Two of the four sites of a 2x2 cell up, so that no site is a centre of inversion of the pattern's origin.
    cell = Cell(((4, 0), (0, 1)), ("up", "up", "down", "down"))
    basis = bloch_basis(Box.repeated(SQUARE, 4, 4), 1.8, cell)
    assert basis.is_complex and len(basis.fourier.group) == 2
    reference = crystal(SQUARE, cell, symmetry="none")
    reduced = crystal(SQUARE, cell)
    assert len(reduced.basis.members) < len(reference.basis.members)
    assert reduced.energy.total / 16 == pytest.approx(reference.energy.total / 16, abs=1e-10)


def test_square_crystal_approaches_its_madelung_energy():
    # Einstein oscillators on the square lattice: (E + 1.10024/r_s) r_s^{3/2} tends to sqrt(1/2 sum R^-3).
    r_s = 400.0
    box = Box.repeated(SQUARE, 3, 3)
    basis = bloch_basis(box, 6.0)
    start = gaussian_orbitals(basis, [[0.0, 0.0]], oscillator_length(1.0, r_s))
    state = kmesh.solve(polarised(box, r_s), basis, [start], ["bands"])
    zero_point = (state.energy.total / 9 + 1.1002441 / r_s) * r_s**1.5
    # 9.0336217 = sum of R^-3 over the square lattice of unit spacing; images of a moved carrier move with it.
    assert zero_point == pytest.approx(np.sqrt(9.0336217 / np.pi**1.5 / 2 * (1 - 9**-1.5)), rel=0.02)
    assert abs(zero_point - einstein_frequency(9)) > 0.01


def test_shear_keeps_the_box_but_not_the_point_group():
    sheared = TRIANGULAR.deformed([[1.0, 0.0], [0.1, 1.0]])
    state = crystal(sheared, CELLS["1x1"], r_s=20.0)
    reference = crystal(TRIANGULAR, CELLS["1x1"], r_s=20.0)
    assert state.functional.box.area == reference.functional.box.area
    # The triangular crystal is stable against shear, and a shear by one lattice vector is none at all.
    assert state.energy.total > reference.energy.total + 1e-3 / 20
    whole = TRIANGULAR.deformed([[1.0, 0.0], [2 / np.sqrt(3), 1.0]])
    assert crystal(whole, CELLS["1x1"], r_s=20.0).energy.total == pytest.approx(reference.energy.total, abs=1e-9)
    # Shears by +g and -g are mirror images.
    mirror = crystal(TRIANGULAR.deformed([[1.0, 0.0], [-0.1, 1.0]]), CELLS["1x1"], r_s=20.0)
    assert mirror.energy.total == pytest.approx(state.energy.total, abs=1e-9)


def test_madelung_potential_of_any_vectors():
    reference = madelung_potential(Box.triangular(2, 2))
    for lattice in SAME:
        assert madelung_potential(Box.repeated(lattice, 2, 2)) == pytest.approx(reference, rel=1e-13)
    skewed = Lattice.of([[1, 0], [12, 1]] @ PRIMITIVE)
    assert madelung_potential(Box.repeated(skewed, 1, 1)) == pytest.approx(2 * reference, rel=1e-12)
