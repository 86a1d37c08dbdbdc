"""Held densities and overlaps in both theories: limits, symmetries, derivatives, a dense pair matrix."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse.linalg import eigsh

from ehbilayer.diode.bands import Bands, density, isolated_bands
from ehbilayer.diode.brackets import pocket_bracket
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.held_field import HeldField
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.momentum_grid import momentum_grid
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.pairing_form import HOLDS, PLAIN, PairingForm, with_densities
from ehbilayer.diode.pocket import critical_currents
from ehbilayer.diode.spinor_moments import spinor_moments

STRONG = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=12.0)
P2 = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
FORMS = [PairingForm(hold, overlaps) for hold in HOLDS for overlaps in (False, True)]
OTHERS = [form for form in FORMS if form != PLAIN]
STRENGTH = {(bands, overlaps): coupling_at_T_c(bands, form=PairingForm(overlaps=overlaps), plane=False).inverse
            for bands in (STRONG, P2) for overlaps in (False, True)}  # fmt: skip


def field(bands, T, form, **options):
    return HeldField(bands, T, STRENGTH[bands, form.overlaps], form, **options)


def expansion(bands, T, form, inverse):
    held = with_densities(bands, T) if form.hold == "density" else bands
    return critical_currents(held, T, inverse, pocket_bracket(held, T, inverse, form), form=form)


def lattice_sums(bands, state, held, form, step=0.1, edge=15.0):
    """Densities of electrons and holes and the holes' current from matrices on a Cartesian lattice of their momenta."""
    axis = np.arange(-edge, edge + step / 2, step)
    p_x, p_y = (v.ravel() for v in np.meshgrid(axis, axis, indexing="ij"))
    k_x, k_y = p_x + state.q[0], p_y + state.q[1]
    b = np.stack([bands.lam_e * k_x + bands.B, bands.lam_e * k_y, np.full_like(k_x, bands.J)])
    length = np.linalg.norm(b, axis=0)
    share = (1 + held.d @ (b / length)) / 2 if form.overlaps else np.ones_like(k_x)
    matrix = np.zeros((len(k_x), 2, 2))
    matrix[:, 0, 0] = (k_x**2 + k_y**2) / 2 - length - bands.mu_e - held.mean - held.half
    matrix[:, 1, 1] = -((p_x**2 + p_y**2) / 2 - bands.zeeman - bands.mu_h - held.mean + held.half)
    matrix[:, 0, 1] = matrix[:, 1, 0] = -np.sqrt(held.X * share)
    levels, vectors = np.linalg.eigh(matrix)
    filled = 1 / (1 + np.exp(np.clip(levels / state.T, -500, 500)))
    n_e, n_h = (vectors[:, 0] ** 2 * filled).sum(axis=1), 1 - (vectors[:, 1] ** 2 * filled).sum(axis=1)
    return np.array([n_e.sum(), n_h.sum(), -(n_h * p_x).sum()]) * (step / (2 * math.pi)) ** 2


@pytest.mark.parametrize("q", [(1.9, 0.0), (1.6, 0.1)])
def test_plain_form_is_mean_field_theory(q):
    for T in (0.9, 0.2):
        found = field(STRONG, T, PLAIN).solve(*q)
        expected = MeanField(STRONG, T, STRENGTH[STRONG, False]).solve(*q)
        assert expected.delta > 0.5 and found.delta == pytest.approx(expected.delta, rel=1e-11)
        assert found.omega == pytest.approx(expected.omega, rel=1e-9)
        assert found.electron_current == pytest.approx(expected.electron_current, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("bands, T, q", [(STRONG, 0.2, (1.9, 0.0)), (STRONG, 0.9, (1.6, 0.1)), (P2, 0.2, (0.3, 0.1))])
def test_current_is_the_derivative_of_the_free_energy_and_equal_in_both_layers(form, bands, T, q):
    exact = field(bands, T, form, tolerance=1e-14)
    state, h = exact.solve(*q), 2e-3
    assert state.delta > 0.5 and state.residual < 1e-10
    scale = max(map(abs, state.hole_current))
    for axis in (0, 1) if q[1] else (0,):
        values = [exact.solve(*(np.array(q) + n * h * np.eye(2)[axis])).omega for n in (-2, -1, 1, 2)]
        slope = (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * h)
        assert state.hole_current[axis] == pytest.approx(slope, abs=1e-6 * scale)
        # The electrons' with what the turning of their spin adds.
        assert state.electron_current[axis] == pytest.approx(state.hole_current[axis], abs=1e-9 * scale)


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("bands, q", [(STRONG, (1.9, 0.0)), (P2, (0.3, 0.1))])
def test_densities_and_current_from_matrices_on_a_lattice(form, bands, q):
    solved = field(bands, 0.35, form)
    state, held = solved.found(*q)
    edges = np.array([11.0, 14.0, 18.0, 24.0])
    tables = [lattice_sums(solved.bands, state, held, form, edge=edge) for edge in edges]
    # Far out the occupations fall like p^-4, and what the edge cuts off is a series in its inverse.
    powers = edges[:, None] ** np.array([0, -1, -2, -3])
    n_e, n_h, current = np.linalg.solve(powers, np.array(tables))[0]
    assert state.hole_current[0] == pytest.approx(current, rel=4e-3, abs=1e-4)
    if form.hold == "density":
        assert (n_e, n_h) == pytest.approx([density(bands, layer) for layer in ("e", "h")], rel=1e-4)
    else:
        assert held.mean == held.half == 0 and n_e != pytest.approx(density(bands, "e"), rel=1e-4)


def test_dense_pair_matrix_has_the_same_transition():
    """Largest eigenvalue of sqrt(K) <u|u'> sqrt(K) on a lattice, less the logarithm, with complex spinors."""
    bands, form = STRONG, PairingForm(overlaps=True)
    found = coupling_at_T_c(bands, form=form)
    lattice, ours = [], []
    for T in (1.0, 1.3):
        axis = (np.arange(40) + 0.5) * 0.4 - 8.0
        p_x, p_y = (v.ravel() for v in np.meshgrid(axis, axis, indexing="ij"))
        k_x = p_x + found.q
        # lambda (k_x sigma_y - k_y sigma_x) + B sigma_y + J sigma_z, the Hamiltonian of the paper's supplement
        b_x, b_y = -bands.lam_e * p_y, bands.lam_e * k_x + bands.B
        theta, phi = np.arctan2(np.hypot(b_x, b_y), bands.J), np.arctan2(b_y, b_x)
        u = np.stack([np.cos(theta / 2), np.sin(theta / 2) * np.exp(1j * phi)])
        xi_e, xi_h = bands.electron(k_x, p_y), bands.hole(-p_x, -p_y)
        K = (np.tanh(xi_e / (2 * T)) + np.tanh(xi_h / (2 * T))) / (2 * (xi_e + xi_h))
        root = np.sqrt(np.maximum(K, 0.0)) * 0.4 / (2 * math.pi)
        matrix = root[:, None] * (u.conj().T @ u) * root
        lattice.append(eigsh(matrix, k=1, which="LA", v0=root, return_eigenvectors=False)[0])
        grid = momentum_grid(bands, T, (found.q, found.q + 1e-9))
        ours.append(float(form.sums(bands, grid, found.q, 0.0, T)[0]))
    assert ours[0] == pytest.approx(found.inverse, abs=1e-9)
    # The lattice's cutoff drops out of differences between temperatures, up to a small turn of the spinor.
    assert lattice[0] - lattice[1] == pytest.approx(ours[0] - ours[1], rel=5e-3)
    plain = [float(PLAIN.sums(bands, momentum_grid(bands, T, (found.q, 2.0)), found.q, 0.0, T)[0]) for T in (1.0, 1.3)]
    assert plain[0] - plain[1] != pytest.approx(ours[0] - ours[1], rel=3e-2)


@pytest.mark.slow
def test_one_spinor_for_all_pairs_needs_no_overlaps():
    # A field far beyond the Rashba energy turns all spins one way, along the plane or across it.
    for theory in ("ginzburg-landau", "mean-field"):
        for B, J in ((1.0, 0.03), (0.03, 1.0)):
            changes = []
            for size in (40.0, 400.0):
                point = dict(E_F=11.6, lam=1.0, J=size * J, B=size * B, T=0.9, plane=False, theory=theory)
                plain, other = (diode(**point, overlaps=overlaps) for overlaps in (False, True))
                changes.append(abs(other.delta / plain.delta - 1))
            assert other.J_plus == pytest.approx(plain.J_plus, rel=1e-4)
            assert changes[1] < 0.05 * changes[0] and changes[1] < 1e-4


@pytest.mark.parametrize("theory", ["ginzburg-landau", "mean-field"])
@pytest.mark.parametrize("form", OTHERS)
def test_no_diode_without_coupling_or_field_and_mirror_images(theory, form):
    for change in ({"lam": 0.0}, {"B": 0.0}):
        # All directions in the cheaper theory, where the sums over momenta are the same.
        r = diode(**{"E_F": 11.6, "lam": 1.0, "J": 14.0, "B": 3.0, **change}, T=0.8, theory=theory,
                  hold=form.hold, overlaps=form.overlaps, plane=theory != "mean-field")  # fmt: skip
        assert abs(r.efficiency) < 1e-9 and abs(r.q0) < 1e-8 and r.J_plus > 0.05 and r.stable
    images = [
        diode(E_F=11.6, lam=2.0, J=6.0, B=B, T=0.8, theory=theory, hold=form.hold, overlaps=form.overlaps, plane=False)
        for B in (12.0, -12.0)
    ]
    assert images[0].efficiency == pytest.approx(-images[1].efficiency, abs=1e-7) and images[0].q0 > 1
    assert abs(images[0].efficiency) > 1e-3


def test_rotation_symmetry_without_a_field():
    bands = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=0.0)
    form = PairingForm("density", True)
    inverse = coupling_at_T_c(bands, form=form).inverse
    solved = HeldField(bands, 0.4, inverse, form)
    along, across, aslant = (solved.solve(*q) for q in ((0.3, 0.0), (0.0, 0.3), (0.18, 0.24)))
    assert along.delta > 1
    for other in (across, aslant):
        assert other.omega == pytest.approx(along.omega, rel=1e-8)
        assert np.hypot(*other.hole_current) == pytest.approx(abs(along.hole_current[0]), rel=1e-7)


def test_particle_hole_symmetric_layers_shift_both_potentials_alike():
    """Equal bands and densities: nothing tells electrons from holes, so that mu_e - mu_h stays."""
    bands = isolated_bands(E_F=5.0, lam=0.0, J=20.0, B=0.0)
    form = PairingForm("density")
    inverse = coupling_at_T_c(bands).inverse
    solved = HeldField(bands, 0.3, inverse, form)
    for q in (0.0, 0.4):
        state, held = solved.found(q)
        assert state.delta > 1 and abs(held.half) < 1e-9 and held.mean < -0.05
    # Far above the gap the density of states is even around the Fermi level: nothing is left to adjust.
    flat = isolated_bands(E_F=150.0, lam=0.0, J=400.0, B=0.0)
    given = dict(E_F=150.0, lam=0.0, J=400.0, B=0.0, T=0.5, theory="mean-field", plane=False)
    points = [diode(**given, hold=hold) for hold in HOLDS]
    assert flat.isotropic and points[1].J_plus == pytest.approx(points[0].J_plus, rel=1e-3)
    assert points[1].delta == pytest.approx(points[0].delta, rel=1e-3)


def test_the_state_at_rest_is_that_of_its_own_chemical_potentials():
    """Held densities change what follows when a current flows, and which chemical potentials there are, no more."""
    form = PairingForm("density")
    solved = field(STRONG, 0.5, form)
    r = diode(E_F=11.6, lam=2.0, J=6.0, B=12.0, T=0.5, theory="mean-field", hold="density", plane=False)
    state, held = solved.found(r.q0, r.q0_y)
    bands = solved.bands
    shifted = Bands(
        lam_e=bands.lam_e,
        lam_h=0.0,
        B=bands.B,
        J=bands.J,
        mu_e=bands.mu_e + held.mean + held.half,
        mu_h=bands.mu_h + held.mean - held.half,
    )
    there = MeanField(shifted, 0.5, STRENGTH[STRONG, False])
    same = there.solve(r.q0)
    assert same.delta == pytest.approx(state.delta, rel=1e-9) and abs(same.hole_current[0]) < 1e-9
    # Any other momentum costs more when the densities cannot follow.
    for q in (r.q0 - 0.2, r.q0 + 0.15):
        assert solved.solve(q).omega - state.omega > there.solve(q).omega - same.omega + 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("form", OTHERS)
def test_theories_meet_at_T_c(form):
    differences = []
    for T in (0.95, 0.98):
        gl, mf = (
            diode(E_F=11.6, lam=2.0, J=6.0, B=12.0, T=T, theory=theory, hold=form.hold, overlaps=form.overlaps)
            for theory in ("ginzburg-landau", "mean-field")
        )
        assert gl.converged and mf.converged and gl.valid and mf.valid
        differences.append(mf.J_plus / gl.J_plus - 1)
    # The next order is smaller by 1 - T.
    assert differences[1] / differences[0] == pytest.approx(0.4, abs=0.02) and abs(differences[0]) < 0.05
    assert gl.efficiency == pytest.approx(mf.efficiency, rel=0.1) and gl.q0 == pytest.approx(mf.q0, rel=1e-3)


def test_held_densities_stiffen_beta_by_the_derivative_of_alpha():
    form, h, q = PairingForm("density"), 1e-3, 1.9
    bands = with_densities(STRONG, 0.8)
    grid = momentum_grid(bands, 0.8, (q, q + 1e-9))
    plain, held = (f.sums(bands, grid, q, 0.0, 0.8) for f in (PLAIN, form))
    extra = 0.0
    for name, layer in (("mu_e", "e"), ("mu_h", "h")):
        ends = [replace(bands, **{name: getattr(bands, name) + sign * h}) for sign in (1, -1)]
        slope = float(np.subtract(*(PLAIN.sums(b, grid, q, 0.0, 0.8)[0] for b in ends))) / (2 * h)
        chi = (density(ends[0], layer, 0.8) - density(ends[1], layer, 0.8)) / (2 * h)
        extra += slope**2 / chi
    assert extra > 1e-5 and float(held[1] - plain[1]) == pytest.approx(extra, rel=1e-4)
    assert float(held[0]) == pytest.approx(float(plain[0]), rel=1e-10)


def test_moments_of_the_spinor_are_those_of_the_whole_circle():
    grid = momentum_grid(STRONG, 0.8, (1.9, 2.0))
    half, whole = (spinor_moments(STRONG, grid, 1.9, q_y, 0.8) for q_y in (0.0, 1e-12))
    for first, second in zip(half, whole, strict=True):
        np.testing.assert_allclose(first, second, atol=1e-10)
    # n has length 1.
    for moments in (half, whole):
        assert np.trace(moments.G[1:, 1:]) == pytest.approx(moments.G[0, 0], rel=1e-12)


@pytest.mark.parametrize("form", OTHERS)
def test_scans_have_converged(form):
    for bands, T, q in ((STRONG, 0.1, (2.2, 0.0)), (P2, 0.1, (0.3, 0.0))):
        usual, dense = (field(bands, T, form, scan_points=points).solve(*q) for points in (11, 30))
        assert usual.delta == pytest.approx(dense.delta, rel=1e-9)
        better = field(bands, T, form, tolerance=1e-14).solve(*q)
        assert usual.omega == pytest.approx(better.omega, rel=1e-8)
        assert usual.hole_current[0] == pytest.approx(better.hole_current[0], rel=1e-7)


@pytest.mark.parametrize("form", [form for form in OTHERS if form.overlaps])
def test_states_do_not_depend_on_what_was_solved_before(form):
    """A spinor that turned out of the mirror plane off the axis is none for a state on it."""
    fresh, used = field(STRONG, 0.5, form), field(STRONG, 0.5, form)
    for q in ((1.0, 0.8), (1.5, 0.3)):
        used.solve(*q)
    first, second = fresh.solve(1.72), used.solve(1.72)
    assert first.delta > 1 and second.omega == pytest.approx(first.omega, rel=1e-9)
    assert second.electron_current[0] == pytest.approx(second.hole_current[0], rel=1e-8)
    assert second.electron_current[0] == pytest.approx(first.electron_current[0], rel=1e-8)


def test_imbalance_is_that_of_the_densities_at_T_c():
    for imbalance in (-0.3, 0.5):
        bands = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=5.0, imbalance=imbalance)
        assert density(bands, "e") / density(bands, "h") - 1 == pytest.approx(imbalance, abs=1e-10)
    with pytest.raises(ValueError, match="^imbalance = 0.1 .* literal"):
        diode(E_F=11.6, lam=2.0, J=6.0, B=5.0, T=0.9, convention="literal", imbalance=0.1)
    with pytest.raises(ValueError, match="^overlaps = True"):
        diode(E_F=11.6, lam=2.0, J=6.0, B=5.0, T=0.9, convention="literal", lam_h=0.1, overlaps=True)
    with pytest.raises(ValueError, match="^hold = 'current'"):
        diode(E_F=11.6, lam=2.0, J=6.0, B=5.0, T=0.9, hold="current")


SETS = [
    dict(E_F=11.6, lam=2.0, J=6.0, B=12.0),
    dict(E_F=11.6, lam=1.0, J=14.808, B=3.0),
    dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal"),
]


def assert_ground_state(r):
    assert r.condensed and r.valid and r.stable and np.linalg.eigvalsh(r.stiffness)[0] > 0


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("values", SETS)
def test_no_ground_state_of_the_pages_has_a_negative_stiffness(form, values):
    assert_ground_state(diode(**values, T=0.9, hold=form.hold, overlaps=form.overlaps))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("imbalance", [-0.2, 0.2])
def test_no_ground_state_of_unequal_layers_has_a_negative_stiffness(form, imbalance):
    given = dict(SETS[0], imbalance=imbalance, T=0.5, theory="mean-field", hold=form.hold, overlaps=form.overlaps)
    r = diode(**given)
    assert_ground_state(r)
    on_axis = diode(**given, plane=False)
    # What the axis hides: where the momentum leaves it, the state there is no minimum of the plane.
    assert r.q0_y == 0 or on_axis.efficiency != pytest.approx(r.efficiency, rel=0.1)
