import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice import (
    CELLS,
    PRIMITIVE,
    RECIPROCAL_LENGTH,
    SQUARE,
    TRIANGULAR,
    Box,
    Cell,
    Lattice,
    point_group,
    shortest_reciprocal,
)
from ehbilayer.model.plane_waves import PlaneWaves

BOXES = [Box.triangular(6, 6), Box.triangular(3, 2), Box.rectangular(3, 2), Box(CELLS["sqrt3xsqrt3"].rows)]
BOXES += [Box.repeated(SQUARE, 4, 4), Box.repeated(TRIANGULAR.deformed([[1.0, 0.0], [0.1, 1.0]]), 4, 4)]
BOXES += [Box.repeated(Lattice.of([[1, 0], [3, 1]] @ PRIMITIVE), 3, 3)]


def test_primitive_cell_holds_one_carrier():
    assert abs(np.linalg.det(PRIMITIVE)) == pytest.approx(np.pi, rel=1e-14)
    lengths = np.linalg.norm(Box.triangular(1, 1).reciprocal, axis=1)
    np.testing.assert_allclose(lengths, RECIPROCAL_LENGTH, rtol=1e-14)


@pytest.mark.parametrize("box", BOXES)
def test_box_geometry(box):
    np.testing.assert_allclose(box.vectors @ box.reciprocal.T, 2 * np.pi * np.eye(2), atol=1e-12)
    assert abs(np.linalg.det(box.vectors)) == pytest.approx(box.area, rel=1e-12)


def test_rectangular_box_is_rectangular():
    first, second = Box.rectangular(6, 3).vectors
    assert first @ second == pytest.approx(0.0, abs=1e-12)
    assert Box.rectangular(6, 3).cells == 36


def test_disc_of_the_papers_criterion_has_127_plane_waves():
    assert len(PlaneWaves.disc(Box.triangular(6, 6), 1.0)) == 127


@pytest.mark.parametrize("box", BOXES)
@settings(max_examples=10, deadline=None)
@given(cutoff=st.floats(0.7, 2.5))
def test_disc_is_complete_and_inversion_symmetric(box, cutoff):
    waves = PlaneWaves.disc(box, cutoff)
    reach = 4 * int(np.abs(waves.integers).max()) + 2
    axis = np.arange(-reach, reach + 1)
    every = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    inside = np.linalg.norm(every @ box.reciprocal, axis=1) <= cutoff * RECIPROCAL_LENGTH * (1 + 1e-12)
    assert inside.sum() == len(waves)
    mirror = waves.index(-waves.integers)
    assert (mirror >= 0).all() and (mirror[mirror] == np.arange(len(waves))).all()
    assert (np.diff(waves.squares) > -1e-8).all()
    assert waves.edge.any() and not waves.edge[0]


def test_index_finds_members_only():
    waves = PlaneWaves.disc(Box.triangular(4, 4), 1.5)
    assert (waves.index(waves.integers) == np.arange(len(waves))).all()
    assert waves.index(np.array([[1000, 0], [0, 0]])).tolist() == [-1, 0]


@pytest.mark.parametrize("box", BOXES)
def test_point_group_permutes_plane_waves_and_keeps_lengths(box):
    waves = PlaneWaves.disc(box, 2.0)
    group = point_group(box)
    assert (group[0] == np.eye(2)).all()
    for operation in group:
        image = waves.index(waves.integers @ operation)
        assert sorted(image) == list(range(len(waves)))
        np.testing.assert_allclose(waves.squares[image], waves.squares, rtol=1e-12)


def test_point_group_orders():
    assert len(point_group(Box.triangular(6, 6))) == 12
    assert len(point_group(Box.triangular(6, 6), CELLS["2x1"])) == 4
    assert len(point_group(Box.triangular(6, 6), CELLS["sqrt3xsqrt3"])) == 12


def test_point_group_of_other_lattices():
    assert len(point_group(Box.repeated(SQUARE, 4, 4))) == 8
    assert len(point_group(Box.repeated(SQUARE, 4, 2))) == 4
    assert len(point_group(Box.repeated(SQUARE, 4, 4), CELLS["sqrt2xsqrt2"])) == 8
    assert len(point_group(Box.repeated(SQUARE, 4, 4), CELLS["2x1"])) == 4
    # A general shear leaves the inversion; one along a mirror, a stretch, leaves a rectangle's operations.
    assert len(point_group(Box.repeated(TRIANGULAR.deformed([[1.0, 0.0], [0.1, 1.0]]), 4, 4))) == 2
    assert len(point_group(Box.repeated(TRIANGULAR.deformed(np.diag([1.1, 1 / 1.1])), 4, 4))) == 4
    for shape in ([[0, 1], [1, 0]], [[1, 0], [2, 1]], [[1, 0], [5, 1]]):
        assert len(point_group(Box.repeated(Lattice.of(shape @ PRIMITIVE), 6, 6))) == 12
    # Graphene's site is a centre of threefold rotations only; with both sites alike that leaves six operations.
    honeycomb = Lattice.of(PRIMITIVE, ((0.0, 0.0), (1 / 3, 1 / 3)))
    assert len(point_group(Box.repeated(honeycomb, 3, 3))) == 6
    # A spin pattern may have fewer operations than its cell.
    assert len(point_group(Box.triangular(6, 6), Cell(((1, 1), (-1, 2)), ("up", "up", "down")))) == 6


def test_sites_fill_the_box_and_follow_the_pattern():
    for box in (Box.triangular(3, 4), Box.repeated(SQUARE, 2, 3), Box.rectangular(2, 2)):
        assert box.sites().shape == (box.carriers, 2)
    neel = CELLS["sqrt2xsqrt2"]
    side = np.sqrt(np.pi)
    np.testing.assert_allclose(neel.sites(SQUARE, "up"), [[0.0, 0.0]])
    np.testing.assert_allclose(neel.sites(SQUARE, "down"), [[0.0, side]], atol=1e-12)


def test_shortest_reciprocal_vectors():
    lengths = np.linalg.norm(shortest_reciprocal(Box.triangular(3, 3)) @ Box.triangular(3, 3).reciprocal, axis=1)
    np.testing.assert_allclose(lengths, RECIPROCAL_LENGTH, rtol=1e-13)
    for box, count in ((Box.repeated(SQUARE, 4, 4), 4), (BOXES[-1], 6), (BOXES[-2], 2)):
        shortest = shortest_reciprocal(box)
        steps = np.stack(np.meshgrid(*[np.arange(-6, 7)] * 2, indexing="ij"), -1).reshape(-1, 2)
        every = np.sort(np.linalg.norm(steps @ box.lattice.reciprocal, axis=1))[1:]
        np.testing.assert_allclose(np.linalg.norm(shortest @ box.reciprocal, axis=1), every[:count], rtol=1e-12)
        assert every[count] > every[0] * (1 + 1e-6) and len(shortest) == count
        assert (shortest[: count // 2] == -shortest[count // 2 :]).all()


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda: Lattice(((1.0, 0.0), (0.0, 1.0))), "vectors"),
        (lambda: Lattice.of([[1.0, 0.0], [2.0, 0.0]]), "vectors"),
        (lambda: Lattice.of(np.eye(2), ((0.5, 0.0),)), "sites"),
        (lambda: SQUARE.deformed([[1.1, 0.0], [0.0, 1.0]]), "matrix"),
        (lambda: Cell(((2, 0), (0, 1)), ("up",)).sites(SQUARE, "up"), "spins"),
    ],
)
def test_bad_lattices_are_named(call, name):
    with pytest.raises(ArgumentError, match=f"{name} = .* is not allowed"):
        call()


@pytest.mark.parametrize(
    "waves", [PlaneWaves.disc(Box.triangular(4, 4), 1.5), PlaneWaves.grid(Box.rectangular(2, 1), 9, 7)]
)
def test_product_grid_separates_all_differences(waves):
    sizes = np.array(waves.product_grid())
    pairs = (waves.integers[:, None] - waves.integers[None, :]).reshape(-1, 2)
    unique = np.unique(pairs, axis=0)
    assert len(np.unique(unique % sizes, axis=0)) == len(unique)
    # A smaller grid in either direction would not do for the full rectangle of waves.
    if len(waves) == 63:
        assert sizes.tolist() == [18, 15]


def test_peer_basis_has_1755_plane_waves():
    assert len(PlaneWaves.grid(Box.rectangular(6, 3), 45, 39)) == 1755


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda: Box.triangular(0, 3), "n1"),
        (lambda: Box.rectangular(2, -1), "n2"),
        (lambda: PlaneWaves.disc(Box.triangular(2, 2), -1.0), "cutoff"),
        (lambda: PlaneWaves.disc(Box.triangular(2, 2), float("nan")), "cutoff"),
        (lambda: PlaneWaves.grid(Box.triangular(2, 2), 4, 5), "n1"),
    ],
)
def test_bad_geometry_is_named(call, name):
    with pytest.raises(ValueError, match=f"{name} = .* is not allowed"):
        call()
