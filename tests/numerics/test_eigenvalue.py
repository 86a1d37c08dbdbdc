"""The largest eigenvalue against matrices whose spectrum is known."""

import numpy as np
import pytest

from ehbilayer.numerics.eigenvalue import largest_eigenvalue


@pytest.mark.parametrize("n", [5, 60])
def test_of_a_symmetric_matrix_by_either_way(n):
    rng = np.random.default_rng(n)
    basis = np.linalg.qr(rng.normal(size=(n, n)))[0]
    # The negative one is larger in size.
    spectrum = np.linspace(-7.0, 2.5, n)
    matrix = basis @ np.diag(spectrum) @ basis.T
    matrix = (matrix + matrix.T) / 2
    assert largest_eigenvalue(matrix, symmetric=True) == pytest.approx(2.5, rel=1e-12)
    assert largest_eigenvalue(matrix) == pytest.approx(2.5, rel=1e-12)


def test_weights_on_both_sides_change_no_eigenvalue():
    rng = np.random.default_rng(1)
    kernel, weights = rng.uniform(size=(50, 50)), rng.uniform(size=50)
    kernel = kernel + kernel.T
    roots = np.sqrt(weights)
    symmetric = largest_eigenvalue(roots[:, None] * kernel * roots, symmetric=True)
    assert symmetric == pytest.approx(largest_eigenvalue(kernel * weights), rel=1e-12)


def test_complex_pairs_do_not_count():
    matrix = np.diag([0.0, 0.0, 1.5])
    matrix[:2, :2] = [[3.0, 2.0], [-2.0, 3.0]]
    assert largest_eigenvalue(matrix) == pytest.approx(1.5)
    with pytest.raises(ValueError, match="real eigenvalue"):
        largest_eigenvalue(matrix[:2, :2])
    assert largest_eigenvalue(np.zeros((2, 2))) == 0.0
