import pytest

from ehbilayer.superconductivity.fermi_average import fermi_average
from ehbilayer.superconductivity.pairing import coulomb_strength, pairing_strength


@pytest.mark.parametrize(("r_s", "alpha", "d"), [(1.6, 0.3, 1.0), (0.4, 0.9, 0.0), (3.0, 0.5, 0.2)])
def test_the_double_average_converges_to_equation_four(r_s, alpha, d):
    exact = pairing_strength(r_s, alpha, d / r_s)
    off = [abs(fermi_average(r_s, alpha, d, points) - exact) for points in (100, 400, 1600)]
    assert off[1] < 1e-4 and off[2] < 1e-5
    assert off[2] < off[0] / 20


def test_the_attraction_goes_with_the_plasmon():
    assert fermi_average(1.6, 1e6, 1.0, 1600) == pytest.approx(coulomb_strength(1.6), abs=1e-6)


@pytest.mark.parametrize("bad", [{"r_s": 0.0}, {"alpha": -1.0}, {"d": -0.1}, {"points": 4}])
def test_what_is_refused(bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))} = "):
        fermi_average(**{"r_s": 1.6, "alpha": 0.3, "d": 1.0} | bad)
