"""The Rashba-Zeeman band against the Hamiltonian that it diagonalises, and its derivatives against differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehbilayer.model.rashba import dispersion, energy, gradient, overlap, spin, splitting, third_derivative

numbers = st.floats(-3, 3)
vectors = st.tuples(numbers, numbers)
fields = st.tuples(st.floats(-2, 2), st.floats(-5, 5), st.floats(0.3, 5))

SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def hamiltonian(k, curvature, lam, B, J):
    """A spin in the field (B + lam k_x, lam k_y, J), in the spinor basis in which it points along minus that field."""
    field = np.array([lam * k[0] + B, lam * k[1], J])
    return 0.5 * curvature * (k[0] ** 2 + k[1] ** 2) * np.eye(2) - np.einsum("a,aij->ij", field, SIGMA)


@given(vectors, fields, st.floats(0.1, 4))
def test_energies_are_eigenvalues(k, values, curvature):
    lower, upper = np.linalg.eigvalsh(hamiltonian(k, curvature, *values))
    assert dispersion(*k, curvature, *values)[0] == pytest.approx(lower, abs=1e-12)
    assert energy(*k, curvature, *values) == pytest.approx(lower, abs=1e-12)
    assert splitting(*k, *values) == pytest.approx((upper - lower) / 2, abs=1e-12)


@given(vectors, vectors, fields)
def test_the_overlap_is_that_of_the_lower_eigenvectors(k, p, values):
    left, right = (np.linalg.eigh(hamiltonian(vector, 1.0, *values))[1][:, 0] for vector in (k, p))
    assert overlap(*k, *p, *values) == pytest.approx(abs(np.vdot(left, right)) ** 2, abs=1e-12)


@given(vectors, fields)
def test_each_derivative_is_the_difference_of_the_one_before(k, values):
    step = 1e-4
    right, left = (dispersion(k[0] + shift, k[1], 1.3, *values) for shift in (step, -step))
    _, slope, bend = dispersion(*k, 1.3, *values)
    assert slope == pytest.approx((right[0] - left[0]) / (2 * step), abs=1e-5)
    assert bend == pytest.approx((right[1] - left[1]) / (2 * step), abs=1e-4)
    assert third_derivative(*k, *values) == pytest.approx((right[2] - left[2]) / (2 * step), abs=1e-3)


@given(vectors, fields)
def test_the_gradient_is_that_of_the_energy(k, values):
    step = 1e-4
    for axis in (0, 1):
        right, left = (energy(*(k + shift * np.eye(2)[axis]), 1.3, *values) for shift in (step, -step))
        assert gradient(*k, 1.3, *values)[axis] == pytest.approx((right - left) / (2 * step), abs=1e-5)
    assert gradient(*k, 1.3, *values)[0] == pytest.approx(dispersion(*k, 1.3, *values)[1], abs=1e-13)


def test_where_the_bands_touch_the_parabola_is_left():
    assert dispersion(1.0, 0.0, 2.0, 1.0, -1.0, 0.0) == (1.0, 2.0, 2.0)
    assert gradient(1.0, 0.0, 2.0, 1.0, -1.0, 0.0) == (2.0, 0.0)
    assert overlap(1.0, 0.0, 0.3, 0.2, 1.0, -1.0, 0.0) == 1.0
    assert third_derivative(1.0, 0.0, 1.0, -1.0, 0.0) == 0.0


def test_arrays_give_what_their_elements_give():
    k = np.linspace(-2, 2, 5)
    assert splitting(k, 2 * k, 0.7, 1.0, 0.5) == pytest.approx([splitting(x, 2 * x, 0.7, 1.0, 0.5) for x in k], abs=0)


def test_directions_of_spins_have_the_overlaps_of_the_spinors():
    for first, second in (((0.3, -0.7), (1.1, 0.4)), ((-2.0, 0.0), (0.5, 3.0))):
        n, other = (np.array(spin(*k, 0.8, 1.5, -0.6)) for k in (first, second))
        assert n @ n == pytest.approx(1.0, rel=1e-14)
        assert (1 + n @ other) / 2 == pytest.approx(overlap(*first, *second, 0.8, 1.5, -0.6), rel=1e-13)
    assert spin(1.0, 1.0, 0.0, 0.0, 0.0) == (0.0, 0.0, 1.0)
