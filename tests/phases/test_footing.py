"""The same comparison on three footings: what must agree, and what goes with the size of the box."""

import numpy as np
import pytest

from ehbilayer.condensate import mott_line
from ehbilayer.phases import footing
from ehbilayer.phases.footing import mott_footings


@pytest.fixture(scope="module")
def found():
    return {mesh: mott_footings(mass_ratio=4, d=1.0, mesh=mesh) for mesh in (4, 8)}


def test_on_one_footing_the_transition_is_that_of_the_limit(found):
    exact = mott_line(mass_ratio=4, d=1.0).r_s
    assert found[4].crossings["limit"] == pytest.approx(exact, rel=2e-3)
    assert found[8].crossings["box"] == pytest.approx(exact, rel=0.05)


def test_mixed_footings_err_by_the_energy_of_the_images(found):
    """Per carrier v_M/2 = 1.1061/(r_s sqrt N): 2.2122/(r_s sqrt N) for the liquid alone, beside its shell error."""
    for mesh, result in found.items():
        shift = result.differences["mixed"] - result.differences["limit"]
        np.testing.assert_allclose(shift[-5:] * result.r_s[-5:] * mesh, 2.2122, rtol=0.12)
    assert found[4].crossings["mixed"] < found[8].crossings["mixed"] < found[8].crossings["limit"]


def test_a_crossing_outside_the_range_is_not_a_number():
    x = np.linspace(1.0, 2.0, 5)
    assert np.isnan(footing._crossing(x, x)) and footing._crossing(x, x - 1.6) == pytest.approx(1.6)
    with pytest.raises(footing.NotConverged, match="2 crossings"):
        footing._crossing(x, np.array([-1.0, 1.0, -1.0, 1.0, 2.0]))


@pytest.mark.parametrize("mesh", [3, 4.5, 25])
def test_meshes_out_of_range_are_refused(mesh):
    with pytest.raises((ValueError, TypeError), match="mesh"):
        mott_footings(mesh=mesh)
