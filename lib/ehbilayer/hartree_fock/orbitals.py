"""Real orbitals of a box without symmetry, and the grid on which products of them are exact.

Orbitals are real combinations of the box's plane waves, phi = sum_p x(p) [cos(p r) + sin(p r)]/sqrt(A), so
that all algebra is real; at V(q) real and no magnetic field nothing is lost.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ehbilayer.hartree_fock.functional import FourierSet
from ehbilayer.model.plane_waves import PlaneWaves
from ehbilayer.numerics import fourier


@dataclass(frozen=True, eq=False)
class OrbitalGrid:
    """Plane waves of a box and the grid on which products of their orbitals are exact.

    Attributes
    ----------
    waves : PlaneWaves
    shape : tuple of int
        Grid points per direction.
    slots : ndarray of int
        Flat grid index of each plane wave.
    mirror : ndarray of int
        Position of -p for each p.
    lengths : ndarray, shape (n1, n2)
        ``|q|`` in 1/r_s of the difference that each grid frequency stands for.
    fourier : FourierSet
        Those differences, n1 n2 of them.
    """

    waves: PlaneWaves
    shape: tuple[int, int]
    slots: NDArray
    mirror: NDArray
    lengths: NDArray
    fourier: FourierSet

    @property
    def squares(self) -> NDArray:
        """Squared lengths of the plane waves in 1/r_s^2."""
        return self.waves.squares

    def to_grid(self, x: NDArray) -> NDArray:
        """Real orbitals ``sum_p x(p) (cos + sin)(p r)`` on the grid; x of shape (n, m), result (m, n1, n2)."""
        c = 0.5 * ((1 - 1j) * x + (1 + 1j) * x[self.mirror])
        m = x.shape[1]
        spectrum = np.zeros(((m + 1) // 2, self.shape[0] * self.shape[1]), dtype=complex)
        spectrum[:, self.slots] = c[:, 0::2].T
        spectrum[: m // 2, self.slots] += 1j * c[:, 1::2].T
        values = fourier.backward(spectrum.reshape(-1, *self.shape), norm="forward", overwrite_x=True)
        fields = np.empty((m, *self.shape))
        fields[0::2] = values.real
        fields[1::2] = values.imag[: m // 2]
        return fields

    def from_grid(self, fields: NDArray) -> NDArray:
        """Coefficients x of real fields on the grid, projected on the plane waves; inverse of `to_grid`."""
        m = len(fields)
        packed = np.zeros(((m + 1) // 2, *self.shape), dtype=complex)
        packed.real = fields[0::2]
        packed[: m // 2].imag = fields[1::2]
        spectrum = fourier.forward(packed, norm="forward", overwrite_x=True).reshape(len(packed), -1)[:, self.slots]
        # Even and odd parts separate the two real fields of one transform.
        mirrored = spectrum[:, self.mirror].conj()
        one, two = 0.5 * (spectrum + mirrored), -0.5j * (spectrum - mirrored)
        x = np.empty((len(self.slots), m))
        x[:, 0::2] = (one.real - one.imag).T
        x[:, 1::2] = (two.real - two.imag).T[:, : m // 2]
        return x


@lru_cache(maxsize=16)
def orbital_grid(waves: PlaneWaves) -> OrbitalGrid:
    """Grid and index maps of a set of plane waves (see `OrbitalGrid`)."""
    shape = waves.product_grid()
    slots = (waves.integers % shape) @ np.array([shape[1], 1])
    # A frequency that no difference occupies never carries weight; its shortest image is as good as any.
    axes = [np.fft.fftfreq(n, 1 / n).astype(int) for n in shape]
    base = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    shifts = np.array([[i * shape[0], j * shape[1]] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    candidates = base[:, :, None, :] + shifts
    nearest = np.linalg.norm(candidates @ waves.box.reciprocal, axis=-1).argmin(axis=-1)
    integers = np.take_along_axis(candidates, nearest[:, :, None, None], axis=2)[:, :, 0]
    differences, _ = waves.differences()
    integers[tuple((differences % shape).T)] = differences
    lengths = np.linalg.norm(integers @ waves.box.reciprocal, axis=-1)
    identity = np.eye(2, dtype=int)[None]
    fourier = FourierSet(integers.reshape(-1, 2), lengths.reshape(-1), np.ones(lengths.size), identity)
    return OrbitalGrid(waves, shape, slots, waves.index(-waves.integers), lengths, fourier)


def gaussian_start(waves: PlaneWaves, sites: NDArray, width: float, count: int) -> NDArray:
    """Gaussians exp(-r^2/2 w^2) at lattice sites as real coefficients, shape (n, count).

    Parameters
    ----------
    waves : PlaneWaves
    sites : ndarray, shape (m, 2)
        Positions in r_s; the first `count` are used.
    width : float
        w in r_s.
    count : int
    """
    envelope = np.exp(-0.5 * width**2 * waves.squares)[:, None]
    phase = waves.vectors @ sites[:count].T
    # The coefficient of cas(p r) in a real function is Re c(p) - Im c(p), with c = envelope exp(-i p R).
    return envelope * (np.cos(phase) + np.sin(phase))
