"""Tightly bound pairs: sound against the capacitor's energy, the current in SI units, what a device answers."""

import pytest
from scipy import constants

from ehbilayer.device import PRESETS, Bilayer, answer, bose_current, pair_repulsion, sound_velocity
from ehbilayer.units import capacitor_energy

GIVEN = dict(m_e=0.8, m_h=0.5, d=2.7, T=4.0, tau=1.0)


def test_sound_is_that_of_the_energy_of_a_capacitor():
    """M v^2 = n d^2(n E)/dn^2, by differences."""
    bilayer = Bilayer(**GIVEN, eps_r=5.0, density=5e11)
    n, h = 5e11, 1e9

    def energy(density):
        return density * float(capacitor_energy(density, 2.7, eps_r=5.0))

    stiffness = n * (energy(n + h) - 2 * energy(n) + energy(n - h)) / h**2
    assert pair_repulsion(bilayer) == pytest.approx(stiffness, rel=1e-6)
    mass = 1.3 * constants.m_e
    assert mass * (1e3 * sound_velocity(bilayer)) ** 2 == pytest.approx(stiffness * 1e-3 * constants.e, rel=1e-6)


def test_current_in_si_units():
    bilayer = Bilayer(**GIVEN, eps_r=5.0, density=5e11, width=2.0)
    v = (constants.e**2 * 5e15 * 2.7e-9 / (5 * constants.epsilon_0 * 1.3 * constants.m_e)) ** 0.5
    assert bose_current(bilayer) == pytest.approx(1e6 * constants.e * 5e15 * v * 2e-6, rel=1e-9)


def test_plates_in_a_uniaxial_dielectric_see_the_permittivity_across():
    uniaxial = Bilayer(**GIVEN, eps_parallel=6.9, eps_perp=3.4, density=5e11)
    across = Bilayer(**GIVEN, eps_r=3.4, density=5e11)
    assert pair_repulsion(uniaxial) == pytest.approx(pair_repulsion(across), rel=1e-12)


def test_the_device_of_tightly_bound_pairs_answers():
    found = answer(PRESETS["mose2-wse2"].bilayer, parts=("condensate",))
    size = bose_current(PRESETS["mose2-wse2"].bilayer)
    assert found.current_plus.value == size == -found.current_minus.value
    assert "bose" in found.current_plus.flags and found.current_plus.validity != "not valid"
    assert found.efficiency.value == 0.0 and found.q_0.value == 0.0


def test_scales_of_a_magnetic_field():
    bilayer = Bilayer(**GIVEN, eps_r=5.0, density=5e11, tesla_perpendicular=-3.0, tesla_in_plane=2.0)
    expected = constants.hbar * constants.e * 3.0 / (0.8 * constants.m_e) / constants.e * 1e3
    assert bilayer.cyclotron_energies[0] == pytest.approx(expected, rel=1e-6)
    # Levels hold e B/h carriers each: at filling one they are as far apart as the Fermi level is high, of one spin.
    full = Bilayer(**GIVEN, eps_r=5.0, density=3.0 * constants.e / constants.h * 1e-4, tesla_perpendicular=3.0)
    assert full.cyclotron_energies == pytest.approx(full.fermi_energies, rel=1e-6)
    assert 2 * constants.pi / (bilayer.orbital_shift * 1e6) == pytest.approx(constants.h / (constants.e * 2.7e-9 * 2.0))
