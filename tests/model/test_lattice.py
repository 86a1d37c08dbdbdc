import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.model.lattice import CELLS, PRIMITIVE, RECIPROCAL_LENGTH, Box, PlaneWaves, point_group

BOXES = [Box.triangular(6, 6), Box.triangular(3, 2), Box.rectangular(3, 2), Box(CELLS["sqrt3xsqrt3"])]


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
