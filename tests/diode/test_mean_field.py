"""Mean-field states: exact limits, currents against derivatives, agreement with Ginzburg-Landau theory, bad input."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, optimize

from ehbilayer.diode.bands import Bands, density, isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.depairing import critical_currents, ground_state
from ehbilayer.diode.ginzburg_landau import coefficients
from ehbilayer.diode.mean_field import TOLERANCE, MeanField
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.plane import ground_state_in_plane
from ehbilayer.diode.quasiparticles import quasiparticle_bands, quasiparticle_gap
from ehbilayer.diode.stiffness import bkt_temperature, stiffness

P2 = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
STRONG = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=12.0)
FREE = isolated_bands(E_F=200.0, lam=0.0, J=300.0, B=0.0)
G_P2, G_STRONG, G_FREE = (coupling_at_T_c(bands).inverse for bands in (P2, STRONG, FREE))
FINEST = 1e-14


@pytest.mark.parametrize("T", [0.1, 0.5, 0.9, 0.99])
def test_gap_of_weak_coupling(T):
    """The universal BCS curve: with a constant density of states ln(1/T) = int [tanh(xi/2T)/xi - tanh(E/2T)/E]."""

    def equation(delta):
        def difference(x):
            E = math.hypot(x, delta)
            return (math.tanh(x / 2 / T) / x if x else 0.5 / T) - math.tanh(E / 2 / T) / E

        pieces = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 40)])
        value = sum(integrate.quad(difference, a, b)[0] for a, b in itertools.pairwise(pieces))
        return value - math.log(1 / T)

    expected = optimize.brentq(equation, 1e-3, 2.5)
    state = MeanField(FREE, T, G_FREE).solve(0.0)
    assert state.delta == pytest.approx(expected, rel=2e-4)
    if T == 0.1:
        assert state.delta == pytest.approx(math.pi * math.exp(-0.5772156649), rel=2e-4)
        # Condensation energy N_0 Delta^2/2 of pairs, N_0 = 1/2 pi for one spinless species in each layer.
        # Up to the thermal energy of the normal state, N_0 pi^2 T^2/3.
        N_0 = 1 / (2 * np.pi)
        assert -state.omega == pytest.approx(N_0 * state.delta**2 / 2 - N_0 * np.pi**2 * T**2 / 3, rel=1e-3)


@pytest.mark.parametrize(
    "bands, inverse, q", [(P2, G_P2, (0.4, 0.0)), (P2, G_P2, (0.1, 0.25)), (STRONG, G_STRONG, (1.9, -0.1))]
)
@pytest.mark.parametrize("T", [0.3, 0.9])
def test_currents_of_both_layers_are_the_derivative_of_omega(bands, inverse, q, T):
    field = MeanField(bands, T, inverse, tolerance=FINEST)
    state = field.solve(*q)
    h = 2e-3
    for axis in (0, 1):
        if q[1] == 0 and axis == 1:
            continue
        values = []
        for n in (-2, -1, 1, 2):
            moved = list(q)
            moved[axis] += n * h
            values.append(field.solve(*moved).omega)
        slope = (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * h)
        assert abs(slope) > 1e-3
        assert state.electron_current[axis] == pytest.approx(slope, rel=1e-7)
        # Equal number currents of electrons and holes are opposite charge currents: zeta = -1.
        assert state.hole_current[axis] == pytest.approx(state.electron_current[axis], rel=1e-9)
    assert state.residual < 1e-12 and state.delta > 0.1


def test_currents_agree_with_rashba_coupling_in_both_layers():
    bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal", lam_h=0.7)
    field = MeanField(bands, 0.6, coupling_at_T_c(bands).inverse, tolerance=FINEST)
    state = field.solve(0.5)
    h = 2e-3
    assert state.electron_current[0] == pytest.approx(
        (field.solve(0.5 + h).omega - field.solve(0.5 - h).omega) / (2 * h), rel=1e-4
    )
    assert state.hole_current[0] == pytest.approx(state.electron_current[0], rel=1e-10)


def test_slope_is_the_derivative_of_the_potential():
    field = MeanField(P2, 0.6, G_P2)
    h = 1e-4
    for x in (0.3, 1.5):
        high, low = (field.potential(math.sqrt(x + s * h), 0.3)[0] for s in (1, -1))
        slope = field.potential(math.sqrt(x), 0.3)[1]
        assert abs(slope) > 1e-3 and slope == pytest.approx((high - low) / (2 * h), rel=1e-7)


def test_potential_begins_as_the_ginzburg_landau_expansion():
    field = MeanField(STRONG, 0.9, G_STRONG, tolerance=FINEST)
    found = coefficients(STRONG, 1.5, T=0.9)
    alpha, beta = G_STRONG - float(found.susceptibility), float(found.beta)
    # Not smaller: rounding of the normal state's potential, 20 E_u, would be seen in the third order.
    x = np.array([2e-3, 4e-3, 8e-3])
    rest = [field.potential(math.sqrt(v), 1.5)[0] - alpha * v - beta * v**2 / 2 for v in x]
    np.testing.assert_allclose(rest / x**3, rest[0] / x[0] ** 3, rtol=0.02)
    assert abs(alpha) > 1e-3 and abs(rest[0]) < 1e-3 * beta * x[0] ** 2


def test_ginzburg_landau_theory_is_the_limit_at_T_c():
    differences = []
    for T in (0.9, 0.97, 0.99):
        pair = [
            diode(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=T, convention="literal", theory=theory)
            for theory in ("ginzburg-landau", "mean-field")
        ]
        differences.append(pair[1].J_plus / pair[0].J_plus - 1)
    assert differences[0] == pytest.approx(0.041, abs=2e-3)
    assert differences[1] < 0.35 * differences[0] and 0 < differences[2] < 0.12 * differences[0]


@pytest.mark.parametrize("T", [0.1, 0.5])
def test_galilean_stiffness(T):
    # Without spin-orbit coupling all pairs follow: at T -> 0 the current is n q/2 for two equal masses.
    field = MeanField(FREE, T, G_FREE)
    rho = stiffness(field, 0.0)
    n = 200.0 / (2 * np.pi)
    assert rho.xx == pytest.approx(rho.yy, rel=1e-6)
    if T == 0.1:
        assert rho.xx == pytest.approx(n / 2, rel=1e-4)
    else:
        # Yosida function: the normal fraction is the thermal average of -f' over the quasiparticles.
        delta = field.solve(0.0).delta
        normal = integrate.quad(lambda x: 2 * 0.25 / T / math.cosh(math.hypot(x, delta) / 2 / T) ** 2, 0, 60)[0]
        assert rho.xx == pytest.approx(n / 2 * (1 - normal), rel=1e-3)


def test_stiffness_is_a_tensor_with_rashba_coupling():
    field = MeanField(STRONG, 0.5, G_STRONG)
    ground = ground_state(field)
    rho = stiffness(field, ground.q[0])
    assert rho.error < 1e-4 * rho.xx and abs(rho.xx / rho.yy - 1) > 0.02
    h = 0.02
    field = MeanField(STRONG, 0.5, G_STRONG)
    centre, high, low = (field.solve(ground.q[0] + s * h).omega for s in (0, 1, -1))
    assert rho.xx == pytest.approx((high + low - 2 * centre) / h**2, rel=1e-3)
    assert rho.yy == pytest.approx(2 * (field.solve(ground.q[0], h).omega - centre) / h**2, rel=1e-3)


def test_bkt_temperature_solves_its_equation_and_tends_to_T_c():
    T = bkt_temperature(P2, G_P2)
    field = MeanField(P2, T, G_P2)
    assert math.pi / 2 * stiffness(field, ground_state(field).q[0]).mean == pytest.approx(T, rel=2e-3)
    # rho(0) = n/2 sets the distance to T_c.
    assert max(T, 0.97) < bkt_temperature(FREE, G_FREE) < 1
    assert bkt_temperature(P2, G_P2, low=0.9) is None


@pytest.mark.slow
def test_bkt_temperature_sees_the_lowest_of_all_valleys():
    """Between T_c and the transition the ground state jumps from one valley of the plane to another."""
    bands = isolated_bands(E_F=35.4, lam=2.0, J=28.6, B=3.0, convention="literal")
    inverse = coupling_at_T_c(bands).inverse

    def excess(T):
        field = MeanField(bands, T, inverse)
        return math.pi / 2 * stiffness(field, *ground_state_in_plane(field).q).mean - T

    found = bkt_temperature(bands, inverse)
    assert excess(found - 2e-3) > 0 > excess(found + 2e-3)


def test_bkt_temperature_of_weak_stiffness_is_proportional_to_it():
    bands = isolated_bands(E_F=11.6, lam=0.0, J=14.808, B=0.0)
    inverse = coupling_at_T_c(bands).inverse
    searched, at_rest = (bkt_temperature(bands, inverse, at_rest=known) for known in (False, True))
    assert at_rest == pytest.approx(searched, abs=2e-4)
    # At T -> 0 the stiffness is n/2; at fixed chemical potential the condensate is denser than the normal state.
    all_pairs = math.pi / 2 * density(bands, "h") / 2
    cold = bkt_temperature(bands, inverse, scale=0.02, at_rest=True, coldest=0.05)
    assert cold == pytest.approx(0.02 * all_pairs, rel=1e-2)
    assert bkt_temperature(bands, inverse, scale=0.02, at_rest=True) is None
    assert bkt_temperature(bands, inverse, scale=1e4, at_rest=True) == 1.0


@pytest.mark.parametrize(
    "bands, inverse, T, q",
    [
        (P2, G_P2, 0.9, 0.43),
        (P2, G_P2, 0.1, 0.7),
        (STRONG, G_STRONG, 0.2, 2.0),
        (STRONG, G_STRONG, 0.05, 2.2),
        (STRONG, G_STRONG, 0.9, 1.5),
    ],
)
def test_default_tolerance_has_converged(bands, inverse, T, q):
    loose, standard, fine = (MeanField(bands, T, inverse, tolerance=t).solve(q) for t in (1e-6, TOLERANCE, FINEST))
    assert standard.delta == pytest.approx(fine.delta, rel=1e-9)
    assert standard.omega == pytest.approx(fine.omega, rel=1e-8)
    assert standard.electron_current[0] == pytest.approx(fine.electron_current[0], rel=2e-9)
    # The two layers' currents are equal in exact sums only: their difference measures what is left.
    assert abs(standard.electron_current[0] - standard.hole_current[0]) < 1e-9
    assert abs(loose.electron_current[0] - loose.hole_current[0]) > 1e-9


@pytest.mark.parametrize("bands, T", [(STRONG, 0.4), (P2, 0.1)])
def test_scans_have_enough_points(bands, T):
    inverse = coupling_at_T_c(bands).inverse
    default = critical_currents(MeanField(bands, T, inverse))
    for scan, finer, scan_points in ((17, 1, 9), (73, 4, 39)):
        other = critical_currents(MeanField(bands, T, inverse, scan_points=scan_points), scan=scan, finer=finer)
        assert other.plus.value == pytest.approx(default.plus.value, rel=1e-8)
        assert other.minus.value == pytest.approx(default.minus.value, rel=1e-8)
        assert other.ground.q[0] == pytest.approx(default.ground.q[0], abs=1e-8)
    assert default.ground.electron_current[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.slow
def test_denser_scans_find_nothing_lower_in_random_sets():
    rng = np.random.default_rng(5)
    for i in range(6):
        E_F, lam, J, B = rng.uniform([3, 0.3, 4, 1], [25, 3, 25, 14])
        bands = isolated_bands(E_F=E_F, lam=lam, J=J, B=B, convention=("literal", "balanced")[i % 2])
        inverse = coupling_at_T_c(bands, plane=False).inverse
        for T in (0.15, 0.6):
            usual = critical_currents(MeanField(bands, T, inverse))
            dense = critical_currents(MeanField(bands, T, inverse, scan_points=37), scan=97, finer=4)
            assert usual.ground.omega == pytest.approx(dense.ground.omega, rel=1e-7)
            assert usual.plus.value == pytest.approx(dense.plus.value, rel=1e-6)
            assert usual.minus.value == pytest.approx(dense.minus.value, rel=1e-6)


def test_current_ends_at_a_first_order_jump():
    bands = isolated_bands(E_F=20.71, lam=2.481, J=14.822, B=4.715, convention="literal")
    field = MeanField(bands, 0.2, coupling_at_T_c(bands, plane=False).inverse)
    plus = critical_currents(field).plus
    inside, outside = (field.solve(plus.q + s * 1e-6) for s in (-1, 1))
    assert plus.jump and inside.delta > 1.0 and outside.delta == 0.0
    assert -1e-6 < inside.omega < 0 and inside.electron_current[0] == pytest.approx(plus.value, abs=1e-5)


def test_order_parameters_larger_than_in_weak_coupling_are_found():
    # Unequal densities pair at T_c at one momentum, and much more strongly at others below: 2.9 T_c at 0.5 T_c.
    bands = isolated_bands(E_F=4.0727, lam=2.99778, J=17.69975, B=4.04863, convention="literal")
    field = MeanField(bands, 0.5, coupling_at_T_c(bands).inverse)
    delta = [field.solve(q).delta for q in np.linspace(0.4, 1.4, 6)]
    assert min(delta) > 2.3 and max(delta) > 2.5 and np.abs(np.diff(delta, 2)).max() < 0.2
    # Beyond the largest order parameter that is looked at the potential only rises.
    values = [field.potential(math.sqrt(x), 0.8)[1] for x in field.squares[-1] * np.array([1.0, 1.5, 3.0, 10.0])]
    assert min(values) > 0 and (np.diff(values) > 0).all()


def test_first_order_transition_takes_the_global_minimum():
    # Two parabolas with different chemical potentials: Pauli-limited pairs, where Omega has two minima over Delta.
    bands = Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=0.0, mu_e=31.15, mu_h=28.85)
    equal = Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=0.0, mu_e=30.0, mu_h=30.0)
    field = MeanField(bands, 0.1, coupling_at_T_c(equal).inverse)
    delta = np.linspace(0.0, 2.5, 251)
    omega = np.array([field.potential(value, 0.0)[0] for value in delta])
    assert omega[1:40].min() > 0 > omega.min()
    state = field.solve(0.0)
    assert state.delta == pytest.approx(delta[omega.argmin()], abs=0.01)
    # Beyond the Chandrasekhar-Clogston limit Delta_0/sqrt 2 = 1.247 the second minimum is a metastable one.
    beyond = Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=0.0, mu_e=31.3, mu_h=28.7)
    field = MeanField(beyond, 0.1, coupling_at_T_c(equal).inverse)
    omega = np.array([field.potential(value, 0.0)[0] for value in delta])[100:]
    assert omega.min() > 0 and 0 < omega.argmin() < len(omega) - 1
    assert field.solve(0.0).delta == 0.0


def test_quasiparticles():
    p = np.linspace(3, 6, 31)
    upper, lower = quasiparticle_bands(P2, 0.3, 0.9, p)
    xi_e, xi_h = P2.electron(p + 0.3, 0.0), P2.hole(-p, 0.0)
    for i in range(len(p)):
        levels = np.linalg.eigvalsh(np.array([[xi_e[i], 0.9], [0.9, -xi_h[i]]]))
        np.testing.assert_allclose(sorted([upper[i], -lower[i]]), levels, atol=1e-12)
    at_rest = quasiparticle_gap(STRONG, 1.73, 1.8)
    assert 0 < at_rest.gap < 1.8
    assert quasiparticle_gap(STRONG, 2.9, 1.0).gap < 0
    theta = np.linspace(0, np.pi, 400)
    table = np.array(
        [
            quasiparticle_bands(STRONG, 1.73, 1.8, r * np.cos(theta), r * np.sin(theta)).min()
            for r in np.linspace(2, 8, 600)
        ]
    )
    assert at_rest.gap == pytest.approx(table.min(), abs=2e-3) and at_rest.gap <= table.min()


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: MeanField(P2, 0.0, G_P2), ValueError, "^T = 0.0 .* T >= 0.02"),
        (lambda: MeanField(P2, 0.5, math.nan), ValueError, "^inverse = nan"),
        (lambda: MeanField(P2, 0.5, G_P2, tolerance=1.0), ValueError, "^tolerance = 1.0"),
        (lambda: MeanField(P2, 0.5, G_P2, scan_points=2), ValueError, "^scan_points = 2"),
        (lambda: MeanField(P2, 0.5, G_P2).solve("0"), TypeError, "^q_x = '0'"),
        (lambda: quasiparticle_gap(P2, 0.0, -1.0), ValueError, "^delta = -1.0"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
