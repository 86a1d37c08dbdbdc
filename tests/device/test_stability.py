import numpy as np
import pytest

from ehbilayer.device import Device, NormalStability, device_ladder, normal_stability, parabolic_edge
from ehbilayer.drag.ladder_stability import longest_time
from ehbilayer.errors import ArgumentError


def test_normal_state_begins_far_beyond_the_condensate():
    found = normal_stability(Device(width=2.0), 9.5, multiples=[])
    assert found.condensate is not None and found.gap is not None and found.gap > 10
    assert found.least[0] < found.condensate[0] < 0 < found.condensate[1] < found.least[1]
    assert found.growth > 0 and not found.currents.size and not found.times.size
    # Both edges of a wider strip carry more, and the ends of the normal state differ in size as well.
    assert found.least[1] != pytest.approx(-found.least[0], rel=0.01)


def test_edge_of_a_parabolic_device_is_the_closed_form():
    plain = Device(lam=0.0)
    found = normal_stability(plain, 8.0, multiples=[])
    # Occupations at the bottom of the band, and that the drift is no longer small beside k_F.
    assert parabolic_edge(plain, found.least) == pytest.approx([8.0, 8.0], abs=0.15)
    assert (np.diff(parabolic_edge(plain, [0.0, 3.0, 9.0, 30.0])) < 0).all()


def test_at_and_above_the_transition_there_is_nothing_to_lose():
    with pytest.raises(ArgumentError, match="T"):
        normal_stability(Device(), 10.0)


def test_a_window_needs_holes_that_are_held_at_the_end_of_the_condensate(monkeypatch):
    found = normal_stability(Device(), 9.5, multiples=[])
    assert found.at_the_end is None and found.between(1e-30) == found.between(1e-9) == "gap"
    # Pairs that would carry three times the least current of the normal state.
    strong = (-3 * found.least[1], 3 * found.least[1])
    monkeypatch.setattr(Device, "critical_currents", lambda *_: strong)
    both = normal_stability(Device(), 9.5, multiples=[], order=4, angles=4)
    assert both.gap == pytest.approx(1 / 3)
    assert both.at_the_end == longest_time(device_ladder(Device(), 9.5, order=4, angles=4), strong[1])
    assert both.between(0.9 * both.at_the_end) == "hysteresis" and both.between(1.1 * both.at_the_end) == "gap"


@pytest.mark.parametrize("missing", [{"condensate": None}, {"least": (-3.0, None)}])
def test_nothing_is_said_without_both_edges(missing):
    whole = NormalStability((-5.0, 5.0), (-3.0, 3.0), 1.0, np.empty(0), np.empty(0), 1e-13)
    assert whole.between(1e-14) == "hysteresis"
    assert whole._replace(**missing).between(1e-14) is None
    with pytest.raises(ArgumentError, match="^tau_2"):
        whole.between(0.0)
