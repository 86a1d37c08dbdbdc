import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.condensate import exciton_energy
from ehbilayer.condensate.pair_temperature import pair_temperature
from ehbilayer.device import (
    FLAGS,
    PARTS,
    PRESETS,
    Answer,
    Bilayer,
    Device,
    answer,
    answer_point,
    bose_current,
    friction,
    gate_density,
    laboratory,
)
from ehbilayer.device.answers import attempt
from ehbilayer.diode.bands import density as band_density
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.stiffness import bkt_temperature
from ehbilayer.drag import drag_coefficients, mobility
from ehbilayer.errors import ArgumentError, GridTooCoarse, NotConverged
from ehbilayer.phases.point import phase_point
from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.compressibility import alpha_squared
from ehbilayer.units import AtomicUnits, ThermalUnits

# Light holes under heavy electrons, spins split, quickly computed.
PLAIN = {"m_e": 0.3, "m_h": 0.2, "eps_r": 6.0, "d": 12.0, "density": 6e11, "J": 15.0, "T": 4.0, "tau": 500.0}


def changed(**values):
    merged = {**PLAIN, **values}
    return Bilayer(**{name: value for name, value in merged.items() if value is not None})


def test_gate_and_density_describe_one_device():
    plates = changed(density=None, gate_voltage=1.7, gate_offset=0.2, gate_thickness=20.0, gate_eps_r=4.0)
    farads = 4.0 * 8.8541878128e-12 / 20e-9  # per m^2
    measured = changed(density=None, gate_voltage=1.7, gate_offset=0.2, gate_capacitance=farads * 1e5)
    assert plates.carriers == pytest.approx(farads * 1.5 / 1.602176634e-19 * 1e-4, rel=1e-8)
    assert measured.carriers == pytest.approx(plates.carriers, rel=1e-9)
    assert gate_density(-1.0, capacitance=100.0) < 0


def test_units_go_there_and_back():
    bilayer = changed(mobility=2e4, tau=None, J=1.0, tesla_perpendicular=3.0, g_factor=4.0, tesla_in_plane=-2.0)
    assert mobility(bilayer.relaxation_time, bilayer.m_h) * 1e4 == pytest.approx(2e4, rel=1e-12)
    thermal = ThermalUnits(mass=0.2, T_c=10.0)
    J, B = bilayer.zeeman
    assert thermal.zeeman_tesla((J - 1.0) / thermal.energy_meV, g_factor=4.0) == pytest.approx(3.0)
    assert thermal.zeeman_tesla(B / thermal.energy_meV, g_factor=4.0) == pytest.approx(-2.0)
    assert bilayer.light.density_at(bilayer.r_s_light) == pytest.approx(bilayer.carriers)
    assert bilayer.heavy.mass == 0.3 and bilayer.mass_ratio == pytest.approx(1.5)
    # E_F = 2 pi hbar^2 n/m of one spin, averaged over the layers.
    one = 7.6199642 * 2 * math.pi * 6e-3 * 10
    assert bilayer.fermi_energy == pytest.approx(one * (1 / 0.3 + 1 / 0.2) / 2, rel=1e-6)


def test_answers_are_those_of_the_calls_underneath():
    bilayer = changed(alpha=0.4)
    found = answer(bilayer, parts=("phase", "superconductor", "excitons"))
    unit, light = bilayer.heavy, bilayer.light
    point = phase_point(
        mass_ratio=1.5, d=12.0 / unit.length_nm, density_ratio=1 / bilayer.r_s_heavy**2, r_s_star=1.0, mesh=6
    )
    # Electrons are the heavier carriers here: the library's EL-HC is their crystal.
    assert found.phase.value == {"EL-HC": "EC-HL", "EC-HL": "EL-HC"}.get(point["phase"], point["phase"])
    assert found.margin.value == pytest.approx(point["margin"] * unit.energy_meV)
    r_s, d = bilayer.r_s_light, 12.0 / light.length_nm
    value = alpha_squared(mass_ratio=1.5, d=d, r_s=r_s, mesh=8, zero_mode="madelung", cutoff=2.5)
    assert found.alpha_squared.value == pytest.approx(value)
    for name, theory in (("T_c_bcs", pairing), ("T_c_eliashberg", eliashberg)):
        expected = theory.critical_temperature(r_s=r_s, alpha=0.4, d=d, mass_ratio=1.5) * light.temperature_K
        assert getattr(found, name).value == pytest.approx(expected)
    pair = AtomicUnits(mass=bilayer.pair_mass / 2, eps_r=6.0)
    assert found.exciton_binding.value == pytest.approx(-exciton_energy(12.0 / pair.length_nm) * pair.energy_meV)
    for name, kind in (("T_mean_field", "bare"), ("T_screened", "screened")):
        result = pair_temperature(mass_ratio=1.5, d=12.0 / unit.length_nm, r_s=bilayer.r_s_heavy, interaction=kind)
        assert getattr(found, name).value == pytest.approx(result.temperature * unit.temperature_K)


def test_condensate_is_that_of_the_device_of_equal_masses():
    bilayer = PRESETS["paper-b"].bilayer
    found = answer(bilayer, parts=("excitons", "condensate", "drag"))
    device = Device()  # its defaults are this preset, with the density through E_F
    low, high = device.critical_currents(5.0)
    assert found.current_minus.value == pytest.approx(low, rel=2e-3)
    assert found.current_plus.value == pytest.approx(high, rel=2e-3)
    assert found.efficiency.value == pytest.approx((high + low) / (high - low), rel=2e-3)
    q_0 = device.condensate(5.0).q0 / device.units.length_nm * 1e3
    assert found.q_0.value == pytest.approx(q_0, rel=2e-3)
    bands = device.condensate(5.0).bands
    assert found.T_bkt.value / 10.0 == pytest.approx(bkt_temperature(bands, coupling_at_T_c(bands).inverse), abs=2e-3)
    assert found.T_mean_field == Answer(10.0, "K", found.T_mean_field.flags)
    assert "second-band" not in found.current_plus.flags


def test_drag_is_that_of_the_same_density():
    bilayer = changed()
    found = answer(bilayer, parts=("drag",))
    thermal = 8.617333262e-2 * 4.0
    energies = {}
    for name, mass in (("e", 0.3), ("h", 0.2)):
        x = 6e-3 * 2 * math.pi * 76.199642 / mass / thermal
        energies[name] = thermal * math.log(math.expm1(x))
    result = drag_coefficients(
        T=4.0,
        E_F_e=energies["e"],
        E_F_h=energies["h"],
        m_e=0.3,
        m_h=0.2,
        d=12.0,
        eps_r=6.0,
        lam=0.0,
        J=15.0,
        B=0.0,
        estimate_error=False,
    )
    assert result.density_e == pytest.approx(6e11, rel=1e-6) and result.density_h == pytest.approx(6e11, rel=1e-6)
    assert found.tau_D.value == pytest.approx(result.tau_D1 * 1e9, rel=1e-5)
    assert found.drag_ratio.value == pytest.approx(result.drag_ratio(500e-12), rel=1e-5)
    assert found.drag_ratio.flags == ()


@pytest.mark.parametrize("lam", [0.0, 20.0])
def test_drag_of_both_bands_holds_the_density(lam, monkeypatch):
    seen = {}

    def record(**arguments):
        seen.update(arguments)
        return drag_coefficients(**arguments)

    monkeypatch.setattr(friction, "drag_coefficients", record)
    answer(changed(lam=lam, B=2.0), parts=("drag",))
    result = drag_coefficients(**seen)
    assert result.density_e == pytest.approx(6e11, rel=1e-4) and result.density_h == pytest.approx(6e11, rel=1e-4)


@pytest.mark.parametrize("fraction", [0.95, 0.5, 0.2])
@pytest.mark.parametrize("masses", [(0.6, 0.15), (0.15, 0.6)])
def test_condensate_of_unequal_masses_is_that_of_the_theory_with_both(masses, fraction):
    m_e, m_h = masses
    bilayer = changed(m_e=m_e, m_h=m_h, T_c=5.0, T=5.0 * fraction, J=30.0, lam=15.0, B=12.0)
    found = answer(bilayer, parts=("condensate",))
    # By hand: k_B T_c, and the length hbar/sqrt(m k_B T_c) of twice the reduced mass, in meV and nm.
    energy = 8.617333262e-2 * 5.0
    length = math.sqrt(76.19964 / (2 * m_e * m_h / (m_e + m_h)) / energy)
    E_F = math.log(math.expm1(6e-3 * 2 * math.pi * 76.19964 / m_h / energy))
    r = diode(
        E_F=E_F,
        lam=15.0 / energy / length,
        J=30.0 / energy,
        B=12.0 / energy,
        T=fraction,
        theory="mean-field",
        mass_ratio=m_h / m_e,
    )
    assert band_density(r.bands, "h") / length**2 == pytest.approx(6e-3, rel=1e-6)
    # e E_u/(hbar l_u) per micrometre, in microamperes.
    unit = 1.602176634e-19 * energy * 1.602176634e-22 / (1.054571817e-34 * length * 1e-9) * 1e-6 * 1e6
    assert found.current_plus.value == pytest.approx(-unit * r.J_minus, rel=1e-5)
    assert found.current_minus.value == pytest.approx(-unit * r.J_plus, rel=1e-5)
    assert found.q_0.value == pytest.approx(r.q0 / length * 1e3, rel=1e-4)
    assert found.efficiency.value == pytest.approx(-r.efficiency, rel=1e-3) and abs(r.efficiency) > 1e-6


def test_unequal_masses_carry_the_current_of_their_critical_velocity():
    # Without spin-orbit coupling pairs of any masses break at the velocity Delta/k_F: the current n v stays.
    heavy = changed(m_e=0.6, m_h=0.15, T_c=5.0, T=1.0)  # twice the reduced mass: 0.24
    equal = changed(m_e=0.24, m_h=0.24, T_c=5.0, T=1.0)
    found = [answer(b, parts=("condensate", "excitons")) for b in (heavy, equal)]
    assert found[0].current_plus.value == pytest.approx(found[1].current_plus.value, rel=0.02)
    # The stiffness is that of the total mass.
    assert found[0].T_bkt.value < found[1].T_bkt.value
    assert found[0].q_0.value == 0.0 and found[0].efficiency.value == 0.0


def test_exchanging_the_layers_renames_the_phase_and_changes_nothing_else():
    arguments = {**PLAIN, "m_e": 0.1, "m_h": 0.8, "eps_r": 5.0, "d": 4.0, "density": 3e12}
    first = answer(Bilayer(**arguments), parts=("phase", "superconductor", "excitons"))
    second = answer(Bilayer(**{**arguments, "m_e": 0.8, "m_h": 0.1}), parts=("phase", "superconductor", "excitons"))
    assert (first.phase.value, second.phase.value) == ("EL-HC", "EC-HL")
    for name in ("margin", "alpha_squared", "T_c_rpa", "exciton_binding", "T_mean_field"):
        assert getattr(first, name).value == pytest.approx(getattr(second, name).value)
    assert "not-lowest" not in first.alpha_squared.flags + second.alpha_squared.flags


def test_preset_values():
    found = {
        name: answer(preset.bilayer, parts=("superconductor",)) for name, preset in PRESETS.items() if "paper-a" in name
    }
    assert found["paper-a"].T_c_bcs.value == pytest.approx(10.055, abs=2e-3)
    assert found["paper-a"].T_c_eliashberg.value == pytest.approx(0.2357, abs=2e-4)
    assert found["paper-a"].T_c_rpa.value == 0.0
    assert found["paper-a-hydrogen"].T_c_bcs.value == pytest.approx(177.8, abs=0.1)
    bilayer = PRESETS["paper-a"].bilayer
    assert bilayer.carriers == pytest.approx(1.776e12, rel=1e-3)
    assert bilayer.r_s_light == pytest.approx(1.6) and bilayer.d == pytest.approx(bilayer.light.length_nm)
    for preset in PRESETS.values():
        assert preset.sources and set(answer(preset.bilayer, parts=("drag",)).tau_D.flags) <= set(FLAGS)


def flags_of(name, parts, **values):
    return set(getattr(answer(changed(**values), parts=parts), name).flags)


@pytest.mark.parametrize(
    ("flag", "name", "parts", "values"),
    [
        ("given", "alpha", ("superconductor",), {"alpha": 0.3}),
        ("unstable", "alpha", ("superconductor",), {}),
        ("unstable", "T_c_bcs", ("superconductor",), {}),
        ("migdal", "T_c_eliashberg", ("superconductor",), {"alpha": 0.3}),
        ("renormalisation", "T_c_bcs", ("superconductor",), {"alpha": 0.2, "d": 2.0}),
        ("repulsive", "T_c_bcs", ("superconductor",), {"alpha": 5.0}),
        ("zero-mode", "alpha_squared", ("superconductor",), {"m_e": 0.05, "m_h": 1.0, "density": 1e12}),
        ("not-lowest", "T_c_bcs", ("phase", "superconductor"), {"alpha": 0.3, "density": 1e13}),
        ("correlated", "phase", ("phase",), {"m_h": 1.0, "density": 1e12, "d": 20.0}),
        ("thermal", "margin", ("phase",), {"T": 1000.0}),
        ("unscreened", "T_mean_field", ("excitons",), {}),
        ("normal-screening", "T_screened", ("excitons",), {}),
        ("mott", "exciton_binding", ("excitons",), {"density": 1e13}),
        ("crystal", "exciton_binding", ("phase", "excitons"), {"m_h": 1.0, "density": 1e12, "d": 20.0}),
        ("bose", "current_plus", ("condensate",), {"density": 1e9}),
        ("strong-coupling", "efficiency", ("condensate",), {"density": 1e9, "lam": 20.0, "B": 3.0}),
        ("vortices", "current_plus", ("condensate",), {"density": 1e9, "T": 50.0}),
        ("landau-levels", "tau_D", ("drag",), {"tesla_perpendicular": 2.0, "g_factor": 0.01}),
        ("quantum-limit", "tau_D", ("drag",), {"tesla_perpendicular": 40.0, "g_factor": 0.01}),
        ("orbital", "q_0", ("condensate",), {"tesla_in_plane": 1.0, "lam": 5.0, "T_c": 5.0, "T": 3.0}),
        ("stiffness", "T_bkt", ("excitons",), {"density": 1e9}),
        ("bose", "current_plus", ("condensate",), {"m_h": 3.0, "T_c": 40.0}),
        ("no-condensate", "current_plus", ("condensate",), {"T": 900.0}),
        ("second-band", "T_bkt", ("excitons",), {"J": 0.0}),
        ("second-band", "tau_D", ("drag",), {"J": 0.0}),
        ("second-band", "drag_ratio", ("drag",), {"J": 3.0}),
        ("vortices", "current_plus", ("condensate",), {"T_c": 5.0, "T": 4.5}),
        ("cold", "current_plus", ("condensate",), {"T_c": 5.0, "T": 0.01}),
        ("not-normal", "tau_D", ("phase", "drag"), {"m_h": 1.0, "density": 1e12, "d": 20.0}),
        ("non-degenerate", "tau_D", ("drag",), {"density": 1e8, "T": 300.0}),
        ("dirty", "drag_ratio", ("drag",), {"tau": 1e-3}),
        ("grid", "tau_D", ("drag",), {"lam": 200.0, "T": 2e-3}),
        ("spacing", "phase", ("phase",), {"d": 1e4}),
        ("spacing", "exciton_binding", ("excitons",), {"d": 1e4}),
    ],
)
def test_flags_fire(flag, name, parts, values):
    assert flag in flags_of(name, parts, **values)


def test_flags_are_silent_in_a_weakly_coupled_condensate():
    found = answer(changed(m_e=0.2, T_c=4.0, T=1.0), parts=("condensate", "drag", "excitons"))
    assert found.current_plus.flags == ("given",) and found.tau_D.flags == ()
    assert found.current_plus.validity == "caution" and found.tau_D.validity == "valid" and found.tau_D.statement == ""


def test_answers_read_well():
    found = answer(changed(), parts=("superconductor",))
    assert list(found.quantities) == ["alpha_squared", "alpha", "T_c_bcs", "T_c_eliashberg", "T_c_rpa"]
    assert found.alpha.text == "none" and found.alpha.validity == "not valid"
    assert found.alpha.statement.startswith("α² < 0")
    texts = {0.23456: "0.235 K", 11834.0: "11800 K", -2.5: "−2.5 K", 4.3e-5: "4.3 × 10⁻⁵ K", 0.0: "0 K"}
    assert {value: Answer(value, "K").text for value in texts} == texts and Answer("liquid").text == "liquid"
    # Without a value only what forbids one is told.
    assert Answer(None, "K", ("unscreened", "no-condensate")).statement == "no condensate"
    assert Answer(1.0, "K", ("unscreened", "no-condensate")).statement.count(";") == 1
    assert set(FLAGS) >= {flag for value in found.quantities.values() for flag in value.flags}
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.alpha = None


def check(found):
    for name, value in found.quantities.items():
        assert value.value is None or isinstance(value.value, str) or math.isfinite(value.value), name
        assert value.value is not None or value.validity == "not valid", name
        assert set(value.flags) <= set(FLAGS) and "\n" not in value.statement


@settings(max_examples=10)
@given(
    st.floats(0.02, 3.0),
    st.floats(0.02, 3.0),
    st.floats(1.0, 20.0),
    st.floats(0.0, 60.0),
    st.floats(9.0, 14.0),
    st.floats(-1.0, 2.5),
    st.floats(0.0, 40.0),
    st.floats(-2.0, 5.0),
)
def test_valid_input_never_gives_nan(m_e, m_h, eps_r, d, log_density, log_T, J, log_tau):
    bilayer = Bilayer(m_e=m_e, m_h=m_h, eps_r=eps_r, d=d, density=10**log_density, T=10**log_T, J=J, tau=10**log_tau)
    check(answer(bilayer, parts=("superconductor", "drag")))


@pytest.mark.slow
@settings(max_examples=10)
@given(
    st.floats(0.02, 3.0),
    st.floats(0.02, 3.0),
    st.floats(1.0, 20.0),
    st.floats(0.0, 60.0),
    st.floats(9.0, 14.0),
    st.floats(-1.0, 2.5),
    st.floats(0.0, 40.0),
    st.floats(0.0, 40.0),
    st.floats(-60.0, 60.0),
    st.sampled_from([None, 0.3, 3.0]),
)
def test_valid_input_never_gives_nan_in_any_part(m_e, m_h, eps_r, d, log_density, log_T, J, B, lam, alpha):
    bilayer = Bilayer(
        m_e=m_e,
        m_h=m_h,
        eps_r=eps_r,
        d=d,
        density=10**log_density,
        T=10**log_T,
        J=J,
        B=B,
        lam=lam,
        mobility=1e4,
        alpha=alpha,
    )
    check(answer(bilayer, mesh=4))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"m_e": -0.1}, "m_e = -0.1 is not allowed"),
        ({"m_h": math.nan}, "m_h = nan is not allowed"),
        ({"eps_r": 0.5}, "eps_r = 0.5 is not allowed"),
        ({"d": -1.0}, "d = -1.0 is not allowed"),
        ({"density": 0.0}, "density = 0.0 is not allowed"),
        ({"T": 0.0}, "T = 0.0 is not allowed"),
        ({"width": 0.0}, "width = 0.0 is not allowed"),
        ({"alpha": -0.3}, "alpha = -0.3 is not allowed"),
        ({"T_c": math.inf}, "T_c = inf is not allowed"),
        ({"pairing": "dynamic"}, "pairing = 'dynamic' is not allowed"),
        ({"gate_voltage": 1.0}, "density = 600000000000.0 is not allowed: need it or gate_voltage, not both"),
        ({"density": None}, "density = None is not allowed: need it or gate_voltage"),
        ({"mobility": 1e4}, "mobility = 10000.0 is not allowed: need it or tau, not both"),
        ({"tau": None}, "mobility = None is not allowed: need it or tau"),
        ({"density": None, "gate_voltage": 1.0}, "gate_capacitance = None is not allowed"),
        (
            {"density": None, "gate_voltage": 1.0, "gate_capacitance": 50.0, "gate_thickness": 10.0, "gate_eps_r": 4.0},
            "gate_thickness = 10.0 is not allowed: need it or gate_capacitance, not both",
        ),
        (
            {"density": None, "gate_voltage": 1.0, "gate_capacitance": 50.0, "gate_eps_r": 4.0},
            "gate_eps_r = 4.0 is not allowed: need it or gate_capacitance, not both",
        ),
        ({"eps_r": None}, "eps_r = None is not allowed: need it or eps_parallel"),
        ({"eps_parallel": 5.0}, "eps_r = 6.0 is not allowed: need it or eps_parallel, not both"),
        ({"eps_perp": 5.0}, "eps_perp = 5.0 is not allowed: need it and eps_parallel together"),
        ({"eps_r": None, "eps_parallel": 5.0}, "eps_perp = None is not allowed: need it and eps_parallel together"),
        ({"gate_offset": 0.1}, "gate_offset = 0.1 is not allowed: need a gate_voltage with it"),
        ({"gate_capacitance": 50.0}, "gate_capacitance = 50.0 is not allowed: need a gate_voltage with it"),
        ({"gate_thickness": 10.0, "gate_eps_r": 4.0}, "gate_thickness = 10.0 is not allowed: need a gate_voltage"),
        ({"gate_eps_r": 4.0}, "gate_eps_r = 4.0 is not allowed: need a gate_voltage with it"),
        ({"density": None, "gate_voltage": -1.0, "gate_capacitance": 50.0}, "gate_voltage = -1.0 is not allowed"),
    ],
)
def test_unphysical_input_costs_one_line(values, message):
    with pytest.raises(ValueError, match=message) as caught:
        changed(**values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("mesh", "error"), [(7, ArgumentError), (2, ArgumentError), (26, ArgumentError), (6.0, TypeError)]
)
def test_a_wrong_mesh_is_refused_before_anything_is_computed(mesh, error, monkeypatch):
    monkeypatch.setattr(laboratory, "superconductor_answers", lambda *arguments: pytest.fail("computed"))
    for parts in (PARTS, ("superconductor",)):
        with pytest.raises(error, match=f"^mesh = {mesh} is not allowed"):
            answer(changed(), parts=parts, mesh=mesh)


def test_a_uniaxial_dielectric_is_an_isotropic_one_at_another_distance():
    # The potential of a charge solves eps_par (d2x + d2y) V + eps_perp d2z V = -4 pi rho.
    par, perp = 6.9, 3.4
    uniaxial = changed(eps_r=None, eps_parallel=par, eps_perp=perp)
    isotropic = changed(eps_r=math.sqrt(par * perp), d=12.0 * math.sqrt(par / perp))
    parts = ("superconductor", "excitons", "drag")
    first, second = (answer(bilayer, parts=parts).quantities for bilayer in (uniaxial, isotropic))
    same = answer(changed(eps_r=None, eps_parallel=6.0, eps_perp=6.0), parts=("drag",)).quantities
    pairs = [(first, second), (same, answer(changed(), parts=("drag",)).quantities)]
    for found, expected in pairs:
        for name, value in found.items():
            assert value.flags == expected[name].flags
            assert value.value == (expected[name].value and pytest.approx(expected[name].value, rel=1e-9)), name

    def potential(x, z):
        return 1 / (uniaxial.permittivity * math.hypot(x, z * uniaxial.distance / uniaxial.d))

    def second_derivative(f, h=1e-3):
        return (f(h) - 2 * f(0.0) + f(-h)) / h**2

    x, z = 3.0, 2.0
    across = second_derivative(lambda s: potential(x, z + s))
    along = second_derivative(lambda s: potential(x + s, z)) + second_derivative(
        lambda s: potential(math.hypot(x, s), z)
    )
    assert par * along == pytest.approx(-perp * across, rel=1e-5)
    # On the axis and in the plane the field is that of the potential's usual limits.
    assert potential(0.0, z) == pytest.approx(1 / (par * z)) and potential(x, 0.0) == pytest.approx(
        1 / (math.sqrt(par * perp) * x)
    )


def test_boron_nitride_binds_pairs_more_weakly_than_its_smaller_permittivity_alone():
    preset = PRESETS["mose2-wse2"].bilayer
    across = Bilayer(**{**preset.parameters, "eps_r": 3.4, "eps_parallel": None, "eps_perp": None})
    both, alone = (answer(bilayer, parts=("excitons",)).exciton_binding for bilayer in (preset, across))
    assert 1.5 < alone.value / both.value < 2.2
    assert both.validity == "caution" and "keldysh" in both.flags and "valleys" not in both.flags


def test_what_no_theory_knows_is_said_of_every_number():
    found = answer(changed(outside=["valleys", "dirac"]), parts=("superconductor", "excitons", "drag"))
    for name, value in found.quantities.items():
        expected = set() if value.value is None else {"dirac"} if name == "exciton_binding" else {"dirac", "valleys"}
        assert set(value.flags) & {"dirac", "valleys"} == expected, name
    assert changed(outside=["dirac"]).outside == ("dirac",)
    for wrong, error in (("dirac", TypeError), (3, TypeError), (["spin"], ArgumentError), ([1], TypeError)):
        with pytest.raises(error, match="^outside = "):
            changed(outside=wrong)


def test_species_of_a_layer_share_its_density():
    """So many copies of a bilayer: each answer of one is that of all, or so many times it, or feels their screening."""
    one, three = changed(), changed(degeneracy=3, density=1.8e12)
    assert three.fermi_energies == pytest.approx(one.fermi_energies, rel=1e-12)
    assert three.fermi_energy == pytest.approx(one.fermi_energy, rel=1e-12)
    names = ("exciton_binding", "T_mean_field", "q_0", "current_minus", "current_plus")
    given = dict(lam=20.0, B=5.0, J=15.0, T=3.0, T_c=6.0, eps_r=14.0)
    found = [answer(changed(**given, **more), parts=("excitons", "condensate", "drag", "superconductor"))
             for more in ({}, {"degeneracy": 3, "density": 1.8e12})]  # fmt: skip
    first, other = ([getattr(x, name).value for name in names] for x in found)
    assert all(first) and other == pytest.approx([*first[:3], 3 * first[3], 3 * first[4]], rel=1e-9)
    # Three times as stiff at the same temperature, and screened three times as well.
    assert first[0] and found[1].T_bkt.value > found[0].T_bkt.value
    assert abs(found[1].drag_ratio.value) < 0.5 * abs(found[0].drag_ratio.value)
    assert all("valleys" not in x.flags for name, x in found[1].quantities.items() if name in (*names, "drag_ratio"))
    assert "valleys" in found[1].T_c_bcs.flags and "valleys" not in found[0].T_c_bcs.flags
    # A gas of tightly bound pairs does not ask.
    assert bose_current(three) == bose_current(changed(density=1.8e12))
    for wrong, error in ((0, ArgumentError), (1.5, TypeError)):
        with pytest.raises(error, match="^degeneracy = "):
            changed(degeneracy=wrong)


def raising(error):
    raise error


@pytest.mark.parametrize(
    ("error", "flag"),
    [
        (ArgumentError("d", 5.0, "d <= 1"), "spacing"),
        (ArgumentError("density", 5.0, "more"), "non-degenerate"),
        (ArgumentError("T", 5.0, "a grid, spacing = 1, d = 2, too coarse"), "failed"),
        (GridTooCoarse("spacing", 5.0, "spacing <= 1"), "grid"),
        (NotConverged("density = 3, too coarse: no result\nafter 200 iterations"), "failed"),
    ],
)
def test_flags_are_decided_by_what_the_error_is_and_not_by_its_words(error, flag):
    trouble = attempt(lambda: raising(error))
    assert trouble.flags == (flag,) and trouble.detail == str(error).partition("\n")[0]


@pytest.mark.parametrize("error", [ValueError("operands could not be broadcast"), TypeError("x"), ZeroDivisionError()])
def test_a_wrong_program_is_no_answer(error):
    with pytest.raises(type(error)):
        attempt(lambda: raising(error))


def test_wrong_types_are_named():
    with pytest.raises(TypeError, match="m_e = '0.1' is not allowed"):
        changed(m_e="0.1")
    with pytest.raises(TypeError, match="need a Bilayer"):
        answer({"m_e": 1.0})
    with pytest.raises(ValueError, match="parts = 'drug' is not allowed"):
        answer(changed(), parts=("drug",))
    with pytest.raises(TypeError, match="^parts = 'drag' .* need a sequence"):
        answer(changed(), parts="drag")
    assert set(PARTS) == {"phase", "superconductor", "excitons", "condensate", "drag"}


def test_point_for_sweeps_is_flat_and_without_nan():
    point = answer_point(parts=("superconductor",), **PLAIN)
    assert point["alpha"] is None and "unstable" in point["alpha_flags"]
    assert all(value is None or isinstance(value, str | float) for value in point.values())
    assert np.isfinite([value for value in point.values() if isinstance(value, float)]).all()


@pytest.mark.parametrize(("J", "one_band"), [(10.0, False), (16.0, True)])
def test_each_layer_is_checked_for_one_band_with_its_own_mass(J, one_band):
    """Light electrons reach the second band where carriers of the pairs' mass would not."""
    bilayer = changed(m_e=0.1, m_h=1.0, J=J, T=2.0, T_c=4.0)
    assert (bilayer.fermi_energies[0] < 2 * J) == one_band and bilayer.fermi_energy < 2 * J
    found = answer(bilayer, parts=("condensate", "drag"))
    for value in (found.current_plus, found.tau_D):
        assert ("second-band" not in value.flags) == one_band
