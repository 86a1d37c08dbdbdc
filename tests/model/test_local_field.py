"""Static local fields: sum rule, limits, and the same formula wherever it is used."""

import math

import numpy as np
import pytest

from ehbilayer.drag.local_field import monte_carlo
from ehbilayer.errors import ArgumentError
from ehbilayer.model.local_field import KINDS, crossing_field, exchange_field, local_field
from ehbilayer.model.quantum_liquid import correlated_liquid_energy


@pytest.mark.parametrize("degeneracy", [1, 2])
def test_long_waves_obey_the_compressibility_sum_rule(degeneracy):
    r_s = 3.0
    density, step = 1 / (math.pi * r_s**2), 1e-3 / (math.pi * r_s**2)

    def interaction_energy(n):
        x = 1 / math.sqrt(math.pi * n)
        kinetic = (2 / degeneracy) / (2 * x**2)
        return n * (correlated_liquid_energy(x, 2.0 - degeneracy) - kinetic)

    second = sum(w * interaction_energy(density + s * step) for s, w in ((-1, 1), (0, -2), (1, 1))) / step**2
    found = local_field("monte-carlo", r_s, degeneracy)
    assert math.isclose(2 * math.pi * crossing_field(0.0, *found), -second, rel_tol=1e-4)
    assert found.limit == 1.0 if degeneracy == 1 else 0.5 < found.limit < 1.0


def test_exchange_is_that_of_its_fermi_wave_number():
    for degeneracy in (1, 2):
        k_f = 2 / (1.7 * math.sqrt(degeneracy))
        for q in (0.0, 0.4, 9.0):
            expected = exchange_field(q, k_f, degeneracy)
            assert math.isclose(crossing_field(q, *local_field("exchange", 1.7, degeneracy)), expected, rel_tol=1e-12)


def test_correlation_adds_to_exchange_at_long_waves():
    for r_s in (0.1, 1.0, 10.0):
        slopes = [crossing_field(0.0, *local_field(kind, r_s, 2)) for kind in KINDS]
        assert slopes[0] == 0.0 < slopes[1] < slopes[2]
        assert math.isclose(slopes[2] / slopes[1], 1.0, abs_tol=0.2 * math.sqrt(r_s))


def test_drag_takes_the_same_field():
    bohr, density = 7.0, 2e-3
    r_s = 1 / (bohr * math.sqrt(2 * math.pi * density))
    q = np.array([0.01, 0.1, 1.0])
    limit, wave_number = local_field("monte-carlo", r_s, 2)
    expected = limit * q / np.hypot(q, wave_number / bohr)
    assert np.allclose(monte_carlo(q, density, 2, bohr=bohr), expected, rtol=1e-12)


def test_bad_values_are_named():
    for arguments, name in ((("hubbard", 1.0, 2), "local_field"), (("monte-carlo", 200.0, 1), "local_field")):
        with pytest.raises(ArgumentError, match=f"^{name} = "):
            local_field(*arguments)
    with pytest.raises(ArgumentError, match="^degeneracy = "):
        local_field("exchange", 1.0, 3)
