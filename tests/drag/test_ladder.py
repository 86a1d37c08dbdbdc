import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import zeta

from ehbilayer.device import Device
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.momentum_grid import momentum_grid
from ehbilayer.diode.momentum_sums import momentum_sums
from ehbilayer.drag import ParabolicLayer, RashbaLayer, linear, nonlinear
from ehbilayer.drag.ladder import Ladder
from ehbilayer.drag.ladder_kernels import PairLayers, contour_sums
from ehbilayer.errors import ArgumentError
from ehbilayer.units import HBAR, K_B, ThermalUnits

T_C = 10.0
UNITS = ThermalUnits(mass=0.2, T_c=T_C)
# An energy times an area, of E_u and l_u.
AREA_ENERGY = UNITS.energy_meV * UNITS.length_nm**2
#: An attraction so weak that one scattering is all: |T| = g = 1/WEAK, which the tests take out again.
WEAK = 1e6
#: A grid for what holds on every one.
ROUGH = {"angles": 2, "fineness": 0.5}


def parabola(mass=0.2, E_F=10.0, T=12.0):
    return RashbaLayer(mass, E_F, T, lam=0, J=0, B=0)


def ladder(T=12.0, **options):
    """Two equal parabolas with the coupling of the diode's pages at 10 K."""
    level = 10.0 / UNITS.energy_meV
    coupling = coupling_at_T_c(Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=0.0, mu_e=level, mu_h=level))
    options = {"inverse": coupling.inverse / AREA_ENERGY, "scale": UNITS.energy_meV, "angles": 2} | options
    return Ladder(parabola(T=T), ParabolicLayer(0.2, 10, T), **options)


def rashba(T=12.0, **options):
    """The book's device with its own coupling."""
    device = Device()
    bands = device.condensate(T_C).bands
    coupling = coupling_at_T_c(bands)
    electrons = RashbaLayer(0.2, 1.0, T, lam=device.lam, J=device.J, B=device.B)
    electrons = replace(electrons, E_F=float(bands.mu_e * UNITS.energy_meV - electrons.minimum[1]))
    numbers = {"inverse": coupling.inverse / AREA_ENERGY, "scale": UNITS.energy_meV}
    numbers |= {"pair_momentum": coupling.q / UNITS.length_nm, "order": 4, "angles": 6} | options
    return Ladder(electrons, ParabolicLayer(0.2, 10, T), **numbers), bands


@pytest.mark.parametrize("T", [5.0, 12.0])
@pytest.mark.parametrize("q", [(0.0, 0.0), (0.4, 0.0), (1.1, 1.7)])
def test_propagator_is_the_pair_susceptibility_of_the_condensate(T, q):
    layers, bands = rashba(T)
    expected = float(momentum_sums(bands, momentum_grid(bands, T / T_C, *q), *q, T / T_C)[0])
    found = layers.spectrum(q[0] / UNITS.length_nm, q[1] / UNITS.length_nm).balance() * AREA_ENERGY
    # By another route, through its spectral density; pairs balance at Omega = 0 between two nodes.
    assert found == pytest.approx(expected, abs=2e-6)


def test_normal_state_becomes_unstable_at_the_temperature_of_the_coupling():
    for layers in (ladder(T_C), rashba(T_C)[0]):
        assert abs(layers.instability()[0]) < 1e-5
    assert rashba(T_C)[0].instability()[1] == pytest.approx(Device().condensate(9.9).q0 / UNITS.length_nm, rel=0.02)


@pytest.mark.parametrize("T", [5.0, 10.1, 13.0, 20.0])
def test_margin_of_degenerate_parabolas_is_the_logarithm_of_the_temperature(T):
    # Up to occupations at the bottom of the band.
    assert ladder(T).instability()[0] == pytest.approx(math.log(T / T_C), abs=5e-6 + 2 * math.exp(-10 / (K_B * T)))


@pytest.mark.parametrize("T", [6.0, 12.0, 40.0])
@pytest.mark.parametrize(("mass", "E_F"), [(0.2, 10.0), (0.5, 4.0)])
def test_born_limit_is_that_of_density_fluctuations(T, mass, E_F):
    electrons, holes = parabola(T=T), ParabolicLayer(mass, E_F, T)
    pairs = Ladder(electrons, holes, inverse=WEAK, scale=1.0, angles=2, order=8).friction() * WEAK**2
    layer = ParabolicLayer(0.2, 10.0, T)
    densities = linear.friction(layer, holes, linear.overlaps(layer, holes), 1.0)
    assert pairs == pytest.approx(HBAR * densities, rel=2e-4)


def test_born_limit_of_the_rashba_layer_to_second_order_in_the_drift():
    layers, _ = rashba(14.0, inverse=WEAK, order=5)
    electrons, holes, tilt = layers.electrons, layers.holes, layers.electrons.tilt
    grid = nonlinear.make_grid(electrons, holes, d=1e-3, order=12, angles=8, spacing=0.6 * electrons.spacing())
    sums = nonlinear.sums(electrons, holes, grid, False, tilt)
    rates = nonlinear.coefficients(holes, grid, sums, np.ones((1, 1)))
    friction = layers.friction() * WEAK**2
    assert friction * tilt[0] / HBAR == pytest.approx(rates[0], rel=3e-4)
    assert friction * holes.curvature / HBAR == pytest.approx(rates[1], rel=3e-4)
    u = 0.004
    forces = [layers.force(x) * WEAK**2 for x in (u, -u)]
    assert (forces[0] - forces[1]) / (2 * u) == pytest.approx(rates[0], rel=0.01)
    assert (forces[0] + forces[1]) / (2 * u**2) == pytest.approx(rates[2] + 0.5 * rates[5], rel=0.02)


def test_friction_grows_like_the_logarithm_of_the_distance_to_the_transition():
    # pi/(8 xi^2) ln(1/epsilon), xi^2 = 7 zeta(3)/32 pi^2 (hbar v_F/k_B T)^2: Gaussian fluctuations in weak coupling.
    # Nodes lie dense at the edges of panels, so that a high order resolves the narrow pairs.
    distances = np.array([1e-2, 3e-3, 1e-3])
    values = [ladder(T_C * (1 + x), order=14).friction() for x in distances]
    layer = ParabolicLayer(0.2, 10, T_C)
    speed = layer.curvature * layer.fermi_wave_number
    length = 7 * zeta(3) / (32 * math.pi**2) * (speed / layer.thermal_energy) ** 2
    slopes = np.diff(values) / np.diff(np.log(1 / distances))
    assert slopes[-1] == pytest.approx(math.pi / (8 * length), rel=0.04)
    assert (np.diff(slopes) > 0).all()


def test_linear_friction_is_that_of_a_small_drift_of_either_layer():
    layers, _ = rashba()
    friction, u = layers.friction(), 1e-4
    slopes = [layers.force(u) / layers.electrons.tilt[0] / u, -layers.force(0.0, u) / layers.holes.curvature / u]
    for slope in slopes:
        assert HBAR * slope == pytest.approx(friction, rel=2e-3)


def test_layers_of_one_velocity_do_not_rub():
    layers, _ = rashba(**ROUGH)
    u1 = 0.01
    together = u1 * layers.electrons.tilt[0] / layers.holes.curvature
    assert abs(layers.force(u1, together)) < 1e-10 * abs(layers.force(u1))


def test_momentum_is_passed_on_the_same_way_in_both_directions():
    light, heavy = parabola(0.2, 10.0), parabola(0.5, 5.0)
    options = dict(inverse=4e-4, scale=0.86, angles=2, order=8)
    forward = Ladder(light, ParabolicLayer(0.5, 5.0, 12.0), **options)
    backward = Ladder(heavy, ParabolicLayer(0.2, 10.0, 12.0), **options)
    per_area = [x.friction() * x.holes.density for x in (forward, backward)]
    assert per_area[0] == pytest.approx(per_area[1], rel=1e-4)


def test_field_and_current_reversed_give_the_same_ratio():
    layers, _ = rashba(**ROUGH)
    turned = replace(layers.electrons, B=-layers.electrons.B)
    mirrored = replace(layers, electrons=turned, pair_momentum=-layers.pair_momentum)
    a, b = layers.drag(1e-12, 4.0), mirrored.drag(1e-12, -4.0)
    assert a.ratio == pytest.approx(b.ratio, rel=1e-6)
    assert abs(a.ratio / layers.drag(1e-12, -4.0).ratio - 1) > 1e-3
    still = replace(layers, electrons=replace(layers.electrons, B=0.0), pair_momentum=0.0)
    assert still.force(0.01) == pytest.approx(-still.force(-0.01), rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("T", [10.2, 14.0, 30.0])
def test_default_grid_is_converged(T):
    layers, _ = rashba(T)
    fine = replace(layers, order=8, angles=10, fineness=1.6).drag(1e-12)
    assert layers.drag(1e-12).tau_D2 == pytest.approx(fine.tau_D2, rel=5e-4)
    assert layers.drag(1e-12).margin == pytest.approx(fine.margin, abs=5e-5)


@pytest.mark.slow
def test_grid_is_converged_at_a_drift():
    layers, _ = rashba(10.5)
    fine = replace(layers, order=7, angles=10)
    assert layers.force(0.02) == pytest.approx(fine.force(0.02), rel=1e-3)


def test_force_balance_and_its_validity():
    layers, _ = rashba(12.0, **ROUGH)
    found = layers.drag(1e-12, 5.0)
    rate = layers.force(found.u1, found.u2)
    assert rate == pytest.approx(found.u2 / 1.0, rel=1e-4)
    velocities = [found.u2 * layers.holes.curvature, found.u1 * layers.electrons.tilt[0]]
    expected = -layers.holes.density * velocities[0] / (layers.electrons.density * velocities[1])
    assert found.ratio == pytest.approx(expected, rel=1e-4)
    assert (found.valid, found.stable) == (found.broadening < 1, True)
    near, far = ladder(10.05).drag(1e-9), ladder(30.0).drag(1e-9)
    assert not near.valid and "self-energies" in near.message
    assert far.valid and far.message == ""


def test_below_the_transition_layers_that_go_together_are_unstable_and_layers_far_apart_are_not():
    layers, _ = rashba(9.5, **ROUGH)
    for found in (layers.drag(1e-9), layers.drag(1e-9, 8.0)):
        assert found.ratio is None and found.margin < 0 and "unstable" in found.message
    assert layers.drag(1e-14, 8.0).ratio is not None


def test_what_cannot_be_is_refused():
    holes = ParabolicLayer(0.2, 10, 12)
    with pytest.raises(ArgumentError, match="lam"):
        Ladder(RashbaLayer(0.2, 10, 12, lam=40, J=1, B=2), holes, inverse=4e-4, scale=0.86)
    with pytest.raises(ArgumentError, match="T = 10"):
        Ladder(parabola(T=10), holes, inverse=4e-4, scale=0.86)


def test_half_the_contour_stands_for_the_whole_along_the_axis():
    numbers = dict(curvature=0.381, lam=10.0, B=6.0, J=5.0, level=6.0, curvature_h=0.2, level_h=8.0, T=1.0)
    layers = PairLayers(**numbers, tilt_e=2.0, shift_e=-0.1, tilt_h=0.5, shift_h=0.0)
    omega = np.linspace(1.0, 30.0, 9)
    half, whole = (contour_sums(layers, 0.05, Q_y, omega, 48) for Q_y in (0.0, 1e-13))
    assert np.allclose(half, whole, rtol=1e-9, atol=0.0) and (half[3] > 0).all()
