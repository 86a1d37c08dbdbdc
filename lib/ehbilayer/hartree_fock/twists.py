"""Average over the boundary conditions of a box: shells of the liquid without their noise."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import NotConverged
from ehbilayer.hartree_fock.crystal import solve_crystal

__all__ = ["TwistAverage", "twist_average", "twist_grid"]


@dataclass(frozen=True)
class TwistAverage:
    """Energy of a state averaged over twists.

    Attributes
    ----------
    energy_per_pair : float
        Mean over the twists, in Ha_h.
    spread : float
        Standard deviation over them, in Ha_h.
    kinetic : dict of str to float
        Mean kinetic energy of each species per pair, in Ha_h.
    twists : int
        Their number in the whole zone.
    """

    energy_per_pair: float
    spread: float
    kinetic: dict[str, float]
    twists: int


def twist_grid(count: int) -> dict[tuple[float, float], int]:
    """Twists on a mesh of ``count**2`` over the zone of the box, symmetric about 0, one of each pair of opposite ones.

    Parameters
    ----------
    count : int
        Per direction, 1 to 32. Odd counts hold the twist 0; the Bloch vectors of a box with all of them are those of
        a box ``count`` times as large in both directions, for even counts shifted by half a step.

    Returns
    -------
    dict
        How many twists each one stands for, by its coordinates in the box's reciprocal vectors.

    Examples
    --------
    >>> twist_grid(2)
    {(0.25, -0.25): 2, (0.25, 0.25): 2}
    """
    count = validation.integer("count", count, low=1, high=32)
    steps = [(2 * n - count + 1) / (2 * count) for n in range(count)]
    grid: dict[tuple[float, float], int] = {}
    for a in steps:
        for b in steps:
            if (a, b) > (0.0, 0.0) or (a, b) == (0.0, 0.0):
                grid[a, b] = 1 if (a, b) == (0.0, 0.0) else 2
    return grid


def twist_average(*, count: int = 3, **arguments: Any) -> TwistAverage:
    """Energy of a translation-symmetric state averaged over twists, with the same number of carriers at each of them.

    A liquid whose shells are open in one box fills different ones at each twist, so that what is left of their noise
    falls quickly with the size of the box. The sum over the interaction, and with it the zero mode, stays that of the
    box, and the plane waves kept are those without a twist.

    Parameters
    ----------
    count : int
        Twists per direction, as in `twist_grid`.
    **arguments
        Of `solve_crystal`, except for `twist` and `symmetry`.

    Returns
    -------
    TwistAverage

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the state at a twist did not converge.

    Notes
    -----
    Lin, Zong and Ceperley, Phys. Rev. E 64, 016702 (2001). The exchange energy of a liquid keeps its dependence on the
    size, so that the energy of `ehbilayer.phases.candidate_states` with ``finite_size="limit"`` is nearer to the limit.

    Examples
    --------
    >>> average = twist_average(count=2, mass_ratio=10, d=1.0, r_s=7.0, mesh=4, cutoff=2.0)
    >>> average.spread > 0
    True
    """
    energies, weights, kinetic = [], [], []
    for twist, weight in twist_grid(count).items():
        state = solve_crystal(twist=twist, **arguments)
        if not state.converged:
            raise NotConverged(f"the state at the twist {twist}")
        energies.append(state.energy_per_pair)
        weights.append(weight)
        kinetic.append({name: value / state.pairs for name, value in state.state.energy.kinetic.items()})
    mean = float(np.average(energies, weights=weights))
    spread = float(np.sqrt(np.average((np.array(energies) - mean) ** 2, weights=weights)))
    means = {name: float(np.average([k[name] for k in kinetic], weights=weights)) for name in kinetic[0]}
    return TwistAverage(mean, spread, means, sum(weights))
