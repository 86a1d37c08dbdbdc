import numpy as np
import pytest

from ehbilayer.numerics.diis import Extrapolation
from ehbilayer.numerics.minimise import minimise


def trace_problem(n, seed):
    a = np.random.default_rng(seed).standard_normal((n, n))
    matrix = a + a.T + np.diag(np.arange(n))

    def function(points):
        (x,) = points
        return float(np.trace(x.T @ matrix @ x)), [2 * matrix @ x], None

    return matrix, function


def identity(vectors, points):
    return vectors


def norm(gradients):
    return float(np.linalg.norm(gradients[0]))


@pytest.mark.parametrize("seed", range(3))
def test_lowest_eigenspace(seed):
    matrix, function = trace_problem(40, seed)
    start = [np.random.default_rng(seed + 10).standard_normal((40, 5))]
    result = minimise(function, start, identity, norm, tolerance=1e-7, max_iterations=500)
    assert result.converged
    assert result.value == pytest.approx(np.linalg.eigvalsh(matrix)[:5].sum(), abs=1e-10)
    np.testing.assert_allclose(result.points[0].T @ result.points[0], np.eye(5), atol=1e-12)


def test_value_does_not_depend_on_the_basis_of_the_start():
    _, function = trace_problem(30, 0)
    rng = np.random.default_rng(5)
    start, rotation = rng.standard_normal((30, 4)), np.linalg.qr(rng.standard_normal((4, 4)))[0]
    one = minimise(function, [np.linalg.qr(start)[0]], identity, norm, tolerance=1e-9, max_iterations=7)
    two = minimise(function, [np.linalg.qr(start)[0] @ rotation], identity, norm, tolerance=1e-9, max_iterations=7)
    assert one.value == pytest.approx(two.value, rel=1e-12)
    assert not one.converged and one.iterations == 7


def test_diis_solves_a_linear_problem_in_as_many_steps_as_unknowns():
    rng = np.random.default_rng(2)
    matrix, right = np.eye(4) * 3 + 0.5 * rng.standard_normal((4, 4)), rng.standard_normal(4)
    x, history = np.zeros(4), Extrapolation(depth=8)
    for _ in range(8):
        error = right - matrix @ x
        if np.linalg.norm(error) < 1e-12:
            break
        x = history.push([x + error], [error])[0]
    assert np.linalg.norm(right - matrix @ x) < 1e-8
    assert np.linalg.norm(x) > 0.1


def test_diis_forgets_all_but_the_last_iterations():
    rng = np.random.default_rng(3)
    pushed = [(rng.standard_normal((2, 3)), rng.standard_normal((2, 3))) for _ in range(11)]
    long, short = Extrapolation(depth=4), Extrapolation(depth=4)
    for operator, error in pushed:
        mixed = long.push([operator], [error])[0]
    for operator, error in pushed[-4:]:
        last = short.push([operator], [error])[0]
    np.testing.assert_allclose(mixed, last, rtol=1e-8)
