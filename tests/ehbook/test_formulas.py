import json
import math
import shutil
import subprocess
from itertools import product

import pytest

from ehbilayer import units
from ehbilayer.device import Bilayer, answer, gate_density
from ehbilayer.drag import drag_coefficients
from ehbilayer.superconductivity import pairing
from ehbook.formulas import FORMULAS, INPUTS, NOTES, Formula, evaluate, javascript


def inputs(**changed):
    return {name: item.start for name, item in INPUTS.items()} | changed


#: Ends and middle of what the sliders allow.
CORNERS = [
    inputs(m_e=m_e, m_h=m_h, eps_r=eps_r, d=d, density=density, alpha=alpha)
    for m_e, m_h, eps_r, d, density, alpha in product(
        (0.02, 5.0), (0.02, 50.0), (1.0, 30.0), (0.5, 100.0), (1e10, 1e14), (0.05, 1.0)
    )
] + [inputs(), inputs(m_e=0.7, m_h=0.04, d=3.0, density=2e12, alpha=0.66)]


@pytest.mark.parametrize("given", [CORNERS[0], CORNERS[-2], CORNERS[-1]])
def test_scales_are_those_of_the_library(given):
    found = evaluate(given)
    m_e, m_h, eps_r, d, density = (given[name] for name in ("m_e", "m_h", "eps_r", "d", "density"))
    for name, mass in (("e", m_e), ("h", m_h)):
        unit = units.AtomicUnits(mass=mass, eps_r=eps_r)
        assert found[f"bohr_{name}"] == pytest.approx(unit.length_nm, rel=1e-12)
        assert found[f"hartree_{name}"] == pytest.approx(unit.energy_meV, rel=1e-12)
        assert found[f"r_s_{name}"] == pytest.approx(unit.r_s_at(density), rel=1e-12)
        assert found[f"d_{name}"] == pytest.approx(d / unit.length_nm, rel=1e-12)
    unit = units.AtomicUnits(mass=m_e, eps_r=eps_r)
    r_s = unit.r_s_at(density)
    assert found["beta"] == pytest.approx(units.reduced_spacing(d / unit.length_nm, r_s), rel=1e-12)
    for spins in (1, 2):
        k = units.fermi_wave_vector(r_s, degeneracy=spins) / unit.length_nm
        assert found[f"k_F_{spins}"] == pytest.approx(k, rel=1e-12)
    assert found["E_F_e"] == pytest.approx(units.fermi_energy(r_s) * unit.energy_meV, rel=1e-12)
    polarised = units.AtomicUnits(mass=m_h, eps_r=eps_r)
    level = units.fermi_energy(polarised.r_s_at(density), degeneracy=1) * polarised.energy_meV
    assert found["E_F_h"] == pytest.approx(level, rel=1e-12)
    assert found["T_F_e"] == pytest.approx(found["E_F_e"] / units.K_B, rel=1e-12)
    assert found["T_F_h"] == pytest.approx(level / units.K_B, rel=1e-12)


def test_capacitor_gate_and_layers_agree():
    found = evaluate(inputs(d=7.0, eps_r=4.0, density=3e11))
    # The voltage that charges the layers is twice the capacitor's energy per pair.
    assert found["voltage"] == pytest.approx(2 * units.capacitor_energy(3e11, 7.0, eps_r=4.0), rel=1e-12)
    assert gate_density(1e-3 * found["voltage"], capacitance=found["capacitance"]) == pytest.approx(3e11, rel=1e-9)
    assert gate_density(1e-3 * found["voltage"], thickness=7.0, eps_r=4.0) == pytest.approx(3e11, rel=1e-9)


def test_fields_are_those_of_a_bilayer():
    found = evaluate(inputs(field=12.0, g_factor=4.0))
    fields = Bilayer(m_e=1, m_h=1, eps_r=5, d=1, density=1e12, T=1, tau=1, tesla_in_plane=12.0, g_factor=4.0).zeeman
    assert found["zeeman"] == pytest.approx(fields[1], rel=1e-12)
    assert found["zeeman_K"] == pytest.approx(fields[1] / units.K_B, rel=1e-12)
    at_edge = evaluate(inputs(g_factor=4.0, field=found["polarising"]))
    # At full polarisation the splitting is the Fermi energy of one spin.
    assert 2 * at_edge["zeeman"] == pytest.approx(2 * found["E_F_e"], rel=1e-12)


@pytest.mark.parametrize("given", CORNERS)
def test_equations_4_and_5_are_those_of_the_library(given):
    found = evaluate(given)
    light = units.AtomicUnits(mass=min(given["m_e"], given["m_h"]), eps_r=given["eps_r"])
    r_s, d = float(light.r_s_at(given["density"])), given["d"] / light.length_nm
    ratio = max(given["m_e"], given["m_h"]) / light.mass
    assert found["repulsion"] == pytest.approx(pairing.coulomb_strength(r_s), rel=1e-8)
    attraction = pairing.coupling_constant(r_s, given["alpha"], d / r_s)
    assert found["attraction"] == pytest.approx(attraction, rel=1e-7, abs=1e-12)
    debye = pairing.debye_temperature(r_s, given["alpha"], ratio) * light.temperature_K
    assert found["T_D"] == pytest.approx(debye, rel=1e-12)
    T_c = pairing.critical_temperature(r_s=r_s, alpha=given["alpha"], d=d, mass_ratio=ratio) * light.temperature_K
    assert found["T_c"] == pytest.approx(T_c, rel=1e-6, abs=1e-12)
    assert found["is_repulsive"] == (pairing.pairing_strength(r_s, given["alpha"], d / r_s) > 0)


def test_paper_a_example_and_its_notes_are_those_of_the_device():
    found = evaluate(inputs())
    bilayer = Bilayer(m_e=0.1, m_h=1.0, eps_r=5, d=2.6459, density=1.776e12, T=4, tau=1, alpha=0.3)
    answered = answer(bilayer, parts=("superconductor",)).T_c_bcs
    assert found["T_c"] == pytest.approx(answered.value, rel=1e-8)
    assert [found["is_fast"], found["is_strong"], found["is_repulsive"]] == [1, 1, 0]
    assert {"migdal", "renormalisation"} <= set(answered.flags)


def test_thermal_drag_law_is_that_of_two_parabolas():
    given = inputs(m_e=0.067, m_h=0.4, eps_r=12.9, d=30.0, density=2e11, T=2.0, tau=10.0)
    found = evaluate(given)
    normal = drag_coefficients(
        T=2.0,
        E_F_e=found["E_F_e"],
        E_F_h=found["E_F_h"] / 2,
        m_e=0.067,
        m_h=0.4,
        d=30.0,
        eps_r=12.9,
        lam=0.0,
        J=0.0,
        B=0.0,
        degeneracy=2,
        estimate_error=False,
    )
    assert found["resistivity"] == pytest.approx(normal.low_temperature_law, rel=1e-9)
    # Time and ratio belong to a resistivity as the library's do.
    time = found["tau_D"] * found["resistivity"]
    assert time == pytest.approx(1e9 * normal.tau_D1 * normal.resistivity, rel=1e-3)
    slow = 1 + 1e3 * found["tau_D"] / 10.0 * 0.4 / 0.067
    assert found["drag_ratio"] == pytest.approx(1 / slow, rel=1e-12)
    assert normal.drag_ratio(1e-11) == pytest.approx(-1 / (1 + normal.tau_D1 / 1e-11 * 0.4 / 0.067), rel=1e-2)


def test_highest_bkt_temperature_is_that_of_tight_pairs():
    bilayer = Bilayer(m_e=0.8, m_h=0.5, eps_r=5.0, d=2.7, density=5e11, T=4.0, mobility=1e4)
    T_bkt = answer(bilayer, parts=("excitons",)).T_bkt
    assert "stiffness" in T_bkt.flags
    assert evaluate(inputs(m_e=0.8, m_h=0.5, density=5e11))["T_bkt"] == pytest.approx(T_bkt.value, rel=1e-12)


def test_the_script_gives_the_same_numbers():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no JavaScript outside of a browser")
    script = f"var f={javascript()};console.log(JSON.stringify({json.dumps(CORNERS)}.map(f)))"
    answered = json.loads(subprocess.run([node], input=script, capture_output=True, text=True, check=True).stdout)
    assert len(answered) == len(CORNERS)
    for given, found in zip(CORNERS, answered, strict=True):
        assert found == pytest.approx(evaluate(given), rel=1e-9, abs=1e-300)


def test_every_note_has_its_row_and_its_condition():
    for row, notes in NOTES.items():
        assert FORMULAS[row].label
        assert all(name in FORMULAS and not FORMULAS[name].label for name in notes)
    assert all(item.low <= item.start <= item.high for item in INPUTS.values())
    assert all(item.low > 0 for item in INPUTS.values() if item.logarithmic)
    assert not math.isnan(sum(evaluate(inputs()).values()))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("d**2", "no Pow"),
        ("d//2", "no FloorDiv"),
        ("d if d else 1", "no IfExp"),
        ("1 < d < 2", "one comparison at a time"),
        ("later + 1", "later defined before it"),
        ("sqrt('2')", "numbers only"),
        ("d.real", "no Attribute"),
    ],
)
def test_what_the_languages_do_not_share_is_refused(expression, message):
    formulas = {"x": Formula(expression)}
    for translate in (lambda: evaluate(inputs(), formulas), lambda: javascript(formulas)):
        with pytest.raises(ValueError, match=message):
            translate()
