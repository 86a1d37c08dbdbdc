"""Response functions, modes, static interaction and the lattice: sum rules, limits, independent sums, bad input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad

from ehbilayer.errors import NotConverged
from ehbilayer.model.quantum_liquid import exchange_correlation_stiffness
from ehbilayer.superconductivity.lattice_modes import lattice_longitudinal, lattice_onset, lattice_velocities_squared
from ehbilayer.superconductivity.pairing import coulomb_strength, coupling_constant
from ehbilayer.superconductivity.plasmon import (
    HOLES,
    acoustic_velocity,
    coupling_with_velocity,
    dielectric_function,
    lindhard,
    loss_function,
    optical_frequency,
    static_velocity_squared,
)
from ehbilayer.superconductivity.screened_pairing import static_interaction, static_pairing_strength

HEADLINE = dict(r_s=1.6, d=1.0, mass_ratio=10)


def lindhard_by_integration(q, nu, r_s, degeneracy, mass):
    """2 sum_k n_k (e_k - e_{k+q})/((e_k - e_{k+q})^2 + nu^2) over the Fermi disc at imaginary frequency i nu."""
    fermi = 2 / (math.sqrt(degeneracy) * r_s)

    def integrand(angle, k):
        cost = (2 * k * q * math.cos(angle) + q * q) / (2 * mass)
        return -2 * k * cost / (cost**2 + nu**2)

    return degeneracy / (2 * math.pi) ** 2 * dblquad(integrand, 0, fermi, 0, 2 * math.pi, epsabs=1e-10, epsrel=1e-8)[0]


@pytest.mark.parametrize(
    ("q", "nu", "degeneracy", "mass"), [(0.4, 0.3, 2, 1.0), (1.3, 0.5, 2, 1.0), (3.0, 1.0, 1, 4.0)]
)
def test_lindhard_on_the_imaginary_axis(q, nu, degeneracy, mass):
    value = lindhard(q, 1j * nu, r_s=1.2, degeneracy=degeneracy, mass=mass)
    assert value.imag == pytest.approx(0, abs=1e-14)
    assert value.real == pytest.approx(lindhard_by_integration(q, nu, 1.2, degeneracy, mass), rel=1e-7)


def test_lindhard_static_limit():
    k_f = math.sqrt(2) / 1.3
    np.testing.assert_allclose(lindhard([0.1, k_f, 1.999 * k_f], 0.0, r_s=1.3).real * math.pi, -1, atol=1e-12)
    assert lindhard(4 * k_f, 0.0, r_s=1.3).real * math.pi == pytest.approx(-(1 - math.sqrt(1 - 0.25)), rel=1e-12)


def test_lindhard_f_sum_rule_and_kramers_kronig():
    r_s, q = 1.2, 0.7
    k_f = math.sqrt(2) / r_s
    edge = q * k_f + q * q / 2

    def spectrum(omega):
        return -float(lindhard(q, omega, r_s=r_s).imag)

    marks = [abs(q * k_f - q * q / 2)]
    moment = quad(lambda w: w * spectrum(w), 0, edge, points=marks, epsabs=1e-12)[0]
    assert 2 / math.pi * moment == pytest.approx(q * q / (math.pi * r_s**2), rel=1e-7)
    static = quad(lambda w: spectrum(w) / w, 0, edge, points=marks, epsabs=1e-12)[0]
    assert -2 / math.pi * static == pytest.approx(float(lindhard(q, 0.0, r_s=r_s).real), rel=1e-7)
    assert abs(lindhard(q, 1.1 * edge, r_s=r_s).imag) < 1e-12


def test_lindhard_at_high_frequency_is_a_classical_gas():
    q, omega, r_s, mass = 0.3, 500.0, 1.1, 3.0
    value = lindhard(q, omega, r_s=r_s, degeneracy=1, mass=mass)
    assert value.real == pytest.approx(q * q / (math.pi * r_s**2 * mass * omega**2), rel=1e-3)


@given(st.floats(0.05, 3), st.floats(0.01, 2), st.floats(0.3, 3))
def test_continuation_is_continuous(q, omega, r_s):
    above, below = (lindhard(q, omega + 1j * e, r_s=r_s) for e in (1e-12, -1e-12))
    k_f = math.sqrt(2) / r_s
    inside = abs(omega / (q * k_f) + q / 2 / k_f) < 0.999 and abs(omega / (q * k_f) - q / 2 / k_f) < 0.999
    if inside:
        assert abs(above - below) < 1e-4 * abs(above)


@pytest.mark.parametrize("d", [0.0, 0.3, 1.0, 4.0])
def test_heavy_holes_follow_static_electrons(d):
    assert acoustic_velocity(r_s=1.6, d=d, mass_ratio=1e8).real ** 2 == pytest.approx(1 + 4 * d, rel=1e-6)
    for q in (0.2, 1.0):
        v2 = acoustic_velocity(r_s=1.6, d=d, mass_ratio=1e8, q=q).real ** 2
        assert v2 == pytest.approx(static_velocity_squared(q, r_s=1.6, d=d), rel=1e-6)


def test_velocity_solves_its_equation():
    v = acoustic_velocity(**HEADLINE)
    s = v / math.sqrt(20)
    inverse = 1 - s**2 - 1j * s * np.sqrt(1 - s**2)
    assert v**2 == pytest.approx(4 + inverse, rel=1e-10)
    assert v == pytest.approx(2.181 - 0.093j, abs=6e-4)
    assert acoustic_velocity(**HEADLINE, holes="liquid") == pytest.approx(2.247 - 0.092j, abs=6e-4)


@pytest.mark.parametrize("holes", HOLES)
def test_velocity_is_continuous_at_long_waves(holes):
    at_zero = acoustic_velocity(**HEADLINE, holes=holes)
    assert abs(acoustic_velocity(**HEADLINE, q=1e-4, holes=holes) - at_zero) < 3e-4
    assert acoustic_velocity(**HEADLINE, q=1.25, holes=holes).real == pytest.approx(
        {"crystal": 1.23, "liquid": 1.40}[holes], abs=5e-3
    )


@pytest.mark.parametrize("holes", HOLES)
def test_modes_are_zeros_of_the_dielectric_function(holes):
    q = 0.4
    omega = acoustic_velocity(**HEADLINE, q=q, holes=holes) * q / (1.6 * math.sqrt(10))
    value = dielectric_function(q, omega, **HEADLINE, holes=holes)
    scale = abs(dielectric_function(q, 1.1 * omega.real, **HEADLINE, holes=holes))
    assert abs(value) < 1e-8 * scale
    optical = optical_frequency(**HEADLINE, q=q, holes=holes)
    assert abs(dielectric_function(q, optical, **HEADLINE, holes=holes)) < 1e-10
    assert optical > omega.real


def test_optical_plasmon_at_long_waves():
    # Both layers against each other: omega^2 = 2 pi n q (1 + m_e/m_h) for d = 0.
    q = 1e-5
    omega = optical_frequency(r_s=1.6, d=0.0, mass_ratio=10, q=q)
    assert omega**2 == pytest.approx(2 / 1.6**2 * q * 1.1, rel=1e-3)
    assert math.isnan(optical_frequency(**HEADLINE, q=2.0))


def test_loss_function_peaks_at_the_modes():
    q = 0.4
    omega = np.linspace(0.02, 0.9, 20001)
    loss = loss_function(q, omega, **HEADLINE, broadening=1e-5)
    assert (loss > -1e-12).all()
    acoustic = acoustic_velocity(**HEADLINE, q=q).real * q / (1.6 * math.sqrt(10))
    low = omega < 0.35
    assert omega[low][loss[low].argmax()] == pytest.approx(acoustic, rel=0.02)
    assert omega[~low][loss[~low].argmax()] == pytest.approx(optical_frequency(**HEADLINE, q=q), abs=1e-3)


def test_loss_function_sum_rule():
    """First moment: pi/2 times the squared plasma frequency of the electrons, whatever the holes do."""
    q = 0.4
    omega = np.linspace(1e-4, 12.0, 400001)
    loss = loss_function(q, omega, **HEADLINE, holes="liquid", broadening=2e-3)
    moment = np.trapezoid(omega * loss, omega)
    # The broadening's Lorentzian tail beyond the range is added.
    plasma = 2 / 1.6**2 * q
    tail = 2 * 2e-3 * plasma / 12.0
    assert moment + tail == pytest.approx(math.pi / 2 * plasma, rel=5e-3)


def test_equation_two_is_the_residue_of_the_static_interaction():
    """U - 2|M|^2/omega with static RPA velocities is the static RPA interaction, at every q below 2 k_F."""
    for d in (0.0, 0.4, 1.0):
        for q in (0.1, 0.9, 1.7):
            direct = 2 * math.pi / (q + 2)
            plasmonic = (
                2 * math.pi * 2 * math.exp(-2 * q * d) / (static_velocity_squared(q, r_s=1.6, d=d) * (q + 2) ** 2)
            )
            exact = static_interaction(q, r_s=1.6, d=d, mass_ratio=10)
            assert direct - plasmonic == pytest.approx(exact, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("d", [0.0, 0.3, 1.0, 3.0])
def test_static_average_is_mu_minus_lambda(d):
    attraction = coupling_with_velocity(lambda q: static_velocity_squared(q, r_s=1.6, d=d), r_s=1.6, d=d, umklapp=False)
    assert coulomb_strength(1.6) - attraction == pytest.approx(static_pairing_strength(r_s=1.6, d=d), abs=1e-9)


def test_headline_of_the_static_interaction():
    assert static_pairing_strength(r_s=1.6, d=1.0) == pytest.approx(0.309, abs=5e-4)
    assert static_pairing_strength(r_s=1.6, d=0.0) == pytest.approx(0.0, abs=1e-14)
    attraction = coupling_with_velocity(lambda q: static_velocity_squared(q, r_s=1.6, d=1.0), r_s=1.6, d=1.0)
    assert attraction == pytest.approx(0.022, abs=1e-3)


@given(st.floats(0.01, 5), st.floats(0.1, 5), st.floats(0, 5), st.floats(1, 1e3), st.sampled_from(HOLES))
def test_static_interaction_is_repulsive(q, r_s, d, ratio, holes):
    value = static_interaction(q, r_s=r_s, d=d, mass_ratio=ratio, holes=holes)
    assert math.isfinite(value) and value >= 0


@pytest.mark.parametrize("umklapp", ["frozen", "none"])
def test_constant_velocity_gives_equation_four(umklapp):
    ours = coupling_with_velocity(lambda q: np.full_like(q, 0.25), r_s=1.1, d=0.8, umklapp=umklapp == "frozen")
    assert ours == pytest.approx(coupling_constant(1.1, 0.5, 0.8 / 1.1, umklapp), rel=1e-10)
    with pytest.raises(ValueError, match="^velocity_squared"):
        coupling_with_velocity(lambda q: -q, r_s=1.1, d=0.8)


# --- the lattice ---------------------------------------------------------------------------------------


def test_lattice_does_not_depend_on_the_split():
    q = [[0.7, 0.2], [1.9, 0.0], [1e-2, 0.0]]
    reference = lattice_velocities_squared(q, r_s=1.6, d=0.8)
    for split in (0.7, 1.5):
        squares, along = lattice_velocities_squared(q, r_s=1.6, d=0.8, split=split)
        np.testing.assert_allclose(squares, reference[0], rtol=1e-7, atol=1e-8)
        np.testing.assert_allclose(along, reference[1], rtol=1e-7)


def test_far_electrons_leave_the_wigner_crystal():
    """Without screening the transverse velocity is that of Bonsall and Maradudin."""
    q = 0.05
    squares, along = lattice_velocities_squared([[q, 0.0]], r_s=1.6, d=400.0)
    # Longitudinal: omega^2 = 2 pi n q/M; in the units here 2/q x r_s.
    assert along[0] == pytest.approx(2 * 1.6 / q, rel=0.03)
    # Transverse: M c_t^2 = 0.245065 e^2 sqrt(n) x ... = 0.138263 e^2/r_s for n = 1/(pi r_s^2).
    assert squares[0, 0] / 1.6 == pytest.approx(0.138263, rel=5e-3)


def test_lattice_has_the_symmetry_of_the_triangle():
    turn = np.array([[0.5, math.sqrt(3) / 2], [-math.sqrt(3) / 2, 0.5]])
    q = np.array([[0.8, 0.3]])
    one, other = (lattice_velocities_squared(k, r_s=1.2, d=0.6)[0] for k in (q, q @ turn))
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_lattice_headline_and_instability():
    squares, along = lattice_velocities_squared([[1e-3, 0.0], [2.0, 0.0], [0.0, 2.0]], r_s=1.6, d=1.0)
    assert along[0] == pytest.approx(3.84, abs=0.01)
    assert 0.3 < along[1] < along[2] < 0.5 and (squares > 0).all()
    assert lattice_velocities_squared([[1.0, 0.0]], r_s=1.6, d=0.3)[0][0, 0] < 0


def test_lattice_onset_separates_stable_from_unstable():
    onset = lattice_onset(1.6)
    rng = np.random.default_rng(0)
    angles, lengths = rng.uniform(0, 2 * math.pi, 60), rng.uniform(0.05, 2.2, 60)
    probes = lengths[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    softest = [lattice_velocities_squared(probes, r_s=1.6, d=onset + step)[0].min() for step in (-0.06, 0.0, 0.06)]
    # Vectors that the search did not see; at the onset itself the softest mode is nearly zero.
    assert softest[0] < 0 < softest[2]
    assert abs(softest[1]) < 0.1 * softest[2] + 0.01
    assert lattice_onset(1.6, points=97) == pytest.approx(onset, abs=1e-2)
    assert lattice_onset(1.6, low=1.0) == 0.0 and lattice_onset(1.6, high=0.3) == math.inf


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: acoustic_velocity(r_s=0.0, d=1.0, mass_ratio=10), "r_s"),
        (lambda: acoustic_velocity(r_s=1.0, d=-1.0, mass_ratio=10), "d"),
        (lambda: acoustic_velocity(r_s=1.0, d=1.0, mass_ratio=0.1), "mass_ratio"),
        (lambda: acoustic_velocity(**HEADLINE, q=math.nan), "q"),
        (lambda: acoustic_velocity(**HEADLINE, holes="gas"), "holes"),
        (lambda: lindhard(0.0, 1.0, r_s=1.0), "q"),
        (lambda: lindhard(1.0, math.nan, r_s=1.0), "omega"),
        (lambda: lattice_velocities_squared([[1.0, 0.0]], r_s=1.0, d=0.01), "d"),
        (lambda: loss_function(0.4, -1.0, **HEADLINE), "omega"),
        (lambda: optical_frequency(**HEADLINE, q=0.0), "q"),
    ],
)
def test_bad_values_are_named(call, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        call()


def test_bad_wave_vectors():
    with pytest.raises(ValueError, match="^q is not allowed"):
        lattice_velocities_squared([[0.0, 0.0]], r_s=1.0, d=1.0)


@pytest.mark.parametrize("mass_ratio", [10.0, 1e3, 1e5])
def test_velocity_with_liquid_holes_tends_to_that_of_a_crystal(mass_ratio):
    # Their own pressure adds (m_e/m_h) v_F^2 to v^2: in units of v_0^2 = v_F^2/2M, polarised, of order 1/M.
    difference = acoustic_velocity(r_s=1.6, d=1.0, mass_ratio=mass_ratio, holes="liquid") - acoustic_velocity(
        r_s=1.6, d=1.0, mass_ratio=mass_ratio
    )
    assert 0.1 < mass_ratio * abs(difference) < 1.5


def test_lindhard_at_small_q_keeps_its_digits():
    # Far above the continuum chi tends to n q^2/(m omega^2): relative corrections (v_F q/omega)^2.
    q = np.logspace(-7, -2, 6)
    omega = 300 * q
    expected = q**2 / (math.pi * omega**2)
    np.testing.assert_allclose(lindhard(q, omega, r_s=1.0), expected, rtol=3e-5)


def test_no_acoustic_mode_is_said_so():
    # Equal masses, both liquid: the neutral mode lies in the continuum of both layers and is overdamped.
    with pytest.raises(RuntimeError, match="^no acoustic mode found at r_s = 1.0, d = 0.0, mass_ratio = 2.0, q = 2.0$"):
        acoustic_velocity(r_s=1.0, d=0.0, mass_ratio=2.0, q=2.0, holes="liquid")


def test_mode_on_the_edge_of_the_continuum():
    # 1/chi_e vanishes at v = v_F = v_0 sqrt(2M): v^2 = 4 d v_0^2 is met there for d = M/2.
    assert acoustic_velocity(r_s=1.6, d=1.0, mass_ratio=2.0) == pytest.approx(2.0, rel=1e-12)
    above = acoustic_velocity(r_s=1.6, d=1.01, mass_ratio=2.0)
    assert abs(above.imag) < 1e-9 and 2.0 < above.real < 2.02


def test_directions_of_the_lattice_average_over_the_whole_circle():
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    circle = lattice_velocities_squared(1.9 * np.stack([np.cos(angles), np.sin(angles)], axis=1), r_s=1.6, d=1.0)[1]
    six, many = (lattice_longitudinal([1.0, 1.9], r_s=1.6, d=1.0, directions=n)[1] for n in (6, 30))
    assert many.mean() == pytest.approx(circle.mean(), rel=1e-5) and six.mean() == pytest.approx(
        circle.mean(), rel=2e-3
    )
    assert np.ptp(circle) > 0.1 and circle.min() < six.min() and six.max() < circle.max() + 1e-12
    with pytest.raises(ValueError, match="^directions = 0"):
        lattice_longitudinal([1.0], r_s=1.6, d=1.0, directions=0)


@pytest.mark.parametrize("holes", ["crystal", "liquid"])
def test_exchange_softens_the_acoustic_plasmon_to_its_compressibility(holes):
    """Heavy holes and long waves: 4d/a_e, and Hartree-Fock's inverse compressibilities of both layers."""
    expected = 4 * 2.0 + 1 - math.sqrt(2) * 1.2 / math.pi - (2 * 1.2 / math.pi if holes == "liquid" else 0)
    layers = dict(r_s=1.2, d=2.0, mass_ratio=1e5, holes=holes, local_field="exchange")
    found = acoustic_velocity(**layers)
    assert found.real**2 == pytest.approx(expected, rel=2e-3)
    assert acoustic_velocity(**layers, q=1e-4).real == pytest.approx(found.real, rel=2e-3)
    assert acoustic_velocity(**layers).real < acoustic_velocity(**layers | {"local_field": "none"}).real


def test_correlation_softens_it_to_the_compressibility_of_monte_carlo():
    expected = 4 * 2.0 + 1 + exchange_correlation_stiffness(1.2, 0.0) / math.pi
    layers = dict(r_s=1.2, d=2.0, mass_ratio=1e5, local_field="monte-carlo")
    found = acoustic_velocity(**layers).real
    assert found**2 == pytest.approx(expected, rel=2e-3)
    assert acoustic_velocity(**layers, q=1e-4).real == pytest.approx(found, rel=2e-3)
    assert found < acoustic_velocity(**layers | {"local_field": "exchange"}).real


def test_exchange_that_leaves_no_sound_is_said_so():
    with pytest.raises(NotConverged, match="acoustic"):
        acoustic_velocity(r_s=1.6, d=0.05, mass_ratio=10, holes="liquid", local_field="exchange")


@pytest.mark.parametrize("local_field", ["charge", "exchange"])
def test_static_interaction_with_a_local_field_tends_to_rpa_at_high_density(local_field):
    layers = dict(d=1.0, mass_ratio=10)
    ratios = []
    for r_s in (0.1, 0.01):
        plain, dressed = (static_interaction(1 / r_s, r_s=r_s, **layers, local_field=x) for x in ("none", local_field))
        ratios.append(abs(dressed / plain - 1))
    assert ratios[1] < 0.2 * ratios[0] < 0.1
