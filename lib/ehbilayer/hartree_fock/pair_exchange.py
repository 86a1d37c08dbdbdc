"""Exchange of real orbitals by Fourier transforms of orbital pairs.

Sigma phi_i(r) = -sum_j phi_j(r) int v(r - r') phi_j(r') phi_i(r') dr'. Two real pair densities share one
complex transform. The FFT grid is the alias-free one of `PlaneWaves.product_grid`, so that the result equals
the plane-wave double sum to rounding.
"""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ehbilayer.compilation import kernel
from ehbilayer.numerics import fourier

# Transforms per batch: their work array stays in the second-level cache.
_BATCH = 16
# Sums are split into this many parts whatever the number of threads, so that results are bit-identical.
_PARTS = 2


def apply_exchange(fields, kernel, threads=1, targets=None):
    """Exchange operator of occupied orbitals, applied to themselves or to other functions.

    Parameters
    ----------
    fields : ndarray, shape (m, n1, n2)
        Real occupied orbitals on the grid, sum over plane waves c(p) exp(i p r).
    kernel : ndarray, shape (n1, n2)
        v(q)/A at the grid's wave vectors.
    threads : int
        Worker threads, 1 or more.
    targets : ndarray, shape (t, n1, n2), optional
        Functions to act on; by default the orbitals themselves, whose pairs then count once.

    Returns
    -------
    ndarray, shape (m, n1, n2) or (t, n1, n2)
    """
    m = len(fields)
    if targets is None:
        first, second = np.triu_indices(m)
        functions = fields
    else:
        first, second = (index.reshape(-1) for index in np.mgrid[m : m + len(targets), 0:m])
        functions = np.concatenate([fields, targets])
    if len(first) % 2:
        # An odd pair is completed by an empty one, which the kernels skip.
        first, second = np.append(first, -1), np.append(second, -1)
    bounds = np.linspace(0, len(first) // 2, _PARTS + 1).astype(int) * 2
    parts = [(first[a:b], second[a:b]) for a, b in itertools.pairwise(bounds)]
    flat, weights = functions.reshape(len(functions), -1), kernel.reshape(-1)
    # Column m and above are targets: nothing is added to the orbitals that act on them.
    if threads == 1:
        results = [_partial(flat, weights, kernel.shape, m, *part) for part in parts]
    else:
        with ThreadPoolExecutor(threads) as pool:
            results = list(pool.map(lambda part: _partial(flat, weights, kernel.shape, m, *part), parts))
    out = np.sum(results, axis=0).reshape(functions.shape)
    return out if targets is None else out[m:]


def _partial(fields, kernel, shape, occupied, first, second):
    out = np.zeros_like(fields)
    work = np.empty((_BATCH, *shape), dtype=complex)
    for a in range(0, len(first), 2 * _BATCH):
        i, j = first[a : a + 2 * _BATCH], second[a : a + 2 * _BATCH]
        batch = work[: len(i) // 2]
        _pack(fields, i, j, batch.reshape(len(batch), -1))
        spectrum = fourier.forward(batch, overwrite_x=True)
        _scale(spectrum.reshape(len(batch), -1), kernel)
        potential = fourier.backward(spectrum, overwrite_x=True).view(float).reshape(len(batch), -1, 2)
        for part in (0, 1):
            _accumulate(fields, occupied, i[part::2], j[part::2], potential[:, :, part], out)
    return out


@kernel(nogil=True)
def _pack(fields, first, second, batch):
    for n in range(batch.shape[0]):
        i, j, k, l = first[2 * n], second[2 * n], first[2 * n + 1], second[2 * n + 1]
        if k >= 0:
            for r in range(batch.shape[1]):
                batch[n, r] = complex(fields[i, r] * fields[j, r], fields[k, r] * fields[l, r])
        else:
            for r in range(batch.shape[1]):
                batch[n, r] = fields[i, r] * fields[j, r]


@kernel(nogil=True)
def _scale(batch, kernel):
    for n in range(batch.shape[0]):
        for r in range(batch.shape[1]):
            batch[n, r] *= kernel[r]


@kernel(nogil=True)
def _accumulate(fields, occupied, first, second, potential, out):
    for n in range(potential.shape[0]):
        i, j = first[n], second[n]
        if i < 0:
            continue
        for r in range(potential.shape[1]):
            out[i, r] -= potential[n, r] * fields[j, r]
        if i != j and i < occupied:
            for r in range(potential.shape[1]):
                out[j, r] -= potential[n, r] * fields[i, r]
