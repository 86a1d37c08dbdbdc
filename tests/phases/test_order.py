from itertools import product

import numpy as np
import pytest

from ehbilayer.condensate import solve_condensate, solve_condensate_grid
from ehbilayer.hartree_fock import solve_crystal, solve_supercell
from ehbilayer.model.lattice import Box
from ehbilayer.phases import order
from ehbilayer.phases.candidates import ANSAETZE, candidate_states
from ehbilayer.phases.liquid import free_liquid, shell_correction

MESH = 6
POINTS = list(product((1.0, 4.0), (1.0, 5.0), (1.3, 2.5, 3.8, 5.0, 7.0, 10.0, 14.0)))


@pytest.fixture(scope="module")
def states():
    return [
        solve_crystal(
            mass_ratio=m, d=d, r_s=r, mesh=MESH, cutoff=1.5, electrons=e, holes=h, max_iterations=40, alternating=True
        )
        for m, d, r in POINTS
        for e, h in ANSAETZE.values()
    ]


def looked_at(state, layer):
    """Bragg weight and contrast from the density on points of the cell, variance from the momentum distribution."""
    fractions = np.arange(24) / 12
    vectors = Box.triangular(1, 1).vectors
    points = np.stack(np.meshgrid(fractions, fractions, indexing="ij"), axis=-1) @ vectors
    members = [i for i, s in enumerate(state.state.functional.species) if s.layer == layer]
    density = sum(state.state.density(i, points) for i in members)
    b = 2 * np.pi * np.linalg.inv(vectors).T
    third = min(b[0] + b[1], b[0] - b[1], key=np.linalg.norm)
    six = np.array([b[0], b[1], third])
    weights = [abs(np.mean(density * np.exp(1j * points @ q))) for q in six]
    spins = sum(s.components for s in (state.state.functional.species[i] for i in members))
    variance = state.momentum_variance[layer] / free_liquid(Box.triangular(MESH, MESH), spins).variance
    return np.sqrt(np.mean(np.square(weights))), np.ptp(density), variance, spins


def test_label_variance_and_density_hold_together(states):
    assert len(states) >= 200
    crystals = 0
    for state, layer in product(states, "eh"):
        found = order.layer_order(state, layer)
        bragg, contrast, variance, spins = looked_at(state, layer)
        least = order.crystal_threshold(mesh=MESH, spin="polarised" if spins == 1 else "unpolarised")
        assert found.variance == pytest.approx(variance, rel=1e-9)
        assert found.bragg == pytest.approx(bragg, abs=1e-9)
        assert found.crystal == (bragg > least[0] and variance > least[1])
        if found.crystal:
            assert contrast > 0.3 and variance > 1.02
        if contrast < 0.25 or variance < 1.02:
            assert not found.crystal
        crystals += found.crystal
    assert 0.3 < crystals / (2 * len(states)) < 0.8


def test_labels_do_not_hang_on_the_threshold(states):
    # Of the layers of converged states few lie within a tenth of the threshold: the orders are bimodal.
    close = []
    for state, layer in product([state for state in states if state.converged], "eh"):
        found = order.layer_order(state, layer)
        spins = sum(s.components for s in state.state.functional.species if s.layer == layer)
        bragg, variance = order.crystal_threshold(mesh=MESH, spin="polarised" if spins == 1 else "unpolarised")
        close.append(min(found.bragg / bragg, (found.variance - 1) / (variance - 1)))
    assert np.mean(np.abs(np.array(close) - 1) < 0.1) < 0.1


def test_the_label_flips_with_the_density_and_with_the_threshold(monkeypatch):
    def label(r_s):
        point = dict(mass_ratio=4, d=5.0, r_s=r_s, mesh=MESH, cutoff=2.0)
        return order.layer_order(solve_crystal(**point, electrons="antiferromagnet"), "e").crystal

    # r_s of the electrons 0.5, 0.75, 1.5 and 2.5.
    assert [label(r_s) for r_s in (2.0, 3.0, 6.0, 10.0)] == [False, False, True, True]
    state = solve_crystal(mass_ratio=4, d=5.0, r_s=5.0, mesh=MESH, cutoff=2.0)
    found = order.layer_order(state)
    above = {"bragg": (1.01 * found.bragg, 1.0), "variance": (0.0, 1.01 * found.variance)}
    for least in above.values():
        monkeypatch.setattr(order, "_threshold", lambda mesh, spin, lattice, least=least: least)
        assert not order.layer_order(state).crystal
    monkeypatch.setattr(order, "_threshold", lambda mesh, spin, lattice: (0.99 * found.bragg, 0.99 * found.variance))
    assert order.layer_order(state).crystal


def test_a_shell_that_splits_is_no_crystal():
    # The holes below this electron crystal are insulating and uniform to 2 %.
    state = solve_crystal(mass_ratio=1, d=3.0, r_s=2.0, mesh=6, cutoff=2.0, electrons="antiferromagnet", holes="liquid")
    holes = order.layer_order(state, "h")
    assert state.gap_indirect > 0.01 and holes.variance < 1.005
    assert not holes.crystal and order.layer_order(state, "e").crystal


def test_shell_corrections_follow_the_labels():
    point = dict(mass_ratio=2.0, d=1.0, r_s=4.0, mesh=6, cutoff=2.0, ansaetze=tuple(ANSAETZE))
    plain, limit = (candidate_states(**point, finite_size=kind) for kind in ("madelung", "limit"))
    labels = set()
    for name, state in limit.items():
        expected = 0.0 if state["crystal_e"] else shell_correction(4.0, 6, 0.5, state["polarised"])
        expected += 0.0 if state["crystal_h"] else shell_correction(4.0, 6, 1.0, True)
        assert state["energy"] - plain[name]["energy"] == pytest.approx(expected, abs=1e-12)
        labels.add((state["crystal_e"], state["crystal_h"]))
    assert len(labels) >= 3


def test_an_open_shell_is_no_condensate():
    # At this spacing the pairs do not feel each other: what is left is the fraction n (1 - n) of the shell.
    far = solve_condensate_grid(mass_ratio=1, d=15.0, r_s=2.0, mesh=6)
    shell = free_liquid(Box.triangular(6, 6)).open_shell
    assert far.condensate_fraction == pytest.approx(shell, rel=0.1) and shell > 0.02
    assert not order.is_condensed(far)
    assert order.is_condensed(solve_condensate_grid(mass_ratio=1, d=1.0, r_s=4.0, mesh=6))
    assert order.is_condensed(solve_condensate(mass_ratio=1, d=1.0, r_s=4.0))


def test_the_label_of_condensates_holds_with_fraction_gap_and_shell_over_a_grid():
    shell = free_liquid(Box.triangular(MESH, MESH)).open_shell
    labels = []
    for m, d, r in product((1.0, 4.0, 10.0), (0.5, 3.0, 10.0), (1.5, 3.0, 6.0, 12.0)):
        place = dict(mass_ratio=m, d=d, r_s=r)
        limit, box = solve_condensate(**place), solve_condensate_grid(**place, mesh=MESH)
        for state, open_shell in ((limit, 0.0), (box, shell)):
            if not state.converged:
                continue
            # sum n (1 - n) over the sum of n, from the occupations themselves.
            fraction = float(state.weights @ (state.occupations * (1 - state.occupations)))
            assert state.condensate_fraction == pytest.approx(fraction, rel=1e-5, abs=1e-9)
            assert order.is_condensed(state) == (fraction > open_shell + 0.01)
            labels.append(order.is_condensed(state))
    assert len(labels) > 50 and 0.3 < np.mean(labels) < 0.95


@pytest.mark.parametrize("mesh", [6, 8])
def test_thresholds_lie_between_liquid_and_crystal(mesh):
    for spin in ("polarised", "unpolarised"):
        bragg, variance = order.crystal_threshold(mesh=mesh, spin=spin)
        assert 0.02 < bragg < 0.1 and 1.01 < variance < 1.5


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: order.crystal_threshold(mesh=5, spin="unpolarised"), ValueError, "mesh = 5"),
        (lambda: order.crystal_threshold(spin="up"), ValueError, "spin = 'up'"),
        (lambda: order.layer_order(solve_crystal(mesh=2, cutoff=1.5), "x"), ValueError, "layer = 'x'"),
        (lambda: order.layer_order(solve_supercell(cells=(2, 2), cutoff=1.5)), TypeError, "result"),
        (lambda: order.LiquidWatch("x"), ValueError, "layer = 'x'"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_liquid_that_the_other_layer_makes_a_crystal_at_once_is_not_followed():
    place = dict(mesh=4, cutoff=1.5, electrons="polarised liquid")
    ends = {}
    for mass_ratio, d, r_s in ((1.0, 1.0, 10.0), (10.0, 3.0, 7.0)):
        watch = order.LiquidWatch("e")
        state = solve_crystal(mass_ratio=mass_ratio, d=d, r_s=r_s, watch=watch, **place)
        ends[mass_ratio] = watch.crystallised, state.state.iterations
        # Followed to its end it is what the watch took it for.
        end = solve_crystal(mass_ratio=mass_ratio, d=d, r_s=r_s, **place)
        assert order.layer_order(end, "e").crystal == watch.crystallised
    assert ends[1.0] == (True, 2)
    assert not ends[10.0][0] and ends[10.0][1] > 3
