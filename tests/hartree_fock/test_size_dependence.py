"""Boxes of several sizes: what the images do, and what is left."""

import numpy as np
import pytest

from ehbilayer.hartree_fock.size_dependence import size_series
from ehbilayer.model.coulomb import madelung_potential
from ehbilayer.model.lattice import Box


@pytest.fixture(scope="module")
def series():
    return size_series([6, 4, 6], r_s=7.0, cutoff=1.5)


def test_the_two_conventions_differ_by_the_images(series):
    assert series.settled and [state.pairs for state in series.dropped] == [16, 36]
    for n, raw, corrected in zip((4, 6), series.dropped, series.madelung, strict=True):
        image = madelung_potential(Box.triangular(n, n)) / 7.0
        assert raw.energy_per_pair - corrected.energy_per_pair == pytest.approx(image, rel=1e-9)
        assert corrected.gap_indirect - raw.gap_indirect == pytest.approx(image / raw.fermi_energy, rel=1e-6)


def test_limit_is_mean_and_half_spread(series):
    gaps = [state.gap_indirect for state in series.madelung]
    mean, error = series.limit("gap_indirect")
    assert mean == pytest.approx(np.mean(gaps)) and error == pytest.approx(abs(gaps[0] - gaps[1]) / 2)
    assert error < abs(series.dropped[0].gap_indirect - series.dropped[1].gap_indirect)
    assert series.limit("gap_indirect", least=20) == (gaps[1], 0.0)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda s: s.limit("gap_indirect", least=1000), "least = 1000"),
        (lambda s: s.limit("no such"), "quantity = 'no such'"),
        (lambda s: size_series([]), "meshes"),
        (lambda s: size_series([4.5]), "meshes"),
        (lambda s: size_series([1]), "meshes"),
    ],
)
def test_bad_arguments_are_named(series, call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call(series)
