"""A moiré potential on the holes moves the liquid-crystal boundary."""

import pytest

from ehbilayer.phases import candidates as phases
from ehbilayer.phases import moire


@pytest.mark.parametrize("finite_size", ["dropped", "limit"])
def test_potential_helps_the_crystal(finite_size):
    arguments = dict(finite_size=finite_size, tolerance=0.01)
    crossings = [moire.el_hc_crossing(moire=w, **arguments) for w in (0.0, 0.001, 0.003)]
    r_s = [crossing.r_s for crossing in crossings]
    assert r_s[0] > r_s[1] + 0.02 and r_s[1] > r_s[2] + 0.02
    assert crossings[0].order == pytest.approx(1.0, abs=1e-9)
    assert 1.0 < crossings[1].order < crossings[2].order
    assert crossings[0].units["r_s"] == "a_h"


def test_crossing_is_that_of_the_candidate_states():
    for finite_size in ("dropped", "limit"):
        r_s = moire.el_hc_crossing(cutoff=2.0, finite_size=finite_size, tolerance=1e-4).r_s
        states = phases.candidate_states(r_s=r_s, mesh=6, cutoff=2.0, finite_size=finite_size)
        assert states["EL-HC"]["energy"] == pytest.approx(states["liquid"]["energy"], abs=2e-6)


def test_conventions_without_shells_agree():
    assert moire.el_hc_crossing(finite_size="dropped").r_s == pytest.approx(
        moire.el_hc_crossing(finite_size="madelung").r_s, abs=5e-3
    )


@pytest.mark.parametrize(
    "change, message",
    [
        ({"moire": -1.0}, "moire = -1.0"),
        ({"finite_size": "raw"}, "finite_size = 'raw'"),
        ({"bracket": (3.0, 2.0)}, "bracket = "),
        ({"bracket": (1.2, 1.5)}, "sign change"),
        ({"moire": 0.2}, "sign change"),
        ({"mesh": 1}, "mesh = 1"),
        ({"tolerance": 0.0}, "tolerance = 0.0"),
    ],
)
def test_bad_arguments_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        moire.el_hc_crossing(**change)
