"""The condensate against Fock space, exact operators, the exciton, thermodynamics and its own finite version."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize
from scipy.special import j0

from ehbilayer.condensate import (
    exciton_energy,
    image_potential,
    kernel,
    liquid,
    liquid_energy,
    mott_line,
    mott_transition,
    radial,
    solve_condensate,
    solve_condensate_grid,
)
from ehbilayer.condensate.functional import PairFunctional, solve
from ehbilayer.condensate.grid import grid_functional, star_grid
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.model.coulomb import ZeroMode, interaction, madelung_potential
from ehbilayer.model.lattice import Box
from ehbilayer.model.plane_waves import PlaneWaves
from ehbilayer.model.uniform_gas import uniform_gas_energy

# (mass ratio, d, r_s): strong, intermediate and weak pairing, near the Mott transition, large and vanishing d.
POINTS = [(4, 1.0, 5.0), (1, 1.0, 1.9), (10, 1.0, 7.0), (4, 1.0, 20.0), (1, 0.0, 5.0), (1, 3.0, 2.0), (10, 10.0, 5.0)]


def solve_at(point, **options):
    mass_ratio, d, r_s = point
    state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, **options)
    assert state.converged
    return state


# Fock space


def fock_operators(modes):
    """Annihilation operators of `modes` fermions as matrices (Jordan-Wigner)."""
    lower, sign, one = np.array([[0, 1], [0, 0]]), np.diag([1, -1]), np.eye(2)
    operators = []
    for m in range(modes):
        matrix = np.eye(1)
        for factor in [sign] * m + [lower] + [one] * (modes - m - 1):
            matrix = np.kron(matrix, factor)
        operators.append(matrix)
    return operators


def fock_hamiltonian(vectors, mass_ratio, d, area):
    """(S1) of paper A for one spin in either layer, restricted to electrons at `vectors` and holes at -`vectors`."""
    n = len(vectors)
    c = fock_operators(2 * n)
    layers = [(c[:n], vectors, 1 / mass_ratio), (c[n:], -vectors, 1.0)]
    numbers = [sum(a.T @ a for a in operators) for operators, _, _ in layers]
    total = np.zeros_like(c[0])
    for operators, k, mass in layers:
        for a, p in zip(operators, k, strict=True):
            total += p @ p / (2 * mass) * a.T @ a
    for (one, k, _), (two, p, _), weight, separation in [
        (*[layers[0]] * 2, 0.5, 0.0),
        (*[layers[1]] * 2, 0.5, 0.0),
        (*layers, -1.0, d),
    ]:
        for i, j, out, inn in itertools.product(range(n), repeat=4):
            q = k[out] - k[i]
            if np.allclose(q, p[j] - p[inn]) and not np.allclose(q, 0):
                matrix_element = interaction(np.linalg.norm(q), separation) / area
                total += weight * matrix_element * one[out].T @ two[inn].T @ two[j] @ one[i]
    return total, numbers, c


MODES = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.5, np.sqrt(0.75)]])


def test_free_energy_s3_is_the_expectation_value_of_the_hamiltonian_with_two_mu():
    mass_ratio, d, area, mu = 3.0, 0.7, 11.0, -0.37
    hamiltonian, numbers, c = fock_hamiltonian(MODES, mass_ratio, d, area)
    n = len(MODES)
    theta = np.array([0.9, 0.4, -0.7, 1.2])
    state = np.zeros(len(hamiltonian))
    state[0] = 1.0
    for k in range(n):
        state = np.cos(theta[k]) * state + np.sin(theta[k]) * c[k].T @ c[n + k].T @ state
    assert state @ state == pytest.approx(1.0)
    exact = state @ (hamiltonian - mu * sum(numbers)) @ state

    q = np.linalg.norm(MODES[:, None] - MODES, axis=-1)
    functional = PairFunctional(
        np.ones(n),
        (1 + mass_ratio) * np.sum(MODES**2, axis=1) / 2,
        interaction(q) / area,
        interaction(q, d) / area,
        np.zeros((n, n)),
    )
    occupation, sine = np.sin(theta) ** 2, np.sin(2 * theta)
    parts = functional.parts(occupation, sine)[:3]
    assert min(abs(part) for part in parts) > 0.05
    assert sum(parts) - 2 * mu * occupation.sum() == pytest.approx(exact, abs=1e-12)
    assert abs(sum(parts) - mu * occupation.sum() - exact) > 0.1
    # The variational principle: no BCS state lies below the exact ground state.
    assert np.linalg.eigvalsh(hamiltonian - mu * sum(numbers))[0] < exact


def test_self_consistency_finds_the_minimum_that_direct_minimisation_finds():
    functional = grid_functional(4.0, 1.0, 5.0, 4, 1.5, ZeroMode.DROPPED)
    n = len(functional.weights)
    solution = solve(functional, np.stack([np.zeros(n), np.full(n, 0.2)]), tolerance=1e-11, max_iterations=200)
    assert solution.converged

    def free_energy(theta):
        occupation, sine = np.sin(theta) ** 2, np.sin(2 * theta)
        kinetic, exchange, pairing, _ = functional.parts(occupation, sine)
        return kinetic + exchange + pairing - solution.chemical_potential * (functional.weights @ occupation)

    expected = free_energy(np.arcsin(np.sqrt(solution.occupation)))
    start = np.random.default_rng(0).uniform(0, np.pi / 2, n)
    found = minimize(free_energy, start, method="BFGS", options={"gtol": 1e-8})
    assert found.fun == pytest.approx(expected, abs=1e-10)
    np.testing.assert_allclose(np.sin(found.x) ** 2, solution.occupation, atol=1e-5)


# Angular averages and radial operators


@pytest.mark.parametrize("separation", [0.0, 0.1, 1.0, 5.0])
def test_angular_averages_against_adaptive_quadrature(separation):
    k = np.array([0.01, 0.5, 1.0, 1.0001, 7.0])
    values, slopes = kernel.angular_averages(k, separation)
    for i, j in itertools.combinations(range(len(k)), 2):

        def q(phi, i=i, j=j):
            return np.hypot(k[i] - k[j], 2 * np.sqrt(k[i] * k[j]) * np.sin(phi / 2))

        def average(f):
            return quad(f, 0, np.pi, points=10.0 ** -np.arange(1, 7), epsabs=1e-14, epsrel=1e-12, limit=500)[0] / np.pi

        expected = average(lambda phi: np.exp(-separation * q(phi)) / q(phi))
        assert values[i, j] == values[j, i] == pytest.approx(expected, rel=1e-11, abs=1e-13)
        assert slopes[i, j] == pytest.approx(average(lambda phi: np.exp(-separation * q(phi))), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("separation", [0.0, 0.05, 0.3, 1.0, 5.0])
def test_radial_operators_on_a_gaussian(separation):
    # sum_k' V f is, in real space, the product of the potential and the Fourier transform of f.
    edges = radial.panel_edges(1.0, separation, 1.0, 4)
    grid = kernel.radial_grid(edges, 12)
    f = np.exp(-(grid.k**2) / 2)
    nodes = np.array([15, 20, 40, 59, 75, 90])
    values, slopes = kernel.interlayer(edges, 12, separation)
    if separation == 0:
        np.testing.assert_allclose(kernel.intralayer(edges, 12), values, rtol=1e-12, atol=1e-14)

    def exact(k, potential):
        return quad(lambda r: r * j0(k * r) * np.exp(-r * r / 2) * potential(r), 0, 12, epsabs=1e-13, limit=400)[0]

    expected = [exact(k, lambda r: 1 / np.hypot(r, separation) if r else 0.0) for k in grid.k[nodes]]
    np.testing.assert_allclose((values @ f)[nodes], expected, atol=3e-6)
    # Close to k = 0 the splitting into logarithm and remainder is not smooth: errors there weigh with the area k dk.
    assert grid.measure[nodes] @ np.abs((values @ f)[nodes] - expected) < 1e-8
    if separation > 0:
        expected = [exact(k, lambda r: separation / np.hypot(r, separation) ** 3) for k in grid.k[nodes]]
        np.testing.assert_allclose((slopes @ f)[nodes], expected, atol=1e-7)


def test_exchange_of_a_fermi_disc():
    edges = radial.panel_edges(1.0, 1.0, 1.0, 12)
    grid = kernel.radial_grid(edges, 12)
    disc = np.where(grid.k < 2, 1.0, 0.0)
    energy = -(grid.measure * disc) @ (kernel.intralayer(edges, 12) @ disc) / 2
    assert energy == pytest.approx(2 * uniform_gas_energy(1.0)[1], abs=1e-9)


def test_bohr_wave_function_solves_the_pair_equation():
    # At d = 0 the pair's ground state is (1 + k^2/4)^(-3/2) with energy -2 in reduced atomic units.
    edges = radial.panel_edges(1.0, 0.0, 1.0, 4)
    grid = kernel.radial_grid(edges, 12)
    phi = (1 + grid.k**2 / 4) ** -1.5
    residual = (grid.k**2 / 2 + 2) * phi - kernel.intralayer(edges, 12) @ phi
    assert np.abs(residual)[grid.k > 0.25].max() < 1e-6
    norm = grid.measure @ phi**2
    energy = (grid.measure * phi) @ (grid.k**2 / 2 * phi - kernel.intralayer(edges, 12) @ phi) / norm
    assert energy == pytest.approx(-2.0, abs=1e-8)


# Exciton limit


@pytest.mark.parametrize(("d", "energy"), [(0.0, -2.0), (0.5, -0.65548), (1.0, -0.43383), (5.0, -0.13302)])
def test_independent_exciton_energies(d, energy):
    assert exciton_energy(d) == pytest.approx(energy, abs=6e-6 if d else 1e-4)


@pytest.mark.parametrize(("d", "reach"), [(0.1, 30.0), (1.0, 60.0), (20.0, 400.0), (100.0, 1500.0)])
def test_exciton_energy_against_finite_differences(d, reach):
    # Fluxes through the faces of equal cells in r; two step widths, extrapolated.
    def lowest(n):
        face, r = np.arange(n + 1) * reach / n, (np.arange(n) + 0.5) * reach / n
        weight = (face[1:] ** 2 - face[:-1] ** 2) / 2
        flux = face[1:-1] / np.diff(r)
        diagonal = (np.append(flux, 0.0) + np.insert(flux, 0, 0.0)) / (2 * weight) - 1 / np.hypot(r, d)
        off = -flux / (2 * np.sqrt(weight[1:] * weight[:-1]))
        return eigh_tridiagonal(diagonal, off, eigvals_only=True, select="i", select_range=(0, 0))[0]

    assert exciton_energy(d) == pytest.approx((4 * lowest(4000) - lowest(2000)) / 3, abs=1e-6)


def test_exciton_energy_of_distant_layers():
    # Zero-point energy of the harmonic well around -1/d, and its first anharmonic correction.
    assert exciton_energy(100.0) == pytest.approx(-1 / 100 + 100**-1.5, rel=0.1)
    with pytest.raises(ValueError, match="^d = -1"):
        exciton_energy(-1.0)
    with pytest.raises(TypeError, match="^d = "):
        exciton_energy("1")


@pytest.mark.parametrize("mass_ratio", [1, 4])
@pytest.mark.parametrize("d", [0.0, 0.5, 1.0, 5.0])
def test_dilute_condensate_is_a_gas_of_excitons(d, mass_ratio):
    bohr = 1 + mass_ratio
    state = solve_condensate(mass_ratio=mass_ratio, d=d * bohr, r_s=1e4 * bohr)
    assert state.converged
    binding = exciton_energy(d) if d else -2.0
    for value in (state.chemical_potential, state.energy_per_pair, -state.pair_breaking_gap):
        assert value * bohr == pytest.approx(binding, abs=1e-6)
    assert 1 - 1e-6 < state.condensate_fraction < 1


# Symmetries and limits


@pytest.mark.parametrize("point", [(4, 1.0, 5.0), (10, 2.0, 3.0)])
def test_exchange_of_the_two_layers(point):
    mass_ratio, d, r_s = point
    state = solve_at(point)
    # The same bilayer in the units of the other carrier, now called the hole.
    mirror = solve_condensate(mass_ratio=1 / mass_ratio, d=d / mass_ratio, r_s=r_s / mass_ratio)
    for name in ("energy_per_pair", "chemical_potential", "gap", "pair_breaking_gap"):
        assert getattr(mirror, name) / mass_ratio == pytest.approx(getattr(state, name), rel=1e-9)
    np.testing.assert_allclose(mirror.occupations, state.occupations, atol=1e-9)


def test_only_the_reduced_mass_matters():
    one, four = solve_at((1, 0.8, 2.0)), solve_at((4, 2.0, 5.0))
    assert four.energy_per_pair * 2.5 == pytest.approx(one.energy_per_pair, rel=1e-9)
    assert four.condensate_fraction == pytest.approx(one.condensate_fraction, rel=1e-8)
    assert four.pair_breaking_gap * 2.5 < one.pair_breaking_gap * 0.95


def test_equal_masses_have_equal_quasi_particles():
    state = solve_at((1, 1.0, 2.0))
    assert state.pair_breaking_gap == pytest.approx(2 * state.gap, rel=1e-13)


def test_condensate_sinks_to_the_polarised_liquid_at_large_separation():
    r_s = 1.0
    states = [solve_at((1, d, r_s)) for d in (1.0, 3.0, 10.0, 30.0, 90.0)]
    energies = np.array([s.energy_per_pair for s in states])
    gain = liquid_energy(1, r_s, "polarised") - energies
    # The normal state is one of (S2): pairing gains energy, less and less.
    assert (gain > 0).all() and (np.diff(gain) < 0).all() and gain[-1] < 1e-7
    gaps = np.array([s.gap for s in states])
    assert (np.diff(gaps) < 0).all() and gaps[-1] < 0.002 * gaps[0] + 5e-4


# Thermodynamics


@pytest.mark.parametrize("point", POINTS)
def test_virial_theorem(point):
    state = solve_at(point)
    assert abs(state.virial_residual) < 1e-8
    assert abs(state.energy_parts["kinetic"]) > 0.1


@pytest.mark.parametrize("point", [(4, 1.0, 5.0), (1, 0.5, 1.5), (1, 3.0, 2.0)])
def test_derivatives_of_the_energy(point):
    mass_ratio, d, r_s = point
    state = solve_at(point)

    def energy(d, density_factor):
        return solve_at((mass_ratio, d, r_s / np.sqrt(density_factor))).energy_per_pair

    h = 0.002
    slope = ((1 + h) * energy(d, 1 + h) - (1 - h) * energy(d, 1 - h)) / (2 * h)
    assert slope == pytest.approx(state.chemical_potential, abs=2e-6 * (1 + abs(slope)))
    slope = (energy(d * (1 + h), 1.0) - energy(d * (1 - h), 1.0)) / (2 * h * d)
    assert slope == pytest.approx(state.separation_derivative, rel=2e-5)
    assert state.separation_derivative > 1e-4


@pytest.mark.parametrize("point", POINTS)
def test_occupations_obey_stationarity_and_normalisation(point):
    _mass_ratio, _d, _r_s = point
    state = solve_at(point)
    n, uv = state.occupations, state.anomalous
    assert state.weights @ n == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(uv**2, n * (1 - n), atol=1e-15, rtol=1e-9)
    assert state.condensate_fraction == pytest.approx(state.weights @ uv**2, rel=1e-12)
    r = 2 * state.quasiparticle_energies
    xi = (1 - 2 * n) * r
    np.testing.assert_allclose(2 * xi * uv, state.gap_function * (1 - 2 * n), atol=1e-10 * r.max())
    assert state.gap <= state.quasiparticle_energies.min() * (1 + 1e-12)
    assert state.edge_occupation < 1e-15


# Convergence


@pytest.mark.parametrize("point", [*POINTS, (4, 3.0, 1.0), (1, 10.0, 1.0)])
def test_default_grid_is_converged_and_its_error_is_honest(point):
    state, fine = solve_at(point), solve_at(point, order=20)
    assert state.energy_error < 1e-8 * (1 + abs(state.energy_per_pair))
    for name in ("energy_per_pair", "chemical_potential", "gap", "condensate_fraction"):
        change = abs(getattr(fine, name) - getattr(state, name))
        assert change <= state.errors[name] + 2e-10 * (1 + abs(getattr(state, name))), name


def test_grading_follows_the_smearing_of_the_fermi_edge():
    strong, weak = solve_at((4, 1.0, 20.0)), solve_at((4, 1.0, 0.5))
    finest = [np.diff(s.wave_numbers * s.parameters["r_s"]).min() for s in (strong, weak)]
    width = weak.gap / 2 / 70
    assert finest[1] < width < finest[0]


@pytest.mark.parametrize("tolerance", [1e-6, 1e-9, 1e-11])
def test_anderson_mixing_meets_its_tolerance(tolerance):
    state = solve_at((4, 1.0, 5.0), tolerance=tolerance)
    assert 0 < state.residual <= tolerance and state.iterations < 20
    exact = solve_at((4, 1.0, 5.0), tolerance=1e-12).chemical_potential
    assert abs(state.chemical_potential - exact) < 10 * tolerance


def test_anderson_mixing_agrees_with_plain_iteration():
    edges = radial.panel_edges(4.0, 1.0, 5.0, 4)
    functional = radial.radial_functional(4.0, 1.0, 5.0, edges, 10)
    start = np.stack([np.zeros(len(functional.weights)), np.ones(len(functional.weights))])
    mixed = solve(functional, start, tolerance=1e-10, max_iterations=100)
    plain = solve(functional, start, tolerance=1e-10, max_iterations=1000, history=0)
    assert mixed.converged and plain.converged and mixed.iterations < 0.7 * plain.iterations
    np.testing.assert_allclose(mixed.fields, plain.fields, atol=1e-9)


def test_failures_are_flagged():
    assert not solve_condensate(max_iterations=3).converged
    assert not solve_condensate_grid(max_iterations=3).converged
    # Here the gap is beyond the finest panels.
    assert not solve_condensate(mass_ratio=10, d=1.0, r_s=0.1).converged


def test_a_fixed_point_on_panels_too_coarse_is_flagged(monkeypatch):
    monkeypatch.setattr(radial, "_MOST_LEVELS", 6)
    state = solve_condensate(mass_ratio=4, d=3.0, r_s=1.0)
    assert state.residual <= 1e-9 and not state.converged


# The finite grid


def test_stars_give_the_same_state_as_all_plane_waves():
    mesh, cutoff, mass_ratio, d, r_s = 3, 1.6, 4.0, 1.0, 5.0
    box = Box.triangular(mesh, mesh)
    waves = PlaneWaves.disc(box, cutoff)
    q = np.linalg.norm(waves.vectors[:, None] - waves.vectors, axis=-1)
    np.fill_diagonal(q, 0.0)
    unit = 1 / (box.area * r_s)
    functional = PairFunctional(
        np.full(len(waves), 1 / box.cells),
        (1 + mass_ratio) * waves.squares / (2 * r_s**2),
        interaction(q) * unit,
        interaction(q, d / r_s) * unit,
        q * interaction(q, d / r_s) * unit / r_s,
    )
    rng = np.random.default_rng(1)
    start = np.stack([np.zeros(len(waves)), rng.uniform(0.1, 0.3, len(waves))])
    solution = solve(functional, start, tolerance=1e-11, max_iterations=200)
    parts = functional.parts(solution.occupation, solution.sine)
    state = solve_condensate_grid(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff, tolerance=1e-11)
    assert solution.converged and state.converged
    assert state.energy_per_pair == pytest.approx(sum(parts[:3]), abs=1e-12)
    assert state.chemical_potential == pytest.approx(solution.chemical_potential, abs=1e-9)
    assert state.separation_derivative == pytest.approx(parts[3], abs=1e-9)
    assert star_grid(mesh, cutoff).multiplicity.sum() == len(waves)


@pytest.mark.parametrize("zero_mode", ["dropped", "madelung"])
def test_normal_state_is_that_of_the_hartree_fock_engine(zero_mode):
    mesh, r_s = 4, 3.0
    parts = solve_crystal(
        mass_ratio=4, d=1.0, r_s=r_s, mesh=mesh, cutoff=1.5, electrons="liquid", holes="liquid", zero_mode=zero_mode
    ).energy_parts
    shells, shell = np.unique(np.round(star_grid(mesh, 1.5).lengths, 9), return_inverse=True)
    functional = grid_functional(4.0, 1.0, r_s, mesh, 1.5, ZeroMode.DROPPED)
    # Shells of 1, 6, 6 and 6 plane waves. Holes: 16 of one spin. Electrons: 8 of either spin.
    for layer, filling, mass, spins in [("h", [1, 1, 1, 1 / 2], 1.0, 1), ("e", [1, 1, 1 / 6, 0], 0.25, 2)]:
        n = np.concatenate([filling, np.zeros(len(shells) - 4)])[shell]
        assert functional.weights @ n == pytest.approx(1 / spins)
        kinetic, exchange, _, _ = functional.parts(n, np.zeros_like(n))
        # The functional holds the kinetic energy of both carriers, 1/m = 1 + 4, and the exchange of both layers.
        assert parts[f"kinetic {layer}"] == pytest.approx(spins * kinetic / (5 * mass), rel=1e-12)
        assert parts[f"exchange {layer}"] == pytest.approx(spins * exchange / 2, rel=1e-12)
    shift = solve_condensate_grid(d=1.0, r_s=r_s, mesh=mesh, cutoff=3.0, zero_mode=zero_mode).energy_per_pair
    shift -= solve_condensate_grid(d=1.0, r_s=r_s, mesh=mesh, cutoff=3.0).energy_per_pair
    assert shift == pytest.approx(parts["zero mode"], rel=0.05)


@pytest.mark.parametrize("separation", [0.0, 0.05, 1.0, 4.0, 4.4, 9.0, 40.0])
def test_image_potential_against_the_sum_over_shells(separation):
    box = Box.triangular(6, 6)
    value = image_potential(box, separation)
    if separation < 0.1:
        third = sum(
            np.linalg.norm(np.array(step) @ box.vectors) ** -3.0
            for step in itertools.product(range(-60, 61), repeat=2)
            if any(step)
        )
        expected = madelung_potential(box) - 2 * np.pi * separation / box.area + third * separation**2 / 2
        assert value == pytest.approx(expected, abs=3e-7)
    else:
        reach = range(-90, 91)
        steps = np.array([step for step in itertools.product(reach, repeat=2) if any(step)])
        q = np.linalg.norm(steps @ box.reciprocal, axis=1)
        assert value == pytest.approx(1 / separation - np.sum(interaction(q, separation)) / box.area, abs=1e-12)


@pytest.mark.parametrize("d", [0.5, 3.0, 25.0])
def test_separation_derivative_on_the_grid(d):
    options = {"mass_ratio": 4, "r_s": 5.0, "mesh": 4, "cutoff": 2.0, "zero_mode": "madelung", "tolerance": 1e-11}
    h = 1e-4 * d
    energies = [solve_condensate_grid(d=x, **options).energy_per_pair for x in (d - h, d + h)]
    slope = solve_condensate_grid(d=d, **options).separation_derivative
    assert (energies[1] - energies[0]) / (2 * h) == pytest.approx(slope, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    ("point", "at_36", "at_64", "at_144"),
    [((4, 1.0, 5.2), 0.003, 0.001, 3e-4), ((1, 1.0, 1.9), 0.033, 0.004, 1e-3), ((4, 3.0, 6.0), 0.014, 0.002, 7e-4)],
)
def test_finite_grid_approaches_the_limit(point, at_36, at_64, at_144):
    mass_ratio, d, r_s = point
    limit = solve_at(point).energy_per_pair
    for mesh, bound in [(6, at_36), (8, at_64), (12, at_144)]:
        options = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s, "mesh": mesh, "cutoff": 4.0}
        corrected = solve_condensate_grid(zero_mode="madelung", **options).energy_per_pair
        assert abs(corrected / limit - 1) < bound
        # The papers' convention differs by the bias of both layers, less what pairing takes back.
        raw = solve_condensate_grid(**options)
        pairs = raw.weights @ (raw.occupations * (1 - raw.occupations))
        first_order = raw.energy_per_pair - 2.2122051734 / (r_s * mesh) + 2 * d / (mesh * r_s) ** 2 * pairs
        assert raw.energy_per_pair > limit + 0.9 * 2.2122 / (r_s * mesh) * (1 - bound)
        assert first_order == pytest.approx(corrected, abs=3e-4 * abs(limit))


@pytest.mark.parametrize("point", [(4, 1.0, 5.0), (1, 1.0, 2.0), (4, 1.0, 20.0), (1, 0.0, 3.0)])
def test_grid_error_covers_the_cutoff(point):
    mass_ratio, d, r_s = point
    options = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s, "mesh": 4}
    best = solve_condensate_grid(cutoff=14.0, **options).energy_per_pair
    for cutoff in (4.0, 6.0):
        state = solve_condensate_grid(cutoff=cutoff, **options)
        assert state.converged and 0 <= state.energy_per_pair - best <= state.energy_error + 1e-12


# Liquid and Mott transition


def test_liquid_energies():
    assert liquid_energy(4, 2.0) == pytest.approx(1 / 4 - 0.8488263632 / 2 + 4 * 0.5 / 4 - 0.6002108774 / 2, abs=1e-9)
    assert liquid_energy(4, 2.0, "polarised") == pytest.approx(5 / 4 - 2 * 0.8488263632 / 2, abs=1e-9)
    # The electrons polarise at r_s = 2.011 of their own.
    assert liquid_energy(3, 6.03) < liquid_energy(3, 6.03, "polarised")
    assert liquid_energy(3, 6.04) > liquid_energy(3, 6.04, "polarised")


@pytest.mark.parametrize(("mass_ratio", "r_s"), [(1, 1.900), (4, 5.198)])
def test_mott_transition_at_the_bohr_radius(mass_ratio, r_s):
    assert mott_transition(mass_ratio=mass_ratio, d=1.0) == pytest.approx(r_s, abs=1e-3)


@pytest.mark.parametrize(("mass_ratio", "d"), [(1, 0.0), (4, 3.0), (10, 1.0), (1, 10.0)])
def test_mott_point_is_a_crossing_with_the_stated_slope(mass_ratio, d):
    point = mott_line(mass_ratio=mass_ratio, d=d)

    def difference(r_s):
        return solve_at((mass_ratio, d, r_s)).energy_per_pair - liquid_energy(mass_ratio, r_s)

    assert point.error < 1e-4 * point.r_s
    assert abs(difference(point.r_s)) < abs(point.slope) * point.error
    h = 1e-3 * point.r_s
    slope = (difference(point.r_s + h) - difference(point.r_s - h)) / (2 * h)
    assert slope < 0 and slope == pytest.approx(point.slope, rel=1e-3)
    assert point.energy_per_pair == pytest.approx(liquid_energy(mass_ratio, point.r_s), abs=1e-6)


def test_mott_transition_ends_in_the_polarisation_of_the_liquid():
    lines = [mott_transition(mass_ratio=2, d=d) for d in (0.0, 1.0, 5.0, 20.0)]
    assert (np.diff(lines) > 0).all()
    assert lines[-1] == pytest.approx(2 * 2.0111, abs=0.003) and lines[-1] < 2 * 2.0112


@pytest.mark.parametrize(("mass_ratio", "d"), [(0.05, 0.0), (1000, 1.0)])
def test_mott_transition_of_extreme_masses(mass_ratio, d):
    r_s = mott_transition(mass_ratio=mass_ratio, d=d)
    # Between what pairing at d = 0 does to heavy holes and the polarisation of the electrons.
    assert 0.74 < r_s / mass_ratio < 2.0112


def test_mott_transition_refuses_an_unconverged_condensate(monkeypatch):
    monkeypatch.setattr(liquid, "solve_condensate", lambda **options: solve_condensate(max_iterations=2, **options))
    with pytest.raises(RuntimeError, match="mass_ratio = 4.0, d = 1.0"):
        mott_transition(mass_ratio=4, d=1.0)


# Input


@settings(max_examples=25, deadline=None)
@given(mass_ratio=st.floats(0.2, 20.0), r_s=st.floats(1.5, 50.0), spacing=st.floats(0.0, 1.0))
def test_every_condensate_obeys_its_bounds(mass_ratio, r_s, spacing):
    d = spacing * r_s
    r_s *= max(1.0, mass_ratio / 2)
    state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s)
    assert state.converged
    assert state.parameters["r_s"] == r_s and state.units["r_s"] == "a_h"
    assert state.energy_per_pair < liquid_energy(mass_ratio, r_s, "polarised") + state.energy_error
    assert ((state.occupations >= 0) & (state.occupations <= 1)).all()
    assert 0 < state.condensate_fraction < 1
    assert 0 < state.pair_breaking_gap <= 2 * state.gap * (1 + 1e-9)
    assert abs(state.virial_residual) < 1e-7 * (1 + state.energy_parts["kinetic"])


not_positive = st.one_of(st.floats(max_value=0.0), st.just(np.nan), st.just(np.inf))
not_numbers = st.sampled_from([None, "1", True, 1j, [1.0]])


@given(value=not_positive, name=st.sampled_from(["mass_ratio", "r_s"]))
@pytest.mark.parametrize("call", [solve_condensate, solve_condensate_grid])
def test_values_out_of_range_are_named(call, value, name):
    with pytest.raises(ValueError, match=rf"^{name} = .* is not allowed: need .*{name} >="):
        call(**{name: value})


@given(value=not_numbers, name=st.sampled_from(["mass_ratio", "d", "r_s", "tolerance"]))
def test_wrong_types_are_named(value, name):
    for call in (solve_condensate, solve_condensate_grid):
        with pytest.raises(TypeError, match=f"^{name} = "):
            call(**{name: value})


@pytest.mark.parametrize(
    ("call", "options", "error"),
    [
        (solve_condensate, {"d": -1.0}, ValueError),
        (solve_condensate, {"d": 501.0, "r_s": 5.0}, ValueError),
        (solve_condensate, {"order": 5}, ValueError),
        (solve_condensate, {"order": 10.0}, TypeError),
        (solve_condensate, {"tolerance": 0.0}, ValueError),
        (solve_condensate, {"max_iterations": 0}, ValueError),
        (solve_condensate_grid, {"d": np.nan}, ValueError),
        (solve_condensate_grid, {"d": 501.0, "r_s": 5.0}, ValueError),
        (solve_condensate_grid, {"mesh": 1}, ValueError),
        (solve_condensate_grid, {"cutoff": 0.5}, ValueError),
        (solve_condensate_grid, {"zero_mode": "kept"}, ValueError),
        (solve_condensate_grid, {"max_iterations": 1.5}, TypeError),
        (mott_line, {"mass_ratio": 0.02}, ValueError),
        (mott_line, {"d": 1e3}, ValueError),
        (mott_line, {"tolerance": 1.0}, ValueError),
        (mott_transition, {"d": "1"}, TypeError),
        (liquid_energy, {"mass_ratio": 0.0, "r_s": 1.0}, ValueError),
        (liquid_energy, {"mass_ratio": 1.0, "r_s": -1.0}, ValueError),
        (liquid_energy, {"mass_ratio": 1.0, "r_s": 1.0, "electrons": "half"}, ValueError),
    ],
)
def test_bad_input_names_the_argument(call, options, error):
    with pytest.raises(error, match="|".join(f"^{name} = " for name in options)):
        call(**options)


def test_image_potential_refuses_negative_distances():
    with pytest.raises(ValueError, match="^separation = -1"):
        image_potential(Box.triangular(2, 2), -1.0)


def test_results_are_frozen():
    state = solve_condensate()
    with pytest.raises(AttributeError):
        state.gap = 0.0
    with pytest.raises(ValueError, match="read-only"):
        state.occupations[0] = 0.0
