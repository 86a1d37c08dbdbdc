"""T_c against the distance: cells as of one call, far layers, what static plasmons leave, bad input."""

import pytest

from ehbilayer.superconductivity.rpa_pairing import transition
from ehbilayer.superconductivity.rpa_scan import distance_scan, local_field_scan


def test_cells_are_those_of_one_call():
    scan = distance_scan([0.0, 1e3], r_s=6.0, mass_ratios=[1000.0], floor=1e-2)
    one = transition(r_s=6.0, d=0.0, mass_ratio=1000.0, holes="crystal", floor=1e-2, estimate=False)
    assert float(scan.classical[0, 0]) == one.temperature > 0
    # Holes far away are none.
    alone = transition(r_s=6.0, d=0.0, holes="none", floor=1e-2, estimate=False).temperature
    assert float(scan.liquid[1]) == pytest.approx(alone, rel=2e-3)
    assert float(scan.classical[0, 1]) == pytest.approx(alone, rel=2e-3)
    assert scan.classical.dims == ("mass_ratio", "d") and scan.liquid.dims == ("d",)


@pytest.mark.slow
def test_static_plasmons_of_rpa_hardly_pair():
    scan = distance_scan([0.0], r_s=2.0, mass_ratios=[10.0], floor=1e-3)
    assert float(scan.eliashberg.max()) < 0.1 * float(scan.classical.min())


def test_local_fields_side_by_side():
    found = local_field_scan([0.4, 0.0], r_s=1.6, mass_ratio=10, floor=2e-3)
    assert list(found) == [(0.4, "crystal"), (0.0, "crystal"), (0.0, "none")]
    one = transition(r_s=1.6, d=0.0, holes="crystal", local_field="charge", floor=2e-3)
    assert found[0.0, "crystal"]["charge"].temperature == one.temperature > 0
    assert found[0.0, "crystal"]["exchange"].temperature == 0


@pytest.mark.parametrize(
    ("change", "name"), [({"d": -1.0}, "d"), ({"mass_ratios": [0.5]}, "mass_ratios"), ({"r_s": 0.0}, "r_s")]
)
def test_bad_values_are_named(change, name):
    with pytest.raises(ValueError, match=f"^{name}"):
        distance_scan(**{"d": [0.0], "r_s": 3.0, "mass_ratios": [10.0], "floor": 0.01} | change)
