"""Numbers of the audit: what a lattice misses of a Fermi edge, inverse bounds, errors of coarse grids, signs."""

import math

import numpy as np
import pytest
from scipy import integrate

from ehbilayer.diode.audit import fermi_energies_for, largest_error, lattice_error, sign_changes
from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.coarse import coarse_diode
from ehbilayer.diode.figures_of_merit import landau_bounds
from ehbilayer.diode.nonreciprocity import diode

P2 = dict(E_F=11.6, lam=1.0, J=14.808, convention="literal")


def occupation(k, E_F, T):
    return 1 / (1 + math.exp(min((k * k / 2 - E_F) / T, 700.0)))


@pytest.mark.parametrize("cells", [20.25, 24.25, 30.25])
def test_sum_over_a_line_of_points_misses_so_much(cells):
    """Poisson: the first harmonic of an edge is 4 pi T/v_F sin(2 pi k_F/h)/sinh(2 pi^2 T/v_F h), here at sin = 1."""
    E_F, T = 200.0, 4.0
    h = math.sqrt(2 * E_F) / cells
    found = h * sum(occupation(h * n, E_F, T) for n in range(-200, 201))
    exact = 2 * integrate.quad(occupation, 0, 40, args=(E_F, T), epsabs=1e-12, limit=400)[0]
    v_F = math.sqrt(2 * E_F)
    assert (found - exact) / (8 * math.pi * T / v_F) == pytest.approx(lattice_error(E_F, T, h), rel=0.05)


def test_bounds_reach_the_current_at_the_energies_that_are_asked_for():
    for place, energy in enumerate(fermi_energies_for(2.0, 1.5)):
        bands = isolated_bands(E_F=energy, lam=0.0, J=2 * energy, B=0.0)
        assert landau_bounds(bands, 1.5)[place] == pytest.approx(2.0, rel=1e-12)


def test_largest_error_is_one_of_those_of_the_fields():
    fields = [2.0, 5.0]
    errors = [
        coarse_diode(**P2, B=B, T=0.9, k_step=1.0).efficiency - diode(**P2, B=B, T=0.9).efficiency for B in fields
    ]
    assert largest_error(fields, T=0.9, k_step=1.0, **P2) == pytest.approx(max(map(abs, errors)), rel=1e-12)
    assert largest_error(3.0, T=0.9, **P2) < 1e-10
    assert math.isnan(largest_error([3.0], T=1.1, k_step=1.0, **P2))


def test_signs_are_counted_over_gaps_and_zeros():
    x = np.linspace(0.1, 10.1, 400)
    assert sign_changes(np.sin(x)) == 3
    assert sign_changes([1.0, None, -1.0]) == 1
    assert sign_changes([1.0, -1e-10, 1.0]) == 0
    assert sign_changes([1.0, -1e-10, 1.0], smallest=1e-12) == 2
    assert sign_changes([]) == 0


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: lattice_error(0.0, 0.9, 0.5), "^E_F = 0.0"),
        (lambda: fermi_energies_for(1.0, -1.0), "^delta = -1.0"),
        (lambda: sign_changes([1.0], smallest=-1.0), "^smallest = -1.0"),
        (lambda: largest_error([3.0], T=0.9, k_step=-1.0, **P2), "^k_step = -1.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
