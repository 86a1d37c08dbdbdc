"""Bands of the spin-orbit-coupled bilayer: eigenvalues, contours, densities, the one-band check, bad input."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize

from ehbilayer.diode.band_sums import band_sums
from ehbilayer.diode.bands import Bands, density, isolated_bands, pressure
from ehbilayer.diode.fermi_contour import FermiContour, fermi_contour
from ehbilayer.diode.single_band import four_bands, single_band_check

P2 = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
STRONG = isolated_bands(E_F=11.6, lam=2.0, J=6.0, B=12.0)


@pytest.mark.parametrize("k", [(0.3, -1.2), (-2.0, 0.0), (0.0, 0.0)])
def test_four_bands_are_the_eigenvalues_of_si_eqs_1_and_2(k):
    lam, B, J, gap = 1.3, -2.0, 0.7, 5.0
    x, y, z = (np.array(m) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]))
    kinetic = (k[0] ** 2 + k[1] ** 2) / 2 * np.eye(2)
    conduction = gap / 2 * np.eye(2) + kinetic + lam * (k[0] * y - k[1] * x) + B * y + J * z
    valence = -gap / 2 * np.eye(2) - kinetic + B * y + J * z
    expected = [*np.linalg.eigvalsh(conduction)[::-1], *np.linalg.eigvalsh(valence)[::-1]]
    np.testing.assert_allclose(four_bands(*k, lam=lam, B=B, J=J, gap=gap), expected, atol=1e-13)


def test_the_isolated_band_is_the_lower_conduction_band():
    energy = four_bands(0.4, -0.3, lam=1.0, B=3.0, J=14.808)
    assert float(P2.electron(0.4, -0.3)) == pytest.approx(energy[1] - P2.mu_e, rel=1e-14)
    # The holes' energy counts downwards from the upper valence band.
    assert float(P2.hole(0.4, -0.3)) == pytest.approx(-energy[2] - P2.mu_h, rel=1e-14)


def test_holes_keep_the_zeeman_shift_that_the_si_drops():
    assert float(P2.hole(0.0, 0.0)) == pytest.approx(-11.6 + 14.808 - math.hypot(3.0, 14.808), rel=1e-14)
    assert float(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0).hole(0.0, 0.0)) == pytest.approx(-11.6, rel=1e-14)


@pytest.mark.parametrize("bands", [P2, STRONG])
@pytest.mark.parametrize("layer", ["e", "h"])
def test_contours_are_zeros_of_the_energy(bands, layer):
    contour = fermi_contour(bands, layer, points=64)
    energy = bands.electron if layer == "e" else bands.hole
    k = contour.radius * np.array([np.cos(contour.angles), np.sin(contour.angles)])
    np.testing.assert_allclose(energy(*k), 0, atol=1e-11)
    assert contour.simple
    for index in (0, 9, 32):
        c, s = math.cos(contour.angles[index]), math.sin(contour.angles[index])
        found = optimize.brentq(lambda r, c=c, s=s: float(energy(r * c, r * s)), 1.0, 30.0)
        assert contour.radius[index] == pytest.approx(found, rel=1e-10)
    assert (abs(contour.harmonic(1)) > 0.1) == (layer == "e")


def test_a_shifted_circle_is_not_distorted():
    angles = 2 * np.pi * np.arange(128) / 128
    circle = FermiContour(angles, 1.9 * np.cos(angles) + np.sqrt(5.0**2 - (1.9 * np.sin(angles)) ** 2), True)
    assert [circle.harmonic(n) for n in (1, 2, 3, 4)] == pytest.approx([1.9, 0, 0, 0], abs=1e-12)
    # A splitting that is large leaves of the root a parabola about another momentum, up to its third power.
    far, farther = (fermi_contour(isolated_bands(E_F=11.6, lam=1.0, J=J, B=3.0), "e") for J in (200.0, 400.0))
    assert far.harmonic(1) == pytest.approx(3.0 / 199.0, rel=1e-3)
    assert far.harmonic(2) / farther.harmonic(2) == pytest.approx(8.0, rel=0.03) and abs(far.harmonic(2)) > 1e-7


def test_contours_shift_with_the_field_and_mirror_with_it():
    other = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=-3.0, convention="literal")
    shift = fermi_contour(P2, "e").harmonic(1)
    assert shift == pytest.approx(-fermi_contour(other, "e").harmonic(1), rel=1e-10)
    assert fermi_contour(isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=0.0), "e").harmonic(1) == pytest.approx(
        0, abs=1e-12
    )
    # To first order the energy changes by lam B k cos(phi)/root, the velocity is k (1 - lam^2/root).
    root = math.sqrt(25 + 9 + 14.808**2)
    assert shift == pytest.approx(3.0 / root / (1 - 1 / root), rel=0.01)


def test_missing_and_ring_shaped_contours_are_reported():
    assert fermi_contour(Bands(lam_e=0.0, lam_h=0.0, B=0.0, J=1.0, mu_e=-2.0, mu_h=1.0), "e") is None
    ring = Bands(lam_e=3.0, lam_h=0.0, B=0.0, J=0.5, mu_e=-2.0, mu_h=2.0)
    contour = fermi_contour(ring, "e")
    assert contour is not None and not contour.simple
    assert float(ring.electron(0.0, 0.0)) > 0


@pytest.mark.parametrize("T", [0.05, 1.0, 3.0])
def test_density_of_a_parabola(T):
    bands = Bands(lam_e=0.0, lam_h=0.0, B=1.0, J=2.0, mu_e=3.0, mu_h=3.0)
    edge = 3.0 + math.hypot(1.0, 2.0)
    assert density(bands, "e", T) == pytest.approx(T * np.logaddexp(0.0, edge / T) / (2 * np.pi), rel=1e-12)


@pytest.mark.parametrize("bands", [P2, STRONG])
def test_density_against_cartesian_quadrature(bands):
    def fermi(y, x):
        return 1 / (1 + math.exp(min(float(bands.electron(x, y)), 600.0)))

    value, _error = integrate.dblquad(fermi, -14, 14, 0, 14, epsabs=1e-6)
    assert density(bands, "e") == pytest.approx(2 * value / (2 * np.pi) ** 2, abs=1e-6)


@pytest.mark.parametrize("B", [-12.0, 0.0, 3.0, 12.0])
@pytest.mark.parametrize("lam, J", [(0.0, 14.808), (1.0, 14.808), (2.0, 6.0), (3.0, 0.5)])
def test_balance(B, lam, J):
    bands = isolated_bands(E_F=11.6, lam=lam, J=J, B=B)
    assert density(bands, "e") == pytest.approx(density(bands, "h"), rel=1e-12)
    assert density(bands, "h") == pytest.approx(np.logaddexp(0.0, 11.6) / (2 * np.pi), rel=1e-12)


def test_density_is_the_derivative_of_the_pressure():
    for layer, name in (("e", "mu_e"), ("h", "mu_h")):
        for T in (0.05, 1.0):
            h = 1e-3
            high, low = (pressure(replace(STRONG, **{name: getattr(STRONG, name) + s * h}), layer, T) for s in (1, -1))
            assert (high - low) / (2 * h) == pytest.approx(density(STRONG, layer, T), rel=1e-6)


def test_literal_convention_is_not_balanced():
    assert density(P2, "e") / density(P2, "h") == pytest.approx(1.069, abs=1e-3)


@pytest.mark.parametrize("bands", [P2, STRONG, isolated_bands(E_F=11.6, lam=1.0, J=0.05, B=1.0)])
def test_density_quadrature_has_converged(bands):
    for T in (0.05, 1.0):
        fine = band_sums(bands.band("e"), T, order=32).density
        # At J = 0.05 the band has all but a kink.
        assert density(bands, "e", T) == pytest.approx(fine, rel=1e-12 if bands.J > 1 else 1e-6)


def test_single_band_check():
    assert single_band_check(P2).ok and single_band_check(P2).message == ""
    low = single_band_check(isolated_bands(E_F=11.6, lam=1.0, J=2.0, B=1.0))
    assert not low.ok and "electrons" in low.message and "holes" in low.message
    # Without spin-orbit coupling the second band is a parabola 2 sqrt(B^2 + J^2) higher.
    check = single_band_check(isolated_bands(E_F=5.0, lam=0.0, J=4.0, B=3.0))
    assert check.hole_margin == pytest.approx(2 * 5.0 - 5.0) and check.electron_margin == pytest.approx(5.0, rel=1e-6)
    assert check.hole_fraction == pytest.approx(math.log1p(math.exp(-5.0)) / np.logaddexp(0, 5.0), rel=1e-9)


def test_si_window_for_the_holes_names_the_other_band():
    # With mu inside (-sqrt, +sqrt) of the valence edge the upper band holds holes, the lower one is full.
    energy = four_bands(np.linspace(0, 8, 200), 0.0, lam=1.0, B=3.0, J=14.808)
    mu = -3.208
    assert (energy[2] - mu).max() > 0 > (energy[2] - mu).min()
    assert (energy[3] - mu).max() < 0


# Larger ones are the same sums with more nodes, as the example shows.
finite = st.floats(-6, 6)


@settings(max_examples=15, deadline=None)
@example(E_F=30.0, lam=20.0, J=-20.0, B=20.0)
@given(E_F=st.floats(0.5, 12), lam=finite.filter(lambda x: x == 0 or abs(x) > 1e-3), J=finite, B=finite)
def test_valid_input_gives_finite_bands(E_F, lam, J, B):
    bands = isolated_bands(E_F=E_F, lam=lam, J=J, B=B)
    assert math.isfinite(bands.mu_e)
    assert density(bands, "e") == pytest.approx(density(bands, "h"), rel=1e-6)
    mirrored = isolated_bands(E_F=E_F, lam=-lam, J=-J, B=B)
    assert mirrored.mu_e == pytest.approx(bands.mu_e, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"E_F": 0.0}, ValueError, "^E_F = 0.0 is not allowed"),
        ({"E_F": -1.0}, ValueError, "^E_F = "),
        ({"lam": math.nan}, ValueError, "^lam = nan"),
        ({"B": "3"}, TypeError, "^B = '3'"),
        ({"J": math.inf}, ValueError, "^J = inf"),
        ({"convention": "other"}, ValueError, "^convention = 'other'"),
        ({"lam_h": 1.0}, ValueError, "^lam_h = 1.0"),
    ],
)
def test_bad_input_is_named(change, error, message):
    with pytest.raises(error, match=message):
        isolated_bands(**{"E_F": 11.6, "lam": 1.0, "J": 14.808, "B": 3.0, **change})


def test_bad_layer_and_temperature():
    with pytest.raises(ValueError, match="^layer = 'x'"):
        density(P2, "x")
    with pytest.raises(ValueError, match="^T = 0.0"):
        density(P2, "e", 0.0)
    # Colder than seconds resolve: refused, not run for minutes.
    with pytest.raises(ValueError, match="^T = 1e-06 is not allowed: need T of about"):
        density(P2, "e", 1e-6)
    assert density(P2, "e", 1e-3) == pytest.approx(density(P2, "e", 1e-2), rel=1e-5)
