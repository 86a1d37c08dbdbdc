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
        self._count = 0
        self._overlap = np.zeros((depth, depth))
        self._focks = self._errors = np.empty((0, 0))

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
        fock, error = (np.concatenate([x.reshape(-1) for x in arrays]) for arrays in (focks, errors))
        if not self._count:
            self._focks, self._errors = (np.empty((self.depth, len(x)), dtype=x.dtype) for x in (fock, error))
        # The newest iteration takes the place of the oldest one.
        place = self._count % self.depth
        self._count += 1
        n = min(self._count, self.depth)
        self._focks[place], self._errors[place] = fock, error
        self._overlap[place, :n] = self._overlap[:n, place] = np.real(self._errors[:n] @ error.conj())
        # Scaled by the newest error so that the bordered system stays well conditioned as errors shrink.
        system = np.ones((n + 1, n + 1))
        system[:n, :n] = self._overlap[:n, :n] / self._overlap[place, place]
        system[n, n] = 0.0
        right = np.zeros(n + 1)
        right[n] = 1.0
        coefficients = np.linalg.lstsq(system, right, rcond=1e-14)[0][:n]
        mixed = coefficients @ self._focks[:n]
        ends = np.cumsum([f.size for f in focks])[:-1]
        return [part.reshape(f.shape) for part, f in zip(np.split(mixed, ends), focks, strict=True)]
