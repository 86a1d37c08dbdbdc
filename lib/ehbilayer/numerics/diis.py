"""Direct inversion in the iterative subspace: extrapolates Fock operators from their commutator errors."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Extrapolation:
    """Commutator DIIS over lists of arrays.

    Parameters
    ----------
    depth : int
        Number of past iterations kept.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self._focks: list[NDArray] = []
        self._errors: list[NDArray] = []

    def push(self, focks: Sequence[NDArray], errors: Sequence[NDArray]) -> list[NDArray]:
        """Add one iteration and return the Fock operators whose extrapolated error is least.

        Parameters
        ----------
        focks, errors : sequence of ndarray
            Operators of any shapes and their errors, of the same shapes in each iteration.

        Returns
        -------
        list of ndarray
            Of the shapes of `focks`.
        """
        self._focks.append(np.concatenate([f.reshape(-1) for f in focks]))
        self._errors.append(np.concatenate([e.reshape(-1) for e in errors]))
        del self._focks[: -self.depth], self._errors[: -self.depth]
        errors_matrix = np.array(self._errors)
        overlap = np.real(errors_matrix.conj() @ errors_matrix.T)
        n = len(overlap)
        # Scaled by the newest error so that the bordered system stays well conditioned as errors shrink.
        system = np.ones((n + 1, n + 1))
        system[:n, :n] = overlap / overlap[-1, -1]
        system[n, n] = 0.0
        right = np.zeros(n + 1)
        right[n] = 1.0
        coefficients = np.linalg.lstsq(system, right, rcond=1e-14)[0][:n]
        mixed = coefficients @ np.array(self._focks)
        ends = np.cumsum([f.size for f in focks])[:-1]
        return [part.reshape(f.shape) for part, f in zip(np.split(mixed, ends), focks, strict=True)]
