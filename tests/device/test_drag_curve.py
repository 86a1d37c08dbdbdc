import numpy as np
import pytest

from ehbilayer.device import (
    antisymmetric_share,
    branch_currents,
    expansion_currents,
    joined_curve,
    plateau_asymmetry,
)


def law(current):
    """Different parabolas on both sides."""
    current = np.asarray(current)
    return np.where(current < 0, -0.01 - 0.002 * current**2, -0.02 + 0.001 * current)


def test_parabolas_are_met_exactly_and_the_plateau_is_perfect():
    limits = (-2.5, 1.25)
    places = branch_currents(limits, 8.0)
    current = np.linspace(-8, 8, 65)
    curve = joined_curve(current, limits, places, law(places))
    inside = (current > limits[0]) & (current < limits[1])
    assert inside.sum() == 14 and (curve[inside] == -1).all()
    assert curve[~inside] == pytest.approx(law(current[~inside]), rel=1e-12)


def test_without_a_plateau_the_branches_meet_at_zero():
    places = branch_currents(None, 8.0, points=5)
    assert len(places) == 10 and abs(places).min() == pytest.approx(0.8)
    curve = joined_curve([-1e-9, 1e-9], None, places, law(places))
    assert curve == pytest.approx([-0.01, -0.02], rel=1e-6)


def test_a_reversed_device_has_the_mirrored_curve():
    limits, places = (-3.0, 2.0), branch_currents((-3.0, 2.0), 5.0)
    current = np.linspace(-5, 5, 41)
    curve = joined_curve(current, limits, places, law(places))
    mirrored = joined_curve(current, (-2.0, 3.0), -places, law(places))
    assert mirrored[::-1] == pytest.approx(curve, rel=1e-12)


def test_antisymmetric_share():
    assert antisymmetric_share([1.0, 2.0], [3.0, 2.0]) == pytest.approx([0.5, 0.0])
    assert antisymmetric_share(-0.04, -0.05) == pytest.approx(1 / 9)
    assert antisymmetric_share(3.0, 1.0) == -antisymmetric_share(1.0, 3.0)


def test_asymmetry_of_a_plateau_is_the_share_of_its_critical_currents():
    assert plateau_asymmetry((-4.8, 4.4)) == pytest.approx(antisymmetric_share(4.8, 4.4))
    assert plateau_asymmetry((-4.4, 4.8)) == -plateau_asymmetry((-4.8, 4.4))
    assert plateau_asymmetry((-2.0, 2.0)) == 0 and plateau_asymmetry(None) is None


def test_an_expansion_is_drawn_beyond_the_plateau_and_where_it_holds():
    found = expansion_currents((-1.0, 1.5), 3.0)
    assert len(found) == 80 and abs(found).max() == 3.0
    assert not ((found > -1.0) & (found < 1.5)).any()
    assert len(expansion_currents((-4.0, 2.0), 3.0)) == 40 and len(expansion_currents((-4.0, 5.0), 3.0)) == 0
    # Without a plateau zero itself, where a ratio is not defined, is left out twice.
    assert len(expansion_currents(None, 3.0)) == 78 and not (expansion_currents(None, 3.0) == 0).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: branch_currents((1.0, 2.0), 4.0), "limits"),
        (lambda: branch_currents((-1.0, 5.0), 4.0), "limits"),
        (lambda: branch_currents(None, -1.0), "outer"),
        (lambda: branch_currents(None, 1.0, points=2), "points"),
        (lambda: joined_curve([0.0], None, [-1.0, 1.0], [0.0, 0.0]), "places"),
        (lambda: joined_curve([0.0], None, [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], [0.0]), "places"),
        (lambda: antisymmetric_share(1.0, -1.0), "positive"),
        (lambda: plateau_asymmetry((2.0, 1.0)), "limits"),
        (lambda: expansion_currents(None, 0.0), "end"),
        (lambda: expansion_currents(None, 1.0, points=1), "points"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
