import pytest

from ehbilayer.condensate import liquid_energy, mott_transition, solve_condensate
from ehbilayer.phases.point import critical_radius, phase_point


def test_condensate_wins_at_low_density_and_small_distance():
    point = phase_point(mass_ratio=2, d=1.0, density_ratio=0.1)
    assert point["phase"] == "condensate" and point["margin"] > 0.01
    expected = solve_condensate(mass_ratio=2, d=1.0, r_s=point["r_s"]).energy_per_pair
    # The error of its radial grid, which has fewer nodes here.
    assert point["energy_condensate"] == pytest.approx(expected, rel=0, abs=3.2e-8 / point["r_s"])


def test_limit_convention_reproduces_the_mott_transition():
    # On both sides of the published crossing of liquid and condensate at equal masses, where nothing else competes.
    r_s = mott_transition(mass_ratio=1, d=1.0)
    for factor, below in ((0.97, False), (1.03, True)):
        point = phase_point(mass_ratio=1, d=1.0, density_ratio=(critical_radius(6, "limit") / (factor * r_s)) ** 2)
        assert point["r_s"] == pytest.approx(factor * r_s, rel=1e-9)
        assert (point["energy_condensate"] < liquid_energy(1, point["r_s"])) == below


def test_the_papers_convention_has_balanced_spins():
    # Polarised electrons win in the limit at this point, and are not asked in the paper's convention.
    arguments = dict(mass_ratio=1, d=10.0, density_ratio=0.25, r_s_star=3.0)
    paper, limit = (phase_point(**arguments, convention=name) for name in ("paper", "limit"))
    assert limit["polarised"] and not paper["polarised"]
    assert "antiferromagnetic" in paper["hf_ansatz"] and "antiferromagnetic" not in limit["hf_ansatz"]


def test_energies_by_phase_hold_the_lowest_and_the_margin():
    point = phase_point(mass_ratio=4, d=3.0, density_ratio=0.6)
    names = ("liquid", "el_hc", "ec_hl", "coupled_crystal")
    branches = {name: [point[f"energy_{name}"], point[f"energy_polarised_{name}"]] for name in names}
    energies = {name: [value for value in values if value is not None] for name, values in branches.items()}
    known = sorted(min(values) for values in energies.values() if values)
    assert point["hf_phase"] == "EL-HC" and known[0] == energies["el_hc"][0] == point["energy_hf"]
    assert known[1] - known[0] == pytest.approx(point["hf_margin"], abs=1e-14)


def test_a_condensate_without_pairs_does_not_win():
    # Distant layers at high density, in a box whose polarised liquid has an open shell.
    point = phase_point(mass_ratio=1, d=15.0, density_ratio=2.0, convention="paper")
    assert not point["condensed"] and point["phase"] == point["hf_phase"]
    assert phase_point(mass_ratio=1, d=1.0, density_ratio=0.5, convention="paper")["condensed"]


def test_r_s_star_sets_the_scale():
    point = phase_point(mass_ratio=10, d=3.0, density_ratio=0.25, r_s_star=3.0)
    assert point["r_s"] == pytest.approx(6.0)
    assert point["hf_phase"] == "EL-HC" and point["sigma_h"] > point["sigma_e"]


@pytest.mark.parametrize(
    "arguments, name",
    [
        ({"convention": "raw"}, "convention"),
        ({"density_ratio": 0.0}, "density_ratio"),
        ({"mesh": 7}, "mesh"),
        ({"r_s_star": -2.0}, "r_s_star"),
        ({"d": float("nan")}, "d"),
    ],
)
def test_bad_arguments_are_named(arguments, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        phase_point(**arguments)


def test_pairs_of_both_spins_compete_in_the_limit():
    # At equal masses no liquid is left at small distance; polarised pairs alone leave one (test_spins).
    point = phase_point(mass_ratio=1, d=1.0, density_ratio=1.0, mesh=4, r_s_star=1.5)
    expected = solve_condensate(mass_ratio=1, d=1.0, r_s=1.5 * 2**0.5).energy_per_pair
    assert point["energy_symmetric_condensate"] == pytest.approx(expected, rel=0, abs=3.2e-8 / point["r_s"])
    assert point["phase"] != "condensate" and point["phase_any_spin"] == "condensate" and point["margin_any_spin"] > 0
    # Distant layers at high density pair too weakly to count as a condensate.
    far = phase_point(mass_ratio=10, d=10.0, density_ratio=1.0, mesh=4, r_s_star=1.5)
    assert far["phase"] == far["phase_any_spin"] == "liquid"


def test_the_papers_convention_has_polarised_holes():
    assert phase_point(mass_ratio=4, d=1.0, mesh=4, convention="paper", r_s_star=2)["phase_any_spin"] is None
