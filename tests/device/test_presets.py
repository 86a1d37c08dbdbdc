import pytest

from ehbilayer.device import PRESETS, Bilayer, Device, device_bilayer
from tools import refresh


def test_paper_b_has_the_parameters_of_the_device_page():
    cells = refresh.nbformat.read(refresh.find("32-one-device")[0], as_version=4).cells
    parameters = {}
    exec(next(cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])), parameters)
    del parameters["__builtins__"]
    assert parameters == Device().parameters
    assert PRESETS["paper-b"].bilayer == device_bilayer(Device(**parameters), T=5.0)


def test_paper_b_keeps_its_numbers():
    assert PRESETS["paper-b"].bilayer == Bilayer(
        m_e=0.2, m_h=0.2, eps_r=5.0, d=20.0, density=4.177e11, lam=36.0, J=5.0, B=10.0, T=5.0, tau=1000.0, T_c=10.0
    )


def test_bilayer_has_the_parameters_of_its_device():
    device = Device(T_c=7.0, mass=0.3, E_F=12.0, lam=20.0, J=8.0, B=-3.0, d=15.0, eps_r=4.0, tau_2=2e-11, width=3.0)
    bilayer = device_bilayer(device, T=2.5)
    assert (bilayer.m_e, bilayer.m_h, bilayer.zeeman, bilayer.T) == (0.3, 0.3, (8.0, -3.0), 2.5)
    assert bilayer.relaxation_time == pytest.approx(2e-11, rel=1e-12)
    for name in ("T_c", "lam", "d", "eps_r", "width"):
        assert getattr(bilayer, name) == getattr(device, name)
    # At T_c the parabola of the holes holds this density up to four digits: k_F of 12 meV, nearly degenerate.
    assert bilayer.density == pytest.approx(1e14 * 0.3 * 12.0 / (2 * 3.14159265 * 76.19964), rel=1e-3)


@pytest.mark.parametrize(
    ("device", "T", "error", "name"),
    [
        (None, 5.0, TypeError, "device"),
        (Device(), 0.0, ValueError, "T = 0"),
        (Device(eps_r=0.5), 5.0, ValueError, "eps_r"),
    ],
)
def test_bad_input(device, T, error, name):
    with pytest.raises(error, match=name):
        device_bilayer(device, T=T)
