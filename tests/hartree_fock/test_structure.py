"""Bragg components, peaks and spin texture of supercell states against densities put in by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal, solve_supercell, structure
from ehbilayer.hartree_fock.functional import Species
from ehbilayer.hartree_fock.orbitals import orbital_grid
from ehbilayer.hartree_fock.supercell import SupercellState
from ehbilayer.model.lattice import PRIMITIVE, Box
from ehbilayer.model.plane_waves import PlaneWaves

BOXES = [Box.triangular(4, 4), Box.rectangular(4, 2)]
LATTICE_CONSTANT = np.linalg.norm(PRIMITIVE[0])


def made_up(box, density, spin=None):
    """A result whose hole density (and electron densities) are given as functions of position."""
    grid = orbital_grid(PlaneWaves.disc(box, 2.0))
    n1, n2 = grid.shape
    points = np.stack(np.meshgrid(np.arange(n1) / n1, np.arange(n2) / n2, indexing="ij"), -1) @ box.vectors
    fields = [density(points)] if spin is None else [f(points) for f in (*spin, density)]
    electrons = (
        () if spin is None else tuple(Species("e", -1, 1.0, box.cells, direction) for direction in ("up", "down"))
    )
    species = (*electrons, Species("h", 1, 1.0, box.cells))
    state = SimpleNamespace(
        functional=SimpleNamespace(box=box, species=species), grid=grid, density=lambda index: fields[index]
    )
    return SupercellState({"spin": "unrestricted"}, {}, state)


def crystal_density(points):
    b1, b2 = 2 * np.pi * np.linalg.inv(PRIMITIVE).T
    return 1 + 2 * 0.3 * sum(np.cos(points @ b) for b in (b1, b2, b1 + b2))


@pytest.mark.parametrize("box", BOXES)
def test_triangular_crystal(box):
    order = structure.structure(made_up(box, crystal_density))
    assert order.bragg == pytest.approx(0.3, rel=1e-10) and order.bragg_lowest == pytest.approx(0.3, rel=1e-10)
    assert order.other < 1e-12
    assert len(order.peaks) == box.cells
    np.testing.assert_allclose(order.nearest, LATTICE_CONSTANT, rtol=5e-3)
    np.testing.assert_allclose(order.second, LATTICE_CONSTANT, rtol=5e-3)
    # Peaks are lattice sites.
    fractions = order.peaks @ np.linalg.inv(PRIMITIVE)
    assert np.abs(fractions - np.rint(fractions)).max() < 0.02


@pytest.mark.parametrize("box", BOXES)
def test_moved_crystal_has_the_same_order(box):
    shift = np.array([0.31, 0.55])
    order = structure.structure(made_up(box, lambda points: crystal_density(points - shift)))
    assert order.bragg == pytest.approx(0.3, rel=1e-10) and order.other < 1e-12
    fractions = (order.peaks - shift) @ np.linalg.inv(PRIMITIVE)
    assert np.abs(fractions - np.rint(fractions)).max() < 0.02


def test_stripes_lose_bragg_components_and_gain_others():
    b1 = 2 * np.pi * np.linalg.inv(PRIMITIVE).T[0]
    order = structure.structure(
        made_up(BOXES[0], lambda points: 1 + 0.8 * np.cos(points @ b1 / 2) + 0.4 * np.cos(points @ b1))
    )
    assert order.other == pytest.approx(0.4, rel=1e-10)
    assert order.bragg_lowest < 1e-12 and order.bragg == pytest.approx(0.2 / np.sqrt(3), rel=1e-10)


def test_pairs_show_in_the_distances_to_neighbours():
    pair = np.array([0.4, 0.0])
    sites = np.array([[0, 0], [2, 0], [0, 2], [2, 2]]) @ PRIMITIVE
    box = BOXES[0]

    def density(points):
        total = np.zeros(points.shape[:-1])
        for site in (*(sites + pair), *(sites - pair)):
            for image in np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)]) @ box.vectors:
                total += 16 * np.exp(-np.sum((points - site - image) ** 2, axis=-1) / 0.04)
        return total

    order = structure.structure(made_up(box, density))
    assert len(order.peaks) == 8
    np.testing.assert_allclose(order.nearest, 0.8, atol=0.05)
    # Pairs stand two lattice constants apart along x; nearest ends of two pairs are 0.8 closer.
    np.testing.assert_allclose(order.second, 2 * LATTICE_CONSTANT - 0.8, atol=0.05)


def test_uniform_density_has_no_order():
    order = structure.structure(made_up(BOXES[0], lambda points: np.ones(points.shape[:-1])))
    assert order.bragg < 1e-12 and order.other < 1e-12 and len(order.peaks) == 0 and len(order.nearest) == 0


def test_spin_and_layer_densities():
    up, down = (lambda p: 0.5 + 0.2 * np.cos(p @ np.array([1.0, 0.0]))), (lambda p: 0.5 + 0 * p[..., 0])
    result = made_up(BOXES[0], crystal_density, spin=(up, down))
    np.testing.assert_allclose(
        structure.spin_density(result) + 2 * 0.5, structure.layer_density(result, "e"), atol=1e-12
    )
    assert structure.structure(result, "h").bragg == pytest.approx(0.3, rel=1e-10)


def test_spin_density_of_states():
    free = solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4, spin="unrestricted", start="coupled crystal")
    assert np.abs(structure.spin_density(free)).max() > 0.1 and abs(structure.spin_density(free).mean()) < 1e-10
    polarised = solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4, spin="polarised")
    assert structure.spin_density(polarised).mean() == pytest.approx(1.0)
    restricted = solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4)
    assert (structure.spin_density(restricted) == 0).all()
    assert structure.layer_density(restricted, "e").mean() == pytest.approx(1.0)


def test_order_of_a_computed_crystal_is_its_density_component():
    free = solve_supercell(
        mass_ratio=4, d=1.0, r_s=15.0, cells=(4, 4), spin="polarised", start="coupled crystal", tolerance=1e-8
    )
    bloch = solve_crystal(mass_ratio=4, d=1.0, r_s=15.0, mesh=4, cutoff=2.0, electrons="crystal").state
    for index, layer in enumerate("eh"):
        first = np.flatnonzero(np.isclose(bloch.basis.lengths, np.linalg.norm(bloch.functional.box.reciprocal[0]) * 4))[
            0
        ]
        expected = bloch.density_components(index)[first].real / 16
        assert structure.structure(free, layer).bragg == pytest.approx(expected, abs=1e-5)


def test_momentum_variance_of_the_two_solvers():
    free = solve_supercell(
        mass_ratio=4, d=1.0, r_s=15.0, cells=(4, 4), spin="polarised", start="coupled crystal", tolerance=1e-8
    )
    bloch = solve_crystal(mass_ratio=4, d=1.0, r_s=15.0, mesh=4, cutoff=2.0, electrons="crystal")
    for layer in "eh":
        assert free.momentum_variance[layer] == pytest.approx(bloch.momentum_variance[layer], rel=1e-5)


def test_grids_close_the_period():
    result = made_up(BOXES[1], crystal_density)
    rho = structure.layer_density(result, "h")
    for repeats in (1, 2):
        points, closed = structure.grid_points(result, repeats), structure.wrapped(rho, repeats)
        assert closed.shape == points.shape[:2]
        np.testing.assert_allclose(crystal_density(points), closed, atol=1e-10)


def test_bad_arguments_are_named():
    result = made_up(BOXES[0], crystal_density)
    with pytest.raises(ValueError, match="layer = 'x'"):
        structure.structure(result, "x")
    with pytest.raises(ValueError, match="repeats = 0"):
        structure.wrapped(np.ones((3, 3)), 0)
