"""Map of Eliashberg's T_c: cells as of one call, regions, saturation at a soft plasmon, where the formula falls."""

import numpy as np
import pytest

from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.eliashberg_map import approach, eliashberg_map, has_summit


def test_cells_are_those_of_one_call():
    result = eliashberg_map([1.2, 1.6], [0.0, 1.0], [[0.2], [0.09]], 10)
    alone = eliashberg.critical_temperature(r_s=1.2, alpha=0.2**0.5, d=1.0, mass_ratio=10)
    assert result.temperature.values[0, 1] == pytest.approx(alone, rel=1e-6)
    expected = pairing.temperature_map([1.2, 1.6], [0.0, 1.0], [[0.2], [0.09]], 10)
    np.testing.assert_array_equal(result.bcs, expected["temperature"])
    np.testing.assert_allclose(result.ratio, result.temperature * np.array([[1.2], [1.6]]) ** 2)
    assert result.coupling.values[1, 1] == pytest.approx(0.756175, abs=1e-6)


def test_regions():
    result = eliashberg_map([1.6], [0.0, 2.5], [[0.3, -0.1]], 10)
    assert result.region.values.tolist() == [[0, 2]]
    assert np.isnan(result.temperature.values[0, 1]) and np.isnan(result.coupling.values[0, 1])
    assert eliashberg_map([1.6], [1.0], 3.0, 10).region.item() == 1


def test_soft_plasmons_leave_a_finite_temperature():
    """lambda omega^2 is fixed: T_c tends to a constant, that without repulsion to 0.18273 sqrt(lambda <omega^2>)."""
    found = approach(lambda x: 1.2 - 0.75 * x, 1.6, d=1.0, mass_ratio=10)
    warm = found["Eliashberg (T_H)"].to_numpy()
    assert (np.diff(warm[warm > 0]) > 0).all() and not has_summit(warm)
    assert warm[-1] == pytest.approx(warm[-3], rel=0.02)
    assert has_summit(found["BCS (T_H)"]) and found["BCS (T_H)"].iloc[-1] < 0.2 * found["BCS (T_H)"].max()
    spectrum, _, _, debye = eliashberg.plasmon_problem(1.6, 1e-3, 1.0, 10)
    limit = 0.182726 * debye * np.sqrt(spectrum.coupling) * spectrum.root_mean_square
    assert debye * eliashberg.transition(spectrum).temperature == pytest.approx(limit, rel=1e-3)
    assert warm[-1] < limit


def test_the_floor_only_hides_colder_ones():
    cold, warm = (eliashberg_map([1.6], [1.0], 0.16, 10, floor=x).temperature.item() for x in (1e-8, 1e-3))
    assert warm == 0 < cold


def test_summits():
    assert has_summit([1, 3, 2]) and not has_summit([3, 2, 1]) and not has_summit([1, 2])


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: eliashberg_map([1.6], [1.0], 0.1, 10, floor=0.1), "floor"),
        (lambda: eliashberg_map([-1.6], [1.0], 0.1, 10), "r_s"),
        (lambda: approach(lambda x: 1 - x, 0.0, d=1.0, mass_ratio=10), "root"),
        (lambda: approach(lambda x: 1 - x, 1.0, d=1.0, mass_ratio=10, points=1), "points"),
    ],
)
def test_bad_values_are_named(call, name):
    with pytest.raises(ValueError, match=f"^{name}"):
        call()
