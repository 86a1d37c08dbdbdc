import pytest

from ehbilayer.drag.gallium_arsenide import double_layer


@pytest.mark.slow
def test_published_statements():
    """Flensberg and Hu: upturn near 0.2 T_F, maximum of rho/T^2 near 0.5, and where velocities match; Jauho and Smith:
    the temperature of the maximum with static screening falls as the power 0.8 of the spacing; Kellogg et al.: dilute
    layers drag more than the random-phase approximation says, the more the fewer carriers."""
    found = double_layer()
    assert found.lowest in (0.1, 0.15) and 0.4 <= found.summit <= 0.7 and found.matched == pytest.approx(1.0)
    assert found.exponent == pytest.approx(0.8, abs=0.1)
    assert 1.5 < found.gains[0] < found.gains[1]
    static, dynamic = found.over_T2["static-rpa"], found.over_T2["dynamic-rpa"]
    assert dynamic.max() > 2 * static.max()
