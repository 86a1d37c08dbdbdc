import numpy as np
import pytest

from ehbilayer.hartree_fock import kmesh, solve_crystal
from ehbilayer.hartree_fock.bands import (
    effective_mass,
    fermi_line,
    free_levels,
    interpolated_levels,
    levels_on_path,
    zone_boundary,
    zone_grid,
    zone_path,
)
from ehbilayer.hartree_fock.bloch import bloch_basis
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.model.coulomb import ZeroMode, madelung_potential
from ehbilayer.model.lattice import RECIPROCAL_LENGTH, TRIANGULAR, Box


def mesh_points(state):
    basis = state.basis
    return basis.waves.vectors[basis.members[:, 0]]


@pytest.mark.parametrize("zero_mode", ["dropped", "madelung"])
def test_interpolation_passes_through_the_mesh(zero_mode):
    result = solve_crystal(r_s=7.0, mesh=6, cutoff=2.0, zero_mode=zero_mode)
    state = result.state
    shift = madelung_potential(state.functional.box) / 7.0 if zero_mode == "dropped" else 0.0
    for index in (0, 1):
        expected = state.levels[index][:, :2] - shift * state.occupations[index][:, :2]
        computed = interpolated_levels(state, index, mesh_points(state), bands=2)
        np.testing.assert_allclose(computed, np.sort(expected, axis=1), atol=1e-8)


def test_interpolation_between_mesh_points_agrees_with_a_finer_mesh():
    coarse, fine = (solve_crystal(r_s=7.0, mesh=m, cutoff=2.0, zero_mode="madelung") for m in (6, 12))
    k = mesh_points(fine.state)
    holes = interpolated_levels(coarse.state, 1, k, bands=2)[:, :2] / coarse.fermi_energy
    assert np.ptp(holes[:, 0]) > 0.1
    np.testing.assert_allclose(holes, fine.state.levels[1][:, :2] / fine.fermi_energy, atol=0.01)
    electrons = interpolated_levels(coarse.state, 0, k, bands=2)[:, 0] / coarse.fermi_energy
    # The electrons' shells differ between the meshes: their levels agree less well.
    np.testing.assert_allclose(electrons, fine.state.levels[0][:, 0] / fine.fermi_energy, atol=0.1)


def test_bands_have_the_symmetry_of_the_lattice():
    state = solve_crystal(r_s=7.0, mesh=6, cutoff=2.0).state
    k = np.array([[0.31, 0.12]])
    rotation = np.array([[0.5, np.sqrt(3) / 2], [-np.sqrt(3) / 2, 0.5]])
    for index in (0, 1):
        levels = interpolated_levels(state, index, np.concatenate([k, k @ rotation, k * [1, -1], -k]), bands=2)
        np.testing.assert_allclose(levels, np.broadcast_to(levels[0], levels.shape), atol=1e-9)
    shifted = interpolated_levels(state, 1, k + state.functional.box.reciprocal[0] * 6, bands=2)
    np.testing.assert_allclose(shifted, levels[:1], atol=2e-4)


def test_a_state_without_the_symmetry_is_not_averaged():
    state = solve_crystal(r_s=7.0, mesh=4, cutoff=2.0, symmetry="inversion", zero_mode="madelung").state
    assert len(state.basis.operations) == 1 and len(solve_crystal(mesh=4, cutoff=2.0).state.basis.operations) == 6
    computed = interpolated_levels(state, 1, mesh_points(state), bands=2)
    np.testing.assert_allclose(computed, state.levels[1][:, :2], atol=1e-8)


def test_free_levels_are_those_without_interaction():
    box = Box.triangular(4, 4)
    r_s, mass = 1e-3, 0.01
    functional = Functional(box, (Species("e", -1, mass, 16, spin="both"),), r_s)
    state = kmesh.solve(functional, bloch_basis(box, 2.0), [None], ["shells"])
    computed = free_levels(mesh_points(state), r_s, mass, bands=4)
    np.testing.assert_allclose(computed, np.sort(state.levels[0], axis=1)[:, :4], rtol=1e-3, atol=1e-3 * computed.max())


def test_free_levels_have_the_period_of_the_zone():
    k = np.array([[0.3, 0.7], [1.1, -0.2]])
    shifted = k + np.array([3, -4]) @ TRIANGULAR.reciprocal
    np.testing.assert_allclose(free_levels(shifted, 7.0, bands=6), free_levels(k, 7.0, bands=6), rtol=1e-12)
    # At K three plane waves have the same length.
    corner = free_levels(zone_boundary()[:1], 7.0, bands=4)[0]
    np.testing.assert_allclose(corner[:3], RECIPROCAL_LENGTH**2 / 6 / 49, rtol=1e-12)
    assert corner[3] > 2 * corner[0]


def test_free_electrons_have_their_own_mass():
    # At r_s -> 0 interactions vanish beside the kinetic energy.
    box = Box.triangular(6, 6)
    functional = Functional(box, (Species("e", -1, 0.1, 36, spin="both"),), 1e-3)
    state = kmesh.solve(functional, bloch_basis(box, 2.0), [None], ["shells"])
    fit = effective_mass(state, 0, 4.0)
    assert fit.mass == pytest.approx(1.0, abs=1e-3)
    assert fit.levels > 36


def test_the_fermi_line_of_free_electrons_is_a_circle():
    box = Box.triangular(6, 6)
    functional = Functional(box, (Species("e", -1, 0.1, 36, spin="both"),), 1e-3, ZeroMode.MADELUNG)
    state = kmesh.solve(functional, bloch_basis(box, 2.0), [None], ["shells"])
    line = fermi_line(state, 0, directions=12)
    np.testing.assert_allclose(line.radii, np.sqrt(2), rtol=1e-3)
    assert line.level == pytest.approx(10 * 1e6, rel=2e-3)
    np.testing.assert_allclose(np.linalg.norm(line.points, axis=1)[:-1], line.radii)
    assert line.points.shape == (13, 2)


def test_the_fermi_line_of_a_crystal_holds_half_of_the_zone_and_lies_on_its_level():
    state = solve_crystal(r_s=7.0, mesh=6, cutoff=2.0, zero_mode="madelung").state
    line = fermi_line(state, 0, directions=24, points=81)
    np.testing.assert_allclose(line.radii, np.roll(line.radii, 4), rtol=1e-9)
    assert np.ptp(line.radii) > 1e-4
    band = interpolated_levels(state, 0, line.points, bands=1)[:, 0]
    np.testing.assert_allclose(band, line.level, atol=2e-4 * 10 / 49)
    x, y = line.points.T
    area = 0.5 * abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    # A polygon of 24 corners is smaller than its circle.
    polygon = np.sin(2 * np.pi / 24) / (2 * np.pi / 24)
    assert area / ((2 * np.pi) ** 2 / np.pi) == pytest.approx(0.5 * polygon, rel=1e-3)


def test_exchange_lowers_the_mass_at_the_fermi_level():
    box = Box.triangular(12, 12)
    functional = Functional(box, (Species("e", -1, 1.0, 144, spin="both"),), 1.0, ZeroMode.MADELUNG)
    state = kmesh.solve(functional, bloch_basis(box, 2.0), [None], ["shells"])
    assert effective_mass(state, 0, 2.0).mass < 0.9


def test_path():
    path = zone_path("ΓMKΓ", points=11)
    np.testing.assert_allclose(path.ticks, [0, 0.5, 0.5 + 0.5 / np.sqrt(3), 0.5 + 1.5 / np.sqrt(3)], rtol=1e-12)
    np.testing.assert_allclose(path.points[0], path.points[-1], atol=1e-14)


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda s: zone_path("ΓX"), "labels"),
        (lambda s: zone_path("Γ"), "labels"),
        (lambda s: zone_path(points=1), "points"),
        (lambda s: effective_mass(s, 0, -1.0), "window"),
        (lambda s: effective_mass(s, 5, 1.0), "index"),
        (lambda s: effective_mass(s, 0, 0.01), "window"),
        (lambda s: interpolated_levels(s, 0, [[0.0, np.nan]], bands=2), "k_points"),
        (lambda s: interpolated_levels(s, 0, [[0.0, 0.0]], bands=0), "bands"),
        (lambda s: free_levels([[0.0]], 7.0), "k_points"),
        (lambda s: fermi_line(s, 0, directions=1), "directions"),
        (lambda s: fermi_line(s, 0, points=1), "points"),
        (lambda s: fermi_line(s, 1), "index = 1"),
        (lambda s: free_levels([[0.0, 0.0]], 0.0), "r_s"),
        (lambda s: free_levels([[1e9, 0.0]], 7.0), "k_points"),
    ],
)
def test_bad_arguments_are_named(call, name):
    state = solve_crystal(mesh=3, cutoff=1.5).state
    with pytest.raises(ValueError, match=name):
        call(state)


def test_complex_states_are_refused():
    with pytest.raises(ValueError, match="complex"):
        interpolated_levels(solve_crystal(mesh=2, cutoff=1.5, symmetry="none").state, 0, [[0.0, 0.0]])


def test_levels_on_path_are_those_of_the_mesh():
    state = solve_crystal(mesh=6, cutoff=2.0).state
    path = zone_path("ΓMKΓ", points=13)
    distance, levels = levels_on_path(state, 1, path, bands=2)
    # Γ, two points and M on the first leg, K, one point and Γ again.
    np.testing.assert_allclose(distance[:4], [0, 1 / 6, 1 / 3, 1 / 2], atol=1e-12)
    assert len(distance) == 7
    np.testing.assert_allclose(levels[0], state.levels[1][0, :2])
    np.testing.assert_allclose(levels[0], levels[-1])
    assert abs(levels[3] - levels[4]).max() > 1e-4


def test_zone_boundary_encloses_one_cell():
    corners = zone_boundary()
    x, y = corners.T
    area = 0.5 * abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    assert area == pytest.approx((2 * np.pi) ** 2 / np.pi)
    assert zone_grid(5).shape == (5, 5, 2)
