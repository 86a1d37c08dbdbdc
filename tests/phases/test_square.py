"""Square Neel crystals of the electrons above holes."""

import numpy as np
import pytest

from ehbilayer.condensate import liquid_energy, solve_condensate
from ehbilayer.model.lattice import SQUARE, TRIANGULAR, Box
from ehbilayer.model.uniform_gas import uniform_gas_energy
from ehbilayer.phases.lines import trace_line
from ehbilayer.phases.liquid import free_liquid
from ehbilayer.phases.monolayer import CRYSTALS, crystal_state, monolayer_crystallisation
from ehbilayer.phases.order import crystal_threshold
from ehbilayer.phases.square import last_ratio, square_window
from ehbilayer.phases.square_states import limit_states, square_state, square_states
from ehbilayer.phases.surveys import el_hc_onsets, square_spins, square_windows


def layer(r_s, crystal, mesh=6):
    box = Box.repeated(SQUARE, mesh, mesh)
    return crystal_state(r_s=r_s, mesh=mesh, crystal=crystal, cutoff=2.0).energy.total / box.carriers


def test_distant_layers_are_two_layers_each_in_its_own_units():
    # Far apart the layers share no energy: Neel electrons of mass 1/2, and holes that are a liquid or a square crystal.
    place = dict(mass_ratio=2.0, d=60.0, r_s=2.0, mesh=6)
    electrons = layer(1.0, CRYSTALS["unpolarised"]["square"]) / 2.0
    liquid = sum(uniform_gas_energy(2.0))
    assert square_state(**place) == pytest.approx(electrons + liquid, abs=2e-6)
    far = square_state(**place | {"r_s": 6.0}, phase="coupled crystal")
    both = layer(3.0, CRYSTALS["unpolarised"]["square"]) / 2.0 + layer(6.0, CRYSTALS["polarised"]["square"])
    assert far == pytest.approx(both, abs=2e-6)


def test_the_window_of_distant_layers_begins_where_one_layer_crystallises():
    alone = monolayer_crystallisation(mesh=6, cutoff=2.0, spin="unpolarised", crystal="square", finite_size="limit")
    window = square_window(mass_ratio=1.25, d=30.0, tolerance=1e-4)
    assert window.lower == pytest.approx(1.25 * alone, rel=1e-3)
    # It ends where the holes crystallise by themselves; the shells of the boxes differ.
    holes = monolayer_crystallisation(mesh=6, cutoff=2.0, finite_size="limit")
    assert window.follower == "separate crystals" and window.upper == pytest.approx(holes, rel=0.1)


@pytest.mark.parametrize("d", [0.5, 1.0])
def test_the_square_crystal_is_lowest_inside_its_window_only(d):
    window = square_window(d=d, mesh=6, tolerance=1e-3)
    assert window.follower == "condensate" and 0 < window.lower_error < 0.1 and 0 < window.upper_error < 0.2
    for r_s, inside in (
        (0.98 * window.lower, False),
        (1.02 * window.lower, True),
        (0.98 * window.upper, True),
        (1.02 * window.upper, False),
    ):
        others = [liquid_energy(1.0, r_s), solve_condensate(mass_ratio=1, d=d, r_s=r_s).energy_per_pair]
        states = limit_states(mass_ratio=1.0, d=d, r_s=r_s, mesh=6, cutoff=2.0, balanced=True)
        others += [state["energy"] for name, state in states.items() if name != "square EC-HL"]
        assert (square_state(d=d, r_s=r_s, mesh=6) < min(others)) == inside


def test_heavy_holes_crystallise_before_the_electrons():
    last = last_ratio(d=3.0, tolerance=0.01)
    # Distant layers: r_s of the holes' crystal over that of the Neel crystal.
    holes = monolayer_crystallisation(mesh=8, cutoff=2.0, finite_size="limit")
    alone = monolayer_crystallisation(mesh=8, cutoff=2.0, spin="unpolarised", crystal="square", finite_size="limit")
    assert last["ratio"] == pytest.approx(holes / alone, rel=0.02) and 0 < last["error"] < 0.4
    outside = square_window(mass_ratio=1.1 * last["ratio"], d=3.0, mesh=8)
    assert np.isnan(outside.upper) and outside.follower == "" and outside.gain == 0.0


def test_the_table_holds_the_windows():
    table = square_windows(spacings=(1.0,), mesh=4)
    single = square_window(d=1.0, mesh=4)
    assert table.lower[1.0] == pytest.approx(single.lower) and table.follower[1.0] == single.follower


def test_no_line_of_el_hc_is_drawn_inside_a_square_window():
    # At mass ratio 1.25 and d = 3 square EC-HL is lowest from r_s = 1.76 on; at 2 there is no window.
    options = dict(dense="EL-HC", dilute="condensate", d=3.0, mesh=8, larger=10)
    line = trace_line(**options, values=[1.25], start=3.0).set_index("mass_ratio")
    assert not line.stable[1.25]
    inside = dict(mass_ratio=1.25, d=3.0, r_s=2.1, mesh=8)
    states = limit_states(**inside)
    assert min(states, key=lambda name: states[name]["energy"]) == "square EC-HL"


def test_separate_crystals_are_two_isolated_layers():
    place = dict(mass_ratio=2.0, r_s=4.0, mesh=6)
    near, far = (square_states(**place, d=d)["separate crystals"] for d in (0.5, 60.0))
    electrons = layer(2.0, CRYSTALS["unpolarised"]["square"]) / 2.0
    holes = crystal_state(r_s=4.0, mesh=6, crystal=CRYSTALS["polarised"]["triangular"], cutoff=2.0)
    assert near["energy"] == far["energy"] == pytest.approx(electrons + holes.energy.total / 36, abs=1e-9)
    assert near["crystal_e"] and near["crystal_h"]


def test_square_electrons_lie_below_triangular_ones_at_the_papers_superconducting_point():
    states = limit_states(mass_ratio=10.0, d=10.0, r_s=16.0, mesh=6)
    lowest = min(states, key=lambda name: states[name]["energy"])
    assert lowest in ("square coupled crystal", "separate crystals")
    assert 3e-4 < states["EL-HC"]["energy"] - states[lowest]["energy"] < 9e-4
    assert states["EL-HC"]["energy"] < states["antiferromagnetic coupled crystal"]["energy"]


@pytest.mark.parametrize("mass_ratio, r_s_e", [(1.0, 1.05), (4.0, 1.05), (1.0, 3.4), (4.0, 3.4), (10.0, 3.4)])
def test_square_electrons_cannot_win_where_they_are_left_out(mass_ratio, r_s_e):
    place = dict(mass_ratio=mass_ratio, d=3.0, r_s=mass_ratio * r_s_e, mesh=6)
    others = limit_states(**place)
    assert not any("square" in name or "separate" in name for name in others)
    lowest = min(state["energy"] for state in others.values())
    assert min(state["energy"] for state in square_states(**place).values()) > lowest


def test_labels_of_square_states_hold_with_their_variances():
    for r_s in (1.3, 1.8, 2.4, 3.0):
        for name, state in square_states(mass_ratio=1.0, d=1.0, r_s=r_s).items():
            for electrons, kind in ((True, "e"), (False, "h")):
                shape = "triangular" if name == "separate crystals" and not electrons else "square"
                spin = "unpolarised" if electrons else "polarised"
                bragg, variance = crystal_threshold(mesh=6, spin=spin, lattice=shape)
                box = Box.repeated(SQUARE if shape == "square" else TRIANGULAR, 6, 6)
                over = state[f"sigma_{kind}"] / free_liquid(box, 2 if electrons else 1).variance
                assert state[f"crystal_{kind}"] == (state[f"bragg_{kind}"] > bragg and over > variance)


def test_el_hc_waits_for_the_square_crystal_to_end():
    # Of distant layers, whose holes crystallise before electrons in rows from a mass ratio below 1.3 on.
    found = el_hc_onsets(spacings=[10.0], mesh=6).loc[10.0]
    size = dict(mesh=6, cutoff=2.0, finite_size="limit")
    holes = monolayer_crystallisation(**size)
    alone = monolayer_crystallisation(**size, spin="unpolarised", crystal="square")
    assert found.ratio == pytest.approx(holes / alone, rel=0.02) and 0 < found.error < 0.4


def test_holes_of_free_spin_are_a_uniform_liquid_below_distant_square_electrons():
    # Far apart: the Neel crystal of one layer and the lower liquid of the other, which at r_s = 1.5 is unpolarised.
    found = square_spins(places=[(60.0, 1.5), (60.0, 2.2)])
    for (_, r_s), row in found.iterrows():
        electrons = layer(r_s, CRYSTALS["unpolarised"]["square"])
        holes = min(t / r_s**2 - x / r_s for t, x in ((0.5, 0.6002108774), (1.0, 0.8488263632)))
        assert row["square EC-HL"] == pytest.approx(electrons + holes, abs=2e-6)
    # What the liquid holes answer to the crystal above them is left out for unpolarised ones: it is small.
    near, far = (square_state(d=d, r_s=1.8) for d in (1.0, 60.0))
    assert abs(near - far) < 1e-3


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: square_state(mesh=5), "mesh"),
        (lambda: square_state(phase="liquid"), "phase"),
        (lambda: square_state(r_s=-1.0), "r_s"),
        (lambda: square_window(d=-1.0), "d"),
        (lambda: square_window(tolerance=0.0), "tolerance"),
        (lambda: last_ratio(mesh=5), "mesh"),
        (lambda: square_windows(spacings=()), "spacings"),
        (lambda: square_spins(places=[(1.0,)]), "places"),
        (lambda: el_hc_onsets(convention="both"), "convention"),
    ],
)
def test_bad_arguments_are_named(call, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        call()
