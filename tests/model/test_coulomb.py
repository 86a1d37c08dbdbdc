import itertools

import numpy as np
import pytest

from ehbilayer.model.coulomb import ZeroMode, interaction, madelung_potential
from ehbilayer.model.lattice import SQUARE, Box


def test_interaction_decays_with_separation_and_has_no_zero_mode():
    q = np.array([0.0, 0.5, 1.0])
    np.testing.assert_allclose(interaction(q)[1:], 2 * np.pi / q[1:])
    assert interaction(q, 3.0)[0] == 0.0
    np.testing.assert_allclose(interaction(q, 3.0)[1:], interaction(q)[1:] * np.exp(-3.0 * q[1:]))


def test_triangular_madelung_energy():
    # Bonsall and Maradudin's value of the classical two-dimensional Wigner crystal.
    assert -madelung_potential(Box.triangular(1, 1)) / 2 == pytest.approx(-1.1061025867, abs=5e-11)


def test_square_madelung_energy():
    # Bonsall and Maradudin's value, and the sum over the square lattice of unit spacing, 4 zeta(1/2) beta(1/2).
    beta = 4**-0.5 * (zeta_hurwitz(0.5, 0.25) - zeta_hurwitz(0.5, 0.75))
    exact = 4 * zeta_hurwitz(0.5, 1.0) * beta / np.sqrt(np.pi)
    energy = -madelung_potential(Box.repeated(SQUARE, 1, 1)) / 2
    assert energy == pytest.approx(-1.1002441, abs=1e-6)
    assert energy == pytest.approx(exact / 2, rel=1e-9)


def zeta_hurwitz(s, a, terms=200):
    """Hurwitz zeta function by Euler-Maclaurin summation, for 0 < s < 1 too."""
    n = a + terms
    head = np.sum((a + np.arange(terms)) ** -s)
    tail = n ** (1 - s) / (s - 1) + n**-s / 2 + s * n ** (-s - 1) / 12 - s * (s + 1) * (s + 2) * n ** (-s - 3) / 720
    return head + tail


@pytest.mark.parametrize("n", [2, 6, 12])
def test_madelung_scales_with_the_box(n):
    assert madelung_potential(Box.triangular(n, n)) * n == pytest.approx(
        madelung_potential(Box.triangular(1, 1)), rel=1e-12
    )


@pytest.mark.parametrize("box", [Box.rectangular(6, 3), Box.rectangular(1, 3), Box.triangular(3, 1)])
def test_madelung_against_gaussian_cutoff(box):
    # Sum of exp(-R^2/L^2)/R minus its integral, extrapolated in 1/L^2 (the error is a series in it).
    def direct(length):
        reach = 6 * length * np.linalg.norm(box.reciprocal, axis=1) / (2 * np.pi)
        axes = [np.arange(-int(r) - 1, int(r) + 2) for r in reach]
        r = np.linalg.norm(np.stack(np.meshgrid(*axes), -1).reshape(-1, 2) @ box.vectors, axis=1)
        r = r[r > 1e-9]
        return np.sum(np.exp(-((r / length) ** 2)) / r) - np.pi**1.5 * length / box.area

    length = 6 * np.linalg.norm(box.vectors, axis=1).max()
    table = [direct(length * 2**n) for n in range(4)]
    for order in (1, 2, 3):
        table = [(4**order * fine - coarse) / (4**order - 1) for coarse, fine in itertools.pairwise(table)]
    assert table[0] < -0.1
    assert -madelung_potential(box) == pytest.approx(table[0], rel=1e-9)


def test_zero_mode_names():
    assert ZeroMode.parse("madelung") is ZeroMode.MADELUNG
    assert ZeroMode.parse(ZeroMode.DROPPED) is ZeroMode.DROPPED
    with pytest.raises(ValueError, match="zero_mode = 'raw' is not allowed: need one of 'dropped' | 'madelung'"):
        ZeroMode.parse("raw")
    with pytest.raises(TypeError, match="zero_mode"):
        ZeroMode.parse(0)


@pytest.mark.parametrize("q, separation, name", [([-1.0], 0.0, "q"), ([np.nan], 0.0, "q"), ([1.0], -1.0, "separation")])
def test_bad_interaction_arguments(q, separation, name):
    with pytest.raises(ValueError, match=name):
        interaction(q, separation)
