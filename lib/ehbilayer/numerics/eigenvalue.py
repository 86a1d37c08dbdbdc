"""The largest eigenvalue of a dense matrix."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse.linalg import eigsh


def largest_eigenvalue(matrix: ArrayLike, *, symmetric: bool = False) -> float:
    """Largest real eigenvalue of a matrix.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
    symmetric : bool
        Whether the matrix is symmetric, so that Lanczos' method will do. A kernel on nodes of a quadrature becomes so
        with the roots of the weights on both sides.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If no eigenvalue is real.

    Examples
    --------
    >>> round(largest_eigenvalue([[0.0, 2.0], [0.5, 0.0]]), 12)
    1.0
    """
    matrix = np.asarray(matrix, dtype=float)
    n = len(matrix)
    if symmetric and n > 32:
        found = eigsh(matrix, k=1, which="LA", v0=np.ones(n), return_eigenvectors=False)
        return float(np.asarray(found)[0])
    values = np.linalg.eigvalsh(matrix) if symmetric else np.linalg.eigvals(matrix)
    real = np.abs(values.imag) < 1e-8 * np.abs(values).max()
    if not real.any() and values.any():
        raise ValueError("matrix is not allowed: need one with a real eigenvalue")
    return float(values.real[real].max()) if values.any() else 0.0
