import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients
from ehbilayer.drag.maps import drag_column, drag_map, local_exponent

RASHBA = {"lam": 50.0, "J": 10.0, "B": 2.585}


@pytest.mark.parametrize("kind", ["none", "thomas-fermi", "static-rpa", "dynamic-rpa"])
def test_parabolic_map_is_made_of_single_points(kind):
    ds = drag_map(T=[5, 20], E_F=[4, 12], d=[8, 25], eps_r=[3, 9], tau_2=[1e-11, 1e-9], m_h=0.35, screening=kind)
    assert ds.zeta.dims == ("T", "E_F", "d", "eps_r", "tau_2") and ds.tau_D1.dims == ds.zeta.dims[:-1]
    for place in ({"T": 5, "E_F": 12, "d": 25, "eps_r": 3}, {"T": 20, "E_F": 4, "d": 8, "eps_r": 9}):
        point = ds.sel(place)
        E_F = place.pop("E_F")
        c = drag_coefficients(**place, E_F_e=E_F, E_F_h=E_F, m_h=0.35, lam=0, screening=kind)
        for name, value in {
            "tau_D1": c.tau_D1,
            "tau_D2": c.tau_D2,
            "rho_D": c.resistivity,
            "law": c.low_temperature_law,
        }.items():
            assert point[name].item() == pytest.approx(value, rel=3e-6)
        for tau in (1e-11, 1e-9):
            assert point.zeta.sel(tau_2=tau).item() == pytest.approx(c.drag_ratio(tau), rel=3e-6)
        assert point.density_e.item() == pytest.approx(c.density_e)


def test_rashba_map_is_made_of_single_points():
    ds = drag_map(
        T=[15, 30],
        E_F=10,
        d=[10, 40],
        eps_r=[3, 9],
        screening="static-rpa",
        ansatz="relaxation-time",
        overlap=True,
        **RASHBA,
    )
    assert "law" not in ds and ds.K11.dims == ("T", "d", "eps_r")
    for T, d, eps_r in ((15, 10, 9), (30, 40, 3)):
        point = ds.sel(T=T, d=d, eps_r=eps_r)
        c = drag_coefficients(
            T=T, d=d, eps_r=eps_r, screening="static-rpa", ansatz="relaxation-time", overlap=True, order=12, **RASHBA
        )
        for name, value in {
            "tau_D1": c.tau_D1,
            "K11": c.K11,
            "nonreciprocity": c.nonreciprocity(1e-9),
            "mass_e": c.mass_e,
        }.items():
            assert point[name].item() == pytest.approx(value, rel=2e-5)


def test_rashba_map_with_dynamic_screening():
    ds = drag_map(T=15, E_F=10, d=[20], screening="dynamic-rpa", order=5, angles=4, **RASHBA)
    c = drag_coefficients(T=15, d=20, screening="dynamic-rpa", order=5, angles=4, **RASHBA, estimate_error=False)
    assert ds.tau_D1.item() == pytest.approx(c.tau_D1, rel=1e-12)


@pytest.mark.parametrize(
    "options", [{}, {"screening": "dynamic-rpa", "d": [5, 30]}, {**RASHBA, "order": 10, "angles": 4, "T": [10, 40]}]
)
def test_error_estimate_bounds_the_change_from_a_finer_grid(options):
    options = {"T": [2, 40], "d": [5, 20, 45], "E_F": 8.0} | options
    ds = drag_map(**options)
    fine = drag_map(**options | {"order": 16, "angles": 6})
    change = np.abs(ds.tau_D1 / fine.tau_D1 - 1)
    assert (change <= ds.error + 2e-6).all()
    assert float(ds.error.max()) < 5e-3


def test_density_axis():
    for options in ({"m_h": 0.4}, {**RASHBA, "m_h": 0.4, "order": 6, "angles": 4}):
        ds = drag_map(T=[10, 30], d=20, density=[3e11, 8e11], **options)
        for name in ("density_e", "density_h"):
            np.testing.assert_allclose(ds[name], np.broadcast_to(ds.density, (2, 2)), rtol=1e-9)
        point = ds.sel(T=30, density=3e11)
        c = drag_coefficients(T=30, d=20, E_F_e=point.E_F_e.item(), E_F_h=point.E_F_h.item(), **{"lam": 0.0} | options)
        assert c.tau_D1 == pytest.approx(point.tau_D1.item(), rel=1e-4)
    assert (
        pytest.approx(0.5, rel=1e-10) == ParabolicLayer.from_density(0.2, ParabolicLayer(0.2, 0.5, 30).density, 30).E_F
    )
    layer = RashbaLayer(0.2, 0.5, 30, **RASHBA)
    assert pytest.approx(0.5, rel=1e-8) == RashbaLayer.from_density(0.2, layer.density, 30, **RASHBA).E_F


@pytest.mark.parametrize("filling", [{"E_F": [6, 10]}, {"density": [3e11, 5e11]}])
def test_imbalance_axis(filling):
    ds = drag_map(T=10, d=20, imbalance=[0.5, 1, 2], m_h=0.4, screening="static-rpa", **filling)
    name, values = next(iter(filling.items()))
    assert ds.zeta.dims == (name, "imbalance")
    np.testing.assert_allclose(ds[f"{name}_h"] / ds[f"{name}_e"], np.broadcast_to(ds.imbalance, (2, 3)), rtol=1e-9)
    point = ds.sel({name: values[0], "imbalance": 2})
    levels = {"E_F_e": point.E_F_e.item(), "E_F_h": point.E_F_h.item()}
    c = drag_coefficients(lam=0, T=10, d=20, m_h=0.4, screening="static-rpa", **levels)
    assert point.zeta.item() == pytest.approx(c.drag_ratio(1e-9), rel=1e-9)
    # Onsager: the resistivity does not care which of two layers drives.
    mirrored = drag_coefficients(
        lam=0, T=10, d=20, m_e=0.4, m_h=0.2, E_F_e=levels["E_F_h"], E_F_h=levels["E_F_e"], screening="static-rpa"
    )
    assert point.rho_D.item() == pytest.approx(mirrored.resistivity, rel=1e-9)


def test_numbers_become_scalar_coordinates_and_units_are_stated():
    ds = drag_map(T=10, d=[10.0, 20.0], E_F=10)
    assert ds.sizes == {"d": 2} and ds["T"].item() == 10 and ds.tau_2.item() == 1e-9
    assert all(ds[name].attrs["units"] for name in (*ds.data_vars, *ds.coords))
    assert drag_map(T=[10], d=20, E_F=10).sizes == {"T": 1}


def test_same_result_from_worker_processes_and_store(tmp_path):
    options = {"T": [10.0, 20.0], "d": [20.0], "E_F": [5.0, 10.0]}
    serial = drag_map(**options)
    for _ in range(2):
        xr.testing.assert_identical(serial, drag_map(**options, executor="processes", store=tmp_path / "store"))


def test_laws_hold_in_their_corner_only():
    corner = drag_map(T=[0.002, 0.003], d=[900, 1000, 1100], E_F=10, eps_r=0.2, order=12)
    np.testing.assert_allclose(corner.rho_D / corner.law, 1, atol=1e-3)
    assert local_exponent(corner.rho_D.isel(T=0), "d", 1000).item() == pytest.approx(-4, abs=3e-3)
    assert local_exponent(corner.rho_D.sel(d=1000), "T", 0.0025).item() == pytest.approx(2, abs=3e-3)
    point = drag_map(T=[9.5, 10, 10.5], d=[19.5, 20, 20.5], E_F=10)
    assert local_exponent(point.rho_D.sel(d=20), "T", 10).item() == pytest.approx(2.14, abs=0.01)
    assert local_exponent(point.rho_D.sel(T=10), "d", 20).item() == pytest.approx(-3.56, abs=0.01)


def test_exponent_of_a_power_is_exact():
    x = np.geomspace(0.1, 30, 7)
    y = xr.DataArray(3 * x[:, None] ** [1.5, -2.0], dims=("x", "n"), coords={"x": x})
    np.testing.assert_allclose(local_exponent(y, "x"), np.broadcast_to([1.5, -2.0], (7, 2)), atol=1e-12)
    np.testing.assert_allclose(local_exponent(y, "x", 0.7), [1.5, -2.0], atol=1e-12)
    with pytest.raises(ValueError, match="at = 40"):
        local_exponent(y, "x", 40)
    with pytest.raises(ValueError, match="x = 'z'"):
        local_exponent(y, "z")


@pytest.mark.parametrize(
    ("kw", "error", "message"),
    [
        ({"E_F": None}, ValueError, "just one of them"),
        ({"density": 4e11}, ValueError, "just one of them"),
        ({"T": [10, 0]}, ValueError, "T = 0"),
        ({"T": [[10]]}, ValueError, "T is not allowed"),
        ({"d": [20, -1]}, ValueError, "d = -1"),
        ({"E_F": [1, np.nan]}, ValueError, "E_F"),
        ({"eps_r": [0.0, 5]}, ValueError, "eps_r = 0.0"),
        ({"tau_2": -1}, ValueError, "tau_2 = -1"),
        ({"screening": "rpa"}, ValueError, "screening = 'rpa'"),
        ({"ansatz": "drift"}, ValueError, "ansatz = 'drift'"),
        ({"order": 2}, ValueError, "order = 2"),
        ({"angles": 4.0}, TypeError, "angles = 4.0"),
        ({"lam": "50"}, TypeError, "lam = '50'"),
        ({"E_F": None, "density": [4e11, 1e6]}, ValueError, "need more than .* at T = 10 K"),
        ({"E_F": None, "density": 1e6, **RASHBA}, ValueError, "need more than .* at T = 10 K"),
        ({"T": []}, ValueError, "T"),
        ({"T": 0.01, **RASHBA}, ValueError, "T = 0.01 is not allowed: the electrons' grid"),
    ],
)
def test_bad_input(kw, error, message):
    with pytest.raises(error, match=message):
        drag_map(**{"T": 10, "d": 20, "E_F": 10} | kw)


@settings(max_examples=20, deadline=None)
@given(
    T=st.floats(1, 60),
    E_F=st.floats(0.5, 30),
    d=st.floats(1, 60),
    eps_r=st.floats(1, 20),
    kind=st.sampled_from(["none", "thomas-fermi", "static-rpa"]),
)
def test_monotonic_in_what_must_be(T, E_F, d, eps_r, kind):
    """Drag weakens with the spacing, and the ratio grows with the relaxation time, towards but not beyond its limit."""
    column = drag_column(T=T, E_F=E_F, d=[d, 1.3 * d], eps_r=[eps_r], tau_2=[1e-12, 1e-9, 1e-3], screening=kind)
    assert 0 < column["tau_D1"][0, 0] < column["tau_D1"][1, 0] < np.inf
    zeta = column["zeta"][0, 0]
    assert (np.diff(zeta) < 0).all() and zeta[2] > -1 and zeta[0] < 0
