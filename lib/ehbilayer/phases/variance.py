"""Whether the momentum variance tells a hole crystal from a liquid where one gives way to the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.phases.liquid import free_variance

__all__ = ["VarianceScan", "variance_scan"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class VarianceScan:
    """Holes of the electron-liquid hole-crystal and of the liquid along a line of densities.

    Attributes
    ----------
    r_s : ndarray, shape (n,)
        In a_h, increasing.
    crystal, liquid : ndarray, shape (n,)
        sigma_k^2 of the holes over that of free ones in the same box.
    lower : ndarray of bool, shape (n,)
        Whether the crystal is the lower one.
    """

    r_s: np.ndarray
    crystal: np.ndarray
    liquid: np.ndarray
    lower: np.ndarray

    @property
    def edge(self) -> tuple[float, float]:
        """Largest r_s of the liquid and the next one, in a_h: the energies cross between them."""
        first = int(np.argmax(self.lower))
        return float(self.r_s[first - 1]), float(self.r_s[first])

    @property
    def step(self) -> float:
        """Least excess of the crystal's variance over the free one where the crystal is lower."""
        return float(self.crystal[self.lower].min() - 1.0)


def variance_scan(
    r_s: Sequence[float], *, mass_ratio: float = 10, d: float = 3.0, mesh: int = 6, cutoff: float = 2.0
) -> VarianceScan:
    """Momentum variance of crystalline and liquid holes, with unpolarised liquid electrons and V(0) = 0.

    Parameters
    ----------
    r_s : sequence of float
        Wigner-Seitz radii in a_h, two or more, increasing.
    mass_ratio, d, mesh, cutoff
        As in `solve_crystal`.

    Returns
    -------
    VarianceScan

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed, or the radii do not hold one change from liquid to crystal.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> variance_scan([3.0, 5.0]).edge
    (3.0, 5.0)
    """
    radii = np.asarray(validation.reals("r_s", r_s), dtype=float)
    if radii.ndim != 1 or len(radii) < 2 or (np.diff(radii) <= 0).any():
        raise ArgumentError("r_s", r_s, "two or more increasing numbers")
    mesh = validation.integer("mesh", mesh, low=2, high=100)
    free = free_variance(mesh, 1)
    variances, lower = [], []
    for radius in map(float, radii):
        states = [
            solve_crystal(mass_ratio=mass_ratio, d=d, r_s=radius, mesh=mesh, cutoff=cutoff, holes=holes)
            for holes in ("polarised", "liquid")
        ]
        if not all(state.converged for state in states):
            raise NotConverged(f"hole crystal or liquid at r_s = {radius:.4g}")
        variances.append([state.momentum_variance["h"] / free for state in states])
        lower.append(states[0].energy_per_pair < states[1].energy_per_pair)
    order = np.array(lower)
    if order[0] or not order[-1] or (np.diff(order.astype(int)) < 0).any():
        raise ArgumentError("r_s", r_s, "radii from the liquid to the crystal")
    crystal, liquid = np.array(variances).T
    return VarianceScan(radii, crystal, liquid, order)
