"""Pair momenta in the plane: minima against scans, stability, currents along any direction, symmetries."""

import functools
import math

import numpy as np
import pytest

from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.depairing import ground_state
from ehbilayer.diode.ginzburg_landau import coefficient_map, coefficients
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.momentum_grid import COARSE
from ehbilayer.diode.nonreciprocity import diode as compute
from ehbilayer.diode.plane import Rotated, descend, ground_state_in_plane, lowest_off_axis
from ehbilayer.diode.stiffness import stiffness

# Several tests ask for the same states.
diode = functools.cache(compute)

P2 = dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
STRONG = dict(E_F=11.6, lam=2.0, J=6.0, B=12.0)
# Many more electrons than holes: the lowest state on the axis is a saddle.
OFF = dict(E_F=12.868, lam=2.457, J=8.946, B=5.157, convention="literal")
OTHER = dict(E_F=11.6, lam=2.0, J=6.0, B=6.0, convention="literal")


@pytest.mark.parametrize("point, off", [(STRONG, False), (OFF, True), (OTHER, True)])
def test_first_instability_is_the_largest_susceptibility_of_a_scan(point, off):
    bands = isolated_bands(**point)
    found = coupling_at_T_c(bands)
    x, y = np.linspace(-3, 3, 41), np.linspace(0, 3, 21)
    table = coefficients(bands, x[:, None], y, T=1.0, resolution=COARSE).susceptibility
    i, j = np.unravel_index(table.argmax(), table.shape)
    assert 0 <= found.inverse - table.max() < 4e-3 * np.ptp(table)
    assert (found.q, found.q_y) == (pytest.approx(x[i], abs=0.15), pytest.approx(y[j], abs=0.15))
    assert (found.q_y > 0.5) == off
    assert coupling_at_T_c(bands, plane=False).inverse <= found.inverse


@pytest.mark.parametrize("point, T", [(P2, 0.9), (STRONG, 0.7), (OFF, 0.9), (OTHER, 0.8)])
def test_ground_state_of_the_expansion_is_the_lowest_of_a_map(point, T):
    r, bands = diode(**point, T=T), isolated_bands(**point)
    axis = np.linspace(-2.6, 2.6, 105)
    inverse = coupling_at_T_c(bands)
    maps = coefficient_map(bands, axis, axis[52:], T=T, coupling=inverse, nodes=(41, 21))
    assert maps.interpolation_error < 1e-4
    F = np.nan_to_num(maps.free_energy.values)
    i, j = np.unravel_index(F.argmin(), F.shape)
    assert (r.q0, r.q0_y) == (pytest.approx(axis[i], abs=0.06), pytest.approx(axis[52 + j], abs=0.06))
    here = coefficients(bands, r.q0, r.q0_y, T=T)
    alpha, beta = inverse.inverse - float(here.susceptibility), float(here.beta)
    assert F.min() * 1.05 < -(alpha**2) / (2 * beta) <= F.min() * (1 - 1e-7)
    assert r.stable and r.valid and r.delta == pytest.approx(math.sqrt(-alpha / beta), rel=1e-7)


@pytest.mark.parametrize("point, T", [(OFF, 0.9), (OFF, 0.4), (STRONG, 0.3)])
def test_ground_state_of_mean_field_theory_is_the_lowest_of_a_scan(point, T):
    bands = isolated_bands(**point)
    field = MeanField(bands, T, coupling_at_T_c(bands).inverse)
    found = ground_state_in_plane(field)
    states = [field.solve(x, y, rough=True) for x in np.linspace(-2.5, 2.5, 26) for y in np.linspace(0, 2.5, 14)]
    lowest = min(states, key=lambda state: state.omega)
    assert lowest.omega * 1.05 < found.omega <= lowest.omega + 1e-4 * abs(lowest.omega)
    assert math.dist(found.q, lowest.q) < 0.2
    assert np.abs(found.electron_current).max() < 1e-8 * field.reach
    rho = stiffness(field, *found.q)
    assert rho.stable and np.linalg.eigvalsh(rho.matrix).min() > 0


def test_a_state_with_negative_stiffness_is_no_ground_state():
    for theory in ("ginzburg-landau", "mean-field"):
        axis, plane = (diode(**OFF, T=0.9, theory=theory, plane=plane) for plane in (False, True))
        assert axis.q0_y == 0 and not axis.stable and not axis.valid and "not a ground state" in axis.message
        assert axis.stiffness[1, 1] < 0 < axis.stiffness[0, 0]
        assert plane.stable and plane.valid and plane.q0_y > 1 and plane.message == ""
        assert plane.stiffness[0, 1] == pytest.approx(plane.stiffness[1, 0]) and abs(plane.stiffness[0, 1]) > 0.01


def test_stability_flips_where_a_minimum_leaves_the_axis():
    """Along a line of parameters from one set to the other the saddle's curvature passes through zero."""
    names = ("E_F", "lam", "J", "B")
    outcomes = []
    for s in (0.0, 0.4, 0.6, 0.8, 1.0):
        bands = isolated_bands(**{name: (1 - s) * P2[name] + s * OFF[name] for name in names}, convention="literal")
        field = MeanField(bands, 0.9, coupling_at_T_c(bands, plane=False).inverse)
        axis = ground_state(field)
        rho = stiffness(field, axis.q[0])
        assert rho.stable == (rho.yy >= 0) and math.isnan(rho.mean) != rho.stable
        if not rho.stable:
            off = lowest_off_axis(field, axis)
            assert off.q[1] > 0 and off.omega < axis.omega and stiffness(field, *off.q).stable
        outcomes.append(rho.stable)
    assert outcomes[0] and not outcomes[-1] and outcomes == sorted(outcomes, reverse=True)


def test_stiffness_is_the_second_derivative_off_the_axis():
    bands = isolated_bands(**OFF)
    field = MeanField(bands, 0.6, coupling_at_T_c(bands).inverse, tolerance=1e-14)
    q, h = ground_state_in_plane(field).q, 0.02

    def omega(x, y):
        return field.solve(q[0] + x * h, q[1] + y * h).omega

    rho = stiffness(field, *q)
    mixed = (omega(1, 1) - omega(1, -1) - omega(-1, 1) + omega(-1, -1)) / (4 * h * h)
    middle = omega(0, 0)
    assert rho.xy == pytest.approx(mixed, rel=5e-3) and abs(rho.xy) > 0.01
    assert rho.xx == pytest.approx((omega(1, 0) - 2 * middle + omega(-1, 0)) / h**2, rel=5e-3)
    assert rho.yy == pytest.approx((omega(0, 1) - 2 * middle + omega(0, -1)) / h**2, rel=5e-3)


def test_critical_currents_are_those_of_the_lowest_valley_of_a_map():
    r, bands = diode(**OFF, T=0.95), isolated_bands(**OFF)
    x, y = np.linspace(-0.3, 0.75, 211), np.linspace(0.9, 1.9, 201)
    maps = coefficient_map(bands, x, y, T=0.95, coupling=coupling_at_T_c(bands), nodes=(41, 31))
    F = np.nan_to_num(maps.free_energy.values)
    # The minimum over q_y of a parabola through three points, and its derivative along q_x.
    j = F.argmin(axis=1)
    assert j.min() > 0 and j.max() < len(y) - 1 and F.min(axis=1).max() < 0
    left, middle, right = (F[np.arange(len(x)), j + n] for n in (-1, 0, 1))
    current = np.gradient(middle - (right - left) ** 2 / (8 * (right - 2 * middle + left)), x)
    top, bottom = (x[k(current)] for k in (np.argmax, np.argmin))
    assert r.J_plus == pytest.approx(current.max(), rel=5e-3)
    assert r.J_minus == pytest.approx(current.min(), rel=5e-3)
    assert (r.q_plus, r.q_minus) == (pytest.approx(top, abs=0.03), pytest.approx(bottom, abs=0.03))


@pytest.mark.parametrize(
    "theory, point", [("ginzburg-landau", STRONG), ("ginzburg-landau", OFF), ("mean-field", STRONG)]
)
def test_directions(theory, point):
    """Reversal exchanges the two currents; so does the mirror y -> -y along y on the axis."""
    given = {**point, "T": 0.95, "theory": theory}
    forward, backward = diode(**given, angle=0.7), diode(**given, angle=0.7 + math.pi)
    assert backward.J_plus == pytest.approx(-forward.J_minus, rel=2e-5)
    assert backward.efficiency == pytest.approx(-forward.efficiency, abs=2e-5)
    assert (forward.q0, forward.q0_y) == (pytest.approx(backward.q0), pytest.approx(backward.q0_y))
    assert forward.efficiency != pytest.approx(diode(**given).efficiency, abs=1e-4)
    if point is STRONG and theory == "ginzburg-landau":
        mirrored, across = diode(**given, angle=-0.7), diode(**given, angle=math.pi / 2)
        assert mirrored.J_plus == pytest.approx(forward.J_plus, rel=2e-5)
        assert abs(across.efficiency) < 1e-6 and across.J_plus > 0
        along = diode(**given, angle=2 * math.pi)
        assert along.J_plus == pytest.approx(diode(**given).J_plus, rel=1e-6)


def test_rotation_about_the_normal():
    """Without field in the plane, and with equal currents along each direction, whatever the coupling."""
    bands = isolated_bands(E_F=11.6, lam=1.5, J=10.0, B=0.0, convention="literal")
    assert bands.isotropic and coupling_at_T_c(bands).q_y == 0
    field = MeanField(bands, 0.7, coupling_at_T_c(bands).inverse)
    states = [field.solve(0.3 * math.cos(a), 0.3 * math.sin(a)) for a in (0.0, 0.4, 1.3, 2.9)]
    for state in states[1:]:
        assert state.omega == pytest.approx(states[0].omega, rel=1e-7)
        radial = np.dot(state.electron_current, state.q) / 0.3
        assert radial == pytest.approx(states[0].electron_current[0], rel=1e-7) and abs(radial) > 1e-3
        assert state.electron_current[0] * state.q[1] - state.electron_current[1] * state.q[0] == pytest.approx(
            0.0, abs=1e-9
        )
    turned = Rotated(field, 0.4).solve(0.3)
    assert turned.q == pytest.approx((0.3, 0.0)) and turned.electron_current[0] == pytest.approx(radial, rel=1e-7)
    currents = [diode(E_F=11.6, lam=1.5, J=10.0, B=0.0, T=0.9, angle=a).J_plus for a in (0.0, 1.0)]
    assert currents[0] == currents[1]


def test_mirror_images_off_the_axis():
    base, image = diode(**OFF, T=0.9), diode(**{**OFF, "B": -OFF["B"]}, T=0.9)
    assert (image.q0, image.q0_y) == (pytest.approx(-base.q0, abs=1e-7), pytest.approx(base.q0_y, abs=1e-7))
    assert image.J_plus == pytest.approx(-base.J_minus, rel=1e-6)
    assert image.efficiency == pytest.approx(-base.efficiency, abs=1e-6)


def test_theories_meet_at_T_c_off_the_axis():
    differences = []
    for T in (0.9, 0.97):
        gl, mf = (diode(**OFF, T=T, theory=theory) for theory in ("ginzburg-landau", "mean-field"))
        differences.append(mf.J_plus / gl.J_plus - 1)
        assert gl.converged and mf.converged
        assert (mf.q0, mf.q0_y) == (pytest.approx(gl.q0, abs=2e-3), pytest.approx(gl.q0_y, abs=2e-3))
    assert abs(differences[1]) < 0.4 * abs(differences[0]) < 0.03


def test_transition_is_at_T_c_in_the_plane():
    for theory in ("ginzburg-landau", "mean-field"):
        below, above = (diode(**OFF, T=T, theory=theory) for T in (0.99, 1.0005))
        assert below.condensed and not above.condensed and above.valid and above.stable is None


def test_descent_keeps_to_its_valley():
    bands = isolated_bands(**OFF)
    field = MeanField(bands, 0.9, coupling_at_T_c(bands).inverse)
    state = descend(field, (0.3, 1.4))
    assert state.q == pytest.approx(ground_state_in_plane(field).q, abs=1e-6)
    assert descend(field, (0.3, -1.4)).q == pytest.approx(state.q, abs=1e-6)


def test_expansion_says_where_it_leaves_its_range():
    """Far below T_c it has a momentum where symmetry forbids one."""
    for T, valid in ((0.6, True), (0.4, False)):
        r = diode(E_F=11.6, lam=0.0, J=14.808, B=3.0, T=T)
        assert r.valid == valid and ("outside the range" in r.message) != valid
        full = diode(E_F=11.6, lam=0.0, J=14.808, B=3.0, T=T, theory="mean-field")
        assert full.valid and abs(full.q0) < 1e-9
    failed = diode(**P2, T=0.2)
    assert failed.condensed and not failed.valid and "beta falls" in failed.message


def test_bad_directions_are_named():
    with pytest.raises(ValueError, match="^angle = 1.0 .* plane = False"):
        compute(**P2, T=0.9, plane=False, angle=1.0)
    with pytest.raises(TypeError, match="^plane = 1"):
        compute(**P2, T=0.9, plane=1)


@pytest.mark.parametrize(
    "point",
    [
        dict(E_F=11.6, lam=1.0, J=14.808, B=3.0),
        dict(E_F=11.6, lam=2.0, J=6.0, B=6.0),
        dict(E_F=20.0, lam=2.0, J=6.0, B=12.0),
        dict(E_F=35.407, lam=2.0, J=28.577, B=3.0, convention="literal"),
        dict(E_F=22.422, lam=3.0, J=48.711, B=3.0, convention="literal"),
    ],
)
def test_no_ground_state_of_the_pages_has_a_negative_stiffness(point):
    for theory, T in (("ginzburg-landau", 0.9), ("mean-field", 0.9), ("mean-field", 0.3)):
        r = diode(**point, T=T, theory=theory)
        assert r.condensed and (r.stable or r.q0 is None)
        if r.q0 is not None:
            assert np.linalg.eigvalsh(r.stiffness).min() > 0
