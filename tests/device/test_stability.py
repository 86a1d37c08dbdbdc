import numpy as np
import pytest

from ehbilayer.device import Device, normal_stability, parabolic_edge
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
