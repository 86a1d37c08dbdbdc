r"""Upper bounds of the energy of pairs: the condensate, and dilute excitons that repel each other as dipoles.

Dilute pairs: one exciton each, of the exact energy, with its centre of mass in a Gaussian of density
:math:`e^{-r^2/\sigma^2}` around a site of a triangular lattice. With :math:`v(q) = 4\pi(1 - e^{-qd})/q` the energy per
pair beyond the exciton's is

.. math::

    \frac{1}{2M\sigma^2} + \frac n2\sum_{G \ne 0} v(G)\,e^{-G^2\sigma^2/2}
        - \frac12\int\!\frac{d^2q}{(2\pi)^2}\,v(q)\,e^{-q^2\sigma^2/2},

the capacitance energy left out as everywhere. For :math:`\sigma \to \infty` it is zero, the uncorrelated condensate;
for small sigma, the crystal of dipoles. The state is a product: bosons lie lower, whether they condense or not.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import erfcx

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate import exciton_energy, liquid_energy, solve_condensate
from ehbilayer.model.lattice import PRIMITIVE
from ehbilayer.model.wigner_crystal import crystal_matrices

__all__ = ["DILUTE", "MELTING", "PairState", "condensate_bound", "dilute_pairs"]

#: Lindemann ratio of bosons at melting: 0.269(4) in diffusion Monte Carlo for quadrupoles (arXiv:2012.14008).
MELTING = 0.27

#: Pairs count as dilute from this ratio of r_s to the decay length of the exciton's wave function on.
DILUTE = 4.0

# Dipoles shorter than this distance in r_s count as pointlike, and wave vectors along each side of the zone.
_POINTLIKE, _MESH = 0.3, 12

# Widths sigma in r_s between which the minimum is looked for, as logarithms.
_WIDTHS = (math.log(0.05), math.log(30.0))


@dataclass(frozen=True)
class PairState:
    """Energy of a state of pairs.

    Attributes
    ----------
    energy : float
        Per pair, in Ha_h.
    exciton : float
        Energy of one exciton, in Ha_h.
    localisation : float
        Lindemann ratio of a crystal of pairs: root mean square displacement by harmonic phonons over the lattice
        constant. From `MELTING` on the pairs are no crystal.
    dilution : float
        r_s over the decay length of the exciton's wave function; above `DILUTE` the state may be used.
    """

    energy: float
    exciton: float
    localisation: float
    dilution: float


@checked
def dilute_pairs(*, mass_ratio: float = 10, d: float = 10.0, r_s: float = 100.0) -> PairState:
    """The lowest product state of the module's head.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 1e-4 to 1e4.
    d : float
        Layer distance in a_h, at most 100 (1 + mass_ratio).
    r_s : float
        Of the holes in a_h.

    Returns
    -------
    PairState
        Without exchange between pairs and with pointlike pairs: no bound where pairs overlap.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> state = dilute_pairs(mass_ratio=10, d=10.0, r_s=100.0)
    >>> state.energy < state.exciton < 0, state.dilution > DILUTE, state.localisation > MELTING
    (True, True, True)
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-4, high=1e4)
    d = validation.real("d", d, low=0.0, high=100 * (1 + mass_ratio))
    r_s = validation.real("r_s", r_s, low=1e-2, high=1e5)
    exciton = exciton_energy(d / (1 + mass_ratio)) / (1 + mass_ratio)
    lengths, counts = _shells()
    peaks = lengths / r_s
    dipoles = counts * 4 * math.pi * -np.expm1(-peaks * d) / peaks
    mass = 1 + 1 / mass_ratio

    def energy(log_width: float) -> float:
        sigma = r_s * math.exp(log_width)
        lattice = dipoles @ np.exp(-((peaks * sigma) ** 2) / 2) / (2 * math.pi * r_s**2)
        own = math.sqrt(math.pi / 2) / sigma * (1 - erfcx(d / (math.sqrt(2) * sigma)))
        return 1 / (2 * mass * sigma**2) + float(lattice) - float(own)

    trials = np.linspace(*_WIDTHS, 40)
    best = int(np.argmin([energy(float(x)) for x in trials]))
    around = (float(trials[max(best - 1, 0)]), float(trials[min(best + 1, len(trials) - 1)]))
    found = minimize_scalar(energy, bounds=around, method="bounded", options={"xatol": 1e-6})
    decay = math.sqrt(-2 * exciton / (1 + mass_ratio))
    gain = min(float(found.fun), 0.0)
    return PairState(exciton + gain, exciton, _localisation(mass, d / r_s, r_s), r_s * decay)


@lru_cache(maxsize=1)
def _shells():
    """Lengths of the reciprocal vectors in 1/r_s and how many have each, as far as the narrowest Gaussian reaches."""
    reciprocal = 2 * math.pi * np.linalg.inv(PRIMITIVE).T
    steps = np.stack(np.meshgrid(*[np.arange(-55, 56)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    lengths = np.linalg.norm(steps[(steps != 0).any(axis=1)] @ reciprocal, axis=1)
    return np.unique(np.round(lengths[lengths < 180.0], 9), return_counts=True)


def _localisation(mass, d, r_s):
    """Lindemann ratio of pairs of a mass at a distance of the layers in r_s."""
    if d == 0:
        return math.inf
    reciprocal = 2 * math.pi * np.linalg.inv(PRIMITIVE).T
    near = max(d, _POINTLIKE)
    reach = math.ceil(14.0 / near / np.linalg.norm(reciprocal[0])) + 2
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    vectors = steps @ reciprocal
    fractions = (np.arange(_MESH) + 0.5) / _MESH
    q = np.stack(np.meshgrid(fractions, fractions, indexing="ij"), axis=-1).reshape(-1, 2) @ reciprocal

    def between(waves):
        length = np.linalg.norm(waves, axis=-1)
        safe = np.where(length > 0, length, 1.0)
        weight = np.where(length > 0, 2 / safe * np.exp(-safe * near), 0.0)
        return np.einsum("...ga,...gb,...g->...ab", waves, waves, weight)

    # Two charges move together: their layers' springs less those to the partners of all others.
    matrices = 2 * (crystal_matrices(q) - between(q[:, None] + vectors) + between(vectors)) * (d / near) ** 2
    squares = np.maximum(np.linalg.eigvalsh(matrices), 1e-300)
    spread = (1 / np.sqrt(squares)).sum(axis=1).mean() / 2 / math.sqrt(mass)
    return float(math.sqrt(spread) * r_s**-0.25 / np.linalg.norm(PRIMITIVE[0]))


@checked
def condensate_bound(*, mass_ratio: float = 10, d: float = 10.0, r_s: float = 31.0) -> tuple[float, str]:
    """Lowest energy of the Hartree-Fock-Bogoliubov condensates of polarised pairs and of pairs of both spins.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `ehbilayer.condensate.solve_condensate`.

    Returns
    -------
    energy : float
        Per pair in Ha_h: an upper bound of the exact ground-state energy.
    spin : str
        ``"polarised"``, ``"symmetric"``, or ``"normal"`` where neither converged, since the gap is too small; then the
        energy is that of the lowest uncorrelated liquid.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> condensate_bound(mass_ratio=10, d=10.0, r_s=31.0)[1]
    'polarised'
    """
    found = []
    for spin in ("polarised", "symmetric"):
        state = solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin=spin)
        if state.converged:
            found.append((state.energy_per_pair, spin))
    spins = ("unpolarised", "polarised")
    normal = min(liquid_energy(mass_ratio, r_s, electrons, holes) for electrons in spins for holes in spins)
    return min(found) if found else (normal, "normal")
