import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.phases import candidates as phases
from ehbilayer.phases.liquid import free_variance, shell_correction


def test_limit_correction_is_exact_for_liquids():
    states = phases.candidate_states(mass_ratio=3.0, d=1.0, r_s=2.0, mesh=4, finite_size="limit")
    holes = sum(uniform_gas_energy(2.0))
    for name, spin in (("liquid", 2), ("polarised liquid", 1)):
        # In electron units r_s is 2/3 and the Hartree 1/3 of the holes'.
        expected = holes + sum(uniform_gas_energy(2.0 / 3.0, spin=spin)) / 3.0
        assert states[name]["energy"] == pytest.approx(expected, rel=1e-12)
        assert states[name]["sigma_h"] == pytest.approx(free_variance(4), rel=1e-6)


def test_limit_correction_makes_the_el_hc_energy_independent_of_size():
    def energies(kind):
        return [phases.candidate_states(r_s=7.0, mesh=m, finite_size=kind)["EL-HC"]["energy"] for m in (6, 8, 12)]

    corrected, madelung = energies("limit"), energies("madelung")
    assert np.ptp(madelung) > 3e-3
    assert np.ptp(corrected) < 1.5e-4
    assert abs(corrected[1] - corrected[2]) < 5e-5


def test_conventions_shift_all_states_alike_up_to_the_shells():
    dropped, madelung = (phases.candidate_states(r_s=6.0, mesh=4, finite_size=kind) for kind in ("dropped", "madelung"))
    shifts = [madelung[name]["energy"] - dropped[name]["energy"] for name in dropped]
    assert shifts[0] < -0.01
    np.testing.assert_allclose(shifts, shifts[0], atol=1e-7)


@pytest.mark.parametrize(
    "point, phase",
    [
        (dict(mass_ratio=10, d=1.0, r_s=7.0), "EL-HC"),
        (dict(mass_ratio=10, d=1.0, r_s=1.5), "liquid"),
        (dict(mass_ratio=1.0, d=10.0, r_s=6.0), "coupled crystal"),
    ],
)
def test_clear_cases(point, phase):
    states = phases.candidate_states(mesh=6, **point)
    found, ansatz, margin = phases.identify(states)
    assert found == phase and ansatz in states and margin > 1e-4


def test_skipped_states_would_not_have_won():
    # Near equal masses EC-HL competes and is computed; at mass ratio 10 it is skipped, rightly.
    assert "EC-HL" in phases.candidate_states(mass_ratio=1.0, d=10.0, r_s=4.0, mesh=6)
    states = phases.candidate_states(mass_ratio=10, d=10.0, r_s=5.0, mesh=6, dismiss=True)
    assert not any("EC-HL" in name or "coupled" in name for name in states)
    skipped = solve_crystal(mass_ratio=10, d=10.0, r_s=5.0, mesh=6, cutoff=2.0, electrons="crystal", holes="liquid")
    assert skipped.energy_per_pair > min(state["energy"] for state in states.values()) + 0.01


@pytest.mark.parametrize("finite_size", ["dropped", "limit"])
@pytest.mark.parametrize("mass_ratio, d", [(1.0, 1.0), (1.5, 10.0), (10.0, 3.0)])
def test_what_is_left_out_changes_nothing(mass_ratio, d, finite_size):
    left_out = 0
    for r_s in (1.5, 3.5, 9.0):
        point = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=6, cutoff=1.5, finite_size=finite_size)
        some, every = (
            phases.candidate_states(**point, dismiss=True),
            phases.candidate_states(**point, ansaetze=list(phases.ANSAETZE)),
        )
        left_out += len(every) - len(some)
        found, expected = phases.identify(some), phases.identify(every)
        assert found[0] == expected[0]
        assert some[found[1]]["energy"] == pytest.approx(every[expected[1]]["energy"], abs=1e-9)
    assert left_out > 2


def test_one_of_the_electron_crystals_named_is_the_lower():
    pair = ("coupled crystal", "antiferromagnetic coupled crystal")
    for radius in (1.3, 2.0, 4.5):
        states = phases.candidate_states(mass_ratio=2.0, d=3.0, r_s=2 * radius, mesh=4, cutoff=2.0, ansaetze=pair)
        lower = min(pair, key=lambda name: states[name]["energy"])
        assert lower in phases.electron_crystals(radius)
    assert phases.electron_crystals(1.3) != phases.electron_crystals(4.5)
    with pytest.raises(ValueError, match="r_s_electrons = "):
        phases.electron_crystals(0.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "mass_ratio, d", [(10, 0.3), (20, 0.3), (40, 1.0), (5, 0.6), (3, 0.5), (1, 0.3), (6.5, 1.0), (40, 4.0)]
)
def test_dismissed_states_would_not_have_won_with_close_layers(mass_ratio, d):
    for radius in (0.65, 1.0, 1.5, 2.5, 4.5):
        point = dict(mass_ratio=mass_ratio, d=d, r_s=radius * mass_ratio, mesh=6, cutoff=1.5, finite_size="limit")
        some = phases.candidate_states(**point, dismiss=True)
        every = phases.candidate_states(**point, ansaetze=list(phases.ANSAETZE))
        found, expected = phases.identify(some), phases.identify(every)
        assert found[0] == expected[0]
        # Near-degenerate spin orders of one coupled crystal count as one.
        assert some[found[1]]["energy"] == pytest.approx(every[expected[1]]["energy"], abs=2e-3 / point["r_s"])


def test_balanced_states_have_no_polarised_electrons():
    point = dict(mass_ratio=1.0, d=10.0, r_s=4.0, mesh=4, cutoff=1.5)
    balanced, every = (phases.candidate_states(**point, balanced=flag) for flag in (True, False))
    assert {state["polarised"] for state in every.values()} == {True, False}
    assert balanced == {name: state for name, state in every.items() if not state["polarised"]}
    for name in ("balanced", "dismiss"):
        with pytest.raises(TypeError, match=f"{name} = 1"):
            phases.candidate_states(**point, **{name: 1})


def test_each_phase_has_the_energy_of_its_lowest_state():
    states = {"a": fake(0.0), "b": fake(-1.0), "c": fake(-0.5, True), "d": fake(-9.0, True, True, converged=False)}
    assert phases.phase_energies(states) == {"liquid": -1.0, "EC-HL": -0.5}


def fake(energy, electrons=False, holes=False, converged=True):
    return {"energy": energy, "converged": converged, "crystal_e": electrons, "crystal_h": holes, "polarised": False}


def test_unconverged_states_do_not_win():
    states = {
        "liquid": fake(-1.0),
        "EL-HC": fake(-2.0, False, True, converged=False),
        "coupled crystal": fake(-0.5, True, True),
    }
    assert phases.identify(states) == ("liquid", "liquid", 0.5)


@pytest.mark.parametrize(
    "electrons, holes, phase",
    [(False, True, "EL-HC"), (True, False, "EC-HL"), (True, True, "coupled crystal")],
)
def test_a_state_is_called_what_it_became(electrons, holes, phase):
    states = {"liquid": fake(0.0), "EC-HL": fake(-1.0, electrons, holes)}
    assert phases.identify(states) == (phase, "EC-HL", 1.0)


def test_a_single_phase_has_an_infinite_margin():
    assert phases.identify({"liquid": fake(-1.0), "EL-HC": fake(-0.5)}) == ("liquid", "liquid", np.inf)


def test_holes_that_crystallised_by_themselves_are_noticed():
    # Over an electron crystal at low density the hole liquid is not stationary for long.
    point = dict(mass_ratio=1.0, d=10.0, r_s=6.0, mesh=6)
    asked = phases.candidate_states(**point, ansaetze=("EC-HL", "polarised EL-HC", "polarised liquid"))
    assert asked["EC-HL"]["crystal_h"] and asked["polarised EL-HC"]["crystal_e"]
    assert not asked["polarised liquid"]["crystal_e"] and not asked["polarised liquid"]["crystal_h"]
    # They are then the coupled crystal, which has an ansatz of its own.
    states = phases.candidate_states(**point, dismiss=True)
    assert "EC-HL" not in states and "polarised EL-HC" not in states
    assert "polarised EL-HC" in phases.candidate_states(**point)
    assert asked["EC-HL"]["energy"] == pytest.approx(states["coupled crystal"]["energy"], abs=1e-8)
    states = phases.candidate_states(mass_ratio=1.0, d=3.0, r_s=2.0, mesh=6)
    melted = states["antiferromagnetic EC-HL"]
    assert melted["crystal_e"] and not melted["crystal_h"]


def test_momentum_variance_of_unrestricted_states():
    crystal = phases.variance_point(mass_ratio=10, d=3.0, r_s=7.0, mesh=4)
    assert crystal["converged"] and crystal["ratio_h"] > 1.2 and abs(crystal["ratio_e"] - 1) < 0.1
    both = phases.variance_point(mass_ratio=1, d=3.0, r_s=7.0, mesh=4)
    assert both["ratio_h"] > 1.2 and both["ratio_e"] > 1.2


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda: phases.candidate_states(mesh=5), "mesh"),
        (lambda: phases.candidate_states(finite_size="raw"), "finite_size"),
        (lambda: phases.candidate_states(r_s=-1.0), "r_s"),
        (lambda: phases.identify({}), "states"),
        (lambda: shell_correction(0.0, 6, 1.0, True), "r_s"),
    ],
)
def test_bad_arguments_are_named(call, name):
    with pytest.raises(ValueError, match=f"{name}"):
        call()


def test_chosen_ansaetze_are_those_of_the_whole_set():
    point = dict(mass_ratio=4, d=1.0, r_s=5.0, mesh=4, cutoff=1.5, finite_size="limit")
    chosen = phases.candidate_states(**point, ansaetze=("EL-HC", "liquid"))
    whole = phases.candidate_states(**point)
    assert chosen == {name: whole[name] for name in ("EL-HC", "liquid")} and len(whole) > 2
    with pytest.raises(ValueError, match="^ansaetze = 'crystal'"):
        phases.candidate_states(**point, ansaetze=("crystal",))


def test_el_hc_converges_far_above_the_lowest_state_too():
    point = dict(mass_ratio=1.0, d=1.0, r_s=14.346306, mesh=6, ansaetze=["EL-HC", "antiferromagnetic coupled crystal"])
    states = phases.candidate_states(**point)
    assert all(state["converged"] for state in states.values())
    assert states["EL-HC"]["energy"] > states["antiferromagnetic coupled crystal"]["energy"] + 0.1
