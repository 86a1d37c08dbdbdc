"""One functional, two solvers: both against the double sum over plane waves, and against their own gradients."""

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import kmesh, minimisation
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.orbitals import orbital_grid
from ehbilayer.hartree_fock.pair_exchange import apply_exchange
from ehbilayer.hartree_fock.potentials import Cosines, moire
from ehbilayer.hartree_fock.terms.external import External
from ehbilayer.hartree_fock.terms.hartree import Hartree
from ehbilayer.model.coulomb import ZeroMode, madelung_potential
from ehbilayer.model.lattice import PRIMITIVE, Box
from ehbilayer.model.plane_waves import PlaneWaves

BOXES = [Box.triangular(2, 2), Box.rectangular(2, 1)]


def three_species(box, **kwargs):
    species = (
        Species("e", -1, 0.3, box.cells // 2, "up"),
        Species("e", -1, 0.3, box.cells // 2, "down"),
        Species("h", 1, 1.0, box.cells, height=0.8),
    )
    return Functional(box, species, 2.5, **kwargs)


def restricted(box):
    return Functional(
        box, (Species("e", -1, 0.3, box.cells, spin="both"), Species("h", 1, 1.0, box.cells, height=0.8)), 2.5
    )


def random_orbitals(functional, waves, seed=1):
    rng = np.random.default_rng(seed)
    return [np.linalg.qr(rng.standard_normal((len(waves), int(s.per_spin))))[0] for s in functional.species]


def complex_coefficients(grid, x):
    return 0.5 * ((1 - 1j) * x + (1 + 1j) * x[grid.mirror])


def double_sum(functional, waves, density_matrices):
    """Energy parts straight from paper A's E[D], with explicit sums over all plane waves."""
    vectors, n = waves.vectors, len(waves)
    shift = waves.index(waves.integers[:, None, None] - waves.integers[None, :, None] + waves.integers[None, None, :])
    q = np.linalg.norm(vectors[:, None] - vectors[None, :], axis=-1)
    kinetic, exchange, hartree = {}, {}, {}
    a, b, c = np.nonzero(shift >= 0)
    for i, (s, d) in enumerate(zip(functional.species, density_matrices, strict=True)):
        kinetic[s.name] = s.components * np.sum(functional.kinetic(s, waves.squares) * np.diag(d).real)
        # sum over p, p', q of V(q) D(p+q, p'+q) D(p', p); a = p+q, b = p, c = p', shift = p'+q
        v = functional.coulomb(s, s, q)
        exchange[s.name] = -0.5 * s.components * np.sum(v[a, b] * d[a, shift[a, b, c]] * d[c, b]).real
        for other, e in list(zip(functional.species, density_matrices, strict=True))[i:]:
            v = functional.coulomb(s, other, q)
            # sum over p, p', q of V(q) D(p+q, p) D'(p', p'+q)
            term = np.sum(v[a, b] * d[a, b] * e[c, shift[a, b, c]]).real * s.components * other.components
            hartree[s.name, other.name] = (0.5 if s is other else 1.0) * term
    assert n > 5
    return kinetic, hartree, exchange


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("build", [three_species, restricted])
def test_supercell_energy_is_the_double_sum(box, build):
    functional, waves = build(box), PlaneWaves.disc(box, 1.3)
    grid = orbital_grid(waves)
    points = random_orbitals(functional, waves)
    energy, _ = minimisation.evaluate(functional, grid, points)
    matrices = [(c := complex_coefficients(grid, x)) @ c.conj().T for x in points]
    for computed, expected in zip(
        (energy.kinetic, energy.hartree, energy.exchange), double_sum(functional, waves, matrices), strict=True
    ):
        assert computed.keys() == expected.keys()
        for key in expected:
            assert abs(expected[key]) > 1e-4
            assert computed[key] == pytest.approx(expected[key], rel=1e-12)


@pytest.mark.parametrize("symmetry", ["full", "inversion", "none"])
@pytest.mark.parametrize("cell", ["1x1", "2x1"])
def test_kmesh_energy_is_the_double_sum(symmetry, cell):
    box = Box.triangular(4, 2)
    functional = Functional(box, (Species("e", -1, 0.3, 8, spin="both"), Species("h", 1, 1.0, 8, height=0.8)), 2.5)
    basis = bloch_basis(box, 1.5, cell, symmetry)
    start = gaussian_orbitals(basis, [[0.0, 0.0]], 0.4)
    state = kmesh.solve(
        functional,
        basis,
        [None, start if cell == "1x1" else None],
        ["shells", "bands" if cell == "1x1" else "shells"],
        max_iterations=4,
    )
    # Rebuild full density matrices over all plane waves from the reordered blocks.
    waves, matrices = basis.waves, []
    for index in range(2):
        table = basis.by_difference(state.density_matrix(index))
        full = np.zeros((len(waves), len(waves)), dtype=complex)
        for n, delta in enumerate(basis.differences):
            partner = waves.index(waves.integers - delta)
            rows = np.flatnonzero(partner >= 0)
            full[rows, partner[rows]] = table[rows, n]
            full[partner[rows], rows] = table[rows, n].conj()
        matrices.append(full)
    np.testing.assert_allclose(np.trace(matrices[0]), 4, atol=1e-10)
    energy, _ = kmesh.evaluate(functional, basis, [state.density_matrix(n) for n in (0, 1)])
    for computed, expected in zip(
        (energy.kinetic, energy.hartree, energy.exchange), double_sum(functional, waves, matrices), strict=True
    ):
        for key in expected:
            assert computed[key] == pytest.approx(expected[key], rel=1e-11, abs=1e-13)
    assert all(abs(value) > 1e-4 for value in energy.exchange.values())


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("build", [three_species, restricted])
def test_each_term_against_its_gradient(box, build):
    functional, waves = build(box), PlaneWaves.disc(box, 1.3)
    grid = orbital_grid(waves)
    points = random_orbitals(functional, waves)
    directions = [np.random.default_rng(7).standard_normal(x.shape) / len(waves) for x in points]
    fields = [grid.to_grid(x) for x in points]
    densities = [s.components * np.sum(f**2, axis=0) for s, f in zip(functional.species, fields, strict=True)]
    spectra = [np.fft.fft2(rho).reshape(-1) / rho.size for rho in densities]
    potentials = Hartree(functional, grid.fourier).operator(spectra)
    slopes = {"kinetic": {}, "exchange": {}, "hartree": 0.0}
    for s, x, v, f, potential in zip(functional.species, points, directions, fields, potentials, strict=True):
        slopes["kinetic"][s.name] = 2 * s.components * np.vdot(functional.kinetic(s, waves.squares)[:, None] * x, v)
        applied = grid.from_grid(apply_exchange(f, functional.coulomb(s, s, grid.lengths)))
        slopes["exchange"][s.name] = 2 * s.components * np.vdot(applied, v)
        mean_field = np.fft.ifft2(potential.reshape(grid.shape)).real * grid.lengths.size
        slopes["hartree"] += 2 * s.components * np.vdot(grid.from_grid(mean_field * f), v)
    _, fock = minimisation.evaluate(functional, grid, points)
    total = sum(2 * s.components * np.vdot(f, v) for s, f, v in zip(functional.species, fock, directions, strict=True))
    assert total == pytest.approx(
        sum(slopes["kinetic"].values()) + sum(slopes["exchange"].values()) + slopes["hartree"], rel=1e-12
    )

    # E is a quartic polynomial along a straight line, so a five-point stencil is exact up to rounding.
    def energy(t):
        return minimisation.evaluate(functional, grid, [x + t * v for x, v in zip(points, directions, strict=True)])[0]

    h = 0.1
    stencil = [(energy(k * h), c / (12 * h)) for k, c in ((-2, 1), (-1, -8), (1, 8), (2, -1))]
    for name, slope in slopes["kinetic"].items():
        assert abs(slope) > 1e-4
        assert sum(c * e.kinetic[name] for e, c in stencil) == pytest.approx(slope, rel=1e-9)
    for name, slope in slopes["exchange"].items():
        assert abs(slope) > 1e-5
        assert sum(c * e.exchange[name] for e, c in stencil) == pytest.approx(slope, rel=1e-8)
    assert abs(slopes["hartree"]) > 1e-5
    assert sum(c * sum(e.hartree.values()) for e, c in stencil) == pytest.approx(slopes["hartree"], rel=1e-8)


@pytest.mark.parametrize("symmetry", ["full", "inversion", "none"])
def test_kmesh_fock_is_the_gradient_of_its_energy(symmetry):
    box = Box.triangular(3, 3)
    functional = Functional(box, (Species("e", -1, 0.3, 8, spin="both"), Species("h", 1, 1.0, 9, height=0.8)), 2.5)
    basis = bloch_basis(box, 1.6, "1x1", symmetry)

    def orbitals(width):
        c = gaussian_orbitals(basis, [[0.0, 0.0]], width)
        return c @ c.conj().transpose(0, 2, 1)

    base = [0.5 * orbitals(0.3), orbitals(0.5)]
    change = [orbitals(0.6) - orbitals(0.2), orbitals(0.7) - orbitals(0.25)]
    _, focks = kmesh.evaluate(functional, basis, base)
    slope = sum(
        s.components * np.sum(basis.weights[:, None, None] * f * v.conj()).real
        for s, f, v in zip(functional.species, focks, change, strict=True)
    )

    def energy(t):
        return kmesh.evaluate(functional, basis, [d + t * v for d, v in zip(base, change, strict=True)])[0].total

    assert abs(slope) > 1e-3
    assert (energy(0.5) - energy(-0.5)) == pytest.approx(slope, rel=1e-10)


def test_orbitals_survive_the_grid():
    waves = PlaneWaves.disc(Box.triangular(3, 2), 1.7)
    grid = orbital_grid(waves)
    x = np.random.default_rng(0).standard_normal((len(waves), 5))
    fields = grid.to_grid(x)
    np.testing.assert_allclose(grid.from_grid(fields), x, atol=1e-13)
    # Parseval: columns orthonormal on the grid as in the coefficients.
    overlap = np.einsum("mrs,nrs->mn", fields, fields) / grid.lengths.size
    np.testing.assert_allclose(overlap, x.T @ x, atol=1e-11)


def test_exchange_on_other_functions_agrees_with_the_occupied_ones():
    waves = PlaneWaves.disc(Box.triangular(3, 2), 1.7)
    grid = orbital_grid(waves)
    fields = grid.to_grid(np.linalg.qr(np.random.default_rng(0).standard_normal((len(waves), 5)))[0])
    kernel = np.where(grid.lengths > 0, 1 / np.where(grid.lengths > 0, grid.lengths, 1), 0.0)
    np.testing.assert_allclose(
        apply_exchange(fields, kernel, targets=fields[:3]), apply_exchange(fields, kernel)[:3], atol=1e-12
    )


def test_madelung_mode_shifts_energy_by_a_constant_per_carrier():
    box = Box.triangular(2, 2)
    waves = PlaneWaves.disc(box, 1.3)
    dropped, corrected = three_species(box), three_species(box, zero_mode=ZeroMode.MADELUNG)
    grid, points = orbital_grid(waves), random_orbitals(dropped, waves)
    difference = (
        minimisation.evaluate(corrected, grid, points)[0].total - minimisation.evaluate(dropped, grid, points)[0].total
    )
    assert difference == pytest.approx(-0.5 * madelung_potential(box) / 2.5 * 8, rel=1e-12)


def test_madelung_shift_equals_a_zero_mode_in_the_exchange():
    # V(0) -> v_M in the exchange of integer occupations: -v_M/2 per carrier and -v_M on every occupied level.
    box = Box.triangular(2, 2)
    waves = PlaneWaves.disc(box, 1.3)
    grid = orbital_grid(waves)
    functional = three_species(box)
    hole = functional.species[2]
    x = random_orbitals(functional, waves)[2]
    fields = grid.to_grid(x)
    kernel = functional.coulomb(hole, hole, grid.lengths)
    with_zero = kernel.copy()
    with_zero[0, 0] = v = madelung_potential(box) / 2.5
    shift = grid.from_grid(apply_exchange(fields, with_zero) - apply_exchange(fields, kernel))
    np.testing.assert_allclose(shift, -v * x, atol=1e-12)


@pytest.mark.parametrize(
    "change, error",
    [
        ({"charge": 2}, "charge"),
        ({"mass": -1.0}, "mass"),
        ({"number": 0}, "number"),
        ({"spin": "sideways"}, "spin"),
        ({"height": float("inf")}, "height"),
    ],
)
def test_bad_species(change, error):
    with pytest.raises(ValueError, match=f"{error} = "):
        Species(**{"layer": "e", "charge": -1, "mass": 1.0, "number": 4, **change})


def test_bad_functional():
    electron = Species("e", -1, 1.0, 4)
    with pytest.raises(ValueError, match="distinct names"):
        Functional(Box.triangular(2, 2), (electron, electron), 1.0)
    with pytest.raises(ValueError, match="one species a layer"):
        Functional(Box.triangular(2, 2), (electron, Species("e", -1, 1.0, 4, "up")), 1.0)
    with pytest.raises(ValueError, match="r_s"):
        Functional(Box.triangular(2, 2), (electron,), 0.0)


# --- an external potential on one species ----------------------------------------------------------------


def in_potential(box, w=0.3):
    species = (Species("e", -1, 0.3, box.cells, spin="both"), Species("h", 1, 1.0, box.cells, height=0.8))
    return Functional(box, species, 2.5, external=(moire(box, "h", w),) if w else ())


@pytest.mark.parametrize("box", [Box.triangular(2, 2), Box.rectangular(2, 1), Box.triangular(7, 1)])
def test_external_energy_is_the_sum_over_the_cell(box):
    # V(r) = -2 w sum cos(b r) on a fine grid of points, written out; a box of 7 cells has other vectors of length |b|.
    functional, waves = in_potential(box), PlaneWaves.disc(box, 1.3)
    grid = orbital_grid(waves)
    x = np.linalg.qr(np.random.default_rng(3).standard_normal((len(waves), box.cells)))[0]
    fields = grid.to_grid(x)
    density = np.sum(fields**2, axis=0)
    n1, n2 = grid.shape
    points = np.stack(np.meshgrid(np.arange(n1) / n1, np.arange(n2) / n2, indexing="ij"), -1) @ box.vectors
    b1, b2 = 2 * np.pi * np.linalg.inv(PRIMITIVE).T
    potential = -0.6 * sum(np.cos(points @ b) for b in (b1, b2, b1 + b2))
    spectrum = np.fft.fft2(density, norm="forward").reshape(-1)
    term = External(functional, grid.fourier)
    energies, potentials = term.energy([spectrum, spectrum]), term.operator()
    assert potentials[0] is None
    assert energies.keys() == {"h"} and abs(energies["h"]) > 1e-2
    assert energies["h"] == pytest.approx(np.mean(potential * density), rel=1e-11)
    np.testing.assert_allclose(
        np.fft.ifft2(potentials[1].reshape(grid.shape), norm="forward").real, potential, atol=1e-12
    )
    assert potential.min() == pytest.approx(-6 * 0.3)


def test_external_term_against_its_gradient():
    box = Box.rectangular(2, 1)
    functional, waves = in_potential(box), PlaneWaves.disc(box, 1.3)
    grid, free = orbital_grid(waves), in_potential(box, 0.0)
    points = random_orbitals(functional, waves)
    directions = [np.random.default_rng(7).standard_normal(x.shape) / len(waves) for x in points]
    # What the potential adds to the Fock operators is the derivative of what it adds to the energy.
    focks = [minimisation.evaluate(f, grid, points)[1] for f in (functional, free)]
    assert (focks[0][0] == focks[1][0]).all()
    slope = 2 * np.vdot(focks[0][1] - focks[1][1], directions[1])

    def energy(t):
        return minimisation.evaluate(functional, grid, [x + t * v for x, v in zip(points, directions, strict=True)])[0]

    assert abs(slope) > 1e-4
    assert (energy(0.5).external["h"] - energy(-0.5).external["h"]) == pytest.approx(slope, rel=1e-10)
    parts, bare = energy(0.0), minimisation.evaluate(free, grid, points)[0]
    assert bare.external == {} and parts.total == pytest.approx(bare.total + parts.external["h"], rel=1e-12)


@pytest.mark.parametrize("symmetry", ["full", "inversion", "none"])
@pytest.mark.parametrize("cell", ["1x1", "2x1"])
def test_kmesh_external_term(symmetry, cell):
    box = Box.triangular(4, 2)
    functional = in_potential(box)
    basis = bloch_basis(box, 1.6, cell, symmetry)
    sites = [[0.0, 0.0]] if cell == "1x1" else [[0.0, 0.0], list(PRIMITIVE[0])]

    def density(width):
        c = gaussian_orbitals(basis, sites, width)
        return c @ c.conj().transpose(0, 2, 1)

    base, change = density(0.5), density(0.7) - density(0.25)
    energy, focks = kmesh.evaluate(functional, basis, [0.5 * base, base])
    without, bare = kmesh.evaluate(in_potential(box, 0.0), basis, [0.5 * base, base])
    assert without.external == {} and energy.external.keys() == {"h"}
    linear = np.sum(basis.weights[:, None, None] * (focks[1] - bare[1]) * base.conj()).real
    assert energy.external["h"] == pytest.approx(linear, rel=1e-10) and energy.external["h"] < -0.1
    np.testing.assert_allclose(focks[0], bare[0], atol=1e-14)
    moved = kmesh.evaluate(functional, basis, [0.5 * base, base + 0.5 * change])[0].external["h"]
    slope = np.sum(basis.weights[:, None, None] * (focks[1] - bare[1]) * change.conj()).real
    assert moved - energy.external["h"] == pytest.approx(0.5 * slope, rel=1e-9) and abs(slope) > 1e-3


def test_any_cosines_add_up_in_a_box():
    # One wave along a zone edge, on top of the moiré potential, against the sum over points.
    box = Box.triangular(2, 2)
    cosines = Cosines("h", ((1, 0),), 0.2)
    species = (Species("e", -1, 0.3, 4, spin="both"), Species("h", 1, 1.0, 4, height=0.8))
    functional = Functional(box, species, 2.5, external=(moire(box, "h", 0.3), cosines))
    grid = orbital_grid(PlaneWaves.disc(box, 1.3))
    values = np.fft.ifft2(External(functional, grid.fourier).operator()[1].reshape(grid.shape), norm="forward").real
    n1, n2 = grid.shape
    points = np.stack(np.meshgrid(np.arange(n1) / n1, np.arange(n2) / n2, indexing="ij"), -1) @ box.vectors
    b1, b2 = 2 * np.pi * np.linalg.inv(PRIMITIVE).T
    expected = -0.6 * sum(np.cos(points @ b) for b in (b1, b2, b1 + b2)) + 0.4 * np.cos(points @ box.reciprocal[0])
    np.testing.assert_allclose(values, expected, atol=1e-12)


@pytest.mark.parametrize(
    "cosines, symmetry, message",
    [
        (Cosines("h", ((1, 0),), 0.2), "inversion", "differences of plane waves"),
        (Cosines("h", ((4, 0),), 0.2), "full", "symmetry"),
        (Cosines("x", ((4, 0), (0, 4), (4, 4)), 0.2), "full", "a layer among e, h"),
    ],
)
def test_potentials_that_a_mesh_cannot_hold_are_refused(cosines, symmetry, message):
    box = Box.triangular(4, 4)
    species = (Species("e", -1, 0.3, 16, spin="both"), Species("h", 1, 1.0, 16, height=0.8))
    basis = bloch_basis(box, 2.0, "1x1", symmetry)
    with pytest.raises(ArgumentError, match=message):
        External(Functional(box, species, 2.5, external=(cosines,)), basis.fourier)


@pytest.mark.parametrize("waves", [(), ((0, 0),), ((1, 0), (-1, 0))])
def test_bad_waves(waves):
    with pytest.raises(ArgumentError, match="waves = "):
        Cosines("h", waves, 0.1)
