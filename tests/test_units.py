"""Unit systems: CODATA anchors, exact relations, round trips, the papers' numbers, bad input."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants

from ehbilayer import units
from ehbilayer.units import (
    AtomicUnits,
    NaturalUnits,
    ThermalUnits,
    debye_wave_vector,
    energy_in_hole_units,
    fermi_energy,
    fermi_wave_vector,
    length_in_hole_units,
    r_s_from_fermi_energy,
    reduced_spacing,
)

EXACT = 1e-13
scale = st.floats(1e-3, 1e3)
degeneracies = st.integers(1, 8)


def close(value, expected, rel=EXACT):
    return value == pytest.approx(expected, rel=rel, abs=0)


# CODATA

HYDROGEN = AtomicUnits(mass=1, eps_r=1)


def codata(name, unit):
    value, codata_unit, _ = constants.physical_constants[name]
    assert codata_unit == unit
    return value


@pytest.mark.parametrize(
    ("value", "name", "unit", "factor"),
    [
        (HYDROGEN.length_nm, "atomic unit of length", "m", 1e9),
        (HYDROGEN.energy_meV, "Hartree energy in eV", "eV", 1e3),
        (HYDROGEN.temperature_K, "hartree-kelvin relationship", "K", 1),
        (HYDROGEN.time_ps, "atomic unit of time", "s", 1e12),
        (HYDROGEN.current_uA_per_um * HYDROGEN.length_nm * 1e-3, "atomic unit of current", "A", 1e6),
        (units.HBAR, "reduced Planck constant in eV s", "eV s", 1e15),
        (units.K_B, "Boltzmann constant in eV/K", "eV K^-1", 1e3),
    ],
)
def test_units_of_the_bare_electron_are_those_of_codata(value, name, unit, factor):
    # CODATA rounds its derived values to about 1e-11
    assert close(value, codata(name, unit) * factor, rel=1e-9)


def test_constants_agree_with_textbook_values():
    assert close(units.COULOMB, 1439.964548, rel=1e-8)
    assert close(units.HBAR2_PER_M0, 76.1996423, rel=1e-8)
    assert close(units.CHARGE, 0.1602176634)


# Exact relations


@given(mass=scale, eps_r=scale)
def test_atomic_units_make_the_coulomb_problem_dimensionless(mass, eps_r):
    unit = AtomicUnits(mass=mass, eps_r=eps_r)
    a, hartree = unit.length_nm, unit.energy_meV
    assert close(
        a, 4 * math.pi * constants.epsilon_0 * eps_r * constants.hbar**2 / (mass * constants.m_e * constants.e**2) * 1e9
    )
    assert close(hartree * a, units.COULOMB / eps_r)
    assert close(hartree * a**2, units.HBAR2_PER_M0 / mass)
    assert close(hartree * unit.time_ps, units.HBAR)
    assert close(hartree, units.K_B * unit.temperature_K)


@given(mass=scale, T_c=scale)
def test_thermal_units_have_unit_temperature_mass_and_hbar(mass, T_c):
    unit = ThermalUnits(mass=mass, T_c=T_c)
    assert close(unit.temperature_K, T_c)
    assert close(unit.energy_meV * unit.length_nm**2, units.HBAR2_PER_M0 / mass)
    joule, metre = constants.k * T_c, constants.hbar / math.sqrt(mass * constants.m_e * constants.k * T_c)
    assert close(unit.length_nm, metre * 1e9)
    # 1 A/m is 1 µA/µm
    assert close(unit.current_uA_per_um, constants.e * joule / (constants.hbar * metre))


@given(mass=scale, eps_r=scale, ratio=scale)
def test_hole_units_are_electron_units_scaled_by_the_mass_ratio(mass, eps_r, ratio):
    hole, electron = AtomicUnits(mass=mass, eps_r=eps_r), AtomicUnits(mass=mass / ratio, eps_r=eps_r)
    assert close(length_in_hole_units(electron.length_nm / hole.length_nm, mass_ratio=1), ratio)
    assert close(length_in_hole_units(1.0, mass_ratio=ratio) * hole.length_nm, electron.length_nm)
    assert close(energy_in_hole_units(1.0, mass_ratio=ratio) * hole.energy_meV, electron.energy_meV)
    assert close(hole.r_s_at(1e12), length_in_hole_units(electron.r_s_at(1e12), mass_ratio=ratio))


@given(r_s=scale, g=degeneracies)
def test_free_gas(r_s, g):
    n = 1 / (math.pi * r_s**2)
    k_F = fermi_wave_vector(r_s, degeneracy=g)
    assert close(g * k_F**2 / (4 * math.pi), n)
    assert close(fermi_energy(r_s, degeneracy=g), k_F**2 / 2)


@given(r_s=scale)
def test_conventions_of_paper_a(r_s):
    assert close(fermi_energy(r_s), 1 / r_s**2)
    assert close(fermi_wave_vector(r_s), math.sqrt(2) / r_s)
    assert close(debye_wave_vector(r_s), math.sqrt(2) * fermi_wave_vector(r_s))
    # the circle of radius k_D has the area (2 pi)^2 n of the Brillouin zone
    assert close(math.pi * debye_wave_vector(r_s) ** 2, 4 * math.pi**2 / (math.pi * r_s**2))


@given(d=scale, r_s=scale, ratio=scale, mass=scale)
def test_beta_is_the_same_in_both_unit_systems_and_in_si(d, r_s, ratio, mass):
    beta = reduced_spacing(d, r_s)
    hole_d, hole_r_s = (length_in_hole_units(x, mass_ratio=ratio) for x in (d, r_s))
    assert close(reduced_spacing(hole_d, hole_r_s), beta)
    unit = AtomicUnits(mass=mass, eps_r=5)
    assert close(beta, d * unit.length_nm * math.sqrt(math.pi * unit.density_at(r_s) * 1e-14))


# Round trips


@given(x=st.just(0.0) | scale, ratio=scale)
def test_lengths_and_energies_come_back(x, ratio):
    assert close(length_in_hole_units(length_in_hole_units(x, mass_ratio=ratio), mass_ratio=1 / ratio), x)
    assert close(energy_in_hole_units(energy_in_hole_units(-x, mass_ratio=ratio), mass_ratio=1 / ratio), -x)


@given(mass=scale, eps_r=scale, r_s=scale)
def test_density_comes_back(mass, eps_r, r_s):
    unit = AtomicUnits(mass=mass, eps_r=eps_r)
    assert close(unit.r_s_at(unit.density_at(r_s)), r_s)


@given(r_s=scale, g=degeneracies)
def test_fermi_energy_comes_back(r_s, g):
    assert close(r_s_from_fermi_energy(fermi_energy(r_s, degeneracy=g), degeneracy=g), r_s)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: length_in_hole_units(x, mass_ratio=10),
        lambda x: energy_in_hole_units(x, mass_ratio=10),
        lambda x: reduced_spacing(1.0, x),
        fermi_wave_vector,
        debye_wave_vector,
        fermi_energy,
        r_s_from_fermi_energy,
        HYDROGEN.density_at,
        HYDROGEN.r_s_at,
        ThermalUnits(mass=0.2, T_c=10).wavelength_nm,
    ],
)
def test_arrays_are_treated_element_by_element(call):
    values = np.array([[0.5, 1.0, 2.0], [3.0, 4.0, 5.0]])
    result = call(values)
    assert result.shape == values.shape
    assert result.tolist() == [[call(x) for x in row] for row in values.tolist()]
    assert len(set(result.ravel())) == values.size


def test_beta_broadcasts():
    assert reduced_spacing([[1.0], [2.0]], [1.0, 4.0]).tolist() == [[1.0, 0.25], [2.0, 0.5]]


# The papers' numbers


def test_headline_point_of_paper_a():
    electron = AtomicUnits(mass=1 / 10, eps_r=5)
    assert close(electron.density_at(1.6), 1.7761e12, rel=1e-4)
    assert f"{electron.density_at(1.6):.1e}" == "1.8e+12"
    assert close(electron.temperature_K, 1263.1, rel=1e-4)
    assert close(length_in_hole_units(1.6, mass_ratio=10), 16.0)
    assert close(reduced_spacing(1.0, 1.6), 0.625)
    # Debye temperature 2 alpha eps_F sqrt(m_e/m_h) with alpha = 0.3: about 94 K
    debye_temperature = 2 * 0.3 * fermi_energy(1.6) * electron.temperature_K / math.sqrt(10)
    assert close(debye_temperature, 93.6, rel=1e-3)


def test_capacitor_energy_of_paper_a():
    # 2 pi e^2 N^2 d/(eps_r A) = 4 E_F d/a_e with E_F = N eps_F/2 (supplement), for one pair
    r_s, d = 1.6, 0.7
    assert close(2 * math.pi * d / (math.pi * r_s**2), 4 * (fermi_energy(r_s) / 2) * d)


def test_condensate_units_of_paper_b():
    unit = ThermalUnits(mass=0.2, T_c=10)
    assert close(unit.current_uA_per_um, 9.976, rel=1e-4)
    assert close(unit.wavelength_nm(0.2), 660.6, rel=1e-4)


def test_zeeman_energies_of_paper_b_in_tesla():
    unit = ThermalUnits(mass=0.2, T_c=10)
    field = unit.zeeman_tesla(3.0, g_factor=4.0)
    # the two spin states are 2 B = g mu_B field apart
    assert close(4.0 * codata("Bohr magneton in eV/T", "eV T^-1") * 1e3 * field, 2 * 3.0 * unit.energy_meV, rel=1e-9)
    with pytest.raises(ValueError, match="^g_factor = 0.0"):
        unit.zeeman_tesla(1.0, g_factor=0.0)


def test_drag_layer_of_paper_b():
    layer = AtomicUnits(mass=0.2, eps_r=5)
    density = layer.density_at(r_s_from_fermi_energy(10 / layer.energy_meV, degeneracy=1))
    assert close(density, 0.2 * 10 / (2 * math.pi * units.HBAR2_PER_M0) * 1e14)
    assert close(density, 4.18e11, rel=1e-3)


# Bad input

BAD = [0, 0.0, -1.0, math.nan, math.inf]
WRONG_TYPE = [None, "1", True, 1j]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("mass", lambda x: AtomicUnits(mass=x, eps_r=5)),
        ("eps_r", lambda x: AtomicUnits(mass=1, eps_r=x)),
        ("mass", lambda x: ThermalUnits(mass=x, T_c=10)),
        ("T_c", lambda x: ThermalUnits(mass=1, T_c=x)),
        ("mass_ratio", lambda x: length_in_hole_units(1.0, mass_ratio=x)),
        ("mass_ratio", lambda x: energy_in_hole_units(1.0, mass_ratio=x)),
        ("r_s", lambda x: reduced_spacing(1.0, x)),
        ("r_s", fermi_wave_vector),
        ("r_s", debye_wave_vector),
        ("r_s", fermi_energy),
        ("energy", r_s_from_fermi_energy),
        ("r_s", HYDROGEN.density_at),
        ("density_cm2", HYDROGEN.r_s_at),
        ("q", ThermalUnits(mass=0.2, T_c=10).wavelength_nm),
    ],
)
def test_values_that_must_be_positive(name, call, bad):
    with pytest.raises(ValueError) as caught:
        call(bad)
    assert str(caught.value) == f"{name} = {bad!r} is not allowed: need a finite number with {name} > 0"
    for wrong in WRONG_TYPE:
        with pytest.raises(TypeError, match=f"^{name} = "):
            call(wrong)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("d", lambda x: reduced_spacing(x, 1.0)),
        ("length", lambda x: length_in_hole_units(x, mass_ratio=10)),
    ],
)
def test_lengths_may_vanish_but_not_be_negative(name, call):
    assert call(0) == 0.0
    for bad in (-1e-9, math.nan, math.inf):
        with pytest.raises(ValueError, match=f"^{name} = .* with {name} >= 0$"):
            call(bad)


def test_energies_may_have_either_sign_but_must_be_finite():
    assert energy_in_hole_units(-2.0, mass_ratio=1) == -2.0
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="^energy = "):
            energy_in_hole_units(bad, mass_ratio=1)


@given(mass=scale, T_c=scale)
def test_a_reduced_band_has_the_spectrum_of_the_laboratory_band(mass, T_c):
    unit, k = ThermalUnits(mass=mass, T_c=T_c), 0.37  # 1/nm
    lam, J, B, E_F = 36.0, 5.0, -10.0, 12.0
    band = unit.reduce(lam=lam, J=J, B=B, E_F=E_F)
    kinetic = units.HBAR2_PER_M0 * k**2 / (2 * mass) - E_F
    split = math.sqrt((lam * k + B) ** 2 + J**2)
    p = k * unit.length_nm
    assert close(p**2 / 2 - band["E_F"], kinetic / unit.energy_meV, rel=1e-9)
    assert close(math.sqrt((band["lam"] * p + band["B"]) ** 2 + band["J"] ** 2), split / unit.energy_meV, rel=1e-9)


def test_the_offending_element_of_an_array_is_named():
    with pytest.raises(ValueError, match=r"^r_s\[1\] = 0.0 is not allowed: need a finite number with r_s\[1\] > 0$"):
        fermi_energy([1.0, 0.0])


@pytest.mark.parametrize("call", [fermi_energy, fermi_wave_vector, r_s_from_fermi_energy])
def test_degeneracy_is_a_positive_integer(call):
    with pytest.raises(ValueError, match="^degeneracy = 0 is not allowed"):
        call(1.0, degeneracy=0)
    with pytest.raises(TypeError, match="^degeneracy = 2.0 is not allowed"):
        call(1.0, degeneracy=2.0)


def test_unit_systems_are_immutable_values():
    unit = AtomicUnits(mass=1, eps_r=5)
    assert unit == AtomicUnits(mass=1.0, eps_r=5.0)
    assert type(unit.mass) is float
    with pytest.raises(dataclasses.FrozenInstanceError):
        unit.mass = 2.0
    with pytest.raises(TypeError):
        NaturalUnits(mass=1.0)


# The capacitor


@given(density=st.floats(1e8, 1e15), d=st.floats(0.0, 1e3), eps_r=st.floats(1.0, 100.0))
def test_energy_of_the_charged_layers_is_that_of_a_plate_capacitor(density, d, eps_r):
    # Q^2/2C for the charge of one pair's area, in SI.
    area, charge = 1e-4 / density, constants.e
    energy = charge**2 * d * 1e-9 / (2 * constants.epsilon_0 * eps_r * area)
    assert close(units.capacitor_energy(density, d, eps_r=eps_r), energy / (1e-3 * constants.e), rel=1e-9)


@pytest.mark.parametrize("arguments", [(0.0, 1.0, 5.0), (1e12, -1.0, 5.0), (1e12, 1.0, 0.0), (float("nan"), 1.0, 5.0)])
def test_capacitor_refuses_what_is_out_of_range(arguments):
    with pytest.raises(ValueError, match="density_cm2|d_nm|eps_r"):
        units.capacitor_energy(*arguments[:2], eps_r=arguments[2])
