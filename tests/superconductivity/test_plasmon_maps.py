"""Data sets of plasmons: the functions they collect, heavy holes, the loss at its modes, units."""

import numpy as np
import pytest

from ehbilayer.superconductivity.lattice_modes import lattice_longitudinal
from ehbilayer.superconductivity.plasmon import acoustic_velocity, optical_frequency
from ehbilayer.superconductivity.plasmon_maps import acoustic_modes, lattice_ranges, long_waves, loss_maps

BILAYER = dict(r_s=1.6, d=1.0, mass_ratio=10.0)


def test_modes_are_those_of_one_call():
    modes = acoustic_modes([0.0, 0.7], **BILAYER)
    for holes in ("crystal", "liquid"):
        for q in (0.0, 0.7):
            velocity = acoustic_velocity(**BILAYER, q=q, holes=holes)
            one = modes.sel(holes=holes, q=q)
            assert float(one.squared) == pytest.approx(velocity.real**2, rel=1e-12)
            assert float(one.damping) == pytest.approx(-velocity.imag / velocity.real, rel=1e-12)
    assert (modes.damping > 0).all()


def test_long_waves_of_heavy_holes_are_the_capacitor():
    d = np.array([0.0, 0.5, 2.0])
    waves = long_waves(d, r_s=1.2, mass_ratio=1e6)
    np.testing.assert_allclose(waves.squared.sel(holes="crystal"), 1 + 4 * d, rtol=1e-3)
    # A liquid has a pressure of its own: the polarised holes' compressibility, half as large per v_0^2.
    assert (waves.squared.sel(holes="liquid") >= waves.squared.sel(holes="crystal")).all()
    same = acoustic_modes([0.0], r_s=1.2, d=2.0, mass_ratio=1e6).squared.isel(q=0)
    np.testing.assert_allclose(waves.squared.isel(d=2), same, rtol=1e-12)


def test_the_loss_peaks_at_the_plasmons():
    q, omega = np.array([0.3, 1.5]), np.linspace(0.02, 0.9, 2201)
    maps = loss_maps(q, omega, **BILAYER, broadening=1e-3)
    for holes in ("crystal", "liquid"):
        line = maps.loss.sel(holes=holes, q=0.3)
        optical = float(maps.optical.sel(holes=holes, q=0.3))
        assert optical == pytest.approx(optical_frequency(**BILAYER, q=0.3, holes=holes), rel=1e-12)
        assert float(omega[line.values.argmax()]) == pytest.approx(optical, abs=2e-3)
        acoustic = float(maps.acoustic.sel(holes=holes, q=0.3))
        low = line.where(maps.omega < 0.5 * optical, drop=True)
        assert float(low.omega[low.values.argmax()]) == pytest.approx(acoustic, rel=0.03)
    assert np.isnan(maps.acoustic.sel(q=1.5)).all() and np.isnan(maps.optical.sel(q=1.5)).all()


def test_ranges_hold_the_directions():
    values = lattice_longitudinal([0.5, 2.0], r_s=1.6, d=0.7)
    ranges = lattice_ranges([0.5, 2.0], [0.7, 1.0], r_s=1.6).sel(d=0.7)
    np.testing.assert_allclose(ranges["mean"], values.mean(axis=1))
    assert (ranges["lowest"] < ranges["mean"]).all() and (ranges["mean"] < ranges["highest"]).all()


def test_everything_has_a_unit():
    sets = [
        acoustic_modes([0.1], **BILAYER),
        long_waves([1.0], r_s=1.6, mass_ratio=10.0),
        loss_maps([0.1], [0.1], **BILAYER, broadening=1e-3),
        lattice_ranges([1.0], [1.0], r_s=1.6),
    ]
    for found in sets:
        assert all(found[name].attrs["units"] for name in found.variables if name != "holes")


def test_bad_input_is_named():
    for call, name in (
        (lambda: acoustic_modes([-1.0], **BILAYER), "q"),
        (lambda: long_waves([-1.0], r_s=1.6, mass_ratio=10.0), "d"),
        (lambda: loss_maps([0.0], [0.1], **BILAYER, broadening=1e-3), "q"),
        (lambda: lattice_ranges([1.0], [0.0], r_s=1.6), "distances"),
    ):
        with pytest.raises(ValueError, match=f"^{name}"):
            call()
