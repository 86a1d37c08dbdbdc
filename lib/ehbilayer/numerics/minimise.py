"""Direct minimisation on a product of Grassmann manifolds: preconditioned L-BFGS with a polar retraction.

A point is a list of matrices with orthonormal columns whose span alone matters. Nothing here knows physics.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A point, a gradient or a step: one matrix for each factor of the product.
Matrices = Sequence[NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Minimum:
    """Where a minimisation ended.

    Attributes
    ----------
    points : list of ndarray
        Orthonormal columns.
    value : float
    payload : object
        What the function returned beside value and gradient, at the last point.
    gradient_norm : float
        In the caller's measure.
    iterations, evaluations : int
    converged : bool
    """

    points: list[NDArray[np.float64]]
    value: float
    payload: Any
    gradient_norm: float
    iterations: int
    evaluations: int
    converged: bool


def minimise(
    function: Callable[[Matrices], tuple[float, Matrices, Any]],
    start: Matrices,
    precondition: Callable[[Matrices, Matrices], Matrices],
    norm: Callable[[Matrices], float],
    *,
    tolerance: float,
    max_iterations: int,
    memory: int = 12,
) -> Minimum:
    """Minimise a function of subspaces.

    Parameters
    ----------
    function : callable
        ``function(points) -> value, gradients, payload`` with Euclidean gradients of the same shapes.
    start : list of ndarray, shape (n, m_s)
        Columns of full rank; orthonormalised here.
    precondition : callable
        ``precondition(vectors, points) -> vectors``: a symmetric positive approximation of the inverse Hessian.
    norm : callable
        ``norm(gradients) -> float``: measure of the projected gradient that `tolerance` bounds.
    tolerance : float
    max_iterations : int
    memory : int
        Pairs of steps and gradient changes that L-BFGS keeps.

    Returns
    -------
    Minimum
    """
    points = [_polar(x) for x in start]
    value, gradients, payload = function(points)
    gradients = _project(gradients, points)
    steps, changes = [], []
    evaluations = 1
    for iteration in range(max_iterations):
        size = norm(gradients)
        if size < tolerance:
            return Minimum(points, value, payload, size, iteration, evaluations, True)
        direction = _direction(gradients, points, steps, changes, precondition)
        slope = _dot(gradients, direction)
        if slope >= 0:
            steps, changes = [], []
            direction = _direction(gradients, points, steps, changes, precondition)
            slope = _dot(gradients, direction)
        length = 1.0
        while True:
            trial = [_polar(x + length * v) for x, v in zip(points, direction, strict=True)]
            new_value, new_gradients, new_payload = function(trial)
            evaluations += 1
            # The second term forgives rounding once steps no longer change the value measurably.
            if new_value <= value + 1e-4 * length * slope + 1e-14 * abs(value):
                break
            # Minimum of the parabola through value, slope and new value, within sane bounds.
            parabola = -0.5 * slope * length**2 / (new_value - value - slope * length)
            length = min(max(parabola, 0.1 * length), 0.5 * length)
            if length < 1e-8:
                return Minimum(points, value, payload, size, iteration, evaluations, False)
        new_gradients = _project(new_gradients, trial)
        # Vector transport by projection keeps history in the new tangent space.
        step = _project([length * v for v in direction], trial)
        change = [n - o for n, o in zip(new_gradients, _project(gradients, trial), strict=True)]
        steps = [_project(s, trial) for s in steps[1 - memory :]]
        changes = [_project(c, trial) for c in changes[1 - memory :]]
        if _dot(step, change) > 1e-12 * np.sqrt(_dot(step, step) * _dot(change, change)):
            steps.append(step)
            changes.append(change)
        points, value, gradients, payload = trial, new_value, new_gradients, new_payload
    size = norm(gradients)
    return Minimum(points, value, payload, size, max_iterations, evaluations, size < tolerance)


def _direction(gradients, points, steps, changes, precondition):
    """Two-loop recursion; the preconditioner stands for the initial inverse Hessian."""
    q = [g.copy() for g in gradients]
    coefficients = []
    for step, change in zip(reversed(steps), reversed(changes), strict=True):
        rho = 1.0 / _dot(step, change)
        alpha = rho * _dot(step, q)
        coefficients.append((alpha, rho))
        q = [a - alpha * c for a, c in zip(q, change, strict=True)]
    r = _project(precondition(q, points), points)
    if steps:
        scaled = _project(precondition(changes[-1], points), points)
        factor = _dot(steps[-1], changes[-1]) / _dot(changes[-1], scaled)
        r = [factor * a for a in r]
    for (alpha, rho), step, change in zip(reversed(coefficients), steps, changes, strict=True):
        beta = rho * _dot(change, r)
        r = [a + (alpha - beta) * s for a, s in zip(r, step, strict=True)]
    return [-a for a in _project(r, points)]


def _project(vectors, points):
    return [v - x @ (x.T @ v) for v, x in zip(vectors, points, strict=True)]


def _dot(first, second):
    return float(sum(np.vdot(a, b) for a, b in zip(first, second, strict=True)))


def _polar(x):
    """Closest matrix with orthonormal columns, X (X^T X)^(-1/2)."""
    values, vectors = np.linalg.eigh(x.T @ x)
    return x @ ((vectors / np.sqrt(values)) @ vectors.T)
