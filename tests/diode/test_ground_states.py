"""Over all sets of the pages: no state that is called a ground state gains by a twist of its phase."""

import numpy as np
import pytest

from ehbilayer.device import Device
from ehbilayer.diode import paper_search
from ehbilayer.diode.nonreciprocity import diode

LITERAL = {"convention": "literal"}
MAIN = dict(E_F=11.6, lam=1.0, J=14.808)
DEVICE = Device().reduced
STRONG = dict(E_F=11.6, lam=2.0, J=6.0)
# Of pages 20 to 23, 32 and 40, with their fields.
SETS = [
    *[(MAIN | choice, B) for choice in ({}, LITERAL) for B in (0.0, 3.0, 12.0)],
    *[(STRONG, B) for B in (0.0, 6.0, 12.0)],
    (dict(E_F=12.0, lam=2.0, J=8.0, **LITERAL), 3.0),
    (dict(E_F=12.868, lam=2.457, J=8.946, **LITERAL), 5.157),
    (STRONG | {"mass_ratio": 4.0}, 12.0),
    ({name: x for name, x in DEVICE.items() if name != "B"}, DEVICE["B"]),
]
MATCHING = [
    (dict(E_F=34.8, lam=2.0, J=28.68, **LITERAL), 3.0),
    (dict(E_F=22.41, lam=3.0, J=48.72, **LITERAL), 3.0),
    (dict(E_F=20.84, lam=3.0, J=48.97, **LITERAL), 3.0),
]
# Cold, and the corners of page 23's map over unequal layers.
COLD = [(STRONG, B, T) for B in (4.0, 8.0, 16.0) for T in (0.05, 0.1, 0.3, 0.5)]
COLD += [(STRONG | {"imbalance": x}, B, T) for x in (-0.2, 0.6) for B in (4.0, 16.0) for T in (0.3, 0.5)]


def check(r):
    if r.stiffness is None:
        assert not r.valid or not r.condensed
        return
    eigenvalues = np.linalg.eigvalsh(r.stiffness)
    assert r.stable and eigenvalues[0] >= -1e-8 * abs(eigenvalues[1])


@pytest.mark.parametrize(("point", "B"), SETS)
def test_ground_states_of_the_expansion(point, B):
    check(diode(**point, B=B, T=0.9))


@pytest.mark.slow
@pytest.mark.parametrize(("point", "B"), SETS + MATCHING)
def test_ground_states_of_mean_field_theory(point, B):
    for T in (0.98, 0.9):
        check(diode(**point, B=B, T=T, theory="mean-field"))


@pytest.mark.slow
@pytest.mark.parametrize(("point", "B", "T"), COLD)
def test_ground_states_of_mean_field_theory_when_cold(point, B, T):
    r = diode(**point, B=B, T=T, theory="mean-field")
    assert r.condensed
    check(r)


def test_a_current_that_ends_at_a_jump_has_an_error_of_the_sums_only():
    # At the last momentum of a branch coarser sums may already be beyond the jump.
    r = diode(**STRONG, imbalance=0.5, B=8.0, T=0.3, theory="mean-field")
    assert r.converged and r.error < 1e-7


@pytest.mark.slow
def test_ground_states_of_the_search():
    table = paper_search.expansion_search(E_F=[12.0, 35.0], lam=[1.0, 2.5], J=[8.0, 20.0, 32.0])
    found = paper_search.summarise(table)
    assert found.unstable == 0 and found.by_convention["literal"].off_axis > 0


@pytest.mark.parametrize("theory", ["ginzburg-landau", "mean-field"])
def test_on_the_axis_a_saddle_is_never_valid(theory):
    states = [diode(**point, B=B, T=0.9, theory=theory, plane=False) for point, B in SETS]
    assert all(not r.valid or r.stable for r in states)
    assert any(not r.stable for r in states)
